"""What a run looks at: the roots and files, what is read anew of them, what stays as it is, and what leaves."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

from citewell.errors import IndexDamaged, IndexMissing, ReadError, UsageError
from citewell.index.contents import Contents
from citewell.index.generation import (
    MANIFEST,
    Manifest,
    current_folder,
    damaged_parts,
    hash_file,
    read_manifest,
    readable,
    rebuild_hint,
)
from citewell.index.pieces import SegmentWriter
from citewell.index.rows import DocumentRow, FileState
from citewell.index.segments import CATALOGUE, Catalogue, read_catalogue
from citewell.index.vectors import VectorReader
from citewell.readers import Failure, Source, load, load_manifest, read
from citewell.readers import Manifest as Overrides
from citewell.settings import Segmentation
from citewell.types import Document

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

    folder: Path
    manifest: Manifest
    contents: Contents
    vectors: VectorReader | None
    checked: set[str] = field(default_factory=set)

    def same_encoder(self, encoder: str, weights: str) -> bool:
        """Whether equal texts have equal vectors in it."""
        return (self.manifest.encoder, self.manifest.weights) == (encoder, weights)

    def same_rules(self, settings: Segmentation) -> bool:
        """Whether equal files were read and cut alike for it."""
        return (self.manifest.settings, self.manifest.version) == (asdict(settings), version("citewell"))

    def check(self, segment: str) -> None:
        """Refuse to take over from a damaged segment: a new hash would make the damage look whole."""
        if segment in self.checked:
            return
        for name in damaged_parts(self.folder, self.manifest, f"{segment}/"):
            hint = rebuild_hint(self.folder.parent)
            raise IndexDamaged(f"expected {self.folder / name} as it was written, found other bytes. {hint}")
        self.checked.add(segment)


def open_old(index: Path) -> Old | None:
    """The current generation, if there is one."""
    try:
        folder = current_folder(index)
    except IndexMissing:
        return None
    manifest = read_manifest(folder)
    with readable(folder):
        contents = Contents(folder, manifest.segments, read_catalogue(folder))
        return Old(folder, manifest, contents, open_vectors(folder, manifest, contents))


def salvage(index: Path) -> tuple[Catalogue, str | None]:
    """What can still be trusted of the newest generation of a damaged index: its catalogue, and its encoder's name."""
    for folder in sorted(index.glob("g*"), reverse=True):
        with suppress(OSError, ValueError, KeyError, TypeError):
            fields = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            encoder = str(fields["encoder"])
            if hash_file(folder / CATALOGUE) != fields["parts"][CATALOGUE][1]:
                return Catalogue(), encoder
            catalogue = read_catalogue(folder)
            catalogue.losses.clear()
            return catalogue, encoder
    return Catalogue(), None


def open_vectors(folder: Path, manifest: Manifest, contents: Contents) -> VectorReader | None:
    """The vectors of a generation; None in a lexical index."""
    if not manifest.dimension:
        return None
    losses = [contents.catalogue.of(segment.name) for segment in manifest.segments]
    dead = [
        np.array([number for d in each.documents.values() for number in range(d.first, d.last)], dtype=np.int64)
        for each in losses
    ]
    return VectorReader(folder, manifest.dimension, manifest.segments, dead)


def absolute(path: Path | str) -> Path:
    """A path from the root, without "..", links left as they are: the same file is always named the same."""
    return Path(os.path.abspath(path))


def swallowed(roots: Sequence[Path], before: Catalogue) -> set[str]:
    """The roots indexed before that lie inside a root of this run: their files are read with it."""
    return {root for root in before.roots if any(Path(root).is_relative_to(new) and Path(root) != new for new in roots)}


def choose_roots(paths: Sequence[Path], before: Catalogue, old: Old | None, gone: set[str]) -> list[Path]:
    """The roots to look at: the paths given, each as the indexed folder that holds it, else all that were indexed.

    A single file that was indexed and is no more leaves the index; a folder that is no more may be a disk not mounted.
    """
    known = [Path(root) for root in before.roots]
    if paths:
        chosen = list(
            dict.fromkeys(next((root for root in known if path.is_relative_to(root)), path) for path in paths)
        )
        return [path for path in chosen if not any(path.is_relative_to(other) for other in chosen if other != path)]
    roots = [root for root in known if root.as_posix() not in gone and (root.exists() or not is_file(root, old))]
    for root in roots:
        if not root.exists():
            raise UsageError(
                f"expected the indexed folder {root}, found it gone. Put it back, or take it out: citewell index --remove {root}"
            )
    return roots


def is_file(root: Path, old: Old | None) -> bool:
    """Whether a root was a file when it was indexed."""
    return old is not None and any(old.contents.files("path = ?", (root.as_posix(),)))


def check_removals(remove: Sequence[str], old: Old | None) -> None:
    """Refuse to remove what isn't there."""
    roots = set(old.contents.catalogue.roots) if old else set()
    for entry in remove:
        known = old is not None and (old.contents.find(entry) or {entry, absolute(entry).as_posix()} & roots)
        if not known:
            raise UsageError(
                f"expected a document's id or an indexed path to remove, found {entry!r}. See: citewell status"
            )


def staying_out(before: Catalogue, old: Old | None, remove: Sequence[str], paths: Sequence[Path]) -> dict[str, str]:
    """The documents taken out, now or before, until their file is given by itself again; each with its file."""
    given = {absolute(path).as_posix() for path in paths}
    out = {identifier: path for identifier, path in before.removed.items() if path not in given}
    return out | {entry: old.contents.path_of(entry) for entry in remove if old and old.contents.find(entry)}


