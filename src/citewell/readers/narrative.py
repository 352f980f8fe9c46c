"""The running text of an XML format → blocks of a draft: paragraphs, lists, tables, raised and lowered characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from lxml import etree

from citewell.readers.draft import Draft
from citewell.readers.grid import Cell, Row, grid_rows
from citewell.readers.headings import reads_like_a_sentence
from citewell.readers.limits import LIMITS
from citewell.readers.scripts import subscript, superscript
from citewell.readers.xml import Places, local_name
from citewell.types import BlockKind, fold

SPACE = re.compile(r"[ \t\r\n\f]+")
MOST_TITLE_CHARACTERS = 80
INDENT = re.compile(r"\s*")
DIGITS = re.compile(r"\d{1,6}")


class Narrative:
    """Writes the text of elements into a draft, in their order. A format names its elements, and handles its own."""

    PARAGRAPHS: ClassVar[frozenset[str]] = frozenset(("paragraph", "p"))
    LISTS: ClassVar[frozenset[str]] = frozenset(("list",))
    ITEMS: ClassVar[frozenset[str]] = frozenset(("item",))
    DROPPED: ClassVar[frozenset[str]] = frozenset(("col", "colgroup"))
    BREAKS: ClassVar[frozenset[str]] = frozenset(("br", "break"))

    TITLE_FACES: ClassVar[frozenset[str]] = frozenset(
        ("b", "strong", "bold", "u", "underline", "i", "em", "italic", "content")
    )

    def __init__(self, draft: Draft, places: Places) -> None:
        self.title_level = 0  # of paragraphs that are titles by their type face; 0 to have none
        self.draft = draft
        self.places = places
        self._line: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._place: str | None = None

    def write(self, element: etree._Element) -> None:
        """Write all that is in an element."""
        self._place = self.places.of(element)
        self._inside(element)
        self.flush()

    def own(self, element: etree._Element, name: str) -> bool:
        """Write an element in the format's own way; False to have it written as any other."""
        return False

    def inline(self, element: etree._Element) -> str:
        """The text inside an element on one line, what comes after the element left out."""
        before, self._line = self._line, []
        self._flat(element)
        text = SPACE.sub(" ", "".join(self._line)).strip()
        self._line = before
        return text

    def add(self, text: str | None) -> None:
        """Add text to the block that is being collected."""
        if text:
            self._line.append(SPACE.sub(" ", text))

    def so_far(self) -> str:
        """The last characters of the block that is being collected."""
        return "".join(self._line[-3:])

    def flush(self) -> None:
        """End the block that is being collected."""
        lines = (part.strip(" ") for part in "".join(self._line).split("\n"))
        text = "\n".join(line for line in lines if line)
        self._line = []
        if text:
            self.draft.add(text, self._kind, level=self._level, place=self._place)

    def _inside(self, element: etree._Element) -> None:
        self.add(element.text)
        for child in element:
            self._visit(child)
            self.add(child.tail)

    def _visit(self, element: etree._Element) -> None:
        name = local_name(element)
        if not name or name in self.DROPPED or self.own(element, name):
            return
        if name in self.BREAKS:
            self._line.append("\n")
        elif name in ("sup", "sub"):
            self._script(element, name)
        elif name == "table":
            self.flush()
            self.table(element)
        elif name in self.LISTS:
            self._list(element)
        elif name in self.PARAGRAPHS:
            self._paragraph(element)
        else:
            self._inside(element)

    def _script(self, element: etree._Element, name: str) -> None:
        text, before = self.inline(element), self.so_far()
        said = "".join(element.itertext())
        opened, ended = (
            " " if each.isspace() else "" for each in (said[:1], said[-1:])
        )  # or words would be glued to it
        self._line.append(opened + (superscript(text, before) if name == "sup" else subscript(text, before)) + ended)

    def _paragraph(self, element: etree._Element) -> None:
        """Write a paragraph; one inside a list item is a further line of the item."""
        if self._kind is BlockKind.ITEM:
            self._line.append("\n")
            self._inside(element)
            self._line.append("\n")
            return
        self.flush()
        before = self._kind, self._level, self._place
        self._place = self.places.of(element)
        if self._kind is BlockKind.PARAGRAPH and self.title_level and is_title(element, self.TITLE_FACES):
            self._kind, self._level = BlockKind.HEADING, self.title_level
        self._inside(element)
        self.flush()
        self._kind, self._level, self._place = before

    def _list(self, element: etree._Element) -> None:
        self.flush()
        before = self._kind, self._level, self._place
        for child in element:
            if local_name(child) not in self.ITEMS:
                self._kind, self._level, self._place = before
                self._visit(child)  # the list's caption
                self.flush()
                continue
            self._kind, self._level = BlockKind.ITEM, (before[1] if before[0] is BlockKind.ITEM else 0) + 1
            self._place = self.places.of(child)
            self._inside(child)
            self.flush()
        self._kind, self._level, self._place = before

    def table(self, element: etree._Element, caption: str | None = None) -> None:
        """Write a table; its own caption goes before the one given."""
        own = [self.inline(child) for child in element if local_name(child) == "caption"]
        rows = list(table_rows(element))
        laid = grid_rows(
            [[self._cell(cell) for cell in cells_of(row)] for row in rows], [self.places.of(row) for row in rows]
        )
        by_place = {self.places.of(row): row for row in rows}
        marked = [self._marked(row, by_place.get(row.place or "")) for row in laid]
        self.draft.table(
            " ".join(filter(None, [caption, *own])) or None,
            with_headers(marked),
            place=self.places.of(element),
            unmarked=True,
        )

    def _cell(self, cell: etree._Element) -> Cell:
        header = local_name(cell) == "th" or within(cell, "thead")
        return Cell(
            self.inline(cell),
            span_of(cell, "rowspan"),
            span_of(cell, "colspan"),
            header,
            indent_of(cell),
            self.is_bold(cell),
        )

    def _marked(self, row: Row, element: etree._Element | None) -> Row:
        """A row, as a header or a note where its place in the table or its type face says so."""
        if element is None or row.note:
            return row
        if within(element, "tfoot"):
            return Row((" ".join(filter(None, row.cells)),), note=True, place=row.place)
        named = within(element, "thead") or (
            sum(map(bool, row.cells)) > 1 and all(map(self.is_bold, cells_of(element)))
        )
        return Row(row.cells, header=row.header or named, place=row.place)

    def is_bold(self, cell: etree._Element) -> bool:
        """Whether all that a cell says is set in bold."""
        return False

    def _flat(self, element: etree._Element) -> None:
        """Collect text without ending blocks: what would stand on lines of its own is parted by blanks."""
        self.add(element.text)
        for child in element:
            name = local_name(child)
            if name in ("sup", "sub"):
                self._script(child, name)
            elif name in self.BREAKS:
                self._line.append(" ")
            elif name and name not in self.DROPPED and not self.own_inline(child, name):
                apart = name in self.PARAGRAPHS or name in self.ITEMS or name in self.LISTS
                self._line.append(" " if apart else "")
                self._flat(child)
                self._line.append(" " if apart else "")
            self.add(child.tail)

    def own_inline(self, element: etree._Element, name: str) -> bool:
        """Add an element inside a line in the format's own way; False to have it added as any other."""
        return False


