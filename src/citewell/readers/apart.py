"""Reading in processes of their own, several files at a time: a hostile file stalls or crashes its process, not the run."""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import IO, Any

from citewell.readers.beir import Failure
from citewell.readers.limits import LIMITS
from citewell.readers.manifest import Manifest
from citewell.readers.source import Source
from citewell.readers.worker import LENGTH, send
from citewell.records import document_from_columns
from citewell.types import Document

COMMAND = [sys.executable, "-P", "-m", "citewell.readers.worker"]  # -P: nothing is imported from the current folder
WORKERS = min(os.cpu_count() or 1, 4)  # read at a time
LAST_WORDS = 2000  # characters of a crashed process's complaint that are looked at


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a source as a whole.

    :param sha256: That of its bytes; empty if they could not be read.
    :param reason: Why it could not be read; None if it was.
    """

    sha256: str
    reason: str | None


def read_apart(
    sources: Iterable[Source], manifest: Manifest | None = None
) -> Generator[tuple[Source, Document | Failure | Ended], None, None]:
    """Read sources in their order: what each holds, then how it ended.

    As many are read at a time as there are processors, each process within LIMITS of memory and time. A process takes up its
    next source only when what it found in the last one was taken from it, so memory is bounded by one file a process.
    """
    waiting, reading = iter(sources), deque[tuple[Source, Worker]]()
    try:
        for source in islice(waiting, WORKERS):
            reading.append((source, CREW.take()))
            reading[-1][1].begin(source)
        while reading:
            source, worker = reading[0]
            for found in worker.found(source):
                yield source, manifest.applied(found, source) if manifest and isinstance(found, Document) else found
            reading.popleft()
            if following := next(waiting, None):
                worker.begin(following)
                reading.append((following, worker))
            else:
                CREW.give_back(worker)
    finally:
        for _, worker in reading:  # left in the middle of something
            worker.stop()


class Worker:
    """One process that reads, started when it is needed and again when it had to be stopped."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    def begin(self, source: Source) -> None:
        """Have it begin with a source; what it finds is to be taken before the next one."""
        message = [source.path.as_posix(), source.document_id, source.root.as_posix()]
        if self._process is None or self._process.poll() is not None:
            self._start()
        try:
            send(self._pipe("stdin"), message)
        except BrokenPipeError:  # it was killed since it was looked at
            self._start()
            send(self._pipe("stdin"), message)

    def found(self, source: Source) -> Iterator[Document | Failure | Ended]:
        """What it finds in the source that it began with; in the end, how it ended."""
        sha256 = ""
        while True:
            message = self._next()
            if isinstance(message, str):
                yield Ended(sha256, f"{source.document_id}: {message}")
                return
            kind, *values = message
            if kind == "end":
                yield Ended(sha256, values[0])
                return
            if kind == "file":
                sha256 = values[0]
            elif kind != "alive":
                yield Failure(*values) if kind == "failure" else document_from_columns(values)

    def stop(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout, self._complaints):
                if stream:
                    stream.close()
            self._process = self._complaints = None

    def _start(self) -> None:
        self.stop()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - it is open as long as the process runs
        self._process = subprocess.Popen(
            COMMAND, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints
        )

    def _pipe(self, name: str) -> IO[bytes]:
        stream: IO[bytes] = getattr(self._process, name)
        return stream

    def _next(self) -> list[Any] | str:
        """Its next message, or what is the matter where none comes."""
        try:
            (length,) = LENGTH.unpack(self._take(LENGTH.size))
            message: list[Any] = json.loads(self._take(length))
        except TimeoutError:
            self.stop()
            return (
                f"expected a file that is read within {LIMITS.file_seconds:.0f} seconds, found one that takes longer; split it, or "
                "save it again"
            )
        except EOFError:
            return self._crashed()
        return message

    def _take(self, size: int) -> bytes:
        """So many bytes from it; TimeoutError where none come for too long, EOFError where it has ended."""
        pipe, taken = self._pipe("stdout").fileno(), bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while len(taken) < size:
                if not selector.select(LIMITS.file_seconds):
                    raise TimeoutError
                part = os.read(pipe, min(size - len(taken), 1 << 20))
                if not part:
                    raise EOFError
                taken += part
        return bytes(taken)

    def _crashed(self) -> str:
        """Why the process has ended."""
        code = self._process.wait() if self._process else 0
        words = self._last_words()
        self.stop()
        why = f"signal {-code}" if code < 0 else words or f"exit code {code}"
        return f"expected a readable file, found one over which its reader ended ({why}); save it again, or remove it"

    def _last_words(self) -> str:
        """The last line that the process complained."""
        if self._complaints is None:
            return ""
        self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, self._complaints.tell() - LAST_WORDS))
        lines = self._complaints.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


class Crew:
    """The processes that wait for work; they live as long as this program, or until too many wait."""

    def __init__(self) -> None:
        self._idle: list[Worker] = []
        self._lock = Lock()
        atexit.register(self.dismiss)

    def take(self) -> Worker:
        """One that is idle, else a new one."""
        with self._lock:
            return self._idle.pop() if self._idle else Worker()

    def give_back(self, worker: Worker) -> None:
        """Keep one for the next run."""
        with self._lock:
            if len(self._idle) < WORKERS:
                self._idle.append(worker)
                return
        worker.stop()

    def dismiss(self) -> None:
        """End all that are idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().stop()


CREW = Crew()
