"""Texts → words → stems: the same analysis at indexing and at question time."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import chain

import Stemmer

# Function words carry no subject. "not", "no" and "without" are none: they turn an answer round.
STOP_WORDS = frozenset(
    "a about am an and any are as at be been being by can could did do does doing for from had has have having he her hers "
    "him his how i if in into is it its itself me my of on or our ours she should so some such than that the their theirs them "
    "then there these they this those to was we were what when where which while who whom whose why will with would you your "
    "yours may might must shall also please tell give explain describe know want us s t".split()
)
# A Greek letter by itself or between others ("TNFα") is a word; μ is not, as it opens units.
LONE = r"(?<![\u0370-\u03ff])[Α-ΛΝ-Ωα-λν-ω](?![\u0370-\u03ff])"
LETTER = f"(?:(?!{LONE})[^\\W\\d_])"
TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|{LONE}|{LETTER}+(?:['’]{LETTER}+)?\d*|[<>]=|[%≥≤<>±]")
SYMBOLS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "ω": "omega", "μg": "mcg",
    ">=": "≥", "<=": "≤"
}  # fmt: skip
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


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


@lru_cache(maxsize=200_000)
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


@lru_cache(maxsize=200_000)
def normalise(token: str) -> str:
    """A token as it is compared: small letters without accents, "1,000" as 1000, no possessive ending, Greek by its name."""
    word = unicodedata.normalize("NFKC", token).casefold().replace("’", "'").removesuffix("'s")
    plain = "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
    word = plain if plain.isascii() else word
    if word[0].isdigit():
        word = word.replace(",", "") if THOUSANDS.fullmatch(word) else word.rstrip(".,")
    return SYMBOLS.get(word, word)


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (normalised word, start, end): "0.5" is one word, "60mg" two."""
    for match in TOKEN.finditer(text):
        yield normalise(match.group()), match.start(), match.end()


# Below, texts are cut at white space first, which no word spans: what few thousand pieces say is then remembered.
@lru_cache(maxsize=100_000)
def words_of_piece(piece: str) -> tuple[str, ...]:
    """The normalised words of a text without white space."""
    return tuple(map(normalise, TOKEN.findall(piece)))


class StemsOfPieces(dict[str, tuple[str, ...]]):
    """The stems of texts without white space, without function words. Each hit in an lru_cache costs twice as much."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        if len(self) >= MOST_PIECES:
            self.clear()
        found = self[piece] = tuple(stem(word) for word in words_of_piece(piece) if word not in STOP_WORDS)
        return found


MOST_PIECES = 100_000
STEMS = StemsOfPieces()


def vocabulary(text: str) -> set[str]:
    """The different normalised words of a text."""
    return set(chain.from_iterable(map(words_of_piece, text.split())))


def analyse(text: str) -> list[str]:
    """The stems of a text without function words: the same at indexing and at question time."""
    return list(chain.from_iterable(map(STEMS.__getitem__, text.split())))


@lru_cache(maxsize=1)
def data_fingerprint() -> str:
    """SHA-256 of the glossary, the topics and the word lists, on which answers depend."""
    digest = hashlib.sha256()
    for name in ("glossary.csv", "topics.csv", "words.txt", "english.txt"):
        digest.update(resources.files("citewell").joinpath("data", name).read_bytes())
    return digest.hexdigest()
