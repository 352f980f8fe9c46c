"""The baseline's file: what is in it, what moves in it, and who may not write it."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from datetime import date

import pytest
from measured_runs import many, right, run, silent, wrong

from citewell.errors import UsageError
from citewell.evaluate.baseline import bless, load_baseline
from citewell.evaluate.compare import compare
from citewell.evaluate.comparison import REGRESSED, SAME
from citewell.evaluate.outcome import STALE, Place, save
from citewell.evaluate.plan import Plan

pytestmark = pytest.mark.unit

DAY = date(2026, 11, 24)
CASES = (
    right("b", history=("What is b?",), disagreements=((1, 2),), confidence=0.123456789),
    right("a", xfail="tables", severity="critical", tags=("dose", "table"), source="feedback"),
    wrong("c", reason="unsure", nearest=(Place("c", 1, 2, "x"),)),
    silent("none"),
    right("b~1", cluster="b"),
)


@pytest.fixture(autouse=True)
def _one_process(monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "quality" / "baseline.json"


def test_a_run_beside_its_own_baseline_differs_nowhere(path):
    bless(run(*CASES), path, "First one.", DAY)
    found = compare(load_baseline(path), run(*CASES), Plan())
    assert {pair.kind for pair in found.pairs} == {SAME}
    assert {each.difference for each in found.differences} == {0}
    assert found.verdict.code == 0


def test_a_baseline_keeps_all_but_rankings_nearest_passages_gold_words_and_times(path):
    bless(run(*CASES), path, "First one.", DAY)
    expected = [
        replace(
            each,
            confidence=round(each.confidence, 7),
            gold=tuple(replace(place, text="") for place in each.gold),
            nearest=(),
            passages=(),
            documents=(),
        )
        for each in sorted(CASES, key=lambda case: case.id)
    ]
    loaded = load_baseline(path)
    assert loaded == replace(run(*CASES), results=tuple(expected))
    assert loaded.results[1].excerpts[0].text == "Do not take b with wine."


def test_the_time_of_each_case_is_the_95th_percentile_of_the_run(path):
    bless(run(*(right(f"c{number:02d}", milliseconds=float(number)) for number in range(20))), path, "First.", DAY)
    assert {result.milliseconds for result in load_baseline(path).results} == {18.0}


def test_a_case_that_moves_changes_its_own_line_only(path):
    bless(run(*many(30)), path, "First one.", DAY)
    before = path.read_text(encoding="utf-8").splitlines()
    moved = [
        wrong(each.id) if each.id == "case-007" else replace(each, milliseconds=11.0) for each in reversed(many(30))
    ]
    bless(run(*moved), path, "The new reader loses a table;\n known.", DAY)
    after = path.read_text(encoding="utf-8").splitlines()
    changed = [each for each in difflib.ndiff(before, after) if each[0] == "+"]
    assert len([each for each in changed if '"id":"case-007"' in each]) == 1
    assert [each[:30] for each in changed if '"id":"case-007"' not in each] == [
        '+ "milliseconds": 11.0,',
        '+ {"date": "2026-11-24", "reas',  # the earlier entry, which has a comma now
        '+ {"date": "2026-11-24", "reas',
    ]


def test_earlier_reasons_are_kept_oldest_first(path):
    bless(run(*many(2), code="aaaa"), path, "First one.", DAY)
    bless(run(*many(2), code="bbbb+"), path, " Better\n tables. ", date(2026, 11, 25))
    assert json.loads(path.read_text(encoding="utf-8"))["history"] == [
        {"date": "2026-11-24", "reason": "First one.", "code": "aaaa"},
        {"date": "2026-11-25", "reason": "Better tables.", "code": "bbbb+"},
    ]


def test_equal_runs_are_equal_files(path, tmp_path):
    bless(run(*CASES), path, "One.", DAY)
    bless(run(*reversed(CASES)), tmp_path / "other.json", "One.", DAY)
    assert path.read_bytes() == (tmp_path / "other.json").read_bytes()


def test_a_regression_is_found_against_a_baseline(path):
    bless(run(*many(40)), path, "First one.", DAY)
    found = compare(
        load_baseline(path), run(*many(20), *(wrong(f"case-{number:03d}") for number in range(20, 40))), Plan()
    )
    assert len(found.of_kind(REGRESSED)) == 20
    assert found.verdict.code == 1


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_baseline_without_a_reason_is_refused(path, reason):
    with pytest.raises(UsageError, match="expected a reason"):
        bless(run(*many(2)), path, reason, DAY)
    assert not path.exists()


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (replace(right("old"), stage=STALE, passed=False, scores={}), "does not stand in the documents any more: old"),
        (replace(right("b"), scores={**right("b").scores, "verbatim": 0.5}), "verbatim is below 1 in 1 case"),
        (right("case-000"), "holds case-000 more than once"),
    ],
)
def test_what_nobody_should_measure_against_is_refused(path, bad, message):
    with pytest.raises(UsageError, match=message):
        bless(run(*many(2), bad), path, "Looks good.", DAY)
    assert not path.exists()


def test_a_worker_of_a_parallel_test_run_may_not_bless(path, monkeypatch):
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    with pytest.raises(UsageError, match="Leave out -n"):
        bless(run(*many(2)), path, "Looks good.", DAY)


@pytest.mark.parametrize("text", ["", "[1]", '{"format": 1}', '{"baseline": 1}', '{"baseline": 1, "history": []}'])
def test_another_file_is_no_baseline(path, text):
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="expected a baseline"):
        load_baseline(path)


def test_another_file_is_not_overwritten(tmp_path):
    save(tmp_path / "run.json", run(*many(2)))
    with pytest.raises(UsageError, match="Name a new path"):
        bless(run(*many(2)), tmp_path / "run.json", "Looks good.", DAY)


def test_a_missing_baseline_says_how_to_make_one(path):
    with pytest.raises(UsageError, match="citewell eval bless RUN"):
        load_baseline(path)


def test_texts_that_utf_8_can_not_hold_come_back(path):
    odd = right("odd", question="half a pair: \ud800, two lines: \u2028, a quote: \\ud83d")
    bless(run(odd, right("b")), path, "Odd ones.", DAY)
    assert load_baseline(path).results[1].question == odd.question


def test_250_cases_with_three_long_quotations_stay_below_300_kilobytes(path):
    names = "citation_precision citation_recall compression contained denials_kept evidence_f1 judged@10 recall@10 rr@10 rouge_l".split()
    words = "The usual dose is 500 mg every eight hours, taken with a full glass of water before a meal. " * 2
    cases = [
        right(
            f"examplol-dose-{number:03d}",
            excerpts=tuple(Place("examplol-label", 100, 280, words) for _ in range(3)),
            nearest=tuple(Place("examplol-label", 100, 900, words * 5) for _ in range(3)),
            passages=tuple(Place("examplol-label", 0, 900) for _ in range(100)),
            scores={**right("a").scores, **dict.fromkeys(names, 0.630930)},
        )
        for number in range(250)
    ]
    bless(run(*cases), path, "Large.", DAY)
    assert path.stat().st_size < 300_000
