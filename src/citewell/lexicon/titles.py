"""What a document is about, as its title says: names that English lacks, and the drug of a label under a brand's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from citewell.lexicon.analysis import stem, words
from citewell.lexicon.english import english_stems
from citewell.lexicon.names import BRAND, NAME, Alias, drug_like
from citewell.lexicon.spelling import is_everyday

HEAD = re.compile(r"\s+[-–—|]\s+|[:(,]")  # what ends the subject of a title: "Examplia - adverse reactions"
HEAD_WORDS = 4  # a longer title is a sentence about several things, as an article's
SHORTEST = 4  # letters of a name
LABEL = re.compile(
    r"\b(?:adverse reactions|warnings and precautions|boxed warnings?|indications and usage|dosage and administration|"
    r"contraindications|drug interactions|use in specific populations|prescribing information|package (?:insert|leaflet))\b",
    re.I,
)
LEAST_NAMED = 3  # times that a label has to name the drug under its brand
SHARE_NAMED = 0.6  # of all drugs' names in the label that have to be that drug's


def subjects_of(title: str, text: str) -> Iterator[Alias]:
    """Yield the names that a short title consists of, each as its own, and a label's drug as what its brand means."""
    head = HEAD.split(title.strip(), maxsplit=1)[0]
    found = [(word, head[start:end]) for word, start, end in words(head)]
    if len(found) > HEAD_WORDS:
        return
    for word, printed in found:
        if is_name(word):
            yield Alias(printed, printed, NAME)
    if len(found) == 1 and LABEL.search(title) and is_name(found[0][0]) and not drug_like(found[0][0]):
        counts = Counter(word for word, _, _ in words(text) if drug_like(word) and not is_everyday(word))
        generic, times = next(iter(counts.most_common(1)), ("", 0))
        if times >= LEAST_NAMED and times >= SHARE_NAMED * counts.total():
            yield Alias(found[0][1], generic, BRAND)


def is_name(word: str) -> bool:
    """Whether a normalised word is neither everyday English nor in a large English dictionary."""
    known = len(word) < SHORTEST or not word.isalpha() or is_everyday(word)
    return not known and stem(word) not in english_stems()
