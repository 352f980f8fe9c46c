"""What each word of a question is there for: the drug or the disease, the use, the circumstances, or what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from citewell.lexicon import STOP_WORDS, Lexicon, drug_like, specificity, stem, words
from citewell.settings import Settings


class Role(StrEnum):
    """What a word of a question is there for."""

    SUBJECT = "subject"  # the drug; in a question on none, the disease or the substance
    USE = "use"  # what it is given for: "for bone metastases"
    SETTING = "setting"  # in whom, with what, when: "on dialysis"
    ASKED = "asked"  # what is asked of it: "dose"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question that is no function word.

    :param stem: What it is compared by.
    :param start: Where it stands in the question.
    :param is_drug: Whether it is, or belongs to, the name of a drug, beyond doubt.
    :param is_capital: Whether it has a capital inside a sentence.
    :param may_be_drug: Whether a title is about it, or neither the documents nor everyday English know it.
    """

    text: str
    stem: str
    start: int
    role: Role
    is_drug: bool = False
    is_capital: bool = False
    may_be_drug: bool = False

    def is_name(self, settings: Settings) -> bool:
        """Whether it names something: a drug, or what everyday English hardly speaks of."""
        spelt = self.stem.isalpha() and (len(self.text) > 2 or self.text.isupper())  # no figure, no unit
        return self.is_drug or self.may_be_drug or (spelt and specificity(self.stem) >= settings.name_specificity)


PREPOSITIONS = "for|against|in|on|with|without|during|after|before|while|under|at|despite"
FUNCTION_WORDS = STOP_WORDS.union(PREPOSITIONS.split("|"), ("since", "until", "between", "into", "by"))
PEOPLE = "patients?|people|persons?|women|woman|men|man|adults?|those|someone|anyone|somebody|anybody"
# "for people with X" says one thing; a phrase ends where another preposition or clause begins.
SLOT = re.compile(
    rf"\b(?P<preposition>{PREPOSITIONS})\s+(?P<phrase>(?:[\w-]+\s+)?(?:(?:{PEOPLE})\s+(?:with|who have|having)\s+)?"
    rf"(?:(?!(?:{PREPOSITIONS}|and|but|or|is|are|was|does|do|can|should|how|what|when|since|instead|of)\b)[^\s,?.;:!]+[ \t]*)*)",
    re.I,
)
# Circumstances rather than diseases that are treated, whatever preposition stands before them.
SETTING = re.compile(
    r"pregnan|breast-?fe|lactat|nursing|child|infant|baby|babies|kid|adolesc|teen|elder|\bold|geriatric|aged?\b|renal|dialysis|"
    r"hepatic|liver|surgery|operation|alcohol|combination|food|meal|morning|evening|night|long[- ]term|\d|^(?:wo)?men$|^adults$",
    re.I,
)
TREATED = frozenset(("for", "against", "in", "with"))
# The second words of names: "zoledronic acid".
SALTS = frozenset(
    "acid sodium potassium calcium chloride dichloride hydrochloride acetate sulfate sulphate phosphate citrate tartrate maleate "
    "mesylate besylate fumarate succinate tosylate bromide nitrate trihydrate monohydrate".split()
)


def words_by_role(lexicon: Lexicon, question: str, settings: Settings) -> tuple[Word, ...]:
    """The words of a question but function words, each with what it is there for.

    Where a drug is named, it is the subject; else the names are, with the words beside them; else the rarest word.
    """
    found = tuple(read_words(lexicon, question))
    if any(word.is_drug for word in found):
        return found
    named = [
        word
        for group in word_groups(question, found)
        if any(word.is_capital or word.is_name(settings) for word in group)
        for word in group
        if word.is_capital or word.is_name(settings) or belongs(word, settings)
    ]
    subject = {word.start for word in named or rarest(found, settings)}
    return tuple(replace(word, role=Role.SUBJECT) if word.start in subject else word for word in found)


def belongs(word: Word, settings: Settings) -> bool:
    """Whether a word beside a name is a part of what is named, as "giant cell" beside "tumor", and no verb."""
    return specificity(word.stem) >= settings.subject_specificity and not word.text.endswith(("ed", "ing"))


def rarest(found: Sequence[Word], settings: Settings) -> list[Word]:
    """The word that everyday English uses least, where it is rare enough to be a subject."""
    best = sorted(filter(lambda word: word.stem.isalpha(), found), key=lambda word: -specificity(word.stem))[:1]
    return [word for word in best if specificity(word.stem) >= settings.lone_specificity]


def word_groups(question: str, found: Sequence[Word]) -> list[list[Word]]:
    """The words in groups that nothing but white space stands between."""
    groups: list[list[Word]] = []
    for word in found:
        before = groups[-1][-1] if groups else None
        if before and not question[before.start + len(before.text) : word.start].strip(" -"):
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def read_words(lexicon: Lexicon, question: str) -> Iterator[Word]:
    """Yield the words with their roles, where only drugs are subjects."""
    places = list(slots(question))
    was_drug = False
    for word, start, end in words(question):
        typed = question[start:end]
        called = lexicon.drugs_in(typed)
        was_drug = any(is_sure(lexicon, name) for name in called) or (was_drug and word in SALTS)
        if was_drug or (word not in FUNCTION_WORDS and "'" not in word):
            slot = next((role for role, first, last in places if first <= start < last), Role.ASKED)
            inside = question[:start].rstrip()[-1:] not in ("", ".", "?", "!")
            role = Role.SUBJECT if was_drug else slot
            is_capital = inside and typed[0].isupper()
            may_be = not was_drug and (bool(called) or is_unknown(lexicon, word))
            yield Word(typed, stem(word), start, role, was_drug, is_capital, may_be)


def is_sure(lexicon: Lexicon, name: str) -> bool:
    """Whether a name is a drug's beyond doubt: by its ending, by another name, or as that of a group of drugs.

    What a title is about may be anything in a library on other things than drugs.
    """
    return drug_like(name) or len(lexicon.same_drug(name)) > 1 or not lexicon.is_drug(name)


def is_unknown(lexicon: Lexicon, word: str) -> bool:
    """Whether a word stands in no document and in no dictionary, misspells none that does, and is no circumstance."""
    if len(word) < 4 or not word.isalpha() or lexicon.knows(word) or lexicon.means_something(word):
        return False
    meant = lexicon.spelling(word)
    return not (meant and meant.sure) and not SETTING.search(word)


def slots(question: str) -> Iterator[tuple[Role, int, int]]:
    """Yield (use or setting, start, end) of the phrases that say for what, in whom, with what or when."""
    for match in SLOT.finditer(question):
        preposition, phrase = match["preposition"].lower(), match["phrase"].strip()
        treated = preposition in TREATED and not SETTING.search(phrase)
        yield (Role.USE if treated else Role.SETTING), match.start("phrase"), match.end("phrase")


def as_subject(word: Word) -> Word:
    """A word as what is spoken of where it may be a drug."""
    return replace(word, role=Role.SUBJECT) if word.role is Role.ASKED and word.may_be_drug else word


def as_setting(word: Word) -> Word:
    """A word outside a sentence as a setting where it names one: "and children?" is "and in children?"."""
    return replace(word, role=Role.SETTING) if word.role is Role.ASKED and SETTING.search(word.text) else word
