"""Answers are no worse than they were: the golden questions on the starter corpus, and those on the seed documents.

`tests/quality/baseline.json` holds, for each measure, how many cases were right, of how many, and which were wrong. One
case fewer passes, since a tie may fall the other way; two fail, and so does any forbidden text that is not listed. Once
a change is meant to move the answers, write a new baseline and review its difference:

    .venv/bin/python tests/test_quality.py && git diff tests/quality/baseline.json
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from answers import ANSWER, LABEL

from citewell.conversation import ask
from citewell.encode import DEFAULT_SHA256
from citewell.index import Index, build, open_index
from citewell.types import Answer, Disagreement, Excerpt, fold

ROOT = Path(__file__).resolve().parents[1]
QUALITY = ROOT / "tests" / "quality"
BASELINE = QUALITY / "baseline.json"
SEEDS = ROOT.parent / "shared" / "seeds"
TOLERATED = 1  # cases
FORBIDDEN = "nothing forbidden shown"
COMMAND = ".venv/bin/python tests/test_quality.py"

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """How many cases were right, of how many, and the ids of the others."""

    right: int
    of: int
    wrong: tuple[str, ...]


def quotes(excerpt: Excerpt, evidence: Mapping[str, Any]) -> bool:
    """Whether an excerpt quotes a piece of evidence: by place where that is given, else by its words."""
    if excerpt.document_id != evidence["doc"]:
        return False
    if "start" in evidence:
        return bool(excerpt.start < evidence["end"] and excerpt.end > evidence["start"])
    quote = fold(evidence["quote"])
    return quote in excerpt.text or excerpt.text in quote


def is_right(excerpts: Sequence[Excerpt], case: Case) -> bool:
    return any(quotes(excerpt, evidence) for excerpt in excerpts for evidence in case["evidence"])


def says_nothing_forbidden(answer: Answer, case: Case) -> bool:
    return not any(text in excerpt.text for excerpt in answer.excerpts for text in case["must_not_contain"])


# Each measure with the cases that it counts and what is right in them.
MEASURES: dict[str, tuple[Callable[[Case], bool], Callable[[Answer, Case], bool]]] = {
    "answered": (lambda case: case["answerable"], lambda answer, case: answer.answered),
    "first excerpt right": (lambda case: case["answerable"], lambda answer, case: is_right(answer.excerpts[:1], case)),
    "right among excerpts": (lambda case: case["answerable"], lambda answer, case: is_right(answer.excerpts, case)),
    "refused": (lambda case: not case["answerable"], lambda answer, case: not answer.answered),
    "disagreement found": (lambda case: case.get("expected_disagreement"), lambda answer, case: bool(answer.disagreements)),
    FORBIDDEN: (lambda case: case.get("must_not_contain"), says_nothing_forbidden),
}  # fmt: skip


def read_cases(name: str) -> list[Case]:
    return [json.loads(line) for line in (QUALITY / name).read_text(encoding="utf-8").splitlines()]


def measure(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, Measure]:
    """Judge every answer by every measure that counts its case."""
    found = {}
    for name, (counts, right) in MEASURES.items():
        counted = [(case, answer) for case, answer in zip(cases, answers, strict=True) if counts(case)]
        wrong = tuple(sorted(case["id"] for case, answer in counted if not right(answer, case)))
        if counted:
            found[name] = Measure(len(counted) - len(wrong), len(counted), wrong)
    return found


def losses(before: Mapping[str, Measure], now: Mapping[str, Measure]) -> list[str]:
    """What is worse than the baseline allows, in words, with the questions that flipped."""
    if {name: found.of for name, found in before.items()} != {name: found.of for name, found in now.items()}:
        return [f"expected the cases that the baseline was made with, found others. Review and run: {COMMAND}"]
    lost = []
    for name, found in now.items():
        flipped = sorted({*found.wrong} - {*before[name].wrong})
        allowed = 0 if name == FORBIDDEN else TOLERATED
        if (flipped and not allowed) or found.right < before[name].right - allowed:
            lost.append(
                f"{name}: expected {before[name].right} of {found.of}, found {found.right}. Now wrong: {', '.join(flipped)}"
            )
    return lost


def answer_all(index: Index, cases: Sequence[Case]) -> list[Answer]:
    return [ask(index, case["question"], history=case.get("history", ())) for case in cases]


def measured(source: Path, name: str, folder: Path) -> dict[str, Any]:
    """Index a folder with the real model and measure the cases of a file on it."""
    build([source], index=folder)
    index = open_index(folder)
    assert index.manifest.weights == DEFAULT_SHA256
    cases = read_cases(name)
    return {"index": index.manifest.fingerprint, "measures": measure(cases, answer_all(index, cases))}


def read_baseline(name: str) -> dict[str, Measure]:
    kept = json.loads(BASELINE.read_text(encoding="utf-8"))[name]["measures"]
    return {measure: Measure(**{**fields, "wrong": tuple(fields["wrong"])}) for measure, fields in kept.items()}


def bless() -> None:
    """Write the baseline anew from what is measured now; the seeds' part is kept where they are not here."""
    kept = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    for name, source in (("golden", ROOT / "corpus"), ("seeds", SEEDS)):
        if source.is_dir():
            with tempfile.TemporaryDirectory() as folder:
                found = measured(source, f"{name}.jsonl", Path(folder))
            kept[name] = {**found, "measures": {key: asdict(value) for key, value in found["measures"].items()}}
    BASELINE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


