"""A user's own glossary: glossary.csv in an indexed folder, whose names come before all others."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from citewell.errors import UsageError
from citewell.lexicon.names import GIVEN_KINDS, Alias

COLUMNS = ("name", "means", "kind")


def read_glossary(path: Path) -> tuple[Alias, ...]:
    """The lines of a glossary, each once; UsageError where a column, a kind or a cell is not as it should be."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"expected a glossary in UTF-8 at {path}, found: {error}; save it again as UTF-8") from error
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    try:
        check_columns(path, [(name or "").strip().casefold() for name in reader.fieldnames or ()])
        reader.fieldnames = [name.strip().casefold() for name in reader.fieldnames or ()]
        return tuple(dict.fromkeys(rows_of(path, reader)))
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: expected CSV, found: {error}; correct the line") from error


def delimiter(text: str) -> str:
    """What stands between cells: spreadsheets write semicolons or tabs in some countries."""
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def check_columns(path: Path, found: list[str]) -> None:
    """Refuse a header with other columns than name, means and kind, in whatever order."""
    if sorted(found) != sorted(COLUMNS):
        shown = ", ".join(found) or "none"
        raise UsageError(
            f"{path}: expected the columns {', '.join(COLUMNS)}, found {shown}; correct the first line, or rename the file if it "
            "is a document"
        )


def rows_of(path: Path, reader: csv.DictReader[str]) -> Iterator[Alias]:
    """The names that the lines below the header give."""
    for row in reader:
        place = f"{path}, line {reader.line_num}"
        if None in row or None in row.values():
            raise UsageError(
                f"{place}: expected {len(COLUMNS)} cells, found another number; put cells that hold commas into quotation marks"
            )
        alias = Alias(*(" ".join(row[column].split()) for column in COLUMNS))
        for column, cell in zip(COLUMNS, (alias.name, alias.means, alias.kind), strict=True):
            if not cell:
                raise UsageError(
                    f"{place}: expected a value as {column}, found an empty cell; fill it in, or remove the line"
                )
        kind = alias.kind.casefold()
        if kind not in GIVEN_KINDS:
            raise UsageError(f"{place}: expected the kind {', '.join(GIVEN_KINDS)}, found “{alias.kind}”; correct it")
        yield Alias(alias.name, alias.means, kind)
