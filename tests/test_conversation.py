"""A follow-up takes over what it leaves unsaid; a complete question is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fakes import DRUGS, library, quick_folder

from citewell.conversation import ask, complete
from citewell.errors import UsageError
from citewell.index import Index

pytestmark = pytest.mark.unit

DOSE = "What is the dose of alphamab for osteoporosis?"


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, DRUGS).open()


@pytest.mark.parametrize(
    ("history", "question", "searched_for"),
    [
        ([DOSE], "Does it harm the liver?", "Does it harm the liver? [alphamab]"),
        ([DOSE], "How is this drug stored?", "How is this drug stored? [alphamab]"),
        ([DOSE], "side effects?", "side effects? [alphamab]"),
        ([DOSE], "And for hives?", "And for hives? [dose alphamab]"),
        ([DOSE], "What about betamab?", "What about betamab? [dose osteoporosis]"),
        ([DOSE, "Is it safe?"], "Does it harm the liver?", "Does it harm the liver? [alphamab]"),
        ([DOSE, "What are the side effects of betamab?"], "How does it work?", "How does it work? [betamab]"),
        (["How often does betamab cause sneezing?"], "and headache?", "and headache? [often betamab cause sneezing]"),
    ],
)
def test_a_follow_up_takes_over_the_drug_and_the_topic(index, history, question, searched_for):
    assert complete(index, question, history) == searched_for


@pytest.mark.parametrize("history", [[], [DOSE], [DOSE, "What are the side effects of betamab?"]])
@pytest.mark.parametrize(
    "question",
    [
        "What are the side effects of betamab?",
        "Does alphamab harm the liver?",
        "How does alphamab work in osteoporosis?",
        "Is it true that betamab causes sneezing?",
    ],
)
def test_a_complete_question_is_left_alone(index, history, question):
    assert complete(index, question, history) == question


def test_nothing_is_taken_over_where_nothing_was_said(index):
    assert complete(index, "Does it harm the liver?", []) == "Does it harm the liver?"
    assert complete(index, "Is it safe?", ["Hello!", "Is that so?"]) == "Is it safe?"


def test_what_was_taken_over_is_searched_for_and_shown(index):
    alone, follow_up = ask(index, "How does it work?"), ask(index, "How does it work?", history=["Is betamab new?"])
    assert follow_up.question == "How does it work?"
    assert follow_up.searched_for == "How does it work? [betamab]"
    assert follow_up.answered
    assert {excerpt.document_id for excerpt in follow_up.excerpts} == {"betamab.md"}
    assert alone.searched_for == "How does it work?"


def test_a_follow_up_is_the_question_with_what_it_took_over(index):
    follow_up = ask(index, "Does it harm the liver?", history=[DOSE])
    whole = ask(index, "Does it harm the liver? [alphamab]")
    assert replace(follow_up, question="", timings_ms={}) == replace(whole, question="", timings_ms={})


def test_earlier_answers_are_never_reused(index):
    once = ask(index, "Does it harm the liver?", history=[DOSE])
    again = ask(index, "Does it harm the liver?", history=["What is alphamab?"])
    assert (once.excerpts, once.confidence) == (again.excerpts, again.confidence)


@pytest.mark.parametrize("question", ["", "  ", "a" * 2_001, "a\x00b"])
def test_a_question_that_cannot_be_asked_is_refused_whatever_came_before(index, question):
    with pytest.raises(UsageError):
        ask(index, question, history=[DOSE])


def test_long_questions_may_follow_long_questions(index):
    long = f"What is the dose of alphamab for {'osteoporosis and ' * 110}bones?"
    assert ask(index, f"And for {'x' * 1_985}?", history=[long]).question.startswith("And for xxx")
