"""What a suite is said to see, against the gate itself."""

from __future__ import annotations

import numpy as np
import pytest
from measured_runs import many, right, run, wrong

from citewell.errors import UsageError
from citewell.evaluate.compare import compare
from citewell.evaluate.plan import Plan
from citewell.evaluate.power import describe_power, fails, least_cases, least_regressed, power_table
from citewell.evaluate.statistics import detectable

pytestmark = pytest.mark.unit

PLAN = Plan()
TRIALS = 500


@pytest.mark.parametrize(("regressed", "fixed"), [(6, 0), (7, 0), (8, 0), (9, 1), (11, 1), (14, 3), (3, 9)])
def test_a_trial_fails_where_the_gate_fails(regressed, fixed):
    graded = {"scores": {**right("x").scores, "right_first": 0.0}}  # falls in one primary metric only
    before, after = many(60), many(60)
    for number in range(regressed):
        after[number] = wrong(before[number].id, **graded)
    for number in range(50, 50 + fixed):
        before[number] = wrong(before[number].id, **graded)
    verdict = compare(run(*before), run(*after), PLAN).verdict
    assert fails(60, regressed, fixed, PLAN) == bool(verdict.failed)


def test_each_further_regression_makes_the_gate_surer():
    for fixed in range(6):
        least = least_regressed(80, fixed, PLAN)
        found = [fails(80, regressed, fixed, PLAN) for regressed in range(80 - fixed + 1)]
        assert found == [regressed >= least for regressed in range(80 - fixed + 1)]


def test_the_table_is_that_of_cases_drawn_one_by_one():
    chance = np.random.default_rng(5)
    found = 0
    for _ in range(400):
        change = chance.choice(3, p=[0.12, 0.02, 0.86], size=150)
        found += fails(150, int((change == 0).sum()), int((change == 1).sum()), PLAN)
    [row] = power_table(150, 0.04, [0.10], PLAN, TRIALS)
    assert row.power == pytest.approx(found / 400, abs=0.08)


def test_without_a_drop_the_gate_hardly_ever_fails():
    for cases in (50, 200, 800):
        [row] = power_table(cases, 0.04, [0.0], PLAN, TRIALS)
        assert row.power <= PLAN.alpha / 2


def test_more_cases_and_larger_drops_are_seen_more_often():
    table = [
        [row.power for row in power_table(cases, 0.04, [0.02, 0.05, 0.10], PLAN, TRIALS)] for cases in (100, 200, 400)
    ]
    assert all(row == sorted(row) for row in table)
    assert all(list(column) == sorted(column) for column in zip(*table, strict=True))
    assert table[2][1] == pytest.approx(0.82, abs=0.05)


def test_the_least_number_of_cases_has_the_power_and_ten_fewer_have_not():
    least = least_cases(0.10, 0.04, PLAN, TRIALS)
    assert 120 <= least <= 180
    assert power_table(least, 0.04, [0.10], PLAN, TRIALS)[0].power >= PLAN.power
    assert power_table(least - 10, 0.04, [0.10], PLAN, TRIALS)[0].power < PLAN.power


def test_the_drop_that_a_comparison_calls_detectable_is_found_about_four_times_in_five():
    for cases in (100, 400):
        drop = detectable([0.0] * cases, [str(number) for number in range(cases)], PLAN, tests=3)
        [row] = power_table(cases, 0.04, [drop], PLAN, TRIALS)
        assert row.power == pytest.approx(PLAN.power, abs=0.08)


def test_what_can_not_be_is_refused():
    with pytest.raises(UsageError, match="which the gate tolerates, found 0.01"):
        least_cases(0.01, 0.04, PLAN, TRIALS)
    with pytest.raises(UsageError, match="expected drops from 0 to 0.9"):
        power_table(100, 0.1, [0.95], PLAN, TRIALS)
    with pytest.raises(UsageError, match="expected a share of flips"):
        power_table(100, 1.5, [0.05], PLAN, TRIALS)
    with pytest.raises(UsageError, match="expected one case or more"):
        power_table(0, 0.04, [0.05], PLAN, TRIALS)


def test_the_description_names_the_drops_and_the_cases_it_takes():
    lines = describe_power(100, 0.04, [0.20], PLAN, TRIALS).splitlines()
    assert lines[0] == "100 cases, 4.0% of which change for no reason:"
    assert [line[:29] for line in lines[1:5]] == [
        f"  a true drop of {points:>4} points " for points in ("2.0", "5.0", "10.0", "20.0")
    ]
    assert lines[5].startswith(
        f"To find a drop in 80% of comparisons takes {least_cases(0.20, 0.04, PLAN, TRIALS)} cases for 20.0 points"
    )
