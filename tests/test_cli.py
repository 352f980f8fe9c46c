"""The command line as a script and as a person use it: outputs, exit codes, and errors without tracebacks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from citewell.cli import main

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[1]
ALPHA = """---
title: Alphamab
class: label
updated: 2024-03-01
---

# Alphamab

The recommended dose of alphamab is 60 mg every 6 months. Alphamab is stored cold.

## Side effects

Rare side effects of alphamab are jaw pain and low calcium.
"""
BETA = """---
title: Betamab
class: guideline
---

# Betamab

Betamab is a tablet that is taken with water once a week, in the morning.
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty current folder with two documents in docs/, and no index anywhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CITEWELL_INDEX", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "alpha.md").write_text(ALPHA, encoding="utf-8")
    (tmp_path / "docs" / "beta.md").write_text(BETA, encoding="utf-8")
    return tmp_path


@pytest.fixture
def indexed(folder, capsys):
    """The same folder with a lexical index in ./index."""
    assert main(["index", "docs", "--index", "index", "--encoder", "none"]) == 0
    capsys.readouterr()
    return folder


@pytest.fixture
def refused(capsys):
    """Run a call that must end with 2, one message on stderr and nothing on stdout; return the message."""

    def run(*arguments: str) -> str:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        assert (code, out) == (2, "")
        assert err.startswith("citewell: ")
        assert "Traceback" not in err
        return err.removeprefix("citewell: ")

    return run


def test_indexing_counts_what_is_new_changed_unchanged_removed_and_failed(folder, capsys):
    base = ["index", "docs", "--index", "index", "--encoder", "none"]
    assert main(base) == 0
    assert capsys.readouterr().out == "2 new, 0 changed, 0 unchanged, 0 removed, 0 failed\n"
    (folder / "docs" / "alpha.md").write_text(ALPHA.replace("60 mg", "120 mg"), encoding="utf-8")
    (folder / "docs" / "gamma.txt").write_text("Gammamab is given into a vein.\n", encoding="utf-8")
    (folder / "docs" / "empty.txt").touch()
    assert main(base) == 1
    out, err = capsys.readouterr()
    assert out == "1 new, 1 changed, 1 unchanged, 0 removed, 1 failed\n"
    assert err.startswith("citewell: empty.txt: ")
    (folder / "docs" / "empty.txt").unlink()
    (folder / "docs" / "beta.md").unlink()
    assert main(["index"]) == 0  # ./index holds an index, and knows its documents' folders
    assert capsys.readouterr().out == "0 new, 0 changed, 2 unchanged, 1 removed, 0 failed\n"


def test_removed_documents_are_no_longer_found(indexed, capsys):
    assert main(["index", "--remove", "alpha.md"]) == 0
    assert capsys.readouterr().out == "0 new, 0 changed, 1 unchanged, 1 removed, 0 failed\n"
    assert main(["search", "dose of alphamab", "--json"]) == 0
    assert [hit["document_id"] for hit in json.loads(capsys.readouterr().out)["hits"]] in ([], ["beta.md"])


def test_indexing_what_is_not_there_names_it(indexed, refused):
    assert "nothing at nowhere" in refused("index", "docs", "nowhere")
    assert "nothing at no.csv" in refused("index", "docs", "--manifest", "no.csv")
    assert "an empty one" in refused("index", "")
    assert "'never.md'" in refused("index", "--remove", "never.md")


