"""Tables in PDFs of our own: the right figure in the right row, or none."""

from __future__ import annotations

import pytest

from citewell.types import BlockKind, Document, fold
from tests.printed_pdf import Sheet, pdf
from tests.test_pdf import read_pdf, texts, units

pytestmark = pytest.mark.unit

PROSE = [
    "The dose depends on the clearance of creatinine, which is measured before the first tablet is taken",
    "and once a year after that.",
]


def rows(document: Document) -> list[tuple[str, str]]:
    """(lead, row) of each row."""
    return [
        (fold(document.text[slice(*block.lead)]) if block.lead else "", fold(document.text[block.start : block.end]))
        for block in document.blocks
        if block.kind is BlockKind.ROW
    ]


def test_a_ruled_table_is_read_row_by_row_though_its_cells_wrap() -> None:
    sheet = Sheet()
    sheet.lines(60, 740, PROSE)
    sheet.text(60, 690, "Table 1: Dose of Examplol", 10, "b")
    sheet.grid([60, 200, 400], [680, 660, 630, 600])
    sheet.text(64, 667, "Clearance", 10, "b").text(204, 667, "Dose", 10, "b")
    sheet.text(64, 648, "Moderate").text(204, 648, "30 mg every").text(204, 636, "24 hours")
    sheet.text(64, 618, "Severe").text(64, 606, "(CrCl 15-29)").text(204, 618, "30 mg every").text(204, 606, "48 hours")
    sheet.lines(60, 570, PROSE)
    lead = "Table 1: Dose of Examplol Clearance | Dose"
    assert rows(read_pdf(pdf([sheet]))) == [
        (lead, "Moderate | 30 mg every 24 hours"),
        (lead, "Severe (CrCl 15-29) | 30 mg every 48 hours"),
    ]


def booktabs(sheet: Sheet, y: float, body: list[tuple[str, str, str]], steps: list[float]) -> None:
    """A table with rules above, below its header and at its end only."""
    sheet.rule(60, y, 400, y).rule(60, y - 18, 400, y - 18)
    sheet.text(64, y - 13, "Reaction").text(220, y - 13, "Examplol").text(320, y - 13, "Placebo")
    at = y - 32
    for (name, one, other), step in zip(body, steps, strict=True):
        sheet.text(64, at, name)
        if one:
            sheet.text(220, at, one).text(320, at, other)
        at -= step
    sheet.rule(60, at + 6, 400, at + 6)


def test_a_table_with_three_rules_is_read_by_its_lines() -> None:
    sheet = Sheet()
    booktabs(sheet, 700, [("Headache", "18%", "13%"), ("Cough", "8%", "7%"), ("Rash", "4%", "3%")], [14, 14, 14])
    lead = "Reaction | Examplol | Placebo"
    assert rows(read_pdf(pdf([sheet]))) == [
        (lead, "Headache | 18% | 13%"), (lead, "Cough | 8% | 7%"), (lead, "Rash | 4% | 3%"),
    ]  # fmt: skip


def test_names_over_two_lines_are_one_row_where_white_parts_the_rows() -> None:
    sheet = Sheet()
    body = [
        ("Upper respiratory", "5%", "4%"),
        ("tract infection", "", ""),
        ("Back pain", "7%", "6%"),
        ("Rash", "4%", "3%"),
    ]
    booktabs(sheet, 700, body, [11, 18, 18, 18])
    assert [row for _, row in rows(read_pdf(pdf([sheet])))] == [
        "Upper respiratory tract infection | 5% | 4%", "Back pain | 7% | 6%", "Rash | 4% | 3%",
    ]  # fmt: skip


def test_a_table_whose_rows_cannot_be_told_apart_is_shown_but_makes_no_row() -> None:
    sheet = Sheet()
    body = [
        ("Upper respiratory", "", ""),
        ("tract infection", "5%", "4%"),
        ("Back pain", "", ""),
        ("of any kind", "7%", "6%"),
    ]
    booktabs(sheet, 700, body, [12, 12, 12, 12])
    sheet.lines(60, 560, PROSE)
    document = read_pdf(pdf([sheet]))
    assert rows(document) == []
    assert units(document) == [fold(" ".join(PROSE))]
    assert "Upper respiratory" in document.text
    assert document.metadata.remarks == ("Page 1: a table's rows can't be told apart surely; it is shown, not quoted.",)


def test_names_of_groups_stand_before_the_rows_below_them() -> None:
    sheet = Sheet()
    sheet.grid([60, 250, 330, 400], [700, 680, 662, 644, 626, 608])
    sheet.text(64, 686, "Reaction", 10, "b").text(254, 686, "Examplol", 10, "b").text(334, 686, "Placebo", 10, "b")
    for y, name, one, other in (
        (667, "Blood", "", ""),
        (649, "  Anemia", "56", "57"),
        (631, "Vessels", "", ""),
        (613, "  Bleeding", "49", "38"),
    ):
        sheet.text(64 + 8 * name.startswith(" "), y, name.strip())
        sheet.text(254, y, one).text(334, y, other)
    assert [row for _, row in rows(read_pdf(pdf([sheet])))] == [
        "Blood › Anemia | 56 | 57",
        "Vessels › Bleeding | 49 | 38",
    ]


