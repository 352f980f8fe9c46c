"""The charts of a report: where things stand, and what they say to those who don't see them."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from citewell.evaluate.charts import (
    BOTTOM,
    FIRST,
    LAST,
    LEFT,
    RIGHT,
    TOP,
    ceiling,
    difference_bar,
    move_bar,
    range_bar,
    reliability,
    risk_coverage,
)
from citewell.evaluate.figures import Bin

pytestmark = pytest.mark.unit
BINS = (Bin(0.0, 0.5, 0, 0.0, 0.0), Bin(0.5, 0.75, 30, 0.6, 0.5), Bin(0.75, 1.0, 90, 1.0, 1.0))


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def circles(drawing: str) -> list[tuple[float, float]]:
    return [(float(each.get("cx", 0)), float(each.get("cy", 0))) for each in parsed(drawing).iter("circle")]


def test_confidence_runs_across_and_the_share_right_upwards():
    middle = LEFT + 0.6 * (RIGHT - LEFT), (TOP + BOTTOM) / 2
    assert circles(reliability(BINS)) == [pytest.approx(middle, abs=0.06), (RIGHT, TOP)]


def test_every_bin_with_cases_shows_how_many_it_holds():
    heights = [float(each.get("height", 0)) for each in parsed(reliability(BINS)).iter("rect")]
    assert heights == [pytest.approx(8.7), 26]  # 30 are a third of 90
    assert re.findall(r">(\d\d)</text>", reliability(BINS)) == ["30", "90"]


def test_a_chart_tells_in_words_what_it_draws():
    root = parsed(reliability(BINS))
    ids = root.get("aria-labelledby", "").split()
    texts = {each.get("id"): each.text for each in root.iter() if each.get("id")}
    assert [texts[each] for each in ids] == [
        "Confidence against share right",
        "confidence 0.50 to 0.75: 50 % right, 60 % sure, n = 30; confidence 0.75 to 1.00: 100 % right, 100 % sure, n = 90",
    ]


def test_the_curve_of_risk_ends_where_all_is_answered():
    points = ((0.25, 0.0), (0.5, 0.01), (0.8, 0.05))
    assert circles(risk_coverage(points)) == [pytest.approx((LEFT + 0.8 * (RIGHT - LEFT), TOP), abs=0.06)]
    assert "answering 50 % leaves 1.0 % wrong; answering 75 % leaves 5.0 % wrong" in risk_coverage(points)


def test_one_early_mistake_does_not_flatten_the_curve():
    early = ((0.01, 1.0), *((share / 100, 0.04) for share in range(2, 101)))
    assert ">0.05</text>" in risk_coverage(early)


def test_charts_of_nothing_say_so():
    assert "No answer was given." in reliability(())
    assert "No answer was given." in risk_coverage(())


@pytest.mark.parametrize(("most", "end"), [(0.0, 0.02), (0.05, 0.05), (0.051, 0.1), (0.7, 1.0)])
def test_an_axis_ends_at_a_round_number(most, end):
    assert ceiling(most) == end


def test_no_difference_stands_at_the_middle_and_the_reach_at_the_borders():
    assert circles(difference_bar(0.0, -0.1, 0.1, 0.2, "even")) == [(60.0, 8.0)]
    assert circles(difference_bar(-0.2, -0.2, 0.2, 0.2, "worse")) == [(FIRST, 8.0)]
    assert circles(difference_bar(math.nan, -math.inf, math.inf, 0.2, "even")) == [(60.0, 8.0)]


def test_an_end_beyond_the_scale_has_no_stroke():
    inside, beyond = difference_bar(0.0, -0.1, 0.1, 0.2, "even"), difference_bar(0.0, -0.1, 0.9, 0.2, "even")
    assert inside.count('y1="4.5"') == 2
    assert beyond.count('y1="4.5"') == 1


def test_a_share_stands_at_its_place_before_and_after():
    assert circles(range_bar(0.5, None, None)) == [(60.0, 8.0)]
    assert circles(move_bar(0.0, 1.0, "better")) == [(FIRST, 8.0), (LAST, 8.0)]
    assert "<title>0.000 before, 1.000 now</title>" in move_bar(0.0, 1.0, "better")
