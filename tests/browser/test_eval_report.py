"""The page of a report in a browser: filter, sort, open; nothing is requested, and no foreign text runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import invented_runs
import pytest

from citewell.evaluate.report import html_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = invented_runs.comparison(80)
    path = tmp_path_factory.mktemp("report") / "report.html"
    text = html_report(invented_runs.summary(), found.after, found, invented_runs.documents())
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Any, report: Path) -> Iterator[Any]:
    """The report, open; in the end nothing but itself was requested, nothing complained and nothing foreign ran."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    requests, complaints = list[str](), list[str]()
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(report.as_uri())
    yield opened
    assert opened.evaluate("window.harmed") is None
    assert {each.split("#")[0] for each in requests} == {report.as_uri()}
    assert complaints == []
    opened.close()


def shown(page: Any) -> list[str]:
    found: list[str] = page.locator(".case:visible code").all_inner_texts()
    return found


def test_cases_are_filtered_by_what_became_of_them(page: Any) -> None:
    assert page.inner_text("#shown") == "80 cases"
    page.click('.chips [data-kind="regressed"]')
    assert page.inner_text("#shown") == "6 of 80 cases"
    assert set(page.locator(".case:visible .kind").all_inner_texts()) == {"▼ regressed"}
    page.click('.chips [data-kind="fixed"]')
    assert page.inner_text("#shown") == "13 of 80 cases"
    page.click("text=Clear")
    # No wait_for_function: what it evaluates again and again, the page's own policy refuses.
    page.get_by_text("80 cases", exact=True).wait_for()


def test_cases_are_filtered_by_stage_severity_tag_and_words_together(page: Any) -> None:
    page.select_option('select[name="severity"]', "critical")
    page.select_option('select[name="stage"]', "not chosen")
    assert shown(page) == ["sampletan-dose-0001"]
    page.select_option('select[name="stage"]', "")
    page.select_option('select[name="tags"]', label="absent")
    page.keyboard.press("Escape")
    page.fill("#search", "Price ABSENT-0034")
    assert shown(page) == ["absent-0034"]
    page.fill("#search", "stands nowhere")
    assert page.locator("#none").is_visible()


def test_a_link_of_the_first_screen_shows_its_cases(page: Any) -> None:
    page.click(".tallies .k-fixed a")
    assert page.locator('.chips [data-kind="fixed"]').get_attribute("aria-pressed") == "true"
    assert page.inner_text("#shown") == "7 of 80 cases"


def test_cases_are_sorted_both_ways(page: Any) -> None:
    sure = "[...document.querySelectorAll('.case')].map((each) => Number(each.dataset.sure))"
    page.click('[data-sort="sure"]')
    rising = page.evaluate(sure)
    assert rising == sorted(rising)
    page.click('[data-sort="sure"]')
    assert page.evaluate(sure) == sorted(rising, reverse=True)
    assert page.locator('[data-sort="sure"]').get_attribute("aria-label") == "Confidence, sorted falling"


def test_a_case_opens_by_keyboard_and_shows_both_answers_and_the_source(page: Any) -> None:
    page.locator(".case summary").first.focus()
    page.keyboard.press("Enter")
    first = page.locator(".case").first
    assert first.locator("h4").all_inner_texts()[:2] == [
        "Before passes · confidence 0.94",
        "Now fails · confidence 0.65",
    ]
    assert (
        first.locator(".passage mark.g").inner_text()
        == "The usual dose of sampletan is 20 mg once daily, taken with water."
    )
    assert first.locator(".passage mark.a").is_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(".case[open]").count() == 2


def test_a_slash_leads_to_the_search(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("grapefruit")
    assert page.input_value("#search") == "grapefruit"
    page.keyboard.press("Escape")
    assert page.inner_text("#shown") == "80 cases"


def test_a_link_to_a_case_opens_it_though_a_filter_hides_it(page: Any, report: Path) -> None:
    page.click('.chips [data-kind="new"]')
    page.goto(report.as_uri() + "#case-sampletan-dose-0001")
    page.wait_for_selector("#case-sampletan-dose-0001[open] .sides")
    assert page.inner_text("#shown") == "80 cases"


def test_every_case_opens_without_harm(page: Any) -> None:
    page.click("#open")
    assert page.locator(".case[open]").count() == 80
    assert page.inner_text("#open") == "Close all shown"
    assert "<script>window.harmed = 1</script>" in page.text_content("#list")


def test_nothing_is_wider_than_a_phone(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(report.as_uri())
    page.click("#open")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()


def test_without_a_script_the_page_is_whole(browser: Any, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert not page.locator("#controls").is_visible()
    assert page.locator(".case").count() == 80
    page.locator(".case summary").first.click()
    assert page.locator(".case").first.locator(".sides").is_visible()
    context.close()
