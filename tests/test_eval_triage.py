"""Reviewing candidates: what is typed becomes cases with quotations, one decision at a time, and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from answers import PROVENANCE
from fakes import DRUGS, Library, library, quick_folder

from citewell.encode import NONE
from citewell.errors import UsageError
from citewell.evaluate import triage as module
from citewell.evaluate.cases import Case, read_suite, write_suite
from citewell.evaluate.feedback import Feedback, read_candidates, record
from citewell.evaluate.offers import evidence_of, toggled
from citewell.evaluate.resolve import resolve
from citewell.evaluate.triage import Tally, keyboard, new_id, triage
from citewell.index import Index
from citewell.types import Span

pytestmark = pytest.mark.unit
TODAY = date(2026, 11, 24)
DOSE = "What is the dose of alphamab for brittle bones?"


@pytest.fixture(scope="module")
def shelf() -> Iterator[Library]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, DRUGS, encoder=NONE)


@pytest.fixture(scope="module")
def index(shelf: Library) -> Index:
    return shelf.open()


class Table:
    """A reviewer's table: candidates, a suite, and what was written on the screen."""

    def __init__(self, folder: Path, index: Index, *questions: str) -> None:
        self.candidates, self.suite, self.index = folder / "candidates.jsonl", folder / "suite.jsonl", index
        self.screen: list[str] = []
        for number, question in enumerate(questions):
            kind = "should have abstained" if "storage" in question else "wrong passage"
            record(self.candidates, Feedback(question, (), kind, None, PROVENANCE, f"2026-11-24T06:00:0{number}+00:00"))

    def review(self, *typed: str, reviewer: str = "AO") -> Tally:
        lines = iter(typed)

        def read(prompt: str) -> str:
            try:
                return next(lines)
            except StopIteration:
                raise EOFError from None

        return triage(self.candidates, suite=self.suite, index=self.index, read=read, write=self.screen.append,
                      reviewer=reviewer, today=TODAY)  # fmt: skip

    def number_of(self, words: str) -> str:
        """The number under which a stretch was offered."""
        return next(line for line in self.screen if words in line and line.lstrip()[0].isdigit()).split(".")[0].strip()

    def waiting(self) -> list[str]:
        return [candidate.question for candidate in read_candidates(self.candidates)]


def test_a_marked_sentence_becomes_a_case_whose_quotation_stands_in_the_document(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE)
    assert table.review() == Tally(left=1)  # the screen shows the numbers
    number = table.number_of("dose of alphamab is 60 mg under the skin")
    assert table.review(f"{number}", "t dose bones", "c", "a") == Tally(accepted=1)
    [case] = read_suite(table.suite)
    assert (case.id, case.question, case.answerable) == ("dose-alphamab-brittle-bones", DOSE, True)
    assert (case.source, case.severity, case.tags) == ("feedback", "critical", ("dose", "bones"))
    assert (case.reviewed_by, case.reviewed_on) == ("AO", "2026-11-24")
    [evidence] = case.evidence
    document = index.document("alphamab.md")
    assert evidence.quote == "For brittle bones, the dose of alphamab is 60 mg under the skin once every 6 months."
    assert evidence.suffix == "It is given by a nurse. ## S"
    assert evidence.prefix.endswith("## Dose")
    assert (evidence.version, evidence.grade) == (f"sha256:{document.sha256}", 2)
    assert [place.text for place in resolve(case, {"alphamab.md": document.text}.get).places] == [evidence.quote]
    assert table.waiting() == []


def test_what_nothing_answers_is_accepted_without_marks_only(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, "What is the storage of betamab?")
    assert table.review("1", "u", "1", "u") == Tally(accepted=1)
    assert any("expected no marks where nothing answers" in line for line in table.screen)
    [case] = read_suite(table.suite)
    assert (case.answerable, case.evidence) == (False, ())


def test_nothing_is_accepted_without_a_mark_at_what_answers(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE)
    assert table.review("a", "h1", "a", "99", "x1", "q") == Tally(left=1)
    complaints = [line for line in table.screen if line.startswith("expected")]
    assert [line.split(",")[0] for line in complaints[:2]] == ["expected a mark at what answers"] * 2
    assert complaints[2].startswith("expected numbers from 1 to")
    assert not table.suite.exists()
    assert table.waiting() == [DOSE]


def test_skipping_keeps_and_deleting_asks_first(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE, "Is betamab a drug?", "Who makes betamab?")
    assert table.review("k", "d", "no", "k", "d", "yes") == Tally(skipped=2, deleted=1, left=2)
    assert table.waiting() == [DOSE, "Is betamab a drug?"]


