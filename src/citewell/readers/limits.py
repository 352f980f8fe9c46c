"""What a reader accepts at most: documents are hostile until read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one reading. None of them changes an answer; each stops a file that would stall the run."""

    file_bytes: int = 64 * 1024 * 1024  # bytes; the longest drug label in PDF is under 10 MiB
    file_seconds: float = 90.0  # wall-clock without anything read; the longest real label takes 3
    worker_bytes: int = 1 << 30  # of memory addressed by a process that reads
    lines: int = 500_000  # of one text; the longest drug label has about 20,000
    corpus_bytes: int = 8 * 1024 * 1024 * 1024  # bytes of a JSON-lines file; a million abstracts are about 2 GiB
    row_bytes: int = 8 * 1024 * 1024  # bytes of one line of a JSON-lines file
    control_share: float = 0.01  # share of control characters beyond which a file is not text
    text_characters: int = 50_000_000  # of one document whose text is extracted; the longest drug label has 500,000
    table_columns: int = 200  # of one table; beyond, cells are left out
    archive_members: int = 20_000  # files in one archive; a bulk download of labels holds some 10,000
    archive_bytes: int = 512 * 1024 * 1024  # that one archive unpacks to, all in all
    xml_depth: int = 200  # nested elements; drug labels stay under 40
    xml_elements: int = 1_000_000  # of one file; the longest drug label has some 60,000
    html_depth: int = 150  # nested elements; pages written by people stay under 60
    linked_characters: int = 200_000  # of one block of JSON-LD; pages have some 2,000
    html_elements: int = 400_000
    pdf_pages: int = 3_000
    pdf_seconds: float = 600.0  # wall-clock for one file, text recognition apart; a page takes some 0.1
    pdf_page_characters: int = 200_000  # characters of one page; a dense page holds about 6,000
    pdf_page_words: int = 20_000  # words of one page that are laid out; a dense page holds about 1,500
    pdf_page_objects: int = 20_000  # drawn lines of one page that are looked at; a page of tables has some 500
    recognition_seconds: float = 60.0  # wall-clock for the picture of one page; a dense page takes 5
    pdf_characters: int = 50_000_000  # characters of one file; a few bytes can be drawn on every page


LIMITS = Limits()
