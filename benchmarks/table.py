"""The rows that the benchmarks measure, and the Markdown table that they print."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one set; None where a column does not apply.

    :param missed: The ids of the questions that count less than in full, for those who look into them.
    """

    set: str
    measure: str
    questions: int = 0
    ours: float | None = None
    bm25: float | None = None
    vectors: float | None = None
    note: str = ""
    missed: tuple[str, ...] = ()


def share(
    name: str, measure: str, asked: Sequence[Asked], right: Callable[[Asked], bool], identify: Callable[[Asked], str]
) -> Row:
    """The share of what was asked that went right."""
    missed = tuple(identify(each) for each in asked if not right(each))
    return Row(name, measure, len(asked), 1 - len(missed) / len(asked) if asked else None, missed=missed)


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean; not a number for no values."""
    found = list(values)
    return sum(found) / len(found) if found else math.nan


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown; the last two columns are ratios."""
    heads = ["Set", "Measure", "Questions", "Citewell", "BM25 alone", "Vectors alone", "÷ BM25", "÷ vectors"]
    return "\n".join([line(heads), "|---|---|" + "---:|" * 6, *(line(cells(row)) for row in rows)])


def cells(row: Row) -> list[str]:
    """The cells of one line."""
    values = [row.ours, row.bm25, row.vectors]
    ratios = [row.ours / other if row.ours is not None and other else None for other in (row.bm25, row.vectors)]
    return [
        row.set,
        row.note or row.measure,
        f"{row.questions:,}" if row.questions else "",
        *(decimal(value, 3) for value in values),
        *(decimal(value, 2) for value in ratios),
    ]


def decimal(value: float | None, places: int) -> str:
    """A number for a cell; nothing where there is none."""
    return "" if value is None or math.isnan(value) else f"{value:.{places}f}"


def line(parts: Sequence[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(parts)} |"
