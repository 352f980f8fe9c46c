"""Every format, from the file to the citation: told by its content, read with its structure, verified, and seen to change."""

from __future__ import annotations

import re
from pathlib import Path

import formats_made
import pytest
from fakes import library, quick_folder
from formats_made import DOSE, FILES, RENAL, SPL, TABLED, zipped

from citewell.conversation import ask
from citewell.errors import ReadError
from citewell.index import Report
from citewell.readers import Failure, Source, read
from citewell.readers.apart import Worker
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Audience, BlockKind, Document, SourceClass

pytestmark = pytest.mark.unit


def documents(name: str, data: bytes | None = None) -> list[Document]:
    found = list(read(Source(Path("/docs") / name, name, Path("/docs")), FILES[name] if data is None else data))
    assert [each for each in found if isinstance(each, Failure)] == []
    return [each for each in found if isinstance(each, Document)]


def one(name: str) -> Document:
    [document] = documents(name)
    return document


def quoted(document: Document) -> list[tuple[str, str, str]]:
    """(last heading, lead, text) of each unit."""
    return [
        (
            unit.section[-1] if unit.section else "",
            document.text[slice(*unit.lead)] if unit.lead else "",
            document.text[unit.start : unit.end],
        )
        for unit in split_units(document, Segmentation())
    ]


@pytest.mark.parametrize("name", FILES)
def test_the_dose_is_one_unit_in_every_format(name):
    [document] = documents(name)
    assert any(DOSE in text for _, _, text in quoted(document))
    assert [b.start for b in document.blocks] == sorted(b.start for b in document.blocks)
    assert all(a.end <= b.start for a, b in zip(document.blocks, document.blocks[1:], strict=False))


@pytest.mark.parametrize("name", TABLED)
def test_a_row_is_quoted_with_its_header_in_every_format_that_has_tables(name):
    [(_, lead, text)] = [each for each in quoted(one(name)) if RENAL in each[2]]
    assert text.strip("| ") == "Severe renal impairment | 10 mg every other day"
    assert "Kidney function" in lead
    assert "Dose" in lead


@pytest.mark.parametrize(
    "name", [name for name in FILES if not name.startswith(("note.", "rows", "page", "record", "doses.csv"))]
)
def test_a_format_is_told_by_its_content_whatever_the_file_is_called(name):
    [document] = documents("unnamed", FILES[name])
    assert (document.text, document.blocks) == (one(name).text, one(name).blocks)


def test_what_a_label_says_of_itself():
    metadata = one("label.xml").metadata
    assert (metadata.title, metadata.publisher, metadata.updated, metadata.version) == (
        "Examplex (examplol hydrochloride) tablet", "Example Labs, Inc.", "2024-02-29", "7",
    )  # fmt: skip
    assert (metadata.source_class, metadata.brand_names, metadata.active_ingredients) == (
        SourceClass.LABEL,
        ("Examplex",),
        ("examplol",),
    )
    assert metadata.identifiers == ("set id 11111111-2222-3333-4444-555555555555", "NDC 0000-0001")


def test_a_label_in_an_archive_is_the_label():
    plain, packed = one("label.xml"), one("label.zip")
    assert (packed.id, packed.text, packed.sha256) == ("label.zip", plain.text, plain.sha256)


def test_a_label_has_its_sections_highlights_warning_and_product():
    units = quoted(one("label.xml"))
    assert ("2 DOSAGE AND ADMINISTRATION", "", "Take 40 mg daily.") in [
        (h, lead, text.split(" (")[0]) for h, lead, text in units
    ]
    assert ("WARNING: FALLS", "", "Examplol makes elderly people fall.") in units
    assert ("2.1 Adults", "", "Cultures held 10⁶ cells.") in units
    assert ("Do not use", "Do not use", "in children under 4 years") in units
    assert ("Product data", "", "Inactive ingredients of Examplex: LACTOSE MONOHYDRATE") in units
    places = {b.place for b in one("label.xml").blocks}
    assert {"#p1", "#t1/tbody/tr[2]", "#s21"} <= places


