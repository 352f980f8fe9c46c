"""Signs of life of a reader that works for long, page by page: whoever waits for it goes on waiting."""

from __future__ import annotations

from collections.abc import Callable

LISTENERS: list[Callable[[], None]] = []


def beat() -> None:
    """Tell whoever listens that a step of a long work is done."""
    for told in LISTENERS:
        told()
