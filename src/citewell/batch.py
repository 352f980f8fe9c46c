"""Many questions from a file, and rankings into a TREC run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citewell.errors import UsageError
from citewell.search import check_question

RUN_NAME = "citewell"  # the last column of a run


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a file; `id` is None where the file gives none."""

    id: str | None
    question: str
    history: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """Read a JSON-lines file of questions; the first bad row is a UsageError that names its line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"expected {path} in UTF-8, found another byte at {error.start}. Convert it first.") from None
    except OSError as error:
        raise UsageError(f"expected a file of questions at {path}, found: {error.strerror}.") from None
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                rows.append(read_row(line))
            except UsageError as error:
                raise UsageError(f"{path}, line {number}: {error}") from None
    return rows


def read_row(line: str) -> Row:
    """Read {"id" or "_id", "question" or "text", "history"?: [earlier questions]}."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"expected one JSON object, found what can't be read as JSON ({error}).") from None
    if not isinstance(row, dict):
        raise UsageError(f"expected one JSON object, found {type(row).__name__}.")
    question = row.get("question", row.get("text"))
    if not isinstance(question, str):
        raise UsageError(f'expected a "question" or a "text" that is a string, found {type(question).__name__}.')
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        raise UsageError('expected "history" to be a list of earlier questions, found something else.')
    return Row(identifier(row), check_question(question), tuple(check_question(earlier) for earlier in history))


def identifier(row: dict[str, Any]) -> str | None:
    """A row's id as given; a whole number is written as its digits."""
    found = row.get("id", row.get("_id"))
    if found is None or (isinstance(found, str | int) and not isinstance(found, bool)):
        return None if found is None else str(found)
    raise UsageError(f'expected an "id" that is a string or a whole number, found {type(found).__name__}.')


def check_ids(rows: Sequence[Row], path: Path) -> list[tuple[str, str]]:
    """Return (id, question) of each row; UsageError where an id is missing, is there twice or would break a run."""
    pairs: dict[str, str] = {}
    for row in rows:
        if row.id is None or row.id in pairs:
            what = "none" if row.id is None else f"{row.id!r} twice"
            raise UsageError(f'expected an "id" of its own for each question in {path}, found {what}.')
        pairs[check_column(row.id)] = row.question
    return list(pairs.items())


def check_column(value: str) -> str:
    """Refuse an id that can't stand in a run, whose columns are parted by blanks."""
    if not value or any(character.isspace() for character in value):
        raise UsageError(f"expected ids without white space for a TREC run, found {value!r}. Rename it.")
    return value


def run_lines(question_id: str, ranking: Sequence[tuple[str, float]]) -> list[str]:
    """One question's lines: "qid Q0 docid rank score citewell", ranks from 1."""
    return [
        f"{question_id} Q0 {check_column(document_id)} {rank} {score!r} {RUN_NAME}\n"
        for rank, (document_id, score) in enumerate(ranking, start=1)
    ]


def write_whole(path: Path, lines: Iterable[str]) -> None:
    """Write a file that is there whole or, after any failure, as it was before."""
    path = path.resolve()  # a link stays a link
    if not path.parent.is_dir() or (path.exists() and not path.is_file()):
        raise UsageError(f"expected a file to write to, in a folder that exists; found {path}. Name another.")
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with new.open("w", encoding="utf-8") as stream:
            stream.writelines(lines)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
