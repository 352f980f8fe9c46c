"""Drug labels in SPL: sections, highlights, tables, notes and product data, on labels of our own making and on real ones in place."""

from __future__ import annotations

import random
import re
import unicodedata
import zipfile
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from citewell.errors import ReadError
from citewell.readers import LIMITS, discover, load, read
from citewell.readers.beir import Failure
from citewell.readers.labels.spl import looks_like_spl, read_spl, section_names
from citewell.readers.labels.spl_text import numeral
from citewell.readers.source import Source
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document, SourceClass, fold

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "raw" / "spl"
V3 = "{urn:hl7-org:v3}"

HEAD = """
<code code="34391-3" displayName="HUMAN PRESCRIPTION DRUG LABEL"/><title>These highlights do not include all the information
needed to use EXAMPLOL. See full prescribing information for EXAMPLOL. EXAMPLOL tablets Initial U.S. Approval: 1999</title>
<effectiveTime value="20210304"/><setId root="0a0b"/><versionNumber value="7"/>
<author><assignedEntity><representedOrganization><name>Invented Works</name></representedOrganization></assignedEntity></author>
"""
PRODUCT = """
<section><code code="48780-1"/><subject><manufacturedProduct><manufacturedProduct><code code="0000-0001"/>
<name>Examplol® 10 mg<suffix>XR</suffix></name><formCode displayName="TABLET, FILM COATED"/>
<asEntityWithGeneric><genericMedicine><name>Examplol Sodium</name></genericMedicine></asEntityWithGeneric>
<ingredient classCode="ACTIM"><quantity><numerator value="10" unit="mg"/><denominator value="1" unit="1"/></quantity>
<ingredientSubstance><name>EXAMPLOL SODIUM</name><activeMoiety><activeMoiety><name>EXAMPLOL</name></activeMoiety></activeMoiety>
</ingredientSubstance></ingredient>
<ingredient classCode="IACT"><ingredientSubstance><name>LACTOSE MONOHYDRATE</name></ingredientSubstance></ingredient>
<ingredient classCode="IACT"><ingredientSubstance><name>CELLULOSE, MICROCRYSTALLINE</name></ingredientSubstance></ingredient>
<asContent><quantity><numerator value="90" unit="1"/><denominator value="1"/></quantity><containerPackagedProduct>
<code code="0000-0001-90"/><formCode displayName="BOTTLE"/></containerPackagedProduct></asContent></manufacturedProduct>
<subjectOf><approval><id extension="NDA000001"/><code displayName="NDA"/></approval></subjectOf>
<subjectOf><policy classCode="DEADrugSchedule"><code displayName="CIV"/></policy></subjectOf>
<subjectOf><characteristic><code code="SPLIMPRINT"/><value>EX;10</value></characteristic></subjectOf>
<consumedIn><substanceAdministration><routeCode displayName="ORAL"/></substanceAdministration></consumedIn>
</manufacturedProduct></subject></section>
"""


def label(*sections: str, head: str = HEAD, product: str = PRODUCT) -> bytes:
    body = "".join(f"<component>{section}</component>" for section in (product, *sections) if section)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><document xmlns="urn:hl7-org:v3">{head}'
        f"<component><structuredBody>{body}</structuredBody></component></document>"
    ).encode()


def section(title: str, text: str = "", *parts: str, code: str = "42229-5", more: str = "") -> str:
    printed = f"<title>{title}</title>" if title else ""
    inner = "".join(f"<component>{part}</component>" for part in parts)
    return f'<section><code code="{code}"/>{printed}{f"<text>{text}</text>" if text else ""}{more}{inner}</section>'


def table(*rows: str, header: int = 0, more: str = "") -> str:
    """Cells are parted by bars; the first rows are the head of the table."""
    made = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>" for row in rows]
    head = f"<thead>{''.join(made[:header])}</thead>" if header else ""
    return f"<table>{more}{head}<tbody>{''.join(made[header:])}</tbody></table>"


def document(data: bytes, name: str = "label.xml") -> Document:
    return read_spl(Source(Path(f"/{name}"), name, Path("/")), data)


