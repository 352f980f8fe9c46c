"""A new segment: documents cut into units and passages, their rows, stems and vectors."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from citewell.encode import Encoder, Vectors
from citewell.index.contents import STORE, Contents
from citewell.index.lexical import LexicalWriter
from citewell.index.segments import Segment
from citewell.index.store import Store
from citewell.index.vectors import VectorReader, VectorWriter, quantise
from citewell.lexicon import NAME, Alias, abbreviations_in, analyse, brands_in, is_name, subjects_of, vocabulary
from citewell.records import metadata_to_json
from citewell.repeats import keys_of
from citewell.segment import group_passages, split_units
from citewell.settings import Segmentation
from citewell.types import Document, Passage, Unit

CHUNK = 512  # documents encoded together; bounds the memory of a build


@dataclass(frozen=True, slots=True)
class Piece:
    """One document, cut and ready to be encoded."""

    number: int
    document: Document
    units: tuple[Unit, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Reusable:
    """The vectors of an older generation of the same encoder.

    :param check: Raises IndexDamaged for the name of a segment that is not as it was written.
    """

    contents: Contents
    vectors: VectorReader
    check: Callable[[str], None]


class SegmentWriter:
    """Writes one segment: `add` its documents' texts first, then `write` everything that is made of them.

    :param documents: The number that its first document gets; `files` likewise.
    """

    def __init__(self, folder: Path, name: str, *, documents: int, files: int) -> None:
        self.folder, self.name = folder / name, name
        self.folder.mkdir()
        self.store = Store(self.folder / STORE, write=True)
        self._first_document, self._first_file = documents, files
        self._documents, self._files = count(documents), count(files)
        self._words: Counter[str] = Counter()
        self._names: Counter[Alias] = Counter()
        self._repeats: Counter[str] = Counter()
        self._digest = hashlib.sha256()

    def next_document(self) -> int:
        """The number of the next document."""
        return next(self._documents)

    def next_file(self) -> int:
        """The number of the next file."""
        return next(self._files)

    def drop(self) -> None:
        """Take the segment away again."""
        self.store.close()
        shutil.rmtree(self.folder)

    def write(
        self,
        lexical: LexicalWriter,
        encoder: Encoder | None,
        old: Reusable | None,
        settings: Segmentation,
        first: tuple[int, int],
        tell: Callable[[str, int, int], None],
    ) -> Segment:
        """Cut, encode and index what was added, in the order of ids.

        :param first: The numbers that the first unit and the first passage get.
        :param tell: Told (stage, documents done, documents in all).
        """
        vectors = VectorWriter(self.folder, encoder.dimension) if encoder else None
        offsets, total, done = [first[0]], self.store.count("documents"), 0
        for chunk in self._chunks():
            pieces = [self._cut(number, document, settings) for number, document in chunk]
            for piece in pieces:
                self._write_rows(piece, lexical, offsets, first[1])
            if encoder and vectors:
                share = share_of(tell, done, len(chunk), total)
                encode_pieces(vectors, encoder, pieces, old, share)
            done += len(chunk)
            tell("indexing", done, total)
        if vectors:
            vectors.close([offset - first[0] for offset in offsets], settings)
        self.store.add_counts(self._words, self._names, self._repeats)
        self.store.finish()
        ranges = (self._first_document, next(self._documents)), (self._first_file, next(self._files))
        passages = (first[1], first[1] + len(offsets) - 1)
        return Segment(self.name, *ranges, (first[0], offsets[-1]), passages, self._digest.hexdigest())

    def _chunks(self) -> Iterator[list[tuple[int, Document]]]:
        """The documents in the order of ids, a bounded number at a time."""
        numbers = [row.number for row in self.store.rows()]
        for first in range(0, len(numbers), CHUNK):
            found = [(number, self.store.document(number)) for number in numbers[first : first + CHUNK]]
            yield [(number, document) for number, document in found if document]

    def _cut(self, number: int, document: Document, settings: Segmentation) -> Piece:
        """Cut a document, and count its words and names."""
        units = split_units(document, settings)
        self._words.update(words_of(document))
        self._names.update(names_of(document))
        self._repeats.update(keys_of(document, units))
        self._digest.update(json.dumps([document.id, document.sha256, asdict(document.metadata)]).encode())
        return Piece(number, document, units, group_passages(document, units, settings))

    def _write_rows(self, piece: Piece, lexical: LexicalWriter, offsets: list[int], first_passage: int) -> None:
        """Write the units and passages of a document; `offsets` grows by one entry a passage."""
        base, number = offsets[-1], first_passage + len(offsets) - 1
        write_units(self.store, piece, base)
        rows = []
        for passage, stems in zip(piece.passages, stems_of(piece), strict=True):
            opening, closing = piece.units[passage.first], piece.units[passage.last - 1]
            rows.append((number, piece.number, base + passage.first, base + passage.last, opening.start, closing.end,
                         opening.source_class.value))  # fmt: skip
            lexical.add(number, piece.number, opening.source_class, stems)
            offsets.append(base + passage.last)
            number += 1
        self.store.connection.executemany("INSERT INTO passages VALUES (?,?,?,?,?,?,?)", rows)


def share_of(tell: Callable[[str, int, int], None], before: int, chunk: int, total: int) -> Callable[[float], None]:
    """Tell how far a build is, in documents, when a share of a chunk's texts is encoded."""
    return lambda share: tell("encoding", before + round(share * chunk), total)


