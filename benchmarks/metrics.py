"""Measures of rankings and of confidence, each over one question or one set; higher is better, ranks start at 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np


def discounted_gain(grades: Iterable[int]) -> float:
    """Sum of grade / log2(rank + 1), the linear gain of Järvelin & Kekäläinen, TOIS 2002, as in trec_eval."""
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Discounted gain of the first k documents as a share of the best possible one.

    :param grades: Relevance of each judged document; one that isn't judged counts 0.
    """
    best = discounted_gain(sorted(grades.values(), reverse=True)[:k])
    return discounted_gain(grades.get(document, 0) for document in ranking[:k]) / best if best else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Share of the relevant documents that are among the first k."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def success(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """1 where a relevant document is among the first k, else 0."""
    return float(any(grades.get(document, 0) > 0 for document in ranking[:k]))


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The chance that a positive scores higher than a negative; a tie counts half (Mann & Whitney 1947)."""
    low = np.sort(np.asarray(negatives, dtype=np.float64))
    below, not_above = np.searchsorted(low, positives, side="left"), np.searchsorted(low, positives, side="right")
    return float((below + not_above).mean() / 2 / len(low))


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean; not a number for no values."""
    found = list(values)
    return sum(found) / len(found) if found else math.nan


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values don't exceed (nearest rank)."""
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]
