"""Measures of confidence against scikit-learn, against their definitions, and by numbers worked by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, roc_auc_score

from citewell.evaluate.calibration import (
    augrc,
    aurc,
    auroc,
    brier,
    calibration_error,
    coverage_at,
    null_errors,
    reliability,
    risk_coverage,
)
from citewell.evaluate.figures import Bin
from citewell.evaluate.plan import Plan

pytestmark = pytest.mark.unit

PLAN = Plan()
SURE, RIGHT = [0.9, 0.8, 0.7, 0.6, 0.5], [True, True, False, True, False]
scores = st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), min_size=1, max_size=12)
answers = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.8]), st.booleans()), min_size=1, max_size=4)


def drawn(cases, seed=3):
    chance = np.random.default_rng(seed)
    sure = chance.random(cases)
    return sure.tolist(), (chance.random(cases) < sure**2).tolist()


@given(scores, scores)
def test_auroc_is_the_share_of_pairs_in_order_with_ties_for_half(positives, negatives):
    pairs = [(p > n) + (p == n) / 2 for p in positives for n in negatives]
    assert auroc(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))


def test_auroc_and_brier_equal_scikit_learn():
    sure, right = drawn(300)
    sure = [round(each, 1) for each in sure]  # with ties
    sides = ([each for each, good in zip(sure, right, strict=True) if good is side] for side in (True, False))
    assert auroc(*sides) == pytest.approx(roc_auc_score(right, sure))
    assert brier(sure, right) == pytest.approx(brier_score_loss(right, sure))


def test_brier_by_hand():
    assert brier([1.0, 0.0, 0.5], [True, True, False]) == pytest.approx((0 + 1 + 0.25) / 3)


def test_bins_equal_scikit_learn_where_no_confidence_comes_twice():
    sure, right = drawn(300)
    accuracy, confidence = calibration_curve(right, sure, n_bins=10, strategy="quantile")
    bins = reliability(sure, right)
    assert [each.cases for each in bins] == [30] * 10
    assert [each.confidence for each in bins] == pytest.approx(confidence.tolist())
    assert [each.accuracy for each in bins] == pytest.approx(accuracy.tolist())
    assert calibration_error(bins) == pytest.approx(float(np.abs(accuracy - confidence).mean()))


def test_bins_by_hand_go_from_0_to_1_and_split_no_equal_confidences():
    bins = reliability([0.2, 0.8, 0.2, 0.8, 0.8], [False, True, True, True, False])
    assert bins == (Bin(0.0, 0.8, 2, 0.2, 0.5), Bin(0.8, 1.0, 3, pytest.approx(0.8), pytest.approx(2 / 3)))
    assert calibration_error(bins) == pytest.approx(2 / 5 * 0.3 + 3 / 5 * (0.8 - 2 / 3))
    assert reliability([], []) == ()


@given(answers)
def test_no_measure_depends_on_the_order_of_cases(found):
    def measures(pairs):
        sure, right = [each for each, _ in pairs], [good for _, good in pairs]
        error = calibration_error(reliability(sure, right))
        return [error, aurc(sure, right), augrc(sure, right), *map(sum, risk_coverage(sure, right))]

    assert all(measures(order) == pytest.approx(measures(found)) for order in permutations(found))


def test_a_calibrated_confidence_has_an_error_too_and_the_more_so_the_fewer_cases():
    for cases in (100, 400, 1600):  # a bin's gap is about normal: its mean distance from 0 is sqrt(2 / pi) deviations
        spread = np.sort(drawn(cases)[0]).reshape(10, -1)
        expected = np.sqrt(2 / np.pi * (spread * (1 - spread)).mean(axis=1) / spread.shape[1]).mean()
        assert null_errors(spread.ravel().tolist(), PLAN).mean() == pytest.approx(expected, rel=0.04)


def test_the_null_errors_are_those_of_drawn_answers():
    sure = sorted(drawn(60)[0])
    chance = np.random.default_rng(PLAN.seed).random((PLAN.resamples, 60))
    errors = [calibration_error(reliability(sure, (row < sure).tolist())) for row in chance[:50]]
    assert null_errors(sure, PLAN)[:50] == pytest.approx(errors)


def test_calibrated_confidences_lie_within_their_null_and_overconfident_ones_above():
    sure, right = drawn(400)
    low, high = np.quantile(null_errors(sure, PLAN), [0.025, 0.975])
    fair = [
        calibration_error(reliability(sure, each.tolist()))
        for each in np.random.default_rng(8).random((200, 400)) < sure
    ]
    assert np.mean([low <= error <= high for error in fair]) == pytest.approx(0.95, abs=0.03)
    assert calibration_error(reliability(sure, right)) > high


def test_risk_and_coverage_by_hand():
    points = risk_coverage(SURE, RIGHT)
    assert points == ((0.2, 0), (0.4, 0), (0.6, 1 / 3), (0.8, 1 / 4), (1.0, 2 / 5))
    assert aurc(SURE, RIGHT) == pytest.approx((0 + 0 + 1 / 3 + 1 / 4 + 2 / 5) / 5)
    assert augrc(SURE, RIGHT) == pytest.approx((0 + 0 + 1 + 1 + 2) / 5 / 5)
    assert [coverage_at(points, risk) for risk in (0.0, 0.01, 0.25, 0.3, 1.0)] == pytest.approx(
        [0.4, 0.4, 0.8, 0.8, 1.0]
    )


def test_no_threshold_parts_equal_confidences():
    points = risk_coverage([0.9, 0.9, 0.4], [True, False, True])
    assert points == ((2 / 3, 1 / 2), (1.0, 1 / 3))
    assert coverage_at(points, 0.05) == 0


@given(answers)
def test_equal_confidences_count_as_the_mean_over_their_orders(found):
    sure, right = [each for each, _ in found], [good for _, good in found]
    orders = [
        [p[1] for p in order] for order in permutations(found) if [p[0] for p in order] == sorted(sure, reverse=True)
    ]
    wrong = np.cumsum(~np.asarray(orders, dtype=bool), axis=1)
    assert aurc(sure, right) == pytest.approx((wrong / np.arange(1, len(found) + 1)).mean())
    assert augrc(sure, right) == pytest.approx(wrong.mean() / len(found))
