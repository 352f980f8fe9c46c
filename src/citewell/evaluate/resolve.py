"""Evidence → where it stands now in the documents, or why it stands nowhere any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import shorten

from citewell.evaluate.cases import Case, Evidence
from citewell.evaluate.outcome import Place
from citewell.types import fold

TextOf = Callable[[str], str | None]  # a document's text by its id; None where it is not indexed

SHOWN = 80  # characters of a quotation in a message
LETTER = "[0-9A-Za-zÀ-ɏ]"  # of the scripts that set blanks between words
INSIDE = re.compile(rf"(?<={LETTER})(?={LETTER})|(?<=[0-9][.,])(?=[0-9])|(?<=[0-9])(?=[.,][0-9])")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where the evidence of a case stands, in its order, and one message for each piece that stands nowhere."""

    places: tuple[Place, ...]
    missing: tuple[str, ...] = ()


def resolve(case: Case, text_of: TextOf) -> Resolved:
    """Find each piece of evidence in its document; `Place.piece` is its number, from 0."""
    places: list[Place] = []
    missing: list[str] = []
    for number, evidence in enumerate(case.evidence):
        text = text_of(evidence.doc)
        if text is None:
            missing.append(f"document {evidence.doc} is not in the index")
            continue
        found = [place_of(evidence, number, text, start, end) for start, end in ranges(evidence, text)]
        places += found
        if not found:
            missing.append(complaint(evidence, text))
    return Resolved(tuple(places), tuple(missing))


def place_of(evidence: Evidence, piece: int, text: str, start: int, end: int) -> Place:
    """One place of a piece of evidence, with its words as shown."""
    return Place(evidence.doc, start, end, fold(text[start:end]), evidence.grade, piece)


def ranges(evidence: Evidence, text: str) -> Iterator[tuple[int, int]]:
    """Yield every range [start, end) of a text where a piece of evidence stands."""
    if evidence.start is not None and evidence.end is not None:
        if evidence.end <= len(text):
            yield evidence.start, evidence.end
        return
    wanted = re.compile(pattern_of(evidence))
    match = wanted.search(text)
    while match:
        start, end = match.span(1)
        if not (cuts(text, start) or cuts(text, end)):
            yield start, end
        match = wanted.search(text, match.start() + 1)


def pattern_of(evidence: Evidence) -> str:
    """A pattern whose group is the quotation; runs of white space count as one blank, the context has to match.

    It starts with a literal, which is searched for fastest. Possessive blanks never go back, so that a match takes no
    longer than the text is long.
    """
    before = rf"{spaced(evidence.prefix)}\s*+" if evidence.prefix.strip() else ""
    after = rf"(?=\s*+{spaced(evidence.suffix)})" if evidence.suffix.strip() else ""
    return f"{before}({spaced(evidence.quote)}){after}"


def cuts(text: str, place: int) -> bool:
    """Whether a place lies inside a word or a number: "5 mg" stands neither in "25 mg" nor in "1.5 mg"."""
    return INSIDE.match(text, place) is not None


def spaced(text: str) -> str:
    """A pattern for the words of a text with any white space between them."""
    return r"\s++".join(map(re.escape, text.split()))


def complaint(evidence: Evidence, text: str) -> str:
    """Why a piece of evidence stands nowhere, and what to do."""
    if evidence.end is not None:
        return (
            f"the range up to {evidence.end:,} lies beyond the {len(text):,} characters of {evidence.doc}: "
            "the source changed, review the case"
        )
    quote = shorten(fold(evidence.quote), SHOWN, placeholder=" …")
    return f"the quotation “{quote}” does not stand in {evidence.doc} any more: the source changed, review the case"
