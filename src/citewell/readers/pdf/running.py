"""What runs through the pages of a PDF and is none of its text: heads, feet, page numbers, numbers of lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from citewell.readers.layout import PAGE_NUMBER
from citewell.readers.pdf.lines import SAME_LINE, Piece, text_of
from citewell.readers.pdf.words import Page, Word

EDGE_ROWS = 3  # rows of print at the top and at the bottom of a page among which heads and feet stand
LEAST_PAGES = 3  # on which a head or a foot stands
LEAST_SHARE = 0.3  # of all pages; heads of left and right pages differ, and those of chapters change
LEAST_LETTERS = 6  # of a head that is none of a few figures with their unit
LEAST_SHARE_OF_FIGURES = 0.7
# What browsers print at the edges: date and time, the address; two pages are enough to know it.
PRINTED = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}, \d{1,2}:\d\d|^(?:https?|file)://|^\d{1,3}/\d{1,3}$")
HEIGHT = 6.0  # points between two heights that count as one
DIGITS = re.compile(r"\d+")
LEAST_NUMBERS = 8  # numbered lines on a page
NUMBERED = 0.5  # share of a page's rows that are numbered where lines are


@dataclass(frozen=True, slots=True)
class Running:
    """What runs on a page, as printed, and what else stands there."""

    heads: tuple[str, ...]
    feet: tuple[str, ...]
    pieces: tuple[Piece, ...]


def running(pages: Sequence[Page], pieces: Sequence[Sequence[Piece]]) -> list[Running]:
    """Part what runs through the pages from their text."""
    edges = [edge_rows(each) for each in pieces]
    shapes: Counter[tuple[str, int]] = Counter()
    for top, bottom in edges:
        shapes.update({shape(piece) for row in (*top, *bottom) for piece in row})
    found: list[Running] = []
    for (top, bottom), each in zip(edges, pieces, strict=True):
        heads = [piece for row in top for piece in row if runs(piece, shapes, len(pages))]
        feet = [piece for row in bottom for piece in row if piece not in heads and runs(piece, shapes, len(pages))]
        taken = {id(piece) for piece in (*heads, *feet)}
        heads += page_number(top, taken)
        feet += page_number(bottom[::-1], taken)
        taken = {id(piece) for piece in (*heads, *feet)}
        rest = tuple(piece for piece in each if id(piece) not in taken)
        found.append(Running(printed(heads), printed(feet), rest))
    return found


def edge_rows(pieces: Sequence[Piece]) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """The first and the last rows of print of a page, from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: -each.baseline):
        if rows and rows[-1][0].baseline - piece.baseline < SAME_LINE * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows[:EDGE_ROWS], rows[-EDGE_ROWS:]


def shape(piece: Piece) -> tuple[str, int]:
    """What a head says, its numbers left open, and at which height."""
    return DIGITS.sub("#", text_of(piece.words, piece.baseline, piece.size)), round(piece.baseline / HEIGHT)


def runs(piece: Piece, shapes: Counter[tuple[str, int]], pages: int) -> bool:
    """Whether a head stands on several pages, at about one height; with few letters it may be a figure of a table."""
    said, height = shape(piece)
    share = LEAST_SHARE if sum(map(str.isalpha, said)) >= LEAST_LETTERS else LEAST_SHARE_OF_FIGURES
    least = 2 if PRINTED.search(text_of(piece.words, piece.baseline, piece.size)) else LEAST_PAGES
    return sum(shapes[said, height + step] for step in (-1, 0, 1)) >= max(least, round(share * pages))


def page_number(rows: Sequence[Sequence[Piece]], taken: set[int]) -> list[Piece]:
    """A bare page number in the outermost row that is left."""
    for row in rows:
        left = [piece for piece in row if id(piece) not in taken]
        if left:
            return left if all(is_page_number(piece) for piece in left) else []
    return []


def is_page_number(piece: Piece) -> bool:
    """Whether a piece is a page number and nothing else."""
    return PAGE_NUMBER.fullmatch(text_of(piece.words, piece.baseline, piece.size)) is not None


def printed(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The texts of pieces, row by row."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: (-each.baseline, each.left)):
        if rows and rows[-1][0].baseline - piece.baseline < SAME_LINE * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    ordered = [sorted(row, key=lambda each: each.left) for row in rows]
    return tuple("  ".join(text_of(each.words, each.baseline, each.size) for each in row) for row in ordered)


def line_numbers(words: Sequence[Word]) -> frozenset[Word]:
    """The numbers in the margin that count the lines of a page: left of all print, rising by one step."""
    by_edge: defaultdict[int, list[Word]] = defaultdict(list)
    for word in words:
        if word.text.isdigit() and len(word.text) <= 4:
            by_edge[round(word.right / 4)].append(word)
    for edge, found in by_edge.items():
        column = [*found, *by_edge.get(edge + 1, ())]
        if len(column) < LEAST_NUMBERS:
            continue
        column.sort(key=lambda word: -word.baseline)
        values = [int(word.text) for word in column]
        steps = {after - before for before, after in pairwise(values)}
        rest = [word for word in words if word not in set(column)]
        rows = len({round(word.baseline / 3) for word in rest})
        outside = all(word.left > max(each.right for each in column) - 1 for word in rest)
        if len(steps) == 1 and steps <= {1, 5} and outside and len(column) * max(steps) >= NUMBERED * rows:
            return frozenset(column)
    return frozenset()
