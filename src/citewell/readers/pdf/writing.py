"""Parts of a document → its text and its blocks: pages joined by form feeds, what runs through them at their edges."""

from __future__ import annotations

from collections.abc import Sequence

from citewell.readers.pdf.flow import DECORATION, Stretch
from citewell.readers.pdf.hyphens import LONGEST_WORD, Vocabulary, join, joined
from citewell.readers.pdf.outline import Part
from citewell.readers.pdf.running import Running
from citewell.readers.pdf.tables import Table
from citewell.types import Block, BlockKind

FINISHED = 2_000  # characters of a long stretch that are put by, as no later line changes them
CLOSE = (BlockKind.ITEM, BlockKind.ROW, BlockKind.HEADER, BlockKind.BOILERPLATE)  # stand line below line


class Writer:
    """The text and the blocks so far, and the page that is written on."""

    def __init__(self, edges: Sequence[Running], turned: Sequence[Sequence[str]], known: Vocabulary) -> None:
        self.edges = edges
        self.turned = turned
        self.known = known
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.page = 0
        self.footed = 0  # the last page whose foot is written
        self.broken = False  # whether a page has just begun
        self.header: tuple[Table, tuple[str, ...], tuple[int, int] | None] | None = None  # of the last table
        self.tabled = 0  # blocks up to its last row

    def turn_to(self, page: int) -> None:
        """Go on to a page: the foot of the one before, a form feed, its head."""
        while self.page < page:
            self.foot()
            self.page += 1
            if self.page > 1:
                self.put("\f")
                self.broken = True
            for head in self.edges[self.page - 1].heads:
                self.block(head, BlockKind.BOILERPLATE)

    def foot(self) -> None:
        """Write the foot of the page, once."""
        if self.page > 0 and self.footed < self.page:
            self.footed = self.page
            for foot in (*self.turned[self.page - 1], *self.edges[self.page - 1].feet):
                self.block(foot, BlockKind.BOILERPLATE)

    def put(self, text: str) -> None:
        """Add characters."""
        self.parts.append(text)
        self.length += len(text)

    def block(
        self, text: str, kind: BlockKind, level: int = 0, lead: tuple[int, int] | None = None, sign: str = ""
    ) -> Block:
        """Add a block; its bullet sign stands before it in the text."""
        before = self.blocks[-1].kind if self.blocks else None
        close = kind in CLOSE and before in (kind, BlockKind.HEADER if kind is BlockKind.ROW else kind)
        if self.length and not self.broken:
            self.put("\n" if close else "\n\n")
        self.broken = False
        self.put(sign)
        block = Block(self.length, self.length + len(text), kind, level, self.page, lead)
        self.put(text)
        self.blocks.append(block)
        return block

    def write(self, part: Part) -> None:
        """Add one part: its page's foot before it where it goes on to the next page, that one's head behind it."""
        stretch = part.stretch
        first, last = stretch.first.page, stretch.last.page
        self.turn_to(first)
        if last > first:
            self.foot()
        text = self.running_text(stretch)
        if part.kind is BlockKind.HEADING and (match := DECORATION.fullmatch(text.strip())):
            before, after = text[: match.start(1)], text[match.end(1) :]
            self.block(match.group(1), part.kind, part.level, sign=before)
            self.put(after)
        else:
            cut = 0 if part.kind in (BlockKind.HEADING, BlockKind.BOILERPLATE) else stretch.sign
            self.block(text[cut:].rstrip(), part.kind, part.level, sign=text[:cut])
            if text.endswith("\f"):
                self.put("\f")
                self.broken = True
        for page in range(first + 1, last + 1):
            self.page = page
            for running in (*self.edges[page - 1].heads, *(self.edges[page - 1].feet if page < last else ())):
                self.block(running, BlockKind.BOILERPLATE)
            self.footed = page if page < last else self.footed

    def running_text(self, stretch: Stretch) -> str:
        """The lines of a stretch as one text, broken words mended, a form feed where the page turns."""
        done: list[str] = []
        text, page = "", stretch.first.page
        for line in stretch.lines:
            gap, turned = ("\n" if line.page == page else "\f"), text.count("\f")
            text = join(text, line.text, self.known, gap) if text else line.text
            if line.page != page and text.count("\f") == turned:  # the rest of a broken word is all that stands there
                text += gap
            if len(text) > FINISHED + LONGEST_WORD:
                done.append(text[:-LONGEST_WORD])
                text = text[-LONGEST_WORD:]
            page = line.page
        return "".join(done) + text

    def table(self, table: Table, caption: Stretch | None, page: int) -> None:
        """Add a table: its caption and its header, which lead its rows; one that could not be read is boilerplate."""
        self.turn_to(page)
        lead: tuple[int, int] | None = None
        if caption:
            block = self.block(joined((line.text for line in caption.lines), self.known), BlockKind.HEADER)
            lead = block.start, block.end
        if not table.rows:
            self.block("\n".join(table.lines), BlockKind.BOILERPLATE)
            return
        earlier = self.header if not caption and self.goes_on(table) else None
        if table.header:
            block = self.block("\n".join(table.header), BlockKind.HEADER)
            lead = lead[0] if lead else block.start, block.end
        if earlier and table.header in ((), earlier[1]):
            lead = earlier[2]
        for row in table.rows:
            kind = BlockKind.PARAGRAPH if row.note else BlockKind.ROW
            self.block(" | ".join(row.cells), kind, lead=None if row.note else lead)
        self.header = table, table.header or (earlier[1] if earlier else ()), lead
        self.tabled = len(self.blocks)

    def goes_on(self, table: Table) -> bool:
        """Whether a table goes on from the page before: nothing but heads and feet stands between, its columns are alike."""
        if self.header is None or self.length == 0:
            return False
        before = self.header[0]
        between = all(block.kind is BlockKind.BOILERPLATE for block in self.blocks[self.tabled :])
        alike = len(before.columns) == len(table.columns) and abs(before.left - table.left) < 6
        return between and alike and abs(before.right - table.right) < 6

    def finished(self) -> tuple[str, list[Block]]:
        """The text and the blocks, the last foot included."""
        self.foot()
        return "".join(self.parts), self.blocks
