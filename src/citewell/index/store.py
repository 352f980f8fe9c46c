"""The one truth of a segment: its documents, units, passages and files in a SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from citewell.index.rows import (
    DocumentRow,
    FileState,
    PassageRow,
    UnitRow,
    section_from_json,
    unit_from_row,
)
from citewell.lexicon import Alias
from citewell.records import CLASSES, document_columns, document_from_columns
from citewell.types import Document, SourceClass

SCHEMA = """
CREATE TABLE documents (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, root TEXT NOT NULL,
  sha256 TEXT NOT NULL, metadata TEXT NOT NULL, characters INTEGER NOT NULL, units INTEGER NOT NULL DEFAULT 0,
  sections INTEGER NOT NULL DEFAULT 0);
CREATE TABLE texts (n INTEGER PRIMARY KEY, text TEXT NOT NULL, blocks TEXT NOT NULL);
CREATE TABLE sections (n INTEGER PRIMARY KEY, path TEXT NOT NULL);
CREATE TABLE units (n INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  kind TEXT NOT NULL, section INTEGER NOT NULL, class TEXT NOT NULL, page INTEGER, lead_start INTEGER, lead_end INTEGER,
  block INTEGER NOT NULL, place TEXT);
CREATE TABLE passages (n INTEGER PRIMARY KEY, document INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, class TEXT NOT NULL);
CREATE TABLE files (n INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, root TEXT NOT NULL, document_id TEXT NOT NULL,
  reason TEXT, sha256 TEXT NOT NULL, skipped INTEGER NOT NULL);
