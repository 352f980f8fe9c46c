"""Sources → a new generation: read, segment, encode what is new, write, switch."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from citewell.encode import DEFAULT, NONE, Encoder, open_encoder
from citewell.errors import IndexMissing, ReadError, UsageError
from citewell.index.generation import (
    SCHEMA_VERSION, Manifest, current_folder, describe_parts, new_generation, read_manifest, write_manifest, writer_lock
)  # fmt: skip
from citewell.index.lexical import write_lexical
from citewell.index.store import FileState, Store
from citewell.index.vectors import VectorReader, VectorWriter, quantise
from citewell.lexicon import abbreviations_in, analyse, brands_in, words
from citewell.readers import Failure, Source, discover, load, load_manifest, read
from citewell.segment import group_passages, split_units
from citewell.settings import Segmentation
from citewell.types import Document, Passage, Unit

STORE = "store.sqlite"
CHUNK = 512  # documents encoded together; bounds the memory of a build

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What an indexing run did, counted in documents."""

    new: int
    changed: int
    unchanged: int
    removed: int
    failed: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Old:
    """The generation that a run starts from."""

    store: Store
    vectors: VectorReader | None
    manifest: Manifest
    identities: dict[str, tuple[int, str, str, str]]  # id → number, SHA-256, metadata, root


def build(
    paths: Sequence[Path],
    *,
    index: Path,
    encoder: str | None = None,
    manifest: Path | None = None,
    remove: Sequence[str] = (),
    progress: Progress | None = None,
    settings: Segmentation | None = None,
) -> Report:
    """Bring an index up to date with its sources, and add new ones.

    :param paths: Files and folders; none means those that the index was made from.
    :param encoder: A model's name or folder, "none", or None for the index's own, else the default.
    :param remove: Ids of documents, or paths of sources, that leave the index.
    """
    settings = settings or Segmentation()
    with writer_lock(index):
        old = open_old(index)
        name = encoder or (old.manifest.encoder if old else DEFAULT)
        name = DEFAULT if name == "default" else name
        gone = {Path(entry).absolute().as_posix() for entry in remove}
        roots = [Path(path).absolute() for path in paths] or [Path(root) for root in (old.store.roots() if old else [])]
        roots = [root for root in roots if root.as_posix() not in gone]
        if not roots and not (old and remove):
            raise UsageError("expected files or folders to index, found none. Name some: citewell index PATH…")
        check_removals(remove, gone, old)
        sources = discover(roots)
        same = old is not None and reusable(old, settings, name)
        with new_generation(index) as generation:
            store = Store(generation.folder / STORE, write=True)
            failed = read_sources(store, sources, manifest, progress)
            keep_others(store, old, roots, remove, gone)
            report = compare(store, old, failed)
            if old and same and holds_the_same(store, old):
                generation.drop()
            else:
                write_parts(generation.folder, store, old if same else None, name, settings, progress)
        return report


def open_old(index: Path) -> Old | None:
    """The current generation, if there is one."""
    try:
        folder = current_folder(index)
    except IndexMissing:
        return None
    manifest = read_manifest(folder)
    store = Store(folder / STORE)
    vectors = VectorReader(folder, manifest.dimension) if manifest.dimension else None
    identities = {identifier: (number, sha, meta, root) for number, identifier, sha, meta, root in store.identities()}
    return Old(store, vectors, manifest, identities)


def reusable(old: Old, settings: Segmentation, encoder: str) -> bool:
    """Whether the old vectors are what this run would compute again."""
    return old.manifest.encoder == encoder and old.manifest.settings == asdict(settings)


def check_removals(remove: Sequence[str], gone: set[str], old: Old | None) -> None:
    """Refuse to remove what isn't there."""
    known = set(old.identities) | set(old.store.roots()) if old else set()
    for entry in remove:
        if entry not in known and Path(entry).absolute().as_posix() not in known:
            raise UsageError(f"expected a document's id or an indexed path to remove, found {entry!r}. See: citewell status")


def read_sources(store: Store, sources: Sequence[Source], manifest: Path | None, progress: Progress | None) -> list[Failure]:
    """Read every source into the store; a file that fails is noted and leaves the others alone."""
    overrides = load_manifest(manifest) if manifest else None
    failed: list[Failure] = []
    for number, source in enumerate(sources, start=1):
        reason = None
        try:
            for entry in read(source, load(source), overrides):
                if isinstance(entry, Failure):
                    failed.append(entry)
                elif not store.add_document(entry, source.root.as_posix()):
                    failed.append(Failure(entry.id, "expected an id of its own, found one that another document has. Rename it."))
        except ReadError as error:
            reason = str(error)
            failed.append(Failure(source.document_id, reason))
        state = (source.path.as_posix(), source.root.as_posix(), source.document_id, reason)
        store.connection.execute("INSERT OR REPLACE INTO files VALUES (?,?,?,?)", state)
        if progress:
            progress("reading", number, len(sources))
    store.connection.executemany("INSERT OR IGNORE INTO roots VALUES (?)", {(source.root.as_posix(),) for source in sources})
    return failed


