"""Electronic product information in FHIR (ePI), XML or JSON → Documents: one for each Composition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.beir import Failure
from citewell.readers.draft import Draft
from citewell.readers.fields import Value
from citewell.readers.labels.spl import HIGHLIGHTS, UNCLASSIFIED, section_names
from citewell.readers.labels.spl_meta import plain_title
from citewell.readers.limits import LIMITS
from citewell.readers.narrative import Narrative
from citewell.readers.source import Source
from citewell.readers.xml import Places, local_name, parse_xml
from citewell.types import Audience, BlockKind, Document, SourceClass, fold

F = "{http://hl7.org/fhir}"
XHTML = "{http://www.w3.org/1999/xhtml}"
XML_OPENING = re.compile(rb"<(?:\w+:)?(?:Bundle|Composition)\b[^>]*http://hl7\.org/fhir")
JSON_OPENING = re.compile(rb'"resourceType"\s*:\s*"(?:Bundle|Composition)"')
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,60}")
ACTIVE = re.compile(r"active(?: ingredient| substance)?|ACT(?:IB|IM|IR)", re.I)
LEAFLET = re.compile(r"package leaflet|patient (?:information|package)|medication guide|patient leaflet", re.I)
INVENTED = re.compile(r"invented", re.I)
HEADING = re.compile(r"h([1-6])")
NARRATIVE = re.compile(rb"<div\b[^>]{0,300}xhtml[^>]{0,300}>(?:(?!</text>).)*+(?=</text>)", re.S)
ENDING = re.compile(rb"</(?:\w+:)?(?:Bundle|Composition)\s*>\s*$")
BROKEN = "The file's mark-up is broken; it was read as far as its parts could be told."


def looks_like_fhir(data: bytes) -> bool:
    """Whether bytes open like a FHIR document."""
    opening = data[:16_384]
    return XML_OPENING.search(opening) is not None or JSON_OPENING.search(opening) is not None


def read_fhir(source: Source, data: bytes) -> Iterator[Document | Failure]:
    """Read each Composition of a file."""
    root, whole = parse(source.document_id, data)
    found = [root] if local_name(root) == "Composition" else list(root.iter(f"{F}Composition"))
    if not found:
        raise ReadError(
            f"{source.document_id}: expected a FHIR document with a Composition, found a {local_name(root)} without one; "
            "export the whole ePI"
        )
    for number, composition in enumerate(found, start=1):
        name = (
            source.document_id if len(found) == 1 else f"{source.document_id}/{value_at(composition, 'id') or number}"
        )
        try:
            yield read_composition(Source(source.path, name, source.root), data, root, composition, whole=whole)
        except ReadError as error:
            yield Failure(name, str(error))


def parse(document_id: str, data: bytes) -> tuple[etree._Element, bool]:
    """The root as XML, whichever of the two notations it is in, and whether its mark-up was whole."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ReadError(f"{document_id}: expected FHIR in JSON, found: {error}; export it again") from error
        return as_xml(document_id, value), True
    try:
        return parse_xml(document_id, data), True
    except ReadError:
        if not ENDING.search(data[-200:]):
            raise  # a part of a file is no file with broken mark-up
        return parse_xml(document_id, NARRATIVE.sub(mended, data), recover=True), False


def mended(match: re.Match[bytes]) -> bytes:
    """A narrative of broken mark-up as a browser would understand it, so that the sections around it stay as they are."""
    div = etree.fromstring(match.group(), etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)).find(
        ".//div"
    )
    if div is None:
        return match.group()
    div.attrib.pop("xmlns", None)
    mended: bytes = etree.tostring(div, encoding="utf-8", with_tail=False)
    return mended.replace(b"<div", b'<div xmlns="http://www.w3.org/1999/xhtml"', 1)


def as_xml(document_id: str, value: dict[str, Any]) -> etree._Element:
    """A resource in FHIR's JSON as its XML: the two say the same (FHIR R5, section 2.1.6)."""
    count = 0

    def fill(element: etree._Element, value: dict[str, Any], depth: int) -> None:
        nonlocal count
        for key, entry in value.items():
            for each in entry if isinstance(entry, list) else [entry]:
                count += 1
                if depth > LIMITS.xml_depth or count > LIMITS.xml_elements:
                    raise ReadError(
                        f"{document_id}: expected a FHIR document that people wrote, found a larger one; split it"
                    )
                if key == "div" and isinstance(each, str):
                    element.append(parse_xml(document_id, each.encode("utf-8", "replace")))
                elif NAME.fullmatch(key) and isinstance(each, dict):
                    child = etree.SubElement(element, F + key)
                    inner = each.get("resourceType")
                    resource = inner is not None and isinstance(inner, str) and NAME.fullmatch(inner) is not None
                    fill(etree.SubElement(child, F + inner) if resource and inner else child, each, depth + 1)
                elif NAME.fullmatch(key) and key != "resourceType" and isinstance(each, str | int | float):
                    etree.SubElement(element, F + key).set("value", printable(str(each)))

    kind = value.get("resourceType")
    root = etree.Element(F + (kind if isinstance(kind, str) and NAME.fullmatch(kind) else "Bundle"))
    fill(root, value, 0)
    return root


def printable(text: str) -> str:
    """A text without the characters that XML can't hold."""
    return "".join(character for character in text if character in "\t\n\r" or (character >= " " and not "\ud800" <= character <= "\udfff"
                   and character not in "\ufffe\uffff"))  # fmt: skip


