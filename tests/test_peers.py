"""The comparison with other libraries: the same data for all, figures by hand, and no system left out in silence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.datasets import Case, Dataset
from benchmarks.peers import environments, protocol
from benchmarks.peers.environments import STAMP, NotRun, called, python_of
from benchmarks.peers.protocol import OFF_TOPIC, disk_bytes, measure, memory
from benchmarks.peers.report import figures, missing, table
from benchmarks.peers.roster import SYSTEMS, System, statements
from benchmarks.peers.selection import spread, write_task

pytestmark = pytest.mark.unit

OURS = System("citewell", "Ours", own=True)
PEER = System("txtai", "Peer")
CASES = (
    Case("q1", "Does it burn?", True, grades={"d3": 1}),
    Case("q2", "Does it freeze?", True, grades={"d7": 1}),
)


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def dataset(tmp_path):
    source = tmp_path / "source.jsonl"
    lines = [json.dumps({"_id": f"d{n}", "title": f"T{n}", "text": f"Text {n}.", "meta": {}}) for n in range(10)]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Dataset("tiny", CASES, source)


def test_spread_is_even_and_keeps_the_order():
    assert spread("abcdefghij", 3) == ["a", "d", "g"]
    assert spread("abc", 0) == []
    assert spread("abc", 9) == ["a", "b", "c"]
    assert spread("abc", None) == ["a", "b", "c"]


def test_a_trial_keeps_what_answers_its_questions(dataset, tmp_path):
    assert write_task(dataset, 4, None, tmp_path) == list(CASES)
    assert [row["_id"] for row in rows(tmp_path / "corpus.jsonl")] == ["d0", "d3", "d5", "d7"]
    assert rows(tmp_path / "corpus.jsonl")[1] == {"_id": "d3", "title": "T3", "text": "Text 3."}


def test_a_trial_smaller_than_its_answers_keeps_them_all(dataset, tmp_path):
    assert write_task(dataset, 1, 1, tmp_path) == [CASES[0]]
    assert [row["_id"] for row in rows(tmp_path / "corpus.jsonl")] == ["d3"]
    assert rows(tmp_path / "questions.jsonl") == [{"_id": "q1", "text": "Does it burn?"}]


def test_a_system_is_measured_from_load_to_ranking(dataset, tmp_path, monkeypatch):
    write_task(dataset, None, None, tmp_path)
    data = [tmp_path / name for name in ("corpus.jsonl", "questions.jsonl", "model", "", "out.json")]
    monkeypatch.setattr(sys, "argv", ["script", *map(str, data)])
    asked = []

    def rank(engine, question):
        asked.append(question)
        return [] if question in OFF_TOPIC[:2] else engine[:2]

    def index(task, model):
        return [model, task.documents[0].passage]

    measure(lambda _: "loaded", index, rank, ["pytest"])
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    questions = [case.question for case in CASES]
    assert asked == [*OFF_TOPIC, *questions]
    assert found["documents"] == 10
    assert found["rankings"] == {"q1": ["loaded", "T0 Text 0."], "q2": ["loaded", "T0 Text 0."]}
    assert found["silent"] == [True, True, False, False, False]
    assert found["versions"] == {"pytest": pytest.__version__}
    assert found["licences"] == {"pytest": "MIT"}
    assert len(found["milliseconds"]) == len(CASES)


def test_memory_counts_the_processes_that_a_system_starts():
    code = "import sys; held = bytearray(60_000_000); print(flush=True); sys.stdin.read()"
    before = memory()
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        held = memory()
        child.communicate()
    if Path("/proc/self/status").exists():
        assert held["resident_bytes"] - before["resident_bytes"] > 50_000_000


def test_a_linked_file_counts_once_on_disk(tmp_path):
    (tmp_path / "part").write_bytes(b"x" * 700)
    (tmp_path / "generation").mkdir()
    (tmp_path / "generation" / "part").hardlink_to(tmp_path / "part")
    (tmp_path / "note").write_bytes(b"y" * 30)
    assert disk_bytes(tmp_path) == 730


def test_only_what_a_user_writes_is_counted(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        '"""Head."""\n'
        "from __future__ import annotations\n"
        "from engine import Engine\n"  # 1
        "from benchmarks.peers.protocol import measure\n"
        "def index(task, model):\n"
        '    """Index."""\n'
        "    engine = Engine(model)\n"  # 2
        "    for each in task:\n"  # 3
        "        engine.add(\n            each,\n        )\n"  # 4
        "    return engine, model\n"
        "def rank(engine, question):\n"
        "    return engine.search(question)\n"  # 5
        'if __name__ == "__main__":\n    measure(index, rank)\n',
        encoding="utf-8",
    )
    assert statements(script) == 5


def test_every_system_has_its_script_and_every_peer_pins_torch():
    for system in SYSTEMS:
        assert statements(system.script) > 0
        if not system.own:
            pins = system.requirements.read_text(encoding="utf-8").split()
            assert all("==" in pin for pin in pins)
            assert any(pin.startswith("torch==") for pin in pins)


def measured(seconds, milliseconds, rankings):
    return {
        "documents": 100, "index_seconds": seconds, "load_seconds": 1.0, "milliseconds": milliseconds,
        "rankings": rankings, "silent": [True, False, False, False], "peak_bytes": 1 << 30, "resident_bytes": 1 << 29,
        "disk_bytes": 12_345, "versions": {"engine": "1.2"}, "licences": {"engine": "MIT"},
    }  # fmt: skip


def test_figures_and_their_ratios_by_hand():
    ours = figures(OURS, measured(4.0, [1.0, 2.0, 3.0], {"q1": ["d3"], "q2": ["d7"]}), CASES)
    peer = figures(PEER, measured(2.0, [6.0, 4.0, 5.0], {"q1": ["d3", "d1"], "q2": ["d2"]}), CASES)
    assert (ours.documents_per_second, ours.p50, ours.p95, ours.ndcg, ours.recall) == (25.0, 2.0, 3.0, 1.0, 1.0)
    assert (peer.documents_per_second, peer.p50, peer.p95, peer.ndcg, peer.recall) == (50.0, 5.0, 6.0, 0.5, 0.5)
    assert (peer.peak_megabytes, peer.resident_megabytes, peer.disk_bytes, peer.silent) == (1024, 512, 123.45, 0.25)
    cells = table([ours, peer]).splitlines()[3].strip("| ").split(" | ")
    assert cells[:8] == ["Peer", "50.0", "2.00", "5.00", "6.00", "2.50", "1024", "1.00"]


def test_the_floor_is_measured_in_speed_alone():
    floor = figures(System("floor", "Floor", own=True, ranks=False), measured(4.0, [1.0], {"q1": [], "q2": []}), CASES)
    assert (floor.documents_per_second, floor.p50) == (25.0, 1.0)
    assert (floor.ndcg, floor.peak_megabytes, floor.disk_bytes, floor.silent) == (None, None, None, None)


def test_a_system_that_did_not_run_is_named_with_its_reason():
    ours = figures(OURS, measured(4.0, [1.0], {"q1": [], "q2": []}), CASES)
    shown = table([ours, missing(PEER, "no such package")])
    assert "- Peer: not run: no such package" in shown
    assert "÷ ours" in table([missing(OURS, "gone"), missing(PEER, "gone")])


def test_a_failed_command_gives_its_last_line():
    with pytest.raises(NotRun, match="ValueError: no"):
        called([sys.executable, "-c", "raise ValueError('no')"])


def test_an_endless_command_is_ended(monkeypatch):
    monkeypatch.setattr(environments, "LIMIT", 0.5)
    with pytest.raises(NotRun, match="still running"):
        called([sys.executable, "-c", "import time; time.sleep(60)"])


def test_an_environment_is_made_once_for_the_same_requirements(tmp_path, monkeypatch):
    commands = []
    monkeypatch.delenv("TORCH_INDEX_URL", raising=False)
    monkeypatch.setattr(environments, "called", lambda command: commands.append(command[1:4]) or made(tmp_path))
    assert python_of(PEER, tmp_path) == tmp_path / "txtai" / "bin" / "python"
    assert commands == [["-m", "venv", "--clear"], ["-m", "pip", "install"]]
    python_of(PEER, tmp_path)
    assert len(commands) == 2
    (tmp_path / "txtai" / STAMP).write_text("torch==1\n")
    python_of(PEER, tmp_path)
    assert len(commands) == 4
    assert python_of(OURS, tmp_path) == Path(sys.executable)


def made(home):
    (home / "txtai").mkdir(exist_ok=True)


def test_a_licence_is_given_in_a_few_words():
    assert protocol.licence("numpy").startswith("BSD")
