"""How requests are made: rates, tries, redirects, bounds; and that nothing but `citewell fetch` makes any."""

from __future__ import annotations

import ast
import gzip
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from public_services import Reply, serving
from test_architecture import PACKAGE, TREES, imports

from citewell.errors import FetchError, NoNetwork, UsageError
from citewell.fetch.client import JSON, Answer, Client, seconds_asked
from citewell.fetch.run import SOURCES
from citewell.fetch.settings import FetchSettings, Service

pytestmark = pytest.mark.unit

GOOD = Reply('{"good": true}')


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    monkeypatch.delenv("OPENFDA_API_KEY", raising=False)


@pytest.fixture
def served():
    """The services with a client, and the pauses that it makes instead of sleeping."""
    with serving() as (services, places):
        pauses: list[float] = []
        client = Client(places, sleep=pauses.append)
        with client:
            services.client, services.pauses = client, pauses
            yield services


def ask(services, *replies: Reply) -> bytes:
    """Ask for labels once; the replies come in this order."""
    services.faults["label.json"] = list(replies)
    client = services.client
    return client.get(client.settings.openfda, "drug/label.json", {"search": "a b"}, JSON).data


def test_a_busy_service_is_asked_again_with_growing_pauses(served):
    busy = [Reply("{}", status=status) for status in (500, 503, 502)]
    assert ask(served, *busy, GOOD) == b'{"good": true}'
    assert len(served.asked) == 4
    steps = [pause / served.client.settings.first_wait for pause in served.pauses]
    assert [0.75 <= step / doubled <= 1.25 for step, doubled in zip(steps, (1, 2, 4), strict=True)] == [True] * 3


def test_retry_after_is_waited_for(served):
    assert ask(served, Reply("{}", status=429, headers={"Retry-After": "7"}), GOOD) == b'{"good": true}'
    assert served.pauses == [7.0]


def test_retry_after_may_be_a_date():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    assert 45 < seconds_asked(soon) <= 50
    assert [seconds_asked(text) for text in ("12", "", "soon", "-1", "Mon, 01 Jan 2001 00:00:00 GMT")] == [
        12,
        0,
        0,
        0,
        0,
    ]


def test_a_service_that_wants_long_peace_is_left_alone(served):
    with pytest.raises(NoNetwork, match="wants 3600 seconds of peace"):
        ask(served, Reply("{}", status=429, headers={"Retry-After": "3600"}), GOOD)
    assert (len(served.asked), served.pauses) == (1, [])


def test_a_service_that_stays_busy_is_given_up_and_after_three_requests_so_is_the_run(served):
    busy = [Reply("{}", status=500)] * 5
    for _ in range(2):
        with pytest.raises(FetchError, match="found 500 Internal Server Error, 5 times"):
            ask(served, *busy)
    with pytest.raises(NoNetwork, match="found 500 Internal Server Error, 5 times"):
        ask(served, *busy)
    assert len(served.asked) == 15


def test_a_body_that_breaks_off_is_asked_for_again(served):
    assert ask(served, Reply('{"good": tr', cut=True), GOOD) == b'{"good": true}'
    assert len(served.asked) == 2


def test_packed_answers_are_unpacked_and_broken_ones_asked_for_again(served):
    packed = Reply(gzip.compress(b'{"good": true}'), headers={"Content-Encoding": "gzip"})
    assert ask(served, Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), packed) == b'{"good": true}'
    with pytest.raises(FetchError, match="expected plain or gzip data"):
        ask(served, Reply(b"x", headers={"Content-Encoding": "br"}))


def test_silence_is_a_failed_try(served):
    import threading

    done = threading.Event()
    client = served.client
    client.settings = replace(client.settings, tries=1)
    client._http.timeout = 0.05
    with pytest.raises(FetchError, match="found silence, 1 times"):
        ask(served, Reply("{}", then=lambda: done.wait(5)))
    done.set()


def test_an_answer_that_trickles_is_given_up(served):
    client = served.client
    client.settings = replace(client.settings, tries=1, answer_seconds=-1.0)
    with pytest.raises(FetchError, match="an answer that takes more than"):
        ask(served, GOOD)


@pytest.mark.parametrize("kind", ["text/html", "", "application/jsonp"])
def test_another_content_type_is_refused(served, kind):
    with pytest.raises(FetchError, match="expected application/json from 127.0.0.1, found"):
        ask(served, Reply("{}", kind))
    assert len(served.asked) == 1


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 501])
def test_other_statuses_are_no_answers_and_not_asked_for_again(served, status):
    with pytest.raises(FetchError, match=f"found {status}"):
        ask(served, Reply("", status=status))
    assert len(served.asked) == 1


def test_an_answer_that_is_too_large_is_refused_announced_or_not(served):
    served.client.settings = replace(served.client.settings, answer_bytes=1000)
    bomb = gzip.compress(b"0" * 100_000)
    assert len(bomb) < 1000
    for reply in (Reply("0" * 1001), Reply(bomb, headers={"Content-Encoding": "gzip"})):
        with pytest.raises(FetchError, match="expected at most 1,000 bytes"):
            ask(served, reply)
    assert ask(served, Reply("0" * 1000)) == b"0" * 1000


def test_redirects_within_the_host_are_followed(served):
    assert (
        ask(served, Reply("", status=301, headers={"Location": "/fda/drug/label.json?moved=1"}), GOOD)
        == b'{"good": true}'
    )
    assert served.asked[1].query == {"moved": "1"}


