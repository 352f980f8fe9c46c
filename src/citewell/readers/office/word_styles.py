"""The styles and the numbering of a Word file."""

from __future__ import annotations

import re
from collections import defaultdict

from lxml import etree

from citewell.readers.office.package import attribute, child, number, switch, value

# Word writes built-in names in English whatever its language; other programs, and people, don't.
HEADING_NAME = re.compile(
    r"(?:heading|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek|заголовок|見出し|标题)\s*([1-9])"
)
LIST_NAME = re.compile(r"list (?:bullet|number|continue)(?: (\d))?")
CONTENTS_NAME = re.compile(r"(?:toc|index|contents)[ _]?(?:\d|heading)|table of (?:figures|authorities)")
DEEPEST = 9
MOST_BASES = 50  # styles that one is based on, one on the other; Word allows 10
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
MOST_NUMBER = 3000  # of a heading; a higher one is no heading's


class Styles:
    """The styles of a Word file, each with those that it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._chains: dict[str | None, tuple[etree._Element, ...]] = {}
        self._found: dict[tuple[str | None, str, tuple[str, ...]], str | None] = {}  # what was worked out once
        self.default = ""  # the style of a paragraph that names none
        self.language: str | None = value(child(root, "docDefaults", "rPrDefault", "rPr"), "lang")
        for style in root.iter("{*}style") if root is not None else ():
            key = attribute(style, "styleId") or ""
            self._styles.setdefault(key, style)
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on"):
                self.default = key

    def chain(self, key: str | None) -> tuple[etree._Element, ...]:
        """A style and those that it is based on, nearest first."""
        if key not in self._chains:
            found: dict[str, etree._Element] = {}
            at = key
            while at and at in self._styles and at not in found and len(found) < MOST_BASES:
                found[at] = self._styles[at]
                at = value(self._styles[at], "basedOn")
            self._chains[key] = tuple(found.values())
        return self._chains[key]

    def name(self, key: str | None) -> str:
        """The name of a style in small letters; its key where it has none."""
        style = next(iter(self.chain(key)), None)
        return (value(style, "name") or key or "").strip().lower()

    def switch(self, keys: tuple[str | None, ...], name: str) -> bool:
        """Whether the first style that says anything of a property of characters turns it on."""
        for key in keys:
            at = key, "switch", (name,)
            if at not in self._found:
                stated = (switch(child(style, "rPr"), name) for style in self.chain(key))
                self._found[at] = next(("1" if each else "0" for each in stated if each is not None), None)
            if (found := self._found[at]) is not None:
                return found == "1"
        return False

    def character(self, keys: tuple[str | None, ...], *path: str, name: str = "val") -> str | None:
        """A property of characters by the first style that states it."""
        for key in keys:
            at = key, f"character {name}", path
            if at not in self._found:
                stated = (attribute(child(style, "rPr", *path), name) for style in self.chain(key))
                self._found[at] = next((each for each in stated if each is not None), None)
            if (found := self._found[at]) is not None:
                return found
        return None

    def paragraph(self, key: str | None, *path: str) -> str | None:
        """A property of paragraphs by the nearest style that states it."""
        at = key, "paragraph", path
        if at not in self._found:
            stated = (value(style, "pPr", *path) for style in self.chain(key))
            self._found[at] = next((each for each in stated if each is not None), None)
        return self._found[at]

    def heading_level(self, properties: etree._Element | None, key: str) -> int:
        """The level of a heading, 1 at the top; 0 for what is none."""
        stated = value(properties, "outlineLvl") or self.paragraph(key, "outlineLvl")
        if stated is not None:
            level = number(stated, DEEPEST) + 1
            return level if 1 <= level <= DEEPEST else 0
        for style in self.chain(key):
            if match := HEADING_NAME.fullmatch((value(style, "name") or "").strip().lower()):
                return int(match.group(1))
        return 0

    def names_first_row(self, key: str | None) -> bool:
        """Whether a table's style sets its first row apart."""
        return any(
            attribute(each, "type") == "firstRow" and len(each) > 0
            for style in self.chain(key)
            for each in style.iter("{*}tblStylePr")
        )