def test_an_edited_question_is_scrubbed_asked_again_and_loses_its_marks(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE)
    table.review("1", "e Does betamab cause sneezing, my name is Ann?", "a", "q")
    assert "Question: Does betamab cause sneezing, my name is [removed]?" in table.screen
    assert table.screen[-1].startswith("expected a mark at what answers")
    number = table.number_of("Betamab often causes sneezing")
    assert table.review("e Does betamab cause sneezing?", number, "a") == Tally(accepted=1)
    assert read_suite(table.suite)[0].question == "Does betamab cause sneezing?"


def test_an_empty_edit_is_refused(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE)
    table.review("e   ", "q")
    assert table.screen[-1] == 'expected a "question", found an empty one.'


def test_the_suite_s_own_lines_stay_as_they_are_and_ids_stay_unique(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE)
    write_suite(table.suite, [Case("dose-alphamab-brittle-bones", DOSE, answerable=False)])
    before = table.suite.read_bytes().rstrip()
    table.suite.write_bytes(before)
    table.review("1", "a")
    assert "The suite asks this already: dose-alphamab-brittle-bones" in table.screen
    assert table.suite.read_bytes().startswith(before + b"\n{")
    assert [case.id for case in read_suite(table.suite)] == [
        "dose-alphamab-brittle-bones",
        "dose-alphamab-brittle-bones-2",
    ]


def test_a_crash_after_a_decision_loses_neither_case_nor_candidate(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table(tmp_path, index, DOSE, "Does betamab cause sneezing?")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "remove", killed)
    with pytest.raises(KeyboardInterrupt):
        table.review("1", "a")
    assert [case.question for case in read_suite(table.suite)] == [DOSE]
    assert table.waiting() == [DOSE, "Does betamab cause sneezing?"]
    monkeypatch.undo()
    assert table.review("d", "yes", "q") == Tally(deleted=1, left=1)


def test_a_suite_that_can_t_be_read_is_refused_before_anything_is_asked(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE)
    table.suite.write_text("{}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="suite.jsonl, line 1"):
        table.review("1", "a")
    assert table.waiting() == [DOSE]


def test_a_reviewer_signs(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE)
    with pytest.raises(UsageError, match="expected the reviewer's initials"):
        table.review(" ", reviewer="")
    assert table.review("BO", "1", "a", reviewer="") == Tally(accepted=1)
    assert read_suite(table.suite)[0].reviewed_by == "BO"


def test_without_a_terminal_nothing_is_reviewed() -> None:
    with pytest.raises(UsageError, match="expected a terminal to review candidates in"):
        keyboard(io.StringIO("1\na\n"))


def test_a_range_is_one_stretch_of_one_document(tmp_path: Path, index: Index) -> None:
    table = Table(tmp_path, index, DOSE)
    table.review()
    review = module.begin(index, read_candidates(table.candidates)[0])
    first = next(n for n, offer in enumerate(review.offers, 1) if offer.span.document_id == "alphamab.md")
    number = next(n for n, offer in enumerate(review.offers, 1) if "given by a nurse" in offer.text)
    marks = toggled({}, f"{first}-{number}", review.offers)
    [(span, grade)] = marks.items()
    assert grade == 2
    assert evidence_of(index.document("alphamab.md"), span, 2).quote.endswith("It is given by a nurse.")
    assert toggled(marks, f"{first}-{number}", review.offers) == {}
    other = next(n for n, offer in enumerate(review.offers, 1) if offer.span.document_id != "alphamab.md")
    with pytest.raises(UsageError, match="found two"):
        toggled({}, f"{min(first, other)}-{max(first, other)}", review.offers)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the dose of alphamab?", "dose-alphamab"),
        ("¿Dosis?", "dosis"),
        ("… ?", "case"),
        ("α or β?", "alpha-beta"),
    ],
)
def test_ids_are_made_of_what_a_question_says(question: str, expected: str) -> None:
    assert new_id(question, []) == expected
    assert new_id(question, [Case(expected, "?", answerable=False)]) == f"{expected}-2"


def test_a_span_s_context_ends_with_its_document(index: Index) -> None:
    document = index.document("betamab.md")
    whole = evidence_of(document, Span("betamab.md", 0, len(document.text)), 1)
    assert (whole.prefix, whole.suffix, whole.grade) == ("", "", 1)
