"""What a command of `citewell eval` gets and gives, whoever calls it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from citewell.evaluate.run import Progress

DONE, NO = 0, 1


@dataclass(frozen=True, slots=True)
class Said:
    """What a command says, and its exit code: 0 done, 1 a gate failed or a case is unsound, 2 it can't be judged."""

    code: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What commands need of their surroundings.

    :param index: The folder of the index.
    :param progress: Told how far a run is.
    :param write: Shows one line at once.
    """

    index: Path
    progress: Progress
    write: Callable[[str], None]


Command = Callable[[argparse.Namespace, Desk], Said]
