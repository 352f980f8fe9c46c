"""Which documents their files no longer hold, looked at anew only when a file's size or time of change differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock


class Changes:
    """What is known of files; may be asked from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, tuple[tuple[int, int] | None, frozenset[str]]] = {}

    def of(self, path: str, look: Callable[[], frozenset[str]]) -> frozenset[str]:
        """The documents that a file no longer holds as they were indexed.

        :param look: Reads the file.
        """
        seen = seen_of(path)
        with self._lock:
            if path not in self._known or self._known[path][0] != seen:
                self._known[path] = (seen, look())
            return self._known[path][1]


def seen_of(path: str) -> tuple[int, int] | None:
    """A file's time of change and size; None where it is gone."""
    try:
        state = Path(path).stat()
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size)
