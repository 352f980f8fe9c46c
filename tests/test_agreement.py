"""Sources that agree are counted once each; a patient gets clinical words explained beside the quotation, never in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fakes import library, quick_folder

from citewell.conversation import ask
from citewell.types import Answer, Audience

pytestmark = pytest.mark.unit

QUESTION = "What is the dose of alphamab for osteoporosis?"
SIXTY = "For osteoporosis, the dose of alphamab is 60 mg once every 6 months."
Asked = Callable[..., Answer]


@pytest.fixture
def asked(monkeypatch) -> Iterator[Asked]:
    """The answer to a question about documents of one paragraph each."""

    def answer(*paragraphs: str, audience: Audience | None = None) -> Answer:
        documents = {f"{n}.md": f"# About alphamab, {n}\n\n{text}\n" for n, text in enumerate(paragraphs, 1)}
        return ask(library(monkeypatch, folder, documents).open(), QUESTION, audience=audience)

    with quick_folder() as folder:
        yield answer


def agreeing(answer: Answer) -> list[str]:
    """The notes on agreement."""
    return [note.split(" that")[0] for note in answer.notes if "agree with" in note]


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (["In osteoporosis, doctors give 60 mg of alphamab as the dose."], ["2 of 2 sources"]),
        (["For osteoporosis, the dose of alphamab is 120 mg once every 6 months."], ["1 of 2 sources"]),
        ([f"{SIXTY} In osteoporosis, a dose of 60 mg of alphamab is usual."], ["2 of 2 sources"]),
        (["For hives, the dose of alphamab is 60 mg."], []),
        (["For osteoporosis, do not give 60 mg of alphamab as the dose."], []),
        ([], []),
    ],
)
def test_sources_that_state_the_same_number_are_counted_once(asked, others, told):
    assert agreeing(asked(SIXTY, *others)) == told


@pytest.mark.parametrize(("audience", "told"), [(Audience.PATIENT, True), (Audience.CLINICIAN, False), (None, False)])
def test_a_patient_gets_clinical_words_explained_beside_the_quotation(asked, audience, told):
    text = "For osteoporosis, the dose of alphamab is 60 mg, and hypocalcemia may follow."
    answer = asked(text, audience=audience)
    assert [excerpt.text for excerpt in answer.excerpts] == [text]
    assert ("“hypocalcemia” means “low calcium” (from the glossary)." in answer.notes) is told
