"""Front matter: `key: value` lines and simple lists between two lines of three hyphens."""

from __future__ import annotations

import re

FENCE = re.compile(r"(?:^|(?<=\n))---[ \t]*(?:\n|$)")
PAIR = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?")
ITEM = re.compile(r"\s*-\s+(.*)")
COMMENT = re.compile(r"(?:^|\s)#.*$")
MOST_CHARACTERS = 20_000


def split_front_matter(text: str) -> tuple[dict[str, str], int]:
    """The pairs of the front matter and the offset behind it; no pairs and 0 if the text has none.

    A list's items are joined by "; ". A block with any other line is no front matter: nothing is guessed.
    """
    first = FENCE.match(text)
    last = FENCE.search(text, first.end(), MOST_CHARACTERS) if first else None
    if first is None or last is None:
        return {}, 0
    pairs: dict[str, str] = {}
    key = ""
    for line in text[first.end() : last.start()].split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if (item := ITEM.fullmatch(line)) and key:
            pairs[key] = "; ".join(filter(None, (pairs[key], unquoted(item.group(1)))))
        elif pair := PAIR.fullmatch(line.rstrip()):
            key = pair.group(1).lower()
            pairs[key] = unquoted(pair.group(2) or "")
        elif key and line[0] in " \t":
            pairs[key] = f"{pairs[key]} {unquoted(line)}".strip()
        else:
            return {}, 0
    return (pairs, last.end()) if pairs else ({}, 0)


def unquoted(value: str) -> str:
    """A value without its quotation marks, or without the comment behind it."""
    value = value.strip()
    if len(value) >= 2 and value[0] in "\"'" and value[-1] == value[0]:
        return value[1:-1]
    if value.startswith("[") and value.endswith("]"):
        return "; ".join(unquoted(part) for part in value[1:-1].split(","))
    return COMMENT.sub("", value).strip()
