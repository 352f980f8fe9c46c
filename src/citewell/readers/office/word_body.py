"""The parts of a Word file that hold text, as paragraphs and tables in the order in which they are displayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from lxml import etree

from citewell.readers.grid import Row
from citewell.readers.office.package import child, number, switch, value
from citewell.readers.office.word_styles import CONTENTS_NAME, LIST_NAME, Numbering, Styles
from citewell.readers.office.word_tables import (
    AROUND,
    Content,
    Placed,
    header_rows,
    is_deleted,
    laid,
    placed_cells,
    unwrapped,
)  # fmt: skip
from citewell.readers.office.word_text import LEFT_OUT, TRACKED, Line, Texts, alternative
from citewell.readers.xml import local_name

MOST_HEADING = 250  # characters; more is a paragraph that was given the looks of a heading


class Role(Enum):
    """What a paragraph is by its style."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"
    ITEM = "item"
    CAPTION = "caption"
    CONTENTS = "contents"
    REFERENCE = "reference"
    PLAIN = "plain"


@dataclass(slots=True)
class Paragraph:
    """One paragraph as displayed."""

    text: str
    role: Role
    level: int
    place: str
    notes: list[tuple[str, str]]
    bold: bool = False
    size: int = 0


@dataclass(slots=True)
class Table:
    """One table as displayed; tables inside its cells come after it."""

    title: str | None
    rows: list[Row]
    names: tuple[str, ...]
    place: str
    notes: list[tuple[str, str]]
    inner: list[Table] = field(default_factory=list)


