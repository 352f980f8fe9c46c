"""A suite under pytest: one test a question, told apart, and the same run as the command line's."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from citewell.evaluate.cases import Case, Evidence, write_suite
from citewell.evaluate.commands import COMMANDS
from citewell.evaluate.options import add_eval_commands
from citewell.evaluate.outcome import load
from citewell.index import build

ROOT = Path(__file__).resolve().parents[1]
LEAFLET = "# Alphamab leaflet\n\n## Dose\n\nThe dose of alphamab is 60 mg once a year.\n\n## Storage\n\nKeep alphamab in a refrigerator.\n"
CASES = (
    Case("dose", "What is the dose of alphamab?", True, severity="critical", tags=("dose",), evidence=(Evidence("leaflet.md", "60 mg"),)),
    Case("storage", "Is alphamab kept in a refrigerator?", True, tags=("storage",), evidence=(Evidence("leaflet.md", "refrigerator"),)),
    Case("wrong", "Is alphamab kept in a refrigerator?", True, evidence=(Evidence("leaflet.md", "60 mg"),)),
    Case("known", "Is alphamab kept in a refrigerator?", True, evidence=(Evidence("leaflet.md", "60 mg"),), xfail="asks another thing"),
    Case("none", "What is the dose of betamab?", False, severity="critical"),
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "leaflet.md").write_text(LEAFLET, encoding="utf-8")
    build([folder / "leaflet.md"], index=folder / "index", encoder="none")
    write_suite(folder / "suite.jsonl", CASES)
    return folder


def run_pytest(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "citewell.evaluate.pytest_plugin", "-p", "no:cacheprovider",
               "--citewell", "suite.jsonl", "--citewell-index", "index", *arguments]  # fmt: skip
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "PYTEST_"))}
    environment = kept | {"PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | environment
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_each_question_is_a_test_with_its_metrics_in_junit(home):
    done = run_pytest(home, "--junitxml", "junit.xml", "-o", "junit_family=xunit1", "--citewell-out", "run.json")
    assert "1 failed, 3 passed, 1 xfailed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1
    assert "wrong: not chosen" in done.stdout
    cases = {each.get("name"): each for each in ElementTree.parse(home / "junit.xml").getroot().iter("testcase")}
    assert set(cases) == {case.id for case in CASES}
    properties = {each.get("name"): each.get("value") for each in cases["dose"].iter("property")}
    assert (properties["right_first"], properties["stage"]) == ("1.0", "passed")
    run = load(home / "run.json")
    assert [(each.id, each.passed) for each in run.results] == [
        ("dose", True), ("storage", True), ("wrong", False), ("known", False), ("none", True),
    ]  # fmt: skip


def test_questions_are_chosen_by_id_tag_and_severity(home):
    assert "1 passed, 4 deselected" in run_pytest(home, "-k", "storage and not wrong").stdout
    assert "2 passed, 3 deselected" in run_pytest(home, "-k", "critical").stdout


def test_what_failed_in_the_baseline_is_expected_to_fail(home):

    run_pytest(home, "--citewell-out", "run.json")
    parser = argparse.ArgumentParser()
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--index")
    add_eval_commands(parser, common, Path)
    options = parser.parse_args(
        ["bless", str(home / "run.json"), "--reason", "first", "--baseline", str(home / "baseline.json")]
    )
    assert COMMANDS["bless"](options, None).code == 0  # type: ignore[arg-type]
    quick = (home / "baseline.json").read_text(encoding="utf-8")
    (home / "baseline.json").write_text(
        re.sub(r'"milliseconds": [0-9.]+', '"milliseconds": 0.01', quick), encoding="utf-8"
    )
    done = run_pytest(home, "--citewell-baseline", "baseline.json")  # far slower than that baseline: no matter here
    assert "3 passed, 2 xfailed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_failures_are_annotated_and_summed_up_on_github(home):
    done = run_pytest(home, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(home / "summary.md"))
    assert "suite.jsonl,line=3" in done.stdout.partition("::error file=")[2], done.stdout
    assert "wrong" in (home / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected one case a line"),
        (
            '{"id": "a", "question": "Q?", "answerable": true}\n{"id": "a", "question": "Q?", "answerable": true}\n',
            "line 2",
        ),
    ],
)
def test_a_bad_suite_is_a_usage_error_with_its_line(home, text, message):
    (home / "bad.jsonl").write_text(text, encoding="utf-8")
    done = run_pytest(home, "--citewell", "bad.jsonl")
    assert done.returncode not in (0, 1)
    assert message in done.stdout + done.stderr


def test_without_a_suite_the_plugin_loads_nothing_heavy():
    code = "import sys, citewell.evaluate.pytest_plugin; print(*sorted({'scipy', 'faiss', 'openvino', 'numpy'} & set(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "\n"