@pytest.mark.model
def test_the_golden_questions_are_answered_no_worse_than_before(tmp_path):
    assert losses(read_baseline("golden"), measured(ROOT / "corpus", "golden.jsonl", tmp_path)["measures"]) == []


@pytest.mark.model
@pytest.mark.shared
def test_the_questions_on_the_seeds_are_answered_no_worse_than_before(tmp_path):
    assert losses(read_baseline("seeds"), measured(SEEDS, "seeds.jsonl", tmp_path)["measures"]) == []


CASES = [
    {"id": "a", "answerable": True, "evidence": [{"doc": "d.md", "quote": "The dose  is 60 mg."}], "must_not_contain": ["75 mg"]},
    {"id": "b", "answerable": True, "evidence": [{"doc": "d.md", "start": 100, "end": 110}], "expected_disagreement": True},
    {"id": "c", "answerable": False, "evidence": []},
]  # fmt: skip


@pytest.mark.unit
@pytest.mark.parametrize(
    ("document", "start", "end", "text", "right"),
    [
        ("d.md", 0, 5, "For bones: The dose is 60 mg. Or more.", (True, False)),
        ("d.md", 0, 5, "dose is 60 mg", (True, False)),
        ("d.md", 0, 5, "The dose is 6 mg.", (False, False)),
        ("e.md", 100, 110, "The dose is 60 mg.", (False, False)),
        ("d.md", 109, 200, "Other.", (False, True)),
        ("d.md", 110, 200, "Other.", (False, False)),
        ("d.md", 90, 100, "Other.", (False, False)),
    ],
)
def test_evidence_is_matched_by_words_or_by_place(document, start, end, text, right):
    excerpt = replace(LABEL, document_id=document, start=start, end=end, text=text)
    assert tuple(is_right([excerpt], case) for case in CASES[:2]) == right


@pytest.mark.unit
def test_each_measure_counts_its_own_cases():
    right = replace(LABEL, document_id="d.md", text="The dose is 60 mg.")
    forbidden = replace(LABEL, document_id="d.md", text="The dose is 75 mg.", start=0, end=5)
    differing = (Disagreement("dose", (1, 2)),)
    answers = [
        replace(ANSWER, excerpts=(forbidden, right)),
        replace(ANSWER, excerpts=(forbidden,), disagreements=differing),
        replace(ANSWER, answered=False, excerpts=()),
    ]
    assert measure(CASES, answers) == {
        "answered": Measure(2, 2, ()),
        "first excerpt right": Measure(0, 2, ("a", "b")),
        "right among excerpts": Measure(1, 2, ("b",)),
        "refused": Measure(1, 1, ()),
        "disagreement found": Measure(1, 1, ()),
        FORBIDDEN: Measure(0, 1, ("a",)),
    }


@pytest.mark.unit
def test_a_drop_of_more_than_one_case_is_a_loss_that_names_the_questions():
    before = {"answered": Measure(8, 10, ("a", "b")), FORBIDDEN: Measure(2, 3, ("a",))}
    assert losses(before, before) == []
    assert losses(before, {**before, "answered": Measure(7, 10, ("a", "b", "c"))}) == []
    assert losses(before, {**before, "answered": Measure(6, 10, ("a", "c", "d", "e"))}) == [
        "answered: expected 8 of 10, found 6. Now wrong: c, d, e"
    ]
    assert losses(before, {**before, FORBIDDEN: Measure(2, 3, ("b",))}) == [
        f"{FORBIDDEN}: expected 2 of 3, found 2. Now wrong: b"
    ]
    [message] = losses(before, {**before, "answered": Measure(9, 11, ("a", "b"))})
    assert COMMAND in message


if __name__ == "__main__":
    bless()
