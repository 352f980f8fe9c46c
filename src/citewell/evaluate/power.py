"""What a suite can see: how often the aggregate gate finds a true drop, by playing it through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from citewell.errors import UsageError
from citewell.evaluate.comparison import Difference
from citewell.evaluate.gates import falls
from citewell.evaluate.plan import PRIMARY, Plan
from citewell.evaluate.statistics import bootstrap_interval, mcnemar_p

DROPS = (0.02, 0.05, 0.10)  # of a primary metric, that a table shows
TRIALS = 2_000  # pairs of runs that are played through; a power of 80 % is met to within 2 points
MOST_CASES = 20_000  # that a search for the least number goes up to


@dataclass(frozen=True, slots=True)
class Power:
    """How often a true drop fails the gate.

    :param flip: Share of cases that change for no reason, half of them for the worse.
    :param drop: True drop of one primary metric, while the others stay.
    """

    cases: int
    flip: float
    drop: float
    power: float


def power_table(cases: int, flip: float, drops: Sequence[float], plan: Plan, trials: int = TRIALS) -> tuple[Power, ...]:
    """The power of the aggregate gate for each drop, for a metric of 0 and 1 and cases that stand for themselves.

    With several cases a cluster, a suite sees less; a comparison tells the drop that it could see by its own clusters.
    """
    check(flip, drops)
    if cases < 1:
        raise UsageError(f"expected one case or more, found {cases}. Name a suite with cases.")
    return tuple(Power(cases, flip, drop, power_of(cases, flip, drop, plan, trials)) for drop in drops)


def check(flip: float, drops: Sequence[float]) -> None:
    """Refuse shares that are none."""
    if not 0 <= flip < 1:
        raise UsageError(f"expected a share of flips from 0 to below 1, found {flip:g}.")
    if bad := [drop for drop in drops if not 0 <= drop <= 1 - flip]:
        raise UsageError(
            f"expected drops from 0 to {1 - flip:g}, the share of cases that do not flip, found {bad[0]:g}."
        )


def power_of(cases: int, flip: float, drop: float, plan: Plan, trials: int) -> float:
    """The share of trials in which the gate fails."""
    chances = (flip / 2 + drop, flip / 2, 1 - flip - drop)
    drawn = np.random.default_rng(plan.seed).multinomial(cases, chances, size=trials)
    regressed, fixed = drawn[:, 0], drawn[:, 1]
    least = {int(number): least_regressed(cases, int(number), plan) for number in np.unique(fixed)}
    return float(np.mean(regressed >= [least[int(number)] for number in fixed]))


@cache
def least_regressed(cases: int, fixed: int, plan: Plan) -> int:
    """The least number of regressed cases beside which the gate fails: each further one makes it surer."""
    possible = range(fixed + 1, cases - fixed + 1)
    return next((regressed for regressed in possible if fails(cases, regressed, fixed, plan)), cases + 1)


def fails(cases: int, regressed: int, fixed: int, plan: Plan) -> bool:
    """Whether the gate fails where so many cases changed in one primary metric, and none in the others."""
    p, drop = mcnemar_p(regressed, fixed), (regressed - fixed) / cases
    adjusted = min(1.0, p * len(PRIMARY))
    if adjusted >= plan.alpha or drop <= plan.tolerance:
        return False  # as falls() would say, without the interval
    changes = [-1.0] * regressed + [1.0] * fixed + [0.0] * (cases - regressed - fixed)
    low, high = bootstrap_interval(changes, [str(number) for number in range(cases)], plan)
    return falls(Difference("", cases, cases, 0, -drop, -drop, low, high, p, adjusted, 0, primary=True), plan)


def least_cases(drop: float, flip: float, plan: Plan, trials: int = TRIALS) -> int:
    """The least number of cases, in steps of 10, with which the gate finds a drop with `plan.power`.

    UsageError for a drop that the gate tolerates, and for one that would take more than 20,000 cases.
    """
    check(flip, [drop])
    if drop <= plan.tolerance:
        raise UsageError(
            f"expected a drop above {plan.tolerance:g}, which the gate tolerates, found {drop:g}. Ask for a larger one."
        )
    low, high = 0, 10
    while power_of(high, flip, drop, plan, trials) < plan.power:
        low, high = high, 2 * high
        if high > MOST_CASES:
            raise UsageError(
                f"expected a drop that {MOST_CASES:,} cases can show, found {drop:g}. Ask for a larger one."
            )
    while high - low > 10:
        middle = (low + high) // 20 * 10
        low, high = (low, middle) if power_of(middle, flip, drop, plan, trials) >= plan.power else (middle, high)
    return high


def describe_power(cases: int, flip: float, drops: Sequence[float], plan: Plan, trials: int = TRIALS) -> str:
    """What a suite of so many cases can see, in lines for a terminal.

    :param drops: The drops that should be found; the least number of cases is told for each.
    """
    found = power_table(cases, flip, sorted({*DROPS, *drops}), plan, trials)
    least = [f"{least_cases(drop, flip, plan, trials):,} cases for {100 * drop:.1f} points" for drop in drops]
    return "\n".join(
        (
            f"{cases:,} cases, {flip:.1%} of which change for no reason:",
            *(
                f"  a true drop of {100 * each.drop:4.1f} points fails the gate in {each.power:4.0%} of comparisons"
                for each in found
            ),
            f"To find a drop in {plan.power:.0%} of comparisons takes {', '.join(least)}, if each case has a document of its own, "
            "and more if they share some.",
        )
    )
