"""The rows of an article's tables, in XHTML's model or in that of OASIS."""

from __future__ import annotations

import re

from lxml import etree

from citewell.readers.grid import Cell, Row, grid_rows
from citewell.readers.limits import LIMITS
from citewell.readers.narrative import Narrative, cells_of, indent_of, span_of, table_rows, with_headers, within
from citewell.readers.xml import local_name

DIGITS = re.compile(r"\d{1,4}")


def article_rows(table: etree._Element, line: Narrative) -> list[Row]:
    """The rows of a table: those of its head lead the others, those of its foot are notes."""
    rows = list(table_rows(table)) or list(table.iter("{*}row"))
    columns = columns_of(table)
    cells = [[cell_of(cell, columns, line) for cell in cells_in(row)] for row in rows]
    places = [line.places.of(row) for row in rows]
    at = dict(zip(places, rows, strict=True))
    laid = [marked(row, at.get(row.place or "")) for row in grid_rows(cells, places)]
    if any(row.header for row in laid):
        return laid
    return with_headers([in_bold(row, at.get(row.place or ""), line) for row in laid])


def cells_in(row: etree._Element) -> list[etree._Element]:
    """The cells of a row in either model."""
    return cells_of(row) or [cell for cell in row if local_name(cell) in ("entry", "entrytbl")]


def columns_of(table: etree._Element) -> dict[str, int]:
    """The numbers of the columns that an OASIS table names."""
    return {each.get("colname") or "": number for number, each in enumerate(table.iter("{*}colspec"), start=1)}


def cell_of(cell: etree._Element, columns: dict[str, int], line: Narrative) -> Cell:
    """One cell with its spans."""
    header = local_name(cell) == "th" or within(cell, "thead")
    rows, wide = span_of(cell, "rowspan"), span_of(cell, "colspan")
    if local_name(cell) in ("entry", "entrytbl"):
        more = (cell.get("morerows") or "0").strip()
        rows = 1 + (int(more) if DIGITS.fullmatch(more) else 0)
        first, last = (columns.get(cell.get(name) or "", 0) for name in ("namest", "nameend"))
        wide = min(last - first + 1, LIMITS.table_columns) if 0 < first <= last else 1
    return Cell(line.inline(cell), rows, wide, header, indent_of(cell), line.is_bold(cell))


def marked(row: Row, element: etree._Element | None) -> Row:
    """A row, as a header or a note where its place in the table says so."""
    if element is None or row.note:
        return row
    if within(element, "tfoot"):
        return Row((" ".join(filter(None, row.cells)),), note=True, place=row.place)
    return Row(row.cells, header=row.header or within(element, "thead"), place=row.place)


def in_bold(row: Row, element: etree._Element | None, line: Narrative) -> Row:
    """A row of a table without a head, as a header where all its cells are in bold."""
    bold = element is not None and sum(map(bool, row.cells)) > 1 and all(map(line.is_bold, cells_in(element)))
    return Row(row.cells, header=True, place=row.place) if bold and not row.note else row
