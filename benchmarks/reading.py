"""What reading costs beside the rest: python -m benchmarks.reading [--labels 200] [--pages 1000] [--shared ../shared/data].

Real labels (tac_adr_labels, written as SPL, a file a label) and real pages (MedQuAD, written as HTML) are indexed with the default
model. Shown: seconds of reading and of the whole, their ratio, and the most memory of the program and of a process that reads.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from citewell.index import build
from citewell.readers.apart import CREW
from citewell.terminal import table

LABEL = (
    '<?xml version="1.0" encoding="UTF-8"?><document xmlns="urn:hl7-org:v3"><title>{0}</title><setId root="{1}"/><component>'
    "<structuredBody>{2}</structuredBody></component></document>"
)
SECTION = "<component><section><title>{0}</title><text>{1}</text></section></component>"
PAGE = "<!doctype html><html><head><title>{0}</title></head><body><nav>Home</nav><main><h1>{0}</h1>{1}</main></body></html>"


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a corpus."""
    with path.open(encoding="utf-8") as stream:
        yield from (json.loads(line) for line in stream)


def paragraphs(text: str, name: str) -> str:
    """A text as paragraphs of mark-up."""
    return "".join(f"<{name}>{escape(part)}</{name}>" for part in text.split("\n\n") if part.strip())


def export(shared: Path, folder: Path, labels: int, pages: int) -> int:
    """Write the documents as files; their number."""
    sections: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(shared / "tac_adr_labels" / "corpus.jsonl"):
        sections[row["_id"].partition("#")[0]].append(row)
    for name, rows in list(sections.items())[:labels]:
        body = "".join(SECTION.format(escape(row["title"]), paragraphs(row["text"], "paragraph")) for row in rows)
        (folder / f"label-{name.replace('/', '-')}.xml").write_text(
            LABEL.format(escape(rows[0]["title"]), name, body), encoding="utf-8"
        )
    for number, row in zip(range(pages), rows_of(shared / "medquad" / "corpus.jsonl"), strict=False):
        (folder / f"page-{number:05}.html").write_text(
            PAGE.format(escape(row["title"]), paragraphs(row["text"], "p")), encoding="utf-8"
        )
    return sum(1 for _ in folder.iterdir())


def measure(folder: Path, index: Path, encoder: str | None) -> dict[str, float]:
    """Index a folder: seconds of each stage, and MiB."""
    last, seconds = time.perf_counter(), defaultdict[str, float](float)
    stage_before = "checking"

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last, stage_before
        now = time.perf_counter()
        seconds["reading" if stage in ("reading", "checking") else "rest"] += now - last
        last, stage_before = now, stage

    start = time.perf_counter()
    report = build([folder], index=index, encoder=encoder, progress=tell)
    whole = time.perf_counter() - start
    CREW.dismiss()  # or the memory of its processes is not counted
    own, theirs = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "documents": report.new,
        "failed": len(report.failed),
        "reading": seconds["reading"],
        "whole": whole,
        "own": own,
        "theirs": theirs,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Export, index, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--labels", type=int, default=200)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--shared", type=Path, default=Path("../shared/data"))
    options.add_argument("--encoder")
    given = options.parse_args(arguments)
    place = Path(tempfile.mkdtemp())
    try:
        (place / "documents").mkdir()
        files = export(given.shared, place / "documents", given.labels, given.pages)
        found = measure(place / "documents", place / "index", given.encoder)
    finally:
        shutil.rmtree(place)
    header = ["files", "documents", "failed", "reading s", "whole s", "share", "program MiB", "reading process MiB"]
    counts = [str(files), f"{found['documents']:.0f}", f"{found['failed']:.0f}"]
    times = [f"{found['reading']:.1f}", f"{found['whole']:.1f}", f"{found['reading'] / found['whole']:.3f}"]
    print(table([header, [*counts, *times, f"{found['own']:.0f}", f"{found['theirs']:.0f}"]]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
