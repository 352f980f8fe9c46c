"""Bytes → Document, one module for each family of formats; which one reads a file is decided by its content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from citewell.errors import ReadError
from citewell.readers.beir import Failure, is_corpus, read_rows
from citewell.readers.decode import decode
from citewell.readers.html import looks_like_html, read_html
from citewell.readers.limits import LIMITS, Limits
from citewell.readers.manifest import Manifest, load_manifest
from citewell.readers.markdown import looks_like_markdown, read_markdown
from citewell.readers.pdf import read_pdf
from citewell.readers.source import (
    ROWS_SUFFIXES,
    PassedOver,
    Source,
    digest_of,
    discover,
    load,
    opened,
    size_limit,
    survey,
)
from citewell.readers.text import read_text
from citewell.types import Document

__all__ = [
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

PDF_SIGNATURE = b"%PDF-"
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
XML = re.compile(r"\s*<\?xml\b|\s*<!DOCTYPE\b", re.I)
JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*[\[{\"])")


def read_source(source: Source) -> Iterator[Document | Failure]:
    """Read the file of one source; a corpus of any length is never in memory as a whole."""
    if is_rows(source):
        with opened(source) as stream:
            yield from read_rows(source, stream)
    else:
        yield from read(source, load(source))


def is_rows(source: Source) -> bool:
    """Whether a source is a corpus of rows by its name."""
    return source.document_id.lower().endswith(ROWS_SUFFIXES)


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


def read_any(source: Source, data: bytes) -> Iterator[Document | Failure]:
    """Read one source by the format that its content shows."""
    suffix = PurePosixPath(source.document_id).suffix.lower()
    if PDF_SIGNATURE in data[:1024]:
        yield read_pdf(source, data)
    elif is_rows(source) or (suffix == ".json" and is_corpus(data)):
        yield from read_rows(source, BytesIO(data))
    else:
        yield read_decoded(source, data, suffix)


def read_decoded(source: Source, data: bytes, suffix: str) -> Document:
    """Read one of the formats that are text."""
    if looks_like_html(data) or suffix in HTML_SUFFIXES:
        return read_html(source, data)
    text = decode(source.document_id, data)
    if XML.match(text) or (suffix == ".json" and JSON.match(text)):
        kind = "XML" if XML.match(text) else "JSON"
        raise ReadError(
            f"{source.document_id}: expected text, Markdown, HTML, PDF or JSON lines, found {kind}; "
            "convert it to one of them"
        )
    if suffix in MARKDOWN_SUFFIXES or looks_like_markdown(text):
        return read_markdown(source, data, text)
    return read_text(source, data, text)
