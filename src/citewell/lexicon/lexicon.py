"""The names and words that one index knows, and the spelling of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain

from citewell.lexicon.analysis import common_words, stem, words, words_of_piece
from citewell.lexicon.believed import believed
from citewell.lexicon.names import BRAND, GROUPS, NAME, SYNONYM, Alias, drug_like, shipped_aliases
from citewell.lexicon.spelling import Correction, Speller, is_everyday
from citewell.settings import Wording


class Lexicon:
    """The names and words that one index knows."""

    def __init__(
        self,
        stated: Mapping[Alias, int],
        vocabulary: Mapping[str, int],
        given: Iterable[Alias] = (),
        wording: Wording | None = None,
    ) -> None:
        """Take what the corpus holds, each with the number of documents that do.

        :param stated: Second names that documents state.
        :param given: Those of the users' own glossaries.
        """
        self._wording = wording or Wording()
        self._vocabulary = dict(vocabulary)
        self._stems = frozenset(word if word[0].isdigit() else stem(word) for word in self._vocabulary)
        self._means: defaultdict[str, list[Alias]] = defaultdict(list)
        self._generics: defaultdict[str, set[str]] = defaultdict(set)  # brand → its generic names
        self._brands: defaultdict[str, set[str]] = defaultdict(set)  # generic name → its brands
        for alias in believed(given, shipped_aliases(), stated, self._wording):
            self._means[alias.name.casefold()].append(alias)
            if alias.kind != SYNONYM or len(alias.name.split()) <= 2:  # nobody looks for "reached the bones"
                self._means[alias.means.casefold()].append(Alias(alias.means, alias.name, alias.kind))
            if alias.kind == BRAND:
                self._generics[alias.name.casefold()].add(alias.means.casefold())
                self._brands[alias.means.casefold()].add(alias.name.casefold())
        self._subjects = frozenset(alias.name.casefold() for alias in stated if alias.kind == NAME)
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
        known = is_everyday(word) or stem(word) in self._stems
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
        """Whether a word is a drug's name: by the glossary, by what the corpus states, by a title, or by its ending."""
        brand = any(alias.kind == BRAND for alias in self._means.get(word.casefold(), ()))
        return brand or word in self._subjects or (word not in common_words() and drug_like(word))

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

    @cached_property
    def _speller(self) -> Speller:
        """The corpus's words by their likeness; laid out when the first unknown word is typed."""
        names = {part for name in chain(self._generics, self._brands) for part in name.split()}
        drugs = names.union(word for word in self._vocabulary if self._drug_called(word))
        return Speller(self._vocabulary, self.is_drug, drugs, self._wording)

    def spelling(self, word: str, *, named: bool = False) -> Correction | None:
        """What an unknown word may have been meant as, or None.

        A word that the corpus, everyday English or a glossary knows is never changed.

        :param named: It is written as a name, with a capital.
        """
        if len(word) < self._wording.shortest_misspelt or not word.isalpha() or self.knows(word) or word in self._means:
            return None
        if is_everyday(word) or stem(word) in self._stems:
            return None
        return self._speller.correct(word, named=named)

    def _in_corpus(self, name: str) -> bool:
        return all(self.knows(word) for word, _, _ in words(name))


def named(alias: Alias, question: str) -> bool:
    """Whether a question already holds the other name."""
    return alias.means.casefold() in question.casefold()


def alias_applies(phrase: str, known: Sequence[Alias]) -> bool:
    """Whether a phrase may be read as its alias: short forms only when typed in capitals or four letters and more."""
    return bool(known) and (len(phrase) > 3 or phrase.isupper())
