"""Chosen candidates → excerpts, citations, notes and follow-ups. Every text shown is cut here, from offsets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from citewell.answer.evidence import Candidate, leans, next_turns
from citewell.answer.merge import Chosen
from citewell.index import Index
from citewell.lexicon import one_letter_apart
from citewell.types import Citation, Document, Excerpt, Unit, fold


@dataclass(frozen=True, slots=True)
class Quoted:
    """Excerpts with the one list of citations that numbers them all."""

    excerpts: tuple[Excerpt, ...]
    citations: tuple[Citation, ...]


def quote(index: Index, chosen: Sequence[Chosen]) -> Quoted:
    """Number the chosen stretches 1, 2, …, then their near-duplicates."""
    citations = [
        cite(number, c.candidate.document, opening(index, c), c.start, c.end)
        for number, c in enumerate(chosen, start=1)
    ]
    excerpts = []
    for number, entry in enumerate(chosen, start=1):
        also = []
        for twin in entry.also:
            also.append(len(citations) + 1)
            citations.append(cite(len(citations) + 1, twin.document, twin.unit, twin.unit.start, twin.unit.end))
        excerpts.append(make_excerpt(index, number, entry, tuple(also)))
    return Quoted(tuple(excerpts), tuple(citations))


def cite(number: int, document: Document, unit: Unit, start: int, end: int) -> Citation:
    """The citation of document.text[start:end]."""
    place = [part for part in unit.section if fold(part) != fold(document.metadata.title)]
    page = [f"page {unit.page}"] if unit.page is not None else []
    locator = f"{' › '.join([document.metadata.title, *place, *page])}, chars {start}–{end}"
    return Citation(number, document.id, document.metadata.title, document.metadata.how_to_cite, document.path, document.sha256,
                    locator, start, end)  # fmt: skip


def opening(index: Index, chosen: Chosen) -> Unit:
    """The unit with which a quotation begins."""
    units = index.units(chosen.candidate.document.id)
    return next((unit for unit in units if unit.start == chosen.start), chosen.candidate.unit)


def make_excerpt(index: Index, number: int, chosen: Chosen, also: tuple[int, ...]) -> Excerpt:
    """The quotation document.text[start:end] with what stands around it."""
    document, unit = chosen.candidate.document, opening(index, chosen)
    before, after = context(index.units(document.id), unit, document)
    return Excerpt(
        number, fold(document.text[chosen.start : chosen.end]), document.id, document.metadata.title, unit.source_class,
        document.metadata.updated, document.metadata.review_status, unit.section, unit.page, chosen.start, chosen.end,
        round(chosen.candidate.score, 6), also, before, after,
    )  # fmt: skip


def context(units: Sequence[Unit], unit: Unit, document: Document) -> tuple[str, str]:
    """The lead-in, or the sentence that a leaning one needs; and the next sentence where it qualifies this one."""
    position = next(n for n, other in enumerate(units) if other.start == unit.start)
    before = fold(document.text[slice(*unit.lead)]) if unit.lead else ""
    if not before and position and leans(unit, document) and units[position - 1].block == unit.block:
        before = fold(document.text[units[position - 1].start : units[position - 1].end])
    return before, next_turns(unit, units, document)


def as_printed(candidates: Iterable[Candidate], names: Iterable[str], lexicon_names: frozenset[str]) -> list[str]:
    """Notes on names that a source prints one letter off the name asked for."""
    notes = []
    for candidate in candidates:
        for word in candidate.text.replace("(", " ").split():
            bare = word.strip(".,;:()®").casefold()
            for name in names:
                if bare in lexicon_names and one_letter_apart(bare, name):
                    notes.append(
                        f"“{word.strip('.,;:()®')}” is quoted as printed in the source; you asked about “{name.capitalize()}”."
                    )
    return list(dict.fromkeys(notes))


def sections_of(index: Index, document_ids: Iterable[str]) -> list[str]:
    """For each document, the sections that it does have."""
    notes = []
    for document_id in dict.fromkeys(document_ids):
        document = index.document(document_id)
        headings = dict.fromkeys(unit.section[-1] for unit in index.units(document_id) if unit.section)
        if headings:
            notes.append(f"“{document.metadata.title}” has the sections: {', '.join(headings)}.")
    return notes
