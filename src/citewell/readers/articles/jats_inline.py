"""What stands inside a line of an article: reference marks, formulas, notes, names, pictures of characters."""

from __future__ import annotations

import re
from itertools import chain

from lxml import etree

from citewell.readers.articles.jats_math import FORMULA, formula_text
from citewell.readers.articles.jats_references import BETWEEN, CITATIONS, NUMBERS, References, citation_text, plain_text
from citewell.readers.draft import Draft
from citewell.readers.narrative import Narrative
from citewell.readers.scripts import ORDINALS, subscript, superscript
from citewell.readers.xml import Places, local_name

PICTURE = "[picture]"  # stands for a character that the source gives as a picture only
SAID = re.compile(r"(?:\b(?:doi|pmid|pmcid|pmc)\b|doi\.org/)\W*$", re.I)
OPEN_BRACKET = re.compile(r"\[[\d\s,;–—-]*$|\($")
KINDS = {"doi": "doi: ", "pmid": "PMID ", "pmcid": "PMCID ", "pmc": "PMCID "}
NOTES = ("fn", "table-fn")
UNMARKED = (*NOTES, "author-notes", "corresp", "aff")
LABELLED = ("bibr", "fig", "table", "sec", "app", "boxed-text", "supplementary-material", "disp-formula")


