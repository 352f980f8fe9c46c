"""What an encoder is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors of length 1; the same text always gives the same vector."""

    name: str
    weights: str  # SHA-256 of the weights

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Return float32 of shape (len(texts), dimension), rows of length 1.

        :param progress: Told the number of texts done after each batch.
        """


class CrossEncoder(Protocol):
    """Reads a question and a text together; the same pair always gives the same number."""

    def lengths(self, question: str, texts: Sequence[str]) -> list[int]:
        """How many word pieces each text makes with the question, which is what reading it costs."""

    def log_odds(self, question: str, texts: Sequence[str]) -> list[float]:
        """That each text answers the question, as log-odds."""
