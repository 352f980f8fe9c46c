"""Spreadsheets and files of values: a cell is quoted as it is displayed, a row with its header, or not at all."""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from citewell.errors import ReadError
from citewell.readers.archive import Archive
from citewell.readers.decode import decode
from citewell.readers.office import sheet_cells, sheet_csv
from citewell.readers.office.sheet import looks_like_sheet, read_sheet
from citewell.readers.office.sheet_csv import looks_like_csv, read_csv
from citewell.readers.office.sheet_dates import Calendar
from citewell.readers.office.sheet_formats import shown_number, shown_text
from citewell.readers.office.word import looks_like_word
from citewell.readers.source import Source
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document

pytestmark = pytest.mark.unit


def source(name: str) -> Source:
    return Source(Path("/") / name, name, Path("/"))


def saved(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled(*rows: tuple[object, ...], title: str = "Doses") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def read(book: openpyxl.Workbook | bytes) -> Document:
    data = book if isinstance(book, bytes) else saved(book)
    return read_sheet(source("doses.xlsx"), data)


def read_values(text: str, name: str = "doses.csv") -> Document:
    data = text.encode()
    return read_csv(source(name), data, decode(name, data))


def rows_of(document: Document) -> list[tuple[str, str | None, str | None]]:
    """Text, lead and place of each row."""
    return [
        (document.text[b.start : b.end], b.lead and document.text[slice(*b.lead)], b.place)
        for b in document.blocks
        if b.kind is BlockKind.ROW
    ]


def blocks(document: Document, *kinds: BlockKind) -> list[str]:
    return [document.text[each.start : each.end] for each in document.blocks if not kinds or each.kind in kinds]


DAY = "45356"  # 2024-03-05


@pytest.mark.parametrize(
    ("raw", "code", "shown"),
    [("0.05", "0%", "5%"), ("5.0000000000000003E-2", "0.0%", "5.0%"), ("1234.5", "#,##0.00", "1,234.50"), ("0", "General", "0"),
     ("0.30000000000000004", "General", "0.3"), ("5", '0" mg"', "5 mg"), ("5", '0\\ "mg"', "5 mg"), ("5", 'General" mg"', "5 mg"),
     ("-5", "0.0", "-5.0"), ("-5", "0.0;(0.0)", "(5.0)"), ("0", '0;-0;"-"', "-"), ("2.675", "0.00", "2.68"), ("1.005", "0.00", "1.01"),
     ("0.5", "# ?/?", "1/2"), ("1.5", "# ?/?", "1 1/2"), ("0.75", "# ?/4", "3/4"), ("5", "00000", "00005"), ("5", "[Red]0.0", "5.0"),
     ("12345678", "0.00E+00", "1.23E+07"), ("0.000012", "0.0E+00", "1.2E-05"), ("1500", "0,", "2"), ("1500000", '0.0,,"M"', "1.5M"),
     ("123456789012", "General", "1.23457E+11"), ("12345678901", "General", "12345678901"), ("0.3333333333333", "General", "0.333333333"),
     ("1234.5678912345", "General", "1234.567891"), ("0", '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', "-"),
     ("5", "#,##0.00\\ [$€-407]", "5.00 €"), ("0.05", '0.0%" of adults"', "5.0% of adults"), ("5", ";;;", ""), ("3", "@", "3")],
)  # fmt: skip
def test_a_number_is_what_its_cell_displays(raw, code, shown):
    assert shown_number(raw, code, Calendar()) == shown


@pytest.mark.parametrize(
    ("raw", "code", "shown"),
    [(DAY, "yyyy-mm-dd", "2024-03-05"), (DAY + ".5", "d mmm yyyy h:mm AM/PM", "5 Mar 2024 12:00 PM"),
     (DAY, "[$-409]d\\-mmm\\-yy;@", "5-Mar-24"),
     (DAY, "dddd, dd.mm.yyyy", "Tuesday, 05.03.2024"), ("1.5", "[h]:mm", "36:00"), ("0.0416666", "h:mm:ss", "1:00:00"),
     ("59", "yyyy-mm-dd", "1900-02-28"), ("61", "yyyy-mm-dd", "1900-03-01"), (DAY, "[$-F800]dddd, mmmm dd, yyyy", "2024-03-05")],
)  # fmt: skip
def test_a_day_is_what_its_cell_displays(raw, code, shown):
    assert shown_number(raw, code, Calendar()) == shown


def test_days_are_counted_from_1904_where_the_file_says_so():
    assert shown_number("0", "yyyy-mm-dd", Calendar(from_1904=True)) == "1904-01-01"
    assert shown_number("43894", "d.m.yyyy", Calendar(from_1904=True)) == "5.3.2024"


@pytest.mark.parametrize(
    ("raw", "code"),
    [("0.333", "# ?/?"), ("5", "[>3]0"), ("5551234", "000-0000"), (DAY, "[$-407]d. mmmm yyyy"), ("60", "yyyy-mm-dd"), ("-3", "yyyy"),
     ("12", '##"a"0'), ("0.08", "mm:ss.0"), ("nan", "0"), ("1e400", "0"), ("x", "0"),
     ("5", "0;0;0;0;0"), ("5", "0" * 300),
     ("5", "# ?0E+0")],
)  # fmt: skip
def test_what_may_be_displayed_otherwise_is_not_guessed(raw, code):
    assert shown_number(raw, code, Calendar()) is None


def test_formats_may_add_to_a_text():
    assert [shown_text("5", code) for code in ('@" mg"', "General", '0;0;0;"x "@', ";;;")] == ["5 mg", "5", "x 5", ""]


def test_rows_show_with_their_header_as_displayed():
    book = filled(("Kidneys", "Dose", "Share", "Since"), ("weak", 15, 0.05, date(2024, 3, 5)), ("none", 0.5, 0.5, None))
    sheet = book.active
    sheet["B2"].number_format = '0" mg"'
    sheet["B3"].number_format = '0.00" mg"'
    sheet["C2"].number_format = sheet["C3"].number_format = "0%"
    document = read(book)
    lead = "Kidneys | Dose | Share | Since"
    assert rows_of(document) == [
        ("weak | 15 mg | 5% | 2024-03-05", lead, "sheet Doses, row 2"), ("none | 0.50 mg | 50%", lead, "sheet Doses, row 3"),
    ]  # fmt: skip
    assert [u.section for u in split_units(document, Segmentation())] == [("Doses",), ("Doses",)]


def test_a_row_that_may_be_displayed_otherwise_is_never_quoted():
    book = filled(("Drug", "Dose"), ("Examplol", 5), ("Testamine", 7))
    book.active["B2"].number_format = "[<6]0;0.0"
    document = read(book)
    assert rows_of(document) == [("Testamine | 7", "Drug | Dose", "sheet Doses, row 3")]
    assert blocks(document, BlockKind.BOILERPLATE) == ["Examplol | 5"]
    assert document.metadata.remarks == (
        "The sheet “Doses” has cells whose display isn't known (B2); their rows are not quoted.",
    )


def test_lines_above_a_table_are_its_caption_and_lines_below_are_notes():
    book = filled(("Doses of Examplol",), ("Revised in May",), ("Group", "Dose"), ("Adults",), ("mild", "5 mg"), ("severe", "2 mg"),
                  ("Given with food.",))  # fmt: skip
    book.active["A4"].font = Font(bold=True)
    document = read(book)
    lead = "Doses of Examplol\nRevised in May\nGroup | Dose"
    assert [row[:2] for row in rows_of(document)] == [("Adults › mild | 5 mg", lead), ("Adults › severe | 2 mg", lead)]
    assert blocks(document)[-1] == "Given with food."


def test_a_drug_without_a_dose_gets_not_the_next_ones():
    book = filled(("Drug", "Dose"), ("Examplol", None), ("Testamine", 7), ("Placebol", None), ("Oldol", 9))
    assert [row[0] for row in rows_of(read(book))] == ["Examplol", "Testamine | 7", "Placebol", "Oldol | 9"]
    grades = filled(
        ("Group", "Dose"), ("Adults",), ("mild", 7), ("severe", 5), ("Children",), ("mild", 3), ("severe", 1)
    )
    assert [row[0] for row in rows_of(read(grades))] == [
        "Adults › mild | 7", "Adults › severe | 5", "Children › mild | 3", "Children › severe | 1"
    ]  # fmt: skip


def test_several_tables_in_a_sheet_have_their_own_headers():
    book = filled(
        ("Table A",),
        (),
        ("Drug", "Dose"),
        ("Examplol", 5),
        (),
        ("Table B",),
        ("Drug", "Weeks", "Route"),
        ("Testamine", 9, "oral"),
    )
    for cell in book.active[7]:
        cell.font = Font(bold=True)
    assert [row[:2] for row in rows_of(read(book))] == [
        ("Examplol | 5", "Table A\nDrug | Dose"), ("Testamine | 9 | oral", "Table B\nDrug | Weeks | Route")
    ]  # fmt: skip


def test_an_empty_row_inside_a_table_makes_no_header_of_the_next_row():
    book = filled(("Drug", "Dose"), ("Examplol", 5), (), ("Testamine", 3), ("Placebol", 7))
    lead = "Drug | Dose"
    assert [row[:2] for row in rows_of(read(book))] == [
        ("Examplol | 5", lead),
        ("Testamine | 3", lead),
        ("Placebol | 7", lead),
    ]
    book.active["B4"] = "none"  # another header, or another drug?
    assert [row[:2] for row in rows_of(read(book))] == [
        ("Examplol | 5", lead),
        ("Testamine | none", None),
        ("Placebol | 7", None),
    ]


def test_merged_cells_stand_in_every_row_and_name_every_column():
    book = filled(("Group", "Dose", None), (None, "start", "most"), ("Renal", 5, 20), (None, 2, 9), ("Hepatic", 1, 3))
    for span in ("A1:A2", "B1:C1", "A3:A4"):
        book.active.merge_cells(span)
    lead = "Group | Dose\nGroup | start | most"
    assert [row[:2] for row in rows_of(read(book))] == [
        ("Renal | 5 | 20", lead), ("Renal | 2 | 9", lead), ("Hepatic | 1 | 3", lead)
    ]  # fmt: skip


def test_what_is_hidden_is_left_out_and_told():
    book = filled(("Drug", "Secret", "Dose"), ("Examplol", "x", 5), ("Oldol", "y", 6), ("Testamine", "z", 7))
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.active["A2"].comment = Comment("check", "A")
    book.create_sheet("Old").append(("never",))
    book["Old"].sheet_state = "hidden"
    document = read(book)
    assert [row[0] for row in rows_of(document)] == ["Examplol | 5", "Testamine | 7"]
    assert document.metadata.remarks == (
        "The sheet “Old” is hidden; it was left out.", "The sheet “Doses” has 1 hidden row; left out.",
        "The sheet “Doses” has 1 hidden column; left out.", "The comments on the sheet “Doses” were left out.",
    )  # fmt: skip


def test_a_merged_cell_that_begins_in_a_hidden_row_is_still_seen():
    book = filled(("Group", "Dose"), ("Adults", 1), (None, 2), (None, 3))
    book.active.merge_cells("A2:A4")
    book.active.row_dimensions[2].hidden = True
    assert [row[0] for row in rows_of(read(book))] == ["Adults | 2", "Adults | 3"]


def test_formulas_show_their_stored_outcome_or_nothing():
    data = saved(filled(("Drug", "Dose", "Twice"), ("Examplol", 5, "=B2*2"), ("Testamine", 7, "=B3*2")))
    data = changed(data, "xl/worksheets/sheet1.xml", b"<f>B2*2</f><v></v>", b"<f>B2*2</f><v>10</v>")
    document = read(data)
    assert [row[0] for row in rows_of(document)] == ["Examplol | 5 | 10", "Testamine | 7"]
    assert document.metadata.remarks == (
        "The sheet “Doses” has formulas without a stored outcome (C3); these cells were left out.",
    )


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same archive with a stretch of one member replaced."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as opened, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for each in opened.namelist():
            content = opened.read(each)
            if each == name:
                content = content.replace(b"<v />", b"<v></v>").replace(b"<v/>", b"<v></v>")
                assert old in content
                content = content.replace(old, new)
            made.writestr(each, content)
    return stream.getvalue()


def shared(data: bytes, strings: str, number: int) -> bytes:
    """The same workbook with “Examplol” as one of the texts that cells share, as Excel writes them."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    data = changed(
        data, "xl/worksheets/sheet1.xml", b't="inlineStr"><is><t>Examplol</t></is>', f't="s"><v>{number}</v>'.encode()
    )
    link = f'<Relationship Id="s" Type="{kind}" Target="/xl/sharedStrings.xml"/></Relationships>'
    stream = BytesIO(changed(data, "xl/_rels/workbook.xml.rels", b"</Relationships>", link.encode()))
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{strings}</sst>')
    return stream.getvalue()


def test_shared_texts_are_found_by_their_number():
    data = saved(filled(("Drug", "Dose"), ("Examplol", 5)))
    strings = (
        "<si><t>wrong</t></si><si><r><t>Ex_x000D_am</t></r><r><rPr><rFont val='Symbol'/></rPr><t>m</t></r>"
        "<r><rPr><vertAlign val='superscript'/></rPr><t>2</t></r><rPh sb='0' eb='1'><t>said</t></rPh></si>"
    )
    assert [row[0] for row in rows_of(read(shared(data, strings, 1)))] == ["Ex amμ² | 5"]
    with pytest.raises(ReadError, match="expected 2 shared texts, found a cell with number “99”"):
        read(shared(data, strings, 99))


def test_truth_values_and_errors_are_as_printed():
    book = filled(("Drug", "Ok", "N"), ("Examplol", True, 3), ("Testamine", "#N/A", 4))
    book.active["B3"].data_type = "e"
    assert [row[0] for row in rows_of(read(book))] == ["Examplol | TRUE | 3", "Testamine | #N/A | 4"]


def test_raised_and_struck_characters_in_a_cell():
    book = filled(("Drug", "Count"), ("Examplol", None), ("Testamine", 20))
    book.active["B2"] = CellRichText(
        "10", TextBlock(InlineFont(vertAlign="superscript"), "6"), TextBlock(InlineFont(strike=True), " 50"), " per mL"
    )
    book.active["B3"].font = Font(strike=True)
    document = read(book)
    assert [row[0] for row in rows_of(document)] == ["Examplol | 10⁶ per mL", "Testamine"] or blocks(document)[
        -1
    ] == "Testamine"
    assert document.metadata.remarks == ("Struck-out text was left out.",)


def test_a_declared_table_has_its_header_without_figures():
    book = filled(("Drug", "Route"), ("Examplol", "oral"), ("Testamine", "nasal"))
    assert [row[1] for row in rows_of(read(book))] == [None, None, None]
    book.active.add_table(Table(displayName="T", ref="A1:B3"))
    assert [row[1] for row in rows_of(read(book))] == ["Drug | Route", "Drug | Route"]


def test_rows_of_many_columns_name_each_cell():
    names = tuple(f"Column {number}" for number in range(10))
    document = read(filled(names, tuple(range(10)), title="Sheet1"))
    assert rows_of(document)[0][:2] == (" | ".join(f"Column {number}: {number}" for number in range(10)), None)
    assert blocks(document, BlockKind.HEADING) == []


def test_excel_files_are_known_by_their_content():
    archive = Archive("a", saved(filled(("a", "b"))))
    assert (looks_like_sheet(archive), looks_like_word(archive)) == (True, False)


def test_a_moment_keeps_its_time():
    book = filled(("Event", "At"), ("dose", datetime(2024, 3, 5, 8, 30)))
    assert rows_of(read(book))[0][0] == "dose | 2024-03-05 8:30:00"


def test_values_are_read_with_any_delimiter_and_their_header():
    for text in (
        'Drug,Dose\nExamplol,"1,5 mg"\n',
        "Drug;Dose\nExamplol;1,5 mg\n",
        "Drug\tDose\nExamplol\t1,5 mg\n",
        "sep=|\nDrug|Dose\nExamplol|1,5 mg\n",
    ):
        document = read_values(text)
        row = 3 if text.startswith("sep") else 2
        assert rows_of(document) == [("Examplol | 1,5 mg", "Drug | Dose", f"row {row}")]


def test_values_without_a_header_get_none_and_a_title_is_a_caption():
    assert [row[1] for row in rows_of(read_values("1,5\n2,7\n"))] == [None, None]
    assert rows_of(read_values("Doses in adults\nDrug,Route\nExamplol,oral\n"))[0][1] == "Doses in adults\nDrug | Route"
    assert rows_of(read_values("Drug,Route\nExamplol,\nTestamine,oral\n"))[1][:2] == (
        "Testamine | oral",
        "Drug | Route",
    )


def test_quotation_marks_that_do_not_match_are_refused():
    with pytest.raises(ReadError, match=r"doses.csv: expected values with matching quotation marks, .* line 3"):
        read_values('Drug,Dose\nExamplol,"5 mg\nTestamine,7 mg\n')


def test_files_of_values_are_bounded(monkeypatch):
    monkeypatch.setattr(sheet_csv, "SHEET_LIMITS", replace(sheet_csv.SHEET_LIMITS, values=3))
    with pytest.raises(ReadError, match="expected at most 3 values"):
        read_values("a,b\n1,2\n")


def test_values_are_known_by_name_or_by_quotation_marks_all_over():
    assert looks_like_csv("anything", ".csv")
    assert looks_like_csv('"a","b"\n"1","2"\n"3","4"\n', ".txt")
    assert not looks_like_csv("Take it, but slowly.\nOr not, then.\nWell, yes.\n", ".txt")


def test_broken_files_are_refused_and_never_crash():
    book = filled(("Drug", "Dose", "Day"), ("Examplol", 5.5, date(2024, 3, 5)), ("Testamine", "=1", True))
    book.active.merge_cells("A2:A3")
    whole = saved(book)
    chance = random.Random(7)
    with zipfile.ZipFile(BytesIO(whole)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    for turn in range(150):
        broken = bytearray(whole)
        if turn % 3 == 0:
            broken = broken[: chance.randrange(len(whole))]
        elif turn % 3 == 1:
            broken[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        else:
            broken = bytearray(mutated(members, chance))
        try:
            read(bytes(broken))
        except ReadError as error:
            assert str(error).startswith("doses.xlsx")


def mutated(members: dict[str, bytes], chance: random.Random) -> bytes:
    """The same archive with one member changed in one place."""
    name = chance.choice(sorted(members))
    data = bytearray(members[name])
    at = chance.randrange(len(data))
    data[at : at + chance.randrange(12)] = bytes(chance.choices(b'<>/"=wab109- ', k=chance.randrange(6)))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for each, content in members.items():
            made.writestr(each, bytes(data) if each == name else content)
    return stream.getvalue()


def test_absurd_sheets_are_bounded(monkeypatch):
    data = saved(filled(("Drug", "Dose"), ("Examplol", 5)))
    far = changed(data, "xl/worksheets/sheet1.xml", b'r="2"', b'r="1048576"')
    assert rows_of(read(far))[0][2] is not None
    with pytest.raises(ReadError, match="at most 1,048,576 rows, found row 1,048,577"):
        read(changed(data, "xl/worksheets/sheet1.xml", b'r="2"', b'r="1048577"'))
    monkeypatch.setattr(sheet_cells, "LIMITS", replace(sheet_cells.LIMITS, merged=1))
    book = filled(("a", "b"), ("c", 5), ("d", 6))
    book.active.merge_cells("A1:A3")
    with pytest.raises(ReadError, match="at most 1 cells in merged ones"):
        read(book)
