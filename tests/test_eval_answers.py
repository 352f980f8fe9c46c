"""What is shown against what should be, by numbers worked by hand."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.evaluate.answers import (
    best_f1,
    compression,
    denials_kept,
    longest_common,
    redundancy,
    rouge_l,
    said,
    token_f1,
    tokens_of,
)
from citewell.evaluate.outcome import Place

pytestmark = pytest.mark.unit

words = st.lists(st.sampled_from("abcd"), max_size=9)


def at(start, text, doc="a", **fields):
    return Place(doc, start, start + len(text), text, **fields)


def test_token_f1_by_hand():
    assert token_f1("give 5mg daily".split(), "5mg once daily now".split()) == pytest.approx(
        2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4)
    )
    assert token_f1(["a", "a", "b"], ["a", "a", "a"]) == pytest.approx(2 / 3)  # each as often as it stands in both
    assert token_f1(["a"], ["b"]) == 0


@pytest.mark.parametrize("measure", [token_f1, rouge_l])
def test_nothing_equals_nothing_only(measure):
    assert [measure([], []), measure(["a"], []), measure([], ["a"])] == [1, 0, 0]


def test_the_best_of_several_answers_counts():
    assert best_f1("500 mg every 12 hours", ["1 g once", "0.5 g every 12 h"]) == 1
    assert best_f1("500 mg every 12 hours", ["500 mg every 8 hours"]) == pytest.approx(2 / 3)
    assert best_f1("500 mg", ["500 g"]) == 0


def test_an_answer_has_to_stand_within_one_excerpt():
    shown = [at(0, "The dose is 25 mg."), at(30, "It is given every 6 months.")]
    assert [said(shown, each) for each in ("25mg", "5 mg", "6 months", "25 mg it is", "6")] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert not said([], "25 mg")


@given(words, words)
def test_the_longest_common_subsequence_is_that_of_the_table(left, right):
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for row, one in enumerate(left, start=1):
        for column, other in enumerate(right, start=1):
            longer = max(table[row - 1][column], table[row][column - 1])
            table[row][column] = table[row - 1][column - 1] + 1 if one == other else longer
    assert longest_common(left, right) == table[-1][-1]
    assert longest_common(left, right) >= sum(b.size for b in SequenceMatcher(None, left, right).get_matching_blocks())


def test_rouge_l_by_hand():
    shown, wanted = "police kill the gunman".split(), "police killed the gunman".split()
    assert rouge_l(shown, wanted) == 0.75  # of Lin 2004, section 3
    assert rouge_l("the gunman kill police".split(), wanted) == 0.5
    assert rouge_l("a b c d e".split(), "a x c".split()) == pytest.approx(2 * (2 / 5) * (2 / 3) / (2 / 5 + 2 / 3))


def test_tokens_are_read_in_the_order_of_documents_and_once():
    first, second = at(0, "Give 5 mg. Never twice."), at(40, "Stop at 0.5 g.")
    inner = at(11, "Never twice.")
    assert tokens_of([second, inner, first]) == "give 5mg never twice stop at 500mg".split()


def test_redundancy_is_the_likeness_of_the_two_most_alike():
    shown = [at(0, "Give 5 mg daily."), at(20, "Give 5 mg twice daily."), at(50, "Renal failure")]
    assert redundancy(shown) == pytest.approx(2 * 3 / 7)
    assert redundancy(shown[:1]) == redundancy([]) == 0
    assert redundancy([shown[0], shown[2]]) == 0


def test_compression_counts_each_character_once_and_each_document_shown():
    lengths = {"a": 100, "b": 300, "c": 5000}
    shown = [Place("a", 0, 20), Place("a", 10, 30), Place("b", 0, 10)]
    assert compression(shown, lengths) == pytest.approx(40 / 400)
    assert compression([], lengths) == 0


def test_a_denial_is_kept_where_all_of_it_is_shown():
    gold = [
        at(0, "Do not use in pregnancy.", grade=2, piece=0),
        at(100, "Avoid in renal failure.", grade=2, piece=1),
        at(200, "The dose is 5 mg.", grade=2, piece=2),
        at(300, "No data exist.", grade=1, piece=3),
    ]
    assert denials_kept(gold, [at(0, "Do not use in pregnancy."), gold[1]]) == 1
    assert denials_kept(gold, [at(0, "Do not use in")]) == 0
    assert denials_kept(gold, [gold[1], gold[2]]) == 0.5
    assert denials_kept(gold, []) == 0
    assert denials_kept(gold[2:3], [gold[2]]) is None


def test_a_denial_may_be_shown_in_two_excerpts_with_white_space_between():
    gold = [at(0, "Never in gout. Call.", grade=2)]
    parts = [at(0, "Never in gout."), at(15, "Call.")]
    assert denials_kept(gold, parts[::-1]) == 1
    assert denials_kept(gold, [at(0, "Never in"), at(15, "Call.")]) == 0


def test_a_denial_without_its_last_word_is_not_kept():
    text = "Do not give this medicine to anybody whose creatinine clearance is below 30 mL/min"
    assert denials_kept([at(0, text, grade=2)], [at(0, text.removesuffix(" mL/min"))]) == 0
    assert denials_kept([at(0, text + ".", grade=2)], [at(0, text)]) == 1


@pytest.mark.parametrize(
    ("text", "denies"),
    [("It is contraindicated in gout.", True), ("Patients shouldn’t drive.", True), ("Avoid alcohol.", True),
     ("Discontinue at once.", True), ("A notable dose.", False), ("Nothing above 5 mg.", False)],
)  # fmt: skip
def test_words_that_deny(text, denies):
    assert (denials_kept([at(0, text, grade=2)], []) is not None) == denies
