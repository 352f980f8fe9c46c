"""Headings that are bare lines: which lines are headings, and how deep they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from citewell.readers.lines import NUMBER_BULLET, Line, breaks_freely, ends_sentence
from citewell.readers.recognise import is_label
from citewell.types import Block, BlockKind

MOST_CHARACTERS = 110
MOST_WORDS = 15
NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=\S*[A-Z])")
PART = re.compile(r"from the\s+\S|(?:part|chapter|appendix|module|annex)\s+[\dIVXA-Z]{1,4}\b", re.I)
INNER_STOP = re.compile(r"[a-z]{2}[.!?]\s+[A-Z(]")
FIGURE = re.compile(r"(?<!\S)[<>≥≤~]?\d[\d.,]*%?(?!\S)")
END_SECTION = re.compile(r"references?|bibliography|literature cited|works cited|further reading|notes|footnotes", re.I)
# Names that sections have and documents do not.
SECTION_NAME = re.compile(
    r"overview|introduction|background|abstract|summary|contents|methods?|results|discussion|conclusions?|objectives?"
    r"|highlights of prescribing information|full prescribing information",
    re.I,
)
FINITE_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|should|may|might|must|will|would|does|do|did|include[sd]?|occur(?:s|red)?"
    r"|showed|shows|may|been)\b"
)
SMALL_WORDS = frozenset(
    "a an and as at but by for from if in into nor of off on or per than that the their to via vs with your".split()
)


class Style(Enum):
    """How a bare heading is set apart."""

    CAPITALS = "capitals"
    NUMBERED = "numbered"
    PART = "part"
    END = "end"
    PLAIN = "plain"


def is_heading(lines: Sequence[Line], number: int, before: BlockKind | None, *, strict: bool = False) -> bool:
    """Whether a line is a heading: short, set apart, with text to follow.

    :param before: Kind of the block that ends before the line; None at the start.
    :param strict: Take only headings that are numbered or in capitals and stand alone, as running prose has them.
    """
    if number + 1 >= len(lines):
        return False
    line, following = lines[number], lines[number + 1]
    if not has_shape(line.text) or following.text[0].islower():
        return False
    alone = (line.gap > 0 or number == 0) and following.gap > 0
    if strict:
        return alone and style_of(line.text) in (Style.CAPITALS, Style.NUMBERED)
    capitals = style_of(line.text) is Style.CAPITALS
    apart = line.gap > 0 or before in (None, BlockKind.HEADING, BlockKind.BOILERPLATE)
    if not (apart or (capitals and ends_sentence(lines[number - 1].text))):
        return False
    if reads_like_a_sentence(line.text) or is_list_number(lines, number) or is_measured_label(line.text):
        return False
    return following.gap > 0 or capitals or (breaks_freely(line, following) and len(following.text) > len(line.text))


def has_shape(text: str) -> bool:
    """Whether a line alone could be a heading: short, opening with a capital or a section number, no final stop."""
    if len(text) > MOST_CHARACTERS or len(text.split()) > MOST_WORDS or text[-1] in ".,;:!-–/&=<>|":
        return False
    if INNER_STOP.search(text) or len(FIGURE.findall(NUMBERED.sub("", text))) > 1:
        return False  # sentences, and rows of a table that lost its columns
    opening = text.lstrip("\"'“‘(")[:1]
    letters = sum(character.isalpha() for character in text)
    if letters < 3 or letters < 0.5 * len(text.replace(" ", "")):
        return False
    return opening.isupper() or NUMBERED.match(text) is not None


def style_of(text: str) -> Style:
    """How a heading is set apart, judged by itself."""
    if NUMBERED.match(text):
        return Style.NUMBERED
    if END_SECTION.fullmatch(text.strip()):
        return Style.END
    letters = [character for character in text if character.isalpha()]
    if len(letters) >= 4 and all(character.isupper() for character in letters):
        return Style.CAPITALS
    return Style.PART if PART.match(text) else Style.PLAIN


def reads_like_a_sentence(text: str) -> bool:
    """Whether a line without a full stop has a verb and is no title: "Tablets are taken with water"."""
    if text.endswith("?"):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in SMALL_WORDS]
    title_case = all(word[0].isupper() for word in words)
    return not title_case and FINITE_VERB.search(text) is not None


def is_measured_label(text: str) -> bool:
    """Whether a line is no "Uses: An Overview" but a value with its name: "Dose: 60 mg"."""
    return style_of(text) is Style.PLAIN and is_label(text) and re.search(r":.*\d", text) is not None


def is_list_number(lines: Sequence[Line], number: int) -> bool:
    """Whether "2. Something" belongs to a numbered list: its neighbour has a list number too."""
    if not NUMBER_BULLET.match(lines[number].text):
        return False
    neighbours = [*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2]]
    return any(NUMBER_BULLET.match(line.text) for line in neighbours)


def with_levels(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Give bare headings their levels: the title 1, sections in capitals or numbered from 2 on, others below."""
    leveled: list[Block] = []
    above = 1  # level of the innermost section that plain headings are subordinate to
    title = title_block(text, blocks)
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            leveled.append(block)
            continue
        printed = text[block.start : block.end]
        style = style_of(printed)
        level = 1 if block is title else level_of(printed, style, above)
        if block is not title and style is not Style.PLAIN:
            above = 1 if style is Style.END else level
        leveled.append(Block(block.start, block.end, block.kind, level, block.page))
    return leveled


def level_of(printed: str, style: Style, above: int) -> int:
    """The level of a heading that is not the title."""
    if style is Style.PLAIN:
        return above + 1
    match = NUMBERED.match(printed)
    return 2 + (match["number"].count(".") if match else 0)


def title_block(text: str, blocks: Sequence[Block]) -> Block | None:
    """The heading that stands before all content and names no mere section."""
    for block in blocks:
        if block.kind is BlockKind.BOILERPLATE:
            continue
        printed = text[block.start : block.end].strip()
        plain = style_of(printed) in (Style.PLAIN, Style.CAPITALS) and not SECTION_NAME.fullmatch(printed)
        return block if block.kind is BlockKind.HEADING and plain else None
    return None