def texts(found: Document, *kinds: BlockKind) -> list[str]:
    return [found.text[b.start : b.end] for b in found.blocks if not kinds or b.kind in kinds]


def led(found: Document) -> dict[str, tuple[str, str | None]]:
    """Each unit with its section path and lead-in."""
    return {
        fold(found.text[unit.start : unit.end]): (
            " › ".join(unit.section),
            fold(found.text[slice(*unit.lead)]) if unit.lead else None,
        )
        for unit in split_units(found, Segmentation())
    }


def rows_of(found: Document) -> dict[str, str | None]:
    rows = [block for block in found.blocks if block.kind is BlockKind.ROW]
    return {found.text[b.start : b.end]: fold(found.text[slice(*b.lead)]) if b.lead else None for b in rows}


@pytest.mark.unit
def test_the_head_of_a_label_tells_its_metadata():
    metadata = document(label(section("1 USES", "<paragraph>Examplol is for pain.</paragraph>"))).metadata
    assert metadata.title == "Examplol XR (Examplol Sodium) tablet, film coated"
    assert (metadata.source_class, metadata.publisher) == (SourceClass.LABEL, "Invented Works")
    assert (metadata.updated, metadata.version, metadata.language) == ("2021-03-04", "7", None)
    assert metadata.identifiers == ("set id 0a0b", "NDC 0000-0001", "approval NDA000001")
    assert (metadata.brand_names, metadata.active_ingredients) == (("Examplol XR",), ("examplol",))
    assert (metadata.url, metadata.licence, metadata.how_to_cite) == (None, None, None)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("value", "updated"), [("20210304", "2021-03-04"), ("202103", "2021-03"), ("2021", "2021"), ("20211399", None)]
)
def test_a_date_is_as_precise_as_the_label_gives_it(value, updated):
    head = HEAD.replace("20210304", value)
    assert document(label(section("A", "text"), head=head)).metadata.updated == updated


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "brand"),
    [("Examplol™", "Examplol"), ("Examplol 10 mg/5 mL Forte", "Examplol Forte"), ("Examplol 500 mg / 125 mg", "Examplol"),
     ("Examplol 24 Hour", "Examplol 24 Hour"), ("Vitamin B 12", "Vitamin B 12"), ("EXAMPLOL-D 5%", "EXAMPLOL-D")],
)  # fmt: skip
def test_a_brand_is_a_name_without_marks_and_strength(name, brand):
    product = PRODUCT.replace("Examplol® 10 mg<suffix>XR</suffix>", name)
    assert document(label(section("A", "text"), product=product)).metadata.brand_names == (brand,)


@pytest.mark.unit
def test_product_data_are_lines_of_facts():
    found = led(document(label(section("1 USES", "<paragraph>Examplol is for pain.</paragraph>"))))
    lines = [text for text, (path, _) in found.items() if path == "Product data"]
    assert lines == [
        "Document type: HUMAN PRESCRIPTION DRUG LABEL",
        "Generic name of Examplol® 10 mg XR: Examplol Sodium",
        "Dosage form of Examplol® 10 mg XR: TABLET, FILM COATED",
        "Route of Examplol® 10 mg XR: ORAL",
        "Active ingredient of Examplol® 10 mg XR: EXAMPLOL SODIUM, 10 mg as EXAMPLOL",
        "Inactive ingredients of Examplol® 10 mg XR: LACTOSE MONOHYDRATE; CELLULOSE, MICROCRYSTALLINE",
        "Marketing category of Examplol® 10 mg XR: NDA, NDA000001",
        "DEA schedule of Examplol® 10 mg XR: CIV",
        "Imprint of Examplol® 10 mg XR: EX;10",
        "Package of Examplol® 10 mg XR: NDC 0000-0001-90, 90 in BOTTLE",
    ]


@pytest.mark.unit
def test_what_differs_between_products_of_one_name_is_told_by_their_codes():
    other = re.search(r"<subject>.*</subject>", PRODUCT, re.S)
    assert other is not None
    second = other.group().replace("0000-0001", "0000-0002").replace('"10" unit', '"20" unit')
    product = PRODUCT.replace("</subject>", f"</subject>{second}")
    found = texts(document(label(section("A", "text"), product=product)), BlockKind.LABEL)
    assert "Active ingredient of Examplol® 10 mg XR (NDC 0000-0002): EXAMPLOL SODIUM, 20 mg as EXAMPLOL" in found
    assert sum("Inactive ingredients" in line for line in found) == 1


