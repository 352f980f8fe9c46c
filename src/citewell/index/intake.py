"""What a run takes in of its sources: what is read anew, what stays as it is, and what leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from citewell.errors import ReadError, UsageError
from citewell.index.pieces import SegmentWriter
from citewell.index.rows import DocumentRow, FileState
from citewell.index.sources import Old
from citewell.readers import Failure, PassedOver, Source, digest_of
from citewell.readers import Manifest as Overrides
from citewell.readers.apart import Ended, read_apart
from citewell.records import metadata_to_json
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

    def pass_over(self, others: Sequence[PassedOver]) -> None:
        """Note the files of folders that are no documents."""
        for other in others:
            if not unwritable(other.source.document_id):
                self._note(state_of(other.source, other.reason, "", skipped=True))

    def read(self, sources: Sequence[Source], overrides: Overrides | None, progress: Progress | None) -> None:
        """Read every source that isn't as it was; a file that fails is noted and leaves the others alone."""
        tell = progress or (lambda *_: None)
        changed = []
        for number, source in enumerate(sources, start=1):
            if not self._settled(source):
                changed.append(source)
            tell("checking", number, len(sources))
        failures, done = len(self.failed), 0
        with closing(read_apart(changed, overrides)) as reading:
            for source, found in reading:
                if isinstance(found, Failure):
                    self.failed.append(found)
                elif isinstance(found, Document):
                    if found.id not in self.without:
                        self._add(found, source.root.as_posix())
                else:
                    self._end(source, found, whole=len(self.failed) == failures)
                    failures, done = len(self.failed), done + 1
                    tell("reading", done, len(changed))

    def _settled(self, source: Source) -> bool:
        """Whether a source needs no reading: it can't be read, or its documents are kept."""
        if reason := unwritable(source.document_id):
            self.failed.append(Failure(ascii(source.document_id), reason))
            return True
        try:
            return self._keep(source, digest_of(source))
        except ReadError as error:
            self._end(source, Ended("", str(error)), whole=False)
            return True

    def _end(self, source: Source, ended: Ended, *, whole: bool) -> None:
        """Note what became of a source; one that failed in part is read again by the next run, which says so again."""
        if ended.reason:
            self.failed.append(Failure(source.document_id, ended.reason))
        self._note(state_of(source, ended.reason, ended.sha256 if whole and not ended.reason else ""))

    def _keep(self, source: Source, digest: str) -> bool:
        """Keep the documents of a file whose bytes were indexed before; False where it has to be read."""
        path = source.path.as_posix()
        if self.old is None or self.anew:
            return False
        contents = self.old.contents
        known = next(contents.files("path = ?", (path,)), None)
        if known is None or known[1] != state_of(source, None, digest):
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


def state_of(source: Source, reason: str | None, sha256: str, *, skipped: bool = False) -> FileState:
    """What became of a source."""
    return FileState(source.path.as_posix(), source.root.as_posix(), source.document_id, reason, sha256, skipped)


def same_row(held: DocumentRow, document: Document, root: str) -> bool:
    """Whether a document is the one that is held."""
    fields = (document.path, root, document.sha256, metadata_to_json(document.metadata))
    return (held.path, held.root, held.sha256, held.metadata) == fields


def unwritable(document_id: str) -> str | None:
    """Why a file's name can't be an id, or None."""
    try:
        document_id.encode()
    except UnicodeEncodeError:
        return "expected a file name in UTF-8, found other bytes. Rename the file."
    return None
