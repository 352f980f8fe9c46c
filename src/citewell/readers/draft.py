"""Text and blocks of a document whose text is extracted: each block is written once, and its offsets are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from citewell.errors import ReadError
from citewell.readers.assemble import assemble
from citewell.readers.fields import Value
from citewell.readers.grid import Row
from citewell.readers.limits import LIMITS
from citewell.readers.refine import refine
from citewell.readers.source import Source
from citewell.types import Block, BlockKind, Document

MOST_NAME_CHARACTERS = 60  # of what names a column
FIGURE = re.compile(r"\d")
CLOSE = frozenset((BlockKind.ITEM, BlockKind.ROW, BlockKind.HEADER, BlockKind.REFERENCE))  # stand line below line


class Draft:
    """A document in the making. What has no visible character is left out."""

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0

    def text(self) -> str:
        """All the text so far."""
        return "".join(self._parts)

    def heading(self, text: str, level: int, *, place: str | None = None) -> None:
        """Add a heading; 1 is the document's title."""
        self.add(text, BlockKind.HEADING, level=level, place=place)

    def paragraph(self, text: str, *, place: str | None = None) -> None:
        """Add a paragraph."""
        self.add(text, BlockKind.PARAGRAPH, place=place)

    def item(self, text: str, level: int = 1, *, place: str | None = None, lead: tuple[int, int] | None = None) -> None:
        """Add an entry of a list; 1 is the outermost list."""
        self.add(text, BlockKind.ITEM, level=level, place=place, lead=lead)

    def label(self, text: str, *, place: str | None = None) -> None:
        """Add one "Name: value" line."""
        self.add(text, BlockKind.LABEL, place=place)

    def reference(self, text: str, *, place: str | None = None) -> None:
        """Add an entry of the source's own reference list, with its number if it has one."""
        self.add(text, BlockKind.REFERENCE, place=place)

    def boilerplate(self, text: str, *, place: str | None = None) -> None:
        """Add what is shown with the source but never quoted."""
        self.add(text, BlockKind.BOILERPLATE, place=place)

    def mark_boilerplate(self, first: int) -> None:
        """Make boilerplate of all blocks from a number on."""
        self.blocks[first:] = [Block(b.start, b.end, BlockKind.BOILERPLATE, place=b.place) for b in self.blocks[first:]]

    def table(
        self, caption: str | None, rows: Sequence[Row], *, place: str | None = None, unmarked: bool = False
    ) -> None:
        """Add a table: its caption and header rows, which lead every row, then its rows and notes.

        :param unmarked: Mark-up of this kind often names no headers: where no row at the top is marked as one, a first row without
            figures leads the others, and stays a row that can be quoted.
        """
        lead: tuple[int, int] | None = None
        if caption and (block := self.add(caption, BlockKind.HEADER, place=place)):
            lead = block.start, block.end
        leading, headed = True, False
        for row in rows:
            text, where = " | ".join(row.cells), row.place or place
            if row.note:
                self.paragraph(text, place=where)
            elif row.header and leading and (block := self.add(text, BlockKind.HEADER, place=where)):
                lead, headed = ((lead[0] if lead else block.start), block.end), True
            else:
                block = self.add(text, BlockKind.ROW, place=where, lead=lead)
                if unmarked and leading and not headed and block and names_columns(row):
                    lead = (lead[0] if lead else block.start), block.end
                leading = False

    def add(
        self,
        text: str,
        kind: BlockKind,
        *,
        level: int = 0,
        place: str | None = None,
        lead: tuple[int, int] | None = None,
    ) -> Block | None:
        """Add a block; None if there is nothing to see in it."""
        text = text.strip()
        if not text:
            return None
        close = kind in CLOSE and self.blocks and self.blocks[-1].kind in (kind, BlockKind.HEADER)
        gap = "" if not self._parts else "\n" if close else "\n\n"
        start = self._length + len(gap)
        self._parts += [gap, text]
        self._length = start + len(text)
        if self._length > LIMITS.text_characters:
            raise ReadError(
                f"{self.document_id}: expected a document of at most {LIMITS.text_characters:,} characters, found more; "
                "split the file"
            )
        block = Block(start, self._length, kind, level, lead=lead, place=place)
        self.blocks.append(block)
        return block

    def document(self, source: Source, data: bytes, given: Mapping[str, Value] | None = None) -> Document:
        """The finished document.

        :param data: The bytes that it was read from, whose hash it carries.
        :param given: Metadata that the format itself states.
        """
        text = self.text()
        return assemble(source, data, text, refine(text, self.blocks), given)


def names_columns(row: Row) -> bool:
    """Whether a row may name the columns: it has several texts, all of them short, and no figure in any."""
    texts = [text for text in row.cells if text]
    return len(texts) > 1 and all(len(text) <= MOST_NAME_CHARACTERS and not FIGURE.search(text) for text in texts)
