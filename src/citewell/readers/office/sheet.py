"""Excel files (XLSX) → Document: every cell as it is displayed, every row with its header.

A row with a cell whose display isn't known is shown with the bare value and never quoted. The parts are read one by one
within the limits of archives and XML, which a library for Excel files does not keep.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from citewell.readers.archive import Archive
from citewell.readers.draft import Draft
from citewell.readers.fields import Value
from citewell.readers.limits import LIMITS
from citewell.readers.office.package import Package, content_types
from citewell.readers.office.sheet_book import Book, Sheet
from citewell.readers.office.sheet_cells import Cells, drawn_texts, read_cells
from citewell.readers.office.sheet_tables import SheetRow, Tables
from citewell.readers.source import Source
from citewell.types import Document

EXCEL = re.compile(rb"(?:spreadsheetml|ms-excel)\.(?:sheet|template)[\w.]*\.?main\+xml")
NO_NAME = re.compile(r"(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|ark|list|arkusz|лист|taul|munka)\s*\d+", re.I)
MOST_NAMED = 10  # cells that a remark names
NOT_QUOTED = "The sheet “{}” has cells whose display isn't known ({}); their rows are not quoted."
NO_OUTCOME = "The sheet “{}” has formulas without a stored outcome ({}); these cells were left out."
STRUCK = "Struck-out text was left out."
TOO_WIDE = f"The sheet “{{}}” has a table of more than {LIMITS.table_columns} columns; those beyond were left out."


def looks_like_sheet(archive: Archive) -> bool:
    """Whether an archive is an Excel file, by what it states of its parts."""
    return EXCEL.search(content_types(archive)) is not None


def read_sheet(source: Source, data: bytes) -> Document:
    """Read an Excel file, sheet by sheet."""
    package = Package(Archive(source.document_id, data))
    book = Book(package)
    draft = Draft(source.document_id)
    shown = [sheet for sheet in book.sheets if not sheet.hidden and package.has(sheet.part)]
    remarks = [f"The sheet “{sheet.name}” is hidden; it was left out." for sheet in book.sheets if sheet.hidden]
    for sheet in shown:
        cells = read_cells(book, sheet.part)
        drawn = [text for each in drawn_texts(book, sheet.part) if (text := " ".join(each.split()))]
        if (cells.rows or drawn) and (len(shown) > 1 or not NO_NAME.fullmatch(sheet.name)):
            draft.heading(sheet.name, 2, place=f"sheet {sheet.name}")
        remarks += write_sheet(draft, sheet, cells)
        for text in drawn:
            draft.paragraph(text, place=f"sheet {sheet.name}, text box")
        if any(each.kind in ("comments", "threadedComment") for each in package.relations(sheet.part)):
            remarks.append(f"The comments on the sheet “{sheet.name}” were left out.")
    found: dict[str, Value] = {"remarks": tuple(remarks)} if remarks else {}
    if title := package.core_title():
        found["title"] = title
    return draft.document(source, data, found)


def write_sheet(draft: Draft, sheet: Sheet, cells: Cells) -> list[str]:
    """Write one sheet; what a reader ought to know of it."""
    tables = Tables(draft, cells.wide, cells.tall, frozenset(cells.headers))
    tables.write(sheet_rows(sheet, cells))
    remarks = [
        f"The sheet “{sheet.name}” has {count} hidden {kind if count == 1 else kind + 's'}; left out."
        for kind, count in (("row", len(cells.hidden_rows)), ("column", cells.hidden_columns))
        if count
    ]
    remarks += [form.format(sheet.name, named(names)) for form, names in
                ((NOT_QUOTED, cells.unsure), (NO_OUTCOME, cells.missing)) if names]  # fmt: skip
    return remarks + [TOO_WIDE.format(sheet.name)] * tables.cut + [STRUCK] * cells.struck


def named(names: Sequence[str]) -> str:
    """The first of some cells by their names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def sheet_rows(sheet: Sheet, cells: Cells) -> list[SheetRow]:
    """The rows of a sheet that have cells; hidden rows between two of them don't part them."""
    rows: list[SheetRow] = []
    last = 0
    hidden = 0
    concealed = sorted(cells.hidden_rows, reverse=True)
    for at, row in cells.rows.items():
        hidden = 0
        while concealed and concealed[-1] < at:
            hidden += concealed.pop() > last
        apart = at - last - 1 > hidden
        rows.append(SheetRow(at, row, f"sheet {sheet.name}, row {at}", apart))
        last = at
    return rows
