"""What readers of extracted text share: the draft, tables, raised characters, XML and archives within limits."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from citewell.errors import ReadError
from citewell.readers import archive, draft, grid, xml
from citewell.readers.archive import Archive
from citewell.readers.draft import Draft
from citewell.readers.grid import Cell, Row, grid_rows
from citewell.readers.limits import LIMITS
from citewell.readers.scripts import subscript, superscript
from citewell.readers.source import Source
from citewell.readers.xml import Places, parse_xml
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind

pytestmark = pytest.mark.unit


def rows(*texts: str) -> list[list[Cell]]:
    return [[Cell(text) for text in line.split("|")] for line in texts]


def zipped(members: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def test_a_draft_keeps_the_offsets_of_every_block():
    made = Draft("label.xml")
    made.heading("Examplol tablets", 1)
    made.heading("Dosage", 2, place="#s2")
    made.paragraph("  Doses are:  ")
    made.item("20 mg in adults", place="#i1")
    made.item("10 mg in children")
    made.paragraph(" \n ")
    document = made.document(Source(Path("/label.xml"), "label.xml", Path("/")), b"<x/>", {"version": "7"})
    assert document.text == "Examplol tablets\n\nDosage\n\nDoses are:\n\n20 mg in adults\n10 mg in children"
    assert [(document.text[b.start : b.end], b.kind.value, b.place) for b in document.blocks] == [
        ("Examplol tablets", "heading", None), ("Dosage", "heading", "#s2"), ("Doses are:", "paragraph", None),
        ("20 mg in adults", "item", "#i1"), ("10 mg in children", "item", None),
    ]  # fmt: skip
    units = split_units(document, Segmentation())
    assert [(document.text[slice(*u.lead)], u.section[-1], u.place) for u in units if u.lead] == [
        ("Doses are:", "Dosage", "#i1"), ("Doses are:", "Dosage", None),
    ]  # fmt: skip
    assert (document.metadata.title, document.metadata.version) == ("Examplol tablets", "7")


def test_a_row_is_led_by_its_caption_and_all_its_headers():
    made = Draft("d")
    table = [
        Row(("Kidneys", "Dose"), header=True),
        Row(("", "mg"), header=True),
        Row(("weak", "15")),
        Row(("a note",), note=True),
    ]
    made.table("Table 1. Doses", table, place="#t1")
    text = made.text()
    assert text == "Table 1. Doses\nKidneys | Dose\n | mg\nweak | 15\n\na note".replace("\n | ", "\n| ")
    leads = {text[b.start : b.end]: b.lead and text[slice(*b.lead)] for b in made.blocks if b.kind is BlockKind.ROW}
    assert leads == {"weak | 15": "Table 1. Doses\nKidneys | Dose\n| mg"}
    assert made.blocks[-1].kind is BlockKind.PARAGRAPH


def test_a_draft_stops_at_its_limit(monkeypatch):
    monkeypatch.setattr(draft, "LIMITS", replace(LIMITS, text_characters=20))
    made = Draft("long.xml")
    made.paragraph("x" * 15)
    with pytest.raises(ReadError, match="long.xml: expected a document of at most 20 characters"):
        made.paragraph("y" * 15)


def test_a_cell_over_several_rows_stands_in_each_of_them():
    table = [
        [Cell("Renal", rows=2), Cell("mild"), Cell("20 mg")],
        [Cell("severe"), Cell("5 mg")],
        [Cell("Hepatic"), Cell("any", columns=2)],
    ]
    assert [row.cells for row in grid_rows(table)] == [
        ("Renal", "mild", "20 mg"), ("Renal", "severe", "5 mg"), ("Hepatic", "any", ""),
    ]  # fmt: skip


def test_a_cell_over_rows_and_columns_keeps_the_columns_after_it():
    table = [[Cell("a", rows=2, columns=2), Cell("b")], [Cell("c")], [Cell("d"), Cell("e"), Cell("f")]]
    assert [row.cells for row in grid_rows(table)] == [("a", "", "b"), ("a", "", "c"), ("d", "e", "f")]


def test_a_group_names_its_rows_and_a_note_belongs_to_none():
    table = grid_rows(
        rows(
            "Adults:||", "mild|20 mg|daily", "severe|5 mg|daily", "Children:||", "all|1 mg|weekly", "Given with food.||"
        )
    )
    assert [row.cells for row in table] == [
        ("Adults › mild", "20 mg", "daily"), ("Adults › severe", "5 mg", "daily"), ("Children › all", "1 mg", "weekly"),
        ("Given with food.",),
    ]  # fmt: skip
    assert [row.note for row in table] == [False, False, False, True]


def test_a_group_whose_rows_are_set_in_ends_with_the_first_that_is_not():
    table = [
        [Cell("Menopause"), Cell("")],
        [Cell("before", indent=2), Cell("3")],
        [Cell("after", indent=2), Cell("4")],
        [Cell("Age"), Cell("5")],
    ]
    assert [row.cells for row in grid_rows(table)] == [
        ("Menopause › before", "3"),
        ("Menopause › after", "4"),
        ("Age", "5"),
    ]


def test_headers_are_rows_of_header_cells_and_empty_rows_are_left_out():
    table = grid_rows(
        [
            [Cell("Dose", header=True), Cell("n", header=True)],
            [Cell(""), Cell("")],
            [Cell("5 mg", header=True), Cell("7")],
        ]
    )
    assert [(row.cells, row.header) for row in table] == [(("Dose", "n"), True), (("5 mg", "7"), False)]


def test_absurd_spans_are_cut_to_the_limits(monkeypatch):
    monkeypatch.setattr(grid, "LIMITS", replace(LIMITS, table_columns=3))
    table = [[Cell("a", rows=10**9, columns=10**9), Cell("b")], [Cell("c"), Cell("d")]]
    assert [row.cells for row in grid_rows(table)] == [("a", "", ""), ("a", "", "")]


@pytest.mark.parametrize(
    ("before", "text", "raised"),
    [("10", "6", "⁶"), ("10", "-3", "⁻³"), ("25", "a", "ᵃ"), ("25", "†", "†"), ("fractures.", "3,4", "³,⁴"), ("1", "st", "st"),
     ("Lipitor", "®", "®"), ("5", "Ω", "^Ω"), ("mg/m", "2", "²"), ("x", "Ω", "Ω"), ("", "14", "¹⁴"),
     ("Examplol", "TM", "™"), ("5", "see note", "^see note"), ("in", "see note", "see note")],
)  # fmt: skip
def test_what_is_raised_never_joins_the_number_before_it(before, text, raised):
    assert superscript(text, before) == raised


@pytest.mark.parametrize(
    ("before", "text", "lowered"), [("CO", "2", "2"), ("10", "2", "₂"), ("7", "a", "_a"), ("AUC", "0-24", "0-24")]
)
def test_what_is_lowered_never_joins_the_number_before_it(before, text, lowered):
    assert subscript(text, before) == lowered


def test_xml_is_read_with_named_characters_and_without_declarations():
    root = parse_xml(
        "a.xml", b'<!DOCTYPE article PUBLIC "-//X//EN" "x.dtd"><article><p>5&nbsp;&micro;g &lt; 6 &amp; 7</p></article>'
    )
    assert root[0].text == "5\xa0µg < 6 & 7"
    with pytest.raises(ReadError, match="found a DOCTYPE that declares some"):
        parse_xml("b.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a>&unknown;</a>", b"\xff\xfe\x00", b"<a>\x00</a>", b"no mark-up"])
def test_broken_xml_is_refused_by_name(data):
    with pytest.raises(ReadError, match="^bad.xml: expected "):
        parse_xml("bad.xml", data)


def test_xml_has_limits(monkeypatch):
    monkeypatch.setattr(xml, "LIMITS", replace(LIMITS, xml_depth=3, xml_elements=5))
    assert parse_xml("a", b"<a><b><c/></b></a>") is not None
    for data in (b"<a><b><c><d/></c></b></a>", b"<a><b/><b/><b/><b/><b/></a>"):
        with pytest.raises(ReadError, match="expected at most 5 elements, 3 deep"):
            parse_xml("a", data)


def test_a_place_counts_from_the_nearest_identifier():
    root = parse_xml(
        "a", b'<document xmlns="urn:x"><section ID="s4"><text><p/><p/></text></section><section/></document>'
    )
    places = Places()
    assert [places.of(each) for each in root.iter("{*}p")] == ["#s4/text/p[1]", "#s4/text/p[2]"]
    assert places.of(root[1]) == "/document/section[2]"


def test_an_archive_gives_its_members_and_says_what_is_wrong():
    data = zipped({"b.xml": b"<b/>", "a/c.txt": b"c"})
    held = Archive("x.zip", data)
    assert (held.names, held.read("b.xml")) == (("a/c.txt", "b.xml"), b"<b/>")
    with pytest.raises(ReadError, match="expected “none.xml” in the archive"):
        held.read("none.xml")
    for broken in (data[:40], data[:20] + b"\xff" * 30 + data[50:], b"PK\x03\x04"):
        with pytest.raises(ReadError, match="expected a whole ZIP archive"):
            [Archive("x.zip", broken).read(name) for name in ("b.xml", "a/c.txt")]


def test_an_archive_that_unpacks_to_too_much_is_stopped(monkeypatch):
    monkeypatch.setattr(archive, "LIMITS", replace(LIMITS, archive_bytes=1000, archive_members=3))
    held = Archive("bomb.zip", zipped({"a": b"0" * 600, "b": b"0" * 600}))
    held.read("a")
    with pytest.raises(ReadError, match="expected “b” to unpack to at most 400 bytes"):
        held.read("b")
    with pytest.raises(ReadError, match="at most 3 files in the archive, found 4"):
        Archive("many.zip", zipped({str(number): b"" for number in range(4)}))


def test_a_drug_without_a_dose_is_not_given_the_next_ones():
    table = grid_rows(rows("Drug|Dose", "Examplol|", "Testamine|7 mg"))
    assert [row.cells for row in table] == [("Drug", "Dose"), ("Examplol", ""), ("Testamine", "7 mg")]


def test_a_name_in_bold_or_over_the_whole_table_names_the_rows_below():
    strong = [[Cell("Adults", strong=True), Cell("")], [Cell("mild"), Cell("20 mg")]]
    wide = [[Cell("Adults", columns=2)], [Cell("mild"), Cell("20 mg")]]
    for table in (strong, wide):
        assert [row.cells for row in grid_rows(table)] == [("Adults › mild", "20 mg")]


def test_an_empty_row_below_a_spanning_name_gives_it_to_no_other():
    table = [[Cell("Drug"), Cell("Way"), Cell("Dose")], [Cell("A", rows=2), Cell("oral"), Cell("5 mg")], [Cell(""), Cell("")],
             [Cell("B"), Cell("iv"), Cell("6 mg")]]  # fmt: skip
    assert [row.cells for row in grid_rows(table)] == [
        ("Drug", "Way", "Dose"),
        ("A", "oral", "5 mg"),
        ("B", "iv", "6 mg"),
    ]


def test_the_name_of_a_group_without_rows_is_not_lost():
    table = grid_rows(rows("Drug|Dose", "Pack A:|", "|", "a|5", "Pack B:|"))
    assert [(row.cells, row.note) for row in table] == [
        (("Drug", "Dose"), False), (("Pack A:",), True), (("a", "5"), False), (("Pack B:",), True),
    ]  # fmt: skip
