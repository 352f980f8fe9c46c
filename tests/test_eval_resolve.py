"""Evidence is found where its words stand, and nowhere else; what is not found is told as a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.evaluate.cases import Case, Evidence
from citewell.evaluate.outcome import Place
from citewell.evaluate.resolve import Resolved, resolve
from citewell.types import fold

TEXT = "# Drug A\n\nThe dose is 25 mg.\nUsual  dose:\n5 mg daily. In children the dose is 5 mg\tdaily too.\n"


def found(*evidence: Evidence, text: str = TEXT) -> Resolved:
    case = Case(id="a", question="How much?", answerable=True, evidence=evidence)
    return resolve(case, {"a.md": text}.get)


def stretches(*evidence: Evidence, text: str = TEXT) -> list[str]:
    return [text[place.start : place.end] for place in found(*evidence, text=text).places]


@pytest.mark.unit
def test_a_quotation_stands_wherever_its_words_do_whatever_the_white_space():
    resolved = found(Evidence("a.md", "dose is 25 mg"), Evidence("a.md", "5 mg daily", grade=1))
    assert resolved.missing == ()
    assert resolved.places == (
        Place("a.md", 14, 27, "dose is 25 mg", grade=2, piece=0),
        Place("a.md", 42, 52, "5 mg daily", grade=1, piece=1),
        Place("a.md", 78, 88, "5 mg daily", grade=1, piece=1),
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("context", "starts"),
    [
        ({"prefix": "Usual dose: "}, [42]),
        ({"prefix": "ual dose:"}, [42]),
        ({"suffix": " too"}, [78]),
        ({"prefix": "children the dose is", "suffix": "too."}, [78]),
        ({"prefix": "Usual dose:", "suffix": "too."}, []),
        ({"prefix": "another dose:"}, []),
    ],
)
def test_the_context_tells_one_occurrence_from_another(context, starts):
    resolved = found(Evidence("a.md", "5 mg daily", **context))
    assert [place.start for place in resolved.places] == starts
    assert bool(resolved.missing) == (not starts)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("quote", "text", "count"),
    [
        ("5 mg", "25 mg, 1.5 mg, 1,5 mg", 0),
        ("take 5", "take 50, take 5.5, take 5,000", 0),
        ("take 5", "take 5. Or take 5, then stop", 2),
        ("rash", "rashes and a crash", 0),
        ("rash", "a rash, (rash)", 2),
        ("60 mg", "每次60 mg口服", 1),
        ("| 60 mg |", "| 60 mg | 60 mg |", 2),
        ("$5 (a|b)*", "costs $5 (a|b)* each", 1),
    ],
)
def test_a_quotation_is_no_part_of_a_longer_word_or_number(quote, text, count):
    assert stretches(Evidence("a.md", quote), text=text) == [quote] * count


@pytest.mark.unit
def test_offsets_have_to_lie_in_the_document():
    assert stretches(Evidence("a.md", start=2, end=8)) == ["Drug A"]
    resolved = found(Evidence("a.md", start=2, end=len(TEXT) + 1))
    assert resolved == Resolved(
        (), ("the range up to 95 lies beyond the 94 characters of a.md: the source changed, review the case",)
    )


@pytest.mark.unit
def test_what_is_missing_is_told_and_the_rest_is_found():
    resolved = found(Evidence("b.md", "5 mg"), Evidence("a.md", "dose is\n30 mg"), Evidence("a.md", "25 mg"))
    assert [(place.piece, place.text) for place in resolved.places] == [(2, "25 mg")]
    assert resolved.missing == (
        "document b.md is not in the index",
        "the quotation “dose is 30 mg” does not stand in a.md any more: the source changed, review the case",
    )


@pytest.mark.unit
def test_a_long_quotation_is_cut_in_its_message():
    [message] = found(Evidence("a.md", "word " * 50)).missing
    assert message.startswith("the quotation “word word ")
    assert " …” does not stand in a.md any more" in message
    assert len(message) < 170


@pytest.mark.unit
@given(st.lists(st.text("ab5.,|*", min_size=1, max_size=4), min_size=3, max_size=30), st.data())
def test_any_stretch_of_whole_words_is_found_where_it_was_taken(words, data):
    text = " \n".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = sum(len(word) + 2 for word in words[:first])
    quote = " ".join(words[first : last + 1])
    places = found(Evidence("a.md", quote), text=text).places
    assert start in [place.start for place in places]
    assert {place.text for place in places} == {fold(quote)}
