"""The source panel: a citation opens only where it may, and its span is marked exactly."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import GUIDELINE, LONG, MONOGRAPH
from markup_reader import Page

from app import links, source
from citewell.readers import discover, read
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Block, BlockKind, Document, Metadata, SourceClass, Span, Unit, UnitKind, fold

pytestmark = pytest.mark.unit
TODAY = date(2026, 11, 22)


@given(st.text(max_size=50), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_citation_id_reads_back_and_is_safe_in_a_link(document_id: str, start: int, end: int) -> None:
    word = links.encode(Span(document_id, start, end))
    assert re.fullmatch(r"[A-Za-z0-9_-]+", word)
    assert links.decode(word) == Span(document_id, start, end)


@given(st.one_of(st.none(), st.integers(), st.text(), st.text("ABCWy_-", max_size=40)))
def test_a_forged_citation_id_is_nothing(word: object) -> None:
    span = links.decode(word)
    assert span is None or links.encode(span)


@pytest.mark.parametrize(
    "packed", ["W10", "WyJhIiwwXQ", "WyJhIiwidCIsMV0", "WyJhIix0cnVlLDVd", "e30", "bnVsbA", "A" * 5000]
)
def test_a_citation_id_of_another_shape_is_nothing(packed: str) -> None:
    assert links.decode(packed) is None


def test_only_spans_that_begin_and_end_with_units_are_opened() -> None:
    document, units = GUIDELINE
    first, second = units[0], units[1]
    assert links.is_quotable(Span(document.id, first.start, second.end), document, units)
    assert not links.is_quotable(Span(document.id, first.start + 1, first.end), document, units)
    assert not links.is_quotable(Span(document.id, first.start, first.end - 1), document, units)
    assert not links.is_quotable(Span(document.id, first.start, len(document.text) + 1), document, units)
    assert not links.is_quotable(Span(document.id, -1, first.end), document, units)


@pytest.mark.parametrize(("document", "units"), [GUIDELINE, MONOGRAPH])
def test_every_unit_is_marked_exactly_in_its_source(document: Document, units: tuple[Unit, ...]) -> None:
    for unit in units:
        page = Page(source.panel_html(document, units, Span(document.id, unit.start, unit.end), today=TODAY))
        assert fold(page.marked) == fold(document.text[unit.start : unit.end])
        assert "cw-warning" not in page.texts


def test_a_span_over_two_paragraphs_is_marked_in_both() -> None:
    document, units = MONOGRAPH
    span = Span(document.id, units[-2].start, units[-1].end)
    markup = source.panel_html(document, units, span, today=TODAY)
    assert markup.count("<mark") == 2
    assert "".join(Page(markup).marked.split()) == "".join(document.text[span.start : span.end].split())


def test_a_span_that_the_blocks_do_not_hold_is_not_marked_at_all() -> None:
    document, units = GUIDELINE
    broken = replace(document, blocks=tuple(block for block in document.blocks if block.start != units[0].start))
    page = Page(source.panel_html(broken, units, Span(document.id, units[0].start, units[0].end), today=TODAY))
    assert page.marked == ""
    assert page.texts["cw-warning"] == [
        "The quotation could not be matched to this text exactly, so nothing is highlighted."
    ]


def test_the_panel_tells_where_the_quotation_stands_and_how_the_source_wants_to_be_cited() -> None:
    document, units = MONOGRAPH
    unit = next(unit for unit in units if unit.page == 2)
    page = Page(
        source.panel_html(document, units, Span(document.id, unit.start, unit.end), today=TODAY, is_current=False)
    )
    assert page.texts["cw-crumbs"] == ["Dose › page 2"]
    assert page.texts["cw-head"][0].startswith("ExamplolDose › page 2Monograph updated 2017-12-28 (8 years old)")
    assert "How to citeExample Monographs [Internet]. Examplol. [Updated 2017 Dec 28]." in page.texts["cw-about"][0]
    assert f"LocatorExamplol › Dose › page 2 · chars {unit.start}-{unit.end}" in page.texts["cw-about"][0]
    assert page.texts["cw-warning"] == [
        "This source's file has changed since it was indexed: what you see is the text as it was then."
    ]
    assert page.texts["cw-page"] == ["Page 2"]


def test_a_list_keeps_its_printed_numbers_and_a_table_its_cells() -> None:
    text = "1. First\n2. Second\n\n| a | b |\n| c | d |"
    blocks = (
        Block(3, 8, BlockKind.ITEM, 1), Block(12, 18, BlockKind.ITEM, 1), Block(20, 29, BlockKind.HEADER), Block(30, 39, BlockKind.ROW),
    )  # fmt: skip
    document = Document("d", text, Metadata("T"), blocks, "/d", "0")
    units = (Unit(30, 39, UnitKind.ROW, (), SourceClass.OTHER, block=3),)
    page = Page(source.panel_html(document, units, Span("d", 30, 39), today=TODAY))
    assert page.texts["cw-sign"] == ["1.", "2."]
    assert fold(page.marked) == "| c | d |"
    assert {"table", "th", "td"} <= page.tags


def test_a_long_document_is_shown_around_the_citation_first() -> None:
    document, units = LONG
    span = Span(document.id, units[900].start, units[900].end)
    near = Page(source.panel_html(document, units, span, today=TODAY))
    wider = Page(source.panel_html(document, units, span, today=TODAY, reach=source.Reach(above=2, below=1)))
    assert fold(near.marked) == fold(wider.marked) == fold(document.text[span.start : span.end])
    assert near.texts["cw-more"] == ["Show more above", "Show more below"]
    assert len(near.text) == pytest.approx(source.STEP * 2, rel=0.05)
    assert len(wider.text) == pytest.approx(source.STEP * 3, rel=0.05)


@given(st.text(min_size=1, max_size=60).filter(lambda text: not text.isspace()))
def test_any_text_is_marked_to_the_letter(text: str) -> None:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    for kind in BlockKind:
        document = Document("d", text, Metadata("T"), (Block(start, end, kind),), "/d", "0")
        units = (Unit(start, end, UnitKind.SENTENCE, (), SourceClass.OTHER),)
        markup = source.panel_html(document, units, Span("d", start, end), today=TODAY)
        marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", markup, re.DOTALL))
        assert "".join(html.unescape(marked).split()) == "".join(html.unescape(html.escape(text)).split())


@pytest.mark.shared
def test_every_unit_of_the_seeds_is_marked_exactly_in_its_source() -> None:
    seeds = Path(__file__).resolve().parents[2] / "shared" / "seeds"
    for found in discover([seeds]):
        for document in read(found, found.path.read_bytes()):
            assert isinstance(document, Document)
            units = split_units(document, Segmentation())
            for unit in units:
                page = Page(source.panel_html(document, units, Span(document.id, unit.start, unit.end), today=TODAY))
                assert fold(page.marked) == fold(document.text[unit.start : unit.end])


def test_a_quotation_of_several_list_items_is_marked_in_each_of_them() -> None:
    text = "It can cause:\n\n- rash\n- fever\n- pain\n"
    blocks = tuple(
        Block(text.index(word), text.index(word) + len(word), kind)
        for word, kind in (
            ("It can cause:", BlockKind.PARAGRAPH),
            ("rash", BlockKind.ITEM),
            ("fever", BlockKind.ITEM),
            ("pain", BlockKind.ITEM),
        )
    )
    document = Document("d", text, Metadata("Title"), blocks, "/d.md", "0" * 64)
    span = Span("d", text.index("rash"), text.index("fever") + len("fever"))
    panel = source.panel_html(document, (), span, today=date(2026, 11, 22))
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", panel) == ["rash", "fever"]
    assert "nothing is highlighted" not in panel
