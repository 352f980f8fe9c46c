"""Plain text → Document."""

from __future__ import annotations

from citewell.readers.assemble import assemble
from citewell.readers.fields import lenient_fields
from citewell.readers.front_matter import split_front_matter
from citewell.readers.layout import lay_out
from citewell.readers.lines import trimmed_block
from citewell.readers.refine import refine
from citewell.readers.source import Source
from citewell.types import BlockKind, Document


def read_text(source: Source, data: bytes, text: str) -> Document:
    """Read a text whose structure is only in its layout."""
    pairs, start = split_front_matter(text)
    front = trimmed_block(text, 0, start, BlockKind.BOILERPLATE)
    blocks = [*front, *refine(text, lay_out(text, start=start), bare=True)]
    return assemble(source, data, text, blocks, lenient_fields(pairs))
