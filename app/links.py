"""Citation links: an id that names a document and a range, and is checked against the index before it is believed."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence

from citewell.types import Document, Span, Unit, is_own_line

LONGEST_ID = 4000  # characters; a document id is a relative path


def encode(span: Span) -> str:
    """A span as an opaque word of letters, digits, "-" and "_": it survives a reload, for it needs no memory."""
    packed = json.dumps([span.document_id, span.start, span.end], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode("utf-8", "surrogatepass")).decode("ascii").rstrip("=")


def decode(word: object) -> Span | None:
    """The span that a word names; None for anything that `encode` did not write."""
    if not isinstance(word, str) or not 0 < len(word) <= LONGEST_ID:
        return None
    try:
        packed = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        found = json.loads(packed.decode("utf-8", "surrogatepass"))
    except (binascii.Error, ValueError, RecursionError):
        return None
    match found:
        case [str(document_id), int(start), int(end)] if not isinstance(start, bool) and not isinstance(end, bool):
            return Span(document_id, start, end)
    return None


def is_quotable(span: Span, document: Document, units: Sequence[Unit]) -> bool:
    """Whether a span lies in its document and begins and ends where units do, or lines in which the source speaks of itself."""
    if not 0 <= span.start < span.end <= len(document.text):
        return False
    if is_own_line(document, span.start, span.end):
        return True
    return any(unit.start == span.start for unit in units) and any(unit.end == span.end for unit in units)
