"""The words of the corpus and of the question: analysis, names that mean the same, spelling."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import Stemmer
from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

# Function words carry no subject. "not", "no" and "without" are none: they turn an answer round.
STOP_WORDS = frozenset(
    "a about am an and any are as at be been being by can could did do does doing for from had has have having he her hers "
    "him his how i if in into is it its itself me my of on or our ours she should so some such than that the their theirs them "
    "then there these they this those to was we were what when where which while who whom whose why will with would you your "
    "yours may might must shall also please tell give explain describe know want us s t".split()
)
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?\d*|[%≥≤<>±]")
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "ω": "omega", "µg": "mcg", "μg": "mcg"
}  # fmt: skip
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


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


@lru_cache(maxsize=1)
def common_words() -> dict[str, int]:
    """English words with their ranks, 0 for the most frequent: the whole words of BERT's vocabulary (Apache-2.0)."""
    text = resources.files("citewell").joinpath("data/words.txt").read_text(encoding="utf-8")
    return {word: rank for rank, word in enumerate(text.split())}


@lru_cache(maxsize=1)
def common_stems() -> dict[str, int]:
    """The rank of the most frequent word of each stem."""
    ranks: dict[str, int] = {}
    for word, rank in common_words().items():
        ranks.setdefault(stem(word), rank)
    return ranks


def specificity(stemmed: str) -> float:
    """How much a stem says about the subject, 0..1: little for "use" or "people", all for a word English hardly uses."""
    ranks = common_stems()
    rank = ranks.get(stemmed, len(ranks))
    return min(1.0, math.log1p(rank) / math.log1p(len(ranks)))


@lru_cache(maxsize=1)
def stemmer() -> Stemmer.Stemmer:
    """The English Snowball stemmer (Porter 2)."""
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one lower-case word; words of three letters or less and numbers stay as they are."""
    return word if len(word) <= 3 or word[0].isdigit() else str(stemmer().stemWord(word))


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (normalised word, start, end): small letters, "1,000" as 1000, "0.5" whole, "60mg" as two words."""
    for match in TOKEN.finditer(text):
        word = unicodedata.normalize("NFKC", match.group()).casefold().replace("’", "'").removesuffix("'s")
        if word[0].isdigit():
            word = word.replace(",", "") if THOUSANDS.fullmatch(word) else word.rstrip(".,")
        yield GREEK.get(word, word), match.start(), match.end()


def analyse(text: str) -> list[str]:
    """The stems of a text without function words: the same at indexing and at question time."""
    return [stem(word) for word, _, _ in words(text) if word not in STOP_WORDS]


@dataclass(frozen=True, slots=True)
class Alias:
    """Two names of one thing: a brand and its generic name, an abbreviation and its long form, a synonym."""

    name: str
    means: str
    kind: str  # brand | abbreviation | synonym


def shipped_aliases() -> tuple[Alias, ...]:
    """The glossary that comes with Citewell."""
    with resources.files("citewell").joinpath("data/glossary.csv").open(encoding="utf-8") as stream:
        return tuple(Alias(row["name"], row["means"], row["kind"]) for row in csv.DictReader(stream))


BRAND_IN_TEXT = re.compile(
    r"\b(?P<brand>[A-Z][a-z]{3,14})®?\s*\((?P<generic>[a-z]{5,20}(?: [a-z]{3,12})?)\)"
    r"|\b(?P<generic2>[a-z]{5,20})\s*\((?P<brand2>[A-Z][a-z]{3,14})®?\)"
    r"|\bbrand names? (?:of |is )?(?P<brand3>[A-Z][a-z]{3,14})\b"
)
SHORT_FORM = re.compile(r"\((?P<short>[A-Z][A-Za-z-]{0,6}[A-Z])s?\)")


def drug_like(word: str) -> bool:
    """Whether a word ends as drug names do (the WHO's and USAN's common stems)."""
    return DRUG_STEM.fullmatch(word.casefold()) is not None


DRUG_STEM = re.compile(
    r"[a-z-]{2,}(?:mab|nib|limus|statin|prazole|sartan|pril|olol|dipine|dronate|dronic|floxacin|cillin|mycin|cycline|vir|"
    r"azole|triptan|gliptin|gliflozin|glutide|setron|parin|xaban|gatran|oxifene|paratide|calcitonin|tide|caine|barbital|"
    r"azepam|azolam|pine|idone|oxetine|triptyline|zosin|terol|sone|solone|asone|thiazide|semide|lukast|tinib|ciclib|parib|"
    r"cept|stim|poetin|ximab|zumab|umab|platin|rubicin|taxel|bicin|fenac|profen|coxib|formin|glitazone|fibrate|codone|"
    r"morphone|dopa|giline|capone|vaptan|entan|ciguat|afil|astine|tadine|rifene|trozole|stane|lutamide|relix|relin|"
    r"uracil|trexate|thioprine|phylline|tropium|bactam|penem|oxacin|sulfa|metacin|fungin|nazole|bendazole|quine)"
)