@pytest.mark.unit
def test_sections_nest_and_take_their_names_from_titles_else_from_codes():
    found = led(
        document(
            label(
                section(
                    "5 WARNINGS",
                    "<paragraph>Mind these.</paragraph>",
                    section("", "<paragraph>Not in children.</paragraph>", code="34081-0"),
                    section("5.2 Liver", "", section("", "<paragraph>Test the liver.</paragraph>")),
                    section("4.1 Active liver disease, which may be unexplained"),
                ),
                section("", "<paragraph>Stands alone.</paragraph>"),
            )
        )
    )
    assert [(text, path) for text, (path, _) in found.items()][:5] == [
        ("Mind these.", "5 WARNINGS"),
        ("Not in children.", "5 WARNINGS › Pediatric use"),
        ("Test the liver.", "5 WARNINGS › 5.2 Liver"),
        ("4.1 Active liver disease, which may be unexplained", "5 WARNINGS › 5.2 Liver"),
        ("Stands alone.", "Unclassified section"),
    ]


@pytest.mark.unit
def test_a_boxed_warning_is_in_a_section_of_that_name():
    boxed = section("WARNING: LIVER INJURY", "<paragraph>Examplol may harm the liver.</paragraph>", code="34066-1")
    assert led(document(label(boxed)))["Examplol may harm the liver."][0] == "Boxed warning › WARNING: LIVER INJURY"


@pytest.mark.unit
def test_highlights_stand_apart_from_the_full_text():
    short = "<excerpt><highlight><text><paragraph>20 mg daily (2)</paragraph></text></highlight></excerpt>"
    changes = "<excerpt><highlight><text><paragraph>Dosage (2) 1/2020</paragraph></text></highlight></excerpt>"
    found = document(
        label(
            section("", code="43683-2", more=changes),
            section("2 DOSAGE", "<paragraph>The dose is 20 mg daily.</paragraph>", more=short),
        )
    )
    assert led(found)["20 mg daily (2)"][0] == "Highlights of prescribing information › 2 DOSAGE"
    assert led(found)["The dose is 20 mg daily."][0] == "2 DOSAGE"
    assert "Dosage (2) 1/2020" in texts(found, BlockKind.BOILERPLATE)
    assert texts(found, BlockKind.HEADING).count("Recent major changes") == 1


@pytest.mark.unit
def test_lists_keep_their_levels_their_lead_ins_and_their_numbers():
    inner = '<list listType="ordered" styleCode="LittleAlpha"><item>LDL is 190 or</item><item>LDL is 160</item></list>'
    steps = (
        '<list listType="ordered"><item>Wash.</item><item><caption>2)</caption>Dry.</item>'
        "<item><paragraph>Rest.</paragraph></item></list>"
    )
    text = (
        f"<paragraph>Give it if:</paragraph><list><item>these are found: {inner}</item><item>none</item></list>{steps}"
    )
    found = led(document(label(section("2 DOSAGE", text))))
    assert {text: lead for text, (path, lead) in found.items() if path == "2 DOSAGE"} == {
        "Give it if:": None,
        "these are found:": "Give it if:",
        "a. LDL is 190 or": "these are found:",
        "b. LDL is 160": "these are found:",
        "none": "Give it if:",
        "1. Wash.": "Give it if:",
        "2) Dry.": "Give it if:",
        "3. Rest.": "Give it if:",
    }


@pytest.mark.unit
@pytest.mark.parametrize(
    ("number", "style", "shown"),
    [(1, "", "1"), (27, "littlealpha", "aa"), (26, "bigalpha", "Z"), (14, "littleroman", "xiv"), (4, "bigroman", "IV")],
)
def test_numbers_of_lists_are_in_their_style(number, style, shown):
    assert numeral(number, style) == shown


