"""Reading in processes of their own: what crashes, stalls or eats memory there is named, and the rest is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from citewell.errors import ReadError
from citewell.readers import Failure, Source, apart, read, source
from citewell.readers.apart import Crew, Ended, Worker, read_apart
from citewell.readers.limits import LIMITS
from citewell.readers.manifest import load_manifest
from citewell.types import Document

pytestmark = pytest.mark.unit


def sources(folder: Path, texts: dict[str, str | bytes]) -> list[Source]:
    found = []
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
        found.append(Source(folder / name, name, folder))
    return found


def told(found: list[tuple[Source, Document | Failure | Ended]]) -> list[tuple[str, str]]:
    """(file, what was told) in order."""
    lines = []
    for where, each in found:
        what = (
            each.reason or "ended"
            if isinstance(each, Ended)
            else each.text
            if isinstance(each, Document)
            else "failure"
        )
        lines.append((where.document_id, what))
    return lines


def test_sources_are_read_in_their_order_and_as_they_would_be_here(tmp_path):
    given = sources(tmp_path, {f"{n}.md": f"# Drug {n}\n\nThe dose is {n} mg.\n" for n in range(20)})
    found = list(read_apart(given))
    documents = [each for _, each in found if isinstance(each, Document)]
    assert documents == [each for one in given for each in read(one, one.path.read_bytes())]
    assert [where.document_id for where, each in found if isinstance(each, Ended)] == [f"{n}.md" for n in range(20)]


def test_a_manifest_is_applied_to_what_was_read(tmp_path):
    (tmp_path / "manifest.csv").write_text("document,publisher\na.md,Example Agency\n")
    [(_, document), _] = read_apart(
        sources(tmp_path, {"a.md": "# A\n\nText.\n"}), load_manifest(tmp_path / "manifest.csv")
    )
    assert isinstance(document, Document)
    assert document.metadata.publisher == "Example Agency"


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path):
    given = sources(tmp_path, {"a.md": "one", "b.pdf": b"%PDF-1.7\nnothing", "c.md": "three"})
    given.insert(1, Source(tmp_path / "gone.md", "gone.md", tmp_path))
    lines = told(list(read_apart(given)))
    assert [line for line in lines if line[0] in ("a.md", "c.md")] == [
        ("a.md", "one"), ("a.md", "ended"), ("c.md", "three"), ("c.md", "ended"),
    ]  # fmt: skip
    assert dict(lines)["gone.md"].startswith("gone.md: expected a readable file, found: No such file")
    assert "damaged" in dict(lines)["b.pdf"]


def test_rows_that_fail_are_told_between_those_that_do_not(tmp_path):
    rows = '{"_id": "1", "text": "one"}\nbroken\n{"_id": "2", "text": "two"}\n'
    assert [what for _, what in told(list(read_apart(sources(tmp_path, {"rows.jsonl": rows}))))] == [
        "one",
        "failure",
        "two",
        "ended",
    ]


def worker_that(monkeypatch, code: str) -> None:
    """Have every new process run `code`, in which `serve()` goes on as usual."""
    monkeypatch.setattr(apart, "CREW", Crew())
    opening = "from citewell.readers import worker\nfrom citewell.readers.source import Source\nserve = worker.main\n"
    monkeypatch.setattr(apart, "COMMAND", [sys.executable, "-P", "-c", opening + code])


READS = """
def answers(source, old=worker.answers):
    if source.document_id == "bad.md":
        {}
    yield from old(source)
