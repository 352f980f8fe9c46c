"""Documents against the bytes of their files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from citewell.errors import CitewellError
from citewell.index.rows import FileState
from citewell.readers import Source, load, read
from citewell.types import Document


class Documents(Protocol):
    """What holds the documents as they were indexed."""

    def document(self, document_id: str) -> Document:
        """A document by its id."""


def damaged_documents(index: Documents, path: str, file: FileState | None, ids: set[str]) -> Iterator[tuple[str, str]]:
    """Yield each document of one file that its bytes no longer give, with what is the matter."""
    if file is None:
        yield from ((name, "its file is not among the files of the index") for name in sorted(ids))
        return
    source = Source(Path(path), file.document_id, Path(file.root))
    try:
        entries = [entry for entry in read(source, load(source), None) if isinstance(entry, Document)]
    except CitewellError as error:
        yield from ((name, f"the file can't be read any more: {error}") for name in sorted(ids))
        return
    found = {entry.id: (entry.sha256, entry.text) for entry in entries if entry.id in ids}
    for name in sorted(ids):
        stored = index.document(name)
        if name not in found:
            yield name, "the file no longer holds this document"
        elif found[name] != (stored.sha256, stored.text):
            yield name, "the file has changed since it was indexed"
