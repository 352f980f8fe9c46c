"""One small document in every format that is read, all of one invented drug: who looks for a fact finds it in each."""

from __future__ import annotations

import io
import json
import zipfile

import docx
import openpyxl

DOSE = "The dose of Examplol is 40 mg once daily with food."
RENAL = "Severe renal impairment"
TABLE = (("Kidney function", "Dose"), ("Mild renal impairment", "40 mg once daily"), (RENAL, "10 mg every other day"))


def rows_of(tag: str = "td", head: str = "td") -> str:
    """The dose table as mark-up."""
    lines = [
        f"<tr>{''.join(f'<{name}>{cell}</{name}>' for cell in row)}</tr>"
        for row, name in zip(TABLE, (head, tag, tag), strict=True)
    ]
    return f"<thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody>"


SPL = f"""<?xml version="1.0" encoding="UTF-8"?>
<document xmlns="urn:hl7-org:v3">
 <id root="d1"/><code code="34391-3" codeSystem="2.16.840.1.113883.6.1" displayName="HUMAN PRESCRIPTION DRUG LABEL"/>
 <title>These highlights do not include all the information needed to use EXAMPLEX safely and effectively.</title>
 <effectiveTime value="20240229"/><setId root="11111111-2222-3333-4444-555555555555"/><versionNumber value="7"/>
 <author><assignedEntity><representedOrganization><name>Example Labs, Inc.</name></representedOrganization></assignedEntity></author>
 <component><structuredBody>
  <component><section><code code="48780-1"/><subject><manufacturedProduct><manufacturedProduct>
   <code code="0000-0001"/><name>Examplex</name><formCode displayName="TABLET"/>
   <asEntityWithGeneric><genericMedicine><name>examplol hydrochloride</name></genericMedicine></asEntityWithGeneric>
   <ingredient classCode="ACTIB"><quantity><numerator value="40" unit="mg"/><denominator value="1" unit="1"/></quantity>
    <ingredientSubstance><name>EXAMPLOL HYDROCHLORIDE</name><activeMoiety><activeMoiety><name>EXAMPLOL</name></activeMoiety></activeMoiety>
    </ingredientSubstance></ingredient>
   <ingredient classCode="IACT"><ingredientSubstance><name>LACTOSE MONOHYDRATE</name></ingredientSubstance></ingredient>
  </manufacturedProduct></manufacturedProduct></subject></section></component>
  <component><section ID="s1"><code code="34066-1"/><title>WARNING: FALLS</title><text><paragraph>Examplol makes elderly people fall.</paragraph>
   </text></section></component>
  <component><section ID="s2"><code code="34068-7"/><title>2 DOSAGE AND ADMINISTRATION</title>
   <excerpt><highlight><text><paragraph>Take 40 mg daily. (2.1)</paragraph></text></highlight></excerpt>
   <component><section ID="s21"><title>2.1 Adults</title><text><paragraph ID="p1">{DOSE} Cultures held 10<sup>6</sup> cells.</paragraph>
    <table ID="t1"><caption>Table 1. Dose by kidney function</caption>{rows_of()}</table></text></section></component>
  </section></component>
  <component><section ID="s3"><code code="50570-1"/><title>Do not use</title><text><list><item>in children under 4 years</item></list></text>
  </section></component>
 </structuredBody></component>
</document>""".encode()

OPENFDA_RECORD = {
    "set_id": "11111111-2222-3333-4444-555555555555", "id": "x", "version": "7", "effective_time": "20240229",
    "openfda": {"brand_name": ["Examplex"], "generic_name": ["EXAMPLOL"], "substance_name": ["EXAMPLOL"], "manufacturer_name": ["Example Labs"]},
    "dosage_and_administration": [
        f"2 DOSAGE AND ADMINISTRATION 2.1 Adults {DOSE} 2.2 Kidneys {' '.join(cell for row in TABLE for cell in row)} 2.3 Children Do not use."
    ],
    "dosage_and_administration_table": [f"<table><caption/>{rows_of()}</table>"],
    "do_not_use": ["Do not use ■ in children under 4 years ■ if you are allergic to examplol"],
}  # fmt: skip
OPENFDA_PAGE = {
    "meta": {"disclaimer": "Do not rely on it.", "license": "https://open.fda.gov/license/", "results": {"total": 1}}
}

