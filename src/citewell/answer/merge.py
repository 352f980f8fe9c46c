"""Near-duplicates become one quotation that keeps all its places; sibling list items are quoted together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from citewell.answer.evidence import Candidate
from citewell.lexicon import analyse, specificity, stem
from citewell.settings import Settings
from citewell.types import UnitKind

# What must be equal, in its order, in texts that say the same: numbers, units, times, comparisons and denials.
TELLING = re.compile(
    r"\d+(?:[.,]\d+)*|[<>≤≥±%]|\b(?:mg|mcg|µg|μg|g|kg|iu|ml|l|units?|hours?|days?|weeks?|months?|years?|hourly|daily|weekly|monthly|"
    r"yearly|annually|once|twice|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|first|second|last|"
    r"if|when|while|should|must|may|might|can|could|hardly|barely|not|no|nor|never|none|neither|without|cannot|unlikely|except|unless|only|rarely|[a-z]+n['’]t|"
    r"before|after|during|increas\w*|decreas\w*|rais\w*|lower\w*|reduc\w*|high\w*|low|more|most|less|least|few\w*|great\w*|"
    r"common\w*|rare|uncommon\w*|frequent\w*|infrequent\w*|better|worse|with|men|women|children|adults?)\b",
    re.I,
)
DENIAL = re.compile(r"\b(?:not|no|nor|never|none|neither|without|cannot|except|unless|[a-z]+n['’]t)\b", re.I)
# The source's own reference marks at the end are no facts: "[3, 4]", or a list of bare numbers.
BRACKETED_MARKS = re.compile(r"(?:\s*\[\d[\d,\s–-]*\])+[.]?\s*$")
LISTED_MARKS = re.compile(r"(?:\s\d{1,3}(?:,\s?\d{1,3})+)[.]?\s*$")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate to be quoted as document.text[start:end], with the near-duplicates that say the same elsewhere."""

    candidate: Candidate
    start: int
    end: int
    also: tuple[Candidate, ...] = ()


def without_marks(text: str) -> str:
    """A text without the reference marks at its end."""
    return LISTED_MARKS.sub("", BRACKETED_MARKS.sub("", text))


def says_the_same(left: str, right: str, drugs: frozenset[str] = frozenset()) -> bool:
    """Whether two texts say the same: the same words but for function words, marks, order and the drug's own name.

    A word more, or in exchange for another, makes another fact; so does another order where something is denied.

    :param drugs: All names of the drug that both speak of, which one may leave out ("It is given …").
    """
    mine, theirs = BRACKETED_MARKS.sub("", left), BRACKETED_MARKS.sub("", right)
    if not (LISTED_MARKS.search(mine) and LISTED_MARKS.search(theirs)):  # two lists of numbers may be two facts
        mine, theirs = without_marks(mine), without_marks(theirs)
    if telling(mine) != telling(theirs):
        return False
    stems, others = analyse(mine), analyse(theirs)
    own = {stem(name) for name in drugs}
    if own.isdisjoint(stems) or own.isdisjoint(others):
        stems, others = ([part for part in parts if part not in own] for parts in (stems, others))
    if DENIAL.search(mine) or names(stems) != names(others):
        return stems == others
    return sorted(stems) == sorted(others)


def names(stems: Sequence[str]) -> list[str]:
    """The stems that everyday English lacks, in order: who does what to whom."""
    return [part for part in stems if specificity(part) >= 1]


def telling(text: str) -> list[str]:
    """The numbers, units, times, comparisons and denials of a text, in order."""
    return [match.group().casefold() for match in TELLING.finditer(text)]


def merge(candidates: Sequence[Candidate], settings: Settings) -> list[Chosen]:
    """Fold near-duplicates into the best of them, then join items of one list that stand together."""
    chosen: list[Chosen] = []
    for candidate in candidates:
        mine = Chosen(candidate, candidate.unit.start, candidate.unit.end)
        twin = next((n for n, other in enumerate(chosen) if are_twins(other.candidate, candidate)), None)
        if twin is None:
            chosen.append(mine)
        elif candidate.turned and not chosen[twin].candidate.turned:  # the one that its source qualifies is shown
            chosen[twin] = replace(mine, also=(chosen[twin].candidate, *chosen[twin].also))
        else:
            chosen[twin] = replace(chosen[twin], also=(*chosen[twin].also, candidate))
    return join_items(chosen, settings)


def are_twins(left: Candidate, right: Candidate) -> bool:
    """Whether two candidates say the same of the same drugs."""
    return left.drugs == right.drugs and says_the_same(left.text, right.text, left.drugs)


def join_items(chosen: Sequence[Chosen], settings: Settings) -> list[Chosen]:
    """Quote the items of one list from the first to the last chosen one as one stretch, where that is short."""
    joined: list[Chosen] = []
    for entry in chosen:
        twin = next((n for n, other in enumerate(joined) if same_list(other, entry)), None)
        if twin is None:
            joined.append(entry)
            continue
        start, end = min(joined[twin].start, entry.start), max(joined[twin].end, entry.end)
        if end - start <= settings.list_chars:
            joined[twin] = replace(joined[twin], start=start, end=end, also=(*joined[twin].also, *entry.also))
        else:
            joined.append(entry)
    return joined


def same_list(left: Chosen, right: Chosen) -> bool:
    """Whether two entries are items, or clauses, under one lead-in."""
    mine, theirs = left.candidate.unit, right.candidate.unit
    listed = {UnitKind.ITEM, UnitKind.CLAUSE}
    return (
        mine.lead is not None
        and mine.lead == theirs.lead
        and mine.kind is theirs.kind
        and mine.kind in listed
        and left.candidate.document.id == right.candidate.document.id
    )
