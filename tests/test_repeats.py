"""Disclaimers and menu lines that a collection shares are never quoted; what may be content always can be."""

from __future__ import annotations

import pytest
from fakes import library, quick_folder

from citewell.conversation import ask
from citewell.index import Index
from citewell.repeats import repeat_key

pytestmark = pytest.mark.unit

DISCLAIMER = "Our publisher, Example House, endorses no product named here."
PAGE = "# Drug {0}\n\nDrug {0} causes {1}. Store Drug {0} at 20 °C.\n\n{2}\n\n{3}\n"
STORED = "Keep all tablets at 20 to 25 °C, and this information with them."


def pages(count: int, last: str = DISCLAIMER) -> dict[str, str]:
    reactions = ("tremor", "hiccups", "sneezing", "vertigo", "nausea", "insomnia")
    return {f"d{n}.md": PAGE.format(n, reactions[n % 6], STORED, last) for n in range(count)}


def kinds(index: Index, document_id: str) -> dict[str, str]:
    document = index.document(document_id)
    return {document.text[b.start : b.end]: b.kind.value for b in document.blocks}


@pytest.mark.parametrize(
    ("text", "may_be"),
    [(DISCLAIMER, True), ("Share this page", True), ("© 2024. All rights reserved.", True), (STORED, False), ("Nausea is common.", False),
     ("Print: 5 mg twice daily on this page", False), ("Do not share it. " * 200, False)],
)  # fmt: skip
def test_only_what_speaks_of_the_page_may_be_furniture(text, may_be):
    assert (repeat_key(text) is not None) is may_be
    assert repeat_key(text.upper()) == repeat_key(f"  {text.upper()}\n") or not may_be


def test_a_disclaimer_that_five_documents_share_is_greyed_and_never_quoted(monkeypatch):
    with quick_folder() as folder:
        made = library(monkeypatch, folder, pages(4))
        question = "Which product does Example House endorse?"
        assert kinds(made.open(), "d1.md")[DISCLAIMER] == "paragraph"
        assert any(
            excerpt.text == DISCLAIMER
            for excerpt in (*ask(made.open(), question).excerpts, *ask(made.open(), question).nearest)
        )
        made.write(pages(6))
        made.build()
        index = made.open()
        answer = ask(index, question)
        assert kinds(index, "d1.md")[DISCLAIMER] == "boilerplate"
        assert [each.text for each in (*answer.excerpts, *answer.nearest) if each.text == DISCLAIMER] == []
        assert kinds(index, "d1.md")[STORED] == "paragraph"
        assert index.verify() == ()


def test_it_is_content_again_when_the_others_have_left(monkeypatch):
    with quick_folder() as folder:
        made = library(monkeypatch, folder, pages(6))
        assert made.open().is_furniture(DISCLAIMER)
        for number in (0, 1):
            (made.folder / f"d{number}.md").unlink()
        made.build()
        assert not made.open().is_furniture(DISCLAIMER)
