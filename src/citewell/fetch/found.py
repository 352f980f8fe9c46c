"""What a service offers for a term, one record after the other, each with what is known of its origin."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from citewell.errors import ReadError
from citewell.fetch.client import Client
from citewell.fetch.services import Services
from citewell.types import fold

PUBLIC_DOMAIN = "public domain (a label submitted to the FDA, a United States government work as published)"
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
PAGE = 100  # records a request where a service gives pages
NCBI_KEY, NCBI_MAIL, OPENFDA_KEY = "NCBI_API_KEY", "NCBI_EMAIL", "OPENFDA_API_KEY"  # environment variables


@dataclass(frozen=True, slots=True)
class Offer:
    """One record that a service offers.

    :param name: Of the file; made from the record's id, which is checked.
    :param url: Where it can be seen.
    :param load: Gives its bytes.
    :param licence: As the service states it; None where it states none.
    """

    name: str
    url: str
    load: Callable[[], bytes]
    licence: str | None = None


def safe(identifier: object, suffix: str) -> str:
    """A file's name from an id; ReadError for an id that is no plain name."""
    if not isinstance(identifier, str) or not SAFE.fullmatch(identifier) or ".." in identifier:
        raise ReadError(f"expected a plain id from the service, found {identifier!r}; the record was left out")
    return f"{identifier}{suffix}"


