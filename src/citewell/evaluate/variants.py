"""The same question as others would type it: another name of the drug, a slip of the fingers, another unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from random import Random

from citewell.lexicon import Lexicon, drug_like, one_letter_apart, shipped_aliases, words

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LEAST_LETTERS = 6  # of a word that gets a slip; a shorter one turns into another word too easily
QUANTITY = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?)\s?(mg|g|weeks?|days?)\b")


@dataclass(frozen=True, slots=True)
class Known:
    """What no slip may produce.

    :param drugs: The names of all drugs that the documents or the glossary name, in small letters.
    """

    lexicon: Lexicon
    drugs: frozenset[str]

    def harmless(self, word: str, slip: str) -> bool:
        """Whether a slip is no word itself, and no nearer to another drug than to the one that was meant."""
        if slip == word or self.lexicon.knows(slip) or self.lexicon.means_something(slip) or slip in self.drugs:
            return False
        return not any(one_letter_apart(slip, drug) for drug in self.drugs if drug != word)


def near_keys(letter: str) -> str:
    """The letters left and right of a letter on a keyboard."""
    row = next((keys for keys in KEYS if letter in keys), "")
    place = row.find(letter)
    return row[max(0, place - 1) : place] + row[place + 1 : place + 2]


def neighbour(word: str, place: int, random: Random) -> str:
    """A key beside the one that was meant."""
    keys = near_keys(word[place])
    return word[:place] + random.choice(keys) + word[place + 1 :] if keys else word


def transposed(word: str, place: int, random: Random) -> str:
    """Two letters in the wrong order."""
    return word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]


def dropped(word: str, place: int, random: Random) -> str:
    """A letter left out."""
    return word[:place] + word[place + 1 :]


def doubled(word: str, place: int, random: Random) -> str:
    """A letter typed twice."""
    return word[:place] + word[place] + word[place:]


SLIPS: tuple[Callable[[str, int, Random], str], ...] = (neighbour, transposed, dropped, doubled)
TRIES = 12  # places and slips that are tried for a question


def with_slip(question: str, known: Known, random: Random) -> str | None:
    """A question with one word mistyped, never at its first letter; None where every slip would be a word or a drug."""
    places = [
        (start, end)
        for word, start, end in words(question)
        if len(word) >= LEAST_LETTERS and word.isascii() and word.isalpha()
    ]
    for _ in range(TRIES if places else 0):
        start, end = random.choice(places)
        typed = question[start:end]
        slip = random.choice(SLIPS)(typed, random.randrange(1, len(typed) - 1), random)
        if known.harmless(typed.casefold(), slip.casefold()):
            return question[:start] + slip + question[end:]
    return None


def with_other_name(question: str, subject: str, lexicon: Lexicon, random: Random) -> str | None:
    """A question with a brand for the generic name, or the other way round; None where there is no other name."""
    others = sorted(lexicon.same_drug(subject) - {subject.casefold()})
    if not others or subject not in question:
        return None
    return question.replace(subject, as_written(random.choice(others)))


def as_written(name: str) -> str:
    """A drug's name as people write it: a brand with its capital."""
    return written_names().get(name, name if drug_like(name.split()[0]) else name.capitalize())


@cache
def written_names() -> dict[str, str]:
    """The names of drugs in the glossary, by their small letters."""
    return {
        name.casefold(): name
        for alias in shipped_aliases()
        if alias.kind == "brand"
        for name in (alias.name, alias.means)
    }


def in_other_units(question: str) -> str | None:
    """A question with one quantity in another unit: 1000 mg as 1 g, 4 weeks as 28 days; None where none is exact."""
    for match in QUANTITY.finditer(question):
        if other := converted(float(match[1]), match[2].rstrip("s")):
            return question[: match.start()] + other + question[match.end() :]
    return None


def converted(amount: float, unit: str) -> str | None:
    """An amount in the unit's counterpart, where that is a number that people would type."""
    match unit:
        case "mg" if amount >= 100:
            return f"{amount / 1000:g} g"
        case "g":
            return f"{amount * 1000:g} mg"
        case "week":
            return f"{amount * 7:g} days"
        case "day" if amount % 7 == 0 and amount:
            return f"{amount / 7:g} week{'' if amount == 7 else 's'}"
    return None


def distinct(question: str, others: Iterable[str | None]) -> tuple[str, ...]:
    """The variants that there are and that differ from the question, each once."""
    return tuple(dict.fromkeys(other for other in others if other and other != question))
