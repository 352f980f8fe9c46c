"""The structure of bare text, and what a source says of itself in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from citewell.readers import Source, read
from citewell.readers.boilerplate import is_boilerplate
from citewell.readers.dates import parse_date
from citewell.readers.recognise import is_label
from citewell.readers.references import expanded
from citewell.types import BlockKind, Document, SourceClass, fold

pytestmark = pytest.mark.unit

MONOGRAPH = """
NLM Citation: LiverTox: Notes on Drug-
Caused Harm [Internet]. Bethesda (MD): Example Institute of
Health; 2012-. Alphamab. [Updated 2019 Mar 4].
Bookshelf URL: https://example.org/books/

Alphamab
Updated: March 4, 2019.

OVERVIEW

Introduction
Alphamab is a made-up antibody that serves as an example here and is printed over several\x20
lines of text. It was never given to anyone, in 2 trials or elsewhere.

Effects on the Liver
In no trial did alphamab change a value, and the one event that was seen was most likely



an unrelated finding. Harm must be rare.

Likelihood score: E* (unproven (made up) for this test).

Mechanism
Nothing is known of it.
"""

PAGE = """\
 What is alphamab (Alpha) used for?

Editorial BoardAll pages are reviewed for accuracy by our Editorial Board
For information purposes only • Take care as content is pending human review
Page Review Status
Submitted
Under Review
Approved

Last updated: May 2, 2024View editorial policy

Personalize

Help us tailor your visit

From the Guidelines

Alphamab is made up to treat nothing at all in adults 1. The usual dose is 10 mg 1. Some points to note include:

  • Values are checked before the first dose of betamab, but not alphamab 1
  • Teeth are looked at
    by a dentist 2 2

From the Research

Use of Alphamab

Alphamab is used in nobody 3, 4, 5. Main facts include:

  - It is given every 6 months 3, 4.
  - It is stored cold 7.

References

Guideline

Made Up Guideline Overview

Example Board & Editors, 2024

Research

A look at alphamab in nobody.

Journal of Examples : made up therapeutics, 2011

Professional Medical Disclaimer

This text is made for tests. The reader should check all of it.

Have a follow-up question?

