"""Hits → candidates: every unit of the best passages with the signals that say whether it answers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

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

NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|third|quarter|hundred|thousand|million|billion"
# What a question asks for, and how an answer to it looks. The first that matches counts.
ANSWER_SHAPES = (
    (re.compile(r"\bhow (?:often|frequently)\b|\bfrequency\b|\binterval\b", re.I),
     re.compile(r"\b(?:every|once|twice|daily|weekly|monthly|yearly|annually|annual|times|hourly|q\d+\w+|per (?:day|week|month|year)|a (?:day|week|month|year))\b", re.I)),
    (re.compile(r"\b(?:when|(?:what|which|in what|in which) (?:year|date|month|century|decade))\b", re.I),
     re.compile(r"\b(?:1[0-9]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\bcentur|\b(?:before|after|during|until|within)\b")),
    (re.compile(r"\bhow (?:many|much|long|old|far|large|big|tall|high|fast)\b|\b(?:what|which) (?:percent|percentage|number|dose|dosage|age|proportion|strength|amount)\b|\bdos(?:e|age)\b", re.I),
     re.compile(rf"\d|\b(?:{NUMBER_WORDS})\b", re.I)),
    (re.compile(r"\b(?:who|whom|whose)\b|\bwhat (?:company|person|scientist|author)\b", re.I), re.compile(r"(?<=[a-z,;(] )[A-Z][a-z]+")),
    (re.compile(r"\bwhere\b|\b(?:what|which) (?:country|city|state|place|region|continent)\b", re.I), re.compile(r"(?<=[a-z,;(] )[A-Z][a-z]+|\b(?:in|at|on|near|from) the\b")),
)  # fmt: skip


def shape_asked(question: str) -> re.Pattern[str] | None:
    """How an answer to a question must look (a number, a date, an interval, a name); None where that is open."""
    return next((shape for asks, shape in ANSWER_SHAPES if asks.search(question)), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may answer.

    :param cosine: Of the question and the unit, -1..1; 0 in a lexical index.
    :param lexical: BM25 of the unit's own words.
    :param coverage: Share 0..1 of the question's stems, by rarity, that the unit's own words hold.
    :param reach: The same with its headings, its lead-in and, where it leans on it, its predecessor.
    :param fits: Whether it holds the number, date, interval or name that the question asks for, if it asks for one.
    :param score: What candidates are ranked by; higher is better.
    """

    row: UnitRow
    document: Document
    hit: Hit
    cosine: float
    lexical: float
    coverage: float
    reach: float
    fits: bool
    score: float = 0.0

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.row.unit

    @property
    def text(self) -> str:
        """The unit as it is shown."""
        return fold(self.document.text[self.unit.start : self.unit.end])


def rarity(index: Index, query: Query) -> dict[str, float]:
    """The inverse document frequency of each stem of a question, as in BM25, times its weight."""
    total = index.manifest.passages
    counts = {stem: index.passages_with(stem) for stem in query.weights}
    return {
        stem: query.weights[stem] * math.log(1 + (total - count + 0.5) / (count + 0.5)) for stem, count in counts.items()
    }


def gravity(query: Query, idf: Mapping[str, float]) -> dict[str, float]:
    """What each typed stem weighs in coverage: its rarity here times how little everyday English uses it."""
    return {stem: idf[stem] * specificity(stem) for stem, weight in query.weights.items() if weight == 1.0}


def gather(index: Index, query: Query, hits: Sequence[Hit], settings: Settings) -> list[Candidate]:
    """All units of the best passages with their signals, best first."""
    best = hits[: settings.evidence_passages]
    idf = rarity(index, query)
    weights = gravity(query, idf)
    shape = shape_asked(query.text)
    rows = index.passages([hit.passage for hit in best])
    found: list[Candidate] = []
    for hit in best:
        passage = rows[hit.passage]
        document = index.document(passage.document)
        units = index.unit_rows(passage.first, passage.last)
        cosines = index.unit_cosines(query.vector, passage.first, passage.last)
        for position, row in enumerate(units):
            if document.text[row.unit.end - 1] == ":":
                continue  # a lead-in says nothing without its items, which bring it along
            before = units[position - 1].unit if position else None
            stems = Counter(analyse(document.text[row.unit.start : row.unit.end]))
            around = set(analyse(" ".join([document.metadata.title, *row.unit.section, *borrowed(row.unit, before, document)])))
            fits = shape is None or shape.search(document.text, row.unit.start, row.unit.end) is not None
            found.append(Candidate(row, document, hit, float(cosines[position]), bm25(stems, idf), covered(set(stems), query, weights),
                                   covered(set(stems) | around, query, weights), fits))  # fmt: skip
    return rank(found, settings)


def borrowed(unit: Unit, before: Unit | None, document: Document) -> list[str]:
    """What a unit leans on: its lead-in or header, else its predecessor where it opens with "It", "However", …"""
    if unit.lead:
        return [document.text[slice(*unit.lead)]]
    if before and leans(unit, document):
        return [document.text[before.start : before.end]]
    return []


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


def bm25(stems: Counter[str], idf: Mapping[str, float], *, k1: float = 1.2, b: float = 0.75, mean: float = 14.0) -> float:
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
    misfit = np.array([not candidate.fits for candidate in candidates])
    scores = (
        settings.unit_dense_weight * dense
        + settings.unit_lexical_weight * lexical
        + settings.unit_passage_weight * passage
        + settings.unit_reach_weight * reach
        - settings.unit_misfit_weight * misfit
    )
    scored = [replace(candidate, score=float(score)) for candidate, score in zip(candidates, scores, strict=True)]
    return sorted(scored, key=lambda c: (-c.score, c.row.number))