class PageText(Narrative):
    """The XHTML of a narrative."""

    PARAGRAPHS = frozenset("p div pre blockquote dt dd figcaption address".split())
    LISTS = frozenset(("ul", "ol"))
    ITEMS = frozenset(("li",))
    DROPPED: ClassVar[frozenset[str]] = frozenset("col colgroup script style img".split())

    def own(self, element: etree._Element, name: str) -> bool:
        """Headings inside a section."""
        match = HEADING.fullmatch(name)
        if match is None:
            return False
        self.flush()
        self.draft.add(self.inline(element), BlockKind.HEADING, level=self.title_level, place=self.places.of(element))
        return True

    def is_bold(self, cell: etree._Element) -> bool:
        """Whether all that a cell says stands in bold."""
        bold = [
            each
            for each in cell.iter(f"{XHTML}b", f"{XHTML}strong")
            if local_name(each.getparent()) not in ("b", "strong")
        ]
        said = "".join("".join(each.itertext()) for each in bold)
        return "".join(said.split()) == "".join("".join(cell.itertext()).split())


def read_composition(
    source: Source, data: bytes, root: etree._Element, composition: etree._Element, *, whole: bool
) -> Document:
    """Read one Composition: its own text, then its sections."""
    draft = Draft(source.document_id)
    narrative = PageText(draft, Places())
    title = value_at(composition, "title")
    draft.heading(fold(title), 1)
    if (div := composition.find(f"{F}text/{XHTML}div")) is not None and fold("".join(div.itertext())):
        draft.heading(HIGHLIGHTS, 2)
        narrative.title_level = 3
        narrative.write(div)
    for section in composition.iterchildren(f"{F}section"):
        write_section(narrative, section, 2)
    fields = head_fields(root, composition, fold(title))
    if not whole:
        fields["remarks"] = (BROKEN,)
    return draft.document(source, data, fields)


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


def value_at(element: etree._Element, path: str) -> str:
    """The value of the first element at a path of names; empty if there is none."""
    found = element.find("/".join(F + name for name in path.split("/")))
    return (found.get("value") or "") if found is not None else ""


def head_fields(root: etree._Element, composition: etree._Element, title: str) -> dict[str, Value]:
    """A Composition's metadata, and that of the products and organizations beside it."""
    kind = value_at(composition, "type/text") or value_at(composition, "type/coding/display")
    status = value_at(composition, "status")
    numbers = [
        value_at(composition, "identifier/value"),
        *(value_at(each, "identifier/value") for each in root.iter(f"{F}RegulatedAuthorization")),
    ]
    found: dict[str, Value] = {
        "source_class": SourceClass.LABEL,
        "brand_names": tuple(dict.fromkeys(brands_of(root))),
        "active_ingredients": tuple(dict.fromkeys(ingredients_of(root))),
        "identifiers": tuple(f"id {number}" for number in dict.fromkeys(filter(None, numbers))),
    }
    if LEAFLET.search(kind):
        found["audience"] = Audience.PATIENT
    stated = {
        "title": plain_title(title),
        "publisher": publisher_of(root, composition),
        "updated": value_at(composition, "date")[:10],
        "version": value_at(composition, "version"),
        "language": value_at(composition, "language") or value_at(root, "language"),
        "review_status": "" if status in ("final", "") else status,
    }
    return found | {name: value for name, value in stated.items() if value}


def publisher_of(root: etree._Element, composition: etree._Element) -> str:
    """The name of the organization that the Composition names as its author."""
    author = value_at(composition, "author/reference").rpartition("/")[2].removeprefix("urn:uuid:")
    names = {value_at(each, "id"): fold(value_at(each, "name")) for each in root.iter(f"{F}Organization")}
    return names.get(author) or fold(value_at(composition, "author/display"))


def brands_of(root: etree._Element) -> Iterator[str]:
    """The invented names of the products, else what stands before ® in their full names."""
    for product in root.iter(f"{F}MedicinalProductDefinition"):
        for name in product.iterchildren(f"{F}name"):
            parts = [*name.iterchildren(f"{F}namePart"), *name.iterchildren(f"{F}part")]
            invented = [
                value_at(part, "part") for part in parts if INVENTED.search(value_at(part, "type/coding/display"))
            ]
            full = value_at(name, "productName")
            yield from filter(None, map(fold, invented or ([full.partition("®")[0]] if "®" in full else [])))


def ingredients_of(root: etree._Element) -> Iterator[str]:
    """The names of the active substances, in small letters."""
    substances = {value_at(each, "id"): value_at(each, "name/name") for each in root.iter(f"{F}SubstanceDefinition")}
    for ingredient in root.iter(f"{F}Ingredient"):
        role = ingredient.find(f"{F}role")
        roles = (
            [each.get("value") or "" for each in role.iter(f"{F}code", f"{F}display", f"{F}text")]
            if role is not None
            else []
        )
        if any(ACTIVE.fullmatch(each) for each in roles):
            code = "substance/code/concept"
            named = value_at(ingredient, f"{code}/coding/display") or value_at(ingredient, f"{code}/text")
            reference = value_at(ingredient, "substance/code/reference/reference").rpartition("/")[2]
            yield from filter(None, [fold(named or substances.get(reference, "")).lower()])
