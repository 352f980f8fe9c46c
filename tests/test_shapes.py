"""How an answer must look: a number, a span of time, an interval, and what is none."""

from __future__ import annotations

import pytest
from fakes import library, quick_folder

from citewell.answer.shapes import shape_asked
from citewell.conversation import ask

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("question", "fits", "differs"),
    [
        ("How many patients took it?", "Some 40 patients took it [1].", "Patients took it gladly [1, 2]."),
        (
            "What activity of strontium is injected?",
            "An activity of 4 MBq is injected.",
            "Strontium-89 is injected [7].",
        ),
        ("At which ALT level is it stopped?", "It is stopped at 120 U/L.", "It is stopped when ALT rises [3]."),
        ("Over how many minutes is it infused?", "It is infused over 15 minutes.", "It is infused every 12 weeks."),
        ("How many days does fever last?", "Fever lasts up to three days.", "Fever lasts up to 3 years."),
        ("How long does it go on?", "It goes on for up to 10 years.", "The dose is 120 mg every 4 weeks."),
        ("How long does it go on?", "How long it should go on is not settled.", "It is given every 6 months."),
        ("How long did low calcium last?", "It lasted for weeks or months.", "It was checked at 14 places."),
        ("At what age does it start?", "It starts between the thirties and the fifties.", "It starts slowly [1]."),
        ("What is the elimination half-life?", "The half-life is 28 days.", "It is broken down to peptides [2]."),
        ("What percentage gets a rash?", "One in ten gets a rash.", "Rash was seen in 1,462 people."),
        ("What is the half-life of betamab?", "The half-life of betamab is 5 min.", "It is excreted slowly."),
        ("How many times a day is it taken?", "Take it in the morning and in the evening.", "It is a tablet."),
        ("In what proportion did it work?", "It worked in 1 per 1,000.", "It worked well [1]."),
        ("What is the incidence of rash?", "Rash is rare (≥1/10,000 to <1/1,000).", "Rash is known."),
        ("At what temperature is it stored?", "Store it in a refrigerator.", "Store it in its box."),
        ("How many times a year is it given?", "It is given every 6 months.", "It is given in 60 mg syringes."),
    ],
)
def test_an_answer_has_the_shape_that_is_asked_for(question, fits, differs):
    shape = shape_asked(question)
    assert shape
    assert (shape.fits(fits), shape.fits(differs)) == (True, False)


@pytest.mark.parametrize(
    "question",
    [
        "What increases alphamab concentration?",
        "What lowers seizure threshold?",
        "Is the half-life changed by kidney disease?",
    ],
)
def test_what_changes_a_value_is_no_number(question):
    assert shape_asked(question) is None


def test_a_unit_without_the_number_asked_for_does_not_stand_before_one_that_has_it(monkeypatch):
    text = (
        "# Alphamab\n\nFever after an alphamab drip is usual, and the fever may last for days.\n\n"
        "Alphamab by vein may bring fever for as long as three days.\n"
    )
    with quick_folder() as folder:
        index = library(monkeypatch, folder, {"alphamab.md": text}).open()
        answer = ask(index, "How many days can fever last after an alphamab drip?")
    assert answer.excerpts[0].text == "Alphamab by vein may bring fever for as long as three days."
