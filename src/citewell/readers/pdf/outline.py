"""Stretches of text → what each of them is: title, headings with their levels, contents, paragraphs, items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from citewell.readers.headings import INNER_STOP, reads_like_a_sentence
from citewell.readers.pdf.contents import fingerprint, text_of, without_contents
from citewell.readers.pdf.flow import DECORATION, Stretch, capitals
from citewell.readers.pdf.lines import Line
from citewell.readers.pdf.patterns import CAPTION
from citewell.readers.recognise import is_label
from citewell.types import BlockKind, fold

LARGER = 1.13  # times the body's font size, from which on a print is a heading's
LARGE = 1.3  # times the body's font size, from which on a line is a heading though it has the shape of a statement
MOST_HEADING_LINES = 5
MOST_HEADING_CHARACTERS = 200
MOST_WORDS = 22
SHORT_LINE = 60  # characters of a line in italics that may be a heading below a heading
DECIMAL = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})(?P<dot>\.?)\s+(?=\S*[^\W\d_])")
SCHEMES = (
    ("roman", re.compile(r"(?:[IVX]{2,5}|[IVX])\.\s+(?=\S)")),
    ("letter", re.compile(r"[A-Z]\.\s+(?=\S)")),
    ("lower", re.compile(r"[a-z]\.\s+(?=\S)")),
)
RANKS = {"roman": 1, "letter": 2, "number": 3, "lower": 4}
# The parts of a drug label that hold all others.
PARTS = re.compile(
    r"(?:highlights of|full) prescribing information|patient information|medication guide|instructions for use"
    r"|package leaflet.*|summary of product characteristics|annex [ivx]+",
    re.I,
)
APPROVAL = re.compile(r"\binitial u\.?s\.? approval\b", re.I)  # below the names of a label's product
LEAST_CAPITALS = 4  # letters of a heading that only its capitals set apart; a code has fewer
TITLE_PAGES = 5  # among which a title is printed again
LEAST_TITLE = 12  # letters of a heading that is the title once more


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch and what it is."""

    stretch: Stretch
    kind: BlockKind
    level: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """How most of a document is set."""

    size: float
    bold: bool
    italic: bool


def body_of(stretches: Sequence[Stretch]) -> Body:
    """How most characters are set."""
    prints: Counter[tuple[float, bool, bool]] = Counter()
    for stretch in stretches:
        for line in stretch.lines:
            prints[line.print.size, line.print.bold, line.print.italic] += len(line.text)
    return Body(*prints.most_common(1)[0][0]) if prints else Body(1.0, bold=False, italic=False)


def parts_of(stretches: Sequence[Stretch], title: Stretch | None, full_title: str) -> list[Part]:
    """Tell what each stretch is.

    :param full_title: The title as the document is called; covers print it again, or parts of it.
    """
    body = body_of(stretches)
    kinds = [kind_of(stretches, number, body) for number in range(len(stretches))]
    if BlockKind.HEADING not in kinds:
        kinds = [bare_kind(stretches, number, kind) for number, kind in enumerate(kinds)]
    kinds = without_contents(stretches, kinds)
    levels, named = Levels(), fingerprint(full_title)
    parts: list[Part] = []
    lefts: list[float] = []
    for stretch, kind in zip(stretches, kinds, strict=True):
        level = 0
        if stretch is title:
            kind, level = BlockKind.HEADING, 1
        elif kind is BlockKind.HEADING and is_title_again(stretch, named):
            levels, level = Levels(), 1
        elif kind is BlockKind.HEADING:
            level = levels.of(stretch)
        elif kind is BlockKind.ITEM:
            in_list = parts and parts[-1].kind is BlockKind.ITEM
            lefts = [left for left in lefts if in_list and left < stretch.first.left - 2]
            lefts.append(stretch.first.left)
            level = len(lefts)
        parts.append(Part(stretch, kind, level))
    return parts


def is_title_again(stretch: Stretch, named: str) -> bool:
    """Whether a heading on one of the first pages is the title once more, or a part of it, or holds it with little else."""
    text = text_of(stretch)
    again = fingerprint(text)
    if stretch.first.page > TITLE_PAGES or is_numbered(text) or min(len(again), len(named)) < LEAST_TITLE:
        return False
    return again in named or (named in again and len(again) < 2 * len(named))


def is_numbered(text: str) -> bool:
    """Whether a text opens with the number or the letter of a section."""
    return DECIMAL.match(text) is not None or any(form.match(text) for _, form in SCHEMES)


def kind_of(stretches: Sequence[Stretch], number: int, body: Body) -> BlockKind:
    """Tell what a stretch is by its print."""
    stretch = stretches[number]
    if stretch.table is not None:
        return BlockKind.ROW
    text = text_of(stretch)
    if not any(character.isalpha() for character in text):
        return BlockKind.BOILERPLATE  # rules of dashes, figures along the axes of a drawing
    if number + 1 < len(stretches) and is_heading(stretch, text, stretches[number + 1], body):
        return BlockKind.HEADING
    return BlockKind.ITEM if stretch.sign else BlockKind.PARAGRAPH


