"""Pages of the web part by part: what is displayed is read as it is displayed, and no number joins another."""

from __future__ import annotations

from pathlib import Path

import pytest

from citewell.readers import Source, read
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Audience, BlockKind, Document

pytestmark = pytest.mark.unit
NAMES = "<tr><th>Age</th><th>Dose</th></tr>"


def page(body: str, head: str = "") -> Document:
    return page_of(f"<!doctype html><html><head>{head}</head><body><h1>Examplol</h1>{body}</body></html>".encode())


def page_of(data: bytes) -> Document:
    [found] = read(Source(Path("/p.html"), "p.html", Path("/")), data)
    assert isinstance(found, Document)
    return found


def told(body: str) -> list[tuple[str, str]]:
    """(lead, text) of what can be quoted."""
    found = page(body)
    return [
        (found.text[slice(*unit.lead)] if unit.lead else "", found.text[unit.start : unit.end])
        for unit in split_units(found, Segmentation())
    ]


def greyed(body: str) -> list[str]:
    found = page(body)
    return [found.text[b.start : b.end] for b in found.blocks if b.kind is BlockKind.BOILERPLATE]


def table(rows: str) -> list[tuple[str, str]]:
    return told(f"<table>{rows}</table>")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("10<sup>6</sup> cells", "10⁶ cells"),
        ("10<sup>6 </sup>cells", "10⁶ cells"),
        ('10<span style="vertical-align: super">6</span> cells', "10⁶ cells"),
        ('10<span class="superscript">6</span> cells', "10⁶ cells"),
        ('10<span class="sub">2</span> cells', "10₂ cells"),
        ("<math><mn>10</mn><msup></msup></math> cells", "10 cells"),
        ("<math><msup><mn>10</mn><mn>6</mn></msup></math> cells", "10⁶ cells"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> tablet", "1/2 tablet"),
        (
            "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac></math> tablet",
            "(a+1)/2 tablet",
        ),
        ("<math><mn>5</mn><annotation>5 in TeX</annotation></math> cells", "5 cells"),
        ("24<sup>a</sup> cells", "24ᵃ cells"),
        ("1.5<sup>[3]</sup> cells", "1.5[3] cells"),
        ("5 <span aria-hidden='true'>×</span> 10 mg", "5 × 10 mg"),
        ("5 mg<span class='sr-only'>per day</span> now", "5 mg per day now"),
        ("<span aria-hidden='true'>5 mg</span><span class='sr-only'>five milligrams</span> now", "5 mg now"),
        (
            "<span><span><math><mn>5</mn></math></span><span aria-hidden='true'>5.0</span></span> mg",
            "5 mg",
        ),
        ("See below <i class='material-icons' aria-hidden='true'>expand_more</i>", "See below"),
        ("Take <span style='display:none'>not</span> it", "Take it"),
    ],
)
def test_a_line_is_read_as_it_is_displayed(written, read_as):
    assert [(lead, " ".join(text.split())) for lead, text in told(f"<p>{written}</p>")] == [("", read_as)]
    [(_, row)] = table(f"<tr><th>Value</th><td>{written}</td></tr>")
    assert row == f"Value | {read_as}"


def test_what_is_struck_out_is_left_out_and_told():
    found = page(
        "<p>Take <del>50</del><ins>5</ins> mg <span style='text-decoration: line-through'>twice</span> once.</p>"
    )
    assert found.text.endswith("Take 5 mg  once.")
    assert found.metadata.remarks == ("The page strikes some of its text out; that text was left out.",)
    assert page("<p>Take 5 mg.</p>").metadata.remarks == ()


def test_a_term_leads_what_is_said_of_it():
    body = (
        "<dl><dt>Adults</dt><dd>5 mg</dd><dt>Children</dt><dt>Infants</dt><dd>2 mg</dd></dl><p>Take it with food.</p>"
    )
    assert told(body) == [
        ("", "Adults"), ("Adults", "5 mg"), ("", "Children"), ("", "Infants"), ("Children\n\nInfants", "2 mg"),
        ("", "Take it with food."),
    ]  # fmt: skip


def test_a_list_whose_terms_are_bullets_is_any_other_list():
    body = "<p>Do not take it if you have:</p><dl><dt>•</dt><dd>liver disease</dd><dt>2.</dt><dd><p>fever</p></dd></dl>"
    assert told(body)[1:] == [
        ("Do not take it if you have:", "liver disease"),
        ("Do not take it if you have:", "2. fever"),
    ]


