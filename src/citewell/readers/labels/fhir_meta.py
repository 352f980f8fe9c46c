"""What a FHIR document says of itself: its Composition, and the products, substances and organizations beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from citewell.readers.dates import parse_date
from citewell.readers.fields import Value
from citewell.readers.labels.spl_meta import plain_title
from citewell.readers.xml import local_name
from citewell.types import Audience, SourceClass, fold

F = "{http://hl7.org/fhir}"
ACTIVE = re.compile(r"active(?: ingredient| substance)?|ACT(?:IB|IM|IR)", re.I)
LEAFLET = re.compile(
    r"package leaflet|patient (?:information|package)|medication guide|patient leaflet|information for the (?:user|patient)",
    re.I,
)
INVENTED = re.compile(r"invented|(?<!non)(?<!non[ -])proprietary", re.I)
VERSION = re.compile(r"version-?number$", re.I)
STRENGTHS = re.compile(r"[®™]|\s+\d")  # what stands before is the brand


def value_at(element: etree._Element, path: str) -> str:
    """The value of the first element at a path of names; empty if there is none."""
    found = element.find("/".join(F + name for name in path.split("/")))
    return (found.get("value") or "") if found is not None else ""


def head_fields(composition: etree._Element, title: str) -> dict[str, Value]:
    """A Composition's metadata, and that of the products and organizations in the same bundle."""
    bundle = bundle_of(composition)
    products = products_of(bundle, composition)
    kinds = [value_at(composition, "type/text"), value_at(composition, "type/coding/display")]
    found: dict[str, Value] = {"source_class": SourceClass.LABEL, "identifiers": identifiers_of(bundle, composition)}
    if products is not None:
        active = tuple(dict.fromkeys(ingredients_of(bundle)))
        brands = dict.fromkeys(name for each in products for name in brands_of(each))
        found["active_ingredients"] = active
        found["brand_names"] = tuple(
            name for name in brands if name.lower() not in active
        )  # a part of a pack may have no other
    if any(map(LEAFLET.search, [*kinds, title])):
        found["audience"] = Audience.PATIENT
    status = value_at(composition, "status")
    stated = {
        "title": plain_title(title),
        "publisher": publisher_of(bundle, composition),
        "updated": parse_date(value_at(composition, "date")[:10]),
        "version": value_at(composition, "version") or version_of(composition),
        "language": value_at(composition, "language") or value_at(bundle, "language"),
        "review_status": "" if status == "final" else status,
    }
    remarks = remarks_of(bundle)
    return found | {name: value for name, value in stated.items() if value} | ({"remarks": remarks} if remarks else {})


def bundle_of(composition: etree._Element) -> etree._Element:
    """The innermost bundle that a Composition lies in, else itself."""
    return next((above for above in composition.iterancestors(f"{F}Bundle")), composition)


def resources(bundle: etree._Element, kind: str) -> Iterator[etree._Element]:
    """The resources of a kind in a bundle, those of bundles inside it left out."""
    return (each for each in bundle.iter(F + kind) if bundle_of(each) is bundle or local_name(bundle) != "Bundle")


def identifiers_of(bundle: etree._Element, composition: etree._Element) -> tuple[str, ...]:
    """The numbers of the document and of the authorisations of its products."""
    several = sum(1 for _ in resources(bundle, "Composition")) > 1
    authorised = () if several else resources(bundle, "RegulatedAuthorization")
    numbers = [value_at(composition, "identifier/value"), *(value_at(each, "identifier/value") for each in authorised)]
    return tuple(f"id {number}" for number in dict.fromkeys(filter(None, numbers)))


def version_of(composition: etree._Element) -> str:
    """The version number in an extension, as documents made from SPL have it."""
    for extension in composition.iterchildren(f"{F}extension"):
        if VERSION.search(extension.get("url") or value_at(extension, "url")):
            return value_at(extension, "valueString") or value_at(extension, "valueInteger")
    return ""