def is_title(element: etree._Element, faces: frozenset[str]) -> bool:
    """Whether a paragraph is set apart in one type face, short, no sentence, and followed by what it is the title of."""
    text = fold("".join(element.itertext()))
    if not 2 < len(text) <= MOST_TITLE_CHARACTERS or text[-1] in ".,;:!)" or reads_like_a_sentence(text):
        return False
    face = fold("".join("".join(child.itertext()) for child in element if local_name(child) in faces))
    following = element.getnext()
    return (
        face == text
        and following is not None
        and not fold(following.tail or "")
        and bool(fold("".join(following.itertext())))
    )


def table_rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, those of tables inside it left out."""
    for child in table:
        name = local_name(child)
        if name == "tr":
            yield child
        elif name in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if local_name(row) == "tr")


def cells_of(row: etree._Element) -> list[etree._Element]:
    """The cells of a row."""
    return [cell for cell in row if local_name(cell) in ("td", "th")]


def within(element: etree._Element, name: str) -> bool:
    """Whether an element lies in another of that name, in the same table."""
    for above in element.iterancestors():
        if local_name(above) in (name, "table"):
            return local_name(above) == name
    return False


def span_of(cell: etree._Element, name: str) -> int:
    """How many rows or columns a cell spans."""
    value = (cell.get(name) or "1").strip()
    return (
        max(1, min(int(value), LIMITS.table_columns if name == "colspan" else 10_000)) if DIGITS.fullmatch(value) else 1
    )


def indent_of(cell: etree._Element) -> int:
    """By how many hard blanks the text of a cell is set in."""
    match = INDENT.match("".join(cell.itertext()))
    return sum(not character.isascii() for character in match.group()) if match else 0


def with_headers(rows: list[Row]) -> list[Row]:
    """Take rows at the top of a table whose first cell is empty for headers, where none is marked: they name the columns."""
    marked: list[Row] = []
    top = len(rows) > 2 and not rows[0].header
    for row in rows:
        opening = top and not row.note and not row.header and not row.cells[0] and sum(map(bool, row.cells)) > 1
        marked.append(Row(row.cells, header=True, place=row.place) if opening else row)
        top = top and (row.header or opening)
    return marked
