"""Whether confidence means something: does it tell right from wrong, and is it as high as it should be.

`confidences` are 0..1; `right` says of each whether what it stood for was right. Answers of equal confidence can't be
told apart by any threshold, so no measure depends on their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from citewell.evaluate.figures import Bin
from citewell.evaluate.plan import Plan

BINS = 10  # of equal mass, as in Naeini, AAAI 2015
Numbers = NDArray[np.float64]


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The chance that a positive scores higher than a negative; a tie counts half (Mann & Whitney 1947)."""
    low = np.sort(np.asarray(negatives, dtype=np.float64))
    below, not_above = np.searchsorted(low, positives, side="left"), np.searchsorted(low, positives, side="right")
    return float((below + not_above).mean() / 2 / len(low))


def squared_errors(confidences: Sequence[float], right: Sequence[bool]) -> list[float]:
    """(confidence - right)² of each; their mean is the score of Brier, Monthly Weather Review 1950. 0 is best."""
    return [(confidence - good) ** 2 for confidence, good in zip(confidences, right, strict=True)]


def brier(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The mean squared error of the confidence."""
    return sum(squared_errors(confidences, right)) / len(confidences)


def bin_starts(ordered: Numbers) -> NDArray[np.int64]:
    """Where each bin of equal mass begins among confidences in rising order; equal ones are in one bin."""
    firsts = np.searchsorted(ordered, ordered, side="left")  # of the group of equal ones, for each
    bins = firsts * BINS // len(ordered)
    return np.flatnonzero(np.diff(bins, prepend=-1)).astype(np.int64)


def reliability(confidences: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    """Bins of about equal mass, lowest first, from 0 to 1; a bin ends where the next one's least confidence is."""
    order = np.argsort(confidences, kind="stable")
    ordered, good = np.asarray(confidences, dtype=np.float64)[order], np.asarray(right, dtype=np.float64)[order]
    if not len(ordered):
        return ()
    starts = bin_starts(ordered)
    edges = [0.0, *(float(ordered[start]) for start in starts[1:]), 1.0]
    parts = zip(np.split(ordered, starts[1:]), np.split(good, starts[1:]), strict=True)
    return tuple(
        Bin(low, high, len(sure), float(sure.mean()), float(truth.mean()))
        for (sure, truth), low, high in zip(parts, edges, edges[1:], strict=False)
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """ECE: the mean distance between confidence and accuracy over bins, weighed by their cases (Guo, ICML 2017)."""
    return sum(each.cases * abs(each.accuracy - each.confidence) for each in bins) / sum(each.cases for each in bins)


def null_errors(confidences: Sequence[float], plan: Plan) -> Numbers:
    """The ECE that a perfectly calibrated confidence shows on as many cases, in `plan.resamples` seeded draws.

    ECE is above 0 by chance alone, the more so the fewer cases: what is within these says nothing against a confidence.
    """
    ordered = np.sort(np.asarray(confidences, dtype=np.float64))
    drawn = np.random.default_rng(plan.seed).random((plan.resamples, len(ordered))) < ordered
    gaps = np.add.reduceat(drawn - ordered, bin_starts(ordered), axis=1)
    return np.asarray(np.abs(gaps).sum(axis=1) / len(ordered), dtype=np.float64)


def thresholds(confidences: Sequence[float], right: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield (cases, wrong ones) of equal confidence, highest first."""
    pairs = sorted(zip(confidences, right, strict=True), key=itemgetter(0), reverse=True)
    for _, group in groupby(pairs, key=itemgetter(0)):
        found = [good for _, good in group]
        yield len(found), len(found) - sum(found)


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> tuple[tuple[float, float], ...]:
    """(share answered, share of those that is wrong) at each threshold, highest first (El-Yaniv & Wiener, JMLR 2010)."""
    answered = wrong = 0
    points = []
    for cases, errors in thresholds(confidences, right):
        answered, wrong = answered + cases, wrong + errors
        points.append((answered / len(confidences), wrong / answered))
    return tuple(points)


def expected_errors(confidences: Sequence[float], right: Sequence[bool]) -> Numbers:
    """How many of the first 1, 2, … n by falling confidence are wrong, on average over the orders of equal ones."""
    shares = [np.full(cases, errors / cases) for cases, errors in thresholds(confidences, right)]
    return np.asarray(np.cumsum(np.concatenate(shares)), dtype=np.float64)


def aurc(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Mean over i of the share of wrong ones among the i most confident (Geifman & El-Yaniv, NeurIPS 2017). 0 is best."""
    return float((expected_errors(confidences, right) / np.arange(1, len(confidences) + 1)).mean())


def augrc(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Mean over i of the wrong ones among the i most confident, as a share of all (Traub, NeurIPS 2024). 0 is best.

    The chance that a case is answered and wrong, on average over all thresholds: low ones don't weigh more, as in AURC.
    """
    return float(expected_errors(confidences, right).mean() / len(confidences))


def coverage_at(points: Sequence[tuple[float, float]], risk: float) -> float:
    """The most that can be answered with at most this share of it wrong; 0 where no threshold does it."""
    return max((covered for covered, wrong in points if wrong <= risk), default=0.0)
