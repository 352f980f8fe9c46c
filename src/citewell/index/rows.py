"""What an index's tables hold, a dataclass a row, and how documents and units are written in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from citewell.records import CLASSES
from citewell.types import SourceClass, Unit, UnitKind


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document without its text; `metadata` is JSON."""

    number: int
    id: str
    path: str
    root: str
    sha256: str
    metadata: str


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage with its place: units [first, last), characters [start, end) of document number `document`."""

    number: int
    document: int
    document_id: str
    first: int
    last: int
    start: int
    end: int
    source_class: SourceClass


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its number in the index and its document's number."""

    number: int
    document: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class FileState:
    """What became of one file: `reason` is None where it was read, `sha256` that of its bytes, empty if they weren't.

    :param skipped: It was passed over as no document, for the reason given.
    """

    path: str
    root: str
    document_id: str
    reason: str | None
    sha256: str
    skipped: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The part of an index that a question is put to.

    :param classes: Source classes; none means any. `documents` likewise, by their numbers.
    :param passages: The numbers of its passages, in order.
    """

    classes: tuple[SourceClass, ...]
    documents: tuple[int, ...]
    passages: NDArray[np.int64]


KINDS = {kind.value: kind for kind in UnitKind}  # calling an Enum takes ten times as long


@lru_cache(maxsize=4096)
def section_from_json(text: str) -> tuple[str, ...]:
    """A section path, parsed once for all its units."""
    return tuple(json.loads(text))


Columns: TypeAlias = tuple[int, int, int, int, str, str, str, int | None, int | None, int | None, int, str | None]


def unit_from_row(row: Columns) -> UnitRow:
    """A unit from the columns that `Store.units` selects."""
    number, document, start, end, kind, section, source_class, page, lead_start, lead_end, block, place = row
    lead = None if lead_start is None or lead_end is None else (lead_start, lead_end)
    unit = Unit(start, end, KINDS[kind], section_from_json(section), CLASSES[source_class], page, lead, block, place)
    return UnitRow(number, document, unit)
