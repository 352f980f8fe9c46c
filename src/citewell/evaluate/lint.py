"""What is wrong with a suite before any question is asked: cases that can't pass, give themselves away, or say too little."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from textwrap import shorten

from citewell.evaluate.cases import Case
from citewell.evaluate.normalise import contains, mentions
from citewell.evaluate.outcome import Place
from citewell.evaluate.resolve import TextOf, resolve
from citewell.lexicon import analyse, words

ERROR, WARNING = "error", "warning"
SYNTHETIC = "synthetic"
ALIKE = 0.8  # share of their stems that two questions have in common from which one of them asks nothing new
COPIED = 0.6  # the same of a question and its evidence: the words that ask, "how much", are function words
RUN = 7  # words in a row that a question may share with its evidence; names of diseases take up to five
SHOWN = 60  # characters of a text in a message


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one case.

    :param line: Of the case in its file.
    :param case: Its id.
    :param severity: "error" where the case can't be right as it is, else "warning".
    """

    line: int
    case: str
    severity: str
    message: str


def lint(cases: Sequence[Case], text_of: TextOf) -> tuple[Finding, ...]:
    """Check every case against the documents and all of them against each other, in the order of their lines."""
    own = (finding for case in cases for check in CHECKS for finding in check(case))
    placed = (finding for case in cases for finding in check_evidence(case, text_of))
    shared = (finding for check in ACROSS for finding in check(cases))
    return tuple(sorted(chain(placed, own, shared), key=lambda finding: finding.line))


def error(case: Case, message: str) -> Finding:
    """A finding that has to be mended."""
    return Finding(case.line, case.id, ERROR, message)


def warning(case: Case, message: str) -> Finding:
    """A finding to look at."""
    return Finding(case.line, case.id, WARNING, message)


def brief(text: str) -> str:
    """The beginning of a text, in quotation marks."""
    return f"“{shorten(text, SHOWN, placeholder=' …')}”"


def questions(case: Case) -> tuple[str, ...]:
    """The question and its paraphrases."""
    return (case.question, *case.paraphrases)


def check_evidence(case: Case, text_of: TextOf) -> Iterator[Finding]:
    """Whether the evidence stands in the documents, and holds what the case wants of it."""
    resolved = resolve(case, text_of)
    for message in resolved.missing:
        yield error(case, message)
    if resolved.missing:
        return
    yield from check_occurrences(case, resolved.places)
    if case.evidence:
        texts = [place.text for place in resolved.places]
        yield from check_wanted(case, texts)
        yield from check_leaks(case, texts)


def check_occurrences(case: Case, places: Sequence[Place]) -> Iterator[Finding]:
    """Whether a quotation without context stands more than once."""
    counts = Counter(place.piece for place in places)
    for piece, evidence in enumerate(case.evidence):
        if counts[piece] > 1 and not (evidence.prefix.strip() or evidence.suffix.strip()):
            yield warning(
                case,
                f"the quotation {brief(evidence.quote)} stands {counts[piece]} times in {evidence.doc}: "
                "a prefix or a suffix tells which is meant",
            )


def check_wanted(case: Case, texts: Sequence[str]) -> Iterator[Finding]:
    """Whether showing the evidence can fulfil the case."""
    for wanted in case.must_contain:
        if not any(contains(text, wanted) for text in texts):
            yield error(case, f"must_contain {brief(wanted)} does not stand in the evidence: no answer can fulfil it")
    for unwanted in case.must_not_contain:
        if any(mentions(text, unwanted) for text in texts):
            yield error(case, f"must_not_contain {brief(unwanted)} stands in the evidence: the right answer breaks it")
    for answer in case.answers:
        if not any(contains(text, answer) for text in texts):
            yield warning(case, f"the answer {brief(answer)} does not stand in the evidence")


