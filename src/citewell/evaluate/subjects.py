"""The subjects that documents cover, each with the sections and tables that answer questions on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from citewell.answer.suggest import subject_name
from citewell.evaluate.templates import DISEASE, DRUG, Template, reads_well, small
from citewell.evaluate.variants import Known, as_written, written_names
from citewell.index import Index
from citewell.types import Document, Unit


@dataclass(frozen=True, slots=True)
class Subject:
    """A drug or a disease.

    :param names: All its names, in small letters.
    :param documents: Those that are about it, by their titles.
    """

    name: str
    names: frozenset[str]
    documents: tuple[Document, ...]
    is_drug: bool

    @property
    def templates(self) -> tuple[Template, ...]:
        """The questions that can be asked of it."""
        return DRUG if self.is_drug else DISEASE


@dataclass(frozen=True)
class Shelf:
    """The documents of an index, read once."""

    index: Index
    documents: tuple[Document, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = (self.index.document(document_id) for document_id, _ in self.index.documents())
        object.__setattr__(self, "documents", tuple(found))

    @cached_property
    def known(self) -> Known:
        """The names of drugs that no mistyped word may become."""
        lexicon = self.index.lexicon
        named = (name for document in self.documents for name in lexicon.drugs_in(document.text))
        return Known(lexicon, frozenset(name.casefold() for name in (*written_names(), *named)))

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """The subjects of all titles that name one, in the order of their first documents."""
        found: dict[frozenset[str], list[Document]] = {}
        shown: dict[frozenset[str], tuple[str, bool]] = {}
        for document in self.documents:
            name, is_drug = self.named(document)
            names = self.index.lexicon.same_drug(name)
            if reads_well(name):
                shown.setdefault(names, (name, is_drug))
                found.setdefault(names, []).append(document)
        return tuple(Subject(shown[names][0], names, tuple(group), shown[names][1]) for names, group in found.items())

    def named(self, document: Document) -> tuple[str, bool]:
        """What a document's title is about, and whether that is a drug, not a group of drugs."""
        title = document.metadata.title
        drugs = [drug for drug in self.index.lexicon.drugs_in(title) if self.index.lexicon.is_drug(drug)]
        if drugs:
            longer = (name for name in written_names() if name.split()[0] == drugs[0] and name in title.casefold())
            return as_written(max(longer, key=len, default=drugs[0])), True
        return small(subject_name(document, self.index.lexicon), document.text), False

    def mentions(self, subject: Subject) -> list[Document]:
        """Every document that names a subject anywhere."""
        name = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(subject.names)))})(?!\w)", re.I)
        return [
            document
            for document in self.documents
            if name.search(document.text) or name.search(document.metadata.title)
        ]

    def sections(self, subject: Subject, template: Template) -> Iterator[tuple[Document, Unit]]:
        """Yield the units of a subject's sections of one kind, but those under a heading that names another drug."""
        for document in subject.documents:
            for unit in self.index.units(document.id):
                if any(template.heading.fullmatch(heading) for heading in unit.section) and not self.elsewhere(
                    unit, subject
                ):
                    yield document, unit

    def elsewhere(self, unit: Unit, subject: Subject) -> bool:
        """Whether a heading below the title names a drug that is not the subject."""
        return any(not {*self.index.lexicon.drugs_in(heading)} <= subject.names for heading in unit.section[1:])
