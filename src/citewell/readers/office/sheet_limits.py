"""What is accepted of a spreadsheet at most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """The bounds of one sheet. None of them changes an answer; each stops a file that would stall the run."""

    row: int = 1_048_576  # the last row that Excel has
    column: int = 16_384  # the last column that Excel has
    merged: int = 1_000_000  # cells that merged ones are copied to
    values: int = 2_000_000  # of a file of values; some 200 bytes of memory each


LIMITS = SheetLimits()
