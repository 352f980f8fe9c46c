"""The command `citewell fetch`: its options, and what it says."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Iterator
from pathlib import Path

from citewell.fetch.run import MANIFEST, Fetched, Progress, fetch, folder_name


def run(options: argparse.Namespace, progress: Progress) -> tuple[int, list[str]]:
    """Fetch, and give the exit code (1 if a record failed) with the lines to print."""
    folder = options.to or Path(folder_name(options.service, options.term))
    done = fetch(options.service, options.term, folder, limit=options.limit, progress=progress)
    code = 1 if done.failed else 0
    if options.json:
        counts = {"folder": folder.as_posix(), "new": done.new, "unchanged": done.unchanged, "kept": done.kept}
        failed = [{"document": name, "reason": reason} for name, reason in done.failed]
        return code, [json.dumps({**counts, "failed": failed}, ensure_ascii=True)]
    return code, list(lines(done, options.service, options.term))


def lines(done: Fetched, service: str, term: str) -> Iterator[str]:
    """What a call did, for a person."""
    for name, reason in done.failed:
        yield f"{name}: {reason}"
    for name in done.kept:
        yield f"{name}: it was changed since it was fetched, and is left as it is"
    if not (done.new or done.unchanged or done.kept or done.failed):
        yield f"{service} has nothing on {term!r}. Try another name: the generic one, or the brand."
        return
    yield f"{len(done.new)} new, {len(done.unchanged)} unchanged, {len(done.kept)} kept, {len(done.failed)} failed in {done.folder}"
    if done.new or done.unchanged:
        folder = shlex.quote(done.folder.as_posix())
        yield f"Index them with: citewell index {folder} --manifest {shlex.quote((done.folder / MANIFEST).as_posix())}"
