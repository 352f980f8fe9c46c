"""The starter corpus is complete, cites what it states and copies nobody; its golden questions point at its text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from citewell.readers.front_matter import split_front_matter
from citewell.types import Audience, SourceClass, fold

ROOT = Path(__file__).resolve().parents[1]
CORPUS = sorted((ROOT / "corpus").glob("*.md"))
GOLDEN = ROOT / "tests" / "quality" / "golden.jsonl"
SEEDS = ROOT.parent / "shared" / "seeds"
KEYS = ["title", "source_class", "publisher", "updated", "licence", "review_status", "language", "audience"]
CASE_KEYS = {
    "id",
    "question",
    "answerable",
    "severity",
    "tags",
    "source",
    "evidence",
    "must_contain",
    "must_not_contain",
}
OPTIONAL_KEYS = {"expected_disagreement", "history", "answers", "paraphrases"}
LEAST = {  # cases per kind, so that no kind can wither unseen
    "answerable": 45,
    "unanswerable": 20,
    "disagreement": 4,
    "wrong-drug trap": 6,
    "typo": 4,
    "follow-up": 3,
}
LONGEST_RUN = 7  # words in a row that a document may share with a source
WORD = re.compile(r"[^\W_]+")
MARK = re.compile(r"\[(\d+)\]")
ENTRY = re.compile(r"^(\d+)\. \S", re.M)


def words(text: str) -> list[str]:
    """The words and numbers of a text, in order, without regard to case or punctuation."""
    return WORD.findall(text.casefold())


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every stretch of `length` consecutive words."""
    found = words(text)
    return zip(*(found[start:] for start in range(length)), strict=False)


def copied_runs(text: str, sources: Iterable[str], longest: int = LONGEST_RUN) -> list[str]:
    """The runs of more than `longest` words that a text shares with a source, reference marks left out."""
    theirs = {run for source in sources for run in runs(source, longest + 1)}
    return [" ".join(run) for run in runs(MARK.sub(" ", text), longest + 1) if run in theirs]


def prose_and_references(path: Path) -> tuple[str, str]:
    """What a document states, and its reference list."""
    text = path.read_text(encoding="utf-8")
    _, start = split_front_matter(text)
    prose, _, references = text[start:].partition("\n## References\n")
    return prose, references


def cases() -> list[dict[str, Any]]:
    """The golden cases, in the order of the file."""
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def kinds(case: dict[str, Any]) -> set[str]:
    """The names under which a case counts in `LEAST`."""
    return {"answerable" if case["answerable"] else "unanswerable", *case["tags"]}


each_document = pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])


@pytest.mark.unit
@each_document
def test_front_matter_has_exactly_the_agreed_keys(path: Path) -> None:
    pairs, _ = split_front_matter(path.read_text(encoding="utf-8"))
    assert list(pairs) == KEYS
    assert pairs["source_class"] in set(SourceClass)
    assert pairs["audience"] in set(Audience)
    assert 2024 <= date.fromisoformat(pairs["updated"]).year <= 2026


@pytest.mark.unit
@each_document
def test_title_and_first_heading_agree(path: Path) -> None:
    pairs, start = split_front_matter(path.read_text(encoding="utf-8"))
    heading = path.read_text(encoding="utf-8")[start:].lstrip().split("\n", 1)[0]
    assert heading == f"# {pairs['title']}"


@pytest.mark.unit
@each_document
def test_every_mark_has_its_reference_and_every_reference_its_mark(path: Path) -> None:
    prose, references = prose_and_references(path)
    entries = [int(number) for number in ENTRY.findall(references)]
    assert entries == list(range(1, len(entries) + 1))
    assert sorted({int(number) for number in MARK.findall(prose)}) == entries


@pytest.mark.unit
@each_document
def test_documents_are_short(path: Path) -> None:
    prose, references = prose_and_references(path)
    assert 350 <= len(f"{prose} {references}".split()) <= 700


@pytest.mark.unit
def test_copied_runs_finds_eight_words_in_a_row_and_lets_seven_pass() -> None:
    source = "Take the blue tablet with plenty of water every morning before breakfast."
    eight = "Always take the BLUE tablet, with plenty [2] of water!"
    assert copied_runs(eight, [source]) == ["take the blue tablet with plenty of water"]
    assert copied_runs("Swallow the blue tablet with plenty of water.", [source]) == []
    assert copied_runs("", [source]) == []


@pytest.mark.shared
@each_document
def test_no_eight_words_in_a_row_come_from_a_seed(path: Path) -> None:
    seeds = [seed.read_text(encoding="utf-8") for seed in sorted(SEEDS.glob("*.txt"))]
    assert seeds
    assert copied_runs(prose_and_references(path)[0], seeds) == []


@pytest.mark.unit
def test_golden_ids_and_questions_are_unique() -> None:
    found = cases()
    assert sorted({case["id"] for case in found}) == sorted(case["id"] for case in found)
    asked = [(*case.get("history", ()), case["question"]) for case in found]
    assert sorted(set(asked)) == sorted(asked)


@pytest.mark.unit
@pytest.mark.parametrize(("kind", "least"), LEAST.items())
def test_golden_set_keeps_enough_of_each_kind(kind: str, least: int) -> None:
    assert sum(kind in kinds(case) for case in cases()) >= least


@pytest.mark.unit
@each_case
def test_case_has_the_agreed_form(case: dict[str, Any]) -> None:
    assert CASE_KEYS <= set(case) <= CASE_KEYS | OPTIONAL_KEYS
    assert case["severity"] in {"critical", "normal"}
    assert case["answerable"] == bool(case["evidence"])
    assert case.get("expected_disagreement", False) == ("disagreement" in case["tags"])
    assert bool(case.get("history")) == ("follow-up" in case["tags"])


@pytest.mark.unit
@each_case
def test_evidence_stands_exactly_once_in_its_document(case: dict[str, Any]) -> None:
    for evidence in case["evidence"]:
        text = fold((ROOT / "corpus" / evidence["doc"]).read_text(encoding="utf-8"))
        assert (evidence["quote"], text.count(evidence["quote"])) == (evidence["quote"], 1)
        assert evidence["quote"] == fold(evidence["quote"])
        assert evidence["grade"] in {1, 2}


@pytest.mark.unit
@each_case
def test_expected_words_stand_in_the_evidence_and_forbidden_ones_do_not(case: dict[str, Any]) -> None:
    evidence = " ".join(entry["quote"] for entry in case["evidence"])
    assert [wanted for wanted in case["must_contain"] if wanted not in evidence] == []
    assert [banned for banned in case["must_not_contain"] if banned in evidence] == []


@pytest.mark.unit
@each_case
def test_a_disagreement_is_spread_over_documents_of_different_dates(case: dict[str, Any]) -> None:
    if not case.get("expected_disagreement"):
        return
    documents = {entry["doc"] for entry in case["evidence"]}
    texts = [(ROOT / "corpus" / name).read_text(encoding="utf-8") for name in sorted(documents)]
    assert len({split_front_matter(text)[0]["updated"] for text in texts}) >= 2
