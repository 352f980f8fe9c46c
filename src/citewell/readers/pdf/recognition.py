"""Pictures of pages → words, by the program tesseract where it is installed."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from statistics import median

import pypdfium2

from citewell.errors import ReadError
from citewell.readers.limits import LIMITS
from citewell.readers.pdf.words import Page, Print, Word

PLACE = "read by text recognition"
DOTS = 300  # per inch; what tesseract is trained on
MOST_DOTS = 4000  # of a side of the picture; a huge page is drawn smaller
POINTS = 72  # per inch
LEAST_CONFIDENCE = 30.0  # percent, below which a word is a guess at a stain
LANGUAGES = {"de": "deu", "fr": "fra", "es": "spa", "it": "ita", "pt": "por", "nl": "nld", "en": "eng"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as drawn, in PNG.

    :param scale: Dots a point.
    """

    data: bytes
    scale: float
    width: float
    height: float


def can_recognise() -> bool:
    """Whether tesseract is installed."""
    return shutil.which("tesseract") is not None


def page_picture(page: pypdfium2.PdfPage) -> Picture:
    """Draw a page."""
    width, height = page.get_size()
    scale = min(DOTS / POINTS, MOST_DOTS / max(width, height, 1.0))
    stream = io.BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(stream, "PNG")
    return Picture(stream.getvalue(), scale, width, height)


def recognised(document_id: str, picture: Picture, number: int, language: str | None) -> Page:
    """Read the words in the picture of a page."""
    command = [
        "tesseract",
        "stdin",
        "stdout",
        "--dpi",
        str(round(picture.scale * POINTS)),
        *language_option(language),
        "tsv",
    ]
    try:
        done = subprocess.run(
            command, input=picture.data, capture_output=True, timeout=LIMITS.recognition_seconds, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            f"{document_id}: page {number} expected text recognition within {LIMITS.recognition_seconds:.0f} seconds, found a "
            "page that takes longer; split the PDF, or add a text layer to it"
        ) from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise ReadError(
            f"{document_id}: page {number} expected tesseract to read a picture, found that it fails ({error}); repair "
            "tesseract, or add a text layer to the PDF"
        ) from error
    words = words_of(done.stdout.decode("utf-8", "replace"), picture)
    return Page(number, picture.width, picture.height, words, (), (), True)


def language_option(language: str | None) -> list[str]:
    """The language that a document names, where tesseract has learnt it."""
    code = LANGUAGES.get((language or "").split("-")[0].lower(), "eng")
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, timeout=20, check=False)
    known = listed.stdout.decode("utf-8", "replace").split()
    return ["-l", code] if code in known else []


def words_of(table: str, picture: Picture) -> tuple[Word, ...]:
    """The words of tesseract's table, all in one print: the size of letters says nothing sure about headings."""
    lines: defaultdict[tuple[str, ...], list[tuple[str, float, float, float, float]]] = defaultdict(list)
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip() and float(cells[10]) >= LEAST_CONFIDENCE:
            left, top, width, height = (float(cell) / picture.scale for cell in cells[6:10])
            lines[tuple(cells[2:5])].append((cells[11].strip(), left, top, width, height))
    heights = [height for line in lines.values() for *_, height in line]
    size = round(1.35 * median(heights), 1) if heights else 1.0
    words: list[Word] = []
    for line in lines.values():
        baseline = picture.height - median(top + height for _, _, top, _, height in line)
        look = Print(size, bold=False, italic=False)
        words += [
            Word(text, round(left, 2), round(left + width, 2), round(baseline, 2), look, True)
            for text, left, _, width, _ in line
        ]
    return tuple(words)
