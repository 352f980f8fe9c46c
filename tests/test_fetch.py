"""`citewell fetch` against the four services in their real forms, on this machine: files, manifest, resume, exit codes."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from public_services import (
    ALPHA,
    BETA,
    GAMMA,
    Reply,
    article,
    chapter,
    label_record,
    oai_error,
    pubmed_set,
    serving,
    settings_for,
    spl,
)

from citewell.cli import main
from citewell.fetch.run import SOURCES
from citewell.fetch.settings import FetchSettings
from citewell.options import FETCHED
from citewell.readers import load_manifest
from citewell.readers.formats import read_any
from citewell.readers.source import Source
from citewell.types import Document, SourceClass

pytestmark = pytest.mark.unit


@pytest.fixture
def services(tmp_path, monkeypatch):
    """The services at work, an empty current folder, and no keys."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENFDA_API_KEY", raising=False)
    monkeypatch.delenv("NCBI_API_KEY", raising=False)
    with serving() as (services, settings):
        monkeypatch.setattr("citewell.fetch.run.SETTINGS", settings)
        services.settings = settings
        yield services


@pytest.fixture
def run(services, capsys):
    """Run `citewell fetch`; return exit code, output, messages."""

    def call(*arguments: str) -> SimpleNamespace:
        code = main(["fetch", *arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return SimpleNamespace(code=code, out=out, err=err, lines=out.splitlines())

    return call


def names(folder: str) -> list[str]:
    """The files of a folder, hidden ones too, but for the one that holds hashes."""
    return sorted(path.name for path in Path(folder).iterdir() if path.name != ".fetched.json")


def manifest(folder: str) -> dict[str, dict[str, str]]:
    return json.loads(Path(folder, "manifest.json").read_text(encoding="utf-8"))


def read(folder: str, name: str) -> Document:
    """A document as the index would read it with its manifest."""
    path = Path(folder, name).absolute()
    source = Source(path, name, path.parent)
    documents = list(read_any(source, path.read_bytes()))
    assert [type(each) for each in documents] == [Document]
    return load_manifest(path.parent / "manifest.json").applied(documents[0], source)


def test_labels_of_openfda_come_as_files_with_a_manifest_that_the_index_takes(services, run):
    said = run("openfda", "alphamab", "--to", "labels")
    assert (said.code, said.err) == (0, "")
    assert said.lines == ["2 fetched, 0 failed", "next: citewell index labels --manifest labels/manifest.json"]
    assert names("labels") == ["manifest.json", f"openfda-{ALPHA}.json", f"openfda-{BETA}.json"]
    assert json.loads(Path("labels", f"openfda-{ALPHA}.json").read_text(encoding="utf-8")) == services.labels[0]
    document = read("labels", f"openfda-{ALPHA}.json")
    assert document.metadata.source_class is SourceClass.LABEL
    assert document.metadata.licence == "CC0 1.0 Universal, unless otherwise noted (https://open.fda.gov/license/)"
    url = f'{services.settings.openfda.base}/drug/label.json?search=set_id:"{ALPHA}"'
    assert document.metadata.url == url
    assert re.fullmatch(rf"Fetched \d{{4}}-\d\d-\d\d from {re.escape(url)}\.", document.metadata.origin or "")
    assert "The dose of Alphabone is 60 mg every 6 months." in document.text
    asked = services.asked[0].query
    name = '(openfda.brand_name:"alphamab" openfda.generic_name:"alphamab" openfda.substance_name:"alphamab")'
    assert asked == {"search": name, "sort": "effective_time:desc", "limit": "25", "skip": "0"}


def test_every_request_says_which_program_asks(services, run):
    run("openfda", "alphamab")
    assert {each.headers["user-agent"] for each in services.asked} == {"citewell/0.1.0"}


def test_openfda_is_read_page_by_page_up_to_the_limit(services, run, monkeypatch):
    monkeypatch.setattr("citewell.fetch.run.SETTINGS", replace(services.settings, label_page=2))
    services.labels = [label_record(f"{n:08x}-0000-4000-8000-000000000000", f"Brand{n}", "alphamab") for n in range(9)]
    said = run("openfda", "alphamab", "--to", "labels", "--limit", "5")
    assert [(each.query["skip"], each.query["limit"]) for each in services.asked] == [
        ("0", "2"),
        ("2", "2"),
        ("4", "1"),
    ]
    assert len(names("labels")) == 6
    assert said.lines[:2] == ["5 fetched, 0 failed", "openfda has 9 entries; for more: --limit"]


def test_a_disease_finds_the_labels_whose_uses_name_it(services, run):
    said = run("openfda", "brittle bones", "--to", "labels")
    assert [each.query["search"] for each in services.asked][-1] == '(indications_and_usage:"brittle bones")'
    note = "note: no drug of openFDA is named “brittle bones”: these are labels whose uses name it"
    assert said.lines[:2] == ["3 fetched, 0 failed", note]


def test_phrases_in_quotation_marks_are_all_wanted(services, run):
    run("openfda", '"heart failure" zzz')
    last = services.asked[-1].query["search"]
    assert last == '(indications_and_usage:"heart failure") AND (indications_and_usage:"zzz")'


def test_nothing_found_is_said_and_leaves_no_folder(services, run):
    for source in FETCHED:
        said = run(source, "zzz")
        assert (said.code, said.lines) == (0, [f"nothing found in {source} for “zzz”"])
    assert list(Path().iterdir()) == []


def test_labels_of_dailymed_come_as_they_were_filed(services, run, monkeypatch):
    monkeypatch.setattr("citewell.fetch.run.SETTINGS", replace(services.settings, list_page=1))
    said = run("dailymed", '"alphamab"', "--to", "labels")
    assert said.code == 0
    lists = [each.query for each in services.asked if each.path.endswith(".json")]
    assert lists == [
        {"drug_name": "alphamab", "name_type": "both", "pagesize": "1", "page": page} for page in ("1", "2")
    ]
    path = Path("labels", f"dailymed-{ALPHA}.xml")
    assert path.read_text(encoding="utf-8") == spl(ALPHA, services.filed[ALPHA])
    assert read("labels", path.name).metadata.title == "ALPHABONE (ALPHAMAB) INJECTION [INVENTED PHARMA]"
    row = manifest("labels")[path.name]
    assert row["url"] == f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={ALPHA}"
    assert row["licence"] == "Public domain, unless otherwise marked (https://www.nlm.nih.gov/web_policies.html)"
    assert f"from {services.settings.dailymed.base}/spls/{ALPHA}.xml." in row["origin"]


def test_articles_come_whole_where_they_may_else_as_their_record(services, run):
    said = run("pubmed", "alphamab", "--to", "articles", "--email", "me@example.org")
    assert (said.code, said.lines[0]) == (0, "3 fetched, 0 failed")
    assert names("articles") == ["manifest.json", "pmid-101.xml", "pmid-102.xml", "pmid-103.xml"]
    assert "Findings" in read_whole("articles/pmid-101.xml")
    assert "<PubmedArticleSet>" in read_whole("articles/pmid-102.xml")
    rows = manifest("articles")
    assert [rows[f"pmid-{n}.xml"]["url"] for n in (101, 102, 103)] == [
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC7001/",
        "https://pubmed.ncbi.nlm.nih.gov/102/",
        "https://pubmed.ncbi.nlm.nih.gov/103/",
    ]
    assert [rows[f"pmid-{n}.xml"].get("licence") for n in (101, 102, 103)] == [
        "CC BY 4.0, as printed.",
        "© 2020 The Bones.",
        None,
    ]
    assert [rows[f"pmid-{n}.xml"]["title"] for n in (101, 102)] == ["Alphamab in bones.", "Alphamab & liver."]
    assert {(each.query["tool"], each.query["email"]) for each in services.asked} == {("citewell", "me@example.org")}
    assert "me@example.org" not in read_whole("articles/manifest.json")
    assert read("articles", "pmid-101.xml").metadata.title == "Alphamab in bones."
    assert "60 of 100" in read("articles", "pmid-103.xml").text


def test_a_reference_that_pubmed_central_holds_is_not_taken_for_the_article(services, run):
    services.records = {"103": services.records["103"]}
    run("pubmed", "alphamab")
    assert [each.query["db"] for each in services.asked] == ["pubmed", "pubmed"]


def test_the_text_of_another_article_is_not_kept(services, run):
    services.records = {"101": services.records["101"]}
    other = article("7001", open_access=True).replace("7001", "7009")
    services.faults["efetch.fcgi"] = [Reply(pubmed_set(services.records["101"]), "text/xml"), Reply(other, "text/xml")]
    said = run("pubmed", "alphamab")
    assert (said.code, "expected the article PMC7001, found another (['7009', 'PMC7009'])" in said.err) == (1, True)
    assert list(Path().iterdir()) == []


def test_a_record_that_pubmed_leaves_out_fails_alone(services, run):
    services.faults["efetch.fcgi"] = [Reply(pubmed_set(services.records["101"]), "text/xml")]
    said = run("pubmed", "alphamab")
    assert (said.code, said.lines[0]) == (1, "1 fetched, 2 failed")
    assert "pmid-102.xml: expected PubMed to give the record 102, found its answer without it" in said.err


def test_chapters_of_the_bookshelf_come_once_and_only_where_programs_may_have_them(services, run):
    said = run("bookshelf", "alphamab", "--to", "chapters")
    assert said.code == 0
    assert said.lines[0] == "1 fetched, 1 not offered, 0 failed"
    assert (
        "NBK602.xml: NCBI gives its text to browsers only; open https://www.ncbi.nlm.nih.gov/books/NBK602/" in said.err
    )
    assert names("chapters") == ["NBK601.xml", "manifest.json"]
    document = read("chapters", "NBK601.xml")
    assert document.metadata.title == "Alphamab"
    assert document.metadata.licence == "In the public domain, as printed."
    assert document.metadata.url == "https://www.ncbi.nlm.nih.gov/books/NBK601/"
    assert "Alphamab raised enzymes in 5 of 100 people." in document.text
    identifiers = [each.query["identifier"] for each in services.asked if each.path == "/books/"]
    assert identifiers == ["oai:books.ncbi.nlm.nih.gov:601", "oai:books.ncbi.nlm.nih.gov:602"]


def test_another_error_of_the_bookshelf_is_a_failure(services, run):
    services.faults["/books/"] = [Reply(oai_error("idDoesNotExist"), "text/xml")]
    said = run("bookshelf", "alphamab")
    assert (said.code, "found the error idDoesNotExist" in said.err) == (1, True)


def test_another_chapter_than_the_one_asked_for_is_not_kept(services, run):
    services.faults["/books/"] = [Reply(chapter("999", "Another"), "text/xml")]
    said = run("bookshelf", "alphamab", "--to", "chapters")
    assert said.code == 1
    assert "NBK601.xml: expected the chapter NBK601, found oai:books.ncbi.nlm.nih.gov:999" in said.err
    assert not Path("chapters").exists()


def test_a_chapter_that_is_found_again_on_a_later_page_is_asked_for_once(services, run, monkeypatch):
    monkeypatch.setattr("citewell.fetch.run.SETTINGS", replace(services.settings, list_page=1))
    assert run("bookshelf", "alphamab").lines[0] == "1 fetched, 1 not offered, 0 failed"
    identifiers = [each.query["identifier"] for each in services.asked if each.path == "/books/"]
    assert identifiers == ["oai:books.ncbi.nlm.nih.gov:601", "oai:books.ncbi.nlm.nih.gov:602"]


def test_more_of_the_bookshelf_than_programs_may_have_is_refused(services, run):
    said = run("bookshelf", "alphamab", "--limit", "101")
    assert (said.code, services.asked) == (2, [])


def test_a_second_call_gets_only_what_is_missing(services, run):
    for source in FETCHED:
        run(source, "alphamab", "--to", source)
        gone = next(name for name in names(source) if name != "manifest.json")
        before = {name: Path(source, name).read_bytes() for name in names(source)}
        Path(source, gone).unlink()
        services.asked.clear()
        said = run(source, "alphamab", "--to", source)
        assert said.lines[0].startswith("1 fetched")
        assert {name: Path(source, name).read_bytes() for name in names(source)} == before
        if source == "dailymed":
            assert services.paths() == ["/dailymed/spls.json", f"/dailymed/spls/{gone[9:-4]}.xml"]
        if source == "pubmed":
            assert [each.query.get("id") for each in services.asked] == [None, "101", "7001"]


def test_what_the_user_changed_stays_and_is_named(services, run):
    run("openfda", "alphamab", "--to", "labels")
    mine = Path("labels", f"openfda-{ALPHA}.json")
    mine.write_text('{"set_id": "mine"}', encoding="utf-8")
    for more in ([], ["--update"]):
        said = run("openfda", "alphamab", "--to", "labels", *more)
        assert (said.code, said.lines[0]) == (0, "0 fetched, 1 already here, 1 left as you changed them, 0 failed")
        assert f"{mine.name}: left as it is: it was changed since it came, or was there before" in said.err
        assert read_whole(mine) == '{"set_id": "mine"}'


def test_a_file_that_was_there_before_stays(services, run):
    Path("labels").mkdir()
    mine = Path("labels", f"openfda-{ALPHA}.json")
    mine.write_text("mine", encoding="utf-8")
    said = run("openfda", "alphamab", "--to", "labels")
    assert said.lines[0] == "1 fetched, 1 left as you changed them, 0 failed"
    assert read_whole(mine) == "mine"
    assert list(manifest("labels")) == [f"openfda-{BETA}.json"]


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_update_that_was_cut_off_before_its_note_is_made_good_by_the_next(services, run, monkeypatch):
    run("openfda", "alphamab", "--to", "labels")
    services.labels[0] = label_record(ALPHA, "Alphabone", "alphamab", "20260606")
    with monkeypatch.context() as patch:
        patch.setattr("citewell.fetch.folder.write_json", interrupted)
        assert run("openfda", "alphamab", "--to", "labels", "--update").code == 130
    for more in (["--update"], []):
        said = run("openfda", "alphamab", "--to", "labels", *more)
        assert said.lines[0] == "0 fetched, 2 already here, 0 failed"


@pytest.mark.parametrize("name", ["manifest.json", ".fetched.json"])
def test_what_is_known_of_files_is_found_again_where_it_was_lost(services, run, name):
    run("openfda", "alphamab", "--to", "labels")
    before = Path("labels", name).read_bytes()
    for lost in (b"", None):
        Path("labels", name).unlink()
        if lost is not None and name == ".fetched.json":
            Path("labels", name).write_bytes(lost)
        assert run("openfda", "alphamab", "--to", "labels").lines[0] == "0 fetched, 2 already here, 0 failed"
        assert Path("labels", name).read_bytes() == before


def test_update_replaces_what_is_newer_at_the_source_and_keeps_the_users_lines(services, run):
    run("openfda", "alphamab", "--to", "labels")
    rows = manifest("labels")
    name = f"openfda-{ALPHA}.json"
    rows[name] |= {"title": "My Alphabone", "licence": "as I see it"}
    rows[name]["origin"] += " I doubt this."
    rows["mine.md"] = {"title": "Mine"}
    Path("labels", "manifest.json").write_text(json.dumps(rows), encoding="utf-8")
    services.labels[0] = label_record(ALPHA, "Alphabone", "alphamab", "20260606")
    assert run("openfda", "alphamab", "--to", "labels").lines[0] == "0 fetched, 2 already here, 0 failed"
    said = run("openfda", "alphamab", "--to", "labels", "--update")
    assert said.lines[0] == "0 fetched, 1 updated, 1 already here, 0 failed"
    after = manifest("labels")
    assert (after[name]["title"], after[name]["licence"], after["mine.md"]) == (
        "My Alphabone",
        "as I see it",
        {"title": "Mine"},
    )
    assert after[name]["origin"].endswith(". I doubt this.")
    assert after[name]["origin"].count("Fetched ") == 1
    assert json.loads(read_whole(Path("labels", name)))["effective_time"] == "20260606"
    assert run("openfda", "alphamab", "--to", "labels", "--update").lines[0] == "0 fetched, 2 already here, 0 failed"


def test_a_manifest_that_cannot_be_read_stops_the_run_before_it_begins(services, run):
    Path("labels").mkdir()
    Path("labels", "manifest.json").write_text('{"a.md": {"colour": "red"}}', encoding="utf-8")
    said = run("openfda", "alphamab", "--to", "labels")
    assert (said.code, services.asked, "found “colour”" in said.err) == (2, [], True)


def test_identifiers_that_lead_out_of_the_folder_fail_alone(services, run):
    services.labels[0]["set_id"] = "../../escaped"
    services.listed.insert(0, {"setid": "../" + ALPHA, "title": "x"})
    services.listed.insert(0, "no object")
    for source, failed in (("openfda", 1), ("dailymed", 2)):
        said = run(source, "alphamab", "--to", f"deep/{source}")
        assert (said.code, said.lines[0].endswith(f", {failed} failed")) == (1, True)
        assert said.err.count("expected an identifier of the form [0-9a-fA-F]{8}(") == 1
    assert sorted(path.name for path in Path().iterdir()) == ["deep"]
    assert names("deep/openfda") == ["manifest.json", f"openfda-{BETA}.json"]


def test_identifiers_of_ncbi_that_are_none_are_passed_over(services, run):
    services.records = {"../101": "", "102": services.records["102"]}
    assert run("pubmed", "alphamab", "--to", "articles").lines[0] == "1 fetched, 0 failed"
    services.entries = {"5001": services.entries["5001"] | {"chapteraccessionid": "NBK../1", "bookaccessionid": "x"}}
    assert run("bookshelf", "alphamab").lines == ["nothing found in bookshelf for “alphamab”"]


def test_the_label_of_another_drug_is_not_kept(services, run):
    services.faults[f"{ALPHA}.xml"] = [Reply(spl(GAMMA, "Another"), "text/xml")]
    said = run("dailymed", "alphamab", "--to", "labels")
    assert (said.code, said.lines[0]) == (1, "1 fetched, 1 failed")
    assert f"expected the label with the set id {ALPHA}, found {GAMMA}" in said.err
    assert names("labels") == [f"dailymed-{BETA}.xml", "manifest.json"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("<document", "expected well-formed XML"),
        ('<!DOCTYPE document [<!ENTITY a "b">]><document/>', "a DOCTYPE that declares some"),
        ("<html/>", "found <html>"),
        ("<document>" * 5_000, "expected"),
    ],
)
def test_xml_that_is_no_label_fails_alone(services, run, data, found):
    services.faults[f"{ALPHA}.xml"] = [Reply(data, "text/xml")]
    said = run("dailymed", "alphamab", "--to", "labels")
    assert (said.code, found in said.err) == (1, True)
    assert names("labels") == [f"dailymed-{BETA}.xml", "manifest.json"]


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[]",
        "{}",
        '{"meta": {"results": {"total": -1}}, "results": []}',
        '{"meta": [], "results": 1}',
        "[" * 90_000,
    ],
)
def test_json_that_is_no_answer_ends_the_run(services, run, body):
    services.faults["label.json"] = [Reply(body)]
    said = run("openfda", "alphamab")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("citewell: expected ")


