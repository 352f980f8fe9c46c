"""A manifest: what the user says of documents, in CSV or JSON. It overrides what the documents say of themselves."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

from citewell.errors import ReadError, UsageError
from citewell.readers.decode import decode
from citewell.readers.fields import NAMES, Value, field_name, field_value, with_fields
from citewell.readers.source import Source
from citewell.types import Document

KEY = "document"
COLUMNS = ", ".join((KEY, *NAMES))


@dataclass(frozen=True, slots=True)
class Manifest:
    """Metadata fields by document: its id, or its path relative to the manifest's folder.

    What names a corpus file holds for each of its rows; what names a row overrides it.
    """

    folder: Path
    rows: Mapping[str, Mapping[str, Value]]

    def applied(self, document: Document, source: Source) -> Document:
        """The document with the manifest's fields in place of its own."""
        metadata = document.metadata
        for name in dict.fromkeys((self.relative(source.path), source.document_id, document.id)):
            metadata = with_fields(metadata, self.rows.get(name, {}))
        return replace(document, metadata=metadata)

    def relative(self, path: Path) -> str:
        """A path as the manifest may name it."""
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.as_posix()


def load_manifest(path: Path) -> Manifest:
    """Read a manifest; an unknown column or value is a UsageError that names what is permitted."""
    try:
        text = decode(path.name, path.read_bytes())
    except (OSError, ReadError) as error:
        raise UsageError(f"expected a manifest at {path}, found: {error}; give a CSV or JSON file") from error
    records = json_records(path, text) if text.lstrip()[:1] in ("[", "{") else csv_records(path, text)
    rows: dict[str, dict[str, Value]] = {}
    for place, record in records:
        document, found = read_record(place, record)
        if document in rows:
            raise UsageError(f"{place}: expected each document once, found “{document}” again; join the two")
        rows[document] = found
    return Manifest(path.absolute().parent, rows)


def csv_records(path: Path, text: str) -> Iterable[tuple[str, dict[str, str]]]:
    """(place, record) for each line below the header."""
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if None in row or None in row.values():
                raise UsageError(
                    f"{path}, line {reader.line_num}: expected {len(reader.fieldnames or ())} cells, found another "
                    "number; put cells that hold commas into quotation marks"
                )
            yield f"{path}, line {reader.line_num}", row
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: expected CSV, found: {error}; correct the line") from error


def json_records(path: Path, text: str) -> Iterable[tuple[str, dict[str, str]]]:
    """(place, record) for each entry of a list of objects, or of an object of objects by document."""
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: expected JSON, found: {error}; correct the file") from error
    if isinstance(value, dict):
        value = [{KEY: key, **entry} if isinstance(entry, dict) else entry for key, entry in value.items()]
    for number, entry in enumerate(value, start=1):
        place = f"{path}, entry {number}"
        if not isinstance(entry, dict):
            raise UsageError(f"{place}: expected an object with the keys {COLUMNS}, found {type(entry).__name__}")
        yield place, {key: text_of(place, key, cell) for key, cell in entry.items() if cell is not None}


def text_of(place: str, key: str, cell: object) -> str:
    """A cell as text; a bare year is the only number that makes sense."""
    if isinstance(cell, str) or type(cell) is int:
        return str(cell)
    raise UsageError(f"{place}: expected text as {key}, found {type(cell).__name__}; put it into quotation marks")


def read_record(place: str, record: Mapping[str, str]) -> tuple[str, dict[str, Value]]:
    """The document that a record names, and its fields; an empty cell overrides nothing."""
    document = record.get(KEY, "").strip().removeprefix("./")
    if not document:
        raise UsageError(f"{place}: expected a column “{KEY}” with an id or a path, found none; add it")
    found: dict[str, Value] = {}
    for key, cell in record.items():
        name = field_name(key)
        if key == KEY or not (cell.strip() or name is None):
            continue
        if name is None:
            raise UsageError(f"{place}: expected the columns {COLUMNS}, found “{key}”; rename or remove it")
        try:
            found[name] = field_value(name, cell)
        except ValueError as error:
            raise UsageError(f"{place}: {error}; correct it") from error
    return document, found
