"""What the sheets of an Excel file share: their names, their texts, and how their cells are displayed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.office.package import Package, attribute, child, children, number, relation_key, switch, value
from citewell.readers.office.sheet_dates import Calendar
from citewell.readers.office.sheet_formats import BUILT_IN
from citewell.readers.office.symbols import drawn
from citewell.readers.scripts import subscript, superscript
from citewell.readers.xml import local_name

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how Excel writes a character that XML can't hold
PLAIN = "General"


@dataclass(frozen=True, slots=True)
class Font:
    """How the characters of a cell look."""

    name: str = ""
    bold: bool = False
    struck: bool = False
    height: str = ""  # superscript, subscript or empty


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell is displayed: its number format, None if it isn't known, its font, and whether it is filled."""

    code: str | None
    font: Font
    filled: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, its part, and whether it is shown."""

    name: str
    part: str
    hidden: bool


class Book:
    """A workbook without its sheets' cells."""

    def __init__(self, package: Package) -> None:
        self.package = package
        name = package.main("an Excel workbook")
        root = package.xml(name)
        parts = {each.key: each for each in package.relations(name)}
        dates = (attribute(child(root, "workbookPr"), "date1904") or "0").lower()
        self.calendar = Calendar(from_1904=dates in ("1", "true", "on"))
        self.sheets = [
            Sheet(" ".join((each.get("name") or "").split()), part.target, each.get("state", "visible") != "visible")
            for each in root.iter("{*}sheet")
            if (part := parts.get(relation_key(each))) and part.kind == "worksheet"
        ]
        by_kind = {each.kind: each.target for each in parts.values() if package.has(each.target)}
        self._looks = looks(package.xml(by_kind["styles"])) if "styles" in by_kind else []
        strings = package.xml(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else None
        self._strings = [each for each in strings if local_name(each) == "si"] if strings is not None else []

    def look(self, key: str | None) -> Look:
        """How a cell with a style is displayed."""
        at = number(key)
        return self._looks[at] if 0 <= at < len(self._looks) else Look(PLAIN if key is None else None, Font(), False)

    def shared(self, key: str | None, font: Font) -> tuple[str, bool]:
        """A text that cells share, as a cell with a font shows it, and whether a part of it is struck out."""
        at = number(key, -1)
        if not 0 <= at < len(self._strings):
            raise ReadError(
                f"{self.package.document_id}: expected {len(self._strings):,} shared texts, found a cell with "
                f"number “{(key or '')[:20]}”; open the file and save it again"
            )
        return rich_text(self._strings[at], font)


def looks(root: etree._Element) -> list[Look]:
    """The displays that cells refer to by their number."""
    custom = {each.get("numFmtId"): each.get("formatCode") for each in root.iter("{*}numFmt")}
    fonts = [font_of(each) for each in children(root, "fonts")]
    fills = [
        next((each.get("patternType") for each in fill.iter("{*}patternFill")), None)
        for fill in children(root, "fills")
    ]
    found = []
    for each in children(root, "cellXfs"):
        key, font, fill = each.get("numFmtId"), number(each.get("fontId")), number(each.get("fillId"))
        code = custom.get(key) or BUILT_IN.get(number(key))
        filled = 0 <= fill < len(fills) and fills[fill] not in (None, "none", "gray125")
        found.append(Look(code, fonts[font] if 0 <= font < len(fonts) else Font(), filled))
    return found


def font_of(element: etree._Element | None) -> Font:
    """A font, or the properties of a run of characters."""
    name = value(element, "name") or value(element, "rFont") or ""
    struck, bold = switch(element, "strike") is True, switch(element, "b") is True
    return Font(name, bold, struck, value(element, "vertAlign") or "")


def rich_text(element: etree._Element, font: Font) -> tuple[str, bool]:
    """The text of a cell whose characters may differ in looks, and whether a part of it is struck out."""
    text, struck = "", False
    for each in element:
        name = local_name(each)
        if name == "t":
            part, own = each.text or "", font
        elif name == "r":
            part = "".join(inner.text or "" for inner in each if local_name(inner) == "t")
            own = font_of(child(each, "rPr")) if child(each, "rPr") is not None else font
        else:
            continue  # how it is pronounced
        part = drawn(ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), part), own.name)
        if own.struck:
            struck = struck or bool(part.strip())
        elif name == "r" and own.height in ("superscript", "subscript"):
            text += (superscript if own.height == "superscript" else subscript)(part, text)
        else:
            text += part
    return text, struck
