"""Figures → inline SVG: how sure and how right, what is wrong at each coverage, ranges and differences.

Colours come from the page's style, by class; each chart has a title and tells in words what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from citewell.evaluate.figures import Bin
from citewell.evaluate.markup import escape
from citewell.evaluate.wording import interval, number, percent, signed

WIDTH, HEIGHT = 360, 278  # of a chart, in units of its view box
LEFT, RIGHT, TOP, BOTTOM = 46, 348, 12, 214  # of its plane
STRIP = 26  # height of the bars that count cases, below the axis
FIRST, LAST = 4, 116  # of the scale of a row
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def reliability(bins: Sequence[Bin]) -> str:
    """Confidence against the share that was right, with the number of cases of each bin below."""
    filled = [each for each in bins if each.cases]
    most = max((each.cases for each in filled), default=1)
    gaps = "".join(
        f'<line class="gap" x1="{across(b.confidence)}" y1="{up(b.confidence)}" x2="{across(b.confidence)}" y2="{up(b.accuracy)}"/>'
        for b in filled
    )
    path = " ".join(f"{across(b.confidence)},{up(b.accuracy)}" for b in filled)
    dots = "".join(
        f'<circle class="dot" cx="{across(b.confidence)}" cy="{up(b.accuracy)}" r="4"><title>{bin_words(b)}</title></circle>'
        for b in filled
    )
    ideal = f'<line class="ideal" x1="{LEFT}" y1="{BOTTOM}" x2="{RIGHT}" y2="{TOP}"/>'
    drawn = f'{ideal}{gaps}<polyline class="curve" points="{path}"/>{dots}{counts(filled, most)}'
    words = "; ".join(bin_words(each) for each in filled) or "No answer was given."
    return chart("Confidence against share right", words, axes("confidence", "share right", 1.0, HEIGHT - 5) + drawn)


def bin_words(found: Bin) -> str:
    """A bin in words."""
    return (
        f"confidence {found.low:.2f} to {found.high:.2f}: {found.accuracy:.0%} right, "
        f"{found.confidence:.0%} sure, n = {found.cases:,}"
    ).replace("%", " %")


def counts(bins: Sequence[Bin], most: int) -> str:
    """A strip of bars below the axis: how many cases each bin holds."""
    parts = []
    for each in bins:
        left, right = across(each.low), across(each.high)
        tall = max(1.0, round(STRIP * each.cases / most, 1))
        wide = max(1.0, round(right - left - 1, 1))
        parts.append(f'<rect class="count" x="{left + 0.5}" y="{BOTTOM + 18}" width="{wide}" height="{tall}"/>')
        if wide >= 6 * len(str(each.cases)):
            middle = round((left + right) / 2, 1)
            parts.append(text(middle, round(BOTTOM + 27 + tall, 1), f"{each.cases}", "middle", "small"))
    return "".join(parts)


def risk_coverage(points: Sequence[tuple[float, float]]) -> str:
    """The share that is wrong among the surest answers, by the share that is answered."""
    if not points:
        return chart(
            "Wrong answers by share answered", "No answer was given.", axes("share answered", "share wrong", 1.0)
        )
    top = ceiling(max(risk for coverage, risk in points if coverage >= min(0.1, points[-1][0])))
    path = " ".join(f"{across(share)},{up(min(risk, top) / top)}" for share, risk in points)
    share, risk = points[-1]
    end = f'<circle class="dot" cx="{across(share)}" cy="{up(min(risk, top) / top)}" r="4"/>'
    drawn = axes("share answered, surest first", "share wrong", top) + f'<polyline class="curve" points="{path}"/>{end}'
    return chart("Wrong answers by share answered", coverage_words(points), drawn, BOTTOM + 42)


def coverage_words(points: Sequence[tuple[float, float]]) -> str:
    """What the curve tells, at four shares and at its end."""
    found = []
    for wanted in (0.25, 0.5, 0.75):
        if at := [point for point in points if point[0] >= wanted]:
            found.append(f"answering {wanted:.0%}".replace("%", " %") + f" leaves {percent(at[0][1])} wrong")
    share, risk = points[-1]
    return (
        "; ".join([*found, f"answering {percent(share)}, all that were answered, leaves {percent(risk)} wrong"]) + "."
    )


def ceiling(most: float) -> float:
    """The end of an axis that holds `most`: 0.02, 0.05, 0.1, 0.2, 0.5 or 1."""
    return next((end for end in (0.02, 0.05, 0.1, 0.2, 0.5) if most <= end), 1.0)


def axes(below: str, beside: str, top: float, label_at: int = BOTTOM + 36) -> str:
    """The plane with its lines and numbers; the vertical axis ends at `top`."""
    parts = []
    for share in TICKS:
        x, y = across(share), up(share)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{RIGHT}" y2="{y}"/>')
        parts.append(text(LEFT - 6, y + 4, f"{share * top:.4g}", "end", "small"))
        parts.append(text(x, BOTTOM + 14, f"{share:g}", "middle", "small"))
    parts.append(text((LEFT + RIGHT) / 2, label_at, below, "middle", "name"))
    turned = (TOP + BOTTOM) / 2
    parts.append(
        f'<text class="name" transform="translate(11 {turned}) rotate(-90)" text-anchor="middle">{beside}</text>'
    )
    return "".join(parts)


def chart(title: str, words: str, drawn: str, height: int = HEIGHT) -> str:
    """A drawing with its title and, in words, what it shows."""
    name = "chart-" + title.lower().replace(" ", "-")
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(words)}</desc>{drawn}</svg>'
    )


def across(share: float) -> float:
    """The horizontal place of a share of the plane's width."""
    return round(LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT), 1)


