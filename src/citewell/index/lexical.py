"""BM25 over the stems of passages, with tantivy; the analysis is ours, the same at both ends."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tantivy

from citewell.index.generation import as_os_errors
from citewell.index.rows import Scope
from citewell.types import SourceClass

FOLDER = "lexical"
HEAP = 128_000_000  # bytes the writer may use before it flushes a segment


def schema() -> tantivy.Schema:
    """A passage's number, its document's, its class and its stems; nothing is stored."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=False, indexed=True, fast=True)
    builder.add_unsigned_field("document", stored=False, indexed=True)
    builder.add_text_field("class", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stems", stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalWriter:
    """Writes into a new index, or into one whose files are linked from an older generation; none of those is altered.

    One thread writes, so equal input gives equal rankings.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FOLDER
        path.mkdir(exist_ok=True)
        with as_os_errors():
            self._index = tantivy.Index(schema(), path=str(path))
            self._writer = self._index.writer(heap_size=HEAP, num_threads=1)

    def add(self, number: int, owner: int, source_class: SourceClass, stems: Sequence[str]) -> None:
        """Index a passage of the document numbered `owner`."""
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_unsigned("document", owner)
        document.add_text("class", source_class.value)
        document.add_text("stems", " ".join(stems))
        with as_os_errors():
            self._writer.add_document(document)

    def delete(self, first: int, last: int) -> None:
        """Take out the passages numbered [first, last), which were indexed before."""
        if first < last:
            kind = tantivy.FieldType.Unsigned
            query = tantivy.Query.range_query(schema(), "number", kind, first, last, include_upper=False)
            self._writer.delete_documents_by_query(query)

    def close(self) -> None:
        """Write everything out."""
        with as_os_errors():
            self._writer.commit()
            self._writer.wait_merging_threads()


def open_lexical(folder: Path) -> tantivy.Index:
    """Open an index for reading. tantivy writes a lock beside it: where nothing may be written, beside links to it."""
    if os.access(folder, os.W_OK):
        return tantivy.Index.open(str(folder))
    # tantivy's threads may still put a lock beside the links while they are removed.
    with TemporaryDirectory(prefix="citewell-", ignore_cleanup_errors=True) as links:
        for path in folder.glob("[!.]*"):
            (Path(links) / path.name).symlink_to(path.absolute())
        return tantivy.Index.open(links)


class LexicalReader:
    """BM25 scores (k1 1.2, b 0.75) of passages for a bag of stems.

    :param uncertain: The stems of passages that were deleted, which tantivy's own figures may still count.
    """

    def __init__(self, folder: Path, uncertain: Set[str] = frozenset()) -> None:
        with as_os_errors():
            self._index = open_lexical(folder / FOLDER)
            self._searcher = self._index.searcher()
        self._uncertain = uncertain

    def search(self, stems: Mapping[str, float], count: int, scope: Scope | None = None) -> dict[int, float]:
        """Score the `count` best passages, of a part of the index where one is given, that hold any of the weighted stems."""
        filters = []
        if scope and scope.classes:
            terms = [self._query("class", source_class.value) for source_class in scope.classes]
            filters.append(tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]))
        if scope and scope.documents:
            filters.append(tantivy.Query.term_set_query(self._index.schema, "document", list(scope.documents)))
        return self._found(stems, count, filters)

    def score(self, stems: Mapping[str, float], passages: Sequence[int]) -> dict[int, float]:
        """Score the given passages, those that hold any of the weighted stems."""
        if not passages:
            return {}
        # A term set would walk the whole dictionary of numbers, which takes longer than all the rest.
        terms = [(tantivy.Occur.Should, self._query("number", number)) for number in passages]
        return self._found(stems, len(passages), [tantivy.Query.boolean_query(terms)])

    def _found(self, stems: Mapping[str, float], count: int, filters: Sequence[tantivy.Query]) -> dict[int, float]:
        if not stems:
            return {}
        terms = [(stem, weight) for stem, weight in sorted(stems.items())]
        boosted = [tantivy.Query.boost_query(self._query("stems", stem), weight) for stem, weight in terms]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in boosted])
        if filters:
            unscored = [tantivy.Query.const_score_query(each, 0.0) for each in filters]
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in (query, *unscored)])
        with as_os_errors():
            hits = self._searcher.search(query, limit=count, count=False).hits
            numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return {int(number or 0): float(score) for (score, _), number in zip(hits, numbers, strict=True)}

    def passages_with(self, stem: str) -> int:
        """The number of passages that hold a stem."""
        if stem in self._uncertain:
            found: Any = self._searcher.search(self._query("stems", stem), limit=1, count=True)
            return int(found.count)  # which the library's types don't know of
        return int(self._searcher.doc_freq("stems", stem))

    def _query(self, field: str, term: str | int) -> tantivy.Query:
        return tantivy.Query.term_query(
            self._index.schema, field, term, index_option="freq" if field == "stems" else "basic"
        )
