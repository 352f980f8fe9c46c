"""The promises of an answer, on small libraries and questions that nobody thought of."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest
from fakes import ALPHAMAB, DRUGS, library, quick_folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citewell.conversation import ask
from citewell.errors import UsageError
from citewell.index import Index
from citewell.settings import Settings
from citewell.types import Answer, Audience, Document, Excerpt, SourceClass, fold

pytestmark = pytest.mark.unit

SETTINGS = Settings()
NAMES = ("alphamab", "betamab", "gammamab", "deltamab")
FOR_PATIENTS = """---
title: For patients
source_class: web
audience: patient
---

# For patients

Alphamab does you no harm in the liver.
"""
FACTS = (
    "The dose of {name} is {number} mg once every {other} weeks.",
    "{name} harms\nthe liver of {number} in {other} people [{other}].",
    "{name} does not harm the liver.",
    "It is given  by a nurse.",
    "However, {number} % of people fell ill.",
    "Keep {name} in the dark, unless it is frozen",
    "- itching of the skin\n- headache\n- {number} hives",
    "Common side effects of {name}:\n\n- nausea\n- pain\n- rash",
    "| Use of {name} | Dose |\n|---|---|\n| hives | {number} mg |\n| hay fever | {other} mg |",
    "Score: E* (not proven), {number} points",
    "<b>{name}</b> & *stars* {{{{value}}}} “quotes” \f next page",
    "## Dose of {name}",
    "## From the Guidelines",
    "# {name}",
)
TEXTS = st.lists(
    st.builds(
        str.format,
        st.sampled_from(FACTS),
        name=st.sampled_from(NAMES),
        number=st.integers(1, 120),
        other=st.integers(2, 9),
    ),
    min_size=1,
    max_size=10,
).map("\n\n".join)
LIBRARIES = st.dictionaries(st.sampled_from(["a.md", "b.md", "c.md", "d.txt"]), TEXTS, min_size=1, max_size=4)
QUESTIONS = st.sampled_from(
    [
        "What is the dose of {}?", "Does {} harm the liver?", "What are the side effects of {}?", "How is {} kept?", "hives",
        "Who gives it?", "dose", "{}", "Is {} safe in pregnancy?", "What is the score?", "???", "Tell me about Xyzzin", "not",
    ]
)  # fmt: skip
ASKED = st.lists(st.builds(str.format, QUESTIONS, st.sampled_from(NAMES)), min_size=3, max_size=3)


def without_timings(answer: Answer) -> Answer:
    return replace(answer, timings_ms={})


def pieces(index: Index, document: Document) -> set[str]:
    """Every unit and every lead-in of a document, as shown."""
    units = index.units(document.id)
    leads = [unit.lead for unit in units if unit.lead]
    return {fold(document.text[start:end]) for start, end in [*((unit.start, unit.end) for unit in units), *leads]}


def check_excerpt(index: Index, excerpt: Excerpt) -> None:
    """A quotation is cut from its document at whole units, and its context as well."""
    document, units = index.document(excerpt.document_id), index.units(excerpt.document_id)
    assert excerpt.text == fold(document.text[excerpt.start : excerpt.end])
    assert excerpt.text
    assert excerpt.start in {unit.start for unit in units}
    assert excerpt.end in {unit.end for unit in units}
    assert {excerpt.context_before, excerpt.context_after} <= pieces(index, document) | {""}
    unit = next(unit for unit in units if unit.start == excerpt.start)
    assert (excerpt.section, excerpt.source_class, excerpt.page) == (unit.section, unit.source_class, unit.page)
    assert (excerpt.title, excerpt.updated) == (document.metadata.title, document.metadata.updated)


def check_citations(index: Index, answer: Answer) -> None:
    """One list numbers everything that is shown: the quotations 1, 2, …, then the places of their near-duplicates."""
    shown = answer.excerpts or answer.nearest
    places = {citation.number: (citation.document_id, citation.start, citation.end) for citation in answer.citations}
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert [excerpt.citation for excerpt in shown] == list(range(1, len(shown) + 1))
    assert [places[excerpt.citation] for excerpt in shown] == [(e.document_id, e.start, e.end) for e in shown]
    also = [number for excerpt in shown for number in excerpt.also]
    assert sorted([*range(1, len(shown) + 1), *also]) == list(places)
    for citation in answer.citations:
        document = index.document(citation.document_id)
        assert (citation.path, citation.sha256, citation.title) == (
            document.path,
            document.sha256,
            document.metadata.title,
        )
        assert citation.locator.endswith(f"chars {citation.start}–{citation.end}")


def check_shape(answer: Answer) -> None:
    """An answer is either quotations or a reason with what lies nearest."""
    assert 0 <= answer.confidence <= 1
    assert len(answer.follow_ups) <= max(SETTINGS.follow_ups, SETTINGS.choices)
    if answer.answered:
        assert (answer.reason, answer.nearest) == (None, ())
        assert 1 <= len(answer.excerpts) <= SETTINGS.excerpts
    else:
        assert (answer.excerpts, answer.disagreements) == ((), ())
        assert len(answer.nearest) <= SETTINGS.nearest
        assert (answer.reason or "").split(":")[0] in {"subject not covered", "topic not covered", "only weak passages"}
    shown = {excerpt.citation: (excerpt.citation, *excerpt.also) for excerpt in answer.excerpts}
    for found in answer.disagreements:
        stating = [place for number in found.citations for place in shown[number]]
        assert len({answer.citations[place - 1].document_id for place in stating}) > 1
        assert found.about.strip()


def check_no_overlap(answer: Answer) -> None:
    """No stretch of a document is quoted twice."""
    spans = sorted((excerpt.document_id, excerpt.start, excerpt.end) for excerpt in answer.excerpts)
    for left, right in pairwise(spans):
        assert left[0] != right[0] or left[2] <= right[1]


@given(LIBRARIES, ASKED, st.sampled_from(["default", "none"]))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_answer_keeps_every_promise(documents, questions, encoder):
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        made = library(patch, folder, documents, encoder=encoder)
        index, again = made.open(), made.open()
        for question in questions:
            answer = ask(index, question)
            check_shape(answer)
            check_citations(index, answer)
            check_no_overlap(answer)
            for excerpt in (*answer.excerpts, *answer.nearest):
                check_excerpt(index, excerpt)
            assert without_timings(ask(index, question)) == without_timings(answer)
            assert without_timings(ask(again, question)) == without_timings(answer)


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, {**DRUGS, "patients.md": FOR_PATIENTS}).open()


@given(st.text(min_size=1, max_size=80))
def test_whatever_is_asked_is_answered_or_refused(index, question):
    try:
        answer = ask(index, question)
    except UsageError:
        return
    check_shape(answer)
    check_citations(index, answer)


def test_an_answer_quotes_its_source_and_says_where(index):
    answer = ask(index, "What is the dose of alphamab?")
    first = next(
        excerpt for excerpt in answer.excerpts if excerpt.document_id == "alphamab.md" and "60 mg" in excerpt.text
    )
    sentence = "For brittle bones, the dose of alphamab is 60 mg under the skin once every 6 months."
    start = ALPHAMAB.index(sentence)
    assert (first.text, first.start, first.end) == (sentence, start, start + len(sentence))
    assert (first.title, first.source_class, first.section) == ("Alphamab", SourceClass.MONOGRAPH, ("Alphamab", "Dose"))
    citation = answer.citations[first.citation - 1]
    assert citation.locator == f"Alphamab › Dose, chars {start}–{start + len(sentence)}"
    assert (citation.path, citation.how_to_cite) == (index.document("alphamab.md").path, None)


def test_a_sentence_that_leans_brings_the_one_before_it_and_one_that_is_qualified_the_one_behind(index):
    shown = {excerpt.text: excerpt for excerpt in ask(index, "Who gives the dose of alphamab? A nurse?").excerpts}
    assert shown["It is given by a nurse."].context_before.startswith("For brittle bones, the dose of alphamab")
    shown = {
        excerpt.text: excerpt
        for excerpt in ask(index, "Does alphamab harm the liver?", documents=["alphamab.md"]).excerpts
    }
    harm = shown["Alphamab does not harm the liver."]
    assert harm.context_after == "However, one jaundice was seen in 1,200 people on alphamab."


def test_what_qualifies_a_sentence_is_not_lost_when_it_is_merged(index):
    answer = ask(index, "Does alphamab harm the liver?", settings=Settings(fact_gain=0.0))
    merged = next(excerpt for excerpt in answer.excerpts if excerpt.text == "Alphamab does not harm the liver.")
    assert merged.context_after == "However, one jaundice was seen in 1,200 people on alphamab."


@pytest.mark.parametrize("question", ["What is the dose of alphamab?", "side effects", "Does alphamab harm the liver?"])
def test_only_the_documents_and_classes_asked_for_are_quoted(index, question):
    for options, allowed in (
        ({"documents": ["leaflet.md"]}, {"leaflet.md"}),
        ({"classes": [SourceClass.MONOGRAPH, SourceClass.LABEL]}, {"alphamab.md", "betamab.md"}),
        ({"classes": [SourceClass.GUIDELINE]}, set()),
    ):
        answer = ask(index, question, **options)
        assert {citation.document_id for citation in answer.citations} <= allowed
    with pytest.raises(UsageError, match="found 'gone.md'"):
        ask(index, question, documents=["gone.md"])


def test_a_source_for_patients_comes_first_for_patients(index):
    def ranks(audience: Audience | None) -> list[str]:
        settings = Settings(audience_bonus=100.0)
        return [
            excerpt.document_id
            for excerpt in ask(index, "Does alphamab harm the liver?", audience=audience, settings=settings).excerpts
        ]

    assert ranks(Audience.PATIENT)[0] == "patients.md"
    assert ranks(None) == ranks(Audience.CLINICIAN)


def test_silence_has_a_reason(index):
    assert ask(index, "What is the dose of gammamab?").reason == (
        "subject not covered: “gammamab” does not occur in these documents"
    )
    silent = ask(index, "What is the dose of gammamab?")
    assert "By their titles, these documents are about: alphamab, betamab." in silent.notes
    assert (ask(index, "Is betamab safe in pregnancy?").reason or "").startswith("topic not covered: ")
    weather = ask(index, "Will the weather be fine tomorrow?")
    assert (weather.answered, weather.excerpts) == (False, ())
    assert weather.reason


def test_what_was_changed_in_a_question_is_said(index):
    answer = ask(index, "What is the dose of alphamob?")
    assert answer.searched_for == "What is the dose of alphamab?"
    assert answer.notes[0] == "“alphamob” does not occur in these documents; searched for “alphamab” instead."


def test_provenance_names_all_that_an_answer_depends_on(index):
    found = ask(index, "dose").provenance
    assert (found.index, found.encoder, found.weights) == (index.manifest.fingerprint, "word-hash", "f" * 64)
    assert len(found.settings) == 12
    other = ask(index, "dose", settings=Settings(excerpts=4)).provenance
    assert replace(other, settings="") == replace(found, settings="")
    assert other.settings != found.settings


def test_no_more_excerpts_are_shown_than_set(index):
    some = Settings(excerpts=2, summary_confidence=0.0)
    answer = ask(index, "What are the side effects of alphamab?", settings=some)
    assert [excerpt.citation for excerpt in answer.excerpts] == [1, 2]


def test_many_threads_get_the_answers_that_one_gets(index):
    asked = [f"{question} Of {name}?" for question in ("What is the dose?", "side effects", "hives") for name in NAMES]
    alone = [without_timings(ask(index, question)) for question in asked]
    with ThreadPoolExecutor(32) as threads:
        together = list(threads.map(lambda question: without_timings(ask(index, question)), asked * 8))
    assert together == alone * 8


def test_an_empty_library_is_silent(monkeypatch):
    with quick_folder() as folder:
        made = library(monkeypatch, folder, {"a.md": "# A heading alone\n"})
        answer = ask(made.open(), "What is the dose?")
    assert (answer.answered, answer.excerpts, answer.nearest, answer.citations) == (False, (), (), ())


def test_a_citation_of_a_changed_file_is_told_to_be_stale(monkeypatch):
    with quick_folder() as folder:
        made = library(monkeypatch, folder, {"alphamab.md": ALPHAMAB})
        index = made.open()
        before = ask(index, "What is the dose of alphamab?")
        made.write({"alphamab.md": ALPHAMAB.replace("60 mg", "75 mg")})
        after = ask(index, "What is the dose of alphamab?")
        made.write({"alphamab.md": ALPHAMAB})
        again = ask(index, "What is the dose of alphamab?")
    told = "The file of “Alphamab” has changed since it was indexed, or is gone: it is quoted as it was then. Index it again."
    assert [told in answer.notes for answer in (before, after, again)] == [False, True, False]
    assert after.excerpts == before.excerpts
