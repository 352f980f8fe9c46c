"""Sources → a new generation: read what changed, cut and encode what is new, link the rest, switch."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, astuple, replace
from importlib.metadata import version
from pathlib import Path

from citewell.encode import DEFAULT, NONE, Encoder, open_encoder
from citewell.errors import UsageError
from citewell.index.contents import Contents
from citewell.index.generation import (
    SCHEMA_VERSION,
    Generation,
    Manifest,
    describe_parts,
    link_parts,
    new_generation,
    still_linked,
    writable,
    write_manifest,
    writer_lock,
)
from citewell.index.intake import Intake, Progress, Report
from citewell.index.lexical import FOLDER, LexicalWriter
from citewell.index.pieces import Piece, Reusable, SegmentWriter, names_of, stems_of, words_of
from citewell.index.rows import DocumentRow
from citewell.index.segments import Catalogue, Dead, Losses, Segment, segments_kept, write_catalogue
from citewell.index.sources import (
    Old,
    absolute,
    check_removals,
    choose_roots,
    load_glossaries,
    load_overrides,
    open_old,
    salvage,
    staying_out,
    swallowed,
)
from citewell.readers import survey
from citewell.repeats import keys_of
from citewell.settings import Segmentation
from citewell.types import Passage


def build(
    paths: Sequence[Path],
    *,
    index: Path,
    encoder: str | None = None,
    manifest: Path | None = None,
    remove: Sequence[str] = (),
    repair: bool = False,
    progress: Progress | None = None,
    settings: Segmentation | None = None,
) -> Report:
    """Bring an index up to date with its sources, and add new ones.

    :param paths: Files and folders; none means those that the index was made from.
    :param encoder: A model's name or folder, "none", or None for the index's own, else the default.
    :param remove: Ids of documents, or paths of sources, that leave the index.
    :param repair: Take over nothing but the names of the sources; the old generation may be damaged.
    """
    settings = settings or Segmentation()
    with writer_lock(index):
        old = None if repair else open_old(index)
        before, name = salvage(index) if repair else (Catalogue(), None)
        if old:
            before, name = old.contents.catalogue, old.manifest.encoder
        gone = {absolute(entry).as_posix() for entry in remove}
        roots = choose_roots([absolute(path) for path in paths], before, old, gone)
        if not roots and not (old and remove):
            name_some = f"Name some: citewell index PATH… {'--repair ' if repair else ''}--index {index}"
            raise UsageError(f"expected files or folders to index, found none. {name_some}")
        check_removals(remove, old)
        gone |= swallowed(roots, before) | (set() if paths else set(before.roots) - {root.as_posix() for root in roots})
        inside = absolute(index)
        without = staying_out(before, old, remove, paths)
        found, others = survey(roots)
        sources = [s for s in found if not s.path.is_relative_to(inside) and s.document_id not in without]
        others = tuple(other for other in others if not other.source.path.is_relative_to(inside))
        if manifest is None and before.manifest:
            manifest = Path(before.manifest[0])
        overrides, digest = load_overrides(manifest)
        looked_at = {root.as_posix() for root in roots} | gone
        catalogue = next_catalogue(before, roots, gone, without, manifest, digest)
        catalogue.glossaries = load_glossaries(others, before, looked_at)
        model = open_encoder(encoder or name or DEFAULT)
        with writable(index), new_generation(index) as generation:
            documents, files = next_numbers(old)
            segment = generation.folder.name.replace("g", "s")
            writer = SegmentWriter(generation.folder, segment, documents=documents, files=files)
            alike = old is not None and old.same_rules(settings)
            anew = not alike or before.manifest != catalogue.manifest
            intake = Intake(writer, old, anew, looked_at, set(without))
            intake.pass_over(others)
            intake.read(sources, overrides, progress)
            leaving = intake.leaving()
            report = intake.report(leaving)
            run = Run(generation, intake, leaving, catalogue, model, settings, progress)
            if alike and run.changes_nothing():
                generation.drop()
            else:
                run.write()
        return report


def next_catalogue(
    before: Catalogue, roots: Sequence[Path], gone: set[str], out: dict[str, str], manifest: Path | None, digest: str
) -> Catalogue:
    """What the run after this one starts from."""
    known = {*before.roots} - gone | {root.as_posix() for root in roots}
    return Catalogue(
        sorted(known), dict(sorted(out.items())), (absolute(manifest).as_posix(), digest) if manifest else None
    )


def next_numbers(old: Old | None) -> tuple[int, int]:
    """The numbers of the next document and of the next file."""
    if old is None or not old.manifest.segments:
        return 0, 0
    last = old.manifest.segments[-1]
    return last.documents[1], last.files[1]


class Run:
    """One run that has read its sources, and what it writes."""

    def __init__(
        self,
        generation: Generation,
        intake: Intake,
        leaving: Sequence[DocumentRow],
        catalogue: Catalogue,
        encoder: Encoder | None,
        settings: Segmentation,
        progress: Progress | None,
    ) -> None:
        self._folder, self._intake, self._leaving = generation.folder, intake, leaving
        self._catalogue, self._encoder, self._settings = catalogue, encoder, settings
        self._progress = progress
        self._old, self._store = intake.old, intake.writer.store
        self._name, self._weights = (encoder.name, encoder.weights) if encoder else (NONE, "")
        self._reusable = self._old is not None and self._old.same_encoder(self._name, self._weights)

    def changes_nothing(self) -> bool:
        """Whether the old generation holds already what this run would write, but for the rules."""
        if self._old is None or not self._reusable or self._leaving or self._intake.leaving_files():
            return False
        before, now = self._old.contents.catalogue, self._catalogue
        same = (before.roots, before.removed, before.manifest) == (now.roots, now.removed, now.manifest)
        same = same and before.glossaries == now.glossaries
        return same and not self._store.count("documents") and not self._store.count("files")

    def write(self) -> None:
        """Write the parts and the manifest."""
        segments = list(self._kept_segments())
        linked = self._link(segments)
        lexical = LexicalWriter(self._folder)
        self._bury(segments, lexical)
        self._fold(len(segments), lexical)
        if not segments or self._store.count("documents") or self._store.count("files"):
            segments.append(self._new_segment(segments, lexical))
        else:
            self._intake.writer.drop()
        lexical.close()
        write_catalogue(self._folder, self._catalogue)
        same = still_linked(self._old.folder, self._folder, linked) if self._old else {}
        write_manifest(self._folder, self._manifest(segments, describe_parts(self._folder, same)))

    def _new_segment(self, kept: Sequence[Segment], lexical: LexicalWriter) -> Segment:
        """Cut, encode and index what is new or folded."""
        first = (kept[-1].units[1], kept[-1].passages[1]) if kept else (0, 0)
        old = self._old
        reusable = Reusable(old.contents, old.vectors, old.check) if old and self._reusable and old.vectors else None
        return self._intake.writer.write(lexical, self._encoder, reusable, self._settings, first, self._tell)

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._progress:
            self._progress(stage, done, total)

    def _kept_segments(self) -> tuple[Segment, ...]:
        """The segments that stay as they are, but for what has died in them."""
        if self._old is None or not self._reusable or self._intake.anew:
            return ()
        contents, segments = self._old.contents, self._old.manifest.segments
        dead = {segment.name: contents.catalogue.of(segment.name).passages for segment in segments}
        for row in self._leaving:
            dead[contents.segment_of(row.number).name] += len(contents.passages_of(row.number))
        return segments[: segments_kept(segments, dead, self._store.characters())]

    def _link(self, kept: Sequence[Segment]) -> dict[str, tuple[int, str]]:
        """Link the parts of the segments that stay, and the lexical index that they are in."""
        if self._old is None or not kept:
            return {}
        folders = {segment.name for segment in kept} | {FOLDER}
        parts = {name: part for name, part in self._old.manifest.parts.items() if name.split("/")[0] in folders}
        link_parts(self._old.folder, self._folder, parts)
        return parts

    def _bury(self, kept: Sequence[Segment], lexical: LexicalWriter) -> None:
        """Note what leaves the segments that stay, and take it out of the lexical index."""
        if self._old is None or not kept:
            return
        contents, files = self._old.contents, self._intake.leaving_files()
        losses = {segment.name: contents.catalogue.of(segment.name) for segment in kept}
        for segment in kept:
            losses[segment.name].files |= {n for n in files if segment.files[0] <= n < segment.files[1]}
        for row in self._leaving:
            name = contents.segment_of(row.number).name
            if name in losses:
                dead = bury(losses[name], contents, row.number)
                lexical.delete(dead.first, dead.last)
        self._catalogue.losses = {name: each for name, each in losses.items() if each != Losses()}

    def _fold(self, kept: int, lexical: LexicalWriter) -> None:
        """Take what lives in the other segments into the new one."""
        if self._old is None:
            return
        contents, writer = self._old.contents, self._intake.writer
        leaving, leaving_files = {row.number for row in self._leaving}, self._intake.leaving_files()
        for segment in self._old.manifest.segments[kept:]:
            self._old.check(segment.name)
            for row in list(contents.rows("n >= ? AND n < ?", segment.documents)):
                if row.number not in leaving:
                    text, blocks = contents.content(row.number)
                    self._store.add_row(replace(row, number=writer.next_document()), text, blocks)
            for number, state in contents.files("n >= ? AND n < ?", segment.files):
                if number not in leaving_files:
                    self._store.add_file(writer.next_file(), state)
            if kept:
                lexical.delete(*segment.passages)

    def _manifest(self, segments: Sequence[Segment], parts: dict[str, tuple[int, str]]) -> Manifest:
        dead = {name: sorted(losses.documents) for name, losses in sorted(self._catalogue.losses.items())}
        made_of = [[segment.digest for segment in segments], dead, SCHEMA_VERSION, self._name, self._weights]
        given = [
            [astuple(alias) for alias in aliases]
            for _, aliases in sorted(self._catalogue.glossaries.items())
            if aliases
        ]
        digest = hashlib.sha256(json.dumps([*made_of, asdict(self._settings), *given]).encode())
        counts = Counter[str]()
        for segment in segments:
            losses = self._catalogue.of(segment.name)
            counts += Counter(
                documents=segment.documents[1] - segment.documents[0] - len(losses.documents),
                units=segment.units[1] - segment.units[0] - sum(dead.units for dead in losses.documents.values()),
                passages=segment.size - losses.passages,
            )
        return Manifest(
            schema=SCHEMA_VERSION,
            fingerprint=digest.hexdigest()[:16],
            encoder=self._name,
            weights=self._weights,
            dimension=self._encoder.dimension if self._encoder else 0,
            version=version("citewell"),
            settings=asdict(self._settings),
            documents=counts["documents"],
            units=counts["units"],
            passages=counts["passages"],
            segments=tuple(segments),
            parts=parts,
        )


def bury(losses: Losses, contents: Contents, number: int) -> Dead:
    """Add a document to the losses of its segment."""
    document, units, rows = contents.document(number), contents.units_of(number), contents.passages_of(number)
    if document is None:
        raise KeyError(number)
    first = units[0].number if units else 0
    passages = tuple(Passage(row.first - first, row.last - first) for row in rows)
    piece = Piece(number, document, tuple(row.unit for row in units), passages)
    dead = Dead(rows[0].number, rows[-1].number + 1, len(units)) if rows else Dead(0, 0, len(units))
    losses.documents[number] = dead
    losses.words.update(words_of(document))
    losses.names.update(names_of(document))
    losses.repeats.update(keys_of(document, piece.units))
    losses.stems |= {stem for stems in stems_of(piece) for stem in stems}
    return dead