def parsed(data: bytes) -> Any:
    """An answer in JSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"expected JSON from the service, found: {error}; try again later") from error


def quoted(term: str) -> str:
    """A term as a phrase, its own quotation marks taken out."""
    return '"' + fold(term.replace('"', " ")) + '"'


def openfda(client: Client, term: str, limit: int) -> Iterator[Offer | ReadError]:
    """Labels by brand, generic or substance name, as openFDA gives them."""
    phrase = quoted(term)
    query = " ".join(f"openfda.{name}:{phrase}" for name in ("brand_name", "generic_name", "substance_name"))
    key = {"api_key": os.environ[OPENFDA_KEY]} if os.environ.get(OPENFDA_KEY) else {}
    for skip in range(0, limit, PAGE):
        parameters: dict[str, str | int] = {"search": query, "limit": min(PAGE, limit - skip), "skip": skip, **key}
        try:
            answer = parsed(client.get("/drug/label.json", parameters, kinds=("json",)))
        except ReadError as error:
            if "status 404" in str(error):  # how openFDA says that there is nothing
                return
            raise
        records = answer.get("results", []) if isinstance(answer, dict) else []
        licence = (answer.get("meta") or {}).get("license")
        for record in records:
            yield openfda_offer(client, record, licence)
        if len(records) < PAGE:
            return


def openfda_offer(client: Client, record: Any, licence: Any) -> Offer | ReadError:
    """One label of openFDA; its bytes are here already."""
    identifier = record.get("set_id") if isinstance(record, dict) else None
    try:
        name = safe(identifier, ".json")
    except ReadError as error:
        return error
    data = json.dumps(record, ensure_ascii=False, indent=1).encode()
    stated = licence if isinstance(licence, str) else None
    return Offer(name, f"{client.base}/drug/label.json?search=set_id:{identifier}", lambda: data, stated)


def dailymed(client: Client, term: str, limit: int) -> Iterator[Offer | ReadError]:
    """Labels by drug name, as DailyMed gives them in SPL."""
    count, page, pages = 0, 1, 1
    while count < limit and page <= pages:
        parameters: dict[str, str | int] = {
            "drug_name": fold(term.replace('"', " ")),
            "pagesize": min(PAGE, limit),
            "page": page,
        }
        answer = parsed(client.get("/services/v2/spls.json", parameters, kinds=("json",)))
        listed = answer.get("data", []) if isinstance(answer, dict) else []
        pages = int((answer.get("metadata") or {}).get("total_pages") or 1)
        for record in listed[: limit - count]:
            count += 1
            yield dailymed_offer(client, record)
        page += 1
        if not listed:
            return


def dailymed_offer(client: Client, record: Any) -> Offer | ReadError:
    """One label of DailyMed."""
    identifier = record.get("setid") if isinstance(record, dict) else None
    try:
        name = safe(identifier, ".xml")
    except ReadError as error:
        return error
    return Offer(
        name, f"{client.base}/drugInfo.cfm?setid={identifier}",
        lambda: client.get(f"/services/v2/spls/{identifier}.xml", kinds=("xml",)), PUBLIC_DOMAIN,
    )  # fmt: skip


def ncbi(**parameters: str | int) -> dict[str, str | int]:
    """Parameters of E-utilities with those that its etiquette asks for."""
    given = {"api_key": os.environ.get(NCBI_KEY, ""), "email": os.environ.get(NCBI_MAIL, "")}
    return {**parameters, "tool": "citewell", **{name: value for name, value in given.items() if value}}


def ids(client: Client, database: str, term: str, limit: int) -> list[str]:
    """The ids that a search of E-utilities finds, best first."""
    parameters = ncbi(db=database, term=term, retmode="json", retmax=limit, sort="relevance")
    answer = parsed(client.get("/esearch.fcgi", parameters, kinds=("json",)))
    result = answer.get("esearchresult") if isinstance(answer, dict) else None
    listed = result.get("idlist", []) if isinstance(result, dict) else []
    return [each for each in listed if isinstance(each, str) and each.isdigit()][:limit]


def pubmed(client: Client, term: str, limit: int) -> Iterator[Offer | ReadError]:
    """Articles: the full text where PubMed Central may give it, else the record with its abstract."""
    for identifier in ids(client, "pubmed", term, limit):
        url = f"https://pubmed.ncbi.nlm.nih.gov/{identifier}/"
        yield Offer(f"PMID{identifier}.xml", url, partial(article, client, identifier))


def article(client: Client, identifier: str) -> bytes:
    """An article's full text in JATS, else its record in PubMed's XML."""
    record = client.get("/efetch.fcgi", ncbi(db="pubmed", id=identifier, retmode="xml"), kinds=("xml",))
    central = re.search(rb'<ArticleId IdType="pmc">\s*PMC(\d{1,12})', record)
    if central is None:
        return record
    try:
        text = client.get("/efetch.fcgi", ncbi(db="pmc", id=central.group(1).decode(), retmode="xml"), kinds=("xml",))
    except ReadError:
        return record
    return text if re.search(rb"<body[\s>]", text) else record


def bookshelf(client: Client, term: str, limit: int, services: Services, pages: Client) -> Iterator[Offer | ReadError]:
    """Chapters of books, as pages to print."""
    found = ids(client, "books", term, 4 * limit)  # several hits may lie in one chapter
    named: dict[str, None] = {}
    for first in range(0, len(found), PAGE):
        part = ",".join(found[first : first + PAGE])
        answer = parsed(client.get("/esummary.fcgi", ncbi(db="books", id=part, retmode="json"), kinds=("json",)))
        result = answer.get("result") if isinstance(answer, dict) else None
        for identifier in found[first : first + PAGE]:
            summary = result.get(identifier) if isinstance(result, dict) else None
            accession = (
                summary.get("chapteraccessionid") or summary.get("accessionid") if isinstance(summary, dict) else None
            )
            if isinstance(accession, str) and re.fullmatch(r"NBK\d{1,9}", accession):
                named[accession] = None
    for accession in list(named)[:limit]:
        load = partial(pages.get, f"/{accession}/", {"report": "printable"}, kinds=("html",))
        yield Offer(f"{accession}.html", f"{services.bookshelf}/{accession}/", load)


def is_whole(name: str, data: bytes) -> bool:
    """Whether bytes are what the end of a file's name says, to their last."""
    if name.endswith(".json"):
        return isinstance(parsed(data), dict)
    if name.endswith(".html"):
        return b"</html>" in data[-4096:].lower()
    try:
        etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return False
    return True
