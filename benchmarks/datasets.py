"""The question sets: their questions, what answers them, and the sources to index.

Two sets come with the repository's tests; the others are public data that lies beside the repository, in ../shared.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from citewell.types import Excerpt, fold

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
RUNS = ROOT / "benchmarks" / "runs"
QUESTIONS = ROOT / "tests" / "quality"
BIOASQ_STEP = 11  # every 11th question of BioASQ: 210 of them
DISTRACTORS = 5  # with a part of the questions, every 5th document that answers none of them stays in the corpus


@dataclass(frozen=True, slots=True)
class Evidence:
    """What answers a question: the stretch [start, end) of a document, or, where they are None, a quotation from it."""

    document_id: str
    text: str = ""
    start: int | None = None
    end: int | None = None

    def is_in(self, excerpt: Excerpt) -> bool:
        """Whether an excerpt shows it: offsets overlap, or one of the two texts holds the other."""
        if excerpt.document_id != self.document_id:
            return False
        if self.start is not None and self.end is not None:
            return excerpt.start < self.end and self.start < excerpt.end
        return self.text in excerpt.text or excerpt.text in self.text


@dataclass(frozen=True, slots=True)
class Case:
    """One question with all that answers it; nothing does where it is not answerable.

    :param grades: Relevance of the documents; empty where only sentences are judged.
    """

    id: str
    question: str
    answerable: bool
    evidence: tuple[Evidence, ...] = ()
    history: tuple[str, ...] = ()
    grades: Mapping[str, int] = field(default_factory=dict)
    disagrees: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions over one source, a folder or a JSON-lines corpus."""

    name: str
    cases: tuple[Case, ...]
    source: Path


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as stream:
        yield from (json.loads(line) for line in stream if line.strip())


def contains(text: str, answer: str) -> bool:
    """Whether a text holds an answer as whole words, whatever their case: “5 mg” is not in “25 mg”."""
    wanted = re.escape(fold(answer).casefold())
    return re.search(rf"(?<!\w){wanted}(?!\w)", text.casefold()) is not None


def seeds() -> Dataset:
    """Two real documents that are hard to read; evidence by offset."""
    cases = [
        Case(row["id"], row["question"], row["answerable"],
             tuple(Evidence(e["doc"], start=e["start"], end=e["end"]) for e in row["evidence"]))
        for row in rows_of(QUESTIONS / "seeds.jsonl")
    ]  # fmt: skip
    return Dataset("seeds", tuple(cases), SHARED / "seeds")


def corpus() -> Dataset:
    """The starter corpus; evidence by quotation."""
    cases = [
        Case(row["id"], row["question"], row["answerable"], tuple(Evidence(e["doc"], fold(e["quote"])) for e in row.get("evidence", ())),
             tuple(row.get("history", ())), disagrees=bool(row.get("expected_disagreement")))
        for row in rows_of(QUESTIONS / "golden.jsonl")
    ]  # fmt: skip
    return Dataset("corpus", tuple(cases), ROOT / "corpus")


def beir(name: str, folder: str) -> Dataset:
    """A set in the layout of BEIR, with the places of its answers."""
    home = SHARED / "data" / folder
    grades: dict[str, dict[str, int]] = {}
    with (home / "qrels.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            grades.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    cases = [
        Case(
            row["_id"],
            row["text"],
            not row.get("is_impossible", False),
            answers_of(row),
            grades=grades.get(row["_id"], {}),
        )
        for row in rows_of(home / "queries.jsonl")
    ]
    return Dataset(name, tuple(cases), home / "corpus.jsonl")


def answers_of(row: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """The answers of a question that stand in a document's text; titles are searched but not quoted."""
    placed = (answer for answer in row.get("answers", ()) if answer["start"] >= 0)
    return tuple(Evidence(a["doc"], a["text"], a["start"], a["start"] + len(a["text"])) for a in placed)


def scifact() -> Dataset:
    """SciFact's test claims over its 5,183 abstracts (Wadden et al., EMNLP 2020; BEIR's selection)."""
    return beir("scifact", "scifact")


def squad() -> Dataset:
    """Half of SQuAD 2.0's development questions over 1,216 paragraphs (Rajpurkar et al., ACL 2018)."""
    return beir("squad", "squad2_devhalf_plus")


def bioasq() -> Dataset:
    """A sample of BioASQ's golden questions with the abstracts that answer them, among others."""
    whole = beir("bioasq", "bioasq_7b_11b")
    return part_of(whole, [case for case in whole.cases if case.evidence][::BIOASQ_STEP], "sample")


def part_of(whole: Dataset, cases: Sequence[Case], label: str) -> Dataset:
    """Some questions of a set over its whole folder, or over a part of its corpus that is written to the runs' folder."""
    part = replace(whole, name=f"{whole.name}-{label}", cases=tuple(cases))
    if whole.source.is_dir():
        return part
    wanted = {document for case in cases for document in (*case.grades, *(e.document_id for e in case.evidence))}
    lines = whole.source.read_text(encoding="utf-8").split("\n")  # splitlines would cut at U+2028, which texts hold
    source = RUNS / f"{part.name}.jsonl"
    RUNS.mkdir(parents=True, exist_ok=True)
    source.write_text("\n".join(thinned(filter(None, lines), wanted)) + "\n", encoding="utf-8")
    return replace(part, source=source)


def thinned(lines: Iterable[str], wanted: set[str]) -> Iterator[str]:
    """The wanted documents of a corpus and every `DISTRACTORS`-th other one."""
    others = 0
    for line in lines:
        if json.loads(line)["_id"] in wanted:
            yield line
        else:
            others += 1
            if others % DISTRACTORS == 0:
                yield line


def limited(dataset: Dataset, limit: int | None) -> Dataset:
    """At most `limit` questions, spread over the set, answerable ones and others in their proportion."""
    if limit is None or limit >= len(dataset.cases):
        return dataset
    ordered = sorted(dataset.cases, key=lambda case: not case.answerable)
    step = len(ordered) / limit
    return part_of(dataset, [ordered[int(number * step)] for number in range(limit)], str(limit))


LOADERS = {"seeds": seeds, "corpus": corpus, "scifact": scifact, "squad": squad, "bioasq": bioasq}
NEEDS_SHARED = frozenset(LOADERS) - {"corpus"}
