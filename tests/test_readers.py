"""Reading: files found, bytes decoded, formats told apart, blocks that cover the text, bad input refused."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citewell.errors import ReadError, UsageError
from citewell.readers import LIMITS, Failure, Source, discover, load, read
from citewell.types import Audience, Block, BlockKind, Document, SourceClass, fold

BULLETS = re.compile(r"(?:[=_•◦▪‣●○■□❖➢✓⁃∙·*+–?—\s-]|\(?\d{1,3}[.)]|\(?[a-zA-Z]{1,5}\)|[a-z]\.)*")

pytestmark = pytest.mark.unit
MARKDOWN_SIGNS = re.compile(r"(?:[\s>*+\-=_#|:~`]|\d{1,9}[.)])*")
ALPHABET = st.sampled_from(
    list("aB1 2.:,\n\n\n\f\t•-*#|>`_()[]?!—é\u00a0\u2028\x0b\x1c\x85𝛼") + ["\n\n", "    ", "1. ", "- ", "ab cd "]
)
TEXTS = st.lists(ALPHABET, max_size=80).map("".join)


def source(name: str) -> Source:
    return Source(Path("/corpus") / name, name, Path("/corpus"))


def read_one(name: str, data: bytes | str) -> Document:
    encoded = data.encode() if isinstance(data, str) else data
    [document] = read(source(name), encoded)
    assert isinstance(document, Document)
    return document


def printed(document: Document, *kinds: BlockKind) -> list[str]:
    return [fold(document.text[block.start : block.end]) for block in document.blocks if block.kind in kinds]


def assert_blocks_cover(text: str, blocks: tuple[Block, ...], signs: re.Pattern[str]) -> None:
    edge = 0
    for block in blocks:
        assert edge <= block.start < block.end
        assert signs.fullmatch(text, edge, block.start), repr(text[edge : block.start])
        assert not text[block.start].isspace()
        assert not text[block.end - 1].isspace()
        edge = block.end
    assert signs.fullmatch(text, edge), repr(text[edge:])


@pytest.mark.parametrize(
    ("name", "signs"), [("a.txt", BULLETS), ("a.md", MARKDOWN_SIGNS), ("a.html", re.compile(r"\s*"))]
)
@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_blocks_are_disjoint_ordered_and_cover_all_that_is_visible(
    name: str, signs: re.Pattern[str], text: str
) -> None:
    try:
        document = read_one(name, text)
    except ReadError:
        return
    if not name.endswith("html"):
        assert document.text == text
    assert_blocks_cover(document.text, document.blocks, signs)


@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_corpus_row_keeps_its_text_and_its_blocks_cover_it(text: str) -> None:
    try:
        [row] = read(source("corpus.jsonl"), json.dumps({"_id": "7", "text": text}).encode())
    except ReadError:
        return
    except ValueError:
        pytest.fail("a bad row is a Failure and an error at the end")
    assert isinstance(row, Document)
    assert row.text == text
    assert_blocks_cover(row.text, row.blocks, BULLETS)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "corpus.jsonl", "a.pdf", "a"])
@pytest.mark.parametrize("opening", [b"", b"%PDF-1.7\n", b"<html>", b"\xff\xfe", b"---\n", b'{"_id": 1, "text": "'])
@given(data=st.binary(max_size=120))
@settings(max_examples=30, deadline=None)
def test_arbitrary_bytes_raise_nothing_but_a_read_error(name: str, opening: bytes, data: bytes) -> None:
    try:
        list(read(source(name), opening + data))
    except ReadError as error:
        assert "expected" in str(error)


@given(text=st.text(alphabet="ab\r\n\u2028é", min_size=1).filter(str.strip), bom=st.booleans())
def test_decoded_text_is_what_python_reads(text: str, bom: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("decode") / "a.txt"
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    assert read_one("a.txt", path.read_bytes()).text == path.read_text(encoding="utf-8-sig")


def test_utf_16_with_its_mark_is_read() -> None:
    assert read_one("a.txt", "\ufeffDrücken.\r\nUnd.".encode("utf-16-le")).text == "Drücken.\nUnd."


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty file"),
        ("a.txt", b" \n\t\n", "empty file"),
        ("a.txt", b"abc\xffdef", "byte offset 3"),
        ("a.txt", b"\xef\xbb\xbfab\xff", "byte offset 5"),
        ("a.txt", b"text\0with", "NUL"),
        ("a.txt", b"\x01\x02\x03\x04\x05 text", "control characters"),
        ("a.docx", b"PK\x03\x04rest", "a whole ZIP archive"),
        ("a.xml", b'<?xml version="1.0"?><document/>', "found other XML"),
        ("a.json", b'{"results": []}', "found other JSON"),
        ("a.html", b"<html><body><script>x()</script></body></html>", "visible text"),
        ("a.html", b"<div>" * 300 + b"deep", "nested"),
        ("a.pdf", b"%PDF-1.7\nnothing", "damaged"),
        ("rows.jsonl", b'{"id": 1}\n', '"_id"'),
        ("rows.jsonl", b"\n\n", "no such line"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=re.escape(words)) as caught:
        list(read(source(name), data))
    assert "expected" in str(caught.value)


def test_a_file_over_the_size_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(LIMITS.file_bytes + 1)
    with pytest.raises(ReadError, match="at most 67,108,864 bytes, found 67,108,865"):
        load(Source(path, "large.txt", tmp_path))


def test_a_folder_yields_its_visible_files_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", ".hidden.txt", ".git/config", "manifest.csv", "rows.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [(found.document_id, found.path) for found in discover([tmp_path])] == [
        ("a/c.md", tmp_path / "a/c.md"),
        ("b.txt", tmp_path / "b.txt"),
    ]


def test_a_file_given_itself_is_known_by_its_name_and_read_once(tmp_path: Path) -> None:
    path = tmp_path / "b.txt"
    path.write_text("x")
    assert discover([path, path, tmp_path]) == (Source(path, "b.txt", path),)


def test_what_lies_beside_a_corpus_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    for name in (
        "set/corpus.jsonl",
        "set/queries.jsonl",
        "set/qrels.tsv",
        "set/STATS.json",
        "set/README.md",
        "note.txt",
    ):
        (tmp_path / name).write_text("x")
    assert [found.document_id for found in discover([tmp_path])] == ["note.txt", "set/corpus.jsonl"]


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"expected a file or folder, found nothing at {tmp_path / 'gone'};"):
        discover([tmp_path / "gone"])


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(UsageError, match="link.txt"):
        discover([tmp_path / "docs"])


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text("x")
    with pytest.raises(UsageError, match="one file for each document id"):
        discover([tmp_path / "one", tmp_path / "two"])


def test_corpus_rows_become_documents_and_bad_ones_failures() -> None:
    good = b'{"_id": "P1", "title": "Bone  loss", "text": "It slows. \\n It stops.", "meta": {"url": "u", "n": 3}}'
    rows = [
        good, b"{broken", b'["list"]', b'{"_id": "P2", "text": ""}', b'{"_id": "P1", "text": "again"}',
        b'{"_id": "P3", "text": "half \\ud800"}', b'{"_id": 4, "text": "A number."}', b"[" * 5000,
    ]  # fmt: skip
    found = list(read(source("set/corpus.jsonl"), b"\r\n".join(rows)))
    first, last = found[0], found[6]
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.id, first.text, first.metadata.title, first.metadata.url) == (
        "P1",
        "It slows. \n It stops.",
        "Bone loss",
        "u",
    )
    assert (first.sha256, first.path) == (hashlib.sha256(good).hexdigest(), "/corpus/set/corpus.jsonl")
    assert (last.id, last.metadata.title) == ("4", "4")
    failures = [row for row in found if isinstance(row, Failure)]
    assert [failure.document_id for failure in failures] == [f"set/corpus.jsonl:{line}" for line in (2, 3, 4, 5, 6, 8)]
    assert all("expected" in failure.reason for failure in failures)


def test_a_prose_row_is_one_paragraph_even_if_it_looks_like_a_heading() -> None:
    document = read_one("corpus.jsonl", '{"_id": "1", "text": "Effects of Vitamin D\\nwere small: none."}')
    assert document.blocks == (Block(0, 38, BlockKind.PARAGRAPH),)


def test_lists_and_sections_in_a_row_are_seen() -> None:
    text = "  6 ADVERSE REACTIONS\n\n  See below:\n\n *  Rash\n *  Fever\n\n\n went on after.\n"
    document = read_one("corpus.jsonl", json.dumps({"_id": "1", "text": text}))
    assert printed(document, BlockKind.HEADING) == ["6 ADVERSE REACTIONS"]
    assert printed(document, BlockKind.ITEM) == ["Rash", "Fever went on after."]
    assert [document.text[slice(*block.lead)] for block in document.blocks if block.lead] == ["See below:"] * 2


def test_markdown_structure_is_found_in_the_file_itself() -> None:
    text = (
        "# Alpha (Beta)\n\nFirst. Uses\ninclude:\n\n- bone\n  loss\n- pain:\n  - mild\n\n> quoted\n\nDose: 60 mg\nRoute: oral\n\n"
        "| Use | Dose |\n|---|---|\n| A | 1 mg |\n\nSetext\n---\n\nEnd [1]. [x](y)\n\n[ref]: http://example.org\n\n"
        "## References\n\n1. One, 2017.\n"
    )
    document = read_one("a.md", text)
    shown = [(block.kind.value, block.level, document.text[block.start : block.end]) for block in document.blocks]
    assert shown == [
        ("heading", 1, "Alpha (Beta)"), ("paragraph", 0, "First. Uses\ninclude:"), ("item", 1, "bone\n  loss"),
        ("item", 1, "pain:"), ("item", 2, "mild"), ("paragraph", 0, "quoted"), ("label", 0, "Dose: 60 mg"),
        ("label", 0, "Route: oral"), ("header", 0, "| Use | Dose |"), ("row", 0, "| A | 1 mg |"), ("heading", 2, "Setext"),
        ("paragraph", 0, "End [1]. [x](y)"), ("boilerplate", 0, "[ref]: http://example.org"), ("heading", 2, "References"),
        ("reference", 0, "1. One, 2017."),
    ]  # fmt: skip
    leads = [document.text[slice(*block.lead)] for block in document.blocks if block.lead]
    assert leads == ["Uses\ninclude:", "Uses\ninclude:", "pain:", "| Use | Dose |"]
    assert document.metadata.remarks == ()


def test_front_matter_fills_the_metadata_and_is_no_content() -> None:
    text = (
        '---\ntitle: "Alpha: a digest"\nclass: monograph  # ours\ndate: 2026-11\nlicense: CC-BY-4.0\naudience: Patient\n'
        "mood: odd\nreferences:\n  - One\n  - Two\n---\n\nBody here.\n"
    )
    document = read_one("a.md", text)
    metadata = document.metadata
    assert (metadata.title, metadata.source_class, metadata.updated) == (
        "Alpha: a digest",
        SourceClass.MONOGRAPH,
        "2026-11",
    )
    assert (metadata.licence, metadata.audience, metadata.remarks) == ("CC-BY-4.0", Audience.PATIENT, ())
    assert printed(document, BlockKind.PARAGRAPH) == ["Body here."]


def test_a_wrong_value_in_front_matter_is_remarked_not_guessed() -> None:
    document = read_one("a.md", "---\nsource_class: leaflet\n---\nBody.\n")
    assert document.metadata.source_class is SourceClass.OTHER
    assert "found “leaflet”" in document.metadata.remarks[0]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    document = read_one("a.md", "---\nNo pair here.\n---\nBody.\n")
    assert "No pair here." in printed(document, BlockKind.HEADING, BlockKind.PARAGRAPH)


HTML = """<!DOCTYPE html><html lang="en-GB"><head><title>Alpha | Site</title><meta property="og:site_name" content="Site">
<meta name="dcterms.modified" content="2024-05-06"></head><body><nav><a>Home</a></nav><main><header><h1>Alpha
<em>acid</em></h1></header><p>Given<br>once.<script>x()</script><span style="display: none">secret</span> E* &lt;3</p>
<p>Uses:</p><ul><li>Fever<ul><li>mild</li></ul></li></ul><table><tr><th>Use</th><th>Dose</th></tr>
<tr><td>A</td><td>5 <b>mg</b></td></tr></table></main><footer>Imprint</footer></body></html>"""


def test_html_gives_visible_text_structure_and_metadata() -> None:
    document = read_one("a.html", HTML)
    shown = [(block.kind.value, block.level, document.text[block.start : block.end]) for block in document.blocks]
    assert shown == [
        ("boilerplate", 0, "Home"), ("heading", 1, "Alpha acid"), ("paragraph", 0, "Given\nonce. E* <3"),
        ("paragraph", 0, "Uses:"), ("item", 1, "Fever"), ("item", 2, "mild"), ("header", 0, "Use | Dose"),
        ("row", 0, "A | 5 mg"), ("boilerplate", 0, "Imprint"),
    ]  # fmt: skip
    metadata = document.metadata
    assert (metadata.title, metadata.publisher, metadata.language) == ("Alpha acid", "Site", "en-GB")
    assert (metadata.updated, metadata.source_class) == ("2024-05-06", SourceClass.WEB)
    assert [document.text[slice(*block.lead)] for block in document.blocks if block.lead] == [
        "Uses:",
        "Uses:",
        "Use | Dose",
    ]


def test_html_entities_from_outside_are_never_loaded() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Safe &x; text</p></body></html>'
    assert "root:" not in read_one("a.html", page).text


def test_the_format_is_told_by_content_not_only_by_name() -> None:
    assert read_one("page", HTML).metadata.publisher == "Site"
    assert printed(read_one("notes.txt", "# One\n\nText.\n\n## Two\n\nMore.\n"), BlockKind.HEADING) == ["One", "Two"]


def minimal_pdf(pages: list[list[str]]) -> bytes:
    """A PDF with one text line below the other on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 11 Tf 72 720 Td {shown}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    body += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n"
    return (body + f"{body.index('xref')}\n%%EOF").encode("latin-1")


