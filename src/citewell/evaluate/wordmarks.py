"""Two texts word by word: what both have, what only one has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\S+\s*")
MOST_WORDS = 400  # of the parts that differ: comparing takes time by the square of it
LEAST_LIKE = 0.3  # share of words in common below which two texts are other texts, not changed ones
KEPT_SAME = 240  # characters of a stretch in common that are shown at each of its ends
KEPT_OTHER = 700  # characters of a stretch of one text only that are shown at each of its ends


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words of a text, and whether the other text lacks them.

    :param left_out: Characters that stand between `text` and `rest`, and are not shown.
    """

    text: str
    alone: bool
    left_out: int = 0
    rest: str = ""


def compare(old: str, new: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Both texts in stretches; joined, they are the texts, but for what is left out of long ones."""
    left, right = WORD.findall(old), WORD.findall(new)
    head = common(left, right)
    tail = common(left[head:][::-1], right[head:][::-1])
    middle = (left[head : len(left) - tail], right[head : len(right) - tail])
    blocks = [(0, 0, head), *inner(*middle, head), (len(left) - tail, len(right) - tail, tail)]
    if sum(size for _, _, size in blocks) < LEAST_LIKE * max(len(left), len(right)):
        blocks = []
    return (
        tuple(shortened(stretches(left, [(at, size) for at, _, size in blocks]))),
        tuple(shortened(stretches(right, [(at, size) for _, at, size in blocks]))),
    )


def common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many words both begin with; the white space after a word does not count."""
    for number, (one, other) in enumerate(zip(left, right, strict=False)):
        if one.rstrip() != other.rstrip():
            return number
    return min(len(left), len(right))


def inner(left: Sequence[str], right: Sequence[str], offset: int) -> Iterator[tuple[int, int, int]]:
    """The blocks of words in common: (place in the one, place in the other, words)."""
    if max(len(left), len(right)) > MOST_WORDS:
        return
    words = [[word.rstrip() for word in side] for side in (left, right)]
    for block in SequenceMatcher(None, words[0], words[1], autojunk=False).get_matching_blocks():
        yield block.a + offset, block.b + offset, block.size


def stretches(words: Sequence[str], blocks: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    """The stretches of one text; `blocks` are those that the other text has too: (place, words)."""
    last = 0
    for place, size in [*blocks, (len(words), 0)]:
        if place > last:
            yield Stretch("".join(words[last:place]), alone=True)
        if size:
            yield Stretch("".join(words[place : place + size]), alone=False)
        last = place + size


def shortened(parts: Iterator[Stretch]) -> Iterator[Stretch]:
    """Long stretches with their middle left out."""
    for part in parts:
        kept = KEPT_OTHER if part.alone else KEPT_SAME
        if len(part.text) <= 3 * kept:
            yield part
        else:
            yield Stretch(part.text[:kept], part.alone, len(part.text) - 2 * kept, part.text[-kept:])
