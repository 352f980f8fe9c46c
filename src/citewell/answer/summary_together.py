"""The answers to the parts of a question as one answer, which shows each part or says that it is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from citewell.types import Answer, Citation, Disagreement, Excerpt


@dataclass(frozen=True, slots=True)
class Picked:
    """An excerpt with the number, from 0, of the answer that it comes from."""

    answer: int
    excerpt: Excerpt


def together(question: str, asked: Sequence[str], answers: Sequence[Answer], most: int) -> Answer:
    """One answer from those of the parts: the best of each first, and a note on each part that is missing.

    It is as sure as its least sure part that is answered.

    :param asked: The parts, as they were asked.
    :param most: Quotations shown.
    """
    given = any(answer.answered for answer in answers)
    shown = [answer.excerpts if given else answer.nearest for answer in answers]
    offered = [
        Picked(number, each) for row in zip_longest(*shown) for number, each in enumerate(row) if each is not None
    ]
    picked = distinct(offered)[:most]
    excerpts, citations = renumbered(picked, answers)
    sure = [answer.confidence for answer in answers if answer.answered == given]
    of_parts = (
        note.replace("the first quotation", f"the first quotation on “{part}”")
        for part, answer in zip(asked, answers, strict=True)
        for note in answer.notes
    )
    notes = [*missing(asked, answers), *of_parts]
    return replace(
        answers[0],
        question=question,
        searched_for="; ".join(answer.searched_for for answer in answers),
        answered=given,
        confidence=min(sure) if given else max(sure),
        reason=None if given else answers[0].reason,
        excerpts=excerpts if given else (),
        disagreements=differing(offered, picked, answers),
        nearest=() if given else excerpts,
        citations=citations,
        notes=tuple(dict.fromkeys(notes)),
        follow_ups=questions_next(answers),
        timings_ms=summed(answer.timings_ms for answer in answers),
    )


def distinct(offered: Iterable[Picked]) -> list[Picked]:
    """The excerpts without those that share a stretch with one before them; a longer one stands in for what it holds."""
    kept: list[Picked] = []
    for each in offered:
        shared = [number for number, other in enumerate(kept) if overlap(each.excerpt, other.excerpt)]
        if not shared:
            kept.append(each)
        elif len(shared) == 1 and holds(each.excerpt, kept[shared[0]].excerpt):
            kept[shared[0]] = each
    return kept


def holds(longer: Excerpt, other: Excerpt) -> bool:
    """Whether an excerpt holds all of another one."""
    return longer.start <= other.start and other.end <= longer.end


def overlap(left: Excerpt, right: Excerpt) -> bool:
    """Whether two excerpts share a character."""
    return left.document_id == right.document_id and max(left.start, right.start) < min(left.end, right.end)


def renumbered(picked: Sequence[Picked], answers: Sequence[Answer]) -> tuple[tuple[Excerpt, ...], tuple[Citation, ...]]:
    """The excerpts numbered 1, 2, … and their citations, then those of the places that say the same."""
    excerpts, citations, others = [], [], list[Citation]()
    for number, each in enumerate(picked, start=1):
        known = {citation.number: citation for citation in answers[each.answer].citations}
        citations.append(replace(known[each.excerpt.citation], number=number))
        first = len(picked) + len(others) + 1
        others += [replace(known[also], number=first + n) for n, also in enumerate(each.excerpt.also)]
        also = tuple(range(first, first + len(each.excerpt.also)))
        excerpts.append(replace(each.excerpt, citation=number, also=also))
    return tuple(excerpts), (*citations, *others)


def differing(
    offered: Iterable[Picked], picked: Sequence[Picked], answers: Sequence[Answer]
) -> tuple[Disagreement, ...]:
    """The disagreements of all parts by the new numbers, one for each thing they are about, where both sides are shown."""
    numbers = {
        (each.answer, each.excerpt.citation): number
        for each in offered
        for number, kept in enumerate(picked, start=1)
        if overlap(each.excerpt, kept.excerpt)
    }
    sides: dict[str, set[int]] = {}
    for part, answer in enumerate(answers):
        for found in answer.disagreements:
            held = {numbers[part, old] for old in found.citations if (part, old) in numbers}
            if len(held) > 1:
                sides.setdefault(found.about, set()).update(held)
    return tuple(Disagreement(about, tuple(sorted(held))) for about, held in sides.items())


def missing(asked: Sequence[str], answers: Sequence[Answer]) -> list[str]:
    """A note on each part that the documents don't answer."""
    return [
        f"No answer to “{part}” in these documents: {answer.reason}."
        for part, answer in zip(asked, answers, strict=True)
        if not answer.answered
    ]


def questions_next(answers: Sequence[Answer]) -> tuple[str, ...]:
    """The suggested questions of all parts, by turns, as many as one answer has."""
    turns = chain.from_iterable(zip_longest(*(answer.follow_ups for answer in answers)))
    found = dict.fromkeys(each for each in turns if each is not None)
    return tuple(found)[: max(len(answer.follow_ups) for answer in answers)]


def summed(timings: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Milliseconds a stage, of all parts together."""
    total: Counter[str] = Counter()
    for laps in timings:
        total.update(laps)
    return {stage: round(milliseconds, 2) for stage, milliseconds in total.items()}
