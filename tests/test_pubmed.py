"""Records of PubMed: abstracts by their parts, corrections remarked, nothing of a reference taken for the record's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from citewell.errors import ReadError
from citewell.readers.articles.pubmed import looks_like_pubmed, read_pubmed
from citewell.readers.articles.pubmed_meta import title_of
from citewell.readers.beir import Failure
from citewell.readers.source import Source
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Document, SourceClass

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "raw" / "jats"
RECORD = """<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal><JournalIssue>
<Volume>7</Volume><Issue>2</Issue><PubDate><Year>2019</Year><Month>Jun</Month></PubDate></JournalIssue>
<Title>Journal of Examples</Title></Journal><ArticleTitle>Examplol 10<sup>6</sup> units.</ArticleTitle>
<Pagination><MedlinePgn>12-9</MedlinePgn></Pagination>
<Abstract><AbstractText Label="AIM OF IT" NlmCategory="OBJECTIVE">To test 5 mg/m<sup>2</sup>.</AbstractText>
<AbstractText Label="RESULTS">It works (P&lt;0.05). It is safe.</AbstractText><AbstractText>Paid by none.</AbstractText>
<CopyrightInformation>© 2019 Examples.</CopyrightInformation></Abstract>
<AuthorList><Author><LastName>Doe</LastName><ForeName>Jane A</ForeName><Initials>JA</Initials></Author>
<Author><CollectiveName>Example Group</CollectiveName></Author></AuthorList><Language>fre</Language>
<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
<AccessionNumber>NCT00000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<GrantList><Grant><GrantID>G1</GrantID><Agency>Example Fund</Agency><Country>Nowhere</Country></Grant></GrantList>
<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2019</Year><Month>05</Month><Day>03</Day></ArticleDate></Article>
<MedlineJournalInfo><MedlineTA>J Ex</MedlineTA></MedlineJournalInfo>
<ChemicalList><Chemical><NameOfSubstance>examplol</NameOfSubstance></Chemical></ChemicalList>{corrections}
<MeshHeadingList><MeshHeading><DescriptorName>Kidney</DescriptorName><QualifierName>drug effects</QualifierName></MeshHeading>
</MeshHeadingList><OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText>It helps.</AbstractText></OtherAbstract>
<KeywordList><Keyword>kidney</Keyword><Keyword>dose</Keyword></KeywordList><CoiStatement>JD took fees.</CoiStatement>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList><ReferenceList><Reference>
<Citation>Roe R. J Ex. 2010;1:2.</Citation><ArticleIdList><ArticleId IdType="pubmed">5</ArticleId><ArticleId IdType="doi">10.1/r
</ArticleId><ArticleId IdType="pmc">PMC9</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""


def source(name: str = "p.xml") -> Source:
    return Source(Path("/") / name, name, Path("/"))


def record(pmid: str = "111", kind: str = "Journal Article", corrections: str = "") -> str:
    return RECORD.format(pmid=pmid, kind=kind, corrections=corrections)


def read(text: str) -> Document:
    [document] = read_pubmed(source(), text.encode())
    assert isinstance(document, Document)
    return document


def shown(document: Document, kind: str) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind.value == kind]


@pytest.mark.unit
def test_a_record_tells_of_itself_and_not_of_its_references():
    metadata = read(record()).metadata
    assert (metadata.title, metadata.publisher) == ("Examplol 10⁶ units", "Journal of Examples")
    assert metadata.updated == "2019-05-03"
    assert (metadata.language, metadata.licence, metadata.source_class) == (
        "fr",
        "© 2019 Examples.",
        SourceClass.RESEARCH,
    )
    assert metadata.identifiers == ("PMID 111", "ClinicalTrials.gov NCT00000001")
    assert metadata.how_to_cite == "Doe JA, Example Group. Examplol 10⁶ units. J Ex. 2019 Jun;7(2):12-9."
    assert (metadata.review_status, metadata.remarks) == (None, ())


@pytest.mark.unit
def test_each_sentence_of_a_record_keeps_its_section():
    document = read(record())
    title = "Examplol 10⁶ units"
    assert {document.text[u.start : u.end]: u.section for u in split_units(document, Segmentation())} == {
        "Keywords: kidney; dose": (title,), "To test 5 mg/m².": (title, "Abstract", "AIM OF IT"),
        "It works (P<0.05).": (title, "Abstract", "RESULTS"), "It is safe.": (title, "Abstract", "RESULTS"),
        "Paid by none.": (title, "Abstract"), "It helps.": (title, "Plain-language summary"),
        "JD took fees.": (title, "Conflict of interest"), "Example Fund, Nowhere: G1": (title, "Funding"),
    }  # fmt: skip
    assert shown(document, "boilerplate") == [
        "Jane A Doe, Example Group", "Publication types: Journal Article", "MeSH terms: Kidney/drug effects", "Substances: examplol",
        "Registered: ClinicalTrials.gov NCT00000001",
    ]  # fmt: skip
    assert shown(document, "reference") == ["Roe R. J Ex. 2010;1:2. PMID 5 doi 10.1/r pmc PMC9"]


@pytest.mark.unit
def test_a_formula_in_an_abstract_keeps_its_numbers_apart():
    formula = "<mml:math xmlns:mml='m'><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math>"
    text = f"<PubmedArticle><Abstract><AbstractText>Half is {formula} mg, 3{formula} too.</AbstractText></Abstract></PubmedArticle>"
    assert shown(read(text), "paragraph") == ["Half is 1/2 mg, 3 1/2 too."]