def write_units(store: Store, piece: Piece, first: int) -> None:
    """Write the units of a document, numbered from `first`, and their sections."""
    sections: dict[tuple[str, ...], int] = {}
    for unit in piece.units:
        if unit.section not in sections:
            cursor = store.connection.execute("INSERT INTO sections (path) VALUES (?)", (json.dumps(unit.section),))
            sections[unit.section] = cursor.lastrowid or 0
    store.connection.executemany(
        "INSERT INTO units VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        ((number, piece.number, unit.start, unit.end, unit.kind.value, sections[unit.section], unit.source_class.value,
          unit.page, *(unit.lead or (None, None)), unit.block, unit.place) for number, unit in enumerate(piece.units, start=first)),
    )  # fmt: skip
    counts = (len(piece.units), len(sections), piece.number)
    store.connection.execute("UPDATE documents SET units = ?, sections = ? WHERE n = ?", counts)


def words_of(document: Document) -> set[str]:
    """The words of a document and of its title."""
    return vocabulary(f"{document.metadata.title} {document.text}")


def names_of(document: Document) -> set[Alias]:
    """The second names that a document states, in its text or as the product that it is the label of."""
    metadata = document.metadata
    labelled = set[Alias]()
    if len(metadata.active_ingredients) == 1:  # the brand of a combination is no other name of one of its parts
        labelled = {Alias(brand, metadata.active_ingredients[0], "brand") for brand in metadata.brand_names}
    products = (*metadata.brand_names, *metadata.active_ingredients)
    named = {
        Alias(name.casefold(), name.casefold(), NAME)
        for name in products
        if len(name.split()) == 1 and is_name(name.casefold())
    }
    subjects = subjects_of(metadata.title)
    return {*labelled, *named, *subjects, *brands_in(document.text), *abbreviations_in(document.text)}


def stems_of(piece: Piece) -> list[list[str]]:
    """The stems of each passage of a document."""
    return [analyse(passage_text(piece.document, piece.units, passage)) for passage in piece.passages]


def passage_text(document: Document, units: Sequence[Unit], passage: Passage) -> str:
    """A passage as it is searched: the title and the headings, then its text."""
    first, last = units[passage.first], units[passage.last - 1]
    head = dict.fromkeys([document.metadata.title, *first.section])
    lead = document.text[slice(*first.lead)] if first.lead and first.lead[1] <= first.start else ""
    body = f"{lead} {document.text[first.start : last.end]}"
    return "\n".join([*(part for part in head if part), " ".join(body.split())])


def unit_text(document: Document, unit: Unit) -> str:
    """A unit as it is searched: title and headings, its lead-in, then its text."""
    head = dict.fromkeys([document.metadata.title, *unit.section])
    lead = document.text[slice(*unit.lead)] if unit.lead else ""
    return " ".join(
        f"{' › '.join(part for part in head if part)}: {lead} {document.text[unit.start : unit.end]}".split()
    )


def encode_pieces(
    writer: VectorWriter,
    encoder: Encoder,
    pieces: Sequence[Piece],
    old: Reusable | None,
    told: Callable[[float], None],
) -> None:
    """Encode the passages and units of some documents, each text once, unchanged documents not at all.

    :param told: Told the share 0..1 that is done.
    """
    copied = {piece.number: vectors for piece in pieces if old and (vectors := old_vectors(old, piece))}
    texts: dict[str, int] = {}
    for piece in pieces:
        if piece.number not in copied:
            for text in texts_of(piece):
                texts.setdefault(text, len(texts))
    encoded = encoder.encode(list(texts), lambda done: told(done / len(texts)))
    for piece in pieces:
        if piece.number in copied:
            passages, units, scales = copied[piece.number]
        else:
            mine = encoded[[texts[text] for text in texts_of(piece)]]
            passages = mine[: len(piece.passages)]
            units, scales = quantise(mine[len(piece.passages) :])
        writer.add_passages(passages)
        writer.add_units(units, scales)


def texts_of(piece: Piece) -> list[str]:
    """The texts of a document that have vectors: its passages, then its units."""
    passages = [passage_text(piece.document, piece.units, passage) for passage in piece.passages]
    return passages + [unit_text(piece.document, unit) for unit in piece.units]


def old_vectors(old: Reusable, piece: Piece) -> tuple[Vectors, NDArray[np.int8], NDArray[np.float32]] | None:
    """The vectors of a document of the same content, cut as before, from the old generation: passages, units, scales."""
    values = (piece.document.sha256, metadata_to_json(piece.document.metadata))
    held = next(old.contents.rows("sha256 = ? AND metadata = ?", values), None)
    if held is None or not piece.units or old.contents.content(held.number)[0] != piece.document.text:
        return None
    rows, passages = old.contents.units_of(held.number), old.contents.passages_of(held.number)
    if tuple(row.unit for row in rows) != piece.units:
        return None
    old.check(old.contents.segment_of(held.number).name)
    first = rows[0].number
    if [(row.first - first, row.last - first) for row in passages] != [(p.first, p.last) for p in piece.passages]:
        return None
    units, scales = old.vectors.unit_vectors(first, first + len(rows))
    return old.vectors.passage_vectors([row.number for row in passages]), units, scales