Our Medical A.I. is used by doctors around the world. Ask any question and get answers.
"""


def read_text(text: str, name: str = "page.txt") -> Document:
    [document] = read(Source(Path("/docs") / name, name, Path("/docs")), text.encode())
    assert isinstance(document, Document)
    return document


def outline(document: Document) -> list[tuple[int, str]]:
    blocks = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    return [(block.level, document.text[block.start : block.end]) for block in blocks]


def printed(document: Document, kind: BlockKind) -> list[str]:
    return [fold(document.text[block.start : block.end]) for block in document.blocks if block.kind is kind]


def leads(document: Document) -> list[str]:
    return [fold(document.text[slice(*block.lead)]) for block in document.blocks if block.lead]


def test_bare_headings_of_a_monograph_get_their_levels() -> None:
    assert outline(read_text(MONOGRAPH)) == [
        (1, "Alphamab"), (2, "OVERVIEW"), (3, "Introduction"), (3, "Effects on the Liver"), (3, "Mechanism"),
    ]  # fmt: skip


def test_hard_wraps_and_blank_lines_inside_a_sentence_do_not_cut_a_paragraph() -> None:
    assert printed(read_text(MONOGRAPH), BlockKind.PARAGRAPH) == [
        "Alphamab is a made-up antibody that serves as an example here and is printed over several lines of text. "
        "It was never given to anyone, in 2 trials or elsewhere.",
        "In no trial did alphamab change a value, and the one event that was seen was most likely an unrelated finding. "
        "Harm must be rare.",
        "Nothing is known of it.",
    ]


def test_a_label_line_is_a_label() -> None:
    assert printed(read_text(MONOGRAPH), BlockKind.LABEL) == [
        "Likelihood score: E* (unproven (made up) for this test)."
    ]


def test_a_citation_over_several_lines_is_read_with_its_hyphen() -> None:
    metadata = read_text(MONOGRAPH).metadata
    assert metadata.how_to_cite == (
        "LiverTox: Notes on Drug-Caused Harm [Internet]. Bethesda (MD): Example Institute of Health; 2012-. Alphamab. "
        "[Updated 2019 Mar 4]."
    )
    assert (metadata.title, metadata.updated, metadata.url) == ("Alphamab", "2019-03-04", "https://example.org/books/")
    assert (metadata.source_class, metadata.publisher) == (SourceClass.MONOGRAPH, "Example Institute of Health")
    assert (metadata.review_status, metadata.remarks) == (None, ())


def test_dates_that_differ_are_remarked() -> None:
    metadata = read_text(MONOGRAPH.replace("2019 Mar 4", "2018 Mar 4")).metadata
    assert metadata.updated == "2019-03-04"
    assert metadata.remarks == (
        "The document prints different dates: 2018-03-04, 2019-03-04. The latest one is shown.",
    )


def test_a_web_page_keeps_three_levels_and_its_question_as_title() -> None:
    document = read_text(PAGE)
    assert document.metadata.title == "What is alphamab (Alpha) used for?"
    assert outline(document) == [
        (1, "What is alphamab (Alpha) used for?"), (2, "From the Guidelines"), (2, "From the Research"), (3, "Use of Alphamab"),
        (2, "References"), (3, "Guideline"), (3, "Research"),
    ]  # fmt: skip


def test_list_items_are_led_by_the_last_sentence_before_them() -> None:
    document = read_text(PAGE)
    assert printed(document, BlockKind.ITEM) == [
        "Values are checked before the first dose of betamab, but not alphamab 1", "Teeth are looked at by a dentist 2 2",
        "It is given every 6 months 3, 4.", "It is stored cold 7.",
    ]  # fmt: skip
    assert leads(document) == ["Some points to note include:"] * 2 + ["Main facts include:"] * 2


def test_chrome_status_disclaimer_and_promotion_are_boilerplate() -> None:
    chrome = " / ".join(printed(read_text(PAGE), BlockKind.BOILERPLATE))
    assert chrome.startswith("Editorial BoardAll pages")
    for words in (
        "Approved",
        "View editorial policy",
        "Personalize",
        "tailor",
        "Disclaimer",
        "check all",
        "follow-up",
        "get answers",
    ):
        assert words in chrome
    assert all("review" not in paragraph for paragraph in printed(read_text(PAGE), BlockKind.PARAGRAPH))


def test_a_page_with_all_review_states_printed_is_pending_never_approved() -> None:
    metadata = read_text(PAGE).metadata
    assert (metadata.review_status, metadata.updated, metadata.source_class) == (
        "pending human review", "2024-05-02", SourceClass.WEB,
    )  # fmt: skip
    assert read_text(PAGE.replace("pending human review", "new")).metadata.review_status is None


def test_reference_marks_without_numbered_entries_are_remarked() -> None:
    document = read_text(PAGE)
    assert printed(document, BlockKind.REFERENCE) == [
        "Made Up Guideline Overview Example Board & Editors, 2024",
        "A look at alphamab in nobody. Journal of Examples : made up therapeutics, 2011",
    ]
    assert (
        "6 different reference marks (1, 2, 3, 4, 5, 7); its list has 2 unnumbered entries"
        in document.metadata.remarks[1]
    )


def test_marks_with_their_numbered_entries_need_no_remark() -> None:
    text = "# A\n\nOne [1, 3]. Two [2-3].\n\n## References\n\n1. First.\n2. Second.\n"
    assert read_text(text + "3. Third.\n", "a.md").metadata.remarks == ()
    assert read_text(text, "a.md").metadata.remarks == ("The text cites 3; its reference list has no such number.",)


def test_a_dose_is_never_a_reference_mark() -> None:
    text = "Take it every week 1, 2.\n\nGive grade 3.\n\nAt 2, 3.\n\nReferences\n\n1. One, 2001.\n"
    assert all("mark" not in remark for remark in read_text(text).metadata.remarks)


def test_a_short_first_line_of_a_wrapped_paragraph_is_no_heading() -> None:
    document = read_text("Denosumab inhibits\nRANK ligand and so\nit slows the loss.\n")
    assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH]


def test_bullets_on_neighbouring_lines_are_items_with_depth() -> None:
    document = read_text(
        "Uses are:\n- bone\n  loss\n- pain\n   - mild\n   - severe\n- rash\n\nThen more text follows here.\n"
    )
    items = [(block.level, fold(document.text[block.start : block.end])) for block in document.blocks if block.level]
    assert items == [(1, "bone loss"), (1, "pain"), (2, "mild"), (2, "severe"), (1, "rash")]
    assert printed(document, BlockKind.PARAGRAPH) == ["Uses are:", "Then more text follows here."]


def test_a_range_wrapped_to_a_line_start_is_no_item() -> None:
    document = read_text(
        "The dose for most of the people in the trial lay between five and\n- 10 mg of the drug, given daily.\n"
    )
    assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH]


def test_tables_in_plain_text_are_rows_with_their_header() -> None:
    document = read_text(
        "Doses follow.\n\nUse            Dose\n--------------------\nOsteoporosis   60 mg\nMetastases     120 mg\n"
    )
    assert printed(document, BlockKind.HEADER) == ["Use Dose"]
    assert printed(document, BlockKind.ROW) == ["Osteoporosis 60 mg", "Metastases 120 mg"]
    assert leads(document) == ["Use Dose"] * 2


def test_form_feeds_count_pages() -> None:
    document = read_text("One is here.\f\nTwo goes\fon there.\n")
    assert [(fold(document.text[b.start : b.end]), b.page) for b in document.blocks] == [
        ("One is here.", 1), ("Two goes on there.", 2),
    ]  # fmt: skip


def test_neighbouring_labels_are_apart_whatever_their_length() -> None:
    document = read_text("Facts follow here.\n\nRoute: under the skin\nDose: 60 mg\n")
    assert printed(document, BlockKind.LABEL) == ["Route: under the skin", "Dose: 60 mg"]


def test_a_heading_between_dashes_is_a_heading() -> None:
    document = read_text("First.\n----------ADVERSE REACTIONS----------\nSecond.\n")
    assert outline(document) == [(2, "ADVERSE REACTIONS")]
    assert printed(document, BlockKind.PARAGRAPH) == ["First.", "Second."]


def test_a_table_row_that_lost_its_columns_is_no_heading() -> None:
    assert outline(read_text("Some words stand here.\n\nHeadache 18% 13%\n\nMore words stand here.\n")) == []


def test_numbered_sections_nest() -> None:
    document = read_text("Alpha Label\n\n1 USES\n\nOne.\n\n1.1 Bone Loss\n\nTwo.\n\n2 DOSE\n\nThree.\n")
    assert outline(document) == [(1, "Alpha Label"), (2, "1 USES"), (3, "1.1 Bone Loss"), (2, "2 DOSE")]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("December 28, 2017.", "2017-12-28"), ("2017 Dec 28]", "2017-12-28"), ("March 3, 2025View editorial", "2025-03-03"),
        ("28 December 2017", "2017-12-28"), ("12/2017", "2017-12"), ("2017-12-28T10:00Z", "2017-12-28"), ("2017", "2017"),
        ("Sept. 2019", "2019-09"), ("13/04/2025", "2025-04-13"), ("03/04/2025", None), ("2017-13-01", None),
        ("February 30, 2020", None), ("soon", None), ("20250", None),
    ],
)  # fmt: skip
def test_dates_are_read_as_precisely_as_they_are_printed(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dose: 60 mg every 6 months.", True), ("Key uses include:", False), ("Key uses include: bone", False),
        ("Note: take it. Then wait.", False), ("https://example.org", False), ("Half-life: 25.4 days", True),
    ],
)  # fmt: skip
def test_labels_are_one_statement(text: str, expected: bool) -> None:
    assert is_label(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Sign in or register", "Share on Facebook", "We use cookies to improve your visit.", "© 2024 Example. All rights reserved.",
        "This content is not a substitute for professional medical advice.", "Medically reviewed by A. Example, MD",
        "Table of contents", "Trusted by thousands of clinicians", "1 Use ........................ 3",
    ],
)  # fmt: skip
def test_web_chrome_is_known_in_many_wordings(text: str) -> None:
    assert is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "Talk to your doctor before you stop taking it.", "The dose was reviewed by the board of the trial.",
        "Patients share needles.", "Approved in 2010 for adults.", "It is used by women after menopause.",
        "It does not replace calcium.", "Home treatment is possible.", "X-linked hypophosphatemia",
        "Share with your doctor what you take.",
    ],
)  # fmt: skip
def test_medical_sentences_are_no_chrome(text: str) -> None:
    assert not is_boilerplate(text)


def test_ranges_of_marks_are_expanded() -> None:
    assert [expanded(marks) for marks in ("3, 5-7", "2 2", "1–3")] == [[3, 5, 6, 7], [2, 2], [1, 2, 3]]
