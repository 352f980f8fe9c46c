"""Hits → candidates: every unit of the best passages with the signals that say whether it answers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from citewell.answer.shapes import Shape, shape_asked
from citewell.index import Index, UnitRow
from citewell.lexicon import analyse, specificity
from citewell.search import Query, standardise
from citewell.settings import Settings
from citewell.types import Document, Hit, Unit, UnitKind, fold

# A unit that opens with one of these leans on what was said before it.
LEANS = re.compile(
    r"(?:(?:It|Its|They|Their|Them|He|She|His|Her|This|That|These|Those|Such|However|Therefore|Thus|Hence|Moreover|"
    r"Furthermore|Also|Additionally|In addition|Both|Another|Other|Others|Nevertheless|Otherwise|Instead|Then|Here|One|"
    r"The (?:drug|medication|medicine|dose|recommended dose|same|latter|former|condition|disease|disorder|treatment))\b)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may answer.

    :param cosine: Of the question and the unit, -1..1; 0 in a lexical index.
    :param lexical: BM25 of the unit's own words.
    :param reach: Share 0..1 of the question's stems, by weight, that it holds with its headings, its lead-in and, where
        it leans on it, its predecessor.
    :param misfit: 0..1; above 0 where it lacks the number, date, interval or name that the question asks for.
    :param leans_on: Its lead-in or header, or the sentence before it where it can't be read without; else empty.
    :param score: What candidates are ranked by; higher is better.
    :param drugs: All names of the drugs that it speaks of.
    :param turned: Whether the next sentence of the source qualifies it ("However, …").
    """

    row: UnitRow
    document: Document
    hit: Hit
    cosine: float
    lexical: float
    reach: float
    misfit: float
    leans_on: str
    score: float = 0.0
    drugs: frozenset[str] = frozenset()
    turned: bool = False

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.row.unit

    @property
    def text(self) -> str:
        """The unit as it is shown."""
        return fold(self.document.text[self.unit.start : self.unit.end])


@dataclass(frozen=True, slots=True)
class Weights:
    """What each stem of a question weighs.

    :param rarity: Inverse document frequency as in BM25, times the stem's weight in the query.
    :param gravity: For typed stems: rarity here times how little everyday English uses the stem.
    :param absent: The typed stems that stand nowhere in the index, under no other name either.
    """

    rarity: dict[str, float]
    gravity: dict[str, float]
    absent: frozenset[str]


def weigh(index: Index, query: Query) -> Weights:
    """Look up how rare the stems of a question are."""
    total = index.manifest.passages
    counts = {stem: index.passages_with(stem) for stem in query.weights}
    idf = {
        stem: query.weights[stem] * math.log(1 + (total - count + 0.5) / (count + 0.5))
        for stem, count in counts.items()
    }
    typed = {stem for stem, weight in query.weights.items() if weight == 1.0}
    renamed = {part for phrase, _ in query.aliases for part in analyse(phrase)}
    absent = frozenset(stem for stem in typed - renamed if not counts[stem])
    return Weights(idf, {stem: idf[stem] * specificity(stem) for stem in query.weights if stem in typed}, absent)


def gather(index: Index, query: Query, weights: Weights, hits: Sequence[Hit], settings: Settings) -> list[Candidate]:
    """All units of the best passages with their signals, best first."""
    best = hits[: settings.evidence_passages]
    asked = shape_asked(query.text)
    rows = index.passages([hit.passage for hit in best])
    found: list[Candidate] = []
    for hit in best:
        passage = rows[hit.passage]
        document = index.document(passage.document)
        units = index.unit_rows(passage.first, passage.last)
        cosines = index.unit_cosines(query.vector, passage.first, passage.last)
        for position, row in enumerate(units):
            if document.text[row.unit.end - 1] != ":":  # a lead-in says nothing without its items, which bring it along
                before = units[position - 1].unit if position else None
                cosine = float(cosines[position])
                found.append(make_candidate(row, before, document, hit, cosine, query, weights, asked))
    return rank(found, settings)


