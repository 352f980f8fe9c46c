"""What a label's product data say, as "Name: value" lines: form, route, ingredients, looks, packages, approval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from citewell.readers.draft import Draft
from citewell.readers.labels.spl_meta import ACTIVE, GENERIC, H, code_of, effective, name_of_product, text_of
from citewell.readers.xml import local_name
from citewell.types import fold

MOST_PRODUCTS = 500  # of one label; beyond, their data are left to the file itself
CHARACTERISTICS = {
    "SPLCOLOR": "Color", "SPLSHAPE": "Shape", "SPLSIZE": "Size", "SPLIMPRINT": "Imprint", "SPLSCORE": "Score",
    "SPLFLAVOR": "Flavor", "SPLCOATING": "Coating", "SPLSYMBOL": "Symbol",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Product:
    """A product of a label, or a part of a kit, with the element around it, which tells its route and approval."""

    element: etree._Element
    around: etree._Element

    def in_kit(self) -> bool:
        """Whether it is a part of another product, such as the swab beside a syringe."""
        return local_name(self.around) == "part"

    def told_by(self) -> str:
        """ "NDC 0000-0001", "in the kit NDC 0000-0001": what tells it from others of its name."""
        if code := code_of(self.element):
            return f"NDC {code}"
        kit = self.around.getparent() if self.in_kit() else None
        return f"in the kit NDC {code}" if kit is not None and (code := code_of(kit)) else ""


def products_of(root: etree._Element) -> list[Product]:
    """The products of a label and the parts of its kits, in the order of the file; makers' own lists are left out."""
    found: list[Product] = []
    for around in root.iter(f"{H}manufacturedProduct", f"{H}part"):
        names = ("manufacturedProduct", "manufacturedMedicine", "partProduct", "partMedicine")
        inner = next((each for name in names if (each := around.find(f"{H}{name}")) is not None), None)
        if inner is not None and len(found) < MOST_PRODUCTS:
            found.append(Product(inner, around))
    return found


def write_products(draft: Draft, root: etree._Element, products: Sequence[Product]) -> None:
    """Write what the product data say; what differs between products of one name is told by their codes."""
    lines = [f"Document type: {kind}"] if (kind := display(root.find(f"{H}code"))) else []
    named: defaultdict[str, list[Product]] = defaultdict(list)
    for product in products:
        named[name_of_product(product.element)].append(product)
    for name, alike in named.items():
        lines += lines_of(name, alike)
    if lines and products:
        draft.heading("Product data", 2)
        for line in dict.fromkeys(lines):
            draft.label(line)


def lines_of(name: str, products: Sequence[Product]) -> Iterator[str]:
    """The lines of all products of one name: first what is true of each of them."""
    facts = [list(dict.fromkeys(product_facts(product))) for product in products]
    common = [fact for fact in facts[0] if all(fact in others for others in facts)]
    about = f" of {name}" if name else ""
    yield from (f"{attribute}{about}: {value}" for attribute, value in common)
    for product, own in zip(products, facts, strict=True):
        told = product.told_by() if len(products) > 1 else ""
        which = f"{about} ({told})" if told else about
        yield from (f"{attribute}{which}: {value}" for attribute, value in own if (attribute, value) not in common)


def product_facts(product: Product) -> Iterator[tuple[str, str]]:
    """(attribute, value) of one product."""
    element, around = product.element, product.around
    yield from stated("Generic name", [text_of(element, GENERIC)])
    yield from stated("Dosage form", map(display, element.iterfind(f"{H}formCode")))
    places = (*around.iterfind(f"{H}consumedIn"), *element.iterfind(f"{H}consumedIn"))
    routes = (route for each in places for route in each.iterfind(f"{H}substanceAdministration/{H}routeCode"))
    yield from stated("Route", ["; ".join(dict.fromkeys(filter(None, map(display, routes))))])
    yield from ingredient_facts(element)
    subjects = [*around.iterfind(f"{H}subjectOf"), *element.iterfind(f"{H}subjectOf")]
    for subject in subjects:
        for each in subject:
            yield from subject_facts(each)
    yield from stated("Package", map(package_of, element.iterfind(f"{H}asContent")))


def stated(attribute: str, values: Iterator[str] | Sequence[str] | map[str]) -> Iterator[tuple[str, str]]:
    """The attribute with each value that says something."""
    return ((attribute, value) for value in values if value)