def bare_kind(stretches: Sequence[Stretch], number: int, kind: BlockKind) -> BlockKind:
    """In a document that sets no heading apart by its print: a short line in capitals or with a number, set apart."""
    stretch = stretches[number]
    text = text_of(stretch)
    following = stretches[number + 1] if number + 1 < len(stretches) else None
    plain = kind is BlockKind.PARAGRAPH and len(stretch.lines) == 1 and following is not None and following.apart
    short = len(text) <= MOST_HEADING_CHARACTERS // 2 and text[:1].isupper() and text[-1:].isalnum()
    heading = plain and short and len(text.split()) <= 8 and stretch.apart and not reads_like_a_sentence(text)
    return BlockKind.HEADING if heading and not is_label(text) else kind


def is_heading(stretch: Stretch, text: str, following: Stretch, body: Body) -> bool:
    """Whether a stretch is a heading: short, no sentence, and set in another print than what follows."""
    line = stretch.first
    if DECORATION.fullmatch(fold(line.text)):
        return True
    if len(stretch.lines) > MOST_HEADING_LINES or len(text) > MOST_HEADING_CHARACTERS or len(text.split()) > MOST_WORDS:
        return False
    if sum(map(str.isalpha, text)) < max(2, 0.4 * len(text.replace(" ", ""))) or stretch.note or CAPTION.match(text):
        return False
    numbered = is_numbered(text)
    if text[-1] in ".;,!" or (text[0].islower() and not numbered) or (INNER_STOP.search(text) and not numbered):
        return False
    if following.table is None and following.first.text[:1].islower() and not following.sign and not numbered:
        return False  # a sentence whose opening is set apart
    large = line.print.size > LARGE * body.size
    if (is_label(text) and not large) or APPROVAL.search(text) or (stretch.sign and not numbered):
        return False
    if (
        capitals(text)
        and sum(map(str.isalpha, text)) >= LEAST_CAPITALS
        and len(stretch.lines) <= 2
        and stretch.apart
        and line.print.size > 0.95 * body.size
    ):
        return following.table is None or numbered
    return is_set_apart(stretch, following.first, body) and not (
        reads_like_a_sentence(text) and line.print.size < LARGER * body.size and not numbered
    )


def is_set_apart(stretch: Stretch, following: Line, body: Body) -> bool:
    """Whether a stretch is set larger, bolder, underlined or in italics, as what follows is not."""
    line = stretch.first
    if line.print.size >= LARGER * body.size or line.underlined:
        return True
    if line.print.size < 0.85 * body.size and line.print.size < 0.95 * following.print.size:
        return False
    if line.print.bold and not body.bold:
        return True
    if not line.print.italic or body.italic or len(stretch.lines) > 1:
        return False
    return (
        not following.print.italic or following.print.bold or following.underlined or len(following.text) < SHORT_LINE
    )


class Levels:
    """The levels of headings in their order: numbers tell them, else how prominent each is beside those above it."""

    def __init__(self) -> None:
        self.open: list[tuple[tuple[object, ...], tuple[object, ...], int]] = []

    def of(self, stretch: Stretch) -> int:
        """The level of the next heading; 1 is the title's."""
        line, text = stretch.first, text_of(stretch)
        decorated = DECORATION.fullmatch(fold(line.text)) is not None
        size = round(line.print.size * 2)
        look = (size, capitals(text), line.print.bold, line.underlined, line.print.italic)
        look = (size + 2, True, True, True, True) if decorated else look
        key, rank = self.key(text, look)
        if PARTS.fullmatch(text):
            key, look = ("part",), (9999, *look[1:])
        if any(each[0] == key for each in self.open):
            while self.open.pop()[0] != key:
                pass
        while self.open and self.ends(self.open[-1], key, rank, look):
            self.open.pop()
        level = self.open[-1][2] + 1 if self.open else 2
        self.open.append((key, look, level))
        return level

    def key(self, text: str, look: tuple[object, ...]) -> tuple[tuple[object, ...], int]:
        """What headings of one level have in common, and the rank of their numbers; 0 without any."""
        schemes = {each[0][0] for each in self.open}
        if match := DECIMAL.match(text):
            if match["dot"] and "." not in match["number"] and schemes & {"roman", "letter"}:
                return ("number",), RANKS["number"]
            return ("decimal", match["number"].count(".") + 1), match["number"].count(".") + 1
        for name, form in SCHEMES:
            if form.match(text):
                return (name,), RANKS[name]
        return ("print", *look), 0

    def ends(
        self,
        opened: tuple[tuple[object, ...], tuple[object, ...], int],
        key: tuple[object, ...],
        rank: int,
        look: tuple[object, ...],
    ) -> bool:
        """Whether a heading ends the section of one that stands open."""
        name = opened[0][0]
        if rank and name == key[0] == "decimal":
            return int(str(opened[0][1])) >= rank
        if rank and name in RANKS and key[0] in RANKS:
            return RANKS[str(name)] >= rank
        if rank and key[0] == "decimal" and rank > 1 and name == "print":
            return True
        return opened[1] <= look