def test_what_is_clicked_leads_what_it_opens_and_nothing_below():
    body = "<details><summary>In pregnancy</summary><p>Do not use it.</p></details><p>Use it daily.</p>"
    assert told(body) == [("", "In pregnancy"), ("In pregnancy", "Do not use it."), ("", "Use it daily.")]


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Dose</h2>",
        "<h2><div>Dose</div></h2>",
        "<h2><button aria-expanded='false'>Dose</button></h2>",
        "<h2>Dose <button>Copy link</button><span class='mw-editsection'>[edit]</span></h2>",
        "<h2>Dose<a class='headerlink' href='#d'>¶</a></h2>",
        "<div role='heading' aria-level='2'>Dose</div>",
    ],
)
def test_a_heading_is_one_whatever_is_in_it(heading):
    found = page(f"{heading}<p>Take 5 mg.</p>")
    [unit] = split_units(found, Segmentation())
    assert unit.section == ("Examplol", "Dose")


def test_a_heading_that_is_never_closed_swallows_no_list():
    assert ("", "Take 5 mg.") in told("<h2>Dose<ul><li>Take 5 mg.</li></ul>")


@pytest.mark.parametrize(
    "hidden",
    [
        '<div class="accordion-panel" style="display:none"><p>Do not use it.</p></div>',
        '<div class="collapse" aria-hidden="true"><p>Do not use it.</p></div>',
        '<div role="tabpanel" hidden><p>Do not use it.</p></div>',
        '<div hidden="until-found"><p>Do not use it.</p></div>',
        '<aside class="warning"><p>Do not use it.</p></aside>',
        "<aside><p>Do not use it.</p></aside>",
        '<article><aside class="box"><p>Do not use it.</p></aside></article>',
        '<div class="has-sidebar"><h2>Use</h2><p>Do not use it.</p></div>',
        '<div id="informed-consent"><p>Do not use it.</p></div>',
        '<div class="social-history"><p>Do not use it.</p></div>',
        '<div class="safety-banner"><p>Do not use it.</p></div>',
        '<div class="sidebar"><p>Do not use it.</p></div>',  # nearly all the page's text
        "<blockquote><footer>Do not use it.</footer></blockquote>",
    ],
)
def test_content_is_quoted_whatever_its_name_and_state(hidden):
    assert ("", "Do not use it.") in told(hidden)


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="modal" aria-hidden="true"><p>Take part in our survey.</p></div>',
        "<aside><p><a>Take part in our survey.</a></p></aside>",
        '<aside class="related"><p>Take part in our survey.</p></aside>',
        '<div class="sidebar"><p>Take part in our survey.</p></div>',
        '<div class="cookie-consent"><p>Take part in our survey.</p></div>',
        "<textarea>Take part in our survey.</textarea>",
    ],
)
def test_furniture_is_greyed(furniture):
    content = "<p>Examplol is given at 5 mg to adults, and at 2 mg to children who weigh more than 10 kg.</p>"
    assert greyed(content + furniture) == ["Take part in our survey."]


def test_what_is_never_displayed_is_no_text():
    assert "secret" not in page("<p hidden>secret</p><div style='display: none'>secret</div><p>Take it.</p>").text


def test_rows_belong_to_the_group_above_them_and_to_no_other():
    groups = '<tr><th colspan="2">Adults</th></tr><tr><td>mild</td><td>5 mg</td></tr>'
    groups += "<tr><th>Children</th></tr><tr><td>mild</td><td>2 mg</td></tr>"
    assert table(NAMES + groups) == [
        ("Age | Dose", "Adults › mild | 5 mg"),
        ("Age | Dose", "Children › mild | 2 mg"),
    ]


def test_names_of_columns_hold_until_others_come():
    rows = "<tr><td>old</td><td>5 mg</td></tr><tr><td colspan='2'>By weight</td></tr>"
    rows += "<tr><th>Weight</th><th>Rate</th></tr><tr><td>60 kg</td><td>7</td></tr>"
    assert table(NAMES + rows) == [
        ("Age | Dose", "old | 5 mg"), ("", "By weight"), ("Weight | Rate", "60 kg | 7"),
    ]  # fmt: skip


@pytest.mark.parametrize("title", ['<tr><th colspan="2">Adults</th></tr>', '<tr><td colspan="2">Adults</td></tr>'])
def test_a_title_inside_a_table_leads_its_rows(title):
    assert table(f"{title}{NAMES}<tr><td>old</td><td>5 mg</td></tr>") == [("Adults |\nAge | Dose", "old | 5 mg")]


def test_the_foot_of_a_table_comes_last_wherever_it_stands():
    rows = f"<thead>{NAMES}</thead><tfoot><tr><td>All</td><td>9 mg</td></tr><tr><td colspan='2'>With food</td></tr></tfoot>"
    assert table(f"{rows}<tbody><tr><td>old</td><td>5 mg</td></tr></tbody>") == [
        ("Age | Dose", "old | 5 mg"), ("Age | Dose", "All | 9 mg"), ("", "With food"),
    ]  # fmt: skip


def test_what_spans_an_empty_row_stays_out_of_the_row_below():
    rows = "<tr><td rowspan='2'>old</td><td>5 mg</td></tr><tr><td></td></tr><tr><td>young</td><td>2 mg</td></tr>"
    assert table(NAMES + rows) == [("Age | Dose", "old | 5 mg"), ("Age | Dose", "young | 2 mg")]