def products_of(bundle: etree._Element, composition: etree._Element) -> list[etree._Element] | None:
    """The products that a Composition is about; None where several documents share a bundle and this one names none of them."""
    products = [*resources(bundle, "MedicinalProductDefinition"), *resources(bundle, "Medication")]
    if sum(1 for _ in resources(bundle, "Composition")) < 2:
        return products
    subjects = {each.get("value") or "" for each in composition.iterfind(f"{F}subject/{F}reference")}
    named = [each for each in products if subjects & addresses_of(each)]
    return named if len(named) == len(products) else None


def addresses_of(resource: etree._Element) -> set[str]:
    """What references to a resource may say."""
    number, entry = value_at(resource, "id"), resource.getparent()
    found = {f"{local_name(resource)}/{number}", f"#{number}"} if number else set()
    entry = entry.getparent() if entry is not None else None
    return found | ({value_at(entry, "fullUrl")} - {""} if entry is not None else set())


def publisher_of(bundle: etree._Element, composition: etree._Element) -> str:
    """The name of the organization that the Composition names as its first author."""
    author = value_at(composition, "author/reference")
    for each in resources(bundle, "Organization"):
        if author and (author in addresses_of(each) or author.rpartition("/")[2] == value_at(each, "id")):
            return fold(value_at(each, "name"))
    return fold(value_at(composition, "author/display"))


def brands_of(product: etree._Element) -> Iterator[str]:
    """The invented names of a product, else what stands before ® in its full name."""
    for name in product.iterchildren(f"{F}name"):
        parts = [*name.iterchildren(f"{F}namePart"), *name.iterchildren(f"{F}part")]
        invented = [value_at(part, "part") for part in parts if INVENTED.search(value_at(part, "type/coding/display"))]
        full = value_at(name, "productName")
        if not invented and value_at(name, "type/coding/code").upper() == "PROPRIETARY":
            invented = [STRENGTHS.split(full)[0]]
        yield from filter(None, map(fold, invented or ([full.partition("®")[0]] if "®" in full else [])))
    full = value_at(product, "code/text")
    if local_name(product) == "Medication" and "®" in full:
        yield fold(full.partition("®")[0])


def ingredients_of(bundle: etree._Element) -> Iterator[str]:
    """The names of the active substances, in small letters."""
    substances = {
        value_at(each, "id"): value_at(each, "name/name") for each in resources(bundle, "SubstanceDefinition")
    }
    for ingredient in resources(bundle, "Ingredient"):
        if is_active(ingredient):
            code = "substance/code/concept"
            named = value_at(ingredient, f"{code}/coding/display") or value_at(ingredient, f"{code}/text")
            reference = value_at(ingredient, "substance/code/reference/reference").rpartition("/")[2]
            yield from filter(None, [fold(named or substances.get(reference, "")).lower()])
    for part in (
        each for medication in resources(bundle, "Medication") for each in medication.iterfind(f"{F}ingredient")
    ):
        if value_at(part, "isActive") == "true":
            concept = "itemCodeableConcept" if part.find(f"{F}itemCodeableConcept") is not None else "item/concept"
            named = value_at(part, f"{concept}/coding/display") or value_at(part, f"{concept}/text")
            yield from filter(None, [fold(named).lower()])


def is_active(ingredient: etree._Element) -> bool:
    """Whether an ingredient's role says that it is an active one."""
    role = ingredient.find(f"{F}role")
    words = (
        () if role is None else (each.get("value") or "" for each in role.iter(f"{F}code", f"{F}display", f"{F}text"))
    )
    return any(map(ACTIVE.fullmatch, words))


def remarks_of(bundle: etree._Element) -> tuple[str, ...]:
    """What the file carries beside its text and isn't read: pictures, PDF."""
    kinds = [
        value_at(each, "contentType") or "no type given"
        for each in resources(bundle, "Binary")
        if value_at(each, "data")
    ]
    if not kinds:
        return ()
    listed = ", ".join(dict.fromkeys(kinds))
    return (
        f"The file carries {len(kinds)} attached {'file' if len(kinds) == 1 else 'files'} ({listed}) that weren't read.",
    )