def keep_others(store: Store, old: Old | None, roots: Sequence[Path], remove: Sequence[str], gone: set[str]) -> None:
    """Carry over the documents of sources that this run didn't look at, and drop those to remove."""
    done = {root.as_posix() for root in roots} | gone
    for identifier in remove:
        store.connection.execute("DELETE FROM documents WHERE id = ?", (identifier,))
    if old is None:
        return
    for _, document, root in old.store.document_rows():
        if root not in done and document.id not in remove and not store.add_document(document, root):
            raise UsageError(
                f"expected an id of its own for each document, found “{document.id}” in {root} and in what is added now. "
                "Rename one of the files, or index the folder that holds both."
            )
    for state in old.store.files():
        if state.root not in done and state.document_id not in remove:
            row = (state.path, state.root, state.document_id, state.reason)
            store.connection.execute("INSERT OR IGNORE INTO files VALUES (?,?,?,?)", row)
    kept = [(root,) for root in old.store.roots() if root not in done]
    store.connection.executemany("INSERT OR IGNORE INTO roots VALUES (?)", kept)


def compare(store: Store, old: Old | None, failed: Sequence[Failure]) -> Report:
    """Count what differs from the old generation."""
    before = {identifier: row[1:3] for identifier, row in old.identities.items()} if old else {}
    after = {identifier: (sha, metadata) for _, identifier, sha, metadata, _ in store.identities()}
    same = sum(1 for identifier, row in after.items() if before.get(identifier) == row)
    new = sum(1 for identifier in after if identifier not in before)
    removed = sum(1 for identifier in before if identifier not in after)
    return Report(new, len(after) - new - same, same, removed, tuple(failed))


def holds_the_same(store: Store, old: Old) -> bool:
    """Whether a store has the documents, files and roots of the old generation, and nothing is left to do."""
    tables = ("SELECT id, sha256, metadata, root FROM documents ORDER BY 1", "SELECT * FROM files ORDER BY 1", "SELECT * FROM roots ORDER BY 1")
    return all(store.connection.execute(rows).fetchall() == old.store.connection.execute(rows).fetchall() for rows in tables)


def write_parts(
    folder: Path, store: Store, old: Old | None, name: str, settings: Segmentation, progress: Progress | None
) -> None:
    """Segment, encode and index all documents of the store, then write the manifest."""
    encoder = open_encoder(name)
    writer = VectorWriter(folder, encoder.dimension) if encoder else None
    offsets, digest, vocabulary = [0], hashlib.sha256(), Counter[str]()
    documents = store.count("documents")
    done = 0
    store.connection.execute("CREATE TEMP TABLE stems (passage INTEGER PRIMARY KEY, stems TEXT)")
    for chunk in chunks(store):
        pieces = [prepare(store, document, number, offsets, vocabulary, settings) for number, document in chunk]
        if encoder and writer:
            encode_chunk(writer, encoder, pieces, old)
        for _, document in chunk:
            digest.update(json.dumps([document.id, document.sha256, asdict(document.metadata)]).encode())
        done += len(chunk)
        if progress:
            progress("encoding" if encoder else "indexing", done, documents)
    if writer:
        writer.close(offsets)
    rows = store.connection.execute("SELECT passage, stems FROM stems ORDER BY passage")
    write_lexical(folder, ((number, stems.split()) for number, stems in rows))
    store.connection.executemany("INSERT INTO vocabulary VALUES (?,?)", sorted(vocabulary.items()))
    counts = [store.count(table) for table in ("documents", "units", "passages")]
    store.close()
    weights = encoder.weights if encoder else ""
    digest.update(json.dumps([SCHEMA_VERSION, name, weights, asdict(settings)]).encode())
    manifest = Manifest(SCHEMA_VERSION, digest.hexdigest()[:16], name, weights, encoder.dimension if encoder else 0,
                        asdict(settings), *counts, describe_parts(folder))  # fmt: skip
    write_manifest(folder, manifest)


