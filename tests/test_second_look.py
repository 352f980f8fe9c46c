"""The best candidates are read again with the question, as many as time allows, and put in a better order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from fakes import library, quick_folder

from citewell.answer.verdict import Evidence, least_likelihood, likelihood
from citewell.conversation import ask
from citewell.index import Index
from citewell.settings import Settings

pytestmark = pytest.mark.unit

SETTINGS = Settings()
GOOD = Evidence(likely=2.0, cosine=0.7, names=0.0, rare=0.0, topical=1.0, denied=0.0, crowd=1.0)
TEXT = (
    "# Alphamab\n\nAlphamab is kept in the fridge by most people. Alphamab is kept at home in the dark.\n\n"
    "# Betamab\n\nBetamab is thrown away after use.\n"
)


class Prefers:
    """A cross-encoder that likes texts with one word, and remembers what it was given to read."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.read: list[str] = []

    def lengths(self, question: str, texts: Sequence[str]) -> list[int]:
        return [len(f"{question} {text}".split()) for text in texts]

    def log_odds(self, question: str, texts: Sequence[str]) -> list[float]:
        self.read += texts
        return [6.0 if self.word in text else -6.0 for text in texts]


@pytest.fixture
def index(monkeypatch) -> Iterator[Index]:
    with quick_folder() as folder:
        yield library(monkeypatch, folder, {"alphamab.md": TEXT}).open()


@pytest.mark.parametrize("word", ["fridge", "dark"])
def test_what_reads_best_comes_first(index, word):
    index.cross_encoder = Prefers(word)
    answer = ask(index, "Where is alphamab kept?", settings=Settings(answer_confidence=0.001))
    assert word in answer.excerpts[0].text
    assert list(answer.excerpts) == sorted(answer.excerpts, key=lambda excerpt: -excerpt.score)


def test_what_reads_badly_is_less_likely_to_answer(index):
    sure = []
    for word in ("kept", "nothing of it"):
        index.cross_encoder = Prefers(word)
        sure.append(ask(index, "Where is alphamab kept?").confidence)
    assert sure[0] > sure[1] + 0.1


@pytest.mark.parametrize(("tokens", "count"), [(1, 1), (20, 1), (1000, 2)])
def test_as_many_are_read_as_there_is_time_for_and_one_at_least(index, tokens, count):
    index.cross_encoder = Prefers("dark")
    ask(index, "Where is alphamab kept?", settings=Settings(read_tokens=tokens, read_again=2))
    assert len(index.cross_encoder.read) == count


def test_a_unit_is_read_with_its_heading(index):
    index.cross_encoder = Prefers("dark")
    ask(index, "Where is alphamab kept?")
    assert "Alphamab: Alphamab is kept at home in the dark." in index.cross_encoder.read


def test_nothing_is_read_where_nothing_can_answer(index):
    index.cross_encoder = Prefers("dark")
    assert not ask(index, "Where is zetamab kept?").answered
    assert index.cross_encoder.read == []


def test_an_index_of_another_encoder_has_no_cross_encoder(index):
    assert index.cross_encoder is None


def test_reading_counts_for_the_verdict_and_the_crowd_still_asks_for_more():
    worse, better = (replace(GOOD, read=read) for read in (-4.0, 4.0))
    assert likelihood(worse, SETTINGS, dense=True) < likelihood(better, SETTINGS, dense=True)
    alone = replace(better, crowd=0.0)
    assert least_likelihood(alone, SETTINGS, dense=True) == pytest.approx(SETTINGS.answer_confidence)
    assert least_likelihood(better, SETTINGS, dense=True) > SETTINGS.answer_confidence
