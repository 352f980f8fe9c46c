"""Which of several diseases that share a name is meant: type 2 diabetes is not type 1, nor hepatitis B hepatitis C.

Only where it is plain: whole numbers, and the letters of hepatitis. Grades and stages are compared ("grade 3 or worse") and vitamins
have forms (D, D3), so they are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citewell.lexicon import STOP_WORDS, stem

KINDS = "type|subtype|syndrome|disease|deficiency|disorder|dystrophy|ataxia|paraplegia|diabetes"
ROMAN = {
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
    "XIII": 13,
}
NUMBER = r"(?:\d{1,2}|[IVX]{2,5}|V|X|(?<=[Tt]ype[ -])I)(?![\w.%-])"
UNIT = (
    r"(?! ?(?:mg|g|kg|mL|ml|%|cases?|times|patients?|people|minutes?|hours?|days?|weeks?|months?|years?"
    r"|[a-z]+ (?:ago|later|after|before)))"
)
JOIN = r"(?:,| ?/| ?-| ?–| and| or| to)(?: and| or)? ?(?:types? )?"
NUMBERED = re.compile(
    rf"\b(?P<head>(?i:{KINDS}))s?,?[ -](?P<values>{NUMBER}{UNIT}(?:{JOIN}{NUMBER}{UNIT})*)"
    rf"|\b(?P<hepatitis>(?i:hepatitis)) (?P<letters>(?:[A-E]|[b-e])\b(?:{JOIN}(?:hepatitis )?(?:[A-E]|[b-e])\b)*)"
)
COMPARED = re.compile(r"[≥≤<>]|\b(?:higher|greater|above|below|worse|lower|less|more|least|beyond|later)\b", re.I)
WORD = re.compile(r"[\w-]+")
NEAR = 40  # characters beside a number, within which a comparison leaves open which numbers count


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
        """Whether both number the same kind of thing: what follows "type" counts beside the same words only."""
        return self.head == other.head and (self.head == "hepatitis" or not self.beside.isdisjoint(other.beside))

    def is_in_short(self, text: str) -> bool:
        """Whether a text names it by a short form: T2DM, HBV."""
        forms = [rf"H{value}V" if self.head == "hepatitis" else rf"T{value}D" for value in self.values]
        return re.search(rf"\b(?:{'|'.join(forms)})", text) is not None


def numbered_in(text: str) -> Iterator[Numbered]:
    """Yield what is numbered in a text; nothing where a comparison leaves open which numbers count."""
    for match in NUMBERED.finditer(text):
        start, end = match.span()
        if COMPARED.search(text[max(start - NEAR, 0) : end + NEAR]):
            continue
        if match["hepatitis"]:
            letters = frozenset(re.findall(r"\b[A-E]\b", match["letters"].upper()))
            yield Numbered(match.group(), "hepatitis", letters, frozenset())
            continue
        words = [*WORD.findall(text[max(start - NEAR, 0) : start])[-2:], *WORD.findall(text[end : end + NEAR])[:1]]
        beside = frozenset(stem(word.casefold()) for word in words if word.casefold() not in STOP_WORDS)
        yield Numbered(match.group(), match["head"].casefold(), numbers_of(match["values"]), beside)


def numbers_of(text: str) -> frozenset[str]:
    """Each number, Roman ones too, and all between two that a dash or "to" joins."""
    found = [(match, ROMAN.get(match.group(), 1)) for match in re.finditer(r"\d+|[IVX]+", text)]
    numbers = [int(match.group()) if match.group().isdigit() else value for match, value in found]
    within = [
        range(numbers[place], numbers[place + 1])
        for place in range(len(numbers) - 1)
        if re.search(r"[-–]|\bto\b", text[found[place][0].end() : found[place + 1][0].start()])
    ]
    return frozenset(map(str, (*numbers, *(each for several in within for each in several))))


def is_another(asked: Sequence[Numbered], text: str) -> bool:
    """Whether a text speaks of another number of a kind that a question asks about, and never of that one."""
    theirs = list(numbered_in(text)) if asked else []
    alike = [[each for each in theirs if each.is_like(mine)] for mine in asked]
    return any(
        found and all(mine.values.isdisjoint(each.values) for each in found) and not mine.is_in_short(text)
        for mine, found in zip(asked, alike, strict=True)
    )
