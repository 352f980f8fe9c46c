"""The PDF reader on real labels, guidelines and a paper, in place: facts that were looked up on their pages.

The twins on pages of our own are in test_pdf.py (columns, heads, scripts, headings, labels) and test_pdf_tables.py.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from citewell.readers import discover, load, read
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document, SourceClass, Unit, fold

pytestmark = pytest.mark.shared
PDFS = Path(__file__).resolve().parents[2] / "shared" / "data" / "raw" / "pdf"


@cache
def document(name: str) -> Document:
    [found] = discover([PDFS / f"{name}.pdf"])
    [read_document] = read(found, load(found))
    assert isinstance(read_document, Document)
    return read_document


@cache
def units(name: str) -> tuple[tuple[str, Unit], ...]:
    read_document = document(name)
    return tuple((fold(read_document.text[u.start : u.end]), u) for u in split_units(read_document, Segmentation()))


def unit(name: str, start: str) -> tuple[str, Unit]:
    """The only unit that starts so."""
    [found] = [(text, unit) for text, unit in units(name) if text.startswith(start)]
    return found


def rows(name: str, page: int) -> list[tuple[str, str]]:
    """(lead, row) of the rows of a page."""
    read_document = document(name)
    return [
        (
            fold(read_document.text[slice(*block.lead)]) if block.lead else "",
            fold(read_document.text[block.start : block.end]),
        )
        for block in read_document.blocks
        if block.kind is BlockKind.ROW and block.page == page
    ]


def test_the_label_is_known_by_its_first_lines() -> None:
    metadata = document("ORENCIA").metadata
    assert metadata.title == "ORENCIA (abatacept) for injection, for intravenous use"
    assert (metadata.brand_names, metadata.active_ingredients) == (("ORENCIA",), ("abatacept",))
    assert (metadata.source_class, metadata.updated, metadata.language) == (SourceClass.LABEL, "2021-12", "en")


@pytest.mark.parametrize(
    ("start", "section", "page"),
    [
        ("COPD patients may develop", ("HIGHLIGHTS OF PRESCRIBING INFORMATION", "WARNINGS AND PRECAUTIONS"), 1),
        (
            "Pediatric patients weighing",
            (
                "HIGHLIGHTS OF PRESCRIBING INFORMATION",
                "DOSAGE AND ADMINISTRATION",
                "Intravenous Use for pJIA in Pediatric Patients ≥6 Years Old (2.2)",
            ),
            1,
        ),
        (
            "Administer ORENCIA 125 mg in prefilled",
            (
                "FULL PRESCRIBING INFORMATION",
                "2 DOSAGE AND ADMINISTRATION",
                "2.1 Dosage in Adult Rheumatoid Arthritis",
                "Subcutaneous Dosing Regimen",
            ),
            4,
        ),
        (
            "Local injection-site reactions",
            (
                "FULL PRESCRIBING INFORMATION",
                "6 ADVERSE REACTIONS",
                "6.1 Clinical Trials Experience",
                "Adverse Reactions in Patients with pJIA Treated with Subcutaneous ORENCIA",
            ),
            15,
        ),
    ],
)
def test_the_sections_of_the_label_are_those_it_prints(start: str, section: tuple[str, ...], page: int) -> None:
    _, found = unit("ORENCIA", start)
    assert (found.section, found.page) == (section, page)


def test_the_sections_of_the_label_keep_their_numbers_throughout() -> None:
    sections = {
        unit.section[1].split()[0]
        for _, unit in units("ORENCIA")
        if unit.section[:1] == ("FULL PRESCRIBING INFORMATION",) and len(unit.section) > 1
    }
    assert sections == {"1", "2", "3", "4", "5", "6", "7", "8", "10", "11", "12", "13", "14", "16", "17"}


def test_the_dose_tables_of_the_label_have_the_right_figure_in_the_right_row() -> None:
    assert [row for _, row in rows("ORENCIA", 4)] == [
        "Less than 60 kg | 500 mg | 2", "60 to 100 kg | 750 mg | 3", "More than 100 kg | 1,000 mg | 4",
    ]  # fmt: skip
    assert all(
        lead.startswith("Table 1:") and lead.endswith("| Dose | Number of Vialsᵃ") for lead, _ in rows("ORENCIA", 4)
    )
    assert [row for _, row in rows("ORENCIA", 5)] == [
        "10 to less than 25 kg | 50 mg",
        "25 to less than 50 kg | 87.5 mg",
        "50 kg or more | 125 mg",
    ]


def test_the_tables_of_reactions_keep_their_rows_groups_and_headers() -> None:
    reactions = rows("ORENCIA", 12)
    assert (len(reactions), reactions[0][1], reactions[-1][1]) == (
        10,
        "Headache | 18% | 13%",
        "Pain in extremity | 3% | 2%",
    )
    assert reactions[0][0].endswith("| Intravenous ORENCIA (n=1955)ᵃ | Placebo (n=989)ᵇ")
    assert "Infections and Infestations › Pneumonia | 19 | 19 | 12 | 12 | 10 | 9" in [
        row for _, row in rows("ORENCIA", 17)
    ]
    assert {lead[:8] for lead, _ in rows("ORENCIA", 17)} == {"Table 4:"}
    assert rows("ORENCIA", 28)[0][1] == "Minimum Concentration (Cmin)ᵃ [mcg/mL] | 59 (26-112) | 43 (25-73)"
    assert "Study III › Second Year › ES | 0.23 | 0.22ᶜ | - | -" in [row for _, row in rows("ORENCIA", 35)]
    assert "Malignancy type › Acute Lymphoblastic Leukemia (ALL) | 8 (19) | 20 (27) | 22 (32)" in [
        row for _, row in rows("ORENCIA", 41)
    ]
    assert rows("ORENCIA", 42)[2][1] == "Gr II-IV aGVHD Free Survivalᵇ Rate (95% CI) | 50% (38%, 61%) | 32% (21%, 43%)"


def test_heads_feet_and_contents_of_the_label_are_never_quoted() -> None:
    for start in (
        "This label may not",
        "For current labeling",
        "Reference ID",
        "FULL PRESCRIBING INFORMATION: CONTENTS",
        "*Sections or",
    ):
        assert [text for text, _ in units("ORENCIA") if text.startswith(start)] == []
    chrome = [block for block in document("ORENCIA").blocks if block.kind is BlockKind.BOILERPLATE]
    assert sum("Reference ID" in document("ORENCIA").text[block.start : block.end] for block in chrome) >= 60


def test_the_german_label_is_read_with_sections_and_scripts() -> None:
    metadata = document("metformin").metadata
    assert (metadata.title, metadata.updated) == ("Metformin Axapharm", None)
    _, found = unit("metformin", "Da bei älteren Patienten")
    assert found.section == ("Metformin Axapharm", "Dosierung/Anwendung", "Ältere Patienten")
    assert (
        unit("metformin", "Die maximale Tagesdosis beträgt")[1].section[-1] == "Patienten mit Nierenfunktionsstörungen"
    )
    together = " ".join(text for text, _ in units("metformin"))
    assert "(HbA1c)" in together
    assert "1.73 m²)" in together
    assert not any("compendium.ch" in text or "Inhaltsverzeichnis" in text for text, _ in units("metformin"))


def test_the_paper_is_read_column_by_column() -> None:
    name = "N18-3011"
    assert document(name).metadata.title == "Construction of the Literature Graph in Semantic Scholar"
    text, found = unit(name, "Despite notable advances")
    assert text.endswith("simple questions such as:")
    assert found.section[1:] == ("1 Introduction",)
    over_columns, _ = unit(name, "In this paper, we focus")
    assert over_columns.endswith("(e.g., Xiong et al., 2017).")
    over_pages, found = unit(name, "For example, most research")
    assert (found.page, over_pages.count("domain adaptation")) == (1, 1)
    assert [row for _, row in rows(name, 4)] == [
        "Statistical | 98.4 | 712 | 94.4 | 928",
        "Hybrid | 91.5 | 1990 | 92.1 | 3126",
        "Off-the-shelf | 97.4 | 873 | 77.5 | 1206",
    ]
    assert [row for _, row in rows(name, 5)] == [
        "Without LM | 49.9",
        "With LM | 54.1",
        "Avg. of 15 models with LM | 55.2",
    ]
    sections = list(dict.fromkeys(unit.section[1] for _, unit in units(name) if len(unit.section) > 1))
    assert [section.split()[0] for section in sections] == ["Abstract", "1", "2", "3", "4", "5", "6"]
    references = [block for block in document(name).blocks if block.kind is BlockKind.REFERENCE]
    assert len(references) == 27
    assert "Erdős" in document(name).text


@pytest.mark.parametrize(
    ("name", "title", "updated"),
    [
        (
            "ANDA_Referencing_RLD",
            "Referencing Approved Drug Products in ANDA Submissions Guidance for Industry",
            "2020-10",
        ),
        ("CMC_Stability_Testing_Drug_Products", "ANDAs: Stability Testing of Drug Substances and Products", "2013-06"),
        (
            "CMC_Process_Validation_CPG",
            "CPG Sec. 490.100 Process Validation Requirements for Drug Products and Active Pharmaceutical Ingredients "
            "Subject to Pre-Market Approval",
            "2004",  # revised 03/12/2004, which may be March or December
        ),
    ],
)
def test_the_guidances_are_known_by_title_and_date(name: str, title: str, updated: str | None) -> None:
    assert (document(name).metadata.title, document(name).metadata.updated) == (title, updated)


def test_the_guidances_keep_their_sections_marks_and_sentences() -> None:
    text, found = unit("ANDA_Referencing_RLD", "These factors include the discontinued")
    assert "in the printed version, and with a" in text
    assert (found.section[-1], found.page) == ("I. INTRODUCTION", 4)
    assert {
        unit.section[-2] for _, unit in units("ANDA_Referencing_RLD") if unit.section[-1:] == ("2. Choosing an RLD",)
    } == {"B. Reference Listed Drug"}
    assert any(text.endswith("submission.²") for text, _ in units("ANDA_Referencing_RLD"))
    assert "(INDs)" in document("IND_Phase1_Content_Format").metadata.title
    text, found = unit("IND_Phase1_Content_Format", "Present regulations allow")
    assert text.startswith("Present regulations allow a great deal of flexibility in")
    assert found.section[-1] == "I. INTRODUCTION"
    items = [text for text, unit in units("CMC_Stability_Testing_Drug_Products") if unit.kind.value == "item"]
    assert [item.split()[0] for item in items[:5]] == ["Q1A", "Q1B", "Q1C", "Q1D", "Q1E"]
    sections = [unit.section[-1][:3] for _, unit in units("CMC_Process_Validation_CPG") if len(unit.section) == 3]
    assert list(dict.fromkeys(sections)) == ["2. ", "3. ", "4. ", "5. "]


@pytest.mark.parametrize("path", sorted(PDFS.glob("*.pdf")), ids=lambda path: path.stem)
def test_blocks_cover_all_that_is_printed_and_pages_follow_each_other(path: Path) -> None:
    found = document(path.stem)
    edges = [0, *(edge for block in found.blocks for edge in (block.start, block.end)), len(found.text)]
    assert edges == sorted(edges)
    between = [word for a, b in zip(edges[::2], edges[1::2], strict=True) for word in found.text[a:b].split()]
    assert [word for word in between if len(word.strip("-=_")) > 5] == []
    pages = [unit.page or 0 for _, unit in units(path.stem)]
    assert pages == sorted(pages)
    assert max(pages) <= found.text.count("\f") + 1
