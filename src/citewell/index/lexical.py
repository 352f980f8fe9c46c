"""BM25 over the stems of passages, with tantivy; the analysis is ours, the same at both ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tantivy

FOLDER = "lexical"
HEAP = 128_000_000  # bytes the writer may use before it flushes a segment


def schema() -> tantivy.Schema:
    """A passage's number and its stems; nothing else is stored."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=False, indexed=True, fast=True)
    builder.add_text_field("stems", stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def write_lexical(folder: Path, passages: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Index (passage number, stems). One thread writes, so equal input gives equal rankings."""
    (folder / FOLDER).mkdir()
    index = tantivy.Index(schema(), path=str(folder / FOLDER))
    writer = index.writer(heap_size=HEAP, num_threads=1)
    for number, stems in passages:
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_text("stems", " ".join(stems))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class LexicalReader:
    """BM25 scores (k1 1.2, b 0.75) of passages for a bag of stems."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder / FOLDER))
        self._searcher = self._index.searcher()

    def search(self, stems: Mapping[str, float], count: int, within: Sequence[int] | None = None) -> dict[int, float]:
        """Score the `count` best passages, or those of `within`, that hold any of the weighted stems."""
        if not stems or (within is not None and not within):
            return {}
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term(stem, weight)) for stem, weight in sorted(stems.items())]
        )
        if within is not None:
            chosen = tantivy.Query.term_set_query(self._index.schema, "number", list(within))
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0))]
            )
        hits = self._searcher.search(query, limit=count, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return {int(number or 0): float(score) for (score, _), number in zip(hits, numbers, strict=True)}

    def passages_with(self, stem: str) -> int:
        """The number of passages that hold a stem."""
        return int(self._searcher.doc_freq("stems", stem))

    def _term(self, stem: str, weight: float) -> tantivy.Query:
        term = tantivy.Query.term_query(self._index.schema, "stems", stem, index_option="freq")
        return tantivy.Query.boost_query(term, weight)
