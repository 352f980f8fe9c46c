"""What speaks against a candidate lowers the probability that it answers; more passages raise what is needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import library, quick_folder

from citewell.answer.verdict import Evidence, least_likelihood, likelihood, names_in
from citewell.conversation import ask
from citewell.settings import Settings

pytestmark = pytest.mark.unit

SETTINGS = Settings()
GOOD = Evidence(likely=2.0, cosine=0.7, names=0.0, rare=0.0, topical=1.0, denied=0.0, crowd=0.0)


@pytest.mark.parametrize(
    "worse",
    [{"likely": 0.0}, {"cosine": 0.3}, {"names": 1.0}, {"rare": 0.5}, {"topical": 0.0}, {"denied": 1.0}],
)
def test_each_signal_counts_as_it_means(worse):
    assert likelihood(replace(GOOD, **worse), SETTINGS, dense=True) < likelihood(GOOD, SETTINGS, dense=True)


def test_more_passages_ask_for_more_and_leave_the_probability_alone():
    crowded = replace(GOOD, crowd=1.5)
    assert likelihood(crowded, SETTINGS, dense=True) == likelihood(GOOD, SETTINGS, dense=True)
    assert least_likelihood(GOOD, SETTINGS, dense=True) == pytest.approx(SETTINGS.answer_confidence)
    assert least_likelihood(crowded, SETTINGS, dense=True) > 0.8


def test_names_are_numbers_capitals_inside_and_words_of_no_dictionary():
    assert names_in("Which dose of ozempiq did Smith give in 2019?") == {"ozempiq", "smith", "2019"}


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("How often do hives occur with alphamab?", True),
        ("In what percentage of patients does alphamab cause hives?", False),
    ],
)
def test_a_number_that_is_asked_for_and_not_there_is_not_answered(monkeypatch, question, answered):
    documents = {"a.md": "# Alphamab\n\nHives are a rare effect that occurs with alphamab in patients.\n"}
    with quick_folder() as folder:
        index = library(monkeypatch, folder, documents).open()
        assert ask(index, question, settings=Settings(answer_confidence=0.001)).answered is answered
