"""Fetching public documents, from a server on this machine that answers as the real services do."""

from __future__ import annotations

import ast
import csv
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from citewell.cli import main
from citewell.errors import UsageError
from citewell.fetch import fetch, run
from citewell.fetch.services import Services
from citewell.readers import load_manifest

pytestmark = pytest.mark.unit

LABEL = (
    '<document xmlns="urn:hl7-org:v3"><setId root="{0}"/><component><structuredBody><component><section><title>Uses</title>'
    "<text><paragraph>Examplol lowers examples.</paragraph></text></section></component></structuredBody></component></document>"
)
RECORD = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>{0}</PMID><Article><ArticleTitle>On examplol</ArticleTitle>"
    "</Article></MedlineCitation><PubmedData><ArticleIdList>{1}</ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>"
)
Answer = tuple[int, str, bytes] | tuple[int, str, bytes, dict[str, str]]


@dataclass
class Server:
    """A service on this machine; `answers` gives the answer to (path, parameters), `asked` is what was asked."""

    answers: Callable[[str, dict[str, str]], Answer]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    address: str = ""


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[str, dict[str, str]], Answer]], Server]]:
    started: list[ThreadingHTTPServer] = []

    def start(answers: Callable[[str, dict[str, str]], Answer]) -> Server:
        server = Server(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
                server.asked.append((parts.path, parameters))
                server.agents.add(self.headers["User-Agent"])
                status, kind, body, *more = server.answers(parts.path, parameters)
                self.send_response(status)
                headers = {"Content-Type": kind, "Content-Length": str(len(body))} | (more[0] if more else {})
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        started.append(http)
        threading.Thread(target=http.serve_forever, daemon=True).start()
        server.address = f"http://127.0.0.1:{http.server_port}"
        return server

    yield start
    for http in started:
        http.shutdown()
        http.server_close()


def at(server: Server, **more: float) -> Services:
    return Services(
        openfda=server.address, dailymed=server.address, eutils=server.address, bookshelf=f"{server.address}/books", openfda_pause=0,
        dailymed_pause=0, eutils_pause=0, eutils_pause_with_key=0, bookshelf_pause=0, **more,
    )  # fmt: skip


def as_json(value: object) -> Answer:
    return 200, "application/json; charset=utf-8", json.dumps(value).encode()


def openfda(records: list[dict[str, object]]) -> Callable[[str, dict[str, str]], Answer]:
    def answer(_: str, parameters: dict[str, str]) -> Answer:
        first = int(parameters["skip"])
        page = records[first : first + int(parameters["limit"])]
        if not page:
            return 404, "application/json", b'{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}'
        return as_json({"meta": {"license": "https://open.fda.gov/license/"}, "results": page})

    return answer


def test_labels_of_openfda_come_in_pages_and_are_named_in_a_manifest(serve, tmp_path):
    server = serve(openfda([{"set_id": f"set-{n}", "description": ["Examplol"]} for n in range(130)]))
    done = fetch("openfda", 'exam"plol', tmp_path / "f", limit=125, services=at(server), wait=lambda _: None)
    assert (len(done.new), done.failed) == (125, [])
    assert [int(parameters["limit"]) for _, parameters in server.asked] == [100, 25]
    assert server.asked[0][1]["search"].startswith('openfda.brand_name:"exam plol" openfda.generic_name:')
    assert all(agent.startswith("citewell/") for agent in server.agents)
    rows = list(csv.DictReader((tmp_path / "f" / "manifest.csv").read_text(encoding="utf-8").splitlines()))
    assert (rows[0]["document"], rows[0]["licence"]) == ("set-0.json", "https://open.fda.gov/license/")
    assert (
        load_manifest(tmp_path / "f" / "manifest.csv").rows["set-7.json"]["url"]
        == f"{server.address}/drug/label.json?search=set_id:set-7"
    )


def test_nothing_found_is_no_failure(serve, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "SERVICES", at(serve(openfda([]))))
    monkeypatch.chdir(tmp_path)
    assert main(["fetch", "openfda", "no such drug"]) == 0
    assert "openfda has nothing on 'no such drug'" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


def dailymed(path: str, parameters: dict[str, str]) -> Answer:
    if path.endswith("/spls.json"):
        return as_json(
            {
                "data": [{"setid": "aa-1"}, {"setid": "../../etc/passwd"}, {"setid": "bb-2"}],
                "metadata": {"total_pages": "1"},
            }
        )
    return 200, "text/xml", LABEL.format(path.rpartition("/")[2].removesuffix(".xml")).encode()


def test_labels_of_dailymed_are_fetched_one_by_one_and_odd_ids_left_out(serve, tmp_path):
    server = serve(dailymed)
    done = fetch("dailymed", "examplol", tmp_path, services=at(server), wait=lambda _: None)
    assert done.new == ["aa-1.xml", "bb-2.xml"]
    assert done.failed == [
        ("record 2", "expected a plain id from the service, found '../../etc/passwd'; the record was left out")
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fetched.json", "aa-1.xml", "bb-2.xml", "manifest.csv"]


def test_a_second_call_fetches_only_what_is_missing_and_leaves_what_was_edited(serve, tmp_path):
    server = serve(dailymed)
    fetch("dailymed", "examplol", tmp_path, services=at(server), wait=lambda _: None)
    (tmp_path / "aa-1.xml").write_text("my notes")
    (tmp_path / "bb-2.xml").unlink()
    server.asked.clear()
    done = fetch("dailymed", "examplol", tmp_path, services=at(server), wait=lambda _: None)
    assert (done.new, done.unchanged, done.kept) == (["bb-2.xml"], [], ["aa-1.xml"])
    assert [path for path, _ in server.asked] == ["/services/v2/spls.json", "/services/v2/spls/bb-2.xml"]
    assert (tmp_path / "aa-1.xml").read_text() == "my notes"


def pubmed(path: str, parameters: dict[str, str]) -> Answer:
    if path == "/esearch.fcgi":
        return as_json({"esearchresult": {"count": "2", "idlist": ["11", "12"]}})
    if parameters["db"] == "pmc":
        return (
            200,
            "text/xml",
            b'<pmc-articleset><article article-type="research-article"><body><p>All.</p></body></article></pmc-articleset>',
        )
    central = '<ArticleId IdType="pmc">PMC99</ArticleId>' if parameters["id"] == "12" else ""
    return 200, "text/xml; charset=UTF-8", RECORD.format(parameters["id"], central).encode()


def test_an_article_is_its_full_text_where_there_is_one(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("NCBI_EMAIL", "me@example.org")
    server = serve(pubmed)
    done = fetch("pubmed", "examplol", tmp_path, services=at(server), wait=lambda _: None)
    assert done.new == ["PMID11.xml", "PMID12.xml"]
    assert b"On examplol" in (tmp_path / "PMID11.xml").read_bytes()
    assert b"<body>" in (tmp_path / "PMID12.xml").read_bytes()
    assert {(each["tool"], each["email"]) for _, each in server.asked} == {("citewell", "me@example.org")}


def bookshelf(path: str, parameters: dict[str, str]) -> Answer:
    if path == "/esearch.fcgi":
        return as_json({"esearchresult": {"idlist": ["1", "2", "3"]}})
    if path == "/esummary.fcgi":
        parts = {
            "1": {"chapteraccessionid": "NBK5"},
            "2": {"chapteraccessionid": "NBK5"},
            "3": {"accessionid": "NBK6/../x"},
        }
        return as_json({"result": {"uids": ["1", "2", "3"], **parts}})
    return 200, "text/html; charset=utf-8", b"<html><body><h1>Examplol</h1><p>Text.</p></body></html>\n"


def test_chapters_of_the_bookshelf_are_fetched_once_each(serve, tmp_path):
    server = serve(bookshelf)
    done = fetch("bookshelf", "examplol", tmp_path, services=at(server), wait=lambda _: None)
    assert (done.new, done.failed) == (["NBK5.html"], [])
    assert server.asked[-1] == ("/books/NBK5/", {"report": "printable"})


def failing(first: list[Answer]) -> Callable[[str, dict[str, str]], Answer]:
    """DailyMed, whose first answers are others."""
    return lambda path, parameters: first.pop(0) if first else dailymed(path, parameters)


def test_a_busy_service_is_asked_again_after_the_time_it_names(serve, tmp_path):
    waited: list[float] = []
    busy: list[Answer] = [(429, "text/plain", b"", {"Retry-After": "7"}), (500, "text/plain", b"")]
    server = serve(failing([*busy, (503, "text/plain", b"", {"Retry-After": "9999"})]))
    done = fetch("dailymed", "examplol", tmp_path, services=at(server), wait=waited.append)
    assert done.new == ["aa-1.xml", "bb-2.xml"]
    long = [each for each in waited if each > 0]
    assert (long[0], long[2]) == (7.0, 60.0)
    assert 1.0 <= long[1] <= 2.0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, "text/html", b"<html>maintenance</html>"), "expected xml, found “text/html”"),
        ((404, "text/plain", b"gone"), "found status 404"),
        ((200, "text/xml", b"<document><cut"), "expected a whole document, found a part of one"),
        ((302, "text/plain", b"", {"Location": "http://elsewhere.example/x"}), "found a redirect to elsewhere.example, not followed"),
        ((302, "text/plain", b"", {"Location": "/services/v2/spls/aa-1.xml"}), "found more than 5 redirects"),
        ((200, "text/xml", b"<a/>" + b" " * 3000), "expected at most 2,000 bytes, found more"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_and_the_other_records_are_fetched(serve, tmp_path, answer, words):
    server = serve(lambda path, parameters: answer if path.endswith("aa-1.xml") else dailymed(path, parameters))
    done = fetch("dailymed", "examplol", tmp_path, services=at(server, most_bytes=2000), wait=lambda _: None)
    assert done.new == ["bb-2.xml"]
    [reason] = [reason for name, reason in done.failed if name == "aa-1.xml"]
    assert words in reason
    assert not (tmp_path / "aa-1.xml").exists()


def test_a_redirect_on_the_same_host_is_followed(serve, tmp_path):
    moved = (301, "text/plain", b"", {"Location": "/new/spls/aa-1.xml"})
    server = serve(
        lambda path, parameters: moved if path == "/services/v2/spls/aa-1.xml" else dailymed(path, parameters)
    )
    assert fetch("dailymed", "examplol", tmp_path, services=at(server), wait=lambda _: None).new == [
        "aa-1.xml",
        "bb-2.xml",
    ]


def test_a_call_that_is_stopped_leaves_whole_files_and_goes_on_the_next_time(serve, tmp_path):
    def interrupted(path: str, parameters: dict[str, str]) -> Answer:
        return dailymed(path, parameters)

    server = serve(interrupted)

    def stop(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("dailymed", "examplol", tmp_path, services=at(server), wait=lambda _: None, progress=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fetched.json", "aa-1.xml", "manifest.csv"]
    done = fetch("dailymed", "examplol", tmp_path, services=at(server), wait=lambda _: None)
    assert (done.new, done.unchanged) == (["bb-2.xml"], ["aa-1.xml"])


def test_requests_are_spaced(serve, tmp_path):
    waited: list[float] = []
    services = at(serve(dailymed))
    spaced = Services(**{**{name: getattr(services, name) for name in services.__slots__}, "dailymed_pause": 100.0})
    fetch("dailymed", "examplol", tmp_path, services=spaced, wait=waited.append)
    assert [round(each) for each in waited] == [0, 100, 100]


def test_without_a_network_it_says_what_to_do(tmp_path, monkeypatch, capsys):
    nowhere = Server(dailymed, address="http://127.0.0.1:9")
    monkeypatch.setattr(run, "SERVICES", at(nowhere, attempts=1))
    assert main(["fetch", "dailymed", "examplol", "--to", str(tmp_path / "f")]) == 2
    said = capsys.readouterr()
    assert "expected to reach 127.0.0.1, found: " in said.err
    assert "run: citewell index FOLDER" in said.err
    assert (said.out, (tmp_path / "f").exists()) == ("", False)


def test_an_empty_term_and_an_unknown_service_are_refused(tmp_path):
    with pytest.raises(UsageError, match="found an empty term"):
        fetch("pubmed", "  ", tmp_path)
    with pytest.raises(UsageError, match="expected one of openfda, dailymed, pubmed, bookshelf"):
        fetch("elsewhere", "examplol", tmp_path)


def test_the_command_prints_one_object_and_the_next_command(serve, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "SERVICES", at(serve(dailymed)))
    monkeypatch.chdir(tmp_path)
    assert main(["fetch", "dailymed", "Examplol 5 mg", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["folder"], said["new"], len(said["failed"])) == ("dailymed-examplol-5-mg", ["aa-1.xml", "bb-2.xml"], 1)
    assert main(["fetch", "dailymed", "Examplol 5 mg"]) == 1
    assert (
        "citewell index dailymed-examplol-5-mg --manifest dailymed-examplol-5-mg/manifest.csv"
        in capsys.readouterr().out
    )


def test_nothing_but_the_command_line_imports_what_reaches_other_machines():
    package = Path(run.__file__).resolve().parents[1]
    found = set()
    for path in [*package.rglob("*.py"), *(package.parents[1] / "app").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            if any(name.startswith(("citewell.fetch", "httpx")) for name in names) and "fetch" not in path.parts:
                found.add(path.name)
    assert found == {"cli.py"}
