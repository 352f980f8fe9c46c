"""Articles in JATS, chapters of books in BITS (as PubMed Central and the NCBI Bookshelf give them) → Document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.articles.jats_front import authors_line, title_in, write_front, write_notes
from citewell.readers.articles.jats_meta import article_meta, head_fields
from citewell.readers.articles.jats_opening import OPENING_BYTES, outermost_name
from citewell.readers.articles.jats_references import plain_text
from citewell.readers.articles.jats_text import ArticleText
from citewell.readers.beir import Failure
from citewell.readers.draft import Draft
from citewell.readers.references import mark_remarks
from citewell.readers.source import Source
from citewell.readers.xml import Places, local_name, parse_xml
from citewell.types import Document

DECLARED = re.compile(
    rb"JATS|NLM//DTD|BITS|article-type=|dtd-version=|<(?:\w+:)?(?:front|article-meta|book-meta|book-part-meta)[\s>]"
)
ARTICLES = ("article", "book-part-wrapper", "book-part", "book")
CHAPTERS = ("book-part", "book-part-wrapper")
BODIES = ("body", "named-book-part-body", "book-body", "book-part")
BACKS = ("back", "book-back")


def looks_like_jats(data: bytes) -> bool:
    """Whether bytes are an article, a chapter or a set of articles by their outermost element."""
    name = outermost_name(data)
    return name == "pmc-articleset" or (name in ARTICLES and DECLARED.search(data[:OPENING_BYTES]) is not None)


def read_jats(source: Source, data: bytes) -> Iterator[Document | Failure]:
    """Read an article or chapter, each article of a set, or each chapter of a book."""
    root = parse_xml(source.document_id, data)
    parts = parts_of(root)
    if local_name(root) == "pmc-articleset" and not parts:
        raise ReadError(f"{source.document_id}: expected articles in the set, found none; download it again")
    if len(parts) < 2 and local_name(root) in ARTICLES:
        yield read_article(source, data, root, source.document_id, Places())
        return
    names: set[str] = set()
    places = Places()
    for number, part in enumerate(parts, start=1):
        name = name_of(part) or str(number)
        name = (
            f"{source.document_id}/{name if name not in names else f'{name} {number}'}"
            if len(parts) > 1
            else source.document_id
        )
        names.add(name.rpartition("/")[2])
        try:
            yield read_article(source, etree.tostring(part, with_tail=False), part, name, places)
        except ReadError as error:
            yield Failure(name, str(error))


def parts_of(root: etree._Element) -> list[etree._Element]:
    """The articles of a set or the chapters of a book."""
    if local_name(root) == "pmc-articleset":
        return list(root.iterchildren("{*}article"))
    if local_name(root) == "book":
        return [
            part for body in (root, *root.iterchildren("{*}book-body")) for part in body if local_name(part) in CHAPTERS
        ]
    return []


def name_of(part: etree._Element) -> str:
    """What tells an article or chapter from the others of its file."""
    known = {each.get("pub-id-type") or each.get("book-part-id-type") or "": plain_text(each)
             for each in part.iter("{*}article-id", "{*}book-part-id")}  # fmt: skip
    kinds = ("pmcid", "pmc", "pmid", "doi")
    return next((known[kind] for kind in kinds if known.get(kind)), part.get("id") or "")


def read_article(source: Source, data: bytes, root: etree._Element, document_id: str, places: Places) -> Document:
    """Read one article: title, abstracts, body, what stands behind it, and its references."""
    meta = article_meta(root)
    draft = Draft(document_id)
    text = ArticleText(draft, places, root)
    title = title_in(meta, text) if meta is not None else ""
    if meta is not None:
        write_front(text, meta)
    write_inside(text, root, 2)
    for part in root.iterchildren("{*}sub-article", "{*}response"):
        write_reply(text, part)
    if meta is not None:
        write_notes(text, meta)
    place = Source(source.path, document_id, source.root)
    document = draft.document(place, data, head_fields(root, meta, title))
    return replace(document, metadata=replace(document.metadata, remarks=remarks_of(document, root, text)))


def write_reply(text: ArticleText, part: etree._Element) -> None:
    """Write a letter, a reply or another part that is published with an article."""
    stub = next(part.iterchildren("{*}front-stub", "{*}front"), None)
    title, people = "", ""
    if stub is not None:
        held = article_meta(stub)
        meta = stub if held is None else held
        title, people = title_in(meta, text), authors_line(meta, text)
    text.head(title or "Reply", 2, text.places.of(part))
    text.draft.boilerplate(people)
    write_inside(text, part, 3)
    text.end()


def write_inside(text: ArticleText, part: etree._Element, level: int) -> None:
    """Write the body of an article or chapter, what floats, and what stands behind."""
    for child in part.iterchildren(etree.Element):
        name = local_name(child)
        if name in ("book-part", "book-part-wrapper") and local_name(part) in ("book-part-wrapper", "book"):
            write_inside(text, child, level)
        elif name in (*BODIES, *BACKS, "front-matter") or name.startswith("floats"):
            text.write_parts(child, level)


def remarks_of(document: Document, root: etree._Element, text: ArticleText) -> tuple[str, ...]:
    """The document's remarks; where marks are marked up, they tell exactly which entries are missing."""
    remarks = document.metadata.remarks
    if not any(each.get("ref-type") == "bibr" for each in root.iter("{*}xref")):
        return remarks
    guessed = mark_remarks(document.text, document.blocks)
    remarks = tuple(each for each in remarks if each not in guessed)
    missing = text.references.missing(root)
    if not missing:
        return remarks
    if not text.references.entries:
        return (*remarks, f"The text has reference marks ({', '.join(missing)}), but prints no reference list.")
    marks = ", ".join(f"[{mark}]" for mark in missing)
    return (*remarks, f"The text cites {marks}; its reference list has no such entry.")
