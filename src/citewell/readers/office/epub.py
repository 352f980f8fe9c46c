"""Electronic books (EPUB 2 and 3) → one Document: their chapters in reading order, and what the package says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.archive import Archive
from citewell.readers.assemble import assemble
from citewell.readers.dates import parse_date
from citewell.readers.fields import Value
from citewell.readers.office.epub_styles import StyleSheets
from citewell.readers.office.package import resolved
from citewell.readers.refine import refine
from citewell.readers.source import Source
from citewell.readers.web.html import decode_page, parse
from citewell.readers.web.html_blocks import Extractor
from citewell.readers.xml import local_name, parse_xml
from citewell.types import BlockKind, Document

MEDIA_TYPE = b"application/epub+zip"
CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # they only veil fonts
OPS = "{http://www.idpf.org/2007/ops}type"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
IDENTIFIERS = (
    ("isbn", re.compile(r"(?:urn:)?(?:isbn:?)?\s*((?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx])", re.I)),
    ("doi", re.compile(r"(?:urn:|info:)?(?:doi[:/]|https?://(?:dx\.)?doi\.org/)\s*(10\.\S+)", re.I)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the book that its package lists."""

    name: str
    media_type: str
    properties: tuple[str, ...]


def looks_like_epub(archive: Archive) -> bool:
    """Whether an archive is a book, by its media type or the file that names its package."""
    if "mimetype" in archive.names:
        return archive.read("mimetype").strip() == MEDIA_TYPE
    return CONTAINER in archive.names


def read_epub(source: Source, data: bytes) -> Document:
    """Read a book."""
    book = Book(Archive(source.document_id, data))
    extractor = Extractor()
    titles = book.titles()
    for entry in book.chapters():
        page = book.page(entry.name)
        before = len(extractor.blocks)
        if titles.get(entry.name) and next(page.iter(*HEADINGS), None) is None:
            extractor.visit(titled(page, titles[entry.name]))
        extractor.visit(page)
        placed = [replace(block, place=entry.name) for block in extractor.blocks[before:]]
        extractor.blocks[before:] = placed
    text = extractor.text()
    if not any(block.kind is not BlockKind.BOILERPLATE for block in extractor.blocks):
        raise ReadError(f"{source.document_id}: expected a book with text, found none; books of pictures can't be read")
    return assemble(source, data, text, refine(text, extractor.blocks), book.stated())


def titled(page: etree._Element, title: str) -> etree._Element:
    """The heading that a chapter has in the table of contents; its first line is taken out if it says the same."""
    heading = etree.Element("h2")
    heading.text = title
    for element in page.iter("p", "div"):
        text = " ".join("".join(element.itertext()).split())
        if text:
            parent = element.getparent()
            if text.casefold() == title.casefold() and parent is not None:
                parent.remove(element)
            break
    return heading


