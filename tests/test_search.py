"""A question is checked, understood and turned into ranked passages."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import numpy as np
import pytest
from fakes import ALPHAMAB, DRUGS, library, quick_folder
from hypothesis import given
from hypothesis import strategies as st

import citewell
from citewell.errors import UsageError
from citewell.index import Index
from citewell.search import Rated, check_question, find, rank_documents, search, standardise, understand
from citewell.settings import Settings
from citewell.types import Hit, SourceClass

pytestmark = pytest.mark.unit

SETTINGS = Settings()
QUESTIONS = (
    "What is the dose of alphamab?",
    "side effects",
    "histamine",
    "Does it harm the liver?",
    "q",
    "???",
    "the of and",
)


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, DRUGS).open()


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\u2028"])
def test_an_empty_question_is_refused(question):
    with pytest.raises(UsageError, match="expected a question, found none. Type one, e.g."):
        check_question(question)


def test_a_question_may_have_2000_characters_and_no_more():
    assert check_question("a" * 2_000) == "a" * 2_000
    assert check_question(" a\n" + " " * 3_000 + "b ") == "a b"
    with pytest.raises(UsageError, match="at most 2,000 characters, found 2,001. Shorten it."):
        check_question("a" * 2_001)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066"])
def test_control_characters_are_refused_by_name(character):
    with pytest.raises(UsageError, match=rf"control character U\+{ord(character):04X}. Remove it."):
        check_question(f"What is{character}it?")


def test_what_people_type_is_no_control_character():
    question = "¿Qué? “β” ≥ 5 µg — don’t 🦴 naïve\u00a0骨"
    assert check_question(question) == question.replace("\u00a0", " ")


@given(st.text(max_size=60))
def test_a_question_is_folded_or_refused(question):
    try:
        checked = check_question(question)
    except UsageError:
        return
    assert checked == " ".join(question.split())
    assert check_question(checked) == checked


def test_z_scores_by_hand():
    assert standardise(np.array([1.0, 2.0, 3.0])).tolist() == pytest.approx([-(1.5**0.5), 0, 1.5**0.5])
    assert standardise(np.array([0.3, 0.3])).tolist() == [0, 0]


def rated(cosines: list[float], best_units: list[float], bm25: list[float]) -> Rated:
    """The first passages of an index, rated by hand."""
    return Rated(np.arange(len(bm25)), np.array(cosines), np.array(best_units), np.array(bm25))


def test_fusion_of_both_rankings_by_hand(index, monkeypatch):
    settings = Settings(dense_weight=0.75)
    by_hand = rated([0.5, 0.1, 0.3], [0.7, 0.3, 0.5], [1.0, 0.0, 4.0])
    monkeypatch.setattr("citewell.search.rate", lambda *_: by_hand)

    def z(values: list[float]) -> list[float]:
        return [(value - statistics.fmean(values)) / statistics.pstdev(values) for value in values]

    both = zip(z([1.2, 0.4, 0.8]), z([1.0, 0.0, 4.0]), strict=True)
    scores = [0.75 * by_meaning + 0.25 * by_words for by_meaning, by_words in both]
    hits = find(index, understand(index, QUESTIONS[0], settings), settings)
    assert [(hit.rank, hit.passage) for hit in hits] == [(1, 0), (2, 2), (3, 1)]
    assert [hit.score for hit in hits] == pytest.approx(sorted(scores, reverse=True))
    assert [(hit.dense, hit.best_unit, hit.lexical) for hit in hits] == [
        (0.5, 0.7, 1.0),
        (0.3, 0.5, 4.0),
        (0.1, 0.3, 0.0),
    ]


def test_equal_scores_stand_in_the_order_of_the_index(index, monkeypatch):
    equal = rated([0.0] * 4, [0.0] * 4, [2.0] * 4)
    monkeypatch.setattr("citewell.search.rate", lambda *_: equal)
    hits = find(index, understand(index, QUESTIONS[0], SETTINGS), SETTINGS)
    assert [(hit.passage, hit.rank, hit.score) for hit in hits] == [(0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 4, 0)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_part_of_a_score_is_what_it_says(index, question):
    query = understand(index, question, SETTINGS)
    assert query.vector is not None
    assert index.vectors is not None
    hits = find(index, query, SETTINGS)
    rows = index.passages([hit.passage for hit in hits])
    words = index.lexical.search(query.weights, 100)
    for hit in hits:
        row = rows[hit.passage]
        cosines = index.unit_cosines(query.vector, row.first, row.last)
        assert (hit.document_id, hit.start, hit.end) == (row.document_id, row.start, row.end)
        assert hit.best_unit == pytest.approx(float(cosines.max()))
        assert hit.dense == pytest.approx(float(index.vectors.passage_vectors([hit.passage])[0] @ query.vector))
        assert hit.lexical == pytest.approx(words.get(hit.passage, 0.0))
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_passage_that_is_asked_for_comes_first(index):
    [first, *_] = search(index, "What blocks the release of histamine?")
    text = index.document(first.document_id).text[first.start : first.end]
    assert text == "Betamab binds a protein of the mast cells. It thereby blocks the release of histamine."


def found_in(hits: tuple[Hit, ...]) -> set[str]:
    return {hit.document_id for hit in hits}


@pytest.mark.parametrize("question", QUESTIONS)
def test_filters_let_only_their_classes_and_documents_through(index, question):
    query = understand(index, question, SETTINGS)

    def documents(classes: list[SourceClass], names: list[str]) -> set[str]:
        return found_in(find(index, query, SETTINGS, index.allowed(classes, names)))

    assert documents([], ["leaflet.md"]) == {"leaflet.md"}
    assert documents([SourceClass.LABEL], []) == {"betamab.md"}
    assert documents([SourceClass.LABEL, SourceClass.WEB], []) == {"betamab.md", "leaflet.md"}
    assert documents([SourceClass.LABEL], ["leaflet.md"]) == set()
    assert documents([SourceClass.GUIDELINE], []) == set()
    assert documents([], []) <= set(DRUGS)


def test_an_unknown_document_is_refused(index):
    with pytest.raises(UsageError, match="found 'gone.md'. See: citewell status"):
        index.allowed([], ["gone.md"])


def test_a_search_is_cut_at_its_top_and_documents_are_ranked_by_their_best_passage(index):
    hits = search(index, "side effects of alphamab", top=100)
    assert search(index, "side effects of alphamab", top=2) == hits[:2]
    best: dict[str, float] = {}
    for hit in hits:
        best[hit.document_id] = max(hit.score, best.get(hit.document_id, hit.score))
    ranked = rank_documents(index, "side effects of alphamab")
    assert dict(ranked) == best
    assert [score for _, score in ranked] == sorted(best.values(), reverse=True)
    assert rank_documents(index, "side effects of alphamab", depth=1) == ranked[:1]


def test_a_misspelt_word_is_searched_for_as_it_was_meant_and_shown(index):
    query = understand(index, "Does Alphamob cause hedache?", SETTINGS)
    assert query.text == "Does Alphamab cause headache?"
    assert query.corrections == (("Alphamob", "Alphamab"), ("hedache", "headache"))
    assert query.searched_for == query.text


def test_other_names_are_searched_for_with_less_weight_and_shown(monkeypatch):
    with quick_folder() as folder:
        made = library(monkeypatch, folder, {"a.md": ALPHAMAB + "\nAlphax (alphamab) is sold in pens.\n"})
        query = understand(made.open(), "What is the dose of Alphax?", SETTINGS)
    assert query.searched_for == "What is the dose of Alphax? [also: alphamab]"
    assert query.weights == {"dose": 1.0, "alphax": 1.0, "alphamab": SETTINGS.expansion_weight}


def test_another_name_of_several_words_weighs_no_more_than_one_of_one_word(monkeypatch):
    with quick_folder() as folder:
        made = library(monkeypatch, folder, {"a.md": ALPHAMAB + "\nA quick nurse exam (QNE) is made.\n"})
        query = understand(made.open(), "Is a QNE by a nurse safe?", SETTINGS)
    third = SETTINGS.expansion_weight / 3
    assert query.weights == {"qne": 1.0, "nurs": 1.0, "safe": 1.0, "quick": third, "exam": third}


def test_a_question_without_a_single_known_word_finds_passages_all_the_same(index):
    hits = search(index, "zzzz")
    assert found_in(hits) <= set(DRUGS)
    assert {hit.lexical for hit in hits} <= {0.0}


def test_every_name_that_the_package_offers_is_there_whatever_was_imported_before():
    found = {name: getattr(citewell, name) for name in citewell.__all__}
    assert {name: callable(value) for name, value in found.items()} == dict.fromkeys(citewell.__all__, True)