def test_pdf_pages_are_joined_and_a_sentence_over_the_page_break_stays_whole() -> None:
    data = minimal_pdf([["Alpha slows bone loss and was likely"], ["seen in one person.", "", "It stops."]])
    document = read_one("a.pdf", data)
    assert document.text.split("\f") == ["Alpha slows bone loss and was likely", "seen in one person.\n\nIt stops."]
    assert document.blocks == (Block(0, 56, BlockKind.PARAGRAPH, page=1), Block(58, 67, BlockKind.PARAGRAPH, page=2))


def test_running_heads_and_page_numbers_of_a_pdf_are_boilerplate() -> None:
    pages = [
        ["Alpha label", "", f"Sentence {word} ends here.", "", f"Page {number}"] for number, word in enumerate("abcd")
    ]
    document = read_one("a.pdf", minimal_pdf(pages))
    assert printed(document, BlockKind.PARAGRAPH) == [f"Sentence {word} ends here." for word in "abcd"]
    assert printed(document, BlockKind.BOILERPLATE)[:3] == ["Alpha label", "Page 0", "Alpha label"]


def test_a_pdf_without_text_is_refused_with_the_way_out() -> None:
    with pytest.raises(ReadError, match="text recognition"):
        read_one("a.pdf", minimal_pdf([[]]))


def test_an_encrypted_pdf_is_refused() -> None:
    data = minimal_pdf([["Secret."]])
    trailer = (
        b"trailer << /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + b"a" * 32 + b") /U (" + b"b" * 32 + b") >> "
        b"/ID [(0123456789abcdef) (0123456789abcdef)]"
    )
    with pytest.raises(ReadError, match="password"):
        read_one("a.pdf", data.replace(b"trailer <<", trailer))


def test_a_page_nested_up_to_the_limit_is_read_to_its_heart() -> None:
    depth = LIMITS.html_depth - 5
    page = "<html><body>" + "<div>" * depth + "<p>Heart.</p>" + "</div>" * depth + "</body></html>"
    assert read_one("a.html", page).text == "Heart."


def test_a_date_that_may_be_read_two_ways_gives_its_year_alone() -> None:
    assert read_one("a.txt", "Examplol\n\nRevised: 03/12/2004\n\nExamplol is blue.\n").metadata.updated == "2004"
    assert read_one("a.txt", "Examplol\n\nRevised: 03/31/2004\n\nExamplol is blue.\n").metadata.updated == "2004-03-31"
