"""Entries of an article's reference list as printed, their numbers, and the marks that point to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from citewell.readers.xml import local_name
from citewell.types import fold

Inline = Callable[[etree._Element], str]

CITATIONS = frozenset(("mixed-citation", "element-citation", "citation", "nlm-citation", "product", "related-object"))
PEOPLE = frozenset(("name", "string-name", "collab", "collab-alternatives", "name-alternatives", "etal", "person-group",
                    "anonymous"))  # fmt: skip
PARTS = PEOPLE | frozenset(("article-title", "chapter-title", "data-title", "source", "year", "month", "day", "season", "volume",
                            "issue", "supplement", "fpage", "lpage", "page-range", "elocation-id", "publisher-name", "publisher-loc",
                            "edition", "pub-id", "comment", "conf-name", "date-in-citation", "trans-title"))  # fmt: skip
APART = ("pub-id", "annotation", "note", "p")  # never right behind what stands before
DATES = frozenset(("year", "month", "day", "season"))
NUMBERS = re.compile(r"\d{1,3}(?:\s*[,;–—-]\s*\d{1,3})*")
BETWEEN = re.compile(r"[\s,;–—-]*")
OWN_NUMBER = re.compile(r"[\[(]?(\d{1,3})[\]).]*")
STOPPED = (".", "?", "!", ":", ";", ",")


def citation_text(element: etree._Element, said: Inline) -> str:
    """A reference as printed; where two parts touch, the usual punctuation stands between them, and nothing is put in order.

    :param said: What an element says on one line.
    """
    line, before = "", ""
    bare = not visible_between(element)
    for kind, gap, text in parts_of(element, said):
        if not text:
            line += gap if not bare else ""
            continue
        touching = bare or (not gap and {before, kind} <= PARTS)
        apart = kind in APART and line + gap and not (line + gap)[-1].isspace() and (line + gap)[-1] not in "([:/"
        gap += " " if apart else ""
        opened = kind == "issue" and before in ("volume", "year") and touching
        line += (between(line, before, kind) if touching else gap) + (f"({text})" if opened else text)
        before = kind
    line = " ".join(line.split())
    return line if not bare or not line or line.endswith(STOPPED) else f"{line}."


def visible_between(element: etree._Element) -> bool:
    """Whether text stands between the parts of a reference, those of its people left out."""
    return bool((element.text or "").strip() or any((child.tail or "").strip() for child in element))


def parts_of(element: etree._Element, said: Inline) -> Iterator[tuple[str, str, str]]:
    """(name, what stands before it, text) of the parts of a reference; people one by one, text at the end without a name."""
    gap = element.text or ""
    for child in element.iterchildren(etree.Element):
        name = local_name(child)
        if name == "person-group" and len(child) and not visible_between(child):
            people = list(parts_of(child, said))
            yield from (
                (kind, (gap if number == 0 else "") + own, text) for number, (kind, own, text) in enumerate(people)
            )
        else:
            yield name, gap, (said(child) or "et al" if name == "etal" else said(child))
        gap = child.tail or ""
    if gap:
        yield "", gap, ""


def between(line: str, before: str, kind: str) -> str:
    """What is usually printed between two parts of a reference."""
    if not line:
        return ""
    if before in PEOPLE and kind in PEOPLE:
        return ", "
    if kind == "issue" and before in ("volume", "year"):
        return ""
    if kind in DATES and before in DATES:
        return " "
    if (before, kind) == ("fpage", "lpage"):
        return "–"
    if line.endswith(STOPPED):
        return " "
    if kind in ("fpage", "elocation-id", "page-range") and before in ("volume", "issue", "supplement", *DATES):
        return ":"
    if (before, kind) == ("publisher-loc", "publisher-name"):
        return ": "
    if (before, kind) == ("publisher-name", "publisher-loc"):
        return ", "
    if kind == "supplement" and before in ("volume", "issue"):
        return " "
    if kind == "volume" and before in DATES:
        return ";"
    return "; " if kind == "year" and before in ("publisher-name", "publisher-loc") else ". "


class References:
    """The reference list of a document: which number each entry has, and which marks lack an entry."""

    def __init__(self, root: etree._Element) -> None:
        self.entries = {each.get("id") or "": each for each in root.iter("{*}ref")}
        self.labels = {key: label_of(each) for key, each in self.entries.items()}
        self._numbers = {} if any(self.labels.values()) else self._by_marks(root)

    def number(self, identifier: str) -> str:
        """What an entry is cited by, as its label or the text's marks tell; empty where neither does."""
        label = self.labels.get(identifier, "")
        return f"{label}." if label.isdigit() else label or self._numbers.get(identifier, "")

    def _by_marks(self, root: etree._Element) -> dict[str, str]:
        """The numbers that single marks give entries; if these are the entries' places in the list, those of all entries."""
        order = {key: place for place, key in enumerate(self.entries, start=1)}
        marked: dict[str, set[int]] = {}
        for target, text in single_marks(root):
            if target in order:
                marked.setdefault(target, set()).add(int(text))
        if marked and all(numbers == {order[target]} for target, numbers in marked.items()):
            return {key: f"{place}." for key, place in order.items()}
        return {target: f"{min(numbers)}." for target, numbers in marked.items() if len(numbers) == 1}

    def missing(self, root: etree._Element) -> tuple[str, ...]:
        """The marks, as printed, that point to no entry."""
        gaps = {
            plain_text(mark).strip("[]() ") or target: None
            for mark in root.iter("{*}xref")
            if mark.get("ref-type") == "bibr"
            for target in (mark.get("rid") or "").split()
            if target not in self.entries
        }
        return tuple(gaps)


def single_marks(root: etree._Element) -> Iterator[tuple[str, str]]:
    """(entry's identifier, number) of the marks that print one number."""
    for mark in root.iter("{*}xref"):
        text, target = plain_text(mark).strip("[]() "), mark.get("rid") or ""
        if mark.get("ref-type") == "bibr" and re.fullmatch(r"\d{1,3}", text) and " " not in target:
            yield target, text


def label_of(reference: etree._Element) -> str:
    """The label of an entry as printed; empty without one."""
    return next((plain_text(child) for child in reference if local_name(child) == "label"), "")


def plain_text(element: etree._Element) -> str:
    """All the text in an element, its white space folded."""
    return fold("".join(element.itertext()))
