"""Measure Citewell beside other libraries: python -m benchmarks.peers [--documents N] [--questions M] [--only NAME…]."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from benchmarks.datasets import RUNS, SHARED, Case, scifact
from benchmarks.peers.environments import HOME, NotRun, python_of, run
from benchmarks.peers.report import Figures, figures, missing, table
from benchmarks.peers.roster import SYSTEMS, System
from benchmarks.peers.selection import write_task
from citewell.encode import packaged_model


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the environments, measure one system after another, print the table, write the figures."""
    options = parse(arguments)
    if not SHARED.is_dir():
        print("expected the data in ../shared, found none", file=sys.stderr)
        return 2
    chosen = [system for system in SYSTEMS if not options.only or system.name in options.only]
    ready = {system.name: prepared(system, options.environments.expanduser()) for system in chosen}
    if options.prepare:
        failed = {name: reason for name, reason in ready.items() if isinstance(reason, str)}
        print("\n".join(f"{name}: {failed.get(name, 'ready')}" for name in ready))
        return 1 if failed else 0
    runs = options.json.with_name(f"{options.json.stem}-systems")
    runs.mkdir(parents=True, exist_ok=True)
    machine = describe_machine()
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder)
        cases = write_task(scifact(), options.documents, options.questions, task)
        rows = [measured(system, ready[system.name], task, cases, runs) for system in chosen]
    print(table(rows))
    found = {"machine": machine, "citewell": version("citewell"), "documents": options.documents or "all",
             "questions": len(cases), "systems": [asdict(row) for row in rows]}  # fmt: skip
    options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description="Citewell beside other libraries.")
    names = [system.name for system in SYSTEMS]
    parser.add_argument("--documents", type=int, help="about so many; those that answer a question are always kept")
    parser.add_argument("--questions", type=int, help="so many, spread over the set")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"some of {', '.join(names)}")
    parser.add_argument("--environments", type=Path, default=HOME, help="the folder of the peers' environments")
    parser.add_argument("--prepare", action="store_true", help="make the environments and stop")
    parser.add_argument("--json", type=Path, help="where the figures go; each system's own beside it, in a folder")
    options = parser.parse_args(arguments)
    part = options.documents or options.questions or options.only
    options.json = options.json or RUNS / ("peers-trial.json" if part else "peers.json")
    return options


def prepared(system: System, home: Path) -> Path | str:
    """The Python that runs a system, or the reason why there is none."""
    try:
        return python_of(system, home)
    except NotRun as reason:
        return f"its environment can't be installed: {reason}"


def measured(system: System, python: Path | str, task: Path, cases: Sequence[Case], runs: Path) -> Figures:
    """The figures of one system, or the reason why it has none.

    :param runs: Where what its script measured is kept, its rankings too.
    """
    if isinstance(python, str):
        return missing(system, python)
    print(f"measuring {system.title}", file=sys.stderr, flush=True)
    try:
        return figures(system, run(system, python, task, packaged_model(), runs / f"{system.name}.json"), cases)
    except NotRun as reason:
        return missing(system, str(reason))


def describe_machine() -> dict[str, object]:
    """What the figures depend on; a load near 0 says that nothing else was running when they were taken."""
    return {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count(),
            "load": os.getloadavg()[0]}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
