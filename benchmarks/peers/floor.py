"""The floor: Citewell's model alone, on exactly the texts that Citewell encodes, and on each question."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.peers.protocol import Task, measure
from citewell import build_index
from citewell.encode import Encoder, Vectors, open_encoder


class Recorder:
    """An encoder that notes what it is given and encodes nothing: all its vectors are alike."""

    def __init__(self, like: Encoder) -> None:
        self.name, self.weights, self.dimension = like.name, like.weights, like.dimension
        self.batches: list[list[str]] = []

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Note the texts. See `citewell.encode.Encoder.encode`."""
        self.batches.append(list(texts))
        return np.full((len(texts), self.dimension), self.dimension**-0.5, dtype=np.float32)


def load(task: Task) -> tuple[Encoder, list[list[str]]]:
    """The model, ready, and the texts in the batches in which a build encodes them."""
    encoder = open_encoder("default")
    assert encoder is not None  # only "none" opens none
    encoder.encode(["ready"])
    recorder = Recorder(encoder)
    with tempfile.TemporaryDirectory() as folder, patch("citewell.index.builder.open_encoder", lambda _: recorder):
        build_index([task.corpus], index=Path(folder) / "index")
    return encoder, recorder.batches


def index(_: Task, ready: tuple[Encoder, list[list[str]]]) -> Encoder:
    """Encode the texts of all documents."""
    encoder, batches = ready
    for batch in batches:
        encoder.encode(batch)
    return encoder


def rank(encoder: Encoder, question: str) -> list[str]:
    """Encode the question; rank nothing."""
    encoder.encode([question])
    return []


if __name__ == "__main__":
    measure(load, index, rank, ["citewell"])
