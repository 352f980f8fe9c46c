"""The visible text of a page and its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from citewell.readers.draft import Draft
from citewell.readers.grid import Cell
from citewell.readers.narrative import indent_of, span_of, within
from citewell.readers.web.html_chrome import CHROME, Amount, amounts, is_chrome, is_hidden
from citewell.readers.web.html_lines import FORMULAS, Lines, is_mark
from citewell.readers.web.html_names import (
    APART,
    BLOCK,
    classes_of,
    element_name,
    heading_level,
    is_control,
    script_of,
)
from citewell.readers.web.html_tables import is_layout, is_table, laid_parts, names_its_rows, with_rows
from citewell.readers.xml import Places
from citewell.types import Block, BlockKind

HEADING_PARTS = "boolean(.//table | .//ul | .//ol | .//dl | .//h1 | .//h2 | .//h3 | .//h4 | .//h5 | .//h6)"
MOST_HEADING_CHARACTERS = 300  # longer ones come of mark-up that is never closed
MOST_LEAD_CHARACTERS = 300  # of a term, or of what is clicked to open what it names
TABLE_PARTS = frozenset("table caption colgroup col thead tbody tfoot tr td th".split())


class Extractor(Lines):
    """Collects text block by block; each block is a slice of `text()`."""

    def __init__(self, document_id: str = "") -> None:
        super().__init__()
        self.draft = Draft(document_id)
        self.places = Places()
        self.place: str | None = None
        self.kind = BlockKind.PARAGRAPH
        self.level = 0
        self.lead: tuple[int, int] | None = None
        self.lists = 0
        self.chrome = 0
        self.main = 0
        self.sizes: dict[etree._Element, Amount] = {}

    @property
    def blocks(self) -> list[Block]:
        """The blocks so far."""
        return self.draft.blocks

    def text(self) -> str:
        """All the text so far."""
        return self.draft.text()

    def take(self, root: etree._Element) -> None:
        """Take a whole page."""
        self.sizes = amounts(root)
        self.visit(root)
        self.flush()

    def visit(self, element: etree._Element) -> None:
        """Take an element with what is inside it; the tree's depth is limited before."""
        name = element_name(element)
        if self.is_left_out(element, name):
            return
        if name == "br":
            self.line.append("\n")
        elif (level := heading_level(element)) is not None:
            self.visit_heading(element, level)
        elif (script := script_of(element)) is not None:
            self.visit_script(element, script)
        elif is_table(element):
            self.visit_table(element)
        elif name == "dl":
            self.visit_terms(element)
        elif name == "details":
            self.visit_details(element)
        elif name in BLOCK or name in CHROME:
            self.visit_block(element, name)
        elif name in FORMULAS:
            self.visit_formula(element, name)
        else:
            self.visit_inside(element, gap=" " if APART & classes_of(element) else "")

    def visit_inside(self, element: etree._Element, *, preformatted: bool = False, gap: str = "") -> None:
        """Take the text and the children of an element."""
        self.add(gap)
        self.add(element.text, preformatted=preformatted)
        for child in element:
            self.visit(child)
            self.add(child.tail, preformatted=preformatted)
        self.add(gap)

    def visit_block(self, element: etree._Element, name: str) -> None:
        """Take an element that stands on lines of its own."""
        self.flush()
        main = name in ("main", "article") or (element.get("role") or "").lower() == "main"
        chrome = not self.chrome and is_chrome(element, name, self.sizes, main=self.main > 0)
        self.chrome += chrome
        self.main += main
        kind, level = self.role(name)
        self.lists += name in ("ul", "ol")
        with self.as_kind(kind, level, self.places.of(element)):
            self.visit_inside(element, preformatted=name == "pre")
            self.flush()
        self.lists -= name in ("ul", "ol")
        self.main -= main
        self.chrome -= chrome

    def visit_heading(self, element: etree._Element, level: int) -> None:
        """Take a heading as one, without what is there to be clicked; one that was never closed as what it holds."""
        controls = {each for each in element.iterdescendants(etree.Element) if is_control(each)}
        text = self.cell_text(element, without=controls) or self.cell_text(element)
        self.flush()
        with self.as_kind(BlockKind.HEADING, level, self.places.of(element)):
            if len(text) > MOST_HEADING_CHARACTERS or element.xpath(HEADING_PARTS):
                self.visit_inside(element)
            else:
                self.line = [text]
            self.flush()

    def visit_terms(self, element: etree._Element) -> None:
        """Take a list of terms: each of them leads what is said of it."""
        self.flush()
        before, names, term = self.lead, False, self.lead
        self.lists += 1
        for part in parts_of_terms(element):
            name, first = element_name(part), len(self.blocks)
            if name == "dt" and not self.chrome and is_mark(mark := self.cell_text(part)):
                self.line, names = [f"{mark} "] if any(map(str.isalnum, mark)) else [], False
                continue
            self.lead = before if name == "dt" else term
            if name == "dd" and self.line:
                self.visit_marked(part)
            else:
                self.visit(part)
                self.flush()
            if name == "dt" and (found := lead_of(self.blocks[first:])):
                term = (term[0], found[1]) if names and term else found
            names = name == "dt"
        self.flush()
        self.lists -= 1
        self.lead = before

    def visit_marked(self, element: etree._Element) -> None:
        """Take what stands behind a mark in a list of terms, on one line with it."""
        kind = BlockKind.ITEM, max(1, self.lists), self.places.of(element)
        if self.is_left_out(element, "dd"):
            return
        with self.as_kind(*kind):
            marked = self.line[0]
            self.line = []
            self.visit_first(element, marked)
            self.flush()

    def visit_first(self, element: etree._Element, mark: str) -> None:
        """Take an element with a mark before its first text."""
        inner: etree._Element | None = element
        while inner is not None and not (inner.text or "").strip() and len(inner):
            inner = next(inner.iterchildren(etree.Element), None)
        if inner is not None:
            inner.text = mark + (inner.text or "").lstrip()
        self.visit_inside(element)

    def visit_details(self, element: etree._Element) -> None:
        """Take what opens at a click: what is clicked leads it."""
        self.flush()
        before, first = self.lead, len(self.blocks)
        self.add(element.text)
        for child in element:
            self.visit(child)
            if element_name(child) == "summary" and not self.chrome:
                self.lead = lead_of(self.blocks[first:]) or before
            self.add(child.tail)
        self.flush()
        self.lead = before

    def role(self, name: str) -> tuple[BlockKind, int]:
        """The kind and level of the text directly inside an element."""
        if name in ("li", "dd"):
            return BlockKind.ITEM, max(1, self.lists)
        if name == "caption":
            return BlockKind.HEADER, 0
        # A paragraph inside a list item is still the item.
        return (self.kind, self.level) if self.kind is BlockKind.ITEM else (BlockKind.PARAGRAPH, 0)

    @contextmanager
    def as_kind(self, kind: BlockKind, level: int, place: str | None) -> Iterator[None]:
        """Give the text that is taken meanwhile a kind and a place, then go back to those before."""
        before = self.kind, self.level, self.place
        self.kind, self.level, self.place = kind, level, place
        yield
        self.kind, self.level, self.place = before

    def visit_table(self, element: etree._Element) -> None:
        """Take a table row by row; one that only lays out the page is taken as plain blocks."""
        self.flush()
        for part in () if element_name(element) == "table" else element.iterdescendants(etree.Element):
            self.places.of(part)  # kept for later, by the name that the page gives
        rows = [row for row in with_rows(element) if not is_hidden(row)]
        if self.chrome or is_layout(element, rows):
            self.visit_inside(element)
            self.flush()
            return
        caption = " ".join(self.cell_text(each) for each in element if element_name(each) == "caption")
        unmarked = not names_its_rows(rows)
        for part in laid_parts(rows, self.cell, self.places.of, is_bold):
            self.draft.table(caption or None, part, place=self.places.of(element), unmarked=unmarked)
            caption = ""
        self.take_stray(element)

    def take_stray(self, table: etree._Element) -> None:
        """Take what stands in a table and in none of its cells."""
        for part in table.iter("table", "tr", "tbody", "thead", "tfoot"):
            self.add(part.text)
            for child in part:
                if element_name(child) not in TABLE_PARTS:
                    self.visit(child)
                self.add(child.tail)
            self.flush()

    def cell(self, cell: etree._Element) -> Cell:
        """A cell of a table."""
        if is_hidden(cell):
            return Cell("")
        spans = span_of(cell, "rowspan"), span_of(cell, "colspan")
        return Cell(self.cell_text(cell), *spans, is_header(cell), indent_of(cell), is_bold(cell))

    def flush(self) -> None:
        """End the block that is being collected."""
        text = "\n".join(part.strip(" ") for part in "".join(self.line).split("\n")).strip()
        self.line = []
        kind, level = (BlockKind.BOILERPLATE, 0) if self.chrome else (self.kind, self.level)
        lead = self.lead if kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) else None
        self.draft.add(text, kind, level=level, place=self.place, lead=lead)


def parts_of_terms(element: etree._Element) -> Iterator[etree._Element]:
    """The terms of a list and what is said of them, those in groups too."""
    for child in element:
        if element_name(child) == "div":
            yield from parts_of_terms(child)
        else:
            yield child


def lead_of(blocks: list[Block]) -> tuple[int, int] | None:
    """[start, end) of blocks that may lead others; None if there is none, or if it says more than a name."""
    if not blocks or any(
        block.kind is not BlockKind.PARAGRAPH and block.kind is not BlockKind.ITEM for block in blocks
    ):
        return None
    start, end = blocks[0].start, blocks[-1].end
    return (start, end) if end - start <= MOST_LEAD_CHARACTERS else None


def is_header(cell: etree._Element) -> bool:
    """Whether a cell names others by its mark-up."""
    return element_name(cell) == "th" or within(cell, "thead")


def is_bold(cell: etree._Element) -> bool:
    """Whether all that a cell says stands in bold."""
    bold = [each for each in cell.iter("b", "strong") if element_name(each.getparent()) not in ("b", "strong")]
    said = "".join("".join("".join(each.itertext()) for each in bold).split())
    return said == "".join("".join(cell.itertext()).split())
