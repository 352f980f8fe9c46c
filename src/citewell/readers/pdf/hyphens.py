"""Lines → running text: a hyphen at a line end goes where it only broke a word, and stays where the word has it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

WORD = re.compile(r"[^\W\d_]+")
COMPOUND = re.compile(r"(?=(?<![^\W_])([^\W_]+)-([^\W_]+))")
LAST = re.compile(r"([^\W_]+)-$")
FIRST = re.compile(r"[^\W_]+\S*")
SOLID = re.compile(r"(?:[^\W_]|:/)/$|[^\W_][–—]$")  # "and/", "5–": what follows belongs to it
PREFIXES = frozenset(("anti", "non", "self", "well", "ex"))  # often printed with a hyphen
LONGEST_WORD = 80  # characters at the end of a line that are looked at
LEAST_PART = 3  # letters of a part that may be a word of its own


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a document prints within its lines, in small letters.

    :param compounds: Pairs of parts that it prints with a hyphen between them.
    """

    words: frozenset[str]
    compounds: frozenset[tuple[str, str]]


def vocabulary(lines: Iterable[str]) -> Vocabulary:
    """Collect the words of a document; those that a line end breaks are none."""
    words: set[str] = set()
    compounds: set[tuple[str, str]] = set()
    broken = False
    for line in lines:
        text = line.lower()
        found = [match.group() for match in WORD.finditer(text)]
        words.update(found[int(broken) : len(found) - 1 if text.endswith("-") else len(found)])
        compounds.update((match.group(1), match.group(2)) for match in COMPOUND.finditer(text))
        broken = text.endswith("-")
    return Vocabulary(frozenset(words), frozenset(compounds))


def joined(lines: Iterable[str], known: Vocabulary, gap: str = "\n") -> str:
    """One text of several lines, with `gap` where they part."""
    text = ""
    for line in lines:
        text = join(text, line, known, gap) if text else line
    return text


def join(text: str, line: str, known: Vocabulary, gap: str = "\n") -> str:
    """Add a line. A word that was broken stands whole before the gap."""
    end = text[-LONGEST_WORD:]
    last, first = LAST.search(end), FIRST.match(line)
    if not first or not (last or SOLID.search(end)):
        return f"{text}{gap}{line}"
    rest = line[first.end() :].lstrip()
    head = text[:-1] if last and only_breaks(last.group(1), first.group(), known) else text
    return f"{head}{first.group()}{gap if rest else ''}{rest}"


def only_breaks(left: str, right: str, known: Vocabulary) -> bool:
    """Whether a hyphen at a line end belongs to no word: "osteo-" and "porosis", but not "Drug-" and "Induced"."""
    match = WORD.match(right)
    following = match.group() if match else ""
    if not following or not left.isalpha() or left[-1].isupper() or following[0].isupper():
        return False
    one, other = left.lower(), following.lower()
    if (one, other) in known.compounds:
        return False
    if one + other in known.words or one + other in english():
        return True
    if one in PREFIXES:
        return False
    own = all(len(part) >= LEAST_PART and (part in known.words or part in english()) for part in (one, other))
    return not own


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """The words of the packaged list."""
    return frozenset(resources.files("citewell").joinpath("data/words.txt").read_text(encoding="utf-8").split())
