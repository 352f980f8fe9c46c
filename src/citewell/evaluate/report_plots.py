"""How far confidence can be trusted, and where cases go wrong: charts, each with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from citewell.evaluate.charts import reliability, risk_coverage
from citewell.evaluate.figures import Bin, Summary
from citewell.evaluate.markup import escape, heads, table
from citewell.evaluate.report_headline import folded
from citewell.evaluate.wording import STAGE_MEANINGS, count, percent


def plots(summary: Summary) -> str:
    """How far confidence can be trusted, and where cases go wrong."""
    bins, curve = summary.reliability, summary.risk_coverage
    sure = "On the diagonal, confidence is what it says. Bars count the cases."
    silent = "Of the surest answers, the share that is wrong."
    return (
        f'<div class="plots">{figure("How sure, how right", sure, reliability(bins), bins_table(bins))}'
        f"{figure('What silence would save', silent, risk_coverage(curve), coverage_table(curve))}{stages(summary)}</div>"
    )


def figure(title: str, note: str, drawing: str, numbers: str) -> str:
    """A chart with its heading and its numbers."""
    return f"<figure><figcaption><h3>{title}</h3><p>{note}</p></figcaption>{drawing}{folded('Its numbers', numbers)}</figure>"


def bins_table(bins: Sequence[Bin]) -> str:
    """The numbers of the reliability chart."""
    rows = "".join(
        f'<tr><td class="n">{b.low:.2f}–{b.high:.2f}</td><td class="n">{b.cases:,}</td><td class="n">{b.confidence:.3f}</td>'
        f'<td class="n">{b.accuracy:.3f}</td></tr>'
        for b in bins
        if b.cases
    )
    return table(heads("Confidence#", "Cases#", "Mean#", "Share right#"), rows, caption="Confidence and share right")


def coverage_table(points: Sequence[tuple[float, float]]) -> str:
    """The numbers of the risk-coverage chart, at ten shares at most."""
    step = max(1, len(points) // 10)
    chosen = [*points[step - 1 :: step]]
    if points and chosen[-1] != points[-1]:
        chosen.append(points[-1])
    rows = "".join(f'<tr><td class="n">{share:.3f}</td><td class="n">{risk:.3f}</td></tr>' for share, risk in chosen)
    return table(heads("Share answered#", "Share wrong#"), rows, caption="Share wrong by share answered")


def stages(summary: Summary) -> str:
    """How many cases go wrong where on the way from question to answer, as bars of a list."""
    most = max((amount for _, amount in summary.stages), default=0)
    rows = "".join(
        f'<li><span class="stage-name">{escape(name)}</span><b>{amount:,}</b>'
        f'<svg class="stage-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * amount / (most or 1):.4g}" height="6"/></svg>'
        f"<small>{escape(STAGE_MEANINGS.get(name, ''))}</small></li>"
        for name, amount in summary.stages
        if amount
    )
    failed = sum(amount for _, amount in summary.stages)
    share = percent(failed / summary.cases) if summary.cases else percent(0.0)
    note = f"{count(failed, 'case')}, {share} of the headline, by the first step that failed."
    body = f"<ol class='stages'>{rows}</ol>" if rows else "<p>Nothing went wrong.</p>"
    return f"<figure><figcaption><h3>Where cases go wrong</h3><p>{note}</p></figcaption>{body}</figure>"
