"""What all tests share: no network, and a stated reason where a test can't run on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HERE = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}

os.environ["HF_HUB_OFFLINE"] = "1"  # before any import: a model is on this disk, or the test fails


class NetworkUsedError(BaseException):
    """A test reached for another machine. No `except OSError` may hide it."""


def refuse_network(event: str, arguments: Sequence[Any]) -> None:
    """Stop every look-up and every connection that leaves this machine, whoever makes it."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in HERE:
        raise NetworkUsedError(f"expected no call to another machine, found {event} to {host!r}")


sys.addaudithook(refuse_network)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what needs a browser or data that is not here."""
    missing = {}
    if not SHARED.is_dir():
        missing["shared"] = "skipped: no ../shared"
    if not any(map(shutil.which, BROWSERS)):
        missing["browser"] = "skipped: no Chromium"
    for item in items:
        for name, reason in missing.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))
