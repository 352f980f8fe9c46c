"""The names and words that one index knows, and the spelling of questions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from citewell.lexicon.analysis import common_stems, common_words, stem, words, words_of_piece
from citewell.lexicon.names import GROUPS, Alias, drug_like, shipped_aliases

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


class Lexicon:
    """The names and words that one index knows."""

    def __init__(self, aliases: Iterable[Alias], vocabulary: Mapping[str, int]) -> None:
        """Take the corpus's aliases and its words with the number of documents that hold each."""
        self._vocabulary = dict(vocabulary)
        self._stems = frozenset(word if word[0].isdigit() else stem(word) for word in self._vocabulary)
        self._alike: defaultdict[tuple[str, int], list[str]] = defaultdict(list)  # (first letter, length) → words
        for word in sorted(word for word in self._vocabulary if len(word) >= 4 and word.isalpha()):
            self._alike[word[0], len(word)].append(word)
        self._means: defaultdict[str, list[Alias]] = defaultdict(list)
        self._generics: defaultdict[str, set[str]] = defaultdict(set)  # brand → its generic names
        self._brands: defaultdict[str, set[str]] = defaultdict(set)  # generic name → its brands
        for alias in dict.fromkeys([*shipped_aliases(), *unambiguous(aliases)]):
            self._means[alias.name.casefold()].append(alias)
            if alias.kind != "synonym" or len(alias.name.split()) <= 2:  # nobody looks for "reached the bones"
                self._means[alias.means.casefold()].append(Alias(alias.means, alias.name, alias.kind))
            if alias.kind == "brand":
                self._generics[alias.name.casefold()].add(alias.means.casefold())
                self._brands[alias.means.casefold()].add(alias.name.casefold())
        self._drugs_of_piece = lru_cache(maxsize=100_000)(self._find_drugs)
        self.drug_stems = frozenset(
            stem(word) for word in self._vocabulary if not word[0].isdigit() and self._drug_called(word)
        )
        names = chain(self._generics, self._brands)
        self.name_stems = self.drug_stems.union(stem(name.split()[0]) for name in names)  # of every name of a drug
        self._longest = max((len(name.split()) for name in self._means), default=1)

    def knows(self, word: str) -> bool:
        """Whether a normalised word stands in the corpus."""
        return word in self._vocabulary

    def means_something(self, word: str) -> bool:
        """Whether a normalised word is everyday English, a form of a word of the corpus, or a name with an alias here."""
        stemmed = stem(word)
        known = word in common_words() or stemmed in common_stems() or stemmed in self._stems
        return known or any(self._in_corpus(alias.means) for alias in self._means.get(word, ()))

    def aliases(self, question: str) -> list[tuple[str, Alias]]:
        """The names in a question that have another name in this corpus, with what they mean."""
        tokens = [(question[start:end], start, end) for _, start, end in words(question)]
        found: list[tuple[str, Alias]] = []
        for first in range(len(tokens)):
            for last in range(min(len(tokens), first + self._longest), first, -1):
                phrase = question[tokens[first][1] : tokens[last - 1][2]]
                means = self._means.get(phrase.casefold())
                if not means:
                    continue
                known = [alias for alias in means if self._in_corpus(alias.means) and not named(alias, question)]
                if alias_applies(phrase, known):
                    found += [(phrase, alias) for alias in known]
                    break
        return found

    def same_drug(self, name: str) -> frozenset[str]:
        """All names of the drug called `name`, in small letters: its generic name, and that one's brands."""
        known = name.casefold()
        generics = self._generics.get(known) or {known}
        brands = chain.from_iterable(self._brands.get(generic, ()) for generic in generics)
        return frozenset({known, *generics, *brands})

    def is_drug(self, word: str) -> bool:
        """Whether a word is a drug's name: by the glossary, by what the corpus states, or by its ending."""
        brand = any(alias.kind == "brand" for alias in self._means.get(word.casefold(), ()))
        return brand or (word not in common_words() and drug_like(word))

    def drugs_in(self, text: str) -> list[str]:
        """The names of drugs and of their groups in a text, in small letters, in order, each once.

        A text of the corpus names none if none of its stems is among `drug_stems`.
        """
        return list(dict.fromkeys(chain.from_iterable(map(self._drugs_of_piece, text.split()))))

    def _find_drugs(self, piece: str) -> tuple[str, ...]:
        """The drugs in a text without white space."""
        return tuple(filter(None, map(self._drug_called, words_of_piece(piece))))

    def _drug_called(self, word: str) -> str:
        """The drug, or the group of drugs, that a word names; empty for another word."""
        if GROUPS.fullmatch(word):
            return word.rstrip("s")
        return word if self.is_drug(word) else ""

    def spelling(self, word: str) -> str | None:
        """The corpus's word that an unknown word most likely misspells, or None.

        A known word is never changed, and a drug's name never into another drug's of equal standing.
        """
        if len(word) < 5 or not word.isalpha() or self.knows(word) or word in common_words() or word in self._means:
            return None
        if stem(word) in common_stems() or stem(word) in self._stems:
            return None
        most = 1 if len(word) < 8 else 2
        lengths = range(len(word) - most, len(word) + most + 1)
        alike = list(chain.from_iterable(self._alike.get((word[0], length), ()) for length in lengths))
        near = process.extract(word, alike, scorer=fuzz.ratio, score_cutoff=74, limit=8)
        close = [(DamerauLevenshtein.distance(word, other), -self._vocabulary[other], other) for other, _, _ in near]
        close = sorted(entry for entry in close if entry[0] <= most and may_correct(word, entry[2], entry[0]))
        if not close or (len(close) > 1 and close[0][0] == close[1][0] and stem(close[0][2]) != stem(close[1][2])):
            return None
        return close[0][2]

    def _in_corpus(self, name: str) -> bool:
        return all(self.knows(word) for word, _, _ in words(name))


