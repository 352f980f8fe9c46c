"""Style sheets of books, as far as they change what a text says: characters set high or low, and what isn't shown."""

from __future__ import annotations

import re

from lxml import etree

RULE = re.compile(r"(?P<selectors>[^{}]{1,2000})\{(?P<declarations>[^{}]{0,5000})\}")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
SELECTOR = re.compile(r"(?P<tag>[a-zA-Z][\w-]*)?\.(?P<name>[\w-]+)")
HIGH = re.compile(r"vertical-align\s*:\s*(?:super|text-top)|font-variant-position\s*:\s*super", re.I)
LOW = re.compile(r"vertical-align\s*:\s*(?:sub|text-bottom)\b|font-variant-position\s*:\s*sub", re.I)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
INLINE = frozenset(("span", "a", "small", "font", "b", "i", "em", "strong"))
MOST_CHARACTERS = 2_000_000  # of all style sheets of a book


class StyleSheets:
    """The classes of a book that set characters high or low, or hide them."""

    def __init__(self, sheets: str) -> None:
        self._raised: dict[tuple[str, str], str] = {}
        self._hidden: set[tuple[str, str]] = set()
        for rule in RULE.finditer(COMMENT.sub("", sheets[:MOST_CHARACTERS])):
            height = "sup" if HIGH.search(rule["declarations"]) else "sub" if LOW.search(rule["declarations"]) else ""
            hidden = HIDDEN.search(rule["declarations"]) is not None
            for selector in rule["selectors"].split(","):
                match = SELECTOR.fullmatch(selector.strip())
                if match and height:
                    self._raised[match["tag"] or "", match["name"]] = height
                if match and hidden:
                    self._hidden.add((match["tag"] or "", match["name"]))

    def apply(self, root: etree._Element) -> None:
        """Write what the style sheets say into a page's own elements."""
        for element in root.iter(*INLINE):
            style = element.get("style") or ""
            stated = "sup" if HIGH.search(style) else "sub" if LOW.search(style) else ""
            height = stated or next((self._raised[key] for key in keys(element) if key in self._raised), "")
            if height and next(element.iter("sup", "sub"), None) is None and element.getparent() is not None:
                if element.tag == "a":
                    inside(element, height)
                else:
                    element.tag = height
        for element in root.iter(etree.Element):
            if self._hidden and any(key in self._hidden for key in keys(element)):
                element.set("hidden", "hidden")


def keys(element: etree._Element) -> list[tuple[str, str]]:
    """An element's name and classes, as style sheets refer to them."""
    return [(tag, name) for name in (element.get("class") or "").split() for tag in (element.tag, "")]


def inside(element: etree._Element, name: str) -> None:
    """Put what is inside an element into another one inside it."""
    held = etree.Element(name)
    held.text, element.text = element.text, None
    for child in list(element):
        held.append(child)
    element.append(held)
