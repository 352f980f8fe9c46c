"""Electronic books: chapters in reading order with their headings, and what the package states of itself."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from citewell.errors import ReadError
from citewell.readers.archive import Archive
from citewell.readers.office.epub import identifier, looks_like_epub, read_epub
from citewell.readers.office.epub_styles import StyleSheets
from citewell.readers.source import Source
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Document

pytestmark = pytest.mark.unit

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
STATED = """<dc:title>Examplol for nurses</dc:title><dc:language>en-GB</dc:language><dc:publisher>Example Press</dc:publisher>
<dc:date>2021-06-01</dc:date><dc:identifier>urn:isbn:9780306406157</dc:identifier><dc:identifier>urn:uuid:1-2</dc:identifier>
<dc:rights>CC BY 4.0</dc:rights><meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>"""
ITEMS = (
    ("two", "text/b%20c.xhtml", ""),
    ("one", "text/a.xhtml", ""),
    ("nav", "nav.xhtml", 'properties="nav"'),
)
NAV = (
    """<nav><ol><li><a href="text/a.xhtml#top">Uses</a></li><li><a href="text/b%20c.xhtml">Dosage</a></li></ol></nav>"""
)


def page(body: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'


PAGES = {
    "OEBPS/text/a.xhtml": page("<p>For pain.</p>"),
    "OEBPS/text/b c.xhtml": page('<h1>How much</h1><p>Take<span epub:type="pagebreak">17</span> 5&nbsp;mg.</p>'),
    "OEBPS/nav.xhtml": page(NAV),
}


def book(pages: dict[str, str] | None = None, **more: str) -> bytes:
    items = "".join(
        f'<item id="{key}" href="{href}" media-type="application/xhtml+xml" {extra}/>' for key, href, extra in ITEMS
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'{STATED}</metadata><manifest>{items}</manifest><spine><itemref idref="one"/><itemref idref="two"/></spine></package>'
    )
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package}
    members |= PAGES | (pages or {}) | {f"META-INF/{name}.xml": text for name, text in more.items()}
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, text in members.items():
            made.writestr(name, text)
    return stream.getvalue()


def read(data: bytes) -> Document:
    return read_epub(Source(Path("/nurses.epub"), "nurses.epub", Path("/")), data)


def test_chapters_stand_in_reading_order_below_their_headings():
    document = read(book())
    units = split_units(document, Segmentation())
    assert [(document.text[u.start : u.end], u.section, u.place) for u in units] == [
        ("For pain.", ("Uses",), "OEBPS/text/a.xhtml"), ("Take 5\xa0mg.", ("How much",), "OEBPS/text/b c.xhtml"),
    ]  # fmt: skip


def test_a_chapter_that_prints_its_title_without_a_heading_prints_it_once():
    document = read(book({"OEBPS/text/a.xhtml": page("<p>USES</p><p>For pain.</p>")}))
    assert document.text.startswith("Uses\n\nFor pain.")


def test_the_package_states_title_publisher_date_and_number():
    metadata = read(book()).metadata
    assert (metadata.title, metadata.language, metadata.publisher) == ("Examplol for nurses", "en-GB", "Example Press")
    assert (metadata.updated, metadata.licence, metadata.identifiers) == (
        "2021-06-01",
        "CC BY 4.0",
        ("isbn 9780306406157",),
    )
    assert identifier("https://doi.org/10.1000/1") == "doi 10.1000/1"
    assert identifier("urn:uuid:1-2") is None


def encrypted(method: str, uri: str) -> str:
    return (
        f'<encryption xmlns="urn:x"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{method}"/>'
        f'<CipherData><CipherReference URI="{uri}"/></CipherData></EncryptedData></encryption>'
    )


def test_copy_protected_books_are_refused_and_veiled_fonts_are_not():
    with pytest.raises(
        ReadError, match="expected a book without copy protection, found “OEBPS/text/a.xhtml” encrypted"
    ):
        read(book(encryption=encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/text/a.xhtml")))
    assert (
        "For pain." in read(book(encryption=encrypted("http://www.idpf.org/2008/embedding", "OEBPS/text/a.xhtml"))).text
    )


def test_style_sheets_raise_and_hide():
    sheets = StyleSheets("/* .no {display: none} */ span.up, .high {vertical-align: super} .gone { display:none }")
    root = etree.fromstring(
        '<p>10<span class="up">6</span><a class="high">a</a><i class="no">b</i><b class="gone">c</b></p>'
    )
    sheets.apply(root)
    assert etree.tostring(root).decode() == (
        '<p>10<sup class="up">6</sup><a class="high"><sup>a</sup></a><i class="no">b</i><b class="gone" hidden="hidden">c</b></p>'
    )


def test_chapters_that_are_no_xml_are_read_as_pages():
    assert (
        "Take 5 mg<br>"
        not in read(book({"OEBPS/text/a.xhtml": "<html><body><p>Take 5 mg<br>daily.</body></html>"})).text
    )
    assert (
        "Take 5 mg\ndaily."
        in read(book({"OEBPS/text/a.xhtml": "<html><body><p>Take 5 mg<br>daily.</body></html>"})).text
    )


def test_books_are_known_by_their_content():
    assert looks_like_epub(Archive("a", book()))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert not looks_like_epub(Archive("a", stream.getvalue()))


def test_broken_books_are_refused_and_never_crash():
    whole = book(encryption=encrypted("http://www.idpf.org/2008/embedding", "x"))
    chance = random.Random(3)
    for turn in range(150):
        broken = bytearray(whole)
        if turn % 2:
            broken = broken[: chance.randrange(len(whole))]
        else:
            for _ in range(chance.randrange(1, 4)):
                broken[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        try:
            read(bytes(broken))
        except ReadError as error:
            assert str(error).startswith("nurses.epub")


def test_a_book_without_text_is_refused():
    empty = dict.fromkeys(PAGES, page('<img src="x.png"/>'))
    with pytest.raises(ReadError, match="expected a book with text, found none"):
        read(book(empty))
