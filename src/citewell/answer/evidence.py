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
TIMES = "every|once|twice|daily|weekly|monthly|yearly|annually|annual|times|hourly|per (?:day|week|month|year)|a (?:day|week|month|year)"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NAME_INSIDE = r"(?<=[a-z,;(] )[A-Z][a-z]+"


@dataclass(frozen=True, slots=True)
class Shape:
    """How an answer must look where a question of one kind is asked.

    :param misfit: What is wrong, 0..1, with a text that doesn't look so: 1 where nothing else can be the answer.
    """

    asked: re.Pattern[str]
    said: re.Pattern[str]
    misfit: float


def shape(asked: str, said: str, misfit: float, *, names: bool = False) -> Shape:
    return Shape(re.compile(asked, re.I), re.compile(said, re.NOFLAG if names else re.I), misfit)


# The first shape that a question asks for counts.
SHAPES = (
    shape(r"\b(?:percent|percentage|per cent|proportion|incidence|what share)\b", rf"%|\bper ?cent|\b(?:in|of) (?:\d|{NUMBER_WORDS})|\bhalf\b", 1.0),
    shape(r"\b(?:mg/dL|mmol/L|mmol|ng/mL|[µμu]g/mL)", r"\b\d[\d.,]*\s*(?:mg/dL|mmol|ng/mL|[µμu]g/mL|mg per)", 1.0),
    shape(r"\b(?:milligrams?|micrograms?|mg|mcg|iu)\b", r"\d\s*(?:mg|mcg|µg|μg|g|IU|units?)\b|\b(?:milli|micro)gram", 1.0),
    shape(r"\bhow many (?:minutes|hours|days|weeks|months|years)\b", rf"(?:\d|\b(?:{NUMBER_WORDS}))[\s-]*(?:to \d+ )?(?:minute|hour|day|week|month|year)", 1.0),
    shape(r"\bhow (?:often|frequently)\b|\bfrequency\b|\binterval\b", rf"\b(?:{TIMES}|q\d+\w+)\b|\bfrequent", 0.5),
    shape(r"\b(?:what|which|in what|in which) (?:year|date|month|century|decade)\b", rf"\b(?:1[0-9]|20)\d\d\b|\b(?:{MONTHS})\b|\bcentur", 1.0),
    shape(r"\bwhen\b", rf"\d|\b(?:{MONTHS})\b|\bcentur|\b(?:before|after|during|until|within|once|if)\b", 0.5),
    shape(r"\bhow (?:many|much|long|old|far|large|big|tall|high|fast)\b|\b(?:what|which) (?:number|dose|dosage|age|strength|amount)\b|\bdos(?:e|age)\b", rf"\d|\b(?:{NUMBER_WORDS})\b", 0.5),
    shape(r"\b(?:who|whom|whose)\b|\bwhat (?:company|person|scientist|author)\b", NAME_INSIDE, 0.25, names=True),
    shape(r"\bwhere\b|\b(?:what|which) (?:country|city|state|place|region|continent)\b", rf"{NAME_INSIDE}|\b(?:in|at|on|near|from) the\b", 0.25, names=True),
)  # fmt: skip


def shape_asked(question: str) -> Shape | None:
    """How an answer to a question must look (a number, a date, an interval, a name); None where that is open."""
    return next((entry for entry in SHAPES if entry.asked.search(question)), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may answer.

    :param cosine: Of the question and the unit, -1..1; 0 in a lexical index.
    :param lexical: BM25 of the unit's own words.
    :param coverage: Share 0..1 of the question's stems, by rarity, that the unit's own words hold.
    :param reach: The same with its headings, its lead-in and, where it leans on it, its predecessor.
    :param misfit: 0..1; above 0 where it lacks the number, date, interval or name that the question asks for.
    :param leans_on: Its lead-in or header, or the sentence before it where it can't be read without; else empty.
    :param score: What candidates are ranked by; higher is better.
    """

    row: UnitRow
    document: Document
    hit: Hit
    cosine: float
    lexical: float
    coverage: float
    reach: float
    misfit: float
    leans_on: str
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
    asked = shape_asked(query.text)
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
            leans_on = borrowed(row.unit, before, document)
            around = set(analyse(" ".join([document.metadata.title, *row.unit.section, leans_on])))
            fits = asked is None or asked.said.search(document.text, row.unit.start, row.unit.end) is not None
            found.append(Candidate(row, document, hit, float(cosines[position]), bm25(stems, idf), covered(set(stems), query, weights),
                                   covered(set(stems) | around, query, weights),
                                   0.0 if fits or asked is None else asked.misfit, leans_on))  # fmt: skip
    return rank(found, settings)


def borrowed(unit: Unit, before: Unit | None, document: Document) -> str:
    """What a unit leans on: its lead-in or header, else its predecessor where it opens with "It", "However", …"""
    if unit.lead:
        return document.text[slice(*unit.lead)]
    if before and leans(unit, document):
        return document.text[before.start : before.end]
    return ""


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
