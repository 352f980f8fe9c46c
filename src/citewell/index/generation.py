"""Generations: immutable folders, one atomic switch, one writer, and the hashes that prove them whole."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from citewell.errors import IndexDamaged, IndexMissing, UsageError
from citewell.index.segments import CATALOGUE, Segment

SCHEMA_VERSION = 5
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
LOCK = "LOCK"
ATTEMPTS = 20  # to remove a folder
PAUSE = 0.05  # seconds between them


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of and made with."""

    schema: int
    fingerprint: str
    encoder: str
    weights: str
    dimension: int  # 0 for a lexical index
    version: str  # of Citewell
    settings: dict[str, Any]
    documents: int
    units: int
    passages: int
    segments: tuple[Segment, ...]
    parts: dict[str, tuple[int, str]]  # file → bytes, SHA-256


def rebuild_hint(index: Path) -> str:
    """The command that writes an index anew."""
    return f"Write it anew from its documents: citewell index --repair --index {index}"


def current_folder(index: Path) -> Path:
    """The folder of the generation in use."""
    pointer = index / CURRENT
    if not pointer.is_file():
        raise IndexMissing(f"expected an index in {index}, found none. Build it: citewell index PATH… --index {index}")
    name = pointer.read_text(encoding="utf-8", errors="replace").strip()
    folder = index / name
    if not name or "/" in name or not (folder / MANIFEST).is_file():
        raise IndexDamaged(f"expected {pointer} to name a generation, found {name!r}. {rebuild_hint(index)}")
    return folder


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest and check that its parts are there in their sizes."""
    index = folder.parent
    try:
        fields = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if fields["schema"] != SCHEMA_VERSION:
            found = fields["schema"]
            raise IndexDamaged(f"expected an index of schema {SCHEMA_VERSION}, found {found}. {rebuild_hint(index)}")
        fields["parts"] = {name: (int(size), str(digest)) for name, (size, digest) in fields["parts"].items()}
        fields["segments"] = tuple(segment_from(entry) for entry in fields["segments"])
        manifest = Manifest(**fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamaged(f"expected a manifest in {folder}, found {error}. {rebuild_hint(index)}") from error
    for name, (size, _) in manifest.parts.items():
        found = (folder / name).stat().st_size if (folder / name).is_file() else None
        if found != size:
            what = "nothing" if found is None else f"{found} bytes"
            raise IndexDamaged(f"expected {size} bytes in {folder / name}, found {what}. {rebuild_hint(index)}")
    for name in damaged_parts(folder, manifest, CATALOGUE):  # it is small, and every run goes by it
        raise IndexDamaged(f"expected {folder / name} as it was written, found other bytes. {rebuild_hint(index)}")
    return manifest


def segment_from(fields: dict[str, Any]) -> Segment:
    """A segment as `asdict` wrote it."""
    ranges: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    return Segment(**ranges)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, last of all parts, and sync the folder."""
    with (folder / MANIFEST).open("w", encoding="utf-8") as stream:
        json.dump(asdict(manifest), stream, indent=1, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    sync(folder)


def describe_parts(folder: Path, linked: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of every file of a generation, each new one synced to the disk.

    :param linked: The files that are an older generation's own, as it describes them.
    """
    parts = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            sync(path)
        elif path.name != MANIFEST and not path.name.startswith(".tantivy"):
            if name not in linked:
                sync(path)
            parts[name] = linked.get(name) or (path.stat().st_size, hash_file(path))
    return parts


def link_parts(old: Path, folder: Path, parts: Mapping[str, tuple[int, str]]) -> None:
    """Have parts of an older generation in a new one too, without copying where the file system can."""
    for name in parts:
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        try:
            os.link(old / name, target)
        except OSError:  # across file systems, or one without links
            shutil.copyfile(old / name, target)


def still_linked(old: Path, folder: Path, parts: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """The parts of an older generation that a new one has as they were."""
    same = (name for name in parts if (folder / name).is_file() and (folder / name).samefile(old / name))
    return {name: parts[name] for name in same}


@contextmanager
def as_os_errors() -> Iterator[None]:
    """Raise what FAISS and tantivy raise over a file that can't be written or read as the OSError that it is."""
    try:
        yield
    except (RuntimeError, ValueError) as error:
        raise OSError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # tantivy's, over altered bytes; Python has no other name for it
            raise
        raise OSError(str(error)) from error


@contextmanager
def writable(index: Path) -> Iterator[None]:
    """Say what is the matter where a new generation can't be written, or the old one can't be read for it."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise UsageError(
            f"expected room to write and a sound disk in {index}, found: {error}. "
            "What is indexed answers as before. Make room, then run it again."
        ) from error
    except sqlite3.DatabaseError as error:
        raise IndexDamaged(f"expected readable parts in {index}, found: {error}. {rebuild_hint(index)}") from error


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Say which index is damaged where a part of a generation can't be read."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RuntimeError, sqlite3.DatabaseError) as error:
        raise IndexDamaged(
            f"expected readable parts in {folder}, found: {error}. {rebuild_hint(folder.parent)}"
        ) from error


def damaged_parts(folder: Path, manifest: Manifest, under: str = "") -> list[str]:
    """The parts whose bytes are not those that were written; only those whose name begins with `under`."""
    parts = ((name, digest) for name, (_, digest) in manifest.parts.items() if name.startswith(under))
    return [name for name, digest in parts if hash_file(folder / name) != digest]


def hash_file(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have the disk hold what was written to a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writer_lock(index: Path) -> Iterator[None]:
    """Hold the one writer's lock; the system drops it when its holder dies, so it never grows stale."""
    with writable(index):
        index.mkdir(parents=True, exist_ok=True)
        opened = (index / LOCK).open("a+", encoding="utf-8")
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise UsageError(
                f"expected to be the only writer of {index}, found another (process {holder}). Wait until it ends, then try again."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


class Generation:
    """A generation that is being written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wanted = True

    def drop(self) -> None:
        """Leave the current generation in use; this one is removed."""
        self.wanted = False


@contextmanager
def new_generation(index: Path) -> Iterator[Generation]:
    """Give a folder for a generation; when the block ends well it becomes the current one, else it is removed."""
    remove_unfinished(index)
    taken = [int(path.name[1:]) for path in index.glob("g*") if path.name[1:].isdigit()]
    generation = Generation(index / f"g{max(taken, default=0) + 1:06d}")
    generation.folder.mkdir()
    try:
        yield generation
    except BaseException:
        remove_folder(generation.folder)
        raise
    if generation.wanted:
        switch(index, generation.folder)
        remove_others(index, generation.folder)
    else:
        remove_folder(generation.folder)


def remove_folder(folder: Path) -> None:
    """Remove a folder; tantivy's threads may still write into it for a moment. What stays, the next run removes."""
    for _ in range(ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(PAUSE)


def switch(index: Path, folder: Path) -> None:
    """Name a generation as the current one in one atomic step."""
    pointer = index / (CURRENT + ".new")
    with pointer.open("w", encoding="utf-8") as stream:
        stream.write(folder.name + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    pointer.rename(index / CURRENT)
    sync(index)


def remove_unfinished(index: Path) -> None:
    """Remove what runs left behind that were killed: generations without a manifest. Only the writer may."""
    for path in index.glob("g*"):
        if path.name[1:].isdigit() and not (path / MANIFEST).exists():
            remove_folder(path)


def remove_others(index: Path, current: Path) -> None:
    """Remove all generations but the current one and those that a reader holds."""
    for path in index.glob("g*"):
        if path.name[1:].isdigit() and path != current and not is_held(path):
            (path / MANIFEST).unlink(missing_ok=True)  # first: what is left, should removing fail, is seen to be none
            remove_folder(path)


def hold(folder: Path) -> IO[bytes]:
    """Keep a generation from being removed for as long as the returned file is open."""
    stream = (folder / MANIFEST).open("rb")
    fcntl.flock(stream, fcntl.LOCK_SH)
    return stream


def is_held(folder: Path) -> bool:
    """Whether a reader holds a generation; one without a manifest was never finished."""
    try:
        with (folder / MANIFEST).open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
