"""Articles in JATS, chapters in BITS and sets of articles: nothing glued, nothing lost, no mark that reads as a number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from citewell.errors import ReadError
from citewell.readers.articles.jats import looks_like_jats, read_jats
from citewell.readers.articles.jats_math import formula_text, tex_text
from citewell.readers.articles.jats_references import References
from citewell.readers.beir import Failure
from citewell.readers.source import Source
from citewell.readers.xml import local_name, parse_xml
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document, SourceClass

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "raw" / "jats"
NAMESPACES = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"'
HEAD = """<front><journal-meta><journal-id journal-id-type="nlm-ta">J Ex</journal-id><journal-title-group>
<journal-title>Journal of Examples</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="pmid">111</article-id><article-id pub-id-type="pmc">222</article-id>
<article-id pub-id-type="doi">10.1000/ex.1</article-id>
<title-group><article-title>Examplol in <italic>renal</italic> failure<xref ref-type="fn" rid="n">*</xref></article-title>
<subtitle>a review</subtitle></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Doe</surname><given-names>Jane A.</given-names></name></contrib>
<contrib contrib-type="author"><collab>Example Group</collab></contrib></contrib-group>
<aff><label>1</label><institution>Example Hospital</institution><country>Nowhere</country></aff>
<author-notes><corresp>Write to jane@example.org</corresp><fn fn-type="conflict"><p>JD took fees.</p></fn></author-notes>
<pub-date pub-type="ppub"><month>6</month><year>2019</year></pub-date>
<pub-date pub-type="epub"><day>3</day><month>May</month><year>2019</year></pub-date>
<volume>9</volume><issue>5</issue><fpage>123</fpage><lpage>130</lpage>
<history><date date-type="rev-recd"><year>2020</year></date></history>
<permissions><copyright-statement>© 2019 The Authors</copyright-statement>
<license xlink:href="https://example.org/by"><license-p>CC BY 4.0</license-p></license></permissions>
<abstract><sec><title>Aim:</title><p>To test examplol.</p></sec><sec><title>Results:</title><p>It works.</p></sec></abstract>
<abstract abstract-type="plain-language-summary"><p>Examplol helps kidneys.</p></abstract>
<kwd-group><kwd>examplol</kwd><kwd>kidney</kwd></kwd-group>
<funding-group><funding-statement>Paid by the Example Fund.</funding-statement></funding-group></article-meta></front>"""
REFERENCES = """<back><ref-list><title>References</title><ref id="r1"><label>1</label><element-citation>
<person-group><name><surname>Roe</surname><given-names>R</given-names></name><name><surname>Poe</surname>
<given-names>P</given-names></name><etal/></person-group><article-title>On examplol</article-title><source>J Ex</source>
<year>2010</year><volume>3</volume><issue>2</issue><fpage>4</fpage><lpage>9</lpage><pub-id pub-id-type="doi">10.1000/2</pub-id>
</element-citation></ref><ref id="r2"><label>2</label><mixed-citation>Poe P. <italic>Samplax</italic>. 2nd ed. Town: Press;
2001.<pub-id pub-id-type="pmid">77</pub-id></mixed-citation></ref></ref-list></back>"""


def source(name: str = "a.nxml") -> Source:
    return Source(Path("/") / name, name, Path("/"))


def article(body: str = "<body/>", *, head: str = HEAD, back: str = "", kind: str = "research-article") -> bytes:
    return f'<article {NAMESPACES} article-type="{kind}" xml:lang="EN">{head}{body}{back}</article>'.encode()


def read(data: bytes) -> Document:
    [document] = read_jats(source(), data)
    assert isinstance(document, Document)
    return document


def shown(document: Document, *kinds: str) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if not kinds or b.kind.value in kinds]


def bodied(body: str, back: str = "") -> list[str]:
    """The blocks of an article without a head, as "kind: text"."""
    document = read(article(f"<body>{body}</body>", head="", back=back))
    return [f"{block.kind.value}: {document.text[block.start : block.end]}" for block in document.blocks]


def paths(document: Document) -> dict[str, tuple[str, ...]]:
    return {document.text[u.start : u.end]: u.section for u in split_units(document, Segmentation())}


@pytest.mark.unit
def test_an_article_tells_of_itself():
    metadata = read(article("<body><p>Text.</p></body>")).metadata
    assert metadata.title == "Examplol in renal failure: a review"
    assert (metadata.source_class, metadata.publisher) == (SourceClass.RESEARCH, "Journal of Examples")
    assert (metadata.updated, metadata.language, metadata.licence) == ("2019-05-03", "en", "CC BY 4.0")
    assert metadata.identifiers == ("PMID 111", "PMCID PMC222", "doi 10.1000/ex.1")
    assert metadata.how_to_cite == (
        "Doe JA, Example Group. Examplol in renal failure: a review. J Ex. 2019 Jun;9(5):123–130. doi: 10.1000/ex.1"
    )
    assert (metadata.review_status, metadata.remarks) == (None, ())


@pytest.mark.unit
def test_each_sentence_keeps_its_section():
    body = """<body><p>Before the first section.</p><sec><label>1.</label><title>Doses</title><p>Take it.</p>
    <boxed-text><label>Box 1</label><caption><title>Never</title></caption><p>Never give it with samplax.</p></boxed-text>
    <p>After the box.</p><sec><title>Renal</title><p>Take less.</p></sec></sec></body><back><ack><p>We thank all.</p></ack></back>"""
    found = paths(read(article(body)))
    title = "Examplol in renal failure: a review"
    assert {text: path[1:] for text, path in found.items() if path[0] == title} == {
        "Keywords: examplol; kidney": (), "To test examplol.": ("Abstract", "Aim"), "It works.": ("Abstract", "Results"),
        "Examplol helps kidneys.": ("Plain-language summary",), "Before the first section.": ("Main text",),
        "Take it.": ("1. Doses",), "Never give it with samplax.": ("1. Doses", "Box 1 Never"), "After the box.": ("1. Doses",),
        "Take less.": ("1. Doses", "Renal"), "We thank all.": ("Acknowledgements",), "JD took fees.": ("Author notes",),
        "Paid by the Example Fund.": ("Funding",),
    }  # fmt: skip
    assert len(found) == 12


@pytest.mark.unit
def test_people_addresses_and_rights_are_boilerplate():
    assert shown(read(article("<body><p>Text.</p></body>")), "boilerplate") == [
        "Jane A. Doe, Example Group", "1 Example Hospital, Nowhere", "Write to jane@example.org", "© 2019 The Authors", "CC BY 4.0",
    ]  # fmt: skip


MARKS = [
    ('300 mg<sup><xref ref-type="bibr" rid="r1">1</xref>,<xref ref-type="bibr" rid="r2">2</xref></sup> daily', "300 mg[1,2] daily"),
    ('300<xref ref-type="bibr" rid="r2">2</xref>, <xref ref-type="bibr" rid="r1"><sup>1</sup></xref>', "300[2], [1]"),
    ('300,<xref ref-type="bibr" rid="r2">2</xref>', "300,[2]"),
    ('of 300 <xref ref-type="bibr" rid="r2">2</xref>', "of 300 [2]"),
    ('x [<xref ref-type="bibr" rid="r1">1</xref>, <xref ref-type="bibr" rid="r2">2</xref>–<xref ref-type="bibr" rid="r2">2</xref>]',
     "x [1, 2–2]"),
    ('x (<xref ref-type="bibr" rid="r1">1</xref>,<xref ref-type="bibr" rid="r2">2</xref>)', "x (1,2)"),
    ('(300 mg <xref ref-type="bibr" rid="r1">1</xref>)', "(300 mg [1])"),
    ('x <xref ref-type="bibr" rid="r1">[1]</xref>', "x [1]"),
    ('(<xref ref-type="bibr" rid="r1">Doe 2011</xref>; Roe, <xref ref-type="bibr" rid="r2">2012</xref>)', "(Doe 2011; Roe, 2012)"),
    ('m<sup>2,<xref ref-type="bibr" rid="r1">1</xref></sup>', "m^2,[1]"),
    ('x<xref ref-type="bibr" rid="r1"/>', "x[1]"),
    ('C<sub>max </sub>of 10<sup>6 </sup>cells<xref ref-type="bibr" rid="r1">1 </xref>per', "Cmax of 10⁶ cells[1] per"),
    ('5 mg<xref ref-type="table-fn" rid="t">a</xref> and 25<xref ref-type="fn" rid="t">2</xref>', "5 mgᵃ and 25²"),
]  # fmt: skip


@pytest.mark.unit
@pytest.mark.parametrize(("printed", "read_as"), MARKS)
def test_a_mark_is_never_read_as_a_dose_or_an_exponent(printed, read_as):
    assert bodied(f"<p>{printed}</p>", REFERENCES)[0] == f"paragraph: {read_as}"


@pytest.mark.unit
def test_entries_are_printed_in_their_own_order():
    assert shown(read(article("<body><p>Text.</p></body>", back=REFERENCES)), "reference") == [
        "1. Roe R, Poe P, et al. On examplol. J Ex. 2010;3(2):4–9. doi: 10.1000/2.",
        "2. Poe P. Samplax. 2nd ed. Town: Press; 2001. PMID 77",
    ]


@pytest.mark.unit
def test_a_mark_without_an_entry_is_remarked():
    mark = '<body><p>It works [<xref ref-type="bibr" rid="r9">9</xref>] in F<sub>[1,12]</sub>.</p></body>'
    assert read(article(mark, back=REFERENCES)).metadata.remarks == (
        "The text cites [9]; its reference list has no such entry.",
    )
    assert read(article(mark)).metadata.remarks == ("The text has reference marks (9), but prints no reference list.",)


@pytest.mark.unit
def test_entries_without_labels_are_numbered_as_far_as_the_marks_tell():
    def numbered(*marks: tuple[str, str]) -> list[str]:
        text = "".join(f'<xref ref-type="bibr" rid="{target}">{printed}</xref>' for target, printed in marks)
        root = etree.fromstring(f'<a><p>{text}</p><ref id="a"/><ref id="b"/><ref id="c"/></a>')
        return [References(root).number(name) for name in "abc"]

    assert numbered(("a", "1"), ("c", "3")) == ["1.", "2.", "3."]
    assert numbered(("a", "2"), ("c", "1")) == ["2.", "", "1."]
    assert numbered(("a", "2"), ("a", "1")) == ["", "", ""]
    assert numbered(("a", "2009")) == ["", "", ""]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("mathml", "text"),
    [
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", "(a + 1)/b"),
        ("<msup><mn>10</mn><mn>6</mn></msup>", "10⁶"),
        ("<msup><mn>10</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></msup>", "10^(1/2)"),
        ("<msubsup><mi>x</mi><mi>max</mi><mn>2</mn></msubsup>", "x_max²"),
        ("<mn>2</mn><mo>\u2062</mo><mn>3</mn>", "2 3"),
        ("<mn>2</mn><mn>3</mn>", "2 3"),
        ("<mi>t</mi><mo>=</mo><mo>-</mo><mn>5</mn>", "t = -5"),
        ("<msqrt><mi>n</mi><mo>-</mo><mn>1</mn></msqrt>", "√(n - 1)"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", "x¯"),
        ("<semantics><mi>y</mi><annotation>tex</annotation></semantics>", "y"),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>2</mn></mtd></mtr></mtable>",
            "1, 0; 2",
        ),
    ],
)
def test_a_formula_never_joins_numbers(mathml, text):
    assert formula_text(etree.fromstring(f"<f><math>{mathml}</math></f>")) == text


@pytest.mark.unit
def test_formulas_stand_in_their_sentence_and_pictures_are_said_to_be_missing():
    frame = r"\documentclass[12pt]{minimal}\usepackage{amsmath}\begin{document}$$x^2$$\end{document}"
    assert tex_text(frame) == "x^2"
    formula = "<disp-formula><label>(1)</label><mml:math><mml:mi>C</mml:mi><mml:mo>=</mml:mo><mml:mn>5</mml:mn></mml:math></disp-formula>"
    assert bodied(
        f"<p>It is{formula}or <inline-formula><inline-graphic/></inline-formula>, dose <inline-graphic/> 5 mg, x<sup>Q</sup>.</p>"
    ) == ["paragraph: It is C = 5 (1) or [formula], dose [picture] 5 mg, x^Q."]


@pytest.mark.unit
def test_lists_keep_their_printed_labels():
    document = read(article("""<body><p>Steps:</p><list list-type="order"><list-item><label>1.</label><p>Weigh the patient.</p>
    <p>Twice.</p></list-item><list-item><label>2.</label><p>Give 5 mg/kg:</p><list><list-item><p>slowly</p></list-item></list>
    </list-item></list><def-list><title>Abbreviations</title><def-item><term>EXA</term><def><p>examplol</p></def></def-item>
    </def-list></body>""", head=""))  # fmt: skip
    assert shown(document) == [
        "Steps:", "1. Weigh the patient.\nTwice.", "2. Give 5 mg/kg:", "slowly", "Abbreviations", "EXA\nexamplol",
    ]  # fmt: skip
    items = {document.text[b.start : b.end]: b for b in document.blocks if b.kind is BlockKind.ITEM}
    assert (items["slowly"].level, document.text[slice(*(items["slowly"].lead or ()))]) == (2, "Give 5 mg/kg:")


TABLE = """<p>See below.</p><table-wrap id="t1"><label>Table 1</label><caption><title>Doses by clearance</title><p>All are daily.</p>
</caption><table><thead><tr><th rowspan="2">Clearance</th><th colspan="2">Dose</th></tr><tr><th>mg</th><th>times</th></tr></thead>
<tbody><tr><td/><td>1</td><td>9</td></tr><tr><td rowspan="2">mild</td><td>20<xref ref-type="table-fn" rid="n">a</xref></td>
<td>2</td></tr><tr><td>15</td><td>3</td></tr></tbody></table><table-wrap-foot><fn id="n"><label>a</label><p>Not with food.</p></fn>
<p>Source: examples.</p></table-wrap-foot></table-wrap>"""


@pytest.mark.unit
def test_a_table_has_its_caption_rows_and_notes():
    document = read(article(f"<body>{TABLE}</body>", head=""))
    assert shown(document)[1:] == [
        "Table 1 Doses by clearance\nAll are daily.", "Clearance | Dose |", "Clearance | mg | times", "| 1 | 9",
        "mild | 20ᵃ | 2", "mild | 15 | 3", "a Not with food.", "Source: examples.",
    ]  # fmt: skip
    rows = [block for block in document.blocks if block.kind is BlockKind.ROW]
    assert {document.text[slice(*(row.lead or ()))] for row in rows} == {
        "Table 1 Doses by clearance\nAll are daily.\nClearance | Dose |\nClearance | mg | times"
    }
    assert [row.place for row in rows] == [f"#t1/table/tbody/tr[{number}]" for number in (1, 2, 3)]


@pytest.mark.unit
def test_a_table_in_the_model_of_oasis_is_read_too():
    table = """<table-wrap xmlns:o="http://www.niso.org/standards/z39-96/ns/oasis-exchange/table"><label>Table 2</label><o:table>
    <o:tgroup><o:colspec colname="c1"/><o:colspec colname="c2"/><o:colspec colname="c3"/><o:thead><o:row><o:entry>Drug</o:entry>
    <o:entry namest="c2" nameend="c3">Dose</o:entry></o:row></o:thead><o:tbody><o:row><o:entry morerows="1">exa</o:entry>
    <o:entry>1 mg</o:entry><o:entry>daily</o:entry></o:row><o:row><o:entry>2 mg</o:entry><o:entry>weekly</o:entry></o:row></o:tbody>
    </o:tgroup></o:table></table-wrap>"""
    assert bodied(table) == [
        "header: Table 2", "header: Drug | Dose |", "row: exa | 1 mg | daily", "row: exa | 2 mg | weekly",
    ]  # fmt: skip


@pytest.mark.unit
@pytest.mark.parametrize(("opened", "closed"), [("<bold>", "</bold>"), ("", "")])
def test_a_first_row_leads_the_others_of_a_table_without_a_head(opened, closed):
    first = "".join(f"<td>{opened}{name}{closed}</td>" for name in ("Drug", "Dose"))
    rows = f"<tr>{first}</tr><tr><td>exa</td><td>1 mg</td></tr><tr><td>sam</td><td>2 mg</td></tr>"
    document = read(article(f"<body><table-wrap><table><tbody>{rows}</tbody></table></table-wrap></body>", head=""))
    last = document.blocks[-1]
    assert (document.text[last.start : last.end], document.text[slice(*(last.lead or ()))]) == (
        "sam | 2 mg",
        "Drug | Dose",
    )


@pytest.mark.unit
def test_the_parts_of_a_figure_are_led_by_its_title():
    document = read(article("""<body><p>See <xref ref-type="fig" rid="f1"/>.</p><fig id="f1"><label>Figure 1.</label><caption>
    <title>Survival in vitro</title><p>(A) With.</p><p>(B) Without.</p></caption><graphic/></fig><fig><label>Figure 2</label><caption>
    <p>Weight.</p></caption></fig><supplementary-material><label>File 1</label><media><caption>
    <p>All data.</p><p>Click here for file</p></caption></media>
    </supplementary-material></body>""", head=""))  # fmt: skip
    leads = [document.text[slice(*block.lead)] if block.lead else "" for block in document.blocks]
    kinds = [f"{b.kind.value}: {text}" for b, text in zip(document.blocks, shown(document), strict=True)]
    assert list(zip(kinds, leads, strict=True))[1:] == [
        ("label: Figure 1. Survival in vitro", ""), ("paragraph: (A) With.", "Figure 1. Survival in vitro"),
        ("paragraph: (B) Without.", "Figure 1. Survival in vitro"), ("header: Figure 2", ""), ("paragraph: Weight.", "Figure 2"),
        ("header: File 1", ""), ("paragraph: All data.", ""), ("boilerplate: Click here for file", ""),
    ]  # fmt: skip


@pytest.mark.unit
def test_an_entry_in_the_text_and_a_formula_alone_are_not_quoted():
    entry = "<p><element-citation><name><surname>Roe</surname><given-names>R</given-names></name><year>2010</year></element-citation></p>"
    assert bodied(f"<p>Data:</p>{entry}<p><disp-formula><graphic/></disp-formula></p>") == [
        "paragraph: Data:", "reference: Roe R. 2010.", "boilerplate: [formula]",
    ]  # fmt: skip


@pytest.mark.unit
def test_a_note_stands_behind_the_paragraph_that_marks_it():
    assert bodied("<p>Give 5 mg<fn><label>a</label><p>Not in children.</p></fn> daily.</p><p>Then stop.</p>") == [
        "paragraph: Give 5 mgᵃ daily.", "paragraph: a Not in children.", "paragraph: Then stop.",
    ]  # fmt: skip


@pytest.mark.unit
def test_a_reply_is_apart_and_what_floats_too():
    data = article("""<body><sec><title>A</title><p>We say so.</p></sec></body><floats-group><fig><label>Fig 1</label><caption><p>Pic.</p>
    </caption></fig></floats-group><sub-article article-type="reply"><front-stub><title-group><article-title>Not so</article-title>
    </title-group></front-stub><body><p>We disagree.</p><sec><title>Why</title><p>Because.</p></sec></body></sub-article>""")  # fmt: skip
    found = {text: path[1:] for text, path in paths(read(data)).items()}
    assert (found["Pic."], found["We disagree."]) == (("Figures and tables",), ("Not so",))
    assert (found["Because."], found["JD took fees."]) == (("Not so", "Why"), ("Author notes",))


@pytest.mark.unit
def test_what_the_article_says_itself_is_not_said_again():
    body = "<body><sec><title>Interests</title><p>JD took fees.</p></sec></body>"
    assert shown(read(article(body))).count("JD took fees.") == 1


@pytest.mark.unit
@pytest.mark.parametrize(
    ("kind", "title", "related", "status", "remark"),
    [
        ("research-article", "RETRACTED: Examplol", "", "retracted", "The record marks this article as retracted."),
        (
            "research-article",
            "Examplol",
            "retraction-forward",
            "retracted",
            "The record marks this article as retracted.",
        ),
        ("retraction", "Notice", "retracted-article", None, "This is a notice of retraction."),
        ("editorial", "On fraud", "retracted-article", None, "The record links this article with a retraction."),
        ("research-article", "Examplol", "correction-forward", None, "The record names a correction of this article."),
    ],
)
def test_retractions_and_corrections_are_remarked(kind, title, related, status, remark):
    head = f"""<front><article-meta><title-group><article-title>{title}</article-title></title-group>
    <related-article related-article-type="{related}"/></article-meta></front>"""
    metadata = read(article("<body><p>Text.</p></body>", head=head, kind=kind)).metadata
    assert (metadata.review_status, metadata.remarks) == (status, (remark,))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("subject", "source_class"),
    [
        ("Clinical Practice Guideline", SourceClass.GUIDELINE),
        ("Practice Guidelines", SourceClass.GUIDELINE),
        ("Adherence to guidelines", SourceClass.RESEARCH),
        ("Review", SourceClass.RESEARCH),
    ],
)
def test_only_a_guideline_by_name_is_one(subject, source_class):
    filed = f"<article-categories><subj-group><subject>{subject}</subject></subj-group></article-categories>"
    head = HEAD.replace("<title-group>", f"{filed}<title-group>")
    assert read(article("<body><p>Text.</p></body>", head=head)).metadata.source_class is source_class


CHAPTER = """<book-part id="{0}" book-part-type="chapter"><book-part-meta><book-part-id book-part-id-type="pmcid">NBK{0}</book-part-id>
<title-group><title>Examplol {0}</title></title-group><pub-history><date date-type="created"><day>1</day><month>2</month>
<year>2014</year></date><date date-type="updated"><day>28</day><month>12</month><year>2017</year></date></pub-history></book-part-meta>
<body><sec><title>OVERVIEW</title><sec><title>Hepatotoxicity</title><p>Likelihood score: E (unlikely cause).</p></sec></sec></body>
<back><ref-list><ref id="q{0}"><mixed-citation>Roe R. J Ex 2010.<annotation><p>(A case.)</p></annotation></mixed-citation></ref>
</ref-list></back></book-part>"""
BOOK = """<book-meta><book-title-group><book-title>LiverTox: Examples</book-title></book-title-group><pub-date><year>2012</year>
</pub-date><publisher><publisher-name>Institute of Examples</publisher-name><publisher-loc>Town</publisher-loc></publisher></book-meta>"""


@pytest.mark.unit
def test_a_chapter_is_dated_by_its_last_change_and_cited_in_its_book():
    document = read(f"<book-part-wrapper>{BOOK}{CHAPTER.format(7)}</book-part-wrapper>".encode())
    metadata = document.metadata
    assert (metadata.title, metadata.source_class, metadata.updated) == (
        "Examplol 7",
        SourceClass.MONOGRAPH,
        "2017-12-28",
    )
    assert (metadata.publisher, metadata.identifiers) == ("Institute of Examples", ("Bookshelf id NBK7",))
    assert metadata.how_to_cite == (
        "Examplol 7. [Updated 2017 Dec 28]. In: LiverTox: Examples. Town: Institute of Examples; 2012."
    )
    assert paths(document) == {"Likelihood score: E (unlikely cause).": ("Examplol 7", "OVERVIEW", "Hepatotoxicity")}
    assert shown(document, "reference") == ["Roe R. J Ex 2010. (A case.)"]


@pytest.mark.unit
def test_a_book_gives_its_chapters_and_a_set_its_articles():
    book = f"<book>{BOOK}<book-body>{CHAPTER.format(1)}{CHAPTER.format(2)}</book-body></book>".encode()
    found = list(read_jats(source("book.xml"), book))
    assert [(each.id, each.metadata.title) for each in found if isinstance(each, Document)] == [
        ("book.xml/NBK1", "Examplol 1"), ("book.xml/NBK2", "Examplol 2"),
    ]  # fmt: skip
    one = article("<body><p>Text.</p></body>").decode()
    found = list(read_jats(source("set.xml"), f"<pmc-articleset>{one}{one}<article/></pmc-articleset>".encode()))
    assert [each.id if isinstance(each, Document) else each.document_id for each in found] == [
        "set.xml/222", "set.xml/222 2", "set.xml/3",
    ]  # fmt: skip
    assert isinstance(found[2], Failure)
    assert found[2].reason == "set.xml/3: expected text, found none to read; fill the file or remove it"


@pytest.mark.unit
def test_the_format_is_told_by_the_outermost_element():
    assert looks_like_jats(article())
    assert looks_like_jats(
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><!DOCTYPE article PUBLIC "-//NLM//DTD x" "y"><article>'
    )
    assert looks_like_jats(b"<pmc-articleset>")
    assert not looks_like_jats(b"<!DOCTYPE html><html><article class='x'><front >JATS</article></html>")
    assert not looks_like_jats(b"<article><h1>A page</h1></article>")
    assert not looks_like_jats(b" " * 70_000 + b"<article article-type='x'>")
    assert not looks_like_jats(b"<?xml " * 20_000)


@pytest.mark.unit
@pytest.mark.parametrize(
    "data", [b"<pmc-articleset/>", b"<article/>", b"<article><body>", b"<book/>", b"<article><front/></article>"]
)
def test_what_holds_no_article_is_refused(data):
    with pytest.raises(ReadError, match="^a.nxml: expected "):
        list(read_jats(source(), data))


@pytest.mark.unit
@pytest.mark.parametrize(
    "name", ["sec", "p", "boxed-text", "fn", "sup", "list", "fig", "table-wrap", "mixed-citation", "math", "xref"]
)
def test_deep_nesting_is_read_in_time(name):
    opened, closed = "<article><body>", "</body></article>"
    data = opened + f"<{name}>" * 190 + "<p>text</p>" + f"</{name}>" * 190 + closed
    document = read(data.encode())
    assert "text" in document.text


WORDS = re.compile(r"\w+")
PLAIN = str.maketrans(
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
    "0123456789+-0123456789+-abcdefghijklmnoprstuvwxyz",
)


def visible(element: etree._Element) -> str:
    if local_name(element) in ("math", "tex-math", "alt-text", "object-id", "front-stub", "", "fn"):
        return ""
    return (element.text or "") + "".join(visible(child) + " " + (child.tail or "") for child in element)


def lost_words(data: bytes) -> list[str]:
    """The words of body and back that don't stand in the document's text in the order of the source."""
    root = parse_xml("a", data)
    squeezed = "".join(read(data).text.translate(PLAIN).replace("^", "").split())
    squeezed = squeezed[squeezed.find(visible(root.find("body"))[:1]) :]
    lost, at = [], 0
    for part in (*root.iterchildren("body"), *root.iterchildren("back"), *root.iterchildren("sub-article")):
        for word in WORDS.findall(visible(part).translate(PLAIN)):
            found = squeezed.find(word, at)
            lost += [word] if found < 0 or found - at > 9000 else []
            at = found + len(word) if 0 <= found - at <= 9000 else at
    return lost


@pytest.mark.unit
def test_no_word_of_an_invented_article_is_lost():
    box = "<boxed-text><label>Box</label><p>Words in a box</p></boxed-text>"
    body = f"<body><p>Examplol before.</p><sec><title>One</title>{TABLE}{box}<p>x<sub>2</sub> after 10<sup>6</sup></p></sec></body>"
    assert lost_words(article(body, back=REFERENCES)) == []
    assert lost_words(article("<body><p>Zebra</p></body>").replace(b"Zebra", b"Zebra <!-- x -->quagga")) == []


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["1471-2180-11-174", "6605965a", "PMC5828200", "PMC6398430", "elife-56337", "pone.0000217"]
)
def test_no_word_of_a_real_article_is_lost(name):
    assert lost_words((SHARED / f"{name}.nxml").read_bytes()) == []


REAL = {
    "1471-2180-11-174": ("2011-08-02", "BMC Microbiology", "2011;11:174", 64, "64. Powell"),
    "6605965a": ("2010-11-02", "British Journal of Cancer", "2010 Nov;103(11):1755–1759", 34, "Wu-Williams"),
    "PMC5828200": ("2018-01-31", "Oncotarget", "2018 Feb;9(12):10681–10697", 52, "52. Molinari"),
    "PMC6398430": ("2018-12-08", "Behavioral Ecology", "2019;30(1):57–67", 80, "Ydenberg"),
    "elife-56337": ("2020-06-01", "eLife", "2020;9:e56337", 62, "Zhang"),
    "pone.0000217": ("2007-02-14", "PLoS ONE", "2007;2(2):e217", 33, "33. Pearson"),
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_articles_have_their_dates_journals_and_references(name):
    updated, journal, cited, entries, last = REAL[name]
    document = read((SHARED / f"{name}.nxml").read_bytes())
    assert (document.metadata.updated, document.metadata.publisher) == (updated, journal)
    assert cited in (document.metadata.how_to_cite or "")
    listed = shown(document, "reference")
    assert (len(listed), document.metadata.remarks) == (entries, ())
    assert listed[-1].startswith(last)


@pytest.mark.shared
def test_real_sections_tables_and_formulas_are_right():
    lysis = read((SHARED / "1471-2180-11-174.nxml").read_bytes())
    rows = [block for block in lysis.blocks if block.kind is BlockKind.ROW]
    assert lysis.text[rows[1].start : rows[1].end] == "IN56 (WT) | 230 | 65.1 | 3.24"
    assert lysis.text[slice(*(rows[1].lead or ()))].split("\n")[1] == "Strain | nᵃ | MLT (min) | SD (min)"
    crows = read((SHARED / "PMC6398430.nxml").read_bytes())
    assert "CF = (CM_t − CM_ind)/CM_t" in crows.text
    assert [row for row in shown(crows, "row") if "4.007" in row] == ["| (Intercept) | 4.007 ± 0.052 | <0.001"]
    headings = shown(read((SHARED / "6605965a.nxml").read_bytes()), "heading")
    assert headings[1:8] == [
        "Abstract",
        "Background",
        "Methods",
        "Results",
        "Conclusion",
        "Main text",
        "Materials and Methods",
    ]
    complexity = read((SHARED / "pone.0000217.nxml").read_bytes())
    assert complexity.text.count("[formula]") == 24
    reply = read((SHARED / "elife-56337.nxml").read_bytes())
    assert [text for text in shown(reply, "heading") if text in ("Decision letter", "Author response", "Funding")] == [
        "Decision letter", "Author response", "Funding",
    ]  # fmt: skip
