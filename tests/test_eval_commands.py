"""`citewell eval` as a user calls it: what it says, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import DRUGS, Library, library, quick_folder

from citewell.cli import main
from citewell.evaluate.cases import Case, Evidence, read_suite, write_suite
from citewell.evaluate.plan import Plan

pytestmark = pytest.mark.unit

CASES = (
    Case(
        "dose", "What is the dose of alphamab?", True, severity="critical", evidence=(Evidence("alphamab.md", "60 mg"),)
    ),
    Case("none", "What is the dose of romosozumab?", False),
)


@pytest.fixture
def made(monkeypatch) -> Iterator[Library]:
    with quick_folder() as folder:
        made = library(monkeypatch, folder, DRUGS)
        write_suite(folder / "suite.jsonl", CASES)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("CITEWELL_INDEX", str(made.index))
        untimed = replace(Plan(), slower=float("inf"))  # this machine may be busy
        monkeypatch.setattr("citewell.evaluate.commands.Plan", lambda: untimed)
        yield made


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = main(["eval", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_run_is_kept_blessed_and_compared(made, capsys):
    code, out, _ = run(capsys, "run", "suite.jsonl", "--out", "a.json")
    assert (code, "cases: 2 (1 answerable), passed: 2" in out) == (0, True)
    code, out, _ = run(capsys, "bless", "a.json", "--reason", "the first one")
    assert (code, out) == (0, "blessed 2 results: suite.baseline.json\n")
    code, out, _ = run(capsys, "run", "suite.jsonl", "--baseline", "suite.baseline.json")
    assert (code, "regressed: 0" in out, "gates: passed" in out) == (0, True, True)
    code, out, _ = run(capsys, "compare", "a.json", "a.json", "--html", "report.html", "--markdown", "report.md")
    assert (code, "changed but equal: 0" in out) == (0, True)
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "regressed" in Path("report.md").read_text(encoding="utf-8").casefold()


def test_a_critical_case_that_breaks_fails_and_is_named(made, capsys):
    run(capsys, "run", "suite.jsonl", "--out", "a.json")
    broken = json.loads(Path("a.json").read_text(encoding="utf-8"))
    broken["results"][0] |= {"passed": False, "stage": "not chosen"}
    Path("b.json").write_text(json.dumps(broken), encoding="utf-8")
    code, out, _ = run(capsys, "compare", "a.json", "b.json")
    assert (code, "gates: FAILED" in out, "dose: not chosen" in out) == (1, True, True)
    assert run(capsys, "compare", "b.json", "a.json")[0] == 0


def test_json_is_one_object_and_nothing_else(made, capsys):
    code, out, _ = run(capsys, "run", "suite.jsonl", "--json")
    assert (code, json.loads(out)["summary"]["passed"], out.count("\n")) == (0, 2, 1)


def test_another_corpus_is_refused_with_what_to_do(made, capsys):
    run(capsys, "run", "suite.jsonl", "--out", "a.json")
    made.write({"more.md": "# More\n\nMore is said here.\n"})
    made.build()
    run(capsys, "run", "suite.jsonl", "--out", "b.json")
    code, _, err = run(capsys, "compare", "a.json", "b.json")
    assert (code, "bless" in err) == (2, True)


def test_stale_evidence_can_not_be_judged(made, capsys):
    write_suite(
        Path("suite.jsonl"), [Case("gone", "What?", True, evidence=(Evidence("alphamab.md", "no such words"),))]
    )
    code, out, _ = run(capsys, "run", "suite.jsonl")
    assert (code, "stale evidence: 1 (gone)" in out) == (2, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected one case a line"),
        ("{}\n{", 'line 1: expected a case with a "id"'),
        ('{"id": "a", "question": "Q?", "answerable": true}\n{', "line 2: expected a JSON object"),
        ('{"id": "a", "question": "Q?", "answerable": true, "tag": []}', "line 1: expected the fields of a case"),
        ('{"id": "a", "question": "Q?", "answerable": "yes"}', 'line 1: expected "answerable" to be true or false'),
        ('{"id": "a", "question": "Q?", "answerable": true, "evidence": [{"doc": "d"}]}', "line 1: expected evidence"),
        ('{"id": "a", "question": "Q?", "answerable": false, "answers": ["5"]}', "line 1: expected no evidence"),
        (
            '{"id": "a", "question": "Q?", "answerable": true}\n' * 2,
            "line 2: expected an id of its own, found 'a' in line 1",
        ),
        (
            '{"id": "a", "question": "Q?", "answerable": true, "severity": "high"}',
            'line 1: expected "severity" to be one of',
        ),
    ],
)
def test_a_bad_suite_is_refused_with_its_line(made, capsys, text, message):
    Path("bad.jsonl").write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "run", "bad.jsonl")
    assert (code, out) == (2, "")
    assert message in err


def test_lint_names_line_and_case_and_fails_on_errors(made, capsys):
    assert run(capsys, "lint", "suite.jsonl")[0] == 0
    write_suite(
        Path("suite.jsonl"), [*CASES, Case("gone", "What?", True, evidence=(Evidence("alphamab.md", "no such words"),))]
    )
    code, out, _ = run(capsys, "lint", "suite.jsonl")
    assert (code, "suite.jsonl:3: error: gone:" in out) == (1, True)


def test_power_tells_which_drops_are_seen(made, capsys):
    code, out, _ = run(capsys, "power", "200", "--drop", "0.1")
    assert (code, "200" in out) == (0, True)
    assert run(capsys, "power", "200", "--drop", "2")[0] == 2


def test_cases_are_made_from_documents_and_exchanged(made, capsys):
    assert run(capsys, "synth", "--out", "made.jsonl")[0] == 0
    assert {case.source for case in read_suite(Path("made.jsonl"))} == {"synthetic"}
    assert run(capsys, "synth", "--out", "made.jsonl")[0] == 2  # never over what is there
    code, out, _ = run(capsys, "synth", "--withhold", "--out", "withheld.jsonl")
    assert (code, "to be removed before they are asked: " in out) == (0, True)
    assert not any(case.answerable for case in read_suite(Path("withheld.jsonl")))
    assert run(capsys, "export", "beir", "suite.jsonl", "--out", "beir")[0] == 0
    assert run(capsys, "import", "beir", "beir", "--out", "back.jsonl")[0] == 0
    assert [case.id for case in read_suite(Path("back.jsonl"))] == ["dose"]
    assert run(capsys, "export", "squad", "suite.jsonl", "--out", "squad.json")[0] == 0
    assert run(capsys, "import", "squad", "squad.json", "--out", "again.jsonl")[0] == 0
    assert Path("again.documents.jsonl").is_file()
    assert run(capsys, "export", "trec", "suite.jsonl", "--out", "qrels.txt")[0] == 0
    assert Path("qrels.txt").read_text(encoding="utf-8") == "dose 0 alphamab.md 2\n"


def test_a_matrix_is_one_table(made, capsys):
    Path("configurations.json").write_text('{"shipped": {}, "one": {"settings": {"excerpts": 1}}}', encoding="utf-8")
    code, out, _ = run(capsys, "matrix", "suite.jsonl", "configurations.json")
    assert (code, out.count("\n")) == (0, 4)


def test_triage_needs_a_terminal(made, capsys):
    Path("candidates.jsonl").write_text("", encoding="utf-8")
    code, _, err = run(capsys, "triage", "candidates.jsonl", "--suite", "suite.jsonl")
    assert (code, "expected a terminal" in err) == (2, True)
