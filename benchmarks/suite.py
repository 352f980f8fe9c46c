"""How quick a suite of 1,000 cases over 5,183 documents is: python -m benchmarks.suite [--cases N].

SciFact's claims, those for training too, with their marked sentences as evidence. The index is made before the clock
starts. Prints the seconds of the run, of its judgement and of its report, and the report's size.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace

from benchmarks.datasets import RUNS, SHARED, rows_of, scifact
from benchmarks.indexes import folder_for
from citewell.evaluate.cases import Case, Evidence
from citewell.evaluate.compare import compare
from citewell.evaluate.plan import Plan
from citewell.evaluate.report import html_report
from citewell.evaluate.run import run_suite, text_of
from citewell.evaluate.summary import summarise
from citewell.index import open_index
from citewell.settings import Settings


def cases() -> list[Case]:
    """Every claim, answerable where sentences are marked for it."""
    found = {}
    for file in ("queries.jsonl", "train_queries.jsonl"):
        for row in rows_of(SHARED / "data" / "scifact" / file):
            places = [each for each in row["answers"] if each["start"] >= 0]
            evidence = tuple(Evidence(e["doc"], start=e["start"], end=e["start"] + len(e["text"])) for e in places)
            found[row["_id"]] = Case(row["_id"], row["text"], bool(evidence), evidence=evidence)
    return list(found.values())


def main() -> int:
    """Run, judge, report, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=1000)
    count = options.parse_args().cases
    if not SHARED.is_dir():
        print("skipped: no ../shared", file=sys.stderr)
        return 0
    index = open_index(folder_for(scifact(), "default"))
    suite = cases()[:count]
    plan = Plan()
    start = time.perf_counter()
    run = run_suite(suite, index)
    asked = time.perf_counter()
    before = run_suite(suite[: count // 4], index, settings=replace(Settings(), answer_confidence=0.9))
    again = time.perf_counter()
    comparison, summary = compare(before, run, plan), summarise(run, plan)
    judged = time.perf_counter()
    shown = {place.doc for each in run.results for place in (*each.gold, *each.excerpts, *each.nearest)}
    page = html_report(summary, run, comparison, {name: text_of(index, name) or "" for name in shown})
    done = time.perf_counter()
    RUNS.mkdir(parents=True, exist_ok=True)
    (RUNS / "suite.html").write_text(page, encoding="utf-8")
    print(f"cases: {len(suite)}, documents: {index.manifest.documents}, asked: {asked - start:.1f} s, "
          f"judged: {judged - again:.1f} s, report: {done - judged:.1f} s, {len(page.encode()) / 1e6:.2f} MB")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
