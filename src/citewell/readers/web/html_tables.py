"""Tables of pages: rows in the order in which they are displayed, and what a cell across the table says of the rows below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import dropwhile

from lxml import etree

from citewell.readers.grid import Cell, Row, grid_rows
from citewell.readers.narrative import cells_of, table_rows, within
from citewell.readers.web.html_names import element_name
from citewell.readers.xml import local_name

MOST_CELL_CHARACTERS = 1500  # of a table of data without names for its columns; more is a page laid out in columns
ROW_ROLES = {"row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th"}


def laid_rows(
    rows: Sequence[etree._Element],
    cell_of: Callable[[etree._Element], Cell],
    place_of: Callable[[etree._Element], str],
    mark: Callable[[Row, etree._Element | None], Row] = lambda row, _: row,
) -> list[Row]:
    """Lay the rows of a table out; those of its foot come last, and are notes where they go across the table.

    :param mark: Makes a header of a row in the way of the format.
    """
    body = [row for row in rows if not within(row, "tfoot")]
    feet = [row for row in rows if within(row, "tfoot")]
    elements = {place_of(row): row for row in body}
    cells = named_groups(body, [[cell_of(cell) for cell in cells_of(row)] for row in body])
    laid = [mark(row, elements.get(row.place or "")) for row in grid_rows(cells, [place_of(each) for each in body])]
    foot = [[replace(cell_of(cell), header=False) for cell in cells_of(row)] for row in feet]
    return laid + [as_foot(row) for row in grid_rows(foot, [place_of(each) for each in feet])]


def as_foot(row: Row) -> Row:
    """A row of a table's foot: a note if only one of its cells says something."""
    said = [text for text in row.cells if text]
    return Row((said[0],), note=True, place=row.place) if len(said) == 1 else replace(row, header=False)


def named_groups(elements: Sequence[etree._Element], rows: list[list[Cell]]) -> list[list[Cell]]:
    """Let a <th> alone in its row name the rows below it, unless it stands over the names of the columns.

    As a header it would lead all rows, those of the next group too.
    """
    columns = max((sum(cell.columns for cell in row) for row in rows), default=0)
    lone = [
        columns > 1 and is_lone(row) and not within(element, "thead")
        for element, row in zip(elements, rows, strict=True)
    ]
    marked: list[list[Cell]] = []
    for number, row in enumerate(rows):
        if lone[number] and not is_title(number, rows, lone):
            marked.append([replace(row[0], header=False, columns=columns)])
        else:
            marked.append(row)
    return marked


def is_lone(row: Sequence[Cell]) -> bool:
    """Whether the first cell of a row of <th> is the only one with a text."""
    return bool(row) and row[0].header and bool(row[0].text) and not any(cell.text for cell in row[1:])


def is_title(number: int, rows: Sequence[Sequence[Cell]], lone: Sequence[bool]) -> bool:
    """Whether a lone <th> is the title of the table: nothing but such stands above it, and the columns' names stand below it."""
    if not all(lone[:number]):
        return False
    following = next(dropwhile(lambda each: is_lone(each), rows[number + 1 :]), ())
    return (len(following) > 1 and all(cell.header for cell in following)) or sum(lone) == 1


def parts_of(rows: Sequence[Row], stacked: Callable[[Row], bool]) -> list[list[Row]]:
    """Part a table where names of columns come again below other rows: those above no longer hold.

    :param stacked: Whether a row is marked up as names of columns.
    """
    parts: list[list[Row]] = [[]]
    said = False
    for row in rows:
        if row.header and stacked(row) and said:
            parts.append([])
            said = False
        said = said or not (row.header or row.note)
        parts[-1].append(row)
    return [part for part in parts if part]


def is_layout(table: etree._Element, rows: Sequence[etree._Element]) -> bool:
    """Whether a table only lays out the page: it has one column, or cells that hold whole blocks."""
    if (table.get("role") or "").lower() in ("presentation", "none") or all(len(cells_of(row)) < 2 for row in rows):
        return True
    if table.xpath("boolean(.//table | .//h1 | .//h2 | .//h3 | .//form)"):
        return True
    if table.xpath("boolean(.//th | .//caption | .//thead)"):
        return False
    return any(len("".join(cell.itertext())) > MOST_CELL_CHARACTERS for row in rows for cell in cells_of(row))


def with_rows(element: etree._Element) -> list[etree._Element]:
    """The rows of a table; those that are such only by their roles get the elements' names of rows and cells."""
    if element_name(element) == "table":
        return list(table_rows(element))
    for part in element.iterdescendants(etree.Element):
        if (role := (part.get("role") or "").lower()) in ROW_ROLES:
            part.tag = ROW_ROLES[role]
    return [row for row in element.iterdescendants("tr") if nearest_table(row) is element]


def nearest_table(row: etree._Element) -> etree._Element | None:
    """The table that a row belongs to."""
    return next((above for above in row.iterancestors() if is_table(above)), None)


def is_table(element: etree._Element) -> bool:
    """Whether an element is a table by its name or its role."""
    return local_name(element) == "table" or (
        (element.get("role") or "").lower() in ("table", "grid")
        and element_name(element) in ("div", "section", "ul", "dl")
    )
