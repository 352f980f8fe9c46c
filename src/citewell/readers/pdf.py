"""PDF with a text layer → Document. Pages are joined with form feeds."""

from __future__ import annotations

import ctypes
import re
import threading
import time
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2
from pypdfium2 import raw

from citewell.errors import ReadError
from citewell.readers.assemble import assemble
from citewell.readers.fields import Value
from citewell.readers.layout import lay_out
from citewell.readers.limits import LIMITS
from citewell.readers.refine import refine
from citewell.readers.source import Source
from citewell.types import Document, fold

# PDFium is not thread-safe.
LOCK = threading.Lock()
LINE_END = re.compile(r"\r\n|\r|\n")
WIDE_GAP = 1.4  # times the usual distance of two lines, from which on a blank line stands between them
FEW_STEPS = 5  # lines of a page below which their usual distance is taken from the font size
LINE_HEIGHT = 1.5  # times the font size
FONT_STEP = 1.08  # ratio of two font sizes from which on they are different
FILE_LIKE = re.compile(r"\.(?:docx?|pdf|indd|rtf|xml|qxd)$|^(?:microsoft|untitled|document\d*$)|[\\/]", re.I)
# PDFium gives a hyphen at a line end as U+0002 or U+FFFE; glyphs without a character come as control characters.
CHARACTERS = {**dict.fromkeys((*range(32), 127), " "), 0x02: "-", 0xFFFE: "-", 0xAD: "-"}


def read_pdf(source: Source, data: bytes) -> Document:
    """Read the text layer of a PDF, page by page."""
    with LOCK:
        document = open_pdf(source.document_id, data)
        try:
            text = "\f".join(page_texts(source.document_id, document))
            title = fold(document.get_metadata_dict().get("Title", ""))
        except pypdfium2.PdfiumError as error:
            raise broken(source.document_id, error) from error
        finally:
            document.close()
    if not text.strip():
        raise ReadError(
            f"{source.document_id}: expected a PDF with a text layer, found only pictures of pages; run text "
            "recognition (OCR) on it first"
        )
    # One word is the name of a file or a site more often than a title.
    given: dict[str, Value] = {"title": title} if " " in title and not FILE_LIKE.search(title) else {}
    return assemble(source, data, text, refine(text, lay_out(text, paged=True), bare=True), given)


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
    if len(document) > LIMITS.pdf_pages:
        pages = len(document)
        document.close()
        raise ReadError(f"{document_id}: expected at most {LIMITS.pdf_pages:,} pages, found {pages:,}; split the PDF")
    return document


def broken(document_id: str, error: Exception) -> ReadError:
    """What is said of a PDF that does not open."""
    return ReadError(
        f"{document_id}: expected a readable PDF, found a damaged one ({error}); save or download it again"
    )


def page_texts(document_id: str, document: pypdfium2.PdfDocument) -> list[str]:
    """The text of each page."""
    texts: list[str] = []
    characters, deadline = 0, time.monotonic() + LIMITS.pdf_seconds
    for number in range(len(document)):
        page = document[number]
        texts.append(page_text(page))
        page.close()
        characters += len(texts[-1])
        if time.monotonic() > deadline or characters > LIMITS.pdf_characters:
            raise ReadError(
                f"{document_id}: expected a PDF that is read within {LIMITS.pdf_seconds:.0f} seconds and has at most "
                f"{LIMITS.pdf_characters:,} characters, found a longer one at page {number + 1}; split the PDF"
            )
    return texts


@dataclass(frozen=True, slots=True)
class Setting:
    """How a printed line is set.

    :param baseline: Points from the page's lower edge.
    :param first: Font size in points and weight of its first character.
    :param last: The same of its last character.
    """

    text: str
    baseline: float
    first: tuple[float, int]
    last: tuple[float, int]


def page_text(page: pypdfium2.PdfPage) -> str:
    """The text of a page, with a blank line wherever its setting shows that something new begins."""
    textpage = page.get_textpage()
    count = min(textpage.count_chars(), LIMITS.pdf_page_characters)
    printed = textpage.get_text_range(0, count) if count > 0 else ""
    lines: list[Setting] = []
    for start, line in printed_lines(printed):
        lines.append(setting(textpage, start, line))
    textpage.close()
    return "\n".join(with_blank_lines(lines))


def printed_lines(printed: str) -> list[tuple[int, str]]:
    """(offset, line) of each visible line."""
    lines: list[tuple[int, str]] = []
    start = 0
    for end in [*LINE_END.finditer(printed), None]:
        line = printed[start : end.start() if end else len(printed)]
        if line.strip():
            lines.append((start, line))
        start = end.end() if end else start
    return lines


def setting(textpage: pypdfium2.PdfTextPage, start: int, line: str) -> Setting:
    """Look up how a line is set."""
    first = start + len(line) - len(line.lstrip())
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, first, ctypes.byref(x), ctypes.byref(y))
    return Setting(
        line.translate(CHARACTERS), y.value, font(textpage, first), font(textpage, start + len(line.rstrip()) - 1)
    )


def font(textpage: pypdfium2.PdfTextPage, index: int) -> tuple[float, int]:
    """Font size in points and weight of a character."""
    return float(raw.FPDFText_GetFontSize(textpage, index)), int(raw.FPDFText_GetFontWeight(textpage, index))


def with_blank_lines(lines: list[Setting]) -> list[str]:
    """The lines of a page, blank ones put between those that are set apart."""
    if not lines:
        return []
    steps = [above.baseline - below.baseline for above, below in pairwise(lines)]
    usual = median([step for step in steps if step > 1] or [1.0])
    if len(steps) < FEW_STEPS:
        usual = min(usual, LINE_HEIGHT * max(line.first[0] for line in lines))
    spaced = [lines[0].text]
    for above, below in pairwise(lines):
        step = above.baseline - below.baseline
        apart = step > WIDE_GAP * usual or step < -usual or changes_font(above, below)
        spaced += ["", below.text] if apart else [below.text]
    return spaced


def changes_font(above: Setting, below: Setting) -> bool:
    """Whether a line that is set in one font throughout meets one that is not set in it, as headings do."""
    from_heading = same_font(above.first, above.last) and not same_font(above.first, below.first)
    to_heading = same_font(below.first, below.last) and not any(
        same_font(below.first, other) for other in (above.first, above.last)
    )
    if from_heading and same_font(above.first, below.last) and not below.text[:1].isupper():
        return False
    return from_heading or to_heading


def same_font(one: tuple[float, int], other: tuple[float, int]) -> bool:
    """Whether two characters are set alike; sizes are rounded differently by each writer of PDFs."""
    ratio = max(one[0], other[0]) / max(0.1, min(one[0], other[0]))
    return ratio < FONT_STEP and abs(one[1] - other[1]) < 200