@pytest.mark.parametrize(
    "place",
    ["https://elsewhere.example/x", "http://127.0.0.1:1/x", "file:///etc/passwd", "//elsewhere.example/x", "http://["],
)
def test_redirects_to_elsewhere_are_refused(served, place):
    with pytest.raises(FetchError, match="found a redirect to"):
        ask(served, Reply("", status=302, headers={"Location": place}))
    assert len(served.asked) == 1


def test_redirects_in_a_circle_end(served):
    with pytest.raises(FetchError, match="more than 3 redirects"):
        ask(served, *[Reply("", status=307, headers={"Location": "label.json"})] * 9)
    assert len(served.asked) == 4


@pytest.mark.parametrize("base", ["http://api.fda.gov", "ftp://127.0.0.1", "http://localhost.example", "https://"])
def test_only_https_is_spoken_except_to_this_machine(base):
    with Client() as client, pytest.raises(UsageError, match="expected a base URL with https"):
        client.get(Service(base, 0.0), "x", {}, JSON)


def test_a_services_rate_is_kept_and_a_key_makes_it_quicker(served, monkeypatch):
    client = served.client
    client.settings = replace(client.settings, openfda=replace(client.settings.openfda, pause=60.0, keyed_pause=30.0))
    ask(served, GOOD)
    assert served.pauses == []
    ask(served, GOOD)
    monkeypatch.setenv("OPENFDA_API_KEY", "k")
    ask(served, GOOD)
    assert [round(pause) for pause in served.pauses] == [60, 30]


def test_a_key_is_sent_and_never_shown(served, monkeypatch):
    monkeypatch.setenv("OPENFDA_API_KEY", "secret-key")
    client = served.client
    answer = client.get(
        client.settings.openfda, "drug/label.json", {"search": 'x:"y"', "limit": "1", "skip": "0"}, JSON, absent=True
    )
    assert served.asked[0].query["api_key"] == "secret-key"
    assert "secret-key" not in answer.url
    with pytest.raises(FetchError) as error:
        ask(served, Reply("", status=403))
    assert "secret-key" not in str(error.value)
    assert "check the key in the environment" in str(error.value)


def test_only_the_command_line_imports_the_package_and_only_in_its_command():
    users = {
        name
        for name, tree in TREES.items()
        if not name.startswith("citewell.fetch") and any(each.startswith("citewell.fetch") for each in imports(tree))
    }
    assert users == {"citewell.cli"}
    inside = {
        node.name
        for node in ast.walk(TREES["citewell.cli"])
        if isinstance(node, ast.FunctionDef) and any(each.startswith("citewell.fetch") for each in imports(node))
    }
    assert inside == {"fetch_command"}


def test_no_other_command_loads_it(tmp_path):
    (tmp_path / "a.md").write_text("# Alphamab\n\nThe dose of alphamab is 60 mg.\n", encoding="utf-8")
    code = (
        "import sys\nfrom citewell.cli import main\n"
        "for call in (['index', 'a.md', '--index', 'i', '--encoder', 'none'], ['ask', 'dose?', '--index', 'i'],"
        " ['search', 'dose', '--index', 'i'], ['verify', '--index', 'i'], ['status', '--index', 'i']):\n"
        "    assert main(call) == 0, call\n"
        "print([name for name in sys.modules if name.startswith(('citewell.fetch', 'httpx'))])"
    )
    environment = {"PYTHONPATH": str(PACKAGE.parent), "PATH": str(Path(sys.executable).parent)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "[]"


KEYS = ["meta", "results", "total", "set_id", "data", "metadata", "total_elements", "setid", "title", "esearchresult", "count",
        "idlist", "result", "1", "chapteraccessionid", "error", "code"]  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.floats()
    | st.sampled_from(["1", "NBK1", "NOT_FOUND", "../x", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
SHAPES = st.fixed_dictionaries(
    {
        "meta": st.fixed_dictionaries({"results": st.fixed_dictionaries({"total": VALUES})}) | VALUES,
        "results": st.lists(VALUES, max_size=3) | VALUES,
        "data": st.lists(VALUES, max_size=3) | VALUES,
        "metadata": st.fixed_dictionaries({"total_elements": VALUES}) | VALUES,
        "esearchresult": st.fixed_dictionaries({"count": VALUES, "idlist": st.lists(VALUES, max_size=3) | VALUES})
        | VALUES,
        "result": VALUES,
    }
)


@settings(max_examples=300, deadline=None)
@given(source=st.sampled_from(sorted(SOURCES)), value=SHAPES | VALUES, xml=st.sampled_from(
    ["<a/>", "<PubmedArticleSet/>", "<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>", "<OAI-PMH/>", "<!--", "",
     "<OAI-PMH><GetRecord><metadata><book/></metadata></GetRecord></OAI-PMH>", '<document xmlns="urn:hl7-org:v3"><setId/></document>']
))  # fmt: skip
def test_answers_of_any_shape_are_read_or_refused(source, value, xml):
    class Odd:
        settings = FetchSettings(list_pages=2)
        email = None

        def get(self, service, path, parameters, kinds, *, absent=False):
            return Answer("http://127.0.0.1/x", 200, (json.dumps(value) if kinds == JSON else xml).encode())

    try:
        for page in SOURCES[source](Odd(), "alphamab", 4, lambda name: True):
            for item in page.items:
                assert "/" not in item.name
                try:
                    item.get()
                except FetchError:
                    continue
    except FetchError:
        return
