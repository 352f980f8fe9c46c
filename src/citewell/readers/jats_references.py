"""Entries of an article's reference list as printed, their numbers, and the marks that point to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from citewell.readers.xml import local_name
from citewell.types import fold

Inline = Callable[[etree._Element], str]

CITATIONS = frozenset(("mixed-citation", "element-citation", "citation", "nlm-citation", "product", "related-object"))
PEOPLE = frozenset(("name", "string-name", "collab", "collab-alternatives", "name-alternatives", "etal", "person-group", "anonymous"))  # fmt: skip
DATES = frozenset(("year", "month", "day", "season"))
NUMBERS = re.compile(r"\d{1,3}(?:\s*[,;–—-]\s*\d{1,3})*")
BETWEEN = re.compile(r"[\s,;–—-]*")
OWN_NUMBER = re.compile(r"[\[(]?(\d{1,3})[\]).]*")
KINDS = {"doi": "doi: ", "pmid": "PMID ", "pmcid": "PMCID ", "pmc": "PMCID "}
STOPPED = (".", "?", "!", ":", ";", ",")


def citation_text(element: etree._Element, inline: Inline) -> str:
    """A reference as printed; one without punctuation of its own gets the usual one between its parts, in their order."""
    if element.text and element.text.strip() or any(child.tail and child.tail.strip() for child in element):
        return inline(element)
    line, before = "", ""
    for kind, text in parts_of(element, inline):
        line += between(line, before, kind) + (f"({text})" if kind == "issue" and before in ("volume", "year") else text)
        before = kind
    return line if not line or line.endswith(STOPPED) else f"{line}."


def parts_of(element: etree._Element, inline: Inline) -> Iterator[tuple[str, str]]:
    """(name, text) of the parts of a reference; names of people one by one."""
    for child in element.iterchildren(etree.Element):
        name = local_name(child)
        plain = not fold((child.text or "") + "".join(each.tail or "" for each in child))
        if name == "person-group" and plain and len(child):
            yield from parts_of(child, inline)
        elif name == "etal":
            yield name, inline(child) or "et al"
        elif text := inline(child):
            prefix = KINDS.get((child.get("pub-id-type") or "").lower(), "") if name == "pub-id" else ""
            yield name, prefix + text


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
    if (kind == "volume" and before in DATES) or (kind == "year" and before in ("publisher-name", "publisher-loc")):
        return "; "
    return ". "


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
