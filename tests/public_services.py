"""openFDA, DailyMed, PubMed and the Bookshelf on this machine: their real forms of question and answer, invented contents."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from citewell.fetch.settings import FetchSettings, Service

ALPHA = "11111111-aaaa-4aaa-8aaa-000000000001"
BETA = "22222222-bbbb-4bbb-8bbb-000000000002"
GAMMA = "33333333-cccc-4ccc-8ccc-000000000003"
DISCLAIMER = "Do not rely on openFDA to make decisions regarding medical care."


def label_record(set_id: str, brand: str, generic: str, effective: str = "20240301") -> dict[str, Any]:
    """A record of openFDA's drug labels."""
    return {
        "spl_product_data_elements": [f"{brand} {generic} {generic.upper()} WATER"],
        "indications_and_usage": [f"1 INDICATIONS AND USAGE {brand} is indicated for brittle bones."],
        "dosage_and_administration": [f"2 DOSAGE AND ADMINISTRATION The dose of {brand} is 60 mg every 6 months."],
        "set_id": set_id,
        "id": set_id[::-1],
        "effective_time": effective,
        "version": "7",
        "openfda": {
            "brand_name": [brand],
            "generic_name": [generic.upper()],
            "substance_name": [generic.upper()],
            "manufacturer_name": ["Invented Pharma"],
            "spl_set_id": [set_id],
        },
    }


def spl(set_id: str, title: str) -> str:
    """A label in Structured Product Labeling."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet href="https://www.accessdata.fda.gov/spl/stylesheet/spl.xsl" type="text/xsl"?>
<document xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<id root="99999999-0000-4000-8000-000000000009"/>
<code code="34391-3" codeSystem="2.16.840.1.113883.6.1" displayName="HUMAN PRESCRIPTION DRUG LABEL"/>
<title>{title}</title><effectiveTime value="20240301"/><setId root="{set_id}"/><versionNumber value="12"/>
<component><structuredBody><component><section>
<code code="34068-7" codeSystem="2.16.840.1.113883.6.1" displayName="DOSAGE &amp; ADMINISTRATION SECTION"/>
<title>2 DOSAGE AND ADMINISTRATION</title><text><paragraph>The dose is 60 mg every 6 months.</paragraph></text>
</section></component></structuredBody></component></document>
"""


def pubmed_record(pmid: str, title: str, *, central: str = "", copyright_text: str = "") -> str:
    """A record of PubMed."""
    ids = f'<ArticleId IdType="pubmed">{pmid}</ArticleId>'
    ids += f'<ArticleId IdType="pmc">{central}</ArticleId>' if central else ""
    notice = f"<CopyrightInformation>{copyright_text}</CopyrightInformation>" if copyright_text else ""
    other = '<ArticleIdList><ArticleId IdType="pmc">PMC999</ArticleId></ArticleIdList>'  # of a work that it cites
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><Journal><Title>Journal of invented bones</Title><JournalIssue><PubDate><Year>2020</Year></PubDate>
</JournalIssue></Journal><ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>Alphamab helped 60 of 100 people.
</AbstractText>{notice}</Abstract><Language>eng</Language></Article></MedlineCitation>
<PubmedData><ArticleIdList>{ids}</ArticleIdList><ReferenceList><Reference><Citation>A work</Citation>{other}</Reference>
</ReferenceList></PubmedData></PubmedArticle>"""


def pubmed_set(*records: str) -> str:
    """An answer of efetch, db=pubmed."""
    kind = 'PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd"'
    return f'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet {kind}>\n<PubmedArticleSet>{"".join(records)}</PubmedArticleSet>'


def article(central: str, *, open_access: bool) -> str:
    """An answer of efetch, db=pmc."""
    licence = '<license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>CC BY 4.0, as printed.</license-p></license>'
    closed = "<!--The publisher of this article does not allow downloading of the full text in XML form.-->"
    body = (
        "<body><sec><title>Findings</title><p>Alphamab helped 60 of 100 people.</p></sec></body>" if open_access else ""
    )
    return f"""<?xml version="1.0"  ?><!DOCTYPE pmc-articleset PUBLIC "-//NLM//DTD ARTICLE SET 2.0//EN" "https://dtd.nlm.nih.gov/ncbi/pmc/articleset/nlm-articleset-2.0.dtd">
