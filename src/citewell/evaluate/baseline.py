"""The baseline: the run that others are measured against, in a file that is reviewed like code and never moves by itself.

One case a line, sorted by id, so that a diff shows which cases moved. Rankings, the nearest passages, the words of the
evidence and the time of each question are left out: the first three can be had by another run, the last would change
every line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from citewell.errors import UsageError
from citewell.evaluate.gates import judge_alone
from citewell.evaluate.invariants import INVARIANTS
from citewell.evaluate.outcome import CaseResult, Place, Provenance, Run
from citewell.evaluate.plan import Plan
from citewell.evaluate.statistics import percentile

BASELINE = 1  # raised when the file's fields change their meaning
DIGITS = 7  # of a confidence: further ones differ from machine to machine
# What a line leaves out where it is so.
USUAL: Mapping[str, Any] = {
    "history": (),
    "severity": "normal",
    "tags": (),
    "source": "curated",
    "xfail": None,
    "gold": (),
    "reason": None,
    "excerpts": (),
    "disagreements": (),
    "stage": None,
}
LEFT_OUT: Mapping[str, Any] = {"nearest": (), "passages": (), "documents": (), "milliseconds": 0.0}


def bless(run: Run, path: Path, reason: str, today: date) -> None:
    """Make a run the baseline; UsageError where nobody should measure against it.

    Earlier reasons are kept, oldest first.
    """
    if not reason.strip():
        raise UsageError('expected a reason for the new baseline, found none. Say what got better: --reason "…".')
    if os.environ.get("PYTEST_XDIST_WORKER"):
        raise UsageError(
            "expected a run in one process, found a worker of pytest-xdist, which has a part of the cases. Leave out -n."
        )
    if verdict := judge_alone(run, Plan()).failed:
        raise UsageError(f"expected a run that others can be measured against, found: {' '.join(verdict)}")
    earlier = read(path)["history"] if path.exists() else []
    entry = {"date": today.isoformat(), "reason": " ".join(reason.split()), "code": run.provenance.code}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        written(run, [*earlier, entry]), encoding="utf-8", errors="backslashreplace"
    )  # JSON for lone surrogates


def written(run: Run, history: list[Mapping[str, str]]) -> str:
    """The text of a baseline: a JSON object with one entry of the history, of the provenance and of the cases a line."""
    head = {"baseline": BASELINE, "started": run.started, "seconds": run.seconds, "notes": run.notes}
    head["milliseconds"] = percentile([result.milliseconds for result in run.results], 0.95)
    provenance = [f"{line(name)}: {line(value)}" for name, value in sorted(asdict(run.provenance).items())]
    results = [tight(compact(result)) for result in sorted(run.results, key=lambda result: result.id)]
    parts = [
        *(f"{line(name)}: {line(value)}" for name, value in head.items()),
        block('"history": [', map(line, history), "]"),
        block('"provenance": {', provenance, "}"),
        block('"results": [', results, "]"),
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def block(start: str, lines: Iterable[str], end: str) -> str:
    """A list or an object with one entry a line."""
    return start + "\n" + ",\n".join(lines) + "\n" + end


def line(value: object) -> str:
    """A value as JSON, in one line."""
    return json.dumps(value, ensure_ascii=False)


def tight(value: object) -> str:
    """A value as JSON, in one line without blanks, which would be 6 % of a baseline."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def compact(result: CaseResult) -> dict[str, Any]:
    """The fields of a result that comparisons and reports need, in their order, as short as they go.

    Promises that are kept are left out: a baseline holds no others.
    """
    plain: dict[str, Any] = {each.name: getattr(result, each.name) for each in fields(CaseResult)}
    plain["gold"] = tuple((place.doc, place.start, place.end, place.grade, place.piece) for place in result.gold)
    plain["excerpts"] = tuple((place.doc, place.start, place.end, place.text) for place in result.excerpts)
    plain["confidence"] = round(result.confidence, DIGITS)
    plain["scores"] = {name: value for name, value in sorted(result.scores.items()) if name not in INVARIANTS}
    usual = {**USUAL, "parent": result.id}
    return {name: value for name, value in plain.items() if name not in LEFT_OUT and value != usual.get(name, ...)}


def load_baseline(path: Path) -> Run:
    """Read a baseline as a run; the time of each case is the 95th percentile of all, which is what budgets compare."""
    plain = read(path)
    try:
        slow = float(plain["milliseconds"])
        results = tuple(result_from(each, slow) for each in plain["results"])
        notes = tuple(plain["notes"])
        return Run(plain["started"], plain["seconds"], Provenance(**plain["provenance"]), results, notes)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"expected a baseline as `citewell eval bless` writes it at {path}, found: {error!r}."
        ) from error


def result_from(plain: Mapping[str, Any], slow: float) -> CaseResult:
    """One result from its line."""
    values = {**USUAL, **LEFT_OUT, "parent": plain["id"], **plain, "milliseconds": slow}
    values |= {name: tuple(values[name]) for name in ("history", "tags")}
    values["gold"] = tuple(Place(doc, start, end, "", grade, piece) for doc, start, end, grade, piece in values["gold"])
    values["excerpts"] = tuple(Place(doc, start, end, text) for doc, start, end, text in values["excerpts"])
    values["disagreements"] = tuple(map(tuple, values["disagreements"]))
    values["scores"] = dict.fromkeys(INVARIANTS, 1.0) | values["scores"]
    return CaseResult(**values)


def read(path: Path) -> dict[str, Any]:
    """The object in a baseline's file."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f'expected a baseline at {path}, found: {error.strerror}. Make one: citewell eval bless RUN --reason "…".'
        ) from error
    except ValueError as error:
        raise UsageError(f"expected a baseline at {path}, found no JSON: {error}.") from error
    if not isinstance(plain, dict) or plain.get("baseline") != BASELINE or not isinstance(plain.get("history"), list):
        raise UsageError(f"expected a baseline of format {BASELINE} at {path}, found another file. Name a new path.")
    return plain
