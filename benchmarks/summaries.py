"""Measure extractive summaries against an expert's: python -m benchmarks.summaries [--json OUT].

MEDIQA 2021's development set for summaries of several answers (Ben Abacha et al., BioNLP 2021): 50 questions of
patients, the pages that answer each, and the sentences that an expert took from them. Only a question's own pages are
asked. Sizes are chosen on every second question, from the first on ("tuned"); the others ("held") confirm.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks import summarisers
from benchmarks.datasets import RUNS, SHARED, Case, Dataset, beir, rows_of
from benchmarks.indexes import index_for, show_progress
from benchmarks.rouge import rouge_n, rouge_words
from benchmarks.summarisers import Sentence, Summariser, Task
from benchmarks.table import line, mean
from citewell.answer.compose import quote
from citewell.answer.consider import judge
from citewell.answer.evidence import gather, rank
from citewell.answer.reading import Reading
from citewell.answer.summary import summarise
from citewell.answer.weights import weigh
from citewell.conversation import ask
from citewell.evaluate.answers import rouge_l
from citewell.evaluate.outcome import Place
from citewell.evaluate.spans import coverage
from citewell.index import Index
from citewell.search import find, understand
from citewell.settings import Settings
from citewell.types import Excerpt, fold

FOLDER = "mediqa2021_mas_val"
HALF = 0.5  # share of a sentence's characters from which on it counts as taken
SIZES = (3, 5, 8, 11, 14, 18)  # sentences of a summary, tried on the tuned half
LEADS = (1, 2, 3, 4, 5)  # first sentences of each document
HEADS = ["Summary", "Half", "Questions", "ROUGE-2 F1", "ROUGE-L F1", "Sentence F1", "Sentences", "Words"]


@dataclass(frozen=True, slots=True)
class Measured:
    """One summary against the expert's.

    :param sentence_f1: Over the sentences that both took, at least half of each.
    """

    rouge_2: float
    rouge_l: float
    sentence_f1: float
    sentences: int
    words: int


@dataclass(frozen=True, slots=True)
class Row:
    """The means over one half of the questions."""

    method: str
    half: str
    questions: int
    rouge_2: float
    rouge_l: float
    sentence_f1: float
    sentences: float
    words: float


@dataclass(frozen=True, slots=True)
class Halves:
    """The tasks that sizes are chosen on, and those that confirm them."""

    tuned: tuple[Task, ...]
    held: tuple[Task, ...]


def read_tasks(index: Index, dataset: Dataset) -> Halves:
    """All tasks of the set, by turns in one half and in the other."""
    golds = {row["_id"]: row["extractive_summary"] for row in rows_of(dataset.source.with_name("queries.jsonl"))}
    tasks = []
    for done, case in enumerate(dataset.cases, start=1):
        tasks.append(make_task(index, case, golds[case.id]))
        show_progress("reading", done, len(dataset.cases))
    return Halves(tuple(tasks[::2]), tuple(tasks[1::2]))


def make_task(index: Index, case: Case, gold: str) -> Task:
    """One question with its sentences, encoded."""
    documents = tuple(case.grades)
    marked = [Place(e.document_id, e.start, e.end) for e in case.evidence if e.start is not None and e.end is not None]
    sentences = tuple(sentence for each in documents for sentence in sentences_of(index, each, marked))
    if index.encoder is None:
        raise SystemExit("expected an index with vectors, for the methods that compare by them; found none")
    vectors = index.encoder.encode([case.question, *(sentence.text for sentence in sentences)]).astype(np.float64)
    alike = vectors[1:] @ vectors[1:].T
    return Task(case.id, case.question, documents, sentences, tuple(rouge_words(gold)), vectors[1:] @ vectors[0], alike)


def sentences_of(index: Index, document_id: str, marked: Sequence[Place]) -> list[Sentence]:
    """The units of a document, with whether the expert took them."""
    text = index.document(document_id).text
    return [
        Sentence(document_id, number, unit, fold(text[unit.start : unit.end]), taken(document_id, unit.start, unit.end, marked))
        for number, unit in enumerate(index.units(document_id))
    ]  # fmt: skip


def taken(document_id: str, start: int, end: int, places: Sequence[Place]) -> bool:
    """Whether places hold at least half of a stretch."""
    return coverage(Place(document_id, start, end), places) >= HALF


def measure(task: Task, words: Sequence[str], chosen: Sequence[Sentence]) -> Measured:
    """A summary against the expert's."""
    wanted = sum(sentence.wanted for sentence in task.sentences)
    right = sum(sentence.wanted for sentence in chosen)
    f1 = 2 * right / (len(chosen) + wanted) if right else 0.0
    return Measured(rouge_n(words, task.gold), rouge_l(words, task.gold), f1, len(chosen), len(words))


