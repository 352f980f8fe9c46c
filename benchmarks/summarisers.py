"""Known ways to choose the sentences of a summary, for comparison: lead, likeness, MMR, TextRank, LexRank, the oracle.

Each takes a task and a number of sentences, and returns sentences in the order of their documents.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.rouge import rouge_n, rouge_words
from citewell.lexicon import analyse
from citewell.types import Unit

Numbers = NDArray[np.float64]
DAMPING = 0.85  # PageRank's usual constant
ROUNDS = 60  # of PageRank


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of a document.

    :param number: Its place in the document, from 0.
    :param wanted: Whether at least half of its characters are in the expert's summary.
    """

    document_id: str
    number: int
    unit: Unit
    text: str
    wanted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A question, the sentences of its documents in their order, and the summary that an expert made of them.

    :param cosines: Of the question and each sentence.
    :param likeness: Cosines of the sentences with each other.
    """

    id: str
    question: str
    documents: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    gold: tuple[str, ...]
    cosines: Numbers
    likeness: Numbers
    words: dict[str, list[str]] = field(default_factory=dict)

    def said(self, chosen: Sequence[Sentence]) -> list[str]:
        """The words of sentences, each cut into words once."""
        found = []
        for sentence in chosen:
            if sentence.text not in self.words:
                self.words[sentence.text] = rouge_words(sentence.text)
            found += self.words[sentence.text]
        return found


Summariser = Callable[[Task, int], list[Sentence]]


def in_order(task: Task, numbers: Sequence[int]) -> list[Sentence]:
    """Sentences by their place among all."""
    return [task.sentences[number] for number in sorted(numbers)]


def best(task: Task, scores: Numbers, size: int) -> list[Sentence]:
    """The sentences of the highest scores; equal ones in order."""
    return in_order(task, np.argsort(-scores, kind="stable")[:size].tolist())


def lead_of_each(task: Task, size: int) -> list[Sentence]:
    """The first sentences of every document."""
    return [sentence for sentence in task.sentences if sentence.number < size]


def lead(task: Task, size: int) -> list[Sentence]:
    """The first sentences of all documents, one document after the other."""
    return list(task.sentences[:size])


def nearest(task: Task, size: int) -> list[Sentence]:
    """The sentences of the highest cosine with the question."""
    return best(task, task.cosines, size)


def mmr(task: Task, size: int, share: float = 0.7) -> list[Sentence]:
    """Maximal marginal relevance: near the question and unlike what is chosen (Carbonell & Goldstein, SIGIR 1998).

    :param share: Of the likeness to the question; the unlikeness to what is chosen has the rest.
    """
    chosen: list[int] = []
    alike = np.zeros(len(task.sentences))
    for _ in range(min(size, len(task.sentences))):
        gain = share * task.cosines - (1 - share) * alike
        gain[chosen] = -np.inf
        chosen.append(int(np.argmax(gain)))
        alike = np.maximum(alike, task.likeness[chosen[-1]])
    return in_order(task, chosen)


def ranked(edges: Numbers, start: Numbers | None = None) -> Numbers:
    """PageRank over weighted edges.

    :param start: Where a walk starts anew; anywhere alike if None.
    """
    count = len(edges)
    weights = edges * (1 - np.eye(count))
    sums = weights.sum(axis=1, keepdims=True)
    steps = np.divide(weights, sums, where=sums > 0, out=np.full_like(weights, 1 / count))
    anew = np.full(count, 1 / count) if start is None else start / start.sum()
    scores = anew.copy()
    for _ in range(ROUNDS):
        scores = DAMPING * (scores @ steps) + (1 - DAMPING) * anew
    return np.asarray(scores)


def textrank(task: Task, size: int) -> list[Sentence]:
    """Sentences that share words with many others (Mihalcea & Tarau, EMNLP 2004)."""
    stems = [set(analyse(sentence.text)) for sentence in task.sentences]
    edges = np.zeros((len(stems), len(stems)))
    for one, mine in enumerate(stems):
        for other, theirs in enumerate(stems[:one]):
            if len(mine) > 1 and len(theirs) > 1:
                shared = len(mine & theirs) / (math.log(len(mine)) + math.log(len(theirs)))
                edges[one, other] = edges[other, one] = shared
    return best(task, ranked(edges), size)


def lexrank(task: Task, size: int) -> list[Sentence]:
    """Sentences like many others by cosine (Erkan & Radev, JAIR 2004, continuous)."""
    return best(task, ranked(task.likeness.clip(0)), size)


def lexrank_of_question(task: Task, size: int) -> list[Sentence]:
    """The same with walks that start near the question (Otterbacher, Erkan & Radev, EMNLP 2005)."""
    return best(task, ranked(task.likeness.clip(0), task.cosines.clip(1e-3)), size)


def centroid(task: Task, size: int) -> list[Sentence]:
    """Sentences near the middle of all (Radev et al. 2004)."""
    return best(task, task.likeness.mean(axis=1), size)


def everything(task: Task, size: int) -> list[Sentence]:
    """All sentences."""
    return list(task.sentences)


def wanted(task: Task, size: int) -> list[Sentence]:
    """The sentences that the expert took."""
    return [sentence for sentence in task.sentences if sentence.wanted]


def oracle(task: Task, size: int) -> list[Sentence]:
    """Sentences taken one by one while ROUGE-2 rises: about the most that whole sentences can reach."""
    chosen: list[int] = []
    reached = 0.0
    left = list(range(len(task.sentences)))
    while left:
        gains = [(rouge_n(task.said(in_order(task, [*chosen, each])), task.gold), -each) for each in left]
        score, number = max(gains)
        if score <= reached:
            break
        reached = score
        chosen.append(-number)
        left.remove(-number)
    return in_order(task, chosen)
