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
from citewell.settings import Settings

WHETHER = re.compile(r"\s*(?:is|are|was|were|does|do|did|has|have|had|can|could|may|should|will)\b", re.I)
DENIES = re.compile(r"\b(?:not|no|nor|never|none|neither|cannot|without|[a-z]+n['’]t)\b", re.I)
CLAUSE = re.compile(r"[,;:()]|\b(?:but|although|though|while|whereas|because|if|unless|except)\b", re.I)
DOUBLE = re.compile(
    r"\b(?:not|no|never)\s+(?:only|just|merely|un\w+|infrequent\w*|rare\w*|excluded|ruled out|less|more)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Stance:
    """What a candidate affirms and denies of the words that a question asks about."""

    candidate: Candidate
    affirmed: frozenset[str]
    denied: frozenset[str]


def denials(
    query: Query, drugs: frozenset[str], candidates: Sequence[Candidate], settings: Settings
) -> list[Difference]:
    """Every pair from different documents of which one denies a word of the question that the other affirms.

    :param drugs: All names of the drugs that the question names.
    """
    if not WHETHER.match(query.text):
        return []
    asked = {
        stem(word): word for word, _, _ in words(query.text)
        if word not in STOP_WORDS and not drug_like(word) and specificity(stem(word)) >= settings.denied_specificity
    }  # fmt: skip
    stances = [stance(each, asked.keys(), settings) for each in candidates if each.reach >= settings.denial_reach]
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


def stance(candidate: Candidate, asked: Set[str], settings: Settings) -> Stance:
    """Which of the asked words a candidate affirms, and which it denies; what it leaves unclear is neither.

    In a clause that denies something, what stands away from the denial is unclear, and so is everything where the denial
    is itself denied ("not uncommon") or what is denied stands before it ("was not.").
    """
    affirmed, denied, unclear = set[str](), set[str](), set[str]()
    for clause in CLAUSE.split(candidate.text):
        spoken = [(stem(word), DENIES.fullmatch(clause[start:end]) is not None) for word, start, end in words(clause)
                  if word not in STOP_WORDS]  # fmt: skip
        places = [place for place, (_, denies) in enumerate(spoken) if denies]
        near = {place + step for place in places for step in range(1, settings.denied_words + 1)}
        doubled = DOUBLE.search(clause) is not None or len(spoken) - 1 in places
        for place, (part, denies) in enumerate(spoken):
            if part in asked and not denies:
                said = unclear if doubled else denied if place in near else unclear if places else affirmed
                said.add(part)
        unclear |= asked if len(spoken) - 1 in places else set()
    return Stance(candidate, frozenset(affirmed - denied - unclear), frozenset(denied - affirmed - unclear))
