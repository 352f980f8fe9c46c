"""How indexing, asking, memory and disk grow with the corpus: python -m benchmarks.sizes [--most 1000000].

Corpora of real sentences, recombined (benchmarks/recombine.py); questions of SciFact, really encoded. Each index is
opened and asked in a process of its own. Writes benchmarks/runs/sizes.json, and the plots to docs/.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.datasets import RUNS, SHARED, Case, beir
from benchmarks.indexes import folder_for, show_progress
from benchmarks.plot import Line, plot
from benchmarks.recombine import Pool, PoolEncoder
from benchmarks.table import line
from citewell.conversation import ask
from citewell.encode import open_encoder
from citewell.evaluate.statistics import percentile
from citewell.index import Index, build, open_index
from citewell.settings import Settings

SIZES = (1_000, 10_000, 100_000, 1_000_000)  # passages, about
PASSAGES = 1.93  # of a document, about
QUESTIONS = 200
WARM_UP = 20  # questions before the clock starts
CLIENTS = 32
EACH = 8  # questions of each client
DEPTH = 100
PLOTS = Path(__file__).resolve().parents[1] / "docs"
MEGABYTE = 1 << 20


def questions() -> list[str]:
    """Real questions, in a fixed order."""
    cases: Sequence[Case] = beir("scifact", "scifact").cases
    return [case.question for case in cases]


def make(pool: Pool, passages: int) -> dict[str, Any]:
    """Build the index of a size, or take it as it is, and measure the build, the disk and one document more."""
    home = RUNS / "sizes" / str(passages)
    home.mkdir(parents=True, exist_ok=True)
    encoder = PoolEncoder(pool, open_encoder("default") or sys.exit("no encoder"))
    found: dict[str, Any] = {}
    with patch("citewell.index.builder.open_encoder", lambda _: encoder):
        if not (home / "made.json").exists():
            pool.write(home / "corpus.jsonl", round(passages / PASSAGES))
            start = time.perf_counter()
            build([home / "corpus.jsonl"], index=home / "index", encoder="default", progress=show_progress)
            found["build_seconds"] = time.perf_counter() - start
            found["unknown_share"] = encoder.unknown / max(encoder.known + encoder.unknown, 1)
            (home / "made.json").write_text(json.dumps(found))
        found |= json.loads((home / "made.json").read_text())
        status = open_index(home / "index").status()
        found |= {"passages": status.passages, "units": status.units, "documents": status.documents}
        found["bytes_a_passage"] = status.size_bytes / status.passages
        found["parts"] = parts(open_index(home / "index"))
        more = home / "more.md"
        more.write_text(f"# One more\n\nOne more leaflet was written at {time.time()}. It says little else.\n")
        start = time.perf_counter()
        report = build([more], index=home / "index")
        found["add_seconds"] = time.perf_counter() - start
        assert report.new + report.changed == 1, report
    return found


def parts(index: Index) -> dict[str, float]:
    """Bytes a passage by the kind of file."""
    sizes = Counter[str]()
    for name, (size, _) in index.manifest.parts.items():
        sizes["lexical" if name.startswith("lexical/") else name.rsplit("/", 1)[-1]] += size
    return {name: size / index.manifest.passages for name, size in sorted(sizes.items())}


def measure(folder: Path) -> dict[str, Any]:
    """Open an index and ask it, in this process."""
    start = time.perf_counter()
    index = open_index(folder)
    opened = time.perf_counter()
    texts = questions()
    ask(index, texts[-1])
    first = time.perf_counter()
    for text in texts[-WARM_UP:]:
        ask(index, text)
    stages: dict[str, list[float]] = {}
    whole = []
    for text in texts[:QUESTIONS]:
        began = time.perf_counter()
        answer = ask(index, text)
        whole.append(1000 * (time.perf_counter() - began))
        for stage, spent in answer.timings_ms.items():
            stages.setdefault(stage, []).append(spent)
    found = {"open_seconds": opened - start, "first_ms": 1000 * (first - opened),
             "p50": percentile(whole, 0.5), "p95": percentile(whole, 0.95),
             "stages": {stage: percentile(spent, 0.5) for stage, spent in stages.items()},
             "resident_mb": resident() / MEGABYTE}  # fmt: skip
    found |= clients(index, texts)
    return found | recalled(index, texts)


def resident() -> int:
    """Bytes of this process that lie in memory now."""
    with open("/proc/self/statm", encoding="ascii") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def clients(index: Index, texts: Sequence[str]) -> dict[str, float]:
    """Many clients at once: questions a second, and how long each waits."""
    spent: list[float] = []

    def client(number: int) -> None:
        for text in texts[number * EACH : (number + 1) * EACH]:
            began = time.perf_counter()
            ask(index, text)
            spent.append(1000 * (time.perf_counter() - began))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    return {
        "clients_per_second": len(spent) / seconds,
        "clients_p50": percentile(spent, 0.5),
        "clients_p95": percentile(spent, 0.95),
    }


def recalled(index: Index, texts: Sequence[str]) -> dict[str, float]:
    """Recall@100 of the dense candidates against all passages compared, and the time of both."""
    assert index.vectors is not None
    vectors = [vector for text in texts[:QUESTIONS] if (vector := index.encode(text)) is not None]
    everything = Settings(probed_share=1.0, refined=10)
    shares, quick, exact = [], 0.0, 0.0
    for number, vector in enumerate(vectors):
        start = time.perf_counter()
        found = index.vectors.nearest(vector, DEPTH, None, Settings())
        quick += time.perf_counter() - start
        if number % 4 == 0:
            start = time.perf_counter()
            wanted = index.vectors.nearest(vector, DEPTH, None, everything)
            exact += time.perf_counter() - start
            shares.append(len(set(found) & set(wanted)) / DEPTH)
    return {"recall": float(np.mean(shares)), "dense_ms": 1000 * quick / len(vectors), "least_recall": min(shares)}


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The lines in Markdown."""
    heads = ["Passages", "Units", "Built, min (without encoding)", "Bytes a passage", "Opened, s", "First question, ms",
             "Question p50, ms", "p95, ms", "Encode / search / answer, ms", "Recall@100", "Resident, MB",
             "32 clients, questions/s", "their p95, ms", "One document more, s"]  # fmt: skip
    lines = [line(heads), "|" + "---:|" * len(heads)]
    for row in rows:
        stages = " / ".join(f"{value:.1f}" for value in row["stages"].values())
        cells = [f"{row['passages']:,}", f"{row['units']:,}", f"{row['build_seconds'] / 60:.1f}", f"{row['bytes_a_passage']:,.0f}",
                 f"{row['open_seconds']:.2f}", f"{row['first_ms']:.0f}", f"{row['p50']:.1f}", f"{row['p95']:.1f}", stages,
                 f"{row['recall']:.3f}", f"{row['resident_mb']:,.0f}", f"{row['clients_per_second']:.0f}",
                 f"{row['clients_p95']:.0f}", f"{row['add_seconds']:.2f}"]  # fmt: skip
        lines.append(line(cells))
    return "\n".join(lines)


