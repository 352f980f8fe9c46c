"""The first screen of a report: what the gates say, how many cases changed, every measure with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence

from citewell.evaluate.charts import difference_bar, range_bar
from citewell.evaluate.comparison import KINDS, Comparison, Difference, Verdict
from citewell.evaluate.figures import Figure, Summary
from citewell.evaluate.markup import escape, heads, table
from citewell.evaluate.wording import (
    MEANINGS,
    chance,
    count,
    harm,
    improves,
    interval,
    number,
    signed,
)

SIGNS = {"regressed": "▼", "failed": "▼", "fixed": "▲", "new": "+", "removed": "−", "changed but equal": "≈"}
NO_SIGN = "="


def verdict_words(verdict: Verdict | None, summary: Summary) -> tuple[str, str]:
    """The class of the verdict ("pass", "fail", "none") and its sentence."""
    if verdict is None:
        return "none", f"{summary.passed:,} of {count(summary.cases, 'case')} passed"
    if verdict.code == 0:
        return "pass", "All gates hold"
    if verdict.code == 1:
        return "fail", count(len(verdict.failed), "gate fails", "gates fail")
    return "fail", "The runs can’t be judged"


def headline(summary: Summary, comparison: Comparison | None) -> str:
    """The verdict, its reasons, and what became of the cases."""
    verdict = comparison.verdict if comparison else None
    kind, words = verdict_words(verdict, summary)
    sign = {"pass": "✓", "fail": "✕", "none": "●"}[kind]
    reasons = "".join(f"<li>{gate(each)}</li>" for each in verdict.failed) if verdict else ""
    unsure = "".join(f"<li>{escape(each)}</li>" for each in verdict.inconclusive) if verdict else ""
    counted = (
        f"{summary.answerable:,} have an answer in the documents, {summary.cases - summary.answerable:,} have none"
    )
    passed = (
        f"{summary.passed:,} of {count(summary.cases, 'case')} passed; {counted}"
        if verdict
        else f"Of the cases, {counted}"
    )
    told = "".join(f"<li>{escape(each)}</li>" for each in verdict.notes) if verdict else ""
    return (
        f'<section class="verdict {kind}" aria-labelledby="verdict"><h2 id="verdict">'
        f'<span class="sign" aria-hidden="true">{sign}</span> {escape(words)}</h2>'
        + (f'<ul class="reasons">{reasons}</ul>' if reasons else "")
        + (
            f'<details class="unsure" open><summary>Worse, but no more than chance explains</summary><ul>{unsure}</ul></details>'
            if unsure
            else ""
        )
        + (f'<ul class="told">{told}</ul>' if told else "")
        + f'<p>{escape(passed)}.</p><p class="harm">{escape(harm(summary.harmful, summary.critical_refusals, summary.harmful_bound))}</p>'
        + (tallies(comparison) if comparison else "")
        + "</section>"
    )


def gate(sentence: str) -> str:
    """A failed gate's sentence, its name in bold."""
    name, colon, rest = sentence.partition(":")
    return f"<b>{escape(name)}</b>:{escape(rest)}" if colon else escape(sentence)


def tallies(comparison: Comparison) -> str:
    """How many cases became what; each links to those cases."""
    parts = []
    for kind in KINDS:
        amount = len(comparison.of_kind(kind))
        name = kind.split()[0]
        parts.append(
            f'<li class="k-{name}"><a href="#cases" data-kind="{kind}"><b>{amount:,}</b> '
            f'<span aria-hidden="true">{SIGNS.get(kind, NO_SIGN)}</span> {kind}</a></li>'
        )
    return f'<ul class="tallies" aria-label="Cases by what became of them">{"".join(parts)}</ul>'


