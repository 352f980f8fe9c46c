"""PDFs that are encrypted, damaged, hostile or pictures: opened, recognised or refused with the reason, never more."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from citewell.errors import ReadError
from citewell.readers import Source, limits, read
from citewell.readers import pdf as reader
from citewell.readers.pdf import recognition
from citewell.types import BlockKind, Document
from tests.printed_pdf import Sheet, pdf, written
from tests.test_pdf import LEFT, read_pdf, two_columns, units

pytestmark = pytest.mark.unit
SENTENCE = "It is given twice a year under the skin by a nurse."


def page_of_text() -> Sheet:
    sheet = Sheet()
    sheet.lines(60, 700, LEFT, 12, "", 16)
    return sheet


def picture_of(sheet: Sheet) -> Sheet:
    """The same page as a scanner gives it: a picture."""
    document = pypdfium2.PdfDocument(pdf([sheet]))
    bitmap = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    document.close()
    return Sheet(image=(bitmap.width, bitmap.height, bitmap.tobytes()))


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        list(read(Source(Path("label.pdf"), "label.pdf", Path()), data))
    return str(caught.value)


def test_a_pdf_encrypted_with_an_empty_password_opens_and_one_with_a_password_is_refused() -> None:
    assert SENTENCE in units(read_pdf(pdf([page_of_text()], password="")))
    message = refused(pdf([page_of_text()], password="secret"))
    assert message.startswith("label.pdf: expected a PDF that opens without a password, found an encrypted one")


def test_a_pdf_of_pictures_is_refused_with_the_way_out_where_nothing_recognises_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "can_recognise", lambda: False)
    message = refused(pdf([picture_of(page_of_text())]))
    assert "found only pictures of pages; install tesseract, or run text recognition" in message


def test_a_picture_among_pages_of_text_is_named_in_a_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "can_recognise", lambda: False)
    document = read_pdf(pdf([page_of_text(), two_columns(), picture_of(page_of_text())]))
    assert document.metadata.remarks == ("Page 3 holds only a picture; not read.",)


@pytest.mark.skipif(not shutil.which("tesseract"), reason="needs tesseract (apt-get install tesseract-ocr)")
def test_pictures_of_pages_are_read_by_text_recognition_and_marked() -> None:
    document = read_pdf(pdf([two_columns(), picture_of(page_of_text())]))
    assert SENTENCE in units(document)[6:]
    assert {(block.page, block.place) for block in document.blocks} == {(1, None), (2, "read by text recognition")}
    assert document.metadata.remarks == ("Page 2 read by text recognition; compare figures with the page.",)


@pytest.mark.skipif(not shutil.which("tesseract"), reason="needs tesseract (apt-get install tesseract-ocr)")
def test_text_recognition_that_takes_too_long_names_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "LIMITS", replace(limits.LIMITS, recognition_seconds=0.01))
    assert "label.pdf: page 1 expected text recognition within" in refused(pdf([picture_of(page_of_text())]))


def test_the_words_that_tesseract_lists_become_lines_of_one_print() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "5\t1\t1\t1\t1\t1\t100\t100\t80\t20\t95\tBones",
        "5\t1\t1\t1\t1\t2\t190\t98\t80\t26\t95\tgrow.",
        "5\t1\t1\t1\t2\t1\t9\t9\t9\t9\t3\t~",
    ]
    words = recognition.words_of("\n".join([head, *rows]), recognition.Picture(b"", 2.0, 300, 400))
    assert [(word.text, word.left, word.baseline) for word in words] == [("Bones", 50, 339.0), ("grow.", 95, 339.0)]
    assert len({word.print for word in words}) == 1


def test_truncated_and_mutated_pdfs_are_read_or_refused_and_nothing_else_happens() -> None:
    chance, whole = random.Random(7), pdf([two_columns(), page_of_text()], title="Bones", language="en")
    for number in range(120):
        data = bytearray(whole)
        if number % 3 == 0:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.choice((1, 4, 40)) if data else 0):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            found = list(read(Source(Path("a.pdf"), "a.pdf", Path()), b"%PDF-1.4\n" + bytes(data)))
        except ReadError as error:
            assert str(error).startswith("a.pdf: ")
        else:
            assert all(isinstance(document, Document) for document in found)


def test_a_page_tree_that_bites_its_tail_is_refused() -> None:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]
    assert refused(written(objects, "")).startswith("label.pdf: ")


def test_a_huge_page_and_text_beyond_its_edge_do_no_harm() -> None:
    sheet = page_of_text()
    sheet.text(5000, 5000, "Printed off the page.")
    assert not any("off the page" in unit for unit in units(read_pdf(pdf([sheet]))))
    huge = Sheet(width=14_400, height=14_400)
    huge.lines(60, 700, LEFT, 12, "", 16)
    assert SENTENCE in units(read_pdf(pdf([huge])))


def test_a_page_of_very_many_tiny_texts_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(limits.LIMITS, pdf_page_characters=500)
    monkeypatch.setattr(reader.words, "LIMITS", few)
    sheet = Sheet()
    for number in range(3000):
        sheet.text(60 + number % 500, 700 - number // 10, "x", 1)
    assert sum(map(len, read_pdf(pdf([sheet])).text.split())) <= 500


def test_a_page_with_more_words_than_any_page_holds_is_refused_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LIMITS", replace(limits.LIMITS, pdf_page_words=20))
    assert refused(pdf([Sheet().text(60, 700, "Bones grow."), page_of_text()])) == (
        "label.pdf: page 2 expected at most 20 words, found more; leave the page out"
    )


def test_a_long_pdf_is_refused_with_the_page_that_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LIMITS", replace(limits.LIMITS, pdf_characters=300))
    assert "found a longer one at page 2; split the PDF" in refused(pdf([page_of_text(), page_of_text()]))
    monkeypatch.setattr(reader, "LIMITS", replace(limits.LIMITS, pdf_pages=1))
    assert "expected at most 1 pages, found 2; split the PDF" in refused(pdf([page_of_text(), page_of_text()]))


def test_every_visible_character_is_in_the_text_and_blocks_cover_it() -> None:
    document = read_pdf(pdf([two_columns(), page_of_text()]))
    edges = [0, *(edge for block in document.blocks for edge in (block.start, block.end)), len(document.text)]
    assert edges == sorted(edges)
    assert not any(document.text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True))
    assert {block.kind for block in document.blocks} == {BlockKind.HEADING, BlockKind.PARAGRAPH}
