"""A follow-up takes over what it leaves unsaid; a complete question is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from fakes import DRUGS, library, quick_folder

from citewell.conversation import ask, complete
from citewell.errors import UsageError
from citewell.index import Index
from citewell.search import understand
from citewell.settings import Settings

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


# Two made-up drugs with what a talk about them needs: two uses with their doses, dialysis, pregnancy, an approval.
TALKED_OF = {
    "alphia.md": """---
title: Alphia (alphamab)
source_class: monograph
---

# Alphia (alphamab)

## Dose

For asthma, the dose of alphamab is 60 mg under the skin once every 6 months.
For hives, the dose of alphamab is 120 mg under the skin once every 4 weeks.

## Kidneys

Alphamab may be given to people on dialysis, but their calcium falls more often.

## History

Alphamab was first approved in 2011.
""",
    "betadronic.md": """---
title: Betadronic acid
source_class: monograph
---

# Betadronic acid

## Kidneys

People on dialysis must not be given betadronic acid.

## Pregnancy

Betadronic acid harms the unborn child and must not be given in pregnancy.
""",
}


@pytest.fixture(scope="module")
def talked_of() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, TALKED_OF).open()


TALK = [
    ("What is the dose of Alphia for asthma?", "What is the dose of Alphia for asthma?", "60 mg"),
    ("and for hives?", "and for hives? [dose Alphia]", "120 mg"),
    ("is it safe on dialysis?", "is it safe on dialysis? [Alphia]", "calcium falls"),
    ("what about betadronic acid?", "what about betadronic acid? [safe dialysis]", "must not be given betadronic"),
    ("and in pregnancy?", "and in pregnancy? [safe betadronic acid]", "unborn child"),
    ("and alphamab, since when is it approved?", "and alphamab, since when is it approved?", "2011"),
]


def test_six_turns_are_each_searched_for_with_what_they_leave_unsaid_and_answered_from_the_documents(talked_of):
    for number, (question, searched_for, said) in enumerate(TALK):
        history = [earlier for earlier, _, _ in TALK[:number]]
        assert complete(talked_of, question, history) == searched_for
        answer = ask(talked_of, question, history=history)
        assert said in " ".join(excerpt.text for excerpt in (*answer.excerpts, *answer.nearest))


@pytest.mark.parametrize(
    ("history", "question", "searched_for"),
    [
        (["Is Alphia safe in pregnancy?"], "and children?", "and children? [Alphia safe]"),
        (["Is Alphia safe in pregnancy?"], "and breastfeeding?", "and breastfeeding? [Alphia safe]"),
        (["What is the dose of Alphia for hives?"], "How often is it given?", "How often is it given? [Alphia hives]"),
        (["What is the dose of Alphia for hives?"], "Why?", "Why? [dose Alphia hives]"),
        (["What is the dose of Alphia for hives?"], "for asthma", "for asthma [dose Alphia]"),
        (["Is Alphia new?"], "Is it better than betadronic acid?", "Is it better than betadronic acid? [Alphia]"),
        (["Is Alphia new?"], "Is alphamab better than betadronic acid?", "Is alphamab better than betadronic acid?"),
        (["Is Alphia new?"], "How does betadronic acid compare?", "How does betadronic acid compare? [Alphia]"),
        (["How are hives treated?"], "what about Alphia?", "what about Alphia? [hives treated]"),
        (["Is Alphia new?"], "what is the price in Europe?", "what is the price in Europe? [Alphia]"),
        (["Is Alphia new?", "Thank you!"], "side effects?", "side effects? [Alphia]"),
        (["Is Alphia new?", "How is asthma diagnosed?"], "and how is it treated?", "and how is it treated? [asthma]"),
        (["Is Alphia new?", "What about betadronic acid?"], "and its price?", "and its price? [betadronic acid]"),
        (["Is Alphia new?"], "Thank you!", "Thank you!"),
        (["Is Alphia new?"], "What is asthma?", "What is asthma?"),
        (["Is Alphia new?"], "What is the dose of Xyzzin?", "What is the dose of Xyzzin?"),
        (["Is Alphia new?"], "What are the symptoms of hives?", "What are the symptoms of hives?"),
        (["Is Alphia new?"], "xyzzin dose?", "xyzzin dose?"),
        (["What is the dose of Alphia?"], "what about xyzzin?", "what about xyzzin? [dose]"),
        (["What is the dose of Alphia?"], "Does it cause xyzzitis?", "Does it cause xyzzitis? [Alphia]"),
    ],
)
def test_what_is_taken_over_depends_on_what_the_question_says_itself(talked_of, history, question, searched_for):
    assert complete(talked_of, question, history) == searched_for


@pytest.mark.parametrize(
    ("history", "question", "searched_for"),
    [
        (["How can I get a restraining order?"], "How do I file an order?", "How do I file an order? [restraining]"),
        (["How is Paget disease found?"], "Will it spread?", "Will it spread? [Paget disease]"),
        (["How is Paget disease found?"], "Which doctors treat broken bones of children?", ""),
        (["How is Paget disease found?"], "Is the Hudson River important?", ""),
        (["How is Paget disease found?"], "What does Advisor scan, and what does it show?", ""),
    ],
)
def test_where_no_drug_is_spoken_of_only_what_names_nothing_takes_something_over(
    talked_of, history, question, searched_for
):
    assert complete(talked_of, question, history) == (searched_for or question)


def test_a_follow_up_on_no_drug_weighs_its_own_words_beside_what_it_took_over(talked_of):
    own, whole = (talked_of.encode(text) for text in ("Will it spread?", "Will it spread? [Paget disease]"))
    assert own is not None
    assert whole is not None
    mixed = understand(talked_of, "Will it spread? [Paget disease]", Settings()).vector
    assert mixed == pytest.approx((own + whole) / np.linalg.norm(own + whole), abs=1e-6)
    assert talked_of.encode("Will it spread? [Alphia]") == pytest.approx(
        understand(talked_of, "Will it spread? [Alphia]", Settings()).vector
    )


def test_what_a_reader_made_of_a_follow_up_is_left_alone_and_gone_on_with(talked_of):
    history = ["What is the dose of Alphia for asthma?"]
    edited = "and for hives? [dose betadronic acid]"
    assert complete(talked_of, edited, history) == edited
    assert complete(talked_of, "how is it stored?", [*history, edited]) == "how is it stored? [betadronic acid]"
