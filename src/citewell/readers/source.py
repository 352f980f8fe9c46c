"""Which files there are to read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from citewell.errors import ReadError, UsageError
from citewell.readers.limits import LIMITS

CORPUS = "corpus.jsonl"
ROWS_SUFFIXES = (".jsonl", ".ndjson")
MANIFESTS = ("manifest.csv", "manifest.json")


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read.

    :param path: Absolute.
    :param document_id: Path relative to the given folder, with slashes; the name of a file that was given itself.
    :param root: The argument that it came from, absolute.
    """

    path: Path
    document_id: str
    root: Path


def discover(paths: Sequence[Path]) -> tuple[Source, ...]:
    """Find the files to read under files and folders, sorted by document id, each once.

    Hidden files and folders, a folder's own manifest, and what goes with a corpus.jsonl (its queries, judgements and
    the like) are left out.
    """
    sources: dict[str, Source] = {}
    for path in paths:
        root = Path(os.path.abspath(path))
        for source in found_under(root, path):
            other = sources.setdefault(source.document_id, source)
            if other.path != source.path:
                raise UsageError(
                    f"expected one file for each document id, found {other.path} and {source.path}, both "
                    f"“{source.document_id}”; give the folder that holds both instead"
                )
    return tuple(sources[document_id] for document_id in sorted(sources))


def found_under(root: Path, given: Path) -> Iterator[Source]:
    """The sources of one argument."""
    if root.is_file():
        yield Source(root, root.name, root)
    elif root.is_dir():
        for path in files_in(root):
            yield Source(path, path.relative_to(root).as_posix(), root)
    else:
        raise UsageError(
            f"expected a file or folder, found nothing at {given}; check the spelling, or create the folder and put "
            "documents into it"
        )


def files_in(root: Path) -> Iterator[Path]:
    """The readable files below a folder; links that lead out of it are refused."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        visible = [name for name in names if not name.startswith(".")]
        for name in (*folders, *visible):
            refuse_leaving(Path(folder, name), root)
        for name in [CORPUS] if CORPUS in visible else visible:
            path = Path(folder, name)
            if path.is_file() and is_document(name):
                yield path


def is_document(name: str) -> bool:
    """Whether a file of a folder is taken for a document, by its name."""
    lower = name.lower()
    return lower not in MANIFESTS and (lower == CORPUS or not lower.endswith(ROWS_SUFFIXES))


def refuse_leaving(path: Path, root: Path) -> None:
    """Refuse a symbolic link to something outside the folder that the user gave."""
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        raise UsageError(
            f"expected only files inside {root}, found the link {path} to {path.resolve()}; remove the link, or give "
            "what it leads to as a path of its own"
        )


def load(source: Source) -> bytes:
    """Read a source's bytes, once its size is known to be within the limits."""
    try:
        size = source.path.stat().st_size
        most = size_limit(source.document_id)
        if size > most:
            raise ReadError(f"{source.document_id}: expected at most {most:,} bytes, found {size:,}; split the file")
        return source.path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"{source.document_id}: expected a readable file, found: {error.strerror}; check its permissions"
        ) from error


def size_limit(name: str) -> int:
    """The most bytes that a file of this name may have."""
    return LIMITS.corpus_bytes if name.lower().endswith(ROWS_SUFFIXES) else LIMITS.file_bytes
