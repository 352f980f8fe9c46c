"""The commands of `citewell eval` that make cases, take them over, give them away, or run them many times."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from citewell.errors import UsageError
from citewell.evaluate.cases import Case, read_suite, write_suite
from citewell.evaluate.desk import DONE, Command, Desk, Said
from citewell.evaluate.exchange import Collection, Text, read_beir, trec_qrels, write_beir, write_texts
from citewell.evaluate.feedback import candidates_file
from citewell.evaluate.matrix import read_configurations, run_matrix, table
from citewell.evaluate.plan import Plan
from citewell.evaluate.squad import read_squad, write_squad
from citewell.evaluate.synthesis import synthesise, withhold
from citewell.evaluate.triage import keyboard, triage
from citewell.index import open_index


def review(options: argparse.Namespace, desk: Desk) -> Said:
    """Review candidates in the terminal, one decision at a time."""
    read = keyboard(sys.stdin)
    path = options.candidates or candidates_file(desk.index)
    tally = triage(
        path, suite=options.suite, index=open_index(desk.index), read=read, write=desk.write, today=date.today()
    )
    counts = f"{tally.accepted} accepted, {tally.deleted} deleted, {tally.skipped} skipped, {tally.left} left"
    return Said(DONE, (counts,))


def synth(options: argparse.Namespace, desk: Desk) -> Said:
    """Make cases from the documents by rules, into a suite of their own."""
    index = open_index(desk.index)
    if not options.withhold:
        return written(options.out, synthesise(index, options.seed))
    found = withhold(index, options.seed)
    said = written(options.out, found.cases)
    return Said(said.code, (*said.lines, f"to be removed before they are asked: {' '.join(found.documents)}"))


def take(options: argparse.Namespace, desk: Desk) -> Said:
    """Take cases over from another tool's files; SQuAD's paragraphs are written as documents beside them."""
    if options.kind == "beir":
        return written(options.out, read_beir(options.source).cases)
    found, documents = read_squad(options.source), options.out.with_suffix(".documents.jsonl")
    said = written(options.out, found.cases)
    write_texts(documents, found.texts)
    return Said(said.code, (*said.lines, f"{len(found.texts)} documents, to be indexed: {documents}"))


def written(path: Path, cases: Sequence[Case]) -> Said:
    """Write a new suite; one that is there is never written over."""
    if path.exists():
        raise UsageError(f"expected a new file for the suite, found {path}. Name another, or move it away.")
    write_suite(path, cases)
    return Said(DONE, (f"{len(cases)} cases: {path}",))


def give(options: argparse.Namespace, desk: Desk) -> Said:
    """Write a suite for other tools."""
    if options.out.exists():
        raise UsageError(f"expected a new place to export to, found {options.out}. Name another, or move it away.")
    cases = read_suite(options.suite)
    if options.kind == "trec":
        options.out.write_text("\n".join([*trec_qrels(cases), ""]), encoding="utf-8")
    else:
        index = open_index(desk.index)
        documents = [index.document(document_id) for document_id, _ in index.documents()]
        texts = tuple(Text(document.id, document.metadata.title, document.text) for document in documents)
        if options.kind == "beir":
            write_beir(options.out, cases, texts)
        else:
            write_squad(options.out, Collection(cases, texts))
    return Said(DONE, (f"{len(cases)} cases: {options.out}",))


def compare_configurations(options: argparse.Namespace, desk: Desk) -> Said:
    """Run several configurations over one suite; what is known of an earlier time is not run again."""
    configurations = read_configurations(options.configurations)
    out = options.out or options.configurations.with_suffix(".runs")
    rows = run_matrix(options.suite, configurations, desk.index, out, desk.progress)
    return Said(DONE, tuple(table(rows, Plan())))


MAKING: dict[str, Command] = {
    "triage": review,
    "synth": synth,
    "import": take,
    "export": give,
    "matrix": compare_configurations,
}
