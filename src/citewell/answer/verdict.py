"""Whether the best candidate answers the question, as one probability; below a threshold, the answer is silence."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from operator import attrgetter

from citewell.answer.abstain import log_odds, logistic, share_of
from citewell.answer.judged import Judged
from citewell.answer.weights import Weights
from citewell.lexicon import STOP_WORDS, is_name, specificity, stem, words
from citewell.search import Query
from citewell.settings import Settings

DENIES = re.compile(r"\b(?:not|no|nor|never|none|neither|without|cannot|[a-z]+n['’]t)\b", re.I)
# A sentence that sets something apart answers a question with a "not", in these words too.
SETS_APART = re.compile(
    r"\b(?:not|no|nor|never|none|neither|without|cannot|except|unless|unable|avoid\w*|contraindicat\w*|fail\w*|lack\w*|absen\w*"
    r"|exclu\w*|rather than|instead|only|[a-z]+n['’]t|un(?:likely|able|known))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against the best candidate.

    :param likely: Log-odds that it answers by its own signals, as all candidates are judged; -6..6.
    :param cosine: Highest of the question and any candidate; 0 without vectors.
    :param names: 1 where the unit, with its headings and what it leans on, lacks a name or a number of the question.
    :param rare: Share 0..1 of the question's weight in words that everyday English lacks and the whole passage, too.
    :param topical: Where a drug is named: share 0..1 of what is asked of it that the unit holds with its headings; else 1.
    :param denied: 1 where the question denies something and the unit sets nothing apart.
    :param crowd: How many passages look right by chance: the decadic logarithm of their number above 300, up to 1.5.
    :param read: Log-odds that it answers by the cross-encoder; None without one.
    """

    likely: float
    cosine: float
    names: float
    rare: float
    topical: float
    denied: float
    crowd: float
    read: float | None = None


OTHERS = ("crowd", "read")
values_of = attrgetter(*(field.name for field in fields(Evidence) if field.name not in OTHERS))


def weigh_evidence(query: Query, weights: Weights, judged: Judged, cosine: float, settings: Settings) -> Evidence:
    """What speaks for and against a candidate.

    :param cosine: The highest of any candidate.
    """
    best = judged.candidate
    title = weights.counted(" ".join([best.document.metadata.title, *best.unit.section, best.leans_on]))
    mine = title.union(best.reading.stems(best.row), best.met)
    passage = best.reading.units(best.reading.passages[best.hit.passage])
    held, around = weights.held(mine), weights.held(mine.union(*map(best.reading.stems, passage)))
    rare = sum(weight for part, weight in weights.gravity.items() if specificity(part) >= 1 and part not in around)
    few, many = map(math.log10, (settings.few_passages, settings.many_passages))
    passages = math.log10(max(best.reading.index.manifest.passages, 1))
    return Evidence(
        likely=min(max(judged.log_odds, -settings.surest), settings.surest),
        cosine=cosine,
        names=float(not names_in(query.text) <= held),
        rare=rare / weights.total if weights.total else 0.0,
        topical=weights.topical(held),
        denied=float(DENIES.search(query.text) is not None and SETS_APART.search(best.text) is None),
        crowd=(min(max(passages, few), many) - few) * (settings.crowd_of_drug if weights.named else 1.0),
        read=judged.read,
    )


def names_in(question: str) -> frozenset[str]:
    """The stems of a question's numbers, of its words with a capital but the first, and of those no dictionary holds."""
    return frozenset(
        stem(word)
        for position, (word, start, _) in enumerate(words(question))
        if word not in STOP_WORDS and (word[0].isdigit() or is_name(word) or (position and question[start].isupper()))
    )


def likelihood(evidence: Evidence, settings: Settings, *, dense: bool) -> float:
    """The probability 0..1 that the best candidate answers: a logistic model of its evidence but the crowd.

    Where it was read again, that of a second model: of what the first one says, and of the reading.
    """
    first = logistic(settings.verdict_dense if dense else settings.verdict_lexical, values_of(evidence))
    if evidence.read is None:
        return first
    return logistic(settings.verdict_read, (log_odds(first), evidence.read))


def least_likelihood(evidence: Evidence, settings: Settings, *, dense: bool) -> float:
    """The probability from which on the best candidate is quoted: the more passages there are, the higher."""
    weight = settings.crowd_dense if dense else settings.crowd_lexical
    least = log_odds(settings.answer_confidence)
    if evidence.read is not None:
        weight = settings.crowd_read
    return share_of(least + evidence.crowd * weight)
