"""A reader's feedback is kept once, whole, for the owner alone, and without identifiers."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest
from answers import ANSWER, PROVENANCE, REFUSAL
from hypothesis import given
from hypothesis import strategies as st

from app import feedback as buttons
from app import links
from citewell.errors import UsageError
from citewell.evaluate import feedback
from citewell.evaluate.cases import Case
from citewell.evaluate.feedback import Feedback, candidates_file, read_candidates, record, remove
from citewell.evaluate.scrub import scrub
from citewell.types import Span

pytestmark = pytest.mark.unit
CLICK = Feedback(
    "How often is alphamab given?",
    (),
    feedback.WRONG_PASSAGE,
    Span("alpha.md", 10, 52),
    PROVENANCE,
    "2026-11-24T06:00:00+00:00",
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("My name is Ann Other and I take alphamab", "My name is [removed] and I take alphamab"),
        ("my name is ann, is it safe?", "my name is [removed], is it safe?"),
        ("I am called O’Brien", "I am called [removed]"),
        ("a patient named Zed on 5 mg", "a patient named [removed] on 5 mg"),
        ("patient John Smith on Xgeva", "patient [removed] on Xgeva"),
        ("Mrs Jane Doe asks, and Dr. Who", "Mrs [removed] asks, and Dr. [removed]"),
        ("write to j.doe+x@example.org today", "write to [removed] today"),
        ("j.doe(at)example.org", "[removed]"),
        ("call +44 20 7946 0958 or (020) 7946 0958", "call [removed] or [removed]"),
        ("call 555-1234", "call [removed]"),
        ("MRN 12345, hospital no. AB-998: dose?", "MRN [removed], hospital no. [removed]: dose?"),
        ("NHS number 943 476 5919", "NHS number [removed]"),
        ("SSN 123-45-6789 and id 12345678", "SSN [removed] and id [removed]"),
        ("DOB 12/3/56, born on 3 March 1956", "DOB [removed], born on [removed]"),
        ("born March 3, 1956; date of birth: 1956-03-12", "born [removed]; date of birth: [removed]"),
        ("seen on 12.03.2024 and on 2024-03-12", "seen on [removed] and on [removed]"),
    ],
)
def test_identifiers_are_taken_out(typed: str, kept: str) -> None:
    assert scrub(typed) == (kept, kept.count("[removed]"))


@pytest.mark.parametrize(
    "typed",
    [
        "60 mg every 6 months, or 5/10/20 mg tablets, or 500-1000 mg?",
        "1,000,000 units, 2400000 units, 100 000 IU and 10 000 000 IU of penicillin",
        "NCT01234567, T-score -2.5, doses of 10 20 30 mg, 12-24-48 hours",
        "the drug called denosumab; born with hypophosphatasia; patient leaflet of 2017-12",
    ],
)
def test_doses_numbers_of_trials_and_names_of_drugs_stay(typed: str) -> None:
    assert scrub(typed) == (typed, 0)


@given(st.text(max_size=200))
def test_scrubbing_twice_is_scrubbing_once(typed: str) -> None:
    once, count = scrub(typed)
    assert once.count("[removed]") == count
    assert scrub(once) == (once, count)


def test_a_click_is_one_line_of_a_case_without_gold(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    assert record(path, replace(CLICK, question="My name is Ann.\nHow much?", history=("I am called Ann",))) is True
    [line] = path.read_text("utf-8").splitlines()
    row = json.loads(line)
    assert row["question"] == "My name is [removed]. How much?"
    assert (row["history"], row["removed"]) == (["I am called [removed]"], 2)
    assert (row["source"], row["evidence"], row["kind"]) == ("feedback", [], "wrong passage")
    assert row["place"] == {"document_id": "alpha.md", "start": 10, "end": 52}
    assert row["provenance"]["index"] == PROVENANCE.index
    assert path.stat().st_mode & 0o777 == 0o600


def test_near_copies_are_one_candidate_and_the_same_click_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    copy = replace(CLICK, question="how often is ALPHAMAB given", time="2026-11-25T06:00:00+00:00")
    assert [record(path, each) for each in (CLICK, copy, replace(copy, kind=feedback.GOOD))] == [True, False, True]
    [candidate] = read_candidates(path)
    assert candidate.question == "How often is alphamab given?"
    assert [note.kind for note in candidate.notes] == ["wrong passage", "good answer"]
    assert record(path, replace(CLICK, history=("And in children?",))) is True
    assert [each.history for each in read_candidates(path)] == [(), ("And in children?",)]


def test_a_candidate_is_drafted_by_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    record(path, replace(CLICK, kind=feedback.SHOULD_ABSTAIN, place=None))
    [candidate] = read_candidates(path)
    assert candidate.draft() == Case(candidate.id, CLICK.question, answerable=False, source="feedback")


def test_a_candidate_is_removed_with_its_near_copies_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    for each in (CLICK, replace(CLICK, question="What else?"), replace(CLICK, kind=feedback.GOOD)):
        record(path, each)
    remove(path, read_candidates(path)[0])
    assert [each.question for each in read_candidates(path)] == ["What else?"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_line_that_is_no_candidate_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    record(path, CLICK)
    path.write_text(path.read_text("utf-8") + '{"question": "cut o', encoding="utf-8")
    before = path.read_bytes()
    for call in (lambda: read_candidates(path), lambda: record(path, replace(CLICK, question="What else?"))):
        with pytest.raises(UsageError, match="candidates.jsonl, line 2: expected a JSON object, found: "):
            call()
    assert path.read_bytes() == before


def test_a_last_line_without_its_end_is_not_written_into(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    record(path, CLICK)
    path.write_bytes(path.read_bytes().rstrip())
    record(path, replace(CLICK, question="What else?"))
    assert [each.question for each in read_candidates(path)] == [CLICK.question, "What else?"]


def test_a_file_that_others_could_read_becomes_its_owner_s_alone_and_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    path.touch(0o644)
    record(path, CLICK)
    assert path.stat().st_mode & 0o777 == 0o600
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    with pytest.raises(UsageError, match="expected to write candidates to"):
        record(link, CLICK)


def test_an_unknown_kind_and_a_full_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="expected one of good answer, .*, found 'gossip'"):
        record(tmp_path / "c.jsonl", replace(CLICK, kind="gossip"))
    record(tmp_path / "c.jsonl", CLICK)
    monkeypatch.setattr(feedback, "MOST_BYTES", 10)
    with pytest.raises(UsageError, match="Review them: citewell eval triage"):
        record(tmp_path / "c.jsonl", CLICK)


def test_the_candidates_lie_beside_the_index(tmp_path: Path) -> None:
    assert candidates_file(tmp_path / "index") == tmp_path / "index-candidates.jsonl"
    assert read_candidates(tmp_path / "index-candidates.jsonl") == ()


def click_many(path: Path, who: int) -> None:
    for number in range(20):
        record(path, replace(CLICK, question=f"Question {number} of process {who}?"))


def test_processes_that_record_while_another_reviews_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    record(path, CLICK)
    start = multiprocessing.get_context("spawn")
    clickers = [start.Process(target=click_many, args=(path, who)) for who in range(2)]
    for clicker in clickers:
        clicker.start()
    remove(path, read_candidates(path)[0])
    while any(clicker.is_alive() for clicker in clickers):
        for candidate in read_candidates(path)[:1]:
            remove(path, candidate)
            record(path, replace(CLICK, question=candidate.question, kind=feedback.GOOD))
    assert [clicker.exitcode for clicker in clickers] == [0, 0]
    expected = {f"Question {number} of process {who}?" for number in range(20) for who in range(2)}
    assert {candidate.question for candidate in read_candidates(path)} == expected


def test_the_buttons_offer_every_kind_that_applies() -> None:
    assert [kind for kind, _ in buttons.BUTTONS.values()] == list(feedback.KINDS)
    assert buttons.feedback_html(ANSWER, 3).count("href=") == 4
    assert buttons.feedback_html(REFUSAL, 3).count("href=") == 2


@given(st.sampled_from(sorted(buttons.BUTTONS)), st.integers(1, 999), st.none() | st.just(Span("a.md", 3, 9)))
def test_a_button_s_word_is_read_as_it_was_written(name: str, number: int, place: Span | None) -> None:
    word = buttons.button(name, number, "Words", place).split("#note=")[1].split('"')[0]
    assert buttons.decode(word) == buttons.Click(name, number, place)


@given(st.text() | st.none() | st.integers())
def test_any_other_word_is_none(word: object) -> None:
    assert buttons.decode(word) is None


def test_a_click_is_believed_only_where_it_names_what_was_shown(tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    shown, elsewhere = links.encode(Span("guide.md", 5, 37)), links.encode(Span("guide.md", 5, 38))
    say = (path, [("What is alphamab?", ANSWER.question)], [ANSWER])
    assert buttons.note(say[0], f"passage.1.{elsewhere}", *say[1:]) == (
        "Not noted: this quotation is not in the answer.",
        False,
    )
    assert buttons.note(say[0], "good.2", *say[1:])[1] is False
    assert not path.exists()
    assert buttons.note(say[0], f"passage.1.{shown}", *say[1:]) == (buttons.SAID, True)
    assert buttons.note(say[0], f"passage.1.{shown}", *say[1:]) == (buttons.SAID_BEFORE, True)
    assert read_candidates(path)[0].notes[0].place == Span("guide.md", 5, 37)
    assert (read_candidates(path)[0].question, read_candidates(path)[0].history) == (
        ANSWER.question,
        ("What is alphamab?",),
    )
