"""Pieces of a page → regions in reading order: the page is cut along its gutters, between what runs across them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from citewell.readers.pdf.drawings import Rule
from citewell.readers.pdf.lines import Piece

LEAST_ROWS = 3  # lines on either side of a gutter
LEAST_WIDTH = 12.0  # of a column, in font sizes; the columns of journals have 20
EVEN = 0.12  # by which the parts of an even division may differ, of the width
FILLED_EVEN = 0.55  # mean share of a column's width that is printed on, in an even division
FILLED = 0.68  # the same in an uneven one, where a table is the likelier reading
MOST_DEPTH = 4
MOST_GAPS = 4_000  # between neighbours that are looked at; beyond, a page is no text of columns


@dataclass(frozen=True, slots=True)
class Gap:
    """White space between two neighbouring pieces, and the height at which it stands."""

    left: float
    right: float
    height: float


def regions(
    pieces: Sequence[Piece], rules: Sequence[Rule], depth: int = 0, bounds: tuple[float, float] | None = None
) -> list[list[Piece]]:
    """Cut a page into regions of one column each, in reading order."""
    if len(pieces) < 2 * LEAST_ROWS or depth >= MOST_DEPTH:
        return [list(pieces)] if pieces else []
    left, right = bounds or (min(each.left for each in pieces), max(each.right for each in pieces))
    gutter = best_gutter(pieces, rules, left, right)
    if gutter is None:
        return [list(pieces)]
    found: list[list[Piece]] = []
    whole: list[Piece] = []
    for band in bands(pieces, rules, gutter):
        one = [piece for piece in band if piece.right <= gutter + 1]
        other = [piece for piece in band if piece.left >= gutter - 1]
        if len(one) + len(other) == len(band) and are_columns(one, other, gutter, left, right):
            found += regions(whole, rules, depth + 1)
            whole = []
            found += regions(one, rules, depth + 1, (left, min(gutter, max(each.right for each in one))))
            found += regions(other, rules, depth + 1, (min(each.left for each in other), right))
        else:
            whole += band
    return found + (regions(whole, rules, depth + 1) if len(whole) < len(pieces) else [whole] if whole else [])


def gaps(pieces: Sequence[Piece]) -> list[Gap]:
    """The white space between each piece and its neighbour to the right."""
    found: list[Gap] = []
    ordered = sorted(pieces, key=lambda each: -each.baseline)
    for number, piece in enumerate(ordered):
        if len(found) >= MOST_GAPS:
            break
        beside = [
            other
            for other in ordered[max(0, number - 12) : number + 13]
            if other.left >= piece.right - 1 and min(piece.top, other.top) - max(piece.bottom, other.bottom) > 1
        ]
        if beside:
            nearest = min(beside, key=lambda each: each.left)
            found.append(Gap(piece.right, max(piece.right, nearest.left), piece.baseline))
    return found


def best_gutter(pieces: Sequence[Piece], rules: Sequence[Rule], left: float, right: float) -> float | None:
    """The place that most gaps have in common, if what stands beside it reads as columns anywhere."""
    candidates: list[tuple[int, float, float]] = []
    edges: list[tuple[float, int]] = []
    for gap in gaps(pieces):
        edges += [(gap.left, 1), (gap.right, -1)]
    count, start = 0, 0.0
    for place, step in sorted(edges, key=lambda each: (each[0], -each[1])):
        if step > 0:
            count, start = count + 1, place
        else:
            if count >= LEAST_ROWS and (not candidates or start != candidates[-1][1]):
                candidates.append((count, start, place))
            count -= 1
    for _, start, end in sorted(candidates, reverse=True)[:6]:
        gutter = (start + end) / 2
        for band in bands(pieces, rules, gutter):
            one = [piece for piece in band if piece.right <= gutter + 1]
            other = [piece for piece in band if piece.left >= gutter - 1]
            if len(one) + len(other) == len(band) and are_columns(one, other, gutter, left, right):
                return gutter
    return None


def bands(pieces: Sequence[Piece], rules: Sequence[Rule], gutter: float) -> list[list[Piece]]:
    """Cut a page into bands at what crosses the gutter; what crosses is a band of its own."""
    crossing = [rule.bottom for rule in rules if rule.level and rule.left < gutter - 9 and rule.right > gutter + 9]
    found: list[list[Piece]] = [[]]
    crosses = False
    heights = sorted(crossing, reverse=True)
    for piece in sorted(pieces, key=lambda each: -each.baseline):
        ruled = False
        while heights and heights[0] > piece.baseline:
            ruled, _ = True, heights.pop(0)
        across = piece.left < gutter - 1 and piece.right > gutter + 1
        if (ruled or across or crosses) and found[-1]:
            found.append([])
        found[-1].append(piece)
        crosses = across
    return [band for band in found if band]


def are_columns(one: Sequence[Piece], other: Sequence[Piece], gutter: float, left: float, right: float) -> bool:
    """Whether what stands on the two sides of a gutter is text in columns, not cells of a table."""
    if min(len(one), len(other)) < LEAST_ROWS:
        return False
    size = median(piece.size for piece in (*one, *other))
    widths = gutter - left, right - gutter
    if min(widths) < LEAST_WIDTH * size:
        return False
    share = widths[0] / (right - left)
    even = any(abs(share - part) < EVEN / 2 for part in (1 / 2, 1 / 3, 2 / 3))
    filled = [filling(side, width) for side, width in zip((one, other), widths, strict=True)]
    if overlap(one, other) <= 0 or min(rows(one), rows(other)) < LEAST_ROWS:
        return False
    if even and all(is_contents(side) for side in (one, other)):
        return True
    return min(filled) > (FILLED_EVEN if even else FILLED) and (even or min(rows(one), rows(other)) > LEAST_ROWS + 1)


def is_contents(side: Sequence[Piece]) -> bool:
    """Whether most lines open with a section's number, as in a table of contents."""
    numbered = sum(piece.words[0].text[0].isdigit() for piece in side if piece.words)
    return numbered >= 0.5 * rows(side)


def overlap(one: Sequence[Piece], other: Sequence[Piece]) -> float:
    """Height of the stretch on which both sides are printed."""
    return min(max(piece.top for piece in side) for side in (one, other)) - max(
        min(piece.bottom for piece in side) for side in (one, other)
    )


def rows(side: Sequence[Piece]) -> int:
    """Number of lines on one side."""
    return len({round(piece.baseline / 3) for piece in side})


def filling(side: Sequence[Piece], width: float) -> float:
    """Mean share of a column's width that its lines fill, blank stretches not counted."""
    return sum(piece.right - piece.left for piece in side) / (rows(side) * width)
