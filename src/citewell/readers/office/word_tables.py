"""The tables of a Word file: which cells span what, which rows name the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from citewell.readers.grid import Cell, Row, grouped, laid_out
from citewell.readers.limits import LIMITS
from citewell.readers.office.package import child, number, switch, value
from citewell.readers.office.word_styles import Styles
from citewell.readers.office.word_text import LEFT_OUT
from citewell.readers.xml import local_name

AROUND = frozenset("sdt sdtContent customXml ins moveTo".split())  # what may stand around rows, cells and paragraphs
TITLE = re.compile(r"(?:table|tabelle|tab\.|tableau|tabla|tabella|tabela|tabel)\s+[\w.–-]+", re.I)
NAMING = re.compile(
    r"\b(?:age|adjustment|clearance|comments?|condition|daily|dos(?:e|es|age|ing)|drugs?|duration|effects?|event|form|frequency"
    r"|grade|group|indication|interval|medicines?|name|notes?|parameter|patients?|placebo|population|reactions?|recommendation"
    r"|remarks?|route|severity|strength|study|treatment|values?|weight)\b",
    re.I,
)  # what columns of medical tables are called
MOST_NAME = 60  # characters of such a name
MOST_TITLE = 300  # characters of a table's caption


@dataclass(frozen=True, slots=True)
class Content:
    """What one cell of a table displays."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell, and the columns that it takes."""

    content: Content
    column: int
    columns: int = 1
    continues: bool = False  # it is the lower part of the cell above it


