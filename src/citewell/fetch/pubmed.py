"""PubMed: an article's whole text where PubMed Central may give it to programs, else its record with the abstract."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from lxml import etree

from citewell.errors import FetchError
from citewell.fetch import eutils
from citewell.fetch.answers import Fetched, Item, Page, shown, xml_root
from citewell.fetch.client import Client
from citewell.readers.articles.jats_meta import article_meta, licence_of
from citewell.readers.xml import local_name
from citewell.types import fold

PMID = re.compile(r"[1-9]\d{0,9}")
PMCID = re.compile(r"PMC([1-9]\d{0,9})(?:\.\d+)?")
RECORDS = ("PubmedArticle", "PubmedBookArticle")
PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"  # pages for people
CENTRAL = "https://pmc.ncbi.nlm.nih.gov/articles/"


def pages(client: Client, term: str, limit: int, lacks: Callable[[str], bool]) -> Iterator[Page]:
    """Articles in the order of PubMed's relevance; the records of those that are missing come with the page."""
    seen = 0
    for total, identifiers in eutils.search(client, "pubmed", term, min(client.settings.list_page, limit)):
        valid = [each for each in identifiers[: limit - seen] if PMID.fullmatch(each)]
        records = records_of(client, [each for each in valid if lacks(name_of(each))])
        yield Page(total, tuple(Item(name_of(each), partial(fetch, client, each, records.get(each))) for each in valid))
        seen += len(identifiers)
        if seen >= limit:
            return


def name_of(pmid: str) -> str:
    """The name of an article's file, whether it holds the whole text or the record."""
    return f"pmid-{pmid}.xml"


def records_of(client: Client, identifiers: list[str]) -> dict[str, etree._Element]:
    """PubMed's records by their PMID."""
    if not identifiers:
        return {}
    root = xml_root(eutils.fetch(client, "pubmed", identifiers), "PubmedArticleSet")
    records = [each for each in root if local_name(each) in RECORDS]
    return {text_at(each, ".//PMID"): each for each in records}


def fetch(client: Client, pmid: str, record: etree._Element | None) -> Fetched:
    """Get one article."""
    if record is None:
        raise FetchError(f"expected PubMed to give the record {pmid}, found its answer without it")
    title = {"title": named} if (named := text_at(record, ".//ArticleTitle").strip("[]")) else {}
    if (central := central_id(record)) and (whole := whole_text(client, pmid, central, title)):
        return whole
    fields = title | {"url": f"{PUBMED}{pmid}/"}
    if licence := text_at(record, ".//CopyrightInformation"):
        fields["licence"] = licence
    return Fetched(record_file(record), f"{client.settings.eutils.base}/efetch.fcgi?db=pubmed&id={pmid}", fields)


def central_id(record: etree._Element) -> str:
    """The number that PubMed Central knows an article by; empty where it has none."""
    for each in record.iterfind("./*/ArticleIdList/ArticleId"):  # the article's own, not those of its references
        if each.get("IdType") == "pmc" and (found := PMCID.fullmatch(fold(each.text or ""))):
            return found.group(1)
    return ""


def whole_text(client: Client, pmid: str, central: str, title: dict[str, str]) -> Fetched | None:
    """An article in JATS; None where its publisher lets PubMed Central give programs no more than its head."""
    answer = eutils.fetch(client, "pmc", [central])
    root = xml_root(answer, "pmc-articleset", "article")
    articles = [root] if local_name(root) == "article" else [each for each in root if local_name(each) == "article"]
    if len(articles) != 1 or articles[0].find("{*}body") is None:
        return None
    meta = article_meta(articles[0])
    numbers = {each.text for each in meta.iter("{*}article-id")} if meta is not None else set()
    if not numbers & {central, f"PMC{central}", pmid}:
        raise FetchError(f"expected the article PMC{central}, found another ({shown(sorted(filter(None, numbers)))})")
    licence = licence_of(meta) if meta is not None else ""
    fields = title | {"url": f"{CENTRAL}PMC{central}/"} | ({"licence": licence} if licence else {})
    source = f"{client.settings.eutils.base}/efetch.fcgi?db=pmc&id={central}"
    return Fetched(file_of(articles[0]), source, fields)


def record_file(record: etree._Element) -> bytes:
    """One record as a file of its own."""
    root = etree.Element("PubmedArticleSet")
    root.append(record)
    return file_of(root)


def file_of(root: etree._Element) -> bytes:
    """An element as a file of its own, without what followed it."""
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, with_tail=False)
    return data + b"\n"


def text_at(record: etree._Element, path: str) -> str:
    """The text of the first element at a path."""
    found = record.find(path)
    return "" if found is None else fold("".join(found.itertext()))
