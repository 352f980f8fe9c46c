"""Answers and sources as HTML, text and Markdown: escaped, verbatim, and marked exactly."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import HOSTILE, invented_library
from markdown_it import MarkdownIt
from markup_reader import Page

from app import links, render
from app.export import answer_markdown, answer_text, markdown_escape
from app.markup import age, dated, escape, years_old
from citewell.types import Answer, SourceClass, Span, fold

pytestmark = pytest.mark.unit
TODAY = date(2026, 11, 22)
VIEW = render.View(1, TODAY)
SPOKEN = st.text().map(fold).filter(bool)


def answered(question: str) -> Answer:
    return invented_library().ask(question)


def test_quotations_are_grouped_in_the_fixed_order_of_classes_and_the_best_is_marked() -> None:
    answer = answered("What is the dose of examplol?")
    swapped = replace(answer, excerpts=answer.excerpts[::-1])  # the monograph is the better one now
    page = Page(render.answer_html(swapped, VIEW))
    assert [source_class for source_class, _ in render.by_class(swapped.excerpts)] == [
        SourceClass.GUIDELINE,
        SourceClass.MONOGRAPH,
    ]
    assert page.texts["cw-group"][1].startswith("MonographBest matchThe dose for bone metastases")
    assert page.texts["cw-best"] == ["Best match"]


def test_a_source_line_names_title_section_page_class_date_age_and_status() -> None:
    page = Page(render.answer_html(answered("What is the dose of examplol?"), VIEW))
    assert page.texts["cw-trail"] == [
        "Bone health in adults: a practice guideline › Treatment",
        "Examplol › Dose › page 2",
    ]
    assert page.texts["cw-facts"] == [
        "Guideline updated 2024-05-14 (2 years old) reviewed",
        "Monograph updated 2017-12-28 (8 years old)",
    ]
    assert (
        page.texts["cw-old"] == ["updated 2017-12-28 (8 years old)"] * 2
    )  # the quotation, and its side of the disagreement


def test_a_disagreement_shows_both_sides_with_their_dates_and_no_verdict() -> None:
    answer = answered("What is the dose of examplol?")
    page = Page(render.answer_html(answer, VIEW))
    first, second = page.texts["cw-side"]
    assert answer.excerpts[0].text in first
    assert "2024-05-14" in first
    assert answer.excerpts[1].text in second
    assert "2017-12-28" in second
    assert page.texts["cw-differ"][0].endswith("Citewell gives no verdict.")


def test_every_chip_leads_to_the_span_of_its_citation() -> None:
    answer = answered("What is the dose of examplol?")
    page = Page(render.answer_html(answer, VIEW))
    spans = {citation.number: Span(citation.document_id, citation.start, citation.end) for citation in answer.citations}
    found = [links.decode(link.removeprefix("#cite=")) for link in page.links if link.startswith("#cite=")]
    assert found == [spans[int(chip.strip("[]"))] for chip in page.texts["cw-chip"]]


def test_filters_staleness_and_expansions_are_visible() -> None:
    answer = replace(
        answered("Which side effects are rare?"), searched_for="Which side effects are rare? [also: uncommon]"
    )
    view = replace(
        VIEW, stale=frozenset({"label.html"}), classes=(SourceClass.LABEL, SourceClass.WEB), held=tuple(SourceClass)
    )
    page = Page(render.answer_html(answer, view))
    assert page.texts["cw-scope"] == ["Sources only drug label, web page"]
    assert page.texts["cw-searched"] == ["Searched for Which side effects are rare? [also: uncommon]"]
    assert page.texts["cw-stale"] == ["source changed since it was indexed"]
    assert page.texts["cw-silent"] == ["Nothing quoted from: web page"]


@pytest.mark.parametrize(
    ("question", "searched_for", "rewritten"),
    [
        ("And rare ones?", "And rare ones? [side effects examplol]", "And rare ones? [side effects examplol]"),
        ("And <rare> ones?", "And <rare> ones? [examplol] [also: Example]", "And <rare> ones? [examplol]"),
        ("Is examplol rare?", "Is examplol rare? [also: Example]", None),
        ("And rare ones? [examplol]", "And rare ones? [examplol] [also: Example]", None),
        ("Is exampol rare?", "Is examplol rare?", None),
    ],
)
def test_what_a_question_took_over_can_be_changed_and_left_out(
    question: str, searched_for: str, rewritten: str | None
) -> None:
    answer = replace(answered("Which side effects are rare?"), question=question, searched_for=searched_for)
    page = Page(render.answer_html(answer, replace(VIEW, number=3)))
    changes = [unquote(link) for link in page.links if link.startswith(("#edit=", "#alone="))]
    assert changes == ([f"#edit={rewritten}", "#alone=3"] if rewritten else [])
    assert page.texts["cw-searched"] == [f"Searched for {searched_for}{' Edit My words only' if rewritten else ''}"]


def test_a_refusal_names_its_reason_and_calls_the_nearest_passages_no_answer() -> None:
    page = Page(render.answer_html(answered("Will it rain?"), VIEW))
    assert page.texts["cw-refusal"] == [
        "Not in these documentsThe documents cover examplol, but none of them says anything on this topic."
    ]
    assert page.texts["cw-not-an-answer"] == ["Nearest passages not an answer"]
    assert "cw-group" not in page.texts


def test_asked_words_are_emphasised_as_whole_words_and_nothing_else() -> None:
    asked = render.asked_words("What doses of Examplol are given?")
    assert asked == {"dose", "examplol"}
    assert render.emphasised("Examplol: one dose, not overdoses.", asked) == (
        '<b class="cw-asked">Examplol</b>: one <b class="cw-asked">dose</b>, not overdoses.'
    )


@given(SPOKEN, SPOKEN)
def test_emphasis_leaves_the_text_as_it_is(text: str, question: str) -> None:
    markup = render.emphasised(text, render.asked_words(question))
    assert html.unescape(re.sub(r"<b class=\"cw-asked\">|</b>", "", markup)) == html.unescape(html.escape(text))


@given(st.text())
def test_escaped_text_holds_no_mark_up_and_no_line_break(text: str) -> None:
    written = escape(text)
    assert not set(written) & set("<>\"'\n\r")
    assert html.unescape(written) == html.unescape(html.escape(fold(text)))


def test_hostile_text_reaches_the_page_as_text() -> None:
    answer = answered("hostile")
    excerpt = replace(
        answer.excerpts[0],
        title=HOSTILE,
        section=(HOSTILE,),
        updated=HOSTILE,
        review_status=HOSTILE,
        context_before=HOSTILE,
    )
    citation = replace(answer.citations[0], title=HOSTILE, locator=HOSTILE)
    answer = replace(
        answer,
        question=HOSTILE,
        searched_for=HOSTILE + "?",
        excerpts=(excerpt,),
        citations=(citation,),
        notes=(HOSTILE,),
    )
    markup = render.answer_html(answer, VIEW)
    page = Page(markup)
    assert page.texts["cw-text"] == page.texts["cw-context"] == [HOSTILE]
    assert "script" not in page.tags
    assert "\n" not in markup
    assert Page(render.question_html(HOSTILE)).text == HOSTILE
    assert Page(render.problem_html(HOSTILE)).text == f"Not asked. {HOSTILE}"


@given(SPOKEN)
def test_markdown_renders_back_to_the_letter(text: str) -> None:
    if not text.isprintable():
        return  # a file of Markdown has no way to write a control character
    rendered = MarkdownIt("commonmark").render(f"> {markdown_escape(text)}")
    assert fold(Page(rendered).text) == text


def test_the_exports_carry_question_numbers_dates_references_and_disclaimer() -> None:
    answer = answered("What is the dose of examplol?")
    plain, markdown = answer_text(answer, TODAY), answer_markdown(answer, TODAY)
    assert (
        "“The dose for bone metastases is 120 mg under the skin every 4 weeks.” [2]\n  Examplol › Dose › page 2 · Monograph"
        in plain
    )
    assert "“Zgeva” stands as printed in the source." in plain
    assert "[3] Examplol 60 mg solution for injection: product label" in plain
    assert "Sources differ: dose and interval of examplol: [1], [2]" in plain
    assert "Not medical advice" in plain
    assert "index 3f9a1c77d20b" in plain
    assert markdown.startswith("# What is the dose of examplol?\n\n## Guideline\n\n> “Examplol is given")
    assert "## References" in markdown


def test_a_refusal_is_exported_as_one() -> None:
    plain = answer_text(answered("Will it rain?"), TODAY)
    assert "Not in these documents: The documents cover examplol" in plain
    assert plain.index("Nearest passages (not an answer):") < plain.index("“Offer treatment")


@pytest.mark.parametrize(
    ("updated", "years", "words"),
    [
        ("2017-12-28", 8, "8 years old"), ("2017-11-22", 9, "9 years old"), ("2017-12", 8, "8 years old"), ("2025-11", 1, "1 year old"),
        ("2017", 9, "9 years old"), ("2026-01-05", 0, "less than a year old"), ("2027", None, ""), ("spring 2017", None, ""),
        ("2017-1-2-3", None, ""),
    ],
)  # fmt: skip
def test_age_counts_whole_years_as_precisely_as_the_date_is_printed(
    updated: str, years: int | None, words: str
) -> None:
    assert (years_old(updated, TODAY), age(updated, TODAY)) == (years, words)


def test_a_missing_date_is_named_and_an_old_one_marked() -> None:
    assert dated(None, TODAY) == '<span class="cw-date">no date given</span>'
    assert "cw-old" in dated("2021", TODAY)
    assert "cw-old" not in dated("2024", TODAY)
