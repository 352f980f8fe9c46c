"""What a FHIR document says of itself: its Composition, and the products, substances and organizations beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from citewell.readers.dates import parse_date
from citewell.readers.fields import Value
from citewell.readers.labels.spl_meta import plain_title
from citewell.readers.xml import local_name
from citewell.types import Audience, SourceClass, fold

KINDS = (
    "Composition", "MedicinalProductDefinition", "Medication", "Ingredient", "SubstanceDefinition", "Organization",
    "RegulatedAuthorization", "Binary",
)  # fmt: skip
MOST_KINDS = 5  # of attached files named in a remark
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


class Beside:
    """The resources of one bundle, by kind; those of bundles inside it left out."""

    def __init__(self) -> None:
        self._resources: dict[str, list[etree._Element]] = {kind: [] for kind in KINDS}

    @classmethod
    def gathered(cls, root: etree._Element) -> dict[etree._Element, Beside]:
        """What lies beside the Compositions of a file, by the innermost bundle."""
        found: dict[etree._Element, Beside] = {}
        for each in root.iter(*(F + kind for kind in KINDS)):
            found.setdefault(bundle_of(each), cls())._resources[local_name(each)].append(each)
        return found

    def all(self, *kinds: str) -> list[etree._Element]:
        """The resources of some kinds."""
        return [each for kind in kinds for each in self._resources[kind]]

    @property
    def several(self) -> bool:
        """Whether several documents lie in the bundle."""
        return len(self._resources["Composition"]) > 1

    @cached_property
    def brands(self) -> tuple[str, ...]:
        """The names under which the products are sold; a part of a pack may have no other than its substance's."""
        names = dict.fromkeys(
            name for each in self.all("MedicinalProductDefinition", "Medication") for name in brands_of(each)
        )
        return tuple(name for name in names if name.lower() not in self.ingredients)

    @cached_property
    def ingredients(self) -> tuple[str, ...]:
        """The active substances."""
        return tuple(dict.fromkeys(ingredients_of(self)))

    @cached_property
    def products(self) -> list[set[str]]:
        """What references to each product may say."""
        return [addresses_of(each) for each in self.all("MedicinalProductDefinition", "Medication")]

    @cached_property
    def organizations(self) -> dict[str, str]:
        """The names of organizations by what references to them may say, and by their ids."""
        found: dict[str, str] = {}
        for each in self.all("Organization"):
            for address in (*addresses_of(each), value_at(each, "id")):
                found.setdefault(address, fold(value_at(each, "name")))
        return found

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What the bundle carries beside its text and isn't read: pictures, PDF."""
        kinds = [
            value_at(each, "contentType") or "no type given" for each in self.all("Binary") if value_at(each, "data")
        ]
        if not kinds:
            return ()
        listed = ", ".join(list(dict.fromkeys(kinds))[:MOST_KINDS])
        attached = "1 attached file" if len(kinds) == 1 else f"{len(kinds)} attached files"
        return (f"The file carries {attached} ({listed}), which {'was' if len(kinds) == 1 else 'were'} not read.",)

    def is_of(self, composition: etree._Element) -> bool:
        """Whether the products are those of a document; of several in one bundle only one that names all the products has them."""
        if not self.several:
            return True
        subjects = {each.get("value") or "" for each in composition.iterfind(f"{F}subject/{F}reference")}
        return len(self.products) <= len(subjects) and all(subjects & each for each in self.products)


def head_fields(composition: etree._Element, title: str, beside: Beside) -> dict[str, Value]:
    """A Composition's metadata, and that of the products and organizations in the same bundle."""
    kinds = [value_at(composition, "type/text"), value_at(composition, "type/coding/display")]
    found: dict[str, Value] = {"source_class": SourceClass.LABEL, "identifiers": identifiers_of(beside, composition)}
    if beside.is_of(composition):
        found |= {"brand_names": beside.brands, "active_ingredients": beside.ingredients}
    if any(map(LEAFLET.search, [*kinds, title])):
        found["audience"] = Audience.PATIENT
    status, author = value_at(composition, "status"), value_at(composition, "author/reference")
    named = beside.organizations.get(author) or beside.organizations.get(author.rpartition("/")[2])
    language = value_at(composition, "language") or value_at(bundle_of(composition), "language")
    stated = {
        "title": plain_title(title),
        "publisher": (named if author else None) or fold(value_at(composition, "author/display")),
        "updated": parse_date(value_at(composition, "date")[:10]),
        "version": value_at(composition, "version") or version_of(composition),
        "language": language,
        "review_status": "" if status == "final" else status,
    }
    return found | {name: value for name, value in stated.items() if value} | {"remarks": beside.remarks}


def bundle_of(element: etree._Element) -> etree._Element:
    """The innermost bundle that a resource lies in, else the whole file."""
    above = next(element.iterancestors(f"{F}Bundle"), None)
    return element.getroottree().getroot() if above is None else above


def identifiers_of(beside: Beside, composition: etree._Element) -> tuple[str, ...]:
    """The numbers of the document and of the authorisations of its products."""
    authorised = [] if beside.several else beside.all("RegulatedAuthorization")
    numbers = [value_at(composition, "identifier/value"), *(value_at(each, "identifier/value") for each in authorised)]
    return tuple(f"id {number}" for number in dict.fromkeys(filter(None, numbers)))


def version_of(composition: etree._Element) -> str:
    """The version number in an extension, as documents made from SPL have it."""
    for extension in composition.iterchildren(f"{F}extension"):
        if VERSION.search(extension.get("url") or value_at(extension, "url")):
            return value_at(extension, "valueString") or value_at(extension, "valueInteger")
    return ""


def addresses_of(resource: etree._Element) -> set[str]:
    """What references to a resource may say."""
    number, entry = value_at(resource, "id"), resource.getparent()
    found = {f"{local_name(resource)}/{number}", f"#{number}"} if number else set()
    entry = entry.getparent() if entry is not None else None
    return found | ({value_at(entry, "fullUrl")} - {""} if entry is not None else set())


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


def ingredients_of(beside: Beside) -> Iterator[str]:
    """The names of the active substances, in small letters."""
    substances = {value_at(each, "id"): value_at(each, "name/name") for each in beside.all("SubstanceDefinition")}
    for ingredient in beside.all("Ingredient"):
        if is_active(ingredient):
            code = "substance/code/concept"
            named = value_at(ingredient, f"{code}/coding/display") or value_at(ingredient, f"{code}/text")
            reference = value_at(ingredient, "substance/code/reference/reference").rpartition("/")[2]
            yield from filter(None, [fold(named or substances.get(reference, "")).lower()])
    for part in (each for medication in beside.all("Medication") for each in medication.iterfind(f"{F}ingredient")):
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
