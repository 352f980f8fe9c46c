"""Electronic product information in FHIR: small invented ones, and the real ones in place."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from citewell.errors import ReadError
from citewell.readers import Failure, Source, discover, load, read
from citewell.readers.labels.fhir import looks_like_fhir, parse
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Audience, BlockKind, Document

RAW = Path(__file__).resolve().parents[2] / "shared" / "data" / "raw" / "fhir_epi"
unit = pytest.mark.unit
shared = pytest.mark.shared
PICTURE = "<img src='a'/>"
FINAL = '<status value="final"/>'
XHTML = "{http://www.w3.org/1999/xhtml}"


def section(title: str, narrative: str, inner: str = "") -> str:
    named = f'<title value="{title}"/>' if title else ""
    return f'<section>{named}<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">{narrative}</div></text>{inner}</section>'


def composition(parts: str, fields: str = "", number: str = "c1", title: str = "Examplex 40 mg tablets") -> str:
    return f'<Composition><id value="{number}"/>{fields or FINAL}<title value="{title}"/>{parts}</Composition>'


def bundle(*resources: str, fields: str = '<type value="document"/>') -> bytes:
    entries = "".join(
        each if each.startswith("<entry>") else f"<entry><resource>{each}</resource></entry>" for each in resources
    )
    return f'<Bundle xmlns="http://hl7.org/fhir">{fields}{entries}</Bundle>'.encode()


def documents(data: bytes, name: str = "epi.xml") -> list[Document | Failure]:
    return list(read(Source(Path(f"/{name}"), name, Path("/")), data))


def document(data: bytes, name: str = "epi.xml") -> Document:
    [found] = documents(data, name)
    assert isinstance(found, Document)
    return found


def told(found: Document) -> list[tuple[str, str, str]]:
    """(last heading, lead, text) of what can be quoted."""
    return [
        (
            each.section[-1] if each.section else "",
            found.text[slice(*each.lead)] if each.lead else "",
            found.text[each.start : each.end],
        )
        for each in split_units(found, Segmentation())
    ]


def narrative(text: str) -> list[tuple[str, str]]:
    return [each[1:] for each in told(document(bundle(composition(section("Dose", text)))))]


@unit
def test_sections_are_nested_as_they_are_in_the_file():
    inner = section("Children", "<p>Do not give it.</p>")
    found = document(
        bundle(composition(section("3. Dose", "<p>Take 40 mg.</p>", inner) + section("4. Harms", "<p>Fever.</p>")))
    )
    above = "/Bundle/entry/resource/Composition/section"
    units = split_units(found, Segmentation())
    assert [(each.section[1:], found.text[each.start : each.end], each.place) for each in units] == [
        (("3. Dose",), "Take 40 mg.", f"{above}[1]/text/div/p"),
        (("3. Dose", "Children"), "Do not give it.", f"{above}[1]/section/text/div/p"),
        (("4. Harms",), "Fever.", f"{above}[2]/text/div/p"),
    ]
    assert {each.section[0] for each in units} == {"Examplex 40 mg tablets"}


@unit
def test_a_section_without_a_title_is_named_by_its_code():
    code = '<section><code><coding><code value="34070-3"/></coding></code><text><div xmlns="http://www.w3.org/1999/xhtml"><p>Fever.</p></div></text></section>'
    assert told(document(bundle(composition(code)))) == [("Contraindications", "", "Fever.")]


@unit
def test_the_foot_of_a_table_comes_last_and_a_group_names_its_own_rows():
    rows = (
        "<thead><tr><th>Kidneys</th><th>Dose</th></tr></thead><tfoot><tr><td colspan='2'>CLcr in mL/min</td></tr></tfoot><tbody>"
        "<tr><th colspan='2'>Adults</th></tr><tr><td>Mild</td><td>40 mg</td></tr>"
        "<tr><th colspan='2'>Children</th></tr><tr><td>Mild</td><td>10 mg</td></tr></tbody>"
    )
    assert narrative(f"<table><caption>Table 1</caption>{rows}</table>") == [
        ("Table 1\nKidneys | Dose", "Adults › Mild | 40 mg"),
        ("Table 1\nKidneys | Dose", "Children › Mild | 10 mg"),
        ("", "CLcr in mL/min"),
    ]


@unit
def test_bold_rows_inside_a_table_lead_no_other():
    rows = "<thead><tr><td></td><td>A</td><td>B</td></tr></thead>" + "".join(
        f"<tr><td><b>{name}</b></td><td><b>N=5</b></td><td><b>N=6</b></td></tr><tr><td>events</td><td>1</td><td>2</td></tr>"
        for name in ("Relapse", "Death")
    )
    assert {lead for lead, _ in narrative(f"<table>{rows}</table>")} == {"| A | B"}


@unit
def test_no_line_above_a_row_of_pictures_is_lost():
    texts = (
        "Figure A",
        "If you take the large pack: each dose has 3 tablets, each of them pink, oval and coated, of 150 mg",
        PICTURE,
        "How to take the large pack",
    )
    lines = "".join(f"<tr><td colspan='2'>{text}</td></tr>" for text in texts)
    last = (
        "<tr><td rowspan='2'></td><td>Take 3 tablets.</td></tr><tr><td></td></tr><tr><td colspan='2'>Figure B</td></tr>"
    )
    last += "<tr><td>Morning</td><td>1</td></tr>"
    assert [text for _, text in narrative(f"<table>{lines}{last}</table>")] == [
        "Figure A",
        "If you take the large pack: each dose has 3 tablets, each of them pink, oval and coated, of 150 mg",
        "How to take the large pack | Take 3 tablets.",
        "Figure B › Morning | 1",
    ]


@unit
def test_a_table_of_one_column_is_plain_text():
    assert narrative(
        "<table><tr><td><p><b>Warning</b></p><p>Not for children. Call a doctor.</p></td></tr></table>"
    ) == [
        ("", "Not for children."),
        ("", "Call a doctor."),
    ]


@unit
def test_a_list_whose_terms_are_bullets_completes_the_sentence_before_it():
    text = "<p>It must not be given with:</p><dl><dt>•</dt><dd>testamine</dd><dt>•</dt><dd><p>placebine</p></dd></dl>"
    assert narrative(text)[1:] == [
        ("It must not be given with:", "testamine"),
        ("It must not be given with:", "placebine"),
    ]


@unit
def test_a_term_leads_what_is_said_of_it():
    assert narrative("<dl><dt>Adults</dt><dd>40 mg</dd></dl><p>Take it daily.</p>") == [
        ("", "Adults"),
        ("Adults", "40 mg"),
        ("", "Take it daily."),
    ]


@unit
@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("10<sup>6</sup> cells", "10⁶ cells"),
        ("10<span style='vertical-align: super'>6</span> cells", "10⁶ cells"),
        ("5&nbsp;mg &ge; 4&#8239;mg", "5\xa0mg ≥ 4\u202fmg"),
        ("Take <del>50</del>5 mg", "Take 5 mg"),
    ],
)
def test_characters_are_read_as_they_are_displayed(written, read_as):
    assert narrative(f"<p>{written}</p>") == [("", read_as)]


@unit
def test_what_is_struck_out_is_told():
    found = document(bundle(composition(section("Dose", "<p>Take <del>50</del>5 mg.</p>"))))
    assert found.metadata.remarks == ("The file strikes some of its text out; that text was left out.",)


PRODUCT = '<MedicinalProductDefinition><id value="{0}"/><name><productName value="{1}"/>{2}</name></MedicinalProductDefinition>'
PROPRIETARY = '<type><coding><code value="PROPRIETARY"/></coding></type>'


@unit
def test_what_a_document_says_of_itself():
    fields = (
        '<extension url="http://example.org/versionNumber"><valueString value="7"/></extension><identifier><value value="n1"/></identifier>'
        '<status value="preliminary"/><type><text value="Package Leaflet"/></type><language value="en-GB"/>'
        '<date value="2024-02-29T10:00:00Z"/><author><reference value="urn:uuid:9"/></author>'
    )
    labs = '<entry><fullUrl value="urn:uuid:9"/><resource><Organization><name value="Example Labs"/></Organization></resource></entry>'
    ingredient = (
        '<Ingredient><role><coding><display value="Active"/></coding></role><substance><code><concept><text value="EXAMPLOL"/></concept>'
        "</code></substance></Ingredient>"
    )
    metadata = document(
        bundle(composition(section("Dose", "<p>Take 40 mg.</p>"), fields), labs, ingredient, PRODUCT.format("p1", "Examplex", PROPRIETARY),
               PRODUCT.format("p2", "Examplol", PROPRIETARY))
    ).metadata  # fmt: skip
    assert (metadata.version, metadata.identifiers, metadata.review_status) == ("7", ("id n1",), "preliminary")
    assert (metadata.audience, metadata.language, metadata.updated) == (Audience.PATIENT, "en-GB", "2024-02-29")
    assert (metadata.publisher, metadata.brand_names, metadata.active_ingredients) == (
        "Example Labs",
        ("Examplex",),
        ("examplol",),
    )
    assert metadata.licence is None


@unit
@pytest.mark.parametrize(
    ("status", "shown"), [("final", None), ("entered-in-error", "entered-in-error"), ("draft", "draft")]
)
def test_a_status_is_shown_where_it_is_not_final(status, shown):
    data = bundle(composition(section("Dose", "<p>Take 40 mg.</p>"), f'<status value="{status}"/>'))
    assert document(data).metadata.review_status == shown


@unit
@pytest.mark.parametrize(
    ("kind", "title", "audience"),
    [
        ("", "Package leaflet: Information for the patient", Audience.PATIENT),
        ("Summary of Product Characteristics", "Examplex", None),
        ("", "Examplex", None),
    ],
)
def test_only_a_leaflet_is_for_patients(kind, title, audience):
    fields = f'<status value="final"/><type><text value="{kind}"/></type>'
    assert (
        document(bundle(composition(section("Dose", "<p>40 mg.</p>"), fields, title=title))).metadata.audience
        is audience
    )


@unit
@pytest.mark.parametrize("date", ["yesterday", "2024-13-40", ""])
def test_a_date_that_is_none_is_left_out(date):
    fields = f'<status value="final"/><date value="{date}"/>'
    assert document(bundle(composition(section("Dose", "<p>40 mg.</p>"), fields))).metadata.updated is None


@unit
def test_pictures_beside_the_text_are_told():
    binary = '<Binary><contentType value="image/png"/><data value="AAAA"/></Binary>'
    empty = '<Binary><contentType value="application/pdf"/></Binary>'
    found = document(bundle(composition(section("Dose", "<p>40 mg.</p>")), binary, empty))
    assert found.metadata.remarks == ("The file carries 1 attached file (image/png), which was not read.",)


@unit
def test_each_document_of_a_bundle_has_its_own_products():
    def epi(number: str, brand: str) -> str:
        inner = bundle(
            composition(section("Dose", f"<p>Take {brand}.</p>"), number=number), PRODUCT.format("p", brand + "®", "")
        )
        return inner.decode().replace(' xmlns="http://hl7.org/fhir"', "")

    found = documents(bundle(epi("a", "Examplex"), epi("b", "Testamine"), fields='<type value="collection"/>'))
    assert [(each.id, each.metadata.brand_names) for each in found if isinstance(each, Document)] == [
        ("epi.xml/a", ("Examplex",)),
        ("epi.xml/b", ("Testamine",)),
    ]


@unit
def test_documents_that_share_a_bundle_take_no_product_of_another():
    texts = [
        composition(
            section("Dose", "<p>40 mg.</p>"),
            f'<status value="final"/><subject><reference value="MedicinalProductDefinition/p{n}"/></subject>',
            f"c{n}",
        )
        for n in (1, 2)
    ]
    found = documents(bundle(*texts, PRODUCT.format("p1", "Examplex®", ""), PRODUCT.format("p2", "Testamine®", "")))
    assert [each.metadata.brand_names for each in found if isinstance(each, Document)] == [(), ()]


@unit
def test_languages_of_one_product_are_several_documents_of_it():
    texts = [
        composition(
            section("Dose", "<p>40 mg.</p>"),
            f'<language value="{n}"/><subject><reference value="MedicinalProductDefinition/p1"/></subject>',
            n,
        )
        for n in ("en", "fr")
    ]
    found = documents(bundle(*texts, PRODUCT.format("p1", "Examplex®", "")))
    assert [(each.id, each.metadata.language, each.metadata.brand_names) for each in found if isinstance(each, Document)] == [
        ("epi.xml/en", "en", ("Examplex",)), ("epi.xml/fr", "fr", ("Examplex",)),
    ]  # fmt: skip


@unit
def test_highlights_are_named_where_they_are_some_and_lists_of_fields_greyed():
    own = '<text><div xmlns="http://www.w3.org/1999/xhtml"><p>{0}</p></div></text>'
    highlights = document(
        bundle(
            composition(section("Dose", "<p>40 mg.</p>"), own.format("These highlights do not include all.")),
            "<Basic/>",
        )
    )
    assert told(highlights)[0] == ("Highlights of prescribing information", "", "These highlights do not include all.")
    listed = document(
        bundle(composition(section("Dose", "<p>40 mg.</p>"), own.format("Generated Narrative: Composition c1")))
    )
    assert told(listed) == [("Dose", "", "40 mg.")]
    assert [listed.text[b.start : b.end] for b in listed.blocks if b.kind is BlockKind.BOILERPLATE] == [
        "Generated Narrative: Composition c1"
    ]


def in_json(**more: Any) -> dict[str, Any]:
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><p>Take 40&nbsp;mg.</p></div>'
    text = {
        "resourceType": "Composition",
        "id": "c1",
        "title": "Examplex",
        "status": "final",
        "section": [{"title": "Dose", "text": {"div": div}}],
    }
    return {"entry": [{"resource": text | more}], "resourceType": "Bundle", "type": "document"}


@unit
def test_json_is_read_as_xml_is():
    found = document(json.dumps(in_json(language="en")).encode(), "epi.json")
    assert told(found) == [("Dose", "", "Take 40\xa0mg.")]
    assert found.metadata.language == "en"


@unit
def test_json_is_known_by_properties_in_any_order():
    late = json.dumps(
        {"entry": [{"resource": {"x": "y" * 40_000, "resourceType": "Composition"}}], "resourceType": "Bundle"}
    )
    assert looks_like_fhir(late.encode())
    assert not looks_like_fhir(b'{"resourceType": "Patient"}')
    assert not looks_like_fhir(b'<?xml version="1.0"?><document xmlns="urn:hl7-org:v3"/>')


@unit
def test_a_broken_narrative_in_json_leaves_the_others_as_they_are():
    parts = [
        {"title": title, "text": {"div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{text}</p></div>'}}
        for title, text in (("Dose", "Take <b>40 mg"), ("Harms", "Fever."))
    ]
    found = document(json.dumps(in_json(section=parts)).encode(), "epi.json")
    assert told(found) == [("Dose", "", "Take 40 mg"), ("Harms", "", "Fever.")]
    assert found.metadata.remarks == ("The file's mark-up is broken; it was read as far as its parts could be told.",)


DEEP = b'{"resourceType": "Bundle", "a": ' + b'{"a": ' * 500 + b"1" + b"}" * 501


@unit
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("epi.xml", bundle("<Organization/>"), "expected a FHIR document with a Composition, found a Bundle without one"),
        ("epi.json", b'{"resourceType": "Bundle", "entry": []}', "expected a FHIR document with a Composition, found a Bundle without one"),
        ("epi.json", b'{"resourceType": "Bundle", "entry": [', "expected FHIR in JSON"),
        ("epi.json", DEEP, "expected a FHIR document that people wrote"),
    ],
)  # fmt: skip
def test_what_holds_no_document_is_refused(name, data, words):
    with pytest.raises(ReadError, match=re.escape(words)):
        documents(data, name)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d_]|\d", unicodedata.normalize("NFKC", text)))


def narratives(data: bytes) -> str:
    root, _ = parse("epi", data)
    divs = [div for div in root.iter(f"{XHTML}div") if etree.QName(div.getparent()).localname == "text"]
    return " ".join(
        "".join(div.itertext())
        for div in divs
        if any(etree.QName(each).localname == "Composition" for each in div.iterancestors())
    )


@unit
def test_no_character_of_a_narrative_is_lost():
    text = "<p>Take <b>40</b> mg.</p>one<ul>two<li>three<p>four</p></li>eight</ul>"
    text += "<table>nine<tr><td>5</td><td>six</td>ten<p>zero</p></tr></table>seven<dl>more<dt>x</dt><dd>y</dd>last</dl>"
    data = bundle(composition(section("Dose", text)))
    assert words(narratives(data)) - words(document(data).text) == Counter()


REAL = sorted(RAW.glob("*.xml")) if RAW.is_dir() else []


def real(name: str) -> Document:
    [source] = discover([RAW / name])
    [found] = read(source, load(source))
    assert isinstance(found, Document)
    return found


@shared
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_no_character_of_a_real_narrative_is_lost(path):
    assert words(narratives(path.read_bytes())) - words(real(path.name).text) == Counter()


@shared
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_no_bullet_of_a_real_leaflet_stands_alone(path):
    assert [text for _, _, text in told(real(path.name)) if text.strip() in ("•", "o", "–", "➢")] == []


@shared
def test_the_kit_of_a_real_label_keeps_its_packs_apart():
    found = real("paxlovid fhir from spl.xml")
    rows = [text for _, _, text in told(found) if "| Take the" in text]
    assert [(text.split(" |")[0], "2 pink" in text) for text in rows] == [
        ("How to take PAXLOVID 300 mg; 100 mg Dose Pack", True),
        ("How to take PAXLOVID 150 mg; 100 mg Dose Pack", False),
    ]
    assert (
        sum("each dose contains" in text and text.startswith("If you are prescribed") for _, _, text in told(found))
        == 2
    )
    assert (found.metadata.brand_names, found.metadata.version) == (("Paxlovid",), "2")


@shared
def test_a_real_table_of_efficacy_names_no_other_outcome_above_a_row():
    rows = [
        (lead, text)
        for _, lead, text in told(real("US__IbranceCapsules.xml"))
        if text.startswith("Number of OS events")
    ]
    assert [(("Progression-free" in lead), lead.split(".")[0]) for lead, _ in rows] == [
        (False, "Table 8"),
        (False, "Table 9"),
    ]


@shared
def test_contraindicated_drugs_of_a_real_label_are_led_by_what_forbids_them():
    leads = [
        lead
        for heading, lead, text in told(real("paxlovid fhir from spl.xml"))
        if heading == "4 CONTRAINDICATIONS" and text.startswith("Anti-gout: colchicine")
    ]
    assert len(leads) == 1
    assert leads[0].startswith("Drugs that are primarily metabolized by CYP3A")
