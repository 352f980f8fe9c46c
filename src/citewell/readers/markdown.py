"""Markdown → Document. The text is the file itself; the parser only tells which lines are what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from citewell.readers.assemble import assemble
from citewell.readers.fields import lenient_fields
from citewell.readers.front_matter import split_front_matter
from citewell.readers.lines import trimmed_block
from citewell.readers.recognise import is_label
from citewell.readers.refine import refine
from citewell.readers.source import Source
from citewell.types import Block, BlockKind, Document

MOST_NESTING = 20  # quotations and lists inside each other; beyond it the parser takes text as it is
MARKER = re.compile(r"[ \t]*(?:>|[-+*](?=\s)|\d{1,9}[.)](?=\s))")
HEADING_SIGNS = re.compile(r"[ \t]*#{1,6}(?=\s)")
CLOSING_SIGNS = re.compile(r"(?<=\S)\s+#+\s*$|\n[ \t>]*(?:=+|-+)\s*$")
# What a parser leaves between blocks: bullets, quotation marks, rules, fences, the line under a table's header.
SIGNS = re.compile(r"(?:[\s>*+\-=_#|:~`]|\d{1,9}[.)])*")
LAST_SIGNS = re.compile(r"\n(?:[ \t>*+#-]|\d{1,9}[.)])*\Z")  # in front of the next block
HIDDEN_MARKUP = re.compile(r"(?>\s+|<!--.*?-->|<(script|style)\b.*?</\1>)*+", re.S | re.I)
FLAVOUR = re.compile(r"^ {0,3}(?:#{1,6} \S|\|.+\|\s*$|```)", re.M)


def looks_like_markdown(text: str) -> bool:
    """Whether a text of unknown kind has the marks of Markdown: two headings, table rows or fences, or front matter."""
    return len(FLAVOUR.findall(text[:50_000])) >= 2 or bool(split_front_matter(text)[0])


def read_markdown(source: Source, data: bytes, text: str) -> Document:
    """Read Markdown with optional front matter."""
    pairs, start = split_front_matter(text)
    parser = MarkdownIt("commonmark", {"maxNesting": MOST_NESTING}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])  # what is inside a line is quoted as it is
    walk = Walk(text, start)
    for token in parser.parse(text[start:]):
        walk.see(token)
    front = trimmed_block(text, 0, start, BlockKind.BOILERPLATE)
    blocks = fill_holes(text, [*front, *walk.found])
    return assemble(source, data, text, refine(text, blocks), lenient_fields(pairs))


@dataclass(frozen=True, slots=True)
class Container:
    """An open list item or quotation, and the line on which it starts."""

    line: int
    is_item: bool


class Walk:
    """The parser's tokens, one after the other, turned into blocks."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.offsets = line_offsets(text, start)
        self.containers: list[Container] = []
        self.item_open = False  # a list item is open whose first paragraph has not come yet
        self.in_heading = 0
        self.in_head_row = False
        self.header: tuple[int, int] | None = None
        self.found: list[Block] = []

    def see(self, token: Token) -> None:
        """Follow one token."""
        if token.type in ("list_item_open", "blockquote_open") and token.map:
            self.containers.append(Container(token.map[0], token.type == "list_item_open"))
            self.item_open = self.item_open or token.type == "list_item_open"
        elif token.type in ("list_item_close", "blockquote_close"):
            self.containers.pop()
            self.item_open = False
        elif token.type == "heading_open":
            self.in_heading = int(token.tag[1])
        elif token.type in ("thead_open", "thead_close", "tr_open", "table_open"):
            self.see_table(token)
        elif token.type == "inline" and token.map and self.header_allows(token):
            self.add_inline(*token.map)
        elif token.type in ("fence", "code_block") and token.map:
            self.add(BlockKind.PARAGRAPH, *self.span(*token.map))
        elif token.type == "html_block" and token.map:
            start, end = self.span(*token.map)
            hidden = HIDDEN_MARKUP.fullmatch(self.text, start, end)
            self.add(BlockKind.BOILERPLATE if hidden else BlockKind.PARAGRAPH, start, end)

    def see_table(self, token: Token) -> None:
        """Take each row of a table as a whole; the header's range leads the others."""
        if token.type == "table_open":
            self.header = None
        self.in_head_row = token.type == "thead_open" or (self.in_head_row and token.type == "tr_open")
        if token.type != "tr_open" or not token.map:
            return
        start, end = self.content(*token.map)
        if self.in_head_row:
            self.add(BlockKind.HEADER, start, end)
            self.header = (self.found[-1].start, self.found[-1].end)
        else:
            self.add(BlockKind.ROW, start, end, lead=self.header)

    def header_allows(self, token: Token) -> bool:
        """Whether an inline token is a block's text, not a cell's: cells lie in a row that is taken already."""
        start = self.offsets[token.map[0]] if token.map else 0
        return not (self.found and start < self.found[-1].end)

    def add_inline(self, first: int, last: int) -> None:
        """Take the text of a heading, a list item or a paragraph."""
        start, end = self.content(first, last)
        if self.in_heading:
            end = start + len(CLOSING_SIGNS.sub("", self.text[start:end]))
            self.add(BlockKind.HEADING, start, end, level=self.in_heading)
            self.in_heading = 0
        elif self.item_open:
            self.add(BlockKind.ITEM, start, end, level=sum(container.is_item for container in self.containers))
            self.item_open = False
        else:
            self.add_paragraph(start, end)

    def add_paragraph(self, start: int, end: int) -> None:
        """Take a paragraph, or each of its lines where all of them are labels."""
        end = start + len(self.text[start:end].rstrip())
        lines = self.text[start:end].split("\n")
        if len(lines) == 1 or not all(is_label(line.strip()) for line in lines):
            self.add(BlockKind.PARAGRAPH, start, end)
            return
        for line in lines:
            self.add(BlockKind.PARAGRAPH, start, start + len(line))
            start += len(line) + 1

    def add(
        self, kind: BlockKind, start: int, end: int, *, level: int = 0, lead: tuple[int, int] | None = None
    ) -> None:
        """Add a block, narrowed to what is visible."""
        for block in trimmed_block(self.text, start, end, kind, level):
            self.found.append(Block(block.start, block.end, kind, level, lead=lead))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """[start, end) of the lines [first, last), behind whatever is taken already."""
        taken = self.found[-1].end if self.found else 0
        start = max(self.offsets[first], taken)
        return start, max(start, self.offsets[min(last, len(self.offsets) - 1)])

    def content(self, first: int, last: int) -> tuple[int, int]:
        """The span of lines without the signs of containers and headings before their text."""
        start, end = self.span(first, last)
        for container in self.containers:
            if not container.is_item or container.line == first:
                match = MARKER.match(self.text, start, end)
                start = match.end() if match else start
        match = HEADING_SIGNS.match(self.text, start, end) if self.in_heading else None
        return (match.end() if match else start), end


def line_offsets(text: str, start: int) -> list[int]:
    """Offset of each line of text[start:], and the end of the text."""
    return [start, *(match.end() for match in re.compile("\n").finditer(text, start)), len(text)]


def fill_holes(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Mark as boilerplate what no block covers and what is more than signs, as link definitions are."""
    filled: list[Block] = []
    edge = 0
    for block in (*blocks, None):
        end = block.start if block else len(text)
        if not SIGNS.fullmatch(text, edge, end):
            signs = LAST_SIGNS.search(text, edge, end)
            filled += trimmed_block(text, edge, signs.start() if signs else end, BlockKind.BOILERPLATE)
        if block:
            filled.append(block)
            edge = block.end
    return with_pages(text, filled)


def with_pages(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Give blocks the page on which they start, if form feeds part the text into pages."""
    if "\f" not in text:
        return list(blocks)
    numbered: list[Block] = []
    page, edge = 1, 0
    for block in blocks:
        page += text.count("\f", edge, block.start)
        edge = block.start
        numbered.append(Block(block.start, block.end, block.kind, block.level, page, block.lead))
    return numbered
