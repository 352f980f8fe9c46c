"""Questions to ask, made from the headings of the documents."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Set
from itertools import chain

from citewell.index import Index
from citewell.lexicon import Lexicon
from citewell.types import Document, fold

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


def question_for(heading: str, subject: str) -> str:
    """A heading of a document as a question about the document's subject."""
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
    drugs = lexicon.drugs_in(title)
    short = re.split(r"[:(?]", title)[0].strip()
    if drugs and drugs[0] not in short.casefold():
        return drugs[0]
    return short or title


def questions_on(index: Index, document: Document, used: Container[tuple[str, ...]] = ()) -> Iterator[str]:
    """Yield a question for each section of a document below its title that is not used yet, in order."""
    subject, title = subject_name(document, index.lexicon), fold(document.metadata.title)
    for section in index.sections(document.id):
        if section and section not in used and fold(section[-1]) != title:
            yield question_for(section[-1], subject)


def follow_ups(index: Index, documents: Iterable[Document], used: Set[tuple[str, ...]], limit: int) -> tuple[str, ...]:
    """Questions to ask next: on other sections of the quoted documents than the ones used."""
    questions = chain.from_iterable(questions_on(index, document, used) for document in documents)
    found: dict[str, None] = {}
    while len(found) < limit and (question := next(questions, None)):
        found[question] = None
    return tuple(found)


def example_questions(index: Index, count: int = 4) -> list[str]:
    """Questions that different documents of the index have a section for."""
    found: list[str] = []
    for document_id, _ in index.documents():
        made = questions_on(index, index.document(document_id))
        found += [question for question in made if question.endswith("?") and question not in found][:1]
        if len(found) == count:
            break
    return found
