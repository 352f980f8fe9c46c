"""What two runs have in common and where they part: the shapes that gates and reports read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citewell.evaluate.outcome import CaseResult, Run, headline

REGRESSED, FIXED, NEW, REMOVED, CHANGED, SAME = KINDS = (
    "regressed",  # passed before, fails now
    "fixed",
    "new",
    "removed",
    "changed but equal",  # another answer, the same verdict
    "unchanged",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One case in both runs; a side is None where a run lacks it."""

    kind: str
    before: CaseResult | None
    after: CaseResult | None

    @property
    def present(self) -> CaseResult:
        """The newer side that is there."""
        found = self.after or self.before
        assert found is not None
        return found


def common(pairs: Sequence[Pair]) -> tuple[tuple[CaseResult, CaseResult], ...]:
    """The headline cases that both runs have: what metrics are compared over."""
    both = [(pair.before, pair.after) for pair in pairs if pair.before and pair.after]
    counted = {result.id for result in headline([after for _, after in both])}
    return tuple((before, after) for before, after in both if after.id in counted)


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric over the cases that both runs have.

    :param low: With `high`, the 95 % interval of `difference`, by bootstrap over clusters.
    :param p: Of the paired sign-flip permutation over clusters, two-sided; for metrics of 0 and 1 with one case a
        cluster that is the exact McNemar test.
    :param adjusted: p after Holm over the primary metrics; None for a metric that is not primary.
    :param detectable: The least drop that this suite finds with a power of 80 % at 5 % (for all primary metrics
        together, where it is one of them), by the spread seen; 1 where it can find none.
    """

    metric: str
    cases: int
    clusters: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float
    adjusted: float | None
    detectable: float
    primary: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """One metric over the cases of one tag, in both runs, with the 95 % interval of the difference."""

    tag: str
    metric: str
    cases: int
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gates say: `code` 0 where all hold, 1 where one fails, 2 where the runs can't be judged.

    :param failed: What failed, one sentence each, the gate's name first: "invariant: …", "budget: …", "aggregate: …".
    :param inconclusive: What got worse, but not by more than chance explains.
    :param notes: What fails no gate, but has to be known: known failures that pass, what a critical case shows.
    """

    code: int
    failed: tuple[str, ...]
    inconclusive: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, case by case and metric by metric."""

    before: Run
    after: Run
    pairs: tuple[Pair, ...]
    differences: tuple[Difference, ...]
    slices: tuple[Slice, ...]
    verdict: Verdict

    def of_kind(self, kind: str) -> tuple[Pair, ...]:
        """The pairs of one kind, in the order of the suite."""
        return tuple(pair for pair in self.pairs if pair.kind == kind)
