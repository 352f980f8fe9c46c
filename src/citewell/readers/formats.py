"""Which format a file is in, by its content; each reader is loaded when first needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from io import BufferedReader, BytesIO
from pathlib import PurePosixPath
from typing import Any

from citewell.errors import ReadError
from citewell.readers.archive import OPENING, Archive
from citewell.readers.beir import Failure, is_corpus, read_rows
from citewell.readers.decode import decode
from citewell.readers.source import Source, is_rows
from citewell.types import Document

PDF_SIGNATURE = b"%PDF-"
ZIP_SIGNATURE = b"PK\x03\x04"
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml\b|!DOCTYPE\b|[A-Za-z][\w.-]*(?::[\w.-]+)?(?:\s+[\w:.-]+\s*=|\s*/?>))")
JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
XML_SUFFIXES = (".xml", ".nxml")
# Formats told apart by content, in this order: module and name; its functions are looks_like_NAME and read_NAME.
MARKED_UP = (("labels.spl", "spl"), ("labels.fhir", "fhir"), ("articles.jats", "jats"), ("articles.pubmed", "pubmed"))
PACKAGES = (("office.word", "word"), ("office.sheet", "sheet"), ("office.epub", "epub"))


def read_any(source: Source, data: bytes, *, inside: bool = False) -> Iterator[Document | Failure]:
    """Read one source by the format that its content shows.

    :param inside: It lies in an archive; archives in it are not opened.
    """
    suffix = PurePosixPath(source.document_id).suffix.lower()
    if PDF_SIGNATURE in data[:1024]:
        yield call("pdf", "read_pdf", source, data)
    elif data.startswith(ZIP_SIGNATURE):
        yield from read_package(source, data, inside=inside)
    elif is_rows(source.document_id):
        yield from read_lines(source, BufferedReader(BytesIO(data)))
    elif suffix == ".json" and is_corpus(data):
        yield from read_rows(source, BytesIO(data))
    elif (suffix == ".json" or not suffix) and JSON.match(data):
        yield from read_object(source, data)
    elif (XML.match(data) or suffix in XML_SUFFIXES) and (found := marked_up(data)):
        yield from several(call(found[0], f"read_{found[1]}", source, data))
    else:
        yield read_decoded(source, data, suffix)


def read_lines(source: Source, stream: BufferedReader) -> Iterator[Document | Failure]:
    """Read a file of JSON lines, of any length: labels of openFDA, else rows of a corpus."""
    labels = call("labels.openfda", "looks_like_openfda", stream.peek(OPENING)[:OPENING])
    yield from call("labels.openfda", "read_openfda", source, stream) if labels else read_rows(source, stream)


def call(module: str, function: str, *arguments: Any) -> Any:
    """Call a function of a reader that is loaded when first needed."""
    return getattr(import_module(f"citewell.readers.{module}"), function)(*arguments)


def one(found: Document) -> Document:
    """What a reader of one document found."""
    return found


def several(found: Document | Iterator[Document | Failure]) -> Iterator[Document | Failure]:
    """What a reader found, whether it reads one document a file or several."""
    if isinstance(found, Document):
        yield found
    else:
        yield from found


def marked_up(data: bytes) -> tuple[str, str] | None:
    """The reader of an XML format, by its content."""
    return next((each for each in MARKED_UP if call(each[0], f"looks_like_{each[1]}", data)), None)


def read_object(source: Source, data: bytes) -> Iterator[Document | Failure]:
    """Read a JSON file."""
    if call("labels.openfda", "looks_like_openfda", data):
        yield from call("labels.openfda", "read_openfda", source, BytesIO(data))
    elif call("labels.fhir", "looks_like_fhir", data):
        yield from several(call("labels.fhir", "read_fhir", source, data))
    else:
        raise ReadError(
            f"{source.document_id}: expected a label of openFDA, a FHIR ePI or JSON lines with _id and text, found other JSON; "
            "convert it to one of them"
        )


def read_package(source: Source, data: bytes, *, inside: bool) -> Iterator[Document | Failure]:
    """Read what is packed as a ZIP: an Office file or a book, else the documents of an archive."""
    archive = Archive(source.document_id, data)
    for module, name in PACKAGES:
        if call(module, f"looks_like_{name}", archive):
            yield from several(call(module, f"read_{name}", source, data))
            return
    if inside:
        raise ReadError(
            f"{source.document_id}: expected documents in the archive, found an archive in it; unpack it yourself"
        )
    yield from call("zipped", "read_zipped", source, archive)


def read_decoded(source: Source, data: bytes, suffix: str) -> Document:
    """Read one of the formats that are text."""
    if call("web.html", "looks_like_html", data) or suffix in HTML_SUFFIXES:
        return one(call("web.html", "read_html", source, data))
    text = decode(source.document_id, data)
    if suffix in XML_SUFFIXES or data.lstrip().startswith((b"<?xml", b"<!DOCTYPE")):
        raise ReadError(
            f"{source.document_id}: expected a label (SPL), an article (JATS, PubMed) or an ePI (FHIR), found other XML; "
            "convert it to text or HTML"
        )
    if call("office.sheet_csv", "looks_like_csv", text, suffix):
        return one(call("office.sheet_csv", "read_csv", source, data, text))
    if suffix in MARKDOWN_SUFFIXES or call("markdown", "looks_like_markdown", text):
        return one(call("markdown", "read_markdown", source, data, text))
    return one(call("text", "read_text", source, data, text))
