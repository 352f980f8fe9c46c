"""A text as visible lines, and what one line looks like on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from citewell.types import Block, BlockKind

LINE = re.compile(r"[^\n\f]*[\n\f]?")
SENTENCE_END = re.compile(r"""[.!?…][\])}"'”’»]*(?:\s?\[[\d,;\s–-]+\]|\d{1,3}(?:[,–-]\d{1,3})*)?$""")
SYMBOL_BULLET = re.compile(r"[•◦▪‣●○■□❖➢✓⁃∙·*+–—-](?:\s+[•◦▪·?])?(?=\s)\s+")
ROUND_BULLET = re.compile(r"[•◦▪‣●○■□❖➢⁃∙·]\s*(?=\S)")
NUMBER_BULLET = re.compile(r"(?:\d{1,3}[.)]|\(\d{1,3}\)|\(?[a-zA-Z]\)|[a-z]\.|\(?[ivx]{1,5}\))\s+(?=\S)")
RULE = re.compile(r"(?:[-=_*~•·.+|]\s*){3,}")
INTERRUPTION = re.compile(r"[A-Z]{3}[A-Z &-]{0,40}:\s")  # "EXCERPT: …" starts anew wherever it stands


@dataclass(frozen=True, slots=True)
class Line:
    """The visible part [start, end) of one line.

    :param gap: Blank lines before it; a form feed counts as one.
    :param width: Longest line, with its indent, among the neighbours that no blank line parts from it.
    :param breaks_page: Whether a form feed stands between the line before and this one.
    """

    start: int
    end: int
    text: str
    indent: int
    gap: int
    page: int
    breaks_page: bool
    width: int = 0


def split_lines(text: str, start: int = 0) -> list[Line]:
    """Cut text[start:] into its visible lines."""
    lines: list[Line] = []
    gap, page, breaks = 0, 1 + text.count("\f", 0, start), False
    for match in LINE.finditer(text, start):
        raw = match.group()
        if visible := raw.strip():
            indent = len(raw) - len(raw.lstrip())
            first = match.start() + indent
            lines.append(Line(first, first + len(visible), visible, indent, gap, page, breaks))
            gap, breaks = 0, False
        elif raw:
            gap += 1
        if raw.endswith("\f"):
            page, gap, breaks = page + 1, gap + 1, True
    return with_widths(lines)


def with_widths(lines: list[Line]) -> list[Line]:
    """Give every line the width of its run of neighbours."""
    widened: list[Line] = []
    first = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or lines[number].gap:
            width = max(line.indent + len(line.text) for line in lines[first:number])
            widened += [replace(line, width=width) for line in lines[first:number]]
            first = number
    return widened


def ends_sentence(text: str) -> bool:
    """Whether a line ends with a full stop, a question mark or the like, reference marks after it aside."""
    return SENTENCE_END.search(text[-60:]) is not None


def breaks_freely(line: Line, following: Line) -> bool:
    """Whether the next line's first word would still have fitted: then the line break means something."""
    word = following.text.split(maxsplit=1)[0]
    return following.gap > 0 or line.indent + len(line.text) + 1 + len(word) <= line.width


def same_symbol(line: Line, other: Line | None) -> bool:
    """Whether two lines open with one bullet sign, set apart from what follows it."""
    return other is not None and line.text[0] == other.text[0] and SYMBOL_BULLET.match(other.text) is not None


def bullet_length(
    line: Line, before: Line | None, following: Line | None, *, in_list: bool, symbols_only: bool = False
) -> int:
    """Length of the bullet sign and the blanks after it; 0 if the line is no list item.

    A hyphen or a number at the start of a line may also be a wrapped "5-10 mg" or "type 2.", so these count only where
    something ended before them, or where a neighbour has the same sign.
    """
    if match := ROUND_BULLET.match(line.text):
        return match.end()
    free = before is None or in_list or line.gap > 0 or before.text.endswith(":") or ends_sentence(before.text)
    if not (free or any(same_symbol(line, other) for other in (before, following))) or RULE.fullmatch(line.text):
        return 0
    match = SYMBOL_BULLET.match(line.text) or (None if symbols_only else NUMBER_BULLET.match(line.text))
    return match.end() if match else 0


def trimmed_block(text: str, start: int, end: int, kind: BlockKind, level: int = 0) -> list[Block]:
    """A block on the visible part of text[start:end]; none if there is nothing to see."""
    part = text[start:end]
    if not part.strip():
        return []
    return [Block(start + len(part) - len(part.lstrip()), start + len(part.rstrip()), kind, level)]
