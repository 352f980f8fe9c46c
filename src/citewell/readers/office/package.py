"""Office packages (OOXML): the parts of a Word or Excel file, how they refer to each other, and what they state."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.archive import Archive
from citewell.readers.xml import local_name, parse_xml

CONTENT_TYPES = "[Content_Types].xml"
NO_TITLE = re.compile(
    r"(?:microsoft )?(?:(?:word|excel)(?: document| -.*)?|(?:new |neues )?(?:document|dokument|documento|book|mappe|workbook)\s*\d*"
    r"|untitled.*|unbenannt.*|template|vorlage|normal|titel?|title|\W*|.*\.(?:docx?|dotx?|pdf|rtf|xls[xm]?))",
    re.I,
)
MEDIA_TYPE = "mimetype"  # of OpenDocument and EPUB files
OFF = ("0", "false", "off", "none")
# What a package may hold that no reader reads, by its content type.
REFUSED = (
    (b"presentationml", "a presentation", "save it as PDF"),
    (b"sheet.binary", "a binary Excel file (.xlsb)", "save it as .xlsx"),
    (b"opendocument.text", "an OpenDocument text", "open it in LibreOffice and save it as .docx"),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet", "open it in LibreOffice and save it as .xlsx"),
    (b"opendocument", "an OpenDocument file", "save it as PDF"),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One part's reference to another: its key, the last word of its type, and the name of the part."""

    key: str
    kind: str
    target: str


class Package:
    """The parts of an Office file, each read within the limits of archives and of XML."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.document_id = archive.document_id
        self._names = {name.lower(): name for name in archive.names}  # part names don't care about case

    def has(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return name.lower() in self._names

    def xml(self, name: str) -> etree._Element:
        """The root of a part; an error names the part."""
        data = self.archive.read(self._names.get(name.lower(), name))
        return parse_xml(f"{self.document_id}, {name}", data)

    def relations(self, name: str = "") -> list[Relation]:
        """What a part refers to inside the package; without a name, what the package itself refers to."""
        folder, _, file = name.rpartition("/")
        listing = posixpath.join(folder, "_rels", f"{file}.rels")
        if not self.has(listing):
            return []
        return [
            Relation(each.get("Id") or "", kind_of(each), resolved(folder, each.get("Target") or ""))
            for each in self.xml(listing).iter("{*}Relationship")
            if (each.get("TargetMode") or "").lower() != "external"
        ]

    def main(self, expected: str) -> str:
        """The name of the main part; `expected` says for the reader what it should have been."""
        for relation in self.relations():
            if relation.kind == "officeDocument" and self.has(relation.target):
                return relation.target
        raise ReadError(f"{self.document_id}: expected {expected}, found none; open the file and save it again")

    def core_title(self) -> str:
        """The title in the file's properties; empty without one, or where it is what a program writes by itself."""
        for relation in self.relations():
            if relation.kind == "core-properties" and self.has(relation.target):
                titles = [
                    " ".join("".join(each.itertext()).split()) for each in self.xml(relation.target).iter("{*}title")
                ]
                return next((title for title in titles if not NO_TITLE.fullmatch(title)), "")
        return ""


def kind_of(relationship: etree._Element) -> str:
    """The last word of a relationship's type."""
    return (relationship.get("Type") or "").rpartition("/")[2]


def resolved(folder: str, target: str) -> str:
    """The name of the part that a relative or absolute reference leads to."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target.partition("#")[0]))).lstrip("/")


def content_types(archive: Archive) -> bytes:
    """What an archive says of itself: its list of content types, or its media type."""
    return b" ".join(archive.read(name) for name in (CONTENT_TYPES, MEDIA_TYPE) if name in archive.names)


def refusal(archive: Archive) -> ReadError | None:
    """What to say of an office file of a kind that isn't read; None for other archives."""
    stated = content_types(archive)
    for mark, kind, advice in REFUSED:
        if mark in stated:
            return ReadError(f"{archive.document_id}: expected a document that can be read, found {kind}; {advice}")
    return None


def attribute(element: etree._Element | None, name: str) -> str | None:
    """An attribute in its element's own namespace, or in none."""
    if element is None:
        return None
    own = element.tag[: element.tag.index("}") + 1] if element.tag.startswith("{") else ""
    found: str | None = element.get(own + name, element.get(name))
    return found


def relation_key(element: etree._Element) -> str:
    """The key with which an element refers to another part."""
    keys = (value for name, value in element.attrib.items() if name.startswith("{") and name.endswith("}id"))
    return next(keys, "")


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of a name, and its first child of the next name, and so on."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local_name(each) == name), None)
    return element


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """What is inside the first child of a name; nothing without such a child."""
    found = child(element, name)
    return [] if found is None else [each for each in found if isinstance(each.tag, str)]


def value(element: etree._Element | None, *path: str) -> str | None:
    """The `val` of a child."""
    return attribute(child(element, *path), "val")


def switch(element: etree._Element | None, name: str) -> bool | None:
    """A property that is on by being there, unless it says that it is off; None where it isn't there."""
    found = child(element, name)
    return None if found is None else (attribute(found, "val") or "1").lower() not in OFF


def number(text: str | None, default: int = 0, most: int = 2**31) -> int:
    """A whole number that a file states; the default for what is none."""
    try:
        return max(-most, min(int(text or ""), most))
    except ValueError:
        return default