def test_a_record_of_openfda_is_cut_at_its_subsections_and_its_table_read_once():
    document = one("record.json")
    assert document.text.count(RENAL) == 1
    assert (document.metadata.title, document.metadata.updated) == ("Examplex (examplol)", "2024-02-29")
    assert [(lead, text) for _, lead, text in quoted(document) if "allergic" in text] == [
        ("Do not use", "if you are allergic to examplol")
    ]
    [page] = documents("page.json")
    assert (page.id, page.metadata.licence) == (
        "page.json/11111111-2222-3333-4444-555555555555",
        "https://open.fda.gov/license/",
    )


def test_what_a_leaflet_says_of_itself():
    metadata = one("leaflet.xml").metadata
    assert (metadata.title, metadata.publisher, metadata.updated, metadata.review_status) == (
        "Examplex 40 mg tablets", "Example Labs", "2024-02-29", "preliminary",
    )  # fmt: skip
    assert (metadata.audience, metadata.language, metadata.brand_names, metadata.active_ingredients) == (
        Audience.PATIENT, "en", ("Examplex",), ("examplol",),
    )  # fmt: skip
    assert ("Children", "", "Do not give it to children.") in quoted(one("leaflet.xml"))
    assert one("leaflet.json").metadata.review_status is None


def test_a_leaflet_with_broken_mark_up_is_read_and_says_so():
    broken = FILES["leaflet.xml"].replace(b"<p>Do not give", b"<p><b>Do not<b> give")
    [document] = documents("leaflet.xml", broken)
    assert ("Children", "", "Do not give it to children.") in quoted(document)
    assert "mark-up is broken" in document.metadata.remarks[0]
    with pytest.raises(ReadError, match="leaflet.xml: expected well-formed XML"):
        documents("leaflet.xml", broken[:-40])


def test_what_an_article_says_of_itself_and_its_hole():
    document = one("article.nxml")
    metadata = document.metadata
    assert (
        metadata.how_to_cite == "Doe JB. Examplol in adults. Journal of Examples. 2021 Mar;4(2):10–19. doi: 10.1000/1"
    )
    assert (metadata.source_class, metadata.updated, metadata.licence, metadata.language) == (
        SourceClass.RESEARCH,
        "2021-03-09",
        "CC BY 4.0",
        "en",
    )
    assert metadata.identifiers == ("PMID 123", "doi 10.1000/1")
    assert any("[9]" in remark and "no such entry" in remark for remark in metadata.remarks)
    assert "As in earlier work[1], and elsewhere [9]." in " ".join(document.text.split())
    listed = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.REFERENCE]
    assert listed == ["1. Roe R. Earlier work. J Ex. 2019;1:2."]
    assert ("1 Methods", "", "Doses are of the salt.") in quoted(document)
    assert ("Results", "", "Examplol helped 31% of adults.") in quoted(document)


def test_what_a_record_of_pubmed_says_of_itself():
    metadata = one("pubmed.xml").metadata
    assert (metadata.source_class, metadata.updated, metadata.language) == (SourceClass.GUIDELINE, "2021-03", "en")
    assert metadata.how_to_cite == "Doe JB. Examplol in adults. J Ex. 2021 Mar;4(2):10-9. doi: 10.1000/1"
    assert quoted(one("pubmed.xml"))[0][0] == "RESULTS"


def test_an_archive_of_many_leaves_out_the_broken_one_and_does_not_open_archives_in_archives():
    data = zipped(
        {
            "a.xml": SPL,
            "b.xml": SPL[:900],
            "c.txt": b"Examplol is blue.",
            "d.zip": zipped({"deep.xml": SPL, "deeper.xml": SPL}),
        }
    )
    found = list(read(Source(Path("/all.zip"), "all.zip", Path("/")), data))
    assert [each.id for each in found if isinstance(each, Document)] == ["all.zip/a.xml", "all.zip/c.txt"]
    reasons = {each.document_id: each.reason for each in found if isinstance(each, Failure)}
    assert "well-formed XML" in reasons["all.zip/b.xml"]
    assert "found an archive in it" in reasons["all.zip/d.zip"]


