"""Whether the best candidate answers the question, as one probability; below a threshold, the answer is silence."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from operator import attrgetter

from citewell.answer.evidence import Candidate
from citewell.answer.weights import Weights
from citewell.lexicon import STOP_WORDS, is_name, stem, words
from citewell.search import Query
from citewell.settings import Settings

DENIES = re.compile(r"\b(?:not|no|nor|never|none|neither|without|cannot|[a-z]+n['’]t)\b", re.I)
# A sentence that sets something apart answers a question with a "not", in these words too.
SETS_APART = re.compile(
    r"\b(?:not|no|nor|never|none|neither|without|cannot|except|unless|unable|avoid\w*|contraindicat\w*|fail\w*|lack\w*|absen\w*"
    r"|exclu\w*|rather than|instead|only|[a-z]+n['’]t|un(?:likely|able|known))\b",
    re.I,
)
SURE = 6.0  # log-odds beyond which a candidate's own confidence says no more
FEW, MANY = 1.5, 4.0  # decadic logarithms of numbers of passages between which the crowd counts


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against the best candidate.

    :param likely: Log-odds that it answers by its own signals, as all candidates are judged; -6..6.
    :param dense: Cosine of the question and its passage; 0 without vectors.
    :param names: 1 where the unit, with its headings and what it leans on, lacks a name or a number of the question.
    :param elsewhere: 1 where its whole passage lacks one.
    :param denied: 1 where the question denies something and the unit sets nothing apart.
    :param crowd: Decadic logarithm of the number of passages, 1.5..4: among many, one looks right by chance.
    """

    likely: float
    dense: float
    names: float
    elsewhere: float
    denied: float
    crowd: float


values_of = attrgetter(*(field.name for field in fields(Evidence)))


def weigh_evidence(query: Query, weights: Weights, best: Candidate, confidence: float) -> Evidence:
    """What speaks for and against a candidate.

    :param confidence: Its own, 0..1.
    """
    title = weights.counted(" ".join([best.document.metadata.title, *best.unit.section, best.leans_on]))
    passage = best.reading.units(best.reading.passages[best.hit.passage])
    mine = title.union(best.reading.stems(best.row), best.met)
    named = names_in(query.text)
    crowd = math.log10(max(best.reading.index.manifest.passages, 1))
    return Evidence(
        likely=min(max(math.log(confidence / (1 - confidence)), -SURE), SURE),
        dense=best.hit.dense,
        names=float(not named <= weights.held(mine)),
        elsewhere=float(not named <= weights.held(mine.union(*map(best.reading.stems, passage)))),
        denied=float(DENIES.search(query.text) is not None and SETS_APART.search(best.text) is None),
        crowd=min(max(crowd, FEW), MANY),
    )


def names_in(question: str) -> frozenset[str]:
    """The stems of a question's numbers, of its words with a capital but the first, and of those no dictionary holds."""
    return frozenset(
        stem(word)
        for position, (word, start, _) in enumerate(words(question))
        if word not in STOP_WORDS and (word[0].isdigit() or is_name(word) or (position and question[start].isupper()))
    )


def likelihood(evidence: Evidence, settings: Settings, *, dense: bool) -> float:
    """The probability 0..1 that the best candidate answers: a logistic model of its evidence."""
    weights = settings.verdict_dense if dense else settings.verdict_lexical
    values = (1.0, *values_of(evidence))
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, values, strict=True))))
