"""Questions of several parts, taken apart so that each can be asked by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from citewell.answer.topics import topics_asked
from citewell.lexicon import STOP_WORDS, Lexicon, specificity, stem, words

MOST_PARTS = 3  # each costs a search of its own
MOST_CHARS = 300  # of a question that is taken apart; a longer one is a story
LEAST_WORDS = 3  # of a part
CASE_WORDS = 5  # of a case that a preposition opens
WH = r"(?:what|which|who|whom|where|when|how|why)"
AUX = r"(?:is|are|was|were|do|does|did|can|could|should|would|will|may|might|must|has|have|isn't|doesn't)"
ASKING = re.compile(rf"(?:(?:in|for|to|at|by|from|with|on|after|before|until|since) )?(?:{WH}|{AUX})\b", re.I)
WHOM = (
    r"(?:it|they|this|that|these|those|there|he|she|i|we|you|one|the|an?|my|your|its|their|any|some|all|patients|people|women|men|"
    r"children|(?-i:[A-Z])[\w-]+ [\w-]+)"
)
# A clause that is a question by itself: "how is it stored", "is it safe", but not "how often", "of what age", "why".
CLAUSE = rf"(?:{WH}(?: [\w-]+){{0,4}}? (?:{AUX}|happens)|{WH} (?:happens|causes|treats)|{AUX} {WHOM}\b)(?: [^?;]+)?"
JOINT = re.compile(rf"(?:\?\s+(?:and |also |but )?|[,;]? (?:and|but)(?: also)? |; )(?={CLAUSE}(?:[?;,]|$| and ))", re.I)
AGAIN = re.compile(r",? and (?P<preposition>in|for|with|during|after|before|on) ", re.I)
HEADS = (
    "dose|dosage|dosing|side effects|adverse effects|adverse reactions|adverse events|uses|indications|storage|interactions|"
    "contraindications|mechanism of action|mechanism|cost|price|treatments?|symptoms|causes?|diagnosis|prevention|prognosis|"
    "risk factors|complications|half-life|brand names?|onset|duration"
)
TWO_HEADS = re.compile(
    rf"(?P<ask>what (?:is|are)|tell me|describe|explain|list) (?:me )?(?:the )?(?P<one>{HEADS}),? and (?:the )?(?P<other>{HEADS}) "
    r"(?P<of>(?:of|for|in) [^?]+)\?*",
    re.I,
)
POINTS = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those)\b", re.I)
NAME = 0.97  # specificity 0..1 from which on a word names something rather than describes it


def parts(question: str) -> tuple[str, ...]:
    """The questions that a question is made of, as they could be asked one by one; itself where it is one."""
    if len(question) > MOST_CHARS:
        return (question,)
    clauses = split_clauses(question.strip())
    found = [part for clause in clauses for part in split_clause(clause)]
    return tuple(found) if 1 < len(found) <= MOST_PARTS else (question,)


def split_clauses(question: str) -> list[str]:
    """The whole questions that stand one after the other; a statement before a question belongs to it."""
    edges = [0, *chain.from_iterable(match.span() for match in JOINT.finditer(question)), len(question)]
    found = [question[start:end].strip(" ,;") for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return found if all(ASKING.match(part) and len(part.split()) >= LEAST_WORDS for part in found) else [question]


def split_clause(question: str) -> list[str]:
    """The questions of one clause that names two cases, or two matters."""
    if (match := TWO_HEADS.fullmatch(question)) and topic_of(match["one"]) != topic_of(match["other"]):
        return [as_question(f"{match['ask']} the {head} {match['of']}") for head in (match["one"], match["other"])]
    return split_cases(question) if ASKING.match(question) else [as_question(question)]


def split_cases(question: str) -> list[str]:
    """The questions of a clause that says one preposition twice: "in pregnancy and in renal impairment"."""
    for match in AGAIN.finditer(question):
        before, after = question[: match.start()], question[match.end() :].rstrip("? ")
        preposition = f" {match['preposition']} "
        first = before.lower().rfind(preposition.lower())
        one = before[first + len(preposition) :]
        if first > 0 and one and "," not in one and len(one.split()) <= CASE_WORDS and after:
            other, _, rest = after.partition(",")
            said = before[: first + len(preposition)]
            return [as_question(f"{said}{case}{',' if rest else ''}{rest}") for case in (one, other)]
    return [as_question(question)]


def topic_of(head: str) -> str:
    """What tells one matter from another: "dose" and "dosage" are one."""
    return stem(head.split()[0].lower().replace("dosage", "dose").replace("dosing", "dose").replace("adverse", "side"))


def as_question(text: str) -> str:
    """A part with a question mark."""
    return f"{text.strip().rstrip('?').strip()}?"


def with_subject(part: str, before: Sequence[str], lexicon: Lexicon) -> str:
    """A part with the words that it leaves to the parts before it, in square brackets; itself if it names its subject.

    One that asks for a matter of its own ("how is it stored?") takes over names alone, any other one ("was it fatal?") all,
    unless a drug is named before it. One that names a drug and points ("does it interact with …") takes over the others.
    """
    own, said = lexicon.drugs_in(part), " ".join(before)
    drugs = [name for name in lexicon.drugs_in(said) if name not in own]
    if own:
        return f"{part} [{' '.join(drugs)}]" if drugs and POINTS.search(part) else part
    if names_in(part) and not POINTS.search(part):
        return part
    known = {stem(word) for word, _, _ in words(part)}
    names = [*drugs, *names_in(said)] if drugs or topics_asked(part) else []
    wanted = {stem(word) for name in names for word in name.split()} or {stem(word) for word, _, _ in words(said)}
    taken = {
        word: said[start:end] for word, start, end in words(said)
        if word not in STOP_WORDS and stem(word) in wanted - known
    }  # fmt: skip
    return f"{part} [{' '.join(taken.values())}]" if taken else part


def names_in(text: str) -> list[str]:
    """The words of a text that name something, but for the matters that it asks about."""
    asked = " ".join(match.group() for topic in topics_asked(text) for match in topic.asked.finditer(text)).casefold()
    return [
        word
        for word, _, _ in words(text)
        if word not in STOP_WORDS and specificity(stem(word)) >= NAME and word not in asked
    ]
