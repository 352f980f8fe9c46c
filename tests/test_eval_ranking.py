"""Measures of rankings by hand, and against ir_measures on rankings by chance."""

from __future__ import annotations

import math
import random

import ir_measures
import pytest
from ir_measures import RR, Judged, R, Success, nDCG

from citewell.evaluate.ranking import judged, ndcg, recall, reciprocal_rank, success

pytestmark = pytest.mark.unit

GRADES = {"a": 2, "b": 1, "c": 0}
MEASURES = (ndcg, recall, reciprocal_rank, success, judged)


def test_ndcg_by_hand():
    best = 2 + 1 / math.log2(3)
    assert ndcg(["c", "a", "b"], GRADES, 10) == pytest.approx((2 / math.log2(3) + 1 / 2) / best)
    assert ndcg(["a", "b"], GRADES, 10) == 1
    assert ndcg(["c", "a"], GRADES, 1) == 0


def test_gain_is_linear_and_not_exponential():
    linear = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    exponential = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    assert ndcg(["b", "a"], GRADES, 10) == pytest.approx(linear)
    assert (round(linear, 3), round(exponential, 3)) == (0.860, 0.797)


def test_the_ideal_counts_all_that_is_judged_and_not_what_was_found():
    assert ndcg(["b"], GRADES, 10) == pytest.approx(1 / (2 + 1 / math.log2(3)))
    assert ndcg(["b"], GRADES, 1) == 0.5


def test_the_other_measures_by_hand():
    ranking = ["x", "c", "b", "y", "a"]
    assert [recall(ranking, GRADES, k) for k in (1, 3, 5)] == [0, 0.5, 1]
    assert [reciprocal_rank(ranking, GRADES, k) for k in (2, 3, 5)] == [0, 1 / 3, 1 / 3]
    assert [success(ranking, GRADES, k) for k in (1, 2, 3)] == [0, 0, 1]
    assert [judged(ranking, GRADES, k) for k in (1, 2, 4, 5, 10)] == [0, 0.5, 0.5, 0.6, 0.6]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_question_without_results_scores_nothing(measure):
    assert measure([], GRADES, 10) == 0


@pytest.mark.parametrize("measure", MEASURES[:4])
def test_where_nothing_is_relevant_nothing_is_scored(measure):
    assert measure(["a", "c"], {"c": 0}, 10) == 0


@pytest.mark.parametrize("measure", MEASURES)
def test_a_document_counts_once_where_it_first_stands(measure):
    assert measure(["x", "a", "x", "a", "b", "a"], GRADES, 3) == measure(["x", "a", "b"], GRADES, 3)


def test_measures_equal_ir_measures():
    chance = random.Random(7)
    names = [f"d{number}" for number in range(40)]
    pairs = {ndcg: (nDCG @ 10, 10), recall: (R @ 10, 10), reciprocal_rank: (RR @ 10, 10), success: (Success @ 1, 1)}
    pairs[judged] = (Judged @ 10, 10)
    for _ in range(40):
        grades = {name: chance.choice([0, 1, 1, 2]) for name in chance.sample(names, 9)} | {"d0": 1}
        ranking = chance.sample(names, chance.choice([3, 9, 25]))
        qrels = [ir_measures.Qrel("q", name, grade) for name, grade in grades.items()]
        run = [ir_measures.ScoredDoc("q", name, -float(rank)) for rank, name in enumerate(ranking)]
        theirs = ir_measures.calc_aggregate([theirs for theirs, _ in pairs.values()], qrels, run)
        found = {measure: our(ranking, grades, k) for our, (measure, k) in pairs.items()}
        assert found == pytest.approx(theirs)
