"""Sources → a new generation: read, segment, encode what is new, write, switch."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path

from citewell.encode import DEFAULT, NONE, Encoder, open_encoder
from citewell.errors import UsageError
from citewell.index.generation import (
    SCHEMA_VERSION,
    Manifest,
    describe_parts,
    new_generation,
    write_manifest,
    writer_lock,
)
from citewell.index.lexical import write_lexical
from citewell.index.pieces import encode_pieces, prepare
from citewell.index.sources import (
    STORE,
    Old,
    Progress,
    Report,
    absolute,
    check_removals,
    choose_roots,
    compare,
    holds_the_same,
    keep_others,
    open_old,
    read_sources,
    remember,
    same_encoder,
    staying_out,
    swallowed,
)  # fmt: skip
from citewell.index.store import Store
from citewell.index.vectors import VectorWriter
from citewell.readers import discover
from citewell.settings import Segmentation
from citewell.types import Document

CHUNK = 512  # documents encoded together; bounds the memory of a build


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
        gone = {absolute(entry).as_posix() for entry in remove}
        roots = choose_roots([absolute(path) for path in paths], old, gone)
        gone |= swallowed(roots, old)
        if not roots and not (old and remove):
            raise UsageError("expected files or folders to index, found none. Name some: citewell index PATH…")
        check_removals(remove, gone, old)
        inside = absolute(index)
        sources = [source for source in discover(roots) if not source.path.is_relative_to(inside)]
        without = staying_out(old, remove, paths)
        sources = [source for source in sources if source.document_id not in without]
        manifest = manifest or (old.store.manifest() if old else None)
        model = open_encoder(name)
        name = model.name if model else NONE
        same = old is not None and same_encoder(old, name, model.weights if model else "")
        with new_generation(index) as generation:
            store = Store(generation.folder / STORE, write=True)
            failed = read_sources(store, sources, manifest, without, progress)
            keep_others(store, old, roots, gone, without)
            remember(store, old, roots, manifest, without)
            report = compare(store, old, failed)
            if old and same and holds_the_same(store, old, settings):
                generation.drop()
            else:
                write_parts(generation.folder, store, old if same else None, name, model, settings, progress)
        return report


def write_parts(
    folder: Path,
    store: Store,
    old: Old | None,
    name: str,
    encoder: Encoder | None,
    settings: Segmentation,
    progress: Progress | None,
) -> None:
    """Segment, encode and index all documents of the store, then write the manifest."""
    writer = VectorWriter(folder, encoder.dimension) if encoder else None
    offsets, digest, vocabulary = [0], hashlib.sha256(), Counter[str]()
    total, done = store.count("documents"), 0
    store.connection.execute("CREATE TEMP TABLE stems (passage INTEGER PRIMARY KEY, stems TEXT)")
    for chunk in chunks(store):
        pieces = [prepare(store, document, number, offsets, vocabulary, settings) for number, document in chunk]
        if encoder and writer:
            tell = partial(tell_share, progress, done, len(chunk), total)
            encode_pieces(writer, encoder, pieces, old, tell)
        for _, document in chunk:
            digest.update(json.dumps([document.id, document.sha256, asdict(document.metadata)]).encode())
        done += len(chunk)
        if progress:
            progress("indexing", done, total)
    if writer:
        writer.close(offsets)
    rows = store.connection.execute("SELECT passage, stems FROM stems ORDER BY passage")
    write_lexical(folder, ((number, stems.split()) for number, stems in rows))
    store.connection.executemany("INSERT INTO vocabulary VALUES (?,?)", sorted(vocabulary.items()))
    weights, dimension = (encoder.weights, encoder.dimension) if encoder else ("", 0)
    digest.update(json.dumps([SCHEMA_VERSION, name, weights, asdict(settings)]).encode())
    counts = {table: store.count(table) for table in ("documents", "units", "passages")}
    store.close()
    write_manifest(
        folder,
        Manifest(
            schema=SCHEMA_VERSION,
            fingerprint=digest.hexdigest()[:16],
            encoder=name,
            weights=weights,
            dimension=dimension,
            version=version("citewell"),
            settings=asdict(settings),
            parts=describe_parts(folder),
            **counts,
        ),
    )


def tell_share(progress: Progress | None, before: int, chunk: int, total: int, share: float) -> None:
    """Tell how far a build is, in documents, when a share of a chunk's texts is encoded."""
    if progress:
        progress("encoding", before + round(share * chunk), total)


def chunks(store: Store) -> Iterator[list[tuple[int, Document]]]:
    """The documents in the order of ids, a bounded number at a time."""
    numbers = [row[0] for row in store.identities()]
    for first in range(0, len(numbers), CHUNK):
        found = [(number, store.document(number)) for number in numbers[first : first + CHUNK]]
        yield [(number, document) for number, document in found if document]
