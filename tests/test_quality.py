"""Answers are no worse than they were: the curated suite on the starter corpus, and the questions on the seed documents.

The suite is judged by the gates of `citewell eval` against its blessed baseline. Once a change is meant to move the
answers, run it, look at what moved, and bless the run with the reason:

    .venv/bin/python tests/test_quality.py "why the answers are right now"
    git diff tests/quality

The seed documents are not ours to quote, so their part of the baseline holds ids alone.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from citewell.encode import DEFAULT_SHA256
from citewell.evaluate.baseline import bless, load_baseline
from citewell.evaluate.cases import read_suite
from citewell.evaluate.compare import compare
from citewell.evaluate.outcome import Run
from citewell.evaluate.plan import Plan
from citewell.evaluate.run import run_suite
from citewell.index import build, open_index

ROOT = Path(__file__).resolve().parents[1]
QUALITY = ROOT / "tests" / "quality"
SUITE, BASELINE = QUALITY / "golden.jsonl", QUALITY / "golden.baseline.json"
SEEDS, SEEDS_SUITE, SEEDS_BASELINE = (
    ROOT.parent / "shared" / "seeds",
    QUALITY / "seeds.jsonl",
    QUALITY / "seeds.baseline.json",
)
MEASURES = ("right_first", "right_any", "refusal_right")
TOLERATED = 1  # cases a measure: a tie may fall the other way
UNTIMED = replace(Plan(), slower=float("inf"))  # time is measured in benchmarks/


@pytest.fixture(autouse=True)
def exact(monkeypatch):
    """Encode in float32: another precision gives other last digits, and the baseline is of no one processor."""
    monkeypatch.setattr("citewell.encode.runtime.quickest", lambda _: "f32")


def measured(source: Path, suite: Path, folder: Path) -> Run:
    """Index a folder with the real model and run a suite on it."""
    build([source], index=folder)
    index = open_index(folder)
    assert index.manifest.weights == DEFAULT_SHA256
    return run_suite(read_suite(suite), index, suite_path=suite.relative_to(ROOT).as_posix())


def wrong(run: Run) -> dict[str, list[str]]:
    """The ids of the cases that went wrong, by measure."""
    return {
        measure: sorted(each.id for each in run.results if each.scores.get(measure, 1.0) < 1) for measure in MEASURES
    }


def losses(before: dict[str, list[str]], now: dict[str, list[str]]) -> list[str]:
    """What is worse than the baseline allows, in words, with the questions that flipped."""
    return [
        f"{measure}: expected at most {len(before[measure]) + TOLERATED} wrong, found {len(now[measure])}. "
        f"Now wrong: {', '.join(sorted({*now[measure]} - {*before[measure]}))}"
        for measure in MEASURES
        if len(now[measure]) > len(before[measure]) + TOLERATED
    ]


@pytest.mark.model
def test_the_curated_suite_passes_its_gates(tmp_path):
    comparison = compare(load_baseline(BASELINE), measured(ROOT / "corpus", SUITE, tmp_path), UNTIMED)
    assert (comparison.verdict.failed, comparison.verdict.code) == ((), 0)


@pytest.mark.model
@pytest.mark.shared
def test_the_questions_on_the_seeds_are_answered_no_worse_than_before(tmp_path):
    assert (
        losses(json.loads(SEEDS_BASELINE.read_text(encoding="utf-8")), wrong(measured(SEEDS, SEEDS_SUITE, tmp_path)))
        == []
    )


@pytest.mark.unit
def test_a_drop_of_more_than_one_case_is_a_loss_that_names_the_questions():
    before = {"right_first": ["a", "b"], "right_any": [], "refusal_right": ["c"]}
    assert losses(before, before) == []
    assert losses(before, {**before, "right_first": ["a", "b", "d"]}) == []
    assert losses(before, {**before, "right_first": ["a", "c", "d", "e"]}) == [
        "right_first: expected at most 3 wrong, found 4. Now wrong: c, d, e"
    ]


def main(reason: str) -> None:
    """Bless what is measured now; the seeds' part is kept where they are not here."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr("citewell.encode.runtime.quickest", lambda _: "f32")
        bless(measured(ROOT / "corpus", SUITE, Path(folder) / "corpus"), BASELINE, reason, date.today())
        if SEEDS.is_dir():
            found = wrong(measured(SEEDS, SEEDS_SUITE, Path(folder) / "seeds"))
            SEEDS_BASELINE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
