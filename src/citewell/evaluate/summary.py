"""What a run comes to over the cases of its headline: means with their intervals, and whether confidence can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from citewell.evaluate.calibration import (
    augrc,
    aurc,
    auroc,
    calibration_error,
    coverage_at,
    null_errors,
    reliability,
    risk_coverage,
    squared_errors,
)
from citewell.evaluate.figures import Figure, Summary
from citewell.evaluate.outcome import STAGES, STALE, CaseResult, Run, headline
from citewell.evaluate.plan import Plan
from citewell.evaluate.spans import overlaps_any, relevant
from citewell.evaluate.statistics import bootstrap_interval, percentile, wilson, zero_bound

RISKS = (0.01, 0.05)  # shares of wrong answers at which coverage is told


def summarise(run: Run, plan: Plan) -> Summary:
    """The figures of a run. Cases whose evidence is stale count as cases, and are in no other figure."""
    counted = headline(run.results)
    valid = [result for result in counted if result.stage != STALE]
    told = {result.id: good for result in valid if (good := is_right(result)) is not None}
    confident, right = [result for result in valid if result.id in told], list(told.values())
    sure = [result.confidence for result in confident]
    stages = Counter(result.stage for result in counted)
    critical = [result for result in valid if result.severity == "critical" and not result.answerable]
    harmful = sum(result.answered for result in critical)
    return Summary(
        cases=len(counted),
        answerable=sum(result.answerable for result in counted),
        passed=sum(result.passed for result in counted),
        figures=(
            *metric_figures(valid, plan),
            *refusal_figures(valid, plan),
            *confidence_figures(confident, right, plan),
            *stability_figures(run, plan),
            *time_figures(valid),
        ),
        reliability=reliability(sure, right),
        risk_coverage=risk_coverage(sure, right),
        stages=tuple((stage, stages[stage]) for stage in STAGES),
        harmful=harmful,
        critical_refusals=len(critical),
        harmful_bound=zero_bound(len(critical), harmful),
    )


def is_right(result: CaseResult) -> bool | None:
    """Whether the quotation that the confidence speaks of is right; None where no evidence tells.

    It is the first one shown; of a refusal, the first of the nearest, which would have been shown with a lower
    threshold. So what is said of confidence does not depend on the threshold. Where nothing answers, none is right.
    """
    right = relevant(result.gold)
    if result.answerable and not right:
        return None
    first = (result.excerpts or result.nearest)[:1]
    return bool(first) and overlaps_any(first[0], right)


def metric_figures(results: Sequence[CaseResult], plan: Plan) -> Iterator[Figure]:
    """Yield the mean of each metric over the cases that it applies to, in the order of their names."""
    for name in sorted({name for result in results for name in result.scores}):
        having = [result for result in results if name in result.scores]
        yield mean_figure(name, having, [result.scores[name] for result in having], plan)


def mean_figure(name: str, results: Sequence[CaseResult], values: Sequence[float], plan: Plan) -> Figure:
    """The mean of one value a case, with its interval."""
    low, high = interval(values, [result.cluster for result in results], plan)
    return Figure(name, len(values), sum(values) / len(values), low, high)


def interval(values: Sequence[float], clusters: Sequence[str], plan: Plan) -> tuple[float, float]:
    """The 95 % interval of a mean: Wilson's for a share of independent cases, else by bootstrap over clusters.

    Where all cases went the same way no draw differs, and the bootstrap would promise certainty: there it is Wilson's,
    with clusters for cases.
    """
    kinds = len(set(clusters))
    drawn = kinds if kinds > 1 else len(values)  # one cluster only says nothing of others: its cases are drawn
    same = len(set(values)) == 1
    if set(values) <= {0.0, 1.0} and (same or drawn == len(values)):
        return wilson(round(sum(values) * drawn / len(values)), drawn)
    return bootstrap_interval(values, clusters, plan)


def refusal_figures(results: Sequence[CaseResult], plan: Plan) -> Iterator[Figure]:
    """Yield precision, recall and F1 of refusing, where the right thing to refuse is what nothing answers."""
    refused = [result for result in results if not result.answered]
    unanswerable = [result for result in results if not result.answerable]
    if refused:
        yield mean_figure("refusal_precision", refused, [float(not each.answerable) for each in refused], plan)
    if unanswerable:
        yield mean_figure("refusal_recall", unanswerable, [float(not each.answered) for each in unanswerable], plan)
        rightly = sum(not each.answered for each in unanswerable)
        yield Figure("refusal_f1", len(results), 2 * rightly / (len(refused) + len(unanswerable)))
    answerable = [result for result in results if result.answerable]
    if answerable and unanswerable:
        sides = ([each.confidence for each in side] for side in (answerable, unanswerable))
        yield Figure("auroc", len(results), auroc(*sides))


def confidence_figures(results: Sequence[CaseResult], right: Sequence[bool], plan: Plan) -> Iterator[Figure]:
    """Yield how far confidence is the chance of being right, and what could be answered at little risk."""
    if not results:
        return
    sure, cases = [result.confidence for result in results], len(results)
    null, points = null_errors(sure, plan), risk_coverage(sure, right)
    low, high = map(float, np.quantile(null, [0.025, 0.975]))
    yield mean_figure("brier", results, squared_errors(sure, right), plan)
    yield Figure("ece", cases, calibration_error(reliability(sure, right)))
    yield Figure("ece_null", cases, float(null.mean()), low, high)
    yield Figure("aurc", cases, aurc(sure, right))
    yield Figure("augrc", cases, augrc(sure, right))
    for risk in RISKS:
        yield Figure(f"coverage@risk{risk * 100:.0f}", cases, coverage_at(points, risk))


def stability_figures(run: Run, plan: Plan) -> Iterator[Figure]:
    """Yield the share of paraphrases that show the same first quotation as the case itself, or none as it does."""
    own = {result.id: result for result in run.results if result.id == result.parent}
    others = [result for result in run.results if result.id != result.parent and result.parent in own]
    if others:
        same = [float(first_place(each) == first_place(own[each.parent])) for each in others]
        yield mean_figure("paraphrase_stability", others, same, plan)


def first_place(result: CaseResult) -> tuple[str, int, int] | None:
    """Where the first quotation stands; None where there is none."""
    return next(((place.doc, place.start, place.end) for place in result.excerpts), None)


def time_figures(results: Sequence[CaseResult]) -> Iterator[Figure]:
    """Yield the milliseconds that half of the questions, and 95 % of them, don't exceed."""
    times = [result.milliseconds for result in results]
    if times:
        yield Figure("p50_ms", len(times), percentile(times, 0.5))
        yield Figure("p95_ms", len(times), percentile(times, 0.95))
