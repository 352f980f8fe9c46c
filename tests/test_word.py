"""Word files: what is displayed is read in its order, with its structure; what is hidden or deleted never is."""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest

from citewell.errors import ReadError
from citewell.readers import archive as archives
from citewell.readers.archive import Archive
from citewell.readers.decode import decode
from citewell.readers.limits import LIMITS
from citewell.readers.office.package import refusal
from citewell.readers.office.symbols import drawn
from citewell.readers.office.word import looks_like_word, read_word
from citewell.readers.office.word_styles import in_form
from citewell.readers.source import Source
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document

pytestmark = pytest.mark.unit

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr>
  <w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/>
  <w:numId w:val="7"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Raised"><w:name w:val="footnote reference"/>
  <w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="1">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="berschrift1"/><w:lvlText w:val="%1"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="berschrift2"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
 <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
 <w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
</w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="2"/></w:num>
"""


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inside: str, style: str = "", properties: str = "") -> str:
    content = "".join(each if each.startswith("<") else run(each) for each in inside)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{content}</w:p>"


def item(text: str, level: int = 0) -> str:
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="8"/></w:numPr>')


def cell(inside: str, properties: str = "") -> str:
    held = inside if inside.startswith("<") else paragraph(inside)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{held}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    held = "".join(each if each.startswith("<w:tc>") else cell(each) for each in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{held}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def word(body: str, **parts: str) -> bytes:
    """A Word file; `parts` are the insides of its other parts by their kind."""
    inner = {"styles": STYLES, "numbering": NUMBERING} | parts
    roots = {"header": "hdr", "footer": "ftr"}
    relations = "".join(f'<Relationship Id="r{kind}" Type="{TYPE}/{kind}" Target="{kind}.xml"/>' for kind in inner)
    package = "http://schemas.openxmlformats.org/package/2006"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Override PartName="/word/document.xml" '
        f'ContentType="{MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{TYPE}/officeDocument" Target="word/document.xml"/><Relationship Id="r2" '
        f'Type="{package}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "docProps/core.xml": '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Examplol from the file</dc:title></c>',
    }
    members |= {f"word/{kind}.xml": f"<w:{roots.get(kind, kind)} {SPACES}>{inside}</w:{roots.get(kind, kind)}>"
                for kind, inside in inner.items()}  # fmt: skip
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def read(data: bytes, name: str = "guide.docx") -> Document:
    return read_word(Source(Path("/") / name, name, Path("/")), data)


def blocks(document: Document, *kinds: BlockKind) -> list[str]:
    return [document.text[each.start : each.end] for each in document.blocks if not kinds or each.kind in kinds]


def text_of(*inside: str, **parts: str) -> str:
    return read(word(paragraph(*inside), **parts)).text


def test_order_and_section_paths_survive():
    body = paragraph("Examplol guide", style="Titel") + paragraph("Uses", style="berschrift1") + paragraph("For pain.")
    body += paragraph("Dosage", style="berschrift1") + paragraph("Adults", style="berschrift2") + table(
        row("Kidneys", "Dose"), row("weak", "15 mg")) + paragraph("Take it with food.")  # fmt: skip
    body += f"<w:sdt><w:sdtContent>{paragraph('Children', style='Mine')}{paragraph('None.')}</w:sdtContent></w:sdt>"
    document = read(word(body))
    units = split_units(document, Segmentation())
    assert [(document.text[u.start : u.end], u.section, u.place) for u in units] == [
        ("For pain.", ("Examplol guide", "1 Uses"), "paragraph 3"),
        ("weak | 15 mg", ("Examplol guide", "2 Dosage", "2.1 Adults"), "table 1, row 2"),
        ("Take it with food.", ("Examplol guide", "2 Dosage", "2.1 Adults"), "paragraph 6"),
        ("None.", ("Examplol guide", "2 Dosage", "2.2 Children"), "paragraph 8"),
    ]
    assert (document.metadata.title, document.metadata.language) == ("Examplol guide", "en-GB")


def test_the_files_own_title_counts_only_where_none_is_printed():
    assert read(word(paragraph("Take 5 mg."))).metadata.title == "Examplol from the file"
    lone = paragraph("Printed", style="berschrift1", properties='<w:numPr><w:numId w:val="0"/></w:numPr>')
    document = read(word(lone + paragraph("Take 5 mg.")))
    assert document.metadata.title == "Printed"
    made = docx.Document()
    made.core_properties.title = "Document1"
    made.add_paragraph("Take 5 mg.")
    stream = BytesIO()
    made.save(stream)
    assert read(stream.getvalue(), "leaflet.docx").metadata.title == "leaflet"


def test_inserted_text_is_read_and_deleted_text_never():
    change = 'w:id="1" w:author="A"'
    document = read(
        word(
            paragraph("Take ", f"<w:del {change}><w:r><w:delText>50 mg</w:delText></w:r></w:del>",
                      f"<w:ins {change}>{run('5 mg')}</w:ins>", " daily.")
            + paragraph("Do not ", properties=f"<w:rPr><w:del {change}/></w:rPr>") + paragraph("take it with milk.")
            + paragraph(f"<w:moveFrom {change}>{run('Moved away.')}</w:moveFrom>")
            + paragraph(f"<w:moveTo {change}>{run('Moved here.')}</w:moveTo>")
            + table(row("Group", "Dose"), row("old", "9 mg", properties=f"<w:del {change}/>"), row("new", "4 mg"))
        )
    )  # fmt: skip
    assert blocks(document) == [
        "Take 5 mg daily.", "Do not take it with milk.", "Moved here.", "Group | Dose", "new | 4 mg"
    ]  # fmt: skip
    assert document.metadata.remarks == ("The document holds tracked changes; it was read as if they were accepted.",)


def test_a_change_inside_a_deletion_is_deleted():
    change = 'w:id="1" w:author="A"'
    both = f"<w:ins {change}><w:del {change}>{run('never')}</w:del></w:ins>"
    assert text_of("Seen ", both, "twice.") == "Seen twice."


def test_hidden_and_struck_text_is_left_out_and_told():
    document = read(
        word(paragraph("Take ", run("hidden ", "<w:vanish/>"), run("secret ", '<w:rStyle w:val="Secret"/>'),
                       run("50 ", "<w:strike/>"), run("5", '<w:strike w:val="0"/><w:vanish w:val="false"/>'), " mg."))
    )  # fmt: skip
    assert document.text == "Take 5 mg."
    assert document.metadata.remarks == ("Hidden text was left out.", "Struck-out text was left out.")


def test_raised_and_lowered_characters_join_no_number():
    high, low = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    moved = '<w:position w:val="8"/>'
    assert text_of(
        "10", run("6", high), "/mL, 25", run("a", high), ", C", run("max", low), ", H", run("2", low), "O"
    ) == ("10⁶/mL, 25ᵃ, Cmax, H2O")
    assert (
        text_of("10", run("-", moved), run("3", moved), " or 5", run("2", '<w:rStyle w:val="Raised"/>')) == "10⁻³ or 5²"
    )


def test_special_characters_are_what_is_displayed():
    hyphen, soft, tab, line = (f"<w:r><w:{name}/></w:r>" for name in ("noBreakHyphen", "softHyphen", "tab", "br"))
    shown = text_of("drug", hyphen, "induced os", soft, "teo\u00adporosis", tab, "a", line, "b")
    assert shown == "drug-induced osteoporosis\ta\nb"


def test_signs_of_special_fonts_are_what_they_show():
    sign = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
    symbol = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
    assert text_of("if ", sign, " 60, 5 ", run("m", symbol), "g, ", run("\uf0a3 4", symbol)) == "if ≥ 60, 5 μg, ≤ 4"
    document = read(word(paragraph("a ", '<w:r><w:sym w:font="Secret Signs" w:char="F041"/></w:r>')))
    assert document.text == "a \ufffd"
    assert document.metadata.remarks == ("A sign of a special font isn't known; � stands in its place.",)
    assert drawn("\uf0fe no", "Wingdings")[0] == "☑"
    assert drawn("P", "Wingdings 2") == "\ufffd"


def field(code: str, *outcome: str) -> str:
    kinds = {name: f'<w:r><w:fldChar w:fldCharType="{name}"/></w:r>' for name in ("begin", "separate", "end")}
    return f"{kinds['begin']}{code}{kinds['separate']}{''.join(map(run, outcome))}{kinds['end']}"


def test_fields_show_their_outcome_and_never_their_code():
    code = "<w:r><w:instrText>PAGEREF x</w:instrText></w:r>"
    nested = field(run("IF ") + field(code, "never"), "5 mg")
    link = f'<w:hyperlink r:id="x">{run("the site")}</w:hyperlink>'
    simple = f'<w:fldSimple w:instr="SEQ">{run("3")}</w:fldSimple>'
    assert text_of("Take ", nested, ", see ", link, " ", simple) == "Take 5 mg, see the site 3"
    document = read(word(paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "Not lost.")))
    assert document.text == "Not lost."
    assert document.metadata.remarks == ("A field of the document has no end; its code may stand in the text.",)


def test_what_is_asked_of_the_writer_is_no_text():
    asked = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    inside = paragraph("Dose: ", asked.format(run("Click here to enter text.")), run("5 mg"))
    assert read(word(inside + asked.format(paragraph("Choose a drug.")))).text == "Dose: 5 mg"


def test_files_in_the_strict_form_are_read_too():
    strict = BytesIO()
    whole = word(paragraph("Uses", style="berschrift1") + item("pain"))
    with zipfile.ZipFile(BytesIO(whole)) as opened, zipfile.ZipFile(strict, "w") as made:
        for name in opened.namelist():
            text = opened.read(name).decode().replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
            made.writestr(name, text.replace(TYPE, "http://purl.oclc.org/ooxml/officeDocument/relationships"))
    document = read(strict.getvalue())
    assert [(document.text[b.start : b.end], b.kind.value) for b in document.blocks] == [
        ("1 Uses", "heading"),
        ("pain", "item"),
    ]


def test_a_drug_without_a_dose_gets_not_the_next_ones():
    missing = table(row("Drug", "Dose"), row("Examplol", ""), row("Testamine", "7 mg"), row("Oldol", "9 mg"))
    assert list(rows_of(read(word(missing)))) == ["Examplol |", "Testamine | 7 mg", "Oldol | 9 mg"]
    adults = row(cell("Adults", '<w:gridSpan w:val="2"/>'))
    assert list(rows_of(read(word(table(row("Grade", "Dose"), adults, row("mild", "7 mg")))))) == [
        "Adults › mild | 7 mg"
    ]


def test_a_box_to_tick_shows_its_state():
    box = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert text_of(box, end, " pregnant") == "☒ pregnant"
    assert text_of(box.replace("<w:checked/>", '<w:checked w:val="0"/>'), end, " pregnant") == "☐ pregnant"


def test_text_boxes_are_read_once_after_their_paragraph():
    held = f"<w:txbxContent>{paragraph('Boxed warning.')}</w:txbxContent>"
    shape = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{held}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{held}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = read(word(paragraph("Before.", shape) + paragraph("After.")))
    assert [(document.text[b.start : b.end], b.place) for b in document.blocks] == [
        ("Before.", "paragraph 1"), ("Boxed warning.", "text box at paragraph 1"), ("After.", "paragraph 2"),
    ]  # fmt: skip


def test_equations_join_no_numbers():
    def base(text: str) -> str:
        return f"<m:e><m:r><m:t>{text}</m:t></m:r></m:e>"

    power = f"<m:oMath><m:sSup>{base('10')}<m:sup><m:r><m:t>6</m:t></m:r></m:sup></m:sSup></m:oMath>"
    part = (
        "<m:oMath><m:f><m:num><m:r><m:t>140</m:t></m:r></m:num><m:den><m:r><m:t>72</m:t></m:r></m:den></m:f></m:oMath>"
    )
    assert text_of("Count ", power, " or ", part) == "Count 10⁶ or (140)/(72)"


def test_lists_keep_their_levels_and_their_lead_in():
    body = (
        paragraph("Do not take it if you have:")
        + item("an ulcer")
        + item("or one of:")
        + item("gout", 1)
        + item("asthma")
    )
    document = read(word(body))
    units = [(document.text[u.start : u.end], u.lead and document.text[slice(*u.lead)])
             for u in split_units(document, Segmentation())]  # fmt: skip
    assert units[1:] == [
        ("an ulcer", "Do not take it if you have:"), ("or one of:", "Do not take it if you have:"), ("gout", "or one of:"),
        ("asthma", "Do not take it if you have:"),
    ]  # fmt: skip
    assert [b.level for b in document.blocks if b.kind is BlockKind.ITEM] == [1, 1, 2, 1]


def rows_of(document: Document) -> dict[str, str | None]:
    return {
        document.text[b.start : b.end]: b.lead and document.text[slice(*b.lead)]
        for b in document.blocks
        if b.kind is BlockKind.ROW
    }


def test_a_row_shows_with_caption_and_header_and_merged_cells_in_every_row():
    down, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    dose = table(
        row(cell("Group", down), cell("Dose", wide), properties="<w:tblHeader/>"),
        row(cell("", on), "start", "most"),
        row(cell("Renal", down), "5 mg", "20 mg"),
        row(cell("", on), "2 mg", "9 mg"),
        row("Hepatic", cell("none", wide)),
    )
    document = read(word(paragraph("Table 1. Doses", style="Beschriftung") + dose))
    lead = "Table 1. Doses\nGroup | Dose |\nGroup | start | most"
    assert rows_of(document) == dict.fromkeys(["Renal | 5 mg | 20 mg", "Renal | 2 mg | 9 mg", "Hepatic | none |"], lead)


def test_a_caption_below_and_a_bold_header_are_found():
    def bold(text: str) -> str:
        return cell(paragraph(run(text, "<w:b/>")))

    first = table(row(bold("Sex"), bold("Sign")), row("men", "rash"), row("women", "fever"))
    body = paragraph("Before.") + first + paragraph("Table 2: Signs", style="Beschriftung") + paragraph("After.")
    document = read(word(body))
    assert rows_of(document) == dict.fromkeys(["men | rash", "women | fever"], "Table 2: Signs\nSex | Sign")
    assert blocks(document)[-1] == "After."


def test_a_caption_between_two_tables_belongs_to_the_second():
    doses = [table(row("Group", "Dose"), row("all", f"{n} mg")) for n in (1, 2)]
    titles = [paragraph(f"Table {n}. Number {n}") for n in (1, 2)]
    document = read(word(titles[0] + doses[0] + titles[1] + doses[1]))
    assert rows_of(document) == {
        "all | 1 mg": "Table 1. Number 1\nGroup | Dose", "all | 2 mg": "Table 2. Number 2\nGroup | Dose",
    }  # fmt: skip


def test_captions_below_their_tables_stay_with_them():
    doses = [table(row("Group", "Dose"), row("all", f"{n} mg")) for n in (1, 2)]
    titles = [paragraph(f"Table {n}. Number {n}") for n in (1, 2)]
    document = read(word(doses[0] + titles[0] + doses[1] + titles[1]))
    assert rows_of(document) == {
        "all | 1 mg": "Table 1. Number 1\nGroup | Dose", "all | 2 mg": "Table 2. Number 2\nGroup | Dose",
    }  # fmt: skip


def test_a_table_without_a_header_gets_none():
    document = read(word(table(row("pain", "5 mg"), row("fever", "2 mg"))))
    assert rows_of(document) == {"pain | 5 mg": None, "fever | 2 mg": None}


def test_a_frame_of_one_cell_is_its_paragraphs():
    document = read(word(table(row(cell(paragraph("WARNING") + paragraph("Liver failure. Stop at once."))))))
    assert [(document.text[b.start : b.end], b.kind.value, b.place) for b in document.blocks] == [
        ("WARNING", "paragraph", "table 1, row 1"), ("Liver failure. Stop at once.", "paragraph", "table 1, row 1")
    ]  # fmt: skip


def test_a_table_in_a_cell_is_called_by_its_row():
    inner = table(row("Weight", "Dose"), row("10 kg", "1 mg"))
    document = read(
        word(table(row("Group", "Dose"), row("Children", cell(paragraph("by weight") + inner)), row("all", "5 mg")))
    )
    assert rows_of(document) == {
        "Children | by weight": "Group | Dose", "all | 5 mg": "Group | Dose",
        "10 kg | 1 mg": "Children | by weight\nWeight | Dose",
    }  # fmt: skip


def test_long_cells_are_units_below_the_name_of_their_row():
    long = "Stop it when the skin turns red. " * 30
    document = read(
        word(table(row("Drug", "Warnings", "Dose"), row("Examplol", long, "5 mg"), row("Testamine", "none", "7 mg")))
    )
    units = [(document.text[u.start : u.end], u.lead and document.text[slice(*u.lead)])
             for u in split_units(document, Segmentation())]  # fmt: skip
    assert units[0] == ("Stop it when the skin turns red.", "Drug: Examplol | Warnings")
    assert units[-2:] == [("5 mg", "Drug: Examplol | Dose"), ("Testamine | none | 7 mg", "Drug | Warnings | Dose")]


NOTE = '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'


def noted(number: int, text: str) -> str:
    return f'<w:footnote w:id="{number}">{paragraph("<w:r><w:footnoteRef/></w:r>", " " + text)}</w:footnote>'


def marked(number: int) -> str:
    return f'<w:r><w:rPr><w:rStyle w:val="Raised"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def test_notes_that_are_content_stand_at_the_end_of_their_section():
    body = paragraph("Dosage", style="Titel") + paragraph("Take 25", marked(4), " mg.") + paragraph("Daily.")
    body += paragraph("Risks", style="berschrift1") + paragraph("Rash", marked(9), ".")
    document = read(word(body, footnotes=NOTE + noted(9, "Also hives.") + noted(4, "Half in kidney disease.")))
    assert blocks(document) == [
        "Dosage", "Take 25[note 1] mg.", "Daily.", "[note 1] Half in kidney disease.", "1 Risks", "Rash[note 2].",
        "[note 2] Also hives.",
    ]  # fmt: skip
    assert [b.place for b in document.blocks][3] == "footnote 1"


def test_notes_that_are_references_are_the_reference_list():
    document = read(word(paragraph("It works.", marked(1)), footnotes=NOTE + noted(1, "Doe J. A Trial. 2019;3:4-9.")))
    assert blocks(document) == ["It works.[1]", "[1] Doe J. A Trial. 2019;3:4-9."]
    assert document.blocks[-1].kind is BlockKind.REFERENCE
    assert document.metadata.remarks == ()


def test_notes_never_take_the_numbers_of_a_typed_reference_list():
    body = (
        paragraph("It works [1].", marked(1))
        + paragraph("References", style="berschrift1")
        + paragraph("[1] Roe A. 2001.")
    )
    document = read(word(body, footnotes=NOTE + noted(1, "Doe J. A Trial. 2019;3:4-9.")))
    assert blocks(document)[0] == "It works [1].[note 1]"
    assert blocks(document, BlockKind.REFERENCE) == ["[1] Roe A. 2001."]


def test_margins_and_contents_are_boilerplate_once_and_comments_left_out():
    body = paragraph("Uses\t3", style="TOC1") + paragraph("For pain.")
    document = read(
        word(body, header=paragraph("Examplol, revised"), footer=paragraph("Revised: March 2024"), comments="")
    )
    assert blocks(document, BlockKind.BOILERPLATE) == ["Uses\t3", "Examplol, revised", "Revised: March 2024"]
    assert (document.metadata.updated, document.metadata.remarks) == ("2024-03", ("Comments were left out.",))


def test_bold_lines_are_headings_only_where_no_style_is_used_and_no_warning_is_lost():
    def bold(text: str) -> str:
        return paragraph(run(text, "<w:b/>"))

    body = bold("Side Effects") + paragraph("Rash.") + bold("Never give it to children") + paragraph("It is bitter.")
    document = read(word(body))
    assert blocks(document, BlockKind.HEADING) == ["Side Effects"]
    assert "Never give it to children" in blocks(document, BlockKind.PARAGRAPH)
    styled = read(word(paragraph("Risks", style="berschrift1") + body))
    assert blocks(styled, BlockKind.HEADING) == ["1 Risks"]


def test_numbers_of_headings_count_on_and_start_anew():
    body = "".join(paragraph(text, style=f"berschrift{level}") for text, level in
                   [("A", 1), ("B", 2), ("C", 2), ("D", 1), ("E", 2)])  # fmt: skip
    assert blocks(read(word(body + paragraph("End.")))) == ["1 A", "1.1 B", "1.2 C", "2 D", "2.1 E", "End."]
    assert [in_form(14, form) for form in ("upperRoman", "lowerLetter", "decimalZero", "thai")] == [
        "XIV",
        "n",
        "14",
        "",
    ]


def test_python_docx_files_are_read_too():
    made = docx.Document()
    made.add_heading("Examplol", 0)
    made.add_heading("Dosage", 1)
    made.add_paragraph("Adults", style="List Bullet")
    grid = made.add_table(2, 2)
    for at, text in enumerate(("Age", "Dose", "65 years", "5 mg")):
        grid.cell(at // 2, at % 2).text = text
    stream = BytesIO()
    made.save(stream)
    document = read(stream.getvalue())
    assert [(document.text[b.start : b.end], b.kind.value, b.level) for b in document.blocks] == [
        ("Examplol", "heading", 1), ("Dosage", "heading", 2), ("Adults", "item", 1), ("Age | Dose", "header", 0),
        ("65 years | 5 mg", "row", 0),
    ]  # fmt: skip


def test_word_files_are_known_by_their_content():
    assert looks_like_word(Archive("a", word(paragraph("x"))))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    other = Archive("a.odt", stream.getvalue())
    assert not looks_like_word(other)
    assert "open it in LibreOffice and save it as .docx" in str(refusal(other))


@pytest.mark.parametrize(
    ("data", "advice"), [(b"\xd0\xcf\x11\xe0rest", "save it as .docx or .xlsx"), (b"{\\rtf1 x}", "save it as .docx")]
)
def test_old_office_files_are_refused_with_advice(data, advice):
    with pytest.raises(ReadError, match=advice):
        decode("old.doc", data)


def test_broken_files_are_refused_and_never_crash():
    whole = word(
        paragraph("Take 5 mg.", marked(1)) + item("x") + table(row("a", "b"), row("c", "5")),
        footnotes=NOTE + noted(1, "n"),
    )
    chance = random.Random(5)
    with zipfile.ZipFile(BytesIO(whole)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    for turn in range(150):
        if turn % 3 == 0:
            broken = whole[: chance.randrange(len(whole))]
        elif turn % 3 == 1:
            flipped = bytearray(whole)
            flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            broken = bytes(flipped)
        else:
            broken = mutated(members, chance)
        try:
            read(broken)
        except ReadError as error:
            assert str(error).startswith("guide.docx")


def mutated(members: dict[str, bytes], chance: random.Random) -> bytes:
    """The same archive with one member cut, swapped or changed in one place."""
    name = chance.choice(sorted(members))
    data = bytearray(members[name])
    at = chance.randrange(len(data))
    data[at : at + chance.randrange(12)] = bytes(chance.choices(b'<>/"=wab10- ', k=chance.randrange(6)))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for each, content in members.items():
            made.writestr(each, bytes(data) if each == name else content)
    return stream.getvalue()


def test_bombs_and_deep_nesting_are_refused(monkeypatch):
    with pytest.raises(ReadError, match="deep, found more"):
        read(word("<w:sdt><w:sdtContent>" * 110 + paragraph("x") + "</w:sdtContent></w:sdt>" * 110))
    nested = paragraph("in")
    for _ in range(45):
        nested = table(row(cell(nested)))
    assert "in" in read(word(nested)).text
    monkeypatch.setattr(archives, "LIMITS", replace(LIMITS, archive_bytes=100_000))
    with pytest.raises(ReadError, match="to unpack to at most"):
        read(word(paragraph("x" * 200_000)))
