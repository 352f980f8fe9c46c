"""Rows with a text in their first cell only: names of the rows below, notes, or rows whose values are missing.

"Adults" above "mild | 5 mg" names it. "Examplol" above "Testamine | 7 mg" is another drug without a dose: to put it
before the next row would give it that dose. So a row names others only where something shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from citewell.readers.grid import MOST_GROUP_CHARACTERS, Row


def with_groups(rows: Sequence[Row], apart: Sequence[bool]) -> list[Row]:
    """Put the names of groups before their rows, and tell notes from rows.

    :param apart: For each row whether its first cell is set apart: it spans the table, or is bold as no other is.
    """
    last = max((at for at, row in enumerate(rows) if not is_lone(row)), default=-1)
    repeated = names_repeat(rows)
    told: list[Row] = []
    group = ""
    for at, row in enumerate(rows):
        text = row.cells[0] if row.cells else ""
        if row.header:
            group = ""
        elif is_lone(row):
            if last >= 0 and (at > last or text.endswith(".") or len(text) > MOST_GROUP_CHARACTERS):
                told.append(replace(row, cells=(text,), note=True))
                continue
            if apart[at] or repeated or text.endswith(":"):
                group = text.rstrip(" :")
                continue
            group = ""
        told.append(replace(row, cells=(f"{group}: {text}" if text else group, *row.cells[1:])) if group else row)
    return told


def is_lone(row: Row) -> bool:
    """Whether only the first cell of a row has a text."""
    return not row.header and bool(row.cells) and bool(row.cells[0]) and not any(row.cells[1:])


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
