"""Which of several things that share a name is meant: type 2 diabetes is not type 1, nor hepatitis B hepatitis C."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citewell.lexicon import STOP_WORDS, stem

ALONE = "hepatitis|vitamin|influenza|interleukin|factor"  # what follows one of these says all
BESIDE = (  # what follows one of these counts beside the same words only: "type 2 diabetes", "Usher syndrome 2"
    "type|subtype|stage|grade|class|phase|group|category|syndrome|disease|deficiency|disorder|dystrophy|ataxia|paraplegia|diabetes"
)
VALUE = r"\d{1,3}[A-Za-z]?\b|[IVX]{1,4}[abc]?\b|[A-Z]\d{0,2}\b"
NUMBERED = re.compile(
    rf"\b(?P<head>(?i:{ALONE}|{BESIDE}))s?,? "
    rf"(?P<values>(?:{VALUE}|(?<=itis )[a-e]\b|(?<=amin )[a-k]\d{{0,2}}\b)"
    rf"(?:(?:,|/|-|–| and| or| to)(?: and| or)? ?(?:(?i:type|stage|grade|hepatitis|vitamin) )?(?:{VALUE}))*)"
)
OPEN = re.compile(r"[≥≤<>]|\b(?:higher|greater|above|below|worse|lower|less|more|least|beyond|later)\b", re.I)
WORDS = re.compile(r"\b(?:and|or|to|type|stage|grade|hepatitis|vitamin)\b", re.I)
WORD = re.compile(r"[\w-]+")
ONE = re.compile(r"\d+|[A-Za-z]+\d*")
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10"}
LONGEST = 3  # characters of a text beside a number that say that others count, too: "grade ≥ 3"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A kind with its numbers or letters, and the stems beside it.

    :param said: As it is printed.
    """

    said: str
    head: str
    values: frozenset[str]
    beside: frozenset[str]

    def is_like(self, other: Numbered) -> bool:
        """Whether both number the same kind of thing."""
        if self.head != other.head:
            return False
        return re.fullmatch(ALONE, self.head) is not None or not self.beside.isdisjoint(other.beside)


def numbered_in(text: str) -> Iterator[Numbered]:
    """Yield what is numbered in a text; nothing where a comparison leaves open which numbers count."""
    for match in NUMBERED.finditer(text):
        around = text[max(match.start("head") - LONGEST, 0) : match.end() + 20]
        if not OPEN.search(around):
            words = [*WORD.findall(text, 0, match.start())[-2:], *WORD.findall(text, match.end())[:1]]
            beside = frozenset(stem(word.casefold()) for word in words if word.casefold() not in STOP_WORDS)
            said = text[match.start("head") : match.end("values")]
            yield Numbered(said, match["head"].casefold(), frozenset(values_of(match["values"])), beside)


def values_of(text: str) -> Iterator[str]:
    """Yield each number or letter, Roman numbers as Arabic ones, and those within a range."""
    found = [ROMAN.get(each, each.upper()) for each in ONE.findall(WORDS.sub(" ", text))]
    yield from found
    if re.search(r"\d ?(?:-|–|to) ?\d", text) and len(found) > 1 and found[0].isdigit() and found[-1].isdigit():
        yield from map(str, range(int(found[0]), int(found[-1])))


def is_another(asked: Sequence[Numbered], text: str) -> bool:
    """Whether a text speaks of another number of a kind that a question asks about, and never of that one."""
    theirs = list(numbered_in(text)) if asked else []
    alike = [[each for each in theirs if each.is_like(mine)] for mine in asked]
    return any(
        found and all(mine.values.isdisjoint(each.values) for each in found)
        for mine, found in zip(asked, alike, strict=True)
    )
