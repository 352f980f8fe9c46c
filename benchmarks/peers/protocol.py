"""How one system is measured, the same way for all. Standard library only: it runs in every peer's environment."""

from __future__ import annotations

import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any, TypeVar

Model = TypeVar("Model")
Engine = TypeVar("Engine")
Result = TypeVar("Result")

DEPTH = 10  # documents asked for
# Peers whose user sets how many documents each ranking gives to the fusion take DEPTH, as their tutorials do. 100 are not
# better, and slower: over 1,183 documents of SciFact (2026-11-22) nDCG@10 fell from 0.757 to 0.727 (LangChain), from 0.829
# to 0.822 (LlamaIndex) and from 0.817 to 0.813 (Haystack).
OFF_TOPIC = (  # asked before the clock starts: they warm up, and show whether anything is given where nothing answers
    "How do I renew a passport at the embassy in Lisbon?",
    "Who won the football world cup in 1998?",
    "What is the best chord progression for a sad song?",
    "Which tyres fit a 1972 Citroën DS?",
    "How long should sourdough bread rise before baking?",
)


@dataclass(frozen=True, slots=True)
class Document:
    """One row of the corpus."""

    id: str
    title: str
    text: str

    @property
    def passage(self) -> str:
        """What a peer indexes: title and text as one passage."""
        return f"{self.title} {self.text}"


@dataclass(frozen=True)
class Task:
    """What a system gets: the data, the weights and an empty folder of its own.

    :param folder: What is found in it at the end is what the system persists.
    """

    corpus: Path
    questions: Path
    model: Path
    folder: Path

    @cached_property
    def documents(self) -> list[Document]:
        """The corpus, read once."""
        return [Document(row["_id"], row["title"], row["text"]) for row in rows_of(self.corpus)]


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as stream:
        yield from (json.loads(line) for line in stream)


def measure(
    load: Callable[[Task], Model],
    index: Callable[[Task, Model], Engine],
    rank: Callable[[Engine, str], list[str]],
    packages: Sequence[str],
) -> None:
    """Measure one system on the task that the command line names, and write what was found as JSON.

    :param load: Makes ready what indexing and asking need, above all the model; not counted as indexing.
    :param index: Indexes and persists all documents, and returns what `rank` asks.
    :param rank: From a question's string to the ids of the best documents, at most `DEPTH`, best first.
    :param packages: Distributions whose versions and licences are reported, the system's own first.
    """
    corpus, questions, model, folder, out = map(Path, sys.argv[1:])
    task = Task(corpus, questions, model, folder)
    asked = {row["_id"]: row["text"] for row in rows_of(task.questions)}
    count = len(task.documents)  # read before the clock starts
    ready, load_seconds = timed(lambda: load(task))
    engine, index_seconds = timed(lambda: index(task, ready))
    indexed_bytes = memory()["peak_bytes"]
    silent = [not rank(engine, question) for question in OFF_TOPIC]
    found = {number: timed(lambda question=question: rank(engine, question)) for number, question in asked.items()}
    measured = {
        "documents": count,
        "load_seconds": load_seconds,
        "index_seconds": index_seconds,
        "milliseconds": [1000 * seconds for _, seconds in found.values()],
        "rankings": {number: ranking for number, (ranking, _) in found.items()},
        "silent": silent,
        **memory(),
        "indexed_peak_bytes": indexed_bytes,
        "disk_bytes": disk_bytes(task.folder),
        "versions": {package: version(package) for package in packages},
        "licences": {package: licence(package) for package in packages},
        "python": platform.python_version(),
    }
    out.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """Do something and return what came of it with the seconds that it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def memory() -> dict[str, int]:
    """Resident bytes of this process and of those that it started: the most they held so far, and what they hold now.

    Not `ru_maxrss` where there is /proc: that begins at the memory of the process that started this one.
    """
    if not Path("/proc/self/status").exists():
        unit = 1 if sys.platform == "darwin" else 1024  # bytes; ru_maxrss counts in them
        users = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        peak = sum(resource.getrusage(user).ru_maxrss * unit for user in users)
        return {"peak_bytes": peak, "resident_bytes": peak}
    states = [status_of(process) for process in family(os.getpid())]
    return {
        "peak_bytes": sum(state.get("VmHWM", 0) for state in states),
        "resident_bytes": sum(state.get("VmRSS", 0) for state in states),
    }


def family(process: int) -> Iterator[int]:
    """A process and all that it started, by their numbers."""
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def status_of(process: int) -> dict[str, int]:
    """The bytes that /proc/…/status gives in kB, by their names."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    pairs = (line.split(":", 1) for line in lines if line.endswith(" kB"))
    return {name: int(value.split()[0]) * 1024 for name, value in pairs}


def disk_bytes(folder: Path) -> int:
    """The sizes of all files in a folder; one with several names counts once."""
    files = (path.stat() for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum({(file.st_dev, file.st_ino): file.st_size for file in files}.values())


def licence(package: str) -> str:
    """The licence that a distribution declares, in a few words."""
    declared = metadata(package)
    classifiers = [entry for entry in declared.get_all("Classifier") or () if entry.startswith("License ::")]
    named = declared.get("License-Expression") or declared.get("License") or ""
    if named and len(named) < 40:
        return named
    return classifiers[0].rsplit(":: ", 1)[1] if classifiers else named.strip().split("\n")[0][:40] or "not declared"
