"""For whom a text holds is read from its ages, weights and persons, and decides what a question is answered with."""

from __future__ import annotations

from math import inf

import pytest
from fakes import library, quick_folder

from citewell.answer.population import Band, population_of, population_of_row
from citewell.conversation import ask

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("people aged 51 to 70", [(51, 70)]),
        ("adults from 19 to 70 years, namely", [(19, 70)]),
        ("children 2 to 11 years of age", [(2, 11)]),
        ("patients 6 years and older", [(6, inf)]),
        ("adults below 50", [(18, 50)]),
        ("children under 12 and adults", [(0, 12), (18, inf)]),
        ("I'm 60. How much of it?", [(60, 60)]),
        ("a 4-year-old", [(4, 4)]),
        ("a man of 60", [(60, 60)]),
        ("babies in their first year", [(0, 2)]),
        ("elderly patients", [(60, inf)]),
        ("60 mg every 6 months for 5 years", []),
        ("adults and pediatric patients 12 years of age and older", [(12, inf), (18, inf)]),
        ("from 12 years and over", [(12, inf)]),
        ("over the age of 65", [(65, inf)]),
        ("adults 1 to 2 tablets", [(18, inf)]),
        ("patients 3 years after a transplant", []),
        ("in a trial of 5 years", []),
        ("50 mg were given", []),
    ],
)
def test_ages_are_read_in_years(text, ages):
    found = [(round(band.low), inf if band.high == inf else round(band.high)) for band in population_of(text).ages]
    assert found == ages


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("60 to 100 kg", [(60, 100)]),
        ("more than 100 kg", [(100, inf)]),
        ("weighing 40 kg or more", [(40, inf)]),
        ("less than 60 kg", [(0, 60)]),
        ("40 pounds", [(18.1, 18.1)]),
        ("48-59 lbs", [(21.8, 26.8)]),
        ("10 mg/kg", []),
        ("50 kBq per kg of body weight", []),
        ("she lost 5 kg", []),
        ("a BMI of less than 30 kg/m2", []),
        ("weighing not less than 40 kg", [(40, inf)]),
    ],
)
def test_weights_are_read_in_kilograms(text, weights):
    assert [(round(band.low, 1), round(band.high, 1)) for band in population_of(text).weights] == weights


def test_a_row_takes_its_unit_from_its_header():
    assert population_of_row("| Weight (kg) | Dose |", "| 10 to 20 | 5 mg |").weights == (Band(10, 20),)
    assert population_of_row("| Age (years) | Dose |", "| 6-11 | 5 mg |").ages == (Band(6, 11),)
    assert population_of_row("| Strength | Dose |", "| 6-11 | 5 mg |").ages == ()


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("babies", "people aged 51 to 70", True),
        ("children", "adults", True),
        ("men", "women", True),
        ("less than 60 kg", "60 to 100 kg", True),
        ("people aged 51 to 70", "adults from 19 to 70 years", False),
        ("men and women", "men", False),
        ("", "men aged 60", False),
    ],
)
def test_two_populations_are_apart_where_nobody_belongs_to_both(one, other, apart):
    assert population_of(one).excludes(population_of(other)) is apart
    assert population_of(other).excludes(population_of(one)) is apart


BANDS = """# Alphamab

## Dose

| Body weight | Dose of alphamab |
|---|---|
| less than 60 kg | 500 mg |
| 60 to 100 kg | 750 mg |
| more than 100 kg | 1000 mg |
"""


@pytest.mark.parametrize(
    ("weight", "row"),
    [("45 kg", "500 mg"), ("70 kg", "750 mg"), ("120 kg", "1000 mg"), ("110 pounds", "500 mg"), ("176 lbs", "750 mg")],
)
def test_the_row_of_the_weight_asked_for_is_quoted_first(monkeypatch, weight, row):
    with quick_folder() as folder:
        answer = ask(
            library(monkeypatch, folder, {"a.md": BANDS}).open(), f"What is the dose of alphamab for {weight}?"
        )
    assert row in answer.excerpts[0].text


AGES = """# Alphamab

## Dose

| Age | Dose of alphamab |
|---|---|
| 12-15 years | 20 mL |
| 9-11 years | 15 mL |
| 6-8 years | 10 mL |
| 4-5 years | 7.5 mL |
| 3-6 months | 1 mL |
"""


@pytest.mark.parametrize(
    ("age", "row"), [("10-year-old", "15 mL"), ("7-year-old", "| 10 mL"), ("4-year-old", "7.5 mL")]
)
def test_the_row_of_the_age_asked_for_is_quoted_first(monkeypatch, age, row):
    with quick_folder() as folder:
        answer = ask(library(monkeypatch, folder, {"a.md": AGES}).open(), f"What is the dose of alphamab for a {age}?")
    assert row in answer.excerpts[0].text


def test_advice_for_other_ages_is_no_disagreement(monkeypatch):
    documents = {
        "a.md": "# Sunlight vitamin\n\nPeople aged 51 to 70 should take 600 IU of vitamin D a day.\n",
        "b.md": "# Sunlight vitamin in babies\n\nBabies should take 400 IU of vitamin D a day.\n",
        "c.md": "# Sunlight vitamin again\n\nPeople aged 51 to 70 should take 800 IU of vitamin D a day.\n",
    }
    with quick_folder() as folder:
        answer = ask(
            library(monkeypatch, folder, documents).open(), "How much vitamin D should people aged 60 take a day?"
        )
    shown = {excerpt.citation: excerpt.document_id for excerpt in answer.excerpts}
    [found] = answer.disagreements
    assert {shown[number] for number in found.citations} == {"a.md", "c.md"}
