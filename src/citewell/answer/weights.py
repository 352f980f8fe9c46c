"""What each word of a question weighs, and how much of the question a text holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from citewell.answer.reading import stems_of
from citewell.answer.shapes import asking_stems, shape_asked
from citewell.index import Index
from citewell.lexicon import analyse, specificity
from citewell.search import Query

K1, B = 1.2, 0.75  # BM25's usual constants
MEAN_STEMS = 14.0  # stems of a usual sentence


@dataclass(frozen=True, slots=True)
class Weights:
    """What each stem of a question weighs.

    :param rarity: Inverse document frequency as in BM25, times the stem's weight in the query.
    :param gravity: For typed stems: rarity here times how little everyday English uses the stem.
    :param total: The sum of all gravity.
    :param absent: The typed stems that stand nowhere in the index, under no other name either.
    :param missing: Their share 0..1 of the gravity.
    :param highest: BM25 that no unit exceeds.
    :param renamed: (stems of another name, typed stems that it stands for).
    :param counting: All stems that `covered` looks for in a text.
    :param asking: Stems that only say what kind of answer is wanted; a text holds them by its shape alone.
    :param named: Stems of the names of drugs asked about, whose own text may leave them out.
    """

    rarity: dict[str, float]
    gravity: dict[str, float]
    total: float
    absent: frozenset[str]
    missing: float
    highest: float
    renamed: tuple[tuple[frozenset[str], frozenset[str]], ...]
    counting: frozenset[str]
    asking: frozenset[str]
    named: frozenset[str]

    def counted(self, text: str) -> frozenset[str]:
        """The stems of a text that `covered` looks for."""
        return self.counting.intersection(stems_of(text))

    def held(self, stems: frozenset[str]) -> frozenset[str]:
        """A set of stems with the typed ones that they are other names of."""
        return stems.union(*[typed for means, typed in self.renamed if means <= stems])

    def topical(self, held: frozenset[str]) -> float:
        """The share of what is asked about the drugs named that is held; 1 where none is named or nothing else is asked."""
        asked = {part: weight for part, weight in self.gravity.items() if part not in self.named | self.asking}
        if not self.named or not asked:
            return 1.0
        return sum(weight for part, weight in asked.items() if part in held) / sum(asked.values())

    def covered(self, stems: frozenset[str]) -> float:
        """The share of the question's weight that a set of stems holds; another name counts for the one typed."""
        if not self.total:
            return 0.0
        held = self.held(stems)
        return sum(map(self.gravity.__getitem__, filter(held.__contains__, self.gravity))) / self.total


def weigh(index: Index, query: Query, names: Set[str] = frozenset()) -> Weights:
    """Look up how rare the stems of a question are.

    :param names: All names of the drugs that it asks about.
    """
    passages = index.manifest.passages
    counts = {stem: index.passages_with(stem) for stem in query.weights}
    idf = {
        stem: query.weights[stem] * math.log(1 + (passages - count + 0.5) / (count + 0.5))
        for stem, count in counts.items()
    }
    gravity = {stem: idf[stem] * specificity(stem) for stem, weight in query.weights.items() if weight == 1.0}
    named = [(frozenset(analyse(alias.means)), frozenset(analyse(phrase))) for phrase, alias in query.aliases]
    total = sum(gravity.values())
    unnamed = gravity.keys() - frozenset().union(*(typed for _, typed in named))
    absent = frozenset(stem for stem in unnamed if not counts[stem])
    asking = asking_stems(query.text) & gravity.keys() if shape_asked(query.text) else frozenset()
    return Weights(
        rarity={stem: weight for stem, weight in idf.items() if stem not in asking},
        gravity=gravity,
        total=total,
        absent=absent,
        missing=sum(gravity[stem] for stem in absent) / total if total else 1.0,
        highest=(K1 + 1) * sum(idf.values()),
        renamed=tuple((means, typed & gravity.keys()) for means, typed in named),
        counting=frozenset(gravity).union(*(means for means, _ in named)) - asking,
        asking=asking,
        named=frozenset(analyse(" ".join(names))) & gravity.keys(),
    )


def bm25(stems: Sequence[str], rarity: Mapping[str, float]) -> float:
    """BM25 of one unit, with the rarity of passages."""
    held = list(filter(rarity.__contains__, stems))
    if not held:
        return 0.0
    norm = K1 * (1 - B + B * len(stems) / MEAN_STEMS)
    counts = [(rarity[stem], held.count(stem)) for stem in filter(held.__contains__, rarity)]
    return sum([weight * count * (K1 + 1) / (count + norm) for weight, count in counts])