@pytest.mark.parametrize(
    "data",
    [b'<?xml version="1.0"?><recipe><step/></recipe>', b'{"results": [1]}', zipped({"a/": b"", ".hidden": b"x"})],
)
def test_what_looks_like_a_known_format_and_is_none_is_refused_by_name(data):
    name = "odd.json" if data[:1] == b"{" else "odd.xml"
    with pytest.raises(ReadError, match=rf"^{name}: expected "):
        list(read(Source(Path("/") / name, name, Path("/")), data))


def test_documents_of_every_format_verify_and_a_change_is_seen_in_one_file_only(monkeypatch):
    with quick_folder() as folder:
        made = library(monkeypatch, folder)
        for name, data in FILES.items():
            (made.folder / name).write_bytes(data)
        assert made.build() == Report(len(FILES) - 1, 0, 0, 0, ())  # rows.jsonl is read only if it is given itself
        index = made.open()
        assert index.verify() == ()
        read_again: list[str] = []
        begin = Worker.begin
        monkeypatch.setattr(
            Worker, "begin", lambda self, source: (read_again.append(source.document_id), begin(self, source))
        )
        (made.folder / "article.nxml").write_bytes(FILES["article.nxml"].replace(b"31%", b"32%"))
        [problem] = index.verify()
        assert (problem.document_id, problem.what) == ("article.nxml", "the file has changed since it was indexed")
        assert (index.is_current("label.xml"), index.is_current("article.nxml")) == (True, False)
        read_again.clear()
        assert made.build() == Report(0, 1, len(FILES) - 2, 0, ())
        assert read_again == ["article.nxml"]


def test_a_cell_is_answered_with_its_header_and_its_place(monkeypatch):
    with quick_folder() as folder:
        made = library(monkeypatch, folder)
        (made.folder / "label.xml").write_bytes(formats_made.SPL)
        made.build()
        answer = ask(made.open(), "What is the dose of Examplex in severe renal impairment?")
        assert answer.answered
        first = answer.excerpts[0]
        assert (first.text, first.section[-1]) == ("Severe renal impairment | 10 mg every other day", "2.1 Adults")
        assert first.context_before == "Table 1. Dose by kidney function Kidney function | Dose"
        assert "#t1/tbody/tr[2]" in answer.citations[0].locator
        assert any("Examplex" in note and "examplol" in note for note in answer.notes)


@pytest.mark.parametrize("name", ["label.xml", "site.html", "article.nxml", "leaflet.xml", "book.epub"])
def test_a_name_that_spans_an_empty_row_is_not_given_the_next_drugs_dose(name):
    table = (
        "<table><tbody><tr><td>Drug</td><td>Way</td><td>Dose</td></tr><tr><td rowspan='2'>Alphamab</td><td>oral</td><td>5 mg</td></tr>"
        "<tr><td></td><td></td></tr><tr><td>Betamab</td><td>iv</td><td>6 mg</td></tr></tbody></table>"
    )
    data = formats_made.zipped(formats_made.BOOK) if name == "book.epub" else FILES[name]
    if name == "book.epub":
        chapter = formats_made.BOOK["c.xhtml"].decode()
        start, end = chapter.index("<table>"), chapter.index("</table>") + 8
        data = formats_made.zipped({**formats_made.BOOK, "c.xhtml": (chapter[:start] + table + chapter[end:]).encode()})
    else:
        text = data.decode()
        start, end = re.search(r"<table[ >]", text).start(), text.index("</table>") + 8  # type: ignore[union-attr]
        data = (text[:start] + table + text[end:]).encode()
    [document] = documents(name, data)
    rows = [text for _, _, text in quoted(document) if "mg" in text and "|" in text]
    assert rows == ["Alphamab | oral | 5 mg", "Betamab | iv | 6 mg"]
