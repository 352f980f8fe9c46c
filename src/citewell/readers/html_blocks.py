"""The visible text of a page and its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

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

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.length = 0
        self.line: list[str] = []
        self.kind = BlockKind.PARAGRAPH
        self.level = 0
        self.lists = 0
        self.chrome = 0
        self.main = 0
        self.header: tuple[int, int] | None = None

    def text(self) -> str:
        """All the text so far."""
        return "".join(self.parts)

    def visit(self, element: etree._Element) -> None:
        """Take an element with what is inside it; the tree's depth is limited before."""
        name = element_name(element)
        if not name or name in DROPPED or is_hidden(element):
            return
        if name == "br":
            self.line.append("\n")
        elif name == "img":
            return
        elif name == "tr":
            self.visit_row(element)
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
        with self.as_kind(kind, level):
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
        return name in CHROME or (element.get("role") or "").lower() in CHROME_ROLES

    @contextmanager
    def as_kind(self, kind: BlockKind, level: int) -> Iterator[None]:
        """Give the text that is taken meanwhile a kind, then go back to the kind before."""
        before = self.kind, self.level
        self.kind, self.level = kind, level
        yield
        self.kind, self.level = before

    def visit_table(self, element: etree._Element) -> None:
        """Take a table; one that only lays out the page is taken as plain blocks."""
        self.flush()
        header, self.header = self.header, None
        self.visit_inside(element)
        self.flush()
        self.header = header

    def visit_row(self, row: etree._Element) -> None:
        """Take a table row as one line; rows that hold whole blocks are layout."""
        self.flush()
        cells = [cell for cell in row if element_name(cell) in ("td", "th") and not is_hidden(cell)]
        if len(cells) < 2 or row.xpath("boolean(.//table | .//ul | .//ol | .//h1 | .//h2 | .//h3)"):
            self.visit_inside(row)
            self.flush()
            return
        printed = [self.cell_text(cell) for cell in cells]
        self.line = [" | ".join(printed)] if any(printed) else []
        is_header = all(element_name(cell) == "th" for cell in cells)
        with self.as_kind(BlockKind.HEADER if is_header else BlockKind.ROW, 0):
            added = self.flush(lead=None if is_header else self.header)
        if is_header and added:
            self.header = (added.start, added.end)

    def cell_text(self, cell: etree._Element) -> str:
        """The visible text of one cell on one line."""
        saved, self.line = self.line, []
        for part in self.visible_text(cell):
            self.line.append(part)
        text = HTML_SPACE.sub(" ", "".join(self.line)).strip()
        self.line = saved
        return text

    def visible_text(self, element: etree._Element) -> Iterator[str]:
        """The texts inside an element, hidden ones left out, blocks parted by a blank."""
        if element_name(element) in DROPPED or not element_name(element) or is_hidden(element):
            return
        gap = " " if element_name(element) in BLOCK or element_name(element) == "br" else ""
        yield gap + (element.text or "")
        for child in element:
            yield from self.visible_text(child)
            yield child.tail or ""
        yield gap

    def flush(self, lead: tuple[int, int] | None = None) -> Block | None:
        """End the block that is being collected."""
        text = "\n".join(part.strip(" ") for part in "".join(self.line).split("\n")).strip()
        self.line = []
        if not text:
            return None
        kind, level = (BlockKind.BOILERPLATE, 0) if self.chrome else (self.kind, self.level)
        close = kind in (BlockKind.ITEM, BlockKind.ROW) and self.blocks and self.blocks[-1].kind is kind
        gap = "" if not self.parts else "\n" if close else "\n\n"
        start = self.length + len(gap)
        self.parts += [gap, text]
        self.length = start + len(text)
        block = Block(start, self.length, kind, level, lead=lead)
        self.blocks.append(block)
        return block
