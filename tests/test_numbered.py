"""Type 2 diabetes is not type 1, nor hepatitis B hepatitis C."""

from __future__ import annotations

import pytest
from fakes import library, quick_folder

from citewell.answer.numbered import is_another, numbered_in
from citewell.conversation import ask

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("symptoms of Bardet-Biedl syndrome 5", "Signs of Bardet-Biedl syndrome 9 are listed.", True),
        ("treatment of type 2 diabetes", "In type 1 diabetes insulin is needed.", True),
        ("treatment of type 2 diabetes", "In diabetes mellitus type II, insulin may be needed.", False),
        ("treatment of type 2 diabetes", "Types 1 and 2 diabetes are treated with insulin.", False),
        ("treatment of type 2 diabetes", "Diabetes is treated with insulin.", False),
        ("treatment of type 2 diabetes", "Type 1 collagen is broken down.", False),
        ("hepatitis c treatment", "Hepatitis B is treated with alphamab.", True),
        ("hepatitis c treatment", "Hepatitis B and C are treated with alphamab.", False),
        ("Does vitamin D help?", "Vitamin D3 800 IU is taken.", False),
        ("dose in grade 4 diarrhea", "In grade 3 diarrhea or worse the dose is halved.", False),
        ("Noonan syndrome 4", "Noonan syndrome II to V is treated alike.", False),
        ("Noonan syndrome 6", "Noonan syndrome II to V is treated alike.", True),
        ("type I diabetes", "In type 1 diabetes insulin is needed.", False),
        ("alphamab in type 2 diabetes", "Not for type 1 diabetes; in T2DM it is started at 5 mg.", False),
        ("alphamab in type 2 diabetes", "Type 1 diabetes (T1D) and type-2 diabetes are treated.", False),
        ("hepatitis B treatment", "Hepatitis A is short; HBV is treated with entecavir.", False),
        ("Is hepatitis a side effect of alphamab?", "Hepatitis B has come back on alphamab.", False),
        ("heart disease 3 months after surgery", "heart disease 6 months after surgery", False),
        ("Does heart disease I treat matter?", "Heart disease 5 is rare.", False),
        ("Is a dose of 60 mg safe?", "A dose of 120 mg is safe.", False),
    ],
)
def test_another_number_of_the_same_kind_is_another_thing(question, text, another):
    assert is_another(list(numbered_in(question)), text) is another


def test_a_disease_of_another_number_does_not_answer(monkeypatch):
    text = "# Hay fever type 1\n\nHay fever type 1 is treated with alphamab. Alphamab is kept in the dark.\n"
    with quick_folder() as folder:
        index = library(monkeypatch, folder, {"fever.md": text}).open()
        assert ask(index, "What treats hay fever type 1?").answered
        refused = ask(index, "What treats hay fever type 2?")
    assert (refused.answered, refused.reason) == (
        False,
        "subject not covered: no passage found speaks of “type 2”",
    )
