"""Documents against the bytes of their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from citewell.errors import ReadError
from citewell.index.rows import FileState
from citewell.readers import Source, digest_of
from citewell.readers.apart import Ended, read_apart
from citewell.types import Document


class Documents(Protocol):
    """What holds the documents as they were indexed."""

    def document(self, document_id: str) -> Document:
        """A document by its id."""


def damaged_documents(
    index: Documents, files: Iterable[FileState], ids: Mapping[str, set[str]]
) -> Iterator[tuple[str, str]]:
    """Yield each document that the bytes of its file no longer give, with what is the matter.

    :param ids: The documents to look at, by the paths of their files.
    """
    known = {file.path: file for file in files}
    for path in ids.keys() - known.keys():
        yield from ((name, "its file is not among the files of the index") for name in sorted(ids[path]))
    sources = [source_of(known[path]) for path in sorted(ids.keys() & known.keys())]
    found: dict[str, tuple[str, str]] = {}
    for source, entry in read_apart(sources):
        wanted = ids[source.path.as_posix()]
        if isinstance(entry, Document) and entry.id in wanted:
            found[entry.id] = (entry.sha256, entry.text)
        elif isinstance(entry, Ended):
            yield from differing(index, wanted, found, entry.reason)
            found = {}


def changed_in(index: Documents, file: FileState | None, path: str, ids: set[str]) -> frozenset[str]:
    """The documents of one file that it no longer holds as they were indexed."""
    if file and has_bytes(file):
        return frozenset()
    return frozenset(document for document, _ in damaged_documents(index, [file] if file else [], {path: ids}))


def differing(
    index: Documents, wanted: set[str], found: Mapping[str, tuple[str, str]], reason: str | None
) -> Iterator[tuple[str, str]]:
    """The documents of one file that are not as they were indexed."""
    for name in sorted(wanted):
        stored = index.document(name)
        if reason:
            yield name, f"the file can't be read any more: {reason}"
        elif name not in found:
            yield name, "the file no longer holds this document"
        elif found[name] != (stored.sha256, stored.text):
            yield name, "the file has changed since it was indexed"


def has_bytes(file: FileState) -> bool:
    """Whether a file that was read whole has the bytes that it had then."""
    try:
        return bool(file.sha256) and digest_of(source_of(file)) == file.sha256
    except ReadError:
        return False


def source_of(file: FileState) -> Source:
    """A file of the index, to be read again."""
    return Source(Path(file.path), file.document_id, Path(file.root))
