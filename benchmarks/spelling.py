"""How misspelt words are mended, and how often a right one is changed: python -m benchmarks.spelling.

Each corpus's words are taken alone. Real misspellings, and slips made in words and in drugs' names of the corpus, have to be
mended; words of another corpus that this one lacks have to be left, most of which are spelt rightly.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

from benchmarks.datasets import SHARED
from benchmarks.table import line
from citewell.lexicon import Lexicon, stem, vocabulary

CORPORA = (("medquad", "scifact"), ("scifact", "medquad"), ("tac_adr_labels", "medquad"), ("bioasq_7b_11b", "medquad"))
TYPOS = ("gist_forum_corrections.jsonl", "dl_typo.jsonl")
SAMPLE = 1_500  # words of a corpus in which a slip is made
SHORTEST = 6  # letters of such a word
KNOWN_BY = 3  # documents that hold it, so that it is no misspelling itself
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FATES = ("right", "asked", "left", "wrong")


def words_of(name: str) -> Counter[str]:
    """The words of a corpus with the number of documents that hold each."""
    found: Counter[str] = Counter()
    with (SHARED / "data" / name / "corpus.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found.update(vocabulary(f"{row.get('title', '')} {row['text']}"))
    return found


def real_typos() -> Iterator[tuple[str, str]]:
    """(misspelt word, right word), as people wrote them in forums and in search boxes."""
    for name in TYPOS:
        for text in (SHARED / "data" / "typos" / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(text)
            wrong, right = (row["typo"], row["clean"]) if "typo" in row else (row["wrong"], row["right"])
            pairs = list(zip(wrong.lower().split(), right.lower().split(), strict=False))
            yield from ((a.strip("?.,"), b.strip("?.,")) for a, b in pairs if a != b and a.strip("?.,").isalpha())


def slip(word: str, random: Random) -> str:
    """The word with one letter left out, put in, changed, or two in the wrong order; the first letter stays."""
    place, kind = random.randrange(1, len(word)), random.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + random.choice(LETTERS) + word[place:]
    if kind == 2 or place == len(word) - 1:
        return word[:place] + random.choice(LETTERS) + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def fate(lexicon: Lexicon, typed: str, meant: str) -> str:
    """What becomes of a word as typed: mended rightly or wrongly, asked about, or left."""
    found = lexicon.spelling(typed)
    if found is None:
        return "left"
    right = stem(found.meant[0]) == stem(meant)
    return "asked" if not found.sure else "right" if right else "wrong"


def fates(lexicon: Lexicon, pairs: Iterable[tuple[str, str]]) -> Counter[str]:
    """What becomes of (misspelt, right) words, of which the corpus holds the right ones only."""
    asked = ((typed, meant) for typed, meant in pairs if lexicon.knows(meant) and not lexicon.knows(typed))
    return Counter(fate(lexicon, typed, meant) for typed, meant in asked)


def rows(name: str, other: str) -> Iterator[tuple[str, Counter[str]]]:
    """(what was typed, what became of it) for one corpus."""
    held, random = words_of(name), Random(1)
    lexicon = Lexicon({}, held)
    usual = sorted(
        word for word, count in held.items() if len(word) >= SHORTEST and word.isalpha() and count >= KNOWN_BY
    )
    sample = random.sample(usual, min(SAMPLE, len(usual)))
    drugs = [word for word in usual if lexicon.is_drug(word)]
    yield "real misspellings", fates(lexicon, sorted(set(real_typos())))
    yield "words with one slip", fates(lexicon, [(slip(word, random), word) for word in sample])
    yield "words with two slips", fates(lexicon, [(slip(slip(word, random), random), word) for word in sample])
    yield "drugs with one slip", fates(lexicon, [(slip(word, random), word) for word in drugs for _ in range(3)])
    absent = [
        word
        for word, n in words_of(other).items()
        if n >= KNOWN_BY and word not in held and word.isalpha() and word.isascii()
    ]
    changed = [found for word in absent if (found := lexicon.spelling(word))]
    sure = sum(found.sure for found in changed)
    yield f"words of {other} alone", Counter(wrong=sure, asked=len(changed) - sure, left=len(absent) - len(changed))


def main() -> None:
    """Print the table."""
    if not SHARED.exists():
        print("skipped: no ../shared")
        return
    print(line(["Corpus", "Typed", "Words", *FATES]))
    print("|---|---|" + "---:|" * 5)
    for name, other in CORPORA:
        for typed, counts in rows(name, other):
            print(line([name, typed, f"{counts.total():,}", *(f"{counts[fate]:,}" for fate in FATES)]), flush=True)


if __name__ == "__main__":
    main()