@pytest.mark.unit
def test_a_file_of_several_records_gives_each():
    text = (
        f"<PubmedArticleSet>{record('1')}{record('2')}{record('1')}<PubmedArticle/><DeleteCitation/></PubmedArticleSet>"
    )
    found = list(read_pubmed(source(), text.encode()))
    assert [each.id if isinstance(each, Document) else each.document_id for each in found] == [
        "p.xml/1", "p.xml/2", "p.xml/1 3", "p.xml/4",
    ]  # fmt: skip
    assert isinstance(found[3], Failure)
    [alone] = read_pubmed(source(), f"<PubmedArticleSet>{record('1')}</PubmedArticleSet>".encode())
    assert isinstance(alone, Document)
    assert alone.id == "p.xml"


@pytest.mark.unit
def test_corrections_and_retractions_are_remarked():
    where = '<CommentsCorrections RefType="{}"><RefSource>J Ex. 2020;8:1</RefSource></CommentsCorrections>'
    withdrawn = read(record(corrections=where.format("RetractionIn"))).metadata
    assert (withdrawn.review_status, withdrawn.remarks) == (
        "retracted",
        (
            "The record marks this article as retracted.",
            "The record says that this article was retracted: J Ex. 2020;8:1",
        ),
    )
    corrected = read(record(corrections=where.format("ErratumIn"))).metadata
    assert (corrected.review_status, corrected.remarks) == (None, ("The record names an erratum: J Ex. 2020;8:1",))
    assert read(record(kind="Retracted Publication")).metadata.review_status == "retracted"
    assert read(record(corrections=where.format("CommentIn"))).metadata.remarks == ()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("kind", "source_class"),
    [
        ("Practice Guideline", SourceClass.GUIDELINE),
        ("Guideline", SourceClass.GUIDELINE),
        ("Review", SourceClass.RESEARCH),
    ],
)
def test_the_class_is_the_type_of_publication(kind, source_class):
    assert read(record(kind=kind)).metadata.source_class is source_class


@pytest.mark.unit
@pytest.mark.parametrize(
    ("printed", "title"),
    [("[Examplol in [18F] scans].", "Examplol in [18F] scans"), ("[A] or [B].", "[A] or [B]"), ("In the U.S.", "In the U.S."),
     ("Does it work?", "Does it work?"), ("[Translated]", "Translated")],
)  # fmt: skip
def test_a_title_loses_its_stop_and_the_brackets_of_a_translation(printed, title):
    assert title_of(printed) == title


@pytest.mark.unit
@pytest.mark.parametrize(
    ("date", "iso"),
    [
        ("<Year>2001</Year><Month>02</Month><Day>30</Day>", "2001-02"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998"),
        ("<Year>2001</Year><Season>Spring</Season>", "2001"),
        ("<Year>2001</Year><Month>13</Month>", "2001"),
        ("", None),
    ],
)
def test_a_date_is_as_precise_as_printed(date, iso):
    issue = f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>"
    text = f"<PubmedArticle><Article>{issue}<ArticleTitle>A title</ArticleTitle></Article></PubmedArticle>"
    assert read(text).metadata.updated == iso


@pytest.mark.unit
def test_a_chapter_is_dated_by_its_last_change():
    text = """<PubmedBookArticle><BookDocument><PMID>9</PMID><ArticleIdList><ArticleId IdType="bookaccession">NBK9</ArticleId>
    </ArticleIdList><Book><Publisher><PublisherName>Example Press</PublisherName></Publisher><BookTitle>Examples</BookTitle>
    <PubDate><Year>2006</Year></PubDate><AuthorList Type="editors"><Author><LastName>Ed</LastName></Author></AuthorList></Book>
    <ArticleTitle>Examplol</ArticleTitle><Language>eng</Language><AuthorList Type="authors"><Author><LastName>Doe</LastName>
    <Initials>J</Initials></Author></AuthorList><Abstract><AbstractText>It works.</AbstractText></Abstract>
    <ContributionDate><Year>2010</Year></ContributionDate><DateRevised><Year>2021</Year><Month>3</Month><Day>15</Day></DateRevised>
    </BookDocument></PubmedBookArticle>"""
    metadata = read(text).metadata
    assert (metadata.title, metadata.updated, metadata.publisher) == ("Examplol", "2021-03-15", "Example Press")
    assert metadata.identifiers == ("PMID 9", "Bookshelf id NBK9")
    assert metadata.how_to_cite == "Doe J. Examplol. In: Examples. Example Press. 2021 Mar."


@pytest.mark.unit
def test_the_format_is_told_by_the_outermost_element():
    assert looks_like_pubmed(b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "a" "b">\n<PubmedArticleSet>')
    assert not looks_like_pubmed(b"<html><PubmedArticle></html>")
    assert not looks_like_pubmed(b"")


@pytest.mark.unit
@pytest.mark.parametrize(
    "text", ["<PubmedArticleSet/>", "<PubmedArticle/>", "<PubmedArticle>", "<PubmedArticleSet><x/></PubmedArticleSet>"]
)
def test_what_holds_no_record_is_refused(text):
    with pytest.raises(ReadError, match=r"^p.xml: expected "):
        list(read_pubmed(source(), text.encode()))


@pytest.mark.shared
def test_a_real_record_is_right():
    document = read((SHARED / "pubmed-29768149.xml").read_text(encoding="utf-8"))
    metadata = document.metadata
    assert (metadata.updated, metadata.language) == ("2018-05-17", "en")
    assert metadata.identifiers == ("PMID 29768149", "doi 10.1056/NEJMoa1715274", "ClinicalTrials.gov NCT02149199")
    assert "N Engl J Med. 2018 May;378(20):1865-1876." in (metadata.how_to_cite or "")
    assert shown(document, "heading")[1:] == ["Abstract", "BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"]
    assert "rate ratio was 0.36 (95% CI, 0.27 to 0.49)" in document.text
