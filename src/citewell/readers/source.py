"""Which files there are to read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from citewell.errors import ReadError, UsageError
from citewell.readers.limits import LIMITS

CORPUS = "corpus.jsonl"
ROWS_SUFFIXES = (".jsonl", ".ndjson")
PAGE_PARTS = (".css", ".js", ".map", ".svg", ".woff", ".woff2")
PICTURES = (
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"), (b"RIFF", "a picture or a recording"), (b"ID3", "a recording"), (b"\0\0\0\x18ftyp", "a film"),
    (b"\0\0\0\x1cftyp", "a film"), (b"\0\0\0 ftyp", "a film"),
)  # fmt: skip
MANIFESTS = ("manifest.csv", "manifest.json")
GLOSSARY = "glossary.csv"
IS_GLOSSARY = "a glossary, which says which names mean the same"


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


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file of a folder that is no document, and why it is taken for none."""

    source: Source
    reason: str


def discover(paths: Sequence[Path]) -> tuple[Source, ...]:
    """Find the files to read under files and folders, sorted by document id, each once."""
    return survey(paths)[0]


def survey(paths: Sequence[Path]) -> tuple[tuple[Source, ...], tuple[PassedOver, ...]]:
    """Find the files to read, as `discover` does, and those of folders that are passed over.

    These are pictures and the like, a folder's own manifest or glossary, and what goes with a corpus.jsonl (its queries, judgements).
    Hidden files and folders are not looked at. A file that is given itself is read whatever it is, but for a glossary.
    """
    sources: dict[str, Source] = {}
    others: dict[str, PassedOver] = {}
    for path in paths:
        root = Path(os.path.abspath(path))
        for source, reason in found_under(root, path):
            if reason:
                others.setdefault(source.document_id, PassedOver(source, reason))
                continue
            other = sources.setdefault(source.document_id, source)
            if other.path != source.path:
                raise UsageError(
                    f"expected one file for each document id, found {other.path} and {source.path}, both "
                    f"“{source.document_id}”; give the folder that holds both instead"
                )
    return tuple(sources[name] for name in sorted(sources)), tuple(others[name] for name in sorted(others))


def found_under(root: Path, given: Path) -> Iterator[tuple[Source, str | None]]:
    """The files of one argument, each with the reason to pass it over, if there is one."""
    if root.is_file():
        yield Source(root, root.name, root), IS_GLOSSARY if root.name.lower() == GLOSSARY else None
    elif root.is_dir():
        for path, reason in files_in(root):
            yield Source(path, path.relative_to(root).as_posix(), root), reason
    else:
        raise UsageError(
            f"expected a file or folder, found nothing at {given}; check the spelling, or create the folder and put "
            "documents into it"
        )


def files_in(root: Path) -> Iterator[tuple[Path, str | None]]:
    """The visible files below a folder; links that lead out of it are refused."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        visible = [name for name in names if not name.startswith(".")]
        for name in (*folders, *visible):
            refuse_leaving(Path(folder, name), root)
        for name in visible:
            path = Path(folder, name)
            if path.is_file():
                yield path, reason_to_pass_over(path, beside_corpus=CORPUS in visible)


def reason_to_pass_over(path: Path, *, beside_corpus: bool) -> str | None:
    """Why a file of a folder is no document: by its name, or by the bytes that it opens with."""
    name = path.name.lower()
    if name == GLOSSARY:
        return IS_GLOSSARY
    if beside_corpus and name != CORPUS:
        return f"it goes with {CORPUS}"
    if name in MANIFESTS:
        return "a manifest, which says what documents are: give it with --manifest"
    if is_rows(name) and name != CORPUS:
        return "rows of data; to read them as documents, give the file itself"
    try:
        with path.open("rb") as stream:
            return kind_of_picture(name, stream.read(12))
    except OSError:
        return None  # reading it will say what is wrong


def kind_of_picture(name: str, opening: bytes) -> str | None:
    """What a file is that no text is in, by the end of its name or its first bytes; None if it may be a document."""
    if name.lower().endswith(PAGE_PARTS):
        return "a part of a web page"
    return next((kind for signature, kind in PICTURES if opening.startswith(signature)), None)


def refuse_leaving(path: Path, root: Path) -> None:
    """Refuse a symbolic link to something outside the folder that the user gave."""
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        raise UsageError(
            f"expected only files inside {root}, found the link {path} to {path.resolve()}; remove the link, or give "
            "what it leads to as a path of its own"
        )


def load(source: Source) -> bytes:
    """Read a source's bytes, once its size is known to be within the limits."""
    with opened(source) as stream:
        return stream.read()


def digest_of(source: Source) -> str:
    """The SHA-256 of a source's bytes, however many they are."""
    with opened(source) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def opened(source: Source) -> Iterator[BufferedReader]:
    """Open a source whose size is within the limits; ReadError where it can't be read."""
    try:
        with source.path.open("rb") as stream:
            size, most = os.fstat(stream.fileno()).st_size, size_limit(source.document_id)
            if size > most:
                raise ReadError(
                    f"{source.document_id}: expected at most {most:,} bytes, found {size:,}; split the file"
                )
            yield stream
    except OSError as error:
        raise ReadError(
            f"{source.document_id}: expected a readable file, found: {error.strerror}; check its permissions"
        ) from error


def is_rows(name: str) -> bool:
    """Whether a file is rows of JSON, by its name."""
    return name.lower().endswith(ROWS_SUFFIXES)


def size_limit(name: str) -> int:
    """The most bytes that a file of this name may have."""
    return LIMITS.corpus_bytes if is_rows(name) else LIMITS.file_bytes
