"""Hits → candidates: every unit of the best passages with the signals that say whether it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from citewell.answer.population import EVERYBODY, Population, population_of, population_of_row
from citewell.answer.reading import Reading
from citewell.answer.shapes import Shape, shape_asked
from citewell.answer.subject import names_of, spoken_of
from citewell.answer.weights import Weights, bm25
from citewell.index import UnitRow
from citewell.lexicon import analyse
from citewell.search import Query, standardise
from citewell.settings import Settings
from citewell.types import Audience, Document, Hit, Unit, UnitKind, fold

# A next sentence that qualifies the one before it opens so.
TURNS = ("However", "But ", "Nevertheless", "Otherwise", "Except")
# What a unit has to hold to say anything: a word that isn't of a cross-reference, "(see section 5.1)".
SAYS = re.compile(r"\b(?!(?:see|section|sections|table|figure|and|also|page)\b)[^\W\d_]{3,}", re.I)
# A unit that opens with one of these leans on what was said before it.
LEANS = re.compile(
    r"(?:(?:It|Its|They|Their|Them|He|She|His|Her|This|That|These|Those|Such|However|Therefore|Thus|Hence|Moreover|"
    r"Furthermore|Also|Additionally|In addition|Both|Another|Other|Others|Nevertheless|Otherwise|Instead|Then|Here|One|"
    r"The (?:drug|medication|medicine|dose|recommended dose|same|latter|former|condition|disease|disorder|treatment))\b)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may answer.

    :param leans_on: Its lead-in or header, or the sentence before it where it can't be read without; else empty.
    :param cosine: Of the question and the unit, -1..1; 0 in a lexical index.
    :param lexical: BM25 of the unit's own words.
    :param reach: Share 0..1 of the question's stems, by weight, that it holds with its headings, its lead-in and, where
        it leans on it, its predecessor.
    :param passage: The same share that its whole passage holds with title and headings.
    :param met: The question's stems that it meets by its shape or by a range, without holding them.
    :param misfit: 0..1; above 0 where it lacks the number, date, interval or name that the question asks for.
    :param score: What candidates are ranked by; higher is better.
    """

    reading: Reading
    row: UnitRow
    hit: Hit
    leans_on: str
    cosine: float
    lexical: float
    reach: float
    passage: float
    met: frozenset[str]
    misfit: float
    score: float = 0.0

    def scored(self, score: float) -> Candidate:
        """The same candidate with a score; `replace` takes four times as long, and a question makes some fifty."""
        return Candidate(self.reading, self.row, self.hit, self.leans_on, self.cosine, self.lexical, self.reach, self.passage,
                         self.met, self.misfit, score)  # fmt: skip

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.row.unit

    @property
    def document(self) -> Document:
        """The document that it stands in."""
        return self.reading.document(self.row)

    @property
    def text(self) -> str:
        """The unit as it is shown."""
        return fold(self.reading.text(self.row))

    @property
    def drugs(self) -> frozenset[str]:
        """All names of the drugs that it speaks of."""
        return spoken_of(self.row, self.reading)

    @property
    def named(self) -> bool:
        """Whether it names a drug itself."""
        return bool(self.reading.drugs_named(self.row))

    @property
    def titled(self) -> frozenset[str]:
        """All names of the drugs in the nearest heading above it that names any."""
        lexicon = self.reading.lexicon
        return frozenset(name for drug in self.reading.drugs_above(self.row) for name in names_of(drug, lexicon))

    @property
    def population(self) -> Population:
        """For whom it holds."""
        return for_whom(self.unit, self.document)

    @property
    def turned(self) -> bool:
        """Whether the next sentence of the source qualifies it ("However, …")."""
        return bool(next_turns(self.row, self.reading))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for beside its words: a number, a date, an interval or a name; and for whom."""

    shape: Shape | None
    asking: frozenset[str]  # stems that name the shape
    population: Population

    def judge(self, unit: Unit, document: Document) -> tuple[frozenset[str], float]:
        """The question's stems that a unit meets by its shape, or by a range that holds their number; its misfit, 0..1."""
        misfit, met = 0.0, self.asking
        if self.shape and not self.shape.fits(with_header(unit, document)):
            misfit, met = self.shape.misfit, frozenset()
        if self.population is EVERYBODY:
            return met, misfit
        theirs = for_whom(unit, document)
        if theirs.excludes(self.population):
            return met, 1.0
        return met | self.population.stems if theirs.includes(self.population) else met, misfit