@pytest.mark.unit
def test_line_ends_never_glue_words_and_bullets_make_lists():
    text = (
        "<paragraph>Reported are:<br/>• fever<br/>• rash</paragraph><paragraph>5 mg<br/>twice</paragraph>"
        "<paragraph>up to 10<sup>6</sup> cells, 25<sup>a </sup>mg, CO<sub>2</sub></paragraph>"
        '<paragraph>Give <content styleCode="strikethrough">50 mg</content>5 mg '
        '<content styleCode="xmChange">daily</content>, see <linkHtml href="#x">5.1</linkHtml>.</paragraph>'
    )
    found = led(document(label(section("A", text))))
    assert {text: lead for text, (path, lead) in found.items() if path == "A"} == {
        "Reported are:": None,
        "• fever": "Reported are:",
        "• rash": "Reported are:",
        "5 mg twice": None,
        "up to 10⁶ cells, 25ᵃ mg, CO2": None,
        "Give 5 mg daily, see 5.1.": None,
    }


@pytest.mark.unit
def test_notes_stand_below_the_table_that_refers_to_them():
    noted = table(
        'Drug|Change<footnote ID="n1">of AUC</footnote>',
        'alpha<footnote ID="n2">See <content styleCode="bold">7</content></footnote>|25',
        'beta<footnoteRef IDREF="n2"/>|30',
        header=1,
    )
    found = document(label(section("A", f"{noted}<paragraph>After it.</paragraph>")))
    assert texts(found, BlockKind.HEADER, BlockKind.ROW, BlockKind.PARAGRAPH) == [
        "Drug | Change*", "alpha† | 25", "beta† | 30", "* of AUC", "† See 7", "After it.",
    ]  # fmt: skip


@pytest.mark.unit
def test_pictures_give_their_captions_and_never_the_names_of_files():
    media = '<component><observationMedia ID="{}"><text>{}</text></observationMedia></component>'
    text = (
        '<renderMultiMedia referencedObject="m1"><caption>Figure 1</caption></renderMultiMedia>'
        '<paragraph>See <renderMultiMedia referencedObject="m2"/>above.</paragraph>'
    )
    more = media.format("m1", "Share of patients by week") + media.format("m2", "fig-2-pen")
    found = document(label(section("A", text, more=more)))
    assert texts(found, BlockKind.PARAGRAPH) == ["Figure 1", "Share of patients by week", "See", "above."]
    assert "fig-2-pen" in texts(found, BlockKind.BOILERPLATE)


@pytest.mark.unit
def test_rows_between_two_rules_name_the_columns():
    ruled = (
        '<tr><td styleCode="Toprule"/><td styleCode="Toprule" colspan="2">Trial 1</td></tr>'
        '<tr><td styleCode="Botrule">Outcome</td><td styleCode="Botrule">Drug</td><td styleCode="Botrule">None</td></tr>'
        "<tr><td>Remission</td><td>36%</td><td>12%</td></tr><tr><td>Response</td><td>58%</td><td>34%</td></tr>"
    )
    rows = rows_of(
        document(label(section("A", f"<table><caption>Table 1. Ends</caption><tbody>{ruled}</tbody></table>")))
    )
    lead = "Table 1. Ends | Trial 1 | Outcome | Drug | None"
    assert rows == {"Remission | 36% | 12%": lead, "Response | 58% | 34%": lead}


@pytest.mark.unit
def test_rows_ruled_below_each_are_no_headers_and_a_bold_row_of_values_is_quoted():
    def boxed(cells: str, *, bold: bool = False) -> str:
        face = '<content styleCode="bold">{}</content>' if bold else "{}"
        made = (f'<td styleCode="Botrule Toprule">{face.format(cell)}</td>' for cell in cells.split("|"))
        return f"<tr>{''.join(made)}</tr>"

    lines = boxed("Age|Dose") + boxed("under 4 years|do not use", bold=True) + boxed("6 to 12 years|10 mL")
    rows = rows_of(document(label(section("A", f"<table><tbody>{lines}</tbody></table>"))))
    assert rows == {
        "Age | Dose": None,
        "under 4 years | do not use": "Age | Dose",
        "6 to 12 years | 10 mL": "Age | Dose",
    }
    bold = boxed("Age|Dose", bold=True) + boxed("under 4 years|do not use", bold=True) + boxed("6 to 12|10 mL")
    rows = rows_of(document(label(section("A", f"<table><tbody>{bold}</tbody></table>"))))
    assert rows == {"under 4 years | do not use": "Age | Dose", "6 to 12 | 10 mL": "Age | Dose"}


