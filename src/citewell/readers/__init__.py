"""Bytes → Document, one module for each family of formats; which one reads a file is decided by its content."""

from __future__ import annotations

from collections.abc import Iterator

from citewell.errors import ReadError
from citewell.readers.beir import Failure
from citewell.readers.formats import read_any, read_lines
from citewell.readers.limits import LIMITS, Limits
from citewell.readers.manifest import Manifest, load_manifest
from citewell.readers.source import (
    GLOSSARY,
    PassedOver,
    Source,
    digest_of,
    discover,
    is_rows,
    load,
    opened,
    size_limit,
    survey,
)
from citewell.types import Document

__all__ = [
    "GLOSSARY",
    "LIMITS",
    "Failure",
    "Limits",
    "Manifest",
    "PassedOver",
    "Source",
    "digest_of",
    "discover",
    "load",
    "load_manifest",
    "read",
    "read_source",
    "survey",
]


def read_source(source: Source) -> Iterator[Document | Failure]:
    """Read the file of one source; a corpus of any length is never in memory as a whole."""
    if is_rows(source.document_id):
        with opened(source) as stream:
            yield from read_lines(source, stream)
    else:
        yield from read(source, load(source))


def read(source: Source, data: bytes, manifest: Manifest | None = None) -> Iterator[Document | Failure]:
    """Read one source: one Document, or one for each row of a corpus, with a Failure for each bad row.

    Raises ReadError when the file as a whole can't be read, for a corpus once its rows have been gone through.
    """
    most = size_limit(source.document_id)
    if len(data) > most:
        raise ReadError(f"{source.document_id}: expected at most {most:,} bytes, found {len(data):,}; split the file")
    for document in read_any(source, data):
        if manifest and isinstance(document, Document):
            document = manifest.applied(document, source)
        yield document
