"""Follow-ups: what a question leaves unsaid is taken from the questions before it, visibly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from citewell.answer import answer
from citewell.answer.notes import changed_notes
from citewell.answer.roles import Role, Word, as_setting, as_subject, read_words, words_by_role
from citewell.answer.subject import documents_on, subject_of
from citewell.answer.suggest import MANY, ONE
from citewell.answer.summary_fields import answer_field, field_asked
from citewell.answer.summary_parts import parts, with_subject
from citewell.answer.summary_together import together
from citewell.answer.topics import topics_asked
from citewell.index import Index
from citewell.lexicon import Lexicon
from citewell.search import ADDED, LookUp, check_question, find
from citewell.settings import Settings
from citewell.types import Answer, Audience, Hit, SourceClass

Found: TypeAlias = tuple[Answer, tuple[Hit, ...]]
# A question that opens so goes on with the topic of the one before it.
CONTINUES = re.compile(
    r"\s*(?:(?:ok|okay|so|yes|no)[,.]?\s+)?(?:and|but|or|also|then|what about|how about|what of|same for|what if)\b[\s,]*"
    r"(?:(?:what|how) about\b)?",
    re.I,
)
# A question that speaks of something without naming it.
POINTS = re.compile(
    r"\b(?:it|its|they|them|their|he|she|his|her|this|that|these|those)\b(?!\s(?-i:[A-Z]))|\b(?:"
    r"the (?:drug|medicine|medication|same|disease|condition))\b",
    re.I,
)
ASKS_WHAT_IT_IS = re.compile(
    r"\s*(?:what|who|how) (?:is|are|was|were) (?:it|he|she|they|this|that|these|those)\W*", re.I
)
# A sentence opens so, a few words don't.
CLAUSE = re.compile(
    r"\s*(?:how|what|which|who|whom|whose|when|where|why|since when|is|are|was|were|am|do|does|did|can|could|should|may|might|must|"
    r"will|would|has|have|had|tell|give|list|show|explain|describe|i|i'm|we|you|my|there)\b",
    re.I,
)
OF = re.compile(r"\bof (?:the |an? )?", re.I)  # what stands behind it is what is asked about: "the symptoms of asthma"
COMPARES = re.compile(
    r"\b(?:than|compare[ds]?|comparison|versus|vs|differen\w+|differs?|switch\w*|replaces?|alternative)\b", re.I
)
COMPARED = re.compile(r"\b(?:compare|differ)\W*$", re.I)  # with what was spoken of
COURTESY = re.compile(
    r"\s*(?:(?:hello|hi|hey|thanks?|thank you|ok|okay|great|good|fine|bye|goodbye|sorry|please|very much)\b\W*)+", re.I
)
# Words that ask for nothing by themselves.
LIGHT = frozenset(
    "much many long often old once too same instead else other others ones case people patient patients".split()
)
# What depends on the use: asked without naming one, it is asked for the use named last.
DOSING = re.compile(
    r"\b(?:dos(?:e|es|age|ing)|how (?:often|much|long|frequently|many)|interval|given|administered|inject\w*)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, as far as its own words say what it is about.

    :param own: Its words, where only drugs are subjects.
    :param opening: Whether it opens as one that goes on with a topic.
    :param is_clause: Whether it is a sentence by itself.
    """

    text: str
    own: tuple[Word, ...]
    opening: bool
    is_clause: bool

    @property
    def asks(self) -> list[Word]:
        """Its words that ask for something by themselves."""
        return [word for word in self.own if word.role is Role.ASKED and word.text.lower() not in LIGHT]

    @property
    def has_drug(self) -> bool:
        """Whether it names a drug."""
        return any(word.is_drug for word in self.own)

    @property
    def has_subject(self) -> bool:
        """Whether it names a drug, or what nobody knows."""
        return any(word.role is Role.SUBJECT for word in self.own)

    def is_short(self, settings: Settings) -> bool:
        """Whether it is a few words and no sentence."""
        return not self.is_clause and len(self.text.split()) <= settings.fragment_words

    def goes_on(self, settings: Settings) -> bool:
        """Whether it goes on with the topic of the question before it."""
        return self.opening or self.is_short(settings)

    def is_part(self, settings: Settings) -> bool:
        """Whether it is a part of a question, which needs what was asked before."""
        if not self.asks:
            return not ASKS_WHAT_IT_IS.fullmatch(self.text)
        return self.goes_on(settings) and not self.is_clause and not is_attribute(self.text)


def read_turn(lexicon: Lexicon, question: str) -> Turn:
    """Take a question apart."""
    opening = CONTINUES.match(question)
    is_clause = bool(CLAUSE.match(question[opening.end() :] if opening else question))
    own = tuple(read_words(lexicon, question))
    if not is_clause:
        own = tuple(map(as_setting, own))
    if not any(word.is_drug for word in own) and not POINTS.search(question):
        own = tuple(map(as_subject, own))
    return Turn(question, own, bool(opening), is_clause)


def is_attribute(text: str) -> bool:
    """Whether a text asks for an attribute that drugs have."""
    return bool(topics_asked(text) or MANY.search(text) or ONE.search(text))


