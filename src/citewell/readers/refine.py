"""What every format has in common once its blocks are found: boilerplate, label lines, references, lead-ins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from citewell.readers.boilerplate import is_boilerplate, is_state, opens_section
from citewell.readers.headings import with_levels
from citewell.readers.recognise import is_label, is_metadata_line
from citewell.readers.references import mark_references
from citewell.types import Block, BlockKind, fold

PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.LABEL)
STOP = re.compile(r"""(?P<word>[^\s(]*)[.!?]["'”’)\]]*(?:\[[\d,\s–-]+\])*\s+(?=["'“‘(\[]?[A-Z0-9])""")
# A heading that a list below it completes: "Do not use", "Stop use and ask a doctor if".
OPEN = re.compile(
    r"^(?:do not|don't|never|avoid|stop|ask|tell|call|when|before|if)\b"
    r"|\b(?:if|when|is|are|has|have|with|for|to|who)$|:$",
    re.I,
)
MOST_LEAD_CHARACTERS = 1000
ABBREVIATION = re.compile(r"(?:e\.g|i\.e|vs|cf|ca|approx|dr|no|fig|st|al|[a-z])", re.I)


def refine(text: str, blocks: Sequence[Block], *, bare: bool = False) -> tuple[Block, ...]:
    """Give blocks their final kinds and their leads.

    :param bare: Headings were guessed from bare lines, not marked up.
    """
    refined = mark_boilerplate(text, blocks)
    if bare:
        refined = with_levels(text, refined)
    refined = [as_label(text, block) for block in mark_references(text, refined, bare=bare)]
    return tuple(with_leads(text, refined))


def refine_prose(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same for running prose, in which nothing is boilerplate."""
    return tuple(with_leads(text, with_levels(text, blocks)))


def mark_boilerplate(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Mark chrome, metadata lines, and the sections that are boilerplate to their end."""
    marked: list[Block] = []
    in_section = False
    for block in blocks:
        printed = fold(text[block.start : block.end])
        heading = block.kind is BlockKind.HEADING
        opening = opens_section(printed.strip("#* "))
        chrome = is_chrome_block(block, printed) or (bool(marked) and follows_status(text, marked[-1], block))
        if opening or (heading and not chrome):
            in_section = opening
        marked.append(as_boilerplate(block) if chrome or opening or in_section else block)
    return marked


def is_chrome_block(block: Block, printed: str) -> bool:
    """Whether a block is chrome or metadata by its own words."""
    if block.kind is BlockKind.HEADING:
        return block.level != 1 and is_boilerplate(printed)
    if block.kind not in PROSE:
        return False
    return is_boilerplate(printed) or is_metadata_line(printed)


def follows_status(text: str, before: Block, block: Block) -> bool:
    """Whether a block is the states of a review, below the status bar that they belong to."""
    lines = text[block.start : block.end].split("\n")
    return before.kind is BlockKind.BOILERPLATE and all(is_state(line) for line in lines)


def as_boilerplate(block: Block) -> Block:
    """The same stretch as boilerplate."""
    return Block(block.start, block.end, BlockKind.BOILERPLATE, page=block.page, place=block.place)


def as_label(text: str, block: Block) -> Block:
    """A paragraph that is one "Name: value" statement, as a label."""
    if block.kind is BlockKind.PARAGRAPH and is_label(text[block.start : block.end]):
        return replace(block, kind=BlockKind.LABEL)
    return block


def with_leads(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Give each list item the sentence that introduces its list, or the item that introduces its sub-list."""
    led: list[Block] = []
    leads: dict[int, tuple[int, int] | None] = {}
    for block in blocks:
        if block.kind is not BlockKind.ITEM:
            led.append(under_open_heading(text, led, block))
            leads = {1: introduction(text, block)} if block.kind in PROSE else {}
            if block.kind is BlockKind.HEADING and OPEN.search(text[block.start : block.end]):
                leads = {1: (block.start, block.end)}
            continue
        leads = {level: lead for level, lead in leads.items() if level <= block.level}
        lead = leads[max(leads)] if leads else None
        led.append(replace(block, lead=lead) if block.lead is None else block)
        if own := introduction(text, block):
            leads[block.level + 1] = own
    return led


def under_open_heading(text: str, before: Sequence[Block], block: Block) -> Block:
    """A paragraph that goes on in small letters where the heading above it left off, led by that heading."""
    if (
        block.kind is BlockKind.PARAGRAPH
        and before
        and before[-1].kind is BlockKind.HEADING
        and text[block.start].islower()
    ):
        return replace(block, lead=(before[-1].start, before[-1].end))
    return block


def introduction(text: str, block: Block) -> tuple[int, int] | None:
    """[start, end) of the sentence at the end of a block that ends with a colon."""
    if not text[block.start : block.end].rstrip("*_").endswith(":"):
        return None
    start = max(block.start, block.end - MOST_LEAD_CHARACTERS)
    stops = [match for match in STOP.finditer(text, start, block.end) if not ABBREVIATION.fullmatch(match["word"])]
    if stops:
        return stops[-1].end(), block.end
    return (start, block.end) if start == block.start else None