def measures(summary: Summary, comparison: Comparison | None) -> str:
    """Every measure: those that a gate judges first, then the others; before → after where there are two runs."""
    if not comparison:
        return figures_table(summary.figures, "Measures, with their 95 % intervals")
    primary = [each for each in comparison.differences if each.primary]
    other = [each for each in comparison.differences if not each.primary]
    compared = {each.metric for each in comparison.differences}
    alone = [each for each in summary.figures if each.name not in compared]
    parts = [differences_table(primary, summary, "Measures that a gate judges")]
    if other:
        parts.append(
            folded(
                f"{count(len(other), 'other measure')} compared", differences_table(other, summary, "Other measures")
            )
        )
    if alone:
        parts.append(
            folded(f"{count(len(alone), 'measure')} of this run alone", figures_table(alone, "Measures of this run"))
        )
    return "".join(parts)


def folded(words: str, content: str) -> str:
    """Content that opens on demand."""
    return f'<details class="more"><summary>{escape(words)}</summary>{content}</details>'


def figures_table(figures: Sequence[Figure], caption: str) -> str:
    """Measures of one run."""
    rows = "".join(
        f'<tr>{measure_head(each.name)}<td class="n">{each.cases:,}</td><td class="n"><b>{number(each.value)}</b></td>'
        f'<td class="n soft">{interval(each.low, each.high)}</td><td class=draw>{bar_of(each)}</td></tr>'
        for each in figures
    )
    return table(
        heads("Measure", "Cases#", "Value#", "95 % interval#", "0 to 1"), rows, caption=caption, kind="measures"
    )


def bar_of(figure: Figure) -> str:
    """The drawing of a measure; none where it is no share."""
    inside = all(0 <= each <= 1 for each in (figure.value, figure.low, figure.high) if each is not None)
    return range_bar(figure.value, figure.low, figure.high) if inside else ""


def measure_head(name: str) -> str:
    """A measure's name and what it tells."""
    meaning = MEANINGS.get(name, "")
    return f'<th scope="row"><code>{escape(name)}</code>{f" <small>{escape(meaning)}</small>" if meaning else ""}</th>'


def differences_table(differences: Sequence[Difference], summary: Summary, caption: str) -> str:
    """Measures of two runs, with what lies between them."""
    ends = (abs(end) for each in differences for end in (each.low, each.high, each.difference))
    reach = max((end for end in ends if math.isfinite(end)), default=0.0) or 0.01
    rows = "".join(difference_row(each, summary.of(each.metric), reach) for each in differences)
    names = (
        "Measure",
        "Before → now#",
        "Difference, 95 % interval#",
        f"±{reach:.2g}",
        "p#",
        "Sees a drop of#",
        "Now, 95 % interval#",
        "Cases#",
    )
    return table(heads(*names), rows, caption=caption, kind="measures")


def difference_row(found: Difference, now: Figure | None, reach: float) -> str:
    """One measure in both runs."""
    tone = tone_of(found.metric, found.difference, found.low, found.high)
    holm = found.adjusted is not None
    p = escape(chance(found.adjusted if holm else found.p)) + (" <small>Holm</small>" if holm else "")
    return (
        f'<tr class="{tone}">{measure_head(found.metric)}'
        f'<td class="n">{number(found.before)} → <b>{number(found.after)}</b></td>'
        f'<td class="n"><b class="change">{arrow(found.metric, found.difference)} {signed(found.difference)}</b> '
        f'<span class="soft">{interval(found.low, found.high, signs=True)}</span></td>'
        f"<td class=draw>{difference_bar(found.difference, found.low, found.high, reach, tone)}</td>"
        f'<td class="n">{p}</td><td class="n">{number(found.detectable)}</td>'
        f'<td class="n soft">{interval(now.low, now.high) if now else ""}</td><td class="n">{found.cases:,}</td></tr>'
    )


def tone_of(metric: str, difference: float, low: float, high: float) -> str:
    """ "better" or "worse" where the interval leaves out nought, else "even"."""
    if low <= 0 <= high:
        return "even"
    return "better" if improves(metric, difference) else "worse"


def arrow(metric: str, difference: float) -> str:
    """A sign for better or worse, which is read out too; none where nothing changed."""
    if difference == 0:
        return ""
    sign, word = ("▲", "better") if improves(metric, difference) else ("▼", "worse")
    return f'<span aria-hidden="true">{sign}</span><span class="unseen">{word}</span>'
