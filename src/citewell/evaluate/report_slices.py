"""Measures by tag: which kinds of questions got better or worse, or pass at all."""

from __future__ import annotations

import math
from collections.abc import Sequence

from citewell.evaluate.charts import difference_bar, move_bar, range_bar
from citewell.evaluate.comparison import Comparison, Slice
from citewell.evaluate.markup import escape, heads, table
from citewell.evaluate.outcome import CaseResult, Run, headline
from citewell.evaluate.report_headline import arrow, folded, tone_of
from citewell.evaluate.statistics import wilson
from citewell.evaluate.wording import MEANINGS, interval, number, signed

FEW = 10  # cases of a tag below which its interval does not set the scale of the drawings


def slices(run: Run, comparison: Comparison | None) -> str:
    """The measures of each tag; the first measure open, the others on demand."""
    if not comparison:
        return passed_by_tag(run)
    metrics = list(dict.fromkeys(each.metric for each in comparison.slices))
    if not metrics:
        return "<p>No tag has cases in both runs.</p>"
    parts = []
    for metric in metrics:
        own = [each for each in comparison.slices if each.metric == metric]
        words = f"{metric}: {MEANINGS.get(metric, '')}".rstrip(": ")
        shown = slice_table(own, words)
        parts.append(f"<h3>{escape(words)}</h3>{shown}" if metric == metrics[0] else folded(words, shown))
    return "".join(parts)


def slice_table(found: Sequence[Slice], caption: str) -> str:
    """One measure by tag, in both runs: the greatest losses first."""
    ordered = sorted(found, key=lambda each: (each.after - each.before, each.tag))
    # A tag of few cases would flatten all others; its bar is cut, its numbers say all.
    many = [each for each in found if each.cases >= FEW] or found
    ends = (abs(end) for each in many for end in (each.low, each.high))
    reach = max((end for end in ends if math.isfinite(end)), default=0.0) or 0.01
    names = ("Tag", "Cases#", "Before → now#", "0 to 1", "Difference, 95 % interval#", f"±{reach:.2g}")
    rows = "".join(slice_row(each, reach) for each in ordered)
    return table(heads(*names), rows, caption=caption, kind="measures slices")


def slice_row(found: Slice, reach: float) -> str:
    """One tag in both runs."""
    difference = found.after - found.before
    tone = tone_of(found.metric, difference, found.low, found.high)
    return (
        f'<tr class="{tone}"><th scope="row"><bdi>{escape(found.tag)}</bdi></th><td class="n">{found.cases:,}</td>'
        f'<td class="n">{number(found.before)} → <b>{number(found.after)}</b></td>'
        f"<td class=draw>{move_bar(found.before, found.after, tone)}</td>"
        f'<td class="n"><b class="change">{arrow(found.metric, difference)} {signed(difference)}</b> '
        f'<span class="soft">{interval(found.low, found.high, signs=True)}</span></td>'
        f"<td class=draw>{difference_bar(difference, found.low, found.high, reach, tone)}</td></tr>"
    )


def passed_by_tag(run: Run) -> str:
    """The share of each tag's cases that pass, least first."""
    groups: dict[str, list[CaseResult]] = {}
    for result in headline(run.results):
        for tag in result.tags:
            groups.setdefault(tag, []).append(result)
    if not groups:
        return "<p>No case has a tag.</p>"
    passed = {tag: sum(each.passed for each in group) for tag, group in groups.items()}
    ordered = sorted(groups, key=lambda tag: (passed[tag] / len(groups[tag]), tag))
    rows = "".join(passed_row(tag, passed[tag], len(groups[tag])) for tag in ordered)
    names = ("Tag", "Cases#", "Passed#", "95 % interval#", "0 to 1")
    return table(heads(*names), rows, caption="Share of cases that pass, by tag", kind="measures slices")


def passed_row(tag: str, passed: int, cases: int) -> str:
    """One tag of one run."""
    share, (low, high) = passed / cases, wilson(passed, cases)
    return (
        f'<tr><th scope="row"><bdi>{escape(tag)}</bdi></th><td class="n">{cases:,}</td><td class="n"><b>{number(share)}</b></td>'
        f'<td class="n soft">{interval(low, high)}</td><td class=draw>{range_bar(share, low, high)}</td></tr>'
    )
