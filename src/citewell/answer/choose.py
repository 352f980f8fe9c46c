"""One function from a question to its answer, and the choices that it makes on the way."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version

from citewell.answer.abstain import reason_for_silence
from citewell.answer.agreement import agreement_note
from citewell.answer.choices import choices
from citewell.answer.compose import Quoted, quote
from citewell.answer.consider import Considered, consider
from citewell.answer.denial import denials
from citewell.answer.disagree import Difference, differences
from citewell.answer.evidence import Candidate
from citewell.answer.judged import Judged
from citewell.answer.merge import Chosen, choose_whole, merge
from citewell.answer.notes import glossary_notes, make_notes, unspoken_notes
from citewell.answer.subject import documents_on
from citewell.answer.suggest import follow_ups
from citewell.answer.summary import cover
from citewell.index import Index
from citewell.search import LookUp, check_question, find, understand
from citewell.settings import Settings
from citewell.types import Answer, Audience, Disagreement, Hit, Provenance, SourceClass, fold


def answer(
    index: Index,
    question: str,
    *,
    searched_for: str | None = None,
    classes: Sequence[SourceClass] = (),
    documents: Sequence[str] = (),
    audience: Audience | None = None,
    settings: Settings | None = None,
    depth: int = 0,
    look_up: LookUp = find,
) -> tuple[Answer, tuple[Hit, ...]]:
    """Answer a question with quotations, or say why the documents don't; return the hits that it was looked for in, too.

    :param searched_for: The question with what an earlier turn adds to it, where it leaves something unsaid.
    :param depth: How many hits are returned; at least those whose units are looked at.
    :param look_up: How hits are found; another way than `find` may remember them.
    :raises UsageError: for an empty, overlong or garbled question and an unknown document.
    """
    settings = settings or Settings()
    clock = Clock()
    asked = check_question(question)
    query = understand(index, fold(searched_for or asked), settings)
    clock.lap("understand")
    allowed = index.allowed(classes, documents)
    ranked = look_up(index, query, settings, allowed, top=max(depth, settings.evidence_passages))
    hits = ranked[: settings.evidence_passages]
    clock.lap("search")
    considered = consider(index, query, hits, audience, settings)
    own = documents_on(index, considered.subject) if not considered.judged and not documents else []
    if own:
        found = look_up(index, query, settings, index.allowed(classes, own), top=settings.evidence_passages)
        considered = consider(index, query, found, audience, settings)
    judged, subject = considered.judged, considered.subject
    quoted, differing, reason = choose(considered, settings, sources_chosen=bool(documents))
    if reason is not None and (classes or documents):
        reason += " (only the sources that you chose were searched)"
    shown = [entry.candidate for entry in judged[: settings.evidence_passages]]
    notes = make_notes(index, query, subject, quoted, shown, answered=reason is None)
    notes += beside(index, considered, quoted, audience, settings) if reason is None else ()
    offered = choices(query.text, [entry.candidate for entry in judged], settings)
    used = {excerpt.section for excerpt in quoted.excerpts}
    clock.lap("answer")
    given = Answer(
        question=asked,
        searched_for=query.searched_for,
        answered=reason is None,
        confidence=round(considered.likelihood, 4),
        reason=reason,
        excerpts=quoted.excerpts if reason is None else (),
        disagreements=differing,
        nearest=quoted.excerpts if reason is not None else (),
        citations=quoted.citations,
        notes=(*offered.notes, *notes),
        follow_ups=offered.before(follow_ups(index, quoted.shown(), used, settings.follow_ups), settings),
        provenance=provenance(index, settings),
        timings_ms=clock.laps,
    )
    return given, ranked


def beside(
    index: Index, considered: Considered, quoted: Quoted, audience: Audience | None, settings: Settings
) -> tuple[str, ...]:
    """What is told beside quotations that answer: how many sources agree, and what words mean."""
    agreeing = agreement_note(considered.likely(settings), considered.subject.names, settings)
    unspoken = unspoken_notes(considered.subject, [entry.candidate for entry in considered.judged], quoted)
    return (*unspoken, *agreeing, *glossary_notes(index, quoted, audience))


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


def choose(
    considered: Considered, settings: Settings, *, sources_chosen: bool = False
) -> tuple[Quoted, tuple[Disagreement, ...], str | None]:
    """The quotations to show, where they differ, and the reason if they are no answer."""
    judged, query, subject, reading = considered.judged, considered.query, considered.subject, considered.reading
    if not considered.answered:
        near = [entry.candidate for entry in judged]
        reason = reason_for_silence(query, considered.weights, subject, near, settings)
        return quote(reading, merge(near, settings)[: settings.nearest]), (), reason
    good = [entry.candidate for entry in judged if entry is judged[0] or is_near(entry, judged[0], settings)]
    merged = merge(good, settings)
    chosen = cover(query.text, merged, judged, considered.likelihood, settings, sources_chosen=sources_chosen)
    likely = considered.likely(settings)
    found = [*differences(likely, subject.names, settings), *denials(query, subject.names, likely, settings)]
    best = merged[: settings.excerpts]
    found = [pair for pair in found if any(is_chosen(side, best) for side in (pair.left, pair.right))]
    chosen = with_both_sides(chosen, found, settings)
    quoted = quote(reading, chosen)
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
    added = [choose_whole(side) for side in sides.values() if not is_chosen(side, chosen)]
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


def provenance(index: Index, settings: Settings) -> Provenance:
    """What the answer depends on."""
    manifest = index.manifest
    return Provenance(manifest.fingerprint, manifest.encoder, manifest.weights, *made_with(settings))


@lru_cache(maxsize=8)
def made_with(settings: Settings) -> tuple[str, str]:
    """The fingerprint of the settings and the version of Citewell."""
    return settings.fingerprint(), version("citewell")
