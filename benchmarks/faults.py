"""Break index runs on purpose: python -m benchmarks.faults [--kills 200]. Whatever happens, the last good index answers.

Runs are killed at random moments, run out of room at every size, and parts are truncated and altered bit by bit. After
each fault the index has to open as it was or as the run would have left it, verify, and take the next run.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np

from citewell.conversation import ask
from citewell.encode import Vectors
from citewell.errors import CitewellError
from citewell.index import Index, build
from citewell.index.generation import current_folder, read_manifest
from citewell.index.segments import CATALOGUE
from citewell.lexicon import analyse

DIMENSION = 64
SMALLEST = 40  # passages: small enough that runs add segments, fold them and bury documents
DOCUMENTS = 60
QUESTION = "Which effects does drug 7 have?"
STARTED = "started"
SEED = 20261122


class HashEncoder:
    """Directions by the hashes of words: what breaks is the writing, so no model is needed."""

    name, weights, dimension = "hash", "0" * 64, DIMENSION

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """See `citewell.encode.Encoder`."""
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in analyse(text) or ["(nothing)"]:
                bits = np.frombuffer(hashlib.blake2b(word.encode(), digest_size=DIMENSION // 8).digest(), np.uint8)
                row += np.unpackbits(bits).astype(np.float32) * 2 - 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-6), dtype=np.float32)


@contextmanager
def small_index() -> Iterator[None]:
    """Build and open indexes with the encoder above, in segments of a few documents."""
    encoder = HashEncoder()
    with (
        patch("citewell.index.builder.open_encoder", lambda _: encoder),
        patch("citewell.index.local.open_encoder", lambda _: encoder),
        patch("citewell.index.segments.SMALLEST", SMALLEST),
    ):
        yield


def write_document(folder: Path, number: int, effect: str) -> None:
    """A leaflet of about ten sentences."""
    lines = [f"Drug {number} has the effect {effect} {line}, seen in {line} % of people." for line in range(10)]
    (folder / f"d{number:03}.md").write_text(f"# Drug {number}\n\n## Effects\n\n" + " ".join(lines) + "\n")


class Scene:
    """Documents, an index of them as they were, and what an index of them as they are now has to hold."""

    def __init__(self, folder: Path) -> None:
        self.documents, self.good, self.index = folder / "documents", folder / "good", folder / "index"
        self.documents.mkdir()
        for number in range(DOCUMENTS):
            write_document(self.documents, number, "sneezing")
        build([self.documents], index=self.good)
        write_document(self.documents, DOCUMENTS, "a cough")
        write_document(self.documents, 3, "hiccups")
        (self.documents / "d005.md").unlink()
        self.before, self.shown = state(self.good)
        self.restore()
        start = time.perf_counter()
        build([self.documents], index=self.index)
        self.seconds = time.perf_counter() - start
        self.after, _ = state(self.index)

    def restore(self) -> None:
        """The index as it was before any fault."""
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self.good, self.index)

    def run(self, *options: str) -> subprocess.Popen[str]:
        """Start a run in a process of its own; it has said that it begins when this returns."""
        command = [sys.executable, "-m", "benchmarks.faults", "--run", str(self.documents), str(self.index), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        if process.stdout.readline().strip() != STARTED:
            raise RuntimeError(process.communicate()[1])
        return process

    def check(self) -> str:
        """Which state the index is in, "before" or "after"; AssertionError where it is in no good one, or stuck."""
        found, shown = state(self.index)
        assert found in (self.before, self.after), f"neither the old nor the new index: {found}"
        assert found == self.after or shown == self.shown, "the old index answers otherwise"
        build([self.documents], index=self.index)
        assert state(self.index)[0] == self.after, "the next run left another index"
        left = [path.name for path in self.index.glob("g*")]
        assert left == [current_folder(self.index).name], f"generations that nobody uses: {left}"
        return "after" if found == self.after else "before"


def state(folder: Path) -> tuple[str, str]:
    """The fingerprint of an index that verifies, and what it answers."""
    index = Index(folder)
    problems = [problem for problem in index.verify() if problem.what.startswith("the index's part")]
    assert not problems, problems
    return index.manifest.fingerprint, "|".join(excerpt.text for excerpt in ask(index, QUESTION).excerpts)


def kill(scene: Scene, chance: random.Random) -> str:
    """Kill a run at a random moment of its work."""
    scene.restore()
    process = scene.run()
    time.sleep(chance.uniform(0, 1.2 * scene.seconds))
    process.kill()
    process.communicate()
    return scene.check()


def fill(scene: Scene, most: int) -> str:
    """Let no file of a run grow beyond so many bytes, as on a full disk; it has to say so and leave the old index."""
    scene.restore()
    process = scene.run("--most", str(most))
    _, said = process.communicate()
    assert process.returncode in (0, 2), f"{process.returncode}: {said}"
    assert process.returncode == 0 or "expected" in said, said
    found, _ = state(scene.index)
    assert found == (scene.before if process.returncode else scene.after), said
    scene.check()
    return "refused" if process.returncode else "done"


def parts(scene: Scene) -> list[str]:
    """The parts of the good index."""
    return sorted(read_manifest(current_folder(scene.good)).parts)


def truncate(scene: Scene, name: str) -> str:
    """Cut a part short: opening it names the damage, and repairing it works."""
    scene.restore()
    path = current_folder(scene.index) / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    try:
        Index(scene.index)
    except CitewellError as error:
        assert name in str(error), error
        assert "--repair" in str(error), error
    else:
        raise AssertionError(f"opened with half of {name}")
    return repair(scene, name)


def alter(scene: Scene, name: str, chance: random.Random) -> str:
    """Flip one bit of a part: it can't be opened, or verifying names it; no run makes it look whole."""
    scene.restore()
    path = current_folder(scene.index) / name
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    altered = path.stat().st_ino
    for _ in range(2):
        try:
            assert name in [problem.document_id for problem in Index(scene.index).verify()], f"{name} looks whole"
            build([scene.documents], index=scene.index)
        except CitewellError as error:
            assert "--repair" in str(error), error
        now = current_folder(scene.index) / name
        if not now.is_file() or now.stat().st_ino != altered:
            break  # the run wrote the part anew
    return repair(scene, name)


def repair(scene: Scene, name: str) -> str:
    """Write the index anew from its documents, which the user has to name where the list of them is damaged."""
    build([scene.documents] if name == CATALOGUE else [], index=scene.index, repair=True)
    state(scene.index)
    build([], index=scene.index)
    return "repaired"


def run(documents: Path, index: Path, most: int | None) -> int:
    """The run that is broken: one build, in a process of its own."""
    with small_index():
        print(STARTED, flush=True)
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            build([documents], index=index)
        except CitewellError as error:
            print(error, file=sys.stderr)
            return 2
    return 0


def main() -> int:
    """Break things, and print how often each ended how."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--run", nargs=2, type=Path)
    arguments.add_argument("--most", type=int)
    options = arguments.parse_args()
    if options.run:
        return run(*options.run, options.most)
    chance, counts = random.Random(SEED), Counter[str]()
    with small_index(), tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder))
        for _ in range(options.kills):
            counts[f"killed: {kill(scene, chance)}"] += 1
        for exponent in range(6, 22):
            counts[f"no room: {fill(scene, 1 << exponent)}"] += 1
        for name in parts(scene):
            counts[f"truncated: {truncate(scene, name)}"] += 1
            for _ in range(5):
                counts[f"altered: {alter(scene, name, chance)}"] += 1
    for what, times in sorted(counts.items()):
        print(f"{what}: {times}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
