"""Dense vectors of one generation: FAISS for passages, memory-mapped int8 for units."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import faiss
import numpy as np
from numpy.typing import NDArray

from citewell.encode import Vectors

PASSAGES = "passages.faiss"
UNITS = "units.i8"  # int8, shape (units, dimension): each row scaled to ±127
SCALES = "units.scale.f32"  # float32, shape (units,): multiply a row by its scale
OFFSETS = "units.offsets.i64"  # int64, shape (passages + 1,): passage p has the units [o[p], o[p + 1])


class VectorWriter:
    """Writes vectors in the order of passages and units."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._passages = faiss.IndexFlatIP(dimension)
        self._units = (folder / UNITS).open("wb")
        self._scales = (folder / SCALES).open("wb")

    def add_passages(self, vectors: Vectors) -> None:
        """Append float32 rows of length 1."""
        self._passages.add(np.ascontiguousarray(vectors))

    def add_units(self, quantised: NDArray[np.int8], scales: NDArray[np.float32]) -> None:
        """Append quantised rows with their scales."""
        self._units.write(quantised.tobytes())
        self._scales.write(scales.tobytes())

    def close(self, offsets: Sequence[int]) -> None:
        """Write everything out."""
        self._units.close()
        self._scales.close()
        np.asarray(offsets, dtype=np.int64).tofile(self._folder / OFFSETS)
        faiss.write_index(self._passages, str(self._folder / PASSAGES))


def quantise(vectors: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Scale each row to int8. The cosine error stays below 0.002: see benchmarks/JOURNAL.md."""
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-9) / np.float32(127)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


class VectorReader:
    """Cosines between a question and the passages and units of one generation."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._passages = faiss.read_index(str(folder / PASSAGES))
        self.offsets: NDArray[np.int64] = np.fromfile(folder / OFFSETS, dtype=np.int64)
        count = int(self.offsets[-1]) if len(self.offsets) else 0
        self._units = map_array(folder / UNITS, np.int8, (count, dimension))
        self._scales = map_array(folder / SCALES, np.float32, (count,))

    def nearest(self, question: Vectors, count: int, allowed: Sequence[int] | None) -> list[int]:
        """The numbers of the `count` passages of the highest cosine, best first."""
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)
        _, numbers = self._passages.search(question[None], min(count, self._passages.ntotal or 1), params=parameters)
        return [int(number) for number in numbers[0] if number >= 0]

    def passage_vectors(self, numbers: Sequence[int]) -> Vectors:
        """float32 of shape (len(numbers), dimension)."""
        vectors: Vectors = self._passages.reconstruct_batch(np.asarray(numbers, dtype=np.int64))
        return vectors

    def unit_vectors(self, first: int, last: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """The quantised rows of the units [first, last), with their scales."""
        return self._units[first:last], self._scales[first:last]

    def unit_cosines(self, question: Vectors, first: int, last: int) -> Vectors:
        """The cosines of the question with the units [first, last)."""
        cosines: Vectors = (self._units[first:last].astype(np.float32) @ question) * self._scales[first:last]
        return cosines


Scalar = TypeVar("Scalar", bound=np.generic)


def map_array(path: Path, kind: type[Scalar], shape: tuple[int, ...]) -> NDArray[Scalar]:
    """Map a raw array into memory; an empty file, which can't be mapped, gives an empty array."""
    if shape[0] == 0:
        return np.zeros(shape, dtype=kind)
    return np.memmap(path, dtype=kind, mode="r", shape=shape)
