"""One function from a question to its answer, and the choices that it makes on the way."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import islice

from citewell.answer.abstain import confidence, read_signals, reason_for_silence
from citewell.answer.compose import Quoted, as_printed, quote, sections_of
from citewell.answer.disagree import Difference, differences
from citewell.answer.evidence import Candidate, Weights, gather, next_turns, weigh
from citewell.answer.merge import Chosen, merge
from citewell.answer.subject import Subject, drugs_in, spoken_of, subject_of
from citewell.answer.suggest import follow_ups
from citewell.answer.topics import topics_asked
from citewell.index import Index
from citewell.search import Query, check_question, find, understand
from citewell.settings import Settings
from citewell.types import Answer, Audience, Disagreement, Provenance, SourceClass, fold

SHOWN_DRUGS = 20  # names listed where the documents don't cover the drug asked for


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with the probability that it answers; its score counts both."""

    candidate: Candidate
    confidence: float

    @property
    def log_odds(self) -> float:
        """ln(p / (1 - p)), what the confidence model adds up."""
        return math.log(self.confidence / (1 - self.confidence))


def answer(
    index: Index,
    question: str,
    *,
    searched_for: str | None = None,
    classes: Sequence[SourceClass] = (),
    documents: Sequence[str] = (),
    audience: Audience | None = None,
    settings: Settings | None = None,
) -> Answer:
    """Answer a question with quotations, or say why the documents don't.

    :param searched_for: The question with what an earlier turn adds to it, where it leaves something unsaid.
    :raises UsageError: for an empty, overlong or garbled question and an unknown document.
    """
    settings = settings or Settings()
    clock = Clock()
    asked = check_question(question)
    query = understand(index, fold(searched_for or asked), settings)
    clock.lap("understand")
    hits = find(index, query, settings, index.allowed(classes, documents))
    clock.lap("search")
    subject = subject_of(index, query.text)
    weights = weigh(index, query)
    candidates = prefer(gather(index, query, weights, hits, settings), audience, settings)
    judged = judge(
        index, query, weights, list(islice(suitable(index, query, subject, candidates), settings.judged)), settings
    )
    quoted, differing, reason = choose(index, query, weights, subject, judged, settings)
    if reason is not None and (classes or documents):
        reason += " (only the sources that you chose were searched)"
    clock.lap("answer")
    shown = [entry.candidate for entry in judged[: settings.evidence_passages]]
    return Answer(
        question=asked,
        searched_for=query.searched_for,
        answered=reason is None,
        confidence=round(judged[0].confidence if judged and not subject.absent else 0.0, 4),
        reason=reason,
        excerpts=quoted.excerpts if reason is None else (),
        disagreements=differing,
        nearest=quoted.excerpts if reason is not None else (),
        citations=quoted.citations,
        notes=make_notes(index, query, subject, quoted, shown, answered=reason is None),
        follow_ups=follow_ups(index, quoted.excerpts, settings.follow_ups),
        provenance=provenance(index, settings),
        timings_ms=clock.laps,
    )


class Clock:
    """Milliseconds a stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Note the time since the last lap."""
        now = time.perf_counter()
        self.laps[stage] = round((now - self._last) * 1000, 2)
        self._last = now


def prefer(candidates: list[Candidate], audience: Audience | None, settings: Settings) -> list[Candidate]:
    """Give the sources written for an audience a bonus; the order is otherwise as it was."""
    if audience is None:
        return candidates
    weighed = [
        replace(c, score=c.score + settings.audience_bonus * (c.document.metadata.audience is audience))
        for c in candidates
    ]
    return sorted(weighed, key=lambda c: (-c.score, c.row.number))


def judge(
    index: Index, query: Query, weights: Weights, candidates: Sequence[Candidate], settings: Settings
) -> list[Judged]:
    """The candidates with their confidence, which counts in their score, best first."""
    dense = index.vectors is not None
    judged = [Judged(c, confidence(read_signals(query, weights, c), settings, dense=dense)) for c in candidates]
    judged = [
        replace(j, candidate=replace(j.candidate, score=j.candidate.score + settings.confidence_weight * j.log_odds))
        for j in judged
    ]
    return sorted(judged, key=lambda j: (-j.candidate.score, j.candidate.row.number))


