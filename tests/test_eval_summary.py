"""A run in figures, worked by hand over nine small results."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import test_eval_scores as scores_of
from hypothesis import given
from hypothesis import strategies as st

from citewell.evaluate.figures import Bin
from citewell.evaluate.invariants import INVARIANTS
from citewell.evaluate.outcome import STAGES, STALE, WRONGLY_ANSWERED, CaseResult, Place, Provenance, Run
from citewell.evaluate.plan import Plan
from citewell.evaluate.scores import score
from citewell.evaluate.statistics import bootstrap_interval, wilson, zero_bound
from citewell.evaluate.summary import interval, is_right, summarise

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[1]
PLAN = Plan()
GOLD, WRONG = Place("label", 10, 20, grade=2), Place("label", 50, 60)
PROVENANCE = Provenance("", "", "", "", "", "", "", "", "", "", {}, 0, 0.43, 0, 0)


def result(name, confidence, *, answerable=True, shown=None, nearest=None, **fields):
    found = CaseResult(
        id=name, parent=name, cluster=name, question="?", history=(), answerable=answerable, severity="normal", tags=(),
        source="curated", xfail=None, gold=(GOLD,) if answerable else (), answered=shown is not None, confidence=confidence,
        reason=None, excerpts=(shown,) if shown else (), nearest=(nearest,) if nearest else (), disagreements=(),
        passages=(), documents=(), scores={}, passed=True, stage=None, milliseconds=10.0,
    )  # fmt: skip
    return replace(found, **fields)


RESULTS = (
    result("a", 0.9, shown=GOLD, scores={"right_first": 1.0, "ndcg@10": 0.8}, milliseconds=40.0),
    result("b", 0.8, shown=GOLD, scores={"right_first": 1.0, "ndcg@10": 0.5}),
    result("c", 0.7, shown=WRONG, scores={"right_first": 0.0, "ndcg@10": 0.2}, passed=False, stage="not chosen"),
    result("d", 0.3, nearest=GOLD, scores={"right_first": 0.0}, passed=False, stage="wrongly refused"),
    result("e", 0.6, answerable=False, shown=WRONG, severity="critical", passed=False, stage=WRONGLY_ANSWERED),
    result("f", 0.1, answerable=False, nearest=WRONG, severity="critical"),
    result("g", 0.95, shown=WRONG, gold=(), passed=False, stage=STALE),
    result("a~1", 0.5, shown=GOLD, parent="a", cluster="a"),
    result("c~1", 0.5, shown=GOLD, parent="c", cluster="c"),
    result("f~1", 0.5, parent="f", cluster="f", answerable=False),
    result("s", 0.9, answerable=False, shown=WRONG, severity="critical", source="synthetic"),
)
SUMMARY = summarise(Run("2026-01-01", 1.0, PROVENANCE, RESULTS), PLAN)


def value(name):
    return SUMMARY.of(name).value


def test_the_headline_is_counted():
    assert (SUMMARY.cases, SUMMARY.answerable, SUMMARY.passed) == (7, 5, 3)
    counts = dict.fromkeys(STAGES, 0) | {STALE: 1, "not chosen": 1, "wrongly refused": 1, WRONGLY_ANSWERED: 1}
    assert SUMMARY.stages == tuple(counts.items())


def test_harmful_answers_are_told_with_the_most_that_their_share_may_be():
    assert (SUMMARY.harmful, SUMMARY.critical_refusals, SUMMARY.harmful_bound) == (1, 2, zero_bound(2, 1))
    milder = summarise(
        Run("2026-01-01", 1.0, PROVENANCE, (*RESULTS, replace(RESULTS[4], id="h", parent="h", severity="normal"))), PLAN
    )
    assert (milder.harmful, milder.critical_refusals) == (1, 2)
    empty = summarise(Run("2026-01-01", 1.0, PROVENANCE, RESULTS[:4]), PLAN)
    assert (empty.harmful, empty.critical_refusals, empty.harmful_bound) == (0, 0, 1.0)


def test_metrics_are_means_with_their_intervals():
    first, graded = SUMMARY.of("right_first"), SUMMARY.of("ndcg@10")
    assert (first.cases, first.value, (first.low, first.high)) == (4, 0.5, wilson(2, 4))
    assert (graded.cases, graded.value) == (3, pytest.approx(0.5))
    assert (graded.low, graded.high) == bootstrap_interval([0.8, 0.5, 0.2], ["a", "b", "c"], PLAN)


def test_refusals_by_hand():
    assert [value(f"refusal_{name}") for name in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]
    assert value("auroc") == pytest.approx((4 + 4 - 1) / 8)  # d, at 0.3, is below e


def test_confidence_by_hand():
    errors = [0.1**2, 0.2**2, 0.7**2, 0.7**2, 0.6**2, 0.1**2]
    assert value("brier") == pytest.approx(sum(errors) / 6)
    assert value("ece") == pytest.approx((0.1 + 0.2 + 0.7 + 0.7 + 0.6 + 0.1) / 6)
    assert value("aurc") == pytest.approx((0 + 0 + 1 / 3 + 2 / 4 + 2 / 5 + 3 / 6) / 6)
    assert value("augrc") == pytest.approx((0 + 0 + 1 + 2 + 2 + 3) / 6 / 6)
    assert value("coverage@risk1") == value("coverage@risk5") == pytest.approx(2 / 6)
    null = SUMMARY.of("ece_null")
    assert null.low < null.value < null.high
    assert SUMMARY.risk_coverage[1] == (2 / 6, 0.0)
    assert SUMMARY.reliability[-1] == Bin(0.9, 1.0, 1, 0.9, 1.0)


def test_confidence_speaks_of_the_quotation_that_would_be_shown_with_a_lower_threshold():
    told = {each.id: is_right(each) for each in RESULTS[:7]}
    assert told == {"a": True, "b": True, "c": False, "d": True, "e": False, "f": False, "g": None}
    assert is_right(replace(RESULTS[0], answered=False, excerpts=())) is False


def test_a_paraphrase_is_stable_where_it_shows_the_same_place_or_nothing_too():
    stable = SUMMARY.of("paraphrase_stability")
    assert (stable.cases, stable.value) == (3, pytest.approx(2 / 3))


def test_times_are_those_that_occurred():
    assert (value("p50_ms"), value("p95_ms")) == (10.0, 40.0)


def test_a_run_of_stale_cases_has_no_figures():
    summary = summarise(Run("2026-01-01", 1.0, PROVENANCE, RESULTS[6:7]), PLAN)
    assert (summary.cases, summary.figures, summary.reliability, summary.risk_coverage) == (1, (), (), ())


def test_what_never_failed_in_few_clusters_may_fail_still():
    clusters = ["a"] * 50 + ["b"] * 50
    assert interval([1.0] * 100, clusters, PLAN) == wilson(2, 2)
    assert interval([1.0] * 100, ["a"] * 100, PLAN) == wilson(100, 100)
    mixed = [1.0] * 50 + [0.0] * 50
    assert interval(mixed, clusters, PLAN) == bootstrap_interval(mixed, clusters, PLAN)


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0, 0.4]), st.sampled_from("abc")), min_size=1, max_size=12))
def test_an_interval_holds_its_mean(pairs):
    values, clusters = [each for each, _ in pairs], [each for _, each in pairs]
    low, high = interval(values, clusters, PLAN)
    assert low - 1e-9 <= sum(values) / len(values) <= high + 1e-9


def test_the_table_defines_every_measure_and_names_tests_that_exist():
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    defined = {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    scored = set(score(scores_of.CASE, replace(scores_of.RESULT, excerpts=(scores_of.DOSE,))))
    measured = {figure.name for figure in SUMMARY.figures} | scored | {"compression", *INVARIANTS}
    assert defined == measured
    tests = {
        name
        for path in (ROOT / "tests").glob("test_eval_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert set(re.findall(r"`(test_\w+)`", text)) <= tests
