"""The structure of bare text: lines → headings, paragraphs, list items, table rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from citewell.readers.boilerplate import is_boilerplate_line
from citewell.readers.headings import is_heading
from citewell.readers.lines import (
    INTERRUPTION,
    RULE,
    Line,
    breaks_freely,
    bullet_length,
    ends_sentence,
    split_lines,
)
from citewell.readers.recognise import CITATION, is_label, is_metadata_line
from citewell.readers.tables import table_at, table_blocks
from citewell.types import Block, BlockKind

EDGE_LINES = 3  # lines at the top and at the bottom of a page among which running heads and feet stand
DIGITS = re.compile(r"\d+")
DECORATED = re.compile(r"[-=_]{4,}\s*([A-Z][^-=_]{2,80}[^-=_\s])\s*[-=_]{4,}")  # "------ADVERSE REACTIONS------"
PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–]?(?:\s*(?:of|/)\s*\d{1,4})?", re.I)


def lay_out(text: str, *, start: int = 0, paged: bool | None = None, prose: bool = False) -> list[Block]:
    """Find the blocks of text[start:]; they cover all of it but white space and bullet signs.

    Headings have no level yet.

    :param paged: Whether blocks carry page numbers; by default, whether the text has form feeds.
    :param prose: Read paragraphs of running prose, with only the clearest lists and headings.
    """
    lines = split_lines(text, start)
    layout = Layout(lines, paged="\f" in text if paged is None else paged, prose=prose)
    return layout.blocks()


class Layout:
    """One pass over the lines of a text; `position` is the line that is looked at."""

    def __init__(self, lines: Sequence[Line], *, paged: bool, prose: bool) -> None:
        self.lines = lines
        self.paged = paged
        self.prose = prose
        self.running = running_lines(lines) if paged else frozenset()
        self.found: list[Block] = []
        self.position = 0
        self.indents: list[int] = []

    def blocks(self) -> list[Block]:
        """Take the lines one block at a time."""
        while self.position < len(self.lines):
            line = self.lines[self.position]
            if self.position in self.running or RULE.fullmatch(line.text):
                self.take(BlockKind.BOILERPLATE, 1)
            elif match := DECORATED.fullmatch(line.text):
                self.found.append(
                    Block(
                        line.start + match.start(1), line.start + match.end(1), BlockKind.HEADING, page=self.page(line)
                    )
                )
                self.position += 1
            elif not self.prose and (count := table_at(self.lines, self.position)):
                self.found += table_blocks(self.lines[self.position : self.position + count], self.page(line))
                self.position += count
            elif is_heading(self.lines, self.position, self.kind_before(), strict=self.prose):
                chrome = not self.prose and is_boilerplate_line(line.text)
                self.take(BlockKind.BOILERPLATE if chrome else BlockKind.HEADING, 1)
            elif sign := self.bullet(self.position, in_list=self.kind_before() is BlockKind.ITEM):
                self.take_item(line, sign)
            else:
                self.take_paragraph()
        return self.found

    def page(self, line: Line) -> int | None:
        """The page of a line, in a text that has pages."""
        return line.page if self.paged else None

    def kind_before(self) -> BlockKind | None:
        """Kind of the last block taken."""
        return self.found[-1].kind if self.found else None

    def take(self, kind: BlockKind, count: int, *, sign: int = 0, level: int = 0) -> None:
        """Make one block of the next `count` lines, its bullet sign left out."""
        first, last = self.lines[self.position], self.lines[self.position + count - 1]
        self.found.append(Block(first.start + sign, last.end, kind, level, self.page(first)))
        self.position += count

    def bullet(self, number: int, *, in_list: bool) -> int:
        """Length of the bullet sign of a line; 0 if it has none."""
        before = self.lines[number - 1] if number else None
        following = self.lines[number + 1] if number + 1 < len(self.lines) else None
        return bullet_length(self.lines[number], before, following, in_list=in_list, symbols_only=self.prose)

    def take_item(self, line: Line, sign: int) -> None:
        """Take a list item with the lines that go on in it."""
        last = self.position + 1
        while last < len(self.lines) and self.item_goes_on(line, last):
            last += 1
        self.take(BlockKind.ITEM, last - self.position, sign=sign, level=self.item_level(line))

    def item_level(self, line: Line) -> int:
        """Depth of an item: how many items of its list, itself included, stand open at smaller indents."""
        if self.kind_before() is not BlockKind.ITEM:
            self.indents = []
        while self.indents and self.indents[-1] >= line.indent - 1:
            self.indents.pop()
        self.indents.append(line.indent)
        return len(self.indents)

    def item_goes_on(self, opening: Line, number: int) -> bool:
        """Whether a line continues the list item above it."""
        line, before = self.lines[number], self.lines[number - 1]
        if self.starts_anew(number, in_list=True):
            return False
        if line.gap:
            return carries_on(before, line)
        if goes_on_freely(before, line):
            return True
        return line.indent > opening.indent and not ends_sentence(before.text)

    def take_paragraph(self) -> None:
        """Take a paragraph: hard-wrapped lines, joined over blank lines inside a sentence."""
        last = self.position + 1
        while last < len(self.lines) and self.paragraph_goes_on(last):
            last += 1
        self.take(BlockKind.PARAGRAPH, last - self.position)

    def paragraph_goes_on(self, number: int) -> bool:
        """Whether a line continues the paragraph above it."""
        line, before = self.lines[number], self.lines[number - 1]
        if self.starts_anew(number):
            return False
        if line.gap:
            return carries_on(before, line)
        if not self.prose and line.text[0].isupper() and is_label(line.text) and is_label(before.text):
            return False
        if self.prose or CITATION.match(self.lines[self.position].text) or goes_on_freely(before, line):
            return True
        return not (
            is_label(line.text)
            or is_label(before.text)
            or is_boilerplate_line(line.text)
            or is_boilerplate_line(before.text)
            or is_metadata_line(before.text, whole=True)
        )

    def starts_anew(self, number: int, *, in_list: bool = False) -> bool:
        """Whether a line opens a block whatever stands before it."""
        line = self.lines[number]
        if (
            number in self.running
            or RULE.fullmatch(line.text)
            or DECORATED.fullmatch(line.text)
            or self.bullet(number, in_list=in_list)
        ):
            return True
        if INTERRUPTION.match(line.text) and breaks_freely(self.lines[number - 1], line):
            return True
        if self.prose:
            return line.gap > 0 and is_heading(self.lines, number, None, strict=True)
        if is_metadata_line(line.text) or table_at(self.lines, number):
            return True
        return is_heading(self.lines, number, BlockKind.PARAGRAPH)


def goes_on_freely(before: Line, line: Line) -> bool:
    """Whether a line with no blank line before it can only be the wrapped rest of the one above."""
    if line.text[0].islower() or before.text.endswith("-") or not breaks_freely(before, line):
        return True
    return not line.text[0].isalpha() and not ends_sentence(before.text)


def carries_on(before: Line, line: Line) -> bool:
    """Whether a sentence runs on over blank lines or a page break."""
    opening = line.text.lstrip("(\"'“‘[")[:1]
    return opening.islower() and not ends_sentence(before.text) and before.text[-1] not in ":;"


def running_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Numbers of the lines that are page numbers, or heads and feet that repeat on most pages."""
    pages: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        pages.setdefault(line.page, []).append(number)
    edges = {number for page in pages.values() for number in (*page[:EDGE_LINES], *page[-EDGE_LINES:])}
    shapes = Counter(shape for page in pages.values() for shape in {edge_shape(lines[n]) for n in page if n in edges})
    most = max(3, len(pages) // 2)
    return frozenset(
        number
        for number in edges
        if shapes[edge_shape(lines[number])] >= most or is_page_number(lines, pages[lines[number].page], number)
    )


def edge_shape(line: Line) -> str:
    """A running line with its page number left open."""
    return DIGITS.sub("#", line.text)


def is_page_number(lines: Sequence[Line], page: Sequence[int], number: int) -> bool:
    """Whether the first or the last line of a page is a bare page number."""
    return number in (page[0], page[-1]) and PAGE_NUMBER.fullmatch(lines[number].text) is not None
