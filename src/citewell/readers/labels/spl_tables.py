"""Tables of drug labels: which rows name the columns, which cells hold several rows, what is a list or a note in truth."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

from citewell.readers.grid import Cell, Row, grid_rows, is_statement
from citewell.readers.narrative import cells_of, within
from citewell.readers.xml import local_name

LINE = (
    "\ufdd0"  # a line end inside a cell, until it is known whether it parts rows, notes or only words; no file holds it
)
CAPTION = re.compile(r"(?:table|figure)\s*[\dA-Z]{1,3}\b[.:]?\s*\S", re.I)
BULLETED = re.compile(r"[•●■▪◦○□]\s*(?=\S)")
BLANKS = re.compile(r" {2,}")
FIGURES = re.compile(r"[\d\s.,%()±<>≤≥–-]*")  # a value; what stands before it names one row, not several
MOST_HEADER_ROWS = 6
RULED_TOP, RULED_BELOW = "toprule", "botrule"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table as marked up."""

    cells: tuple[Cell, ...]
    element: etree._Element
    place: str

    def texts(self) -> list[str]:
        """What its cells say, each on one line."""
        return [plain(cell.text) for cell in self.cells]

    def lone(self) -> bool:
        """Whether it says something in its first cell only."""
        first, *others = self.texts() or [""]
        return bool(first) and not any(others)


def plain(text: str) -> str:
    """The text of a cell on one line."""
    return BLANKS.sub(" ", text.replace(LINE, " ")).strip()


def caption_of(lines: list[Line]) -> tuple[str | None, list[Line]]:
    """A caption that stands in the first row of a table, across all its columns, and the rows below it."""
    if len(lines) > 1 and lines[0].lone() and max(len(line.cells) for line in lines) > 1:
        text = lines[0].texts()[0]
        if CAPTION.match(text):
            return text, lines[1:]
    return None, lines


def items_of(lines: Sequence[Line]) -> list[tuple[str, str]] | None:
    """(text, place) of the entries of a list that is set as a table, row by row; None if it is a table."""
    entries = [(text, line.place) for line in lines for text in line.texts() if text]
    return entries if len(entries) > 1 and all(BULLETED.match(text) for text, _ in entries) else None


def laid_rows(lines: Sequence[Line], is_bold: Callable[[etree._Element], bool]) -> list[Row]:
    """The rows of a table with its headers and notes told apart; what stands in its foot comes last."""
    feet = [line for line in lines if within(line.element, "tfoot")]
    spans = any(
        cell.rows > 1 for line in lines for cell in line.cells
    )  # then an empty row counts for what hangs into it
    body = [line for line in lines if (spans or any(line.texts())) and not within(line.element, "tfoot")]
    headers = header_count(body, is_bold)
    opened = [headed(line) for line in body[:headers]]
    opened += [each for line in body[headers:] for each in unstacked(bodied(line))]
    whole = joined_names(carried_down(opened))
    laid = grid_rows([line.cells for line in whole], [line.place for line in whole])
    rows = [each for row in laid for each in ([one_line(row)] if not row.note else notes_in(row.cells, row.place))]
    return rows + [each for line in feet for each in notes_in([cell.text for cell in line.cells], line.place)]


def headed(line: Line) -> Line:
    """The same row as one that names columns."""
    return replace(line, cells=tuple(replace(cell, header=True) for cell in line.cells))


def bodied(line: Line) -> Line:
    """The same row as one that names none: a row of bold cells inside a table is a row that matters."""
    return replace(line, cells=tuple(replace(cell, header=False) for cell in line.cells))


def header_count(lines: Sequence[Line], is_bold: Callable[[etree._Element], bool]) -> int:
    """How many rows at the top name the columns: by their place, their rules, their type face or an empty first cell."""
    count = sum(1 for line in lines if within(line.element, "thead"))
    if not count:
        count = max(ruled_header(lines), faced_header(lines, is_bold))
    return count if count < len(lines) else 0


def faced_header(lines: Sequence[Line], is_bold: Callable[[etree._Element], bool]) -> int:
    """How many rows name columns by bold or heading cells; below the first, by an empty first cell too."""
    count = 0
    for line in lines if len(lines) > 2 else lines[:1]:
        texts = line.texts()
        several = sum(map(bool, texts)) > 1
        named = all(local_name(each) == "th" for each in cells_of(line.element))
        bold = count == 0 and all(map(is_bold, cells_of(line.element)))
        if not several or not (named or bold or (not texts[0] and len(lines) > 2)):
            break
        count += 1
    return count


