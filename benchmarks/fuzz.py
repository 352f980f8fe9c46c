"""Hostile files of every format: python -m benchmarks.fuzz [--inputs 2000] [--shared ../shared/data/raw].

Each format's files, our own and the real ones, are cut, flipped, nested, filled up, re-encoded and more, and read in a process
of their own under the limits that indexing sets. Shown: how many were read, how many refused, what else was raised, the longest
reading in seconds and the most memory of the process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from citewell.errors import ReadError
from citewell.readers import LIMITS, Source, read
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.terminal import table
from citewell.types import Document
from tests.formats_made import FILES
from tests.mutations import mutations

SEED = 20261124
HEADER = ["format", "inputs", "read", "refused", "at a limit", "anything else", "longest s", "peak MiB"]
EXPECTED = ("read", "refused", "at a limit")
LARGEST = 200_000  # bytes of a real file that inputs are made of: more only takes longer
SUFFIXES = {
    "spl": "label.xml",
    "fhir_epi": "leaflet.xml",
    "jats": "article.nxml",
    "openfda": "record.json",
    "pdf": "guideline.pdf",
}


def originals(name: str, shared: Path) -> list[bytes]:
    """The files of a format: ours, and real ones where they are here."""
    folders = [folder for folder, format_of in SUFFIXES.items() if format_of == name]
    real = [
        path for folder in folders for path in sorted((shared / folder).glob("*")) if path.suffix not in (".csv", ".md")
    ]
    return [FILES[name], *(path.read_bytes() for path in real if path.stat().st_size <= LARGEST)]


def inputs(name: str, count: int, shared: Path) -> Iterator[bytes]:
    """So many hostile inputs of a format."""
    files = originals(name, shared)
    each = -(-count // len(files))
    for number, data in enumerate(files):
        yield from mutations(data, each, SEED + number)


def read_all(name: str, count: int, shared: Path) -> dict[str, object]:
    """Read all inputs of a format here, under the limits of a process that reads."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.worker_bytes, LIMITS.worker_bytes))
    outcomes, longest, total = Counter[str](), 0.0, 0
    for data in inputs(name, count, shared):
        start = time.perf_counter()
        outcomes[outcome(name, data)] += 1
        longest, total = max(longest, time.perf_counter() - start), total + 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"inputs": total, "outcomes": outcomes, "longest": longest, "peak": peak}


def outcome(name: str, data: bytes) -> str:
    """What became of one input."""
    try:
        for document in read(Source(Path("/") / name, name, Path("/")), data):
            if isinstance(document, Document):
                split_units(document, Segmentation())
    except (ReadError, MemoryError, RecursionError) as error:
        return "refused" if isinstance(error, ReadError) else "at a limit"
    except BaseException as error:  # noqa: BLE001 - whatever else comes is what is looked for
        return f"{type(error).__name__}: {str(error)[:60]}"
    return "read"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every format in a process of its own, and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--inputs", type=int, default=2000)
    options.add_argument("--shared", type=Path, default=Path("../shared/data/raw"))
    options.add_argument("--only", choices=list(FILES))
    given = options.parse_args(arguments)
    if given.only:
        print(json.dumps(read_all(given.only, given.inputs, given.shared)))
        return 0
    rows, bad = [], 0
    for name in sorted(FILES, key=lambda name: name.endswith(".pdf")):  # pages take longest
        print(f"reading {name}", file=sys.stderr)
        command = [
            sys.executable,
            "-m",
            "benchmarks.fuzz",
            "--only",
            name,
            "--inputs",
            str(given.inputs),
            "--shared",
            str(given.shared),
        ]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            rows.append([name, "", "", "", "", f"the process ended with {ran.returncode}: {ran.stderr[-200:]}", "", ""])
            bad += 1
            continue
        found = json.loads(ran.stdout)
        outcomes = found["outcomes"]
        other = {kind: count for kind, count in outcomes.items() if kind not in EXPECTED}
        bad += sum(other.values())
        counts = [str(outcomes.get(kind, 0)) for kind in EXPECTED]
        rows.append(
            [name, str(found["inputs"]), *counts, json.dumps(other), f"{found['longest']:.2f}", f"{found['peak']:.0f}"]
        )
    print(table([HEADER, *rows]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
