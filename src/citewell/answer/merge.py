"""Near-duplicates become one quotation that keeps all its places; sibling list items are quoted together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from citewell.answer.evidence import Candidate
from citewell.lexicon import analyse
from citewell.settings import Settings
from citewell.types import UnitKind

NEGATION = re.compile(r"\b(?:not|no|nor|never|none|neither|without|cannot|unlikely|except|unless|[a-z]+n['’]t)\b", re.I)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
TRAILING_MARKS = re.compile(r"(?:[\s,\[]+\d{1,3}\]?)+[.\]]*\s*$")  # the source's own reference marks are no facts


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate to be quoted as document.text[start:end], with the near-duplicates that say the same elsewhere."""

    candidate: Candidate
    start: int
    end: int
    also: tuple[Candidate, ...] = ()


def facts(text: str) -> tuple[frozenset[str], tuple[str, ...], int]:
    """What must be equal in near-duplicates but the stems: numbers, and how often something is denied."""
    bare = TRAILING_MARKS.sub("", text)
    return frozenset(analyse(bare)), tuple(sorted(NUMBER.findall(bare))), len(NEGATION.findall(bare))


def says_the_same(left: str, right: str, settings: Settings) -> bool:
    """Whether two texts say the same in nearly the same words, with the same numbers and negations."""
    stems, numbers, negations = facts(left)
    others, other_numbers, other_negations = facts(right)
    if numbers != other_numbers or negations != other_negations:
        return False
    return len(stems & others) >= settings.duplicate_overlap * len(stems | others)


def merge(candidates: Sequence[Candidate], settings: Settings) -> list[Chosen]:
    """Fold near-duplicates into the best of them, then join items of one list that stand together."""
    chosen: list[Chosen] = []
    for candidate in candidates:
        twin = next(
            (n for n, c in enumerate(chosen) if says_the_same(c.candidate.text, candidate.text, settings)), None
        )
        if twin is None:
            chosen.append(Chosen(candidate, candidate.unit.start, candidate.unit.end))
        else:
            chosen[twin] = replace(chosen[twin], also=(*chosen[twin].also, candidate))
    return join_items(chosen, settings)


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
    """Whether two entries are items under one lead-in, or rows of one table."""
    mine, theirs = left.candidate.unit, right.candidate.unit
    listed = {UnitKind.ITEM, UnitKind.CLAUSE}
    return (
        mine.lead is not None
        and mine.lead == theirs.lead
        and mine.kind is theirs.kind
        and mine.kind in listed
        and left.candidate.document.id == right.candidate.document.id
    )
