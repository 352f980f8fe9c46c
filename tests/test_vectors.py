"""Vectors and words of passages: over segments and with dead passages, search finds what brute force finds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import DIMENSION

from citewell.index.lexical import LexicalReader, LexicalWriter
from citewell.index.rows import Scope
from citewell.index.segments import Segment
from citewell.index.vectors import INVERTED, VectorReader, VectorWriter, quantise
from citewell.settings import Segmentation, Settings
from citewell.types import SourceClass

pytestmark = pytest.mark.unit

PASSAGES = 300
UNITS = 2  # a passage
HALF = 0.0005  # relative error of a number in half precision


def unit_vectors(rows: int, dimension: int = DIMENSION) -> np.ndarray:
    """Fixed directions without any pattern."""
    vectors = np.random.default_rng(7).standard_normal((rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def write_vectors(
    folder: Path, cuts: Sequence[int], dead: Sequence[int] = (), settings: Segmentation | None = None
) -> VectorReader:
    """300 passages of two units each, in segments cut at the given passages."""
    vectors, segments = unit_vectors(PASSAGES), []
    for first, last in zip([0, *cuts], [*cuts, PASSAGES], strict=True):
        name, mine = f"s{len(segments):06d}", vectors[first:last]
        (folder / name).mkdir()
        writer = VectorWriter(folder / name, DIMENSION)
        writer.add_passages(mine)
        writer.add_units(*quantise(np.repeat(mine, UNITS, axis=0)))
        writer.close(range(0, len(mine) * UNITS + 1, UNITS), settings or Segmentation())
        units = (first * UNITS, last * UNITS)
        segments.append(Segment(name, (first, last), (first, last), units, (first, last), "0"))
    gone = [np.array([n for n in dead if s.passages[0] <= n < s.passages[1]], dtype=np.int64) for s in segments]
    return VectorReader(folder, DIMENSION, segments, gone)


def scope_of(passages: Iterable[int] | None) -> Scope | None:
    """A filter that leaves the given passages."""
    return None if passages is None else Scope((), (), np.array(list(passages), dtype=np.int64))


@pytest.mark.parametrize("cuts", [[], [200], [100, 100, 290]], ids=["one segment", "two", "four, one empty"])
@pytest.mark.parametrize("dead", [[], [3, 150, 299]], ids=["all alive", "some dead"])
@pytest.mark.parametrize("allowed", [None, [4, 8, 15, 16, 23, 42, 298], []], ids=["all", "some", "none"])
def test_the_nearest_passages_are_those_of_brute_force(tmp_path, cuts, dead, allowed):
    reader, passages = write_vectors(tmp_path, cuts, dead), unit_vectors(PASSAGES)
    for question in unit_vectors(PASSAGES + 20)[PASSAGES:]:
        numbers = [n for n in range(PASSAGES) if n not in dead] if allowed is None else allowed
        exact = passages @ question
        found = reader.nearest(question, 20, scope_of(allowed), Settings())
        expected = sorted(numbers, key=lambda number: -float(exact[number]))[:20]
        assert exact[found] == pytest.approx(exact[expected], abs=HALF)
        assert len(set(found)) == len(expected)
        assert set(found) <= set(numbers)


@pytest.mark.parametrize("cuts", [[], [200], [100, 100, 290]])
def test_vectors_come_back_as_they_were_written(tmp_path, cuts):
    reader, passages = write_vectors(tmp_path, cuts), unit_vectors(PASSAGES)
    wanted = [3, 299, 0, 150]
    assert reader.passage_vectors(wanted) == pytest.approx(passages[wanted], abs=HALF)
    assert reader.unit_cosines(passages[5], 10, 12) == pytest.approx([1, 1], abs=0.002)
    assert reader.unit_cosines(passages[291], 582, 584) == pytest.approx([1, 1], abs=0.002)


@pytest.mark.parametrize("cuts", [[], [100, 100, 290]])
def test_the_best_unit_of_a_passage_is_the_highest_cosine_among_its_own(tmp_path, cuts):
    reader, question = write_vectors(tmp_path, cuts), unit_vectors(PASSAGES + 1)[PASSAGES]
    wanted = [299, 7, 100, 0]
    each = [reader.unit_cosines(question, UNITS * n, UNITS * (n + 1)).max() for n in wanted]
    assert reader.best_units(question, wanted) == pytest.approx(each, abs=1e-6)


def test_a_large_segment_is_searched_by_lists_and_compared_by_its_own_vectors(tmp_path):
    reader = write_vectors(tmp_path, [250], [7], Segmentation(exact_passages=100))
    assert [path.parent.name for path in tmp_path.rglob(INVERTED)] == ["s000000"]
    passages, everything = unit_vectors(PASSAGES), Settings(probed_share=1.0)
    for question in unit_vectors(PASSAGES + 20)[PASSAGES:]:
        exact = passages @ question
        expected = sorted((n for n in range(PASSAGES) if n != 7), key=lambda n: -float(exact[n]))[:20]
        many = reader.nearest(question, 20, scope_of(range(50, 250)), everything)
        assert exact[many] == pytest.approx(np.sort(exact[50:250])[::-1][:20], abs=HALF)
        assert exact[reader.nearest(question, 20, None, everything)] == pytest.approx(exact[expected], abs=HALF)
        nothing_probed = Settings(probed_share=0.0, least_probed=1, filtered_share=0.2)
        filtered = reader.nearest(question, 20, scope_of(range(50, 90)), nothing_probed)
        assert exact[filtered] == pytest.approx(np.sort(exact[50:90])[::-1][:20], abs=HALF)


@pytest.mark.parametrize("dimension", [DIMENSION, 384])
def test_the_cosine_with_an_eight_bit_vector_is_nearly_exact(dimension):
    units, questions = unit_vectors(500, dimension), unit_vectors(540, dimension)[500:]
    rows, scales = quantise(units)
    error = np.abs((rows.astype(np.float32) @ questions.T) * scales[:, None] - units @ questions.T)
    assert error.max() < 0.0025
    worst = np.abs(questions).sum(axis=1) * (scales / 2 + 1e-6)[:, None]
    assert (error <= worst).all()


def test_eight_bits_hold_a_zero_and_a_single_direction():
    rows, scales = quantise(np.array([[0, 0, 0], [0, -1, 0]], dtype=np.float32))
    assert (rows * scales[:, None]).tolist() == [[0, 0, 0], [0, pytest.approx(-1), 0]]
    assert quantise(np.zeros((0, 3), dtype=np.float32))[0].shape == (0, 3)


def write_words(folder: Path, passages: Sequence[Sequence[str]], first: int = 0) -> None:
    writer = LexicalWriter(folder)
    for number, stems in enumerate(passages, start=first):
        writer.add(number, 10 * number, SourceClass.WEB if number else SourceClass.LABEL, stems)
    writer.close()


def test_passages_that_were_taken_out_are_neither_found_nor_counted(tmp_path):
    write_words(tmp_path, [["dose", "alphamab"], ["dose", "betamab"], ["liver"]])
    writer = LexicalWriter(tmp_path)
    writer.delete(1, 2)
    writer.add(3, 30, SourceClass.WEB, ["dose", "gammamab"])
    writer.close()
    reader = LexicalReader(tmp_path, {"dose", "betamab"})
    assert sorted(reader.search({"dose": 1, "betamab": 1}, 10)) == [0, 3]
    assert [reader.passages_with(stem) for stem in ("dose", "betamab", "liver", "gammamab")] == [2, 0, 1, 1]


def test_words_are_scored_by_the_formula_of_bm25(tmp_path):
    passages = [["dose", "dose", "alphamab"], ["dose", "betamab"], ["liver", "harm", "alphamab", "rare"]]
    write_words(tmp_path, passages)
    reader = LexicalReader(tmp_path)
    mean, k1, b = 3, 1.2, 0.75

    def bm25(term: str, number: int) -> float:
        times, holders = passages[number].count(term), sum(term in passage for passage in passages)
        idf = math.log(1 + (3 - holders + 0.5) / (holders + 0.5))
        return idf * times * (k1 + 1) / (times + k1 * (1 - b + b * len(passages[number]) / mean))

    assert reader.search({"dose": 1}, 10) == pytest.approx({0: bm25("dose", 0), 1: bm25("dose", 1)}, rel=1e-4)
    both = {0: bm25("dose", 0) + 0.4 * bm25("alphamab", 0), 1: bm25("dose", 1), 2: 0.4 * bm25("alphamab", 2)}
    assert reader.search({"dose": 1, "alphamab": 0.4}, 10) == pytest.approx(both, rel=1e-4)
    assert reader.score({"dose": 1, "alphamab": 0.4}, [1, 2]) == pytest.approx({1: both[1], 2: both[2]}, rel=1e-4)
    none = np.array([], dtype=np.int64)
    web, second = Scope((SourceClass.WEB, SourceClass.OTHER), (), none), Scope((), (20,), none)
    assert reader.search({"dose": 1, "alphamab": 0.4}, 10, web) == pytest.approx({1: both[1], 2: both[2]}, rel=1e-4)
    assert reader.search({"dose": 1, "alphamab": 0.4}, 10, second) == pytest.approx({2: both[2]}, rel=1e-4)
    assert reader.search({"dose": 1}, 10, Scope((SourceClass.WEB,), (0,), none)) == {}
    assert list(reader.search({"dose": 1, "alphamab": 0.4}, 1)) == [0]
    assert (reader.search({}, 10), reader.score({"dose": 1}, []), reader.passages_with("alphamab")) == ({}, {}, 2)
