"""Dense vectors: per segment the passages' in half precision and the units' in int8, mapped into memory, never read whole.

Half precision keeps cosines to 0.0003 and int8 to 0.002 (benchmarks/JOURNAL.md). A segment of many passages has a FAISS
inverted file beside them, which proposes; the stored vectors decide.
"""

from __future__ import annotations

import mmap
import os
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from citewell.encode import Vectors
from citewell.index.contents import Contents
from citewell.index.generation import as_os_errors
from citewell.index.rows import Scope
from citewell.index.segments import Segment
from citewell.settings import Segmentation, Settings

PASSAGES = "passages.faiss"  # float16, shape (passages, dimension)
INVERTED = "passages.ivf.faiss"  # only in a large segment
UNITS = "units.i8"  # int8, shape (units, dimension): each row scaled to ±127
SCALES = "units.scale.f32"  # float32, shape (units,): multiply a row by its scale
OFFSETS = "units.offsets.i64"  # int64, shape (passages + 1,): the segment's passage p has its units [o[p], o[p + 1])
LOOKED_UP = 32  # questions; each maps some 10 MB of a large segment's units
ADDED = 65_536  # vectors put into an inverted file at a time

Numbers = NDArray[np.int64]


class VectorWriter:
    """Writes the vectors of one segment, in the order of its passages and units."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._dimension = dimension
        self._passages = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._units = (folder / UNITS).open("wb")
        self._scales = (folder / SCALES).open("wb")

    def add_passages(self, vectors: Vectors) -> None:
        """Append float32 rows of length 1."""
        self._passages.add(np.ascontiguousarray(vectors))

    def add_units(self, quantised: NDArray[np.int8], scales: NDArray[np.float32]) -> None:
        """Append quantised rows with their scales."""
        self._units.write(quantised.tobytes())
        self._scales.write(scales.tobytes())

    def close(self, offsets: Sequence[int], settings: Segmentation) -> None:
        """Write everything out; `offsets` count from the segment's first unit."""
        self._units.close()
        self._scales.close()
        np.asarray(offsets, dtype=np.int64).tofile(self._folder / OFFSETS)
        with as_os_errors():
            faiss.write_index(self._passages, str(self._folder / PASSAGES))
        if self._passages.ntotal > settings.exact_passages:
            inverted = inverted_file(self._passages, settings)
            with as_os_errors():
                faiss.write_index(inverted, str(self._folder / INVERTED))


