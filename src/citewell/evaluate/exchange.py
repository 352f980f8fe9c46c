"""Suites from and for other tools: BEIR's folder, and TREC's qrels.

BEIR judges whole documents. A judged document is evidence from its first to its last character, and its case has the
tag "whole-document": measures of ranking mean the same there, those of quotations say only whether the document is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citewell.errors import UsageError
from citewell.evaluate.cases import Case, Evidence, load_object

WHOLE = "whole-document"
HEADER = ("query-id", "corpus-id", "score")


@dataclass(frozen=True, slots=True)
class Text:
    """A document as other tools hold it: an id, a title and a text."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Cases with the documents that they are asked of."""

    cases: tuple[Case, ...]
    texts: tuple[Text, ...]


def read_beir(folder: Path) -> Collection:
    """The cases of a BEIR folder: corpus.jsonl, queries.jsonl, and qrels.tsv or all of qrels/*.tsv.

    A query that no document is judged to answer becomes no case: it was not judged, which is not "unanswerable".
    """
    texts = tuple(read_texts(folder / "corpus.jsonl"))
    lengths = {text.id: len(text.text) for text in texts}
    grades = read_grades(folder)
    cases = []
    for row in rows_of(folder / "queries.jsonl", "_id", "text"):
        judged = {document: grade for document, grade in grades.get(row["_id"], {}).items() if grade > 0}
        if unknown := judged.keys() - lengths.keys():
            raise UsageError(
                f"expected every judged document in {folder / 'corpus.jsonl'}, found no {min(unknown)!r} for the query {row['_id']!r}."
            )
        evidence = tuple(
            whole(document, lengths[document], grade) for document, grade in judged.items() if lengths[document]
        )
        if evidence:
            cases.append(Case(row["_id"], row["text"], answerable=True, tags=(WHOLE,), evidence=evidence))
    return Collection(tuple(cases), texts)


def whole(document: str, length: int, grade: int) -> Evidence:
    """A whole document as evidence."""
    return Evidence(document, start=0, end=length, grade=grade)


def read_texts(path: Path) -> Iterator[Text]:
    """Yield the documents of a corpus in JSON lines."""
    for row in rows_of(path, "_id", "text"):
        yield Text(row["_id"], str(row.get("title") or ""), row["text"])


def rows_of(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """Yield the object of each line, its needed fields known to be texts; an id that is a number becomes one."""
    for number, line in lines_of(path):
        try:
            row = load_object(line)
            row |= {name: str(row[name]) for name in needed if isinstance(row.get(name), int)}
            if missing := [name for name in needed if not isinstance(row.get(name), str)]:
                raise UsageError(f'expected a "{missing[0]}" that is a text, found {row.get(missing[0])!r}.')
        except UsageError as error:
            raise UsageError(f"{path}, line {number}: {error}") from error
        yield row


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each line that is not empty, with its number."""
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"expected a file to read at {path}, found: {reason}.") from error


def read_grades(folder: Path) -> dict[str, dict[str, int]]:
    """Query → document → grade, from all of a folder's qrels."""
    paths = sorted((folder / "qrels").glob("*.tsv")) or [folder / "qrels.tsv"]
    grades: dict[str, dict[str, int]] = {}
    for path in paths:
        for number, line in lines_of(path):
            columns = line.split("\t")
            if tuple(columns) == HEADER:
                continue
            if len(columns) != len(HEADER) or not columns[2].strip().lstrip("-").isdecimal():
                raise UsageError(
                    f"{path}, line {number}: expected a query, a document and a whole grade between tabs, found {line!r}."
                )
            grades.setdefault(columns[0], {})[columns[1]] = int(columns[2])
    return grades


def write_beir(folder: Path, cases: Sequence[Case], texts: Iterable[Text]) -> None:
    """Write cases and documents as a BEIR folder with the split "test".

    What BEIR has no place for is left out: quotations, answers, severities, paraphrases, and cases without evidence.
    """
    judged = [case for case in cases if case.evidence]
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    write_texts(folder / "corpus.jsonl", texts)
    write_rows(folder / "queries.jsonl", ({"_id": case.id, "text": case.question} for case in judged))
    lines = ["\t".join(HEADER)]
    for case in judged:
        lines += [
            "\t".join((column(case.id, "\t"), column(doc, "\t"), str(grade))) for doc, grade in grades_of(case).items()
        ]
    (folder / "qrels" / "test.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_texts(path: Path, texts: Iterable[Text]) -> None:
    """Write documents as a corpus in JSON lines, which `citewell index` reads."""
    write_rows(path, ({"_id": each.id, "title": each.title, "text": each.text} for each in texts))


def write_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write objects, one a line."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def grades_of(case: Case) -> dict[str, int]:
    """Each document's highest grade, in the order of the evidence."""
    grades: dict[str, int] = {}
    for evidence in case.evidence:
        grades[evidence.doc] = max(evidence.grade, grades.get(evidence.doc, 0))
    return grades


def trec_qrels(cases: Iterable[Case]) -> Iterator[str]:
    """Yield TREC's lines "query 0 document grade", for tools that score a run of `citewell search --run`."""
    for case in cases:
        for document, grade in grades_of(case).items():
            yield f"{column(case.id)} 0 {column(document)} {grade}"


def column(value: str, forbidden: str = "") -> str:
    """An id as a column; UsageError where it would be read as two."""
    if any(sign in value for sign in forbidden) or (not forbidden and len(value.split()) != 1) or "\n" in value:
        raise UsageError(f"expected an id without white space, found {value!r}. Rename it.")
    return value
