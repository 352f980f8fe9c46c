"""The same answer to the same question in other words: python -m benchmarks.stability [--encoder none] [--pairs N].

Doctors' paraphrases of patients' questions, with questions of other meaning in like words as baseline (McCreery et al., KDD
2020), and real misspellings, with the correction of spelling and without it; asked over 2,020 pages for patients
(MedlinePlus, SeniorHealth and CDC in MedQuAD). Two answers are the same where their first excerpts are one quotation, or
near-duplicates, or both are silent. Prints shares with their 95 % intervals; each pair goes to benchmarks/runs/stability.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from benchmarks.datasets import RUNS, SHARED, Dataset, rows_of
from benchmarks.indexes import index_for, show_progress
from benchmarks.table import line
from citewell.conversation import ask
from citewell.evaluate.statistics import wilson
from citewell.index import Index
from citewell.lexicon import analyse, common_words
from citewell.search import Spelt
from citewell.types import Answer

SEED = 20261124
PAIRS = 400  # originals, each with a paraphrase, a question of other meaning and one drawn by chance
EACH = 4  # questions at most into which one and the same misspelling is put
PAGES = ("a4-", "a7-", "a9-")  # ids of MedlinePlus health topics, NIH SeniorHealth and CDC
ASKED_OF = ("q4-", "q7-", "q9-")  # ids of the questions that these pages answer
DATA = SHARED / "data"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two wordings to compare.

    :param kind: What relates them, as the report names it.
    """

    kind: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair with both answers."""

    pair: Pair
    first: Answer
    second: Answer

    @property
    def answered(self) -> int:
        """How many of the two were answered."""
        return self.first.answered + self.second.answered

    @property
    def same(self) -> bool:
        """Whether both are silent, or open with the same quotation."""
        if self.answered == 2:
            return not top(self.first).isdisjoint(top(self.second))
        return self.answered == 0

    @property
    def same_document(self) -> bool:
        """Whether both are silent, or their first excerpts come from one document."""
        if self.answered == 2:
            return self.first.excerpts[0].document_id == self.second.excerpts[0].document_id
        return self.answered == 0


def top(answer: Answer) -> set[tuple[str, int, int]]:
    """The places of the first excerpt and of its near-duplicates."""
    numbers = {answer.excerpts[0].citation, *answer.excerpts[0].also}
    return {(each.document_id, each.start, each.end) for each in answer.citations if each.number in numbers}


def pages() -> Dataset:
    """The pages for patients, written to the runs' folder."""
    source = RUNS / "medquad-topics.jsonl"
    RUNS.mkdir(parents=True, exist_ok=True)
    lines = (DATA / "medquad" / "corpus.jsonl").read_text(encoding="utf-8").split("\n")
    kept = [text for text in lines if text and json.loads(text)["_id"].startswith(PAGES)]
    source.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return Dataset("medquad-topics", (), source)


def paraphrases(rows: Iterable[Mapping[str, Any]], count: int, chance: random.Random) -> Iterator[Pair]:
    """Yield for each of `count` originals its paraphrase, its look-alike of other meaning, and another's paraphrase."""
    alike: dict[str, str] = {}
    unlike: dict[str, str] = {}
    for row in rows:
        (alike if row["label"] == 1 else unlike)[row["question_1"]] = row["question_2"]
    originals = chance.sample(sorted(alike.keys() & unlike.keys()), count)
    for number, original in enumerate(originals):
        yield Pair("paraphrase", original, alike[original])
        yield Pair("look-alike of other meaning", original, unlike[original])
        yield Pair("any two questions", original, alike[originals[number - 1]])


