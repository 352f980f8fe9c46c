"""Who asks what a source says of itself gets the source's own line, or hears that it has none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import library, quick_folder

from citewell.answer.summary_fields import field_asked
from citewell.conversation import ask
from citewell.evaluate.invariants import invariants
from citewell.index import Index
from citewell.types import is_own_line

pytestmark = pytest.mark.unit

MONOGRAPH = """
NLM Citation: Examples of Drugs: Made-up Information [Internet]. Bethesda (MD): Example
Institute of Bones; 2012-. Alphamab. [Updated 2017 Dec 28].
Bookshelf URL: https://www.example.org/books/

Alphamab

Updated: December 28, 2017.

OVERVIEW

Introduction

Alphamab is an antibody against brittle bones. Alphamab does not harm the liver.

Hepatotoxicity

Alphamab was seldom followed by jaundice.

Likelihood score: E* (unproven but suspected rare cause of liver injury).
"""
PAGE = """---
title: Page on betamab
publisher: Example Press
updated: 2024-05-06
review_status: pending human review
---

# Page on betamab

Betamab is an antibody against hay fever. The page names no dose of betamab.
"""
BARE = "# Gammamab\n\nGammamab is an antibody against hives. Gammamab is kept in the dark.\n"


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with quick_folder() as folder, pytest.MonkeyPatch.context() as patch:
        documents = {"alphamab.txt": MONOGRAPH, "betamab.md": PAGE, "gammamab.md": BARE}
        yield library(patch, folder, documents).open()


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("When was this last updated?", "updated"),
        ("When was the alphamab monograph last updated?", "updated"),
        ("How old is this page?", "updated"),
        ("Has it been reviewed?", "review_status"),
        ("What is the review status of this article?", "review_status"),
        ("How do I cite it?", "how_to_cite"),
        ("Who published it?", "publisher"),
        ("Under which licence is the text?", "licence"),
        ("Has it been reviewed? [dose alphamab]", "review_status"),
        ("Has a real person checked the betamab page yet?", "review_status"),
        ("Who reviews the betamab article for accuracy?", "review_status"),
        ("How should I cite the Made-up Information chapter on alphamab?", "how_to_cite"),
        ("When was the Example Institute record on alphamab last updated?", "updated"),
        ("What is the last-updated date of the betamab article?", "updated"),
    ],
)
def test_what_a_source_says_of_itself_is_asked_for(index, question, name):
    found = field_asked(question, index)
    assert found
    assert found.field.name == name


@pytest.mark.parametrize(
    "question",
    [
        "When was the trial of alphamab published?",
        "When was the dose of alphamab changed?",
        "Who reviewed the deaths in the trial?",
        "What is the dose of alphamab?",
        "When should calcium be checked?",
        "When is brittle checked?",
        "",
    ],
)
def test_what_is_asked_of_the_subject_is_no_field(index, question):
    assert field_asked(question, index) is None


@pytest.mark.parametrize(
    ("question", "document", "line"),
    [
        ("When was the alphamab monograph last updated?", "alphamab.txt", "Updated: December 28, 2017."),
        ("When was the page on betamab last updated?", "betamab.md", "updated: 2024-05-06"),
        ("Has the page on betamab been reviewed?", "betamab.md", "review_status: pending human review"),
        ("Who published the page on betamab?", "betamab.md", "publisher: Example Press"),
    ],
)
def test_a_field_is_answered_by_the_line_of_the_source(index, question, document, line):
    answer = ask(index, question, documents=[document])
    [excerpt] = answer.excerpts
    assert (answer.answered, excerpt.document_id, excerpt.text) == (True, document, line)
    assert index.document(document).text[excerpt.start : excerpt.end] == line


def test_a_source_may_be_called_by_its_own_name(index):
    answer = ask(index, "When was the Made-up Information record last updated?")
    assert [excerpt.text for excerpt in answer.excerpts] == ["Updated: December 28, 2017."]


def test_another_collection_has_no_date(index):
    assert field_asked("When was the Other Encyclopedia record on alphamab last updated?", index) is None


def test_a_citation_is_quoted_to_its_end(index):
    answer = ask(index, "How do I cite the alphamab monograph?", documents=["alphamab.txt"])
    [excerpt] = answer.excerpts
    assert excerpt.text == (
        "NLM Citation: Examples of Drugs: Made-up Information [Internet]. Bethesda (MD): Example Institute of Bones; 2012-. "
        "Alphamab. [Updated 2017 Dec 28]."
    )


def test_a_quoted_field_keeps_every_promise(index):
    answer = ask(index, "When was the alphamab monograph last updated?", documents=["alphamab.txt"])
    assert invariants(index, answer) == {"verbatim": 1.0, "resolved": 1.0, "cited": 1.0, "whole": 1.0}


def test_a_part_of_a_line_is_no_whole_line(index):
    document = index.document("alphamab.txt")
    start = document.text.index("Updated: December")
    assert is_own_line(document, start, start + len("Updated: December 28, 2017."))
    assert not is_own_line(document, start, start + len("Updated: December 28"))
    assert not is_own_line(document, start + 1, start + len("Updated: December 28, 2017."))
    content = document.text.index("Alphamab is an antibody")
    assert not is_own_line(document, content, content + len("Alphamab is an antibody against brittle bones."))


def test_a_source_that_does_not_say_it_is_named(index):
    answer = ask(index, "When was the page on gammamab last updated?", documents=["gammamab.md"])
    assert (answer.answered, answer.excerpts) == (False, ())
    assert answer.reason == "topic not covered: no line of the nearest documents says when it was updated"
    assert answer.notes[0] == "“Gammamab” does not say when it was updated."


def test_the_subject_of_an_earlier_question_tells_which_source_is_meant(index):
    answer = ask(index, "Has it been reviewed?", history=["What is betamab used for?"])
    assert answer.excerpts[0].text == "review_status: pending human review"


def test_a_label_line_answers_the_question_for_its_name(index):
    answer = ask(index, "What is the likelihood score?")
    assert answer.answered
    assert answer.excerpts[0].text.startswith("Likelihood score: E* ")


def test_a_label_line_does_not_answer_for_another_drug(index):
    answer = ask(index, "What is the likelihood score of betamab?")
    assert not any(excerpt.text.startswith("Likelihood") for excerpt in answer.excerpts)


@pytest.mark.parametrize("question", ["How often should alphamab be checked?", "Does alphamab have a licence?"])
def test_what_is_asked_of_a_drug_is_no_field_of_its_page(index, question):
    assert field_asked(question, index) is None


def test_a_page_on_a_drug_that_is_not_covered_has_no_date(index):
    assert not ask(index, "When was the zetamab page last updated?").answered
