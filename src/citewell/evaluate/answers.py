"""Measures of what is shown against what should be, by tokens in which an amount is one (normalise.py)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

from citewell.evaluate.normalise import contains, tokens
from citewell.evaluate.outcome import Place
from citewell.evaluate.spans import coverage, distinct, highest, overlap, pieces

# Words that turn advice round. A list of its own: the one that answers are chosen by must not judge them too.
DENIAL = re.compile(
    r"\b(?:not|no|nor|never|none|neither|without|cannot|except|unless|\w+n['’]t|contra-?indicat\w*|avoid\w*|prohibit\w*|"
    r"forbid\w*|withh[eo]ld\w*|discontinu\w*|stop(?:s|ped|ping)?)\b",
    re.I,
)


def said(excerpts: Sequence[Place], wanted: str) -> bool:
    """Whether one of the excerpts contains a text; none is made of the end of one and the start of another."""
    return any(contains(excerpt.text, wanted) for excerpt in excerpts)


def token_f1(shown: Sequence[str], wanted: Sequence[str]) -> float:
    """Harmonic mean of precision and recall over tokens, each as often as it stands (SQuAD, Rajpurkar 2016).

    Where one side is empty: 1 if both are (SQuAD 2.0, Rajpurkar 2018).
    """
    if not shown or not wanted:
        return float(not shown and not wanted)
    return 2 * (Counter(shown) & Counter(wanted)).total() / (len(shown) + len(wanted))


def best_f1(text: str, answers: Sequence[str]) -> float:
    """The highest token F1 of a text with one of several answers."""
    return max((token_f1(tokens(text), tokens(answer)) for answer in answers), default=0.0)


def rouge_l(shown: Sequence[str], wanted: Sequence[str]) -> float:
    """Harmonic mean of the longest common subsequence's shares of both sides (Lin 2004, beta 1); 1 if both are empty."""
    if not shown or not wanted:
        return float(not shown and not wanted)
    return 2 * longest_common(shown, wanted) / (len(shown) + len(wanted))


def longest_common(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest common subsequence.

    Bit by bit in whole numbers, a row of the table at once: Hyyrö, AWOCA 2004.
    """
    places: dict[str, int] = {}
    for at, token in enumerate(left):
        places[token] = places.get(token, 0) | 1 << at
    every = (1 << len(left)) - 1
    row = every
    for token in right:
        met = row & places.get(token, 0)
        row = ((row + met) | (row - met)) & every
    return len(left) - row.bit_count()


def tokens_of(places: Sequence[Place]) -> list[str]:
    """The tokens of the texts of places, in the order of their documents, without places that lie within others."""
    return [token for place in distinct(places) for token in tokens(place.text)]


def redundancy(excerpts: Sequence[Place]) -> float:
    """The highest similarity 0..1 of two excerpts, as ROUGE-L tells it; 0 where there is one."""
    found = [tokens(excerpt.text) for excerpt in excerpts]
    return max((rouge_l(left, right) for left, right in combinations(found, 2)), default=0.0)


def compression(excerpts: Sequence[Place], lengths: Mapping[str, int]) -> float:
    """Characters shown, as a share of those of the documents that they are shown from.

    :param lengths: Characters of each document.
    """
    held = {
        doc: coverage(Place(doc, 0, lengths[doc]), excerpts) * lengths[doc]
        for doc in {excerpt.doc for excerpt in excerpts}
    }
    return sum(held.values()) / sum(lengths[doc] for doc in held) if held else 0.0


def denials_kept(gold: Sequence[Place], excerpts: Sequence[Place]) -> float | None:
    """Share of the pieces of the highest grade that deny or warn, and are shown whole; None where none does."""
    denying = [places for places in pieces(highest(gold)) if DENIAL.search(places[0].text)]
    kept = [any(is_whole(place, excerpts) for place in places) for places in denying]
    return sum(kept) / len(kept) if kept else None


def is_whole(place: Place, excerpts: Sequence[Place]) -> bool:
    """Whether excerpts show all of a place, between them at most what is no word: white space, a bullet."""
    around = sorted((each for each in excerpts if overlap(each, place)), key=lambda each: each.start)
    return coverage(place, around) == 1 or contains(" ".join(each.text for each in around), place.text)
