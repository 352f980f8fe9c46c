"""A candidate with what is known of whether it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from citewell.answer.abstain import log_odds
from citewell.answer.evidence import Candidate


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with the probability that it answers; its score counts both.

    :param read: Log-odds by the cross-encoder; None where it wasn't read.
    """

    candidate: Candidate
    confidence: float
    read: float | None = None

    @property
    def log_odds(self) -> float:
        """ln(p / (1 - p)), what the confidence model adds up."""
        return log_odds(self.confidence)

    def scored(self, score: float) -> Judged:
        """The same with a score."""
        return replace(self, candidate=self.candidate.scored(score))