def test_a_404_of_another_kind_is_not_taken_for_nothing(services, run):
    services.faults["label.json"] = [Reply('{"error": {"code": "GONE"}}', status=404)]
    assert run("openfda", "alphamab").code == 2


def test_ncbi_tells_of_errors_in_its_answer(services, run):
    services.faults["esearch.fcgi"] = [Reply('{"esearchresult": {"ERROR": "Search Backend failed"}}')]
    said = run("pubmed", "alphamab")
    assert (said.code, "Search Backend failed" in said.err) == (2, True)


def test_no_network_is_said_with_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with socket.socket() as other:  # bound, and not listening: nobody else gets this port meanwhile
        other.bind(("127.0.0.1", 0))
        monkeypatch.setattr("citewell.fetch.run.SETTINGS", settings_for(f"http://127.0.0.1:{other.getsockname()[1]}"))
        assert main(["fetch", "openfda", "alphamab"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("citewell: expected to reach 127.0.0.1, found no network (")
    assert "copy the documents into a folder and run: citewell index FOLDER" in err
    assert list(tmp_path.iterdir()) == []


def test_a_network_that_goes_away_leaves_what_came_and_the_next_call_gets_the_rest(services, run, monkeypatch):
    from citewell.errors import NoNetwork
    from citewell.fetch.client import Client

    get = Client.get

    def gone(client, service, path, *arguments, **options):
        if path.endswith(f"{BETA}.xml"):
            raise NoNetwork("expected to reach it, found no network")
        return get(client, service, path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Client, "get", gone)
        said = run("dailymed", "alphamab", "--to", "labels")
    assert (said.code, said.err) == (
        2,
        "citewell: 1 documents are done. Then: expected to reach it, found no network\n",
    )
    assert names("labels") == [f"dailymed-{ALPHA}.xml", "manifest.json"]
    assert run("dailymed", "alphamab", "--to", "labels").lines[0] == "1 fetched, 1 already here, 0 failed"


def test_ctrl_c_leaves_whole_files_only_and_the_next_call_goes_on(services, run, monkeypatch):
    from citewell.fetch.client import Client

    get = Client.get

    def interrupted(client, service, path, *arguments, **options):
        found = get(client, service, path, *arguments, **options)
        if path.endswith(f"{BETA}.xml"):
            raise KeyboardInterrupt  # a real signal may reach a destructor, which swallows it
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Client, "get", interrupted)
        assert run("dailymed", "alphamab", "--to", "labels").code == 130
    assert names("labels") == [f"dailymed-{ALPHA}.xml", "manifest.json"]
    services.asked.clear()
    assert run("dailymed", "alphamab", "--to", "labels").lines[0] == "1 fetched, 1 already here, 0 failed"
    assert services.paths() == ["/dailymed/spls.json", f"/dailymed/spls/{BETA}.xml"]


@pytest.mark.parametrize("name", [f"openfda-{ALPHA}.json", "manifest.json", ".fetched.json"])
def test_ctrl_c_while_a_file_is_written_leaves_none_of_it(services, run, monkeypatch, name):
    replace_file = Path.replace

    def interrupted(path, target):
        if Path(target).name == name:
            raise KeyboardInterrupt
        return replace_file(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupted)
        assert run("openfda", "alphamab", "--to", "labels").code == 130
    assert [each for each in names("labels") if each.startswith(".")] == []
    said = run("openfda", "alphamab", "--to", "labels")
    assert said.code == 0
    assert len(manifest("labels")) == 2
    assert len(names("labels")) == 3


def test_ctrl_c_in_the_middle_of_a_file_leaves_none_of_it(services, run, monkeypatch):
    write_bytes = Path.write_bytes

    def interrupted(path, data):
        write_bytes(path, data[: len(data) // 2])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", interrupted)
        assert run("openfda", "alphamab", "--to", "labels").code == 130
    assert names("labels") == []
    assert run("openfda", "alphamab", "--to", "labels").lines[0] == "2 fetched, 0 failed"


def test_the_report_is_one_json_object(services, run):
    services.listed.append({"setid": "x"})
    said = run("dailymed", "alphamab", "--to", "my labels", "--json")
    reason = said.err.strip().partition("entry 3: ")[2]
    assert said.code == 1
    assert json.loads(said.out) == {
        "source": "dailymed",
        "term": "alphamab",
        "folder": "my labels",
        "found": 3,
        "new": 2,
        "updated": 0,
        "present": 0,
        "note": None,
        "kept": [],
        "not_offered": [],
        "failed": [{"name": "entry 3", "reason": reason}],
        "next": "citewell index 'my labels' --manifest 'my labels/manifest.json'",
    }


def test_a_folder_is_named_after_source_and_term(services, run):
    run("openfda", '"Alphamab"')
    run("pubmed", "alphamab & ../../liver")
    assert sorted(path.name for path in Path().iterdir()) == ["openfda-alphamab", "pubmed-alphamab-liver"]


def test_wrong_calls_are_refused_before_anything_is_asked(services, run):
    Path("file").write_text("x", encoding="utf-8")
    for arguments in (
        ["openfda", ' "" '],
        ["openfda", "x" * 600],
        ["openfda", "alphamab", "--limit", "0"],
        ["openfda", "alphamab", "--to", "file"],
        ["pubmed", "alphamab", "--email", "nobody"],
        ["elsewhere", "alphamab"],
    ):
        said = run(*arguments)
        assert (said.code, said.out) == (2, "")
    assert services.asked == []


def test_the_real_addresses_are_those_that_the_services_publish():
    settings = FetchSettings()
    assert [settings.openfda.base, settings.dailymed.base, settings.eutils.base, settings.books.base] == [
        "https://api.fda.gov",
        "https://dailymed.nlm.nih.gov/dailymed/services/v2",
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        "https://api.ncbi.nlm.nih.gov/lit/oai/books",
    ]
    assert 1 / settings.eutils.pause <= 3 < 1 / settings.eutils.keyed_pause <= 10
    assert 60 / settings.openfda.pause <= 240
    assert sorted(SOURCES) == sorted(FETCHED)


def read_whole(path: str | Path) -> str:
    return Path(path).read_text(encoding="utf-8")
