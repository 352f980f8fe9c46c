"""What the head of a page says of it: <meta>, JSON-LD, links."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from citewell.readers.citation import Record, cited
from citewell.readers.dates import parse_date
from citewell.readers.fields import Value
from citewell.readers.limits import LIMITS
from citewell.types import Audience, SourceClass, fold

CHANGED_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "datemodified",
)
ISSUED_NAMES = (
    "article:published_time",
    "citation_publication_date",
    "citation_date",
    "dcterms.date",
    "dc.date",
    "date",
)
PUBLISHER_NAMES = ("og:site_name", "dcterms.publisher", "dc.publisher", "citation_publisher")
TITLE_NAMES = ("citation_title", "dcterms.title", "dc.title", "og:title")
IDENTIFIER_NAMES = {"citation_doi": "doi", "citation_pmid": "PMID"}
LINKED_NAMES = ("publisher", "license", "inLanguage", "dateModified", "datePublished", "audience")
CLINICIANS = re.compile(
    r"\b(?:clinicians?|physicians?|doctors?|nurses?|pharmacists?|health ?care professionals?|medical (?:professionals?|researchers?))\b",
    re.I,
)
PATIENTS = re.compile(r"\b(?:patients?|caregivers?|consumers?|general public)\b", re.I)
PAGE_TYPE = re.compile(r"(?:Article|WebPage|Posting|Drug|Guideline|MedicalCondition|Report)$")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGE_NAMES = ("content-language", "dcterms.language", "dc.language", "citation_language")
LICENCE_NAMES = ("dcterms.license", "dc.rights", "dcterms.rights")


def head_fields(root: etree._Element, printed: Value | None = None, *, chrome: bool) -> dict[str, Value]:
    """The metadata that a page's mark-up states.

    :param printed: The date that the page's text tells; a later one than that of publication is of a change.
    """
    metas = meta_contents(root)
    linked = linked_data(root)
    headings = [fold("".join(element.itertext())) for element in root.iter("h1")]
    titles = [fold("".join(element.itertext())) for element in root.iter("title")]
    stated = {
        "title": first_of(metas, TITLE_NAMES)
        or (headings[0] if len(headings) == 1 else None)
        or next(iter(titles), None),
        "publisher": first_of(metas, PUBLISHER_NAMES) or linked.get("publisher"),
        "licence": first_of(metas, LICENCE_NAMES) or linked.get("license") or linked_licence(root),
        "language": root.get("lang")
        or root.get(XML_LANG)
        or linked.get("inLanguage")
        or first_of(metas, LANGUAGE_NAMES),
        "updated": page_date(root, metas, linked, str(printed or "")),
        "url": canonical(root),
        "how_to_cite": cited(record_of(root, metas))
        if {"citation_journal_title", "citation_title"} <= metas.keys()
        else None,
    }
    found: dict[str, Value] = {name: fold(value) for name, value in stated.items() if value and value.strip()}
    if identifiers := [f"{kind} {fold(metas[name])}" for name, kind in IDENTIFIER_NAMES.items() if name in metas]:
        found["identifiers"] = tuple(identifiers)
    if audience := audience_of(linked.get("audience", "")):
        found["audience"] = audience
    if "citation_journal_title" in metas:
        found["source_class"] = SourceClass.RESEARCH
    elif chrome or linked or "og:site_name" in metas:
        found["source_class"] = SourceClass.WEB
    return found


def linked_data(root: etree._Element) -> dict[str, str]:
    """What the page says of itself in JSON-LD (schema.org); of a review it gives no status."""
    found: dict[str, str] = {}
    for script in root.iter("script"):
        text = script.text or ""
        if script.get("type") != "application/ld+json" or len(text) > LIMITS.linked_characters:
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue  # what it says is lost, not what the page says
        for entry in entries_of(value):
            if any(PAGE_TYPE.search(kind) for kind in texts_of(entry.get("@type"))):
                for name in LINKED_NAMES:
                    if texts := texts_of(entry.get(name)):
                        found.setdefault(name, texts[0])
    return found


def entries_of(value: Any) -> list[dict[str, Any]]:
    """The objects of JSON-LD: one, a list of them, or those of a graph."""
    values = value if isinstance(value, list) else [value]
    objects = [each for each in values if isinstance(each, dict)]
    graphs = [each["@graph"] for each in objects if isinstance(each.get("@graph"), list)]
    return objects + [each for graph in graphs for each in graph if isinstance(each, dict)]


def texts_of(value: Any) -> list[str]:
    """The texts of a property: a text, an object with a name or an address, or a list of them."""
    values = value if isinstance(value, list) else [value]
    named = (
        next((each[key] for key in ("name", "audienceType", "url", "@id") if each.get(key)), None)
        if isinstance(each, dict)
        else each
        for each in values
    )
    return [each for each in named if isinstance(each, str)]


def record_of(root: etree._Element, metas: Mapping[str, str]) -> Record:
    """The bibliographic record in a page's citation_… elements."""
    named = [element.get("content") or "" for element in root.iter("meta") if element.get("name") == "citation_author"]
    authors = tuple(turned(fold(name)) for name in named if name.strip())
    date = (parse_date(metas.get("citation_publication_date") or metas.get("citation_date") or "") or "")[:4]
    pages = (metas.get("citation_firstpage", ""), metas.get("citation_lastpage", ""))
    return Record(
        authors, fold(metas.get("citation_title", "")), fold(metas["citation_journal_title"]), date, metas.get("citation_volume", ""),
        metas.get("citation_issue", ""), *pages, metas.get("citation_doi", "").removeprefix("doi:"),
    )  # fmt: skip


