"""Two runs side by side: each case, each metric with its interval and test, each tag, and the verdict of the gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from citewell.errors import UsageError
from citewell.evaluate.comparison import (
    CHANGED,
    FIXED,
    NEW,
    REGRESSED,
    REMOVED,
    SAME,
    Comparison,
    Difference,
    Pair,
    Slice,
    common,
)
from citewell.evaluate.gates import judge
from citewell.evaluate.outcome import CaseResult, Run
from citewell.evaluate.plan import PRIMARY, Plan
from citewell.evaluate.statistics import bootstrap_interval, by_cluster, detectable, holm, permutation_p

FEWEST = 5  # cases of a tag; the interval of fewer says nothing
CLOSE = 1e-6  # confidences that are closer are equal: last digits differ from machine to machine
EQUAL = 1e-9  # scores that are closer are equal

Both = tuple[CaseResult, CaseResult]  # a case before and after


def compare(before: Run, after: Run, plan: Plan) -> Comparison:
    """Compare two runs over the same documents; UsageError where the documents differ."""
    if before.provenance.corpus != after.provenance.corpus:
        raise UsageError(
            f"expected two runs over the same documents, found corpus {before.provenance.corpus[:12]} and corpus "
            f"{after.provenance.corpus[:12]}: answers differ with the documents, so these runs can't be compared. Run the "
            "suite on both indexes again, over the same documents, or start from the newer run: "
            'citewell eval bless RUN --reason "…".'
        )
    pairs = tuple(pair_up(before, after))
    differences = differences_of(pairs, plan)
    slices = tuple(slices_of(common(pairs), plan))
    return Comparison(before, after, pairs, differences, slices, judge(before, after, pairs, differences, plan))


def pair_up(before: Run, after: Run) -> Iterator[Pair]:
    """Yield every case of the newer run in its order, then those that only the earlier one has.

    A case that keeps its id but asks something else, or is answered by something else, is a removed one and a new one.
    """
    old = {result.id: result for result in before.results}
    kept = set()
    for result in after.results:
        earlier = old.get(result.id)
        if earlier is None or asked(earlier) != asked(result):
            yield Pair(NEW, None, result)
        else:
            kept.add(result.id)
            yield Pair(kind_of(earlier, result), earlier, result)
    for result in before.results:
        if result.id not in kept:
            yield Pair(REMOVED, result, None)


def asked(result: CaseResult) -> tuple[object, ...]:
    """What a case asks, and what answers it."""
    gold = {(place.doc, place.start, place.end, place.grade) for place in result.gold}
    return result.question, result.history, result.answerable, gold


def kind_of(before: CaseResult, after: CaseResult) -> str:
    """What became of a case. One that is known to fail now did not regress."""
    if before.passed and not after.passed and after.xfail is None:
        return REGRESSED
    if after.passed and not before.passed:
        return FIXED
    same = shown(before) == shown(after) and abs(before.confidence - after.confidence) <= CLOSE
    return SAME if same and before.passed == after.passed else CHANGED


def shown(result: CaseResult) -> tuple[object, ...]:
    """What a reader sees of an answer, but for its confidence."""
    excerpts = [(place.doc, place.start, place.end) for place in result.excerpts]
    return excerpts, result.disagreements, result.reason


def differences_of(pairs: Sequence[Pair], plan: Plan) -> tuple[Difference, ...]:
    """Every metric that both runs have, over the headline cases they share; the primary metrics first."""
    both = common(pairs)
    names = {name for before, after in both for name in before.scores.keys() & after.scores.keys()}
    primary = [name for name in PRIMARY if name in names]
    found = [measure(name, both, plan, tests=len(primary)) for name in primary]
    adjusted = holm([each.p for each in found])
    return (
        *(replace(each, adjusted=p, primary=True) for each, p in zip(found, adjusted, strict=True)),
        *(measure(name, both, plan) for name in sorted(names.difference(PRIMARY))),
    )


def measure(metric: str, both: Sequence[Both], plan: Plan, tests: int = 1) -> Difference:
    """One metric over the cases that have it on both sides, as if it were the only one.

    :param tests: How many metrics are judged together, for the drop that can be seen.
    """
    before, after, clusters = scored(metric, both)
    changes = changes_of(before, after)
    low, high = bootstrap_interval(changes, clusters, plan)
    return Difference(
        metric=metric,
        cases=len(changes),
        clusters=len(by_cluster(changes, clusters)[0]),
        before=mean(before),
        after=mean(after),
        difference=mean(changes),
        low=low,
        high=high,
        p=permutation_p(changes, clusters, plan),
        adjusted=None,
        detectable=detectable(changes, clusters, plan, tests),
        primary=False,
    )


def scored(metric: str, both: Sequence[Both]) -> tuple[list[float], list[float], list[str]]:
    """A metric before and after, and the cluster, of each case that has it on both sides."""
    rows = [each for each in both if metric in each[0].scores and metric in each[1].scores]
    before, after = ([each[side].scores[metric] for each in rows] for side in (0, 1))
    return before, after, [each[1].cluster for each in rows]


def changes_of(before: Sequence[float], after: Sequence[float]) -> list[float]:
    """What each case gained or lost; 0 for what is equal but for rounding."""
    gains = (new - old for old, new in zip(before, after, strict=True))
    return [gain if abs(gain) > EQUAL else 0.0 for gain in gains]


def slices_of(both: Sequence[Both], plan: Plan) -> Iterator[Slice]:
    """Yield the primary metrics over the cases of each tag that has enough of them."""
    for tag in sorted({tag for _, after in both for tag in after.tags}):
        tagged = [each for each in both if tag in each[1].tags]
        for metric in PRIMARY:
            before, after, clusters = scored(metric, tagged)
            if len(before) >= FEWEST:
                low, high = bootstrap_interval(changes_of(before, after), clusters, plan)
                yield Slice(tag, metric, len(before), mean(before), mean(after), low, high)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of one value or more."""
    return sum(values) / len(values)
