"""Names of the elements of pages, and of the classes that tell how they are displayed."""

from __future__ import annotations

import re

from lxml import etree

DROPPED = frozenset(
    "script style template noscript head title meta link iframe object embed canvas audio video svg map datalist "
    "dialog annotation annotation-xml".split()
)
BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section select summary table "
    "tbody td tfoot th thead tr ul".split()
)
SCREEN_READER = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text usa-sr-only element-invisible govuk-visually-hidden "
    "nhsuk-u-visually-hidden u-visually-hidden".split()
)
APART = SCREEN_READER | {"label"}  # displayed apart from the words beside them
CONTROLS = frozenset("mw-editsection headerlink anchor-link anchorjs-link heading-anchor".split())
RAISED = frozenset("sup super superscript".split())
LOWERED = frozenset("sub subscript".split())
HEADING = re.compile(r"h([1-6])")
RAISED_STYLE = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.I)
STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.I)
SCRIPTS = {"sup": "sup", "sub": "sub", "super": "sup"}


def element_name(element: etree._Element) -> str:
    """Lower-case name of an element without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def names_of(element: etree._Element) -> str:
    """The names that the page's author gave to an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def classes_of(element: etree._Element) -> frozenset[str]:
    """The classes of an element."""
    return frozenset((element.get("class") or "").lower().split())


def script_of(element: etree._Element) -> str | None:
    """ "sup" or "sub" for what is displayed above or below the line, by its name, its class or its style."""
    if (name := element_name(element)) in ("sup", "sub"):
        return name
    if name in BLOCK:
        return None
    if match := RAISED_STYLE.search(element.get("style") or ""):
        return SCRIPTS[match.group(1).lower()]
    classes = classes_of(element)
    return "sup" if classes & RAISED else "sub" if classes & LOWERED else None


def is_struck(element: etree._Element) -> bool:
    """Whether an element's text is struck out: it no longer holds."""
    return (
        element_name(element) in ("del", "s", "strike") or STRUCK_STYLE.search(element.get("style") or "") is not None
    )


def heading_level(element: etree._Element) -> int | None:
    """The level of a heading, by its name or by its role."""
    if match := HEADING.fullmatch(element_name(element)):
        return int(match.group(1))
    if (element.get("role") or "").lower() != "heading":
        return None
    level = (element.get("aria-level") or "").strip()
    return int(level) if level in ("1", "2", "3", "4", "5", "6") else 2  # 2 by WAI-ARIA 1.2


def is_control(element: etree._Element) -> bool:
    """Whether an element inside a heading is there to be clicked."""
    return element_name(element) == "button" or bool(CONTROLS & classes_of(element))
