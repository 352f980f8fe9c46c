"""The text inside a line of a page: what is displayed, with raised and lowered characters and formulas."""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

from citewell.readers.scripts import subscript, superscript
from citewell.readers.web.html_chrome import is_hidden
from citewell.readers.web.html_names import (
    APART,
    BLOCK,
    DROPPED,
    classes_of,
    element_name,
    is_struck,
    script_of,
)

HTML_SPACE = re.compile(r"[ \t\n\r\f]+")
# A bullet or a number that stands for the term in a list that is marked up as one of terms.
MARK = re.compile(r"[^\w\s]{1,2}|[\[(]?(?:\d{1,3}|[a-z])[\])]?\.?", re.I)
FRACTION_PART = re.compile(r"[\w.,]+")
# Parts of a formula whose first child stands on the line, with what becomes of the others.
FORMULAS = {"msup": ("sup",), "msub": ("sub",), "msubsup": ("sub", "sup"), "mfrac": ()}


def is_mark(text: str) -> bool:
    """Whether a term of a list of terms is a bullet or a number."""
    return MARK.fullmatch(text) is not None


class Lines:
    """Collects the text of one block."""

    def __init__(self) -> None:
        self.line: list[str] = []
        self.struck = False  # whether text was left out because the page strikes it out

    def is_left_out(self, element: etree._Element, name: str) -> bool:
        """Whether an element's text is none of the page's, or no longer holds."""
        if not name or name in DROPPED or is_hidden(element):
            return True
        if struck := is_struck(element):
            self.struck = True
        return struck

    def add(self, text: str | None, *, preformatted: bool = False) -> None:
        """Add text to the block that is being collected."""
        if text:
            self.line.append(text if preformatted else HTML_SPACE.sub(" ", text))

    def visit_script(self, element: etree._Element, script: str) -> None:
        """Take raised or lowered text, so that it never joins the number before it."""
        before, text = "".join(self.line[-3:]), self.cell_text(element)
        if text.startswith("[") and text.endswith("]"):
            self.line.append(text)  # a mark that joins no number
        else:
            self.line.append(superscript(text, before) if script == "sup" else subscript(text, before))
        if "".join(element.itertext())[-1:].isspace():
            self.line.append(" ")

    def visit_formula(self, element: etree._Element, name: str) -> None:
        """Take a part of a formula in MathML: its exponents raised, its fractions with a stroke."""
        base, *others = list(element.iterchildren(etree.Element)) or [element]
        if not others:
            self.take_visible(element)
            return
        if name == "mfrac":
            parts = [self.cell_text(each) for each in (base, others[0])]
            self.line.append("/".join(p if FRACTION_PART.fullmatch(p) else f"({p})" for p in parts))
            return
        self.take_visible(base)
        for each, script in zip(others, FORMULAS[name], strict=False):
            self.visit_script(each, script)

    def cell_text(self, cell: etree._Element, without: Collection[etree._Element] = ()) -> str:
        """The visible text of an element on one line."""
        saved, self.line = self.line, []
        self.take_visible(cell, without)
        text = HTML_SPACE.sub(" ", "".join(self.line)).strip()
        self.line = saved
        return text

    def take_visible(self, element: etree._Element, without: Collection[etree._Element] = ()) -> None:
        """Add the texts inside an element, hidden ones left out, blocks parted by a blank."""
        name = element_name(element)
        if self.is_left_out(element, name) or element in without:
            return
        apart = name in BLOCK or name == "br" or APART & classes_of(element)
        self.line.append((" " if apart else "") + HTML_SPACE.sub(" ", element.text or ""))
        for child in element:
            left_out = self.is_left_out(child, element_name(child))
            if not left_out and element_name(child) in FORMULAS:
                self.visit_formula(child, element_name(child))
            elif not left_out and (script := script_of(child)):
                self.visit_script(child, script)
            else:
                self.take_visible(child, without)
            self.line.append(HTML_SPACE.sub(" ", child.tail or ""))
        self.line.append(" " if apart else "")
