"""One virtual environment a peer, made once, outside the project; and runs of systems, each in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.datasets import ROOT
from benchmarks.peers.roster import System

HOME = Path("~/.cache/citewell-peers")
STAMP = "installed.txt"  # in an environment: the requirements that it was filled with
LIMIT = 3600  # seconds; a run that takes longer is ended
# No model hub is asked, and no peer reports its use.
OFFLINE = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}


class NotRun(Exception):
    """A system that could not be measured; the message is the reason."""


def python_of(system: System, home: Path) -> Path:
    """The Python that runs a system, in an environment that is made if it isn't there."""
    if system.own:
        return Path(sys.executable)
    folder = home / system.name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = system.requirements.read_text(encoding="utf-8")
    stamp = folder / STAMP
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"making {folder} (some minutes)", file=sys.stderr, flush=True)
        called([sys.executable, "-m", "venv", "--clear", str(folder)])
        called([str(python), "-m", "pip", "install", "--quiet", *torch_source(), "-r", str(system.requirements)])
        stamp.write_text(wanted, encoding="utf-8")
    return python


def torch_source() -> list[str]:
    """Where pip finds a build of torch for a CPU, if the set-up was told."""
    source = os.environ.get("TORCH_INDEX_URL")
    return ["--extra-index-url", source] if source else []


def run(system: System, python: Path, task: Path, model: Path, out: Path) -> dict[str, Any]:
    """Measure a system in a process of its own and return what its script wrote to `out`.

    :param task: The folder that holds the data; the system's index is written into it.
    """
    folder = task / (system.follows or system.name)
    folder.mkdir(exist_ok=bool(system.follows))
    data = [task / "corpus.jsonl", task / "questions.jsonl", model, folder, out]
    called([str(python), "-m", f"benchmarks.peers.{system.name}", *map(str, data)])
    measured: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return measured


def called(command: list[str]) -> None:
    """Run a command in the repository's root; NotRun with the last line that it wrote where it failed."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | OFFLINE, capture_output=True, text=True, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        raise NotRun(f"still running after {LIMIT} seconds") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise NotRun(lines[-1].strip()[:300] if lines else f"exit status {done.returncode}")