def inverted_file(passages: faiss.IndexScalarQuantizer, settings: Segmentation) -> faiss.IndexIVF:
    """Lists of passages around centroids, four times the square root of their number, codes of one byte a dimension."""
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    count, dimension = passages.ntotal, passages.d
    lists = int(4 * count**0.5)
    quantiser = faiss.IndexFlatIP(dimension)
    inverted = faiss.IndexIVFScalarQuantizer(
        quantiser, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    inverted.cp.niter = settings.centroid_rounds
    step = max(count // (lists * settings.centroid_sample), 1)
    inverted.train(passages.reconstruct_batch(np.arange(0, count, step)))
    for first in range(0, count, ADDED):
        inverted.add(passages.reconstruct_n(first, min(ADDED, count - first)))
    return inverted


def quantise(vectors: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Scale each row to int8. The cosine error stays below 0.002: see benchmarks/JOURNAL.md."""
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-9) / np.float32(127)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


class SegmentVectors:
    """The vectors of one segment; passages and units are numbered from 0 here."""

    def __init__(self, folder: Path, dimension: int, dead: Numbers) -> None:
        self._passages = faiss.read_index(str(folder / PASSAGES), faiss.IO_FLAG_MMAP_IFC)
        inverted = folder / INVERTED
        self._inverted = faiss.read_index(str(inverted), faiss.IO_FLAG_MMAP) if inverted.is_file() else None
        self._dead = faiss.IDSelectorNot(faiss.IDSelectorBatch(dead)) if len(dead) else None
        self.offsets: Numbers = np.fromfile(folder / OFFSETS, dtype=np.int64)
        count = int(self.offsets[-1])
        self._mapped = map_file(folder / UNITS)
        self.units = np.frombuffer(self._mapped, dtype=np.int8).reshape(count, dimension)
        self.scales = np.fromfile(folder / SCALES, dtype=np.float32)
        self._looked_up = 0

    def nearest(
        self, question: Vectors, count: int, allowed: Numbers | None, settings: Settings
    ) -> tuple[Vectors, Numbers]:
        """Cosines and numbers of the `count` nearest passages, best first; exact where they are few or filtered."""
        few = allowed is not None and len(allowed) <= len(self.offsets) * settings.filtered_share
        selector = self._dead if allowed is None else self._bitmap(allowed)
        if self._inverted is None or few:
            parameters = faiss.SearchParameters(sel=selector) if selector else None
            cosines, numbers = self._passages.search(
                question[None], min(count, self._passages.ntotal or 1), params=parameters
            )
        else:
            probes = max(int(self._inverted.nlist * settings.probed_share), settings.least_probed)
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)
            _, numbers = self._inverted.search(question[None], count * settings.refined, params=parameters)
            found = numbers[:, numbers[0] >= 0]
            cosines = (self.passages(found[0]) @ question)[None]
            order = np.lexsort((found[0], -cosines[0]))[:count]
            cosines, numbers = cosines[:, order], found[:, order]
        return cosines[0][numbers[0] >= 0], numbers[0][numbers[0] >= 0]

    def _bitmap(self, allowed: Numbers) -> faiss.IDSelectorBitmap:
        """A selector of passages that costs one bit each, however many there are."""
        bits = np.zeros(len(self.offsets), dtype=bool)
        bits[allowed] = True
        return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))

    def passages(self, numbers: Numbers) -> Vectors:
        """float32 of shape (len(numbers), dimension)."""
        vectors: Vectors = self._passages.reconstruct_batch(numbers)
        return vectors

    def best_units(self, question: Vectors, passages: Numbers) -> Vectors:
        """The highest unit cosine in each passage, shape (len(passages),)."""
        firsts, counts = self.offsets[passages], self.offsets[passages + 1] - self.offsets[passages]
        starts = np.cumsum(counts) - counts
        rows = np.repeat(firsts - starts, counts) + np.arange(counts.sum())
        cosines = (self.units[rows].astype(np.float32) @ question) * self.scales[rows]
        best: Vectors = np.maximum.reduceat(cosines, starts)
        self._let_go()
        return best

    def _let_go(self) -> None:
        """Give back, now and then, the memory that looked-up units are mapped to; it stays in the system's cache."""
        self._looked_up += 1
        if self._looked_up % LOOKED_UP == 0 and isinstance(self._mapped, mmap.mmap):
            self._mapped.madvise(mmap.MADV_DONTNEED)


class VectorReader:
    """Cosines between a question and the passages and units of one generation, by the index's own numbers."""

    def __init__(self, folder: Path, dimension: int, segments: Sequence[Segment], dead: Sequence[Numbers]) -> None:
        self._segments = [segment for segment in segments if segment.size]
        self._vectors = [
            SegmentVectors(folder / segment.name, dimension, numbers - segment.passages[0])
            for segment, numbers in zip(segments, dead, strict=True)
            if segment.size
        ]
        self._dimension = dimension
        self._first_units = [segment.units[0] for segment in self._segments]

    def nearest(self, question: Vectors, count: int, scope: Scope | None, settings: Settings) -> list[int]:
        """The numbers of the `count` passages of the highest cosine, best first; equal ones in the index's order.

        :param scope: None for all that live.
        """
        faiss.omp_set_num_threads(
            1
        )  # of this thread: one question gains nothing from more, and many would wait for each other
        found: list[tuple[float, int]] = []
        for segment, vectors in zip(self._segments, self._vectors, strict=True):
            first, last = segment.passages
            mine = None
            if scope is not None:
                mine = scope.passages[slice(*np.searchsorted(scope.passages, (first, last)))] - first
            if mine is None or len(mine):
                cosines, numbers = vectors.nearest(question, count, mine, settings)
                found += zip((-cosines).tolist(), (numbers + first).tolist(), strict=True)
        return [number for _, number in sorted(found)[:count]]

    def passage_vectors(self, numbers: Sequence[int]) -> Vectors:
        """float32 of shape (len(numbers), dimension)."""
        wanted = np.asarray(numbers, dtype=np.int64)
        result = np.empty((len(wanted), self._dimension), dtype=np.float32)
        for segment, vectors in zip(self._segments, self._vectors, strict=True):
            mine = (wanted >= segment.passages[0]) & (wanted < segment.passages[1])
            if mine.any():
                result[mine] = vectors.passages(wanted[mine] - segment.passages[0])
        return result

    def best_units(self, question: Vectors, passages: Sequence[int]) -> Vectors:
        """The highest unit cosine in each passage, shape (len(passages),)."""
        wanted = np.asarray(passages, dtype=np.int64)
        result = np.empty(len(wanted), dtype=np.float32)
        for segment, vectors in zip(self._segments, self._vectors, strict=True):
            mine = (wanted >= segment.passages[0]) & (wanted < segment.passages[1])
            if mine.any():
                result[mine] = vectors.best_units(question, wanted[mine] - segment.passages[0])
        return result

    def unit_vectors(self, first: int, last: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """The quantised rows of the units [first, last), all of one segment, with their scales."""
        position = bisect_right(self._first_units, first) - 1
        vectors, base = self._vectors[position], self._first_units[position]
        return vectors.units[first - base : last - base], vectors.scales[first - base : last - base]

    def unit_cosines(self, question: Vectors, first: int, last: int) -> Vectors:
        """The cosines of the question with the units [first, last), all of one segment."""
        rows, scales = self.unit_vectors(first, last)
        cosines: Vectors = (rows.astype(np.float32) @ question) * scales
        return cosines


def open_vectors(folder: Path, dimension: int, contents: Contents) -> VectorReader | None:
    """The vectors of a generation; None in a lexical index."""
    if not dimension:
        return None
    dead = [
        [number for gone in contents.catalogue.of(segment.name).documents.values() for number in range(gone.first, gone.last)]
        for segment in contents.segments
    ]  # fmt: skip
    return VectorReader(folder, dimension, contents.segments, [np.array(each, dtype=np.int64) for each in dead])


def map_file(path: Path) -> mmap.mmap | bytes:
    """Map a file into memory; an empty one, which can't be mapped, is no bytes."""
    if not path.stat().st_size:
        return b""
    with path.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