def with_header(unit: Unit, document: Document) -> str:
    """A unit's text; a row's with its header, which has the units of bare figures."""
    text = document.text[unit.start : unit.end]
    return f"{document.text[slice(*unit.lead)]} {text}" if unit.lead and unit.kind is UnitKind.ROW else text


def for_whom(unit: Unit, document: Document) -> Population:
    """For whom a unit holds: as it says itself; what it leaves open, its lead-in and its headings say."""
    text, lead = document.text[unit.start : unit.end], document.text[slice(*unit.lead)] if unit.lead else ""
    mine = (
        population_of_row(lead, text).within(population_of(lead))
        if unit.kind is UnitKind.ROW
        else population_of(text).within(population_of(lead))
    )
    for heading in (*reversed(unit.section[1:]), document.metadata.title):
        mine = mine.within(population_of(heading))
    return mine


def gather(reading: Reading, query: Query, weights: Weights, hits: Sequence[Hit]) -> list[Candidate]:
    """All units of the best passages with their signals, in the order of the passages."""
    wanted = Wanted(shape_asked(query.text), weights.asking, population_of(query.text))
    return [candidate for hit in hits for candidate in candidates_of(hit, reading, query, weights, wanted)]


def candidates_of(hit: Hit, reading: Reading, query: Query, weights: Weights, wanted: Wanted) -> Iterator[Candidate]:
    """Yield the units of one passage with their signals."""
    passage = reading.passages[hit.passage]
    units = reading.units(passage)
    document = reading.document(units[0])
    cosines = reading.index.unit_cosines(query.vector, passage.first, passage.last).tolist()
    heading = weights.counted(" ".join([document.metadata.title, *units[0].unit.section]))
    stems = [reading.stems(row) for row in units]
    held = [weights.counting.intersection(own) for own in stems]
    between = " ".join([document.text[a.unit.end : b.unit.start] for a, b in pairwise(units)])
    left_out = weights.counting.intersection(analyse(between))  # not remembered: a page's furniture may be long
    whole = weights.covered(heading.union(left_out, wanted.asking, *held))
    before = None
    for row, cosine, own, mine in zip(units, cosines, stems, held, strict=True):
        # A lead-in says nothing without its items, which bring it along; a question answers none.
        text = reading.text(row)
        says = row.unit.kind is UnitKind.ROW or SAYS.search(text)
        if text[-1] not in ":?" and says and not reading.index.is_furniture(text):
            leans_on = borrowed(row.unit, before, document)
            met, misfit = wanted.judge(row.unit, document)
            reach = weights.covered(heading | mine | met | weights.counted(leans_on))
            lexical = bm25(own, weights.rarity)
            yield Candidate(reading, row, hit, leans_on, cosine, lexical, reach, whole, met, misfit)
        before = row.unit


def borrowed(unit: Unit, before: Unit | None, document: Document) -> str:
    """What a unit leans on: its lead-in or header, else its predecessor where it opens with "It", "However", …"""
    if unit.lead:
        return document.text[slice(*unit.lead)]
    if before and leans(unit, document):
        return document.text[before.start : before.end]
    return ""


def next_turns(row: UnitRow, reading: Reading) -> str:
    """The next sentence where it qualifies a unit, white space folded; else empty."""
    following, text = reading.after(row), reading.document(row).text
    if following is None or following.unit.block != row.unit.block or not text.startswith(TURNS, following.unit.start):
        return ""
    return fold(reading.text(following))


def leans(unit: Unit, document: Document) -> bool:
    """Whether a sentence can't be read without the one before it."""
    return unit.kind is UnitKind.SENTENCE and LEANS.match(document.text, unit.start) is not None


def rank(candidates: Sequence[Candidate], audience: Audience | None, settings: Settings) -> Iterator[Candidate]:
    """Yield candidates by the weighted sum of their signals, some standardised over the candidates, best first.

    :param audience: Whose sources get a bonus.
    """
    if not candidates:
        return
    signals = np.array([(c.cosine, c.lexical, c.reach, c.hit.score, c.misfit, c.row.number) for c in candidates])
    dense, lexical, reach, passage, misfit, number = signals.T
    meant = np.array([audience is not None and c.document.metadata.audience is audience for c in candidates])
    scores = (
        settings.unit_dense_weight * standardise(dense)
        + settings.unit_lexical_weight * standardise(lexical)
        + settings.unit_passage_weight * passage
        + settings.unit_reach_weight * standardise(reach)
        - settings.unit_misfit_weight * misfit
        + settings.audience_bonus * meant
    )
    order = np.lexsort((number, -scores))
    for position, score in zip(order.tolist(), scores[order].tolist(), strict=True):
        yield candidates[position].scored(score)
