"""The visible text of a page and its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from lxml import etree

from citewell.readers.draft import Draft
from citewell.readers.grid import Cell, grid_rows
from citewell.readers.narrative import cells_of, indent_of, span_of, table_rows, with_headers, within
from citewell.readers.scripts import subscript, superscript
from citewell.readers.xml import Places
from citewell.types import Block, BlockKind

DROPPED = frozenset(
    "script style template noscript head title meta link iframe object embed canvas audio video svg map datalist "
    "dialog".split()
)
CHROME = frozenset("nav footer aside form button select menu".split())
CHROME_ROLES = frozenset("navigation banner contentinfo complementary search dialog".split())
BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section select summary table "
    "tbody td tfoot th thead tr ul".split()
)
HEADING = re.compile(r"h([1-6])")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
HTML_SPACE = re.compile(r"[ \t\n\r\f]+")
# Words of class and id that pages give to their furniture; a name may hold others beside them, as "footer-wrap" does.
CHROME_NAMES = re.compile(
    r"(?<![A-Za-z])(?:nav(?:igation|bar|list)?|(?:main-?)?menu|breadcrumbs?|side-?bar|site-?header|header|footer|cookies?|consent|shar(?:e|ing)|"
    r"social|newsletter|subscribe|sign-?up|related-?(?:posts?|links?|articles?|topics?|content)|recommended|toc|advert\w*|promo|banner|skip|"
    r"cat-?links|pagination|toolbar)(?![A-Za-z])|(?<![\w-])(?:related|comments?)(?![\w-])",
    re.I,
)
CONTENT_NAMES = re.compile(
    r"(?<![A-Za-z])(?:section|article|main(?!-?(?:menu|nav))|body|abstract|table|boxed|warning)(?![A-Za-z])", re.I
)
CONTENT_OF_NAMED = "boolean(.//main | .//article | .//h1 | .//table[.//td])"
HEADED = "boolean(.//h2 | .//h3)"
CONTENT_OF_FORM = "boolean(.//main | .//article | .//h1 | .//h2 | .//p | .//table)"


def element_name(element: etree._Element) -> str:
    """Lower-case name of an element; empty for comments and the like."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def is_hidden(element: etree._Element) -> bool:
    """Whether an element is there but not displayed."""
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").lower() == "true"
        or HIDDEN_STYLE.search(element.get("style") or "") is not None
    )