class Body:
    """Reads what holds paragraphs and tables."""

    def __init__(self, styles: Styles, numbering: Numbering, texts: Texts) -> None:
        self.styles = styles
        self.numbering = numbering
        self.texts = texts
        self._paragraphs = 0
        self._tables = 0

    def read(self, container: etree._Element, place: str = "") -> list[Paragraph | Table]:
        """The paragraphs and tables inside an element.

        :param place: Where it stands; without one, its paragraphs and tables are counted.
        """
        found: list[Paragraph | Table] = []
        line = Line()
        for element in self._blocks(container):
            if local_name(element) == "tbl":
                self._tables += not place
                found += self._table(element, place or f"table {self._tables}")
                continue
            style = value(child(element, "pPr"), "pStyle") or self.styles.default
            self.texts.line(element, line, style)
            if self._mark_deleted(element):
                continue  # what follows belongs to the same paragraph
            found += self._finished(element, line, style, place)
            line = Line()
        if line.text():
            found.append(
                Paragraph(line.text(), Role.PLAIN, 0, place or f"paragraph {self._paragraphs + 1}", line.notes)
            )
        return found

    def _blocks(self, container: etree._Element) -> Iterator[etree._Element]:
        """Paragraphs and tables, out of what may stand around them."""
        for each in container:
            name = local_name(each)
            if name in ("p", "tbl"):
                yield each
            elif name in AROUND and switch(child(each, "sdtPr"), "showingPlcHdr") is not True:
                if name in ("ins", "moveTo"):
                    self.texts.remarks[TRACKED] = None
                yield from self._blocks(each)
            elif name == "AlternateContent":
                yield from self._blocks(alternative(each))
            elif name in LEFT_OUT:
                self.texts.remarks[TRACKED] = None

    def _mark_deleted(self, paragraph: etree._Element) -> bool:
        """Whether the end of a paragraph was deleted, so that it goes on with the next one."""
        properties = child(paragraph, "pPr", "rPr")
        deleted = properties is not None and any(local_name(each) in LEFT_OUT for each in properties)
        if deleted:
            self.texts.remarks[TRACKED] = None
        return deleted

    def _finished(self, element: etree._Element, line: Line, style: str, place: str) -> list[Paragraph | Table]:
        """A paragraph, and the text boxes that are anchored in it."""
        text = line.text()
        role, level, printed = self._role(child(element, "pPr"), style, bool(text))
        if role in (Role.TITLE, Role.SUBTITLE, Role.HEADING) and len(text) > MOST_HEADING:
            role = Role.PLAIN
        if role is Role.HEADING and printed and text:
            text = f"{printed} {text}"
        self._paragraphs += bool(text) and not place
        where = place or f"paragraph {self._paragraphs}"
        bold = 0 < line.characters == line.bold
        found: list[Paragraph | Table] = []
        if text:
            found.append(Paragraph(text, role, level, where, line.notes, bold, line.size))
        for box in line.boxes:
            found += self.read(box, f"text box at {where}")
        return found

    def _role(self, properties: etree._Element | None, style: str, visible: bool) -> tuple[Role, int, str]:
        """What a paragraph is, how deep, and the number that is printed before it."""
        name = self.styles.name(style)
        key, at = self._list(properties, style)
        listed = bool(key) and self.numbering.is_list(key, at)
        printed = self.numbering.count(key, at) if listed else ""
        if CONTENTS_NAME.fullmatch(name):
            return Role.CONTENTS, 0, ""
        if name in ("title", "subtitle", "caption", "bibliography", "endnote bibliography", "endnotebibliography"):
            return Role(name if name in ("title", "subtitle", "caption") else "reference"), 0, ""
        if level := self.styles.heading_level(properties, style):
            return Role.HEADING, level, printed if visible else ""
        if listed:
            return Role.ITEM, at + 1, ""
        if match := LIST_NAME.fullmatch(name):
            return Role.ITEM, int(match.group(1) or 1), ""
        return Role.PLAIN, 0, ""

    def _list(self, properties: etree._Element | None, style: str) -> tuple[str, int]:
        """The list that a paragraph belongs to, and its level in it; no key for none."""
        own = child(properties, "numPr")
        key = value(own, "numId") or self.styles.paragraph(style, "numPr", "numId") or ""
        if key in ("", "0"):
            return "", 0
        stated = value(own, "ilvl")
        if stated is None:
            linked = [self.numbering.level_of_style(key, each.get(each.tag[: each.tag.index("}") + 1] + "styleId") or "")
                      for each in self.styles.chain(style)]  # fmt: skip
            level = next((each for each in linked if each is not None), None)
            return key, level if level is not None else number(self.styles.paragraph(style, "numPr", "ilvl"))
        return key, max(0, min(number(stated), 8))

    def _table(self, table: etree._Element, place: str) -> list[Paragraph | Table]:
        """A table; what only frames text, or lays out a page, is given as its paragraphs."""
        elements = [row for row in unwrapped(table, "tr") if not self._left_out(row)]
        read = [[(cell, self.read(cell, f"{place}, row {at}")) for cell in unwrapped(row, "tc") if not self._left_out(cell)]
                for at, row in enumerate(elements, start=1)]  # fmt: skip
        parts = [part for row in read for _, held in row for part in held]
        headed = any(isinstance(part, Paragraph) and part.role in (Role.HEADING, Role.TITLE) for part in parts)
        if headed or all(len(row) < 2 for row in read):
            return parts
        notes = [note for part in parts for note in part.notes]
        rows = [placed_cells(element, [(cell, content(held)) for cell, held in row])
                for element, row in zip(elements, read, strict=True)]  # fmt: skip
        places: list[str | None] = [f"{place}, row {at}" for at in range(1, len(rows) + 1)]
        title, laid_rows, names = laid(rows, header_rows(table, elements, rows, self.styles), places)
        inner = [named_by(part, row) for row, held_row in zip(rows, read, strict=True)
                 for _, held in held_row for part in held if isinstance(part, Table)]  # fmt: skip
        return [Table(title, laid_rows, names, place, notes, inner)]

    def _left_out(self, element: etree._Element) -> bool:
        """Whether a row or a cell was deleted in a tracked change."""
        deleted = is_deleted(element)
        if deleted:
            self.texts.remarks[TRACKED] = None
        return deleted


def content(parts: list[Paragraph | Table]) -> Content:
    """What a cell displays, on one line; tables inside it stand elsewhere."""
    paragraphs = [part for part in parts if isinstance(part, Paragraph)]
    text = re.sub(r"\s+", " ", " ".join(part.text for part in paragraphs)).strip()
    return Content(text, bool(paragraphs) and all(part.bold for part in paragraphs))


def named_by(table: Table, row: list[Placed]) -> Table:
    """A table inside a cell, called by the row that it stands in."""
    texts = [cell.content.text for cell in row if cell.content.text]
    table.title = " | ".join([*texts, *([table.title] if table.title else [])]) or None
    return table
