"""The name of an XML file's outermost element, told without parsing the file."""

from __future__ import annotations

import re

OPENING_BYTES = 65536
OUTERMOST = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*+<(?:[\w.-]+:)?(?P<name>[\w.-]+)(?=[\s/>])",
    re.S,
)


def outermost_name(data: bytes) -> str:
    """The name without its namespace; empty where none is found at the start."""
    found = OUTERMOST.match(data[:OPENING_BYTES])
    return found["name"].decode("ascii", "replace") if found else ""
