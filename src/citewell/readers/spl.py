"""Structured Product Labeling: the FDA's drug labels as XML (HL7 version 3) → Document."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.draft import Draft
from citewell.readers.narrative import Narrative
from citewell.readers.source import Source
from citewell.readers.spl_meta import NAMESPACE, H, code_of, head_fields, inner_product, write_products
from citewell.readers.xml import Places, local_name, parse_xml
from citewell.types import Document, fold

OPENING = re.compile(rb"<(?:\w+:)?document\b[^>]*" + NAMESPACE.encode())
HIGHLIGHTS = "Highlights of prescribing information"
BOXED = "34066-1"
PRODUCT_DATA = "48780-1"
CHANGES = "43683-2"  # section numbers and the months in which they changed
UNCLASSIFIED = "Unclassified section"  # as SPL calls what has no code of its own
PANEL = "51945-4"  # the principal display panel: what is printed on the package
MARKS = "*†‡§¶#"  # in the order in which a label's notes get them


def looks_like_spl(data: bytes) -> bool:
    """Whether bytes open like a label."""
    return OPENING.search(data[:8192]) is not None


def read_spl(source: Source, data: bytes) -> Document:
    """Read a label: its highlights, its sections, and what its head says of the product."""
    root = parse_xml(source.document_id, data)
    body = root.find(f"{H}component/{H}structuredBody")
    if local_name(root) != "document" or body is None:
        raise ReadError(
            f"{source.document_id}: expected a label with a structuredBody, found <{local_name(root)}> without one; download it again"
        )
    draft = Draft(source.document_id)
    label = Label(draft)
    products = [
        product for each in root.iter(f"{H}manufacturedProduct") if (product := inner_product(each)) is not None
    ]
    if (title := root.find(f"{H}title")) is not None:
        draft.boilerplate(label.narrative.inline(title))
    sections = list(body.iterfind(f"{H}component/{H}section"))
    label.write_highlights(sections)
    for section in sections:
        label.write_section(section, 2)
    write_products(draft, products)
    return draft.document(source, data, head_fields(root, products))


class LabelText(Narrative):
    """The text of sections, with notes under the block that refers to them."""

    def __init__(self, draft: Draft, places: Places, pictures: dict[str, str]) -> None:
        super().__init__(draft, places)
        self._pictures = pictures
        self._marks: dict[str, str] = {}
        self._notes: list[tuple[str, str]] = []

    def own(self, element: etree._Element, name: str) -> bool:
        """Notes, pictures and text that is struck out."""
        if name == "renderMultiMedia":
            described = self._pictures.get(element.get("referencedObject") or "", "")
            if caption := " ".join(filter(None, [*(self.inline(each) for each in element), described])):
                self.flush()
                self.draft.paragraph(caption, place=self.places.of(element))
            return True
        return self.own_inline(element, name)

    def own_inline(self, element: etree._Element, name: str) -> bool:
        """Notes and text that is struck out."""
        if name == "footnote":
            mark = self._mark(element.get("ID"))
            self._notes.append((mark, self.inline(element)))
            self.add(mark)
        elif name == "footnoteRef":
            self.add(self._mark(element.get("IDREF")))
        else:
            return name == "renderMultiMedia" or "strikethrough" in (element.get("styleCode") or "").lower()
        return True

    def _mark(self, identifier: str | None) -> str:
        """The sign of a note: that of a note with the same identifier, else the next one."""
        key = identifier or f"note {len(self._marks)}"
        number = len(self._marks)
        return self._marks.setdefault(key, MARKS[number % len(MARKS)] * (number // len(MARKS) + 1))

    def write_notes(self) -> None:
        """Write the notes collected since the last ones, and begin their signs anew."""
        for mark, text in self._notes:
            self.draft.paragraph(f"{mark} {text}")
        self._marks, self._notes = {}, []

    def is_bold(self, cell: etree._Element) -> bool:
        """Whether all that a cell says stands in bold content."""
        rest = fold("".join(cell.itertext()))
        bold = [each for each in cell.iter(f"{H}content") if "bold" in (each.get("styleCode") or "").lower()]
        return fold(" ".join("".join(each.itertext()) for each in bold)).replace(" ", "") == rest.replace(" ", "")


class Label:
    """Writes the sections of one label."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.places = Places()
        self.narrative = LabelText(draft, self.places, {})

    def write_highlights(self, sections: list[etree._Element]) -> None:
        """Write what the sections tell of themselves in the highlights, apart from the full text."""
        told = [
            (section, highlight)
            for each in sections
            for section in each.iter(f"{H}section")
            for highlight in section.iterfind(f"{H}excerpt/{H}highlight/{H}text")
        ]
        if told:
            self.draft.heading(HIGHLIGHTS, 2)
        for section, highlight in told:
            if name := self.name_of(section):
                self.draft.heading(name, 3, place=self.places.of(section))
            first = len(self.draft.blocks)
            self.narrative.title_level = 4
            self.narrative.write(highlight)
            self.narrative.write_notes()
            if code_of(section) == CHANGES:
                self.draft.mark_boilerplate(first)

    def write_section(self, section: etree._Element, level: int) -> None:
        """Write a section with those inside it; a title that says all is a statement, not a heading."""
        code = code_of(section)
        if code == PRODUCT_DATA:
            return
        name, text = self.name_of(section), section.find(f"{H}text")
        if not name and any(
            self.name_of(each.find(f"{H}section")) for each in section.getparent().itersiblings(preceding=True)
        ):
            name = UNCLASSIFIED  # or it would seem to belong to the section before it
        parts = section.findall(f"{H}component/{H}section")
        if name and text is None and not parts and section.find(f"{H}excerpt") is None:
            self.draft.paragraph(name, place=self.places.of(section))
        elif name:
            self.draft.heading(name, level, place=self.places.of(section))
        if text is not None:
            first = len(self.draft.blocks)
            self.narrative._pictures = pictures_of(section, self.narrative)
            self.narrative.title_level = level + bool(name)
            self.narrative.write(text)
            self.narrative.write_notes()
            if code == PANEL:
                self.draft.mark_boilerplate(first)
        for part in parts:
            self.write_section(part, level + 1 if name else level)

    def name_of(self, section: etree._Element | None) -> str:
        """A section's title as printed, else the name that its code stands for; empty where it has neither."""
        if section is None:
            return ""
        title = section.find(f"{H}title")
        printed = self.narrative.inline(title) if title is not None else ""
        return printed or section_names().get(code_of(section), "")


def pictures_of(section: etree._Element, narrative: Narrative) -> dict[str, str]:
    """What the pictures of a section are said to show, by their identifiers."""
    media = section.iterfind(f"{H}component/{H}observationMedia")
    return {
        each.get("ID") or "": narrative.inline(text) for each in media if (text := each.find(f"{H}text")) is not None
    }


@lru_cache(maxsize=1)
def section_names() -> dict[str, str]:
    """The names of label sections by their LOINC codes."""
    with resources.files("citewell").joinpath("data/label_sections.csv").open(encoding="utf-8") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream) if row["code"]}