@pytest.mark.unit
def test_a_table_that_is_bold_throughout_is_still_quoted():
    bold = '<content styleCode="bold">{}</content>'
    made = table(*(f"{bold.format(a)}|{bold.format(b)}" for a, b in (("Dose", "Days"), ("5 mg", "1"), ("9 mg", "2"))))
    assert rows_of(document(label(section("A", made)))) == {"5 mg | 1": "Dose | Days", "9 mg | 2": "Dose | Days"}


@pytest.mark.unit
def test_rows_stacked_in_one_are_parted_and_cells_that_only_wrap_are_not():
    made = table(
        "|Placebo|Drug",
        "ACR20<br/>Week 12<br/>Week 24|<br/>14%<br/>15%|<br/>58%<br/>57%",
        "Overall|1%|2%",
        "15 kg<br/>to 30 kg|20 mg<br/>weekly|none",
    )
    assert list(rows_of(document(label(section("A", made))))) == [
        "ACR20 › Week 12 | 14% | 58%", "ACR20 › Week 24 | 15% | 57%", "Overall | 1% | 2%",
        "15 kg to 30 kg | 20 mg weekly | none",
    ]  # fmt: skip


@pytest.mark.unit
def test_what_stands_once_before_several_rows_stands_in_each_of_them():
    made = table("Time|Score|Drug", "52 weeks|Pain|5.7", "|Sleep|3.7", "104 weeks|Pain|10.4", "|Sleep|6.4", header=1)
    assert list(rows_of(document(label(section("A", made))))) == [
        "52 weeks | Pain | 5.7", "52 weeks | Sleep | 3.7", "104 weeks | Pain | 10.4", "104 weeks | Sleep | 6.4",
    ]  # fmt: skip
    values = table("Drug|n|Rate", "alpha|12|3%", "|13|4%", header=1)
    assert list(rows_of(document(label(section("A", values))))) == ["alpha | 12 | 3%", "| 13 | 4%"]


@pytest.mark.unit
def test_groups_captions_and_notes_of_tables_lose_no_word():
    made = table(
        "Table 2. Reactions||", "|Drug|Placebo", "Reaction||", "Respiratory||", "Cough|7%|6%", "Skin||", "Rash|9%|8%",
        "* of all<br/>** without pain||",
        more="<tfoot><tr><td>CI=interval</td></tr></tfoot>",
    )  # fmt: skip
    found = document(label(section("A", made)))
    lead = "Table 2. Reactions | Drug | Placebo"
    assert rows_of(found) == {
        "Reaction › Respiratory › Cough | 7% | 6%": lead, "Skin › Rash | 9% | 8%": lead,
    }  # fmt: skip
    assert texts(found, BlockKind.PARAGRAPH) == ["* of all", "** without pain", "CI=interval"]


@pytest.mark.unit
def test_a_caption_in_the_paragraph_before_a_table_leads_its_rows():
    made = table("Kidneys|Dose", "weak|5 mg", header=1)
    found = document(label(section("A", f"<paragraph>Table 3: Doses by kidney function.</paragraph>{made}")))
    assert rows_of(found) == {"weak | 5 mg": "Table 3: Doses by kidney function. Kidneys | Dose"}
    told = document(label(section("A", f"<paragraph>Table 3 shows the doses.</paragraph>{made}")))
    assert (rows_of(told), texts(told, BlockKind.PARAGRAPH)) == (
        {"weak | 5 mg": "Kidneys | Dose"},
        ["Table 3 shows the doses."],
    )


@pytest.mark.unit
def test_a_list_that_is_set_as_a_table_is_a_list():
    made = table("• fever|• warm skin", "• cough|")
    found = led(document(label(section("A", f"<paragraph>Call your doctor if you have:</paragraph>{made}"))))
    lead = "Call your doctor if you have:"
    assert [(text, lead) for text, (path, lead) in found.items() if path == "A"] == [
        (lead, None), ("• fever", lead), ("• warm skin", lead), ("• cough", lead),
    ]  # fmt: skip


