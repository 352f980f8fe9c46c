"""A talk over the two seed documents with the real model; test_conversation.py and test_choices.py have the twins on text of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from citewell.conversation import ask, complete
from citewell.index import Index, build, open_index

pytestmark = [pytest.mark.shared, pytest.mark.model]
SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
TALK = [
    ("What is the dose of Prolia for osteoporosis?", "What is the dose of Prolia for osteoporosis?", "60 mg"),
    ("and for bone metastases?", "and for bone metastases? [dose Prolia]", "120 mg"),
    ("is it safe on dialysis?", "is it safe on dialysis? [Prolia]", "hemodialysis"),
    ("what about zoledronic acid?", "what about zoledronic acid? [safe dialysis]", "zoledronic acid"),
    ("and in pregnancy?", "and in pregnancy? [safe zoledronic acid]", None),
    ("and denosumab, since when is it approved?", "and denosumab, since when is it approved?", "2010"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("seeds")
    build([SEEDS], index=folder)
    return open_index(folder)


def test_six_turns_take_over_the_drug_and_the_topic_and_drop_what_is_replaced(index: Index) -> None:
    for number, (question, searched_for, said) in enumerate(TALK):
        history = [earlier for earlier, _, _ in TALK[:number]]
        assert complete(index, question, history) == searched_for
        answer = ask(index, question, history=history)
        assert answer.searched_for.startswith(searched_for)
        assert answer.answered == (said is not None)
        assert (said or "") in " ".join(excerpt.text for excerpt in answer.excerpts)


@pytest.mark.parametrize(
    ("history", "question", "drug"),
    [
        ([], "What is the dose of Prolia?", "Prolia"),
        ([], "What is the dose of denosumab?", "denosumab"),
        (["What is Prolia?"], "what is the dose?", "Prolia"),
    ],
)
def test_a_dose_without_a_use_offers_the_uses_that_the_documents_print(
    index: Index, history: list[str], question: str, drug: str
) -> None:
    answer = ask(index, question, history=history)
    offered = set(answer.follow_ups)
    assert {f"What is the dose of {drug} for {use}?" for use in ("osteoporosis", "bone metastases")} <= offered
    assert sum("choose one of the questions" in note for note in answer.notes) == 1
    for chosen in offered:
        assert ask(index, chosen).answered


def test_a_dose_without_a_drug_offers_the_drugs_that_the_documents_dose(index: Index) -> None:
    answer = ask(index, "what is the dose?")
    assert answer.follow_ups[:2] == ("What is the dose of denosumab?", "What is the dose of zoledronic acid?")
    assert answer.notes[0] == (
        "Your question names no drug. These documents speak of it for denosumab, zoledronic acid: choose one of the questions."
    )
