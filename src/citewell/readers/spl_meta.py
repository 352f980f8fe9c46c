"""What the head of a drug label says: product, ingredients, numbers, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from citewell.readers.draft import Draft
from citewell.readers.fields import Value
from citewell.readers.xml import local_name
from citewell.types import BlockKind, SourceClass, fold

NAMESPACE = "urn:hl7-org:v3"
H = f"{{{NAMESPACE}}}"
ACTIVE = re.compile(r"ACT(?:IB|IM|IR)?")
NOT_ALL = re.compile(r"These highlights do not include .*? See full prescribing information for [^.]*\.\s*")
EFFECTIVE = re.compile(r"(\d{4})(\d\d)?(\d\d)?")


def code_of(section: etree._Element) -> str:
    """The LOINC code of a section."""
    code = section.find(f"{H}code")
    return (code.get("code") or "") if code is not None else ""


def inner_product(element: etree._Element) -> etree._Element | None:
    """The product inside its wrapper, in either of the two forms that labels have."""
    for name in ("manufacturedProduct", "manufacturedMedicine"):
        if (found := element.find(f"{H}{name}")) is not None:
            return found
    return None


def head_fields(root: etree._Element, products: list[etree._Element]) -> dict[str, Value]:
    """What a label's head says of it."""
    brands = tuple(dict.fromkeys(name for each in products if (name := text_of(each, f"{H}name"))))
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


def effective(time: etree._Element | None) -> str | None:
    """The date of a label, as precise as it is given."""
    match = EFFECTIVE.match((time.get("value") or "") if time is not None else "")
    return "-".join(part for part in match.groups() if part) if match else None


def text_of(element: etree._Element, path: str) -> str:
    """The text of the first element at a path, white space folded; empty if there is none."""
    found = element.find(path)
    return fold("".join(found.itertext())) if found is not None else ""


def write_products(draft: Draft, products: list[etree._Element]) -> None:
    """Write what the product data say as labels: names, form, ingredients with their amounts."""
    lines = dict.fromkeys(line for product in products for line in product_lines(product))
    if lines:
        draft.heading("Product data", 2)
    for line in lines:
        draft.add(line, BlockKind.LABEL)


def product_lines(product: etree._Element) -> Iterator[str]:
    """The facts of one product, a line each."""
    name = text_of(product, f"{H}name")
    if generic := text_of(product, GENERIC):
        yield f"Generic name: {generic}"
    for form in product.iterfind(f"{H}formCode"):
        if form.get("displayName"):
            yield f"Dosage form: {form.get('displayName')}"
    inactive: list[str] = []
    for ingredient in product.iterfind(f"{H}ingredient"):
        substance = text_of(ingredient, f"{H}ingredientSubstance/{H}name")
        if ACTIVE.fullmatch(ingredient.get("classCode") or ""):
            yield f"Active ingredient of {name}: {' '.join(filter(None, [substance, strength_of(ingredient)]))}"
        elif substance:
            inactive.append(substance)
    if inactive:
        yield f"Inactive ingredients of {name}: {', '.join(inactive)}"


def strength_of(ingredient: etree._Element) -> str:
    """ "12.5 mg in 5 mL", as the file gives it; empty if it gives none."""
    amounts = []
    for name in ("numerator", "denominator"):
        each = ingredient.find(f"{H}quantity/{H}{name}")
        value, unit = (each.get("value") or "", each.get("unit") or "") if each is not None else ("", "")
        amounts.append(f"{value} {unit}".strip() if unit not in ("", "1") else value)
    return f"{amounts[0]} in {amounts[1]}" if all(amounts) else amounts[0]