def complete(index: Index, question: str, history: Sequence[str], settings: Settings | None = None) -> str:
    """The question with the words that it takes over from the questions before it, in brackets; itself if it is complete.

    A question that ends in brackets is what a reader made of such a one, and nothing is added to it.
    """
    settings = settings or Settings()
    said: tuple[Word, ...] = ()
    for earlier in history:
        said = said_with(index.lexicon, earlier, said, settings)
    turn = read_turn(index.lexicon, question)
    own = {word.stem for word in turn.own}
    carried = [word.text for word in unsaid(turn, said, settings) if word.stem not in own]
    return f"{question} [{' '.join(dict.fromkeys(carried))}]" if carried else question


def said_with(lexicon: Lexicon, question: str, said: tuple[Word, ...], settings: Settings) -> tuple[Word, ...]:
    """What has been said once a question has been asked: its own words, and those that it leaves unsaid."""
    turn = read_turn(lexicon, question)
    if not turn.own or COURTESY.fullmatch(question):
        return said
    taken = unsaid(turn, said, settings)
    own = turn.own
    if not any(word.role is Role.SUBJECT for word in taken):  # else its subject is theirs, whatever else it names
        own = words_by_role(lexicon, question, settings)
    if any(word.role is Role.ASKED for word in taken):
        own = tuple(word for word in own if word.role is not Role.ASKED)
    return (*taken, *own)


def unsaid(turn: Turn, said: Sequence[Word], settings: Settings) -> tuple[Word, ...]:
    """The words said before that a question leaves unsaid, in their order."""
    if not said or ADDED.search(turn.text) or COURTESY.fullmatch(turn.text):
        return ()
    of_drug = any(word.is_drug for word in said)
    if turn.has_subject:
        if COMPARES.search(turn.text) and (POINTS.search(turn.text) or COMPARED.search(turn.text)):
            return only(said, Role.SUBJECT)  # "Is it better than …?"
        if turn.asks or not turn.goes_on(settings):
            return ()
        beside = turn.has_drug and not of_drug  # a drug does not take the place of a disease
        return kept(said, turn) if beside else kept(said, turn, Role.SUBJECT)
    if turn.is_part(settings) and (turn.opening or of_drug):
        return kept(said, turn)
    if not (needs_drug(turn, settings) if of_drug else needs_subject(turn, settings)):
        return ()
    by_use = of_drug and DOSING.search(turn.text) and all(word.role is Role.ASKED for word in turn.own)
    return only(said, Role.SUBJECT, *([Role.USE] if by_use else []))


def needs_drug(turn: Turn, settings: Settings) -> bool:
    """Whether a question that names no drug, after one that did, is on the same drug: unless it names something else."""
    names = [word.start for word in turn.own if word.is_name(settings)]
    if not names or POINTS.search(turn.text):
        return True
    of = OF.search(turn.text)
    return (turn.goes_on(settings) or is_attribute(turn.text)) and not (of and of.end() in names)


def needs_subject(turn: Turn, settings: Settings) -> bool:
    """Whether a question among questions on no drug is on something that it doesn't name.

    It has a pronoun before which nothing is named, or too few words to be about anything.
    """
    named = [word.start for word in turn.own if word.is_capital or word.is_name(settings)]
    pronoun = POINTS.search(turn.text)
    if pronoun and not any(start < pronoun.start() for start in named):
        return True
    words = [word for word in turn.own if word.text.lower() not in LIGHT]
    return not named and len(words) <= settings.vague_words


def only(said: Iterable[Word], *roles: Role) -> tuple[Word, ...]:
    """The words of some roles."""
    return tuple(word for word in said if word.role in roles)


def kept(said: Iterable[Word], turn: Turn, *dropped: Role) -> tuple[Word, ...]:
    """The words said before, but those that a question's own use or setting replaces, and those of the roles dropped."""
    replaced = {word.role for word in turn.own} & {Role.USE, Role.SETTING}
    return tuple(word for word in said if word.role not in replaced.union(dropped))


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
        found, _ = in_parts(
            index,
            question,
            history,
            settings or Settings(),
            partial(answer, index, classes=classes, documents=documents, audience=audience, settings=settings),
        )
        return replace(found, notes=(*changed_notes(index, found), *found.notes))


def in_parts(
    index: Index, question: str, history: Sequence[str], settings: Settings, answer_one: Callable[..., Found]
) -> Found:
    """Answer each part of a question, and make one answer of them; most questions have one part."""
    asked = check_question(question)
    each = parts(asked)
    if len(each) == 1:
        return answer_part(index, asked, complete(index, asked, history, settings), settings, answer_one)
    head, named = each[0], index.lexicon.drugs_in(asked)
    if named and not index.lexicon.drugs_in(head) and not (history and POINTS.search(head)):
        head = f"{head} [{' '.join(named)}]"  # the drug may stand behind the last case only
    first = complete(index, head, history, settings)
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
    wanted = field_asked(part, index)
    if wanted is None:
        return found, hits
    subject = subject_of(index, searched_for)
    if subject.absent:
        return found, hits
    return answer_field(index, wanted, found, hits, documents_on(index, subject), settings), hits


def ask_with_hits(
    index: Index, question: str, *, history: Sequence[str], settings: Settings, depth: int, look_up: LookUp = find
) -> tuple[Answer, tuple[Hit, ...]]:
    """Answer as `ask` does, and return the `depth` best hits too: what the answer was chosen from, for those who judge it."""
    with index.turn():
        return in_parts(
            index, question, history, settings, partial(answer, index, settings=settings, depth=depth, look_up=look_up)
        )
