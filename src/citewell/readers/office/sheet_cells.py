"""The cells of one sheet of an Excel file, as they are displayed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.office.package import child, number
from citewell.readers.office.sheet_book import Book, Look, rich_text
from citewell.readers.office.sheet_formats import shown_number, shown_text
from citewell.readers.office.sheet_limits import LIMITS
from citewell.readers.office.sheet_tables import Shown
from citewell.readers.xml import local_name

REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?$")
ON = ("1", "true", "on")


@dataclass(slots=True)
class Cells:
    """What a sheet displays.

    :param rows: The cells by row and column, counted from 1.
    :param wide: The last column of a cell that spans several, by row and first column.
    :param tall: The last row of a cell that spans several, by row and column.
    :param headers: Rows that the sheet itself declares to be headers.
    :param unsure: Names of cells whose display isn't known.
    :param missing: Names of cells with formulas whose outcome isn't in the file.
    """

    rows: dict[int, dict[int, Shown]] = field(default_factory=dict)
    wide: dict[tuple[int, int], int] = field(default_factory=dict)
    tall: dict[tuple[int, int], int] = field(default_factory=dict)
    headers: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: int = 0
    unsure: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    struck: bool = False


def read_cells(book: Book, part: str) -> Cells:
    """Read one sheet; what is hidden is left out."""
    root = book.package.xml(part)
    cells = Cells()
    hidden = hidden_columns(root)
    concealed: dict[tuple[int, int], etree._Element] = {}
    left_out: set[int] = set()
    at = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        at = number(row.get("r"), at + 1)
        if not 1 <= at <= LIMITS.row:
            raise ReadError(
                f"{book.package.document_id}: expected at most {LIMITS.row:,} rows, found row {at:,}; save the file again"
            )
        if (row.get("hidden") or "").lower() in ON or row.get("ht") == "0":
            cells.hidden_rows.add(at)
            concealed |= {(at, column): element for column, element in placed(row, at)}
            continue
        read = cells.rows.setdefault(at, {})
        for column, element in placed(row, at):
            if any(first <= column <= last for first, last in hidden):
                left_out.add(column)
                concealed[at, column] = element
            elif (shown := shown_cell(book, cells, element, f"{letters(column)}{at}")) and shown.text:
                read[column] = shown
    cells.rows = {at: row for at, row in sorted(cells.rows.items()) if row}
    cells.hidden_columns = len(left_out)
    fill_merged(book, root, cells, concealed)
    cells.headers = declared_headers(book, part)
    return cells


def hidden_columns(root: etree._Element) -> list[tuple[int, int]]:
    """First and last of the columns that aren't shown."""
    return [
        (number(each.get("min")), number(each.get("max")))
        for each in root.iter("{*}col")
        if (each.get("hidden") or "").lower() in ON or each.get("width") == "0"
    ]


def placed(row: etree._Element, at: int) -> Iterator[tuple[int, etree._Element]]:
    """The cells of a row with the numbers of their columns."""
    column = 0
    for each in row:
        if local_name(each) != "c":
            continue
        match = REFERENCE.fullmatch(each.get("r") or "")
        column = column_number(match.group(1)) if match else column + 1
        if column <= LIMITS.column:
            yield column, each


def column_number(name: str) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    total = 0
    for letter in name:
        total = 26 * total + ord(letter) - ord("A") + 1
    return total


