"""Measures of a ranking of documents: rank is the order, so no two are tied, and a document counts where it first stands.

`grades` holds the grade of each judged document; above 0 it is relevant, and one that isn't judged counts 0. A ranking
without documents scores 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence


def first(ranking: Sequence[str], k: int) -> list[str]:
    """The first k different documents."""
    return list(dict.fromkeys(ranking))[:k]


def discounted_gain(grades: Iterable[int]) -> float:
    """Sum of grade / log2(rank + 1), the linear gain of Järvelin & Kekäläinen, TOIS 2002, as in trec_eval."""
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Discounted gain of the first k documents, as a share of the best possible one over all that is judged."""
    best = discounted_gain(sorted(grades.values(), reverse=True)[:k])
    return discounted_gain(grades.get(document, 0) for document in first(ranking, k)) / best if best else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Share of the relevant documents that are among the first k; below 1 where there are more than k."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant.intersection(first(ranking, k))) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """1 / rank of the first relevant document; 0 where none is among the first k (Voorhees, TREC-8, 1999)."""
    ranks = (rank for rank, document in enumerate(first(ranking, k), start=1) if grades.get(document, 0) > 0)
    return 1 / next(ranks, math.inf)


def success(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """1 where a relevant document is among the first k, else 0."""
    return float(any(grades.get(document, 0) > 0 for document in first(ranking, k)))


def judged(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Share of the first k documents that somebody judged: where it is low, the other measures say little."""
    top = first(ranking, k)
    return sum(document in grades for document in top) / len(top) if top else 0.0
