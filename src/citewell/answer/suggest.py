"""Questions to ask, made from the headings of the documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from citewell.answer.subject import drugs_in
from citewell.index import Index
from citewell.lexicon import Lexicon
from citewell.types import Document, Excerpt, fold

MANY = re.compile(
    r"(?:\w+ )?(?:side effects|adverse reactions|uses|indications|interactions|contraindications|warnings|symptoms|causes|"
    r"complications|treatments|precautions|risks|benefits|risk factors|results|limits)",
    re.I,
)
ONE = re.compile(
    r"(?:\w+ )?(?:dose|dosage|dosing|mechanism|mechanism of \w+|storage|diagnosis|treatment|prevention|monitoring)",
    re.I,
)
WORKS = re.compile(r"how (?:it|they|this drug) works?", re.I)


def question_for(heading: str, document: Document, lexicon: Lexicon) -> str:
    """A heading of a document as a question about the document's subject."""
    subject = subject_name(document, lexicon)
    small = heading[0].lower() + heading[1:] if heading[1:2].islower() else heading
    if WORKS.fullmatch(heading):
        return f"How does {subject} work?"
    if MANY.fullmatch(heading):
        return f"What are the {small} of {subject}?"
    if ONE.fullmatch(heading):
        return f"What is the {small} of {subject}?"
    return heading if heading.endswith("?") else f"{subject}: {heading}"


def subject_name(document: Document, lexicon: Lexicon) -> str:
    """The drug that a document's title names, else the title up to its first colon or bracket."""
    title = document.metadata.title
    drugs = drugs_in(title, lexicon)
    short = re.split(r"[:(?]", title)[0].strip()
    if drugs and drugs[0] not in short.casefold():
        return drugs[0]
    return short or title


def headings(index: Index, document: Document) -> Iterator[tuple[str, ...]]:
    """The section paths of a document that lie below its title, in order."""
    for section in dict.fromkeys(unit.section for unit in index.units(document.id)):
        if section and fold(section[-1]) != fold(document.metadata.title):
            yield section


def follow_ups(index: Index, excerpts: Sequence[Excerpt], limit: int) -> tuple[str, ...]:
    """Other sections of the quoted documents, as questions to ask next."""
    used = {excerpt.section for excerpt in excerpts}
    found = []
    for document_id in dict.fromkeys(excerpt.document_id for excerpt in excerpts):
        document = index.document(document_id)
        found += [question_for(s[-1], document, index.lexicon) for s in headings(index, document) if s not in used]
    return tuple(dict.fromkeys(found))[:limit]


def example_questions(index: Index, count: int = 4) -> list[str]:
    """Questions that different documents of the index have a section for."""
    found: list[str] = []
    for document_id, _ in index.documents():
        document = index.document(document_id)
        made = [question_for(section[-1], document, index.lexicon) for section in headings(index, document)]
        found += [question for question in made if question.endswith("?") and question not in found][:1]
        if len(found) == count:
            break
    return found
