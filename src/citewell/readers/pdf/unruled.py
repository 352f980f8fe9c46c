"""Lines of a column with texts side by side → tables without rules, or short columns; never one line glued over the white."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from citewell.readers.pdf.frames import Frame
from citewell.readers.pdf.lines import SMALL, Line, Piece
from citewell.readers.pdf.patterns import CAPTION
from citewell.readers.pdf.rows import is_figure
from citewell.readers.pdf.tables import Table, cell_text, column_at, columns_of, table_in

LEAST_WHITE = 1.0  # of the font size
ALIGNED = 3.0  # points by which the texts of one column may be off each other's edges or middles
MOST_STEP = 2.6  # font sizes between the lines of one table
COUNTER = re.compile(
    r"\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVXivx]{1,5}[.)]|\(?[A-Za-z][.)]|\(?\d{1,3}[.)]|[•◦▪‣●○■□➢✓·*o–—-]|[⁰¹²³⁴-⁹ᵃ-ᶻ†‡§]+"
)
BULLET = re.compile(r"[•◦▪‣●○■□➢✓]")
DATED = re.compile(r"\d{1,2}/\d{2,4}")
FIGURES = 0.5  # share of figures in the columns behind the first, from which on a run is a table
LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """Lines of one column.

    :param closed: Whether it stands by itself, so that no sentence runs into it or out of it.
    """

    lines: list[Line]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Lines [first, last) of a column with texts side by side."""

    first: int
    last: int


def runs_in(lines: Sequence[Line]) -> list[Run]:
    """The stretches of a column in which at least two lines leave the same white between their texts."""
    found: list[Run] = []
    number = 0
    while number < len(lines):
        run = run_at(lines, number)
        if run:
            found.append(run)
        number = run.last if run else number + 1
    return found


def run_at(lines: Sequence[Line], first: int) -> Run | None:
    """The run that starts at a line with texts side by side."""
    common = whites(lines[first])
    last = first + 1
    several = 1
    for number in range(first + 1, len(lines)):
        line, above = lines[number], lines[number - 1]
        if not common or line.table is not None or above.baseline - line.baseline > MOST_STEP * line.print.size:
            break
        left = shared(common, line)
        if not left:
            break
        aside = not whites(line)
        if not aside:
            left = [white for white in left if is_aligned(white, lines[first], line)]
            if not left:
                break
        if not aside:
            common, several, last = left, several + 1, number + 1
        elif line.text[:1].islower() or line.left > left[0][1] - 1:
            common, last = left, number + 1
    if not common or is_dated(lines[first:last]):
        return None
    if several < LEAST_ROWS and not has_bullet_inside(lines[first]):
        return None
    return Run(first, last)


def is_aligned(white: tuple[float, float], one: Line, other: Line) -> bool:
    """Whether what two lines print behind some white stands one below the other; justified text leaves white by chance."""
    middle = (white[0] + white[1]) / 2
    pair = [next((piece for piece in cells(line) if piece.left > middle), None) for line in (one, other)]
    if pair[0] is None or pair[1] is None:
        return False
    left, right = pair[0].left - pair[1].left, pair[0].right - pair[1].right
    running = any(piece.words[0].text[:1].islower() for piece in pair if piece)  # text: only its left edge tells
    return abs(left) < ALIGNED or (not running and min(abs(right), abs(left + right) / 2) < ALIGNED)


def has_bullet_inside(line: Line) -> bool:
    """Whether a bullet stands behind another text: two items side by side."""
    return any(BULLET.fullmatch(piece.words[0].text) for piece in cells(line)[1:])


def cells(line: Line) -> list[Piece]:
    """The texts of a line that stand side by side; a bullet, a number or the name of a caption belongs to what follows it."""
    found: list[Piece] = []
    for piece in line.pieces:
        before = found[-1] if found else None
        if before and before.words and is_counter(before, piece):
            words = (*before.words, *piece.words)
            found[-1] = Piece(words, before.left, piece.right, piece.baseline, max(before.size, piece.size))
        else:
            found.append(piece)
    return found


def is_counter(piece: Piece, following: Piece) -> bool:
    """Whether a piece is nothing but a bullet, a number, the mark of a note or the name of a caption."""
    if piece.size < SMALL * following.size and piece.right - piece.left < following.size:
        return True
    text = " ".join(word.text for word in piece.words)
    return COUNTER.fullmatch(text) is not None or (CAPTION.match(text) is not None and len(piece.words) <= 3)


def whites(line: Line) -> list[tuple[float, float]]:
    """The wide white between the texts of a line."""
    if line.table is not None:
        return []
    return [
        (one.right, other.left)
        for one, other in pairwise(cells(line))
        if other.left - one.right >= LEAST_WHITE * line.print.size
    ]


def shared(common: Sequence[tuple[float, float]], line: Line) -> list[tuple[float, float]]:
    """What is left of common white beside the texts of a line."""
    found: list[tuple[float, float]] = []
    for left, right in common:
        for piece in cells(line):
            if piece.right <= left + 1 or piece.left >= right - 1:
                continue
            middle = (left + right) / 2
            if piece.left < middle < piece.right:
                left = right
                break
            left, right = (max(left, piece.right), right) if piece.right < middle else (left, min(right, piece.left))
        if right - left >= LEAST_WHITE * line.print.size:
            found.append((left, right))
    return found


def is_dated(lines: Sequence[Line]) -> bool:
    """Whether the right side holds nothing but dates, as a list of changes does; such lines are read across."""
    return all(DATED.fullmatch(line.pieces[-1].words[0].text) for line in lines if len(line.pieces) > 1)


def read_run(lines: Sequence[Line]) -> Table | list[list[Piece]] | None:
    """A run as a table, else as the pieces of its columns; None where neither shows."""
    pieces = [piece for line in lines for piece in cells(line)]
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    top, bottom = max(piece.top for piece in pieces) + 1, min(piece.bottom for piece in pieces) - 1
    frame = Frame(left, right, (top, bottom), (), grid=False)
    places = columns_of(frame, pieces)
    if not places:
        return None
    table = table_in(frame, pieces)
    if table and len(table.rows) >= LEAST_ROWS:
        return table
    behind = [piece for piece in pieces if column_at(piece.left, places)]
    if table and sum(is_figure(cell_text(piece.words)) for piece in behind) > FIGURES * len(behind):
        return table
    columns: list[list[Piece]] = [[] for _ in range(len(places) + 1)]
    for piece in pieces:
        columns[column_at((piece.left + piece.right) / 2, places)].append(piece)
    return columns
