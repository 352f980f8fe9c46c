"""Places against places, by numbers worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.evaluate.outcome import Place
from citewell.evaluate.spans import (
    citation_precision,
    citation_recall,
    coverage,
    distinct,
    highest,
    overlap,
    shows_sides,
    span_recall,
)

pytestmark = pytest.mark.unit


def gold(doc, start, end, *, grade=2, piece=0):
    return Place(doc, start, end, grade=grade, piece=piece)


def test_places_overlap_from_the_first_shared_character():
    place = Place("a", 10, 20)
    others = [Place("a", 20, 30), Place("a", 19, 30), Place("a", 0, 10), Place("b", 10, 20), Place("a", 12, 13)]
    assert [overlap(place, other) for other in others] == [False, True, False, False, True]


def test_coverage_counts_each_character_once():
    place = Place("a", 100, 200)
    assert coverage(place, [Place("a", 90, 130), Place("a", 120, 150), Place("b", 150, 200)]) == 0.5
    assert coverage(place, [Place("a", 180, 300), Place("a", 0, 110), Place("a", 185, 190)]) == pytest.approx(0.3)
    assert coverage(place, [Place("a", 0, 999)]) == 1
    assert coverage(place, []) == 0
    assert coverage(Place("a", 5, 5), [Place("a", 0, 9)]) == 0


ranges = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


@given(ranges, st.integers(0, 20), st.integers(1, 10))
def test_coverage_is_the_share_of_characters_held(found, start, length):
    place = Place("a", start, start + length)
    held = {at for low, high in found for at in range(low, high)} & set(range(start, start + length))
    assert coverage(place, [Place("a", low, high) for low, high in found]) == pytest.approx(len(held) / length)


def test_span_recall_is_the_same_however_passages_are_cut():
    evidence = [gold("a", 0, 100), gold("a", 150, 250, piece=1)]
    whole, halves = [Place("a", 0, 260)], [Place("a", 0, 50), Place("a", 51, 149), Place("a", 150, 260)]
    assert span_recall(evidence, whole, 10) == span_recall(evidence, halves, 10) == 1
    assert [span_recall(evidence, halves, k) for k in (0, 1, 2, 3)] == [0, 0, 0.5, 1]


def test_nine_tenths_of_a_piece_have_to_be_found():
    assert span_recall([gold("a", 0, 100)], [Place("a", 10, 100)], 10) == 1
    assert span_recall([gold("a", 0, 100)], [Place("a", 11, 100)], 10) == 0


def test_a_piece_is_found_wherever_it_stands():
    twice = [gold("a", 0, 10), gold("b", 40, 50), gold("c", 0, 10, piece=1)]
    assert span_recall(twice, [Place("b", 30, 60)], 10) == 0.5
    assert citation_recall(twice, [Place("b", 45, 60)]) == 0.5
    assert span_recall(twice, [Place("a", 0, 5), Place("b", 45, 50)], 10) == 0  # halves of two places are no whole


def test_citation_precision_is_the_share_of_right_excerpts():
    evidence = [gold("a", 0, 10), gold("a", 50, 60, grade=1, piece=1), gold("a", 80, 90, grade=0, piece=2)]
    shown = [Place("a", 5, 20), Place("a", 55, 70), Place("a", 80, 90), Place("b", 0, 10)]
    assert citation_precision(evidence, shown) == 0.5
    assert citation_precision(evidence, shown[:1]) == 1
    assert citation_precision(evidence, []) == 0


def test_citation_recall_counts_the_pieces_of_the_highest_grade():
    evidence = [gold("a", 0, 10), gold("a", 20, 30, piece=1), gold("a", 50, 60, grade=1, piece=2)]
    assert highest(evidence) == evidence[:2]
    assert citation_recall(evidence, [Place("a", 25, 60)]) == 0.5
    assert citation_recall(evidence, [Place("a", 50, 60)]) == 0
    assert citation_recall(evidence[2:], [Place("a", 50, 60)]) == 1
    assert citation_recall(evidence, []) == citation_recall([], [Place("a", 0, 1)]) == 0


def test_places_within_others_are_left_out():
    outer, inner, other, crossing = Place("a", 0, 50), Place("a", 10, 20), Place("b", 10, 20), Place("a", 40, 60)
    assert distinct([other, inner, crossing, outer, outer]) == [outer, crossing, other]


def test_both_sides_are_two_excerpts_of_two_pieces():
    evidence = [gold("a", 0, 10), gold("a", 90, 99), gold("b", 0, 10, piece=1)]
    left, again, right, other = Place("a", 0, 10), Place("a", 90, 99), Place("b", 5, 15), Place("c", 0, 10)
    sides = ([left, right], [left, again], [left, other], [left], [right, other, again])
    assert [shows_sides(evidence, each) for each in sides] == [True, False, False, False, True]
