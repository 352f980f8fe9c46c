"""What a reviewer may mark as gold: the quotations shown now, and the sentences of the nearest passages, numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from citewell.errors import UsageError
from citewell.evaluate.cases import Evidence
from citewell.index import Index
from citewell.search import search
from citewell.types import Answer, Document, Span, fold

PASSAGES = 3  # nearest passages whose sentences are offered
CONTEXT = 30  # characters kept before and after a quotation
MARK = re.compile(r"(?P<helps>h?)(?P<first>\d{1,3})(?:-(?P<last>\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Offer:
    """A stretch that may be gold, with the heading it is shown under."""

    group: str
    span: Span
    text: str


def offers_for(index: Index, question: str, answer: Answer) -> tuple[Offer, ...]:
    """The answer's quotations, then the units of the best passages, in reading order; each stretch once."""
    found: dict[Span, Offer] = {}
    quoted = "Shown as the answer" if answer.answered else "Shown as nearest, not as an answer"
    for excerpt in answer.excerpts or answer.nearest:
        span = Span(excerpt.document_id, excerpt.start, excerpt.end)
        found.setdefault(span, Offer(quoted, span, excerpt.text))
    for hit in search(index, question, top=PASSAGES):
        for offer in offers_in(index, Span(hit.document_id, hit.start, hit.end), f"Passage {hit.rank}"):
            found.setdefault(offer.span, offer)
    return tuple(found.values())


def offers_in(index: Index, passage: Span, name: str) -> Iterator[Offer]:
    """Yield the units of a passage."""
    document = index.document(passage.document_id)
    for unit in index.units(passage.document_id):
        if passage.start <= unit.start and unit.end <= passage.end:
            place = " › ".join(dict.fromkeys([document.metadata.title, *unit.section]))
            yield Offer(
                f"{name}: {place}", Span(document.id, unit.start, unit.end), fold(document.text[unit.start : unit.end])
            )


def toggled(marks: Mapping[Span, int], typed: str, offers: tuple[Offer, ...]) -> dict[Span, int]:
    """Marks with the typed ones added, or taken off where they were: "1", "3-5" in one stretch, "h2" only helps.

    :param marks: The grade of each marked stretch.
    """
    changed = dict(marks)
    for word in typed.split():
        match = MARK.fullmatch(word)
        numbers = [int(match["first"]), int(match["last"] or match["first"])] if match else []
        if not match or not 1 <= numbers[0] <= numbers[1] <= len(offers):
            raise UsageError(f"expected numbers from 1 to {len(offers)}, such as 1 or 3-5 or h2, found {word!r}.")
        first, last = (offers[number - 1].span for number in numbers)
        if first.document_id != last.document_id or first.end > last.end:
            raise UsageError(f"expected {word} to run forward in one document, found two. Mark them one by one.")
        span, grade = Span(first.document_id, first.start, last.end), 1 if match["helps"] else 2
        if changed.get(span) == grade:
            del changed[span]
        else:
            changed[span] = grade
    return changed


def evidence_of(document: Document, span: Span, grade: int) -> Evidence:
    """A marked stretch as a quotation with what stands around it and the version of its file."""
    text = document.text
    return Evidence(
        doc=document.id,
        quote=fold(text[span.start : span.end]),
        prefix=fold(text[max(0, span.start - CONTEXT) : span.start]),
        suffix=fold(text[span.end : span.end + CONTEXT]),
        version=f"sha256:{document.sha256}",
        grade=grade,
    )
