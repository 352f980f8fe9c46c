"""Where sources differ in a number for the same drug and use, both are shown; elsewhere nothing is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fakes import library, quick_folder

from citewell.answer.disagree import agree
from citewell.answer.quantities import intervals
from citewell.conversation import ask
from citewell.types import Answer

pytestmark = pytest.mark.unit

QUESTION = "What is the dose of alphamab for osteoporosis?"
Asked = Callable[..., Answer]


@pytest.fixture
def asked(monkeypatch) -> Iterator[Asked]:
    """The answer to a question about documents of one paragraph each."""

    def answer(*paragraphs: str, question: str = QUESTION) -> Answer:
        documents = {
            f"{number}.md": f"# About alphamab, {number}\n\n{text}\n" for number, text in enumerate(paragraphs, 1)
        }
        return ask(library(monkeypatch, folder, documents).open(), question)

    with quick_folder() as folder:
        yield answer


def differing(answer: Answer) -> list[tuple[str, set[str]]]:
    """What is said to differ, with the quotations on its sides."""
    shown = {excerpt.citation: excerpt.text for excerpt in answer.excerpts}
    return [(found.about, {shown[number] for number in found.citations}) for found in answer.disagreements]


SIXTY = "For osteoporosis, the dose of alphamab is 60 mg once every 6 months."


@pytest.mark.parametrize(
    "other",
    [
        "For osteoporosis, the dose of alphamab is 120 mg once every 6 months.",
        "For osteoporosis, the dose of alphamab is 60 mg once every 4 weeks.",
        "In osteoporosis, doctors give 75 mg of alphamab as the dose.",
        "The dose of alphamab in osteoporosis is 65 to 70 mg.",
        "For osteoporosis, the dose of alphamab is 60 mcg once every 6 months.",
    ],
)
def test_another_number_for_the_same_use_in_another_source_is_a_disagreement(asked, other):
    [(about, sides)] = differing(asked(SIXTY, other))
    assert "osteoporosis" in about
    assert sides == {SIXTY, other}


@pytest.mark.parametrize(
    "other",
    [
        "For osteoporosis, the dose of alphamab is 60 mg under the skin twice a year.",
        "In osteoporosis, the dose of alphamab is 60 mg.",
        "For osteoporosis, doctors give alphamab at a dose of 60 mg, once every 6 months.",
        "For osteoporosis, 1,000 mg of calcium are taken with the dose of alphamab.",
        "For metastases of cancer, the dose of alphamab is 120 mg once every 4 weeks.",
        "For osteoporosis, the dose of betamab is 120 mg once every 4 weeks.",
    ],
)  # fmt: skip
def test_equal_numbers_other_uses_other_things_and_other_drugs_are_no_disagreement(asked, other):
    assert differing(asked(SIXTY, other)) == []


def test_two_numbers_inside_one_document_are_no_disagreement(asked):
    assert differing(asked(f"{SIXTY} In osteoporosis, a dose of 120 mg of alphamab was tried as well.")) == []


def test_three_sources_make_one_disagreement_with_all_its_sides(asked):
    others = [SIXTY.replace("60", amount) for amount in ("75", "90")]
    [(_, sides)] = differing(asked(SIXTY, *others))
    assert sides == {SIXTY, *others}


def test_both_sentences_of_a_library_of_two_are_shown(asked):
    sides = {f"The dose of alphamab in bone disease is {amount} mg." for amount in (60, 75)}
    answer = asked(*sorted(sides), question="What is the dose of alphamab in bone disease?")
    assert {excerpt.text for excerpt in answer.excerpts} == sides


def test_a_disagreement_needs_an_answer(asked):
    answer = asked(SIXTY, SIXTY.replace("60 mg", "75 mg"), question="What is the dose of gammamab for osteoporosis?")
    assert (answer.answered, answer.disagreements) == (False, ())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("every four weeks, then every 2 weeks", {28.0, 14.0}),
        ("once a day or twice a day", {1.0, 0.5}),
        ("once daily", {1.0}),
        ("twice weekly", {3.5}),
        ("every 12 hours", {0.5}),
        ("every year; once a year; annually", {365.0}),
        ("for 6 months", set()),
        ("10 mg", set()),
        ("0 times daily, 0 per week", set()),
        ("Once Daily for a year", {1.0}),
    ],
)
def test_intervals_are_read_in_days(text, days):
    assert intervals(text) == days


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("every 6 months", "twice a year"),
        ("once a day", "every 24 hours"),
        ("once yearly", "every 12 months"),
        pytest.param("three times daily", "three times a day"),
        pytest.param("twice-yearly", "twice a year"),
        pytest.param("six-monthly", "every six months"),
        pytest.param("every eight weeks", "every 8 weeks"),
    ],
)
def test_the_same_interval_in_other_words_is_the_same(text, other):
    assert intervals(text) == intervals(other) != frozenset()


HOW = "How is alphamab given in osteoporosis?"
SHARE = "What percentage got better from osteoporosis on alphamab?"


@pytest.mark.parametrize(
    ("question", "left", "right", "differ"),
    [
        (
            HOW,
            "Alphamab is injected every 6 months in osteoporosis.",
            "Alphamab is injected every 3 months in osteoporosis.",
            1,
        ),
        (HOW, "In osteoporosis, alphamab is given as 1000 mg.", "In osteoporosis, alphamab is given as 1 g.", 0),
        (SHARE, "Osteoporosis got better in 20% on alphamab.", "Osteoporosis got better in 34% on alphamab.", 1),
    ],
)
def test_units_ranges_intervals_and_shares_are_compared(asked, question, left, right, differ):
    answer = asked(left, right, question=question)
    assert len(answer.excerpts) == 2
    assert len(differing(answer)) == differ


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ([(60.0, 60.0)], [(60.0, 60.0)], True),
        ([(25.0, 50.0)], [(50.0, 50.0)], True),
        ([(400.0, 800.0)], [(600.0, 600.0)], False),
        ([(25.0, 50.0)], [(60.0, 60.0), (5.0, 10.0)], False),
        ([(60.0, 60.0)], [(60.0, 60.0), (120.0, 120.0)], True),
    ],
)
def test_amounts_agree_where_they_have_a_limit_in_common(left, right, same):
    assert agree(frozenset(left), frozenset(right)) is same


@pytest.mark.parametrize(("title", "apart"), [("Healthy bones", False), ("Zomigo", True)])
def test_what_a_title_alone_names_keeps_apart_from_another_name_only(monkeypatch, title, apart):
    documents = {
        "a.md": "# Opzelur disease\n\nPeople with Opzelur disease aged 51 to 70 should take 600 IU of vitamin D a day.\n",
        "b.md": f"# {title}\n\nPeople aged 51 to 70 should take 800 IU of vitamin D a day.\n",
    }
    with quick_folder() as folder:
        answer = ask(
            library(monkeypatch, folder, documents).open(), "How much vitamin D should people aged 60 take a day?"
        )
    assert (answer.disagreements == ()) is apart


@pytest.mark.parametrize(
    "other",
    [
        "For osteoporosis, the dose of alphamab is 3 mg intravenously once every 6 months.",
        "For osteoporosis, the maximum dose of alphamab is 90 mg once every 6 months.",
        "For osteoporosis in severe renal impairment, the dose of alphamab is 30 mg once every 6 months.",
        "For osteoporosis, take calcium 1,000 mg with each dose of alphamab.",
    ],
)
def test_another_route_another_kind_of_dose_and_what_is_taken_beside_it_are_no_disagreement(asked, other):
    assert differing(asked(SIXTY.replace("once", "subcutaneously once"), other)) == []


def test_a_supplement_in_common_hides_no_disagreement(asked):
    sides = [
        f"For osteoporosis, the dose of alphamab is {dose}, with calcium 1,000 mg daily."
        for dose in ("60 mg", "120 mg")
    ]
    [(_, shown)] = differing(asked(*sides))
    assert shown == set(sides)


def test_the_same_use_in_other_people_is_no_disagreement(asked):
    sides = [
        f"For osteoporosis in {people}, the dose of alphamab is {dose} mg."
        for people, dose in (("adults", 60), ("children", 10))
    ]
    assert differing(asked(*sides)) == []
