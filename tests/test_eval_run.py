"""A suite over an index: questions are asked as users ask them, judged case by case, and a failure is told where it began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fakes import DRUGS, Library, library, quick_folder

from citewell.conversation import ask
from citewell.evaluate.cases import Case, Evidence
from citewell.evaluate.invariants import invariants
from citewell.evaluate.outcome import (
    NOT_CHOSEN,
    NOT_RETRIEVED,
    ONE_SIDED,
    STALE,
    WRONG_TEXT,
    WRONGLY_ANSWERED,
    WRONGLY_REFUSED,
    CaseResult,
    Place,
    load,
    save,
)
from citewell.evaluate.run import run_suite, stage_of
from citewell.settings import Settings
from citewell.types import Answer

pytestmark = pytest.mark.unit

DOSE = Case("dose", "What is the dose of alphamab?", True, evidence=(Evidence("alphamab.md", "60 mg"),))
NONE = Case("none", "What is the dose of romosozumab?", False)


@pytest.fixture(scope="module")
def made() -> Iterator[Library]:
    with quick_folder() as folder, pytest.MonkeyPatch.context() as patch:
        yield library(patch, folder, DRUGS)


def test_a_right_answer_passes_and_a_right_silence_too(made):
    run = run_suite([DOSE, NONE], made.open(), suite_path="suite.jsonl")
    assert [(each.id, each.passed, each.stage) for each in run.results] == [("dose", True, None), ("none", True, None)]
    assert run.results[0].scores["right_first"] == 1.0
    assert {run.results[0].scores[name] for name in ("verbatim", "resolved", "cited", "whole")} == {1.0}
    assert run.provenance.suite_path == "suite.jsonl"


def test_paraphrases_are_asked_as_cases_of_the_same_cluster(made):
    run = run_suite([replace(DOSE, paraphrases=("How much alphamab is given?",))], made.open())
    assert [(each.id, each.parent, each.cluster) for each in run.results] == [
        ("dose", "dose", "alphamab.md"),
        ("dose~1", "dose", "alphamab.md"),
    ]


def test_evidence_that_stands_nowhere_is_stale_and_scores_nothing(made):
    gone = replace(DOSE, evidence=(Evidence("alphamab.md", "75 mg of everything"), Evidence("nowhere.md", "60 mg")))
    [result] = run_suite([gone], made.open()).results
    assert (result.stage, result.passed, result.scores) == (STALE, False, {})
    assert "nowhere.md is not in the index" in (result.reason or "")


def test_equal_runs_are_equal_but_for_their_times(made):
    def timeless(results: tuple[CaseResult, ...]) -> list[CaseResult]:
        return [replace(each, milliseconds=0.0) for each in results]

    first, second = (run_suite([DOSE, NONE], made.open()) for _ in range(2))
    assert timeless(first.results) == timeless(second.results)
    assert first.provenance == second.provenance


def test_a_run_survives_its_file(made, tmp_path):
    run = run_suite([DOSE, NONE], made.open())
    save(tmp_path / "run.json", run)
    assert load(tmp_path / "run.json") == run


GOLD = Place("d.md", 10, 20, piece=0, grade=2)
RESULT = CaseResult(
    "a", "a", "d.md", "Q?", (), True, "normal", (), "curated", None, (GOLD,), True, 0.9, None, (), (), (),
    (Place("d.md", 0, 50),), ("d.md",), {}, False, None, 1.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "stage"),
    [
        ({"scores": {"right_any": 1.0}}, None),
        ({"scores": {"right_any": 1.0, "must_contain": 0.0}}, WRONG_TEXT),
        ({"scores": {"right_any": 1.0, "nothing_forbidden": 0.0}}, WRONG_TEXT),
        ({"scores": {"right_any": 1.0, "both_sides": 0.0}}, ONE_SIDED),
        ({"scores": {"right_any": 0.0}}, NOT_CHOSEN),
        ({"scores": {"right_any": 0.0}, "answered": False}, WRONGLY_REFUSED),
        ({"scores": {"right_any": 0.0}, "passages": (Place("d.md", 20, 50),)}, NOT_RETRIEVED),
        ({"scores": {"right_any": 0.0}, "passages": (Place("e.md", 0, 50), Place("d.md", 0, 50))}, NOT_RETRIEVED),
        ({"answerable": False, "gold": (), "scores": {}}, WRONGLY_ANSWERED),
        ({"answerable": False, "gold": (), "scores": {}, "answered": False}, None),
    ],
)
def test_a_failure_is_told_where_it_began(change, stage):
    assert stage_of(replace(RESULT, **change), passages=1) == stage


def broken(answer: Answer, **change: object) -> Answer:
    first, *rest = answer.excerpts
    return replace(answer, excerpts=(replace(first, **change), *rest))


def test_every_promise_that_is_broken_is_seen(made):
    index = made.open()
    answer = ask(index, DOSE.question)
    first, shown = answer.excerpts[0], len(answer.excerpts) + len(answer.nearest)
    kept = (shown - 1) / shown
    assert invariants(index, answer) == {"verbatim": 1.0, "resolved": 1.0, "cited": 1.0, "whole": 1.0}
    assert invariants(index, broken(answer, text=first.text.replace("60", "75")))["verbatim"] == kept
    assert invariants(index, broken(answer, document_id="nowhere.md"))["resolved"] == kept
    assert invariants(index, broken(answer, citation=99))["cited"] == kept
    cut = broken(answer, start=first.start + 1, text=first.text[1:])
    assert (invariants(index, cut)["whole"], invariants(index, cut)["verbatim"]) == (kept, 1.0)


def test_other_numbers_give_another_run(made):
    silent = run_suite([DOSE], made.open(), settings=replace(Settings(), answer_confidence=0.999999))
    assert [(each.stage, each.answered) for each in silent.results] == [(WRONGLY_REFUSED, False)]
    assert silent.provenance.settings != run_suite([DOSE], made.open()).provenance.settings
