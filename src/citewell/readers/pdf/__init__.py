"""PDF → Document: words by their place on the page, columns, tables, headings. Pages are joined with form feeds."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2
from pypdfium2 import raw

from citewell.errors import ReadError
from citewell.readers.assemble import assemble
from citewell.readers.fields import Value
from citewell.readers.limits import LIMITS
from citewell.readers.pdf.pages import laid_out
from citewell.readers.pdf.recognition import PLACE, can_recognise, page_picture, recognised
from citewell.readers.pdf.titles import cover_date, label_fields
from citewell.readers.pdf.words import Page, read_page
from citewell.readers.pulse import beat
from citewell.readers.refine import refine
from citewell.readers.source import Source
from citewell.types import Block, Document, fold

# PDFium is not thread-safe.
LOCK = threading.Lock()
LEAST_LETTERS = 1  # of a page with a text layer


def read_pdf(source: Source, data: bytes) -> Document:
    """Read a PDF page by page, its pictures of pages by text recognition where the program for it is installed."""
    deadline = time.monotonic() + LIMITS.pdf_seconds
    with LOCK:
        document = open_pdf(source.document_id, data)
        try:
            pages = read_pages(source.document_id, document, deadline)
            stated = fold(document.get_metadata_dict().get("Title", ""))
            language = catalog_language(document)
            unread = [page.number for page in pages if not page.words]
            pictures = {number: page_picture(document[number - 1]) for number in unread} if can_recognise() else {}
        except pypdfium2.PdfiumError as error:
            raise broken(source.document_id, error) from error
        finally:
            document.close()
    found = {}
    for number, picture in pictures.items():
        found[number] = recognised(source.document_id, picture, number, language)
        beat()
    pages = [found.get(page.number) or page for page in pages]
    if not any(page.words for page in pages):
        raise unreadable(source.document_id, tried=bool(found))
    layout = laid_out(source.document_id, pages, stated, time.monotonic() + LIMITS.pdf_seconds)
    given: dict[str, Value] = {"remarks": remarks(pages, [n for n in found if found[n].words], layout.unread_tables)}
    if layout.title:
        given["title"] = layout.title
    if language:
        given["language"] = language
    blocks = refine(layout.text, layout.blocks)
    marked = [with_place(layout.text, block, found) for block in blocks]
    read = assemble(source, data, layout.text, marked, given | label_fields(layout.stretches))
    dated = read.metadata.updated or cover_date(layout.stretches)
    return replace(read, metadata=replace(read.metadata, updated=dated))


def with_place(text: str, block: Block, found: dict[int, Page]) -> Block:
    """Say of a block that it was recognised in a picture."""
    first = block.page or 1
    pages = range(first, first + text.count("\f", block.start, block.end) + 1)
    return replace(block, place=PLACE) if any(page in found for page in pages) else block


def open_pdf(document_id: str, data: bytes) -> pypdfium2.PdfDocument:
    """Open a PDF that needs no password."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadError(
                f"{document_id}: expected a PDF that opens without a password, found an encrypted one; save a copy "
                "without the password"
            ) from error
        raise broken(document_id, error) from error
    pages = len(document)
    if pages > LIMITS.pdf_pages or pages == 0:
        document.close()
        if pages:
            raise ReadError(
                f"{document_id}: expected at most {LIMITS.pdf_pages:,} pages, found {pages:,}; split the PDF"
            )
        raise broken(document_id, "it has no pages")
    return document


def broken(document_id: str, error: object, page: int | None = None) -> ReadError:
    """What is said of a PDF that does not open."""
    where = f"page {page} " if page else ""
    return ReadError(
        f"{document_id}: {where}expected a readable PDF, found a damaged one ({error}); save or download it again"
    )


def unreadable(document_id: str, *, tried: bool) -> ReadError:
    """What is said of a PDF without text."""
    if tried:
        return ReadError(
            f"{document_id}: expected a PDF with text, found pictures of pages in which text recognition sees none; "
            "scan it again, or remove it"
        )
    return ReadError(
        f"{document_id}: expected a PDF with a text layer, found only pictures of pages; install tesseract, or run text "
        "recognition (OCR) on it first"
    )


def read_pages(document_id: str, document: pypdfium2.PdfDocument, deadline: float) -> list[Page]:
    """What is printed on each page."""
    pages: list[Page] = []
    characters = 0
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            try:
                pages.append(read_page(page, number))
            finally:
                page.close()
        except (pypdfium2.PdfiumError, ctypes.ArgumentError) as error:
            raise broken(document_id, error, number) from error
        if len(pages[-1].words) > LIMITS.pdf_page_words:
            raise ReadError(
                f"{document_id}: page {number} expected at most {LIMITS.pdf_page_words:,} words, found more; leave the page out"
            )
        beat()
        characters += sum(len(word.text) for word in pages[-1].words)
        if time.monotonic() > deadline or characters > LIMITS.pdf_characters:
            raise ReadError(
                f"{document_id}: expected a PDF that is read within {LIMITS.pdf_seconds:.0f} seconds and has at most "
                f"{LIMITS.pdf_characters:,} characters, found a longer one at page {number}; split the PDF"
            )
    return pages


def catalog_language(document: pypdfium2.PdfDocument) -> str | None:
    """The language that the catalog names, as BCP 47."""
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if not 2 < size < 80:
        return None
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFCatalog_GetLanguage(document, buffer, size)
    named = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0").strip().replace("_", "-")
    primary, *rest = named.split("-")
    region = [part.upper() if len(part) == 2 else part for part in rest]
    return "-".join([primary.lower(), *region]) if named.replace("-", "").isalnum() and primary.isalpha() else None


def remarks(pages: Sequence[Page], by_recognition: Sequence[int], unread_tables: Sequence[int]) -> tuple[str, ...]:
    """What a reader of the document ought to know of its reading."""
    told: list[str] = []
    if by_recognition:
        told.append(f"{pages_named(by_recognition)} read by text recognition; compare figures with the page.")
    if pictured := [page.number for page in pages if not page.words and page.pictures]:
        only = "holds only a picture" if len(pictured) == 1 else "hold only pictures"
        told.append(f"{pages_named(pictured)} {only}; not read.")
    if unread_tables:
        told.append(
            f"{pages_named(unread_tables)}: a table's rows can't be told apart surely; it is shown, not quoted."
        )
    return tuple(told)


def pages_named(numbers: Sequence[int]) -> str:
    """Pages by their numbers."""
    listed = list(dict.fromkeys(numbers))
    return f"{'Page' if len(listed) == 1 else 'Pages'} {', '.join(map(str, listed))}"
