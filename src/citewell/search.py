"""Question → hits: understand it, take candidates from both rankings, score them together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from citewell.encode import Vectors
from citewell.errors import UsageError
from citewell.index import Index, Scope
from citewell.lexicon import Alias, Lexicon, analyse, words
from citewell.settings import Settings
from citewell.types import Hit, fold

LONGEST_QUESTION = 2000  # characters
KEY_WORDS = 4  # words; a shorter question is no sentence
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ADDED = re.compile(r"\s*\[[^\[\]]*\]\s*$")  # what a follow-up took over, or what a reader made of it
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched for.

    :param text: The question, spelling corrected.
    :param weights: BM25 weight of each stem: 1 for a typed one, less for another name of what was typed.
    :param aliases: (words as typed, the other name) that were added.
    :param corrections: (word as typed, word searched for).
    :param suggestions: (word as typed, words it may have been meant as), which are not searched for.
    """

    text: str
    weights: dict[str, float]
    aliases: tuple[tuple[str, Alias], ...]
    corrections: tuple[tuple[str, str], ...]
    suggestions: tuple[tuple[str, tuple[str, ...]], ...]
    vector: Vectors | None

    @property
    def searched_for(self) -> str:
        """The question with what was added to it, for the reader to see."""
        added = dict.fromkeys(alias.means for _, alias in self.aliases)
        return f"{self.text} [also: {', '.join(added)}]" if added else self.text


def check_question(question: str) -> str:
    """Fold a question's white space; UsageError where it is empty, too long or not text."""
    folded = fold(question)
    if not folded:
        raise UsageError("expected a question, found none. Type one, e.g. What are the side effects of denosumab?")
    if len(folded) > LONGEST_QUESTION:
        raise UsageError(
            f"expected a question of at most {LONGEST_QUESTION:,} characters, found {len(folded):,}. Shorten it."
        )
    if found := CONTROL.search(folded):
        raise UsageError(
            f"expected a question in plain text, found the control character U+{ord(found.group()):04X}. Remove it."
        )
    return folded


def understand(index: Index, question: str, settings: Settings) -> Query:
    """Correct the spelling, add the other names of what was named, and encode."""
    spelt = correct(question, index.lexicon)
    aliases = tuple(index.lexicon.aliases(spelt.text))
    weights = dict.fromkeys(analyse(spelt.text), 1.0)
    for _, alias in aliases:
        for added, weight in shared(alias, settings.expansion_weight).items():
            weights[added] = max(weight, weights.get(added, 0.0))
    vector = vector_of(index, spelt.text, settings)
    return Query(spelt.text, weights, aliases, spelt.corrections, spelt.suggestions, vector)


def vector_of(index: Index, question: str, settings: Settings) -> Vectors | None:
    """The vector of a question; None without vectors.

    That of a follow-up on no drug lies between that of its own words and that of all: what it took over is a guess.
    """
    whole, added = index.encode(question), ADDED.search(question)
    if whole is None or not added or not added.start() or index.lexicon.drugs_in(question):
        return whole
    own = index.encode(question[: added.start()])
    mixed = whole if own is None else settings.typed_share * own + (1 - settings.typed_share) * whole
    return np.asarray(mixed / np.linalg.norm(mixed), dtype=np.float32)


def shared(alias: Alias, weight: float) -> dict[str, float]:
    """The weight of another name, shared among its stems: of long ones, common words would outweigh what was typed."""
    stems = dict.fromkeys(analyse(alias.means))
    return {stem: weight / len(stems) for stem in stems}


@dataclass(frozen=True, slots=True)
class Spelt:
    """A question with its spelling corrected; see `Query`."""

    text: str
    corrections: tuple[tuple[str, str], ...]
    suggestions: tuple[tuple[str, tuple[str, ...]], ...]


def correct(question: str, lexicon: Lexicon) -> Spelt:
    """Replace each word that is surely misspelt by the corpus's word, case kept; note what others may have been meant as.

    The first word of a sentence has its capital anyway; it is taken for a name in a few key words only ("Tazocin dose").
    """
    pieces, corrections, suggestions, done = list[str](), [], [], 0
    found = list(words(question))
    for position, (word, start, end) in enumerate(found):
        typed = question[start:end]
        named = typed[0].isupper() and (position > 0 or len(found) <= KEY_WORDS)
        if better := lexicon.spelling(word, named=named):
            shown = tuple(meant.capitalize() if typed[0].isupper() else meant for meant in better.meant)
            if better.sure:
                pieces += [question[done:start], shown[0]]
                corrections.append((typed, shown[0]))
                done = end
            else:
                suggestions.append((typed, shown))
    return Spelt("".join([*pieces, question[done:]]), tuple(corrections), tuple(suggestions))


