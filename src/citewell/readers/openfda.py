"""Drug labels as openFDA gives them in JSON: one record, a page of results, or a bulk file → Documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.beir import Failure
from citewell.readers.draft import Draft
from citewell.readers.fields import Value
from citewell.readers.limits import LIMITS
from citewell.readers.source import Source
from citewell.readers.spl import section_names
from citewell.readers.spl_meta import iso_date
from citewell.readers.spl_text import LabelText
from citewell.readers.xml import Places, parse_xml
from citewell.types import Block, BlockKind, Document, SourceClass, fold

RECORD = re.compile(rb'"(?:openfda|spl_product_data_elements|set_id)"\s*:')
RESULTS = re.compile(r'"results"\s*:\s*\[')
FIELDS = frozenset("id set_id effective_time version openfda".split())
UNQUOTED = ("spl_product_data_elements", "package_label_principal_display_panel", "recent_changes")
CHUNK = 1 << 20  # characters read at a time
BULLET = re.compile(r"\s*[■•▪●]\s*")
SUBSECTION = re.compile(r"(?<=\S)\s+(?=(?P<section>\d{1,2})\.(?P<number>\d{1,2})\s+[A-Z])")
TITLE = re.compile(r"(\d{1,2}\.?\s+[A-Z][A-Z ,&/()-]{3,80}?)\s+(?=\d|[A-Z][a-z]|[A-Z]+\s+[a-z]|[■•▪●])")
BREAK = "\x1f"  # stands where the text of another section was
MOST_SHORT = 20  # characters; a shorter section may stand in another by chance
STOP = re.compile(r"[.!?]\s+(?=[A-Z])")
LEAST_DOUBLED = 3  # characters of a title that is printed twice


def looks_like_openfda(data: bytes) -> bool:
    """Whether a JSON file holds labels of openFDA."""
    return RECORD.search(data[:262_144]) is not None


def read_openfda(source: Source, stream: IO[bytes]) -> Iterator[Document | Failure]:
    """Read each label of a file; only one is held in memory at a time."""
    count = 0
    for count, (record, meta, alone) in enumerate(records(source.document_id, stream), start=1):
        name = (
            source.document_id if alone else f"{source.document_id}/{record.get('set_id') or record.get('id') or count}"
        )
        try:
            yield read_label(
                Source(source.path, name, source.root), record, meta, "" if alone else f"/results/{count - 1}"
            )
        except ReadError as error:
            yield Failure(name, str(error))
    if not count:
        raise ReadError(f"{source.document_id}: expected labels of openFDA, found none; download the file again")


def records(document_id: str, stream: IO[bytes]) -> Iterator[tuple[dict[str, Any], dict[str, Any], bool]]:
    """(record, the file's meta, whether it is a file of its own) of each label."""
    text = Text(document_id, stream)
    opening = RESULTS.search(text.filled(CHUNK))
    if opening is None:
        record = text.value(0)[0]
        if not isinstance(record, dict):
            raise ReadError(f"{document_id}: expected a label of openFDA, found another value; download it again")
        yield record, {}, True
        return
    meta = meta_before(text.buffer[: opening.start()])
    text.drop(opening.end())
    while (text.filled(1).lstrip(" \t\r\n,")[:1] or "]") != "]":
        text.drop(len(text.buffer) - len(text.buffer.lstrip(" \t\r\n,")))
        record, end = text.value(0)
        text.drop(end)
        if isinstance(record, dict):
            yield record, meta, False


class Text:
    """A file read piece by piece; `buffer` begins with what has not been taken yet."""

    def __init__(self, document_id: str, stream: IO[bytes]) -> None:
        self.document_id, self._stream = document_id, stream
        self.buffer, self._ended = "", False
        self._rest = b""

    def filled(self, least: int) -> str:
        """The buffer with at least so many visible characters, unless the file has ended."""
        while not self._ended and len(self.buffer.lstrip(" \t\r\n,")) < least:
            self._read()
        return self.buffer

    def value(self, start: int) -> tuple[Any, int]:
        """The JSON value at a place in the buffer, and where it ends."""
        while True:
            try:
                value, end = json.JSONDecoder().raw_decode(
                    self.buffer, len(self.buffer) - len(self.buffer[start:].lstrip())
                )
                return value, end
            except RecursionError as error:
                raise self._wrong("nested too deeply") from error
            except ValueError as error:
                if self._ended:
                    raise self._wrong(str(error)) from error
                if len(self.buffer) > LIMITS.file_bytes:
                    raise self._wrong("a record without an end") from error
                self._read(len(self.buffer))

    def drop(self, count: int) -> None:
        """Take characters off the buffer's beginning."""
        self.buffer = self.buffer[count:]

    def _read(self, size: int = 0) -> None:
        part = self._rest + self._stream.read(max(size, CHUNK))
        self._ended = len(part) == len(self._rest)
        try:
            text = part.decode("utf-8-sig" if not self.buffer else "utf-8")
            self._rest = b""
        except UnicodeDecodeError as error:
            if self._ended or error.start < len(part) - 4:
                raise self._wrong(f"a byte that is no UTF-8 ({error.reason})") from error
            text, self._rest = part[: error.start].decode(), part[error.start :]
        self.buffer += text

    def _wrong(self, found: str) -> ReadError:
        return ReadError(f"{self.document_id}: expected JSON of openFDA, found: {found}; download the file again")


def meta_before(text: str) -> dict[str, Any]:
    """The file's meta, where it stands before the results."""
    try:
        value = json.loads(text.rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        return {}
    meta = value.get("meta") if isinstance(value, dict) else None
    return meta if isinstance(meta, dict) else {}


def read_label(source: Source, record: Mapping[str, Any], meta: Mapping[str, Any], place: str) -> Document:
    """Read one record: its sections in the order of the file, each with its tables."""
    draft = Draft(source.document_id)
    own = [fold(text) for key, value in record.items() if key not in FIELDS for text in strings(value)]
    for key, value in record.items():
        if key not in FIELDS and not key.endswith("_table"):
            for number, text in enumerate(strings(value)):
                tables = strings(record.get(f"{key}_table")) if number == 0 else []
                write_section(draft, key, apart(fold(text), own), tables, f"{place}/{key}/{number}")
    if disclaimer := first(meta.get("disclaimer")):
        draft.boilerplate(disclaimer)
    data = json.dumps(record, sort_keys=True).encode()
    return draft.document(source, data, head_fields(record, meta))


def apart(text: str, others: list[str]) -> str:
    """A section's text, cut where it repeats the text of a section that the record gives by itself as well."""
    for other in others:
        if MOST_SHORT < len(other) < len(text) and other in text:
            text = text.replace(other, f" {BREAK} ")
    return text


def strings(value: object) -> list[str]:
    """The texts of a field, which holds one or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text.strip()]


def first(value: object) -> str:
    """The first text of a field, white space folded; empty if it has none."""
    return fold(next(iter(strings(value)), ""))


def write_section(draft: Draft, key: str, text: str, tables: list[str], place: str) -> None:
    """Write a section: its title, its subsections and lists as far as their signs show them, its tables."""
    title, text = titled(key, text)
    if key in UNQUOTED:
        draft.boilerplate(text, place=place)
        return
    draft.heading(title, 2, place=place)
    parsed = [table for each in tables if (table := parse_table(draft.document_id, each)) is not None]
    for table in parsed:
        text = without(text, "".join(table.itertext()))
    for part in (each for cut in text.split(BREAK) for each in parts(cut)):
        text, *items = BULLET.split(part)
        lead = opening(draft, draft.add(text, BlockKind.PARAGRAPH, place=place))
        for item in items:
            block = draft.add(item, BlockKind.ITEM, level=1, place=place, lead=lead)
            lead = opening(draft, block) if item.rstrip().endswith(":") else lead
    narrative = LabelText(draft, Places(), {})
    for table in parsed:
        narrative.write(table)
        narrative.write_notes()


def opening(draft: Draft, block: Block | None) -> tuple[int, int] | None:
    """[start, end) of the last sentence of a block, which introduces the list behind it."""
    if block is None:
        return None
    stops = [match.end() for match in STOP.finditer(draft.text(), block.start, block.end - 1)]
    return (stops[-1] if stops else block.start), block.end


def titled(key: str, text: str) -> tuple[str, str]:
    """The title of a section, as printed where it can be told from the text, and the text behind it."""
    if match := TITLE.match(text):
        return match.group(1), text[match.end() :]
    words = text.split(" ")
    for count in range(min(12, len(words) // 2), 0, -1):
        doubled = " ".join(words[:count])
        if len(doubled) >= LEAST_DOUBLED and words[:count] == words[count : 2 * count]:
            return doubled, " ".join(words[2 * count :])
    names = {name.lower(): name for name in section_names().values()}
    plain = key.replace("_", " ").removeprefix("spl ")
    return names.get(plain, plain.capitalize()), text


def parts(text: str) -> list[str]:
    """Cut a text where its numbered subsections begin: 2.1, 2.2, … of one section, none left out."""
    found: list[str] = []
    start, expected = 0, 1
    for match in SUBSECTION.finditer(" " + text):
        if int(match["number"]) == expected:
            found.append(text[start : max(0, match.end() - 1)])
            start, expected = max(0, match.end() - 1), expected + 1
    return [part for part in (*found, text[start:]) if part.strip()] if expected > 2 else [text]


def parse_table(document_id: str, text: str) -> etree._Element | None:
    """A table's mark-up as SPL; None where it is broken, for then the section's text has to do."""
    try:
        return parse_xml(document_id, f'<text xmlns="urn:hl7-org:v3">{text}</text>'.encode())
    except ReadError:
        return None


def without(text: str, table: str) -> str:
    """A section's text without the words of its table, if they stand there one after the other."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    dense, wanted = "".join(text.split()), "".join(table.split())
    start = dense.find(wanted) if wanted else -1
    if start < 0:
        return text
    return text[: places[start]].rstrip() + " " + text[places[start + len(wanted) - 1] + 1 :].lstrip()


def head_fields(record: Mapping[str, Any], meta: Mapping[str, Any]) -> dict[str, Value]:
    """A record's metadata."""
    about = record.get("openfda")
    about = about if isinstance(about, dict) else {}
    brands = tuple(dict.fromkeys(fold(name) for name in strings(about.get("brand_name"))))
    generics = tuple(dict.fromkeys(fold(name).lower() for name in strings(about.get("generic_name"))))
    substances = tuple(dict.fromkeys(fold(name).lower() for name in strings(about.get("substance_name"))))
    numbers = [
        ("set id", record.get("set_id")),
        ("approval", about.get("application_number")),
        ("NDC", about.get("product_ndc")),
    ]
    found: dict[str, Value] = {
        "source_class": SourceClass.LABEL,
        "brand_names": brands,
        "active_ingredients": substances or generics,
        "identifiers": tuple(f"{kind} {value}" for kind, values in numbers for value in strings(values)),
    }
    named = brands or generics
    other = f" ({', '.join(generics)})" if brands and generics and generics[0] != brands[0].lower() else ""
    stated = {
        "title": f"{' / '.join(named)}{other}",
        "publisher": first(about.get("manufacturer_name")),
        "updated": iso_date(first(record.get("effective_time"))),
        "version": first(record.get("version")),
        "licence": first(meta.get("license")),
    }
    return found | {name: value for name, value in stated.items() if value}
