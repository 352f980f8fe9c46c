"""One statement for a fact, a summary without repetition for a subject, each piece a whole stretch of its source."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import pytest
from fakes import FRONT, library, quick_folder

from citewell.answer.summary_breadth import Breadth, breadth_of
from citewell.conversation import ask
from citewell.settings import Settings
from citewell.types import Answer

pytestmark = pytest.mark.unit

FACT, LIST, BROAD = Breadth.FACT, Breadth.LIST, Breadth.BROAD


@pytest.mark.parametrize(
    ("question", "breadth"),
    [
        ("What is the dose of alphamab?", FACT),
        ("How often is alphamab given?", FACT),
        ("Does alphamab harm the liver?", FACT),
        ("Isn't alphamab kept in the fridge?", FACT),
        ("Alphamab is an antibody, yes or no?", FACT),
        ("When was alphamab approved?", FACT),
        ("Which gland makes calcitonin?", FACT),
        ("What is the brand name of alphamab?", FACT),
        ("What is the most common side effect of alphamab?", FACT),
        ("What are the side effects of alphamab?", LIST),
        ("Which drugs are antibodies?", LIST),
        ("What two tests show it?", LIST),
        ("List the antibodies that bind mast cells.", LIST),
        ("Who must not take alphamab?", LIST),
        ("symptoms of low calcium in the blood", LIST),
        ("What is alphamab used for?", BROAD),
        ("What is alphamab?", BROAD),
        ("What are antibodies?", BROAD),
        ("alphamab", BROAD),
        ("How does alphamab work?", BROAD),
        ("How is hay fever treated?", BROAD),
        ("What treats hay fever?", BROAD),
        ("What is the role of mast cells in hay fever?", BROAD),
        ("Tell me about alphamab", BROAD),
        ("Could you give me information on alphamab?", BROAD),
        ("mechanism of action of alphamab", BROAD),
    ],
)
def test_the_words_of_a_question_tell_how_much_it_asks_for(question, breadth):
    assert breadth_of(question) is breadth


@pytest.mark.parametrize(
    "piece", ["which drugs a ", "what is a ", "what are s", "what ", "side effects of ", "ssss", "and how ", "list "]
)
def test_no_question_takes_long_to_understand(piece):
    start = time.process_time()
    assert breadth_of((piece * 2000)[:2000]) in set(Breadth)
    assert time.process_time() - start < 0.2


BONES = FRONT.format(title="Alphamab", source_class="monograph") + (
    """# Alphamab

## Uses

Alphamab is used for brittle bones. Alphamab is used for cancer in the bones. Its price is not printed. Alphamab is used \
for a rare tumour of the bones.

A pharmacy stores the vials.

## Dose

The dose of alphamab is 60 mg every 6 months.
"""
)
PAGE = FRONT.format(title="Page on alphamab", source_class="web") + (
    """# Page on alphamab

The page was printed in May.

Alphamab is used for hives that come at night.

Alphamab is used for cancer in the bones.