class ArticleLine(Narrative):
    """Text inside lines."""

    DROPPED = frozenset(("col", "colgroup", "graphic", "object-id", "alt-text", "long-desc", "processing-meta", "permissions",
                         "contrib-group", "self-uri", "index-term", "target", "sec-meta", "hr"))  # fmt: skip

    def __init__(self, draft: Draft, places: Places, root: etree._Element) -> None:
        super().__init__(draft, places)
        self.references = References(root)
        self.labels = {each.getparent().get("id"): plain_text(each) for each in root.iter("{*}label")}
        self.unmarked = False  # write no notes and no marks of notes
        self.notes: list[str] = []  # whose marks have been written, but not they
        self._last: tuple[list[str], int, bool] = ([], 0, False)  # line and place of the last mark; was it in brackets?

    def own_inline(self, element: etree._Element, name: str) -> bool:
        """Marks, names, formulas and notes inside a line."""
        if self.unmarked and (name == "fn" or (name == "xref" and element.get("ref-type") in UNMARKED)):
            pass
        elif name == "xref":
            self._xref(element)
        elif name == "sup" and is_marks(element):
            self._marks(element)
        elif name in ("inline-formula", "disp-formula", "tex-math", "math", "chem-struct"):
            self._formula(element)
        elif name == "name":
            named = [
                each for kind in ("surname", "given-names", "prefix", "suffix") for each in element.iter(f"{{*}}{kind}")
            ]
            self.add(" ".join(filter(None, map(self.inline, named))) or plain_text(element))
        elif name == "fn":
            self._note(element)
        elif name in ("inline-graphic", "private-char"):
            self.add(next((plain_text(each) for each in element.iter("{*}alt-text")), "") or PICTURE)
        elif name in CITATIONS:
            self.add(citation_text(element, self.said))
        elif name == "label":
            self.add(f"{self.inline(element)} ")
        elif name in ("pub-id", "institution-id"):
            self._identifier(element)
        elif name == "citation-alternatives":
            self._flat(next(chain(element.iter("{*}mixed-citation"), [element])))
        else:
            return False
        return True

    def _script(self, element: etree._Element, name: str) -> None:
        if name == "sup" and is_marks(element):
            self._marks(element)
            return
        text, before = self.inline(element), self.before()
        if name == "sub":
            self.add(with_edges(element, subscript(text, before)))
            return
        shown = superscript(text, before)
        glued = (
            shown == text and text.strip("*†‡§¶#") and " " not in text and (before[-1:].isalnum() or before[-1:] == ")")
        )
        self.add(with_edges(element, f"^{text}" if glued and text not in ORDINALS else shown))

    def said(self, element: etree._Element) -> str:
        """An element as it stands inside a line; `inline` gives what is inside it."""
        before, self._line = self._line, []
        if not self.own_inline(element, local_name(element)):
            self._flat(element)
        text, self._line = "".join(self._line).strip(), before
        return text

    def is_bold(self, cell: etree._Element) -> bool:
        """Whether all that a cell says is set in bold; an empty one is too."""
        bold = "".join("".join(each.itertext()) for each in cell.iter("{*}bold", "{*}b"))
        return "".join(bold.split()) == "".join("".join(cell.itertext()).split())

    def before(self) -> str:
        """The last characters of the line so far."""
        return "".join(self._line[-8:])

    def _xref(self, element: etree._Element) -> None:
        kind, text = element.get("ref-type"), plain_text(element)
        if not text and kind in LABELLED:
            targets = (element.get("rid") or "").split()
            text = ", ".join(filter(None, (self.labels.get(each, "").rstrip(".:") for each in targets)))
            self.add(self._set(text) if kind == "bibr" and NUMBERS.fullmatch(text) else text)
        elif kind == "bibr" and NUMBERS.fullmatch(text):
            self.add(with_edges(element, self._set(text)))
        elif kind in NOTES:
            shown = superscript(text, self.before()) if self.before() else self.inline(element)
            self.add(with_edges(element, shown))
        else:
            self._flat(element)
            return
        if kind == "bibr":
            self._last = self._line, len(self._line), self._last[2]

    def _set(self, text: str) -> str:
        """A numbered mark: as printed inside brackets; else in brackets, so that it's never read as a dose or an exponent."""
        line, place, bracketed = self._last
        going_on = line is self._line and BETWEEN.fullmatch("".join(self._line[place:])) is not None
        inside = OPEN_BRACKET.search(self.before()) is not None or (going_on and bracketed)
        self._last = line, place, inside
        return text if inside else f"[{text}]"

    def _marks(self, element: etree._Element) -> None:
        """A raised run of marks: one pair of brackets around them all."""
        text = plain_text(element)
        core = text.strip(",;–—- ")
        start, end = text.find(core), text.find(core) + len(core)
        before = superscript(text[:start], "") + self._set(core.strip("[]()"))
        self.add(with_edges(element, before + superscript(text[end:], "")))
        self._last = self._line, len(self._line), self._last[2]

    def _formula(self, element: etree._Element) -> None:
        """A formula with its label; the sign of one where it is a picture."""
        label = next((plain_text(child) for child in element if local_name(child) == "label"), "")
        text, printed = formula_text(element), self.inline(element)
        if text or printed in ("", label, PICTURE):
            text = " ".join(filter(None, [text or FORMULA, label]))
        text = text or printed
        before, after = self.before()[-1:], (element.tail or "")[:1]
        display = local_name(element) == "disp-formula"
        joined = not before.isspace() if display else before.isalnum() and text[:1].isdigit()
        self.add(f"{' ' if joined else ''}{text}{' ' if display and after.isalnum() else ''}")

    def _note(self, element: etree._Element) -> None:
        """A note inside a line: its mark here, itself behind the block."""
        label = next((plain_text(child) for child in element if local_name(child) == "label"), "")
        self.add(superscript(label, self.before()) if label else "")
        self.notes.append(self.inline(element))

    def _identifier(self, element: etree._Element) -> None:
        """An identifier, apart from what stands beside it, with its kind where the text doesn't name it."""
        text, before = self.inline(element), self.before()
        kind = KINDS.get((element.get("pub-id-type") or "").lower(), "")
        apart = " " if before and not before[-1].isspace() and before[-1] not in "(/:[" else ""
        self.add(
            f"{apart}{'' if SAID.search(before) else kind}{text}{' ' if local_name(element) == 'institution-id' else ''}"
        )


def with_edges(element: etree._Element, text: str) -> str:
    """A text with the blanks that the element has at its edges, as in <sub>max </sub>of."""
    printed = "".join(element.itertext())
    before, after = (" " if edge.isspace() else "" for edge in (printed[:1], printed[-1:]))
    return f"{before}{text}{after}" if text else text


def is_marks(element: etree._Element) -> bool:
    """Whether a raised text is made of numbered reference marks only."""
    marks = [each for each in element.iter("{*}xref") if each.get("ref-type") == "bibr"]
    numbered = NUMBERS.fullmatch(plain_text(element).strip(",;–—- []()")) is not None
    return bool(marks) and numbered and not outside(element).strip(",;–—- []()\t\r\n")


def outside(element: etree._Element) -> str:
    """The text of an element that stands in none of the marks in it."""
    parts = [element.text or ""]
    for child in element:
        parts += [outside(child) if local_name(child) != "xref" else "", child.tail or ""]
    return "".join(parts)
