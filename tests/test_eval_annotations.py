"""Workflow commands: what GitHub's runner reads out of them is what was meant, and nothing else."""

from __future__ import annotations

import re

import invented_runs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.evaluate.annotations import MOST, command, step_summary
from citewell.evaluate.annotations import annotations as workflow_commands
from citewell.evaluate.comparison import NEW, REGRESSED, SAME, Comparison, Pair, Verdict

pytestmark = pytest.mark.unit
FORM = re.compile(r"::(error|warning|notice) ([^\r\n]*?)::([^\r\n]*)")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as the runner reads it (actions/runner, ActionCommand.cs)."""
    found = FORM.fullmatch(line)
    assert found, line
    properties = dict(each.split("=", 1) for each in found[2].split(","))
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        properties = {name: value.replace(code, sign) for name, value in properties.items()}
    message = found[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    return found[1], properties, message


def small(*pairs: Pair, failed: tuple[str, ...] = ()) -> Comparison:
    whole = invented_runs.comparison(8)
    return Comparison(whole.before, whole.after, pairs, (), (), Verdict(1, failed, ()))


@given(st.text(), st.text())
def test_a_command_is_one_line_that_reads_back(title, message):
    written = command("error", message, {"file": "a.jsonl", "title": title})
    kept = [each.encode("utf-8", "replace").decode() for each in (title, message)]
    assert read(written) == ("error", {"file": "a.jsonl", "title": kept[0]}, kept[1])


def test_a_regression_is_an_error_at_the_line_of_its_case():
    right, wrong = invented_runs.result(1, right=True), invented_runs.result(1, right=False, severity="critical")
    (line,) = workflow_commands(small(Pair(REGRESSED, right, wrong)), "suites/a,b.jsonl", {wrong.id: 17})
    level, properties, message = read(line)
    assert level == "error"
    assert properties == {
        "file": "suites/a,b.jsonl",
        "line": "17",
        "title": "sampletan-dose-0001: critical, regressed",
    }
    assert message.split("\n") == [
        "“What is the usual dose of sampletan?”",
        "not chosen: the evidence was retrieved, but no quotation shows it",
        "Expected: “The usual dose of sampletan is 20 mg once daily, taken with water.” (sampletan-label)",
        "Before: “The usual dose of sampletan is 20 mg once daily, taken with water.” (sampletan-label)",
        "Now: “If creatinine clearance is below 30 mL/min, do not exceed 21 mg of sampletan every 24 hours.” (sampletan-label)",
    ]


def test_levels_follow_what_became_of_the_case():
    wrong, right = invented_runs.result(1, right=False), invented_runs.result(2, right=True)
    pairs = (Pair(SAME, wrong, wrong), Pair(NEW, None, wrong), Pair(SAME, right, right))
    lines = workflow_commands(small(*pairs, failed=("budget: p95 is 80 ms",)), "s", {})
    assert [read(line)[0] for line in lines] == ["error", "error", "warning"]
    assert read(lines[0])[1:] == ({"title": "Citewell: budget gate fails"}, "p95 is 80 ms")
    assert "line" not in read(lines[1])[1]


def test_a_run_alone_names_each_case_that_fails():
    run = invented_runs.comparison(8).after
    found = {read(line)[1]["title"] for line in workflow_commands(run, "s", {})}
    assert found == {
        "sampletan-dose-0001: critical, fails",
        'ugly|0 <b>"`@octocat`: fails',
        'ugly|3 <b>"`@octocat`: fails',
    }


def test_more_than_github_shows_are_counted():
    wrong = invented_runs.result(1, right=False)
    lines = workflow_commands(small(*[Pair(REGRESSED, None, wrong)] * 30), "s", {})
    assert len(lines) == MOST
    assert read(lines[-1])[2] == "21 more are in the report."


def test_ugly_texts_stay_in_their_line():
    for line in workflow_commands(invented_runs.comparison(40), "s", {}):
        read(line)


def test_a_summary_is_appended_where_github_asks_for_it(tmp_path, monkeypatch):
    target = tmp_path / "summary.md"
    target.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(target))
    assert step_summary("# é\n") == target
    assert step_summary("half \ud800") == target
    assert target.read_text(encoding="utf-8") == "before\n# é\n\nhalf ?\n\n"


def test_elsewhere_no_summary_is_written(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path)
    assert step_summary("text") is None
    assert list(tmp_path.iterdir()) == []