The dose of alphamab is 60 mg every 6 months, says the page.
"""
)
Asked = Callable[..., Answer]


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    """The answer to a question about two documents that say much the same."""
    with quick_folder() as folder, pytest.MonkeyPatch.context() as patch:
        index = library(patch, folder, {"bones.md": BONES, "page.md": PAGE}).open()

        def answer(question: str, documents: Sequence[str] = (), **numbers: float) -> Answer:
            settings = Settings(**{"answer_confidence": 0.1, **numbers})
            return ask(index, question, documents=documents, settings=settings)

        yield answer


def texts(answer: Answer) -> list[str]:
    return [excerpt.text for excerpt in answer.excerpts]


def test_a_fact_is_answered_by_one_quotation(asked):
    assert texts(asked("What is the dose of alphamab?")) == ["The dose of alphamab is 60 mg every 6 months."]


def test_a_fact_gets_more_quotations_where_these_may_add_less(asked):
    assert texts(asked("What is the dose of alphamab?", fact_gain=0.0, excerpt_gap=9.0)) == [
        "The dose of alphamab is 60 mg every 6 months.",
        "The dose of alphamab is 60 mg every 6 months, says the page.",
    ]


def test_a_summary_quotes_what_stands_together_as_one_stretch(asked):
    first = asked("What is alphamab used for?").excerpts[0]
    assert first.text == (
        "Alphamab is used for brittle bones. Alphamab is used for cancer in the bones. Its price is not printed. "
        "Alphamab is used for a rare tumour of the bones."
    )
    assert first.text == BONES[first.start : first.end]


def test_a_stretch_is_no_longer_than_set(asked):
    shown = texts(asked("What is alphamab used for?", list_chars=90))
    assert "Alphamab is used for a rare tumour of the bones." in " ".join(shown)
    assert max(map(len, shown)) <= 90


def test_a_summary_says_nothing_twice_and_cites_the_other_place(asked):
    answer = asked("What is alphamab used for?")
    assert [text for text in texts(answer) if "cancer" in text] == texts(answer)[:1]
    places = {citation.number: citation.document_id for citation in answer.citations}
    assert [places[number] for number in answer.excerpts[0].also] == ["page.md"]


def test_a_summary_covers_what_only_another_source_says(asked):
    assert "Alphamab is used for hives that come at night." in texts(asked("What is alphamab used for?"))


def test_a_summary_is_no_longer_than_set_but_for_its_first_quotation(asked):
    shown = texts(asked("What is alphamab used for?", summary_chars=60))
    assert len(shown) == 1
    assert len(shown[0]) <= 60


def test_all_that_chosen_documents_say_is_summed_up_for_who_asks_for_all(asked):
    """Without the choice, what is less likely to answer is left out."""
    question, strict = "Tell me about alphamab", {"summary_confidence": 1.0, "summary_carry": 0.0}
    assert "A pharmacy stores the vials." in " ".join(texts(asked(question, documents=["bones.md"], **strict)))
    assert "A pharmacy stores the vials." not in " ".join(texts(asked(question, **strict)))
    narrow = asked("How does alphamab work?", documents=["bones.md"], **strict)
    assert "A pharmacy stores the vials." not in " ".join(texts(narrow))


def test_after_the_best_quotation_the_others_of_a_document_follow_in_its_order(asked):
    answer = asked("Tell me about alphamab", bridge_chars=1, summary_reach=9.0, summary_confidence=0.0, excerpts=9)
    documents = [excerpt.document_id for excerpt in answer.excerpts]
    assert documents == sorted(documents, key=documents.index)
    for left, right in pairwise(answer.excerpts[1:]):
        assert left.document_id != right.document_id or left.end <= right.start
    assert answer.excerpts[0].score == max(excerpt.score for excerpt in answer.excerpts)


OTHER_DRUG: Mapping[str, str] = {
    "bones.md": BONES.replace("Its price is not printed.", "Betamab is another drug."),
    "betamab.md": FRONT.format(title="Betamab", source_class="label") + "# Betamab\n\nBetamab is used for hay fever.\n",
}


def test_a_sentence_about_another_drug_is_not_quoted_along(monkeypatch):
    with quick_folder() as folder:
        index = library(monkeypatch, folder, OTHER_DRUG).open()
        answer = ask(index, "What is alphamab used for?", settings=Settings(answer_confidence=0.1))
    assert "Alphamab is used for a rare tumour of the bones." in texts(answer)
    assert not any("Betamab" in text for text in texts(answer))


def test_what_qualifies_the_last_sentence_of_a_stretch_is_shown_behind_it(monkeypatch):
    turned = BONES.replace("Its price is not printed. ", "").replace(
        "a rare tumour of the bones.", "a rare tumour of the bones. However, no trial tells how well it works there."
    )
    strict = Settings(answer_confidence=0.1, summary_gain=0.35, summary_carry=0.0)
    with quick_folder() as folder:
        index = library(monkeypatch, folder, {"bones.md": turned}).open()
        first = ask(index, "What is alphamab used for?", settings=strict).excerpts[0]
    assert first.text.endswith("a rare tumour of the bones.")
    assert first.context_after == "However, no trial tells how well it works there."
