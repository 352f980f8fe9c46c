"""The right attribute of the wrong drug is refused, and a sentence is about the drug that its place gives it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import ALPHAMAB, BETAMAB, DRUGS, library, quick_folder

from citewell.answer.reading import Reading
from citewell.answer.subject import about, subject_of
from citewell.conversation import ask
from citewell.index import Index, UnitRow
from citewell.types import Answer

pytestmark = pytest.mark.unit

# One document that speaks of several drugs, some sentences naming none.
REVIEW = """# Review of antibodies

## Alphamab

It is kept in the dark. Unlike betamab, it never causes a rash. Deltamab is kept in the freezer. That protects it.

Uses of gammamab:

- hay fever
- hives

## Handling

Wear gloves.
"""


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, {**DRUGS, "review.md": REVIEW}).open()


@pytest.fixture(scope="module")
def without_betamab() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, {"alphamab.md": ALPHAMAB}).open()


ATTRIBUTES = [
    "What is the dose of {}?",
    "dose {}",
    "How often is {} given for brittle bones?",
    "Does {} harm the liver?",
    "Who gives {}?",
    "How is {} stored?",
    "Does {} cause pain in the back?",
]


def quoted(answer: Answer) -> set[str]:
    """The documents of everything that an answer shows."""
    return {excerpt.document_id for excerpt in (*answer.excerpts, *answer.nearest)}


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_what_is_said_of_one_drug_never_answers_for_a_drug_that_is_not_there(without_betamab, attribute):
    for name in ("betamab", "Betamab", "Zometa"):
        answer = ask(without_betamab, attribute.format(name))
        assert (answer.answered, answer.excerpts, answer.confidence) == (False, (), 0.0)
        assert (
            answer.reason
            == f"subject not covered: “{name.casefold() if name != 'Zometa' else 'zometa'}” does not occur in these documents"
        )


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_what_is_said_of_one_drug_alone_never_answers_for_the_other(index, attribute):
    shown = quoted(ask(index, attribute.format("betamab")))
    assert shown & {"alphamab.md", "leaflet.md"} == set()
    answer = ask(index, attribute.format("betamab"))
    assert [excerpt.text for excerpt in answer.excerpts if "alphamab" in excerpt.text.casefold()] == []


def test_the_drug_that_was_asked_about_is_answered_for(index):
    for attribute, document in (("What is the dose of {}?", "alphamab.md"), ("Does {} harm the liver?", "alphamab.md")):
        answer = ask(index, attribute.format("alphamab"))
        assert answer.answered
        assert document in quoted(answer) | {citation.document_id for citation in answer.citations}


def drugs_of_units(index: Index, document_id: str) -> dict[str, list[str]]:
    """What each unit of a document is about."""
    passages = index.passages(range(index.manifest.passages))
    reading = Reading(index, [number for number, row in passages.items() if row.document_id == document_id])
    return {reading.text(row): about(row, reading) for row in all_units(reading)}


def all_units(reading: Reading) -> list[UnitRow]:
    return [row for passage in reading.passages.values() for row in reading.units(passage)]


def test_a_sentence_is_about_the_drug_it_names_else_of_its_lead_in_its_paragraph_its_heading_and_its_title(index):
    assert drugs_of_units(index, "review.md") == {
        "It is kept in the dark.": ["alphamab"],  # heading
        "Unlike betamab, it never causes a rash.": ["betamab", "alphamab"],  # a comparison: with its heading
        "Deltamab is kept in the freezer.": ["deltamab"],
        "That protects it.": ["deltamab"],  # the sentence before
        "Uses of gammamab:": ["gammamab"],
        "hay fever": ["gammamab"],  # lead-in
        "hives": ["gammamab"],
        "Wear gloves.": [],
    }
    assert next(iter(drugs_of_units(index, "leaflet.md").values())) == ["alphamab"]


def test_only_sentences_about_the_drug_or_about_none_answer(index):
    for question, wrong in (
        ("What is gammamab used for?", {"freezer", "dark", "rash"}),
        ("How is deltamab kept?", {"dark", "hives", "rash", "refrigerator"}),
        ("How is alphamab kept in the review?", {"freezer", "hives"}),
    ):
        answer = ask(index, question)
        assert [e.text for e in (*answer.excerpts, *answer.nearest) if any(word in e.text for word in wrong)] == []


def test_a_brand_stands_for_its_drug(monkeypatch):
    text = "# Denosumab\n\nDenosumab is kept in the refrigerator.\n"
    with quick_folder() as folder:
        index = library(monkeypatch, folder, {"a.md": text, "b.md": BETAMAB}).open()
        assert subject_of(index, "How is Prolia kept?").absent == ()
        answer = ask(index, "How is Prolia kept?")
    assert [excerpt.text for excerpt in answer.excerpts][:1] == ["Denosumab is kept in the refrigerator."]
    assert "“Prolia” was also searched for as “denosumab”." in answer.notes


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("What is the dose of gammazumab?", ("gammazumab",)),
        ("Is Xyzzin safe?", ("Xyzzin",)),
        ("Is Xyzzin or epsilonmab safer than alphamab?", ("epsilonmab", "Xyzzin")),
        ("What is the dose of statins?", ("statin",)),
        ("Which Women Should Take It Every Morning?", ()),
        ("IS THE LIVER HARMED BY ALPHAMAB?", ()),
        ("Does alphamab hurt?", ()),
        ("Alphamab's side effects", ()),
    ],
)
def test_names_that_no_document_holds_are_told_from_words(index, question, absent):
    assert subject_of(index, question).absent == absent


def test_drugs_are_found_in_the_order_of_a_text_each_once(index):
    text = "Betamab, alphamab and BETAMAB; statins and a bisphosphonate, but no calcium."
    assert index.lexicon.drugs_in(text) == ["betamab", "alphamab", "statin", "bisphosphonate"]


def test_a_drug_whose_passages_are_crowded_out_is_looked_for_in_its_own_document(monkeypatch):
    crowd = {f"{n}.md": f"# Betamab {n}\n\nHives, rash and fever of {n} kinds occur with betamab.\n" for n in range(30)}
    own = {"own.md": "# Alphamab\n\n## Adverse reactions\n\nHives occur.\n"}
    with quick_folder() as folder:
        answer = ask(
            library(monkeypatch, folder, crowd | own).open(),
            "Do hives, rash and fever of many kinds occur with alphamab?",
        )
    assert {excerpt.document_id for excerpt in (*answer.excerpts, *answer.nearest)} == {"own.md"}


def test_a_title_that_english_lacks_names_its_subject(monkeypatch):
    documents = {"a.md": "# Opzelura\n\nHives occur.\n", "b.md": "# Zomigo\n\nHives are frequent, and last for days.\n"}
    with quick_folder() as folder:
        answer = ask(library(monkeypatch, folder, documents).open(), "do hives occur with opzelura?")
    assert {excerpt.document_id for excerpt in (*answer.excerpts, *answer.nearest)} == {"a.md"}


def test_a_form_of_a_word_of_the_corpus_is_no_unknown_name(monkeypatch):
    documents = {"a.md": "# Alphamab\n\nAnaphylaxis occurred with alphamab, and prednisolone was given.\n"}
    with quick_folder() as folder:
        index = library(monkeypatch, folder, documents).open()
        assert subject_of(index, "Is alphamab given after an anaphylactic reaction?").absent == ()
        assert subject_of(index, "Is prednisone given with alphamab?").absent == ("prednisone",)


@pytest.mark.parametrize("question", ["is ozempiq safe?", "Does ozempiq harm the liver?"])
def test_a_name_that_nothing_knows_is_a_subject_that_is_not_covered(index, question):
    assert subject_of(index, question).absent == ("ozempiq",)


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("what is the dose of heroin", ("heroin",)),
        ("heroin side effects", ("heroin",)),
        ("What is the dose of alphamab dextran in adults?", ("dextran",)),
        ("What is the dose of alphamab infusions?", ()),
        ("What is the dose of the treatment?", ()),
        ("What are the side effects of alphamab-223?", ()),
    ],
)
def test_what_a_dose_is_asked_of_has_to_stand_in_the_documents(index, question, absent):
    assert subject_of(index, question).absent == absent


@pytest.mark.parametrize("question", ["What about the prognosis?", "Is it venous?", "Is it kept in the freezer?"])
def test_a_word_of_the_dictionary_is_no_unknown_name(index, question):
    assert subject_of(index, question).absent == ()


@pytest.mark.parametrize(
    "question", ["Is zetamab (Caprexa) kept in the dark?", "Is Caprexa (zetamab) kept in the dark?"]
)
def test_a_generic_name_beside_a_brand_of_the_corpus_is_that_one(monkeypatch, question):
    with quick_folder() as folder:
        index = library(monkeypatch, folder, {"a.md": "# Capsules\n\nCaprexa is kept in the dark.\n"}).open()
        subject = subject_of(index, question)
        answer = ask(index, question)
    assert (subject.absent, subject.tied) == ((), ("zetamab",))
    assert "“zetamab” does not occur in these documents; the name beside it does." in answer.notes


@pytest.mark.parametrize(
    "question",
    [
        "Is zetamab (etamab) safe?",
        "Is zetamab (the newest antibody) safe?",
        "Is zetamab (Alphamab) safe?",
        "Is Ozempic (alphamab) safe?",
        "What is the dose of alphamab (Ozempic)?",
        "What is the dose of antibodies (zetamab)?",
    ],
)
def test_two_drugs_beside_one_another_stay_two(index, question):
    assert {name.casefold() for name in subject_of(index, question).absent} & {"zetamab", "ozempic"}


def test_a_generic_name_known_by_another_brand_is_not_tied_to_this_one(monkeypatch):
    with quick_folder() as folder:
        index = library(monkeypatch, folder, {"a.md": "# Capsules\n\nCaprexa is kept in the dark.\n"}).open()
        subject = subject_of(index, "Is romosozumab (Caprexa) kept in the dark?")
    assert (subject.absent, subject.tied) == (("romosozumab",), ())
