"""Feedback in a real browser: one click under an answer, noted quietly, kept on this machine and nowhere else."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from serve_invented import start_server

pytestmark = pytest.mark.browser
QUESTION = "#question textarea"
SAID = "Noted: candidate for the test suite, stays on this machine."
DOSE = "What is the dose of examplol?"
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def candidates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feedback") / "index-candidates.jsonl"


@pytest.fixture(scope="module")
def chat(candidates: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with start_server(port, str(candidates)) as server:
        assert server.stdout
        assert server.stderr
        found = server.stdout.readline().strip()
        assert found, server.stderr.read()
        yield found
        server.terminate()


@pytest.fixture
def open_page(browser: Any, chat: str, candidates: Path) -> Iterator[Open]:
    """Opens pages that must ask no other host and fail nowhere; no feedback is left from other tests."""
    candidates.unlink(missing_ok=True)
    contexts, strangers, failures = [], [], []

    def open_one(**options: Any) -> Any:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: strangers.append(request.url) if is_strange(request.url, chat) else None)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(chat)
        page.wait_for_selector(QUESTION)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert strangers == []
    assert failures == []


def is_strange(url: str, own: str) -> bool:
    return urlsplit(url).netloc not in (urlsplit(own).netloc, "")


def ask(page: Any, question: str) -> Any:
    before = page.locator(".cw-footer").count()
    page.fill(QUESTION, question)
    page.press(QUESTION, "Enter")
    page.wait_for_function("before => document.querySelectorAll('.cw-footer').length > before", arg=before)
    return page.locator(".cw-answer").last


def rows(candidates: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in candidates.read_text("utf-8").splitlines()]


def noted(part: Any) -> str:
    part.locator(".cw-noted:not(:empty)").first.wait_for()
    return str(part.locator(".cw-noted").first.text_content())


def test_one_click_under_an_answer_is_noted_as_a_candidate_without_identifiers(
    open_page: Open, candidates: Path
) -> None:
    answer = ask(open_page(), "My name is Ann Other. What is the dose of examplol?")
    row = answer.locator("p.cw-feedback")
    assert row.get_by_role("button").all_text_contents() == [
        "Good answer",
        "Wrong passage",
        "Right passage, wrong sentence",
        "Should not have answered",
    ]
    row.get_by_role("button", name="Right passage, wrong sentence").click()
    assert noted(row) == SAID
    assert row.get_by_role("button", name="Right passage, wrong sentence").get_attribute("aria-pressed") == "true"
    [kept] = rows(candidates)
    assert kept["question"] == "My name is [removed]. What is the dose of examplol?"
    assert (kept["kind"], kept["place"], kept["removed"]) == ("right passage, wrong sentence", None, 1)
    assert kept["provenance"]["index"] == "3f9a1c77d20b"
    assert candidates.stat().st_mode & 0o777 == 0o600


def test_a_click_at_a_quotation_names_its_place(open_page: Open, candidates: Path) -> None:
    answer = ask(open_page(), DOSE)
    excerpt = answer.locator(".cw-excerpt").nth(1)
    excerpt.get_by_role("button", name="Wrong passage [2]").click()
    assert noted(excerpt) == SAID
    [kept] = rows(candidates)
    assert kept["kind"] == "wrong passage"
    assert kept["place"]["document_id"] == "monograph.txt"
    assert kept["question"] == DOSE


def test_a_nearest_passage_can_be_said_to_answer_and_the_history_is_kept(open_page: Open, candidates: Path) -> None:
    page = open_page()
    ask(page, DOSE)
    answer = ask(page, "Will it rain tomorrow?")
    assert answer.locator("p.cw-feedback").get_by_role("button").all_text_contents() == [
        "Good answer",
        "Should have answered",
    ]
    nearest = answer.locator(".cw-nearest")
    nearest.get_by_role("button", name="This answers it [1]").click()
    assert noted(nearest) == SAID
    [kept] = rows(candidates)
    assert (kept["kind"], kept["history"]) == ("should have answered", [DOSE])
    assert kept["place"]["document_id"] == "guideline.md"


def test_what_was_noted_stays_marked_while_the_conversation_goes_on_and_is_kept_once(
    open_page: Open, candidates: Path
) -> None:
    page = open_page()
    first = ask(page, DOSE).locator("p.cw-feedback")
    first.get_by_role("button", name="Good answer").click()
    assert noted(first) == SAID
    ask(page, "Can examplol harm the liver?")
    again = page.locator("p.cw-feedback").first
    assert noted(again) == SAID
    assert page.locator('.cw-note[aria-pressed="true"]').all_text_contents() == ["Good answer"]
    again.get_by_role("button", name="Good answer").click()
    page.wait_for_function("document.querySelector('p.cw-feedback .cw-noted').textContent.startsWith('Noted before')")
    assert len(rows(candidates)) == 1
    page.locator("#anew").click()
    page.wait_for_selector(".cw-welcome")
    ask(page, DOSE)
    assert page.locator('.cw-note[aria-pressed="true"], .cw-noted:not(:empty)').count() == 0


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_notes_too_and_keeps_its_place(open_page: Open, key: str) -> None:
    page = open_page()
    row = ask(page, DOSE).locator("p.cw-feedback")
    row.get_by_role("button", name="Should not have answered").focus()
    page.keyboard.press(key)
    assert noted(row) == SAID
    assert page.evaluate("document.activeElement.textContent") == "Should not have answered"


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ("good.7", "Not noted: this answer is not open any more."),
        ("gossip.1", "Not noted: this answer is not open any more."),
        ("passage.1.WyJsYWJlbC5odG1sIiwxLDVd", "Not noted: this quotation is not in the answer."),
    ],
)
def test_a_forged_click_is_noted_nowhere(open_page: Open, candidates: Path, forged: str, said: str) -> None:
    row = ask(open_page(), DOSE).locator("p.cw-feedback")
    button = row.get_by_role("button", name="Good answer")
    button.evaluate("(node, forged) => node.setAttribute('href', '#note=' + forged)", forged)
    button.click()
    assert noted(row).startswith(said)
    assert not candidates.exists()


def test_a_file_that_cannot_be_written_is_told(open_page: Open, candidates: Path) -> None:
    row = ask(open_page(), DOSE).locator("p.cw-feedback")
    candidates.mkdir()
    try:
        row.get_by_role("button", name="Good answer").click()
        assert noted(row).startswith("Not noted: expected to write candidates to")
        assert row.locator('[aria-pressed="true"]').count() == 0
    finally:
        candidates.rmdir()


def test_without_a_file_no_feedback_is_asked_for(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector(QUESTION)
    ask(page, DOSE)
    assert page.locator(".cw-feedback").count() == 0
    page.close()


def test_the_page_asks_for_questions_without_patients_data(open_page: Open) -> None:
    assert "put no patient’s data in a question" in open_page().locator(".cw-disclaimer").text_content()
