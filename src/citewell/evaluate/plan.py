"""The numbers of an evaluation, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass

# Metrics whose change a gate judges, declared before any run: one for each thing that can break.
PRIMARY = ("ndcg@10", "right_first", "refusal_right")


@dataclass(frozen=True, slots=True)
class Plan:
    """How runs are measured and judged."""

    depth: int = 100  # passages and documents of a ranking that are kept
    seed: int = 20_261_124  # of every random draw, so that a run repeats
    permutations: int = 10_000  # sign flips of the paired test: the least p is 0.0001
    resamples: int = 2_000  # of the bootstrap; an interval's ends move by less than a tenth of its width
    alpha: float = 0.05  # chance of a false alarm over all primary metrics together
    power: float = 0.8  # chance of seeing a drop of the detectable size
    tolerance: float = 0.01  # of a primary metric: a smaller drop fails no gate
    slower: float = 1.5  # times the baseline's p95 that fails the budget
    slowest: float = 50.0  # milliseconds of p95 below which no budget fails: timing noise
    larger: float = 1.25  # times the baseline's index bytes a passage that fails the budget
