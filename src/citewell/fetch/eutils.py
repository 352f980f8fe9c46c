"""NCBI's E-utilities: search a database, and get what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from citewell.errors import FetchError
from citewell.fetch.answers import at, count, json_object, shown
from citewell.fetch.client import JSON, XML, Answer, Client

TOOL = "citewell"


def common(client: Client) -> dict[str, str]:
    """What NCBI asks every program to send: its name, and where its user can be written to."""
    return {"tool": TOOL} | ({"email": client.email} if client.email else {})


def search(client: Client, database: str, term: str, size: int) -> Iterator[tuple[int, list[str]]]:
    """(how many there are, the identifiers of one page), best first, until there are no more."""
    for number in range(client.settings.list_pages):
        parameters = {"db": database, "term": term, "retmode": "json", "sort": "relevance", "retmax": str(size)}
        parameters |= {"retstart": str(size * number)} | common(client)
        answer = client.get(client.settings.eutils, "esearch.fcgi", parameters, JSON)
        found = at(json_object(answer).get("esearchresult"), dict, answer.url, "esearchresult")
        if error := found.get("ERROR"):
            raise FetchError(f"expected NCBI to search for “{term}”, found: {shown(error)}")
        total = count(found.get("count"), answer.url, "count")
        identifiers = at(found.get("idlist"), list, answer.url, "idlist")
        yield total, [each for each in identifiers if isinstance(each, str) and each.isascii() and each.isdigit()]
        if size * (number + 1) >= total or not identifiers:
            return


def summaries(client: Client, database: str, identifiers: Sequence[str]) -> list[Mapping[str, Any]]:
    """What NCBI says of records in short."""
    parameters = {"db": database, "id": ",".join(identifiers), "retmode": "json"} | common(client)
    answer = client.get(client.settings.eutils, "esummary.fcgi", parameters, JSON)
    found = at(json_object(answer).get("result"), dict, answer.url, "result")
    return [each for key in identifiers if isinstance(each := found.get(key), dict)]


def fetch(client: Client, database: str, identifiers: Sequence[str]) -> Answer:
    """Whole records in XML."""
    parameters = {"db": database, "id": ",".join(identifiers), "retmode": "xml"} | common(client)
    return client.get(client.settings.eutils, "efetch.fcgi", parameters, XML)
