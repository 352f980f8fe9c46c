"""How sure a candidate answers, and why none does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from citewell.answer.evidence import Candidate
from citewell.answer.numbered import numbered_in
from citewell.answer.subject import Subject
from citewell.answer.topics import topics_asked
from citewell.answer.weights import Weights
from citewell.lexicon import specificity, stem, words
from citewell.search import Query
from citewell.settings import Settings


@dataclass(frozen=True, slots=True)
class Signals:
    """What confidence is computed from; each but the cosines is a share 0..1."""

    cosine: float  # of the unit
    dense: float  # of its passage
    reach: float  # of the question covered by the unit with its headings
    passage: float  # of the question covered by the whole passage with its title
    misfit: float  # above 0 where the number, date, interval or name asked for is missing
    absent: float  # of the question that stands nowhere in the index
    lexical: float  # BM25 of the unit against the highest possible
    score: float  # what the unit was ranked by; not a share, about -5..15


values_of = attrgetter(*(field.name for field in fields(Signals)))


def read_signals(weights: Weights, candidate: Candidate) -> Signals:
    """The signals of one candidate."""
    return Signals(
        candidate.cosine,
        candidate.hit.dense,
        candidate.reach,
        candidate.passage,
        candidate.misfit,
        weights.missing,
        candidate.lexical / weights.highest if weights.highest else 0.0,
        candidate.score,
    )


def confidence(signals: Signals, settings: Settings, *, dense: bool) -> float:
    """The probability 0..1 that a candidate answers: a logistic model of its signals."""
    weights = settings.confidence_dense if dense else settings.confidence_lexical
    return logistic(weights, values_of(signals))


def logistic(weights: Sequence[float], values: Sequence[float]) -> float:
    """The probability of the weighted sum of (1, the values) as log-odds."""
    return share_of(sum(weight * value for weight, value in zip(weights, (1.0, *values), strict=True)))


def share_of(log_odds: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-log_odds))


def log_odds(share: float) -> float:
    """ln(p / (1 - p))."""
    return math.log(share / (1 - share))


def reason_for_silence(
    query: Query, weights: Weights, subject: Subject, candidates: Sequence[Candidate], settings: Settings
) -> str:
    """Why a question is not answered: subject not covered, topic not covered, or only weak passages."""
    if subject.absent:
        return f"subject not covered: {listed(subject.absent)} does not occur in these documents"
    if candidates and candidates[0].misfit >= 1:
        return "topic not covered: no passage found states what was asked in the form, or for the person, asked for"
    unsaid = [topic.name for topic in topics_asked(query.text)]
    if unsaid and not candidates:
        return f"topic not covered: no passage found speaks of {listed(unsaid)} for what was asked"
    if not candidates and (numbered := [each.said for each in numbered_in(query.text)]):
        return f"subject not covered: no passage found speaks of {listed(numbered)}"
    if subject.drugs and not candidates:
        return (
            f"topic not covered: no passage on this speaks of {listed(sorted(min(names) for names in subject.drugs))}"
        )
    spoken = [
        word
        for word, _, _ in words(query.text)
        if stem(word) in weights.absent and specificity(stem(word)) >= settings.topic_specificity
    ]
    if spoken:
        return f"topic not covered: {listed(list(dict.fromkeys(spoken)))} does not occur in these documents"
    return "only weak passages: the nearest ones share words with the question but don't answer it"


def listed(names: Sequence[str]) -> str:
    """Names in quotation marks, for a sentence of ours."""
    return ", ".join(f"“{name}”" for name in names)