worker.answers = answers
serve()
"""


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "found one over which its reader ended (signal 11)"),
        ("raise KeyError('no such cell')", "found one over which its reader ended (KeyError: 'no such cell')"),
        ("raise SystemExit(3)", "found one over which its reader ended (exit code 3)"),
        ("import time; time.sleep(60)", "found one that takes longer"),
        ("yield ['document', 'half']; import os; os._exit(0)", "found one over which its reader ended"),
    ],
)  # fmt: skip
def test_a_process_that_ends_or_stalls_costs_its_own_file_only(tmp_path, monkeypatch, what, reason):
    worker_that(monkeypatch, READS.format(what))
    monkeypatch.setattr(apart, "LIMITS", replace(LIMITS, file_seconds=1.5))
    monkeypatch.setattr(
        apart, "document_from_columns", lambda columns: Failure(*columns, "") if len(columns) == 1 else columns[1]
    )
    lines = [
        (where.document_id, each)
        for where, each in read_apart(sources(tmp_path, {f"{n}.md": "x" for n in ("a", "bad", "c", "d")}))
    ]
    ends = {name: each.reason for name, each in lines if isinstance(each, Ended)}
    assert list(ends) == ["a.md", "bad.md", "c.md", "d.md"]
    assert [ends["a.md"], ends["c.md"], ends["d.md"]] == [None] * 3
    assert reason in (ends["bad.md"] or "")


def test_a_long_work_that_shows_signs_of_life_is_waited_for(tmp_path, monkeypatch):
    works = "import time; from citewell.readers.pulse import beat; [(time.sleep(0.5), beat()) for _ in range(6)]"
    worker_that(monkeypatch, READS.format(works))
    monkeypatch.setattr(apart, "LIMITS", replace(LIMITS, file_seconds=1.5))
    found = list(read_apart(sources(tmp_path, {"bad.md": "x"})))
    assert told(found) == [("bad.md", "x"), ("bad.md", "ended")]


def test_memory_has_a_limit(tmp_path, monkeypatch):
    worker_that(monkeypatch, READS.format("held = bytearray(3 << 30)"))
    [(_, ended)] = list(read_apart(sources(tmp_path, {"bad.md": "x"})))
    assert isinstance(ended, Ended)
    assert "MemoryError" in (ended.reason or "")


def test_a_file_nested_too_deeply_is_told_as_such(tmp_path, monkeypatch):
    worker_that(monkeypatch, "def read(source): raise RecursionError; yield\nworker.read_source = read\nserve()")
    [(_, ended)] = list(read_apart(sources(tmp_path, {"bad.md": "x"})))
    assert isinstance(ended, Ended)
    assert "nested too deeply" in (ended.reason or "")


def test_a_process_killed_while_it_waits_is_started_anew(tmp_path):
    worker = Worker()
    given = sources(tmp_path, {"a.md": "one"})[0]
    worker.begin(given)
    assert len(list(worker.found(given))) == 2
    process = worker._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    worker.begin(given)
    assert len(list(worker.found(given))) == 2
    worker.stop()


def test_a_run_that_is_left_in_the_middle_leaves_no_process_busy(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "CREW", Crew())
    reading = read_apart(sources(tmp_path, {f"{n}.md": "x" for n in range(10)}))
    next(reading)
    reading.close()
    assert apart.CREW._idle == []
    assert len(list(read_apart(sources(tmp_path, {"a.md": "one"})))) == 2


def test_two_threads_read_at_the_same_time(tmp_path):
    found: dict[int, list[tuple[str, str]]] = {}
    given = sources(tmp_path, {f"{n}.md": f"text {n}" for n in range(30)})
    threads = [threading.Thread(target=lambda n=n: found.update({n: told(list(read_apart(given)))})) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == found[2]


def test_the_process_ends_with_its_program(tmp_path):
    code = (
        "import sys; from pathlib import Path; from citewell.readers.apart import Worker; from citewell.readers.source import Source\n"
        "worker = Worker(); worker.begin(Source(Path(sys.argv[1]), 'a.md', Path('/')))\n"
        "print(worker._process.pid, flush=True); import os; os._exit(1)"
    )
    (tmp_path / "a.md").write_text("one")
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.md")], capture_output=True, text=True, check=False
    )
    deadline = time.monotonic() + 20
    while os.path.exists(f"/proc/{ran.stdout.strip()}") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{ran.stdout.strip()}")


def test_nothing_is_imported_from_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "lxml.py").write_text("raise SystemExit('a stranger ran')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(apart, "CREW", Crew())
    assert told(list(read_apart(sources(tmp_path, {"a.html": "<html><body><p>Text.</p></body></html>"}))))[0] == (
        "a.html",
        "Text.",
    )
    apart.CREW.dismiss()


def test_a_long_row_is_skipped_and_the_next_one_read(tmp_path, monkeypatch):
    from citewell.readers import beir

    monkeypatch.setattr(beir, "LIMITS", replace(LIMITS, row_bytes=40))
    rows = '{"_id": "1", "text": "one"}\n{"_id": "2", "text": "' + "x" * 200 + '"}\n{"_id": "3", "text": "three"}\n'
    [path] = sources(tmp_path, {"rows.jsonl": rows})
    found = list(read(path, rows.encode()))
    assert [getattr(each, "text", None) or getattr(each, "reason", None) for each in found] == [
        "one", "line 2: expected at most 40 bytes, found a longer line; split the row", "three",
    ]  # fmt: skip


def test_files_of_a_folder_that_are_no_documents_are_passed_over_with_the_reason(tmp_path):
    for name, data in {"a.md": b"x", "scan.dat": b"\x89PNG\r\n", "page.css": b"p {}", "manifest.csv": b"document\n", "rows.jsonl": b"{}",
                       "set/corpus.jsonl": b"{}", "set/queries.tsv": b""}.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found, others = source.survey([tmp_path])
    assert [each.document_id for each in found] == ["a.md", "set/corpus.jsonl"]
    assert {each.source.document_id: each.reason.split(",")[0].split(";")[0] for each in others} == {
        "scan.dat": "a picture", "page.css": "a part of a web page", "manifest.csv": "a manifest", "rows.jsonl": "rows of data",
        "set/queries.tsv": "it goes with corpus.jsonl",
    }  # fmt: skip
    with pytest.raises(ReadError, match="found a picture"):
        list(read(Source(tmp_path / "scan.dat", "scan.dat", tmp_path), b"\x89PNG\r\n"))
