"""The fewest quotations that cover what was asked for: one for a fact, a summary for a subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Protocol

from citewell.answer.evidence import Candidate
from citewell.answer.merge import Chosen, merge, same_list
from citewell.answer.reading import stems_of
from citewell.answer.summary_breadth import Breadth, asks_for_all, breadth_of
from citewell.lexicon import specificity
from citewell.settings import Settings

LEAST_GAP = 1e-9  # where none may lie behind the best, only equals are near


class Likely(Protocol):
    """A candidate with how likely it answers; its score counts that too."""

    @property
    def candidate(self) -> Candidate:
        """What may be quoted."""

    @property
    def confidence(self) -> float:
        """The probability that it answers."""

    @property
    def log_odds(self) -> float:
        """ln(p / (1 - p)) of that probability."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A quotation that could be taken.

    :param stems: What it says.
    :param weight: How specific its stems are, together.
    :param worth: How near it comes to the best, 0..1; the sentence before it counts too.
    """

    chosen: Chosen
    stems: frozenset[str]
    weight: float
    worth: float


def cover(
    question: str,
    merged: Sequence[Chosen],
    judged: Sequence[Likely],
    likelihood: float,
    settings: Settings,
    *,
    sources_chosen: bool = False,
) -> list[Chosen]:
    """The quotations for a question, the best first; of a summary, the others of its document after it, in source order.

    :param merged: Those that may be quoted, near-duplicates merged, best first.
    :param judged: All candidates, best first. A summary goes on to less likely ones.
    :param likelihood: The probability that the best one answers. Where it is low, a fact may stand in another one, too.
    :param sources_chosen: The documents were chosen by who asks: all that they say is wanted where all is asked for.
    """
    breadth = breadth_of(question)
    if breadth is Breadth.FACT and likelihood < settings.fact_likelihood:
        return list(merged[: settings.excerpts])
    if breadth is Breadth.FACT:
        offered = offers(merged, judged, nearness(judged, 1.0, settings), settings)
        return take(offered, settings.fact_gain, settings.excerpts, sum(map(length, merged)))
    if sources_chosen and asks_for_all(question):
        return summarise(judged, settings)
    likely = [*judged[:1], *(entry for entry in judged[1:] if entry.confidence >= settings.summary_confidence)]
    near = nearness(likely, settings.list_reach if breadth is Breadth.LIST else settings.summary_reach, settings)
    return summary(likely, near, settings.summary_gain, settings)


def summarise(judged: Sequence[Likely], settings: Settings) -> list[Chosen]:
    """A summary of documents that are known to be wanted, as long as set: all that they say is weighed."""
    highest = max((entry.confidence for entry in judged), default=1.0)
    return summary(judged, [entry.confidence / highest for entry in judged], 0.0, settings)


def summary(entries: Sequence[Likely], worths: Sequence[float], least: float, settings: Settings) -> list[Chosen]:
    """The summary that candidates allow: what each adds, until there is too much of it or it adds too little.

    :param worths: What each is worth, 0..1; one of 0 is left out.
    :param least: Gain 0..1 below which it adds too little.
    """
    kept = [(entry, worth) for entry, worth in zip(entries, worths, strict=True) if worth > 0]
    merged = merge([entry.candidate for entry, _ in kept], settings)
    offered = offers(merged, [entry for entry, _ in kept], [worth for _, worth in kept], settings)
    taken = take(offered, least, len(merged), settings.summary_chars)
    return in_source_order(stretches(taken, settings)[: settings.excerpts])


def nearness(judged: Sequence[Likely], reach: float, settings: Settings) -> list[float]:
    """How near each candidate comes to the best, 1 for as good, 0 from where none is quoted beside it.

    :param reach: How many times further than usual 0 lies.
    """
    score_gap, odds_gap = (
        max(settings.excerpt_gap, LEAST_GAP) * reach,
        max(settings.excerpt_odds_gap, LEAST_GAP) * reach,
    )
    found = []
    for entry in judged:
        behind = (judged[0].candidate.score - entry.candidate.score) / score_gap
        less_likely = (judged[0].log_odds - entry.log_odds) / odds_gap
        found.append(max(0.0, 1 - max(0.0, min(behind, less_likely))))
    return found


def offers(
    merged: Iterable[Chosen], judged: Sequence[Likely], worths: Sequence[float], settings: Settings
) -> list[Offer]:
    """Quotations with what they say and what they are worth, in their order."""
    worth = {entry.candidate.row.number: value for entry, value in zip(judged, worths, strict=True)}
    blocks = {entry.candidate.row.number: block_of(entry.candidate) for entry in judged}
    found = []
    for chosen in merged:
        number = chosen.candidate.row.number
        carry = settings.summary_carry if blocks.get(number - 1) == blocks[number] else 0.0
        found.append(offer(chosen, (1 - carry) * worth[number] + carry * worth.get(number - 1, 0.0)))
    return found


def block_of(candidate: Candidate) -> tuple[int, int]:
    """The document and the block that a candidate stands in."""
    return candidate.row.document, candidate.unit.block


def offer(chosen: Chosen, worth: float) -> Offer:
    """One quotation as an offer."""
    stems = frozenset(stems_of(chosen.candidate.document.text[chosen.start : chosen.end]))
    return Offer(chosen, stems, sum(map(specificity, stems)), worth)


def take(offered: Sequence[Offer], least: float, most: int, chars: int) -> list[Chosen]:
    """The first offer, then whatever adds most that was not said yet, by how near it comes to the best.

    Gains only shrink as more is said, so greedy choice is within 1 - 1/e of the best (Nemhauser, Wolsey & Fisher 1978; Lin &
    Bilmes, ACL 2011), and an old gain bounds a new one (Minoux 1978).

    :param least: Gain 0..1 below which nothing is taken any more.
    :param most: Quotations.
    :param chars: Characters that they may have together; the first may have more.
    """
    if not offered:
        return []
    taken, said, room = [offered[0].chosen], set(offered[0].stems), chars - length(offered[0].chosen)
    waiting = [(-entry.worth, number) for number, entry in enumerate(offered) if number]
    heapify(waiting)
    while waiting and len(taken) < most:
        number = heappop(waiting)[1]
        entry = offered[number]
        now = gain(entry, said)
        if waiting and now < -waiting[0][0]:
            heappush(waiting, (-now, number))
        elif now < least:
            break
        elif length(entry.chosen) <= room:
            taken.append(entry.chosen)
            said |= entry.stems
            room -= length(entry.chosen)
    return taken


def gain(entry: Offer, said: set[str]) -> float:
    """How likely an offer answers, times the share of it that is new."""
    return entry.worth * sum(map(specificity, entry.stems - said)) / entry.weight if entry.weight else 0.0


def length(chosen: Chosen) -> int:
    """Characters of a quotation."""
    return chosen.end - chosen.start


def stretches(taken: Sequence[Chosen], settings: Settings) -> list[Chosen]:
    """Quotations that stand together as one, each in the place of its best part."""
    joined = list(taken)
    for left, right in pairwise(sorted(taken, key=place)):
        first = next(entry for entry in joined if covers(entry, left))
        second = next(entry for entry in joined if covers(entry, right))
        if first is not second and stand_together(first, second, settings):
            better, other = sorted((first, second), key=joined.index)
            closing = max(first.closing, second.closing, key=lambda row: row.unit.end)
            both = replace(better, opening=first.opening, closing=closing, also=(*better.also, *other.also))
            joined[joined.index(better)] = both
            joined.remove(other)
    return joined


def place(chosen: Chosen) -> tuple[int, int]:
    """Where a quotation stands in the index."""
    return chosen.candidate.row.document, chosen.start


def covers(whole: Chosen, part: Chosen) -> bool:
    """Whether one quotation holds another."""
    same = whole.candidate.row.document == part.candidate.row.document
    return same and whole.start <= part.start and part.end <= whole.end


def stand_together(first: Chosen, second: Chosen, settings: Settings) -> bool:
    """Whether two quotations are shown as one: both of one paragraph, or one list, with little between them.

    What stands between is quoted along, so it must not name a drug that neither of them speaks of.
    """
    same_block = block_of(first.candidate) == block_of(second.candidate)
    if not (same_block or same_list(first, second)) or second.end - first.start > settings.list_chars:
        return False
    between = first.candidate.document.text[first.end : second.start]
    if len(between) > settings.bridge_chars:
        return False
    names = first.candidate.drugs | second.candidate.drugs
    return names.issuperset(first.candidate.reading.lexicon.drugs_in(between))


def in_source_order(chosen: Sequence[Chosen]) -> list[Chosen]:
    """The best quotation, then the others of its document as they stand there, then those of the next best document."""
    documents = list(dict.fromkeys(entry.candidate.row.document for entry in chosen))
    others = sorted(chosen[1:], key=lambda entry: (documents.index(entry.candidate.row.document), entry.start))
    return [*chosen[:1], *others]