class Numbering:
    """Which number a paragraph of a numbered list has, counted from the top of the document."""

    def __init__(self, root: etree._Element | None) -> None:
        self._abstract: dict[str, etree._Element] = {}
        self._numbers: dict[str, etree._Element] = {}
        for each in root if root is not None else ():
            kind = etree.QName(each).localname
            if kind == "abstractNum":
                self._abstract[attribute(each, "abstractNumId") or ""] = each
            elif kind == "num":
                self._numbers[attribute(each, "numId") or ""] = each
        self._levels: dict[str, dict[int, etree._Element]] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._restarted: set[tuple[str, int]] = set()

    def levels(self, key: str) -> dict[int, etree._Element]:
        """The levels of a list, those that this use of it overrides included."""
        if key not in self._levels:
            use = self._numbers.get(key)
            abstract = self._abstract.get(value(use, "abstractNumId") or "")
            found = (
                {number(attribute(each, "ilvl")): each for each in abstract.iter("{*}lvl")}
                if abstract is not None
                else {}
            )
            for override in use.iter("{*}lvlOverride") if use is not None else ():
                if (level := child(override, "lvl")) is not None:
                    found[number(attribute(override, "ilvl"))] = level
            self._levels[key] = found
        return self._levels[key]

    def level_of_style(self, key: str, style: str) -> int | None:
        """The level of a list that belongs to a style."""
        return next((level for level, each in self.levels(key).items() if value(each, "pStyle") == style), None)

    def is_list(self, key: str, level: int) -> bool:
        """Whether a level of a list prints a bullet or a number."""
        found = self.levels(key).get(level)
        return found is not None and not (value(found, "numFmt") == "none" and not value(found, "lvlText"))

    def count(self, key: str, level: int) -> str:
        """Count one paragraph; the number as printed before it, empty where that isn't clear."""
        levels = self.levels(key)
        use = self._numbers.get(key)
        counts = self._counts[value(use, "abstractNumId") or f"no list {key}"]
        first = number(value(levels.get(level), "start"), 1)
        for override in use.iter("{*}lvlOverride") if use is not None else ():
            at = number(attribute(override, "ilvl"))
            if at == level and (start := value(override, "startOverride")) and (key, at) not in self._restarted:
                self._restarted.add((key, at))
                counts.pop(level, None)
                first = number(start, 1)
        counts[level] = counts.get(level, first - 1) + 1
        for deeper in [each for each in counts if each > level and value(levels.get(each), "lvlRestart") != "0"]:
            del counts[deeper]
        return self._printed(levels, level, counts)

    def _printed(self, levels: dict[int, etree._Element], level: int, counts: dict[int, int]) -> str:
        """The number by the pattern of its level, like “%1.%2”."""
        pattern = value(levels.get(level), "lvlText") or ""
        legal = switch(levels.get(level), "isLgl") is True
        printed = pattern
        for match in re.finditer(r"%([1-9])", pattern):
            at = int(match.group(1)) - 1
            form = "decimal" if legal else value(levels.get(at), "numFmt") or "decimal"
            figure = in_form(counts.get(at, number(value(levels.get(at), "start"), 1)), form)
            if not figure:
                return ""
            printed = printed.replace(match.group(), figure)
        return printed if printed != pattern else ""


def in_form(figure: int, form: str) -> str:
    """A number in one of the forms that are the same in every language; empty in others."""
    if not 0 <= figure <= MOST_NUMBER:
        return ""
    if form in ("decimal", "decimalZero"):
        return f"{figure:02d}" if form == "decimalZero" else str(figure)
    small = ""
    if form in ("lowerRoman", "upperRoman"):
        for size, letters in ROMAN:
            small += letters * (figure // size)
            figure %= size
    elif form in ("lowerLetter", "upperLetter") and figure > 0:
        small = chr(ord("a") + (figure - 1) % 26) * ((figure - 1) // 26 + 1)
    return small.upper() if form.startswith("upper") else small