def turned(name: str) -> str:
    """ "Doe, Jane B" or "Jane B Doe" as "Doe JB"."""
    last, comma, given = name.partition(",")
    if not comma:
        *parts, last = name.split()
        given = " ".join(parts)
    initials = "".join(part[0] for part in re.split(r"[\s.-]+", given.strip()) if part)
    return f"{last} {initials}".strip()


def meta_contents(root: etree._Element) -> dict[str, str]:
    """The page's <meta> elements by name, property or http-equiv; the first of each counts."""
    metas: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or element.get("http-equiv")
        content = element.get("content")
        if name and content and content.strip():
            metas.setdefault(name.lower(), content)
    return metas


def first_of(metas: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """The first of several <meta> elements that the page has."""
    return next((metas[name] for name in names if name in metas), None)


def page_date(root: etree._Element, metas: Mapping[str, str], linked: Mapping[str, str], printed: str) -> str | None:
    """The date of the last change, else of publication, as the head states them; else the page's only <time>."""
    changed = [metas.get(name, "") for name in CHANGED_NAMES] + [linked.get("dateModified", "")]
    issued = [metas.get(name, "") for name in ISSUED_NAMES] + [linked.get("datePublished", "")]
    if found := next(filter(None, map(parse_date, changed)), None):
        return found
    if found := next(filter(None, map(parse_date, issued)), None):
        return max(found, printed)
    times = {found for element in root.iter("time") if (found := parse_date(element.get("datetime") or ""))}
    return times.pop() if len(times) == 1 else None


def linked_licence(root: etree._Element) -> str | None:
    """The address of the licence that the page links to as its own; None where it links to several."""
    found = {
        fold(element.get("href") or "")
        for element in root.iter("link", "a")
        if "license" in (element.get("rel") or "").lower().split()
        and not element.xpath("boolean(ancestor::figure | ancestor::table)")  # a picture's own
    } - {""}
    return found.pop() if len(found) == 1 else None


def audience_of(printed: str) -> Audience | None:
    """Whom the page is written for, if it says one of the two."""
    clinicians, patients = CLINICIANS.search(printed) is not None, PATIENTS.search(printed) is not None
    return None if clinicians == patients else Audience.CLINICIAN if clinicians else Audience.PATIENT


def canonical(root: etree._Element) -> str | None:
    """The address that the page gives as its own."""
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
            return str(element.get("href"))
    return None
