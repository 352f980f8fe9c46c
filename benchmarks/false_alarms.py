"""How often the aggregate gate is wrong: python -m benchmarks.false_alarms [--trials 1000].

Pairs of invented runs go through the gate as real ones do. Three correlated primary metrics, clusters of 1 to 4 cases;
4 % of the cases change for no reason, half of them for the worse, and half of these changes strike a whole cluster.
Without a true drop, a gate that fails is a false alarm; with a drop of `right_first` it is a find. Writes
benchmarks/runs/false_alarms.json.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from benchmarks.datasets import RUNS
from citewell.evaluate.compare import differences_of
from citewell.evaluate.comparison import SAME, Difference, Pair
from citewell.evaluate.gates import falls
from citewell.evaluate.outcome import CaseResult
from citewell.evaluate.plan import PRIMARY, Plan
from citewell.evaluate.power import power_table
from citewell.evaluate.statistics import wilson

SIZES = (100, 200, 400, 800)  # cases
DROPS = (0.02, 0.05, 0.10)
FLIP = 0.04  # share of cases that change for no reason
TOGETHER = 0.5  # share of the changes that strike a whole cluster
SHARED = 0.8  # chance that a change shows in a metric: what correlates them
NAIVE = 0.02  # drop of any metric that a gate without statistics would fail
GRADES = (0.0, 0.39, 0.5, 0.63)  # nDCG@10 of a case that went wrong


@dataclass(frozen=True, slots=True)
class Measured:
    """How often the gate failed for one number of cases and one true drop.

    :param promised: The power that `citewell eval power` tells, for cases that stand for themselves.
    :param by_case: How often it failed with cases taken for independent, where there is no drop; `naive` how often a
        gate without statistics fails.
    """

    cases: int
    drop: float
    trials: int
    failed: float
    low: float
    high: float
    promised: float
    by_case: float | None
    naive: float


def clusters_of(cases: int, chance: np.random.Generator) -> list[int]:
    """The number of each case's cluster; clusters hold 1 to 4 cases."""
    sizes = chance.integers(1, 5, size=cases)
    return [int(number) for number in np.repeat(np.arange(cases), sizes)[:cases]]


def directions(clusters: Sequence[int], chance: np.random.Generator) -> np.ndarray:
    """Whether each case gets better (1), worse (-1) or stays (0), for no reason; as often better as worse."""
    rate = FLIP / SHARED
    numbers = np.asarray(clusters)
    signs = (-1, 1, 0)
    whole = chance.choice(signs, p=[rate * TOGETHER / 2] * 2 + [1 - rate * TOGETHER], size=numbers.max() + 1)[numbers]
    alone = chance.choice(signs, p=[rate * (1 - TOGETHER) / 2] * 2 + [1 - rate * (1 - TOGETHER)], size=len(numbers))
    return np.where(whole, whole, alone)


def result(number: int, cluster: str, scores: Mapping[str, float]) -> CaseResult:
    """A case of which only the scores count."""
    return CaseResult(
        id=str(number), parent=str(number), cluster=cluster, question="", history=(), answerable=True, severity="normal",
        tags=(), source="curated", xfail=None, gold=(), answered=True, confidence=0.5, reason=None, excerpts=(), nearest=(),
        disagreements=(), passages=(), documents=(), scores=scores, passed=True, stage=None, milliseconds=0.0,
    )  # fmt: skip


def simulate(cases: int, drop: float, chance: np.random.Generator) -> list[Pair]:
    """Two runs whose metrics differ by chance, and by a true drop of `right_first`."""
    clusters = clusters_of(cases, chance)
    moved = directions(clusters, chance)[:, None] * (chance.random((cases, len(PRIMARY))) < SHARED)
    truly = (chance.random(cases) < drop / (1 - FLIP)) & (moved[:, PRIMARY.index("right_first")] == 0)
    moved[truly, PRIMARY.index("right_first")] = -1
    still = chance.random((cases, len(PRIMARY))) < 0.85
    sides = (np.where(moved, moved < 0, still), np.where(moved, moved > 0, still))
    lesser = chance.choice(GRADES, size=cases)
    return [
        pair(number, cluster, [side[number] for side in sides], lesser[number])
        for number, cluster in enumerate(clusters)
    ]


def pair(number: int, cluster: int, sides: Sequence[Sequence[bool]], lesser: float) -> Pair:
    """One case on both sides, by which of its metrics are right."""
    results = []
    for side in sides:
        scores = {name: float(right) for name, right in zip(PRIMARY, side, strict=True)}
        scores["ndcg@10"] = scores["ndcg@10"] or float(lesser)
        results.append(result(number, f"document {cluster}", scores))
    return Pair(SAME, *results)


def fails(differences: Sequence[Difference], plan: Plan) -> bool:
    """Whether the aggregate gate fails."""
    return any(falls(each, plan) for each in differences)


def apart(pairs: Sequence[Pair]) -> list[Pair]:
    """The same pairs with each case as a cluster of its own."""
    return [
        Pair(SAME, each.before, result(number, str(number), each.present.scores)) for number, each in enumerate(pairs)
    ]


def measure(cases: int, drop: float, trials: int, plan: Plan) -> Measured:
    """Play so many pairs of runs through the gate."""
    chance = np.random.default_rng([plan.seed, cases, round(1000 * drop)])
    found = {"cluster": 0, "case": 0, "naive": 0}
    for _ in range(trials):
        pairs = simulate(cases, drop, chance)
        differences = differences_of(pairs, plan)
        found["cluster"] += fails(differences, plan)
        found["case"] += not drop and fails(differences_of(apart(pairs), plan), plan)
        found["naive"] += any(each.difference <= -NAIVE for each in differences)
    [promised] = power_table(cases, FLIP, [drop], plan)
    low, high = wilson(found["cluster"], trials)
    shares = {name: count / trials for name, count in found.items()}
    by_case = None if drop else shares["case"]
    return Measured(cases, drop, trials, shares["cluster"], low, high, promised.power, by_case, shares["naive"])


def line(row: Measured) -> str:
    """One row of the Markdown table."""
    kind = f"true drop of {100 * row.drop:.0f} points" if row.drop else "no change: false alarms"
    by_case = "" if row.by_case is None else f"{row.by_case:.1%}"
    failed = f"{row.failed:.1%} ({row.low:.1%}–{row.high:.1%})"
    return f"| {row.cases} | {kind} | {failed} | {row.promised:.1%} | {by_case} | {row.naive:.1%} |"


def main() -> None:
    """Measure all sizes and drops, print the table as it grows, and write the figures."""
    parser = argparse.ArgumentParser(description="How often the aggregate gate fails, with and without a true drop.")
    parser.add_argument("--trials", type=int, default=1000, help="pairs of runs for each row")
    parser.add_argument("--resamples", type=int, default=Plan().resamples, help="of each bootstrap interval")
    options = parser.parse_args()
    plan, began, rows = Plan(resamples=options.resamples), time.perf_counter(), []
    print(
        "| Cases | Truth | Gate failed (95 %) | As `eval power` tells | Cases taken for independent | Any metric 2 points down |"
    )
    print("|---|---|---|---|---|---|")
    for cases in SIZES:
        for drop in (0.0, *DROPS):
            rows.append(measure(cases, drop, options.trials, plan))
            print(line(rows[-1]), flush=True)
    RUNS.mkdir(parents=True, exist_ok=True)
    found = {
        "seconds": round(time.perf_counter() - began, 1),
        "plan": asdict(plan),
        "rows": [asdict(row) for row in rows],
    }
    (RUNS / "false_alarms.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
