"""The measures of summaries and the known methods beside ours, on texts whose result can be told by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import summarisers
from benchmarks.rouge import rouge_n, rouge_words
from benchmarks.summaries import Halves, averaged, in_halves, measure, measure_sentences, table
from benchmarks.summarisers import Sentence, Task
from citewell.types import SourceClass, Unit, UnitKind

pytestmark = pytest.mark.unit

TEXTS = ("Take alphamab once.", "Take alphamab once a week.", "The box is blue.", "Hives may come.")
WANTED = (False, True, False, True)
# The question lies near 0 and 1, which are alike; 3 stands apart.
VECTORS = np.array([[1.0, 0.0, 0.0], [0.9, 0.436, 0.0], [0.0, 1.0, 0.0], [0.3, 0.0, 0.954]])


def task() -> Task:
    sentences = tuple(
        Sentence(
            "a" if n < 3 else "b",
            n % 3,
            Unit(n * 10, n * 10 + 9, UnitKind.SENTENCE, (), SourceClass.OTHER),
            text,
            wanted,
        )
        for n, (text, wanted) in enumerate(zip(TEXTS, WANTED, strict=True))
    )
    gold = tuple(rouge_words(f"{TEXTS[1]} {TEXTS[3]}"))
    return Task("1", "How is alphamab taken?", ("a", "b"), sentences, gold, VECTORS[:, 0], VECTORS @ VECTORS.T)


def chosen(method: summarisers.Summariser, size: int) -> list[str]:
    return [sentence.text for sentence in method(task(), size)]


def test_rouge_counts_each_stretch_as_often_as_it_stands():
    assert rouge_words("Take 60 mg, twice-daily.") == ["take", "60", "mg", "twice", "daily"]
    assert rouge_n("a b a b".split(), "a b c".split(), 1) == pytest.approx(2 * 2 / (4 + 3))
    assert rouge_n("a b a b".split(), "a b c".split(), 2) == pytest.approx(2 * 1 / (3 + 2))
    assert rouge_n([], ["a"], 2) == 0.0
    assert rouge_n(["a", "b"], ["a", "b"], 2) == 1.0


def test_leads_are_the_first_sentences():
    assert chosen(summarisers.lead, 2) == [TEXTS[0], TEXTS[1]]
    assert chosen(summarisers.lead_of_each, 1) == [TEXTS[0], TEXTS[3]]


def test_the_nearest_sentences_come_in_the_order_of_their_documents():
    assert chosen(summarisers.nearest, 2) == [TEXTS[0], TEXTS[1]]


def test_mmr_prefers_what_is_unlike_what_it_has():
    assert summarisers.mmr(task(), 2, share=1.0) == summarisers.nearest(task(), 2)
    assert [sentence.text for sentence in summarisers.mmr(task(), 2, share=0.2)] == [TEXTS[0], TEXTS[2]]


def test_ranks_of_a_graph_prefer_what_many_are_like():
    assert chosen(summarisers.lexrank, 1) == [TEXTS[1]]
    assert chosen(summarisers.textrank, 1) == [TEXTS[0]]
    assert summarisers.ranked(np.ones((4, 4))) == pytest.approx([0.25] * 4)


def test_the_oracle_takes_what_raises_rouge():
    assert chosen(summarisers.oracle, 1) == [TEXTS[1], TEXTS[3]]
    assert chosen(summarisers.wanted, 1) == [TEXTS[1], TEXTS[3]]


def test_a_summary_is_measured_by_its_words_and_its_sentences():
    whole = task()
    perfect = measure_sentences(whole, summarisers.wanted(whole, 1))
    assert (perfect.rouge_2, perfect.rouge_l, perfect.sentence_f1, perfect.sentences) == (1.0, 1.0, 1.0, 2)
    half = measure_sentences(whole, list(whole.sentences[:2]))
    assert half.sentence_f1 == pytest.approx(2 * 1 / (2 + 2))
    nothing = measure(whole, [], [])
    assert (nothing.rouge_2, nothing.sentence_f1, nothing.words) == (0.0, 0.0, 0)


def test_each_half_has_a_row_of_means():
    whole = task()
    rows = in_halves("lead", Halves((whole,), (whole,)), lambda each: measure_sentences(each, each.sentences[:2]))
    assert [(row.method, row.half, row.questions, row.sentences) for row in rows] == [
        ("lead", "tuned", 1, 2.0),
        ("lead", "held", 1, 2.0),
    ]
    assert rows[0] == averaged("lead", "tuned", [measure_sentences(whole, whole.sentences[:2])])
    assert table(rows).splitlines()[2].startswith("| lead | tuned | 1 | ")
