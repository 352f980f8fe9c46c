"""The words of a large English dictionary: a word beyond them is a name, or misspelt."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def english_stems() -> frozenset[str]:
    """Stems of the words of SCOWL's lists up to size 70, American and British, that everyday English lacks."""
    text = resources.files("citewell").joinpath("data/english.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
