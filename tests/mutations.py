"""Hostile inputs made of good ones: cut, flipped, spliced, nested, filled up, in another encoding."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

MOST_BYTES = 400_000


def mutations(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield so many inputs made of `data`; the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        mutated = KINDS[number % len(KINDS)](data, chance)
        if number % 3 == 2:  # two faults at once
            mutated = chance.choice(KINDS)(mutated, chance)
        yield mutated[:MOST_BYTES]


def cut(data: bytes, chance: random.Random) -> bytes:
    """The file as a broken download leaves it."""
    return data[: chance.randrange(len(data) + 1)]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bits the other way round."""
    changed = bytearray(data or b"x")
    for _ in range(chance.choice((1, 3, 30))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def spliced(data: bytes, chance: random.Random) -> bytes:
    """A part of the file in another place, or once more."""
    start, end, place = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    part = data[start:end] * chance.choice((1, 2, 50))
    return data[:place] + part + data[place:]


def gone(data: bytes, chance: random.Random) -> bytes:
    """A part of the file left out."""
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:]


def nested(data: bytes, chance: random.Random) -> bytes:
    """Elements, brackets or quotations put into each other a great many times."""
    opening = chance.choice(
        (b"<div>", b"<section><text>", b"<table><tr><td>", b"[", b'{"a":', b"> ", b"((", b"<list><item>", b"<sec>")
    )
    place = chance.randrange(len(data) + 1)
    return data[:place] + opening * chance.choice((50, 1000, 20_000)) + data[place:]


def filled(data: bytes, chance: random.Random) -> bytes:
    """A great many of one small thing in one place."""
    small = (
        b"<p/>",
        b"\n",
        b" ",
        b"a",
        b"|",
        b"\0",
        b"<td>x</td>",
        b"&amp;",
        b"1.",
        b"\xff",
        b"- ",
        b"<br/>",
        b"\x02",
        b",",
        b"\t",
    )
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(small) * chance.choice((100, 10_000, 100_000)) + data[place:]


def recoded(data: bytes, chance: random.Random) -> bytes:
    """The file in another encoding than it says."""
    text = data.decode("utf-8", "replace")
    return text.encode(
        chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "utf-7", "cp037")), "replace"
    )


def declared(data: bytes, chance: random.Random) -> bytes:
    """Declarations that blow up or reach out, before the file."""
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    reach = b'<!DOCTYPE a SYSTEM "file:///etc/passwd" [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    start = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    return data[:start] + chance.choice((bomb, reach)) + data[start:].replace(b"Examplol", b"&d;&x;", 3)


def numbered(data: bytes, chance: random.Random) -> bytes:
    """A number of the file made absurd."""
    digits = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    if not digits:
        return data
    place = chance.choice(digits)
    return data[:place] + chance.choice((b"99999999999", b"-1", b"1e309", b"0", b"\xe2\x91\xa2")) + data[place + 1 :]


KINDS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut, flipped, spliced, gone, nested, filled, recoded, declared, numbered,
)  # fmt: skip
