"""Two runs side by side: what becomes of each case, and what of each metric."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measured_runs import many, right, run, silent, wrong

from citewell.errors import UsageError
from citewell.evaluate.compare import FEWEST, compare
from citewell.evaluate.comparison import CHANGED, FIXED, NEW, REGRESSED, REMOVED, SAME
from citewell.evaluate.outcome import Place
from citewell.evaluate.plan import PRIMARY, Plan
from citewell.evaluate.statistics import bootstrap_interval, mcnemar_p

pytestmark = pytest.mark.unit

PLAN = Plan()


def kinds(before, after):
    return [(pair.present.id, pair.kind) for pair in compare(run(*before), run(*after), PLAN).pairs]


def of(comparison, metric):
    return next(each for each in comparison.differences if each.metric == metric)


def test_a_run_beside_itself_differs_nowhere():
    one = run(
        *many(6), wrong("bad"), silent("none"), silent("loud", answered=True), right("case-000~1", cluster="case-000")
    )
    found = compare(one, one, PLAN)
    assert {pair.kind for pair in found.pairs} == {SAME}
    assert [(each.difference, each.low, each.high, each.p) for each in found.differences] == [(0, 0, 0, 1)] * 7
    assert [(each.low, each.high, each.after - each.before) for each in found.slices] == [(0, 0, 0)] * 3
    assert (found.verdict.code, found.verdict.failed, found.verdict.inconclusive) == (0, (), ())


def test_each_case_is_what_became_of_it_in_the_order_of_the_suite():
    before = [right("a"), wrong("b"), right("c"), right("gone"), wrong("e")]
    after = [right("new"), wrong("a"), right("b"), right("c"), wrong("e")]
    assert kinds(before, after) == [
        ("new", NEW), ("a", REGRESSED), ("b", FIXED), ("c", SAME), ("e", SAME), ("gone", REMOVED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"confidence": 0.8 + 2e-6}, CHANGED),
        ({"confidence": 0.8 + 5e-7}, SAME),
        ({"excerpts": (Place("a", 10, 50, "…"),)}, CHANGED),
        ({"excerpts": ()}, CHANGED),
        ({"disagreements": ((1, 2),)}, CHANGED),
        ({"reason": "nothing about wine"}, CHANGED),
        ({"milliseconds": 99.0, "passages": ()}, SAME),
        ({"severity": "critical", "tags": ("food",)}, SAME),
    ],
)
def test_another_answer_with_the_same_verdict_is_told_apart(other, kind):
    assert kinds([right("a")], [right("a", **other)]) == [("a", kind)]


def test_the_order_of_the_quotations_counts():
    first, second = Place("a", 10, 40, "x"), Place("a", 50, 60, "y")
    assert kinds([right("a", excerpts=(first, second))], [right("a", excerpts=(second, first))]) == [("a", CHANGED)]


@pytest.mark.parametrize(
    "other",
    [
        {"question": "May I drink beer?"},
        {"history": ("What is a?",)},
        {"answerable": False},
        {"gold": (Place("a", 11, 40, "", 2),)},
        {"gold": (Place("a", 10, 40, "", 1),)},
    ],
)
def test_a_case_that_asks_something_else_is_not_compared(other):
    assert kinds([right("a"), right("b")], [wrong("a", **other), right("b")]) == [
        ("a", NEW),
        ("b", SAME),
        ("a", REMOVED),
    ]


def test_a_known_failure_never_regresses_and_may_be_fixed():
    assert kinds([right("a")], [wrong("a", xfail="tables")]) == [("a", CHANGED)]
    assert kinds([wrong("a", xfail="tables")], [right("a", xfail="tables")]) == [("a", FIXED)]
    assert kinds([right("a", xfail="tables")], [wrong("a")]) == [("a", REGRESSED)]


def test_runs_over_other_documents_are_refused_by_name():
    with pytest.raises(UsageError, match="found corpus aaaaaaaaaaaa and corpus bbbbbbbbbbbb: .*citewell eval bless"):
        compare(run(right("a")), run(right("a"), corpus="bb" * 32), PLAN)


def test_only_the_cases_that_both_runs_have_are_measured():
    found = compare(run(*many(8), wrong("gone")), run(*many(8), wrong("new")), PLAN)
    assert [(each.metric, each.cases, each.difference) for each in found.differences if each.primary] == [
        (metric, 8, 0) for metric in PRIMARY
    ]
    assert {each.cases for each in found.slices} == {8}


def test_paraphrases_and_synthetic_cases_are_listed_but_not_counted():
    extra = [right("case-000~1", parent="case-000"), right("made", source="synthetic")]
    worse = [wrong("case-000~1", parent="case-000"), wrong("made", source="synthetic")]
    found = compare(run(*many(8), *extra), run(*many(8), *worse), PLAN)
    assert [pair.present.id for pair in found.of_kind(REGRESSED)] == ["case-000~1", "made"]
    assert of(found, "right_first").difference == 0


def test_where_no_case_is_curated_all_are_counted():
    made = {"source": "synthetic"}
    found = compare(run(*many(8, **made)), run(*many(7, **made), wrong("case-007", **made)), PLAN)
    assert of(found, "right_first").difference == -1 / 8


def test_differences_by_hand():
    before = many(20)
    after = [wrong(each.id) if number < 7 else each for number, each in enumerate(before)]
    found = compare(run(*before), run(*after), PLAN)
    assert [each.metric for each in found.differences] == [*PRIMARY, "cited", "resolved", "verbatim", "whole"]
    first = of(found, "right_first")
    assert (first.cases, first.clusters, first.before, first.after) == (20, 20, 1.0, 0.65)
    assert first.difference == pytest.approx(-0.35)
    interval = bootstrap_interval([-1.0] * 7 + [0.0] * 13, [each.id for each in before], PLAN)
    assert (first.low, first.high) == pytest.approx(interval)
    assert first.p == pytest.approx(mcnemar_p(7, 0))
    assert first.adjusted == pytest.approx(3 * mcnemar_p(7, 0))  # three primary metrics
    assert of(found, "ndcg@10").adjusted == pytest.approx(3 * mcnemar_p(7, 0))
    assert of(found, "refusal_right").adjusted == 1
    assert of(found, "cited").adjusted is None


def test_cases_of_one_document_count_as_one_draw():
    before = [right(f"c{number}", cluster=f"label{number // 5}") for number in range(30)]
    after = [
        replace(wrong(each.id), cluster=each.cluster) if number < 15 else each for number, each in enumerate(before)
    ]
    first = of(compare(run(*before), run(*after), PLAN), "right_first")
    assert (first.clusters, first.p) == (6, 2 / 2**3)
    assert mcnemar_p(15, 0) < 0.0001


def test_a_metric_counts_where_both_sides_have_it():
    before, after = many(8), many(8)
    after[0] = right("case-000", scores={**after[0].scores, "token_f1": 0.5})
    before[1] = right("case-001", scores={**before[1].scores, "both_sides": 0.0})
    after[1] = right("case-001", scores={**after[1].scores, "both_sides": 1.0})
    found = compare(run(*before), run(*after), PLAN)
    assert [(each.metric, each.cases, each.difference) for each in found.differences if each.metric[0] in "bt"] == [
        ("both_sides", 1, 1)
    ]


def test_rounding_is_no_difference():
    before = [right(each.id, scores={**each.scores, "ndcg@10": 0.1 + 0.2}) for each in many(8)]
    after = [right(each.id, scores={**each.scores, "ndcg@10": 0.3}) for each in many(8)]
    assert of(compare(run(*before), run(*after), PLAN), "ndcg@10").difference == 0


def test_tags_with_enough_cases_are_slices():
    before = [
        *many(FEWEST, tags=("dose", "table")),
        *(right(f"r{number}", tags=("renal",)) for number in range(FEWEST - 1)),
    ]
    after = [wrong("case-000", tags=("dose", "table")), *before[1:]]
    found = compare(run(*before), run(*after), PLAN)
    assert [(each.tag, each.metric, each.cases) for each in found.slices] == [
        (tag, metric, FEWEST) for tag in ("dose", "table") for metric in PRIMARY
    ]
    first = found.slices[1]
    assert (first.before, first.after, first.high) == (1, 0.8, 0)
    assert first.low < -0.2
