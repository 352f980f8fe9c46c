"""Pairs of a question and a unit, right or wrong, that the cross-encoder learns from (benchmarks/cross_encoder.py).

Only from parts that nothing is chosen by or reported on: those called "train" of SQuAD, BioASQ and the labels, other subjects
of MedQuAD. Wrong units are what Citewell itself finds: the next best, those of sister diseases, those found where the document
was taken out. More wrong pairs are made of right ones by another name, number or a denial in the question, and questions of both
kinds from sentences, a name or number of which is asked for (a cloze; Lewis, Denoyer & Riedel, ACL 2019).
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks import datasets, removed
from benchmarks.datasets import Case, Dataset, Evidence, rows_of
from benchmarks.indexes import index_for, show_progress
from benchmarks.silence import holds_answer, labels, names_reaction, shows_evidence, squad
from citewell.answer.consider import consider
from citewell.answer.evidence import Candidate
from citewell.answer.second_look import as_read
from citewell.index import Index
from citewell.lexicon import STOP_WORDS, words
from citewell.search import find, understand
from citewell.settings import Settings
from citewell.types import Excerpt, fold

WRONG = 3  # units a question that don't answer it
RIGHT = 2
MEDQUAD_PARTS = (1, 2)  # of the fifths of MedQuAD's subjects; the first is the one that reports are on
CLOZES = 9000  # sentences made into questions
KINDS = re.compile(r"(?P<number>\d[\d.,]*)|(?P<name>[A-Z][a-zA-Z-]{2,})|(?P<word>[a-z]{5,})")
OPPOSITES = {
    word: other
    for pair in (
        "increase decrease", "increased decreased", "increases decreases", "before after", "first last", "most least", "more less",
        "higher lower", "high low", "largest smallest", "large small", "early late", "common rare", "allowed forbidden",
        "begin end", "began ended", "start stop", "started stopped", "older younger", "north south", "east west", "above below",
        "inside outside", "gain lose", "won lost", "strong weak", "rich poor", "positive negative", "major minor", "with without",
        "always never", "men women", "children adults", "causes prevents", "cause prevent", "treat cause", "safe harmful",
        "symptoms treatments", "causes treatments", "male female", "acute chronic", "effective ineffective",
    )
    for word, other in (pair.split(), pair.split()[::-1])
}  # fmt: skip
VERBS = re.compile(r"\b(is|are|was|were|does|do|did|can|could|should|has|have|will)\b", re.I)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, a unit as the cross-encoder sees it, and whether it answers."""

    question: str
    unit: str
    right: bool
    source: str
    group: str


def found_by(index: Index, question: str, settings: Settings) -> list[Candidate]:
    """The candidates of a question, best first."""
    query = understand(index, fold(question), settings)
    hits = find(index, query, settings, top=settings.evidence_passages)
    return [entry.candidate for entry in consider(index, query, hits, None, settings).judged]


def shown(best: Candidate) -> Excerpt:
    """A candidate as the quotation that it would be."""
    return Excerpt(1, best.text, best.document.id, "", best.unit.source_class, None, None, best.unit.section, None,
                   best.unit.start, best.unit.end, 0.0, (), best.leans_on)  # fmt: skip


def mined(
    index: Index, cases: Sequence[Case], holds: Callable[[Case, Excerpt], bool], source: str,
    trusted: Callable[[Case, Candidate], bool],
) -> Iterator[Pair]:  # fmt: skip
    """Yield the units that answer a question and the nearest that don't.

    :param trusted: Whether an unmarked unit is surely wrong.
    """
    settings = Settings()
    for done, case in enumerate(cases, start=1):
        right, wrong = 0, 0
        for candidate in found_by(index, case.question, settings):
            good = case.answerable and holds(case, shown(candidate))
            if (right if good else wrong) == (RIGHT if good else WRONG) or not (good or trusted(case, candidate)):
                continue
            right, wrong = right + good, wrong + (not good)
            yield Pair(case.question, as_read(candidate), good, source, f"{source}:{case.id}")
        show_progress(source, done, len(cases))


def squad_pairs() -> Iterator[Pair]:
    """Yield those of the dev articles, all questions."""
    whole = squad(step=1)
    index = index_for(whole, "default")
    cases = [case for case in whole.cases if case.id.startswith("train:")]
    yield from mined(index, cases, holds_answer, "squad", lambda case, candidate: True)


def bioasq_pairs() -> Iterator[Pair]:
    """Yield those of the dev questions; other sentences of an abstract that holds a snippet may answer as well, and are left out."""
    whole = removed.bioasq()
    index = index_for(whole, "default")
    cases = [case for case in whole.cases if case.id.startswith("train:")]

    def trusted(case: Case, candidate: Candidate) -> bool:
        return not case.answerable or candidate.document.id not in case.grades

    yield from mined(index, cases, shows_evidence, "bioasq", trusted)


