"""Where a question asks whether it is so, a source that denies it and one that says it are both shown."""

from __future__ import annotations

import pytest
from fakes import library, quick_folder

from citewell.conversation import ask

pytestmark = pytest.mark.unit

SAID = "Alphamab harms the liver."


@pytest.mark.parametrize(
    ("other", "differ"),
    [
        ("Alphamab does not harm the liver.", True),
        ("Alphamab never harms the liver.", True),
        ("Alphamab harms the liver badly.", False),
        ("Alphamab does not only harm the liver.", False),
        ("Harm to the liver is not uncommon with alphamab.", False),
        ("Betamab does not harm the liver.", False),
        ("In children, alphamab does not harm the liver.", True),
    ],
)
def test_a_denial_differs_from_what_it_denies(monkeypatch, other, differ):
    documents = {"a.md": f"# About alphamab, 1\n\n{SAID}\n", "b.md": f"# About alphamab, 2\n\n{other}\n"}
    with quick_folder() as folder:
        answer = ask(library(monkeypatch, folder, documents).open(), "Does alphamab harm the liver?")
    about = [found.about for found in answer.disagreements]
    assert (about != []) is differ
    assert all(each.startswith("whether: ") for each in about)


def test_a_denial_for_others_is_no_disagreement(monkeypatch):
    documents = {
        "a.md": "# About alphamab, 1\n\nIn adults, alphamab harms the liver.\n",
        "b.md": "# About alphamab, 2\n\nIn children, alphamab does not harm the liver.\n",
    }
    with quick_folder() as folder:
        assert ask(library(monkeypatch, folder, documents).open(), "Does alphamab harm the liver?").disagreements == ()
