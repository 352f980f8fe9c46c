"""Measure what follow-ups find: python -m benchmarks.follow_ups [--encoder NAME] [--missed].

The data are conversations of people with documents, and what people made of each follow-up so that it stands alone
(MTRAG, Katsis et al., TACL 2025). Rules were chosen on one half of the conversations.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.datasets import SHARED, Dataset, beir, rows_of
from benchmarks.indexes import index_for, show_progress
from benchmarks.table import decimal, line, mean
from citewell.conversation import complete
from citewell.evaluate.ranking import recall
from citewell.index import Index
from citewell.search import LONGEST_QUESTION, rank_documents

FOLDER = "mtrag_human_subset"
DEPTHS = (5, 10)  # documents looked at
SPEAKER = "|user|:"
DEVELOPED, HELD = "developed on", "held back"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question with the questions before it.

    :param rewrite: What people made of it.
    :param grades: Relevance of the documents.
    :param half: Which half its conversation is in.
    """

    id: str
    question: str
    history: tuple[str, ...]
    rewrite: str
    grades: Mapping[str, int]

    half: str


@dataclass(frozen=True, slots=True)
class Found:
    """What one way of asking found for a follow-up: recall by depth."""

    asked: str
    recalls: tuple[float, ...]


Way = Callable[[Index, FollowUp], str]
WAYS: dict[str, Way] = {
    "the last question alone": lambda _, each: each.question,
    "all questions in one": lambda _, each: " ".join((*each.history, each.question))[-LONGEST_QUESTION:],
    "Citewell": lambda index, each: complete(index, each.question, each.history),
    "what people made of it": lambda _, each: each.rewrite,
}


def follow_ups(home: Path, dataset: Dataset) -> list[FollowUp]:
    """The follow-ups that documents are marked for and that people rewrote."""
    rewrites = {
        row["_id"]: row["rewrite"].replace(SPEAKER, "").strip() for row in rows_of(home / "query_rewrites.jsonl")
    }
    grades = {case.id: case.grades for case in dataset.cases}
    queries = list(rows_of(home / "queries.jsonl"))
    conversations = sorted({conversation_of(row["_id"]) for row in queries})  # by names that are hashes
    halves = {name: (DEVELOPED, HELD)[number % 2] for number, name in enumerate(conversations)}
    found = []
    for row in queries:
        asked = tuple(turn["text"] for turn in row["history"] if turn["speaker"] == "user")
        if asked and grades[row["_id"]] and row["_id"] in rewrites:
            found.append(
                FollowUp(
                    row["_id"],
                    row["text"],
                    asked,
                    rewrites[row["_id"]],
                    grades[row["_id"]],
                    halves[conversation_of(row["_id"])],
                )
            )
    return found


def conversation_of(query: str) -> str:
    """The name of a query's conversation."""
    return query.split("<::>")[0]


def search_all(index: Index, asked: Sequence[FollowUp]) -> dict[str, list[Found]]:
    """Ask every follow-up in every way."""
    found: dict[str, list[Found]] = {way: [] for way in WAYS}
    for done, each in enumerate(asked, start=1):
        for way, words_of in WAYS.items():
            text = words_of(index, each)
            ranking = [document for document, _ in rank_documents(index, text, depth=max(DEPTHS))]
            found[way].append(Found(text, tuple(recall(ranking, each.grades, k=depth) for depth in DEPTHS)))
        show_progress("asking", done, len(asked))
    return found


def report(asked: Sequence[FollowUp], found: Mapping[str, Sequence[Found]]) -> str:
    """The table in Markdown: recall by way and half."""
    halves = (DEVELOPED, HELD)
    counts = {half: sum(each.half == half for each in asked) for half in halves}
    heads = [f"recall@{depth}, {half} ({counts[half]})" for half in halves for depth in DEPTHS]
    lines = [line(["Asked", *heads]), "|---|" + "---:|" * len(heads)]
    for way, answers in found.items():
        lines.append(
            line([way, *(decimal(of(asked, answers, half, n), 3) for half in halves for n in range(len(DEPTHS)))])
        )
    return "\n".join(lines)


def of(asked: Sequence[FollowUp], answers: Sequence[Found], half: str, number: int) -> float:
    """The mean recall at one depth over one half."""
    return mean(got.recalls[number] for each, got in zip(asked, answers, strict=True) if each.half == half)


def missed(asked: Sequence[FollowUp], found: Mapping[str, Sequence[Found]]) -> str:
    """The developed half's questions as Citewell asks them and as people did, with the first recall of either."""
    lines = []
    for each, ours, theirs in zip(asked, found["Citewell"], found["what people made of it"], strict=True):
        if each.half == DEVELOPED:
            lines.append(f"{ours.recalls[0]:.2f} {theirs.recalls[0]:.2f}  {ours.asked}\n           {theirs.asked}")
    return "\n".join(lines)


def main() -> int:
    """Measure and print the table."""
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.follow_ups", description="Measure what follow-ups find."
    )
    options.add_argument("--encoder", default="default", metavar="NAME", help='a model\'s name or folder, or "none"')
    options.add_argument("--missed", action="store_true", help="print each question of the half developed on")
    given = options.parse_args()
    home = SHARED / "data" / FOLDER
    if not home.is_dir():
        print(f"skipped: no {home}")
        return 0
    dataset = beir("follow-ups", FOLDER)
    asked = follow_ups(home, dataset)
    found = search_all(index_for(dataset, given.encoder), asked)
    print(report(asked, found))
    if given.missed:
        print(missed(asked, found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
