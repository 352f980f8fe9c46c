"""Line plots on two logarithmic axes, as SVG that reads on light and on dark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 560, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 40, 48  # margins
COLOURS = ("#3b7dd8", "#d8763b")
GREY = "#888888"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot; all values above 0."""

    label: str
    x: Sequence[float]
    y: Sequence[float]


def plot(path: Path, title: str, x_label: str, y_label: str, lines: Sequence[Line]) -> None:
    """Write a plot of the lines."""
    across = decades([value for line in lines for value in line.x])
    up = decades([value for line in lines for value in line.y])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="{GREY}">',
        text(WIDTH / 2, 20, title, "middle", 14),
        text(WIDTH / 2, HEIGHT - 8, x_label, "middle"),
        f'<g transform="rotate(-90 16 {HEIGHT / 2})">{text(16, HEIGHT / 2, y_label, "middle")}</g>',
    ]
    for power in across:
        x = place(10.0**power, across, LEFT, WIDTH - RIGHT)
        parts += [rule(x, TOP, x, HEIGHT - BOTTOM), text(x, HEIGHT - BOTTOM + 16, short(10.0**power), "middle")]
    for power in up:
        y = place(10.0**power, up, HEIGHT - BOTTOM, TOP)
        parts += [rule(LEFT, y, WIDTH - RIGHT, y), text(LEFT - 6, y + 4, short(10.0**power), "end")]
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        points = [
            (place(x, across, LEFT, WIDTH - RIGHT), place(y, up, HEIGHT - BOTTOM, TOP))
            for x, y in zip(line.x, line.y, strict=True)
        ]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), value in zip(points, line.y, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            parts.append(text(x, y - 8 if number else y + 16, short(value), "middle", 11, colour))
        parts.append(text(LEFT + 8, TOP + 14 + 16 * number, line.label, "start", 12, colour))
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


def decades(values: Sequence[float]) -> list[int]:
    """The powers of ten that enclose the values."""
    return list(range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1))


def place(value: float, powers: Sequence[int], first: float, last: float) -> float:
    """Where a value lies between two ends of an axis."""
    return first + (last - first) * (math.log10(value) - powers[0]) / max(powers[-1] - powers[0], 1)


def short(value: float) -> str:
    """A number in three figures at most."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def rule(x1: float, y1: float, x2: float, y2: float) -> str:
    """A thin line of the grid."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{GREY}" stroke-opacity="0.3"/>'


def text(x: float, y: float, content: str, anchor: str, size: int = 12, colour: str = GREY) -> str:
    """A piece of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(content)}</text>'
