"""The word of the corpus that an unknown word most likely misspells; never one drug for another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from citewell.lexicon.analysis import common_stems, common_words, stem
from citewell.lexicon.english import english_stems
from citewell.lexicon.names import drug_like
from citewell.settings import Wording

# Prefixes that oppose each other: one is never "corrected" into the other.
OPPOSED = (
    ("hyper", "hypo"),
    ("inter", "intra"),
    ("endo", "exo"),
    ("macro", "micro"),
    ("pre", "post", "pro", "per"),
    ("ana", "cata"),
    ("ab", "ad"),
)
DOUBLED = re.compile(r"(.)\1+")
VOWELS = re.compile("[aeiouy]")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a typed word may have been meant as.

    :param meant: Words of the corpus, the nearest first.
    :param sure: Whether the first is to be searched for; else the reader is asked.
    """

    meant: tuple[str, ...]
    sure: bool


class Speller:
    """The words of one corpus, laid out to be found by a misspelling.

    :param is_drug: Whether a word is a drug's name.
    :param drugs: Every drug's name that is known, in the corpus or not, in small letters.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        is_drug: Callable[[str], bool],
        drugs: Collection[str],
        wording: Wording,
    ) -> None:
        self._vocabulary, self._is_drug, self._wording = vocabulary, is_drug, wording
        self._alike: defaultdict[tuple[str, int], list[str]] = defaultdict(list)  # (first letter, length) → words
        for word in sorted(word for word in vocabulary if len(word) >= wording.shortest_correction and word.isalpha()):
            self._alike[word[0], len(word)].append(word)
        self._drugs = sorted(drugs)

    def correct(self, word: str, *, named: bool) -> Correction | None:
        """What a word may have been meant as that neither the corpus nor everyday English knows.

        :param named: It is written as a name.
        """
        most = 1 if len(word) < self._wording.two_slips_asked else 2
        lengths = range(len(word) - most, len(word) + most + 1)
        alike = list(chain.from_iterable(self._alike.get((word[0], length), ()) for length in lengths))
        near = process.extract(word, alike, scorer=OSA.distance, score_cutoff=most, limit=None)
        close = sorted(
            (distance, skeleton(word) != skeleton(other), -self._vocabulary[other], other)
            for other, distance, _ in near
            if not opposed(word, other)
        )
        if not close:
            return None
        distance, _, _, best = close[0]
        rivals = [entry[3] for entry in close[1:] if entry[0] == distance and stem(entry[3]) != stem(best)]
        meant = tuple(dict.fromkeys([best, *rivals]))[: self._wording.asked]
        return Correction(meant, not rivals and self._may_become(word, best, int(distance), named=named))

    def _may_become(self, word: str, other: str, distance: int, *, named: bool) -> bool:
        """Whether a word may be searched for as another without asking.

        Vowels and doubled letters are what people get wrong, and neighbours change places. Another slip has to be in a long
        word: short ones are other words too often. What may be the name of a drug has to be longer still, most of all where
        one consonant stands for another (Ultracet, Ultracef), and no other known drug may be as near.
        """
        drug = self._is_drug(other)
        if drug and any(near not in (other, word) for near in self._drugs_within(word, distance)):
            return False
        if skeleton(word) == skeleton(other):
            return distance == 1 or len(word) >= self._wording.two_slips
        least = self._wording.long_word
        if named or drug or drug_like(word) or not is_english(other):
            least = self._wording.long_name if len(word) != len(other) else self._wording.longer_name
        return distance == 1 and (len(word) >= least or sorted(word) == sorted(other))

    def _drugs_within(self, word: str, distance: int) -> list[str]:
        """The known drugs so near to a word."""
        return [
            name
            for name, *_ in process.extract(word, self._drugs, scorer=OSA.distance, score_cutoff=distance, limit=None)
        ]


def is_everyday(word: str) -> bool:
    """Whether a word is everyday English, or a form of it."""
    return word in common_words() or stem(word) in common_stems()


def is_english(word: str) -> bool:
    """Whether a word is English, everyday or not, or a form of it."""
    return is_everyday(word) or stem(word) in english_stems()


def opposed(word: str, other: str) -> bool:
    """Whether two words open with different prefixes of one group."""
    return any(
        opening(word, group) != opening(other, group)
        for group in OPPOSED
        if opening(word, group) and opening(other, group)
    )


def opening(word: str, prefixes: Sequence[str]) -> str:
    """The prefix of a group that a word opens with; empty if none."""
    return next((prefix for prefix in prefixes if word.startswith(prefix)), "")


def skeleton(word: str) -> str:
    """A word without its vowels, doubled letters counted once."""
    return DOUBLED.sub(r"\1", VOWELS.sub("", DOUBLED.sub(r"\1", word)))


def one_letter_apart(left: str, right: str) -> bool:
    """Whether two words differ by one letter, or by two neighbours in the wrong order."""
    return OSA.distance(left, right) == 1
