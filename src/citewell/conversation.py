"""Follow-ups: what a question leaves unsaid is taken from the questions before it, visibly."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from citewell.answer import answer
from citewell.answer.summary_fields import answer_field, field_asked
from citewell.answer.summary_parts import parts, with_subject
from citewell.answer.summary_together import together
from citewell.index import Index
from citewell.lexicon import STOP_WORDS, specificity, stem, words
from citewell.search import LookUp, check_question, find
from citewell.settings import Settings
from citewell.types import Answer, Audience, Hit, SourceClass

Found: TypeAlias = tuple[Answer, tuple[Hit, ...]]
# A question that opens so goes on with the topic of the one before it.
CONTINUES = re.compile(r"\s*(?:and|but|or|also|then|what about|how about|what of|same for|what if)\b", re.I)
# A question that speaks of something without naming it.
POINTS = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|the (?:drug|medicine|medication|same|dose|disease|condition))\b",
    re.I,
)
SLOT = re.compile(r"\b(?P<preposition>for|in|with|during|after|before)\s+[^,?.;]+", re.I)
NAME = 0.97  # specificity 0..1 from which a word names a disease or a substance rather than describes it


def complete(index: Index, question: str, history: Sequence[str]) -> str:
    """The question with the words that it takes over from the last question that named them; itself if it is complete."""
    carried: list[str] = []
    for earlier in reversed(history):
        carried = carry_over(index, question, earlier)
        if carried:
            break
    return f"{question} [{' '.join(carried)}]" if carried else question


def carry_over(index: Index, question: str, earlier: str) -> list[str]:
    """The words of an earlier question that this one leaves unsaid, in their order."""
    mine = {stem(word) for word, _, _ in words(question)}
    names = subject_words(index, question)
    if CONTINUES.match(question):
        filled = {match["preposition"].lower() for match in SLOT.finditer(question)}
        for match in reversed(list(SLOT.finditer(earlier))):
            if match["preposition"].lower() in filled:
                earlier = earlier[: match.start()] + earlier[match.end() :]
        replaced = set(subject_words(index, earlier)) if index.lexicon.drugs_in(question) else set()
        taken = [word for word, _, _ in words(earlier) if word not in STOP_WORDS and word not in replaced]
    elif not names or (POINTS.search(question) and not index.lexicon.drugs_in(question)):
        taken = subject_words(index, earlier)
    else:
        return []
    return [word for word in dict.fromkeys(taken) if stem(word) not in mine]


def subject_words(index: Index, question: str) -> list[str]:
    """The words of a question that name a drug, else a disease or a substance."""
    drugs = index.lexicon.drugs_in(question)
    return drugs or [
        word for word, _, _ in words(question) if word not in STOP_WORDS and specificity(stem(word)) >= NAME
    ]


def ask(
    index: Index,
    question: str,
    *,
    history: Sequence[str] = (),
    classes: Sequence[SourceClass] = (),
    documents: Sequence[str] = (),
    audience: Audience | None = None,
    settings: Settings | None = None,
) -> Answer:
    """Answer a question in the light of the questions before it.

    :param history: The earlier questions, oldest first; their answers are never reused.
    """
    with index.turn():
        return in_parts(
            index,
            question,
            history,
            settings or Settings(),
            partial(answer, index, classes=classes, documents=documents, audience=audience, settings=settings),
        )[0]


def in_parts(
    index: Index, question: str, history: Sequence[str], settings: Settings, answer_one: Callable[..., Found]
) -> Found:
    """Answer each part of a question, and make one answer of them; most questions have one part."""
    asked = check_question(question)
    each = parts(asked)
    if len(each) == 1:
        return answer_part(index, asked, complete(index, asked, history), settings, answer_one)
    first = complete(index, each[0], history)
    others = [
        with_subject(part, [first, *each[1:number]], index.lexicon) for number, part in enumerate(each[1:], start=1)
    ]
    found = [
        answer_part(index, part, whole, settings, answer_one)
        for part, whole in zip(each, [first, *others], strict=True)
    ]
    hits = {hit.passage: hit for _, hits in found for hit in hits}
    ranked = sorted(hits.values(), key=lambda hit: (-hit.score, hit.passage))
    answers = [answered for answered, _ in found]
    return together(
        asked, each, answers, settings.excerpts if any(a.answered for a in answers) else settings.nearest
    ), tuple(replace(hit, rank=rank) for rank, hit in enumerate(ranked, start=1))


def answer_part(
    index: Index, part: str, searched_for: str, settings: Settings, answer_one: Callable[..., Found]
) -> Found:
    """Answer one question; one that asks what a source says of itself by the source's own lines."""
    found, hits = answer_one(part, searched_for=searched_for)
    wanted = field_asked(part, index.lexicon)
    return (answer_field(index, wanted, found, hits, settings) if wanted else found), hits


def ask_with_hits(
    index: Index, question: str, *, history: Sequence[str], settings: Settings, depth: int, look_up: LookUp = find
) -> tuple[Answer, tuple[Hit, ...]]:
    """Answer as `ask` does, and return the `depth` best hits too: what the answer was chosen from, for those who judge it."""
    with index.turn():
        return in_parts(
            index, question, history, settings, partial(answer, index, settings=settings, depth=depth, look_up=look_up)
        )
