"""Bytes → text: strict, and with line ends as Python's universal newlines give them."""

from __future__ import annotations

import codecs
import re

from citewell.errors import ReadError
from citewell.readers.limits import LIMITS

CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SIGNATURES = (
    (b"PK\x03\x04", "an Office file or a ZIP archive", "save it as PDF, HTML or plain text"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office file (.doc, .xls) or one with a password",
        "save it as .docx or .xlsx without",
    ),
    (b"{\\rtf", "a rich-text file (.rtf)", "save it as .docx"),
    (b"\x89PNG", "a picture", "give its text in a file of its own"),
    (b"\xff\xd8\xff", "a picture", "give its text in a file of its own"),
    (b"GIF8", "a picture", "give its text in a file of its own"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
)


def decode(document_id: str, data: bytes) -> str:
    """Decode a text file: UTF-8, or UTF-16 with a byte-order mark; CRLF and CR become one newline.

    Equal to `open(path, encoding="utf-8-sig").read()`. Nothing else changes.
    """
    for signature, kind, advice in SIGNATURES:
        if data.startswith(signature):
            raise ReadError(f"{document_id}: expected text, Markdown, HTML or PDF, found {kind}; {advice}")
    text = decode_utf_16(document_id, data) if data.startswith(UTF_16) else decode_utf_8(document_id, data)
    if not text.strip():
        raise ReadError(f"{document_id}: expected text, found an empty file; fill it or remove it")
    refuse_binary(document_id, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.count("\n") + text.count("\f")
    if lines > LIMITS.lines:
        raise ReadError(f"{document_id}: expected at most {LIMITS.lines:,} lines, found {lines:,}; split the file")
    return text


def decode_utf_8(document_id: str, data: bytes) -> str:
    """Decode UTF-8 strictly, its byte-order mark dropped."""
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return data[mark:].decode("utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in data[:8192]:
            raise binary_error(document_id, "NUL bytes") from error
        raise ReadError(
            f"{document_id}: expected UTF-8 text, found an invalid byte 0x{data[mark + error.start]:02x} at "
            f"byte offset {mark + error.start}; save the file as UTF-8"
        ) from error


def decode_utf_16(document_id: str, data: bytes) -> str:
    """Decode UTF-16 by its byte-order mark."""
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{document_id}: expected UTF-16 text after its byte-order mark, found an invalid sequence at byte offset "
            f"{error.start}; save the file as UTF-8"
        ) from error


def refuse_binary(document_id: str, text: str) -> None:
    """Refuse what decodes but is no text."""
    if "\0" in text:
        raise binary_error(document_id, "NUL bytes")
    controls = sum(1 for _ in CONTROL.finditer(text))
    if controls > max(3, LIMITS.control_share * len(text)):
        raise binary_error(document_id, f"{controls} control characters")


def binary_error(document_id: str, found: str) -> ReadError:
    """What is said of a file that is no text."""
    return ReadError(
        f"{document_id}: expected text, found binary content ({found}); save it as PDF, HTML or plain text, or "
        "remove it"
    )