def up(share: float) -> float:
    """The vertical place of a share of the plane's height."""
    return round(BOTTOM - min(max(share, 0.0), 1.0) * (BOTTOM - TOP), 1)


def text(x: float, y: float, words: str, anchor: str, kind: str) -> str:
    """Words in a drawing."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def difference_bar(difference: float, low: float, high: float, reach: float, tone: str) -> str:
    """A difference with its interval on a scale from -reach to reach, for one row of a table.

    :param tone: Class of its colour: "better", "worse" or "even".
    """
    words = f"{signed(difference)}, 95 % interval {interval(low, high, signs=True)}"
    left, right, middle = (scaled(value / reach / 2 + 0.5) for value in (low, high, difference))
    return row_drawing(
        words, '<line class="zero" x1="60" y1="0" x2="60" y2="16"/>' + whisker(left, right, middle, tone)
    )


def range_bar(value: float, low: float | None, high: float | None) -> str:
    """A share with its interval on a scale from 0 to 1, for one row of a table."""
    left, right = scaled(value if low is None else low), scaled(value if high is None else high)
    words = f"{number(value)} {interval(low, high)}".strip()
    return row_drawing(
        words, '<line class="zero" x1="2" y1="8" x2="118" y2="8"/>' + whisker(left, right, scaled(value), "even")
    )


def move_bar(before: float, after: float, tone: str) -> str:
    """A share before (ring) and after (dot) on a scale from 0 to 1, for one row of a table."""
    old, new = scaled(before), scaled(after)
    drawn = (
        '<line class="zero" x1="2" y1="8" x2="118" y2="8"/>'
        f'<line class="whisker {tone}" x1="{old}" y1="8" x2="{new}" y2="8"/>'
        f'<circle class="ring {tone}" cx="{old}" cy="8" r="3.5"/><circle class="point {tone}" cx="{new}" cy="8" r="3.5"/>'
    )
    return row_drawing(f"{number(before)} before, {number(after)} now", drawn)


def whisker(low: float, high: float, middle: float, tone: str) -> str:
    """An interval as a line with ends, and its value as a dot; an end at the border of the scale may lie beyond it."""
    ends = "".join(
        f'<line class="whisker {tone}" x1="{x}" y1="4.5" x2="{x}" y2="11.5"/>' for x in (low, high) if FIRST < x < LAST
    )
    line = f'<line class="whisker {tone}" x1="{low}" y1="8" x2="{high}" y2="8"/>'
    return f'{line}{ends}<circle class="point {tone}" cx="{middle}" cy="8" r="3.5"/>'


def row_drawing(words: str, drawn: str) -> str:
    """A small drawing beside numbers that say the same; a pointer that rests on it reads them."""
    return f'<svg class="bar" viewBox="0 0 120 16" role="img"><title>{escape(words)}</title>{drawn}</svg>'


def scaled(share: float) -> float:
    """The place of a share on the scale of a row."""
    return round(FIRST + min(max(share if math.isfinite(share) else 0.5, 0.0), 1.0) * (LAST - FIRST), 1)
