"""Odd and hostile texts, read and cut at two sizes: python -m benchmarks.hostile. Twice the text should take twice the time."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path

from citewell.answer.disagree import AMOUNT, INTERVAL
from citewell.errors import ReadError
from citewell.readers import Source, read
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Document

SIZE = 200_000  # characters of the larger text
TEXTS = (
    ("a.txt", "The word is here. "), ("a.txt", "(a. B "), ("a.txt", "‘“(a? "), ("a.txt", "word.Word word"),
    ("a.txt", "Treat bone increase Treat "), ("a.txt", "."), ("a.txt", "!?"), ("a.txt", "7"), ("a.txt", "A.A. "),
    ("a.txt", "a\f"), ("a.txt", "- a\n"), ("a.txt", "A"), ("a.txt", ". "), ("a.txt", "a  b\n"), ("a.txt", "A b c\n\n"),
    ("a.md", "<!---->"), ("a.md", "> "), ("a.md", "- "), ("a.md", "# a\n"), ("a.md", "| a | b |\n"),
    ("a.html", "<td>a"), ("a.html", "<li>a"),
)  # fmt: skip


def seconds(name: str, text: str) -> float:
    """The time to read a text, cut it into units and look for amounts and intervals in them."""
    started = time.perf_counter()
    source = Source(Path("/", name), name, Path("/"))
    with contextlib.suppress(ReadError):
        for document in read(source, text.encode()):
            if isinstance(document, Document):
                for unit in split_units(document, Segmentation()):
                    quoted = document.text[unit.start : unit.end]
                    for pattern in (AMOUNT, INTERVAL):
                        sum(1 for _ in pattern.finditer(quoted))
    return time.perf_counter() - started


def main() -> int:
    """Measure each text at half and at full size and print what doubling it costs."""
    print("| Text | half, s | whole, s | ratio |", "|---|---:|---:|---:|", sep="\n")
    for name, unit in TEXTS:
        half, full = (seconds(name, unit * (size // len(unit)) + "x") for size in (SIZE // 2, SIZE))
        print(
            f"| {name}: `{unit!r}` × {SIZE // len(unit):,} | {half:.2f} | {full:.2f} | {full / half:.1f} |", flush=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
