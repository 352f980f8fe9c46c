"""Ruling lines → the frames of tables: where a table stands, and where rules part its rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from citewell.readers.pdf.drawings import Rule
from citewell.readers.pdf.lines import UNDERLINE, Piece
from citewell.readers.pdf.patterns import CAPTION

SAME = 6.0  # points by which the ends of a table's rules may differ
CHAIN = 6.0  # points between the pieces of one rule
DOUBLE = 4.5  # points between the two lines of a double rule
LEAST_TABLE = 60.0  # points of width
MOST_RULES = 600  # of a page; a page with more is a drawing


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line: its place across its direction, its ends, and where it is broken, as rules of cells are."""

    place: float
    start: float
    end: float
    breaks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of a page between level rules of one width.

    :param levels: Heights of its rules, from top to bottom.
    :param columns: Where upright rules or breaks in the level ones part columns, from left to right; may be empty.
    :param grid: Whether upright rules part columns.
    :param uprights: (place, bottom, top) of each upright rule in it.
    """

    left: float
    right: float
    levels: tuple[float, ...]
    columns: tuple[float, ...]
    grid: bool
    uprights: tuple[tuple[float, float, float], ...] = ()


def frames(rules: Sequence[Rule], pieces: Sequence[Piece]) -> list[Frame]:
    """The stretches of a page that may be tables: two or more level rules of one width, above one another."""
    if len(rules) > MOST_RULES:
        return []
    levels = [line for line in level_lines(rules) if not underlines(line, pieces)]
    uprights = upright_lines(rules)
    found: list[Frame] = []
    rest = [line for line in levels if line.end - line.start >= LEAST_TABLE]
    while rest:
        first = rest[0]
        alike = [line for line in rest if abs(line.start - first.start) < SAME and abs(line.end - first.end) < SAME]
        rest = [line for line in rest if line not in alike]
        for group in tables_of(alike, uprights, pieces):
            found.append(frame_of(group, levels, uprights))
    return found


def tables_of(alike: Sequence[Line], uprights: Sequence[Line], pieces: Sequence[Piece]) -> list[list[Line]]:
    """Part rules of one width into those of one table each: where upright rules end, and where a caption stands between."""
    groups: list[list[Line]] = [[]]
    boxed: bool | None = None
    for above, below in pairwise(sorted(alike, key=lambda line: -line.place)):
        height = (above.place + below.place) / 2
        inside = any(
            above.start - SAME < line.place < above.end + SAME and line.start < height < line.end for line in uprights
        )
        between = [
            piece
            for piece in pieces
            if below.place < piece.baseline < above.place and above.start - SAME < piece.left < above.end
        ]
        first = max(between, key=lambda piece: piece.baseline, default=None)
        captioned = first is not None and not inside and CAPTION.match(" ".join(word.text for word in first.words))
        if captioned or (boxed is not None and inside != boxed):
            groups.append([below] if captioned else [above, below])
            boxed = None if captioned else inside
            continue
        groups[-1] += [below] if groups[-1] else [above, below]
        boxed = inside
    return [group for group in groups if len(group) > 1]


def frame_of(alike: Sequence[Line], levels: Sequence[Line], uprights: Sequence[Line]) -> Frame:
    """The frame that rules of one width make, with the partial rules in it."""
    left, right = min(line.start for line in alike), max(line.end for line in alike)
    top, bottom = max(line.place for line in alike), min(line.place for line in alike)
    within = [
        line
        for line in uprights
        if left + SAME < line.place < right - SAME and line.end > bottom + 2 and line.start < top - 2
    ]
    inner = sorted({round(line.place, 1) for line in within})
    breaks = sorted(place for line in alike for place in line.breaks)
    often = [
        place for place in merged(breaks) if sum(abs(place - each) < 3 for each in breaks) >= max(2, len(alike) // 2)
    ]
    columns = merged(inner) or often
    heights = tuple(sorted({line.place for line in alike}, reverse=True))
    standing = tuple((line.place, line.start, line.end) for line in within)
    return Frame(left, right, heights, tuple(columns), bool(inner), standing)


def merged(places: Sequence[float]) -> list[float]:
    """Sorted places, those nearer than the width of a double rule made one."""
    found: list[float] = []
    for place in places:
        if not found or place - found[-1] > DOUBLE:
            found.append(place)
    return found


def level_lines(rules: Sequence[Rule]) -> list[Line]:
    """The level rules from top to bottom, pieces chained and double ones made one."""
    pieces = sorted((rule for rule in rules if rule.level), key=lambda rule: (-rule.bottom, rule.left))
    return lines([(rule.bottom, rule.left, rule.right) for rule in pieces])


def upright_lines(rules: Sequence[Rule]) -> list[Line]:
    """The upright rules."""
    pieces = sorted((rule for rule in rules if not rule.level), key=lambda rule: (-rule.left, rule.bottom))
    return lines([(rule.left, rule.bottom, rule.top) for rule in pieces])


def lines(pieces: Sequence[tuple[float, float, float]]) -> list[Line]:
    """Chain (place, start, end) that lie on one line."""
    rows: list[list[tuple[float, float, float]]] = []
    for piece in pieces:
        if rows and abs(rows[-1][0][0] - piece[0]) < DOUBLE:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    found: list[Line] = []
    for row in rows:
        chain: list[Line] = []
        for _, start, end in sorted(row, key=lambda each: (each[1], -each[2])):
            if chain and start <= chain[-1].end + CHAIN:
                last = chain[-1]
                joint = (start + last.end) / 2
                breaks = (*last.breaks, joint) if start > last.end - 1 and start > last.start + 9 else last.breaks
                chain[-1] = Line(last.place, last.start, max(last.end, end), breaks)
            else:
                chain.append(Line(row[0][0], start, end))
        found += chain
    return found


def underlines(line: Line, pieces: Sequence[Piece]) -> bool:
    """Whether a level rule runs just below words, no further than they do."""
    for piece in pieces:
        below = piece.baseline - line.place
        if -1 < below < UNDERLINE * piece.size and piece.left - 3 < line.start and line.end < piece.right + 3:
            return True
    return False
