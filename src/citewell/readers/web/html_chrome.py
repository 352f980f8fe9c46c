"""What in a page is not displayed, and what is its furniture: navigation, banners, side bars, promotion."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from citewell.readers.web.html_names import BLOCK, DROPPED, SCREEN_READER, classes_of, element_name, names_of

CHROME = frozenset("nav footer aside form button select menu textarea".split())
CHROME_ROLES = frozenset("navigation banner contentinfo complementary search dialog".split())
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Words of class and id that pages give to their furniture; a name may hold others beside them, as "footer-wrap" does.
CHROME_NAMES = re.compile(
    r"(?<![A-Za-z])(?:nav(?:igation|bar|list)?|(?:main-?)?menu|breadcrumbs?|(?<!has-)(?<!no-)(?<!with-)(?<!without-)side-?bar|site-?header|"
    r"header|footer|cookies?|shar(?:e|ing)|social-?(?:share|links?|icons?|media|bar|nav|buttons?)|newsletter|subscribe|sign-?up|"
    r"related-?(?:posts?|links?|articles?|topics?|content)|recommended|toc|advert\w*|promo|banner|skip(?:-?(?:link|nav|to)\w*)?|cat-?links|"
    r"pagination|toolbar|modal|pop-?up|off-?canvas)(?![A-Za-z])"
    r"|(?<![\w-])(?:related|comments?|social)(?![\w-])|(?<![\w-])consent(?:-(?:banner|bar|manager|popup)\b|(?![\w-]))",
    re.I,
)
CONTENT_NAMES = re.compile(
    r"(?<![A-Za-z])(?:section|article|main(?!-?(?:menu|nav))|body|abstract|table|boxed|warnings?|cautions?|safety|contraindications?|"
    r"precautions?|dos(?:e|es|age|ing)|important|callout)(?![A-Za-z])",
    re.I,
)
# What opens and shuts holds content, also where the page was saved while it was shut.
PANEL_NAMES = re.compile(r"accordion|collaps|toggle|tab-?(?:panel|pane|content)|(?<![A-Za-z])panel|expand", re.I)
ICON_NAMES = re.compile(r"(?<![A-Za-z])(?:icons?|material|fa[srb]?|glyph\w*|emoji)(?![A-Za-z])", re.I)
WARNING = re.compile(
    r"\b(?:warnings?|cautions?|important|do not|don['’]t|never|contraindicated|\d\s?(?:mg|mcg|µg|g|ml))\b", re.I
)
CONTENT_OF_NAMED = "boolean(.//main | .//article | .//h1 | .//table[.//td])"
HEADED = "boolean(.//h2 | .//h3)"
CONTENT_OF_FORM = "boolean(.//main | .//article | .//h1 | .//h2 | .//p | .//table)"
MOST_STEPS = 2  # to what says the same in another way
MOST_LINKED = 0.5  # of the text beside an article; where more of it is links, it leads elsewhere
MOST_PROSE = 0.5  # of all the page's text outside links; what holds more is no furniture, whatever its name


def is_hidden(element: etree._Element) -> bool:
    """Whether an element is there but never displayed."""
    if element.get("hidden") not in (None, "until-found") or HIDDEN_STYLE.search(element.get("style") or ""):
        return not is_panel(element)
    if SCREEN_READER & classes_of(element):
        return any(is_out_of_the_reading(each) and fold_text(each) for each in siblings(element))
    return is_out_of_the_reading(element) and element_name(element) not in BLOCK and is_said_otherwise(element)


def is_out_of_the_reading(element: etree._Element) -> bool:
    """Whether screen readers pass an element over; it is displayed all the same."""
    return (element.get("aria-hidden") or "").lower() == "true"


def is_said_otherwise(element: etree._Element) -> bool:
    """Whether what screen readers pass over is an icon's name, or a formula that stands beside it in MathML."""
    return ICON_NAMES.search(names_of(element)) is not None or any(
        each.tag == "math" or next(each.iter("math"), None) is not None for each in siblings(element)
    )