def draw(rows: Sequence[dict[str, Any]]) -> None:
    """The plots of the README."""
    passages = [row["passages"] for row in rows]
    times = [Line(label, passages, [row[key] for row in rows]) for label, key in (("p50", "p50"), ("p95", "p95"))]
    plot(PLOTS / "question.svg", "One question, from text to answer", "passages", "milliseconds", times)
    held = [Line("resident while answering", passages, [row["resident_mb"] for row in rows]),
            Line("on disk", passages, [row["bytes_a_passage"] * row["passages"] / MEGABYTE for row in rows])]  # fmt: skip
    plot(PLOTS / "memory.svg", "Memory and disk", "passages", "MiB", held)


def main() -> int:
    """Make each size, measure it in a process of its own, print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--most", type=int, default=SIZES[-1])
    arguments.add_argument("--measure", type=Path)
    options = arguments.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    if not SHARED.is_dir():
        print("skipped: no ../shared", file=sys.stderr)
        return 0
    pool = Pool(open_index(folder_for(beir("scifact", "scifact"), "default")))
    rows = []
    for size in (size for size in SIZES if size <= options.most):
        made = make(pool, size)
        command = [sys.executable, "-m", "benchmarks.sizes", "--measure", str(RUNS / "sizes" / str(size) / "index")]
        rows.append(made | json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))
        (RUNS / "sizes.json").write_text(json.dumps(rows, indent=1) + "\n")
    print(table(rows))
    draw(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
