"""The gates: what fails a run, what only gets said, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measured_runs import many, right, run, silent, wrong

from citewell.evaluate.compare import compare
from citewell.evaluate.comparison import Difference
from citewell.evaluate.gates import falls, judge_alone, listed, may_fall
from citewell.evaluate.outcome import NOT_RETRIEVED, STALE, WRONG_TEXT
from citewell.evaluate.plan import Plan

pytestmark = pytest.mark.unit

PLAN = Plan()


def verdict(before, after, **fields):
    return compare(run(*before), run(*after, **fields), PLAN).verdict


def scored(case, **scores):
    return replace(case, scores={**case.scores, **scores})


# Runs that can't be judged


def test_stale_evidence_can_not_be_judged_and_nothing_else_is_said():
    stale = replace(right("old"), stage=STALE, passed=False, scores={})
    found = verdict([right("a"), right("old")], [scored(right("a"), verbatim=0.5), stale])
    assert (found.code, found.inconclusive) == (2, ())
    assert found.failed == (
        "infra: in the run the evidence of 1 case does not stand in the documents any more: old (stale evidence). "
        "Review them against the documents as they are.",
    )
    assert (
        verdict([stale, right("a")], [right("a")])
        .failed[0]
        .startswith("infra: in the earlier run the evidence of 1 case")
    )


def test_ids_that_come_twice_can_not_be_judged():
    found = judge_alone(run(right("a"), right("b"), right("a")), PLAN)
    assert (found.code, found.failed) == (
        2,
        ("infra: the run holds a more than once. Give each case an id of its own.",),
    )


def test_answers_whose_quotations_were_not_checked_can_not_be_judged():
    found = judge_alone(run(right("a"), right("b", scores={"right_first": 1.0})), PLAN)
    assert (found.code, found.failed) == (
        2,
        ("infra: the run lacks the checks of quotations in b. Run the suite again.",),
    )


def test_an_empty_comparison_is_no_success():
    assert judge_alone(run(), PLAN).code == 2
    found = verdict([right("a")], [right("b")])
    assert (found.code, found.failed) == (
        2,
        ("infra: the two runs have no case in common. Run one suite on both sides.",),
    )


# Promises


@pytest.mark.parametrize("name", ["verbatim", "resolved", "cited", "whole"])
def test_a_broken_promise_fails_whatever_was_before(name):
    broken = scored(right("a"), **{name: 0.5})
    for found in (verdict([broken, right("b")], [broken, right("b")]), judge_alone(run(broken, right("b")), PLAN)):
        assert found.code == 1
        assert found.failed == (f"invariant: {name} is below 1 in 1 case (least 0.500): a.",)


def test_a_promise_binds_a_known_failure_too():
    assert judge_alone(run(scored(right("a", xfail="tables"), verbatim=0.5)), PLAN).code == 1


def test_a_critical_case_that_regressed_fails_and_a_normal_one_does_not():
    critical = {"severity": "critical"}
    found = verdict([right("a", **critical), right("b")], [wrong("a", stage=NOT_RETRIEVED, **critical), right("b")])
    assert (found.code, found.failed) == (
        1,
        ("invariant: 1 critical case passed before and failed now: a (not retrieved).",),
    )
    assert verdict([right("a"), right("b", **critical)], [wrong("a"), right("b", **critical)]).code == 0


def test_a_critical_case_that_failed_before_fails_no_gate():
    critical = {"severity": "critical"}
    assert verdict([wrong("a", **critical), right("b")], [wrong("a", **critical), right("b")]).code == 0


def test_a_critical_case_that_is_known_to_fail_fails_no_gate():
    known = {"severity": "critical", "xfail": "tables are not read"}
    assert (
        verdict([right("a", **known), silent("s")], [wrong("a", **known), silent("s", answered=True, xfail="…")]).code
        == 0
    )


def test_a_critical_question_without_an_answer_must_stay_unanswered():
    found = verdict([right("a"), silent("s")], [right("a"), silent("s", answered=True)])
    assert (found.code, found.failed) == (
        1,
        (
            "invariant: something is quoted, and was not before, in 1 critical case that nothing answers: s (wrongly answered).",
        ),
    )
    loud = silent("s", answered=True)
    assert verdict([right("a"), loud], [right("a"), loud]).code == 0
    assert verdict([right("a")], [right("a"), loud]).code == 1  # a new case was not answered before
    assert verdict([right("a"), silent("s")], [right("a"), replace(loud, severity="normal")]).code == 0


def test_a_critical_case_must_not_begin_to_show_a_forbidden_text():
    clean = scored(right("a", severity="critical"), nothing_forbidden=1.0)
    shown = replace(scored(clean, nothing_forbidden=0.0), passed=False, stage=WRONG_TEXT)
    assert verdict([clean, right("b")], [shown, right("b")]).failed == (
        "invariant: a forbidden text is shown, and was not before, in 1 critical case: a (wrong text).",
    )
    assert (
        verdict([replace(clean, passed=False), right("b")], [shown, right("b")]).code == 1
    )  # failed before, but not by that
    assert verdict([shown, right("b")], [shown, right("b")]).code == 0


def test_a_run_alone_lists_what_critical_cases_show_wrongly_and_passes():
    shown = scored(right("a", severity="critical"), nothing_forbidden=0.0)
    found = judge_alone(
        run(shown, silent("s", answered=True), silent("t"), silent("k", answered=True, xfail="…")), PLAN
    )
    assert (found.code, found.failed) == (0, ())
    assert found.notes == ("critical: what must not be is shown in 2 critical cases: a, s (wrongly answered).",)


def test_a_known_failure_that_passes_is_told_and_fails_nothing():
    cases = [right("a", xfail="tables"), right("b")]
    said = ("xfail: unexpectedly passes: a. Remove xfail from 1 case.",)
    assert (verdict(cases, cases).code, verdict(cases, cases).notes) == (0, said)
    assert judge_alone(run(*cases), PLAN).notes == said


# Budget


def test_slow_answers_fail_beyond_the_ratio_and_beyond_the_noise():
    before = many(40, milliseconds=40.0)
    slow = [*many(36, milliseconds=40.0), *(right(f"case-{number:03d}", milliseconds=61.0) for number in range(36, 40))]
    assert verdict(before, slow).failed == (
        "budget: 95 % of the questions took up to 61.0 ms, before 40.0 ms; allowed are 60.0 ms. "
        "The slowest: case-036 (61.0 ms), case-037 (61.0 ms).",
    )
    assert verdict(before, many(40, milliseconds=59.0)).code == 0
    assert verdict(many(40, milliseconds=1.0), many(40, milliseconds=49.0)).code == 0


def test_a_larger_index_fails_by_its_bytes_a_passage():
    cases = many(3)
    assert verdict(cases, cases, index_bytes=900_000, passages=200).code == 0
    assert verdict(cases, cases, index_bytes=626_000).failed == (
        "budget: the index takes 6,260 bytes a passage, before 5,000; allowed are 6,250.",
    )
    assert verdict(cases, cases, passages=0).code == 0


# Primary metrics


def test_a_sure_drop_of_a_primary_metric_fails_with_its_numbers_and_cases():
    before = many(40)
    after = [wrong(each.id) if number < 25 else each for number, each in enumerate(before)]
    found = verdict(before, after)
    assert found.code == 1
    assert [each.split(" fell")[0] for each in found.failed] == ["aggregate: ndcg@10", "aggregate: right_first"]
    assert found.failed[1].startswith("aggregate: right_first fell from 1.000 to 0.375 (-0.625, 95 % interval -0.")
    assert (
        "adjusted p = 1.8e-07, 40 cases in 40 clusters). Worse in 25 cases: case-000 (not chosen), " in found.failed[1]
    )
    assert found.failed[1].endswith("case-019 (not chosen) and 5 more.")


def test_a_drop_that_chance_explains_is_inconclusive_and_says_what_could_be_seen():
    before = many(40)
    after = [wrong(each.id) if number < 3 else each for number, each in enumerate(before)]
    found = verdict(before, after)
    assert (found.code, found.failed) == (0, ())
    assert [each.split(" fell")[0] for each in found.inconclusive] == [
        "aggregate: inconclusive: ndcg@10", "aggregate: inconclusive: right_first",
    ]  # fmt: skip
    assert found.inconclusive[1].endswith(": chance may explain it; this suite can see a drop of 0.276 or more.")


def test_a_small_drop_is_tolerated_however_sure():
    before = many(60)
    after = [scored(each, **{"ndcg@10": 0.991}) for each in before]
    found = verdict(before, after)
    assert (found.code, len(found.inconclusive)) == (0, 1)
    assert "a drop of up to 0.01 is tolerated" in found.inconclusive[0]
    assert verdict(before, [scored(each, **{"ndcg@10": 0.989}) for each in before]).code == 1


@pytest.mark.parametrize(
    ("difference", "high", "adjusted", "failed"),
    [(-0.1, -0.01, 0.01, True), (-0.1, 0.0, 0.01, False), (-0.1, -0.01, 0.05, False), (-0.01, -0.001, 0.01, False)],
)
def test_test_interval_and_tolerance_must_all_agree_that_a_metric_fell(difference, high, adjusted, failed):
    found = Difference("right_first", 50, 50, 0.9, 0.8, difference, -0.2, high, 0.001, adjusted, 0.2, primary=True)
    assert falls(found, PLAN) == failed
    assert may_fall(found, PLAN) == (not failed)


def test_other_metrics_and_gains_fail_nothing():
    worse = [scored(each, **{"recall@10": 0.0}) for each in many(60)]
    assert verdict([scored(each, **{"recall@10": 1.0}) for each in many(60)], worse).code == 0
    found = verdict(many(60, wrong), many(60))
    assert (found.code, found.inconclusive) == (0, ())


def test_few_documents_can_show_no_drop():
    before = [right(f"c{number}", cluster=f"label{number % 5}") for number in range(50)]
    after = [wrong(each.id, cluster=each.cluster) for each in before]
    found = verdict(before, after)
    assert found.code == 0
    assert found.inconclusive[1].endswith("this suite can see no drop at all.")


def test_twenty_names_then_a_count():
    assert listed([str(number) for number in range(20)]).endswith("18, 19")
    assert listed([str(number) for number in range(23)]).endswith("18, 19 and 3 more")
