"""The cases in the order in which a reader wants them: what broke first, what stayed as it was last."""

from __future__ import annotations

from collections.abc import Iterable

from citewell.evaluate.comparison import CHANGED, FIXED, NEW, REGRESSED, REMOVED, SAME, Comparison, Pair
from citewell.evaluate.outcome import Run
from citewell.evaluate.wording import FAILS, outcome_of

FAILED, PASSED = "failed", "passed"  # kinds of cases of a run without another to compare it with
ORDER = (REGRESSED, FAILED, FIXED, NEW, CHANGED, REMOVED, SAME, PASSED)


def pairs_of(run: Run, comparison: Comparison | None) -> tuple[Pair, ...]:
    """Every case, most concerning first; without a comparison each is "failed" or "passed", with one side."""
    if comparison:
        return in_order(comparison.pairs)
    return in_order(Pair(PASSED if each.passed else FAILED, None, each) for each in run.results)


def in_order(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Pairs by kind; those that fail before those that pass, critical ones first; else as they stand in the suite."""
    return tuple(sorted(pairs, key=concern))


def concern(pair: Pair) -> tuple[int, bool, bool]:
    """The lower, the sooner a case is shown."""
    fails = pair.after is not None and outcome_of(pair.after) == FAILS
    # A case that fails as before stands right after those that fail anew.
    place = 1 if fails and pair.kind in (SAME, CHANGED) else ORDER.index(pair.kind)
    return place, not fails, pair.present.severity != "critical"


def stage_of(pair: Pair) -> str | None:
    """Where a case goes wrong now, or where it went wrong before it was fixed."""
    if pair.after and pair.after.stage:
        return pair.after.stage
    return pair.before.stage if pair.before and (pair.kind == FIXED or not pair.after) else None