def brands_in(text: str) -> Iterator[Alias]:
    """Yield brand ↔ generic pairs that a text itself states: "Prolia (denosumab)"."""
    for match in BRAND_IN_TEXT.finditer(text):
        brand = match["brand"] or match["brand2"]
        generic = match["generic"] or match["generic2"]
        if brand and generic and drug_like(generic.split()[0]):
            yield Alias(brand, generic, "brand")


def abbreviations_in(text: str) -> Iterator[Alias]:
    """Yield the short forms that a text defines: "bone mineral density (BMD)".

    The long form is found as Schwartz & Hearst do (PSB 2003), with every capital opening one of its words.
    """
    for match in SHORT_FORM.finditer(text):
        short = match["short"]
        capitals = [letter.lower() for letter in short if letter.isalpha()]
        before = text[max(0, match.start() - 120) : match.start()].split()[-len(capitals) - 2 :]
        for size in range(1, len(before) + 1):
            long_form = before[-size:]
            if opens_with(long_form, capitals) and sum(letter.isupper() for letter in short) > 1:
                yield Alias(short, " ".join(word.strip(",;:") for word in long_form), "abbreviation")
                break


def opens_with(phrase: Sequence[str], letters: Sequence[str]) -> bool:
    """Whether the letters are, in order, the first letters of the words, each word but function words giving one."""
    parts = [part for word in phrase for part in re.split(r"[-/]", word.strip("(,;:").casefold()) if part]
    firsts = [part[0] for part in parts]
    content = [part[0] for part in parts if part not in STOP_WORDS]
    return list(letters) in (firsts, content) and firsts[0] == letters[0]


class Lexicon:
    """The names and words that one index knows."""

    def __init__(self, aliases: Iterable[Alias], vocabulary: Mapping[str, int]) -> None:
        """Take the corpus's aliases and its words with the number of documents that hold each."""
        self._vocabulary = dict(vocabulary)
        self._stems = frozenset(map(stem, self._vocabulary))
        self._long = sorted(word for word in self._vocabulary if len(word) >= 4 and word.isalpha())
        self._means: defaultdict[str, list[Alias]] = defaultdict(list)
        for alias in dict.fromkeys([*shipped_aliases(), *aliases]):
            self._means[alias.name.casefold()].append(alias)
            if alias.kind != "synonym" or len(alias.name.split()) <= 2:  # nobody looks for "reached the bones"
                self._means[alias.means.casefold()].append(Alias(alias.means, alias.name, alias.kind))
        self._drugs: dict[str, bool] = {}
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
                known = [
                    alias
                    for alias in self._means.get(phrase.casefold(), ())
                    if self._in_corpus(alias.means) and not named(alias, question)
                ]
                if alias_applies(phrase, known):
                    found += [(phrase, alias) for alias in known]
                    break
        return found

    def same_drug(self, name: str) -> frozenset[str]:
        """All names of the drug called `name`, in small letters: its own, its generic name and that one's brands."""
        names = {name.casefold()}
        for _ in range(2):
            names |= {
                alias.means.casefold()
                for known in list(names)
                for alias in self._means.get(known, ())
                if alias.kind == "brand"
            }
        return frozenset(names)

    def is_drug(self, word: str) -> bool:
        """Whether a word is a drug's name: by the glossary, by what the corpus states, or by its ending."""
        if word not in self._drugs:
            brand = any(alias.kind == "brand" for alias in self._means.get(word.casefold(), ()))
            self._drugs[word] = brand or (word not in common_words() and drug_like(word))
        return self._drugs[word]

    def spelling(self, word: str) -> str | None:
        """The corpus's word that an unknown word most likely misspells, or None.

        A known word is never changed, and a drug's name never into another drug's of equal standing.
        """
        if len(word) < 5 or not word.isalpha() or self.knows(word) or word in common_words() or word in self._means:
            return None
        if stem(word) in common_stems() or stem(word) in self._stems:
            return None
        near = process.extract(word, self._long, scorer=fuzz.ratio, score_cutoff=74, limit=8)
        most = 1 if len(word) < 8 else 2
        close = [(DamerauLevenshtein.distance(word, other), -self._vocabulary[other], other) for other, _, _ in near]
        close = sorted(entry for entry in close if entry[0] <= most and may_correct(word, entry[2], entry[0]))
        if not close or (len(close) > 1 and close[0][0] == close[1][0] and stem(close[0][2]) != stem(close[1][2])):
            return None
        return close[0][2]

    def _in_corpus(self, name: str) -> bool:
        return all(self.knows(word) for word, _, _ in words(name))


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
