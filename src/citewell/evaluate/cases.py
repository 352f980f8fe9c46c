"""Suites of cases: JSON lines, one question a line, with what answers it as quotations from the documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from citewell.errors import UsageError

SEVERITIES = ("critical", "normal")
SOURCES = ("curated", "feedback", "synthetic")
MOST_BYTES = 64_000_000  # of a suite; 50 times the largest that was ever run


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of a document that answers: by quotation, which survives another cutting, or by offsets.

    :param doc: Id of the document.
    :param quote: Its words; runs of white space count as one blank.
    :param start: With `end`, its range in `Document.text`, where there is no quotation.
    :param prefix: What stands right before the quotation, and `suffix` after it: they tell one occurrence from another.
    :param version: "sha256:…" of the file that the case was reviewed against, where it was noted.
    :param grade: 2 answers, 1 helps.
    """

    doc: str
    quote: str = ""
    start: int | None = None
    end: int | None = None
    prefix: str = ""
    suffix: str = ""
    version: str = ""
    grade: int = 2


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what answers it; nothing does where it is not answerable.

    :param answers: Short answers; one of them, as whole words, makes the answer contain it.
    :param must_contain: Texts that the quotations shown have to hold, all of them; `must_not_contain`: none of them.
    :param paraphrases: The same question in other words; each is asked too, as a case of the same cluster.
    :param history: Earlier questions of the conversation, oldest first.
    :param expected_disagreement: Whether sources differ, so that two sides have to be set side by side.
    :param xfail: Why the case is known to fail; None where it should pass.
    :param cluster: Cases that stand or fall together in the statistics; empty: by the document that answers.
    :param line: Where it stands in its file, from 1.
    """

    id: str
    question: str
    answerable: bool
    severity: str = "normal"
    tags: tuple[str, ...] = ()
    source: str = "curated"
    reviewed_by: str = ""
    reviewed_on: str = ""
    evidence: tuple[Evidence, ...] = ()
    answers: tuple[str, ...] = ()
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    paraphrases: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    expected_disagreement: bool = False
    xfail: str | None = None
    cluster: str = ""
    line: int = 0


TEXTS = ("id", "question", "severity", "source", "reviewed_by", "reviewed_on", "cluster")
LISTS = ("tags", "answers", "must_contain", "must_not_contain", "paraphrases", "history")
FLAGS = ("answerable", "expected_disagreement")
CASE_FIELDS = frozenset(each.name for each in fields(Case)) - {"line"}
EVIDENCE_FIELDS = frozenset(each.name for each in fields(Evidence))


def read_suite(path: Path) -> tuple[Case, ...]:
    """All cases of a file; UsageError names the first line that can't be read and what was expected there."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(
                f"expected a suite of at most {MOST_BYTES:,} bytes, found {path.stat().st_size:,} in {path}."
            )
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"expected a suite of cases in JSON lines at {path}, found: {reason}.") from error
    cases = tuple(parse_lines(text, path.name))
    if not cases:
        raise UsageError(f"expected one case a line in {path}, found none.")
    return cases


def parse_lines(text: str, name: str) -> Iterator[Case]:
    """Yield the case of each line that is not empty."""
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case = parse_case(load_object(line), number)
        except UsageError as error:
            raise UsageError(f"{name}, line {number}: {error}") from error
        if case.id in seen:
            raise UsageError(
                f"{name}, line {number}: expected an id of its own, found {case.id!r} in line {seen[case.id]} too. Rename one."
            )
        seen[case.id] = number
        yield case


def load_object(line: str) -> dict[str, Any]:
    """The JSON object of one line."""
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"expected a JSON object, found: {error}.") from error
    if not isinstance(row, dict):
        raise UsageError(f"expected a JSON object, found {type(row).__name__}.")
    return row


def parse_case(row: Mapping[str, Any], line: int = 0) -> Case:
    """A case from a row's fields; UsageError for a field that is unknown, missing or of another kind."""
    check_names(row, CASE_FIELDS, ("id", "question", "answerable"), "a case")
    values: dict[str, Any] = {name: text_of(row, name) for name in TEXTS if name in row}
    values |= {name: texts_of(row, name) for name in LISTS if name in row}
    for name in FLAGS:
        if name in row and not isinstance(row[name], bool):
            raise UsageError(f'expected "{name}" to be true or false, found {row[name]!r}.')
        values |= {name: row[name]} if name in row else {}
    if row.get("xfail") is not None:
        values["xfail"] = text_of(row, "xfail")
    found = row.get("evidence", [])
    if not isinstance(found, list):
        raise UsageError(f'expected "evidence" to be a list, found {type(found).__name__}.')
    case = Case(**values, evidence=tuple(parse_evidence(each) for each in found), line=line)
    check_case(case)
    return case


