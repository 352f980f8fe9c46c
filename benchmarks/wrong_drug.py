"""The right attribute of the wrong drug: python -m benchmarks.wrong_drug [--encoder none] [--seed N].

Questions are made over 200 real drug labels whose adverse reactions were annotated (Demner-Fushman et al., Scientific
Data 2018). Nothing may be quoted where the drug has no label here, or where its label says nothing of the reaction; of
a drug that has one, only its own label may be quoted. Prints shares with their 95 % intervals, and writes every
question with what was quoted to benchmarks/runs/wrong-drug.jsonl.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.datasets import RUNS, SHARED, Dataset, contains, rows_of
from benchmarks.drug_questions import Question, codes_of, questions, read_labels
from benchmarks.indexes import index_for, show_progress
from benchmarks.table import line
from citewell.conversation import ask
from citewell.evaluate.statistics import wilson
from citewell.index import Index
from citewell.types import Answer

SEED = 20261124


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer."""

    question: Question
    answer: Answer

    @property
    def owners(self) -> list[str]:
        """The drugs whose labels the excerpts are cut from."""
        return [excerpt.document_id.split("#")[0] for excerpt in self.answer.excerpts]

    @property
    def own(self) -> int:
        """The excerpts that are cut from the label of the drug asked about."""
        return self.owners.count(self.question.drug)

    @property
    def on_topic(self) -> bool:
        """Whether an excerpt, or what stands before it, names the reaction asked about in its own words."""
        shown = [f"{e.context_before} {e.text} {' '.join(e.section)}" for e in self.answer.excerpts]
        return any(contains(each, self.question.reaction) for each in shown)


def labels() -> Dataset:
    """The sections of the 200 labels, as documents; their questions are made here."""
    return Dataset("labels", (), SHARED / "data" / "tac_adr_labels" / "corpus.jsonl")


def ask_all(index: Index, made: Sequence[Question]) -> list[Asked]:
    """Ask every question as a user would."""
    found = []
    for done, question in enumerate(made, start=1):
        found.append(Asked(question, ask(index, question.text)))
        show_progress("answering", done, len(made))
    return found


def report(asked: Sequence[Asked]) -> str:
    """The shares with their intervals, as a Markdown table."""
    refused = [each for each in asked if each.question.kind != "present"]
    present = [each for each in asked if each.question.kind == "present"]
    answered = [each for each in present if each.answer.answered]
    rows = [row("refused, of those to be refused", refused, is_silent)]
    for kind in ("absent", "lacking"):
        rows.append(row(f"refused, {kind}", [each for each in refused if each.question.kind == kind], is_silent))
    for named in sorted({each.question.named for each in refused}):
        rows.append(row(f"refused, drug as {named}", [e for e in refused if e.question.named == named], is_silent))
    rows.append(row("answered, of those that a label answers", present, lambda each: each.answer.answered))
    for named in sorted({each.question.named for each in present}):
        of_these = [each for each in present if each.question.named == named]
        rows.append(row(f"answered, drug as {named}", of_these, lambda each: each.answer.answered))
    rows.append(
        shares("excerpts of the drug's own label", sum(e.own for e in answered), sum(len(e.owners) for e in answered))
    )
    rows.append(row("every excerpt of the drug's own label", answered, lambda each: each.own == len(each.owners)))
    rows.append(row("first excerpt of the drug's own label", answered, lambda e: e.owners[0] == e.question.drug))
    rows.append(row("an excerpt names the reaction", answered, lambda each: each.on_topic))
    return "\n".join([line(["Measure", "n", "share", "95 % interval"]), "|---|---:|---:|---:|", *rows])


def is_silent(each: Asked) -> bool:
    """Whether nothing was quoted as an answer."""
    return not each.answer.answered


def row(measure: str, asked: Sequence[Asked], right: Callable[[Asked], bool]) -> str:
    """The line of a share of questions."""
    return shares(measure, sum(map(right, asked)), len(asked))


def shares(measure: str, right: int, of: int) -> str:
    """The line of a share."""
    low, high = wilson(right, of)
    return line([measure, f"{of:,}", f"{right / of:.3f}" if of else "", f"{low:.3f} to {high:.3f}"])


def as_json(each: Asked) -> str:
    """One question with what was shown for it."""
    question, answer = each.question, each.answer
    shown = [{"document": e.document_id, "text": e.text} for e in (*answer.excerpts, *answer.nearest)]
    return json.dumps({
        "kind": question.kind, "question": question.text, "drug": question.drug, "reaction": question.reaction,
        "named": question.named, "searched_for": answer.searched_for, "answered": answer.answered, "confidence": answer.confidence,
        "reason": answer.reason, "own": each.own, "on_topic": each.on_topic, "shown": shown,
    }, ensure_ascii=False)  # fmt: skip


def main() -> int:
    """Make the questions, ask them, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--encoder", default="default")
    options.add_argument("--seed", type=int, default=SEED)
    given = options.parse_args()
    dataset = labels()
    if not dataset.source.is_file():
        print("skipped: no ../shared", file=sys.stderr)
        return 0
    spans = list(rows_of(dataset.source.with_name("adverse_event_spans.jsonl")))
    known = read_labels(rows_of(dataset.source), spans)
    asked = ask_all(index_for(dataset, given.encoder), questions(known, codes_of(spans), given.seed))
    (RUNS / "wrong-drug.jsonl").write_text("".join(f"{as_json(each)}\n" for each in asked), encoding="utf-8")
    print(report(asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
