"""What a run starts from: the old generation, or what can be trusted of it, and the roots to look at."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from citewell.errors import IndexDamaged, IndexMissing, UsageError
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
from citewell.index.segments import CATALOGUE, Catalogue, read_catalogue
from citewell.index.vectors import VectorReader, open_vectors
from citewell.lexicon import Alias, read_glossary
from citewell.readers import GLOSSARY, PassedOver, load_manifest
from citewell.readers import Manifest as Overrides
from citewell.settings import Segmentation


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
        return Old(folder, manifest, contents, open_vectors(folder, manifest.dimension, contents))


def sources_of(index: Path) -> list[Path]:
    """The files and folders that an index is made from."""
    folder = current_folder(index)
    with readable(folder):
        return [Path(root) for root in read_catalogue(folder).roots]


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


def load_glossaries(
    others: Sequence[PassedOver], before: Catalogue, looked_at: set[str]
) -> dict[str, tuple[Alias, ...]]:
    """The users' own names, by file: those of the folders looked at as they are now, those of the others as they were.

    :param looked_at: The roots of this run, and those that leave.
    """
    kept = {
        path: aliases
        for path, aliases in before.glossaries.items()
        if not any(Path(path).is_relative_to(root) for root in looked_at)
    }
    files = [other.source.path for other in others if other.source.path.name.lower() == GLOSSARY]
    return kept | {path.as_posix(): read_glossary(path) for path in files}
