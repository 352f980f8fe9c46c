"""The one truth of a generation: documents, units and passages in a SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from citewell.lexicon import Alias
from citewell.types import Audience, Block, BlockKind, Document, Metadata, SourceClass, Unit, UnitKind

SCHEMA = """
CREATE TABLE documents (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, root TEXT NOT NULL,
  sha256 TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, metadata TEXT NOT NULL, blocks TEXT NOT NULL);
CREATE TABLE sections (n INTEGER PRIMARY KEY, document INTEGER NOT NULL, path TEXT NOT NULL);
CREATE TABLE units (n INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  kind TEXT NOT NULL, section INTEGER NOT NULL, class TEXT NOT NULL, page INTEGER, lead_start INTEGER, lead_end INTEGER,
  block INTEGER NOT NULL);
CREATE TABLE passages (n INTEGER PRIMARY KEY, document INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, class TEXT NOT NULL);
CREATE INDEX units_of_document ON units (document);
CREATE INDEX passages_of_document ON passages (document);
CREATE TABLE files (path TEXT PRIMARY KEY, root TEXT NOT NULL, document_id TEXT NOT NULL, reason TEXT);
CREATE TABLE roots (path TEXT PRIMARY KEY);
CREATE TABLE removed (document_id TEXT PRIMARY KEY, path TEXT NOT NULL);
CREATE TABLE manifest (path TEXT PRIMARY KEY);
CREATE TABLE aliases (name TEXT NOT NULL, means TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage with its place: units [first, last), characters [start, end) of document number `document`."""

    number: int
    document: int
    document_id: str
    first: int
    last: int
    start: int
    end: int
    source_class: SourceClass


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its number in the index and its document's number."""

    number: int
    document: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class FileState:
    """What became of one file: `reason` is None where it was read."""

    path: str
    root: str
    document_id: str
    reason: str | None


class Store:
    """Typed access to a generation's SQLite file; one connection a thread."""

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

    def close(self) -> None:
        """Commit what was written and close this thread's connection."""
        self.connection.commit()
        self.connection.close()
        del self._local.connection

    def count(self, table: str) -> int:
        """The number of rows of one of the schema's tables."""
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def add_document(self, document: Document, root: str) -> bool:
        """Add a document as read; False if its id is taken."""
        row = (document.id, document.path, root, document.sha256, document.metadata.title, document.text,
               json.dumps(asdict(document.metadata)), blocks_to_json(document.blocks))  # fmt: skip
        try:
            self.connection.execute(
                "INSERT INTO documents (id, path, root, sha256, title, text, metadata, blocks) VALUES (?,?,?,?,?,?,?,?)",
                row,
            )
        except sqlite3.IntegrityError:
            return False
        return True

    def document_rows(self) -> Iterator[tuple[int, Document, str]]:
        """Yield (number, document, root) in the order of ids."""
        cursor = self.connection.execute(
            "SELECT n, id, text, metadata, blocks, path, sha256, root FROM documents ORDER BY id"
        )
        for number, *columns, root in cursor:
            yield number, document_from_row(columns), root

    def document(self, key: int | str) -> Document | None:
        """One document by its number or its id."""
        column = "n" if isinstance(key, int) else "id"
        row = self.connection.execute(
            f"SELECT id, text, metadata, blocks, path, sha256 FROM documents WHERE {column} = ?", (key,)
        ).fetchone()
        return document_from_row(row) if row else None

    def identities(self) -> Iterator[tuple[int, str, str, str, str]]:
        """Yield (number, id, sha256, metadata as JSON, root) of every document, in the order of ids."""
        yield from self.connection.execute("SELECT n, id, sha256, metadata, root FROM documents ORDER BY id")

    def units(self, where: str, values: Sequence[int]) -> list[UnitRow]:
        """The units that a condition on `units` selects, in order."""
        rows = self.connection.execute(
            "SELECT units.n, units.document, start, end, kind, sections.path, class, page, lead_start, lead_end, block "
            f"FROM units JOIN sections ON sections.n = units.section WHERE {where} ORDER BY units.n", tuple(values),
        )  # fmt: skip
        return [unit_from_row(row) for row in rows]

    def passages(self, numbers: Iterable[int]) -> dict[int, PassageRow]:
        """The passages with the given numbers."""
        marks = ",".join(str(int(number)) for number in numbers)
        return {row.number: row for row in self._passage_rows(f"p.n IN ({marks})", ())}

    def passages_of(self, document: int) -> list[PassageRow]:
        """The passages of the document with the given number, in order."""
        return list(self._passage_rows("p.document = ?", (document,)))

    def _passage_rows(self, where: str, values: Sequence[int]) -> Iterator[PassageRow]:
        rows = self.connection.execute(
            "SELECT p.n, p.document, d.id, p.first, p.last, p.start, p.end, p.class FROM passages p "
            f"JOIN documents d ON d.n = p.document WHERE {where} ORDER BY p.n",
            tuple(values),
        )
        for n, document, identifier, first, last, start, end, source_class in rows:
            yield PassageRow(n, document, identifier, first, last, start, end, SourceClass(source_class))

    def allowed(self, classes: Sequence[SourceClass], documents: Sequence[str]) -> list[int] | None:
        """The numbers of the passages of the given classes and documents; None where nothing is filtered."""
        if not classes and not documents:
            return None
        conditions, values = [], []
        if classes:
            conditions.append(f"passages.class IN ({','.join('?' * len(classes))})")
            values += [source_class.value for source_class in classes]
        if documents:
            conditions.append(f"documents.id IN ({','.join('?' * len(documents))})")
            values += list(documents)
        rows = self.connection.execute(
            f"SELECT passages.n FROM passages JOIN documents ON documents.n = passages.document WHERE {' AND '.join(conditions)}",
            values,
        )
        return [row[0] for row in rows]

    def aliases(self) -> list[Alias]:
        """The names with a second name that the documents state."""
        return [
            Alias(*row) for row in self.connection.execute("SELECT name, means, kind FROM aliases ORDER BY 1, 2, 3")
        ]

    def vocabulary(self) -> dict[str, int]:
        """Each word of the corpus with the number of documents that hold it."""
        return dict(self.connection.execute("SELECT word, documents FROM vocabulary"))

    def files(self) -> list[FileState]:
        """What became of every file."""
        return [
            FileState(*row)
            for row in self.connection.execute("SELECT path, root, document_id, reason FROM files ORDER BY 1")
        ]

    def removed(self) -> dict[str, str]:
        """The ids of documents that were taken out though their files are still there, each with its file."""
        return dict(self.connection.execute("SELECT document_id, path FROM removed"))

    def path_of(self, document_id: str) -> str:
        """The file of a document, of one taken out too; empty if there is none."""
        row = self.connection.execute("SELECT path FROM documents WHERE id = ?", (document_id,)).fetchone()
        return str(row[0]) if row else self.removed().get(document_id, "")

    def manifest(self) -> Path | None:
        """The file of metadata that the last run was given."""
        row = self.connection.execute("SELECT path FROM manifest").fetchone()
        return Path(row[0]) if row else None

    def roots(self) -> list[str]:
        """The folders and files that the index was made from."""
        return [row[0] for row in self.connection.execute("SELECT path FROM roots ORDER BY 1")]


def blocks_to_json(blocks: Sequence[Block]) -> str:
    """Blocks as rows of [start, end, kind, level, page, lead]."""
    return json.dumps([[b.start, b.end, b.kind.value, b.level, b.page, b.lead] for b in blocks])


def blocks_from_json(text: str) -> tuple[Block, ...]:
    """Blocks as `blocks_to_json` wrote them."""
    return tuple(
        Block(start, end, BlockKind(kind), level, page, tuple(lead) if lead else None)
        for start, end, kind, level, page, lead in json.loads(text)
    )


def metadata_from_json(text: str) -> Metadata:
    """Metadata as `asdict` wrote it."""
    fields = json.loads(text)
    fields["source_class"] = SourceClass(fields["source_class"])
    fields["audience"] = Audience(fields["audience"]) if fields["audience"] else None
    fields["remarks"] = tuple(fields["remarks"])
    return Metadata(**fields)


def document_from_row(row: Sequence[str]) -> Document:
    """A document from (id, text, metadata, blocks, path, sha256)."""
    identifier, text, metadata, blocks, path, sha256 = row
    return Document(identifier, text, metadata_from_json(metadata), blocks_from_json(blocks), path, sha256)


def unit_from_row(row: tuple[int, int, int, int, str, str, str, int | None, int | None, int | None, int]) -> UnitRow:
    """A unit from the columns that `Store.units` selects."""
    number, document, start, end, kind, section, source_class, page, lead_start, lead_end, block = row
    lead = None if lead_start is None or lead_end is None else (lead_start, lead_end)
    unit = Unit(start, end, UnitKind(kind), tuple(json.loads(section)), SourceClass(source_class), page, lead, block)
    return UnitRow(number, document, unit)