def ruled_header(lines: Sequence[Line]) -> int:
    """How many rows stand between a rule at the top and the next one; 0 where that may hold rows of values."""
    if not lines or not ruled(lines[0], RULED_TOP):
        return 0
    count = next(
        (
            number
            for number, (line, below) in enumerate(pairwise(lines[: MOST_HEADER_ROWS + 1]), start=1)
            if ruled(line, RULED_BELOW) and not ruled(below, RULED_BELOW)
        ),
        0,
    )
    if sizes := body_sizes(lines):
        count = sizes[0] if ruled(lines[sizes[0] - 1], RULED_BELOW) else 0
    return count if count * 2 <= len(lines) and (count < 2 or names_columns(lines[:count])) else 0


def names_columns(lines: Sequence[Line]) -> bool:
    """Whether rows may all be headers: a first cell is empty at their top and, beyond two rows, at their end; none has values."""
    first, *others = (line.texts() for line in lines)
    figures = any(FIGURES.fullmatch(text) and text for texts in others for text in texts[1:])
    return not figures and not first[0] and (len(lines) < 3 or not others[-1][0])


def body_sizes(lines: Sequence[Line]) -> list[int]:
    """How many rows each part of a table has, where it has several and the first is as short as a header is."""
    parts: dict[etree._Element, int] = {}
    for line in lines:
        parent = line.element.getparent()
        parts[parent] = parts.get(parent, 0) + 1
    sizes = list(parts.values())
    return sizes if len(sizes) > 1 and sizes[0] <= MOST_HEADER_ROWS else []


def ruled(line: Line, rule: str) -> bool:
    """Whether all cells of a row have a rule, or the row itself."""
    styles = [each.get("styleCode") or "" for each in cells_of(line.element)]
    own = line.element.get("styleCode") or ""
    return rule in own.lower() or (bool(styles) and all(rule in style.lower() for style in styles))


def unstacked(line: Line) -> list[Line]:
    """The rows that are stacked in one: a name, and below it as many lines as each other cell has below an empty one."""
    stacks = [stack_of(cell.text) for cell in line.cells]
    if len(stacks) < 2 or any(cell.rows > 1 or cell.columns > 1 for cell in line.cells):
        return [line]
    name, *others = stacks
    even = all(len(each) == len(name) and not each[0] and all(each[1:]) for each in others)
    if len(name) < 3 or not even or not all(name):
        return [line]
    rows = [(f"{name[0]} › {name[number]}", *(each[number] for each in others)) for number in range(1, len(name))]
    return [replace(line, cells=tuple(Cell(text) for text in row)) for row in rows]


def stack_of(text: str) -> list[str]:
    """The lines of a cell; an empty one at the top is kept."""
    lines = [" ".join(each.split()) for each in text.split(LINE)]
    while lines and not lines[-1]:
        lines.pop()
    return lines or [""]


def carried_down(lines: Sequence[Line]) -> list[Line]:
    """Put what stands once at the first of several rows into each of them: in "52 weeks | pain", "| sleep" sleep is at 52 weeks.

    Only text that names what follows in the second cell is carried, and only where no cell spans rows.
    """
    if any(cell.rows > 1 for line in lines for cell in line.cells):
        return list(lines)
    carried: list[Line] = []
    above = ""
    for line in lines:
        texts = line.texts()
        header = bool(line.cells) and line.cells[0].header
        if not header and len(texts) > 2 and above and not texts[0] and texts[1]:
            line = replace(line, cells=(replace(line.cells[0], text=above), *line.cells[1:]))
        elif not header:
            above = texts[0] if len(texts) > 2 and texts[0] and texts[1] and not FIGURES.fullmatch(texts[1]) else ""
        carried.append(line)
    return carried


def joined_names(lines: Sequence[Line]) -> list[Line]:
    """Join the name of a group to what stands alone below it: the name of a group inside it, or a note."""
    whole: list[Line] = []  # from the last to the first
    followed = False
    for line in reversed(lines):
        if followed and whole and is_name(line) and whole[-1].lone():
            below = whole.pop()
            sign = " › " if is_name(below) else LINE
            cell = replace(line.cells[0], text=f"{line.texts()[0]}{sign}{below.cells[0].text}")
            line = replace(line, cells=(cell, *line.cells[1:]))
        whole.append(line)
        followed = followed or sum(map(bool, line.texts())) > 1
    return whole[::-1]


def is_name(line: Line) -> bool:
    """Whether a row may name the rows below it."""
    return line.lone() and not line.cells[0].header and not is_statement(line.texts()[0])


def one_line(row: Row) -> Row:
    """A row with each cell on one line."""
    return replace(row, cells=tuple(plain(cell) for cell in row.cells))


def notes_in(cells: Sequence[str], place: str | None) -> list[Row]:
    """The notes of a row across the table, one for each of their lines."""
    lines = [plain(line) for cell in cells for line in cell.split(LINE)]
    return [Row((line,), note=True, place=place) for line in lines if line]
