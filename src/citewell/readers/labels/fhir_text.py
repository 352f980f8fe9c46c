"""The XHTML of a FHIR narrative → blocks of a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from lxml import etree

from citewell.readers.draft import Draft
from citewell.readers.labels.fhir_json import XHTML
from citewell.readers.narrative import Narrative, cells_of, table_rows
from citewell.readers.web.html_lines import is_mark
from citewell.readers.web.html_names import heading_level, is_struck, script_of
from citewell.readers.web.html_tables import laid_parts, names_its_rows
from citewell.readers.xml import Places, local_name
from citewell.types import BlockKind

ROWS = frozenset("thead tbody tfoot tr".split())
PARTS = ROWS | frozenset("caption colgroup col td th".split())
MOST_LEAD_CHARACTERS = 300  # of a term that leads what is said of it


class PageText(Narrative):
    """Writes the text of narratives; titles in bold are headings."""

    PARAGRAPHS = frozenset("p div pre blockquote dt dd figcaption address".split())
    LISTS = frozenset(("ul", "ol"))
    ITEMS = frozenset(("li",))
    DROPPED: ClassVar[frozenset[str]] = frozenset("col colgroup script style img".split())

    def __init__(self, draft: Draft, places: Places) -> None:
        super().__init__(draft, places)
        self.lead: tuple[int, int] | None = None
        self.struck = False  # whether text was left out because it is struck out

    def own(self, element: etree._Element, name: str) -> bool:
        """Headings inside a section, lists of terms, raised text by its style, and what is struck out."""
        if is_struck(element):
            self.struck = True
        elif heading_level(element) is not None:
            self.flush()
            self.draft.heading(self.inline(element), self.title_level, place=self.places.of(element))
        elif name == "dl":
            self._terms(element)
        elif name not in ("sup", "sub") and (script := script_of(element)):
            self._script(element, script)
        else:
            return False
        return True

    def own_inline(self, element: etree._Element, name: str) -> bool:
        """The same inside a line."""
        if is_struck(element):
            self.struck = True
            return True
        if script := script_of(element):
            self._script(element, script)
        return script is not None

    def flush(self) -> None:
        """End the block that is being collected; what it says of a term is led by the term."""
        first = len(self.draft.blocks)
        super().flush()
        for number, block in enumerate(self.draft.blocks[first:], start=first):
            if self.lead and block.lead is None and block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM):
                self.draft.blocks[number] = replace(block, lead=self.lead)

    def _list(self, element: etree._Element) -> None:
        wrap_strays(element)
        super()._list(element)

    def _terms(self, element: etree._Element) -> None:
        """Write a list of terms; one whose terms are bullets is any other list."""
        self.flush()
        wrap_strays(element)
        before = self._kind, self._level, self._place, self.lead
        outer, term, marked = self.lead, self.lead, ""
        level = (before[1] if before[0] is BlockKind.ITEM else 0) + 1
        for part in element.iterchildren(etree.Element):
            first = len(self.draft.blocks)
            self._place = self.places.of(part)
            if local_name(part) == "dt" and is_mark(said := self.inline(part)):
                marked = f"{said} " if any(map(str.isalnum, said)) else ""
                continue
            if local_name(part) == "dt":
                self._kind, self._level, self.lead = BlockKind.PARAGRAPH, 0, outer
            else:
                self._kind, self._level, self.lead = BlockKind.ITEM, level, term
            self.add(marked)
            marked = ""
            self._inside(part)
            self.flush()
            if local_name(part) == "dt" and (written := self.draft.blocks[first:]):
                span = written[0].start, written[-1].end
                term = span if span[1] - span[0] <= MOST_LEAD_CHARACTERS else outer
        self.add(marked)
        self.flush()
        self._kind, self._level, self._place, self.lead = before

    def table(self, element: etree._Element, caption: str | None = None) -> None:
        """Write a table; one of a single column as the blocks in it."""
        rows = list(table_rows(element))
        if all(len(cells_of(row)) < 2 for row in rows):
            for child in element:
                self._column(child)
            return
        own = [self.inline(child) for child in element if local_name(child) == "caption"]
        name = " ".join(filter(None, [caption, *own]))
        unmarked = not names_its_rows(rows)
        for part in laid_parts(rows, self._cell, self.places.of, self.is_bold):
            self.draft.table(name or None, part, place=self.places.of(element), unmarked=unmarked)
            name = ""
        for part in [
            element,
            *(each for each in element.iter() if local_name(each) in ROWS and within_table(each, element)),
        ]:
            wrap_strays(part)
            for child in part:
                if local_name(child) not in PARTS:
                    self._visit(child)
            self.flush()

    def _column(self, part: etree._Element) -> None:
        """Write the parts of a table of one column, cell by cell."""
        if local_name(part) in ("thead", "tbody", "tfoot", "tr"):
            for child in part:
                self._column(child)
        elif local_name(part) not in self.DROPPED:
            before, self._place = self._place, self.places.of(part)
            self._inside(part)
            self.flush()
            self._place = before

    def is_bold(self, cell: etree._Element) -> bool:
        """Whether all that a cell says stands in bold."""
        bold = [
            each
            for each in cell.iter(f"{XHTML}b", f"{XHTML}strong")
            if local_name(each.getparent()) not in ("b", "strong")
        ]
        said = "".join("".join(each.itertext()) for each in bold)
        return "".join(said.split()) == "".join("".join(cell.itertext()).split())


def wrap_strays(element: etree._Element) -> None:
    """Put text that stands in a list or a table, and in none of its parts, into paragraphs."""
    for child in list(element):
        if (child.tail or "").strip():
            text, child.tail = child.tail, None
            child.addnext(paragraph_of(text))
    if (element.text or "").strip():
        element.insert(0, paragraph_of(element.text))
        element.text = None


def paragraph_of(text: str | None) -> etree._Element:
    """A paragraph of XHTML."""
    paragraph = etree.Element(f"{XHTML}p")
    paragraph.text = text
    return paragraph


def within_table(part: etree._Element, table: etree._Element) -> bool:
    """Whether a part of a table is one of this table, not of one inside it."""
    return next(above for above in part.iterancestors() if local_name(above) == "table") is table
