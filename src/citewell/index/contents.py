"""What a generation holds, read over all its segments: only what lives is seen."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from citewell.index.rows import DocumentRow, FileState, PassageRow, Scope, UnitRow
from citewell.index.segments import Catalogue, Range, Segment
from citewell.index.store import MOST_VARIABLES, Store
from citewell.lexicon import Alias
from citewell.types import Document, SourceClass, Unit

STORE = "store.sqlite"
Key = TypeVar("Key")


class Contents:
    """Documents, units, passages and files by number, id or condition; the stores behind it are opened when needed."""

    def __init__(self, folder: Path, segments: Sequence[Segment], catalogue: Catalogue) -> None:
        self.segments = tuple(segments)
        self.catalogue = catalogue
        self._stores = [Store(folder / segment.name / STORE) for segment in segments]
        losses = [catalogue.of(segment.name) for segment in segments]
        self.dead = frozenset(number for each in losses for number in each.documents)
        self._dead_files = frozenset(number for each in losses for number in each.files)
        self.lost_stems = frozenset(stem for each in losses for stem in each.stems)

    def check(self) -> None:
        """Read a little of every store; sqlite3.DatabaseError where one can't be read."""
        for store in self._stores:
            store.count("sections")

    def _store(self, number: int, ranges: Callable[[Segment], Range]) -> Store | None:
        """The store whose range holds a number."""
        position = bisect_right(self.segments, number, key=lambda segment: ranges(segment)[0]) - 1
        while position >= 0 and ranges(self.segments[position])[0] == ranges(self.segments[position])[1]:
            position -= 1  # a segment of none
        return self._stores[position] if position >= 0 and number < ranges(self.segments[position])[1] else None

    def segment_of(self, document: int) -> Segment:
        """The segment that holds a document."""
        return self.segments[bisect_right(self.segments, document, key=lambda segment: segment.documents[0]) - 1]

    def find(self, document_id: str) -> DocumentRow | None:
        """The document of an id."""
        return next(self.rows("id = ?", (document_id,)), None)

    def rows(self, where: str = "TRUE", values: Sequence[object] = ()) -> Iterator[DocumentRow]:
        """The documents that a condition selects, in the order of ids."""
        found = heapq.merge(*(store.rows(where, values) for store in self._stores), key=lambda row: row.id)
        return (row for row in found if row.number not in self.dead)

    def content(self, number: int) -> tuple[str, str]:
        """A document's text and its blocks as JSON."""
        store = self._store(number, lambda segment: segment.documents)
        if store is None:
            raise KeyError(number)
        return store.content(number)

    def document(self, key: int | str) -> Document | None:
        """One document by its number or its id."""
        if isinstance(key, str):
            row = self.find(key)
            return self.document(row.number) if row else None
        store = self._store(key, lambda segment: segment.documents)
        return store.document(key) if store and key not in self.dead else None

    def without_blocks(self, number: int) -> Document:
        """One document by its number, without its blocks; KeyError if there is none."""
        store = self._store(number, lambda segment: segment.documents)
        document = store.document(number, blocks=False) if store else None
        if document is None:
            raise KeyError(number)
        return document

    def sections(self, document_id: str) -> tuple[tuple[str, ...], ...]:
        """The section paths of a document that hold units, in order."""
        row = self.find(document_id)
        store = self._store(row.number, lambda segment: segment.documents) if row else None
        return store.sections(row.number) if row and store else ()

    def units_of(self, document: int) -> list[UnitRow]:
        """The units of a document, in order."""
        store = self._store(document, lambda segment: segment.documents)
        return store.units("units.document = ?", (document,)) if store else []

    def units_by_id(self, document_id: str) -> tuple[Unit, ...]:
        """The units of the document of an id, in order."""
        row = self.find(document_id)
        return tuple(found.unit for found in self.units_of(row.number)) if row else ()

    def units_around(self, first: int, last: int) -> tuple[UnitRow, ...]:
        """The units numbered [first, last), all of one segment, with its unit before them and the one after them."""
        store = self._store(first, lambda segment: segment.units)
        return tuple(store.units("units.n >= ? AND units.n <= ?", (first - 1, last))) if store else ()

    def passages(self, numbers: Sequence[int]) -> dict[int, PassageRow]:
        """The passages with the given numbers."""
        found: dict[int, PassageRow] = {}
        for segment, store in zip(self.segments, self._stores, strict=True):
            first, last = segment.passages
            mine = [number for number in numbers if first <= number < last]
            for start in range(0, len(mine), MOST_VARIABLES):
                found |= {row.number: row for row in store.passages(mine[start : start + MOST_VARIABLES])}
        return found

    def passages_of(self, document: int) -> list[PassageRow]:
        """The passages of a document, in order."""
        store = self._store(document, lambda segment: segment.documents)
        return store.passages_of(document) if store else []

    def scope(self, classes: Sequence[SourceClass], documents: Sequence[int]) -> Scope:
        """The passages of the given classes and documents; none given means any."""
        found = [number for store in self._stores for number in store.passages_in(classes, documents)]
        gone = (dead for losses in self.catalogue.losses.values() for dead in losses.documents.values())
        out = {number for dead in gone for number in range(dead.first, dead.last)}
        living = np.array([number for number in found if number not in out], dtype=np.int64)
        return Scope(tuple(classes), tuple(documents), living)

    def aliases(self) -> dict[Alias, int]:
        """The names with a second name that the documents state, each with the number of documents that do."""
        counts = added(store.aliases() for store in self._stores)
        lost = added(losses.names for losses in self.catalogue.losses.values())
        living = {alias: count - lost.get(alias, 0) for alias, count in counts.items()}
        return {alias: count for alias, count in living.items() if count > 0}

    def glossary(self) -> tuple[Alias, ...]:
        """The names that the users' own glossaries give, in the order of their files."""
        return tuple(alias for _, aliases in sorted(self.catalogue.glossaries.items()) for alias in aliases)

    def vocabulary(self) -> dict[str, int]:
        """Each word of the corpus with the number of documents that hold it."""
        counts = added(store.vocabulary() for store in self._stores)
        for word, count in added(losses.words for losses in self.catalogue.losses.values()).items():
            counts[word] -= count
            if not counts[word]:
                del counts[word]
        return counts

    def repeated(self, least: int) -> frozenset[str]:
        """The keys of what so many documents hold that it is furniture."""
        counts = added(store.repeats() for store in self._stores)
        lost = added(losses.repeats for losses in self.catalogue.losses.values())
        return frozenset(key for key, count in counts.items() if count - lost.get(key, 0) >= least)

    def files(self, where: str = "TRUE", values: Sequence[object] = ()) -> Iterator[tuple[int, FileState]]:
        """What became of the files that a condition selects, with their numbers, in the order of paths."""
        found = heapq.merge(*(store.files(where, values) for store in self._stores), key=lambda entry: entry[1].path)
        return (entry for entry in found if entry[0] not in self._dead_files)

    def counts(self) -> Iterator[tuple[str, int, int]]:
        """Yield (path, sections, units) of every document."""
        for store in self._stores:
            for number, *counts in store.connection.execute("SELECT n, path, sections, units FROM documents"):
                if number not in self.dead:
                    yield counts[0], counts[1], counts[2]

    def path_of(self, document_id: str) -> str:
        """The file of a document, of one taken out too; empty if there is none."""
        row = self.find(document_id)
        return row.path if row else self.catalogue.removed.get(document_id, "")


def added(counts: Iterable[Mapping[Key, int]]) -> dict[Key, int]:
    """The sums of several counts; the first is large as a rule, and the others small."""
    total: dict[Key, int] = {}
    for each in counts:
        if not total:
            total = dict(each)
            continue
        for key, count in each.items():
            total[key] = total.get(key, 0) + count
    return total
