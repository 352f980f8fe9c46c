"""What each command of `citewell eval` does: from its options to the lines that it says and its exit code."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from citewell.errors import UsageError
from citewell.evaluate.annotations import annotations as workflow_commands
from citewell.evaluate.annotations import step_summary
from citewell.evaluate.baseline import bless, load_baseline
from citewell.evaluate.cases import Case, read_suite
from citewell.evaluate.compare import compare
from citewell.evaluate.comparison import CHANGED, FIXED, NEW, REGRESSED, REMOVED, Comparison, Difference, Verdict
from citewell.evaluate.desk import DONE, NO, Command, Desk, Said
from citewell.evaluate.figures import Summary
from citewell.evaluate.gates import judge_alone
from citewell.evaluate.lint import lint
from citewell.evaluate.making import MAKING
from citewell.evaluate.markdown import markdown_report
from citewell.evaluate.outcome import Run, load, save
from citewell.evaluate.plan import PRIMARY, Plan
from citewell.evaluate.power import describe_power
from citewell.evaluate.report import html_report
from citewell.evaluate.run import run_suite, text_of
from citewell.evaluate.summary import summarise
from citewell.index import Index, open_index

MOVED = (REGRESSED, FIXED, NEW, REMOVED, CHANGED)
LISTED = 20  # cases of a kind that are named in the terminal
HEADLINE = (*PRIMARY, "recall@10", "rr@10", "span_recall@10", "right_any", "citation_precision", "citation_recall", "contained",
            "token_f1", "refusal_precision", "refusal_recall", "auroc", "brier", "ece", "p50_ms", "p95_ms")  # fmt: skip


def run(options: argparse.Namespace, desk: Desk) -> Said:
    """Ask every question of a suite, and judge the answers, against a baseline where one is named."""
    cases = read_suite(options.suite)
    index = open_index(desk.index)
    found = run_suite(cases, index, suite_path=options.suite.as_posix(), progress=desk.progress)
    if options.out:
        save(options.out, found)
    before = load_either(options.baseline) if options.baseline else None
    return say(found, before, options, index, cases)


def load_either(path: Path) -> Run:
    """A run, or a baseline, which is a run too."""
    try:
        return load_baseline(path)
    except UsageError:
        return load(path)


def compare_runs(options: argparse.Namespace, desk: Desk) -> Said:
    """Tell what got better and what got worse between two runs."""
    index = open_index(options.index) if options.index else None
    return say(load_either(options.after), load_either(options.before), options, index, ())


def say(
    found: Run, before: Run | None, options: argparse.Namespace, index: Index | None, cases: Sequence[Case]
) -> Said:
    """Judge a run, write the reports that were asked for, and put the outcome in lines."""
    summary, comparison, verdict = judged(found, before, Plan())
    if options.html:
        documents = texts_of(index, found, before) if index else None
        options.html.write_text(html_report(summary, found, comparison, documents), encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(markdown_report(summary, found, comparison), encoding="utf-8")
    if options.json:
        return Said(verdict.code, (json.dumps(as_object(summary, verdict, comparison), ensure_ascii=False),))
    return Said(verdict.code, told(summary, found, comparison, verdict, {case.id: case.line for case in cases}))


def judged(found: Run, before: Run | None, plan: Plan) -> tuple[Summary, Comparison | None, Verdict]:
    """A run in figures, beside an earlier one where there is one, and what the gates say."""
    comparison = compare(before, found, plan) if before else None
    return summarise(found, plan), comparison, comparison.verdict if comparison else judge_alone(found, plan)


def told(
    summary: Summary, found: Run, comparison: Comparison | None, verdict: Verdict, lines_of: Mapping[str, int]
) -> tuple[str, ...]:
    """The outcome in lines; on GitHub also as annotations and as the step's summary.

    :param lines_of: The line of each case in its suite.
    """
    lines = [*figures(summary), *(movements(comparison) if comparison else failures(found)), *judgement(verdict)]
    if os.environ.get("GITHUB_ACTIONS"):
        lines += workflow_commands(comparison or found, found.provenance.suite_path, lines_of)
        step_summary(markdown_report(summary, found, comparison))
    return tuple(lines)


def outcome_of(found: Run, before: Run | None, lines_of: Mapping[str, int]) -> Said:
    """Judge a run that pytest made, against a baseline where there is one; not its time, since tests share the machine."""
    summary, comparison, verdict = judged(found, before, replace(Plan(), slower=float("inf")))
    return Said(verdict.code, told(summary, found, comparison, verdict, lines_of))


def texts_of(index: Index, *runs: Run | None) -> dict[str, str]:
    """The texts of the documents that runs quote, as far as they are indexed."""
    shown = {
        place.doc
        for each in filter(None, runs)
        for result in each.results
        for place in (*result.gold, *result.excerpts, *result.nearest)
    }
    return {document: text for document in sorted(shown) if (text := text_of(index, document)) is not None}


def figures(summary: Summary) -> list[str]:
    """The headline, a figure a line."""
    lines = [f"cases: {summary.cases} ({summary.answerable} answerable), passed: {summary.passed}"]
    for name in HEADLINE:
        if figure := summary.of(name):
            interval = "" if figure.low is None or figure.high is None else f"  [{figure.low:.3f}, {figure.high:.3f}]"
            lines.append(f"  {name:<20} {figure.value:8.3f}{interval}  of {figure.cases}")
    bound = f"95 % upper bound {summary.harmful_bound:.3f}"
    return [
        *lines,
        f"critical questions answered though nothing answers: {summary.harmful} of {summary.critical_refusals} ({bound})",
    ]


def failures(found: Run) -> list[str]:
    """The cases that failed, by stage."""
    stages: dict[str, list[str]] = {}
    for result in found.results:
        if result.stage:
            stages.setdefault(result.stage, []).append(result.id)
    return [f"{stage}: {len(ids)} ({listed(ids)})" for stage, ids in sorted(stages.items())]


def listed(ids: Sequence[str]) -> str:
    """The first ids, and how many more there are."""
    more = f", and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
    return ", ".join(ids[:LISTED]) + more


def movements(comparison: Comparison) -> list[str]:
    """What moved, case by case, then the primary metrics."""
    lines = []
    for kind in MOVED:
        pairs = comparison.of_kind(kind)
        lines.append(f"{kind}: {len(pairs)}")
        if kind in (REGRESSED, FIXED):
            lines += [f"  {pair.present.id}: {pair.present.stage or 'passes'}" for pair in pairs[:LISTED]]
    return [*lines, *(moved(each) for each in comparison.differences if each.primary)]


def moved(each: Difference) -> str:
    """How far one metric moved, and what that is worth."""
    size = f"{each.difference:+.3f}, 95 % {each.low:+.3f} … {each.high:+.3f}, p {each.p:.3f}"
    return f"  {each.metric:<20} {each.before:.3f} → {each.after:.3f} ({size}; sees drops of {each.detectable:.3f})"


def judgement(verdict: Verdict) -> list[str]:
    """What the gates say."""
    word = {0: "gates: passed", 1: "gates: FAILED", 2: "gates: can't be judged"}[verdict.code]
    return [word, *(f"  {each}" for each in (*verdict.failed, *verdict.inconclusive, *verdict.notes))]


def as_object(summary: Summary, verdict: Verdict, comparison: Comparison | None) -> dict[str, Any]:
    """The outcome in plain JSON types."""
    found: dict[str, Any] = {"summary": asdict(summary), "verdict": asdict(verdict)}
    if comparison:
        found["differences"] = [asdict(each) for each in comparison.differences]
        found["cases"] = {
            kind: [pair.present.id for pair in comparison.of_kind(kind)]
            for kind in (REGRESSED, FIXED, NEW, REMOVED, CHANGED)
        }
    return found


def bless_run(options: argparse.Namespace, desk: Desk) -> Said:
    """Make a run the baseline."""
    found = load(options.run)
    if not options.baseline and not found.provenance.suite_path:
        raise UsageError("expected a place for the baseline, found none. Name one: --baseline FILE")
    path = options.baseline or baseline_beside(Path(found.provenance.suite_path))
    bless(found, path, options.reason, date.today())
    return Said(DONE, (f"blessed {len(found.results)} results: {path}",))


def baseline_beside(suite: Path) -> Path:
    """Where the baseline of a suite lies if nobody says otherwise: suite.jsonl → suite.baseline.json."""
    return suite.with_suffix(".baseline.json")


def lint_suite(options: argparse.Namespace, desk: Desk) -> Said:
    """Check a suite against the documents of an index."""
    index = open_index(desk.index)
    findings = lint(read_suite(options.suite), lambda document_id: text_of(index, document_id))
    lines = [f"{options.suite}:{each.line}: {each.severity}: {each.case}: {each.message}" for each in findings]
    errors = sum(each.severity == "error" for each in findings)
    return Said(NO if errors else DONE, (*lines, f"{errors} errors, {len(findings) - errors} warnings"))


def tell_power(options: argparse.Namespace, desk: Desk) -> Said:
    """Tell which drops a number of cases can see."""
    return Said(
        DONE, tuple(describe_power(case_count(options.cases), options.flip, [options.drop], Plan()).splitlines())
    )


def case_count(named: str) -> int:
    """The number of cases of a suite or a run, or the number itself."""
    if named.isascii() and named.isdigit():
        return int(named)
    path = Path(named)
    if path.suffix == ".jsonl":
        return len(read_suite(path))
    return len([result for result in load(path).results if result.id == result.parent])


COMMANDS: dict[str, Command] = {
    "run": run,
    "compare": compare_runs,
    "bless": bless_run,
    "lint": lint_suite,
    "power": tell_power,
    **MAKING,
}