<pmc-articleset><article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article">{"" if open_access else closed}
<front><journal-meta><journal-title-group><journal-title>Invented bones</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmcid">PMC{central}</article-id><article-id pub-id-type="pmc">{central}</article-id>
<title-group><article-title>Alphamab in bones</article-title></title-group>
<permissions>{licence if open_access else ""}</permissions></article-meta></front>{body}</article></pmc-articleset>"""


def chapter(number: str, title: str) -> str:
    """An answer of Books-OAI with the text of a chapter."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<responseDate>2026-11-24T00:00:00Z</responseDate><request verb="GetRecord">https://api.ncbi.nlm.nih.gov/lit/oai/books/</request>
<GetRecord><record><header><identifier>oai:books.ncbi.nlm.nih.gov:{number}</identifier><datestamp>2026-02-03</datestamp>
<setSpec>livertox</setSpec></header><metadata>
<book-part-wrapper xmlns="https://jats.nlm.nih.gov/ns/extensions/bits/2.0/" xmlns:xlink="http://www.w3.org/1999/xlink">
<book-meta><book-title-group><book-title>Invented liver book</book-title></book-title-group></book-meta>
<book-part book-part-type="chapter"><book-part-meta><title-group><title>{title}</title></title-group>
<permissions><license><license-p>In the public domain, as printed.</license-p></license></permissions></book-part-meta>
<body><sec><title>Hepatotoxicity</title><p>Alphamab raised enzymes in 5 of 100 people.</p></sec></body></book-part>
</book-part-wrapper></metadata></record></GetRecord></OAI-PMH>"""


def oai_error(code: str) -> str:
    """An answer of Books-OAI without a record."""
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="{code}">…</error></OAI-PMH>'


@dataclass(frozen=True)
class Reply:
    """What the server sends. `cut`: it announces more bytes than it sends."""

    body: str | bytes
    kind: str = "application/json; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    then: Callable[[], None] | None = None  # called after the first half is sent


@dataclass
class Asked:
    """One request that came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


