"""The PDF reader on pages of our own: columns, running heads, hyphens, scripts, headings, notes, labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from citewell.readers import Source, read
from citewell.readers.pdf.hyphens import joined, vocabulary
from citewell.readers.pdf.words import printed
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document, fold
from tests.printed_pdf import Sheet, pdf

pytestmark = pytest.mark.unit

LEFT = [
    "Alphamab slows the loss of bone in adults",
    "who have low density of the spine, and it",
    "lowers the risk of fractures of the hip. It",
    "is given twice a year under the skin by a",
    "nurse. Levels of calcium are measured in",
    "the blood before each of the injections, as",
]  # fmt: skip
PAGES = ["", ("Arsenic", "Argon"), ("Barium", "Boron"), ("Carbon", "Copper"), ("Erbium", "Europium")]
RIGHT = [
    "low levels become lower after them. People",
    "with kidney disease need more care because",
    "their levels fall further than in others. A",
    "dentist looks at the teeth before the first",
    "injection. Vitamin tablets are taken daily",
    "for as long as the treatment is continued.",
]  # fmt: skip


def read_pdf(data: bytes, name: str = "a.pdf") -> Document:
    [document] = read(Source(Path(name), name, Path()), data)
    assert isinstance(document, Document)
    return document


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [fold(document.text[block.start : block.end]) for block in document.blocks if block.kind is kind]


def units(document: Document) -> list[str]:
    return [fold(document.text[unit.start : unit.end]) for unit in split_units(document, Segmentation())]


def sections(document: Document) -> dict[str, tuple[str, ...]]:
    found = split_units(document, Segmentation())
    return {fold(document.text[unit.start : unit.end]): unit.section for unit in found}


def two_columns() -> Sheet:
    sheet = Sheet()
    sheet.text(150, 740, "Alphamab and the strength of bones", 18, "b")
    sheet.lines(60, 700, LEFT)
    sheet.lines(320, 703, RIGHT)
    return sheet


def test_columns_are_read_one_after_the_other_and_a_sentence_over_them_is_one_unit() -> None:
    document = read_pdf(pdf([two_columns()]))
    assert units(document) == [
        "Alphamab slows the loss of bone in adults who have low density of the spine, and it lowers the risk of "
        "fractures of the hip.",
        "It is given twice a year under the skin by a nurse.",
        "Levels of calcium are measured in the blood before each of the injections, as low levels become lower after them.",
        "People with kidney disease need more care because their levels fall further than in others.",
        "A dentist looks at the teeth before the first injection.",
        "Vitamin tablets are taken daily for as long as the treatment is continued.",
    ]
    assert len(texts(document, BlockKind.PARAGRAPH)) == 1


def test_columns_drawn_line_by_line_over_the_page_are_still_columns() -> None:
    sheet = Sheet()
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        sheet.text(60, 700 - 12 * number, left).text(320, 700 - 12 * number, right)
    assert "low levels become lower after them." in " ".join(units(read_pdf(pdf([sheet]))))
    assert fold(read_pdf(pdf([sheet])).text).startswith("Alphamab slows the loss of bone in adults who have low")


def test_what_runs_across_parts_the_columns_above_it_from_those_below() -> None:
    sheet = Sheet()
    sheet.lines(60, 700, LEFT)
    sheet.lines(320, 700, RIGHT)
    sheet.text(
        60, 600, "What follows holds for children only, as the trials had none of them below five years", 10, "b"
    )
    sheet.lines(60, 570, [line.replace("Alphamab", "Betamab") for line in LEFT])
    sheet.lines(320, 570, RIGHT)
    text = fold(read_pdf(pdf([sheet])).text)
    places = [text.index(part) for part in ("Alphamab", "low levels", "What follows", "Betamab")]
    assert places == sorted(places)
    assert text.index("low levels", places[2]) > places[3]


def test_a_sentence_over_a_page_break_stays_whole_though_notes_feet_and_heads_stand_between() -> None:
    sheets = []
    notes = ["", "Seen once.", "Counted by two nurses.", "In men.", "Taken at noon."]
    for number in range(1, 5):
        sheet = Sheet()
        sheet.text(60, 760, "Alphamab for bones")
        y = sheet.lines(
            60,
            720,
            [
                f"{word} fills the whole width of the page, so that the others may end short of it."
                for word in PAGES[number]
            ],
        )
        start = f"{PAGES[number][0]} is strong, and"
        sheet.text(60, y, f"{start} the sentence of page {number} breaks off at its end without any stop because it")
        sheet.scripted(60, 87, [("1", 3), (f" {notes[number]}", 0)], 8)
        sheet.text(300, 40, str(number))
        sheets.append(sheet)
    document = read_pdf(pdf(sheets))
    found = units(document)
    assert any("page 1 breaks off at its end without any stop because it Barium fills" in unit for unit in found)
    assert "¹ Counted by two nurses." in found
    assert texts(document, BlockKind.BOILERPLATE)[:3] == ["Alphamab for bones", "1", "Alphamab for bones"]
    assert document.text.count("\f") == 3
    pages = [unit.page for unit in split_units(document, Segmentation())]
    assert pages == sorted(pages, key=lambda page: page or 0)


def test_a_word_broken_at_a_line_end_is_mended_and_a_compound_keeps_its_hyphen() -> None:
    lines = [
        "Alphamab is for osteo-",
        "porosis and for Drug-",
        "Induced bone loss, a long-",
        "standing trouble of 60-",
        "minute walks.",
    ]
    known = vocabulary(lines)
    assert fold(joined(lines, known)) == (
        "Alphamab is for osteoporosis and for Drug-Induced bone loss, a long-standing trouble of 60-minute walks."
    )


def test_how_a_document_prints_a_word_elsewhere_decides_over_its_hyphen() -> None:
    known = vocabulary(["The co-therapy and the cotransport are known."])
    assert joined(["a co-", "therapy"], known) == "a co-therapy"
    assert joined(["a co-", "transport"], known) == "a cotransport"


def test_a_broken_word_over_a_page_break_is_mended_on_the_page_where_it_starts() -> None:
    one, two = Sheet(), Sheet()
    one.lines(60, 700, ["Alphamab is given to people who have osteo-"])
    two.lines(60, 700, ["porosis of the spine."])
    document = read_pdf(pdf([one, two]))
    assert document.text == "Alphamab is given to people who have osteoporosis\fof the spine."


def test_ligatures_are_letters_and_private_signs_what_they_show() -> None:
    assert [printed(code) for code in (0xFB01, 0xFB02, 0x02, 0xF6DB, 0x20)] == ["fi", "fl", "-", "™", ""]


def test_raised_figures_never_join_numbers() -> None:
    sheet = Sheet()
    parts = [("There were 10", 0), ("6", 4), (" cells in 25", 0), ("a", 4), (" people with fractures.", 0), ("3,4", 4)]
    sheet.scripted(60, 700, [*parts, (" Their HbA", 0), ("1c", -2), (" fell below 7 %.", 0)])
    assert units(read_pdf(pdf([sheet]))) == [
        "There were 10⁶ cells in 25ᵃ people with fractures.³,⁴",
        "Their HbA1c fell below 7 %.",
    ]


def test_turned_text_and_line_numbers_stand_outside_of_sentences() -> None:
    sheet = Sheet()
    sheet.turned(30, 300, "Downloaded from a library")
    for number in range(12):
        sheet.text(45, 700 - 12 * number, str(number + 1), 7)
        sheet.text(70, 700 - 12 * number, LEFT[number % 6])
    document = read_pdf(pdf([sheet]))
    assert not any(character.isdigit() for unit in units(document) for character in unit)
    assert texts(document, BlockKind.BOILERPLATE) == ["Downloaded from a library", "1 2 3 4 5 6 7 8 9 10 11 12"]


def test_a_page_printed_sideways_is_read_upright() -> None:
    sheet = Sheet(rotate=90)
    for number, line in enumerate(LEFT):
        sheet.turned(100 + 12 * number, 100, line)
    assert units(read_pdf(pdf([sheet])))[1] == "It is given twice a year under the skin by a nurse."


def test_headings_are_told_by_print_and_number_and_the_title_by_its_size() -> None:
    sheet = Sheet()
    sheet.text(60, 740, "Treating bone loss", 18, "b")
    body = ["The text of the section is printed in a plain font and goes on for", "more than a line."]
    y = 700.0
    for heading, style in (("1 Adults", "b"), ("1.1 Dose", "b"), ("Kidney disease", "i"), ("2 Children", "b")):
        sheet.text(60, y, heading, 10, style)
        y = sheet.lines(60, y - 18, [f"{heading}: {body[0]}", body[1]]) - 14
    document = read_pdf(pdf([sheet]), "scan0001.pdf")
    assert document.metadata.title == "Treating bone loss"
    assert list(sections(document).values()) == [
        ("Treating bone loss", "1 Adults"),
        ("Treating bone loss", "1 Adults", "1.1 Dose"),
        ("Treating bone loss", "1 Adults", "1.1 Dose", "Kidney disease"),
        ("Treating bone loss", "2 Children"),
    ]


def test_a_sentence_that_opens_in_bold_is_no_heading() -> None:
    sheet = Sheet()
    sheet.lines(60, 700, ["Do not put the cap back on the needle after"], style="b")
    sheet.lines(60, 688, ["you removed it. Throw the cap away."])
    sheet.lines(60, 650, LEFT)
    assert units(read_pdf(pdf([sheet])))[0] == "Do not put the cap back on the needle after you removed it."


def test_a_stated_title_counts_only_if_it_is_printed_and_no_file_name() -> None:
    assert read_pdf(pdf([two_columns()], title="untitled.docx")).metadata.title == "Alphamab and the strength of bones"
    assert read_pdf(pdf([two_columns()], title="A quite different name")).metadata.title.startswith("Alphamab and")
    stated = "Alphamab and the Strength of Bones"
    assert read_pdf(pdf([two_columns()], title=stated)).metadata.title == stated


def test_the_catalog_tells_the_language_and_the_cover_the_date() -> None:
    cover = Sheet().text(150, 500, "Guideline on bones", 20, "b").text(250, 300, "June 2013", 14)
    metadata = read_pdf(pdf([cover, two_columns()], language="DE-ch")).metadata
    assert (metadata.language, metadata.updated, metadata.title) == ("de-CH", "2013-06", "Guideline on bones")


def highlights() -> Sheet:
    sheet = Sheet()
    y = sheet.lines(43, 740, ["HIGHLIGHTS OF PRESCRIBING INFORMATION"], 8, "b", 9)
    y = sheet.lines(
        43,
        y,
        [
            "These highlights do not include all the information needed to use",
            "EXAMPLOL safely. See full prescribing information for EXAMPLOL.",
        ],
        8,
        "b",
        9,
    )
    y = sheet.lines(
        43, y - 5, ["EXAMPLOL (examplamide) tablets, for oral use", "Initial U.S. Approval: 2005"], 8, "b", 9
    )
    y = sheet.lines(43, y - 5, ["-----------------INDICATIONS AND USAGE-----------------"], 8, "b", 9)
    y = sheet.lines(
        43,
        y,
        ["EXAMPLOL is indicated for the treatment of adults who have", "pain of the joints and for no other use. (1)"],
        8,
        "",
        9,
    )
    y = sheet.lines(43, y - 5, ["----------------DOSAGE AND ADMINISTRATION----------------"], 8, "b", 9)
    y = sheet.lines(
        43,
        y,
        [
            "Take 30 mg by mouth once daily with a glass of water, and do",
            "not take more than 60 mg on any day of the week. (2)",
        ],
        8,
        "",
        9,
    )
    y = sheet.lines(331, 740, ["-------------------CONTRAINDICATIONS-------------------"], 8, "b", 9)
    y = sheet.lines(
        331,
        y,
        [
            "Severe disease of the liver, and known allergy to examplamide",
            "or to any of the other substances in the tablets. (4)",
        ],
        8,
        "",
        9,
    )
    y = sheet.lines(331, y - 5, ["---------------WARNINGS AND PRECAUTIONS---------------"], 8, "b", 9)
    y = sheet.lines(
        331,
        y,
        [
            "Bleeding of the stomach may occur without any warning, and it",
            "is more frequent in people who take it for a long time. (5)",
        ],
        8,
        "",
        9,
    )
    sheet.lines(500, y - 10, ["Revised: 12/2021"], 8, "b", 9)
    y = sheet.lines(43, 560, ["FULL PRESCRIBING INFORMATION: CONTENTS*"], 8, "b", 9)
    for number, name in (("1", "INDICATIONS AND USAGE"), ("2", "DOSAGE AND ADMINISTRATION")):
        sheet.text(43, y, number, 8, "b").text(61, y, name, 8, "b")
        y -= 9
    sheet.text(61, y, "2.1", 8).text(90, y, "Dose in Adults", 8)
    sheet.text(43, y - 9, "*Sections or subsections omitted from the full prescribing information are not listed", 8)
    return sheet


def test_a_label_is_read_with_its_highlights_contents_and_numbered_sections() -> None:
    full = Sheet()
    full.text(60, 740, "FULL PRESCRIBING INFORMATION", 12, "b")
    full.text(60, 700, "1", 12, "b").text(96, 700, "INDICATIONS AND USAGE", 12, "b")
    full.lines(
        60,
        670,
        [
            "EXAMPLOL is indicated for the treatment of pain of the joints in adults,",
            "and has been used in no other disease so far.",
        ],
        12,
        "",
        15,
    )
    full.text(60, 610, "2", 12, "b").text(96, 610, "DOSAGE AND ADMINISTRATION", 12, "b")
    full.text(60, 580, "2.1", 12, "b").text(96, 580, "Dose in Adults", 12, "b")
    full.lines(
        60,
        550,
        ["The dose is 30 mg by mouth once daily, taken with a glass of water, until", "the pain has gone."],
        12,
        "",
        15,
    )
    document = read_pdf(pdf([highlights(), full], title="label"))
    metadata = document.metadata
    assert metadata.title == "EXAMPLOL (examplamide) tablets, for oral use"
    assert (metadata.brand_names, metadata.active_ingredients) == (("EXAMPLOL",), ("examplamide",))
    assert (metadata.updated, metadata.source_class.value) == ("2021-12", "label")
    found = sections(document)
    assert found["The dose is 30 mg by mouth once daily, taken with a glass of water, until the pain has gone."] == (
        "FULL PRESCRIBING INFORMATION", "2 DOSAGE AND ADMINISTRATION", "2.1 Dose in Adults",
    )  # fmt: skip
    dose = next(unit for unit in found if unit.startswith("Take 30 mg"))
    assert (
        dose
        == "Take 30 mg by mouth once daily with a glass of water, and do not take more than 60 mg on any day of the week."
    )
    assert found[dose] == ("HIGHLIGHTS OF PRESCRIBING INFORMATION", "DOSAGE AND ADMINISTRATION")
    liver = next(unit for unit in found if unit.startswith("Severe disease"))
    assert found[liver] == ("HIGHLIGHTS OF PRESCRIBING INFORMATION", "CONTRAINDICATIONS")
    assert "1 INDICATIONS AND USAGE" in texts(document, BlockKind.BOILERPLATE)
    assert not any("Sections or subsections" in unit for unit in found)
