"""Documents, their blocks and their metadata as JSON, and back: how the index stores them and processes pass them on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from citewell.types import Audience, Block, BlockKind, Document, Metadata, SourceClass

# By their values; calling an Enum takes ten times as long.
BLOCK_KINDS = {kind.value: kind for kind in BlockKind}
CLASSES = {source_class.value: source_class for source_class in SourceClass}


def blocks_to_json(blocks: Sequence[Block]) -> str:
    """Blocks as rows of [start, end, kind, level, page, lead, place]."""
    return json.dumps([[b.start, b.end, b.kind.value, b.level, b.page, b.lead, b.place] for b in blocks])


def blocks_from_json(text: str) -> tuple[Block, ...]:
    """Blocks as `blocks_to_json` wrote them."""
    return tuple(
        Block(start, end, BLOCK_KINDS[kind], level, page, tuple(lead) if lead else None, place)
        for start, end, kind, level, page, lead, place in json.loads(text)
    )


def metadata_to_json(metadata: Metadata) -> str:
    """Metadata as an object of its fields."""
    return json.dumps(asdict(metadata))


def metadata_from_json(text: str) -> Metadata:
    """Metadata as `metadata_to_json` wrote it."""
    fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in json.loads(text).items()}
    fields["source_class"] = CLASSES[fields["source_class"]]
    fields["audience"] = Audience(fields["audience"]) if fields["audience"] else None
    return Metadata(**fields)


def document_columns(document: Document) -> tuple[str, str, str, str, str, str]:
    """A document as (id, text, metadata, blocks, path, sha256), all text."""
    metadata, blocks = metadata_to_json(document.metadata), blocks_to_json(document.blocks)
    return document.id, document.text, metadata, blocks, document.path, document.sha256


def document_from_columns(columns: Sequence[str]) -> Document:
    """A document from the columns that `document_columns` gave."""
    identifier, text, metadata, blocks, path, sha256 = columns
    return Document(identifier, text, metadata_from_json(metadata), blocks_from_json(blocks), path, sha256)
