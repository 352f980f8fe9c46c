"""The NCBI Bookshelf: chapters, e.g. of LiverTox, that it gives to programs.

NCBI lets no program walk through the Bookshelf's pages; its Books-OAI service gives programs the text of chapters that
are in the public domain or openly licensed. The others are named, with the address of the page for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from lxml import etree

from citewell.errors import FetchError, UsageError
from citewell.fetch import eutils
from citewell.fetch.answers import Fetched, Item, NotOffered, Page, shown, xml_root
from citewell.fetch.client import XML, Client
from citewell.fetch.pubmed import file_of
from citewell.readers.articles.jats_meta import article_meta, licence_of
from citewell.readers.xml import local_name

ACCESSION = re.compile(r"NBK([1-9]\d{0,9})")
MOST = 100  # requests that may be made at any hour: www.ncbi.nlm.nih.gov/books/about/oai
BOOKS = "https://www.ncbi.nlm.nih.gov/books/"  # pages for people
TEXTS = ("book-part-wrapper", "book-part", "book")


def pages(client: Client, term: str, limit: int, lacks: Callable[[str], bool]) -> Iterator[Page]:
    """Chapters in the order of NCBI's relevance; sections and tables that were found stand for their chapter."""
    if limit > MOST:
        raise UsageError(
            f"expected --limit {MOST} at most: NCBI wants more than that fetched at night only, found {limit}."
        )
    seen: dict[str, None] = {}
    for total, identifiers in eutils.search(client, "books", term, client.settings.list_page):
        if not identifiers:
            return
        found = [accession_of(each) for each in eutils.summaries(client, "books", identifiers)]
        new = [each for each in dict.fromkeys(found) if each and each not in seen][: limit - len(seen)]
        seen.update(dict.fromkeys(new))
        yield Page(total, tuple(Item(f"{each}.xml", partial(fetch, client, each)) for each in new))
        if len(seen) >= limit:
            return


def accession_of(summary: object) -> str:
    """The accession of the chapter that an entry belongs to, or of its book where it has no chapters."""
    for key in ("chapteraccessionid", "bookaccessionid"):
        found = summary.get(key) if isinstance(summary, dict) else None
        if isinstance(found, str) and ACCESSION.fullmatch(found):
            return found
    return ""


def fetch(client: Client, accession: str) -> Fetched:
    """Get one chapter; NotOffered where programs may not have its text."""
    identifier = f"oai:books.ncbi.nlm.nih.gov:{accession.removeprefix('NBK')}"
    parameters = {"verb": "GetRecord", "identifier": identifier, "metadataPrefix": "nbk_ftext"}
    answer = client.get(client.settings.books, "", parameters, XML)
    root = xml_root(answer, "OAI-PMH")
    refusal = root.find("{*}error")
    if refusal is not None and refusal.get("code") == "cannotDisseminateFormat":
        raise not_offered(accession)
    if refusal is not None:
        raise FetchError(f"expected the chapter {accession}, found the error {shown(refusal.get('code') or '')}")
    header = root.find(".//{*}header/{*}identifier")
    if header is None or header.text != identifier:
        raise FetchError(
            f"expected the chapter {accession}, found {shown(header.text or '') if header is not None else 'none'}"
        )
    chapter = text_of(root)
    if chapter is None:
        raise not_offered(accession)
    meta = article_meta(chapter)
    licence = licence_of(meta) if meta is not None else ""
    fields = {"url": f"{BOOKS}{accession}/"} | ({"licence": licence} if licence else {})
    return Fetched(file_of(chapter), answer.url, fields)


def text_of(root: etree._Element) -> etree._Element | None:
    """The chapter that an answer holds, if it holds its text."""
    for metadata in root.iter("{*}metadata"):
        for each in metadata:
            if local_name(each) in TEXTS and next(each.iter("{*}body"), None) is not None:
                return each
    return None


def not_offered(accession: str) -> NotOffered:
    """What to say of a chapter that only people in browsers may have."""
    return NotOffered(
        f"NCBI gives its text to browsers only; open {BOOKS}{accession}/?report=printable and save the page"
    )
