"""Whether a run may replace another: four gates, the hardest first, each with its reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from citewell.evaluate.comparison import REGRESSED, Difference, Pair, Verdict, common
from citewell.evaluate.invariants import INVARIANTS
from citewell.evaluate.outcome import STALE, CaseResult, Run
from citewell.evaluate.plan import Plan
from citewell.evaluate.statistics import percentile

MOST_IDS = 20  # cases that a sentence names before it counts the rest
FORBIDDEN = "nothing_forbidden"


def judge(before: Run, after: Run, pairs: Sequence[Pair], differences: Sequence[Difference], plan: Plan) -> Verdict:
    """Put a run through all gates against an earlier one.

    Where the runs can't be judged, nothing else is said. A case that is known to fail (xfail) fails no gate.
    """
    if found := (*infra(before, "the earlier run"), *infra(after, "the run"), *nothing_in_common(pairs)):
        return Verdict(2, found, ())
    failed = (
        *broken(after),
        *newly_harmful(pairs),
        *over_budget(before, after, plan),
        *(fallen(each, pairs) for each in differences if each.primary and falls(each, plan)),
    )
    unclear = tuple(inconclusive(each, plan) for each in differences if each.primary and may_fall(each, plan))
    return Verdict(int(bool(failed)), failed, unclear, passing_xfails(after))


def judge_alone(run: Run, plan: Plan) -> Verdict:
    """Put a run through the gates that need no other run; what a critical case shows wrongly is noted."""
    if found := infra(run, "the run"):
        return Verdict(2, found, ())
    failed = broken(run)
    harmful = [result for result in expected_to_pass(run.results) if is_harmful(result)]
    noted = (
        (f"critical: what must not be is shown in {counted(harmful, 'critical case')}: {named(harmful)}.",)
        if harmful
        else ()
    )
    return Verdict(int(bool(failed)), failed, (), (*noted, *passing_xfails(run)))


def infra(run: Run, name: str) -> tuple[str, ...]:
    """Why a run can't be judged at all."""
    found = []
    if not run.results:
        found.append(f"infra: {name} holds no case. Run a suite with cases.")
    if twice := sorted(id for id, times in Counter(result.id for result in run.results).items() if times > 1):
        found.append(f"infra: {name} holds {listed(twice)} more than once. Give each case an id of its own.")
    if run.stale:
        found.append(
            f"infra: in {name} the evidence of {counted(run.stale)} does not stand in the documents any more: "
            f"{named(run.stale)}. Review them against the documents as they are."
        )
    unchecked = [each for each in run.results if each.stage != STALE and not each.scores.keys() >= set(INVARIANTS)]
    if unchecked:
        found.append(f"infra: {name} lacks the checks of quotations in {named(unchecked)}. Run the suite again.")
    return tuple(found)