def load_overrides(manifest: Path | None) -> tuple[Overrides | None, str]:
    """A file of metadata with the SHA-256 of its bytes."""
    if manifest is None:
        return None, ""
    if not manifest.exists():
        raise UsageError(
            f"expected the manifest {manifest}, found it gone. Put it back, or name another with --manifest FILE."
        )
    return load_manifest(manifest), hashlib.sha256(manifest.read_bytes()).hexdigest()


@dataclass(slots=True)
class Intake:
    """What one run takes in: what is new goes to the writer, what is as it was is kept by its number.

    :param anew: Read and write every document again: the rules or the metadata given are others than last time's.
    :param roots: Those looked at in this run, and those that leave.
    :param without: Ids of documents that stay out.
    """

    writer: SegmentWriter
    old: Old | None
    anew: bool
    roots: set[str]
    without: set[str]
    kept: set[int] = field(default_factory=set)
    kept_files: set[int] = field(default_factory=set)
    failed: list[Failure] = field(default_factory=list)

    def read(self, sources: Sequence[Source], overrides: Overrides | None, progress: Progress | None) -> None:
        """Read every source; a file that fails is noted and leaves the others alone."""
        for number, source in enumerate(sources, start=1):
            self._read_one(source, overrides)
            if progress:
                progress("reading", number, len(sources))

    def _read_one(self, source: Source, overrides: Overrides | None) -> None:
        reason = unwritable(source.document_id)
        if reason:
            self.failed.append(Failure(ascii(source.document_id), reason))
            return
        before, digest = len(self.failed), ""
        try:
            data = load(source)
            digest = hashlib.sha256(data).hexdigest()
            if self._keep(source, digest):
                return
            for entry in read(source, data, overrides):
                if isinstance(entry, Failure):
                    self.failed.append(entry)
                elif entry.id not in self.without:
                    self._add(entry, source.root.as_posix())
        except ReadError as error:
            reason = str(error)
            self.failed.append(Failure(source.document_id, reason))
        if len(self.failed) > before:
            digest = ""  # so that the next run reads it again, and says again what is wrong
        self._note(FileState(source.path.as_posix(), source.root.as_posix(), source.document_id, reason, digest))

    def _keep(self, source: Source, digest: str) -> bool:
        """Keep the documents of a file whose bytes were indexed before; False where it has to be read."""
        path = source.path.as_posix()
        if self.old is None or self.anew:
            return False
        contents = self.old.contents
        known = next(contents.files("path = ?", (path,)), None)
        if known is None or known[1] != FileState(path, source.root.as_posix(), source.document_id, None, digest):
            return False
        if any(file == path and gone not in self.without for gone, file in contents.catalogue.removed.items()):
            return False  # a document comes back that had been taken out
        rows = [row for row in contents.rows("path = ?", (path,)) if row.id not in self.without]
        if any(self._taken(row.id, row.number) for row in rows):
            return False
        self.kept |= {row.number for row in rows}
        self.kept_files.add(known[0])
        return True

    def _taken(self, document_id: str, number: int | None) -> bool:
        """Whether this run has a document of an id already."""
        return number in self.kept or self.writer.store.holds(document_id)

    def _add(self, document: Document, root: str) -> None:
        held = self.old.contents.find(document.id) if self.old else None
        if held and held.root not in self.roots:
            raise UsageError(
                f"expected an id of its own for each document, found “{document.id}” in {held.root} and in what is added now. "
                "Rename one of the files, or index the folder that holds both."
            )
        if self._taken(document.id, held.number if held else None):
            reason = "expected an id of its own, found one that another document has. Rename it."
            self.failed.append(Failure(document.id, reason))
        elif held and not self.anew and same_row(held, document, root):
            self.kept.add(held.number)
        else:
            self.writer.store.add_document(self.writer.next_document(), document, root)

    def _note(self, state: FileState) -> None:
        known = next(self.old.contents.files("path = ?", (state.path,)), None) if self.old else None
        if known and known[1] == state and not self.anew:
            self.kept_files.add(known[0])
        else:
            self.writer.store.add_file(self.writer.next_file(), state)

    def leaving(self) -> list[DocumentRow]:
        """The documents of the old generation that are not in the new one as they were."""
        if self.old is None:
            return []
        contents = self.old.contents
        rows = [row for root in sorted(self.roots) for row in contents.rows("root = ?", (root,))]
        named = [row for entry in sorted(self.without) if (row := contents.find(entry))]
        found = {row.number: row for row in [*rows, *named] if row.number not in self.kept}
        return list(found.values())

    def leaving_files(self) -> set[int]:
        """The files of the old generation that are not in the new one as they were."""
        if self.old is None:
            return set()
        files = self.old.contents.files
        found = {number for root in self.roots for number, _ in files("root = ?", (root,))}
        found |= {number for entry in self.without for number, _ in files("document_id = ?", (entry,))}
        return found - self.kept_files

    def report(self, leaving: Sequence[DocumentRow]) -> Report:
        """Count what differs from the old generation."""
        before = {row.id: row for row in leaving}
        new = changed = 0
        for row in self.writer.store.rows():
            old = before.pop(row.id, None)
            new += old is None
            changed += old is not None and (old.sha256, old.metadata) != (row.sha256, row.metadata)
        held = self.old.manifest.documents if self.old else 0
        return Report(new, changed, held - changed - len(before), len(before), tuple(self.failed))


def same_row(held: DocumentRow, document: Document, root: str) -> bool:
    """Whether a document is the one that is held."""
    fields = (document.path, root, document.sha256, json.dumps(asdict(document.metadata)))
    return (held.path, held.root, held.sha256, held.metadata) == fields


def unwritable(document_id: str) -> str | None:
    """Why a file's name can't be an id, or None."""
    try:
        document_id.encode()
    except UnicodeEncodeError:
        return "expected a file name in UTF-8, found other bytes. Rename the file."
    return None