def chunks(store: Store) -> Iterator[list[tuple[int, Document]]]:
    """The documents in the order of ids, a bounded number at a time."""
    numbers = [row[0] for row in store.identities()]
    for first in range(0, len(numbers), CHUNK):
        found = [(number, store.document(number)) for number in numbers[first : first + CHUNK]]
        yield [(number, document) for number, document in found if document]


@dataclass(frozen=True, slots=True)
class Piece:
    """One document, cut and ready to be encoded."""

    document: Document
    units: tuple[Unit, ...]
    passages: tuple[Passage, ...]


def prepare(
    store: Store, document: Document, number: int, offsets: list[int], vocabulary: Counter[str], settings: Segmentation
) -> Piece:
    """Cut a document and write its rows; `offsets` grows by one entry a passage."""
    units = split_units(document, settings)
    passages = group_passages(document, units, settings)
    first_unit, first_passage = offsets[-1], len(offsets) - 1
    sections: dict[tuple[str, ...], int] = {}
    for unit in units:
        if unit.section not in sections:
            row = (number, json.dumps(unit.section))
            sections[unit.section] = store.connection.execute("INSERT INTO sections (document, path) VALUES (?,?)", row).lastrowid or 0
    store.connection.executemany(
        "INSERT INTO units VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        ((first_unit + position, number, unit.start, unit.end, unit.kind.value, sections[unit.section], unit.source_class.value,
          unit.page, *(unit.lead or (None, None)), unit.block) for position, unit in enumerate(units)),
    )  # fmt: skip
    for position, passage in enumerate(passages):
        start, end = units[passage.first].start, units[passage.last - 1].end
        source_class = units[passage.first].source_class.value
        row = (first_passage + position, number, first_unit + passage.first, first_unit + passage.last, start, end, source_class)
        store.connection.execute("INSERT INTO passages VALUES (?,?,?,?,?,?,?)", row)
        text = passage_text(document, units, passage)
        store.connection.execute("INSERT INTO stems VALUES (?,?)", (first_passage + position, " ".join(analyse(text))))
        offsets.append(first_unit + passage.last)
    vocabulary.update({word for word, _, _ in words(f"{document.metadata.title} {document.text}")})
    found = {*brands_in(document.text), *abbreviations_in(document.text)}
    store.connection.executemany("INSERT INTO aliases VALUES (?,?,?)", [(a.name, a.means, a.kind) for a in found])
    return Piece(document, units, passages)


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
    return " ".join(f"{' › '.join(part for part in head if part)}: {lead} {document.text[unit.start : unit.end]}".split())


def encode_chunk(writer: VectorWriter, encoder: Encoder, pieces: Sequence[Piece], old: Old | None) -> None:
    """Encode the passages and units of some documents, each text once, unchanged documents not at all."""
    copied = {piece.document.id: found for piece in pieces if (found := old_vectors(old, piece))}
    texts: dict[str, int] = {}
    for piece in pieces:
        if piece.document.id not in copied:
            for text in texts_of(piece):
                texts.setdefault(text, len(texts))
    vectors = encoder.encode(list(texts))
    for piece in pieces:
        if piece.document.id in copied:
            passages, units, scales = copied[piece.document.id]
        else:
            found = vectors[[texts[text] for text in texts_of(piece)]]
            passages = found[: len(piece.passages)]
            units, scales = quantise(found[len(piece.passages) :])
        writer.add_passages(passages)
        writer.add_units(units, scales)


def texts_of(piece: Piece) -> list[str]:
    """The texts of a document that have vectors: its passages, then its units."""
    passages = [passage_text(piece.document, piece.units, passage) for passage in piece.passages]
    return passages + [unit_text(piece.document, unit) for unit in piece.units]


def old_vectors(old: Old | None, piece: Piece) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """The vectors of an unchanged document from the old generation: passages, units, scales."""
    if old is None or old.vectors is None or piece.document.id not in old.identities:
        return None
    number, sha256, metadata, _ = old.identities[piece.document.id]
    if (sha256, metadata) != (piece.document.sha256, json.dumps(asdict(piece.document.metadata))):
        return None
    row = old.store.connection.execute("SELECT min(n), max(n) + 1 FROM passages WHERE document = ?", (number,)).fetchone()
    if row[0] is None:
        return None
    first, last = int(old.vectors.offsets[row[0]]), int(old.vectors.offsets[row[1]])
    if (row[1] - row[0], last - first) != (len(piece.passages), len(piece.units)):
        return None
    units, scales = old.vectors.unit_vectors(first, last)
    return old.vectors.passage_vectors(range(*row)), units, scales
