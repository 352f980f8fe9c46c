"""Two questions in one are both answered, or the answer says which is not."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fakes import DRUGS, library, quick_folder

from citewell.answer.summary_parts import MOST_CHARS, parts, with_subject
from citewell.conversation import ask, ask_with_hits
from citewell.index import Index
from citewell.settings import Settings
from citewell.types import fold

pytestmark = pytest.mark.unit

LIKELY = Settings(answer_confidence=0.1)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What is the dose of alphamab and how is it stored?", ("What is the dose of alphamab?", "how is it stored?")),
        ("What is the dose of alphamab? How is it stored?", ("What is the dose of alphamab?", "How is it stored?")),
        ("Did hives occur, and were they fatal?", ("Did hives occur?", "were they fatal?")),
        (
            "Is alphamab safe in pregnancy and in renal impairment?",
            ("Is alphamab safe in pregnancy?", "Is alphamab safe in renal impairment?"),
        ),
        (
            "What is the dose for brittle bones and for hives, and what does it cost?",
            ("What is the dose for brittle bones?", "What is the dose for hives?", "what does it cost?"),
        ),
        (
            "What are the uses and side effects of alphamab?",
            ("What are the uses of alphamab?", "What are the side effects of alphamab?"),
        ),
    ],
)
def test_a_question_of_several_parts_is_taken_apart(question, found):
    assert parts(question) == found


@pytest.mark.parametrize(
    "question",
    [
        "What is the dose of alphamab?",
        "How much alphamab is given, and how often?",
        "How many people had hives, and of what age?",
        "Which drugs are antibodies and are given by a nurse?",
        "What is the dose and dosage of alphamab?",
        "What are the signs and symptoms of hives?",
        "Are alphamab and betamab one drug?",
        "I have hives and can I take alphamab?",
        "Is alphamab given in the morning or in the evening?",
        "How and where is alphamab kept?",
        "Who gives alphamab? A nurse?",
        "alphamab and betamab",
        "Is it? And is it? And is it? And is it?",
        "",
    ],
)
def test_what_is_one_question_stays_one(question):
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    "piece", ["for a and for b ", "is it and is it ", "what ", "a, ", "and in ", "aaaaaaaaaa", "? how is it"]
)
def test_no_question_takes_long_to_take_apart(piece):
    asked = (piece * 300)[:MOST_CHARS]
    start = time.process_time()
    assert "".join(parts(asked))
    assert time.process_time() - start < 0.2
    assert parts(piece * 300) == (piece * 300,)


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with quick_folder() as folder, pytest.MonkeyPatch.context() as patch:
        yield library(patch, folder, DRUGS).open()


def test_a_part_takes_over_the_names_that_it_leaves_out(index):
    before = ["What is the dose of Alphamab?"]
    assert with_subject("how is it stored?", before, index.lexicon) == "how is it stored? [Alphamab]"
    assert with_subject("was it fatal?", ["Did Alphamab cause jaundice?"], index.lexicon) == (
        "was it fatal? [Alphamab jaundice]"
    )
    assert with_subject("how is betamab stored?", before, index.lexicon) == "how is betamab stored?"


def test_both_parts_are_answered_the_best_of_each_first(index):
    answer = ask(index, "What is the dose of alphamab and how is it stored?", settings=LIKELY)
    assert answer.answered
    assert "60 mg" in answer.excerpts[0].text
    assert answer.excerpts[1].text == "Storage of alphamab: in the refrigerator at 5 °C"
    assert answer.question == "What is the dose of alphamab and how is it stored?"
    assert answer.searched_for == "What is the dose of alphamab?; how is it stored? [alphamab]"


def test_the_part_that_is_not_answered_is_named(index):
    answer = ask(index, "What are the side effects of betamab and is it safe in pregnancy?", settings=LIKELY)
    assert answer.answered
    assert {excerpt.document_id for excerpt in answer.excerpts} == {"betamab.md"}
    assert answer.notes[0].startswith("No answer to “is it safe in pregnancy?” in these documents: topic not covered: ")


def test_where_no_part_is_answered_the_answer_is_silence(index):
    answer = ask(index, "What is the dose of gammamab and is it safe in pregnancy?")
    assert (answer.answered, answer.excerpts, answer.disagreements) == (False, (), ())
    assert answer.reason == "subject not covered: “gammamab” does not occur in these documents"
    assert len(answer.nearest) <= LIKELY.nearest
    assert [note for note in answer.notes if note.startswith("No answer to “is it safe in pregnancy?”")]


def test_one_list_numbers_the_quotations_of_all_parts(index):
    question = "Does alphamab harm the liver and what are the side effects of betamab?"
    answer = ask(index, question, settings=LIKELY)
    assert [excerpt.citation for excerpt in answer.excerpts] == list(range(1, len(answer.excerpts) + 1))
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    places = {citation.number: citation for citation in answer.citations}
    for excerpt in answer.excerpts:
        place = places[excerpt.citation]
        assert (place.document_id, place.start, place.end) == (excerpt.document_id, excerpt.start, excerpt.end)
        for number in excerpt.also:
            text = index.document(places[number].document_id).text[places[number].start : places[number].end]
            assert fold(text) == "Alphamab does not harm the liver."
    assert [number for excerpt in answer.excerpts for number in excerpt.also] == list(
        range(len(answer.excerpts) + 1, len(answer.citations) + 1)
    )


def test_what_answers_both_parts_is_quoted_once(index):
    answer = ask(index, "Is alphamab given under the skin and is it given by a nurse?", settings=LIKELY)
    spans = [(excerpt.document_id, excerpt.start) for excerpt in answer.excerpts]
    assert len(set(spans)) == len(spans)


def test_sources_that_differ_on_one_part_still_differ(index):
    answer = ask(index, "What is the dose of alphamab for brittle bones and does it harm the liver?", settings=LIKELY)
    [found] = answer.disagreements
    sides = {answer.excerpts[number - 1].text.split(" under")[0].split(" is ")[1] for number in found.citations}
    assert sides == {"60 mg", "120 mg"}


def test_no_more_is_quoted_for_two_parts_than_for_one(index):
    few = Settings(answer_confidence=0.1, excerpts=2, fact_gain=0.0, summary_confidence=0.0)
    answer = ask(index, "What is the dose of alphamab and what are the side effects of betamab?", settings=few)
    assert [excerpt.document_id for excerpt in answer.excerpts][1:] == ["betamab.md"]


def test_the_hits_of_all_parts_are_ranked_as_one(index):
    question = "What is the dose of alphamab and what are the side effects of betamab?"
    _, hits = ask_with_hits(index, question, history=(), settings=LIKELY, depth=10)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert len({hit.passage for hit in hits}) == len(hits)
    assert {hit.document_id for hit in hits} == set(DRUGS)


MOTHERS = {
    "alphamab.md": "# Alphamab\n\nAlphamab is given every 4 weeks. Alphamab interacts with digoxin.\n",
    "betamab.md": "# Betamab\n\nBetamab is given every 2 weeks. Betamab is not safe in pregnancy.\n\n"
    "## Pregnancy\n\nIn pregnancy, blood pressure is measured every 6 weeks.\n",
}


@pytest.mark.parametrize(
    ("part", "before", "whole"),
    [
        ("how often is it given?", ["Is betamab safe in pregnancy?"], "how often is it given? [betamab]"),
        (
            "does it interact with digoxin?",
            ["What is the dose of alphamab?"],
            "does it interact with digoxin? [alphamab]",
        ),
        ("is it safer than alphamab?", ["What is the dose of betamab?"], "is it safer than alphamab? [betamab]"),
        ("what is the dose of alphamab?", ["Is betamab safe?"], "what is the dose of alphamab?"),
    ],
)
def test_a_part_takes_over_the_drug_and_no_other_topic(monkeypatch, part, before, whole):
    with quick_folder() as folder:
        assert with_subject(part, before, library(monkeypatch, folder, MOTHERS).open().lexicon) == whole


def test_the_drug_behind_the_last_case_belongs_to_the_first_one_too(monkeypatch):
    with quick_folder() as folder:
        answer = ask(
            library(monkeypatch, folder, MOTHERS).open(),
            "Is it safe in pregnancy and in breastfeeding to take betamab?",
        )
    assert answer.searched_for.startswith("Is it safe in pregnancy? [betamab]")
    assert {excerpt.document_id for excerpt in (*answer.excerpts, *answer.nearest)} <= {"betamab.md"}