def check_leaks(case: Case, texts: Sequence[str]) -> Iterator[Finding]:
    """Whether a question gives itself away: by the words of its evidence, or by its own answer."""
    for question in questions(case):
        for text in texts:
            if copies(question, text):
                yield warning(case, f"{brief(question)} nearly copies its evidence {brief(text)}: ask in other words")
                break
        for answer in case.answers:
            if contains(question, answer):
                yield warning(case, f"{brief(question)} holds its own answer {brief(answer)}")


def copies(question: str, text: str) -> bool:
    """Whether a question shares most of its stems with a text, or a long run of words."""
    if overlap(frozenset(analyse(question)), frozenset(analyse(text))) >= COPIED:
        return True
    asked, said = ([word for word, _, _ in words(each)] for each in (question, text))
    return SequenceMatcher(None, asked, said, autojunk=False).find_longest_match().size > RUN


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the stems of both that both have (Jaccard, 1901)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def check_unsaid(case: Case) -> Iterator[Finding]:
    """Whether a case leaves out what is needed to judge it."""
    if case.answerable and not case.evidence:
        yield warning(case, "it is answerable without evidence: only whether it is answered can be judged")
    if case.xfail is not None and not case.xfail.strip():
        yield error(case, "xfail without a reason: say why it fails, or leave xfail out")


def check_source(case: Case) -> Iterator[Finding]:
    """Whether synthetic cases are told from the others by source and by tag alike."""
    if (case.source == SYNTHETIC) != (SYNTHETIC in case.tags):
        yield error(case, f'source {case.source!r} with the tags {list(case.tags)}: "synthetic" is both or neither')


def check_reviews(cases: Sequence[Case]) -> Iterator[Finding]:
    """How many critical cases nobody has reviewed; told once."""
    unreviewed = [case for case in cases if case.severity == "critical" and not case.reviewed_by.strip()]
    if unreviewed:
        yield warning(unreviewed[0], f"reviewed_by is empty in {len(unreviewed)} critical cases, this one first")


def check_tags(cases: Sequence[Case]) -> Iterator[Finding]:
    """Tags that only one case has: misspelled, or too few to be looked at by themselves."""
    holders: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for tag in dict.fromkeys(case.tags):
            holders[tag].append(case)
    for tag, [first, *others] in holders.items():
        if not others:
            yield warning(first, f"no other case has the tag {tag!r}")


def check_duplicates(cases: Sequence[Case]) -> Iterator[Finding]:
    """Cases whose question an earlier case asks already; those of one cluster are meant to be alike.

    Two sets that share the fraction t of their stems share one of the (1 - t) · n + 1 rarest of each (prefix filter;
    Chaudhuri, Ganti & Kaushik, ICDE 2006), so only questions that do are compared.
    """
    asked = [(case, stems) for case in cases for stems in asked_stems(case)]
    counts = Counter(chain.from_iterable(stems for _, stems in asked))
    seen: defaultdict[str, list[tuple[Case, frozenset[str]]]] = defaultdict(list)
    for case, stems in asked:
        rarest = sorted(stems, key=lambda each: (counts[each], each))[: len(stems) - math.ceil(ALIKE * len(stems)) + 1]
        near = chain.from_iterable(seen[each] for each in rarest)
        twin = next((other for other, theirs in near if apart(case, other) and overlap(stems, theirs) >= ALIKE), None)
        if twin:
            yield warning(case, f"nearly the same question as {twin.id} in line {twin.line}: {brief(twin.question)}")
        for each in rarest:
            seen[each].append((case, stems))


def asked_stems(case: Case) -> list[frozenset[str]]:
    """The stems of each way in which a case asks, with those of the questions before."""
    before = analyse(" ".join(case.history))
    return [frozenset([*before, *analyse(question)]) for question in questions(case)]


def apart(one: Case, other: Case) -> bool:
    """Whether two cases are different ones that are not meant to stand or fall together."""
    return one.id != other.id and not (one.cluster and one.cluster == other.cluster)


CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (check_unsaid, check_source)
ACROSS: tuple[Callable[[Sequence[Case]], Iterator[Finding]], ...] = (check_duplicates, check_tags, check_reviews)
