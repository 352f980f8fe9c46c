"""What a document is about, as its title says: names that English lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from citewell.lexicon.analysis import stem, words
from citewell.lexicon.english import english_stems
from citewell.lexicon.names import NAME, Alias
from citewell.lexicon.spelling import is_everyday

HEAD = re.compile(r"\s+[-–—|]\s+|[:(,]")  # what ends the subject of a title: "Examplia - adverse reactions"
HEAD_WORDS = 4  # a longer title is a sentence about several things, as an article's
SHORTEST = 4  # letters of a name


def subjects_of(title: str) -> Iterator[Alias]:
    """Yield the names that a short title consists of, each as its own.

    What drug a brand's label is of is not guessed from how often the text names it: half of 65 labels' most frequent drugs
    were comparators.
    """
    head = HEAD.split(title.strip(), maxsplit=1)[0]
    found = [word for word, _, _ in words(head)]
    if len(found) > HEAD_WORDS:
        return
    for word in found:
        if is_name(word):
            yield Alias(word, word, NAME)


def is_name(word: str) -> bool:
    """Whether a normalised word is neither everyday English nor in a large English dictionary."""
    known = len(word) < SHORTEST or not word.isalpha() or is_everyday(word)
    return not known and stem(word) not in english_stems()
