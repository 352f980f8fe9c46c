"""The documents and questions that all systems get, written where each can read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.datasets import Case, Dataset, rows_of

Each = TypeVar("Each")


def spread(items: Sequence[Each], count: int | None) -> list[Each]:
    """At most `count` of some items, evenly spread over them, in their order."""
    if count is None or count >= len(items):
        return list(items)
    return [items[number * len(items) // count] for number in range(count)]


def write_task(dataset: Dataset, documents: int | None, questions: int | None, folder: Path) -> list[Case]:
    """Write corpus.jsonl and questions.jsonl and return the questions.

    :param documents: How many to keep; those that answer a question are always kept, however many they are.
    """
    cases = spread(dataset.cases, questions)
    wanted = {document for case in cases for document in case.grades}
    rows = [{name: row[name] for name in ("_id", "title", "text")} for row in rows_of(dataset.source)]
    others = [row["_id"] for row in rows if row["_id"] not in wanted]
    room = None if documents is None else max(documents - len(wanted), 0)
    kept = wanted.union(spread(others, room))
    write_rows(folder / "corpus.jsonl", [row for row in rows if row["_id"] in kept])
    write_rows(folder / "questions.jsonl", [{"_id": case.id, "text": case.question} for case in cases])
    return cases


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> None:
    """Write a JSON-lines file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
