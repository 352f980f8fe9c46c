"""Measure how quick Citewell is: python -m benchmarks.speed. Ratios to the bare encoding of a question travel; times don't."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.datasets import NEEDS_SHARED, RUNS, SHARED, Dataset, corpus, part_of, squad
from benchmarks.indexes import folder_for
from benchmarks.table import decimal, line
from citewell.conversation import ask
from citewell.evaluate.statistics import percentile
from citewell.index import Index, build, open_index

QUESTIONS = 150  # a corpus
WARM_UP = 5  # questions that are asked before the clock starts
STARTS = 3  # processes started for a cold start; the middle one counts
PARAGRAPHS = 12  # questions whose paragraphs, among others, are indexed against the clock
QUESTION = "What are the rare side effects of denosumab?"
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Timing:
    """One line of the table.

    :param bare: Median milliseconds of encoding the same questions, measured between them; None where none is encoded.
    """

    work: str
    times: int
    per_second: float
    p50: float | None = None
    p95: float | None = None
    bare: float | None = None
    megabytes: float | None = None


def timing(work: str, milliseconds: Sequence[float], bare: float | None = None) -> Timing:
    """The line of something done many times."""
    per_second = 1000 * len(milliseconds) / sum(milliseconds) if sum(milliseconds) else 0.0
    return Timing(
        work, len(milliseconds), per_second, percentile(milliseconds, 0.5), percentile(milliseconds, 0.95), bare
    )


def answering(dataset: Dataset, index: Index) -> list[Timing]:
    """Each question's bare encoding, then the whole way to its answer, in turns, so that both see the same machine."""
    encoding: list[float] = []
    whole: list[float] = []
    stages: dict[str, list[float]] = {}
    cases = dataset.cases[:: max(len(dataset.cases) // QUESTIONS, 1)][:QUESTIONS]
    for number, case in enumerate((*cases[:WARM_UP], *cases)):
        start = time.perf_counter()
        index.encode(case.question)
        encoded = time.perf_counter()
        answer = ask(index, case.question, history=case.history)
        done = time.perf_counter()
        if number >= WARM_UP:
            encoding.append(1000 * (encoded - start))
            whole.append(1000 * (done - encoded))
            for stage, spent in answer.timings_ms.items():
                stages.setdefault(stage, []).append(spent)
    bare = percentile(encoding, 0.5)
    rows = {f"ask: {stage}": spent for stage, spent in stages.items()} | {"ask: the whole": whole}
    name = f"{dataset.name} ({index.manifest.documents:,} documents)"
    bare_row = timing(f"{name}, bare encoding of the question", encoding, bare)
    return [bare_row, *(timing(f"{name}, {label}", spent, bare) for label, spent in rows.items())]


def indexing(dataset: Dataset) -> Timing:
    """A new index of a set's documents, with all their vectors."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        report = build([dataset.source], index=Path(folder) / "index", encoder="default")
        spent = time.perf_counter() - start
        status = open_index(Path(folder) / "index").status()
    work = f"{dataset.name}, indexing ({status.units:,} units), documents"
    return Timing(work, report.new, report.new / spent)


def cold_start(work: str, index: Path) -> Timing:
    """`citewell ask` from the start of its process to its end, with the most memory that it held."""
    command = [sys.executable, "-m", "citewell.cli", "ask", QUESTION, "--index", str(index), "--json"]
    # Started by a small process: a child's peak memory begins at that of the process that started it.
    watch = [sys.executable, "-m", "benchmarks.watch", str(STARTS), *command]
    runs = json.loads(subprocess.run(watch, check=True, capture_output=True, text=True).stdout)
    spent, held = [1000 * run["seconds"] for run in runs], [run["bytes"] / MEGABYTE for run in runs]
    middle = percentile(spent, 0.5)
    return Timing(work, STARTS, 1000 / middle, middle, max(spent), megabytes=max(held))


def measure() -> list[Timing]:
    """Every line of the table."""
    starter, lexical = corpus(), folder_for(corpus(), "none")
    folder = folder_for(starter, "default")
    rows = answering(starter, open_index(folder))
    if SHARED.is_dir():
        paragraphs = squad()
        rows += answering(paragraphs, open_index(folder_for(paragraphs, "default")))
        rows.append(indexing(part_of(paragraphs, paragraphs.cases[::500][:PARAGRAPHS], "speed")))
    rows.append(indexing(starter))
    rows.append(cold_start("cold start of `citewell ask`, starter corpus", folder))
    rows.append(cold_start("the same with `--encoder none`", lexical))
    return rows


def table(rows: Sequence[Timing]) -> str:
    """The lines in Markdown."""
    heads = ["Work", "Times", "a second", "p50 ms", "p95 ms", "× bare encoding", "MB at most"]
    lines = [line(heads), "|---|" + "---:|" * 6]
    for row in rows:
        shown = [row.per_second, row.p50, row.p95, row.p50 / row.bare if row.p50 and row.bare else None]
        held = "" if row.megabytes is None else f"{row.megabytes:,.0f}"
        lines.append(line([row.work, str(row.times), *(decimal(value, 2) for value in shown), held]))
    return "\n".join(lines)


def main() -> int:
    """Measure, print the table, write the lines."""
    rows = measure()
    print(table(rows))
    if not SHARED.is_dir():
        print(f"skipped: no ../shared ({', '.join(sorted(NEEDS_SHARED))})", file=sys.stderr)
    RUNS.mkdir(parents=True, exist_ok=True)
    found = [asdict(row) for row in rows]
    (RUNS / "speed.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
