"""Indexes for the benchmarks, kept between runs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.datasets import RUNS, Dataset
from citewell.errors import IndexDamaged, IndexMissing
from citewell.evaluate.matrix import Remembering
from citewell.index import Index, build, open_index
from citewell.readers import discover, load, read
from citewell.types import Document


def folder_for(dataset: Dataset, encoder: str) -> Path:
    """The folder of the index of a set's documents, brought up to date."""
    folder = RUNS / (dataset.name if encoder == "default" else f"{dataset.name}-{encoder.replace('/', '_')}")
    try:
        open_index(folder)
    except IndexDamaged:
        shutil.rmtree(folder)  # made by an earlier version
    except IndexMissing:
        pass
    build([dataset.source], index=folder, encoder=encoder, progress=show_progress)
    return folder


def index_for(dataset: Dataset, encoder: str) -> Index:
    """The index of a set's documents, which encodes each question once."""
    index = open_index(folder_for(dataset, encoder))
    if index.encoder:
        index.encoder = Remembering(index.encoder, {})
    return index


def documents_of(source: Path) -> list[Document]:
    """All documents of a file or a folder, read now."""
    found = (entry for each in discover([source]) for entry in read(each, load(each)))
    return [entry for entry in found if isinstance(entry, Document)]


def show_progress(stage: str, done: int, total: int) -> None:
    """Say on stderr how far a stage has come, about a hundred times."""
    if done == total or done % max(total // 100, 1) == 0:
        print(f"\r{stage} {done:,}/{total:,}", end="\n" if done == total else "", file=sys.stderr, flush=True)
