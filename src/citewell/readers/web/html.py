"""HTML → Document. The text is extracted here; offsets point into it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.assemble import assemble
from citewell.readers.citation import Record, cited
from citewell.readers.dates import parse_date
from citewell.readers.decode import decode
from citewell.readers.fields import Value
from citewell.readers.limits import LIMITS
from citewell.readers.refine import refine
from citewell.readers.source import Source
from citewell.readers.web.html_blocks import Extractor
from citewell.types import BlockKind, Document, SourceClass, fold

OPENING = re.compile(
    rb"\s*+(?:<\?xml[^>]*>\s*+)?(?>(?:<!--.*?-->\s*+))*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.I)
DATE_NAMES = (
    "article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified", "last-modified", "datemodified",
    "article:published_time", "citation_publication_date", "citation_date", "dcterms.date", "dc.date", "date",
)  # fmt: skip
PUBLISHER_NAMES = ("og:site_name", "dcterms.publisher", "dc.publisher", "citation_publisher")
TITLE_NAMES = ("citation_title", "dcterms.title", "dc.title", "og:title")
IDENTIFIER_NAMES = {"citation_doi": "doi", "citation_pmid": "PMID"}
LINKED_NAMES = ("publisher", "license", "inLanguage", "dateModified", "datePublished")
PAGE_TYPE = re.compile(r"(?:Article|WebPage|Posting|Drug|Guideline|MedicalCondition|Report)$")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STRUCK = "The page strikes some of its text out; that text was left out."
LICENCE_NAMES = ("dcterms.license", "dc.rights", "dcterms.rights")


def looks_like_html(data: bytes) -> bool:
    """Whether bytes open like a page."""
    return OPENING.match(data[:4096].removeprefix(b"\xef\xbb\xbf")) is not None


def read_html(source: Source, data: bytes) -> Document:
    """Read a page: its visible text, its structure, and what its head says of it."""
    root = parse(source.document_id, decode_page(source.document_id, data))
    extractor = Extractor(source.document_id)
    extractor.take(root)
    text = extractor.text()
    if not text.strip():
        raise ReadError(
            f"{source.document_id}: expected a page with visible text, found none; save it as it is displayed"
        )
    blocks = refine(text, extractor.blocks)
    chrome = any(block.kind is BlockKind.BOILERPLATE for block in extractor.blocks)
    fields = head_fields(root, chrome=chrome)
    return assemble(source, data, text, blocks, fields | ({"remarks": (STRUCK,)} if extractor.struck else {}))


def decode_page(document_id: str, data: bytes) -> str:
    """Decode by the charset that the page declares, else strictly as UTF-8."""
    match = CHARSET.search(data[:2048])
    if match and match.group(1).lower() not in (b"utf-8", b"utf8", b"utf-16"):
        try:
            return decode(document_id, data.decode(match.group(1).decode("ascii")).encode("utf-8"))
        except (LookupError, UnicodeError) as error:
            raise ReadError(
                f"{document_id}: expected text in the declared charset {match.group(1).decode('ascii')}, found: "
                f"{error}; save the page as UTF-8"
            ) from error
    return decode(document_id, data)


def parse(document_id: str, text: str) -> etree._Element:
    """Parse without network, entities or unbounded trees."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.LxmlError as error:
        raise ReadError(f"{document_id}: expected an HTML page, found: {error}; save the page again") from error
    if root is None:
        raise ReadError(f"{document_id}: expected an HTML page, found no element; save the page again")
    refuse_huge(document_id, root, "depth" in str(parser.error_log).lower())
    return root


def refuse_huge(document_id: str, root: etree._Element, too_deep: bool) -> None:
    """Refuse trees that no person wrote."""
    depth, count = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if too_deep or depth > LIMITS.html_depth:
            raise ReadError(
                f"{document_id}: expected elements nested at most {LIMITS.html_depth} deep, found deeper ones; "
                "save the page's text instead"
            )
        if count > LIMITS.html_elements:
            raise ReadError(
                f"{document_id}: expected at most {LIMITS.html_elements:,} elements, found more; split the page"
            )


def head_fields(root: etree._Element, *, chrome: bool) -> dict[str, Value]:
    """The metadata that a page's mark-up states."""
    metas = meta_contents(root)
    linked = linked_data(root)
    headings = [fold("".join(element.itertext())) for element in root.iter("h1")]
    titles = [fold("".join(element.itertext())) for element in root.iter("title")]
    stated = {
        "title": first_of(metas, TITLE_NAMES)
        or (headings[0] if len(headings) == 1 else None)
        or next(iter(titles), None),
        "publisher": first_of(metas, PUBLISHER_NAMES) or linked.get("publisher"),
        "licence": first_of(metas, LICENCE_NAMES) or linked.get("license"),
        "language": root.get("lang") or root.get(XML_LANG) or linked.get("inLanguage"),
        "updated": page_date(root, metas)
        or parse_date(linked.get("dateModified") or linked.get("datePublished") or ""),
        "url": canonical(root),
        "how_to_cite": cited(record_of(root, metas)) if "citation_journal_title" in metas else None,
    }
    found: dict[str, Value] = {name: fold(value) for name, value in stated.items() if value and value.strip()}
    if identifiers := [f"{kind} {fold(metas[name])}" for name, kind in IDENTIFIER_NAMES.items() if name in metas]:
        found["identifiers"] = tuple(identifiers)
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
    """The texts of a property: a text, a named object, or a list of them."""
    values = value if isinstance(value, list) else [value]
    named = (each.get("name") if isinstance(each, dict) else each for each in values)
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


def page_date(root: etree._Element, metas: Mapping[str, str]) -> str | None:
    """The date of the last change, else of publication, as the head states it; else the page's only <time>."""
    for name in DATE_NAMES:
        if name in metas and (found := parse_date(metas[name])):
            return found
    times = {found for element in root.iter("time") if (found := parse_date(element.get("datetime") or ""))}
    return times.pop() if len(times) == 1 else None


def canonical(root: etree._Element) -> str | None:
    """The address that the page gives as its own."""
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
            return str(element.get("href"))
    return None
