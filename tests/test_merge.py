"""The same said twice is shown once with both its places; what differs in a number or a "not" is never merged."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fakes import BETAMAB, Library, library, quick_folder
from hypothesis import assume, given
from hypothesis import strategies as st

from citewell.answer.merge import read, says_the_same
from citewell.conversation import ask
from citewell.types import Answer

pytestmark = pytest.mark.unit

WORDS = st.lists(
    st.sampled_from(
        "alphamab dose women men fracture bone liver calcium given injection trial risk week patients of the".split()
    ),
    min_size=8,
    max_size=30,
)


def same(left: str, right: str) -> bool:
    return says_the_same(read(left), read(right))


@given(WORDS, st.integers(0, 5_000), st.integers(0, 5_000), st.integers(0, 6))
def test_texts_equal_but_for_a_number_are_never_merged(words, left, right, place):
    assume(left != right)
    texts = [" ".join([*words[:place], f"{number} mg", *words[place:]]) + "." for number in (left, right)]
    assert not same(*texts)


@given(
    WORDS,
    st.sampled_from("not no never without unlikely except unless cannot don't isn’t neither".split()),
    st.integers(0, 8),
)
def test_texts_equal_but_for_a_negation_are_never_merged(words, negation, place):
    negated = " ".join([*words[:place], negation, *words[place:]]) + "."
    assert not same(" ".join(words) + ".", negated)


@given(WORDS)
def test_a_text_says_the_same_as_itself_in_other_white_space_and_marks(words):
    text = " ".join(words)
    assert same(f"{text}.", f"{'  '.join(words)}\n.")
    assert same(f"{text}.", f"{text} [3, 7].")
    assert same(f"{text}.", f"{text} 3, 7.")


@given(WORDS, WORDS)
def test_merging_does_not_depend_on_the_order(left, right):
    texts = " ".join(left), " ".join(right)
    assert same(*texts) == same(*reversed(texts))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The dose of alphamab in bone disease is 0.5 mg.", "The dose of alphamab in bone disease is 0.05 mg."),
        ("Alphamab is given to women at high risk of fracture.", "Betamab is given to a few men who had a stroke."),
        ("It harms the liver of most people.", "It rarely, if ever, harms the liver of most people who take it by mouth."),
        (
            "For brittle bones, the dose of alphamab is 60 mg under the skin once every 6 months.",
            "For brittle bones, the dose of alphamab is 60 mg under the skin once every 6 weeks.",
        ),
        (
            "For brittle bones, the dose of alphamab is 60 mg under the skin once every 6 months.",
            "For brittle bones, the dose of alphamab is 60 mcg under the skin once every 6 months.",
        ),
        (
            "Give alphamab under the skin of the arm once every two weeks for a year.",
            "Give alphamab under the skin of the arm once every three weeks for a year.",
        ),
        (
            "The daily dose of alphamab for adults with brittle bones, in mg, is 60.",
            "The daily dose of alphamab for adults with brittle bones, in mg, is 120.",
        ),
        (
            "The dose is 60 mg for brittle bones and 120 mg for bone metastases.",
            "The dose is 120 mg for brittle bones and 60 mg for bone metastases.",
        ),
        (
            "Alphamab increases the risk of a fracture of the spine in women after menopause.",
            "Alphamab decreases the risk of a fracture of the spine in women after menopause.",
        ),
        (
            "The usual dose for adults with bone disease is 60 mg of alphamab once every month.",
            "The usual dose for adults with bone disease is 60 mg of betamab once every month.",
        ),
    ],
)  # fmt: skip
def test_texts_that_differ_in_what_matters_are_not_merged(left, right):
    assert not same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(
            "Alphamab, not betamab, is given to women with brittle bones after menopause.",
            "Betamab, not alphamab, is given to women with brittle bones after menopause.",
        ),
        pytest.param(
            "Take alphamab in the morning with a full glass of water and food.",
            "Take alphamab in the morning with a full glass of water and food, if you are ill.",
        ),
        pytest.param(
            "Alphamab should be given by a nurse to people with brittle bones.",
            "Alphamab should hardly be given by a nurse to people with brittle bones.",
        ),
    ],
)
def test_texts_of_nearly_the_same_words_that_differ_in_meaning_are_not_merged(left, right):
    assert not same(left, right)


SAME = "Alphamab often makes the skin of the hands itch at night."
Asked = Callable[[dict[str, str], str], Answer]


@pytest.fixture
def asked(monkeypatch) -> Iterator[Asked]:
    """The answer to a question about some documents, among another one."""

    def answer(documents: dict[str, str], question: str) -> Answer:
        made: Library = library(monkeypatch, folder, {**documents, "betamab.md": BETAMAB})
        return ask(made.open(), question)

    with quick_folder() as folder:
        yield answer


def test_what_two_sources_say_alike_is_one_excerpt_with_both_places(asked):
    twin = "Alphamab often makes the skin\nof the hands itch at night [4]."
    documents = {"a.md": f"# Alphamab\n\n{SAME}\n", "b.md": f"# More on alphamab\n\n{twin}\n"}
    answer = asked(documents, "Does alphamab make the skin itch?")
    [first] = [excerpt for excerpt in answer.excerpts if "itch" in excerpt.text]
    [place] = first.also
    assert first.citation == 1
    assert {answer.citations[number - 1].document_id for number in (1, place)} == {"a.md", "b.md"}


def test_what_two_sources_say_with_another_number_is_two_excerpts(asked):
    documents = {
        "a.md": "# Alphamab\n\nThe dose of alphamab in bone disease is 60 mg.\n",
        "b.md": "# More on alphamab\n\nThe dose of alphamab in bone disease is 75 mg.\n",
    }
    answer = asked(documents, "What is the dose of alphamab in bone disease?")
    assert sorted(excerpt.text for excerpt in answer.excerpts) == [
        "The dose of alphamab in bone disease is 60 mg.",
        "The dose of alphamab in bone disease is 75 mg.",
    ]
    assert [excerpt.also for excerpt in answer.excerpts] == [(), ()]


LIST = """# Alphamab

Side effects of alphamab on the skin:

- itching of the skin
- redness of the skin
- peeling of the skin

Alphamab is new.
"""


def test_items_of_one_list_are_quoted_together_with_their_lead_in(asked):
    answer = asked({"a.md": LIST}, "What are the side effects of alphamab on the skin?")
    first = answer.excerpts[0]
    assert first.text == "itching of the skin - redness of the skin - peeling of the skin"
    assert first.context_before == "Side effects of alphamab on the skin:"
    assert first.text == " ".join(LIST[first.start : first.end].split())
