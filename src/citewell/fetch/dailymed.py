"""Drug labels of DailyMed: Structured Product Labeling in XML, as the companies filed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from citewell.errors import FetchError
from citewell.fetch.answers import Fetched, Item, Page, Problem, at, count, identifier, json_object, shown, xml_root
from citewell.fetch.client import JSON, XML, Client
from citewell.fetch.openfda import SET_ID
from citewell.types import fold

PERSONAL = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="  # the page for people
LICENCE = "Public domain, unless otherwise marked (https://www.nlm.nih.gov/web_policies.html)"
SPL = "{urn:hl7-org:v3}"


def pages(client: Client, term: str, limit: int, lacks: Callable[[str], bool]) -> Iterator[Page]:
    """Labels of a drug by its brand or generic name."""
    service, size = client.settings.dailymed, client.settings.list_page
    name = fold(term.replace('"', " "))
    for number in range(1, client.settings.list_pages + 1):
        parameters = {"drug_name": name, "name_type": "both", "pagesize": str(size), "page": str(number)}
        answer = client.get(service, "spls.json", parameters, JSON)
        value = json_object(answer)
        meta = at(value.get("metadata"), dict, answer.url, "metadata")
        entries = at(value.get("data"), list, answer.url, "data")
        total = count(meta.get("total_elements"), answer.url, "total_elements")
        yield page_of(client, total, entries[: limit - size * (number - 1)])
        if size * number >= min(limit, total) or not entries:
            return


def page_of(client: Client, total: int, entries: list[Any]) -> Page:
    """The labels of one list."""
    items, problems = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            set_id = identifier(SET_ID, at(entry, dict, f"entry {number}").get("setid")).lower()
        except FetchError as error:
            problems.append(Problem(f"entry {number}", str(error)))
        else:
            items.append(Item(f"dailymed-{set_id}.xml", partial(fetch, client, set_id, entry)))
    return Page(total, tuple(items), tuple(problems))


def fetch(client: Client, set_id: str, entry: Mapping[str, Any]) -> Fetched:
    """Get one label; FetchError where what came is another one."""
    answer = client.get(client.settings.dailymed, f"spls/{set_id}.xml", {}, XML)
    found = xml_root(answer, "document").find(f"{SPL}setId")
    root = "" if found is None else found.get("root", "")
    if root.lower() != set_id:
        raise FetchError(f"expected the label with the set id {set_id}, found {shown(root) or 'none'}")
    title = entry.get("title")
    named = {"title": fold(title)} if isinstance(title, str) and title.strip() else {}
    given = {"source_class": "label", "url": PERSONAL + set_id, "licence": LICENCE}
    return Fetched(answer.data, answer.url, named | given)