class Book:
    """A book's package: its files, their order, and what is stated of them."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.document_id = archive.document_id
        self._package = self._named_package()
        self._root = self._xml(self._package)
        self._folder = self._package.rpartition("/")[0]
        self._entries = {
            each.get("id") or "": Entry(
                resolved(self._folder, each.get("href") or ""),
                (each.get("media-type") or "").strip().lower(),
                tuple((each.get("properties") or "").split()),
            )
            for each in self._root.iter("{*}item")
        }
        self._locked = self._encrypted()
        sheets = (each.name for each in self._entries.values() if each.media_type == "text/css")
        held = (archive.read(name) for name in sheets if name in archive.names and name not in self._locked)
        self._styles = StyleSheets("\n".join(data.decode("utf-8", "replace") for data in held))

    def _xml(self, name: str) -> etree._Element:
        return parse_xml(f"{self.document_id}, {name}", self.archive.read(name))

    def _named_package(self) -> str:
        """The name of the file that lists all others."""
        for each in self._xml(CONTAINER).iter("{*}rootfile"):
            if name := each.get("full-path"):
                return resolved("", name)
        raise ReadError(f"{self.document_id}: expected a book that names its package, found none; download it again")

    def _encrypted(self) -> frozenset[str]:
        """The files that are encrypted, fonts that are only veiled left out."""
        if ENCRYPTION not in self.archive.names:
            return frozenset()
        locked = set()
        for each in self._xml(ENCRYPTION).iter("{*}EncryptedData"):
            methods = [method.get("Algorithm") for method in each.iterfind("{*}EncryptionMethod")]
            if not all(method in FONTS_ONLY for method in methods) or not methods:
                locked |= {resolved("", found.get("URI") or "") for found in each.iter("{*}CipherReference")}
        return frozenset(locked)

    def chapters(self) -> Iterator[Entry]:
        """The files with text, in reading order, each once."""
        keys = dict.fromkeys(each.get("idref") or "" for each in self._root.iter("{*}itemref"))
        for key in keys:
            entry = self._entries.get(key)
            if entry is None or entry.media_type not in PAGES or entry.name not in self.archive.names:
                continue
            if entry.name in self._locked:
                raise ReadError(
                    f"{self.document_id}: expected a book without copy protection, found “{entry.name}” encrypted; "
                    "get the book without it"
                )
            yield entry

    def page(self, name: str) -> etree._Element:
        """One chapter as a tree of HTML elements."""
        data = self.archive.read(name)
        try:
            root = parse_xml(f"{self.document_id}, {name}", data)
            for element in root.iter(etree.Element):
                element.tag = local_name(element)
        except ReadError:  # no XML, but perhaps a page all the same
            root = parse(self.document_id, decode_page(f"{self.document_id}, {name}", data))
        for element in list(root.iter(etree.Element)):
            if "pagebreak" in (element.get(OPS) or "").split():
                for child in list(element):
                    element.remove(child)
                element.text = None  # the number of a printed page
        self._styles.apply(root)
        return root

    def titles(self) -> dict[str, str]:
        """What the table of contents calls each file; the first entry of a file counts."""
        found: dict[str, str] = {}
        for entry in self._entries.values():
            if entry.name not in self.archive.names or entry.name in self._locked:
                continue
            folder = entry.name.rpartition("/")[0]
            if "nav" in entry.properties:
                for each in self.page(entry.name).iter("a"):
                    found.setdefault(
                        resolved(folder, each.get("href") or ""), " ".join("".join(each.itertext()).split())
                    )
            elif entry.media_type == "application/x-dtbncx+xml":
                for point in self._xml(entry.name).iter("{*}navPoint"):
                    label = next(("".join(each.itertext()) for each in point.iterfind("{*}navLabel")), "")
                    target = next((each.get("src") or "" for each in point.iterfind("{*}content")), "")
                    found.setdefault(resolved(folder, target), " ".join(label.split()))
        return found

    def stated(self) -> dict[str, Value]:
        """The book's own metadata; the time at which the file was made is no date of its content."""
        metadata = next(self._root.iter("{*}metadata"), self._root)
        named = {"title": "title", "language": "language", "publisher": "publisher", "rights": "licence"}
        found: dict[str, Value] = {}
        for each in metadata.iter(etree.Element):
            field = named.get(local_name(each), "")
            text = " ".join((each.text or "").split())
            if field and text:
                found.setdefault(field, text)
        dates = [each for each in metadata.iter("{*}date") if "creation" not in each.attrib.values()]
        issued = [day for each in dates if (day := parse_date(each.text or ""))]
        if issued:
            found["updated"] = max(issued)
        if known := tuple(filter(None, (identifier(each.text or "") for each in metadata.iter("{*}identifier")))):
            found["identifiers"] = known
        return found


def identifier(text: str) -> str | None:
    """A book's number with its kind; None for what only the file's maker knows."""
    for kind, form in IDENTIFIERS:
        if match := form.fullmatch(text.strip()):
            return f"{kind} {match.group(1)}"
    return None
