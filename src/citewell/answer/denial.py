"""Sources of which one says what the other denies, where a question asks whether it is so."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from citewell.answer.disagree import Difference
from citewell.answer.evidence import Candidate
from citewell.lexicon import STOP_WORDS, drug_like, specificity, stem, words
from citewell.search import Query

WHETHER = re.compile(r"\s*(?:is|are|was|were|does|do|did|has|have|had|can|could|may|should|will)\b", re.I)
DENIES = re.compile(r"\b(?:not|no|nor|never|none|neither|cannot|without|un(?=proven)|[a-z]+n['’]t)\b", re.I)
CLAUSE = re.compile(r"[,;:()]|\b(?:but|although|though|while|whereas|because|if|unless|except)\b", re.I)
DOUBLE = re.compile(
    r"\b(?:not|no|never)\s+(?:only|just|merely|un\w+|infrequent\w*|rare\w*|excluded|ruled out|less|more)\b", re.I
)
REACH = 3  # content words after a denial that it denies
LEAST_REACH = 0.6  # share of the question's weight that either side has to cover
LEAST_NAMED = 0.5  # specificity of a denied word; of "is not seen" nothing is learnt about what was asked


@dataclass(frozen=True, slots=True)
class Stance:
    """What a candidate affirms and denies of the words that a question asks about."""

    candidate: Candidate
    affirmed: frozenset[str]
    denied: frozenset[str]


def denials(query: Query, drugs: frozenset[str], candidates: Sequence[Candidate]) -> list[Difference]:
    """Every pair from different documents of which one denies a word of the question that the other affirms.

    :param drugs: All names of the drugs that the question names.
    """
    if not WHETHER.match(query.text):
        return []
    asked = {
        stem(word): word for word, _, _ in words(query.text)
        if word not in STOP_WORDS and not drug_like(word) and specificity(stem(word)) >= LEAST_NAMED
    }  # fmt: skip
    stances = [stance(each, asked.keys()) for each in candidates if each.reach >= LEAST_REACH]
    return [
        Difference(left.candidate, right.candidate, f"whether: {', '.join(asked[part] for part in sorted(against))}")
        for left, right in combinations(stances, 2)
        if (against := opposed(left, right, drugs))
    ]


def opposed(left: Stance, right: Stance, drugs: frozenset[str]) -> frozenset[str]:
    """The words that one side denies and the other affirms, of one of the drugs asked about and one population."""
    mine, theirs = left.candidate.drugs, right.candidate.drugs
    if left.candidate.document.id == right.candidate.document.id or not (mine == theirs or mine & theirs & drugs):
        return frozenset()
    if left.candidate.population.excludes(right.candidate.population):
        return frozenset()
    return (left.denied & right.affirmed) | (right.denied & left.affirmed)


def stance(candidate: Candidate, asked: Set[str]) -> Stance:
    """Which of the asked words a candidate affirms, and which it denies; what it does both to is neither."""
    affirmed, denied, unclear = set[str](), set[str](), set[str]()
    for clause in CLAUSE.split(candidate.text):
        after = REACH + 1  # content words since the last denial
        denies = any(DENIES.fullmatch(clause[start:end]) for _, start, end in words(clause))
        for word, start, end in words(clause):
            if DENIES.fullmatch(clause[start:end]):
                after = 0
            elif word not in STOP_WORDS:
                after += 1
                if stem(word) in asked:
                    (
                        unclear
                        if DOUBLE.search(clause)
                        else denied
                        if after <= REACH
                        else unclear
                        if denies
                        else affirmed
                    ).add(stem(word))
        if after == 0:
            unclear |= asked
    affirmed, denied = affirmed - unclear, denied - unclear
    return Stance(candidate, frozenset(affirmed - denied), frozenset(denied - affirmed))