class Services:
    """The four services. `faults` holds replies that come first, by the end of a path; each is sent once."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: dict[str, list[Reply]] = {}
        self.labels = [
            label_record(ALPHA, "Alphabone", "alphamab", "20250101"),
            label_record(BETA, "Bonealpha", "alphamab", "20240101"),
            label_record(GAMMA, "Gammabone", "gammamab", "20230101"),
        ]
        self.filed = {
            ALPHA: "ALPHABONE (ALPHAMAB) INJECTION [INVENTED PHARMA]",
            BETA: "BONEALPHA (ALPHAMAB) KIT [OTHER]",
        }
        self.listed: list[Any] = [
            {"spl_version": 12, "published_date": "Mar 01, 2024", "title": title, "setid": set_id}
            for set_id, title in self.filed.items()
        ]
        self.records = {
            "101": pubmed_record("101", "Alphamab in bones.", central="PMC7001"),
            "102": pubmed_record(
                "102", "[Alphamab &amp; liver.]", central="PMC7002", copyright_text="© 2020 The Bones."
            ),
            "103": pubmed_record("103", "No text of mine."),
        }
        self.entries: dict[str, dict[str, Any]] = {
            "5001": {"uid": "5001", "title": "Alphamab", "rid": "NBK601", "rtype": "chapter", "book": "livertox",
                     "chapteraccessionid": "NBK601", "bookaccessionid": "NBK547852"},
            "5002": {"uid": "5002", "title": "Table 1", "rid": "NBK601/table/t1", "rtype": "table", "book": "livertox",
                     "chapteraccessionid": "NBK601", "bookaccessionid": "NBK547852"},
            "5003": {"uid": "5003", "title": "Bones", "rid": "NBK602", "rtype": "chapter", "book": "closed",
                     "chapteraccessionid": "NBK602", "bookaccessionid": "NBK500"},
        }  # fmt: skip

    def reply(self, asked: Asked) -> Reply:
        """The answer to a request."""
        for path, faults in self.faults.items():
            if asked.path.endswith(path) and faults:
                return faults.pop(0)
        if asked.path == "/fda/drug/label.json":
            return self.openfda(asked.query)
        if asked.path == "/dailymed/spls.json":
            return self.dailymed(asked.query)
        if (found := re.fullmatch(r"/dailymed/spls/([\w-]+)\.xml", asked.path)) and found.group(1) in self.filed:
            return Reply(spl(found.group(1), self.filed[found.group(1)]), "application/xml;charset=UTF-8")
        if asked.path.startswith("/eutils/"):
            return self.eutils(asked.path.rpartition("/")[2], asked.query)
        if asked.path == "/books/":
            return self.oai(asked.query)
        return Reply("<html>not here</html>", "text/html", 404)

    def openfda(self, query: dict[str, str]) -> Reply:
        """Labels whose fields hold the phrases, newest first; a 404 with openFDA's own words where there are none."""
        wanted = re.findall(r'(\w+(?:\.\w+)?):"([^"]+)"', query["search"])
        found = [each for each in self.labels if any(holds(each, name, phrase) for name, phrase in wanted)]
        if not found:
            return Reply('{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}', status=404)
        skip, limit = int(query["skip"]), int(query["limit"])
        meta = {
            "disclaimer": DISCLAIMER, "terms": "https://open.fda.gov/terms/", "license": "https://open.fda.gov/license/",
            "last_updated": "2026-11-20", "results": {"skip": skip, "limit": limit, "total": len(found)},
        }  # fmt: skip
        return Reply(json.dumps({"meta": meta, "results": found[skip : skip + limit]}))

    def dailymed(self, query: dict[str, str]) -> Reply:
        """A page of a list of labels."""
        size, page = int(query["pagesize"]), int(query["page"])
        found = self.listed if query["drug_name"].lower() in ("alphamab", "alphabone") else []
        metadata = {
            "db_published_date": "Nov 20, 2026 10:44:24PM EST", "elements_per_page": size, "current_page": page,
            "total_elements": len(found), "total_pages": -(-len(found) // size), "next_page": "null", "next_page_url": "null",
        }  # fmt: skip
        return Reply(json.dumps({"data": found[size * (page - 1) : size * page], "metadata": metadata}))

    def eutils(self, tool: str, query: dict[str, str]) -> Reply:
        """Search, summaries and records of NCBI."""
        identifiers = query.get("id", "").split(",")
        if tool == "esearch.fcgi":
            found = (
                list(self.records if query["db"] == "pubmed" else self.entries) if "alphamab" in query["term"] else []
            )
            start, most = int(query["retstart"]), int(query["retmax"])
            value = {"count": str(len(found)), "retmax": str(most), "retstart": str(start),
                     "idlist": found[start : start + most], "translationset": [], "querytranslation": query["term"]}  # fmt: skip
            return Reply(json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": value}))
        if tool == "esummary.fcgi":
            value = {"uids": identifiers} | {each: self.entries[each] for each in identifiers}
            return Reply(json.dumps({"header": {"type": "esummary", "version": "0.3"}, "result": value}))
        if query["db"] == "pmc":
            return Reply(article(identifiers[0], open_access=identifiers[0] == "7001"), "text/xml; charset=UTF-8")
        return Reply(pubmed_set(*(self.records[each] for each in identifiers)), "text/xml; charset=UTF-8")

    def oai(self, query: dict[str, str]) -> Reply:
        """The text of a chapter that programs may have."""
        number = query["identifier"].rpartition(":")[2]
        if query["metadataPrefix"] != "nbk_ftext":
            return Reply(oai_error("badArgument"), "text/xml")
        return Reply(
            chapter("601", "Alphamab") if number == "601" else oai_error("cannotDisseminateFormat"), "text/xml"
        )

    def paths(self, beginning: str = "/") -> list[str]:
        """The paths asked for, in order."""
        return [each.path for each in self.asked if each.path.startswith(beginning)]


def holds(record: dict[str, Any], name: str, phrase: str) -> bool:
    """Whether a field of a record holds a phrase."""
    value = record
    for key in name.split("."):
        value = value.get(key, {})
    return any(phrase.lower() in text.lower() for text in value)


class Handler(BaseHTTPRequestHandler):
    """Answers as the services of its server say."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        asked = Asked(parts.path, query, {key.lower(): value for key, value in self.headers.items()})
        services: Services = self.server.services  # type: ignore[attr-defined]
        services.asked.append(asked)
        reply = services.reply(asked)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        for key, value in ({"Content-Type": reply.kind} | dict(reply.headers)).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body) + 100 * reply.cut))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        if reply.then:
            reply.then()
        self.wfile.write(body[len(body) // 2 :])
        self.close_connection = reply.cut or reply.then is not None

    def handle(self) -> None:
        """Answer until the other side has gone."""
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[tuple[Services, FetchSettings]]:
    """The services at work, and the settings that lead to them, without pauses."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.services = Services()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.services, settings_for(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


def settings_for(address: str) -> FetchSettings:
    """Settings that lead to one address, without pauses."""
    return FetchSettings(
        openfda=Service(f"{address}/fda", 0.0, key="OPENFDA_API_KEY"),
        dailymed=Service(f"{address}/dailymed", 0.0),
        eutils=Service(f"{address}/eutils", 0.0, key="NCBI_API_KEY"),
        books=Service(f"{address}/books", 0.0),
        first_wait=0.001,
        silent_seconds=5.0,
    )
