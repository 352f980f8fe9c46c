"""Structured Product Labeling: the FDA's drug labels as XML (HL7 version 3) → Document."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.draft import Draft
from citewell.readers.labels.spl_meta import NAMESPACE, H, code_of, head_fields
from citewell.readers.labels.spl_products import products_of, write_products
from citewell.readers.labels.spl_text import LabelText
from citewell.readers.source import Source
from citewell.readers.xml import Places, local_name, parse_xml
from citewell.types import Document, fold

OPENING = re.compile(rb"<(?:\w+:)?document\b[^>]*" + NAMESPACE.encode())
HIGHLIGHTS = "Highlights of prescribing information"
BOXED = "34066-1"
PRODUCT_DATA = "48780-1"
CHANGES = "43683-2"  # section numbers and the months in which they changed
UNCLASSIFIED = "Unclassified section"  # as SPL calls what has no code of its own
PANEL = "51945-4"  # the principal display panel: what is printed on the package


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
    products = products_of(root)
    if (title := root.find(f"{H}title")) is not None:
        draft.boilerplate(label.narrative.inline(title))
    sections = list(body.iterfind(f"{H}component/{H}section"))
    label.write_highlights(sections)
    label.write_sections(sections, 2)
    write_products(draft, root, products)
    return draft.document(source, data, head_fields(root, [each.element for each in products if not each.in_kit()]))


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

    def write_sections(self, sections: list[etree._Element], level: int) -> None:
        """Write sections that stand side by side; one without a name never seems to belong to the one before it."""
        named = False
        for section in sections:
            name = self.name_of(section) or (UNCLASSIFIED if named else "")
            named = named or bool(name)
            self.write_section(section, name, level)

    def write_section(self, section: etree._Element, name: str, level: int) -> None:
        """Write a section with those inside it; a title that says all is a statement, not a heading."""
        code, place = code_of(section), self.places.of(section)
        text, parts = text_in(section), section.findall(f"{H}component/{H}section")
        if code == PRODUCT_DATA and text is None:
            return
        if text is None and not parts:
            if section.find(f"{H}excerpt") is None:
                self.draft.paragraph(name, place=place)
            return
        if code == BOXED and "boxed warning" not in name.lower():
            self.draft.heading(section_names()[BOXED], level, place=place)
            level += 1
        self.draft.heading(name, level, place=place)
        level += bool(name)
        if text is not None:
            first = len(self.draft.blocks)
            self.narrative.pictures = pictures_of(section, self.narrative)
            self.narrative.title_level = level
            self.narrative.write(text)
            self.narrative.write_notes()
            if code == PANEL:
                self.draft.mark_boilerplate(first)
        self.write_sections(parts, level)

    def name_of(self, section: etree._Element | None) -> str:
        """A section's title as printed, else the name that its code stands for; empty where it has neither."""
        if section is None:
            return ""
        title = section.find(f"{H}title")
        printed = self.narrative.inline(title) if title is not None else ""
        return printed or section_names().get(code_of(section), "")


def text_in(section: etree._Element) -> etree._Element | None:
    """The text of a section; None where it has none, or an empty one."""
    text = section.find(f"{H}text")
    if text is None or not (fold("".join(text.itertext())) or text.find(f".//{H}renderMultiMedia") is not None):
        return None
    return text


def pictures_of(section: etree._Element, narrative: LabelText) -> dict[str, str]:
    """What the pictures of a section are said to show, by their identifiers."""
    media = section.iterfind(f"{H}component/{H}observationMedia")
    return {
        each.get("ID") or "": narrative.inline(text) for each in media if (text := each.find(f"{H}text")) is not None
    }


@lru_cache(maxsize=1)
def section_names() -> dict[str, str]:
    """The names of label sections by their LOINC codes."""
    with resources.files("citewell").joinpath("data/loinc_sections.csv").open(encoding="utf-8") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream) if row["code"]}
