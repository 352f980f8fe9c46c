"""A question about a person gets the notice; one that takes something for granted is told so, unless a quotation says it."""

from __future__ import annotations

import pytest

from citewell.answer.caution import ADVICE, cautions

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "question",
    [
        "Should my mother switch to alphamab?",
        "Can I stop alphamab?",
        "My T-score is -2.1 and I'm 58. Alphamab or betamab for me?",
        "Is my calcium too low?",
        "What dose do you recommend?",
        "Where can I find out whether I can take ibuprofen?",
        "I take warfarin. Is alphamab safe?",
        "My mother has weak kidneys, is alphamab harmful?",
    ],
)
def test_a_question_about_a_person_gets_the_notice(question):
    assert ADVICE in cautions(question, ["Alphamab is given every 6 months."])


@pytest.mark.parametrize(
    "question",
    [
        "What is the dose of alphamab?",
        "Can alphamab cause hives?",
        "What should patients do who missed a dose?",
        "Where can I read about alphamab?",
        "What are the most serious side effects of alphamab?",
        "Which dose is usually given in most trials?",
    ],
)
def test_a_question_about_a_drug_gets_none(question):
    assert cautions(question, ["Alphamab is given every 6 months in most trials."]) == []


@pytest.mark.parametrize(
    ("question", "quotation", "told"),
    [
        ("Why does alphamab cause hives in most patients?", "Hives were rare on alphamab.", True),
        (
            "Why does alphamab cause hives in most patients?",
            "Most patients on alphamab had hives because of its dye.",
            False,
        ),
        ("Does alphamab cause hives in all patients?", "Some patients on alphamab had hives.", True),
        ("Why was alphamab withdrawn?", "Alphamab was approved in 2010.", True),
        ("Why is alphamab stored in the dark?", "Alphamab is stored in the dark because light destroys it.", False),
        ("Does alphamab cause hives?", "Hives were rare on alphamab.", False),
    ],
)
def test_what_a_question_takes_for_granted_is_told_unless_a_quotation_says_it(question, quotation, told):
    assert bool(cautions(question, [quotation])) is told
