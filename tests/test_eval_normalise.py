"""Amounts are equal in every spelling, and never to other amounts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.evaluate.normalise import apart_tokens, bare_tokens, contains, mentions, normalise, tokens

pytestmark = pytest.mark.unit

COMPARATORS = {"": "", "<": "<", ">": ">", "≤": "≤", "<=": "≤", "</=": "≤", "≥": "≥", ">= ": "≥", "~": "≈", "-": "-"}
UNITS = {  # spelling → (base, in units of the base)
    "": ("", 1), " mg": ("mg", 1), "mg": ("mg", 1), "-mg": ("mg", 1), " MG": ("mg", 1), " g": ("mg", 1000), " gram": ("mg", 1000),
    " mcg": ("mg", Fraction(1, 1000)), " µg": ("mg", Fraction(1, 1000)), "μg": ("mg", Fraction(1, 1000)),
    " micrograms": ("mg", Fraction(1, 1000)), " ng": ("mg", Fraction(1, 10**6)), " kg": ("kg", 1),
    " mL": ("ml", 1), " cc": ("ml", 1), " litres": ("ml", 1000), " dL": ("ml", 100), "%": ("%", 1), " per cent": ("%", 1),
    " mg/kg": ("mg/kg", 1), " mg per kg": ("mg/kg", 1), " µg / kg": ("mg/kg", Fraction(1, 1000)), " mg/kg/day": ("mg/kg/d", 1),
    " mg/L": ("mg/ml", Fraction(1, 1000)), " µg/mL": ("mg/ml", Fraction(1, 1000)), " mg/dl": ("mg/ml", Fraction(1, 100)),
    " IU": ("iu", 1), " units": ("u", 1), " MU": ("u", 10**6), " mU": ("u", Fraction(1, 1000)), " mIU/L": ("iu/ml", Fraction(1, 10**6)),
    " mmol": ("mmol", 1), " mM": ("mM", 1), " µM": ("mM", Fraction(1, 1000)), " mm": ("mm", 1), " cm": ("mm", 10),
    " h": ("h", 1), " hours": ("h", 1), "-hour": ("h", 1), " min": ("min", 1), " days": ("d", 1), "/day": ("/d", 1), " per day": ("/d", 1),
}  # fmt: skip


WITH_UNIT = sorted(unit for unit, (base, _) in UNITS.items() if base and base[0] != "/")


@st.composite
def amounts(draw, comparators=tuple(COMPARATORS), units=tuple(UNITS), marks=("", ",")):
    """One amount in some spelling, and what it means."""
    comparator, unit = draw(st.sampled_from(comparators)), draw(st.sampled_from(units))
    whole, decimals = draw(st.integers(1, 3_000)), draw(st.sampled_from(["", ".0", ".5", ".50", ".05", ".25", ".125"]))
    spelled = format(whole, draw(st.sampled_from(marks))) + decimals
    base, factor = UNITS[unit]
    return f"{comparator}{spelled}{unit}", (COMPARATORS[comparator], Fraction(f"{whole}{decimals}") * factor, base)


plain = amounts(comparators=("",), units=tuple(WITH_UNIT), marks=("",))


@given(amounts(), amounts())
def test_amounts_normalise_alike_where_they_mean_the_same_and_only_there(one, other):
    assert (normalise(one[0]) == normalise(other[0])) == (one[1] == other[1])
    assert len(tokens(one[0])) == 1
    assert normalise(normalise(one[0])) == normalise(one[0])


@given(plain, plain, st.sampled_from(["-", "–", " - ", "/", " × ", " x ", " ± ", "+", ":"]))
def test_an_amount_is_not_in_one_that_it_is_joined_to(one, other, joint):
    whole = f"give {one[0]}{joint}{other[0]} now"
    assert len(tokens(whole)) == 3
    assert not contains(whole, one[0])
    assert mentions(whole, one[0])


@given(plain, st.sampled_from(["2", "12.", "1,", ".", "0.", "-", "<", "≥ ", "5-", "1/", "3:", "2 x ", "0·", "$"]))
def test_an_amount_is_not_in_another_that_ends_like_it(amount, before):
    assert not contains(f"give {before}{amount[0]} daily", amount[0])
    assert contains(f"give {amount[0]} daily", amount[0])


@given(st.text(max_size=40))
def test_any_text_can_be_read(text):
    assert contains(text, text) == bool(tokens(text))
    assert mentions(text, text) == contains(text, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("60mg", "60 mg"),
        ("0.5 g", "500 mg"),
        (".5 mg", "0.50 mg"),
        ("250 mcg", "250 μg"),
        ("250 µg", "0.25 mg"),
        ("1,000 mg", "1 g"),
        ("1\u2009000 mg", "1000 mg"),
        ("5–10 mg", "5 mg - 10 mg"),
        ("500 mg–1 g", "0.5-1 g"),
        ("2 × 500 mg", "2x500mg"),
        ("5-mg tablet", "5 mg tablet"),
        ("5 mg/kg/day", "5 mg per kg per day"),
        ("250 mg per 5 mL", "250mg/5ml"),
        ("every 12 h", "every 12 hours"),
        ("CrCl <= 30 mL/min", "CrCl ≤30 ml/min"),
        ("10\u207b\u00b3", "10^-3"),
        ("1½ tablets", "1 1/2 tablets"),
        ("0·5 mg", "0.5 mg"),
        ("38 ℃", "38 °C"),
        ("don’t", "DON'T"),
        ("5 per cent", "5%"),
        ("5 mg/L", "5 µg/mL"),
        ("5 mg/dL", "0.05 g per litre"),
        ("400 international units", "400 IU"),
        ("co\u00adtrimoxazole", "cotrimoxazole"),
    ],
)
def test_two_spellings_of_one_thing(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10⁹/L", "109/L"),
        ("10⁻³", "10³"),
        ("1½", "11/2"),
        ("0,500 mg", "500 mg"),
        ("5 MU", "5 mU"),
        ("5 mM", "5 mm"),
        ("<5", "5"),
        ("<5", "≤5"),
        ("-0.5%", "0.5%"),
        ("5-10 mg", "510 mg"),
        ("1.5", "15"),
        ("1,5", "15"),
        ("5 mg", "5 mg/kg"),
        ("5 units", "5 IU"),
        ("24 hours", "1 day"),
        ("HER2+", "HER2"),
        ("1:1000", "1:10000"),
        ("2 × 500 mg", "2-500 mg"),
        ("30 mL/min", "30 mL/min/1.73 m²"),
    ],
)
def test_two_things_that_look_alike(one, other):
    assert normalise(one) != normalise(other)
    assert not contains(one, other)
    assert not contains(other, one)


def test_no_word_is_left_out():
    assert tokens("the vitamin A of a") == ("the", "vitamin", "a", "of", "a")
    assert not contains("Take vitamin supplements.", "vitamin A")


def test_a_text_in_tokens():
    assert tokens("Vitamin A: 0.5–1 g/day, if CrCl ≥ 30 (IL-6, 1st line).") == (
        "vitamin", "a", "500-1000mg/day", "if", "crcl", "≥30", "il", "6", "1st", "line"
    )  # fmt: skip
    assert bare_tokens("0.5–1 g/day") == ("0.5-1", "g", "day")
    assert apart_tokens("<0.5–1 g/day") == ("500mg/day", "1000mg/day")


def test_a_number_without_a_unit_is_found_with_any():
    assert contains("Take it for 14 days.", "14")
    assert contains("if CrCl < 30 mL/min", "CrCl <30")
    assert not contains("Take it for 14 days.", "4")
    assert not contains("Take 5-14 mg", "14")
    assert not contains("Take it for 14 days.", "14 hours")


def test_what_is_forbidden_is_found_at_the_ends_of_a_range_too():
    text = "Give 500-875 mg, at most <2 g a day."
    assert [mentions(text, each) for each in ("500 mg", "875mg", "2 g", "75 mg")] == [True, True, True, False]
    assert [contains(text, each) for each in ("500 mg", "875mg", "2 g", "500–875 mg")] == [False, False, False, True]


def test_nothing_is_contained_nowhere():
    assert not contains("Take it.", "")
    assert not contains("Take it.", "…")
    assert not contains("", "it")