def check_case(case: Case) -> None:
    """Refuse what no answer could fulfil."""
    for name in ("id", "question"):
        if not getattr(case, name).strip():
            raise UsageError(f'expected a "{name}", found an empty one.')
    for name, known in (("severity", SEVERITIES), ("source", SOURCES)):
        if getattr(case, name) not in known:
            raise UsageError(f'expected "{name}" to be one of {", ".join(known)}, found {getattr(case, name)!r}.')
    if case.reviewed_on:
        try:
            date.fromisoformat(case.reviewed_on)
        except ValueError:
            raise UsageError(f'expected "reviewed_on" as YYYY-MM-DD, found {case.reviewed_on!r}.') from None
    if not case.answerable and (case.evidence or case.answers or case.must_contain or case.expected_disagreement):
        raise UsageError(
            "expected no evidence, answers, must_contain or disagreement where nothing answers, found some."
        )


def parse_evidence(row: object) -> Evidence:
    """One piece of evidence from its fields."""
    if not isinstance(row, dict):
        raise UsageError(f'expected each "evidence" to be an object, found {type(row).__name__}.')
    check_names(row, EVIDENCE_FIELDS, ("doc",), "evidence")
    values: dict[str, Any] = {name: text_of(row, name) for name in row if name not in ("start", "end", "grade")}
    for name in ("start", "end", "grade"):
        if name in row and (not isinstance(row[name], int) or isinstance(row[name], bool) or row[name] < 0):
            raise UsageError(f'expected "{name}" to be a whole number from 0, found {row[name]!r}.')
        values |= {name: row[name]} if name in row else {}
    found = Evidence(**values)
    placed = found.start is not None and found.end is not None and found.start < found.end
    if bool(found.quote.strip()) == placed:
        raise UsageError('expected evidence with a "quote", or with a "start" below its "end", found neither or both.')
    return found


def check_names(row: Mapping[str, Any], known: frozenset[str], needed: Sequence[str], what: str) -> None:
    """Refuse an unknown field and a missing one."""
    if unknown := sorted(row.keys() - known):
        raise UsageError(
            f"expected the fields of {what} ({', '.join(sorted(known))}), found {unknown[0]!r}. Correct its name."
        )
    if missing := [name for name in needed if name not in row]:
        raise UsageError(f'expected {what} with a "{missing[0]}", found none.')


def text_of(row: Mapping[str, Any], name: str) -> str:
    """A field that is a text."""
    found = row[name]
    if not isinstance(found, str):
        raise UsageError(f'expected "{name}" to be a text, found {type(found).__name__}.')
    return found


def texts_of(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A field that is a list of texts."""
    found = row[name]
    if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
        raise UsageError(f'expected "{name}" to be a list of texts, none of them empty, found {found!r}.')
    return tuple(found)


def case_as_dict(case: Case) -> dict[str, Any]:
    """The fields of a case that differ from their defaults, as a suite holds them."""
    plain: dict[str, Any] = {}
    for each in fields(Case):
        value = getattr(case, each.name)
        if each.name == "line" or (each.name not in ("id", "question", "answerable") and value == each.default):
            continue
        if each.name == "evidence":
            value = [evidence_as_dict(entry) for entry in value]
        plain[each.name] = list(value) if isinstance(value, tuple) else value
    return plain


def evidence_as_dict(evidence: Evidence) -> dict[str, Any]:
    """The fields of a piece of evidence that differ from their defaults; its grade always."""
    return {
        each.name: value
        for each in fields(Evidence)
        if (value := getattr(evidence, each.name)) != each.default or each.name == "grade"
    }


def write_suite(path: Path, cases: Sequence[Case]) -> None:
    """Write a suite, one case a line, ready to be read again."""
    lines = (json.dumps(case_as_dict(case), ensure_ascii=False) + "\n" for case in cases)
    path.write_text("".join(lines), encoding="utf-8")
