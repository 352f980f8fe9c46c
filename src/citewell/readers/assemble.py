"""Text and blocks → Document: the metadata that a source tells of itself, whatever its format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from citewell.errors import ReadError
from citewell.readers.boilerplate import is_chrome_line
from citewell.readers.fields import Value, with_fields
from citewell.readers.recognise import ARTIFICIAL, DATES_DIFFER, recognise
from citewell.readers.references import mark_remarks
from citewell.readers.source import Source
from citewell.types import Block, BlockKind, Document, Metadata, SourceClass, fold

LEAST_CHROME = 2  # boilerplate lines of a web page from which on a bare text counts as one


def assemble(
    source: Source, data: bytes, text: str, blocks: Sequence[Block], given: Mapping[str, Value] | None = None
) -> Document:
    """Make the document; fields `given` by the format itself outrank lines recognised in the text."""
    if not blocks:
        raise ReadError(f"{source.document_id}: expected text, found none to read; fill the file or remove it")
    metadata = Metadata(title=printed_title(text, blocks) or PurePosixPath(source.document_id).stem)
    metadata = with_fields(metadata, {"source_class": page_class(text, blocks), "remarks": remarks(text, blocks)})
    recognised = recognise(text, blocks)
    if given and "updated" in given:
        recognised.pop("updated", None)
        recognised["remarks"] = tuple(
            each for each in recognised.get("remarks", ()) if not each.startswith(DATES_DIFFER)
        )
    for found in (recognised, given or {}):
        metadata = with_fields(metadata, found)
    digest = hashlib.sha256(data).hexdigest()
    return Document(source.document_id, text, metadata, tuple(blocks), Path(source.path).as_posix(), digest)


def printed_title(text: str, blocks: Sequence[Block]) -> str | None:
    """The only heading of level 1, or the first; None without any."""
    for block in blocks:
        if block.kind is BlockKind.HEADING and block.level == 1:
            return fold(text[block.start : block.end]).strip("#=* ") or None
    return None


def page_class(text: str, blocks: Sequence[Block]) -> SourceClass:
    """`web` for what has the chrome of a web page around it; else not known."""
    chrome = [text[block.start : block.end] for block in blocks if block.kind is BlockKind.BOILERPLATE]
    marks = sum(is_chrome_line(fold(line)) for part in chrome for line in part.split("\n"))
    written = any(ARTIFICIAL.search(fold(part)) for part in chrome)
    return SourceClass.WEB if written or marks >= LEAST_CHROME else SourceClass.OTHER


def remarks(text: str, blocks: Sequence[Block]) -> tuple[str, ...]:
    """What a reader of the source ought to know."""
    chrome = [fold(text[block.start : block.end]) for block in blocks if block.kind is BlockKind.BOILERPLATE]
    assisted = any(ARTIFICIAL.search(part) for part in chrome)
    told = ("By its own words, the page comes from a service that uses artificial intelligence.",) if assisted else ()
    return told + mark_remarks(text, blocks)