@pytest.mark.unit
def test_the_package_label_is_shown_and_never_quoted():
    found = document(label(section("", "<paragraph>NDC 1 Buy it</paragraph>", code="51945-4"), section("A", "text")))
    assert "NDC 1 Buy it" in texts(found, BlockKind.BOILERPLATE)


@pytest.mark.unit
def test_section_names_are_known_by_code_and_printed_as_sentences():
    names = section_names()
    assert (names["34066-1"], names["43685-7"]) == ("Boxed warning", "Warnings and precautions")
    assert "42229-5" not in names
    assert len(names) == len(set(names.values()))
    assert [name for name in names.values() if not re.fullmatch(r"(?:SPL|[A-Z])[a-z ,]+", name)] == []


def zipped(members: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def read_as(name: str, data: bytes) -> list[Document | Failure]:
    return list(read(Source(Path(f"/{name}"), name, Path("/")), data))


@pytest.mark.unit
def test_a_label_is_read_out_of_its_archive_and_of_an_archive_of_archives():
    one = label(section("A", "<paragraph>Examplol is for pain.</paragraph>"))
    alone = zipped({"0a0b.xml": one, "pill.jpg": b"\xff\xd8\xff\xe0"})
    [found] = read_as("examplol.zip", alone)
    assert isinstance(found, Document)
    assert (found.id, found.metadata.version) == ("examplol.zip", "7")
    many = zipped({"a/1.zip": alone, "a/2.zip": zipped({"x.xml": one[:900]}), "a/3.zip": alone[:50]})
    entries = read_as("bulk.zip", many)
    assert [isinstance(each, Document) for each in entries] == [True, False, False]
    assert [each.id if isinstance(each, Document) else each.document_id for each in entries] == [
        "bulk.zip/a/1.zip", "bulk.zip/a/2.zip", "bulk.zip/a/3.zip",
    ]  # fmt: skip


@pytest.mark.unit
def test_labels_are_told_by_their_content():
    assert looks_like_spl(label(section("A", "text")))
    assert looks_like_spl(b'<d:document xmlns:d="urn:hl7-org:v3">')
    assert not looks_like_spl(b"<document><p>urn:hl7-org:v3</p></document>")
    with pytest.raises(ReadError, match="label.xml: expected a label with a structuredBody, found <document>"):
        document(b'<document xmlns="urn:hl7-org:v3"/>')


def mutations(data: bytes, count: int) -> Iterator[bytes]:
    chance = random.Random(5)
    for number in range(count):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 3)):
            place = chance.randrange(len(changed))
            end = min(len(changed), place + chance.randrange(1, 60))
            kind = chance.randrange(4)
            if kind == 0:
                changed[place] ^= 1 << chance.randrange(8)
            elif kind == 1:
                del changed[place:end]
            elif kind == 2:
                changed[place:place] = changed[place:end] * chance.randrange(1, 4)
            else:
                changed[place:end] = chance.choice([b"999999999", b"<td>", b"</text>", b"<br/>", b"\xff", b"&#0;"])
        yield bytes(changed[: chance.randrange(1, len(changed))] if number % 10 == 0 else changed)


def rearranged(data: bytes, count: int) -> Iterator[bytes]:
    """Well-formed labels whose elements are left out, doubled, moved, renamed or given hostile spans."""
    chance = random.Random(6)
    names = (
        "table tr td list item paragraph br footnote footnoteRef sup caption text title section content tfoot".split()
    )
    for _ in range(count):
        root = etree.fromstring(data)
        for _ in range(chance.randrange(1, 6)):
            one, other = chance.choices(list(root.iter(etree.Element))[1:] or [root], k=2)
            kind, above = chance.randrange(5), one.getparent()
            if kind == 0 and above is not None:
                above.remove(one)
            elif kind == 1:
                other.append(deepcopy(one))
            elif kind == 2:
                one.tag = V3 + chance.choice(names)
            elif kind == 3:
                one.set(
                    chance.choice(["rowspan", "colspan", "styleCode", "listType", "ID", "code"]),
                    chance.choice(
                        ["0", "-1", "99999999", "Botrule Toprule bold", "ordered", "strikethrough", "34066-1", ""]
                    ),
                )
            else:
                one.text = chance.choice(["", "•", "• a", "Table 1. B", "5 mg", "\u2028", "x" * 200, None])
        yield etree.tostring(root)