def misspellings(rows: Iterable[Mapping[str, str]], corrections: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Words that mean something with the ways in which people were seen to misspell them."""
    seen = [(row["wrong"].casefold(), row["right"].casefold()) for row in corrections]
    for row in rows:
        typed, meant = row["typo"].split(), row["clean"].split()
        if len(typed) == len(meant):
            seen += [each for each in zip(typed, meant, strict=True) if each[0] != each[1]]
    found: dict[str, list[str]] = {}
    for wrong, right in dict.fromkeys(seen):
        if wrong.isalpha() and right.isalpha() and analyse(right) and analyse(wrong) != analyse(right):
            found.setdefault(right, []).append(wrong)
    return found


def misspelt(questions: Iterable[str], wrong: Mapping[str, Sequence[str]], chance: random.Random) -> Iterator[Pair]:
    """Yield questions that hold a word with a known misspelling, with that put in, no misspelling too often."""
    used = Counter[str]()
    for question in questions:
        words = re.findall(r"[A-Za-z]+", question)
        found = [(word, typed) for word in words for typed in wrong.get(word.casefold(), ()) if used[typed] < EACH]
        if found:
            word, typed = chance.choice(found)
            used[typed] += 1
            kind = "another word in a question" if typed in common_words() else "misspelling in a question"
            yield Pair(kind, question, re.sub(rf"\b{word}\b", typed, question))


def typed_pairs(chance: random.Random) -> list[Pair]:
    """Real misspelt searches with what was meant, and questions that the pages answer with real misspellings put in."""
    searches = list(rows_of(DATA / "typos" / "dl_typo.jsonl"))
    wrong = misspellings(searches, rows_of(DATA / "typos" / "gist_forum_corrections.jsonl"))
    questions = [row["text"] for row in rows_of(DATA / "medquad" / "queries.jsonl") if row["_id"].startswith(ASKED_OF)]
    chance.shuffle(questions)
    return [
        *(Pair("misspelt search", row["clean"], row["typo"]) for row in searches),
        *misspelt(questions, wrong, chance),
    ]


def compare(index: Index, pairs: Sequence[Pair]) -> list[Compared]:
    """Ask every wording once."""
    answers: dict[str, Answer] = {}
    wordings = list(dict.fromkeys(text for pair in pairs for text in (pair.first, pair.second)))
    for done, text in enumerate(wordings, start=1):
        answers[text] = ask(index, text)
        show_progress("answering", done, len(wordings))
    return [Compared(pair, answers[pair.first], answers[pair.second]) for pair in pairs]


def uncorrected() -> AbstractContextManager[Any]:
    """Questions are searched for as they are typed."""
    return patch("citewell.search.correct", lambda question, lexicon: Spelt(question, (), ()))


MEASURES: tuple[tuple[str, Callable[[Compared], bool]], ...] = (
    ("same first excerpt, or both silent", lambda each: each.same),
    ("same document first, or both silent", lambda each: each.same_document),
    ("one silent, one not", lambda each: each.answered == 1),
    ("both answered", lambda each: each.answered == 2),
)


def rows(label: str, compared: Sequence[Compared]) -> Iterator[str]:
    """Yield the lines of one kind of pairs."""
    for measure, holds in MEASURES:
        yield shares(label, measure, sum(map(holds, compared)), len(compared))
    both = [each for each in compared if each.answered == 2]
    yield shares(label, "same first excerpt, of those with two answers", sum(each.same for each in both), len(both))


def shares(label: str, measure: str, right: int, of: int) -> str:
    """The line of one share."""
    low, high = wilson(right, of)
    return line([label, measure, f"{of:,}", f"{right / of:.3f}" if of else "", f"{low:.3f} to {high:.3f}"])


def as_json(note: str, each: Compared) -> str:
    """One pair with what its two wordings open with."""
    shown = [
        {"question": answer.question, "searched_for": answer.searched_for, "answered": answer.answered,
         "confidence": answer.confidence, "first": [[e.document_id, e.text] for e in answer.excerpts[:1]]}
        for answer in (each.first, each.second)
    ]  # fmt: skip
    return json.dumps({"kind": each.pair.kind, "note": note, "same": each.same, "shown": shown}, ensure_ascii=False)


def main() -> int:
    """Ask all pairs, those with misspellings twice, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--encoder", default="default")
    options.add_argument("--pairs", type=int, default=PAIRS)
    given = options.parse_args()
    if not DATA.is_dir():
        print("skipped: no ../shared", file=sys.stderr)
        return 0
    chance, known = random.Random(SEED), pages()
    index = index_for(known, given.encoder)
    worded = list(paraphrases(rows_of(DATA / "mqp" / "pairs.jsonl"), given.pairs, chance))
    typed = typed_pairs(chance)
    print(line(["Pairs", "Measure", "n", "share", "95 % interval"]), "|---|---|---:|---:|---:|", sep="\n", flush=True)
    with (RUNS / "stability.jsonl").open("w", encoding="utf-8") as kept:
        for note, pairs, setting in (
            ("", worded, nullcontext()),
            ("", typed, nullcontext()),
            (", not corrected", typed, uncorrected()),
        ):
            with setting:
                compared = compare(index, pairs)
            kept.writelines(f"{as_json(note, each)}\n" for each in compared)
            for kind in dict.fromkeys(pair.kind for pair in pairs):
                print(
                    *rows(f"{kind}{note}", [each for each in compared if each.pair.kind == kind]), sep="\n", flush=True
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
