"""An archive of documents, such as DailyMed's of one label or of many → each of its documents."""

from __future__ import annotations

from collections.abc import Iterator

from citewell.errors import ReadError
from citewell.readers.archive import Archive
from citewell.readers.beir import Failure
from citewell.readers.formats import ZIP_SIGNATURE, read_any
from citewell.readers.labels.openfda import looks_like_openfda, read_openfda
from citewell.readers.source import Source, kind_of_picture
from citewell.types import Document

HIDDEN = ("__MACOSX/", ".")


def read_zipped(source: Source, archive: Archive) -> Iterator[Document | Failure]:
    """Read each document of an archive, and of the archives in it; one that fails leaves the others alone.

    An archive that holds a single document has that one's id for its own.
    """
    names = [
        name
        for name in archive.names
        if not name.startswith(HIDDEN) and not kind_of_picture(name, archive.opening(name))
    ]
    if not names:
        raise ReadError(
            f"{source.document_id}: expected documents in the archive, found none; unpack it and look inside"
        )
    for name in names:
        inner = source if len(names) == 1 else Source(source.path, f"{source.document_id}/{name}", source.root)
        try:
            yield from read_member(inner, archive, name)
        except ReadError as error:
            yield Failure(inner.document_id, str(error))


def read_member(source: Source, archive: Archive, name: str) -> Iterator[Document | Failure]:
    """Read one file of an archive."""
    if name.lower().endswith(".json") and looks_like_openfda(archive.opening(name)):
        with archive.stream(name) as stream:
            yield from read_openfda(source, stream)
        return
    data = archive.read(name)
    if data.startswith(ZIP_SIGNATURE):
        inner = Archive(source.document_id, data)
        labels = [each for each in inner.names if each.lower().endswith(".xml")]
        if len(labels) == 1 and "[Content_Types].xml" not in inner.names and "mimetype" not in inner.names:
            data = inner.read(labels[0])
    yield from read_any(source, data, inside=True)