@pytest.mark.unit
def test_mutated_labels_are_read_or_refused():
    text = (
        table("A|B", "C|", "a<br/>b|<br/>5", "|7", header=1) + "<list><item>x<list><item>y</item></list></item></list>"
    )
    data = label(section("1 USES", text, section("", "<paragraph>z<footnote>n</footnote></paragraph>")))
    outcomes = Counter()
    for changed in (*mutations(data, 150), *rearranged(data, 150)):
        try:
            found = document(changed)
        except ReadError:
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        edges = [edge for block in found.blocks for edge in (block.start, block.end)]
        assert edges == sorted(edges)
    assert min(outcomes["read"], outcomes["refused"]) > 100


@pytest.mark.unit
@pytest.mark.parametrize("name", ["section", "list", "paragraph", "content", "table"])
def test_deep_nesting_is_refused_or_read(name):
    inner = {"list": "<list><item>{}</item></list>", "table": "<table><tbody><tr><td>{}</td></tr></tbody></table>"}
    made, shape = "deep", inner.get(name, f"<{name}>{{}}</{name}>")
    for _ in range(45):
        made = shape.format(made)
    assert "deep" in document(label(section("A", made))).text
    for _ in range(LIMITS.xml_depth):
        made = shape.format(made)
    with pytest.raises(ReadError, match="label.xml: expected"):
        document(label(section("A", made)))


APART = frozenset("paragraph item list td th tr table caption br renderMultiMedia title text".split())


def printed(element: etree._Element, *, tables: bool) -> str:
    """The visible text of an element by the simplest of means; notes are left out."""
    name = etree.QName(element).localname
    if name == "footnote" or (name == "table" and not tables):
        return " "
    parts = [element.text or ""]
    for child in element:
        parts += [printed(child, tables=tables), child.tail or ""]
    text = "".join(parts)
    return f" {text} " if name in APART else text


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text))


def not_in_order(wanted: list[str], given: list[str]) -> list[str]:
    """The wanted words that are not among the given ones, behind the wanted word before them."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(given):
        places[word].append(place)
    missing, at = [], 0
    for word in wanted:
        number = bisect_left(places[word], at)
        if number == len(places[word]):
            missing.append(word)
        else:
            at = places[word][number] + 1
    return missing


def lost(data: bytes, found: Document) -> list[str]:
    """The words of the sections' texts that the document lacks: in their order outside of tables, by number inside."""
    root = etree.fromstring(data)
    highlights = [each for each in root.iter(f"{V3}text") if etree.QName(each.getparent()).localname == "highlight"]
    sections = [each for each in root.iter(f"{V3}text") if etree.QName(each.getparent()).localname == "section"]
    running = [word for each in (*highlights, *sections) for word in words(printed(each, tables=False))]
    whole = Counter(word for each in (*highlights, *sections) for word in words(printed(each, tables=True)))
    whole += Counter(word for each in root.iter(f"{V3}footnote") for word in words("".join(each.itertext())))
    given = words(found.text)
    return not_in_order(running, given) + sorted((whole - Counter(given)).elements())


@pytest.mark.unit
def test_every_word_of_a_label_is_in_the_document_in_its_order():
    short = "<excerpt><highlight><text><paragraph>Short<br/>form</paragraph></text></highlight></excerpt>"
    noted = "<paragraph>One<footnote>note</footnote> and <content>t</content>wo<br/>three</paragraph>"
    rows = table(
        "A|B", "C||", "D||", "e|5 mg", "F||", "See 7.||", "<paragraph>g</paragraph><paragraph>h</paragraph>|i", header=1
    )
    data = label(
        section(
            "1 USES", noted + rows, section("2", "<list><item>x<list><item>y</item></list>z</item></list>"), more=short
        )
    )
    found = document(data)
    assert lost(data, found) == []
    assert lost(data.replace(b"three", b"three four"), found) == ["four", "four"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["cough", "humira", "lipitor-orig"])
