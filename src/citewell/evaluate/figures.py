"""What a whole run comes to: the shapes that summaries fill and reports draw."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure over the cases that it applies to, with its 95 % interval where it has one."""

    name: str
    cases: int
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in [low, high): how sure they were, and how many were right."""

    low: float
    high: float
    cases: int
    confidence: float  # mean
    accuracy: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures, over the cases of its headline.

    :param risk_coverage: (share answered, share of those answered that is wrong), by falling confidence.
    :param stages: How many cases went wrong at each stage, in the order of the stages.
    :param harmful: Critical questions without an answer that were answered all the same, of `critical_refusals`;
        `harmful_bound` is the 95 % upper bound of their share.
    """

    cases: int
    answerable: int
    passed: int
    figures: tuple[Figure, ...]
    reliability: tuple[Bin, ...]
    risk_coverage: tuple[tuple[float, float], ...]
    stages: tuple[tuple[str, int], ...]
    harmful: int
    critical_refusals: int
    harmful_bound: float

    def of(self, name: str) -> Figure | None:
        """One figure by its name."""
        return next((figure for figure in self.figures if figure.name == name), None)
