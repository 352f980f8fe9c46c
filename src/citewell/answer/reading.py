"""What one question reads of an index: its best passages, what stands around them, and no document's units as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from citewell.index import Index, PassageRow, UnitRow
from citewell.lexicon import analyse
from citewell.types import Document

BACK = 8  # passages read at once on the way back through a block that is longer than two


class Reading:
    """Units with their neighbours, each read once; made for one question and dropped with it.

    :param passages: Numbers of the passages whose units are looked at.
    """

    def __init__(self, index: Index, passages: Sequence[int]) -> None:
        self.index = index
        self.lexicon = index.lexicon
        self._documents: dict[int, Document] = {}
        self._units: dict[int, UnitRow] = {}
        self.spoken: dict[int, frozenset[str]] = {}  # number of a unit → all names of the drugs that it is about
        self._named: dict[str, list[str]] = {}  # the drugs in a heading
        self._unread: dict[int, range] = {}  # unit before which none was read → the passages to read before it
        found = index.passages(passages)
        self.passages = {number: found[number] for number in passages}
        for passage in self.passages.values():
            self._documents[passage.document] = index.bare_document(passage.document)
            self._read([passage], back=1)

    def _read(self, passages: Sequence[PassageRow], back: int) -> None:
        """Read consecutive passages of one document with the unit on either side; the next time, `back` ones before."""
        first, last = passages[0], passages[-1]
        self._units |= {row.number: row for row in self.index.units_around(first.first, last.last)}
        self._unread[first.first - 1] = range(first.number - back, first.number)

    def document(self, row: UnitRow) -> Document:
        """The document of a unit."""
        return self._documents[row.document]

    def text(self, row: UnitRow) -> str:
        """A unit as it is printed."""
        return self.document(row).text[row.unit.start : row.unit.end]

    def units(self, passage: PassageRow) -> list[UnitRow]:
        """The units of one of the passages, in order."""
        return [self._units[number] for number in range(passage.first, passage.last)]

    def after(self, row: UnitRow) -> UnitRow | None:
        """The next unit of the document, in whatever block."""
        return self._neighbour(row, 1)

    def before(self, row: UnitRow) -> UnitRow | None:
        """The unit before it in the document, in whatever block."""
        if row.number - 1 not in self._units and (unread := self._unread.pop(row.number, None)):
            found = self.index.passages(unread).values()
            if mine := [other for other in found if other.document == row.document]:
                self._read(mine, back=BACK)
        return self._neighbour(row, -1)

    def _neighbour(self, row: UnitRow, step: int) -> UnitRow | None:
        other = self._units.get(row.number + step)
        return other if other and other.document == row.document else None

    def stems(self, row: UnitRow) -> tuple[str, ...]:
        """The stems of a unit."""
        return stems_of(self.text(row))

    def drugs_named(self, row: UnitRow) -> list[str]:
        """The drugs that a unit names."""
        return [] if self.lexicon.drug_stems.isdisjoint(self.stems(row)) else self.lexicon.drugs_in(self.text(row))

    def drugs_before(self, row: UnitRow) -> list[str]:
        """The drugs of the nearest unit before this one in its block that names any."""
        return next(filter(None, map(self.drugs_named, self._block_before(row))), [])

    def drugs_above(self, row: UnitRow) -> list[str]:
        """The drugs of the nearest heading above a unit that names any, else of the document's title."""
        headings = (*reversed(row.unit.section), self.document(row).metadata.title)
        return next(filter(None, map(self._drugs_in_heading, headings)), [])

    def _drugs_in_heading(self, heading: str) -> list[str]:
        if heading not in self._named:
            self._named[heading] = self.lexicon.drugs_in(heading)
        return self._named[heading]

    def _block_before(self, row: UnitRow) -> Iterator[UnitRow]:
        """The units before one in its block, nearest first."""
        block, before = row.unit.block, self.before(row)
        while before and before.unit.block == block:
            yield before
            before = self.before(before)


@lru_cache(maxsize=8192)
def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a unit or of what stands above it; a small library's are all remembered."""
    return tuple(analyse(text))