def is_panel(element: etree._Element) -> bool:
    """Whether an element is what a reader of the page opens and shuts."""
    names = names_of(element)
    return not CHROME_NAMES.search(names) and (
        (element.get("role") or "").lower() == "tabpanel" or PANEL_NAMES.search(names) is not None
    )


def siblings(element: etree._Element) -> list[etree._Element]:
    """The elements right before and after an element, in the same one."""
    found: list[etree._Element] = []
    for step in (etree._Element.getprevious, etree._Element.getnext):
        current = element
        for _ in range(MOST_STEPS):
            if (following := step(current)) is None:
                break
            found.append(following)
            current = following
    return found


@dataclass(frozen=True, slots=True)
class Amount:
    """How much text an element holds: characters that are no white space, all of them and those outside links."""

    text: int = 0
    prose: int = 0


def amounts(root: etree._Element) -> dict[etree._Element, Amount]:
    """How much text the root holds, and each element that may be furniture by its names."""
    found: dict[etree._Element, Amount] = {}
    text = prose = links = 0
    opened: list[tuple[int, int]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element_name(element)
        if event == "start":
            opened.append((text, prose))
            links += name == "a"
            count = 0 if name in DROPPED else visible_count(element.text)
        else:
            before = opened.pop()
            if element is root or name == "aside" or CHROME_NAMES.search(names_of(element)) or element.get("role"):
                found[element] = Amount(text - before[0], prose - before[1])
            links -= name == "a"
            count = visible_count(element.tail)
        text += count
        prose += 0 if links else count
    return found


def visible_count(text: str | None) -> int:
    """How many characters are no white space."""
    return sum(map(len, (text or "").split()))


def is_chrome(element: etree._Element, name: str, sizes: Mapping[etree._Element, Amount], *, main: bool) -> bool:
    """Whether an element holds navigation and the like; a form around a whole page does not.

    :param sizes: How much text elements hold, that of the whole page among them.
    :param main: It lies in an article, or in the part of the page that is named the main one.
    """
    role = (element.get("role") or "").lower()
    if name == "form":
        return not element.xpath(CONTENT_OF_FORM)
    if name == "header":
        return not main and not element.xpath("boolean(.//h1)")
    if name == "footer" and element.xpath("boolean(ancestor::blockquote | ancestor::figure)"):
        return False
    if name == "aside" or role == "complementary":
        return is_beside(element, sizes.get(element, Amount()), main=main)
    if is_out_of_the_reading(element) and not is_panel(element) and (name in ("div", "section") or name in CHROME):
        return True
    return name in CHROME or role in CHROME_ROLES or is_named_chrome(element, sizes)


def is_beside(element: etree._Element, size: Amount, *, main: bool) -> bool:
    """Whether what stands beside the text leads elsewhere; inside an article it may be a warning."""
    names = names_of(element)
    if CONTENT_NAMES.search(names) and not CHROME_NAMES.search(names):
        return False
    if CHROME_NAMES.search(names) or size.text - size.prose > MOST_LINKED * size.text:
        return True
    return not main and not WARNING.search(" ".join(element.itertext()))


def is_named_chrome(element: etree._Element, sizes: Mapping[etree._Element, Amount]) -> bool:
    """Whether an element's own names say that it is furniture, and nothing in it says that it is more."""
    names = names_of(element)
    if not CHROME_NAMES.search(names) or element_name(element) in ("body", "html", "main", "article", "section"):
        return False
    if CONTENT_NAMES.search(names) or element.xpath(CONTENT_OF_NAMED):
        return False
    if "header" in names.lower() and element.xpath(HEADED):
        return False
    whole = sizes.get(element.getroottree().getroot(), Amount())
    return sizes.get(element, Amount()).prose <= MOST_PROSE * whole.prose


def fold_text(element: etree._Element) -> str:
    """All the text in an element, without white space."""
    return "".join("".join(element.itertext()).split())
