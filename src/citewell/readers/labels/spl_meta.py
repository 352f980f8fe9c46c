"""What the head of a drug label says as metadata: title, brands, ingredients, numbers, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from citewell.readers.dates import parse_date
from citewell.readers.fields import Value
from citewell.readers.xml import local_name
from citewell.types import SourceClass, fold

NAMESPACE = "urn:hl7-org:v3"
H = f"{{{NAMESPACE}}}"
ACTIVE = re.compile(r"ACT(?:IB|IM|IR)?")
NOT_ALL = re.compile(r"These highlights do not include .*? See full prescribing information for [^.]*\.\s*")
EFFECTIVE = re.compile(r"(\d{4})(\d\d)?(\d\d)?")
TRADE_MARK = re.compile(r"[®™℠]|\((?:R|TM)\)")
AMOUNT = r"\d[\d.,]*\s*(?:mg|mcg|µg|g|mL|%|units?|IU)(?![A-Za-z])"
STRENGTH = re.compile(rf"\s+{AMOUNT}(?:\s*/\s*(?:{AMOUNT}|mL))*", re.I)


def code_of(section: etree._Element) -> str:
    """The LOINC code of a section."""
    code = section.find(f"{H}code")
    return (code.get("code") or "") if code is not None else ""


def head_fields(root: etree._Element, products: list[etree._Element]) -> dict[str, Value]:
    """What a label's head says of it."""
    brands = tuple(dict.fromkeys(name for each in products if (name := brand_of(each))))
    moieties = tuple(dict.fromkeys(name for each in products for name in moieties_of(each)))
    generics = tuple(dict.fromkeys(name for each in products if (name := text_of(each, GENERIC))))
    numbers = [f"set id {each.get('root')}" for each in root.iterfind(f"{H}setId")]
    numbers += [f"NDC {code}" for each in products if (code := code_of(each))]
    approvals = (each.get("extension") for each in root.iter(f"{H}id") if local_name(each.getparent()) == "approval")
    found: dict[str, Value] = {
        "source_class": SourceClass.LABEL,
        "brand_names": brands,
        "active_ingredients": moieties or generics,
        "identifiers": tuple(dict.fromkeys([*numbers, *(f"approval {each}" for each in approvals if each)])),
    }
    stated = {
        "title": title_of(brands, generics or moieties, products) or plain_title(text_of(root, f"{H}title")),
        "publisher": text_of(root, f"{H}author/{H}assignedEntity/{H}representedOrganization/{H}name"),
        "updated": effective(root.find(f"{H}effectiveTime")),
        "version": next((each.get("value") for each in root.iterfind(f"{H}versionNumber")), None),
        "language": next((each.get("code") for each in root.iterfind(f"{H}languageCode")), None),
    }
    return found | {name: value for name, value in stated.items() if value}


GENERIC = f"{H}asEntityWithGeneric/{H}genericMedicine/{H}name"


def plain_title(printed: str) -> str:
    """What a label's printed title names, without the sentence on highlights before it and the year of approval behind it."""
    return (
        (NOT_ALL.sub("", printed).partition("Initial U.S. Approval")[0].strip() or printed)
        if NOT_ALL.match(printed)
        else printed
    )


def title_of(brands: tuple[str, ...], generics: tuple[str, ...], products: list[etree._Element]) -> str | None:
    """ "Lipitor (atorvastatin calcium) tablet, film coated": what the label is of, in the words of its product data."""
    if not brands:
        return None
    forms = {
        (each.get("displayName") or "").lower() for product in products for each in product.iterfind(f"{H}formCode")
    }
    generic = (
        f" ({', '.join(generics)})" if generics and {g.lower() for g in generics} != {b.lower() for b in brands} else ""
    )
    form = f" {forms.pop()}" if len(forms) == 1 else ""
    return f"{' / '.join(brands)}{generic}{form}".strip()


def moieties_of(product: etree._Element) -> Iterator[str]:
    """The active moieties of a product, in small letters."""
    for ingredient in product.iter(f"{H}ingredient", f"{H}activeIngredient"):
        if local_name(ingredient) == "activeIngredient" or ACTIVE.fullmatch(ingredient.get("classCode") or ""):
            names = [name for each in ingredient.iter(f"{H}activeMoiety") if (name := text_of(each, f"{H}name"))]
            yield from (name.lower() for name in names)


def name_of_product(product: etree._Element) -> str:
    """A product's name with its suffix, which the file gives without a blank between them."""
    name = product.find(f"{H}name")
    return fold(" ".join(name.itertext())) if name is not None else ""


def brand_of(product: etree._Element) -> str:
    """A product's name without the sign of a trade mark and the strength; what else tells it from others stays."""
    return fold(STRENGTH.sub("", TRADE_MARK.sub(" ", name_of_product(product))))


def effective(time: etree._Element | None) -> str | None:
    """The date of a label, as precise as it is given."""
    return iso_date((time.get("value") or "") if time is not None else "")


def iso_date(digits: str) -> str | None:
    """The date that opens 20140113 or 201401; None if there is no such day."""
    match = EFFECTIVE.match(digits)
    return parse_date("-".join(part for part in match.groups() if part)) if match else None


def text_of(element: etree._Element, path: str) -> str:
    """The text of the first element at a path, white space folded; empty if there is none."""
    found = element.find(path)
    return fold("".join(found.itertext())) if found is not None else ""
