"""What goes into a new generation: sources read anew, documents kept from the old one, and what that changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from citewell.errors import IndexMissing, ReadError, UsageError
from citewell.index.generation import Manifest, current_folder, read_manifest
from citewell.index.store import Store
from citewell.index.vectors import VectorReader
from citewell.readers import Failure, Source, load, load_manifest, read
from citewell.settings import Segmentation

STORE = "store.sqlite"

Progress = Callable[[str, int, int], None]  # told (stage, done, total)


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
    contents: dict[tuple[str, str], int]  # SHA-256, metadata → number


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
    contents = {(sha, meta): number for number, sha, meta, _ in identities.values()}
    return Old(store, vectors, manifest, identities, contents)


def same_encoder(old: Old, encoder: str, weights: str) -> bool:
    """Whether equal texts have equal vectors in the old generation."""
    return (old.manifest.encoder, old.manifest.weights) == (encoder, weights)


def absolute(path: Path | str) -> Path:
    """A path from the root, without "..", links left as they are: the same file is always named the same."""
    return Path(os.path.abspath(path))


def swallowed(roots: Sequence[Path], old: Old | None) -> set[str]:
    """The roots indexed before that lie inside a root of this run: their files are read with it."""
    known = old.store.roots() if old else []
    return {root for root in known if any(Path(root).is_relative_to(new) and Path(root) != new for new in roots)}


def choose_roots(paths: Sequence[Path], old: Old | None, gone: set[str]) -> list[Path]:
    """The roots to look at: the paths given, each as the indexed folder that holds it, else all that were indexed.

    A single file that was indexed and is no more leaves the index; a folder that is no more may be a disk not mounted.
    """
    known = [Path(root) for root in old.store.roots()] if old else []
    if paths:
        chosen = list(
            dict.fromkeys(next((root for root in known if path.is_relative_to(root)), path) for path in paths)
        )
        return [path for path in chosen if not any(path.is_relative_to(other) for other in chosen if other != path)]
    files = {Path(state.path) for state in old.store.files()} if old else set()
    roots = [root for root in known if root.as_posix() not in gone and (root.exists() or root not in files)]
    for root in roots:
        if not root.exists():
            raise UsageError(
                f"expected the indexed folder {root}, found it gone. Put it back, or take it out: citewell index --remove {root}"
            )
    return roots


def check_removals(remove: Sequence[str], gone: set[str], old: Old | None) -> None:
    """Refuse to remove what isn't there."""
    known = set(old.identities) | set(old.store.roots()) if old else set()
    for entry in remove:
        if entry not in known and absolute(entry).as_posix() not in known:
            raise UsageError(
                f"expected a document's id or an indexed path to remove, found {entry!r}. See: citewell status"
            )


def read_sources(
    store: Store, sources: Sequence[Source], manifest: Path | None, without: set[str], progress: Progress | None
) -> list[Failure]:
    """Read every source into the store; a file that fails is noted and leaves the others alone.

    :param without: Ids of documents that stay out.
    """
    if manifest and not manifest.exists():
        raise UsageError(
            f"expected the manifest {manifest}, found it gone. Put it back, or name another with --manifest FILE."
        )
    overrides = load_manifest(manifest) if manifest else None
    failed: list[Failure] = []
    for number, source in enumerate(sources, start=1):
        reason = unwritable(source.document_id)
        if reason:
            failed.append(Failure(ascii(source.document_id), reason))
            continue
        try:
            for entry in read(source, load(source), overrides):
                if isinstance(entry, Failure):
                    failed.append(entry)
                elif entry.id not in without and not store.add_document(entry, source.root.as_posix()):
                    failed.append(
                        Failure(entry.id, "expected an id of its own, found one that another document has. Rename it.")
                    )
        except ReadError as error:
            reason = str(error)
            failed.append(Failure(source.document_id, reason))
        state = (source.path.as_posix(), source.root.as_posix(), source.document_id, reason)
        store.connection.execute("INSERT OR REPLACE INTO files VALUES (?,?,?,?)", state)
        if progress:
            progress("reading", number, len(sources))
    return failed


def unwritable(document_id: str) -> str | None:
    """Why a file's name can't be an id, or None."""
    try:
        document_id.encode()
    except UnicodeEncodeError:
        return "expected a file name in UTF-8, found other bytes. Rename the file."
    return None


def remember(store: Store, old: Old | None, roots: Sequence[Path], manifest: Path | None, without: set[str]) -> None:
    """Note what the next run starts from: the roots, the manifest, and the documents that stay out."""
    insert = "INSERT OR IGNORE INTO {} VALUES (?)".format
    store.connection.executemany(insert("roots"), [(root.as_posix(),) for root in roots])
    store.connection.executemany(insert("manifest"), [(absolute(manifest).as_posix(),)] if manifest else [])
    paths = old.store.removed() | {identifier: old.store.path_of(identifier) for identifier in without} if old else {}
    rows = [(identifier, paths[identifier]) for identifier in sorted(without)]
    store.connection.executemany("INSERT INTO removed VALUES (?,?)", rows)


def keep_others(store: Store, old: Old | None, roots: Sequence[Path], gone: set[str], without: set[str]) -> None:
    """Carry over the documents of sources that this run didn't look at, but those that leave."""
    done = {root.as_posix() for root in roots} | gone
    if old is None:
        return
    for _, document, root in old.store.document_rows():
        if root not in done and document.id not in without and not store.add_document(document, root):
            raise UsageError(
                f"expected an id of its own for each document, found “{document.id}” in {root} and in what is added now. "
                "Rename one of the files, or index the folder that holds both."
            )
    for state in old.store.files():
        if state.root not in done and state.document_id not in without:
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


def staying_out(old: Old | None, remove: Sequence[str], paths: Sequence[Path]) -> set[str]:
    """The documents taken out, now or before, until their file is given by itself again."""
    if old is None:
        return set()
    given = {absolute(path).as_posix() for path in paths}
    before = {identifier for identifier, path in old.store.removed().items() if path not in given}
    return before | {entry for entry in remove if entry in old.identities}


def holds_the_same(store: Store, old: Old, settings: Segmentation) -> bool:
    """Whether the old generation was cut by the same settings from the same documents, and nothing is left to do."""
    if (old.manifest.settings, old.manifest.version) != (asdict(settings), version("citewell")):
        return False
    tables = (
        "SELECT id, sha256, metadata, root FROM documents ORDER BY 1",
        "SELECT * FROM files ORDER BY 1",
        "SELECT * FROM roots ORDER BY 1",
        "SELECT * FROM removed ORDER BY 1",
        "SELECT * FROM manifest ORDER BY 1",
    )
    return all(
        store.connection.execute(rows).fetchall() == old.store.connection.execute(rows).fetchall() for rows in tables
    )
