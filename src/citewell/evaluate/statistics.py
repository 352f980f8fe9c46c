"""What a difference between two runs is worth: intervals, paired tests by cluster, and what a suite can see.

The same program over the same index answers the same, so chance here is that of the suite: whether the change would
show in questions that are not in it. Cases of a cluster stand or fall together, so clusters are what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citewell.evaluate.plan import Plan

CONFIDENCE = 0.95  # of every interval and bound
ASSUMED_FLIPS = 0.04  # share of cases whose verdict changes for no good reason, where no change was seen to tell it
ROUNDING = 1e-9  # sums that are closer count as equal

Numbers = NDArray[np.float64]


def by_cluster(values: Sequence[float], clusters: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The sum of the values, and the number of cases, of each cluster; in the order of the clusters' names.

    Where all cases are of one cluster, each counts as its own: what is said holds for other questions about that one
    document, and for no other document.
    """
    _, places = np.unique(np.asarray(clusters, dtype=np.str_), return_inverse=True)
    if not places.any():
        places = np.arange(len(values))
    sums = np.bincount(places, weights=np.asarray(values, dtype=np.float64))
    return sums.astype(np.float64), np.bincount(places).astype(np.float64)


def bootstrap_interval(values: Sequence[float], clusters: Sequence[str], plan: Plan) -> tuple[float, float]:
    """The 95 % interval of the mean, by the percentiles of means over clusters drawn with replacement.

    The percentiles are widened for few clusters, as Student's t is against the normal: the expanded percentile
    interval of Hesterberg, The American Statistician 69 (2015). One case has no interval: both ends are its value.
    """
    from scipy import stats

    sums, sizes = by_cluster(values, clusters)
    drawn = len(sums)
    if drawn < 2:
        return float(sums.sum()), float(sums.sum())
    # Clusters that are alike are drawn together, which is the same draw in less time.
    kinds, many = np.unique(np.stack([sums, sizes]), axis=1, return_counts=True)
    counts = np.random.default_rng(plan.seed).multinomial(drawn, many / drawn, size=plan.resamples)
    means = (counts @ kinds[0]) / (counts @ kinds[1])
    tail = stats.norm.cdf(math.sqrt(drawn / (drawn - 1)) * stats.t.ppf((1 - CONFIDENCE) / 2, drawn - 1))
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); 0 to 1 for the share of nothing."""
    from scipy import stats

    if not of:
        return 0.0, 1.0
    found = stats.binomtest(right, of).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def zero_bound(of: int, failures: int = 0) -> float:
    """The most that a share of failures may be: its exact one-sided 95 % upper bound (Clopper & Pearson 1934).

    Without failures it is 1 - 0.05^(1 / of): none in 50 still allows 5.8 %.
    """
    from scipy import stats

    if not of:
        return 1.0
    return float(stats.binomtest(failures, of, alternative="less").proportion_ci(CONFIDENCE, method="exact").high)


def permutation_p(differences: Sequence[float], clusters: Sequence[str], plan: Plan) -> float:
    """The two-sided p of the paired sign-flip test, in which the differences of a cluster change sign together.

    For metrics of 0 and 1 with one case in each cluster it is the exact McNemar test. With more, McNemar's test on
    cases would take those that fell together for independent and raise false alarms; this test does not. Exact while
    the ways to flip come to no more than `plan.permutations` (clusters of an equal sum are alike, so they are few for
    metrics of 0 and 1); else by as many draws, counting the data itself: Phipson & Smyth 2010.
    """
    sums = by_cluster(differences, clusters)[0]
    sizes, many = np.unique(np.abs(sums[np.abs(sums) > ROUNDING]).round(9), return_counts=True)
    least = abs(float(sums.sum())) - ROUNDING * max(len(sums), 1)
    if math.prod(int(count) + 1 for count in many) <= plan.permutations:
        return exact_p(sizes, many, least)
    heads = np.random.default_rng(plan.seed).binomial(many, 0.5, size=(plan.permutations, len(many)))
    hits = int((np.abs((2 * heads - many) @ sizes) >= least).sum())
    return (hits + 1) / (plan.permutations + 1)


def exact_p(sizes: Numbers, many: NDArray[np.int64], least: float) -> float:
    """The chance that the sum of `many` signs of each size is at least `least` away from zero."""
    from scipy import stats

    sums, chances = np.zeros(1), np.ones(1)
    for size, count in zip(sizes, many, strict=True):
        heads = np.arange(count + 1)
        sums = np.add.outer(sums, (2 * heads - count) * size).ravel()
        chances = np.multiply.outer(chances, stats.binom.pmf(heads, count, 0.5)).ravel()
    return min(float(chances[np.abs(sums) >= least].sum()), 1.0)


def mcnemar_p(regressed: int, fixed: int) -> float:
    """The two-sided p of the exact McNemar test: of so many changed cases, none of which has a reason to break."""
    from scipy import stats

    return float(stats.binomtest(regressed, regressed + fixed).pvalue) if regressed + fixed else 1.0


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """The p values adjusted so that the chance of any false alarm among them stays what it is for one (Holm 1979)."""
    adjusted, highest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = highest
    return tuple(adjusted)


def detectable(differences: Sequence[float], clusters: Sequence[str], plan: Plan, tests: int = 1) -> float:
    """The least drop of the mean that a suite finds with `plan.power`, on top of the changes seen.

    Solves d² = (t_alpha + t_power)² · (s + d - d²) / n: s is the clustered variance of the differences a case, and
    d - d² what a drop adds when cases fall from 1 to 0, each on its own (Connor 1987 for McNemar's test; Student's t
    by the number of clusters). Where no case changed, 4 % of them are taken to flip at random, each on its own.
    1 where no drop can be found, because even if all clusters fell, chance could explain it.

    :param tests: How many metrics are judged together: the smallest of their p values has to be below alpha / tests.
    """
    from scipy import stats

    sums, sizes = by_cluster(differences, clusters)
    drawn, cases, alpha = len(sums), len(differences), plan.alpha / tests
    if drawn < 2 or 2.0 ** (1 - drawn) >= alpha:
        return 1.0
    around = sums - sums.sum() / cases * sizes
    spread = float(around @ around) * drawn / (drawn - 1) / cases
    if not np.abs(sums).max() > ROUNDING:
        spread = ASSUMED_FLIPS
    factor = float(stats.t.ppf([1 - alpha / 2, plan.power], drawn - 1).sum()) ** 2 / cases
    return min((factor + math.sqrt(factor**2 + 4 * (1 + factor) * factor * spread)) / (2 * (1 + factor)), 1.0)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values don't exceed (nearest rank); 0 for none."""
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1] if values else 0.0