def unwrapped(container: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, in order, those that are deleted left out."""
    for each in container:
        kind = local_name(each)
        if kind == name:
            yield each
        elif kind in AROUND:
            yield from unwrapped(each, name)


def is_deleted(row: etree._Element) -> bool:
    """Whether a row or a cell was deleted in a tracked change."""
    properties = child(row, "trPr") if local_name(row) == "tr" else child(row, "tcPr")
    return (
        any(local_name(each) in (*LEFT_OUT, "cellDel") for each in properties if properties is not None)
        if (properties is not None)
        else False
    )


def placed_cells(row: etree._Element, contents: Sequence[tuple[etree._Element, Content]]) -> list[Placed]:
    """Give the cells of one row their columns."""
    column = min(number(value(child(row, "trPr"), "gridBefore")), LIMITS.table_columns)
    placed: list[Placed] = [Placed(Content(""), 0, column)] if column > 0 else []
    for cell, content in contents:
        properties = child(cell, "tcPr")
        columns = max(1, min(number(value(properties, "gridSpan"), 1), LIMITS.table_columns))
        merge = child(properties, "vMerge")
        continues = merge is not None and (value(properties, "vMerge") or "continue") == "continue"
        placed.append(Placed(content, max(column, 0), columns, continues))
        column += columns
    return placed


def heights(rows: Sequence[Sequence[Placed]]) -> list[list[int]]:
    """How many rows each cell spans; 0 for the lower part of a cell that spans several."""
    found = [[1] * len(row) for row in rows]
    open_at: dict[int, tuple[int, int]] = {}  # column → row and number of the cell that may go on there
    for at, row in enumerate(rows):
        for index, cell in enumerate(row):
            if cell.continues and cell.column in open_at:
                top, upper = open_at[cell.column]
                found[top][upper] += 1
                found[at][index] = 0
            else:
                open_at[cell.column] = at, index
        covered = {cell.column for cell in row}
        open_at = {column: cell for column, cell in open_at.items() if column in covered}
    return found


def header_rows(
    table: etree._Element, elements: Sequence[etree._Element], rows: Sequence[Sequence[Placed]], styles: Styles
) -> int:
    """How many rows at the top name the columns."""
    count = 0
    while count < len(elements) and switch(child(elements[count], "trPr"), "tblHeader"):
        count += 1
    if count == 0 and len(rows) > 1 and (is_set_apart(rows) or first_row_styled(table, styles) or only_words(rows)):
        count = 1
    tall = heights(rows)
    for at, row in enumerate(rows):
        if at < count:
            count = max(count, *(at + tall[at][index] for index in range(len(row))), 0)
    return count if count < len(rows) else 0


def is_set_apart(rows: Sequence[Sequence[Placed]]) -> bool:
    """Whether the first row is bold and not every row is."""
    bold = [all(cell.content.bold for cell in row if cell.content.text) for row in rows]
    return several(rows[0]) and bold[0] and not all(bold)


def first_row_styled(table: etree._Element, styles: Styles) -> bool:
    """Whether the table's style sets the first row apart, and the table uses that."""
    properties = child(table, "tblPr")
    look = child(properties, "tblLook")
    if look is None or not styles.names_first_row(value(properties, "tblStyle")):
        return False
    flags = {etree.QName(name).localname: stated for name, stated in look.attrib.items()}
    if "firstRow" in flags:
        return flags["firstRow"] in ("1", "true", "on")
    try:
        return bool(int(flags.get("val", "0"), 16) & 0x20)
    except ValueError:
        return False


def only_words(rows: Sequence[Sequence[Placed]]) -> bool:
    """Whether the first row has no figures but those below do: all of them, or half where it uses the words of headers."""
    figures = [any(re.search(r"\d", cell.content.text) for cell in row[1:]) for row in rows]
    if not several(rows[0]) or figures[0]:
        return False
    texts = [cell.content.text for cell in rows[0] if cell.content.text]
    naming = sum(len(text) <= MOST_NAME and NAMING.search(text) is not None for text in texts)
    return all(figures[1:]) or (2 * sum(figures) >= len(rows) - 1 and 2 * naming >= len(texts))


def several(row: Sequence[Placed]) -> bool:
    """Whether more than one cell of a row has text."""
    return sum(bool(cell.content.text) for cell in row) > 1


def laid(
    rows: Sequence[Sequence[Placed]], headers: int, places: Sequence[str | None]
) -> tuple[str | None, list[Row], tuple[str, ...]]:
    """The title inside a table, its rows, and what each column is called."""
    title = None
    if rows and len(rows) > 1 and is_title(rows) and headers <= 1:
        title = rows[0][0].content.text or next(cell.content.text for cell in rows[0] if cell.content.text)
        rows, places, headers = rows[1:], places[1:], max(0, headers - 1)
    tall = heights(rows)
    cells = [
        [Cell(cell.content.text, tall[at][index], cell.columns) for index, cell in enumerate(row) if tall[at][index]]
        for at, row in enumerate(rows)
    ]
    apart = set_apart(rows)
    found = [
        Row(texts, header=at < headers, place=places[at], apart=apart[at])
        for at, texts in enumerate(laid_out(cells))
        if any(texts)
    ]
    found = grouped(found)
    return title, found, column_names(rows[:headers])


def set_apart(rows: Sequence[Sequence[Placed]]) -> list[bool]:
    """For each row whether its first cell spans the table, or is bold as those of other rows aren't."""
    keys = [row[0].content.bold for row in rows if several(row)]
    usual = 2 * sum(keys) > len(keys)
    return [
        bool(row) and ((len(row) == 1 and row[0].columns > 1) or (row[0].content.bold and not usual)) for row in rows
    ]


def is_title(rows: Sequence[Sequence[Placed]]) -> bool:
    """Whether the first row is one cell over all columns with the table's title."""
    lone = [sum(bool(cell.content.text) for cell in row) == 1 for row in rows]
    text = next((cell.content.text for cell in rows[0] if cell.content.text), "")
    wide = len(rows[0]) == 1 and any(len(row) > 1 for row in rows[1:])
    return lone[0] and wide and len(text) <= MOST_TITLE and (TITLE.match(text) is not None or not any(lone[1:]))


def column_names(rows: Sequence[Sequence[Placed]]) -> tuple[str, ...]:
    """What each column is called by the header rows above it, the widest first."""
    names: dict[int, list[str]] = {}
    for row in rows:
        for cell in row:
            for column in range(cell.column, min(cell.column + cell.columns, LIMITS.table_columns)):
                if cell.content.text and not cell.continues:
                    names.setdefault(column, []).append(cell.content.text)
    return tuple(" – ".join(names.get(column, ())) for column in range(max(names, default=-1) + 1))
