"""Frames and the pieces in them → tables, row by row. What can't be read surely is left whole, and never becomes a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from citewell.readers.grid import Row, grouped
from citewell.readers.pdf.frames import Frame
from citewell.readers.pdf.lines import SMALL, Piece, text_of
from citewell.readers.pdf.rows import VALUE, Printed, merged_cells, rows_of
from citewell.readers.pdf.words import Word

SAME_ROW = 0.45  # of the font size; cells of a row are often set at slightly different heights
SLACK = 1.5  # points by which a text may stand over the edge of its column
WORD_APART = 0.6  # of the font size, from which on white at the edge of a column parts a text
LEAST_PIECES = 5  # of a frame that may be a table though its rows can't be read
LEAST_GAP = 4.0  # points of white that part two columns
WIDE = 0.6  # share of a frame's width from which on a piece says nothing about columns
COUNTED = re.compile(r"\b[nN]\s?=\s?\d")
MOST_COLUMNS = 24


@dataclass(frozen=True, slots=True)
class Table:
    """A table as far as it can be read surely; without rows, its lines are all that is known of it.

    :param columns: Where white or rules part its columns, in points from the left.
    """

    left: float
    right: float
    top: float
    bottom: float
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    columns: tuple[float, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """How a table is parted into columns.

    :param uprights: (place, bottom, top) of the rules between them.
    :param extents: From where to where the rows print in each column.
    """

    places: tuple[float, ...]
    uprights: tuple[tuple[float, float, float], ...]
    extents: tuple[tuple[float, float] | None, ...]

    def ruled(self, place: float, height: float) -> bool:
        """Whether a rule stands at a place at some height."""
        return any(abs(place - each) < 5 and bottom - 1 < height < top + 1 for each, bottom, top in self.uprights)

    def holds(self, column: int, left: float, right: float) -> bool:
        """Whether a text stands over or below what the rows print in a column."""
        extent = self.extents[column]
        if extent is None or column == 0:
            return True
        return min(right, extent[1]) - max(left, extent[0]) > 0.4 * min(right - left, extent[1] - extent[0])


def table_in(frame: Frame, pieces: Sequence[Piece]) -> Table | None:
    """Read the table of a frame; None where it holds none."""
    inside = [piece for piece in pieces if is_inside(piece, frame)]
    bands = [band for band in banded(inside, frame.levels) if band]
    body = [piece for band in bands[1:] or bands for piece in band]
    places = columns_of(frame, body)
    if not bands or not places or len(places) >= MOST_COLUMNS or any(is_prose(band, frame) for band in bands):
        return None
    grid = Columns(tuple(places), frame.uprights, extents(body, places))
    read = [printed_lines(band, grid) for band in bands]
    head = header_size(read)
    header, rest = read[:head], read[head:]
    if not header and len(rest) == 1:
        header, rest = split_band(rest[0])
    rows = body_rows(rest, len(places) + 1, grid=frame.grid)
    lines = tuple(" ".join(line.cells.values()) for band in read for line in band)
    if rows is None or not any(sum(map(bool, row.cells)) > 1 for row in rows):
        if rows is None and (frame.grid or len(inside) > LEAST_PIECES):
            return Table(frame.left, frame.right, frame.levels[0], frame.levels[-1], (), (), tuple(places), lines)
        return None
    if not header and len(rows) < 2:
        return None
    named = header_lines(header, len(places) + 1)
    return Table(frame.left, frame.right, frame.levels[0], frame.levels[-1], named, tuple(rows), tuple(places), lines)


def body_rows(bands: Sequence[Sequence[Printed]], width: int, *, grid: bool) -> list[Row] | None:
    """The rows of all bands, each under the name of its group; None where one can't be read surely."""
    rows: list[Row] = []
    for band in bands:
        found = rows_of(band, whole=grid or len(bands) > 2)
        if found is None:
            return None
        rows += found
    return grouped([replace(row, cells=(*row.cells, *[""] * (width - len(row.cells)))) for row in rows])


def extents(pieces: Sequence[Piece], places: Sequence[float]) -> tuple[tuple[float, float] | None, ...]:
    """From where to where each column is printed on, by the pieces that keep to one column."""
    found: list[tuple[float, float] | None] = [None] * (len(places) + 1)
    for piece in pieces:
        column = column_at(piece.left + SLACK, places)
        if column == column_at(piece.right - SLACK, places):
            known = found[column] or (piece.left, piece.right)
            found[column] = min(known[0], piece.left), max(known[1], piece.right)
    return tuple(found)


def is_inside(piece: Piece, frame: Frame) -> bool:
    """Whether a piece stands in a frame."""
    middle = piece.baseline + 0.25 * piece.size
    return piece.left > frame.left - 9 and piece.right < frame.right + 9 and frame.levels[-1] < middle < frame.levels[0]


def banded(pieces: Sequence[Piece], levels: Sequence[float]) -> list[list[Piece]]:
    """Sort pieces into the bands between level rules."""
    bands: list[list[Piece]] = [[] for _ in levels]
    for piece in pieces:
        middle = piece.baseline + 0.25 * piece.size
        bands[sum(level > middle for level in levels) - 1].append(piece)
    return bands


