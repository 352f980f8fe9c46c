"""The names and words that one index knows, and the spelling of questions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain

from citewell.lexicon.analysis import TOKEN, common_words, specificity, stem, words, words_of_piece
from citewell.lexicon.believed import believed
from citewell.lexicon.names import ABBREVIATION, BRAND, NAME, SYNONYM, Alias, drug_like, group_of, shipped_aliases
from citewell.lexicon.spelling import Correction, Speller, is_english, is_everyday
from citewell.settings import Wording

SHORT = 3  # letters of a name that only counts as its capitals show it


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
        names = believed(given, shipped_aliases(), stated, self._wording)
        for alias in names.aliases:
            self._means[alias.name.casefold()].append(alias)
            spoken = alias.kind == SYNONYM and len(alias.name.split()) > 2  # nobody looks for "reached the bones"
            if not spoken and alias not in names.one_way:
                self._means[alias.means.casefold()].append(Alias(alias.means, alias.name, alias.kind))
            if alias.kind == BRAND:
                self._generics[alias.name.casefold()].add(alias.means.casefold())
                self._brands[alias.means.casefold()].add(alias.name.casefold())
        self._subjects = frozenset(alias.name for alias in stated if alias.kind == NAME)
        self._drug_names = frozenset(chain(self._generics, self._brands))
        self._drugs_of_piece = lru_cache(maxsize=100_000)(self._find_drugs)
        self.drug_stems = frozenset(
            stem(word) for word in self._vocabulary if not word[0].isdigit() and self._drug_called(word)
        )
        self.name_stems = self.drug_stems.union(
            stem(name.split()[0]) for name in self._drug_names
        )  # of every name of a drug

    def knows(self, word: str) -> bool:
        """Whether a normalised word stands in the corpus."""
        return word in self._vocabulary

    @property
    def object_specificity(self) -> float:
        """Least specificity 0..1 of a word that is the subject where its dose is asked for."""
        return self._wording.object_specificity

    def holds(self, word: str) -> bool:
        """Whether the corpus has a normalised word, a form of it, or another name of it."""
        other = any(self._in_corpus(alias.means) for alias in self._means.get(word, ()))
        return self.knows(word) or stem(word) in self._stems or other

    def resembles(self, word: str) -> bool:
        """Whether a word of the corpus has its beginning: "anaphylactic" beside "anaphylaxis"."""
        beginning = word[: self._wording.beginning]
        place = bisect_left(self._sorted, beginning)
        found = place < len(self._sorted) and self._sorted[place].startswith(beginning)
        return found and len(beginning) == self._wording.beginning

    @cached_property
    def _sorted(self) -> list[str]:
        """The corpus's words in order."""
        return sorted(self._vocabulary)

    def means_something(self, word: str) -> bool:
        """Whether a normalised word is everyday English, a form of a word of the corpus, or a name with an alias here."""
        known = is_everyday(word) or stem(word) in self._stems
        return known or any(self._in_corpus(alias.means) for alias in self._means.get(word, ()))

    def aliases(self, question: str) -> list[tuple[str, Alias]]:
        """The names in a question that have another name in this corpus, with what they mean."""
        tokens = [(question[start:end].casefold(), start, end) for _, start, end in words(question)]
        found: list[tuple[str, Alias]] = []
        for first, (opening, start, _) in enumerate(tokens):
            longest = self._longest.get(opening, 1)
            for last in range(min(len(tokens), first + longest), first, -1):
                phrase = question[start : tokens[last - 1][2]]
                means = self._means.get(phrase.casefold()) or self._means_of_plural(phrase)
                known = [alias for alias in means if self._in_corpus(alias.means) and applies(phrase, alias)]
                if known := [alias for alias in known if not named(alias, question)]:
                    found += [(phrase, alias) for alias in known]
                    break
        return found

    def _means_of_plural(self, phrase: str) -> Sequence[Alias]:
        """What a short form in the plural means: "BMDs"."""
        return self._means.get(phrase[:-1].casefold(), ()) if phrase[-1] == "s" and phrase[:-1].isupper() else ()

    @cached_property
    def _longest(self) -> dict[str, int]:
        """The most words that a name has, by the first of them."""
        longest: dict[str, int] = {}
        for name in self._means:
            found = TOKEN.findall(name)
            if found and len(found) > longest.get(found[0], 0):
                longest[found[0]] = len(found)
        return longest

    def explained(self, text: str) -> list[tuple[str, str]]:
        """The short forms and the clinical words of a text, each with a plainer name, in their order."""
        spoken = [text[start:end] for _, start, end in words(text)]
        found = []
        for word in dict.fromkeys(spoken):
            plain = [
                alias
                for alias in self._means.get(word.casefold(), ())
                if is_plainer(word, alias, self._wording.clinical)
            ]
            if plain and not any(named(alias, text) for alias in plain):
                found.append((word, plain[0].means))
        return found

    def same_drug(self, name: str) -> frozenset[str]:
        """All names of the drug called `name`, in small letters: its generic name, and that one's brands."""
        known = name.casefold()
        generics = self._generics.get(known) or {known}
        brands = chain.from_iterable(self._brands.get(generic, ()) for generic in generics)
        return frozenset({known, *generics, *brands})

    def is_drug(self, word: str) -> bool:
        """Whether a word is a drug's name: by the glossary, by what the corpus states, or by its ending."""
        return word.casefold() in self._drug_names or (drug_like(word) and word not in common_words())

    def is_named_drug(self, name: str) -> bool:
        """Whether a name found by `drugs_in` is a drug's or a group's, not only the subject of a title."""
        return self.is_drug(name) or bool(group_of(name))

    def drugs_in(self, text: str) -> list[str]:
        """The names of drugs and of their groups in a text, in small letters, in order, each once.

        A text of the corpus names none if none of its stems is among `drug_stems`.
        """
        return list(dict.fromkeys(chain.from_iterable(map(self._drugs_of_piece, text.split()))))

    def _find_drugs(self, piece: str) -> tuple[str, ...]:
        """The drugs in a text without white space."""
        return tuple(filter(None, map(self._drug_called, words_of_piece(piece))))

    def _drug_called(self, word: str) -> str:
        """The drug, the group of drugs, or the subject of a title that a word names; empty for another word."""
        return group_of(word) or (word if word in self._subjects or self.is_drug(word) else "")

    @cached_property
    def _speller(self) -> Speller:
        """The corpus's words by their likeness; laid out when the first unknown word is typed."""
        names = {part for name in chain(self._generics, self._brands) for part in name.split()}
        drugs = names.union(word for word in self._vocabulary if self._drug_called(word))
        return Speller(self._vocabulary, self.is_drug, drugs, self._wording)

    def spelling(self, word: str, *, named: bool = False) -> Correction | None:
        """What an unknown word may have been meant as, or None.

        A word that the corpus, English or a glossary knows is never changed.

        :param named: It is written as a name, with a capital.
        """
        if len(word) < self._wording.shortest_misspelt or not word.isalpha() or self.knows(word) or word in self._means:
            return None
        if is_english(word) or stem(word) in self._stems:
            return None
        return self._speller.correct(word, named=named)

    def _in_corpus(self, name: str) -> bool:
        return all(self.knows(word) for word, _, _ in words(name))


def is_plainer(word: str, alias: Alias, clinical: float) -> bool:
    """Whether a name explains a word: the long form of a short one in capitals, or words all more usual than it."""
    if alias.kind == ABBREVIATION:
        return word.isupper() and len(alias.means) > len(word)
    usual = max((specificity(stem(part)) for part, _, _ in words(alias.means)), default=1.0)
    return alias.kind == SYNONYM and specificity(stem(word.casefold())) >= clinical > usual


def named(alias: Alias, question: str) -> bool:
    """Whether a question already holds the other name, as words of its own."""
    small, name = question.casefold(), alias.means.casefold()
    return name in small and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", small) is not None


def applies(phrase: str, alias: Alias) -> bool:
    """Whether a phrase may be read as the alias's name: a short form that is an everyday word only if its capitals say so.

    "Is it safe" does not ask for the SAFE strategy, nor "all" for ALL.
    """
    if phrase == alias.name or phrase.isupper():
        return True
    short_form = alias.kind == ABBREVIATION and len(alias.name) < len(alias.means)
    return len(phrase) > SHORT and not (short_form and is_everyday(phrase.casefold()))