def test_real_labels_lose_no_word(name):
    data = (SHARED / f"{name}.xml").read_bytes()
    assert lost(data, document(data)) == []


def real(name: str) -> Document:
    [source] = discover([SHARED / f"{name}.xml"])
    [found] = read(source, load(source))
    assert isinstance(found, Document)
    return found


@pytest.mark.shared
def test_a_real_label_tells_its_head():
    metadata = real("lipitor-orig").metadata
    assert metadata.title == "Lipitor (atorvastatin calcium) tablet, film coated"
    assert (metadata.brand_names, metadata.active_ingredients) == (("Lipitor",), ("atorvastatin",))
    assert (metadata.updated, metadata.version, metadata.publisher) == (
        "2014-01-13",
        "11",
        "Parke-Davis Div of Pfizer Inc",
    )
    assert "approval NDA020702" in metadata.identifiers
    metadata = real("humira").metadata
    assert (metadata.updated, metadata.version) == ("2013-09-30", "1560")
    assert (metadata.brand_names, metadata.active_ingredients) == (("Humira",), ("adalimumab",))
    metadata = real("cough").metadata
    assert metadata.brand_names == ("TRIAMINIC Childrens Night Time Cold and Cough",)
    assert (metadata.active_ingredients, metadata.updated) == (("diphenhydramine", "phenylephrine"), "2011-04-26")


@pytest.mark.shared
def test_real_tables_read_row_by_row():
    rows = rows_of(real("humira"))
    doses = [row for row in rows if row.startswith(("15 kg", "≥30 kg"))]
    assert [row.partition(" | ")[2].split(" every")[0] for row in doses] == ["20 mg", "40 mg"]
    assert {rows[row] for row in doses} == {"Pediatric Patients (4 to 17 years) | Dose"}
    assert [row for row in rows if row.startswith("104 Weeks | Erosion")] == [
        "104 Weeks | Erosion score | 6.4 (4.6, 8.2) | 3.0 (2.0, 4.0) | 1.0 (0.4, 1.6)"
    ]
    assert "ACR20 › Week 24 | 15% | 57%" in rows
    assert "Gastrointestinal › Nausea | 9% | 8%" in rows
    month = next(lead or "" for row, lead in rows.items() if row == "ACR50 › Month 6 | 8% | 22%* | 35%* | 10% | 39%*")
    assert re.search(
        r"Response \| Placebo \| HUMIRA \| HUMIRA \| Placebo/MTX .*N=110 \| N=113 \| N=103 \| N=200", month
    )
    lipid = rows_of(real("lipitor-orig"))
    assert "80 | 23 | -45 | -60 | -50 | -37 | 5 | -53" in lipid
    assert "Study 2 › Pravastatin 20 mg | 77 | -17 | -23 | -17 | -9 | +8 | -28" in lipid
    cyclosporine = next(row for row in lipid if "Avoid atorvastatin" in row)
    assert (lipid[cyclosporine] or "").endswith("Interacting Agents | Prescribing Recommendations")
    assert rows_of(real("cough"))["children 6 to under 12 years of age | 2 teaspoonfuls (10 mL)"] == "Age | Dose"


@pytest.mark.shared
def test_real_sections_have_their_paths():
    found = led(real("humira"))
    paths = {path for path, _ in found.values()}
    assert "Boxed warning › WARNING: SERIOUS INFECTIONS AND MALIGNANCY › MALIGNANCY" in paths
    assert "Highlights of prescribing information › 2 DOSAGE AND ADMINISTRATION" in paths
    assert "5 WARNINGS AND PRECAUTIONS › 5.1 Serious Infections › Tuberculosis" in paths
    path, lead = found["• weight loss"]
    assert (path.partition(" › ")[0], (lead or "")[-8:]) == ("Medication guide", "such as:")
    forbidden = [lead for path, lead in led(real("cough")).values() if path == "Warnings › Do not use"]
    assert forbidden == ["Do not use"] * 4
    lactose = [text for text in led(real("lipitor-orig")) if text.startswith("Inactive ingredients of Lipitor: ")]
    assert ["LACTOSE MONOHYDRATE" in text for text in lactose] == [True]