def medquad_pairs() -> Iterator[Pair]:
    """Yield those of other subjects than any that is reported on: right on the page that answers, wrong on other diseases."""
    whole = datasets.beir("medquad", "medquad")
    names = {row["_id"]: removed.subject(row["title"]) for row in rows_of(whole.source)}
    lengths = {row["_id"]: len(row["text"]) for row in rows_of(whole.source)}
    mine = {page for page, name in names.items() if removed.draw(name, "taken", removed.SHARE) in MEDQUAD_PARTS}
    part = Dataset("medquad-train", (), removed.written("medquad-train", whole.source, mine.__contains__))
    cases = [
        replace(case, evidence=tuple(Evidence(page, start=0, end=lengths[page]) for page in case.grades))
        for case in whole.cases
        if mine.issuperset(case.grades)
    ]
    chance = random.Random(5)
    index = index_for(part, "none")

    def trusted(case: Case, candidate: Candidate) -> bool:
        other = {names[page] for page in case.grades}
        return names[candidate.document.id] not in other or not case.question.startswith("What is (are)")

    yield from mined(index, chance.sample(cases, 4000), shows_evidence, "medquad", trusted)


def label_pairs() -> Iterator[Pair]:
    """Yield those of the drugs that no report is on."""
    whole = labels()
    index = index_for(whole, "default")
    cases = [case for case in whole.cases if case.id.startswith("train:")]
    yield from mined(index, cases, names_reaction, "labels", lambda case, candidate: True)


def altered(question: str, near: Sequence[str], chance: random.Random) -> str | None:
    """A question with another name, number or word of the same kind, an opposite, or a denial; None where nothing can be changed.

    :param near: Texts on the same subject, from which words are taken.
    """
    if chance.random() < 0.35:
        for found in chance.sample(list(words(question)), k=len(list(words(question)))):
            word, start, end = found
            if word in OPPOSITES:
                return question[:start] + OPPOSITES[word] + question[end:]
    if chance.random() < 0.2 and (verb := VERBS.search(question, 1)):
        return f"{question[: verb.end()]} not{question[verb.end() :]}"
    places = [m for m in KINDS.finditer(question) if m.start() and m[0].casefold() not in STOP_WORDS]
    weighed = [m for m in places if m.lastgroup != "word"] or places
    if not weighed:
        return None
    place = chance.choice(weighed if chance.random() < 0.7 else places)
    others = {
        m[0] for text in near for m in KINDS.finditer(text, 1)
        if m.lastgroup == place.lastgroup and m[0] not in question and m[0].casefold() not in STOP_WORDS
    }  # fmt: skip
    if not others:
        return None
    return question[: place.start()] + chance.choice(sorted(others)) + question[place.end() :]


def altered_pairs(pairs: Iterable[Pair], chance: random.Random) -> Iterator[Pair]:
    """Yield right pairs made wrong by their question."""
    by_heading: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.source in ("squad", "bioasq", "medquad"):
            by_heading[pair.unit[:40] if pair.source == "squad" else pair.source].append(pair)
    for found in by_heading.values():
        for pair in found:
            near = [chance.choice(found).question for _ in range(8)]
            other = altered(pair.question, near, chance) if pair.right else None
            if other and not all(word in pair.unit.casefold() for word, _, _ in words(other) if word not in STOP_WORDS):
                yield Pair(other, pair.unit, False, f"{pair.source}-altered", f"{pair.group}:altered")


def cloze_pairs(pairs: Sequence[Pair], chance: random.Random) -> Iterator[Pair]:
    """Yield questions made from units, and the same made wrong."""
    units = sorted({pair.unit for pair in pairs if pair.source != "labels"})
    for number, unit in enumerate(chance.sample(units, min(CLOZES, len(units)))):
        _, text = unit.split(": ", 1) if ": " in unit else ("", unit)
        question = cloze(text[:300], chance)
        if question is None:
            continue
        yield Pair(question, unit, True, "cloze", f"cloze:{number}")
        near = [chance.choice(units) for _ in range(3)] + [u for u in units[number : number + 3] if u != unit]
        other = altered(question, near, chance)
        if other:
            yield Pair(other, unit, False, "cloze-altered", f"cloze:{number}")


def cloze(text: str, chance: random.Random) -> str | None:
    """A question for a name, a number or a word of a sentence, a part of its other words left out."""
    places = [m for m in KINDS.finditer(text) if m[0].casefold() not in STOP_WORDS]
    if len(places) < 4:
        return None
    weighed = [m for m in places if m.lastgroup != "word"] or places
    place = chance.choice(weighed)
    asked = {"number": ("how many", "when", "how much"), "name": ("who", "what", "which"), "word": ("what", "which")}
    kind = chance.choice(asked[place.lastgroup or "word"])
    left = max(text.rfind(", ", 0, place.start()), text.rfind("; ", 0, place.start())) + 1
    right = min((p for p in (text.find(c, place.end()) for c in (", ", "; ", ". ")) if p >= 0), default=len(text))
    if right - left < 40:
        left, right = 0, len(text)
    before, after = text[left : place.start()].split(), text[place.end() : right].strip(" .").split()
    kept = [[w for w in part if chance.random() > 0.15] for part in (before, after)]
    turned = [kind, *kept[1], *kept[0]] if chance.random() < 0.5 else [*kept[0], kind, *kept[1]]
    question = " ".join(turned)
    return question[:1].upper() + question[1:] + "?"


def all_pairs() -> list[Pair]:
    """All pairs, the made ones last."""
    chance = random.Random(11)
    pairs = [*squad_pairs(), *bioasq_pairs(), *medquad_pairs(), *label_pairs()]
    return [*pairs, *altered_pairs(pairs, chance), *cloze_pairs(pairs, chance)]
