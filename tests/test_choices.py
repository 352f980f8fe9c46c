"""A question that leaves the use or the drug open offers those that the documents hold, as whole questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fakes import library, quick_folder

from citewell.answer.choices import with_subject
from citewell.conversation import ask
from citewell.index import Index

pytestmark = pytest.mark.unit
DOCUMENTS = {
    "alphia.md": """---
title: Alphia (alphamab)
source_class: monograph
---

# Alphia (alphamab)

## Dose

For treatment of asthma, alphamab comes in syringes of 60 mg. The recommended dose is 60 mg under the skin every 6 months.
The dose of alphamab in patients with hives or eczema is 120 mg every 4 weeks. All patients should take calcium (1000 mg)
for osteoporosis. For subcutaneous injection, 120 mg are drawn up.

## Dosage in adults

### Plaque psoriasis

Alphamab 240 mg once every 2 weeks.

## Side effects

Common side effects of alphamab are headache and itching.
""",
    "betadronic.md": """---
title: Betadronic acid
source_class: label
---

# Betadronic acid

## Dosage

| Use | Dose |
|---|---|
| Paget disease (adults) | 30 mg |
| Osteoporosis | 5 mg |

## Side effects

Side effects of betadronic acid are fever and muscle pain.
""",
    "gammamab.md": """---
title: Gammamab
source_class: label
---

# Gammamab

For asthma, the dose of gammamab is 10 mg every 2 weeks. For hives, the dose of gammamab is 10 mg every 2 weeks as well.
""",
    "deltamab.md": """---
title: Deltamab
source_class: label
---

# Deltamab

## 2 Dosage and administration

### 2.1 Dosage in Adult Rheumatoid Arthritis

#### Subcutaneous dosing regimen

Deltamab 125 mg is given once weekly.

### 2.2 Gout (all adults)

Deltamab 50 mg is given once weekly.

### 2.3 Missed dose of 50 mg

A missed dose of 50 mg is left out.
""",
}


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, DOCUMENTS).open()


def offered(index: Index, question: str, *history: str) -> list[str]:
    """The choices among an answer's follow-ups: none where no note says that there are some."""
    answer = ask(index, question, history=history)
    notes = [note for note in answer.notes if note.endswith(": choose one of the questions.")]
    assert len(notes) <= 1
    made = [made for made in answer.follow_ups if re.search(r"\b(?:for|of|Does|with) ", made)]
    return made if notes else []


@pytest.mark.parametrize(
    ("history", "question", "begins"),
    [
        ([], "What is the dose of Alphia?", "What is the dose of Alphia"),
        ([], "How often is alphamab given?", "How often is alphamab given"),
        (["What is Alphia?"], "what is the dose?", "What is the dose of Alphia"),
        (["What is Alphia?"], "And how often is it given?", "How often is Alphia given"),
    ],
)
def test_a_dose_without_a_use_offers_the_uses_as_they_are_printed(index, history, question, begins):
    uses = {"asthma", "hives or eczema", "Plaque psoriasis"}
    assert {made for made in offered(index, question, *history) if made.startswith(begins)} == {
        f"{begins} for {use}?" for use in uses
    }


def test_the_uses_in_headings_below_one_on_doses_are_offered(index):
    assert set(offered(index, "How much deltamab do I need?")[:2]) == {
        "How much deltamab do I need for Rheumatoid Arthritis?",
        "How much deltamab do I need for Gout?",
    }


def test_the_uses_in_the_rows_of_a_table_are_offered(index):
    assert set(offered(index, "What is the dose of betadronic acid?")[:2]) == {
        "What is the dose of betadronic acid for Paget disease?",
        "What is the dose of betadronic acid for Osteoporosis?",
    }


@pytest.mark.parametrize(
    "question",
    [
        "What is the dose of Alphia for hives?",
        "What is the dose of Alphia in children?",
        "What is the hives dose of Alphia?",
        "What are the side effects of Alphia?",
        "What is the dose of gammamab?",  # the same for both uses
        "What is the dose of Xyzzin?",
        "What is the dose of Acts?",
        "Does alphamab need another dose than betadronic acid?",
        "How often did infections occur on alphamab?",
        "How often is Alphia given for headache?",
        "What is osteoporosis?",
    ],
)
def test_nothing_is_offered_where_nothing_is_open(index, question):
    assert offered(index, question) == []


def test_a_question_without_a_drug_offers_the_drugs_that_the_documents_cover_for_it(index):
    assert set(offered(index, "what are the side effects?")[:2]) == {
        "What are the side effects of alphamab?",
        "What are the side effects of betadronic acid?",
    }
    assert set(offered(index, "what is the dose?")) == {
        "What is the dose of alphamab?",
        "What is the dose of betadronic acid?",
        "What is the dose of gammamab?",
        "What is the dose of deltamab?",
    }


def test_choices_stand_before_the_other_questions_and_are_answered(index):
    answer = ask(index, "What is the dose of Alphia?")
    assert all(" for " in made for made in answer.follow_ups[:3])
    for made in answer.follow_ups[:3]:
        chosen = ask(index, made)
        assert chosen.answered
        assert "choose" not in " ".join(chosen.notes)


def test_every_word_of_a_choice_stands_in_the_question_or_in_the_documents(index):
    known = set(re.findall(r"\w+", " ".join(DOCUMENTS.values()).lower()))
    for question in ("What is the dose of Alphia?", "what is the dose?", "what are the side effects?"):
        asked = set(re.findall(r"\w+", question.lower())) | {"of", "for"}
        for made in offered(index, question):
            assert set(re.findall(r"\w+", made.lower())) <= known | asked


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("what is the dose?", "What is the dose of alphamab?"),
        ("what are the side effects in children?", "What are the side effects of alphamab in children?"),
        ("and is it safe?", "Is alphamab safe?"),
        ("What is its price?", "What is alphamab’s price?"),
        ("How is this drug stored? [alphamab]", "How is alphamab stored?"),
        ("dose of alphamab", "Dose of alphamab?"),
        ("What is the dose of Acts?", None),
        ("What is bone?", None),
    ],
)
def test_a_question_is_made_whole_with_its_drug(question, whole):
    assert with_subject(question, "alphamab") == whole
