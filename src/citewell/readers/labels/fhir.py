"""Electronic product information in FHIR (ePI), XML or JSON → Documents: one for each Composition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.beir import Failure
from citewell.readers.draft import Draft
from citewell.readers.labels.fhir_json import XHTML, FromJson, mended_narrative
from citewell.readers.labels.fhir_meta import Beside, F, bundle_of, head_fields, value_at
from citewell.readers.labels.fhir_text import PageText
from citewell.readers.labels.spl import HIGHLIGHTS, UNCLASSIFIED, section_names
from citewell.readers.labels.spl_meta import plain_title
from citewell.readers.source import Source
from citewell.readers.xml import Places, local_name, parse_xml
from citewell.types import Document, fold

XML_OPENING = re.compile(rb"<(?:\w+:)?(?:Bundle|Composition)\b[^>]*http://hl7\.org/fhir")
JSON_OPENING = re.compile(rb'"resourceType"\s*:\s*"(?:Bundle|Composition)"')
NARRATIVE = re.compile(rb"<div\b[^>]{0,300}xhtml[^>]{0,300}>(?:(?!</text>).)*+(?=</text>)", re.S)
ENDING = re.compile(rb"</(?:\w+:)?(?:Bundle|Composition)\s*>\s*$")
BROKEN = "The file's mark-up is broken; it was read as far as its parts could be told."
STRUCK = "The file strikes some of its text out; that text was left out."
GENERATED = "Generated Narrative"  # as publishing tools open a list of the resource's own fields


def looks_like_fhir(data: bytes) -> bool:
    """Whether bytes are a FHIR document: XML by its opening, JSON, whose properties have no order, by any of them."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return JSON_OPENING.search(data) is not None
    return XML_OPENING.search(data[:16_384]) is not None


def read_fhir(source: Source, data: bytes) -> Iterator[Document | Failure]:
    """Read each Composition of a file."""
    root, whole = parse(source.document_id, data)
    found = [root] if local_name(root) == "Composition" else list(root.iter(f"{F}Composition"))
    if not found:
        raise ReadError(
            f"{source.document_id}: expected a FHIR document with a Composition, found a {local_name(root)} without one; "
            "export the whole ePI"
        )
    beside, places = Beside.gathered(root), Places()
    for number, composition in enumerate(found, start=1):
        name = (
            source.document_id if len(found) == 1 else f"{source.document_id}/{value_at(composition, 'id') or number}"
        )
        try:
            yield read_composition(
                Source(source.path, name, source.root),
                data,
                composition,
                beside[bundle_of(composition)],
                places,
                whole=whole,
            )
        except ReadError as error:
            yield Failure(name, str(error))


def parse(document_id: str, data: bytes) -> tuple[etree._Element, bool]:
    """The root as XML, whichever of the two notations it is in, and whether its mark-up was whole."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        reader = FromJson(document_id)
        root = reader.root(data)
        return root, reader.whole
    try:
        return parse_xml(document_id, data), True
    except ReadError:
        if not ENDING.search(data[-200:]):
            raise  # a part of a file is no file with broken mark-up
        return parse_xml(document_id, NARRATIVE.sub(mended, data), recover=True), False


def mended(match: re.Match[bytes]) -> bytes:
    """A narrative of broken mark-up, mended where that can be done."""
    return mended_narrative(match.group()) or match.group()


def read_composition(
    source: Source, data: bytes, composition: etree._Element, beside: Beside, places: Places, *, whole: bool
) -> Document:
    """Read one Composition: its own text, then its sections."""
    draft = Draft(source.document_id)
    narrative = PageText(draft, places)
    title = value_at(composition, "title")
    if plain_title(fold(title)) == fold(title):
        draft.heading(fold(title), 1)
    else:
        draft.boilerplate(fold(title))  # a sentence on highlights, whose product the metadata name
    if (div := composition.find(f"{F}text/{XHTML}div")) is not None and fold("".join(div.itertext())):
        write_own_text(narrative, div)
    for section in composition.iterchildren(f"{F}section"):
        write_section(narrative, section, 2)
    fields = head_fields(composition, fold(title), beside)
    told = (*(() if whole else (BROKEN,)), *((STRUCK,) if narrative.struck else ()))
    return draft.document(source, data, fields | {"remarks": (*told, *fields.get("remarks", ()))})


def write_own_text(narrative: PageText, div: etree._Element) -> None:
    """Write the text before all sections: a label's highlights, or what a tool wrote of the resource's fields."""
    first, text = len(narrative.draft.blocks), fold("".join(div.itertext()))
    if "highlights" in text[:300].lower():
        narrative.draft.heading(HIGHLIGHTS, 2)
        narrative.title_level = 3
    narrative.write(div)
    if text.startswith(GENERATED):
        narrative.draft.mark_boilerplate(first)


def write_section(narrative: PageText, section: etree._Element, level: int) -> None:
    """Write a section with those inside it."""
    name = name_of(section)
    before = section.getprevious()
    if not name and before is not None and local_name(before) == "section" and name_of(before):
        name = UNCLASSIFIED  # or it would seem to belong to the section before it
    narrative.draft.heading(name, level, place=narrative.places.of(section))
    inner = level + bool(name)
    narrative.title_level = inner
    if (div := section.find(f"{F}text/{XHTML}div")) is not None:
        narrative.write(div)
    for part in section.iterchildren(f"{F}section"):
        write_section(narrative, part, inner)


def name_of(section: etree._Element) -> str:
    """A section's title, else what its code stands for; empty where it has neither."""
    if title := fold(value_at(section, "title")):
        return title
    codes = section.findall(f"{F}code/{F}coding/{F}code")
    named = next((section_names()[value] for each in codes if (value := each.get("value")) in section_names()), "")
    text = value_at(section, "code/text") or value_at(section, "code/coding/display")
    return named or ("" if "unclassified" in text.lower() else fold(text))
