"""What a page of PDFium draws besides text: its ruling lines, turned upright, and whether there are pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pypdfium2
from pypdfium2 import raw

from citewell.readers.limits import LIMITS

THIN = 2.5  # points; a filled rectangle thinner than that is a line
SHORTEST_RULE = 6.0  # points
DEEPEST_FORM = 4  # forms in forms that are looked into


@dataclass(frozen=True, slots=True)
class Rule:
    """A printed line, upright or level: its box."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left > self.top - self.bottom


def turned_point(x: float, y: float, quarter: int, box: tuple[float, float, float, float]) -> tuple[float, float]:
    """A point of a page whose text is turned left by so many right angles, on the page that is turned back."""
    x, y, width, height = x - box[0], y - box[1], box[2] - box[0], box[3] - box[1]
    return ((x, y), (y, width - x), (width - x, height - y), (height - y, x))[quarter]


def drawings(
    page: pypdfium2.PdfPage, quarter: int, box: tuple[float, float, float, float]
) -> tuple[tuple[Rule, ...], bool]:
    """The ruling lines of a page, and whether it shows pictures."""
    rules: dict[Rule, None] = {}
    pictures = False
    for drawn, matrix in islice(objects(page, None, pypdfium2.PdfMatrix(), 0), LIMITS.pdf_page_objects):
        if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures = True
        elif drawn.type == raw.FPDF_PAGEOBJ_PATH and len(rules) < LIMITS.pdf_page_objects:
            for left, bottom, right, top in strokes(drawn):
                (left, bottom), (right, top) = matrix.on_point(left, bottom), matrix.on_point(right, top)
                one, other = turned_point(left, bottom, quarter, box), turned_point(right, top, quarter, box)
                (left, right), (bottom, top) = sorted((one[0], other[0])), sorted((one[1], other[1]))
                if min(right - left, top - bottom) <= THIN:
                    rules[Rule(round(left, 1), round(bottom, 1), round(right, 1), round(top, 1))] = None
    return tuple(rules), pictures


def objects(
    page: pypdfium2.PdfPage, form: pypdfium2.PdfObject | None, matrix: pypdfium2.PdfMatrix, depth: int
) -> Iterator[tuple[pypdfium2.PdfObject, pypdfium2.PdfMatrix]]:
    """What a page draws, and how it is placed there; what stands in forms is placed by them."""
    for drawn in page.get_objects(max_depth=1, form=form):
        if drawn.type == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            yield from objects(page, drawn, drawn.get_matrix().multiply(matrix), depth + 1)
        else:
            yield drawn, matrix


def strokes(path: pypdfium2.PdfObject) -> Iterator[tuple[float, float, float, float]]:
    """The boxes of the straight lines that a path draws."""
    left, bottom, right, top = path.get_bounds()
    if min(right - left, top - bottom) <= THIN:
        if max(right - left, top - bottom) >= SHORTEST_RULE:
            yield left, bottom, right, top
        return
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, mode, stroked)
    if not stroked.value:
        return
    matrix, x, y = path.get_matrix(), ctypes.c_float(), ctypes.c_float()
    before: tuple[float, float] | None = None
    opened: tuple[float, float] | None = None
    for number in range(min(raw.FPDFPath_CountSegments(path), LIMITS.pdf_page_objects)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            opened = point
        elif kind == raw.FPDF_SEGMENT_LINETO and before:
            yield from straight(before, point)
        if raw.FPDFPathSegment_GetClose(segment) and opened:
            yield from straight(point, opened)
        before = point


def straight(one: tuple[float, float], other: tuple[float, float]) -> Iterator[tuple[float, float, float, float]]:
    """The box of a line between two points if it is level or upright, and long enough to rule something."""
    (left, right), (bottom, top) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    if min(right - left, top - bottom) <= THIN and max(right - left, top - bottom) >= SHORTEST_RULE:
        yield left, bottom, right, top