def ingredient_facts(product: etree._Element) -> Iterator[tuple[str, str]]:
    """What a product holds: each active ingredient with its strength, and all inactive ones."""
    inactive: list[str] = []
    for ingredient in product.iterfind(f"{H}ingredient"):
        substance = text_of(ingredient, f"{H}ingredientSubstance/{H}name")
        if substance and ACTIVE.fullmatch(ingredient.get("classCode") or ""):
            yield "Active ingredient", ", ".join(filter(None, [substance, strength_of(ingredient)]))
        elif substance and ingredient.get("classCode") == "IACT":
            inactive.append(" ".join(filter(None, [substance, strength_of(ingredient)])))
        elif substance:
            yield "Ingredient", ", ".join(filter(None, [substance, strength_of(ingredient)]))
    for ingredient in product.iterfind(f"{H}activeIngredient"):
        substance = text_of(ingredient, f"{H}activeIngredientSubstance/{H}name")
        yield from stated("Active ingredient", [", ".join(filter(None, [substance, strength_of(ingredient)]))])
    for ingredient in product.iterfind(f"{H}inactiveIngredient"):
        inactive += filter(None, [text_of(ingredient, f"{H}inactiveIngredientSubstance/{H}name")])
    yield from stated("Inactive ingredients", ["; ".join(dict.fromkeys(inactive))])


def strength_of(ingredient: etree._Element) -> str:
    """ "12.5 mg in 5 mL", as the file gives it; "10 mg as ATORVASTATIN" where it is that of another substance."""
    amount = amount_of(ingredient.find(f"{H}quantity"))
    basis = ""
    if ingredient.get("classCode") == "ACTIM":
        moieties = ingredient.iterfind(f"{H}ingredientSubstance/{H}activeMoiety/{H}activeMoiety")
        basis = ", ".join(filter(None, (text_of(each, f"{H}name") for each in moieties)))
    elif ingredient.get("classCode") == "ACTIR":
        path = f"{H}ingredientSubstance/{H}asEquivalentSubstance/{H}definingSubstance"
        basis = ", ".join(filter(None, (text_of(each, f"{H}name") for each in ingredient.iterfind(path))))
    return f"{amount} as {basis}" if amount and basis else amount


def amount_of(quantity: etree._Element | None) -> str:
    """ "10 mg", "12.5 mg in 5 mL"; empty if there is none."""
    amounts = []
    for name in ("numerator", "denominator"):
        each = quantity.find(f"{H}{name}") if quantity is not None else None
        value, unit = (each.get("value") or "", each.get("unit") or "") if each is not None else ("", "")
        amounts.append(f"{value} {unit}".strip() if unit not in ("", "1") else value)
    return amounts[0] if amounts[1] in ("", "1") or not amounts[0] else f"{amounts[0]} in {amounts[1]}"


def subject_facts(subject: etree._Element) -> Iterator[tuple[str, str]]:
    """What is said about a product: its looks, its schedule, its approval, since when it is sold."""
    name, code = local_name(subject), subject.find(f"{H}code")
    if name == "characteristic" and code is not None:
        attribute = CHARACTERISTICS.get(code.get("code") or "")
        if attribute and (value := subject.find(f"{H}value")) is not None:
            yield from stated(attribute, [characteristic(value)])
    elif name == "policy":
        yield from stated("DEA schedule", [display(code)])
    elif name == "approval":
        identifiers = [each.get("extension") or "" for each in subject.iterfind(f"{H}id")]
        yield from stated("Marketing category", [", ".join(filter(None, [display(code), *identifiers]))])
    elif name == "marketingAct":
        low = effective(subject.find(f"{H}effectiveTime/{H}low"))
        high = effective(subject.find(f"{H}effectiveTime/{H}high"))
        yield from stated("Marketing start date", [low or ""])
        yield from stated("Marketing end date", [high or ""])


def characteristic(value: etree._Element) -> str:
    """ "OVAL (elliptical)", "10 mm", "PD;155;10"."""
    number = f"{value.get('value') or ''} {value.get('unit') or ''}".strip()
    own = fold(value.text or "")
    original = text_of(value, f"{H}originalText")
    shown = value.get("displayName") or number or own
    return f"{shown} ({original})" if original and shown else shown or original


def package_of(content: etree._Element) -> str:
    """ "NDC 0071-0155-23, 90 in BOTTLE"; empty for a package without a code."""
    package = next((each for each in content if local_name(each).startswith("container")), None)
    if package is None or not (code := code_of(package)):
        return ""
    kind = display(package.find(f"{H}formCode"))
    amount = amount_of(content.find(f"{H}quantity"))
    return ", ".join(filter(None, [f"NDC {code}", f"{amount} in {kind}" if amount and kind else kind or amount]))


def display(code: etree._Element | None) -> str:
    """What a code is called."""
    return fold(code.get("displayName") or "") if code is not None else ""