def columns_of(frame: Frame, pieces: Sequence[Piece]) -> list[float]:
    """Where the columns part: at upright rules and at the white that all rows leave."""
    narrow = sorted(
        (piece for piece in pieces if piece.right - piece.left < WIDE * (frame.right - frame.left)),
        key=lambda each: each.left,
    )
    white: list[float] = []
    edge: float | None = None
    for piece in narrow:
        if edge is not None and piece.left - edge >= LEAST_GAP:
            white.append((piece.left + edge) / 2)
        edge = max(edge or piece.right, piece.right)
    places = list(frame.columns)
    for place in white:
        edges = [frame.left, *frame.columns, frame.right]
        own = next(((a, b) for a, b in pairwise(edges) if a <= place < b), None)
        if own and all(
            any(piece.left >= a - 1 and piece.right <= b + 1 for piece in narrow)
            for a, b in ((own[0], place), (place, own[1]))
        ):
            places.append(place)
    return sorted(places)


def is_prose(band: Sequence[Piece], frame: Frame) -> bool:
    """Whether a band holds a paragraph, not cells."""
    rows = len({round(piece.baseline) for piece in band})
    wide = sum(piece.right - piece.left > WIDE * (frame.right - frame.left) for piece in band)
    return wide >= 2 and wide >= 0.5 * rows


def printed_lines(band: Sequence[Piece], grid: Columns) -> list[Printed]:
    """The printed lines of a band from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(band, key=lambda each: -each.baseline):
        if rows and rows[-1][0].baseline - piece.baseline < SAME_ROW * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [printed_line(sorted(row, key=lambda each: each.left), grid) for row in rows]


def printed_line(row: Sequence[Piece], grid: Columns) -> Printed:
    """One printed line, its pieces cut where columns part."""
    main = max(row, key=lambda each: each.size)
    cells: dict[int, list[Word]] = {}
    spans = False
    for piece in row:
        for words in parts(piece, grid):
            left, right = words[0].left, max(word.right for word in words)
            column = column_at((left + right) / 2, grid.places)
            first, last = column_at(left + SLACK, grid.places), column_at(right - SLACK, grid.places)
            spans = spans or first != last or not grid.holds(column, left, right)
            cells.setdefault(first if first != last else column, []).extend(words)
    texts = {column: cell_text(words) for column, words in sorted(cells.items())}
    bold = all(word.print.bold for piece in row for word in piece.words)
    return Printed(texts, main.baseline, row[0].left, bold, spans)


def cell_text(words: Sequence[Word]) -> str:
    """The text of a cell on one line, by the baseline of its own characters."""
    size = max(word.print.size for word in words)
    heights: Counter[float] = Counter()
    for word in words:
        heights[word.baseline] += len(word.text) if word.print.size > SMALL * size else 0
    return text_of(words, heights.most_common(1)[0][0], size)


def parts(piece: Piece, grid: Columns) -> list[list[Word]]:
    """The words of a piece, parted where a rule or wide white parts columns."""
    found: list[list[Word]] = [[piece.words[0]]]
    for before, word in pairwise(piece.words):
        crossed = [place for place in grid.places if before.right - SLACK <= place <= word.left + SLACK]
        if any(grid.ruled(place, piece.baseline) for place in crossed) or (
            crossed and word.left - before.right > WORD_APART * piece.size
        ):
            found.append([word])
        else:
            found[-1].append(word)
    return found


def column_at(place: float, columns: Sequence[float]) -> int:
    """Number of the column at a place."""
    return sum(column <= place for column in columns)


def header_size(bands: Sequence[Sequence[Printed]]) -> int:
    """Number of bands that name the columns: those in bold, else the first, and those below that name no row."""
    number = 0
    while number < len(bands) - 1 and all(line.bold for line in bands[number]):
        if number and merged_line(bands[number]).is_lone():
            return number  # the name of a group
        number += 1
    if number == len(bands) - 1 and all(line.bold for line in bands[number]):
        number = 0  # all is bold
    if not number:
        values = any(VALUE.match(text) for line in bands[0] for column, text in line.cells.items() if column)
        if len(bands) < 2 or values or merged_line(bands[0]).is_lone():
            return 0
        number = 1
    while number < len(bands) - 1 and names_more(merged_cells(bands[number])):
        number += 1
    return number


def names_more(cells: dict[int, str]) -> bool:
    """Whether a band below a header belongs to it: it names no row, or tells how many people each column counts."""
    return 0 not in cells or any(COUNTED.search(text) for column, text in cells.items() if column)


def merged_line(band: Sequence[Printed]) -> Printed:
    """A band as one line."""
    return Printed(merged_cells(band), 0.0, 0.0, bold=False)


def split_band(band: Sequence[Printed]) -> tuple[list[list[Printed]], list[list[Printed]]]:
    """Header and body of a table without a rule below its header: the body starts with the first row of values."""
    first = next((number for number, line in enumerate(band) if line.is_full()), 0)
    return ([list(band[:first])] if first else []), [list(band[first:])]


def header_lines(bands: Sequence[Sequence[Printed]], width: int) -> tuple[str, ...]:
    """The header: column by column where no text runs across columns, else line by line as printed."""
    lines = [line for band in bands for line in band]
    if not any(line.spans for line in lines):
        texts = [" ".join(line.cells[column] for line in lines if column in line.cells) for column in range(width)]
        return (" | ".join(texts),) if lines else ()
    found: list[str] = []
    for band in bands:
        across = any(line.spans for line in band)
        merged = merged_cells(band)
        found += (
            [" | ".join(line.cells.values()) for line in band]
            if across
            else [" | ".join(merged[each] for each in sorted(merged))]
        )
    return tuple(found)
