"""The chat in a real browser, over a small invented library."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from invented import HOSTILE, invented_library
from serve_invented import start_server

from citewell.types import SourceClass, fold

pytestmark = pytest.mark.browser
QUESTION = "#question textarea"
DOSE = "What is the dose of examplol?"
Open = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Open]:
    """Opens pages that must ask no other host and fail nowhere."""
    contexts, strangers, failures = [], [], []

    def open_one(path: str = "/", **options: Any) -> Any:
        context = browser.new_context(
            viewport=options.pop("viewport", {"width": 1280, "height": 800}), accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        own = urlsplit(address).netloc
        page.on(
            "request",
            lambda request: strangers.append(request.url) if urlsplit(request.url).netloc not in (own, "") else None,
        )
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address + path)
        page.wait_for_selector(QUESTION)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert strangers == []
    assert failures == []


def ask(page: Any, question: str) -> Any:
    """Ask, and return the answer."""
    before = page.locator(".cw-footer").count()
    page.fill(QUESTION, question)
    page.press(QUESTION, "Enter")
    page.wait_for_function("before => document.querySelectorAll('.cw-footer').length > before", arg=before)
    return page.locator(".cw-answer").last


def marked(page: Any) -> str:
    """The highlighted text of the source panel, white space folded."""
    page.wait_for_selector("#panel mark")
    return fold("".join(page.locator("#panel mark").all_text_contents()))


def wait_for_mark(page: Any, beginning: str) -> None:
    page.wait_for_function("text => document.querySelector('#panel mark')?.textContent.startsWith(text)", arg=beginning)


def test_a_citation_opens_its_source_at_the_quotation(open_page: Open) -> None:
    page = open_page()
    answer = ask(page, DOSE)
    quotation = answer.locator(".cw-text").first.text_content()
    answer.locator(".cw-chip").first.click()
    assert marked(page) == quotation
    assert quotation.startswith("Examplol is given as 60 mg")
    assert quotation.endswith("but only when serum calcium is in the normal range.")
    assert page.locator("#panel h2").text_content() == "Bone health in adults: a practice guideline"
    page.wait_for_function("document.activeElement.tagName === 'MARK'")
    box = page.locator("#panel mark").first.bounding_box()
    assert 0 <= box["y"] <= 800
    assert box["x"] >= 640


def test_another_citation_moves_the_mark_and_the_steps_walk_through_the_answer(open_page: Open) -> None:
    page = open_page()
    answer = ask(page, DOSE)
    answer.locator(".cw-chip", has_text="[1]").first.click()
    wait_for_mark(page, "Examplol is given")
    answer.locator(".cw-chip", has_text="[2]").first.click()
    wait_for_mark(page, "The dose for")
    assert marked(page) == "The dose for bone metastases is 120 mg under the skin every 4 weeks."
    assert page.locator(".cw-place").text_content() == "3 of 3"
    page.locator('[data-step="-1"]').click()
    page.wait_for_function("document.querySelector('.cw-place')?.textContent === '2 of 3'")
    assert page.locator("#panel h2").text_content() == "Examplol 60 mg solution for injection: product label"


def test_the_same_citation_opens_again_after_it_was_closed(open_page: Open) -> None:
    page = open_page()
    chip = ask(page, DOSE).locator(".cw-chip").first
    for _ in range(2):
        chip.click()
        page.wait_for_selector(".sidebar.right.open")
        page.wait_for_function("document.activeElement.tagName === 'MARK'")
        page.locator("#panel [data-close]").click()
        page.wait_for_selector(".sidebar.right:not(.open)", state="attached")
        page.wait_for_function("document.activeElement.classList.contains('cw-chip')")


def test_the_keyboard_opens_a_citation_and_escape_returns_to_it(open_page: Open) -> None:
    page = open_page()
    chip = ask(page, DOSE).locator(".cw-chip", has_text="[2]").first
    chip.focus()
    page.keyboard.press("Enter")
    wait_for_mark(page, "The dose for")
    page.wait_for_function("document.activeElement.tagName === 'MARK'")
    page.keyboard.press("Escape")
    page.wait_for_selector(".sidebar.right:not(.open)", state="attached")
    assert page.evaluate("document.activeElement.textContent") == "[2]"


def test_a_sentence_across_a_page_break_is_marked_completely(open_page: Open) -> None:
    page = open_page()
    answer = ask(page, "Can examplol harm the liver?")
    answer.locator(".cw-chip").first.click()
    assert marked(page) == answer.locator(".cw-text").first.text_content()
    assert marked(page).endswith("likely represented an unrelated onset of autoimmune liver disease.")


def test_a_table_row_is_marked_as_it_was_quoted(open_page: Open) -> None:
    page = open_page()
    answer = ask(page, "What is checked?")
    answer.locator(".cw-chip", has_text="[2]").click()
    assert marked(page) == "severely reduced | before each dose and after 2 weeks"


def test_a_changed_source_is_called_so_in_the_answer_and_in_the_panel(open_page: Open) -> None:
    page = open_page()
    answer = ask(page, "Which side effects are rare?")
    assert answer.locator(".cw-stale").text_content() == "source changed since it was indexed"
    answer.locator(".cw-chip").first.click()
    wait_for_mark(page, "Rare side effects")
    assert "has changed since it was indexed" in page.locator("#panel .cw-warning").text_content()


def test_what_the_documents_do_not_say_is_refused_with_the_nearest_passage(open_page: Open) -> None:
    page = open_page()
    answer = ask(page, "Will it rain tomorrow?")
    assert answer.locator(".cw-refusal h3").text_content() == "Not in these documents"
    assert answer.locator(".cw-not-an-answer").text_content() == "Nearest passages not an answer"
    assert (
        answer.locator(".cw-nearest .cw-text").text_content() == "Offer treatment to adults at high risk of fracture."
    )


def test_hostile_text_is_shown_literally_in_question_answer_and_panel(open_page: Open) -> None:
    page = open_page()
    question = f"hostile: {HOSTILE}"
    answer = ask(page, question)
    assert page.locator(".cw-question").last.text_content() == question
    assert answer.locator(".cw-text").text_content() == HOSTILE
    answer.locator(".cw-chip").click()
    assert marked(page) == HOSTILE
    assert page.evaluate("window.harmed") is None
    assert page.locator("#chat a[href*='example.org'], #panel a").count() == 0


def test_a_forged_citation_opens_nothing(open_page: Open) -> None:
    page = open_page()
    chip = ask(page, DOSE).locator(".cw-chip").first
    for forged in ("", "<img src=x>", "WyJub3doZXJlIiwwLDVd", "WyJndWlkZWxpbmUubWQiLDEsNV0"):
        chip.evaluate("(node, forged) => node.setAttribute('href', '#cite=' + forged)", forged)
        chip.click()
        page.wait_for_selector("#panel .cw-warning")
        assert "not in the index" in page.locator("#panel .cw-warning").text_content()
        assert page.locator("#panel mark").count() == 0
        page.keyboard.press("Escape")
        page.evaluate("document.querySelector('#panel .cw-warning').remove()")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("   ", "Type a question first"),
        ("x" * 2001, "at most 2,000 characters; this one has 2,001"),
        ("dose\x07?", "U+0007"),
        ("refuse", "found a refusal"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why_and_stays_in_its_box(open_page: Open, text: str, said: str) -> None:
    page = open_page()
    page.fill(QUESTION, text)
    page.press(QUESTION, "Enter")
    page.wait_for_selector(".cw-problem")
    page.wait_for_function("text => document.querySelector('#question textarea').value === text", arg=text)
    assert said in page.locator(".cw-problem").text_content()


def test_filters_are_printed_above_the_answer_and_expansions_are_not_silent(open_page: Open) -> None:
    page = open_page()
    page.locator("#classes label", has_text="Monograph").click()
    page.locator("#audience label", has_text="Patients").click()
    answer = ask(page, DOSE)
    assert answer.locator(".cw-scope").text_content() == "Sources only monograph; for patients"
    assert answer.locator(".cw-group h3").all_text_contents() == ["Monograph"]
    answer = ask(page, DOSE)
    assert answer.locator(".cw-searched").text_content() == f"Searched for {DOSE} [also: brand name]"


def test_examples_and_follow_ups_are_asked_at_a_click_and_a_new_conversation_forgets_them(open_page: Open) -> None:
    page = open_page()
    page.locator("#chat .example", has_text="Which side effects are rare?").click()
    page.wait_for_selector(".cw-footer")
    page.locator("#chat button.option", has_text="Can examplol harm the liver?").click()
    page.wait_for_function("document.querySelectorAll('.cw-footer').length === 2")
    assert page.locator(".cw-question").all_text_contents() == [
        "Which side effects are rare?",
        "Can examplol harm the liver?",
    ]
    page.locator("#anew").click()
    page.wait_for_selector(".cw-welcome")
    assert page.locator(".cw-question").count() == 0


def test_what_a_follow_up_took_over_is_changed_or_left_out_at_a_click(open_page: Open) -> None:
    page = open_page()
    ask(page, DOSE)
    answer = ask(page, "And rare side effects?")
    assert answer.locator(".cw-searched").text_content() == (
        "Searched for And rare side effects? [examplol] Edit My words only"
    )
    answer.locator(".cw-change", has_text="Edit").click()
    assert page.locator(QUESTION).input_value() == "And rare side effects? [examplol]"
    assert page.evaluate("document.activeElement === document.querySelector('#question textarea')")
    page.keyboard.type(" ")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.cw-footer').length === 3")
    assert page.locator(".cw-question").last.text_content().strip() == "And rare side effects? [examplol]"
    page.locator(".cw-answer").nth(1).locator(".cw-change", has_text="My words only").click()
    page.wait_for_function("document.querySelectorAll('.cw-footer').length === 4")
    assert page.locator(".cw-question").last.text_content() == "And rare side effects?"
    assert page.locator(".cw-answer").last.locator(".cw-searched").count() == 0
    answer = ask(page, "And checked before?")
    assert answer.locator(".cw-searched").text_content().startswith("Searched for And checked before? [examplol]")


def test_an_answer_is_saved_and_copied_with_its_references(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    answer = ask(page, DOSE)
    with page.expect_download() as saved:
        answer.get_by_text("JSON", exact=True).click()
    assert saved.value.suggested_filename == "citewell-answer-1.json"
    assert '"question": "What is the dose of examplol?"' in saved.value.path().read_text("utf-8")
    answer.get_by_text("Copy answer with references").click()
    page.wait_for_function(
        "[...document.querySelectorAll('.cw-actions a')].some(node => node.textContent === 'Copied')"
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "“The dose for bone metastases is 120 mg under the skin every 4 weeks.” [2]" in copied
    assert "[2] Example Monographs [Internet]. Examplol. [Updated 2017 Dec 28]." in copied


def test_a_long_document_opens_around_the_citation_and_grows_on_request(open_page: Open) -> None:
    page = open_page()
    ask(page, "long report").locator(".cw-chip").click()
    wait_for_mark(page, "Paragraph number 450 says")
    shown = page.locator("#panel .cw-doc p").count()
    assert shown < 600
    page.locator('#panel [data-more="below"]').click()
    page.wait_for_function("shown => document.querySelectorAll('#panel .cw-doc p').length > shown", arg=shown)


def test_the_address_fills_in_the_question_without_asking_it(open_page: Open) -> None:
    page = open_page("/?q=Is%20%3Cb%3E%20safe%3F")
    page.wait_for_function("document.querySelector('#question textarea').value === 'Is <b> safe?'")
    assert page.locator(".cw-question").count() == 0


def test_a_phone_shows_answer_and_source_without_sideways_scrolling(open_page: Open) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    answer = ask(page, DOSE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    answer.locator(".cw-chip").first.click()
    wait_for_mark(page, "Examplol is given")
    page.wait_for_timeout(400)  # the panel slides in
    box = page.locator("#panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_page: Open, scheme: str) -> None:
    page = open_page(f"/?__theme={scheme}", color_scheme=scheme)
    answer = ask(page, DOSE)
    answer.locator(".cw-chip").first.click()
    wait_for_mark(page, "Examplol is given")
    in_the_answer = (
        ".cw-text",
        ".cw-chip:not(.cw-open)",
        ".cw-chip.cw-open",
        ".cw-source",
        ".cw-old",
        ".cw-badge",
        ".cw-fine",
    )
    for selector in (*in_the_answer, "#panel mark", "#panel .cw-crumbs", "h1"):
        assert contrast(page, selector) >= 4.5, selector


def contrast(page: Any, selector: str) -> float:
    """WCAG 2 contrast ratio of the first such element with the nearest painted ground behind it."""
    script = """selector => {
      const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
      const light = (c) => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      let node = document.querySelector(selector); const ink = parts(getComputedStyle(node).color);
      while (node && (parts(getComputedStyle(node).backgroundColor)[3] ?? 1) === 0) node = node.parentElement;
      const [a, b] = [light(ink.slice(0, 3)), light(parts(getComputedStyle(node).backgroundColor).slice(0, 3))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05); }"""
    return float(page.evaluate(script, selector))


def test_a_closed_source_panel_is_out_of_the_tab_order_and_messages_have_no_markup_as_their_name(
    open_page: Open,
) -> None:
    page = open_page()
    ask(page, DOSE)
    assert page.evaluate("document.querySelector('.sidebar.right .sidebar-content').inert") is True
    assert page.locator("#chat [data-testid][aria-label]").count() == 0


def call_ask(address: str, *values: Any) -> tuple[str, Any]:
    """Call the interface as a script would; returns the last event's name and its data."""
    body = json.dumps({"data": list(values)}).encode()
    call = Request(f"{address}/gradio_api/call/ask", body, {"Content-Type": "application/json"})
    with urlopen(call, timeout=20) as response:
        event = json.load(response)["event_id"]
    with urlopen(f"{address}/gradio_api/call/ask/{event}", timeout=20) as response:
        *_, name, data = response.read().decode().strip().splitlines()
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_the_only_public_interface_is_ask_and_it_answers_with_the_contract_s_object(address: str) -> None:
    with urlopen(f"{address}/gradio_api/info", timeout=20) as response:
        assert list(json.load(response)["named_endpoints"]) == ["/ask"]
    name, data = call_ask(address, DOSE, [], ["monograph"], [], "clinician")
    assert name == "complete"
    assert data == [json.loads(json.dumps(asdict(invented_library().ask(DOSE, classes=[SourceClass.MONOGRAPH]))))]
    for refused in ((" ",), (DOSE, [], ["gossip"]), (DOSE, [], [], [], "robot"), ("refuse",)):
        assert call_ask(address, *refused)[0] == "error"


def test_every_response_forbids_other_hosts_and_no_file_is_served(address: str) -> None:
    with urlopen(address, timeout=20) as response:
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    with pytest.raises(HTTPError, match="403") as refused:
        urlopen(f"{address}/gradio_api/file=/etc/passwd", timeout=20)
    refused.value.close()


def test_a_port_in_use_is_an_os_error(address: str) -> None:
    with start_server(urlsplit(address).port or 0) as second:
        _, errors = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "OSError" in errors
