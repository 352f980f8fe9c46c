"""Real files of every format, in place; tests/test_formats.py has the twins on text of our own."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from citewell.readers import discover, load, read
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document, SourceClass

pytestmark = pytest.mark.shared
RAW = Path(__file__).resolve().parents[2] / "shared" / "data" / "raw"


def document(name: str) -> Document:
    [path] = RAW.rglob(name)
    [source] = discover([path])
    [found] = read(source, load(source))
    assert isinstance(found, Document)
    return found


def rows(found: Document, start: str) -> list[tuple[str, str, str]]:
    """(last heading, lead, text) of the rows that begin so."""
    units = [unit for unit in split_units(found, Segmentation()) if found.text.startswith(start, unit.start)]
    return [
        (unit.section[-1], found.text[slice(*unit.lead)] if unit.lead else "", found.text[unit.start : unit.end])
        for unit in units
    ]


def headings(found: Document) -> list[str]:
    return [found.text[b.start : b.end] for b in found.blocks if b.kind is BlockKind.HEADING]


FILES = [path for path in sorted(RAW.rglob("*")) if path.is_file()] if RAW.is_dir() else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_real_file_is_read(path):
    [source] = discover([path])
    for found in read(source, load(source)):
        assert isinstance(found, Document)
        units = split_units(found, Segmentation())
        assert len(units) > 9
        assert all(one.end <= other.start for one, other in pairwise(units))
        assert found.metadata.title


@pytest.mark.parametrize(
    ("name", "brand", "ingredients", "updated", "version"),
    [
        ("humira.xml", "Humira", ("adalimumab",), "2013-09-30", "1560"),
        ("lipitor-orig.xml", "Lipitor", ("atorvastatin",), "2014-01-13", "11"),
        (
            "cough.xml",
            "TRIAMINIC Childrens Night Time Cold and Cough",
            ("diphenhydramine", "phenylephrine"),
            "2011-04-26",
            "1",
        ),
        ("childrens_tylenol_label_record.json", "CHILDRENS TYLENOL", ("acetaminophen",), "2026-06-12", "3"),
        ("US__IbranceCapsules.xml", "IBRANCE", ("palbociclib",), "2024-12-27", "16"),
        ("nhs-ePIs__DiflucanCapsulesEN.xml", "Diflucan", ("fluconazole",), "2024-04-11", "1"),
        ("TM label en uk.xml", "Talzenna", ("talazoparib",), "2022-03-01", None),
    ],
)
def test_what_a_real_label_says_of_itself(name, brand, ingredients, updated, version):
    metadata = document(name).metadata
    assert (metadata.brand_names, metadata.active_ingredients) == ((brand,), ingredients)
    assert (metadata.updated, metadata.version, metadata.source_class) == (updated, version, SourceClass.LABEL)


@pytest.mark.parametrize(
    ("name", "start", "section", "named", "value"),
    [
        (
            "humira.xml",
            "15 kg (33 lbs) to <30 kg (66 lbs) |",
            "2.2 Juvenile Idiopathic Arthritis",
            "Pediatric Patients",
            "20 mg every other week",
        ),
        (
            "humira.xml",
            "≥30 kg (66 lbs) |",
            "2.2 Juvenile Idiopathic Arthritis",
            "Pediatric Patients",
            "40 mg every other week",
        ),
        ("cough.xml", "children 6 to under 12 years of age |", "Directions", "Age | Dose", "2 teaspoonfuls (10 mL)"),
        (
            "childrens_tylenol_label_record.json",
            "36-47 lbs |",
            "Directions",
            "Weight (lb) | Age (yr)",
            "4-5 years | 7.5 mL",
        ),
        ("US__IbranceCapsules.xml", "Recommended starting dose |", "2.2 Dose Modification", "Table 1.", "125 mg/day"),
        (
            "nhs-ePIs__DiflucanCapsulesEN.xml",
            "To treat cryptococcal meningitis |",
            "Use in Adults",
            "Condition | Dose",
            "400 mg on the first day",
        ),
    ],
)
def test_a_dose_stands_in_its_row_under_its_header(name, start, section, named, value):
    [(heading, lead, text)] = rows(document(name), start)
    assert (heading, named in lead, value in text) == (section, True, True)


def test_a_real_label_has_its_numbered_sections_once_beside_the_highlights():
    found = headings(document("humira.xml"))
    assert found.count("5.4 Hepatitis B Virus Reactivation") == 1
    assert found.count("2 DOSAGE AND ADMINISTRATION") == 2  # in the highlights, and in full
    assert found[0] == "Highlights of prescribing information"


@pytest.mark.parametrize(
    ("name", "updated", "journal", "doi"),
    [
        ("pone.0000217.nxml", "2007-02-14", "PLoS ONE", "doi 10.1371/journal.pone.0000217"),
        ("6605965a.nxml", "2010-11-02", "British Journal of Cancer", "doi 10.1038/sj.bjc.6605965"),
        ("elife-56337.nxml", "2020-06-01", "eLife", "doi 10.7554/eLife.56337"),
        ("PMC6398430.nxml", "2018-12-08", "Behavioral Ecology", "doi 10.1093/beheco/ary157"),
        ("pubmed-29768149.xml", "2018-05-17", "The New England journal of medicine", "doi 10.1056/NEJMoa1715274"),
    ],
)
def test_what_a_real_article_says_of_itself(name, updated, journal, doi):
    metadata = document(name).metadata
    assert (metadata.updated, metadata.publisher, doi in metadata.identifiers) == (updated, journal, True)


def test_rows_set_in_below_a_name_belong_to_it_and_the_next_one_does_not():
    found = document("6605965a.nxml")
    assert [text.split(" | ")[1:] for _, _, text in rows(found, "Menopausal status (%) › Pre-menopausal")] == [
        ["11.2", "34.2"]
    ]
    assert [text.split(" | ")[1:] for _, _, text in rows(found, "Mean (s.d.) age at menarche")] == [
        ["13.2 (1.6)", "13.1 (1.5)"]
    ]


def test_a_real_reference_list_is_numbered_and_has_no_hole():
    found = document("PMC5828200.nxml")
    entries = [found.text[b.start : b.end] for b in found.blocks if b.kind is BlockKind.REFERENCE]
    assert (len(entries), entries[0][:6], entries[-1][:4]) == (52, "1. Mor", "52. ")
    assert found.metadata.remarks == ()
