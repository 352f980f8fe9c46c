"""Chosen candidates → excerpts, citations, notes and follow-ups. Every text shown is cut here, from offsets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from citewell.answer.evidence import Candidate, leans, next_turns
from citewell.answer.merge import Chosen
from citewell.answer.reading import Reading
from citewell.index import Index
from citewell.lexicon import one_letter_apart
from citewell.types import Citation, Document, Excerpt, Unit, fold


@dataclass(frozen=True, slots=True)
class Quoted:
    """Excerpts with the one list of citations that numbers them all.

    :param documents: Those cited, by id.
    """

    excerpts: tuple[Excerpt, ...]
    citations: tuple[Citation, ...]
    documents: dict[str, Document]

    def shown(self) -> list[Document]:
        """The documents that excerpts are cut from, each once, best first."""
        return [self.documents[number] for number in dict.fromkeys(excerpt.document_id for excerpt in self.excerpts)]


def quote(reading: Reading, chosen: Sequence[Chosen]) -> Quoted:
    """Number the chosen stretches 1, 2, …, then their near-duplicates."""
    citations = [
        cite(number, c.candidate.document, c.opening.unit, c.start, c.end) for number, c in enumerate(chosen, start=1)
    ]
    documents = {c.candidate.document.id: c.candidate.document for c in chosen}
    excerpts = []
    for number, entry in enumerate(chosen, start=1):
        also = []
        for twin in entry.also:
            also.append(len(citations) + 1)
            citations.append(cite(len(citations) + 1, twin.document, twin.unit, twin.unit.start, twin.unit.end))
            documents.setdefault(twin.document.id, twin.document)
        excerpts.append(make_excerpt(reading, number, entry, tuple(also)))
    return Quoted(tuple(excerpts), tuple(citations), documents)


def cite(number: int, document: Document, unit: Unit, start: int, end: int) -> Citation:
    """The citation of document.text[start:end]."""
    place = [part for part in unit.section if fold(part) != fold(document.metadata.title)]
    where = [f"page {unit.page}"] if unit.page is not None else []
    where += [unit.place] if unit.place else []
    locator = f"{' › '.join([document.metadata.title, *place, *where])}, chars {start}–{end}"
    return Citation(number, document.id, document.metadata.title, document.metadata.how_to_cite, document.path, document.sha256,
                    locator, start, end)  # fmt: skip


def make_excerpt(reading: Reading, number: int, chosen: Chosen, also: tuple[int, ...]) -> Excerpt:
    """The quotation document.text[start:end] with what stands around it."""
    document, unit = chosen.candidate.document, chosen.opening.unit
    before, after = context(reading, chosen, document)
    return Excerpt(
        number, fold(document.text[chosen.start : chosen.end]), document.id, document.metadata.title, unit.source_class,
        document.metadata.updated, document.metadata.review_status, unit.section, unit.page, chosen.start, chosen.end,
        round(chosen.candidate.score, 6), also, before, after,
    )  # fmt: skip


def context(reading: Reading, chosen: Chosen, document: Document) -> tuple[str, str]:
    """The lead-in, or the sentence that a leaning one needs; and the next sentence where it qualifies the last one."""
    row = chosen.opening
    before = fold(document.text[slice(*row.unit.lead)]) if row.unit.lead else ""
    if not before and leans(row.unit, document):
        previous = reading.before(row)
        before = fold(reading.text(previous)) if previous and previous.unit.block == row.unit.block else ""
    return before, next_turns(chosen.closing, reading)


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


def sections_of(index: Index, documents: Iterable[Document]) -> list[str]:
    """For each document, the sections that it does have."""
    notes = []
    for document in documents:
        if headings := dict.fromkeys(section[-1] for section in index.sections(document.id) if section):
            notes.append(f"“{document.metadata.title}” has the sections: {', '.join(headings)}.")
    return notes