def make_candidate(
    row: UnitRow,
    before: Unit | None,
    document: Document,
    hit: Hit,
    cosine: float,
    query: Query,
    weights: Weights,
    asked: Shape | None,
) -> Candidate:
    """One unit with its signals.

    :param before: The unit before it in its passage.
    """
    leans_on = borrowed(row.unit, before, document)
    own = Counter(analyse(document.text[row.unit.start : row.unit.end]))
    around = analyse(" ".join([document.metadata.title, *row.unit.section, leans_on]))
    fits = asked is None or asked.said.search(document.text, row.unit.start, row.unit.end) is not None
    return Candidate(
        row,
        document,
        hit,
        cosine,
        lexical=bm25(own, weights.rarity),
        reach=covered({*own, *around}, query, weights.gravity),
        misfit=0.0 if fits or asked is None else asked.misfit,
        leans_on=leans_on,
    )


def borrowed(unit: Unit, before: Unit | None, document: Document) -> str:
    """What a unit leans on: its lead-in or header, else its predecessor where it opens with "It", "However", …"""
    if unit.lead:
        return document.text[slice(*unit.lead)]
    if before and leans(unit, document):
        return document.text[before.start : before.end]
    return ""


# A next sentence that qualifies the one before it opens so.
TURNS = ("However", "But ", "Nevertheless", "Otherwise", "Except")


def next_turns(unit: Unit, units: Sequence[Unit], document: Document) -> str:
    """The next sentence where it qualifies a unit, white space folded; else empty.

    :param units: All units of the document, in order.
    """
    following = next((other for other in units if other.start >= unit.end), None)
    if following is None or following.block != unit.block or not document.text.startswith(TURNS, following.start):
        return ""
    return fold(document.text[following.start : following.end])


def leans(unit: Unit, document: Document) -> bool:
    """Whether a sentence can't be read without the one before it."""
    return unit.kind is UnitKind.SENTENCE and LEANS.match(document.text, unit.start) is not None


def covered(stems: set[str], query: Query, weights: Mapping[str, float]) -> float:
    """The share of a question's weight that a set of stems holds; another name counts for the one typed."""
    total = sum(weights.values())
    held = {stem for stem in weights if stem in stems}
    for phrase, alias in query.aliases:
        if set(analyse(alias.means)) <= stems:
            held |= set(analyse(phrase)) & set(weights)
    return sum(weights[stem] for stem in held) / total if total else 0.0


def bm25(
    stems: Counter[str], idf: Mapping[str, float], *, k1: float = 1.2, b: float = 0.75, mean: float = 14.0
) -> float:
    """BM25 of one unit, with the rarity of passages; `mean` is the usual number of stems of a sentence."""
    norm = k1 * (1 - b + b * sum(stems.values()) / mean)
    return sum(weight * stems[stem] * (k1 + 1) / (stems[stem] + norm) for stem, weight in idf.items() if stem in stems)


def rank(candidates: list[Candidate], settings: Settings) -> list[Candidate]:
    """Order candidates by the weighted sum of their signals, each standardised over the candidates."""
    if not candidates:
        return []
    dense = standardise(np.array([candidate.cosine for candidate in candidates]))
    lexical = standardise(np.array([candidate.lexical for candidate in candidates]))
    reach = standardise(np.array([candidate.reach for candidate in candidates]))
    passage = np.array([candidate.hit.score for candidate in candidates])
    misfit = np.array([candidate.misfit for candidate in candidates])
    scores = (
        settings.unit_dense_weight * dense
        + settings.unit_lexical_weight * lexical
        + settings.unit_passage_weight * passage
        + settings.unit_reach_weight * reach
        - settings.unit_misfit_weight * misfit
    )
    scored = [replace(candidate, score=float(score)) for candidate, score in zip(candidates, scores, strict=True)]
    return sorted(scored, key=lambda c: (-c.score, c.row.number))
