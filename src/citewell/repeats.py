"""Disclaimers and menu lines that many documents of a collection share, and so say nothing about any of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from citewell.types import Block, BlockKind, Document, Unit, fold

# What speaks of a page, its publisher or its reader's duties, and of no drug: only that may count as repeated furniture.
SIGN = re.compile(
    r"\b(?:web ?(?:site|page)s?|this (?:page|site|leaflet|article|information|document|content)|information (?:on|in|provided)|"
    r"not (?:a substitute|intended)|medical advice|professional advice|disclaimer|copyright|all rights|rights reserved|licen[cs]ed?|"
    r"terms of|privacy|cookies?|editorial|subscribe|newsletter|feedback|contact us|about us|share|print|e-?mail|follow us|"
    r"last reviewed|reviewed by|published by|publisher|sponsor|logo|trademarks?|liability|warrant(?:y|ies)|endorse\w*)\b",
    re.I,
)
FIGURE = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:%|mg|g|kg|mcg|µg|μg|ml|mL|l|L|IU|units?|hours?|days?|weeks?|months?|years?|°[CF]?)(?!\w)"
)
MOST_CHARACTERS = 1500


def repeat_key(text: str) -> str | None:
    """A key for a text that is furniture if many documents hold it; None for all that may be content."""
    printed = fold(text)
    if len(printed) > MOST_CHARACTERS or not SIGN.search(printed) or FIGURE.search(printed):
        return None
    return hashlib.sha256(printed.casefold().encode()).hexdigest()[:16]


def keys_of(document: Document, units: Iterable[Unit]) -> set[str]:
    """The keys of a document's units."""
    return {key for unit in units if (key := repeat_key(document.text[unit.start : unit.end]))}


def without_repeats(document: Document, units: Sequence[Unit], repeated: frozenset[str]) -> Document:
    """The document, those blocks of it that hold nothing but repeated texts as boilerplate."""
    own: set[int] = set()
    said: set[int] = set()
    for unit in units:
        (said if repeat_key(document.text[unit.start : unit.end]) in repeated else own).add(unit.block)
    blocks = (
        Block(block.start, block.end, BlockKind.BOILERPLATE, page=block.page, place=block.place)
        if number in said - own
        else block
        for number, block in enumerate(document.blocks)
    )
    return replace(document, blocks=tuple(blocks)) if said else document
