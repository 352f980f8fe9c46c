"""Tables as mark-up gives them, with cells that span rows and columns → rows that can be read one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from citewell.readers.limits import LIMITS

MOST_GROUP_CHARACTERS = 120  # of the only cell of a row that names the rows below it; a longer one is a note


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as marked up: its text on one line, how many rows and columns it spans, whether it names others.

    :param indent: By how many blanks it is set in, as rows are below the name of their group.
    """

    text: str
    rows: int = 1
    columns: int = 1
    header: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `note` is a line across the whole table that belongs to no column.

    :param cells: A text for each column; a cell over several columns stands in the first of them.
    """

    cells: tuple[str, ...]
    header: bool = False
    note: bool = False
    place: str | None = None
    indent: int = 0


def grid_rows(rows: Sequence[Sequence[Cell]], places: Sequence[str | None] = ()) -> list[Row]:
    """Lay cells out: what spans several rows stands in each of them, and a group's name before each row of the group.

    A row is a header if all its cells are; the caller may mark more. Columns are limited by LIMITS.table_columns.

    :param places: Where each row stands in the source.
    """
    laid = [
        Row(texts, bool(row) and all(cell.header for cell in row), place=place, indent=row[0].indent if row else 0)
        for row, texts, place in zip(rows, laid_out(rows), places or [None] * len(rows), strict=True)
    ]
    return [row for row in grouped(laid) if any(row.cells)]


def laid_out(rows: Sequence[Sequence[Cell]]) -> list[tuple[str, ...]]:
    """The texts of each row by column."""
    hanging: dict[int, tuple[str, int]] = {}  # column → text and number of rows that it still spans
    laid: list[tuple[str, ...]] = []
    for row in rows:
        texts: dict[int, str] = {}
        spanning = {column: (text, left - 1) for column, (text, left) in hanging.items() if left > 1}
        for column, (text, _) in hanging.items():
            texts[column] = text
        column = 0
        for cell in row:
            while column in texts:
                column += 1
            if column >= LIMITS.table_columns:
                break
            width = max(1, min(cell.columns, LIMITS.table_columns - column))
            for number in range(column, column + width):
                texts[number] = cell.text if number == column else ""
                if cell.rows > 1:
                    spanning[number] = texts[number], min(cell.rows, len(rows)) - 1
            column += width
        hanging = spanning
        laid.append(tuple(texts.get(number, "") for number in range(max(texts, default=-1) + 1)))
    return laid


def grouped(rows: Sequence[Row]) -> list[Row]:
    """Put the name of a group, the only text of a row, before the rows below it; what is no name is a note."""
    columns = max((len(row.cells) for row in rows), default=0)
    named: list[Row] = []
    group, set_in = None, False
    for number, row in enumerate(rows):
        if columns > 1 and not row.header and is_lone(row):
            group = row if names_rows(row.cells[0], rows[number + 1 :]) else None
            named += [] if group else [replace(row, cells=(row.cells[0],), note=True)]
            set_in = group is not None and is_set_in(row, rows[number + 1 :])
            continue
        ended = row.header or not any(row.cells) or (set_in and group is not None and row.indent <= group.indent)
        group = None if ended else group
        named.append(replace(row, cells=(f"{group.cells[0]} › {row.cells[0]}", *row.cells[1:])) if group else row)
    return named


def is_lone(row: Row) -> bool:
    """Whether a row says something in its first column only."""
    return bool(row.cells) and bool(row.cells[0]) and not any(row.cells[1:])


def is_set_in(group: Row, following: Sequence[Row]) -> bool:
    """Whether the rows of a group are set in below its name, so that one that isn't ends it."""
    return bool(following) and following[0].indent > group.indent


def names_rows(text: str, following: Sequence[Row]) -> bool:
    """Whether the only text of a row names the rows below: it is short, no sentence, and rows with several texts follow."""
    if len(text) > MOST_GROUP_CHARACTERS or text.endswith((".", ";")) or not following:
        return False
    return any(sum(map(bool, row.cells)) > 1 and not row.header for row in following)
