"""Segments: a generation is a list of immutable folders; what left them since is noted beside them.

A run that adds a little writes a small segment and links the others. Small segments are folded into the next new one as
it grows (the scheme of log-structured merge trees, O'Neil et al., Acta Informatica 1996), so that there are never many.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import Any

from citewell.lexicon import Alias

CATALOGUE = "catalogue.json"
GROWTH = 4  # a segment is folded into a new one unless it is this many times as large: at most log4(n) segments
SMALLEST = 2_000  # passages; a new segment counts as at least so large, so a small index is always one segment
DEAD_SHARE = 0.25  # share of a segment's passages that may be dead before it is written anew
CHARACTERS = 1_000  # of text a passage, about: the size of a segment that is not cut yet

Range = tuple[int, int]  # half-open


@dataclass(frozen=True, slots=True)
class Segment:
    """A folder of documents with everything that is made of them; ranges are of the index's own numbers.

    :param digest: Of the documents' ids, contents and metadata.
    """

    name: str
    documents: Range
    files: Range
    units: Range
    passages: Range
    digest: str

    @property
    def size(self) -> int:
        """Passages, dead ones too."""
        return self.passages[1] - self.passages[0]


@dataclass(frozen=True, slots=True)
class Dead:
    """What a dead document had: passages [first, last), and so many units."""

    first: int
    last: int
    units: int


@dataclass(slots=True)
class Losses:
    """What has left a segment since it was written.

    :param documents: By the numbers of the dead documents.
    :param files: Numbers of dead files.
    :param words: Number of dead documents that hold a word; `names` and `repeats` likewise.
    :param stems: Those of dead passages.
    """

    documents: dict[int, Dead] = field(default_factory=dict)
    files: set[int] = field(default_factory=set)
    words: Counter[str] = field(default_factory=Counter)
    names: Counter[Alias] = field(default_factory=Counter)
    repeats: Counter[str] = field(default_factory=Counter)
    stems: set[str] = field(default_factory=set)

    @property
    def passages(self) -> int:
        """The number of dead passages."""
        return sum(dead.last - dead.first for dead in self.documents.values())


@dataclass(slots=True)
class Catalogue:
    """What the next run starts from, and what is dead.

    :param removed: Id of each document that was taken out though its file is still there → its file.
    :param manifest: The file of metadata that the last run was given, with the SHA-256 of its bytes.
    :param glossaries: The users' own names, by the file that gives them.
    :param losses: By the name of the segment; none for a segment that is whole.
    """

    roots: list[str] = field(default_factory=list)
    removed: dict[str, str] = field(default_factory=dict)
    manifest: tuple[str, str] | None = None
    losses: dict[str, Losses] = field(default_factory=dict)
    glossaries: dict[str, tuple[Alias, ...]] = field(default_factory=dict)

    def of(self, segment: str) -> Losses:
        """The losses of a segment."""
        return self.losses.get(segment) or Losses()


def segments_kept(segments: Sequence[Segment], dead: Mapping[str, int], characters: int) -> int:
    """How many of the first segments stay as they are when so many characters are added; the others are folded.

    :param dead: Dead passages by the name of the segment.
    """
    live = [segment.size - dead.get(segment.name, 0) for segment in segments]
    rotten = (n for n, segment in enumerate(segments) if dead.get(segment.name, 0) > DEAD_SHARE * segment.size)
    kept = next(rotten, len(segments))
    size = -(-characters // CHARACTERS) + sum(live[kept:])
    while kept and live[kept - 1] < GROWTH * max(size, SMALLEST):
        kept -= 1
        size += live[kept]
    return kept


def write_catalogue(folder: Path, catalogue: Catalogue) -> None:
    """Write the catalogue of a generation."""
    fields: dict[str, Any] = asdict(catalogue)
    for name, losses in catalogue.losses.items():
        fields["losses"][name] = {
            "documents": [[number, d.first, d.last, d.units] for number, d in sorted(losses.documents.items())],
            "files": sorted(losses.files),
            "words": dict(sorted(losses.words.items())),
            "names": sorted([alias.name, alias.means, alias.kind, count] for alias, count in losses.names.items()),
            "repeats": dict(sorted(losses.repeats.items())),
            "stems": sorted(losses.stems),
        }
    fields["glossaries"] = {
        path: [astuple(alias) for alias in aliases] for path, aliases in catalogue.glossaries.items()
    }
    (folder / CATALOGUE).write_text(json.dumps(fields, indent=1, sort_keys=True), encoding="utf-8")


def read_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue of a generation; ValueError, KeyError or TypeError where it is damaged."""
    fields = json.loads((folder / CATALOGUE).read_text(encoding="utf-8"))
    losses = {
        name: Losses(
            documents={number: Dead(*places) for number, *places in entry["documents"]},
            files=set(entry["files"]),
            words=Counter(entry["words"]),
            names=Counter({Alias(*names): count for *names, count in entry["names"]}),
            repeats=Counter(entry["repeats"]),
            stems=set(entry["stems"]),
        )
        for name, entry in fields["losses"].items()
    }
    manifest = tuple(fields["manifest"]) if fields["manifest"] else None
    glossaries = {path: tuple(Alias(*row) for row in rows) for path, rows in fields.get("glossaries", {}).items()}
    return Catalogue(fields["roots"], fields["removed"], manifest, losses, glossaries)