def test_a_table_goes_on_on_the_next_page_under_the_same_header() -> None:
    def part(body: list[tuple[str, str]], *, header: bool) -> Sheet:
        sheet = Sheet()
        if header:
            sheet.text(60, 720, "Table 2: Doses", 10, "b").text(64, 686, "Clearance", 10, "b").text(
                254, 686, "Dose", 10, "b"
            )
        sheet.grid([60, 250, 400], [*([700] if header else []), 680, *[662 - 18 * n for n in range(len(body))]])
        for number, (name, dose) in enumerate(body):
            sheet.text(64, 667 - 18 * number, name).text(254, 667 - 18 * number, dose)
        return sheet

    document = read_pdf(
        pdf(
            [
                part([("Mild", "60 mg"), ("Moderate", "30 mg")], header=True),
                part([("Severe", "15 mg"), ("Dialysis", "none")], header=False),
            ]
        )
    )
    assert rows(document)[2] == ("Table 2: Doses Clearance | Dose", "Severe | 15 mg")
    assert [block.page for block in document.blocks if block.kind is BlockKind.ROW] == [1, 1, 2, 2]


def test_a_table_without_rules_is_read_where_its_columns_are_sure() -> None:
    sheet = Sheet()
    sheet.lines(60, 740, PROSE)
    for number, cells in enumerate(
        (("Clearance", "Dose"), ("Mild", "60 mg daily"), ("Moderate", "30 mg daily"), ("Severe", "15 mg daily"))
    ):
        sheet.text(64, 700 - 14 * number, cells[0]).text(254, 700 - 14 * number, cells[1])
    sheet.lines(60, 600, PROSE)
    document = read_pdf(pdf([sheet]))
    assert rows(document) == [
        ("Clearance | Dose", f"{name} | {dose} mg daily")
        for name, dose in (("Mild", 60), ("Moderate", 30), ("Severe", 15))
    ]


def test_texts_side_by_side_are_never_glued_to_one_line() -> None:
    sheet = Sheet()
    sheet.lines(60, 700, ["Push the plunger", "down slowly with", "your thumb."])
    sheet.lines(240, 700, ["Lift your thumb", "from the syringe", "and wait."])
    sheet.lines(420, 700, ["Throw the syringe", "away into the", "yellow box."])
    found = units(read_pdf(pdf([sheet])))
    assert found == [
        "Push the plunger down slowly with your thumb.",
        "Lift your thumb from the syringe and wait.",
        "Throw the syringe away into the yellow box.",
    ]


def test_bullets_side_by_side_are_items_of_their_own() -> None:
    sheet = Sheet()
    sheet.text(60, 714, "The most common side effects are:")
    for number, (one, other) in enumerate((("headache", "sore throat"), ("fever", "nausea"), ("cough", "rash"))):
        y = 700 - 12 * number
        sheet.text(70, y, "\u2022").text(88, y, one).text(300, y, "\u2022").text(318, y, other)
    document = read_pdf(pdf([sheet]))
    assert texts(document, BlockKind.ITEM) == ["headache", "fever", "cough", "sore throat", "nausea", "rash"]
    leads = {
        document.text[slice(*block.lead)] for block in document.blocks if block.kind is BlockKind.ITEM and block.lead
    }
    assert leads == {"The most common side effects are:"}


def test_two_tables_of_one_width_keep_their_own_captions_headers_and_rows() -> None:
    sheet = Sheet()
    sheet.text(60, 740, "Table 1. Dose by renal function")
    sheet.grid([60, 180, 280, 500], [730, 710, 680, 650])
    for x, name in ((64, "Renal function"), (184, "Dose"), (284, "Comment")):
        sheet.text(x, 716, name, 10, "b")
    sheet.lines(64, 698, ["Normal (CrCl", "above 60 mL/min)"])
    sheet.text(184, 698, "100 mg daily")
    sheet.lines(284, 698, ["Increase every four weeks up to", "900 mg daily."])
    sheet.lines(64, 668, ["Severe (CrCl", "15-29 mL/min)"])
    sheet.lines(184, 668, ["50 mg every", "48 hours"])
    sheet.text(284, 668, "Seek advice.")
    sheet.text(60, 630, "Table 2. Reactions")
    for y in (620, 602, 566):
        sheet.rule(60, y, 500, y)
    for y, cells in (
        (608, ("Reaction", "Examplol", "Placebo")),
        (588, ("Rash", "8%", "2%")),
        (574, ("Nausea", "9%", "7%")),
    ):
        for x, text in zip((64, 184, 284), cells, strict=True):
            sheet.text(x, y, text, 10, "b" if y == 608 else "")
    one, other = (
        "Table 1. Dose by renal function Renal function | Dose | Comment",
        "Table 2. Reactions Reaction | Examplol | Placebo",
    )
    assert rows(read_pdf(pdf([sheet]))) == [
        (one, "Normal (CrCl above 60 mL/min) | 100 mg daily | Increase every four weeks up to 900 mg daily."),
        (one, "Severe (CrCl 15-29 mL/min) | 50 mg every 48 hours | Seek advice."),
        (other, "Rash | 8% | 2%"),
        (other, "Nausea | 9% | 7%"),
    ]


def test_lines_stretched_to_the_width_of_a_column_are_no_table() -> None:
    sheet = Sheet()
    sheet.lines(60, 724, ["Hyperuricaemia is a prerequisite for gout, and"])
    for x, word in ((60, "never"), (112, "develop"), (175, "symptoms."), (240, "Prevalence")):
        sheet.text(x, 712, word)
    for x, word in ((60, "increases"), (122, "with"), (168, "the"), (205, "age"), (250, "slowly.")):
        sheet.text(x, 700, word)
    found = units(read_pdf(pdf([sheet])))
    assert found == [
        "Hyperuricaemia is a prerequisite for gout, and never develop symptoms.",
        "Prevalence increases with the age slowly.",
    ]
