"""The printed lines of a table → its rows. Which lines make a row is told by rules, values and white, or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from citewell.readers.grid import Row

VALUE = re.compile(r"[<>≥≤~±+\-−–]?\s?[$€£]?\d|[-–—]+$|(?:n/?[ad]|nd|none|yes|no|ne|nr)\b[\W\d]*$", re.I)
LONG_WORD = re.compile(r"[^\W\d_]{4}")  # longer than the names of units
# What a cell can't end on: "30 mg every", "if taken with", "1,".
DANGLING = re.compile(
    r"(?:[,(/–-]|\b(?:every|each|of|and|or|for|to|in|with|without|than|the|a|an|per|by|at|from|after|before|if|as|on|not|no|up|over"
    r"|under|once|twice|less|more|is|are|alle|und|oder|mit|von|bis|pro))$",
    re.I,
)
STEP = 1.25  # ratio of the distances between rows and between the lines of a cell
SET_IN = 2.0  # points


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed line of a table: the text of each column that has any, and where its first text begins.

    :param spans: Whether a text runs across columns.
    """

    cells: dict[int, str]
    baseline: float
    left: float
    bold: bool
    spans: bool = False

    def is_full(self) -> bool:
        """Whether it is a row of its own: a name, and values beside it."""
        values = [text for column, text in self.cells.items() if column]
        return 0 in self.cells and bool(values) and all(VALUE.match(text) for text in values)

    def has_figures(self) -> bool:
        """Whether it has nothing but a figure in some column behind the first."""
        return any(is_figure(text) for column, text in self.cells.items() if column)

    def has_text(self) -> bool:
        """Whether a cell behind the first holds more than a figure, so that it may run over several lines."""
        return any(not is_figure(text) for column, text in self.cells.items() if column)

    def is_lone(self) -> bool:
        """Whether it has text in the first column only."""
        return set(self.cells) == {0}


def is_figure(text: str) -> bool:
    """Whether a cell holds a value alone, no text that may run over several lines."""
    return VALUE.match(text) is not None and LONG_WORD.search(text) is None


def rows_of(band: Sequence[Printed], *, whole: bool) -> list[Row] | None:
    """The rows of a band; None where its lines can't be told apart surely.

    :param whole: Rules part it from its neighbours, so that it may be one row.
    """
    if any(line.spans for line in band):
        lone = whole and all(line.is_lone() for line in band)
        return [row_of(band)] if lone else None
    names = 0
    while names < len(band) and band[names].is_lone() and band[names].bold:
        names += 1
    if 0 < names < len(band) and not band[names].bold and band[names].is_full():
        group = row_of(band[:names])
        rows = rows_of(band[names:], whole=whole)
        return rows and [replace(row, cells=(f"{group.cells[0]} › {row.cells[0]}", *row.cells[1:])) for row in rows]
    if len(band) == 1:
        return [row_of(band)]
    if separate(band) and not (whole and any(line.has_text() for line in band)):
        return under_names(band)
    if whole and sum(line.has_figures() for line in band) <= 1:
        return [row_of(band)]
    if groups := by_distance(band):
        return [row_of(group) for group in groups]
    return [row_of(band)] if whole and sum(0 in line.cells for line in band) == 1 else None


def wraps(band: Sequence[Printed]) -> bool:
    """Whether a cell seems to go on in the line below: it ends on a word that wants another, or the other opens small."""
    for above, below in pairwise(band):
        for column, text in below.cells.items():
            before = above.cells.get(column, "")
            open_ended = DANGLING.search(before) is not None and not is_figure(before)
            small = text[0].islower() and not before[:1].islower()
            if before and (open_ended or small or text[0] in "(,"):
                return True
    return False


def separate(band: Sequence[Printed]) -> bool:
    """Whether each line is a row of its own, or names the rows below it, which are set in."""
    if wraps(band) or band[-1].is_lone():
        return False
    for line, following in pairwise(band):
        if line.is_lone():
            if not following.is_full() or following.left <= line.left + SET_IN:
                return False
        elif not line.is_full():
            return False
    return True


def under_names(band: Sequence[Printed]) -> list[Row]:
    """The rows of a band, each with the name above it as long as they are set in below that."""
    rows: list[Row] = []
    name: Printed | None = None
    for line in band:
        if line.is_lone():
            name = line
            continue
        row = row_of([line])
        name = name if name and line.left > name.left + SET_IN else None
        rows.append(replace(row, cells=(f"{name.cells[0]} › {row.cells[0]}", *row.cells[1:])) if name else row)
    return rows


def by_distance(band: Sequence[Printed]) -> list[list[Printed]] | None:
    """Lines grouped by the white between them, where that tells the lines of a cell from rows."""
    steps = [above.baseline - below.baseline for above, below in pairwise(band)]
    ordered = sorted(steps)
    jumps = [(after / before, before) for before, after in pairwise(ordered) if before > 0]
    ratio, most = max(jumps, default=(1.0, 0.0))
    if ratio < STEP or most > 1.6 * median(ordered[: max(1, len(ordered) // 3)]):
        return None
    groups: list[list[Printed]] = [[band[0]]]
    for step, line in zip(steps, band[1:], strict=True):
        if step > most + 0.1:
            groups.append([])
        groups[-1].append(line)
    one = all(
        0 in merged_cells(group)
        and len(merged_cells(group)) > 1
        and sum(line.is_full() and not line.has_text() for line in group) <= 1
        for group in groups
    )
    return groups if one else None


def merged_cells(group: Sequence[Printed]) -> dict[int, str]:
    """The cells of lines that make one row."""
    cells: dict[int, str] = {}
    for line in group:
        for column, text in line.cells.items():
            cells[column] = f"{cells[column]} {text}" if column in cells else text
    return cells


def row_of(group: Sequence[Printed]) -> Row:
    """One row."""
    cells = merged_cells(group)
    return Row(tuple(cells.get(column, "") for column in range(max(cells) + 1)), indent=round(group[0].left))
