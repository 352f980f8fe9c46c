"""Near-duplicates become one quotation that keeps all its places; sibling list items are quoted together."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from citewell.answer.evidence import Candidate
from citewell.answer.reading import stems_of
from citewell.index import UnitRow
from citewell.lexicon import specificity, stem
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
    """A candidate to be quoted from the start of `opening` to the end of `closing`, with near-duplicates elsewhere."""

    candidate: Candidate
    opening: UnitRow
    closing: UnitRow
    also: tuple[Candidate, ...] = ()

    @property
    def start(self) -> int:
        """Where the quotation begins."""
        return self.opening.unit.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.closing.unit.end


def choose_whole(candidate: Candidate) -> Chosen:
    """A candidate to be quoted alone."""
    return Chosen(candidate, candidate.row, candidate.row)


def without_marks(text: str) -> str:
    """A text without the reference marks at its end."""
    return without_list(without_brackets(text))


def without_list(text: str) -> str:
    """A text without the bare numbers that end it."""
    return LISTED_MARKS.sub("", text) if text.rstrip().rstrip(".")[-1:].isdecimal() else text


def without_brackets(text: str) -> str:
    """A text without the bracketed reference marks at its end."""
    return BRACKETED_MARKS.sub("", text) if "]" in text else text


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is compared with others.

    :param stems: Its stems but those of drugs' names.
    """

    text: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wordings:
    """A text without reference marks, and with the bare numbers that end it, where some do: marks, most likely."""

    bare: Wording
    listed: Wording | None


def read(text: str, names: Set[str] = frozenset()) -> Wordings:
    """Read a text once for all the texts that it is compared with.

    :param names: Stems of the drugs' names of the index.
    """
    text = without_brackets(text)
    bare = without_list(text)
    return Wordings(wording(bare, names), wording(text, names) if bare != text else None)


def wording(text: str, names: Set[str]) -> Wording:
    """The wording of a text as it stands."""
    return Wording(text, frozenset(stems_of(text)) - names)


def compared(left: Wordings, right: Wordings) -> tuple[Wording, Wording]:
    """What of two texts is compared: two lists of numbers may be two facts, one is marks."""
    return (left.listed, right.listed) if left.listed and right.listed else (left.bare, right.bare)


def may_say_the_same(left: Wordings, right: Wordings) -> bool:
    """Whether two texts have the same telling words, in their order, and the same others but for names of drugs."""
    mine, theirs = compared(left, right)
    return mine.stems == theirs.stems and telling(mine.text) == telling(theirs.text)


def says_the_same(left: Wordings, right: Wordings, drugs: frozenset[str] = frozenset()) -> bool:
    """Whether two texts say the same: the same words but for function words, marks, order and the drug's own name.

    A word more, or in exchange for another, makes another fact; so does another order where something is denied.

    :param drugs: All names of the drug that both speak of, which one may leave out ("It is given …").
    """
    if not may_say_the_same(left, right):
        return False
    first, second = compared(left, right)
    mine, theirs = list(stems_of(first.text)), list(stems_of(second.text))
    own = {stem(name) for name in drugs}
    if own.isdisjoint(mine) or own.isdisjoint(theirs):
        mine, theirs = ([part for part in parts if part not in own] for parts in (mine, theirs))
    if DENIAL.search(first.text) or names(mine) != names(theirs):
        return mine == theirs
    return sorted(mine) == sorted(theirs)


def names(stems: Sequence[str]) -> list[str]:
    """The stems that everyday English lacks, in order: who does what to whom."""
    return [part for part in stems if specificity(part) >= 1]


def telling(text: str) -> tuple[str, ...]:
    """The numbers, units, times, comparisons and denials of a text, in order."""
    return tuple(match.group().casefold() for match in TELLING.finditer(text))


def merge(candidates: Sequence[Candidate], settings: Settings) -> list[Chosen]:
    """Fold near-duplicates into the best of them, then join items of one list that stand together."""
    chosen: list[Chosen] = []
    said: list[Wordings] = []
    for candidate in candidates:
        mine, words = choose_whole(candidate), read(candidate.text, candidate.reading.lexicon.name_stems)
        twin = find_twin(candidate, words, chosen, said)
        if twin is None:
            chosen.append(mine)
            said.append(words)
        elif candidate.turned and not chosen[twin].candidate.turned:  # the one that its source qualifies is shown
            chosen[twin] = replace(mine, also=(chosen[twin].candidate, *chosen[twin].also))
            said[twin] = words
        else:
            chosen[twin] = replace(chosen[twin], also=(*chosen[twin].also, candidate))
    return join_items(chosen, settings)


def find_twin(candidate: Candidate, words: Wordings, chosen: Sequence[Chosen], said: Sequence[Wordings]) -> int | None:
    """The first of the chosen that says the same of the same drugs."""
    for number, (entry, theirs) in enumerate(zip(chosen, said, strict=True)):
        drugs = candidate.drugs if may_say_the_same(theirs, words) else None
        if drugs is not None and entry.candidate.drugs == drugs and says_the_same(theirs, words, drugs):
            return number
    return None


def join_items(chosen: Sequence[Chosen], settings: Settings) -> list[Chosen]:
    """Quote the items of one list from the first to the last chosen one as one stretch, where that is short."""
    joined: list[Chosen] = []
    for entry in chosen:
        listed = entry.candidate.unit.lead is not None
        twin = next((n for n, other in enumerate(joined) if listed and same_list(other, entry)), None)
        if twin is None:
            joined.append(entry)
            continue
        opening = min(joined[twin].opening, entry.opening, key=lambda row: row.unit.start)
        closing = max(joined[twin].closing, entry.closing, key=lambda row: row.unit.end)
        if closing.unit.end - opening.unit.start <= settings.list_chars:
            also = (*joined[twin].also, *entry.also)
            joined[twin] = replace(joined[twin], opening=opening, closing=closing, also=also)
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
