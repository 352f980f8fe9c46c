"""Drug labels of openFDA: the API's own records, newest first, one file each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from citewell.errors import FetchError
from citewell.fetch.answers import Fetched, Item, Page, Problem, at, count, identifier, json_object, shown
from citewell.fetch.client import JSON, Client

SET_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NAMES = ("openfda.brand_name", "openfda.generic_name", "openfda.substance_name")
USES = ("indications_and_usage",)
LICENCE = "CC0 1.0 Universal, unless otherwise noted (https://open.fda.gov/license/)"


def pages(client: Client, term: str, limit: int, lacks: Callable[[str], bool]) -> Iterator[Page]:
    """Labels of the drugs that a term names; if there are none, labels whose uses hold it."""
    named = False
    for page in search(client, query(term, NAMES), limit):
        named = True
        yield page
    if not named:
        for page in search(client, query(term, USES), limit):
            yield replace(page, note=f"no drug of openFDA is named “{term}”: these are labels whose uses name it")


def query(term: str, fields: tuple[str, ...]) -> str:
    """The phrases of a term, each in one of the fields: (a:"x" b:"x") AND (a:"y" b:"y"); a blank means "or"."""
    quoted = [f'"{phrase}"' for phrase in phrases_of(term.replace("\\", " "))]
    return " AND ".join("(" + " ".join(f"{name}:{phrase}" for name in fields) + ")" for phrase in quoted)


def phrases_of(term: str) -> list[str]:
    """What stands in quotation marks and the words beside it; a term without any is one phrase."""
    found = [quoted or word for quoted, word in re.findall(r'"([^"]+)"|([^\s"]+)', term)]
    return found if '"' in term else [term]


def search(client: Client, wanted: str, limit: int) -> Iterator[Page]:
    """The records of a search, page by page; none where there are none."""
    service, skip = client.settings.openfda, 0
    while skip < limit:
        size = min(client.settings.label_page, limit - skip)
        parameters = {"search": wanted, "sort": "effective_time:desc", "limit": str(size), "skip": str(skip)}
        answer = client.get(service, "drug/label.json", parameters, JSON, absent=True)
        value = json_object(answer)
        if answer.status == 404:
            refuse_unless_none(value, answer.url)
            return
        results = at(value.get("results"), list, answer.url, "results")
        meta = at(value.get("meta"), dict, answer.url, "meta")
        total = count(at(meta.get("results"), dict, answer.url, "meta", "results").get("total"), answer.url, "total")
        yield page_of(client, total, results)
        skip += size
        if skip >= total or not results:
            return


def refuse_unless_none(value: Mapping[str, Any], url: str) -> None:
    """A 404 means that nothing was found only where openFDA says so."""
    error = value.get("error")
    if not (isinstance(error, dict) and error.get("code") == "NOT_FOUND"):
        raise FetchError(f"expected labels at {url}, found 404 {shown(error)}")


def page_of(client: Client, total: int, results: list[Any]) -> Page:
    """The records of one answer."""
    items, problems = [], []
    for number, record in enumerate(results, start=1):
        try:
            label = at(record, dict, f"record {number}")
            set_id = identifier(SET_ID, label.get("set_id")).lower()
        except FetchError as error:
            problems.append(Problem(f"record {number}", str(error)))
        else:
            items.append(Item(f"openfda-{set_id}.json", partial(fetched, client, set_id, label)))
    return Page(total, tuple(items), tuple(problems))


def fetched(client: Client, set_id: str, record: Mapping[str, Any]) -> Fetched:
    """A record as a file; it came with the search."""
    url = f'{client.settings.openfda.base}/drug/label.json?search=set_id:"{set_id}"'
    data = json.dumps(record, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n"
    return Fetched(data, url, {"source_class": "label", "url": url, "licence": LICENCE})
