"""A corpus in BEIR's form, one JSON object a line → one Document a row."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from citewell.errors import ReadError
from citewell.readers.decode import refuse_binary
from citewell.readers.fields import lenient_fields, with_fields
from citewell.readers.layout import lay_out
from citewell.readers.limits import LIMITS
from citewell.readers.refine import refine_prose
from citewell.readers.source import Source
from citewell.types import Document, Metadata, fold

EXPECTED = 'expected a JSON object with "_id" and "text" on each line'


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that can't be read; the rows around it can."""

    document_id: str
    reason: str


def read_rows(source: Source, stream: IO[bytes]) -> Iterator[Document | Failure]:
    """Read a corpus row by row; only one is held in memory at a time.

    `Document.text` is the row's "text" as given, its id the "_id". Raises ReadError when no row could be read.
    """
    seen: set[str] = set()
    for number, line in enumerate(lines_of(stream), start=1):
        if not line.strip():
            continue
        try:
            document = read_row(source, line.rstrip(b"\r\n").removeprefix(codecs.BOM_UTF8))
            if document.id in seen:
                raise ReadError(f"expected each _id once, found “{document.id}” again; give the row an _id of its own")
        except ReadError as error:
            yield Failure(f"{source.document_id}:{number}", f"line {number}: {error}")
        else:
            seen.add(document.id)
            yield document
    if not seen:
        raise ReadError(f"{source.document_id}: {EXPECTED}, found no such line; correct the file or remove it")


def lines_of(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one that is too long only so much that it shows."""
    while line := stream.readline(LIMITS.row_bytes + 2):
        yield line
        while len(line) > LIMITS.row_bytes and not line.endswith(b"\n"):
            line = stream.readline(LIMITS.row_bytes + 2) or b"\n"


def read_row(source: Source, line: bytes) -> Document:
    """Read one row."""
    row = parse_row(line)
    document_id, text = checked(str(row["_id"])), checked(row["text"])
    refuse_binary("text", text)
    if not text.strip():
        raise ReadError(f"expected text, found none for “{document_id}”; fill it or remove the row")
    title = row.get("title")
    metadata = Metadata(title=fold(checked(title)) if isinstance(title, str) and title.strip() else document_id)
    metadata = with_fields(metadata, lenient_fields(own_fields(row)))
    blocks = refine_prose(text, lay_out(text, prose=True))
    digest = hashlib.sha256(line).hexdigest()
    return Document(document_id, text, metadata, blocks, source.path.as_posix(), digest)


def parse_row(line: bytes) -> dict[str, Any]:
    """The object on one line, known to have an id and a text."""
    if len(line) > LIMITS.row_bytes:
        raise ReadError(f"expected at most {LIMITS.row_bytes:,} bytes, found a longer line; split the row")
    try:
        row = json.loads(line)
    except UnicodeDecodeError as error:
        raise ReadError(f"expected UTF-8, found an invalid byte at byte offset {error.start} of the line") from error
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{EXPECTED}, found invalid JSON ({error}); correct the line") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or type(row.get("_id")) not in (str, int):
        raise ReadError(f"{EXPECTED}, found another value; correct the line")
    if not str(row["_id"]).strip():
        raise ReadError(f"{EXPECTED}, found an empty _id; give the row one")
    return row


def checked(value: str) -> str:
    """A string that is known to be text: JSON can escape half characters that no file can hold."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ReadError(f"expected text, found half a surrogate pair at character {error.start}; correct it") from error
    return value


def own_fields(row: Mapping[str, Any]) -> dict[str, str]:
    """The row's metadata, as far as it is text."""
    given = row.get("metadata") or row.get("meta")
    if not isinstance(given, dict):
        return {}
    return {key: checked(value) for key, value in given.items() if isinstance(value, str)}


def is_corpus(data: bytes) -> bool:
    """Whether a file of unknown kind is a corpus, by its first line."""
    try:
        parse_row(data[: LIMITS.row_bytes].split(b"\n", 1)[0].removeprefix(codecs.BOM_UTF8))
    except ReadError:
        return False
    return True
