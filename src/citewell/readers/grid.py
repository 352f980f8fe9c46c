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
    :param strong: Whether all its text is set in bold.
    """

    text: str
    rows: int = 1
    columns: int = 1
    header: bool = False
    indent: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `note` is a line across the whole table that belongs to no column.

    :param cells: A text for each column; a cell over several columns stands in the first of them.
    :param apart: Whether its first cell is set apart: it spans the table, or is bold as not every one is.
    """

    cells: tuple[str, ...]
    header: bool = False
    note: bool = False
    place: str | None = None
    indent: int = 0
    apart: bool = False


def grid_rows(rows: Sequence[Sequence[Cell]], places: Sequence[str | None] = ()) -> list[Row]:
    """Lay cells out: what spans several rows stands in each of them, and a group's name before each row of the group.

    A row is a header if all its cells are; the caller may mark more. Columns are limited by LIMITS.table_columns.

    :param places: Where each row stands in the source.
    """
    # A row that says nothing itself repeats nothing: what hangs into it from above is no name of the rows below.
    said = [any(cell.text for cell in row) for row in rows]
    columns = max((sum(cell.columns for cell in row) for row in rows), default=0)
    strong = not all(row[0].strong for row in rows if row)
    laid = [
        Row(
            texts if own else (),
            bool(row) and all(cell.header for cell in row),
            place=place,
            indent=row[0].indent if row else 0,
            apart=bool(row) and (row[0].columns >= columns > 1 or (strong and row[0].strong)),
        )
        for row, texts, place, own in zip(rows, laid_out(rows), places or [None] * len(rows), said, strict=True)
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
    """Put the name of a group before the rows below it, and tell notes from rows.

    "Adults" above "mild | 5 mg" names it. "Examplol" above "Testamine | 7 mg" is another drug without a dose: to put it before
    the next row would give it that dose. So a row with a text in its first cell only names others where something shows it: two
    values or more would be missing, it is set apart, it ends with a colon, the rows below are set in, or the same names come
    again below another such row.
    """
    columns = max((len(row.cells) for row in rows), default=0)
    if columns < 2:
        return list(rows)
    last = max(
        (number for number, row in enumerate(rows) if sum(map(bool, row.cells)) > 1 and not row.header), default=-1
    )
    repeated = names_repeat(rows)
    told: list[Row] = []
    group, set_in, used = None, False, True
    for number, row in enumerate(rows):
        lone = is_lone(row)
        named = lone and number < last and not is_statement(row.cells[0])
        following = rows[number + 1] if number + 1 < len(rows) else None
        below = following is not None and following.indent > row.indent
        names = named and (columns > 2 or row.apart or repeated or below or row.cells[0].endswith(":"))
        ended = (
            lone or row.header or not any(row.cells) or (set_in and group is not None and row.indent <= group.indent)
        )
        if ended and group is not None and not used:  # the name of a group of groups, or of nothing: it is not lost
            told.append(replace(group, cells=(group.cells[0],), note=True))
        group = None if ended else group
        if names:
            group, set_in, used = row, below, False
        elif lone and not named and last >= 0:
            told.append(replace(row, cells=(row.cells[0],), note=True))
        else:
            told.append(
                replace(row, cells=(under(group, row.cells[0]), *row.cells[1:])) if group and row.cells else row
            )
            used = True
    if group is not None and not used:
        told.append(replace(group, cells=(group.cells[0],), note=True))
    return told


def under(group: Row, name: str) -> str:
    """The name of a row below that of its group."""
    return " › ".join(filter(None, (group.cells[0].rstrip(" :"), name)))


def is_lone(row: Row) -> bool:
    """Whether only the first cell of a row that may have several has a text."""
    return not row.header and bool(row.cells) and bool(row.cells[0]) and not any(row.cells[1:])


def is_statement(text: str) -> bool:
    """Whether the only text of a row says something, and names nothing."""
    return len(text) > MOST_GROUP_CHARACTERS or text.endswith((".", ";"))


def names_repeat(rows: Sequence[Row]) -> bool:
    """Whether rows below different lone texts have the same names, like mild and severe, so that these tell them apart."""
    seen: dict[str, int] = {}
    number = 0
    for row in rows:
        if is_lone(row):
            number += 1
        elif not row.header and row.cells and row.cells[0]:
            if number and seen.get(row.cells[0], number) != number:
                return True
            seen[row.cells[0]] = number
    return False
