"""A question with all that may answer it: the units about the right subject, judged, and whether the best one answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from citewell.answer.abstain import confidence, log_odds, read_signals
from citewell.answer.evidence import Candidate, gather, rank
from citewell.answer.judged import Judged
from citewell.answer.numbered import is_another, numbered_in
from citewell.answer.pointers import asks_where, only_points
from citewell.answer.reading import Reading
from citewell.answer.second_look import look_again
from citewell.answer.subject import Subject, subject_of, supplements_in
from citewell.answer.summary_fields import names_label
from citewell.answer.topics import topics_asked
from citewell.answer.verdict import Evidence, least_likelihood, likelihood, weigh_evidence
from citewell.answer.weights import Weights, weigh
from citewell.index import Index
from citewell.search import Query
from citewell.settings import Settings
from citewell.types import Audience, Hit


@dataclass(frozen=True, slots=True)
class Considered:
    """A question with all that may answer it.

    :param judged: Candidates about the right subject, best first.
    :param evidence: What speaks for and against the best one; None where there is none, the subject isn't covered, or it
        lacks the kind of number asked for.
    :param likelihood: The probability that it answers; 0 without evidence.
    :param answered: Whether that is enough, among so many passages.
    """

    query: Query
    reading: Reading
    subject: Subject
    weights: Weights
    judged: tuple[Judged, ...]
    evidence: Evidence | None
    likelihood: float
    answered: bool

    def likely(self, settings: Settings) -> list[Candidate]:
        """The candidates that are likely enough to be quoted beside the best one, best first."""
        return [entry.candidate for entry in self.judged if entry.confidence >= settings.excerpt_confidence]


def consider(
    index: Index, query: Query, hits: Sequence[Hit], audience: Audience | None, settings: Settings
) -> Considered:
    """Look at the units of the best passages, and judge whether the best one answers."""
    reading = Reading(index, [hit.passage for hit in hits])
    subject = subject_of(index, query.text)
    weights = weigh(index, query, subject.names)
    candidates = rank(gather(reading, query, weights, hits), audience, settings)
    judged = judge(reading, weights, islice(suitable(query, subject, candidates), settings.judged), settings)
    evidence, sure, enough = None, 0.0, False
    if judged and not subject.absent and judged[0].candidate.misfit < 1:
        nearest = max(entry.candidate.cosine for entry in judged)
        judged = look_again(index, query, judged, settings)
        evidence = weigh_evidence(query, weights, judged[0], nearest, settings)
        dense = index.vectors is not None
        sure = likelihood(evidence, settings, dense=dense)
        enough = sure >= least_likelihood(evidence, settings, dense=dense)
    return Considered(query, reading, subject, weights, tuple(judged), evidence, sure, enough)


def judge(reading: Reading, weights: Weights, candidates: Iterable[Candidate], settings: Settings) -> list[Judged]:
    """The candidates with their confidence, which counts in their score, best first."""
    dense = reading.index.vectors is not None
    judged = []
    for candidate in candidates:
        sure = confidence(read_signals(weights, candidate), settings, dense=dense)
        if sure < settings.label_confidence and names_label(candidate, weights):
            sure = settings.label_confidence
        score = candidate.score + settings.confidence_weight * log_odds(sure)
        judged.append(Judged(candidate.scored(score), sure))
    return sorted(judged, key=lambda j: (j.candidate.misfit >= 1, -j.candidate.score, j.candidate.row.number))


def suitable(query: Query, subject: Subject, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """The candidates that speak of the drug, supplement or numbered kind asked about and of the topics asked for, in their order.

    Those that only point elsewhere are left out, unless somebody asks where.
    """
    asked, supplements = topics_asked(query.text), supplements_in(query.text)
    numbered, where = list(numbered_in(query.text)), asks_where(query.text)
    for candidate in candidates:
        of_another = subject.drugs and candidate.drugs and not candidate.drugs & subject.names
        if supplements and (named := supplements_in(f"{candidate.leans_on} {candidate.text}")):
            of_another = of_another or supplements.isdisjoint(named)
        of_another = of_another or is_another(numbered, spoken(candidate))
        says = where or not only_points(candidate.text)
        if says and not of_another and all(topic.said.search(spoken(candidate)) for topic in asked):
            yield candidate


def spoken(candidate: Candidate) -> str:
    """A candidate with everything under which it stands, where a topic may be named."""
    return " ".join([candidate.document.metadata.title, *candidate.unit.section, candidate.leans_on, candidate.text])
