"""Files of values parted by commas, semicolons, tabs or bars (CSV, TSV) → Document: every row with its header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from citewell.errors import ReadError
from citewell.readers.draft import Draft
from citewell.readers.limits import LIMITS
from citewell.readers.office.sheet_limits import LIMITS as SHEET_LIMITS
from citewell.readers.office.sheet_tables import SheetRow, Shown, Tables
from citewell.readers.source import Source
from citewell.types import Document

SUFFIXES = (".csv", ".tsv", ".tab")
DELIMITERS = ",;\t|"
DECLARED = re.compile(r"sep=([,;\t|])\n", re.I)  # how Excel is told
NUMBER = re.compile(r"[<>≤≥=~≈±+−-]*\s*\d[\d.,\s]*\s*%?")
ALL_QUOTED = re.compile(r'"(?:[^"\n]|"")*"(?:([,;\t])"(?:[^"\n]|"")*")+')
SAMPLE = 50  # records that the delimiter is told by
LEAST_RECORDS = 3


def looks_like_csv(text: str, suffix: str) -> bool:
    """Whether a text is a file of values: by its name, or because every line is a row of quoted values."""
    if suffix in SUFFIXES:
        return True
    lines = [line for line in text.splitlines()[:SAMPLE] if line.strip()]
    matches = [ALL_QUOTED.fullmatch(line.strip()) for line in lines]
    return len(lines) >= LEAST_RECORDS and all(matches)


def read_csv(source: Source, data: bytes, text: str) -> Document:
    """Read a file of values."""
    declared = DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    delimiter = declared.group(1) if declared else delimiter_of(source.document_id, body)
    rows: list[SheetRow] = []
    apart = False
    count = 0
    for number, record in enumerate(records(source.document_id, body, delimiter), start=2 if declared else 1):
        cells = {at: Shown(value, number=NUMBER.fullmatch(value) is not None)
                 for at, each in enumerate(record, start=1) if (value := " ".join(each.split()))}  # fmt: skip
        count += len(cells)
        if count > SHEET_LIMITS.values:
            raise ReadError(
                f"{source.document_id}: expected at most {SHEET_LIMITS.values:,} values, found more; split the file"
            )
        if cells:
            rows.append(SheetRow(number, cells, f"row {number}", apart))
        apart = not cells
    draft = Draft(source.document_id)
    tables = Tables(draft, named=True)
    tables.write(rows)
    cut = f"The table has more than {LIMITS.table_columns} columns; those beyond were left out."
    return draft.document(source, data, {"remarks": (cut,)} if tables.cut else None)


def records(document_id: str, text: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a text; ReadError where its quotation marks don't match, for then rows would run together."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise ReadError(
            f"{document_id}: expected values with matching quotation marks, found: {error}, at line {reader.line_num:,}; "
            "mend the line, or save the file again"
        ) from error


def delimiter_of(document_id: str, text: str) -> str:
    """What parts the values: the sign that gives most records the same number of columns, two or more."""
    best, delimiter = (0.0, 0), ","
    for each in DELIMITERS:
        try:
            widths = Counter(len(record) for record in islice(records(document_id, text, each), SAMPLE) if any(record))
        except ReadError:
            continue
        alike = [(count / widths.total(), width) for width, count in widths.items() if width > 1]
        if alike and max(alike) > best:
            best, delimiter = max(alike), each
    return delimiter
