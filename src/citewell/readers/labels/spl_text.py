"""The text of a label's sections: lists with their numbers, pictures, notes below what refers to them, tables."""

from __future__ import annotations

import re
from itertools import groupby
from typing import ClassVar

from lxml import etree

from citewell.readers.draft import Draft
from citewell.readers.grid import Cell
from citewell.readers.headings import reads_like_a_sentence
from citewell.readers.labels.spl_meta import H
from citewell.readers.labels.spl_tables import BULLETED, CAPTION, LINE, Line, caption_of, items_of, laid_rows, plain
from citewell.readers.narrative import Narrative, cells_of, indent_of, span_of, table_rows, within
from citewell.readers.xml import Places, local_name
from citewell.types import BlockKind, fold

MARKS = "*†‡§¶#"  # in the order in which a label's notes get them
NUMBERED_CAPTION = re.compile(r"table\s*\d{1,3}[A-Za-z]?\s*[.:–-]\s*\S", re.I)
MOST_CAPTION_CHARACTERS = 300
PARTS = frozenset(("table", "caption", "tr", "td", "th"))  # of a table inside a cell
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class LabelText(Narrative):
    """The text of sections, with notes under the block that refers to them."""

    BREAKS: ClassVar[frozenset[str]] = frozenset()  # handled here: a line end in a cell may part more than words

    def __init__(self, draft: Draft, places: Places, pictures: dict[str, str]) -> None:
        super().__init__(draft, places)
        self.pictures = pictures
        self._marks: dict[str, str] = {}
        self._notes: list[tuple[str, str]] = []
        self._numbered: set[etree._Element] = set()
        self._in_cell = False
        self._caption: str | None = None
        self._before = ""  # the last block that was written

    def own(self, element: etree._Element, name: str) -> bool:
        """Line ends, captions, pictures, and what is the same inside a line."""
        if name == "br":
            self.add_line_end("\n")
        elif name == "caption" and local_name(element.getparent()) == "item":
            self.add(f"{self.inline(element)} ")
        elif name == "renderMultiMedia":
            self._picture(element)
        elif name == "paragraph" and (caption := self._caption_before_table(element)):
            self.flush()
            self._caption = caption
        else:
            return self.own_inline(element, name)
        return True

    def own_inline(self, element: etree._Element, name: str) -> bool:
        """Line ends, notes, what would be glued together, and text that is struck out."""
        if name == "br":
            self.add_line_end(LINE if self._in_cell else " ")
        elif name == "footnote":
            mark = self._mark(element.get("ID"))
            self._notes.append((mark, plain(self.inline(element))))
            self.add(mark)
        elif name == "footnoteRef":
            self.add(self._mark(element.get("IDREF")))
        elif self._in_cell and name in self.PARAGRAPHS | self.ITEMS | PARTS:
            self.add_line_end(LINE if name not in PARTS and self.so_far().strip() else " ")
            self._flat(element)
            self.add(" ")
        elif name == "list":
            self._number(element)
            return False
        else:
            return "strikethrough" in (element.get("styleCode") or "").lower()
        return True

    def _script(self, element: etree._Element, name: str) -> None:
        """Add raised or lowered characters, with the blanks that stand inside of them."""
        whole = "".join(element.itertext())
        self.add(" " if whole[:1].isspace() else "")
        super()._script(element, name)
        self.add(" " if whole[-1:].isspace() else "")

    def add_line_end(self, sign: str) -> None:
        """Add the sign of a line end as it is."""
        self._line.append(sign)

    def flush(self) -> None:
        """End the block; lines of a paragraph that begin with bullets are entries of a list."""
        lines = [line.strip(" ") for line in "".join(self._line).split("\n")]
        self._before = fold(" ".join(lines)) or self._before
        if self._kind is not BlockKind.PARAGRAPH or not any(map(BULLETED.match, lines)):
            super().flush()
            return
        self._line = []
        for bulleted, group in groupby(filter(None, lines), key=lambda line: bool(BULLETED.match(line))):
            for text in group if bulleted else ["\n".join(group)]:
                kind = BlockKind.ITEM if bulleted else BlockKind.PARAGRAPH
                self.draft.add(text, kind, level=int(bulleted), place=self._place)

    def _caption_before_table(self, element: etree._Element) -> str | None:
        """The caption of a table without one of its own, where it stands in the paragraph before it."""
        following = element.getnext()
        if following is None or local_name(following) != "table":
            return None
        if following.find(f"{H}caption") is not None or fold(element.tail or ""):
            return None
        text = fold("".join(element.itertext()))
        bold = CAPTION.match(text) and self.is_bold(element) and not reads_like_a_sentence(text)
        if len(text) > MOST_CAPTION_CHARACTERS or not (bold or NUMBERED_CAPTION.match(text)):
            return None
        return self.inline(element)

    def _picture(self, element: etree._Element) -> None:
        """Write a picture's caption, and what it is said to show; the mere name of a file is never quoted."""
        self.flush()
        place = self.places.of(element)
        caption = " ".join(filter(None, (self.inline(each) for each in element)))
        described = self.pictures.get(element.get("referencedObject") or "", "")
        self.draft.paragraph(caption, place=place)
        if described and fold(described) not in (fold(caption), self._before):
            kind = BlockKind.PARAGRAPH if " " in described else BlockKind.BOILERPLATE
            self.draft.add(described, kind, place=place)

    def _number(self, element: etree._Element) -> None:
        """Put before the entries of an ordered list the numbers that are printed there."""
        if element.get("listType") != "ordered" or element in self._numbered:
            return
        self._numbered.add(element)
        style = (element.get("styleCode") or "").lower()
        for number, item in enumerate((each for each in element if local_name(each) == "item"), start=1):
            if item.find(f"{H}caption") is None:
                item.text = f"{numeral(number, style)}. {(item.text or '').lstrip()}"

    def _mark(self, identifier: str | None) -> str:
        """The sign of a note: that of a note with the same identifier, else the next one."""
        key = identifier or f"note {len(self._marks)}"
        number = len(self._marks)
        return self._marks.setdefault(key, MARKS[number % len(MARKS)] * (number // len(MARKS) + 1))

    def write_notes(self) -> None:
        """Write the notes collected since the last ones, and begin their signs anew."""
        self._write_notes()
        self._marks = {}

    def _write_notes(self) -> None:
        for mark, text in self._notes:
            self.draft.paragraph(f"{mark} {text}")
        self._notes = []

    def table(self, element: etree._Element, caption: str | None = None) -> None:
        """Write a table with the notes that it refers to; a list that is set as a table becomes a list."""
        own = [self.inline(child) for child in element if local_name(child) == "caption"]
        rows = list(table_rows(element))
        rows.sort(key=lambda row: within(row, "tfoot"))  # which SPL gives before the body
        lines = [Line(tuple(map(self._cell, cells_of(row))), row, self.places.of(row)) for row in rows]
        caption = " ".join(filter(None, [caption, self._caption, *own])) or None
        self._caption = None
        if (items := items_of(lines)) is not None:
            level = self._level + 1 if self._kind is BlockKind.ITEM else 1
            for text, place in items:
                self.draft.item(text, level, place=place)
            return
        if caption is None:
            caption, lines = caption_of(lines)
        self.draft.table(caption, laid_rows(lines, self.is_bold), place=self.places.of(element), unmarked=True)
        self._write_notes()

    def _cell(self, cell: etree._Element) -> Cell:
        before, self._in_cell = self._in_cell, True
        text = self.inline(cell)
        self._in_cell = before
        header = within(cell, "thead")
        return Cell(text, span_of(cell, "rowspan"), span_of(cell, "colspan"), header, indent_of(cell))

    def is_bold(self, cell: etree._Element) -> bool:
        """Whether all that a cell says stands in bold content."""
        rest = fold("".join(cell.itertext()))
        bold = [each for each in cell.iter(f"{H}content") if "bold" in (each.get("styleCode") or "").lower()]
        return fold(" ".join("".join(each.itertext()) for each in bold)).replace(" ", "") == rest.replace(" ", "")


def numeral(number: int, style: str) -> str:
    """A number of a list in the style that SPL names: arabic, littlealpha, bigroman…; "" is arabic.

    >>> numeral(3, ""), numeral(28, "littlealpha"), numeral(4, "bigroman")
    ('3', 'ab', 'IV')
    """
    if "alpha" in style:
        text = ""
        while number:
            number, rest = divmod(number - 1, 26)
            text = chr(ord("a") + rest) + text
    elif "roman" in style:
        text, left = "", number
        for value, sign in ROMAN:
            text, left = text + sign * (left // value), left % value
    else:
        return str(number)
    return text.upper() if style.startswith("big") else text
