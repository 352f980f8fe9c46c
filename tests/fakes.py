"""An encoder without a model, and small libraries of made-up documents that are indexed with it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citewell.encode import NONE, Encoder, Vectors
from citewell.index import Index, Report, build, open_index
from citewell.lexicon import analyse

DIMENSION = 256  # bits of the hash of a word
IN_MEMORY = "/dev/shm"  # where there is one: an index is synced to its disk many times, and no test is about the disk
FRONT = "---\ntitle: {title}\nsource_class: {source_class}\n---\n\n"

# Two made-up drugs with names that end as drug names do. Only one of them has a dose; both have side effects.
ALPHAMAB = (
    FRONT.format(title="Alphamab", source_class="monograph")
    + """# Alphamab

## Dose

For brittle bones, the dose of alphamab is 60 mg under the skin once every 6 months. It is given by a nurse.

## Side effects

Common side effects of alphamab:

- headache
- itching of the skin
- pain in the back

Alphamab does not harm the liver. However, one jaundice was seen in 1,200 people on alphamab.

Storage of alphamab: in the refrigerator at 5 °C
"""
)
BETAMAB = (
    FRONT.format(title="Betamab", source_class="label")
    + """# Betamab

## Side effects

Betamab often causes sneezing, and in rare cases a swollen tongue. Headache was seen in 3.5 % of people on betamab.

## Mechanism of action

Betamab binds a protein of the mast cells. It thereby blocks the release of histamine.
"""
)
LEAFLET = (
    FRONT.format(title="Leaflet on alphamab", source_class="web")
    + """# Leaflet on alphamab

## How much is given

For brittle bones, the dose of alphamab is 120 mg under the skin once every 4 weeks.

## Other effects

Alphamab does not harm the liver.
"""
)
DRUGS = {"alphamab.md": ALPHAMAB, "betamab.md": BETAMAB, "leaflet.md": LEAFLET}


@cache
def word_vector(word: str) -> Vectors:
    """A direction of the word's own: +1 or -1 by the bits of its hash."""
    digest = np.frombuffer(hashlib.blake2b(word.encode(), digest_size=DIMENSION // 8).digest(), dtype=np.uint8)
    return np.unpackbits(digest).astype(np.float32) * 2 - 1


@dataclass
class WordHashEncoder:
    """Texts that share word stems lie close together, others at right angles; no chance is involved.

    :param encoded: Every text that was ever given, in order.
    :param fail_after: Raise once this many texts have been given: a crash in the middle of a build.
    """

    name: str = "word-hash"
    weights: str = "f" * 64
    dimension: int = DIMENSION
    encoded: list[str] = field(default_factory=list)
    fail_after: int | None = None

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """See `citewell.encode.Encoder`."""
        self.encoded += texts
        if self.fail_after is not None and len(self.encoded) > self.fail_after:
            raise MemoryError("the machine ran out of memory")
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in analyse(text) or ["(nothing)"]:
                vectors[row] += word_vector(word)
        if progress and texts:
            progress(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-6), dtype=np.float32)


@dataclass
class Library:
    """A folder of documents beside the index that is made of them."""

    folder: Path
    index: Path
    encoder: WordHashEncoder

    def write(self, documents: Mapping[str, str]) -> None:
        """Write documents by name, in the order given."""
        for name, text in documents.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def build(self, *paths: Path, **options: Any) -> Report:
        """Index the folder, or the given paths."""
        return build(list(paths) or [self.folder], index=self.index, **options)

    def build_as_last_time(self, **options: Any) -> Report:
        """Bring the index up to date without naming any path."""
        return build([], index=self.index, **options)

    def open(self) -> Index:
        """Open the index anew."""
        return open_index(self.index)


def install(patch: pytest.MonkeyPatch) -> WordHashEncoder:
    """Have indexes built and opened with one word-hash encoder, whatever model they name."""
    encoder = WordHashEncoder()

    def open_fake(name: str) -> Encoder | None:
        return None if name == NONE else encoder

    patch.setattr("citewell.index.builder.open_encoder", open_fake)
    patch.setattr("citewell.index.local.open_encoder", open_fake)
    return encoder


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder that goes away, in memory where the system has such folders."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None) as name:
        yield Path(name)


def library(
    patch: pytest.MonkeyPatch, folder: Path, documents: Mapping[str, str] | None = None, **options: Any
) -> Library:
    """A library in a folder, indexed if documents are given."""
    made = Library(folder / "documents", folder / "index", install(patch))
    made.folder.mkdir()
    if documents is not None:
        made.write(documents)
        made.build(**options)
    return made
