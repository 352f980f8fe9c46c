"""The text of one Word paragraph as it is displayed when every tracked change is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from citewell.readers.office.package import attribute, child, number, switch, value
from citewell.readers.office.symbols import UNKNOWN, drawn
from citewell.readers.office.word_styles import Styles
from citewell.readers.scripts import subscript, superscript
from citewell.readers.xml import local_name

TRACKED = "The document holds tracked changes; it was read as if they were accepted."
HIDDEN = "Hidden text was left out."
STRUCK = "Struck-out text was left out."
FIELDS = "A field of the document has no end; its code may stand in the text."
SIGNS = "A sign of a special font isn't known; � stands in its place."
INSIDE = frozenset(
    "hyperlink smartTag sdt sdtContent customXml fldSimple dir bdo ruby rubyBase ins moveTo object pict group".split()
)
LEFT_OUT = frozenset(("del", "moveFrom"))
NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class Line:
    """One paragraph in the making: its text, and what hangs on it."""

    pieces: list[tuple[str, str]] = field(default_factory=list)  # how high it is set, text
    boxes: list[etree._Element] = field(default_factory=list)  # text boxes that are anchored in it
    notes: list[tuple[str, str]] = field(default_factory=list)  # kind and key of the notes that it refers to
    bold: int = 0  # visible characters that are bold
    characters: int = 0  # visible characters
    size: int = 0  # half-points of the largest characters

    def add(self, text: str, height: str = "") -> None:
        """Add text."""
        self.pieces.append((height, text))

    def text(self) -> str:
        """The text, with what is set high or low written so that it joins no number."""
        parts: list[str] = []
        before = ""
        for height, pieces in groupby(self.pieces, key=lambda piece: piece[0]):
            text = "".join(text for _, text in pieces)
            shown = (
                superscript(text, before) if height == "high" else subscript(text, before) if height == "low" else text
            )
            parts.append(shown)
            before = shown[-1:] or before
        return "".join(parts).replace("\u00ad", "").strip()


class Texts:
    """Reads paragraphs one after the other; fields may reach over several.

    :param mark: What is printed where a note is referred to, by its kind and key.
    """

    def __init__(self, styles: Styles, mark: Callable[[str, str], str]) -> None:
        self.styles = styles
        self.mark = mark
        self.remarks: dict[str, None] = {}  # in the order in which they came up
        self.languages: Counter[str] = Counter()
        self._codes: list[bool] = []  # for each open field, whether its code is being read
        self._closed = True

    def open_part(self, root: etree._Element) -> None:
        """Begin with another part of the file."""
        kinds = Counter(attribute(each, "fldCharType") for each in root.iter("{*}fldChar"))
        self._codes = []
        self._closed = kinds["begin"] == kinds["end"]
        if not self._closed:
            self.remarks[FIELDS] = None

    def line(self, paragraph: etree._Element, line: Line, style: str) -> Line:
        """Add what a paragraph displays to a line."""
        self._inside(paragraph, line, style)
        return line

    def _inside(self, element: etree._Element, line: Line, style: str) -> None:
        for each in element:
            name = local_name(each)
            if name in LEFT_OUT:
                self.remarks[TRACKED] = None
            elif name == "r":
                self._run(each, line, style)
            elif name in ("oMath", "oMathPara"):
                if not any(self._codes):
                    line.add(equation(each))
            elif name == "AlternateContent":
                self._inside(alternative(each), line, style)
            elif name in INSIDE and switch(child(each, "sdtPr"), "showingPlcHdr") is not True:
                if name in ("ins", "moveTo"):
                    self.remarks[TRACKED] = None
                self._inside(each, line, style)

    def _run(self, run: etree._Element, line: Line, style: str) -> None:
        properties = child(run, "rPr")
        keys = value(properties, "rStyle"), style
        hidden = self._left_out(properties, keys)
        height = self._height(properties, keys)
        font = next((found for name in ("ascii", "hAnsi") if (found := self._font(properties, keys, name))), "")
        for each in run:
            name = local_name(each)
            if name == "fldChar":
                self._field(each, line)
            elif hidden or any(self._codes) or name == "rPr":
                continue
            elif name == "t":
                self._add(drawn(each.text or "", font), height, line, properties, keys)
            elif name == "sym":
                self._add(symbol(each), height, line, properties, keys)
            elif name in BREAKS:
                line.add(BREAKS[name])
            elif name in NOTES:
                self._note(each, NOTES[name], line)
            elif name in ("drawing", "pict", "object", "AlternateContent"):
                content = alternative(each) if name == "AlternateContent" else each
                line.boxes += boxes(content)
            elif name == "ruby":
                self._inside(each, line, style)

    def _left_out(self, properties: etree._Element | None, keys: tuple[str | None, ...]) -> bool:
        """Whether a run is hidden or struck out."""
        for remark, names in ((HIDDEN, ("vanish",)), (STRUCK, ("strike", "dstrike"))):
            for name in names:
                own = switch(properties, name)
                if own if own is not None else self.styles.switch(keys, name):
                    self.remarks[remark] = None
                    return True
        return False

    def _height(self, properties: etree._Element | None, keys: tuple[str | None, ...]) -> str:
        """Whether a run is set high or low; some programs only move its base line."""
        stated = value(properties, "vertAlign") or self.styles.character(keys, "vertAlign")
        if stated in ("superscript", "subscript"):
            return "high" if stated == "superscript" else "low"
        moved = number(value(properties, "position") or self.styles.character(keys, "position"))
        return "high" if moved > 0 else "low" if moved < 0 else ""

    def _font(self, properties: etree._Element | None, keys: tuple[str | None, ...], name: str) -> str:
        own = attribute(child(properties, "rFonts"), name)
        return own or self.styles.character(keys, "rFonts", name=name) or ""

    def _add(
        self, text: str, height: str, line: Line, properties: etree._Element | None, keys: tuple[str | None, ...]
    ) -> None:
        """Add displayed characters, and note how they look and in which language they are."""
        line.add(text, height)
        seen = len("".join(text.split()))
        bold = switch(properties, "b")
        line.characters += seen
        line.bold += seen if (bold if bold is not None else self.styles.switch(keys, "b")) else 0
        line.size = max(line.size, number(value(properties, "sz") or self.styles.character(keys, "sz")) if seen else 0)
        language = value(properties, "lang") or self.styles.character(keys, "lang") or self.styles.language
        if language:
            self.languages[language] += seen
        if UNKNOWN in text:
            self.remarks[SIGNS] = None

    def _field(self, element: etree._Element, line: Line) -> None:
        """Follow the beginning, the middle and the end of a field: its code is not displayed, its outcome is."""
        kind = attribute(element, "fldCharType")
        if kind == "begin" and not any(self._codes):
            line.add(form_field(element))
        if not self._closed:
            return
        if kind == "begin":
            self._codes.append(True)
        elif kind == "separate" and self._codes:
            self._codes[-1] = False
        elif kind == "end" and self._codes:
            self._codes.pop()

    def _note(self, element: etree._Element, kind: str, line: Line) -> None:
        key = attribute(element, "id") or ""
        line.notes.append((kind, key))
        if (attribute(element, "customMarkFollows") or "0").lower() in ("0", "false", "off"):
            line.add(self.mark(kind, key))


def alternative(element: etree._Element) -> etree._Element:
    """Of several forms of the same content, the first; an older form where the first has no text."""
    forms = [each for each in element if local_name(each) in ("Choice", "Fallback")]
    return next(
        (form for form in forms if next(form.iter("{*}t"), None) is not None), element if not forms else forms[0]
    )


def boxes(element: etree._Element) -> list[etree._Element]:
    """The text boxes in a drawing, those inside others left to these."""
    found: list[etree._Element] = []
    for each in element:
        if local_name(each) == "txbxContent":
            found.append(each)
        elif local_name(each) == "AlternateContent":
            found += boxes(alternative(each))
        elif isinstance(each.tag, str):
            found += boxes(each)
    return found


def symbol(element: etree._Element) -> str:
    """The sign that w:sym displays."""
    try:
        code = int(attribute(element, "char") or "", 16)
        return drawn(chr(code), attribute(element, "font") or "") if code >= 0x20 else UNKNOWN
    except (ValueError, OverflowError):
        return UNKNOWN


def form_field(element: etree._Element) -> str:
    """What a box to tick displays; nothing for other fields."""
    box = child(element, "ffData", "checkBox")
    if box is None:
        return ""
    ticked = switch(box, "checked")
    return "☒" if (ticked if ticked is not None else switch(box, "default")) else "☐"


def equation(element: etree._Element) -> str:
    """An equation on one line: powers raised, fractions in brackets, so that no two numbers become one."""
    name = local_name(element)
    if name == "t":
        return element.text or ""
    parts = [equation(each) for each in element if isinstance(each.tag, str) and not local_name(each).endswith("Pr")]
    if name in ("sSup", "sSub") and len(parts) == 2:
        return parts[0] + (superscript if name == "sSup" else subscript)(parts[1], parts[0])
    if name == "sSubSup" and len(parts) == 3:
        low = parts[0] + subscript(parts[1], parts[0])
        return low + superscript(parts[2], low)
    if name == "f" and len(parts) == 2:
        return f"({parts[0]})/({parts[1]})"
    if name == "rad" and len(parts) == 2:
        return f"{parts[0]}√({parts[1]})"
    if name == "d":
        opened, closed = value(child(element, "dPr"), "begChr"), value(child(element, "dPr"), "endChr")
        return ("(" if opened is None else opened) + ", ".join(parts) + (")" if closed is None else closed)
    if name == "nary":
        return " ".join([value(child(element, "naryPr"), "chr") or "∫", *parts])
    gap = " " if name in ("m", "mr", "eqArr", "oMathPara") else ""
    return gap.join(parts)
