"""Files of openFDA in JSON: one label, a page of results, a bulk file, lines or a list of labels → Documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from citewell.errors import ReadError
from citewell.readers.beir import Failure
from citewell.readers.labels.openfda_label import read_label, strings
from citewell.readers.limits import LIMITS
from citewell.readers.source import Source
from citewell.types import Document

RECORD = re.compile(rb'"(?:openfda|spl_product_data_elements|set_id)"\s*:')
RESULTS = re.compile(r'"results"\s*:\s*\[')
BETWEEN = re.compile(r"[ \t\r\n,]*")  # stands between records
CHUNK = 1 << 20  # bytes read at a time
NAME = re.compile(r"[\w.-]{1,80}")  # of a record, fit for a document's id


@dataclass(frozen=True, slots=True)
class Record:
    """One label of a file.

    :param data: The bytes that it was read from: the whole file's if it is the only one, and no page of results.
    """

    fields: dict[str, Any]
    meta: dict[str, Any]
    data: bytes
    alone: bool


def looks_like_openfda(data: bytes) -> bool:
    """Whether a JSON file holds labels of openFDA."""
    return RECORD.search(data[:262_144]) is not None


def read_openfda(source: Source, stream: IO[bytes]) -> Iterator[Document | Failure]:
    """Read each label of a file; only one is held in memory at a time."""
    count, taken = 0, set[str]()
    for count, record in enumerate(records(source.document_id, stream), start=1):
        name, place = source.document_id, ""
        if not record.alone:
            name, place = f"{source.document_id}/{name_of(record, count, taken)}", f"/results/{count - 1}"
        try:
            yield read_label(
                Source(source.path, name, source.root), record.fields, record.meta, place=place, data=record.data
            )
        except ReadError as error:
            yield Failure(name, str(error))
    if not count:
        raise ReadError(f"{source.document_id}: expected labels of openFDA, found none; download the file again")


def name_of(record: Record, number: int, taken: set[str]) -> str:
    """What a record is called in its file: by its set id, else its id, else its number; each name once."""
    given = (each for key in ("set_id", "id") for each in strings(record.fields.get(key)))
    name = next((each for each in given if NAME.fullmatch(each) and each not in taken), str(number))
    while name in taken:
        name = f"{name}-{number}"
    taken.add(name)
    return name


def records(document_id: str, stream: IO[bytes]) -> Iterator[Record]:
    """Each label of a file."""
    text = Text(document_id, stream)
    head = text.opening()
    opening = RESULTS.search(head)
    if opening is not None:
        meta = meta_before(head[: opening.start()])
        text.drop(opening.end())
    elif head.lstrip().startswith("["):
        meta = {}
        text.drop(head.index("[") + 1)
    else:
        yield from lines_of(text)
        return
    while not text.following("]"):
        value, data = text.value()
        if not isinstance(value, dict):
            raise text.wrong(f"{type(value).__name__} where a label was expected")
        yield Record(value, meta, data, alone=False)


def lines_of(text: Text) -> Iterator[Record]:
    """One label, or several one after the other."""
    alone = True
    while alone or not text.ended():
        value, data = text.value()
        if not isinstance(value, dict):
            raise text.wrong(f"{type(value).__name__} where a label was expected")
        alone = alone and text.ended()
        yield Record(value, {}, text.all_read() if alone else data, alone)
        if alone:
            return


class Text:
    """A file read piece by piece; what has not been taken yet begins at `_at` of the buffer."""

    def __init__(self, document_id: str, stream: IO[bytes]) -> None:
        self.document_id, self._stream = document_id, stream
        self._buffer, self._at, self._done = "", 0, False
        self._rest = b""  # the beginning of a character whose end has not been read yet
        self._read_so_far: list[bytes] | None = []  # None once parts of the file have been let go

    def opening(self) -> str:
        """The first characters of the file."""
        self._read()
        return self._buffer

    def ended(self) -> bool:
        """Whether nothing visible is left."""
        self._skip()
        while self._at == len(self._buffer) and not self._done:
            self._read()
            self._skip()
        return self._at == len(self._buffer)

    def following(self, sign: str) -> bool:
        """Whether a sign comes next; ReadError where nothing does."""
        if self.ended():
            raise self.wrong("its end before that of the results")
        return self._buffer.startswith(sign, self._at)

    def value(self) -> tuple[Any, bytes]:
        """The next JSON value, taken off, with the bytes that it stands in."""
        while True:
            self._skip()
            try:
                value, end = json.JSONDecoder().raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise self.wrong("values nested too deeply") from error
            except ValueError as error:
                if self._done:
                    raise self.wrong(str(error)) from error
                if len(self._buffer) - self._at > LIMITS.file_bytes:
                    raise self.wrong("a record without an end") from error
                self._read(len(self._buffer) - self._at)
            else:
                data = self._buffer[self._at : end].encode()
                self._at = end
                return value, data

    def drop(self, count: int) -> None:
        """Pass over characters of the opening, and let go of the bytes that have been read."""
        self._at, self._read_so_far = count, None

    def all_read(self) -> bytes:
        """The bytes of the file as far as it has been read."""
        return b"".join(self._read_so_far or [])

    def wrong(self, found: str) -> ReadError:
        """The error that says what was found instead of labels."""
        return ReadError(f"{self.document_id}: expected JSON of openFDA, found: {found}; download the file again")

    def _read(self, size: int = 0) -> None:
        part = self._stream.read(max(size, CHUNK))
        self._done = not part
        if self._read_so_far is not None:
            self._read_so_far.append(part)
            if sum(map(len, self._read_so_far)) > LIMITS.file_bytes:
                self._read_so_far = None
        part = self._rest + part
        try:
            text = part.decode("utf-8-sig" if not self._buffer else "utf-8")
            self._rest = b""
        except UnicodeDecodeError as error:
            if self._done or error.start < len(part) - 4:
                raise self.wrong(f"a byte that is no UTF-8 ({error.reason})") from error
            text, self._rest = part[: error.start].decode(), part[error.start :]
        self._buffer, self._at = self._buffer[self._at :] + text, 0

    def _skip(self) -> None:
        self._at = BETWEEN.match(self._buffer, self._at).end()  # type: ignore[union-attr]  # it matches nothing, too


def meta_before(text: str) -> dict[str, Any]:
    """The file's meta, where it stands before the results."""
    try:
        value = json.loads(text.rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        return {}
    meta = value.get("meta") if isinstance(value, dict) else None
    return meta if isinstance(meta, dict) else {}
