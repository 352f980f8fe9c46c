"""Tables of contents: they are shown, never quoted, and name no section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citewell.readers.pdf.flow import DECORATION, Stretch
from citewell.types import BlockKind, fold

CONTENTS = re.compile(
    r"(?:table of )?contents|full prescribing information: contents\s?\*?|inhalt(?:sverzeichnis)?|sommaire|table des matières"
    r"|índice|indice",
    re.I,
)
OMITTED = re.compile(r"\*?\s*sections or subsections omitted from the full prescribing information", re.I)
LEADERS = re.compile(r"(?:\.\s?){5,}\s*\w*\s*$")
PAGE_AT_END = re.compile(r"\s+\d{1,4}$")
PLAIN = re.compile(r"[\W\d_⁰¹²³⁴-⁹]+")
MOST_ENTRIES = 400  # of a table of contents
LEAST_ENTRY = 4  # characters of an entry of a table of contents that is found among the headings


def text_of(stretch: Stretch) -> str:
    """A stretch on one line, as its lines are printed."""
    text = fold(" ".join(line.text for line in stretch.lines))
    match = DECORATION.fullmatch(text)
    return match.group(1) if match else text


def without_contents(stretches: Sequence[Stretch], kinds: Sequence[BlockKind]) -> list[BlockKind]:
    """Make boilerplate of tables of contents: what stands below their name and again as a heading further on."""
    left = list(kinds)
    headings = [
        (number, fingerprint(text_of(each)))
        for number, (each, kind) in enumerate(zip(stretches, kinds, strict=True))
        if kind is BlockKind.HEADING
    ]
    for number, stretch in enumerate(stretches):
        if LEADERS.search(text_of(stretch)) or OMITTED.match(text_of(stretch)):
            left[number] = BlockKind.BOILERPLATE
        elif CONTENTS.fullmatch(text_of(stretch)):
            last = contents_end(stretches, number, headings)
            left[number:last] = [BlockKind.BOILERPLATE] * (last - number)
    return left


def contents_end(stretches: Sequence[Stretch], first: int, headings: Sequence[tuple[int, str]]) -> int:
    """Number of the stretch behind a table of contents."""
    end, misses = first + 1, 0
    for number in range(first + 1, min(len(stretches), first + MOST_ENTRIES)):
        later = [heading for place, heading in headings if place > number]
        if stretches[number].table is None and all(is_entry(line.text, later) for line in stretches[number].lines):
            end, misses = number + 1, 0
        else:
            misses += 1
            if misses > 1:
                break
    while end < len(stretches) and end > first + 1 and is_alike(stretches[end - 1], stretches[end]):
        end += 1
    return end


def is_alike(entry: Stretch, stretch: Stretch) -> bool:
    """Whether a line is set as the entry of a table of contents above it, and so is one as well."""
    one, other = entry.first, stretch.first
    single = stretch.table is None and len(stretch.lines) == 1 and one.page == other.page
    return single and one.print == other.print and abs(one.left - other.left) < 1 and one.underlined == other.underlined


def is_entry(text: str, later: Sequence[str]) -> bool:
    """Whether a line of a table of contents names a heading that stands further on, or a part of it."""
    if LEADERS.search(text) or OMITTED.match(text):
        return True
    entry = fingerprint(text)
    return len(entry) < LEAST_ENTRY or any(entry in heading for heading in later)


def fingerprint(text: str) -> str:
    """The letters of a heading, without its number and its page."""
    return PLAIN.sub("", PAGE_AT_END.sub("", text)).lower()
