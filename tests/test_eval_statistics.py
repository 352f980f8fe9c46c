"""The statistics of an evaluation against scipy, against worked numbers, and against what they promise."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from citewell.evaluate.plan import Plan
from citewell.evaluate.statistics import (
    bootstrap_interval,
    by_cluster,
    detectable,
    holm,
    mcnemar_p,
    percentile,
    permutation_p,
    wilson,
    zero_bound,
)

pytestmark = pytest.mark.unit

PLAN = Plan()
changes = st.lists(
    st.tuples(st.sampled_from([-1.0, -0.5, 0.0, 0.0, 0.3, 1.0]), st.sampled_from("abcdefgh")), min_size=2, max_size=24
)


def each_its_own(values):
    return [f"c{number}" for number in range(len(values))]


def test_cases_are_added_up_by_cluster():
    sums, sizes = by_cluster([1.0, -1.0, 0.5, 0.25], ["b", "a", "b", "a"])
    assert sums.tolist() == [-0.75, 1.5]
    assert sizes.tolist() == [2, 2]


def test_where_all_cases_are_of_one_cluster_each_is_its_own():
    assert by_cluster([1.0, 0.0, 1.0], ["label"] * 3)[0].tolist() == [1, 0, 1]


def test_the_interval_of_single_cases_is_that_of_scipy():
    values = np.random.default_rng(3).normal(0.1, 1.0, 300)
    low, high = bootstrap_interval(values.tolist(), each_its_own(values), replace(PLAN, resamples=20_000))
    theirs = stats.bootstrap([values], np.mean, n_resamples=20_000, method="percentile", rng=5).confidence_interval
    assert low == pytest.approx(theirs.low, abs=0.005)
    assert high == pytest.approx(theirs.high, abs=0.005)


def test_the_interval_of_few_cases_reaches_further_into_the_tails():
    values = np.random.default_rng(3).normal(0.1, 1.0, 6)
    tail = stats.norm.cdf(np.sqrt(6 / 5) * stats.t.ppf(0.025, 5))  # 0.24 % instead of 2.5 %
    theirs = stats.bootstrap(
        [values], np.mean, n_resamples=50_000, method="percentile", confidence_level=1 - 2 * tail, rng=5
    ).confidence_interval
    found = bootstrap_interval(values.tolist(), each_its_own(values), replace(PLAN, resamples=50_000))
    assert found == pytest.approx((theirs.low, theirs.high), abs=0.06)  # six cases: steps


def test_copies_of_a_case_in_its_cluster_make_no_interval_narrower():
    values = [float(number % 3 == 0) for number in range(60)]
    names = each_its_own(values)
    once = bootstrap_interval(values, names, PLAN)
    assert bootstrap_interval(values * 4, names * 4, PLAN) == pytest.approx(once)
    alone = bootstrap_interval(values * 4, each_its_own(values * 4), PLAN)
    assert (alone[1] - alone[0]) * 1.8 < once[1] - once[0]


def test_the_interval_holds_the_truth_about_as_often_as_it_says_even_with_ten_clusters():
    chance = np.random.default_rng(11)
    plan = replace(PLAN, resamples=1_000)
    names = [f"c{number // 3}" for number in range(30)]
    held = 0
    for _ in range(400):
        values = np.repeat(chance.normal(0, 1, 10), 3) + chance.normal(0, 1, 30)
        low, high = bootstrap_interval(values.tolist(), names, plan)
        held += low <= 0 <= high
    assert 0.92 <= held / 400 <= 0.98


def test_where_nothing_changed_the_interval_is_zero():
    assert bootstrap_interval([0.0] * 12, ["a", "b"] * 6, PLAN) == (0, 0)
    assert bootstrap_interval([0.25], ["a"], PLAN) == (0.25, 0.25)


def test_wilson_by_the_figures_of_a_table():
    assert wilson(190, 200) == pytest.approx((0.910, 0.973), abs=0.0005)
    assert wilson(0, 0) == (0, 1)


def test_no_failure_is_not_no_risk():
    assert [round(zero_bound(of), 4) for of in (50, 100, 300)] == [0.0582, 0.0295, 0.0099]
    assert zero_bound(40) == pytest.approx(1 - 0.05 ** (1 / 40))
    assert zero_bound(0) == 1
    assert zero_bound(50, 3) == pytest.approx(stats.beta.ppf(0.95, 4, 47))


def test_mcnemar_by_worked_numbers():
    assert mcnemar_p(7, 2) == pytest.approx(0.1797, abs=0.0001)
    assert mcnemar_p(0, 6) == pytest.approx(2 / 64)
    assert mcnemar_p(0, 0) == 1


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 9))
def test_the_permutation_of_single_verdicts_is_mcnemar(regressed, fixed, same):
    differences = [-1.0] * regressed + [1.0] * fixed + [0.0] * same
    assert permutation_p(differences, each_its_own(differences), PLAN) == pytest.approx(mcnemar_p(regressed, fixed))


@given(changes)
def test_the_permutation_is_that_of_every_sign_of_every_cluster(rows):
    differences, clusters = [row[0] for row in rows], [row[1] for row in rows]
    sums = by_cluster(differences, clusters)[0]
    assume(len(sums) <= 12)
    far = [abs(np.dot(signs, sums)) >= abs(sums.sum()) - 1e-7 for signs in itertools.product((-1, 1), repeat=len(sums))]
    assert permutation_p(differences, clusters, PLAN) == pytest.approx(np.mean(far))


def test_the_drawn_permutation_is_near_that_of_scipy_and_never_zero():
    chance = random.Random(2)
    differences = [chance.gauss(-0.15, 0.5) for _ in range(60)]
    theirs = stats.permutation_test(
        (differences, [0.0] * 60), lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples", vectorized=True, n_resamples=20_000, rng=4,
    )  # fmt: skip
    assert permutation_p(differences, each_its_own(differences), PLAN) == pytest.approx(theirs.pvalue, abs=0.01)
    assert permutation_p([-1.0 - n / 1000 for n in range(60)], each_its_own(differences), PLAN) == 1 / 10_001


def test_cases_that_fall_together_count_once():
    differences = [-1.0] * 12 + [0.0] * 28
    clusters = [f"label{number // 4}" for number in range(40)]
    assert permutation_p(differences, clusters, PLAN) == 2 / 2**3
    assert mcnemar_p(12, 0) < 0.001


def test_thousands_of_changes_do_not_overflow():
    differences = [-1.0] * 5_000 + [1.0] * 4_900
    assert permutation_p(differences, each_its_own(differences), PLAN) == pytest.approx(mcnemar_p(5_000, 4_900))


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([0.5, 0.9]) == (1, 1)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=6))
def test_holm_rejects_what_its_steps_reject(ps):
    rejected, order = set(), sorted(range(len(ps)), key=ps.__getitem__)
    for step, place in enumerate(order):
        if ps[place] * (len(ps) - step) >= 0.05:
            break
        rejected.add(place)
    assert {place for place, p in enumerate(holm(ps)) if p < 0.05} == rejected


def test_the_detectable_drop_is_found_about_four_times_in_five():
    chance = np.random.default_rng(8)
    names = [f"c{number // 2}" for number in range(300)]
    quiet = np.zeros(300)
    quiet[:12] = [1, -1] * 6  # 4 % of the cases change for no reason
    drop = detectable(chance.permutation(quiet).tolist(), names, PLAN)
    found = 0
    for _ in range(400):
        changed = chance.choice([-1.0, 1.0, 0.0], p=[0.02 + drop, 0.02, 0.96 - drop], size=300)
        found += permutation_p(changed.tolist(), names, PLAN) < PLAN.alpha
    assert 0.72 <= found / 400 <= 0.88


def test_more_cases_and_fewer_tests_see_smaller_drops():
    quiet = {cases: detectable([0.0] * cases, each_its_own([0] * cases), PLAN) for cases in (50, 200, 800)}
    assert quiet[50] > quiet[200] > quiet[800]
    assert quiet[200] == pytest.approx(0.062, abs=0.002)
    assert detectable([0.0] * 200, each_its_own([0] * 200), PLAN, tests=3) > quiet[200]


def test_whole_documents_that_change_hide_more_than_as_many_single_cases():
    differences = [-1.0] * 4 + [1.0] * 4 + [0.0] * 92
    together = [f"label{number // 4}" for number in range(100)]
    assert detectable(differences, together, PLAN) > detectable(differences, each_its_own(differences), PLAN)


def test_five_clusters_show_no_drop_at_all():
    differences = [-1.0] * 50
    clusters = [f"label{number % 5}" for number in range(50)]
    assert detectable(differences, clusters, PLAN) == 1
    assert permutation_p(differences, clusters, PLAN) > PLAN.alpha


def test_percentiles_are_values_that_occurred():
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.95) == 4
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2
    assert percentile([], 0.95) == 0
