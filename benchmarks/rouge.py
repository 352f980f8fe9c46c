"""ROUGE: how many words, and how many pairs of neighbours, a summary shares with one that an expert made (Lin 2004).

Words as the ROUGE packages of today take them: small letters and digits, no stemming, no stop words left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

WORD = re.compile(r"[a-z0-9]+")


def rouge_words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return WORD.findall(text.lower())


def rouge_n(shown: Sequence[str], wanted: Sequence[str], n: int = 2) -> float:
    """Harmonic mean of the shares that shown and wanted words have in each other, by stretches of n words; 0 without any."""
    mine, theirs = grams(shown, n), grams(wanted, n)
    held = (mine & theirs).total()
    return 2 * held / (mine.total() + theirs.total()) if held else 0.0


def grams(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    """Each stretch of n words, with how often it stands."""
    return Counter(zip(*(words[first:] for first in range(n)), strict=False))
