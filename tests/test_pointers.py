"""A sentence that only says where something stands answers nothing but a question for it."""

from __future__ import annotations

import pytest
from fakes import library, quick_folder

from citewell.answer.pointers import only_points
from citewell.conversation import ask

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "For more information on hives, see the page on gammamab.",
        "See the summary on hay fever treatment for more information.",
        "(See Table 2.)",
        "More information about hives is provided in the topic “Skin”.",
        "These resources address the diagnosis or management of hives: Example Registry.",
        "The Example Ontology provides the following list of signs and symptoms for hives.",
        "The following adverse reactions are discussed in greater detail in other sections of the labeling.",
        "For additional information, visit www.example.org.",
    ],
)
def test_a_sentence_that_says_nothing_itself_only_points(text):
    assert only_points(text)


@pytest.mark.parametrize(
    "text",
    [
        "See a doctor if hives last for more than a week.",
        "See your doctor at once if a sign on this page appears.",
        "The dose in severe renal impairment is 5 mg; for more information on dosing, see section 2.",
        "For more information about an overdose of alphamab, call your poison center at once.",
        "Go to the emergency department at once if you have chest pain, and show this leaflet and label.",
        "Do not give to children under 12 (for further information see section 4.2).",
        "Maximum dose is 4 g a day (for additional details, see Table 1).",
        "See Section 4.3: Do not use in pregnancy.",
        "Refer to section 4.2: the dose is 60 mg every 6 months.",
        "QT prolongation, which is discussed in more detail in section 5, occurred in 4% of patients.",
        "These adverse reactions are described elsewhere in the labeling: hypocalcemia, ONJ.",
        "Hives occurred in 4% [see Warnings and Precautions (5.1)].",
        "Refer patients with hives to a specialist.",
        "Hives are described as itching weals.",
        "The label provides a dose for children.",
    ],
)
def test_a_sentence_that_says_something_does_not_only_point(text):
    assert not only_points(text)


def test_a_pointer_answers_only_who_asks_where(monkeypatch):
    text = "# Hives\n\nHives itch. More information about hives is available at www.example.org.\n"
    with quick_folder() as folder:
        index = library(monkeypatch, folder, {"hives.md": text}).open()
        first = ask(index, "What do hives do?")
        where = ask(index, "Where is more information about hives available?")
    assert not any("example.org" in excerpt.text for excerpt in (*first.excerpts, *first.nearest))
    assert "example.org" in where.excerpts[0].text
