"""Word files (DOCX) → Document, as displayed when every tracked change is accepted.

The parts are read one by one within the limits of archives and XML, which a library for Word files does not keep. A
file's own date tells when it was saved, not when its content was issued: it is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from citewell.readers.archive import Archive
from citewell.readers.draft import Draft
from citewell.readers.fields import Value
from citewell.readers.office.package import Package, content_types
from citewell.readers.office.word_body import Body
from citewell.readers.office.word_layout import write, write_margins
from citewell.readers.office.word_notes import Notes
from citewell.readers.office.word_styles import Numbering, Styles
from citewell.readers.office.word_text import Texts
from citewell.readers.source import Source
from citewell.readers.xml import local_name
from citewell.types import BlockKind, Document

WORD = re.compile(rb"(?:wordprocessingml|ms-word)\.(?:document|template)[\w.]*\.?main\+xml")
LEFT_OUT = {"comments": "Comments were left out.", "aFChunk": "A file inside the document was not read."}


def looks_like_word(archive: Archive) -> bool:
    """Whether an archive is a Word file, by what it states of its parts."""
    return WORD.search(content_types(archive)) is not None


def read_word(source: Source, data: bytes) -> Document:
    """Read a Word file."""
    package = Package(Archive(source.document_id, data))
    name = package.main("a Word document")
    root = package.xml(name)
    parts = Parts(package, name)
    styles = Styles(parts.first("styles"))
    notes = Notes(root, {kind: parts.first(f"{kind}s") for kind in ("footnote", "endnote")})
    texts = Texts(styles, notes.mark)
    body = Body(styles, Numbering(parts.first("numbering")), texts)
    texts.open_part(root)
    found = [part for each in root if local_name(each) == "body" for part in body.read(each)]
    notes.read(body)
    draft = Draft(source.document_id)
    write(draft, found, notes)
    seen: set[str] = set()
    for kind in ("header", "footer"):
        for margin in parts.all(kind):
            texts.open_part(margin)
            write_margins(draft, kind, body.read(margin, kind), seen)
    return draft.document(source, data, stated(package, draft, texts, parts))


class Parts:
    """The parts that the main part of a Word file refers to."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._relations = package.relations(name)

    def has(self, kind: str) -> bool:
        """Whether there is a part of a kind."""
        return any(each.kind == kind for each in self._relations)

    def all(self, kind: str) -> Iterator[etree._Element]:
        """The roots of the parts of one kind, each part once."""
        names = dict.fromkeys(each.target for each in self._relations if each.kind == kind)
        return (self._package.xml(name) for name in names if self._package.has(name))

    def first(self, kind: str) -> etree._Element | None:
        """The root of the part of a kind."""
        return next(self.all(kind), None)


def stated(package: Package, draft: Draft, texts: Texts, parts: Parts) -> dict[str, Value]:
    """What the file states of itself; its title only where none is printed, for it is often another document's."""
    remarks = [*texts.remarks, *(remark for kind, remark in LEFT_OUT.items() if parts.has(kind))]
    found: dict[str, Value] = {"remarks": tuple(remarks)} if remarks else {}
    title = package.core_title()
    printed = any(block.kind is BlockKind.HEADING and block.level == 1 for block in draft.blocks)
    if title and not printed:
        found["title"] = title
    if texts.languages:
        found["language"] = texts.languages.most_common(1)[0][0]
    return found
