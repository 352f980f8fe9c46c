"""What was measured, as figures of one system each and as the Markdown table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.datasets import Case
from benchmarks.peers.protocol import DEPTH
from benchmarks.peers.roster import OURS, System, statements
from benchmarks.table import decimal, line, mean
from citewell.evaluate.ranking import ndcg, recall
from citewell.evaluate.statistics import percentile

MEGABYTE = 1 << 20
HOW = (
    "- Indexing: from the documents in memory (Citewell: from their file) to what is persisted, with the model loaded "
    "(Citewell loads it then). Peers encode one passage a document; Citewell each passage and each of its sentences, and "
    "so does the floor.",
    "- A question: from its text to the ranked documents, one at a time, warm. The whole answer: to its quotations, in a "
    "process that opened the index of the search, so that its memory is that of answering.",
    "- Silent: share of five off-topic questions to which nothing is given. Lines: statements of the system's script.",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One system's figures; None where a figure does not apply, `reason` where it was not run.

    :param peak_megabytes: The most memory that its processes held.
    :param resident_megabytes: The memory that they held at the end.
    :param disk_bytes: Bytes a document of what it persists.
    :param silent: Share of the off-topic questions to which nothing was given.
    """

    name: str
    title: str
    lines: int | None
    reason: str | None = None
    documents_per_second: float | None = None
    load_seconds: float | None = None
    p50: float | None = None
    p95: float | None = None
    peak_megabytes: float | None = None
    resident_megabytes: float | None = None
    disk_bytes: float | None = None
    keeps: str = ""
    ndcg: float | None = None
    recall: float | None = None
    silent: float | None = None
    versions: dict[str, str] = field(default_factory=dict)
    licences: dict[str, str] = field(default_factory=dict)


def missing(system: System, reason: str) -> Figures:
    """The figures of a system that was not run."""
    return Figures(system.name, system.title, statements(system.script), reason)


def figures(system: System, measured: dict[str, Any], cases: Sequence[Case]) -> Figures:
    """Work out a system's figures from what its script wrote."""
    documents, times, rankings = measured["documents"], measured["milliseconds"], measured["rankings"]

    def judged(measure: Callable[..., float]) -> float | None:
        return mean(measure(rankings[case.id], case.grades, DEPTH) for case in cases) if system.ranks else None

    indexes = system.follows is None
    return Figures(
        system.name,
        system.title,
        statements(system.script) if system.answers else None,
        documents_per_second=documents / measured["index_seconds"] if indexes else None,
        load_seconds=measured["load_seconds"],
        p50=percentile(times, 0.5),
        p95=percentile(times, 0.95),
        peak_megabytes=measured["peak_bytes"] / MEGABYTE if system.answers else None,
        resident_megabytes=measured["resident_bytes"] / MEGABYTE if system.answers else None,
        disk_bytes=measured["disk_bytes"] / documents if indexes and system.answers else None,
        keeps=system.keeps,
        ndcg=judged(ndcg),
        recall=judged(recall),
        silent=mean(measured["silent"]) if system.answers else None,
        versions=measured["versions"],
        licences=measured["licences"],
    )


def table(rows: Sequence[Figures]) -> str:
    """The figures in Markdown, with those that stand in a ratio to Citewell's search; then versions and what is missing."""
    heads = ["System", "documents/s", "÷ ours", "p50 ms", "p95 ms", "p50 ÷ ours", "peak MB", "÷ ours", "bytes/document",
             f"nDCG@{DEPTH}", f"recall@{DEPTH}", "÷ ours (nDCG)", "silent off topic", "lines"]  # fmt: skip
    ours = next((row for row in rows if row.name == OURS and row.reason is None), None)
    lines = [line(heads), "|---|" + "---:|" * (len(heads) - 1)]
    lines += [line(cells(row, ours)) for row in rows if row.reason is None]
    notes = list(HOW)
    notes += [f"- {row.title}: not run: {row.reason}" for row in rows if row.reason is not None]
    notes += [f"- {row.title}: {made_of(row)}" for row in rows if row.versions and OURS not in row.versions]
    return "\n".join([*lines, "", *notes])


def cells(row: Figures, ours: Figures | None) -> list[str]:
    """The cells of one line."""

    def ratio(name: str) -> str:
        mine, base = getattr(row, name), getattr(ours, name, None)
        return decimal(mine / base if mine is not None and base else None, 2)

    disk = "" if row.disk_bytes is None else f"{row.disk_bytes:,.0f}"
    return [
        row.title,
        decimal(row.documents_per_second, 1),
        ratio("documents_per_second"),
        decimal(row.p50, 2),
        decimal(row.p95, 2),
        ratio("p50"),
        decimal(row.peak_megabytes, 0),
        ratio("peak_megabytes"),
        f"{disk} ({row.keeps})" if row.keeps else disk,
        decimal(row.ndcg, 3),
        decimal(row.recall, 3),
        ratio("ndcg"),
        "" if row.silent is None else f"{row.silent:.0%}",
        "" if row.lines is None else str(row.lines),
    ]


def made_of(row: Figures) -> str:
    """The versions and licences of a system's packages."""
    return ", ".join(f"{name} {version} ({row.licences[name]})" for name, version in row.versions.items())
