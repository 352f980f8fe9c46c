"""The readers on the two seed documents and on real PDFs, in place; test_layout.py has the twins on text of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from citewell.readers import discover, load, read
from citewell.types import BlockKind, Document, SourceClass

pytestmark = pytest.mark.shared
SHARED = Path(__file__).resolve().parents[2] / "shared"
SEEDS = SHARED / "seeds"


def outline(document: Document) -> list[tuple[int, str]]:
    blocks = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    return [(block.level, document.text[block.start : block.end]) for block in blocks]


def seed(start: str) -> Document:
    [path] = SEEDS.glob(f"{start}*")
    [found] = discover([path])
    [document] = read(found, load(found))
    assert isinstance(document, Document)
    return document


def test_the_monograph_seed_is_structured() -> None:
    document = seed("000")
    assert [(level, heading.split()[0]) for level, heading in outline(document)] == [
        (1, "Denosumab"), (2, "OVERVIEW"), (3, "Introduction"), (3, "Background"), (3, "Hepatotoxicity"), (3, "Mechanism"),
    ]  # fmt: skip
    spans = [(b.start, b.end, b.kind) for b in document.blocks if b.kind in (BlockKind.PARAGRAPH, BlockKind.LABEL)]
    assert spans == [
        (339, 740, BlockKind.PARAGRAPH), (753, 2676, BlockKind.PARAGRAPH), (2693, 3278, BlockKind.PARAGRAPH),
        (3280, 3373, BlockKind.LABEL), (3395, 4059, BlockKind.PARAGRAPH),
    ]  # fmt: skip
    assert "Drug-Induced" in (document.metadata.how_to_cite or "")
    assert (document.metadata.updated, document.metadata.source_class) == ("2017-12-28", SourceClass.MONOGRAPH)


def test_the_web_page_seed_is_structured() -> None:
    document = seed("003")
    assert [level for level, _ in outline(document)] == [1, 2, 2, 2, 3, 3, 3, 2, 3, 3]
    items = [(b.start, b.lead) for b in document.blocks if b.kind is BlockKind.ITEM]
    assert items[0] == (1946, (1886, 1940))
    assert [lead for _, lead in items[-3:]] == [None] * 3
    assert [b.start for b in document.blocks if b.kind is BlockKind.REFERENCE] == [6281, 6376]
    assert min(b.start for b in document.blocks if b.kind is BlockKind.PARAGRAPH) == 489
    assert max(b.end for b in document.blocks if b.kind is not BlockKind.BOILERPLATE) == 6513
    metadata = document.metadata
    assert (metadata.updated, metadata.review_status) == ("2025-03-03", "pending human review")
    assert (metadata.source_class, metadata.publisher) == (SourceClass.WEB, None)
    assert "7 different reference marks" in metadata.remarks[-1]


def test_real_pdfs_are_covered_by_their_blocks_with_pages() -> None:
    for found in discover([SHARED / "data" / "raw" / "pdf"]):
        [document] = read(found, load(found))
        assert isinstance(document, Document)
        edges = [0, *(edge for block in document.blocks for edge in (block.start, block.end)), len(document.text)]
        assert edges == sorted(edges)
        between = [document.text[start:end].split() for start, end in zip(edges[::2], edges[1::2], strict=True)]
        assert [word for words in between for word in words if len(word.strip("-=_")) > 5] == []
        pages = [block.page or 0 for block in document.blocks]
        assert pages == sorted(pages)
        assert pages[-1] == document.text.count("\f") + 1