XHTML = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{DOSE}</p><table>{rows_of()}</table></div>'
EPI = f"""<Bundle xmlns="http://hl7.org/fhir"><type value="document"/>
<entry><resource><Composition><id value="c1"/><language value="en"/><status value="preliminary"/>
<type><text value="Package Leaflet"/></type><date value="2024-02-29T10:00:00Z"/><author><reference value="Organization/o1"/></author>
<title value="Examplex 40 mg tablets"/>
<section><title value="3. How to take Examplex"/><text><status value="generated"/>{XHTML}</text>
<section><title value="Children"/><text><div xmlns="http://www.w3.org/1999/xhtml"><p>Do not give it to children.</p></div></text></section></section>
</Composition></resource></entry>
<entry><resource><Organization><id value="o1"/><name value="Example Labs"/></Organization></resource></entry>
<entry><resource><MedicinalProductDefinition><name><productName value="Examplex® 40 mg"/></name></MedicinalProductDefinition></resource></entry>
<entry><resource><Ingredient><role><coding><display value="Active"/></coding></role><substance><code><concept><text value="EXAMPLOL"/>
</concept></code></substance></Ingredient></resource></entry></Bundle>""".encode()
EPI_JSON = {
    "resourceType": "Bundle", "type": "document", "entry": [
        {"resource": {
            "resourceType": "Composition", "id": "c1", "language": "en", "status": "final", "title": "Examplex 40 mg tablets", "date": "2024-02-29",
            "section": [{"title": "3. How to take Examplex", "text": {"status": "generated", "div": XHTML}}],
        }},
    ],
}  # fmt: skip

JATS = f"""<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.2 20190208//EN" "JATS-archivearticle1.dtd">
<article article-type="research-article" xml:lang="en"><front><journal-meta><journal-title-group><journal-title>Journal of Examples</journal-title>
</journal-title-group></journal-meta><article-meta><article-id pub-id-type="pmid">123</article-id><article-id pub-id-type="doi">10.1000/1</article-id>
<title-group><article-title>Examplol in adults</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Doe</surname><given-names>Jane B</given-names></name></contrib></contrib-group>
<pub-date pub-type="epub"><day>9</day><month>3</month><year>2021</year></pub-date><volume>4</volume><issue>2</issue><fpage>10</fpage><lpage>19</lpage>
<permissions><license><license-p>CC BY 4.0</license-p></license></permissions>
<abstract><sec><title>Results</title><p>Examplol helped 31% of adults.</p></sec></abstract></article-meta></front>
<body><sec id="s1"><label>1</label><title>Methods</title><p id="p1">{DOSE} As in earlier work<xref ref-type="bibr" rid="r1">1</xref>, and
elsewhere [<xref ref-type="bibr" rid="r9">9</xref>].</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Dose by kidney function</p></caption><table>{rows_of("td", "th")}</table>
<table-wrap-foot><fn><p>Doses are of the salt.</p></fn></table-wrap-foot></table-wrap></sec></body>
<back><ref-list><title>References</title><ref id="r1"><label>1</label><element-citation publication-type="journal"><name><surname>Roe</surname>
<given-names>R</given-names></name><article-title>Earlier work</article-title><source>J Ex</source><year>2019</year><volume>1</volume>
<fpage>2</fpage></element-citation></ref></ref-list></back></article>""".encode()