class Extractor:
    """Collects text block by block; each block is a slice of `text()`."""

    def __init__(self, document_id: str = "") -> None:
        self.draft = Draft(document_id)
        self.places = Places()
        self.place: str | None = None
        self.line: list[str] = []
        self.kind = BlockKind.PARAGRAPH
        self.level = 0
        self.lists = 0
        self.chrome = 0
        self.main = 0

    @property
    def blocks(self) -> list[Block]:
        """The blocks so far."""
        return self.draft.blocks

    def text(self) -> str:
        """All the text so far."""
        return self.draft.text()

    def visit(self, element: etree._Element) -> None:
        """Take an element with what is inside it; the tree's depth is limited before."""
        name = element_name(element)
        if not name or name in DROPPED or is_hidden(element):
            return
        if name == "br":
            self.line.append("\n")
        elif name == "img":
            return
        elif name in ("sup", "sub"):
            self.visit_script(element, name)
        elif name == "table":
            self.visit_table(element)
        elif name in BLOCK or name in CHROME:
            self.visit_block(element, name)
        else:
            self.visit_inside(element)

    def visit_inside(self, element: etree._Element, *, preformatted: bool = False) -> None:
        """Take the text and the children of an element."""
        self.add(element.text, preformatted=preformatted)
        for child in element:
            self.visit(child)
            self.add(child.tail, preformatted=preformatted)

    def add(self, text: str | None, *, preformatted: bool = False) -> None:
        """Add text to the block that is being collected."""
        if text:
            self.line.append(text if preformatted else HTML_SPACE.sub(" ", text))

    def visit_block(self, element: etree._Element, name: str) -> None:
        """Take an element that stands on lines of its own."""
        self.flush()
        chrome, main = self.is_chrome(element, name), name in ("main", "article")
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

    def role(self, name: str) -> tuple[BlockKind, int]:
        """The kind and level of the text directly inside an element."""
        if match := HEADING.fullmatch(name):
            return BlockKind.HEADING, int(match.group(1))
        if name in ("li", "dd"):
            return BlockKind.ITEM, max(1, self.lists)
        if name == "caption":
            return BlockKind.HEADER, 0
        # A paragraph inside a list item is still the item.
        return (self.kind, self.level) if self.kind is BlockKind.ITEM else (BlockKind.PARAGRAPH, 0)

    def is_chrome(self, element: etree._Element, name: str) -> bool:
        """Whether an element holds navigation and the like; a form around a whole page does not."""
        if name == "form":
            return not element.xpath(CONTENT_OF_FORM)
        if name == "header":
            return not self.main and not element.xpath("boolean(.//h1)")
        return name in CHROME or (element.get("role") or "").lower() in CHROME_ROLES or is_named_chrome(element)

    @contextmanager
    def as_kind(self, kind: BlockKind, level: int, place: str | None) -> Iterator[None]:
        """Give the text that is taken meanwhile a kind and a place, then go back to those before."""
        before = self.kind, self.level, self.place
        self.kind, self.level, self.place = kind, level, place
        yield
        self.kind, self.level, self.place = before

    def visit_script(self, element: etree._Element, name: str) -> None:
        """Take raised or lowered text, so that it never joins the number before it."""
        text, before = self.cell_text(element), "".join(self.line[-3:])
        self.line.append(superscript(text, before) if name == "sup" else subscript(text, before))

    def visit_table(self, element: etree._Element) -> None:
        """Take a table row by row; one that only lays out the page is taken as plain blocks."""
        self.flush()
        rows = [row for row in table_rows(element) if not is_hidden(row)]
        if self.chrome or is_layout(element, rows):
            self.visit_inside(element)
            self.flush()
            return
        caption = " ".join(self.cell_text(each) for each in element if element_name(each) == "caption")
        cells = [[cell for cell in cells_of(row) if not is_hidden(cell)] for row in rows]
        read = [[self.cell(cell) for cell in row] for row in cells]
        laid = grid_rows(read, [self.places.of(row) for row in rows])
        feet = {self.places.of(row) for row in rows if within(row, "tfoot")}
        marked = [
            replace(row, cells=(" ".join(filter(None, row.cells)),), note=True) if row.place in feet else row
            for row in laid
        ]
        self.draft.table(caption or None, with_headers(marked), place=self.places.of(element), unmarked=True)

    def cell(self, cell: etree._Element) -> Cell:
        """A cell of a table."""
        bold = "".join("".join(each.itertext()) for each in cell.iter("b", "strong"))
        strong = "".join(bold.split()) == "".join("".join(cell.itertext()).split())
        spans = span_of(cell, "rowspan"), span_of(cell, "colspan")
        return Cell(self.cell_text(cell), *spans, is_header(cell), indent_of(cell), strong)

    def cell_text(self, cell: etree._Element) -> str:
        """The visible text of an element on one line."""
        saved, self.line = self.line, []
        self.take_visible(cell)
        text = HTML_SPACE.sub(" ", "".join(self.line)).strip()
        self.line = saved
        return text

    def take_visible(self, element: etree._Element) -> None:
        """Add the texts inside an element, hidden ones left out, blocks parted by a blank."""
        if element_name(element) in DROPPED or not element_name(element) or is_hidden(element):
            return
        gap = " " if element_name(element) in BLOCK or element_name(element) == "br" else ""
        self.line.append(gap + HTML_SPACE.sub(" ", element.text or ""))
        for child in element:
            if element_name(child) in ("sup", "sub"):
                self.visit_script(child, element_name(child))
            else:
                self.take_visible(child)
            self.line.append(HTML_SPACE.sub(" ", child.tail or ""))
        self.line.append(gap)

    def flush(self) -> None:
        """End the block that is being collected."""
        text = "\n".join(part.strip(" ") for part in "".join(self.line).split("\n")).strip()
        self.line = []
        kind, level = (BlockKind.BOILERPLATE, 0) if self.chrome else (self.kind, self.level)
        self.draft.add(text, kind, level=level, place=self.place)


def is_named_chrome(element: etree._Element) -> bool:
    """Whether an element's own names say that it is furniture, and nothing in it says that it is more."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not CHROME_NAMES.search(names) or element_name(element) in ("body", "html", "main", "article", "section"):
        return False
    if CONTENT_NAMES.search(names) or element.xpath(CONTENT_OF_NAMED):
        return False
    return "header" not in names.lower() or not element.xpath(HEADED)


def is_header(cell: etree._Element) -> bool:
    """Whether a cell names others by its mark-up."""
    return element_name(cell) == "th" or within(cell, "thead")


def is_layout(table: etree._Element, rows: list[etree._Element]) -> bool:
    """Whether a table only lays out the page: it has one column, or cells that hold whole blocks."""
    if (table.get("role") or "").lower() in ("presentation", "none") or all(len(cells_of(row)) < 2 for row in rows):
        return True
    return bool(table.xpath("boolean(.//table | .//h1 | .//h2 | .//h3 | .//form)"))
