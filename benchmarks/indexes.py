"""Indexes for the benchmarks: kept between runs, and built anew where the code would cut a document otherwise now."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.datasets import RUNS, Dataset
from citewell.encode import Encoder, Vectors
from citewell.index import Index, build, open_index
from citewell.readers import discover, load, read
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Document


def index_for(dataset: Dataset, encoder: str) -> Index:
    """The index of a set's documents, brought up to date."""
    folder = RUNS / (dataset.name if encoder == "default" else f"{dataset.name}-{encoder.replace('/', '_')}")
    if (folder / "CURRENT").exists() and differs(open_index(folder), dataset.source):
        shutil.rmtree(folder)
    build([dataset.source], index=folder, encoder=encoder, progress=show_progress)
    index = open_index(folder)
    if index.encoder:
        index.encoder = Remembering(index.encoder)
    return index


def documents_of(source: Path) -> list[Document]:
    """All documents of a file or a folder, read now."""
    found = (entry for each in discover([source]) for entry in read(each, load(each)))
    return [entry for entry in found if isinstance(entry, Document)]


def differs(index: Index, source: Path) -> bool:
    """Whether a document of the index would be read or cut in another way now; the builder compares bytes alone."""
    held = {document_id for document_id, _ in index.documents()}
    for document in documents_of(source):
        if document.id in held and index.units(document.id) != split_units(document, Segmentation()):
            return True
    return False


class Remembering:
    """An encoder that encodes the same text once: the rankings compared share each question's vector."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}
        self.name, self.weights, self.dimension = encoder.name, encoder.weights, encoder.dimension

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """See `citewell.encode.Encoder.encode`."""
        for text in texts:
            if text not in self._vectors:
                self._vectors[text] = self._encoder.encode([text])[0]
        return np.stack([self._vectors[text] for text in texts])


def show_progress(stage: str, done: int, total: int) -> None:
    """Say on stderr how far a stage has come, about a hundred times."""
    if done == total or done % max(total // 100, 1) == 0:
        print(f"\r{stage} {done:,}/{total:,}", end="\n" if done == total else "", file=sys.stderr, flush=True)
