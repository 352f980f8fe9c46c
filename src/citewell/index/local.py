"""An index on this machine, opened for reading; safe to use from many threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import IO, ParamSpec, TypeVar

import numpy as np

from citewell.encode import CrossEncoder, Encoder, Vectors, cross_encoder_for, open_encoder
from citewell.errors import EncoderMissing, IndexDamaged, UsageError
from citewell.index.changes import Changes
from citewell.index.contents import Contents
from citewell.index.generation import current_folder, damaged_parts, hold, read_manifest, readable
from citewell.index.lexical import LexicalReader
from citewell.index.rows import PassageRow, Scope, UnitRow
from citewell.index.segments import read_catalogue
from citewell.index.vectors import open_vectors
from citewell.lexicon import Lexicon
from citewell.records import metadata_from_json
from citewell.repeats import repeat_key, without_repeats
from citewell.settings import Segmentation
from citewell.types import Document, Metadata, SourceClass, Unit

CORES = os.cpu_count() or 1
APART = 50_000  # passages; below, a look-up takes less time than handing it to another thread
P = ParamSpec("P")
T = TypeVar("T")
RETRIES = 5  # times that opening is tried while builds replace the index


@dataclass(frozen=True, slots=True)
class FileReport:
    """The state of one indexed file: "ok", or "skipped" or "failed" with the reason."""

    document_id: str
    path: str
    state: str
    reason: str | None
    sections: int
    units: int


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds and what it was made with."""

    documents: int
    units: int
    passages: int
    encoder: str
    weights: str
    fingerprint: str
    size_bytes: int
    files: tuple[FileReport, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that `verify` found to differ from what was indexed."""

    document_id: str
    what: str


class Index:
    """One generation, held open: what a reader opened stays the same until it opens anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder, self._held = hold_current(path)
        self.manifest = read_manifest(self.folder)
        with readable(self.folder):
            self._contents = Contents(self.folder, self.manifest.segments, read_catalogue(self.folder))
            self._contents.check()
            self.lexical = LexicalReader(self.folder, self._contents.lost_stems)
            self.vectors = open_vectors(self.folder, self.manifest.dimension, self._contents)
        self._changes = Changes()
        self._lock, self._running = Lock(), 0
        self._waiting: deque[Lock] = deque()
        # Of the contents' methods, not of its own: an index that nobody uses any more lets go of its generation at once.
        self._units = lru_cache(maxsize=64)(self._contents.units_by_id)
        self._document = lru_cache(maxsize=256)(self._contents.document)
        self._bare_document = lru_cache(maxsize=256)(self._contents.without_blocks)
        self._passages = lru_cache(maxsize=16)(self._contents.passages)
        self._sections = lru_cache(maxsize=256)(self._contents.sections)
        self._units_around = lru_cache(maxsize=1024)(self._contents.units_around)
        self._scope = lru_cache(maxsize=16)(self._contents.scope)

    @cached_property
    def encoder(self) -> Encoder | None:
        """The encoder that the index was built with; None for a lexical index."""
        encoder = open_encoder(self.manifest.encoder)
        if encoder and encoder.weights != self.manifest.weights:
            raise EncoderMissing(
                f"expected the weights {self.manifest.weights[:16]}… of {self.manifest.encoder}, found "
                f"{encoder.weights[:16]}…. Restore that model, or build the index again: citewell index --index {self.path}"
            )
        return encoder

    @cached_property
    def cross_encoder(self) -> CrossEncoder | None:
        """What reads a question and a candidate together; None beside another encoder than the default one."""
        return cross_encoder_for(self.manifest.weights)

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The keys of the disclaimers and menu lines that many documents share."""
        return self._contents.repeated(Segmentation().repeated_documents)

    def is_furniture(self, text: str) -> bool:
        """Whether a unit's text is a disclaimer or menu line that many documents share."""
        return bool(self.repeated) and repeat_key(text) in self.repeated

    @cached_property
    def workers(self) -> ThreadPoolExecutor:
        """Threads for look-ups that can be made at the same time."""
        return ThreadPoolExecutor(CORES, thread_name_prefix="citewell")

    def beside(self, look_up: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Callable[[], T]:
        """Start a look-up beside others, and return how to get its result; in a small index it is made at once."""
        if self.manifest.passages < APART:
            found = look_up(*arguments, **named)
            return lambda: found
        return self.workers.submit(look_up, *arguments, **named).result

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn: few questions are answered at a time, in the order in which they came."""
        gate = Lock()
        gate.acquire()
        with self._lock:
            self._waiting.append(gate)
            self._call()
        gate.acquire()
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                self._call()

    def _call(self) -> None:
        """Let the first who wait go on while there is room."""
        while self._waiting and self._running < CORES + 1:
            self._running += 1
            self._waiting.popleft().release()

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names and words of this index."""
        return Lexicon(self._contents.aliases(), self._contents.vocabulary(), self._contents.glossary())

    def documents(self) -> tuple[tuple[str, Metadata], ...]:
        """Every document's id and metadata, in the order of ids."""
        return tuple((row.id, metadata_from_json(row.metadata)) for row in self._contents.rows())

    def contents(self) -> Iterator[tuple[str, str]]:
        """Yield the id and the SHA-256 of every document, in the order of ids."""
        return ((row.id, row.sha256) for row in self._contents.rows())

    def roots(self) -> tuple[Path, ...]:
        """The files and folders that the index is made from."""
        return tuple(map(Path, self._contents.catalogue.roots))

    def has_document(self, document_id: str) -> bool:
        """Whether a document of that id is indexed."""
        return document_id.isprintable() and self._document(document_id) is not None

    def document(self, document_id: str) -> Document:
        """A document by its id; UsageError if there is none."""
        document = self._document(document_id) if document_id.isprintable() else None
        if document is None:
            raise UsageError(f"expected the id of an indexed document, found {document_id!r}. See: citewell status")
        return without_repeats(document, self.units(document_id), self.repeated) if self.repeated else document

    def bare_document(self, number: int) -> Document:
        """A document by its number, without its blocks: they take long to read, and quoting needs none."""
        return self._bare_document(number)

    def sections(self, document_id: str) -> tuple[tuple[str, ...], ...]:
        """The section paths of a document that hold units, in order."""
        return self._sections(document_id)

    def units(self, document_id: str) -> tuple[Unit, ...]:
        """The units of a document, in order."""
        return self._units(document_id)

    def passages(self, numbers: Sequence[int]) -> Mapping[int, PassageRow]:
        """Passages by number."""
        return self._passages(tuple(numbers))

    def units_around(self, first: int, last: int) -> tuple[UnitRow, ...]:
        """The units numbered [first, last), with the one before them and the one after them."""
        return self._units_around(first, last)

    def encode(self, text: str) -> Vectors | None:
        """The vector of a question, shape (dimension,); None in a lexical index."""
        return self.encoder.encode([text])[0] if self.encoder else None

    def passages_with(self, stem: str) -> int:
        """The number of passages that hold a stem."""
        return self.lexical.passages_with(stem)

    def allowed(self, classes: Sequence[SourceClass], documents: Sequence[str]) -> Scope | None:
        """The passages of the given classes and documents, None for all; UsageError for an unknown document."""
        for document_id in documents:
            self.document(document_id)
        if not classes and not documents:
            return None
        rows = (self._contents.find(document_id) for document_id in dict.fromkeys(documents))
        return self._scope(tuple(dict.fromkeys(classes)), tuple(row.number for row in rows if row))

    def unit_cosines(self, question: Vectors | None, first: int, last: int) -> Vectors:
        """The cosines of a question with the units numbered [first, last); zeros in a lexical index."""
        if question is None or self.vectors is None:
            return np.zeros(last - first, dtype=np.float32)
        return self.vectors.unit_cosines(question, first, last)

    def best_units(self, question: Vectors, passages: Sequence[int]) -> Vectors:
        """The highest unit cosine in each passage, shape (len(passages),)."""
        if self.vectors is None:
            return np.zeros(len(passages), dtype=np.float32)
        return self.vectors.best_units(question, passages)

    def status(self) -> Status:
        """What the index holds."""
        manifest = self.manifest
        size = sum(size for size, _ in manifest.parts.values())
        return Status(manifest.documents, manifest.units, manifest.passages, manifest.encoder, manifest.weights,
                      manifest.fingerprint, size, self._file_reports())  # fmt: skip

    def _file_reports(self) -> tuple[FileReport, ...]:
        counts: dict[str, tuple[int, int]] = {}
        for path, sections, units in self._contents.counts():
            before = counts.get(path, (0, 0))
            counts[path] = (before[0] + sections, before[1] + units)
        return tuple(
            FileReport(
                file.document_id,
                file.path,
                "skipped" if file.skipped else "failed" if file.reason else "ok",
                file.reason,
                *counts.get(file.path, (0, 0)),
            )
            for _, file in self._contents.files()
        )

    def verify(self) -> tuple[Problem, ...]:
        """Check every part against its hash, then every document against its file's own bytes."""
        from citewell.index.verify import damaged_documents  # it needs the readers, which take long to load

        problems = [
            Problem(name, "the index's part differs from what was written")
            for name in damaged_parts(self.folder, self.manifest)
        ]
        if problems:
            return tuple(problems)
        by_path: dict[str, set[str]] = {}
        for row in self._contents.rows():
            by_path.setdefault(row.path, set()).add(row.id)
        files = (file for _, file in self._contents.files())
        return tuple(Problem(*each) for each in sorted(damaged_documents(self, files, by_path)))

    def is_current(self, document_id: str) -> bool:
        """Whether a document's file still says what was indexed."""
        path = self.document(document_id).path
        return document_id not in self._changes.of(path, lambda: self._changed_in(path))

    def _changed_in(self, path: str) -> frozenset[str]:
        from citewell.index.verify import changed_in

        file = next((file for _, file in self._contents.files("path = ?", (path,))), None)
        return changed_in(self, file, path, {row.id for row in self._contents.rows() if row.path == path})


def hold_current(path: Path) -> tuple[Path, IO[bytes]]:
    """The current generation, held; taken again if a build replaced it in between."""
    for _ in range(RETRIES):
        folder = current_folder(path)
        try:
            return folder, hold(folder)
        except FileNotFoundError:
            continue
    raise IndexDamaged(f"expected {path} to hold still, found it replaced {RETRIES} times. Try again.")


def open_index(path: Path) -> Index:
    """Open an index; IndexMissing if there is none, IndexDamaged if its parts are not what they should be."""
    return Index(Path(path))