CREATE TABLE aliases (name TEXT NOT NULL, means TEXT NOT NULL, kind TEXT NOT NULL, documents INTEGER NOT NULL);
CREATE TABLE repeats (key TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX documents_of_content ON documents (sha256);
CREATE INDEX documents_of_path ON documents (path);
CREATE INDEX documents_of_root ON documents (root);
CREATE INDEX units_of_document ON units (document);
CREATE INDEX passages_of_document ON passages (document);
"""
MOST_VARIABLES = 500  # values given to one statement; SQLite allows some 32,000
UNIT_COLUMNS = "units.n, document, start, end, kind, sections.path, class, page, lead_start, lead_end, block, place"
NO_BLOCKS = "'[]'"
SECTIONS_OF = """
SELECT path FROM sections WHERE n >= (SELECT section FROM units WHERE document = :document ORDER BY n LIMIT 1)
ORDER BY n LIMIT (SELECT sections FROM documents WHERE n = :document)
"""
PASSAGE_COLUMNS = "p.n, p.document, d.id, p.first, p.last, p.start, p.end, p.class"


class Store:
    """Typed access to a segment's SQLite file; one connection a thread. All numbers are the index's own."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self._path = path
        self._write = write
        self._local = threading.local()
        if write:
            self.connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, read-only unless the store is being written."""
        if not hasattr(self._local, "connection"):
            mode = "rwc" if self._write else "ro&immutable=1"
            self._local.connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def finish(self) -> None:
        """Make the look-ups quick, once everything is written, and close this thread's connection."""
        self.connection.executescript(INDEXES)
        self.close()

    def close(self) -> None:
        """Commit what was written and close this thread's connection."""
        self.connection.commit()
        self.connection.close()
        del self._local.connection

    def count(self, table: str) -> int:
        """The number of rows of one of the schema's tables."""
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def characters(self) -> int:
        """The length of all texts."""
        return int(self.connection.execute("SELECT coalesce(sum(characters), 0) FROM documents").fetchone()[0])

    def holds(self, document_id: str) -> bool:
        """Whether there is a document of an id."""
        return any(self.connection.execute("SELECT 1 FROM documents WHERE id = ?", (document_id,)))

    def add_document(self, number: int, document: Document, root: str) -> None:
        """Add a document as read."""
        identifier, text, metadata, blocks, path, sha256 = document_columns(document)
        self.add_row(DocumentRow(number, identifier, path, root, sha256, metadata), text, blocks)

    def add_row(self, row: DocumentRow, text: str, blocks: str) -> None:
        """Add a document as another store holds it."""
        values = (row.number, row.id, row.path, row.root, row.sha256, row.metadata, len(text))
        columns = "n, id, path, root, sha256, metadata, characters"
        self.connection.execute(f"INSERT INTO documents ({columns}) VALUES (?,?,?,?,?,?,?)", values)
        self.connection.execute("INSERT INTO texts VALUES (?,?,?)", (row.number, text, blocks))

    def add_file(self, number: int, state: FileState) -> None:
        """Note what became of a file."""
        self.connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?)",
            (number, state.path, state.root, state.document_id, state.reason, state.sha256, state.skipped),
        )

    def add_counts(self, words: Counter[str], names: Counter[Alias], repeats: Counter[str]) -> None:
        """Write words, names and what may be furniture, each with the number of documents that hold it."""
        self.connection.executemany("INSERT INTO vocabulary VALUES (?,?)", sorted(words.items()))
        self.connection.executemany("INSERT INTO repeats VALUES (?,?)", sorted(repeats.items()))
        rows = sorted((alias.name, alias.means, alias.kind, count) for alias, count in names.items())
        self.connection.executemany("INSERT INTO aliases VALUES (?,?,?,?)", rows)

    def rows(self, where: str = "TRUE", values: Sequence[object] = ()) -> Iterator[DocumentRow]:
        """The documents that a condition selects, in the order of ids."""
        cursor = self.connection.execute(
            f"SELECT n, id, path, root, sha256, metadata FROM documents WHERE {where} ORDER BY id", values
        )
        return (DocumentRow(*row) for row in cursor)

    def content(self, number: int) -> tuple[str, str]:
        """A document's text and its blocks as JSON."""
        text, blocks = self.connection.execute("SELECT text, blocks FROM texts WHERE n = ?", (number,)).fetchone()
        return text, blocks

    def document(self, number: int, *, blocks: bool = True) -> Document | None:
        """One document by its number, with or without its blocks."""
        columns = f"id, text, metadata, {'blocks' if blocks else NO_BLOCKS}, path, sha256"
        row = self.connection.execute(
            f"SELECT {columns} FROM documents JOIN texts USING (n) WHERE n = ?", (number,)
        ).fetchone()
        return document_from_columns(row) if row else None

    def sections(self, document: int) -> tuple[tuple[str, ...], ...]:
        """The section paths of a document that hold units, in order: they are numbered one after the other."""
        rows = self.connection.execute(SECTIONS_OF, {"document": document})
        return tuple(section_from_json(path) for (path,) in rows)

    def units(self, where: str, values: Sequence[int]) -> list[UnitRow]:
        """The units that a condition on `units` selects, in order."""
        rows = self.connection.execute(
            f"SELECT {UNIT_COLUMNS} FROM units JOIN sections ON sections.n = units.section WHERE {where} ORDER BY units.n",
            values,
        )
        return [unit_from_row(row) for row in rows]

    def passages(self, numbers: Sequence[int]) -> Iterator[PassageRow]:
        """The passages with the given numbers, in order."""
        marks = ",".join("?" * len(numbers))  # the same statement for as many numbers, which SQLite reads once
        return self._passage_rows(f"p.n IN ({marks})", numbers)

    def passages_of(self, document: int) -> list[PassageRow]:
        """The passages of the document with the given number, in order."""
        return list(self._passage_rows("p.document = ?", (document,)))

    def _passage_rows(self, where: str, values: Sequence[int]) -> Iterator[PassageRow]:
        rows = self.connection.execute(
            f"SELECT {PASSAGE_COLUMNS} FROM passages p JOIN documents d ON d.n = p.document WHERE {where} ORDER BY p.n",
            values,
        )
        for number, document, identifier, first, last, start, end, source_class in rows:
            yield PassageRow(number, document, identifier, first, last, start, end, CLASSES[source_class])

    def passages_in(self, classes: Sequence[SourceClass], documents: Sequence[int]) -> list[int]:
        """The numbers of the passages of the given classes and documents, in order; none given means any."""
        conditions = ["TRUE"]
        if classes:
            conditions.append(f"class IN ({','.join('?' * len(classes))})")
        if documents:
            conditions.append(f"document IN ({','.join(map(str, documents))})")
        where, values = " AND ".join(conditions), [source_class.value for source_class in classes]
        return [row[0] for row in self.connection.execute(f"SELECT n FROM passages WHERE {where} ORDER BY 1", values)]

    def aliases(self) -> dict[Alias, int]:
        """The names with a second name that the documents state, each with the number of documents that do."""
        rows = self.connection.execute("SELECT name, means, kind, documents FROM aliases")
        return {Alias(*row): count for *row, count in rows}

    def vocabulary(self) -> dict[str, int]:
        """Each word of the documents with the number of documents that hold it."""
        return dict(self.connection.execute("SELECT word, documents FROM vocabulary"))

    def repeats(self) -> dict[str, int]:
        """Each key of what may be furniture with the number of documents that hold it."""
        return dict(self.connection.execute("SELECT key, documents FROM repeats"))

    def files(self, where: str = "TRUE", values: Sequence[object] = ()) -> Iterator[tuple[int, FileState]]:
        """What became of the files that a condition selects, with their numbers."""
        cursor = self.connection.execute(
            f"SELECT n, path, root, document_id, reason, sha256, skipped FROM files WHERE {where} ORDER BY path", values
        )
        for number, path, root, document_id, reason, sha256, skipped in cursor:
            yield number, FileState(path, root, document_id, reason, sha256, bool(skipped))
