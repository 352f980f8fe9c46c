"""What the reader has to know beside the quotations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from citewell.answer.caution import cautions
from citewell.answer.compose import Quoted, as_printed, sections_of
from citewell.answer.evidence import Candidate
from citewell.answer.subject import Subject, titled
from citewell.index import Index
from citewell.search import Query
from citewell.types import Answer, Audience

GLOSSED = 5  # words explained to a patient
SHOWN_DRUGS = 20  # names listed where the documents don't cover the drug asked for


def make_notes(
    index: Index, query: Query, subject: Subject, quoted: Quoted, shown: Sequence[Candidate], *, answered: bool
) -> tuple[str, ...]:
    """What the reader has to know beside the quotations: changed words, other names, misprints, the sources' own remarks."""
    notes = [
        f"“{typed}” does not occur in these documents; searched for “{used}” instead."
        for typed, used in query.corrections
    ]
    notes += [
        f"“{typed}” does not occur in these documents. Did you mean {' or '.join(f'“{word}”' for word in meant)}?"
        for typed, meant in query.suggestions
    ]
    notes += other_names(query)
    notes += [f"“{name}” does not occur in these documents; the name beside it does." for name in subject.tied]
    notes += cautions(query.text, [excerpt.text for excerpt in quoted.excerpts] if answered else [])
    if answered:
        quoted_candidates = [
            c
            for c in shown
            if any(e.start <= c.unit.start < e.end and e.document_id == c.document.id for e in quoted.excerpts)
        ]
        notes += as_printed(
            quoted_candidates, [name for name in subject.names if name in query.text.casefold()], subject.names
        )
        notes += [
            f"{document.metadata.title}: {remark}"
            for _, document in sorted(quoted.documents.items())
            for remark in document.metadata.remarks
        ]
    else:
        notes += covered_drugs(index) if subject.absent else []
        notes += sections_of(index, quoted.shown())
    return tuple(dict.fromkeys(notes))


def changed_notes(index: Index, answer: Answer) -> list[str]:
    """Of which documents cited the file is no longer what was indexed, so that a citation is stale."""
    cited = {citation.document_id: citation.title for citation in answer.citations}
    return [
        f"The file of “{title}” has changed since it was indexed, or is gone: it is quoted as it was then. Index it again."
        for document_id, title in cited.items()
        if not index.is_current(document_id)
    ]


def other_names(query: Query) -> list[str]:
    """What each name typed was also searched for as, in one sentence a name."""
    means: dict[str, list[str]] = {}
    for phrase, alias in query.aliases:
        means.setdefault(phrase, []).append(alias.means)
    return [
        f"“{phrase}” was also searched for as {' and '.join(f'“{other}”' for other in others)}."
        for phrase, others in means.items()
    ]


def unspoken_notes(subject: Subject, candidates: Sequence[Candidate], quoted: Quoted) -> list[str]:
    """Of several drugs asked about, those of which no quotation speaks."""
    spoken = [
        candidate.drugs
        for candidate in candidates
        if any(
            e.document_id == candidate.document.id and e.start <= candidate.unit.start < e.end for e in quoted.excerpts
        )
    ]
    silent = [names for names in subject.drugs if len(subject.drugs) > 1 and not any(names & each for each in spoken)]
    return [f"No quotation here speaks of “{min(names)}”." for names in silent]


def glossary_notes(index: Index, quoted: Quoted, audience: Audience | None) -> list[str]:
    """What the clinical words and short forms of the quotations mean in other words, for a patient."""
    if audience is not Audience.PATIENT:
        return []
    found = dict(chain.from_iterable(index.lexicon.explained(excerpt.text) for excerpt in quoted.excerpts))
    return [f"“{word}” means “{meaning}” (from the glossary)." for word, meaning in list(found.items())[:GLOSSED]]


def covered_drugs(index: Index) -> list[str]:
    """The drugs that the documents are about, by their titles, for somebody who asked about another."""
    drugs = list(titled(index))
    shown = ", ".join(drugs[:SHOWN_DRUGS]) + (", …" if len(drugs) > SHOWN_DRUGS else "")
    return [f"By their titles, these documents are about: {shown}."] if drugs else []
