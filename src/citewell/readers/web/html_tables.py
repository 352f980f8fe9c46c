"""Tables of pages: rows in the order in which they are displayed, and what a cell across the table says of the rows below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from lxml import etree

from citewell.readers.grid import Cell, Row, grid_rows, is_statement, laid_out
from citewell.readers.labels.spl_tables import Line, bodied, headed, header_count, joined_names, notes_in, one_line
from citewell.readers.narrative import cells_of, table_rows, within
from citewell.readers.web.html_names import element_name
from citewell.readers.xml import local_name

MOST_CELL_CHARACTERS = 1500  # of a table of data without names for its columns; more is a page laid out in columns
MOST_NAMES = 4  # of groups inside each other; more are a list
TABLE_INSIDE = "boolean(.//table | .//*[@role = 'table' or @role = 'grid'])"
ROW_ROLES = {"row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th"}


def laid_parts(
    rows: Sequence[etree._Element],
    cell_of: Callable[[etree._Element], Cell],
    place_of: Callable[[etree._Element], str],
    is_bold: Callable[[etree._Element], bool],
) -> list[list[Row]]:
    """Lay the rows of a table out, parted where names of columns come again: those above hold no longer.

    Rows of the foot come last, and are notes where they go across the table.
    """
    lines = spread([Line(tuple(map(cell_of, cells_of(row))), row, place_of(row)) for row in rows])
    feet = [line for line in lines if within(line.element, "tfoot")]
    body = [line for line in lines if not within(line.element, "tfoot")]
    columns = max((sum(cell.columns for cell in line.cells) for line in body), default=0)
    parts = [laid_part(part, columns, is_bold) for part in parted(body)] or [[]]
    for line in feet:
        said = [text for text in line.texts() if text]
        note = len(said) == 1 or columns < 2
        cells = (" ".join(said),) if note else tuple(line.texts())
        parts[-1] += [Row(cells, note=note, place=line.place)] if said else []
    return parts


def spread(lines: Sequence[Line]) -> list[Line]:
    """Put what spans several rows into each of them, then leave rows out that say nothing of their own.

    The other way round, what spans an empty row would slip into the row below it.
    """
    told: list[Line] = []
    reach = 0  # number of the first row that nothing from above hangs into
    for number, (line, texts) in enumerate(zip(lines, laid_out([line.cells for line in lines]), strict=True)):
        if any(line.texts()):
            header = all(cell.header for cell in line.cells)
            cells = tuple(Cell(text, header=header) for text in texts)
            told.append(
                replace(line, cells=cells if number < reach else tuple(replace(each, rows=1) for each in line.cells))
            )
        reach = max(reach, number + max((cell.rows for cell in line.cells), default=1))
    return told


def names_its_rows(rows: Sequence[etree._Element]) -> bool:
    """Whether rows open with a <th> of their own before their values: then a first row of words names no columns."""
    kinds = [[local_name(cell) for cell in cells_of(row)] for row in rows]
    return any(row[0] == "th" and "td" in row[1:] for row in kinds if row)


def parted(lines: Sequence[Line]) -> list[list[Line]]:
    """Part the lines of a table before each line of <th> that comes below values."""
    parts: list[list[Line]] = [[]]
    said = False
    for line in lines:
        names = is_named(line)
        if names and said:
            parts.append([])
        said = not names and (said or not line.lone()) and not (names and said)
        parts[-1].append(line)
    return [part for part in parts if part]


def is_named(line: Line) -> bool:
    """Whether a line is marked up as one that names columns."""
    return sum(map(bool, line.texts())) > 1 and all(cell.header for cell in line.cells)


def laid_part(lines: Sequence[Line], columns: int, is_bold: Callable[[etree._Element], bool]) -> list[Row]:
    """Lay out lines that have the same names of columns; a <th> alone in its line names the lines below it."""
    titles = title_count(lines, is_bold)
    count = header_count(lines[titles:], is_bold)
    opened = [line if is_statement(line.texts()[0]) else headed(line) for line in lines[:titles]]
    opened += map(headed, lines[titles : titles + count])
    opened += [across(line, columns) for line in lines[titles + count :]]
    whole = joined_names(opened) if longest_run(opened) <= MOST_NAMES else opened
    if statement_count(whole) > statement_count(opened):
        whole = opened  # joined, they would be a note that names nothing
    laid = grid_rows([line.cells for line in whole], [line.place for line in whole])
    return [each for row in laid for each in ([one_line(row)] if not row.note else notes_in(row.cells, row.place))]


def title_count(lines: Sequence[Line], is_bold: Callable[[etree._Element], bool]) -> int:
    """How many lines stand across the top of a table, above those that name its columns."""
    count = sum(1 for _ in takewhile(lambda line: line.lone() and not within(line.element, "thead"), lines))
    if header_count(lines[count:], is_bold):
        return count
    alone = count == 1 and lines[0].cells[0].header and not any(line.lone() for line in lines[1:])
    return 1 if alone and len(lines) > 1 else 0


def longest_run(lines: Sequence[Line]) -> int:
    """How many lines at most stand alone one below the other."""
    return max((sum(1 for _ in run) for alone, run in groupby(lines, Line.lone) if alone), default=0)


def statement_count(lines: Sequence[Line]) -> int:
    """How many lines say something across the table and name nothing."""
    return sum(line.lone() and is_statement(line.texts()[0]) for line in lines)


def across(line: Line, columns: int) -> Line:
    """The same line as one that names no columns; a <th> alone in it goes across the table."""
    group = line.lone() and line.cells[0].header and columns > 1
    body = bodied(line)
    return replace(body, cells=(replace(body.cells[0], columns=columns),)) if group else body


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
    return list(element.iterdescendants("tr"))


def is_table(element: etree._Element) -> bool:
    """Whether an element is a table by its name, or by its role and with no other in it."""
    if local_name(element) == "table":
        return True
    role = (element.get("role") or "").lower()
    return role in ("table", "grid") and element_name(element) in ("div", "section") and not element.xpath(TABLE_INSIDE)
