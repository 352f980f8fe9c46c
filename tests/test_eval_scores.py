"""Every measure of one case, on three small documents."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from citewell.evaluate.cases import Case, Evidence
from citewell.evaluate.outcome import CaseResult, Place
from citewell.evaluate.scores import score

pytestmark = pytest.mark.unit

DOSE = Place("label", 100, 134, "Give 60 mg once every six months.", grade=2, piece=0)
WARNING = Place("label", 200, 232, "Do not use it in hypocalcaemia.", grade=2, piece=1)
ELSEWHERE = replace(WARNING, doc="a-leaflet", start=0, end=32)
HELP = Place("guide", 50, 77, "The web page says 120 mg.", grade=1, piece=2)
CASE = Case(
    "dose",
    "How much?",
    True,
    evidence=tuple(Evidence(place.doc, place.text, grade=place.grade) for place in (DOSE, WARNING, HELP)),
    answers=("60mg every 6 months", "60 mg once"),
    must_contain=("0.06 g", "hypocalcaemia"),
    must_not_contain=("120 mg",),
    expected_disagreement=True,
)
RESULT = CaseResult(
    id="dose", parent="dose", cluster="label", question="How much?", history=(), answerable=True, severity="normal",
    tags=(), source="curated", xfail=None, gold=(DOSE, WARNING, ELSEWHERE, HELP), answered=True, confidence=0.8, reason=None,
    excerpts=(replace(DOSE, grade=0), Place("other", 0, 9, "It hurts.")), nearest=(), disagreements=(),
    passages=(Place("other", 0, 300), Place("label", 90, 140), Place("a-leaflet", 0, 16), Place("a-leaflet", 17, 40)),
    documents=("other", "label", "a-leaflet"), scores={}, passed=False, stage=None, milliseconds=3.0,
)  # fmt: skip
UNANSWERABLE = Case("off", "Who?", False, must_not_contain=("120 mg",))
OFF = replace(RESULT, id="off", answerable=False, gold=())


def test_all_measures_by_hand():
    found = score(CASE, RESULT)
    ideal = 2 + 2 / math.log2(3) + 1 / 2
    assert found == pytest.approx(
        {
            "refusal_right": 1,
            "nothing_forbidden": 1,
            "ndcg@10": (2 / math.log2(3) + 2 / 2) / ideal,
            "recall@10": 2 / 3,
            "rr@10": 1 / 2,
            "success@1": 0,
            "judged@10": 2 / 3,
            "span_recall@10": 2 / 3,  # dose and warning; the latter by two passages, of the leaflet
            "right_first": 1,
            "right_any": 1,
            "citation_precision": 1 / 2,
            "citation_recall": 1 / 2,
            "contained": 1,  # "60 mg once"
            "token_f1": 2 * 2 / (6 + 2),
            "must_contain": 0,
            "evidence_f1": 2 * (6 + 1) / (8 + 17),  # the six of the dose, and the first "it"
            "rouge_l": 2 * 7 / (8 + 17),  # in the same order
            "redundancy": 0,
            "denials_kept": 0,
            "both_sides": 0,
        }
    )


def test_a_refusal_scores_nothing_where_there_is_an_answer():
    found = score(CASE, replace(RESULT, answered=False, excerpts=(), nearest=(DOSE,)))
    whole = score(CASE, RESULT)
    retrieval = {name for name in whole if "@" in name}
    assert {name: found[name] for name in retrieval} == {name: whole[name] for name in retrieval}
    assert {name for name in found.keys() - retrieval if found[name]} == {"nothing_forbidden"}
    assert whole.keys() - found.keys() == {"redundancy"}


def test_where_nothing_answers_silence_is_right_and_nothing_else_is_measured():
    assert score(UNANSWERABLE, replace(OFF, answered=False, excerpts=())) == {
        "refusal_right": 1,
        "nothing_forbidden": 1,
    }
    assert score(UNANSWERABLE, OFF) == {"refusal_right": 0, "nothing_forbidden": 1}
    assert score(UNANSWERABLE, replace(OFF, excerpts=(HELP,))) == {"refusal_right": 0, "nothing_forbidden": 0}


def test_a_forbidden_amount_is_found_at_the_end_of_a_range():
    shown = (replace(DOSE, text="Give 60 mg–0.12 g."),)
    assert score(CASE, replace(RESULT, excerpts=shown))["nothing_forbidden"] == 0


def test_answers_without_evidence_are_measured_by_their_words_only():
    case = Case("dose", "How much?", True, answers=("60 mg",))
    assert score(case, replace(RESULT, gold=())).keys() == {"refusal_right", "contained", "token_f1", "redundancy"}


def test_evidence_without_a_grade_is_judged_but_not_right():
    case = Case("dose", "How much?", True, evidence=CASE.evidence[:1])
    wrong = replace(HELP, grade=0, doc="other", start=0, end=25)
    found = score(case, replace(RESULT, gold=(DOSE, wrong)))
    measured = ("judged@10", "recall@10", "rr@10", "citation_precision", "span_recall@10")
    assert [found[name] for name in measured] == pytest.approx([2 / 3, 1, 1 / 2, 1 / 2, 1])
    assert score(case, replace(RESULT, gold=(wrong,))).keys() == {"refusal_right", "redundancy"}


def test_both_sides_have_to_stand_side_by_side():
    both = replace(RESULT, excerpts=(DOSE, HELP, Place("other", 0, 9, "It hurts.")))
    found = [
        score(CASE, replace(both, disagreements=each))["both_sides"]
        for each in ((), ((1, 2),), ((1, 3),), ((2, 3), (3, 2, 1)))
    ]
    assert found == [0, 1, 0, 1]


def test_what_is_shown_of_a_copy_counts_as_the_evidence():
    found = score(CASE, replace(RESULT, excerpts=(DOSE, ELSEWHERE, HELP)))
    names = ("citation_recall", "denials_kept", "evidence_f1", "rouge_l", "must_contain", "nothing_forbidden")
    assert [found[name] for name in names] == [1, 1, 1, 1, 1, 0]


def test_a_document_has_the_grade_of_the_best_that_it_holds():
    gold = (DOSE, replace(HELP, doc="label", piece=1), HELP)
    found = score(CASE, replace(RESULT, gold=gold, documents=("guide", "label")))
    assert found["ndcg@10"] == pytest.approx((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)))


def test_every_measure_lies_between_0_and_1():
    assert all(0 <= value <= 1 for value in score(CASE, RESULT).values())
