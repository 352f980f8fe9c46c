"""HTML → Document. The text is extracted here; offsets point into it."""

from __future__ import annotations

import re

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.assemble import assemble
from citewell.readers.decode import decode
from citewell.readers.limits import LIMITS
from citewell.readers.recognise import recognise
from citewell.readers.refine import refine
from citewell.readers.source import Source
from citewell.readers.web.html_blocks import Extractor
from citewell.readers.web.html_head import head_fields
from citewell.types import BlockKind, Document

OPENING = re.compile(
    rb"\s*+(?:<\?xml[^>]*>\s*+)?(?>(?:<!--.*?-->\s*+))*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
XML_CHARSET = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{2,40})")
LATIN = ("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252")
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.I)
STRUCK = "The page strikes some of its text out; that text was left out."


def looks_like_html(data: bytes) -> bool:
    """Whether bytes open like a page."""
    return OPENING.match(data[:4096].removeprefix(b"\xef\xbb\xbf")) is not None


def read_html(source: Source, data: bytes) -> Document:
    """Read a page: its visible text, its structure, and what its head says of it."""
    root = parse(source.document_id, decode_page(source.document_id, data))
    extractor = Extractor(source.document_id)
    extractor.take(root)
    text = extractor.text()
    if not text.strip():
        raise ReadError(
            f"{source.document_id}: expected a page with visible text, found none; save it as it is displayed"
        )
    blocks = refine(text, extractor.blocks)
    chrome = any(block.kind is BlockKind.BOILERPLATE for block in extractor.blocks)
    fields = head_fields(root, recognise(text, blocks).get("updated"), chrome=chrome)
    return assemble(source, data, text, blocks, fields | ({"remarks": (STRUCK,)} if extractor.struck else {}))


def decode_page(document_id: str, data: bytes) -> str:
    """Decode by the charset that the page declares, else strictly as UTF-8."""
    match = XML_CHARSET.match(data[:200]) or CHARSET.search(data[:2048])
    name = match.group(1).decode("ascii").lower() if match else "utf-8"
    if name in ("utf-8", "utf8", "utf-16") or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return decode(document_id, data)
    try:
        return decode(document_id, decoded(data, name).encode("utf-8"))
    except (LookupError, UnicodeError) as error:
        raise ReadError(
            f"{document_id}: expected text in the declared charset {name}, found: {error}; save the page as UTF-8"
        ) from error


def decoded(data: bytes, name: str) -> str:
    """Decode as browsers do: Windows-1252 for what calls itself Latin-1, whose dashes and quotation marks would vanish else."""
    if name not in LATIN:
        return data.decode(name)
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def parse(document_id: str, text: str) -> etree._Element:
    """Parse without network, entities or unbounded trees."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.LxmlError as error:
        raise ReadError(f"{document_id}: expected an HTML page, found: {error}; save the page again") from error
    if root is None:
        raise ReadError(f"{document_id}: expected an HTML page, found no element; save the page again")
    refuse_huge(document_id, root, "depth" in str(parser.error_log).lower())
    return root


def refuse_huge(document_id: str, root: etree._Element, too_deep: bool) -> None:
    """Refuse trees that no person wrote."""
    depth, count = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if too_deep or depth > LIMITS.html_depth:
            raise ReadError(
                f"{document_id}: expected elements nested at most {LIMITS.html_depth} deep, found deeper ones; "
                "save the page's text instead"
            )
        if count > LIMITS.html_elements:
            raise ReadError(
                f"{document_id}: expected at most {LIMITS.html_elements:,} elements, found more; split the page"
            )
