"""What the chat needs of an index: a protocol, and its one home over the public surface of Citewell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import citewell
from citewell.types import Answer, Audience, Document, Metadata, SourceClass, Unit


class Library(Protocol):
    """Documents that can be asked. Every method may be called from many threads at once."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        classes: Sequence[SourceClass] = (),
        documents: Sequence[str] = (),
        audience: Audience | None = None,
    ) -> Answer:
        """Answer a question; CitewellError for one that can't be asked."""

    def as_dict(self, answer: Answer) -> dict[str, Any]:
        """The answer as the contract's JSON object."""

    def document(self, document_id: str) -> Document:
        """A document by its id; CitewellError if there is none."""

    def units(self, document_id: str) -> Sequence[Unit]:
        """The units of a document, in order."""

    def documents(self) -> Sequence[tuple[str, Metadata]]:
        """Every document's id and metadata."""

    def is_current(self, document_id: str) -> bool:
        """Whether the document's file still says what was indexed."""

    def example_questions(self, count: int) -> Sequence[str]:
        """Questions that the documents answer."""


class IndexLibrary:
    """An index on this machine, opened once."""

    def __init__(self, path: Path) -> None:
        self._index = citewell.open_index(path)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        classes: Sequence[SourceClass] = (),
        documents: Sequence[str] = (),
        audience: Audience | None = None,
    ) -> Answer:
        """Answer a question from the index."""
        return citewell.ask(
            self._index, question, history=history, classes=classes, documents=documents, audience=audience
        )

    def as_dict(self, answer: Answer) -> dict[str, Any]:
        """The object that the command line prints."""
        return citewell.answer_as_dict(answer)

    def document(self, document_id: str) -> Document:
        """A document of the index."""
        return self._index.document(document_id)

    def units(self, document_id: str) -> Sequence[Unit]:
        """The units of a document, in order."""
        return self._index.units(document_id)

    def documents(self) -> Sequence[tuple[str, Metadata]]:
        """Every document's id and metadata."""
        return self._index.documents()

    def is_current(self, document_id: str) -> bool:
        """Whether the file is unchanged."""
        return self._index.is_current(document_id)

    def example_questions(self, count: int) -> Sequence[str]:
        """Questions from the index's own documents."""
        return citewell.example_questions(self._index, count)