def nothing_in_common(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """A comparison of nothing would find no fault."""
    if common(pairs):
        return ()
    return ("infra: the two runs have no case in common. Run one suite on both sides.",)


def broken(run: Run) -> tuple[str, ...]:
    """The promises about quotations that do not hold in every case."""
    found = []
    for name in INVARIANTS:
        if cases := [result for result in run.results if result.scores[name] < 1]:
            least = min(result.scores[name] for result in cases)
            found.append(f"invariant: {name} is below 1 in {counted(cases)} (least {least:.3f}): {named(cases)}.")
    return tuple(found)


def newly_harmful(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """What critical cases get wrong now and did not before; each case is named once, under the worst."""
    critical = [pair for pair in pairs if pair.after and pair.after.severity == "critical" and pair.after.xfail is None]
    answered = [pair for pair in critical if answers_silence(pair.after) and not answers_silence(pair.before)]
    shown = [pair for pair in critical if shows_forbidden(pair.after) and not shows_forbidden(pair.before)]
    shown = [pair for pair in shown if pair not in answered]
    rest = [pair for pair in critical if pair.kind == REGRESSED and pair not in answered and pair not in shown]
    sentences = (
        ("something is quoted, and was not before, in {} that nothing answers", answered),
        ("a forbidden text is shown, and was not before, in {}", shown),
        ("{} passed before and failed now", rest),
    )
    return tuple(
        f"invariant: {text.format(counted(found, 'critical case'))}: {named([pair.present for pair in found])}."
        for text, found in sentences
        if found
    )


def answers_silence(result: CaseResult | None) -> bool:
    """Whether something is quoted although nothing answers."""
    return result is not None and not result.answerable and result.answered


def shows_forbidden(result: CaseResult | None) -> bool:
    """Whether a text is shown that the case forbids."""
    return result is not None and result.scores.get(FORBIDDEN, 1.0) < 1


def is_harmful(result: CaseResult) -> bool:
    """Whether a critical case shows what it must not."""
    return result.severity == "critical" and (answers_silence(result) or shows_forbidden(result))


def over_budget(before: Run, after: Run, plan: Plan) -> tuple[str, ...]:
    """What costs too much more than before: time of the slow answers, bytes of the index."""
    found = []
    was, now = (percentile([result.milliseconds for result in run.results], 0.95) for run in (before, after))
    if now > plan.slower * was and now > plan.slowest:
        found.append(
            f"budget: 95 % of the questions took up to {now:.1f} ms, before {was:.1f} ms; allowed are "
            f"{max(plan.slower * was, plan.slowest):.1f} ms. The slowest: {named(slowest(after.results), milliseconds=True)}."
        )
    old, new = bytes_a_passage(before), bytes_a_passage(after)
    if old and new > plan.larger * old:
        found.append(
            f"budget: the index takes {new:,.0f} bytes a passage, before {old:,.0f}; allowed are {plan.larger * old:,.0f}."
        )
    return tuple(found)


def slowest(results: Sequence[CaseResult]) -> list[CaseResult]:
    """The cases beyond the 95th percentile and at it, the slowest first."""
    ordered = sorted(results, key=lambda result: -result.milliseconds)
    return ordered[: max(len(ordered) // 20, 1)]


def bytes_a_passage(run: Run) -> float:
    """The size of the index by its passages; 0 where there are none."""
    return run.provenance.index_bytes / run.provenance.passages if run.provenance.passages else 0.0


def falls(difference: Difference, plan: Plan) -> bool:
    """Whether a primary metric fell by more than is tolerated and more than chance explains."""
    certain = difference.adjusted is not None and difference.adjusted < plan.alpha and difference.high < 0
    return certain and -difference.difference > plan.tolerance


def may_fall(difference: Difference, plan: Plan) -> bool:
    """Whether a metric got worse without failing the gate."""
    return difference.difference < 0 and not falls(difference, plan)


def fallen(difference: Difference, pairs: Sequence[Pair]) -> str:
    """The sentence for a metric that fell, with the cases in which it fell most."""
    losses = [
        (before.scores[difference.metric] - after.scores[difference.metric], after)
        for before, after in common(pairs)
        if difference.metric in before.scores and difference.metric in after.scores
    ]
    worse = [after for loss, after in sorted(losses, key=lambda pair: -pair[0]) if loss > 0]
    return f"aggregate: {moved(difference)}. Worse in {counted(worse)}: {named(worse)}."


def inconclusive(difference: Difference, plan: Plan) -> str:
    """The sentence for a metric that fell, but not by enough to fail."""
    tolerated = -difference.difference <= plan.tolerance
    why = f"a drop of up to {plan.tolerance:g} is tolerated" if tolerated else "chance may explain it"
    seen = "no drop at all" if difference.detectable >= 1 else f"a drop of {difference.detectable:.3f} or more"
    return f"aggregate: inconclusive: {moved(difference)}: {why}; this suite can see {seen}."


def moved(difference: Difference) -> str:
    """From where to where a metric went, and how sure that is."""
    return (
        f"{difference.metric} fell from {difference.before:.3f} to {difference.after:.3f} "
        f"({difference.difference:+.3f}, 95 % interval {difference.low:+.3f} to {difference.high:+.3f}, "
        f"adjusted p = {difference.adjusted:.2g}, {difference.cases} cases in {difference.clusters} clusters)"
    )


def expected_to_pass(results: Iterable[CaseResult]) -> list[CaseResult]:
    """The cases without a known failure."""
    return [result for result in results if result.xfail is None]


def passing_xfails(run: Run) -> tuple[str, ...]:
    """The known failures that are none any more."""
    found = [result for result in run.results if result.xfail is not None and result.passed]
    return (f"xfail: unexpectedly passes: {named(found)}. Remove xfail from {counted(found)}.",) if found else ()


def counted(cases: Sequence[object], name: str = "case") -> str:
    """How many cases, in words."""
    return f"{len(cases)} {name}{'' if len(cases) == 1 else 's'}"


def named(cases: Sequence[CaseResult], *, milliseconds: bool = False) -> str:
    """The ids of cases, each with the stage where it failed, or with its time."""
    if milliseconds:
        return listed([f"{result.id} ({result.milliseconds:.1f} ms)" for result in cases])
    return listed([f"{result.id} ({result.stage})" if result.stage else result.id for result in cases])


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - MOST_IDS} more" if len(names) > MOST_IDS else ""
    return ", ".join(names[:MOST_IDS]) + more