def measure_sentences(task: Task, chosen: Sequence[Sentence]) -> Measured:
    """A summary of whole sentences."""
    return measure(task, task.said(chosen), chosen)


def measure_excerpts(task: Task, excerpts: Sequence[Excerpt]) -> Measured:
    """A summary of excerpts, in the order in which they are shown."""
    places = [Place(excerpt.document_id, excerpt.start, excerpt.end) for excerpt in excerpts]
    held = [s for s in task.sentences if taken(s.document_id, s.unit.start, s.unit.end, places)]
    return measure(task, rouge_words(" ".join(excerpt.text for excerpt in excerpts)), held)


def averaged(method: str, half: str, found: Sequence[Measured]) -> Row:
    """The means of one method over one half."""
    return Row(
        method,
        half,
        len(found),
        mean(each.rouge_2 for each in found),
        mean(each.rouge_l for each in found),
        mean(each.sentence_f1 for each in found),
        mean(each.sentences for each in found),
        mean(each.words for each in found),
    )


def in_halves(method: str, halves: Halves, summarise: Callable[[Task], Measured]) -> list[Row]:
    """The rows of one method."""
    both = (("tuned", halves.tuned), ("held", halves.held))
    return [averaged(method, half, [summarise(task) for task in tasks]) for half, tasks in both]


def known_rows(name: str, method: Summariser, halves: Halves, sizes: Sequence[int]) -> list[Row]:
    """A known method, of the size that is best on the tuned half by ROUGE-2."""

    def reached(size: int) -> float:
        return mean(measure_sentences(task, method(task, size)).rouge_2 for task in halves.tuned)

    size = max(sizes, key=reached)
    label = f"{name}, {size}" if len(sizes) > 1 or size > 1 else name
    return in_halves(label, halves, lambda task: measure_sentences(task, method(task, size)))


KNOWN: tuple[tuple[str, Summariser, tuple[int, ...]], ...] = (
    ("every sentence", summarisers.everything, (1,)),
    ("lead of each document", summarisers.lead_of_each, (3,)),
    ("lead of each document", summarisers.lead_of_each, LEADS),
    ("lead", summarisers.lead, SIZES),
    ("centroid", summarisers.centroid, SIZES),
    ("TextRank", summarisers.textrank, SIZES),
    ("LexRank", summarisers.lexrank, SIZES),
    ("LexRank from the question", summarisers.lexrank_of_question, SIZES),
    ("cosine with the question", summarisers.nearest, SIZES),
    ("MMR", summarisers.mmr, SIZES),
    ("oracle: greedy by ROUGE-2", summarisers.oracle, (1,)),
    ("oracle: the expert's sentences", summarisers.wanted, (1,)),
)


def all_rows(index: Index, halves: Halves) -> list[Row]:
    """Ours and all others."""
    rows = in_halves("Citewell, as it answers", halves, lambda task: measure_excerpts(task, answered(index, task)))
    rows += in_halves(
        "Citewell, where a summary is asked for", halves, lambda task: measure_excerpts(task, asked_for(index, task))
    )
    for name, method, sizes in KNOWN:
        rows += known_rows(name, method, halves, sizes)
    return rows


def asked_for(index: Index, task: Task) -> Sequence[Excerpt]:
    """What is quoted where a summary is asked for, whatever the question's words and however weak the passages are."""
    settings = Settings()
    query = understand(index, task.question, settings)
    hits = find(index, query, settings, index.allowed((), task.documents), top=settings.evidence_passages)
    reading = Reading(index, [hit.passage for hit in hits])
    weights = weigh(index, query)
    candidates = rank(gather(reading, query, weights, hits), None, settings)
    judged = judge(reading, weights, islice(candidates, settings.judged), settings)
    return quote(reading, summarise(judged, settings)).excerpts


def answered(index: Index, task: Task) -> Sequence[Excerpt]:
    """The quotations that a user sees; none where the answer is silence."""
    return ask(index, task.question, documents=task.documents).excerpts


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    lines = [line(HEADS), "|---|---|" + "---:|" * 6]
    for row in rows:
        shares = [f"{value:.3f}" for value in (row.rouge_2, row.rouge_l, row.sentence_f1)]
        lines.append(
            line([row.method, row.half, str(row.questions), *shares, f"{row.sentences:.1f}", f"{row.words:.0f}"])
        )
    return "\n".join(lines)


def main() -> int:
    """Measure and print the table."""
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.summaries", description="Measure extractive summaries."
    )
    options.add_argument(
        "--json", type=Path, default=RUNS / "summaries.json", metavar="OUT", help="where rows are written"
    )
    chosen = options.parse_args()
    if not SHARED.is_dir():
        print("skipped: no ../shared")
        return 0
    dataset = beir("summaries", FOLDER)
    index = index_for(dataset, "default")
    rows = all_rows(index, read_tasks(index, dataset))
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