def test_no_name_of_a_group_is_lost_before_a_row_of_pictures():
    rows = '<tr><td colspan="2">Take 3 tablets</td></tr><tr><td colspan="2"><img src="x"></td></tr><tr><td>old</td><td>daily</td></tr>'
    assert table(NAMES + rows) == [("Age | Dose", "Take 3 tablets › old | daily")]


def test_a_row_that_opens_with_its_name_leads_no_other():
    rows = "<tr><th>Trade name</th><td>Examplex</td></tr><tr><th>Form</th><td>tablet</td></tr>"
    assert table(rows) == [("", "Trade name | Examplex"), ("", "Form | tablet")]


def test_bold_rows_below_the_first_lead_no_other():
    rows = "<thead><tr><td></td><td>A</td><td>B</td></tr></thead>" + "".join(
        f"<tr><td><b>{name}</b></td><td><b>N=5</b></td><td><b>N=6</b></td></tr><tr><td>events</td><td>1</td><td>2</td></tr>"
        for name in ("Relapse", "Death")
    )
    assert {lead for lead, _ in table(rows)} == {"| A | B"}


def test_what_stands_in_a_table_and_in_no_cell_is_kept():
    quoted = [
        text
        for _, text in table(
            f"{NAMES}<tr><td>old</td><td>5 mg</td></tr><div>Never more.</div><tr><p>Not with milk.</p></tr>"
        )
    ]
    assert {"Never more.", "Not with milk."} <= set(quoted)


def test_a_table_by_its_roles_is_one():
    body = (
        "<div role='table'><div role='row'><span role='columnheader'>Age</span><span role='columnheader'>Dose</span></div>"
        "<div role='row'><span role='cell'>old</span><span role='cell'>5 mg</span></div></div>"
    )
    assert told(body) == [("Age | Dose", "old | 5 mg")]


def test_a_page_laid_out_in_columns_is_no_table():
    body = f"<table><tr><td><p>Home</p><p>Drugs</p></td><td><p>Take 5 mg.</p><p>{'Examplol is a drug. ' * 90}</p></td></tr></table>"
    assert ("", "Take 5 mg.") in told(body)


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "windows-1252"])
def test_dashes_of_pages_that_call_themselves_latin_are_kept(charset):
    data = f'<html><head><meta charset="{charset}"></head><body><p>Take 5–10 mg.</p></body></html>'.encode("cp1252")
    assert page_of(data).text == "Take 5–10 mg."


def test_the_encoding_of_xhtml_is_believed():
    data = '<?xml version="1.0" encoding="windows-1251"?><html><body><p>Доза 5 мг.</p></body></html>'.encode("cp1251")
    assert page_of(data).text == "Доза 5 мг."


def linked(properties: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "MedicalWebPage", {properties}}}</script>'


@pytest.mark.parametrize(
    ("head", "updated"),
    [
        ('<meta name="date" content="2020-01-02">' + linked('"dateModified": "2023-05-04"'), "2023-05-04"),
        (linked('"datePublished": "2020-01-02", "lastReviewed": "2024-05-04"'), "2021-03-09"),
        (
            '<meta property="article:modified_time" content="2022-01-01">' + linked('"dateModified": "2023-05-04"'),
            "2022-01-01",
        ),
        ('<meta name="citation_date" content="2020/01/02">', "2021-03-09"),  # the page prints a later change
        ('<meta name="dcterms.modified" content="2020-01-02">', "2020-01-02"),
    ],
)
def test_the_date_of_the_last_change_outranks_that_of_publication(head, updated):
    assert page("<p>Last updated: March 9, 2021</p><p>Take it.</p>", head).metadata.updated == updated


def test_a_review_is_no_approval():
    metadata = page("<p>Take it.</p>", linked('"lastReviewed": "2024-05-04", "reviewedBy": "Jane Doe"')).metadata
    assert (metadata.review_status, metadata.updated) == (None, None)


@pytest.mark.parametrize(
    ("audience", "known"),
    [
        ('{"@type": "MedicalAudience", "audienceType": "Clinician"}', Audience.CLINICIAN),
        ('[{"@type": "Patient", "audienceType": "Patient"}]', Audience.PATIENT),
        ('"patients and physicians"', None),
        ('"researchers"', None),
    ],
)
def test_whom_a_page_is_for_is_what_it_says(audience, known):
    assert page("<p>Take it.</p>", linked(f'"audience": {audience}')).metadata.audience is known


def test_the_licence_is_the_one_that_the_page_links_to():
    own = '<p>Take it.</p><a rel="license" href="https://example.org/by/4.0/">CC BY</a>'
    picture = '<figure><a rel="license" href="https://example.org/by/3.0/">CC BY</a></figure>'
    assert page(own + picture).metadata.licence == "https://example.org/by/4.0/"
    assert page(picture).metadata.licence is None
    assert page(own + '<a rel="license" href="https://example.org/x">X</a>').metadata.licence is None
