"""A document as the index holds it: rows of units and passages, stems, and one vector each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from citewell.encode import Encoder, Vectors
from citewell.index.sources import Old
from citewell.index.store import Store
from citewell.index.vectors import VectorWriter, quantise
from citewell.lexicon import abbreviations_in, analyse, brands_in, words
from citewell.segment import group_passages, split_units
from citewell.settings import Segmentation
from citewell.types import Document, Passage, Unit


@dataclass(frozen=True, slots=True)
class Piece:
    """One document, cut and ready to be encoded."""

    document: Document
    units: tuple[Unit, ...]
    passages: tuple[Passage, ...]


def prepare(
    store: Store, document: Document, number: int, offsets: list[int], vocabulary: Counter[str], settings: Segmentation
) -> Piece:
    """Cut a document and write its rows; `offsets` grows by one entry a passage, `vocabulary` by the document's words."""
    units = split_units(document, settings)
    piece = Piece(document, units, group_passages(document, units, settings))
    first_unit = offsets[-1]
    write_units(store, piece, number, first_unit)
    write_passages(store, piece, number, first_unit, len(offsets) - 1)
    offsets += [first_unit + passage.last for passage in piece.passages]
    vocabulary.update({word for word, _, _ in words(f"{document.metadata.title} {document.text}")})
    names = {*brands_in(document.text), *abbreviations_in(document.text)}
    store.connection.executemany("INSERT INTO aliases VALUES (?,?,?)", [(a.name, a.means, a.kind) for a in names])
    return piece


def write_units(store: Store, piece: Piece, document: int, first: int) -> None:
    """Write the units of a document, numbered from `first`, and their sections."""
    sections: dict[tuple[str, ...], int] = {}
    for unit in piece.units:
        if unit.section not in sections:
            row = (document, json.dumps(unit.section))
            cursor = store.connection.execute("INSERT INTO sections (document, path) VALUES (?,?)", row)
            sections[unit.section] = cursor.lastrowid or 0
    store.connection.executemany(
        "INSERT INTO units VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        ((number, document, unit.start, unit.end, unit.kind.value, sections[unit.section], unit.source_class.value,
          unit.page, *(unit.lead or (None, None)), unit.block) for number, unit in enumerate(piece.units, start=first)),
    )  # fmt: skip


def write_passages(store: Store, piece: Piece, document: int, first_unit: int, first: int) -> None:
    """Write the passages of a document, numbered from `first`, with their stems."""
    for number, passage in enumerate(piece.passages, start=first):
        opening, closing = piece.units[passage.first], piece.units[passage.last - 1]
        store.connection.execute(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?)",
            (number, document, first_unit + passage.first, first_unit + passage.last, opening.start, closing.end,
             opening.source_class.value),
        )  # fmt: skip
        stems = " ".join(analyse(passage_text(piece.document, piece.units, passage)))
        store.connection.execute("INSERT INTO stems VALUES (?,?)", (number, stems))


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
    writer: VectorWriter, encoder: Encoder, pieces: Sequence[Piece], old: Old | None, told: Callable[[float], None]
) -> None:
    """Encode the passages and units of some documents, each text once, unchanged documents not at all.

    :param told: Told the share 0..1 that is done.
    """
    copied = {piece.document.id: vectors for piece in pieces if (vectors := old_vectors(old, piece))}
    texts: dict[str, int] = {}
    for piece in pieces:
        if piece.document.id not in copied:
            for text in texts_of(piece):
                texts.setdefault(text, len(texts))
    encoded = encoder.encode(list(texts), lambda done: told(done / len(texts)))
    for piece in pieces:
        if piece.document.id in copied:
            passages, units, scales = copied[piece.document.id]
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


def old_vectors(old: Old | None, piece: Piece) -> tuple[Vectors, NDArray[np.int8], NDArray[np.float32]] | None:
    """The vectors of a document of the same content, cut as before, from the old generation: passages, units, scales."""
    if old is None or old.vectors is None:
        return None
    number = old.contents.get((piece.document.sha256, json.dumps(asdict(piece.document.metadata))))
    if number is None:
        return None
    rows = old.store.units("units.document = ?", (number,))
    passages = old.store.passages_of(number)
    held = old.store.document(number)
    if not rows or held is None or held.text != piece.document.text or tuple(row.unit for row in rows) != piece.units:
        return None
    first = rows[0].number
    if [(row.first - first, row.last - first) for row in passages] != [(p.first, p.last) for p in piece.passages]:
        return None
    units, scales = old.vectors.unit_vectors(first, first + len(rows))
    return old.vectors.passage_vectors([row.number for row in passages]), units, scales
