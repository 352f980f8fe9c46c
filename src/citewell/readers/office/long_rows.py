"""Tables whose rows are too wide or too long to be read as one line of cells: each cell stands with its column's name."""

from __future__ import annotations

from collections.abc import Sequence

from citewell.readers.draft import Draft
from citewell.readers.grid import Row
from citewell.types import BlockKind

MOST_COLUMNS = 8  # beyond, nobody counts separators to find the column of a cell
MOST_CHARACTERS = 600  # of a row; as long as a list item may be before it is cut into sentences
MOST_KEY = 120  # characters of the cell that tells which row a long cell belongs to


def write_table(
    draft: Draft, caption: str | None, rows: Sequence[Row], names: Sequence[str] = (), *, place: str | None = None
) -> None:
    """Add a table to a draft.

    A row is one unit. If it has many columns, its cells are printed with their columns' names. If it is long, each
    cell is a unit of its own, led by the cell that names the row.

    :param names: What each column is called, as its header rows say it in one; none where that isn't known.
    """
    columns = max((len(row.cells) for row in rows), default=0)
    long = any(len(" | ".join(row.cells)) > MOST_CHARACTERS for row in rows if not row.header and not row.note)
    if not long and (columns <= MOST_COLUMNS or not any(names)):
        draft.table(caption, rows, place=place)
        return
    titled = draft.add(caption or "", BlockKind.HEADER, place=place)
    top = (titled.start, titled.end) if titled else None
    header: tuple[int, int] | None = top
    leading = True
    for row in rows:
        where = row.place or place
        if row.note:
            draft.paragraph(row.cells[0], place=where)
        elif row.header and leading:
            added = draft.add(" | ".join(row.cells), BlockKind.HEADER, place=where)
            header = (header[0] if header else added.start, added.end) if added else header
        else:
            leading = False
            write_row(draft, row, names, where, top, header)


def write_row(
    draft: Draft,
    row: Row,
    names: Sequence[str],
    place: str | None,
    caption: tuple[int, int] | None,
    header: tuple[int, int] | None,
) -> None:
    """Add one row in the form that can be read."""
    plain = " | ".join(row.cells)
    if len(row.cells) <= MOST_COLUMNS and len(plain) <= MOST_CHARACTERS:
        draft.add(plain, BlockKind.ROW, place=place, lead=header)
        return
    cells = [(names[number] if number < len(names) else "", text) for number, text in enumerate(row.cells) if text]
    named = " | ".join(labelled(name, text) for name, text in cells)
    if len(named) <= MOST_CHARACTERS:
        draft.add(named, BlockKind.ROW, place=place, lead=caption if any(names) else header)
    else:
        write_cells(draft, cells, place)


def write_cells(draft: Draft, cells: Sequence[tuple[str, str]], place: str | None) -> None:
    """Add the cells of a long row one by one, each below the first cell and its own column's name."""
    key = labelled(*cells[0]) if len(cells[0][1]) <= MOST_KEY and len(cells) > 1 else ""
    printed, lead = "", None
    for number, (name, text) in enumerate(cells):
        if key and number == 0:
            continue
        heading = " | ".join(part for part in (key, name) if part)
        if heading != printed:
            added = draft.add(heading, BlockKind.HEADER, place=place)
            printed, lead = heading, (added.start, added.end) if added else None
        draft.add(text, BlockKind.ITEM, level=1, place=place, lead=lead)


def labelled(name: str, text: str) -> str:
    """A cell with its column's name."""
    return f"{name}: {text}" if name else text