class LookUp(Protocol):
    """A way from a query to its hits: `find`, or one that remembers what it found."""

    def __call__(
        self, index: Index, query: Query, settings: Settings, allowed: Scope | None = None, *, top: int | None = None
    ) -> tuple[Hit, ...]:
        """See `find`."""


def standardise(scores: Numbers) -> Numbers:
    """z-scores; all 0 where the scores don't differ."""
    centred = scores - scores.sum() / len(scores)
    spread = np.sqrt((centred * centred).sum() / len(scores))  # as scores.std(), which takes three times as long
    return np.asarray(centred / spread if spread > 1e-9 else np.zeros_like(scores))


@dataclass(frozen=True, slots=True)
class Rated:
    """Passages that may hold an answer, each field an array with an entry a passage; zeros where there are no vectors."""

    numbers: NDArray[np.int64]
    cosines: Numbers
    best_units: Numbers  # highest cosine of a unit
    bm25: Numbers


def find(
    index: Index, query: Query, settings: Settings, allowed: Scope | None = None, *, top: int | None = None
) -> tuple[Hit, ...]:
    """Rank the candidates of both rankings by dense_weight · z(passage + best unit) + (1 - dense_weight) · z(BM25).

    Equal scores keep the order of the index.

    :param top: The number of hits wanted, best first; None for all.
    """
    rated = rate(index, query, settings, allowed)
    if not len(rated.numbers):
        return ()
    scores = standardise(rated.bm25)
    if query.vector is not None:
        dense = standardise(rated.cosines + rated.best_units)
        scores = settings.dense_weight * dense + (1 - settings.dense_weight) * scores
    order = np.lexsort((rated.numbers, -scores))[:top]
    rows = index.passages(rated.numbers[order].tolist())
    columns = (rated.numbers, scores, rated.cosines, rated.best_units, rated.bm25)
    return tuple(
        Hit(number, rows[number].document_id, rows[number].start, rows[number].end, rank, *signals)
        for rank, (number, *signals) in enumerate(zip(*(c[order].tolist() for c in columns), strict=True), start=1)
    )


def rate(index: Index, query: Query, settings: Settings, allowed: Scope | None) -> Rated:
    """The candidates of both rankings, in the order of the index, each with its score in both.

    In a large index words and vectors are looked up at the same time.
    """
    if query.vector is None or index.vectors is None:
        lexical = index.lexical.search(query.weights, settings.candidates, allowed)
        found = np.array(sorted(lexical), dtype=np.int64)
        zeros = np.zeros(len(found))
        return Rated(found, zeros, zeros, np.array([lexical[number] for number in found.tolist()]))
    by_words = index.beside(index.lexical.search, query.weights, settings.candidates, allowed)
    nearest = index.vectors.nearest(query.vector, settings.candidates, allowed, settings)
    lexical = by_words()
    numbers = sorted({*nearest, *lexical})
    missing = [number for number in numbers if number not in lexical]
    scored = index.beside(index.lexical.score, query.weights, missing)
    cosines = (index.vectors.passage_vectors(numbers) @ query.vector).astype(np.float64)
    best_units = index.best_units(query.vector, numbers).astype(np.float64)
    lexical |= scored()
    bm25 = np.array([lexical.get(number, 0.0) for number in numbers])
    return Rated(np.array(numbers, dtype=np.int64), cosines, best_units, bm25)


def search(index: Index, query: str, *, top: int = 10, settings: Settings | None = None) -> tuple[Hit, ...]:
    """The `top` best passages for a question."""
    settings = settings or Settings()
    return find(index, understand(index, check_question(query), settings), settings, top=top)


def rank_documents(
    index: Index, query: str, *, depth: int = 100, settings: Settings | None = None
) -> list[tuple[str, float]]:
    """The `depth` best documents with the scores of their best passages, best first."""
    settings = settings or Settings()
    best: dict[str, float] = {}
    for hit in find(index, understand(index, check_question(query), settings), settings):
        best.setdefault(hit.document_id, hit.score)
    return list(best.items())[:depth]