def suitable(index: Index, query: Query, subject: Subject, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """The candidates that speak of the drug asked about and of the topics asked for, in their order."""
    asked = topics_asked(query.text)
    for candidate in candidates:
        units, document = index.units(candidate.document.id), candidate.document
        drugs = spoken_of(candidate.unit, units, document, index.lexicon)
        if subject.drugs and drugs and not drugs & subject.names:
            continue
        spoken = " ".join([document.metadata.title, *candidate.unit.section, candidate.leans_on, candidate.text])
        if all(topic.said.search(spoken) for topic in asked):
            yield replace(candidate, drugs=drugs, turned=bool(next_turns(candidate.unit, units, document)))


def choose(
    index: Index, query: Query, weights: Weights, subject: Subject, judged: Sequence[Judged], settings: Settings
) -> tuple[Quoted, tuple[Disagreement, ...], str | None]:
    """The quotations to show, where they differ, and the reason if they are no answer."""
    if subject.absent or not judged or judged[0].confidence < settings.answer_confidence:
        near = [entry.candidate for entry in judged]
        reason = reason_for_silence(query, weights, subject, near, settings)
        return quote(index, merge(near, settings)[: settings.nearest]), (), reason
    good = [entry.candidate for entry in judged if is_near(entry, judged[0], settings)]
    chosen = merge(good, settings)[: settings.excerpts]
    found = differences(
        [entry.candidate for entry in judged if entry.confidence >= settings.excerpt_confidence], settings
    )
    found = [pair for pair in found if any(is_chosen(side, chosen) for side in (pair.left, pair.right))]
    chosen = with_both_sides(chosen, found, settings)
    quoted = quote(index, chosen)
    return quoted, disagreements(found, chosen), None


def is_near(entry: Judged, best: Judged, settings: Settings) -> bool:
    """Whether a candidate is likely enough, and near enough to the best, to be quoted beside it.

    Scores are standardised over the candidates: among two they are far apart however near they are, so near odds count too.
    """
    near = entry.candidate.score >= best.candidate.score - settings.excerpt_gap
    as_likely = entry.log_odds >= best.log_odds - settings.excerpt_odds_gap
    return entry.confidence >= settings.excerpt_confidence and (near or as_likely)


def is_chosen(candidate: Candidate, chosen: Sequence[Chosen]) -> bool:
    """Whether an excerpt quotes a candidate or its near-duplicate."""
    return number_of(candidate, chosen) is not None


def number_of(candidate: Candidate, chosen: Sequence[Chosen]) -> int | None:
    """The number of the excerpt that quotes a candidate or its near-duplicate."""
    for number, entry in enumerate(chosen, start=1):
        inside = entry.candidate.document.id == candidate.document.id and (
            entry.start <= candidate.unit.start and candidate.unit.end <= entry.end
        )
        if inside or any(twin.row.number == candidate.row.number for twin in entry.also):
            return number
    return None


def with_both_sides(chosen: list[Chosen], found: Sequence[Difference], settings: Settings) -> list[Chosen]:
    """Bring in the sides of a difference that were not chosen, in place of the last excerpts if need be."""
    sides = {side.row.number: side for pair in found for side in (pair.left, pair.right)}
    added = [Chosen(side, side.unit.start, side.unit.end) for side in sides.values() if not is_chosen(side, chosen)]
    surplus = len(chosen) + len(added) - settings.excerpts
    kept = list(chosen)
    for entry in reversed(chosen[1:]):
        if surplus > 0 and not any(is_chosen(side, [entry]) for side in sides.values()):
            kept.remove(entry)
            surplus -= 1
    return [*kept, *added][: settings.excerpts]


def disagreements(found: Sequence[Difference], chosen: Sequence[Chosen]) -> tuple[Disagreement, ...]:
    """The differences of which both sides are shown, one entry for each thing they are about."""
    sides: dict[str, list[int]] = {}
    for pair in found:
        numbers = [number_of(side, chosen) for side in (pair.left, pair.right)]
        if None not in numbers:
            known = sides.setdefault(pair.about, [])
            known += [number for number in numbers if number is not None and number not in known]
    return tuple(Disagreement(about, tuple(sorted(numbers))) for about, numbers in sides.items() if len(numbers) > 1)


def make_notes(
    index: Index, query: Query, subject: Subject, quoted: Quoted, shown: Sequence[Candidate], *, answered: bool
) -> tuple[str, ...]:
    """What the reader has to know beside the quotations: changed words, other names, misprints, the sources' own remarks."""
    notes = [
        f"“{typed}” does not occur in these documents; searched for “{used}” instead."
        for typed, used in query.corrections
    ]
    notes += other_names(query)
    cited = {citation.document_id for citation in quoted.citations}
    if answered:
        quoted_candidates = [
            c
            for c in shown
            if any(e.start <= c.unit.start < e.end and e.document_id == c.document.id for e in quoted.excerpts)
        ]
        notes += as_printed(
            quoted_candidates, [name for name in subject.names if name in query.text.casefold()], subject.names
        )
        for document_id in sorted(cited):
            notes += [
                f"{index.document(document_id).metadata.title}: {remark}"
                for remark in index.document(document_id).metadata.remarks
            ]
    else:
        notes += covered_drugs(index) if subject.absent else []
        notes += sections_of(index, [excerpt.document_id for excerpt in quoted.excerpts])
    return tuple(dict.fromkeys(notes))


def other_names(query: Query) -> list[str]:
    """What each name typed was also searched for as, in one sentence a name."""
    means: dict[str, list[str]] = {}
    for phrase, alias in query.aliases:
        means.setdefault(phrase, []).append(alias.means)
    return [
        f"“{phrase}” was also searched for as {' and '.join(f'“{other}”' for other in others)}."
        for phrase, others in means.items()
    ]


def covered_drugs(index: Index) -> list[str]:
    """The drugs that the documents are about, by their titles, for somebody who asked about another."""
    titles = [metadata.title for _, metadata in index.documents()]
    drugs = sorted({drug for title in titles for drug in drugs_in(title, index.lexicon)})
    shown = ", ".join(drugs[:SHOWN_DRUGS]) + (", …" if len(drugs) > SHOWN_DRUGS else "")
    return [f"By their titles, these documents are about: {shown}."] if drugs else []


def provenance(index: Index, settings: Settings) -> Provenance:
    """What the answer depends on."""
    manifest = index.manifest
    return Provenance(
        manifest.fingerprint, manifest.encoder, manifest.weights, settings.fingerprint(), version("citewell")
    )
