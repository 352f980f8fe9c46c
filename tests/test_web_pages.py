"""Web pages of the usual shapes: their content is quoted, their furniture greyed, and their heads are believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from web_pages import PAGES

from citewell.readers import Source, read
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document, SourceClass, Unit

pytestmark = pytest.mark.unit


def page(html: str) -> Document:
    [found] = read(Source(Path("/p.html"), "p.html", Path("/")), html.encode())
    assert isinstance(found, Document)
    return found


def units(found: Document) -> list[tuple[Unit, str]]:
    return [(unit, found.text[unit.start : unit.end]) for unit in split_units(found, Segmentation())]


@pytest.mark.parametrize("name", PAGES)
def test_all_content_is_quotable_and_no_furniture_is(name):
    found = page(PAGES[name].html)
    quotable = [text for _, text in units(found)]
    assert [each for each in PAGES[name].content if not any(each in text for text in quotable)] == []
    assert [each for each in PAGES[name].furniture if any(each in text for text in quotable)] == []
    greyed = "\n".join(found.text[b.start : b.end] for b in found.blocks if b.kind is BlockKind.BOILERPLATE)
    assert all(each in greyed for each in PAGES[name].furniture if each != "Collapse Section")


def test_a_row_under_two_header_rows_shows_both():
    found = page(PAGES["guideline"].html)
    [unit] = [unit for unit, text in units(found) if text.startswith("Severe")]
    assert unit.lead is not None
    assert found.text[slice(*unit.lead)].split("\n") == [
        "Dose by kidney function",
        "Kidneys | Dose |",
        "Kidneys | Day 1 | From day 2",
    ]
    assert unit.place == "/html/body/div[2]/div/div/div/table/tbody/tr[2]"


def test_an_item_is_led_by_what_forbids_it():
    found = page(PAGES["guideline"].html)
    [unit] = [unit for unit, text in units(found) if "renal impairment" in text and "|" not in text]
    assert unit.lead is not None
    assert found.text[slice(*unit.lead)] == "Do not offer examplol to people who:"


def test_a_list_completes_its_heading():
    found = page(PAGES["drug"].html)
    [unit] = [unit for unit, text in units(found) if text == "liver disease"]
    assert unit.lead is not None
    assert found.text[slice(*unit.lead)] == "Tell your doctor if you have:"


def test_linked_data_gives_dates_and_publisher_but_no_review_status():
    metadata = page(PAGES["blog"].html).metadata
    assert (metadata.updated, metadata.publisher, metadata.language) == ("2023-05-04", "Example Health", "en-GB")
    assert (metadata.review_status, metadata.source_class) == (None, SourceClass.WEB)


@pytest.mark.parametrize("broken", ["{", "[1, 2]", '"text"', '{"@graph": 5}', '{"@type": {"a": 1}}', "[" * 5000])
def test_broken_linked_data_is_passed_over(broken):
    found = page(PAGES["blog"].html.replace('{"@context"', broken + '{"@context"'))
    assert found.metadata.title == "What to know about examplol"


def test_a_journal_page_is_cited_by_what_its_head_states():
    head = (
        '<meta name="citation_title" content="On examplol"><meta name="citation_journal_title" content="J Ex">'
        '<meta name="citation_author" content="Doe, Jane B"><meta name="citation_author" content="Rick Roe">'
        '<meta name="citation_publication_date" content="2021/03/09"><meta name="citation_volume" content="4">'
        '<meta name="citation_firstpage" content="10"><meta name="citation_doi" content="10.1000/1">'
    )
    metadata = page(f"<html><head>{head}</head><body><h1>On examplol</h1><p>Text.</p></body></html>").metadata
    assert metadata.how_to_cite == "Doe JB, Roe R. On examplol. J Ex. 2021;4:10. doi: 10.1000/1"
    assert (metadata.identifiers, metadata.source_class) == (("doi 10.1000/1",), SourceClass.RESEARCH)


@pytest.mark.parametrize(
    "name",
    [
        "section-header",
        "warning banner",
        "content-body",
        "prescribing-comments",
        "boxed-warning-banner",
        "navel",
        "topic",
    ],
)
def test_names_of_content_are_not_taken_for_furniture(name):
    found = page(
        f'<html><body><h1>A</h1><div class="{name}"><h2>Dose</h2><p>It is given at 5 mg.</p></div></body></html>'
    )
    assert any(text == "It is given at 5 mg." and unit.section[-1] == "Dose" for unit, text in units(found))