def test_the_answer_is_one_json_object_of_verbatim_quotations(indexed, capsys):
    assert main(["ask", "What are the rare side effects of alphamab?", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    answer = json.loads(out)
    assert out.count("\n") == 1
    assert answer["answered"] is True
    assert answer["excerpts"][0]["text"] == "Rare side effects of alphamab are jaw pain and low calcium."
    for excerpt in answer["excerpts"]:
        text = (indexed / "docs" / excerpt["document_id"]).read_text(encoding="utf-8")
        assert " ".join(text[excerpt["start"] : excerpt["end"]].split()) == excerpt["text"]


def test_an_answer_can_be_read_in_a_terminal(indexed, capsys):
    assert main(["ask", "What are the rare side effects of alphamab?"]) == 0
    out = capsys.readouterr().out
    assert "] “Rare side effects of alphamab are jaw pain and low calcium.”\n" in out
    assert "Alphamab › Side effects · label · updated 2024-03-01" in out
    assert "\x1b" not in out


def test_silence_is_an_answer_and_no_failure(indexed, capsys):
    assert main(["ask", "Who won the football match yesterday?", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["answered"], answer["excerpts"]) == (False, [])
    assert answer["reason"]
    assert main(["ask", "Who won the football match yesterday?"]) == 0
    assert capsys.readouterr().out.startswith("Not in these documents: ")


def test_classes_and_documents_limit_an_answer(indexed, capsys, refused):
    for limit in (["--class", "guideline"], ["--document", "beta.md"]):
        assert main(["ask", "How is betamab taken?", *limit, "--json"]) == 0
        excerpts = json.loads(capsys.readouterr().out)["excerpts"]
        assert {excerpt["document_id"] for excerpt in excerpts} == {"beta.md"}
    assert "invalid choice: 'rumour'" in refused("ask", "Q?", "--class", "rumour")
    assert "'never.md'" in refused("ask", "How is betamab taken?", "--document", "never.md")


def test_many_questions_give_one_object_a_line_in_their_order(indexed, capsys):
    rows = [
        {"id": 1, "question": "How is betamab taken?"},
        {"_id": "2", "text": "What is the recommended dose?", "history": ["What is alphamab?"]},
    ]
    Path("questions.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["ask", "--questions", "questions.jsonl", "--json"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["question"] for answer in answers] == ["How is betamab taken?", "What is the recommended dose?"]
    assert answers[1]["excerpts"][0]["document_id"] == "alpha.md"


def test_one_bad_row_is_named_before_anything_is_answered(indexed, refused):
    Path("questions.jsonl").write_text('{"question": "Why?"}\n{"question": 5}\n', encoding="utf-8")
    assert "line 2: " in refused("ask", "--questions", "questions.jsonl", "--json")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "expected a question, found none"),
        (" \n\t ", "expected a question, found none"),
        ("x" * 10_000, "found 10,000"),
        ("a\x07b", "U+0007"),
        ("a\x1b[31mb", "U+001B"),
    ],
)
def test_bad_questions_are_refused(indexed, refused, question, message):
    assert message in refused("ask", question, "--json")
    assert message in refused("search", question)


@pytest.mark.parametrize(
    "question", ["<script>alert(1)</script>", "'; DROP TABLE units; --", "“β” ≤ 5 % 薬 🦴", "x" * 2_000, "*:*"]
)
def test_odd_questions_are_answered_or_met_with_silence(indexed, capsys, question):
    assert main(["ask", question, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == question


def test_wrong_calls_are_refused(indexed, refused):
    assert "one question" in refused("ask")
    assert "one question" in refused("ask", "Q?", "--questions", "questions.jsonl")
    assert "--json" in refused("ask", "--questions", "questions.jsonl")
    assert "No such file" in refused("ask", "--questions", "questions.jsonl", "--json")
    assert "one query" in refused("search")
    assert "together" in refused("search", "--queries", "queries.jsonl")
    assert "together" in refused("search", "Q", "--run", "out.trec")
    assert "from 1 to 1000000, found '0'" in refused("search", "Q", "--top", "0")
    assert "COMMAND" in refused()
    assert "invalid choice: 'sing'" in refused("sing")


def test_search_gives_passages_with_their_scores(indexed, capsys):
    assert main(["search", "side effects", "--top", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["query"] == "side effects"
    [hit] = found["hits"]
    assert (hit["rank"], hit["document_id"], hit["title"]) == (1, "alpha.md", "Alphamab")
    assert hit["text"] == "Rare side effects of alphamab are jaw pain and low calcium."
    assert main(["search", "side effects", "--top", "1"]) == 0
    assert capsys.readouterr().out.startswith("1. Alphamab · alpha.md · ")


def test_queries_become_a_trec_run(indexed, capsys):
    rows = [{"_id": "q1", "text": "alphamab dose"}, {"_id": "q2", "text": "betamab tablet"}]
    Path("queries.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["search", "--queries", "queries.jsonl", "--run", "out.trec", "--depth", "1"]) == 0
    assert capsys.readouterr().out == ""
    lines = [line.split(" ") for line in Path("out.trec").read_text(encoding="utf-8").splitlines()]
    assert [line[:4] + line[5:] for line in lines] == [
        ["q1", "Q0", "alpha.md", "1", "citewell"],
        ["q2", "Q0", "beta.md", "1", "citewell"],
    ]


def test_status_tells_what_is_indexed(indexed, capsys):
    assert main(["status", "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["documents"], status["encoder"]) == (2, "none")
    assert [(each["document_id"], each["state"]) for each in status["files"]] == [("alpha.md", "ok"), ("beta.md", "ok")]
    assert main(["status"]) == 0
    assert "documents    2\n" in capsys.readouterr().out


def test_verify_finds_a_changed_file(indexed, capsys):
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == "documents verified: 2\n"
    (indexed / "docs" / "beta.md").write_text(BETA.replace("week", "month"), encoding="utf-8")
    assert main(["verify"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("beta.md: ")
    assert out.endswith("problems: 1\n")


def replace(path: Path, data: bytes) -> None:
    """Put another file in a file's place: cutting one short that this process still has mapped would end it."""
    path.unlink()
    path.write_bytes(data)


def test_verify_finds_every_altered_byte_of_the_index(indexed, capsys):
    [generation] = (indexed / "index").glob("g*")
    parts = sorted(path for path in generation.rglob("*") if path.is_file() and path.stat().st_size)
    for part in parts:
        whole = part.read_bytes()
        middle = len(whole) // 2
        replace(part, whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        assert main(["verify"]) == 1, part
        assert "Traceback" not in capsys.readouterr().err
        replace(part, whole)
    assert main(["verify"]) == 0


def test_a_damaged_index_is_refused_with_the_command_that_repairs_it(indexed, refused):
    [generation] = (indexed / "index").glob("g*")
    for part in sorted(path for path in generation.rglob("*") if path.is_file() and path.stat().st_size):
        whole = part.read_bytes()
        replace(part, whole[: len(whole) // 2])
        assert "citewell index" in refused("ask", "How is betamab taken?")
        replace(part, whole)
    (indexed / "index" / "CURRENT").write_text("g999999\n")
    assert "citewell index" in refused("status")


def test_a_missing_index_names_the_command_that_builds_it(folder, refused):
    for call in (["ask", "Q?"], ["search", "Q"], ["status"], ["verify"]):
        assert "citewell index" in refused(*call, "--index", "none")
    assert "the file docs/alpha.md" in refused("status", "--index", "docs/alpha.md")


def test_a_missing_model_names_both_ways_out(folder, refused):
    message = refused("index", "docs", "--index", "index", "--encoder", "./no-such-model")
    assert "--encoder none" in message
    assert not (folder / "index" / "CURRENT").exists()


def test_a_port_in_use_or_out_of_range_is_refused(indexed, refused):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = refused("chat", "--port", str(port))
    assert f"expected to listen on port {port}" in message
    assert f"--port {port % 65535 + 1}" in message
    assert "found '70000'" in refused("chat", "--port", "70000")


def test_what_a_system_refuses_is_told_in_its_words(indexed, refused):
    (indexed / "blocked").touch()
    assert "blocked" in refused("index", "docs", "--encoder", "none", "--index", "blocked/index")


def command(*arguments: str, **options) -> subprocess.Popen[str]:
    """The command line as a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    call = [sys.executable, "-m", "citewell.cli", *arguments]
    return subprocess.Popen(call, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **options)


def test_a_reader_that_goes_away_is_met_with_silence(indexed):
    with command("status") as process:
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_an_interrupt_ends_quietly(indexed):
    # A background job of a shell is started deaf to interrupts; a user's command in the foreground is not.
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with command("ask", "--questions", "/dev/stdin", "--json", stdin=subprocess.PIPE, preexec_fn=listening) as process:
        process.stdin.write(" " * 1_000_000)  # more than a pipe holds: this returns when the questions are being read
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")


def test_an_answer_is_printed_whatever_the_locale(indexed, monkeypatch):
    (indexed / "docs" / "beta.md").write_text(BETA.replace("once", "≥ 1 × “once”"), encoding="utf-8")
    assert main(["index"]) == 0
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    with command("ask", "How is betamab taken?", "--json") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "≥ 1 × “once”" in json.loads(out)["excerpts"][0]["text"]