def unambiguous(aliases: Iterable[Alias]) -> list[Alias]:
    """The aliases that can be trusted: a "brand" of two drugs is a manufacturer or a trial's arm, an English word is none."""
    found = list(aliases)
    generics: defaultdict[str, set[str]] = defaultdict(set)
    for alias in found:
        if alias.kind == "brand":
            generics[alias.name.casefold()].add(alias.means.casefold())
    return [
        alias
        for alias in found
        if alias.kind != "brand"
        or (len(generics[alias.name.casefold()]) == 1 and alias.name.casefold() not in common_words())
    ]


def named(alias: Alias, question: str) -> bool:
    """Whether a question already holds the other name."""
    return alias.means.casefold() in question.casefold()


def alias_applies(phrase: str, known: Sequence[Alias]) -> bool:
    """Whether a phrase may be read as its alias: short forms only when typed in capitals or four letters and more."""
    return bool(known) and (len(phrase) > 3 or phrase.isupper())


def may_correct(word: str, other: str, distance: int) -> bool:
    """Whether `other` may stand for a misspelt `word`: same beginning, no opposed prefix, no other drug.

    A word that ends as drug names do may be another drug that the corpus doesn't hold: two errors are then allowed
    only where no consonant differs ("denusomab", but never prednisolone for prednisone).
    """
    if word[0] != other[0] or any(opposed(word, other, prefixes) for prefixes in OPPOSED):
        return False
    return distance <= 1 or not drug_like(word) or consonants(word) == consonants(other)


def opposed(word: str, other: str, prefixes: Sequence[str]) -> bool:
    """Whether two words open with different prefixes of one group."""
    mine = next((prefix for prefix in prefixes if word.startswith(prefix)), None)
    theirs = next((prefix for prefix in prefixes if other.startswith(prefix)), None)
    return mine is not None and theirs is not None and mine != theirs


def consonants(word: str) -> str:
    """A word without its vowels."""
    return re.sub("[aeiouy]", "", word)


def one_letter_apart(left: str, right: str) -> bool:
    """Whether two words differ by one letter, or by two neighbours in the wrong order."""
    return DamerauLevenshtein.distance(left, right) == 1