PUBMED = f"""<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">123</PMID><Article>
<Journal><JournalIssue><Volume>4</Volume><Issue>2</Issue><PubDate><Year>2021</Year><Month>Mar</Month></PubDate></JournalIssue>
<Title>Journal of Examples</Title></Journal><ArticleTitle>Examplol in adults.</ArticleTitle><Pagination><MedlinePgn>10-9</MedlinePgn></Pagination>
<Abstract><AbstractText Label="RESULTS">{DOSE}</AbstractText></Abstract>
<AuthorList><Author><LastName>Doe</LastName><Initials>JB</Initials></Author></AuthorList><Language>eng</Language>
<PublicationTypeList><PublicationType>Practice Guideline</PublicationType></PublicationTypeList></Article>
<MedlineJournalInfo><MedlineTA>J Ex</MedlineTA></MedlineJournalInfo></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/1</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>""".encode()

HTML = f"""<!doctype html><html lang="en"><head><title>Examplol | Example Site</title></head><body><nav>Home Drugs About</nav>
<main><h1>Examplol</h1><h2>Dosage</h2><p>{DOSE} Cultures held 10<sup>6</sup> cells.</p>
<table><caption>Dose by kidney function</caption>{rows_of("td", "th")}</table></main><footer>© Example Site</footer></body></html>""".encode()

MARKDOWN = f"""---
title: Examplol
updated: 2024-02-29
---
# Examplol

## Dosage

{DOSE}

| {" | ".join(TABLE[0])} |
|---|---|
| {" | ".join(TABLE[1])} |
| {" | ".join(TABLE[2])} |
""".encode()
TEXT = f"Examplol\n\nDosage\n\n{DOSE}\n".encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP archive of members by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 2, 29, 0, 0, 0)), data)
    return stream.getvalue()


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page in Helvetica, a line of text below the other."""
    shown = "".join(f"1 0 0 1 72 {720 - 16 * number} Tm ({line}) Tj\n" for number, line in enumerate(lines))
    content = f"BT /F1 11 Tf\n{shown}ET".encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(made),
    )
    return made + trailer


def word() -> bytes:
    """A Word file."""
    document = docx.Document()
    document.add_heading("Examplol", 0)
    document.add_heading("Dosage", 1)
    document.add_paragraph(DOSE)
    table = document.add_table(rows=len(TABLE), cols=2)
    for row, texts in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for run in (run for cell in table.rows[0].cells for run in cell.paragraphs[0].runs):
        run.bold = True
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def sheet() -> bytes:
    """An Excel file."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Doses"
    for row in (*TABLE, ("Use", DOSE)):
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Examplol</dc:title><dc:language>en</dc:language></metadata><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>
</manifest><spine><itemref idref="c"/></spine></package>"""
CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
BOOK = {
    "mimetype": b"application/epub+zip",
    "META-INF/container.xml": CONTAINER.encode(),
    "book.opf": PACKAGE.encode(),
    "c.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Dosage</h1><p>{DOSE}</p><table>{rows_of("td", "th")}</table></body></html>'.encode(),
}
FILES: dict[str, bytes] = {
    "label.xml": SPL,
    "label.zip": zipped({"x/11111111.xml": SPL, "x/figure-1.jpg": b"\xff\xd8\xff\xe0"}),
    "record.json": json.dumps(OPENFDA_RECORD).encode(),
    "page.json": json.dumps({**OPENFDA_PAGE, "results": [OPENFDA_RECORD]}).encode(),
    "leaflet.xml": EPI,
    "leaflet.json": json.dumps(EPI_JSON).encode(),
    "article.nxml": JATS,
    "pubmed.xml": PUBMED,
    "site.html": HTML,
    "guideline.pdf": pdf(["Examplol guideline", "", "Dosage", "", DOSE]),
    "note.docx": word(),
    "doses.xlsx": sheet(),
    "doses.csv": "\n".join(",".join(row) for row in (*TABLE, ("Use", DOSE))).encode(),
    "book.epub": zipped(BOOK),
    "note.md": MARKDOWN,
    "note.txt": TEXT,
    "rows.jsonl": json.dumps({"_id": "row-1", "title": "Examplol", "text": DOSE}).encode() + b"\n",
}
TABLED = (
    "label.xml",
    "label.zip",
    "record.json",
    "page.json",
    "leaflet.xml",
    "leaflet.json",
    "article.nxml",
    "site.html",
    "note.md",
)