def letters(column: int) -> str:
    """The name of a column: A for 1, AA for 27."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def shown_cell(book: Book, cells: Cells, element: etree._Element, name: str) -> Shown | None:
    """What a cell displays; None for an empty one."""
    look = book.look(element.get("s"))
    kind = element.get("t") or "n"
    held = child(element, "v")
    raw = None if held is None else (held.text or "")
    if kind in ("s", "inlineStr", "str"):
        return text_cell(book, cells, element, raw, look, name)
    if raw is None or not raw.strip():
        if child(element, "f") is not None:
            cells.missing.append(name)
        return None
    if look.font.struck:
        cells.struck = True
        return None
    strong = look.font.bold or look.filled
    if kind == "b":
        return Shown("TRUE" if raw.strip() in ON else "FALSE", strong=strong)
    if kind == "e":
        return Shown(raw.strip(), strong=strong)
    if kind == "d":
        return Shown(MIDNIGHT.sub("", raw.strip()), number=True, strong=strong)
    text = None if look.code is None else shown_number(raw.strip(), look.code, book.calendar)
    if text is None:
        cells.unsure.append(name)
    return Shown(raw.strip() if text is None else text, number=True, strong=strong, sure=text is not None)


def text_cell(
    book: Book, cells: Cells, element: etree._Element, raw: str | None, look: Look, name: str
) -> Shown | None:
    """What a cell with a text displays."""
    kind = element.get("t")
    if kind == "s" and raw is not None:
        text, struck = book.shared(raw, look.font)
    elif kind == "inlineStr":
        inline = child(element, "is")
        text, struck = rich_text(inline, look.font) if inline is not None else ("", False)
    elif raw is None:
        if child(element, "f") is not None:
            cells.missing.append(name)
        return None
    else:
        text, struck = ("", True) if look.font.struck else (raw, False)
    cells.struck = cells.struck or struck
    text = " ".join(text.split())
    if not text:
        return None
    printed = shown_text(text, look.code or "")
    if printed is None:
        cells.unsure.append(name)
    strong = look.font.bold or look.filled
    return Shown(text if printed is None else " ".join(printed.split()), strong=strong, sure=printed is not None)


def fill_merged(
    book: Book, root: etree._Element, cells: Cells, concealed: dict[tuple[int, int], etree._Element]
) -> None:
    """Print a cell that spans several rows in each of them that has other cells, and one that is hidden in part."""
    numbers = list(cells.rows)
    hidden = hidden_columns(root)
    copied = 0
    for each in root.iter("{*}mergeCell"):
        edges = [REFERENCE.fullmatch(edge) for edge in (each.get("ref") or "").split(":")]
        if len(edges) != 2 or edges[0] is None or edges[1] is None:
            continue
        top, bottom = int(edges[0].group(2)), int(edges[1].group(2))
        left, right = column_number(edges[0].group(1)), column_number(edges[1].group(1))
        shown = cells.rows.get(top, {}).get(left)
        if shown is None and (top, left) in concealed:
            shown = shown_cell(book, cells, concealed[top, left], f"{letters(left)}{top}")
        while left < right and any(first <= left <= last for first, last in hidden):
            left += 1
        if shown is None:
            continue
        cells.wide[top, left], cells.tall[top, left] = right, bottom
        rows = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        copied += len(rows)
        if copied > LIMITS.merged:
            raise ReadError(
                f"{book.package.document_id}: expected at most {LIMITS.merged:,} cells in merged ones, found more; split the file"
            )
        for at in rows:
            cells.rows[at][left] = shown


def declared_headers(book: Book, part: str) -> set[int]:
    """The header rows of what the sheet declares to be tables."""
    found: set[int] = set()
    for relation in book.package.relations(part):
        if relation.kind == "table" and book.package.has(relation.target):
            table = book.package.xml(relation.target)
            match = REFERENCE.match(table.get("ref") or "")
            if match and number(table.get("headerRowCount"), 1) == 1:
                found.add(int(match.group(2)))
    return found


def drawn_texts(book: Book, part: str) -> Iterator[str]:
    """The texts of the shapes that lie on a sheet."""
    for relation in book.package.relations(part):
        if relation.kind == "drawing" and book.package.has(relation.target):
            for body in book.package.xml(relation.target).iter("{*}txBody"):
                for paragraph in body.iter("{*}p"):
                    yield "".join(each.text or "" for each in paragraph.iter("{*}t"))
