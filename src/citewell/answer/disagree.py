"""Sources that differ: same subject, use and population, another number, unit or interval, or one denies what the other says.

Both are shown, no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from citewell.answer.evidence import Candidate
from citewell.answer.merge import without_marks
from citewell.answer.quantities import DOSING, Range, amounts, intervals
from citewell.answer.reading import stems_of
from citewell.lexicon import specificity, stem, words
from citewell.settings import Settings

LEAST_NAMED = 0.8  # specificity from which a shared word is named as what a difference is about
VITAMIN = frozenset(("vitamin", "d"))  # what an amount is of, as `label` reads; no use
ROUTES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:oral(?:ly)?|by mouth|tablets?|capsules?)\b",
        r"\b(?:intravenous(?:ly)?|i\.?v\.?|infus\w+|into a vein)\b",
        r"\b(?:subcutaneous(?:ly)?|under the skin)\b",
        r"\b(?:intramuscular(?:ly)?|into a muscle)\b",
    )
)
KINDS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:start\w*|initial\w*|loading)\b",
        r"\bmaintenance\b",
        r"\bmax\w*|\b(?:exceed|up to|no more than)\b",
        r"\boverdos\w+",
        r"\b(?:renal|kidneys?|creatinine|dialysis)\b",
        r"\b(?:hepatic|liver)\b",
        r"\b(?:elderly|geriatric|older (?:adults|patients))\b",
        r"\bmissed\b",
    )
)


def stating(patterns: Sequence[re.Pattern[str]], candidate: Candidate) -> frozenset[int]:
    """The numbers of the patterns that a candidate's text holds."""
    return frozenset(number for number, pattern in enumerate(patterns) if pattern.search(candidate.text))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a candidate states in numbers, and for what."""

    candidate: Candidate
    amounts: dict[tuple[str, str], frozenset[Range]]  # (of what, unit) → ranges; a single value is one
    intervals: frozenset[float]  # days
    uses: frozenset[str]  # stems that say for what it holds
    drugs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two candidates of different documents that state different numbers for the same."""

    left: Candidate
    right: Candidate
    about: str


def read_statement(candidate: Candidate, *, named_only: bool = False) -> Statement | None:
    """The amounts and intervals of a candidate, with its drugs and the use that it speaks of; None where it has none.

    :param named_only: Whether only drugs that it names itself, or that its headings name, count.
    """
    text = without_marks(candidate.text)
    found, days = amounts(text, candidate.drugs), intervals(text, of_drug=bool(candidate.drugs))
    if not found and not days:
        return None
    skip = DOSING.union(map(stem, candidate.drugs), VITAMIN)
    uses = frozenset(part for part in stems_of(text) if part not in skip and part.isalpha())
    drugs = candidate.drugs if candidate.named or not named_only else candidate.titled
    return Statement(candidate, found, days, uses, drugs)


def differences(candidates: Sequence[Candidate], drugs: frozenset[str], settings: Settings) -> list[Difference]:
    """Every pair of candidates from different documents that differ in a number for the same drug and use.

    :param drugs: All names of the drugs that the question names. Where it names none, drugs that only stand around a
        statement, in another sentence, don't keep it apart from another one.
    """
    stated = [read_statement(candidate, named_only=not drugs) for candidate in candidates]
    return [
        Difference(left.candidate, right.candidate, describe(left, right, what))
        for left, right in combinations(filter(None, stated), 2)
        if left.candidate.document.id != right.candidate.document.id and (what := differ(left, right, settings))
    ]


def differ(left: Statement, right: Statement, settings: Settings) -> str | None:
    """The attribute in which two statements on one drug and one use differ, "dose of calcium" or "interval"; else None."""
    shared = comparable(left, right, settings)
    if shared is None:
        return None
    for key in sorted(shared):
        if not agree(left.amounts[key], right.amounts[key]) and (
            key[1] != "%" or alike(left.uses, right.uses, settings)
        ):
            return f"{'number' if key[1] in ('%', '1 in') else 'dose'}{f' of {key[0]}' if key[0] else ''}"
    timed = shared or not (left.amounts or right.amounts)
    if timed and left.intervals and right.intervals and not left.intervals & right.intervals:
        return "interval"
    return None


def comparable(left: Statement, right: Statement, settings: Settings) -> frozenset[tuple[str, str]] | None:
    """The (of what, unit) that both state for one drug, population and use; None where they don't speak of the same."""
    if apart(left, right):
        return None
    mine, theirs = left.candidate.population, right.candidate.population
    shared = frozenset(left.amounts.keys() & right.amounts.keys())
    counted = bool(mine.stems and theirs.stems) and mine.includes(theirs)  # "aged 51 to 70" beside "19 to 70 years"
    supplement = bool(left.drugs & right.drugs) and any(of for of, _ in shared)  # what is taken beside a drug
    if stating(KINDS, left.candidate) != stating(KINDS, right.candidate):
        return None
    ways = stating(ROUTES, left.candidate), stating(ROUTES, right.candidate)
    own = [
        [p for p in a.uses - b.uses if specificity(p) >= settings.use_specificity]
        for a, b in ((left, right), (right, left))
    ]
    counted = counted and not all(own)
    if (
        (all(ways) and ways[0].isdisjoint(ways[1]))
        or mine.excludes(theirs)
        or not (counted or supplement or same_use(left.uses, right.uses, settings))
    ):
        return None
    return shared


def apart(left: Statement, right: Statement) -> bool:
    """Whether two statements are on different drugs, or one on a drug and one on none.

    What only a title names ("Paget disease") keeps apart from another name, not from a statement that names nothing.
    """
    if left.drugs & right.drugs:
        return False
    is_drug = left.candidate.reading.lexicon.is_named_drug
    return bool(left.drugs and right.drugs) or any(map(is_drug, left.drugs | right.drugs))


def agree(left: frozenset[Range], right: frozenset[Range]) -> bool:
    """Whether any amount of one side is one of the other: equal, or a limit of its range, or both have a common limit.

    A single amount inside a range is another advice than the range: "600" beside "400 to 800".
    """
    return any(not set(mine).isdisjoint(theirs) for mine in left for theirs in right)


def alike(left: frozenset[str], right: frozenset[str], settings: Settings) -> bool:
    """Whether two statements speak of their use in nearly the same words."""
    return len(left & right) >= settings.use_overlap * len(left | right)


def same_use(left: frozenset[str], right: frozenset[str], settings: Settings) -> bool:
    """Whether two statements are tied to one use: by nearly the same words, or by words special enough.

    One word that everyday English lacks is enough, or two rather special ones.
    """
    shared = left & right
    special = [part for part in shared if specificity(part) >= settings.use_specificity]
    if any(specificity(part) >= 1 for part in special) or len(special) > 1:
        return True
    return alike(left, right, settings)


def describe(left: Statement, right: Statement, attribute: str) -> str:
    """Name a difference in the words of the sources: "dose: bone metastases"."""
    shared = left.uses & right.uses
    spoken = [
        word
        for word, _, _ in words(left.candidate.text)
        if stem(word) in shared and specificity(stem(word)) >= LEAST_NAMED
    ]
    return f"{attribute}: {' '.join(dict.fromkeys(spoken))}" if spoken else attribute
