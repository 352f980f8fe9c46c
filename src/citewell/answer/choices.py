"""Questions that could mean several things: the uses or the drugs that the documents hold for them, as whole questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from citewell.answer.disagree import Statement, read_statement
from citewell.answer.evidence import Candidate
from citewell.answer.quantities import DOSING
from citewell.answer.roles import PEOPLE, SALTS, SETTING, Role, Word, is_sure, read_words
from citewell.answer.subject import about
from citewell.answer.suggest import MANY, ONE
from citewell.answer.topics import topics_asked
from citewell.lexicon import STOP_WORDS, Lexicon, analyse, drug_like, specificity, stem
from citewell.search import ADDED
from citewell.settings import Settings
from citewell.types import UnitKind

PRONOUN = re.compile(r"\b(?P<its>its)\b|\b(?:it|th(?:is|e) (?:drug|medicine|medication))\b", re.I)
ASKS_DOSE = re.compile(r"\b(?:dos(?:e|age|ing)|how (?:often|much|many|frequently)|interval)\b", re.I)
DOSE_HEADING = re.compile(r"\b(?:dos(?:e|es|age|ing)|administration|posology)\b", re.I)
# What a question for a dose may say beside the drug; another word asks for something else.
ASKING = DOSING.union(
    map(
        stem,
        "often frequently frequent much many need get shot jab interval amount usual normal correct right schedule".split(),
    )
)
SALT_STEMS = frozenset(map(stem, SALTS))
# What a document gives something for: its words up to a verb, a number or a sign.
HEADS = (
    r"(?:the )?(?:(?:treatment|prevention|management|therapy) of |treating |preventing )?"
    r"(?:(?:adult )?(?:patients|people|persons|adults|women|men|those) (?:with|who have|having) )?"
)
ENDS = (
    "is|are|was|were|be|been|the|a|an|by|at|as|should|can|may|must|will|once|twice|every|daily|weekly|monthly|under|given|who|that|"
    "which|it|its|only|on|in|to|from|with|who|whose|when|than|take|taking|taken|receive|received|use|used|until|after|before|during|caused|due|associated|not|if"
)
FOR = re.compile(
    rf"(?<!monitor )(?<!risk )(?<!check )(?<!test )(?:\bfor|\bin(?= (?:treat|the treat|(?:adult )?(?:patients|people|women|men|adults)"
    rf" (?:with|who)))|\bto(?= treat)) (?:treat )?(?:{HEADS})(?P<use>(?:(?!(?:{ENDS})\b)[A-Za-z][A-Za-z'’-]*[ \n]*){{1,7}})",
    re.I,
)
ALL = 0.999  # share of a question's words, but for rounding
# The head of a heading that names a use: "2.1 Dosage in Adult Rheumatoid Arthritis".
DOSE_FOR = re.compile(
    r"(?:[\d.]+\s+)?(?:(?:recommended )?(?:dos(?:e|age|ing)|posology)(?: [a-z]+){0,2} (?:for|in) (?:the treatment of )?)?"
    r"(?:adult |(?:adults|patients|people) with )?",
    re.I,
)
NO_USE = re.compile(
    rf"\b(?:{PEOPLE}|stop|prevent|hypersensitivity|reactions?|risk|dos(?:e|age|ing)|regimen|administration|use|information|instructions|preparation)\b|[,;:]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a question could mean.

    :param questions: Each meaning as a whole question, made of the question's words and of words of the documents.
    :param notes: Why they are offered; none where there are none.
    """

    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def before(self, others: Iterable[str], settings: Settings) -> tuple[str, ...]:
        """These questions, and behind them others as far as there is room."""
        room = max(len(self.questions), settings.follow_ups)
        return tuple(dict.fromkeys((*self.questions, *others)))[:room]


@dataclass(frozen=True, slots=True)
class Dose:
    """A use, as printed, with the statement that gives a dose for it."""

    use: str
    statement: Statement

    @property
    def stems(self) -> frozenset[str]:
        """What the use is compared by."""
        return frozenset(analyse(self.use))


def choices(question: str, candidates: Sequence[Candidate], settings: Settings) -> Choices:
    """The uses or the drugs that a question leaves open and the documents hold; none where it leaves nothing open.

    :param question: As it is searched for, with what it took over in brackets.
    :param candidates: What may answer it, best first: each about the drug and the topics that it names.
    """
    if not candidates or not (ASKS_DOSE.search(question) or PRONOUN.search(question) or attribute_in(question)):
        return Choices()
    lexicon = candidates[0].reading.lexicon
    own = tuple(replace(word, is_drug=is_drug(word, lexicon)) for word in read_words(lexicon, question))
    if any(word.is_drug for word in own):
        whole = with_subject(question, drug_name(own))
        is_one = len(set(map(lexicon.same_drug, lexicon.drugs_in(question)))) == 1
        return of_uses(whole, candidates, settings) if whole and is_one and asks_dose_alone(own) else Choices()
    if any(word.role is Role.ASKED and (word.is_capital or word.is_name(settings)) for word in own):
        return Choices()
    return of_drugs(question, candidates, settings)


def is_drug(word: Word, lexicon: Lexicon) -> bool:
    """Whether a word names a drug, be it only by a title."""
    return word.is_drug or bool(lexicon.drugs_in(word.text))


def drug_name(own: Sequence[Word]) -> str:
    """The first drug's name in a question, with its salt."""
    first, *others = (word for word in own if word.is_drug)
    return " ".join([first.text, *(word.text for word in others[:1] if word.stem in SALT_STEMS)])


def asks_dose_alone(own: Iterable[Word]) -> bool:
    """Whether the words of a question on a drug ask for its dose, and for nothing else of anybody."""
    return all(word.is_drug or (word.role is Role.ASKED and word.stem in ASKING) for word in own)


def attribute_in(question: str) -> re.Match[str] | None:
    """The attribute that a question asks for by name: "side effects"."""
    return MANY.search(question) or ONE.search(question)


def of_uses(question: str, candidates: Iterable[Candidate], settings: Settings) -> Choices:
    """The uses that the documents give different doses for, where a question on a drug asks for the dose for none of them.

    :param question: A whole question.
    """
    found = different([dose for candidate in candidates for dose in doses(candidate, settings)])
    asked = frozenset(analyse(question))
    if len(found) < 2 or any(dose.stems & asked for dose in found):
        return Choices()
    uses = [dose.use for dose in found[: settings.choices]]
    made = tuple(f"{question.rstrip('?')} for {use}?" for use in uses)
    note = f"These documents state doses for several uses ({', '.join(uses)}): choose one of the questions."
    return Choices(made, (note,))


def different(found: Iterable[Dose]) -> list[Dose]:
    """The uses, each once, in the shortest words; none where all have the same dose."""
    kept: list[Dose] = []
    for dose in found:
        same = next((other for other in kept if other.stems <= dose.stems or dose.stems <= other.stems), None)
        if same is None:
            kept.append(dose)
        elif dose.stems < same.stems:
            kept[kept.index(same)] = Dose(dose.use, same.statement)
    figures = {figures_of(dose.statement) for dose in kept}
    return kept if len(figures) > 1 else []


def figures_of(statement: Statement) -> tuple[frozenset[tuple[float, float]], frozenset[float]]:
    """The doses and intervals of a statement."""
    return frozenset(
        each for (what, _), ranges in statement.amounts.items() if not what for each in ranges
    ), statement.intervals


def doses(candidate: Candidate, settings: Settings) -> Iterator[Dose]:
    """Yield the uses that a candidate gives a dose for: in its own words, else by what it leans on, else by its heading."""
    statement = read_statement(candidate)
    if statement is None or not (statement.intervals or any(not what for what, _ in statement.amounts)):
        return
    lexicon = candidate.reading.lexicon
    for printed in (uses_in(candidate.text), uses_in(candidate.leans_on), above(candidate)):
        if uses := [use for use in printed if is_use(use, lexicon, settings)]:
            yield from (Dose(use, statement) for use in uses)
            return


def above(candidate: Candidate) -> Iterator[str]:
    """Yield what may name the use of a dose around it: a row's first cell, then the headings below one on doses."""
    unit = candidate.unit
    if unit.kind is UnitKind.ROW:
        yield candidate.text.strip("| ").split("|")[0].split("(")[0].strip()
    for depth in range(len(unit.section) - 1, 0, -1):
        if any(map(DOSE_HEADING.search, unit.section[:depth])):
            yield DOSE_FOR.sub("", unit.section[depth], count=1).split("(")[0].strip()


def uses_in(text: str) -> Iterator[str]:
    """Yield what a text says that something is given for, as printed."""
    return filter(None, (trimmed(match["use"]) for match in FOR.finditer(text)))


def trimmed(phrase: str) -> str:
    """A phrase without function words at its ends."""
    parts = phrase.split()
    while parts and (parts[-1].lower() in STOP_WORDS or stem(parts[-1].lower()) in DOSING):
        parts.pop()
    return " ".join(parts)


def is_use(phrase: str, lexicon: Lexicon, settings: Settings) -> bool:
    """Whether a few words name a disease: a rare word among them, no word of dosing, no drug, nobody."""
    if NO_USE.search(phrase) or SETTING.search(phrase) or lexicon.drugs_in(phrase):
        return False
    if len(phrase.split()) > settings.use_words:
        return False
    return any(specificity(part) >= settings.use_name_specificity and part not in DOSING for part in analyse(phrase))


def of_drugs(question: str, candidates: Sequence[Candidate], settings: Settings) -> Choices:
    """The drugs for which the documents speak of what is asked, where a question names none; of a single one, the uses."""
    names: dict[frozenset[str], str] = {}
    of_attribute = attribute_in(question) or ASKS_DOSE.search(question)  # else "it" may be what any title is about
    for candidate in candidates:
        if speaks_of(question, candidate):
            lexicon = candidate.reading.lexicon
            for name in filter(lexicon.is_drug, about(candidate.row, candidate.reading)):  # a group has no dose
                if not (of_attribute or is_sure(lexicon, name)):
                    continue
                names.setdefault(lexicon.same_drug(name), printed_name(name, candidate))
    found = list(filter(None, names.values()))[: settings.choices]
    asked = [made for name in found if (made := with_subject(question, name))]
    if len(asked) == 1:
        return of_uses(asked[0], candidates, settings)
    if not asked:
        return Choices()
    return Choices(
        tuple(asked),
        (
            f"Your question names no drug. These documents speak of it for {', '.join(found)}: choose one of the questions.",
        ),
    )


def speaks_of(question: str, candidate: Candidate) -> bool:
    """Whether a candidate states what is asked for: a dose, the topic, or all the words of the question."""
    if ASKS_DOSE.search(question):
        statement = read_statement(candidate)
        amount = statement and any(not what for what, _ in statement.amounts)
        return bool(amount or (statement and statement.intervals and candidate.reading.drugs_named(candidate.row)))
    if topics_asked(question):
        return True  # all candidates speak of them
    if attribute := attribute_in(question):
        said = " ".join((*candidate.unit.section, candidate.leans_on, candidate.text)).lower()
        return attribute.group().split()[-1].lower().rstrip("s") in said
    return candidate.reach > ALL


def printed_name(name: str, candidate: Candidate) -> str:
    """A drug's name as a candidate or what stands above it prints it, with its salt; empty where none does.

    Where it is printed small anywhere, or is a generic name by its ending, its capital only opens a sentence.
    """
    places = (candidate.text, candidate.leans_on, *reversed(candidate.unit.section), candidate.document.metadata.title)
    pattern = re.compile(rf"\b{re.escape(name)}\b(?: (?:{'|'.join(sorted(SALTS))})\b)?", re.I)
    found = [match.group() for match in map(pattern.search, places) if match]
    if not found:
        return ""
    return found[0].lower() if drug_like(name) or any(map(str.islower, found)) else found[0]


def with_subject(question: str, name: str) -> str | None:
    """A question as a whole question about a drug; None where no rule says how."""
    bare = ADDED.sub("", question).strip()
    if re.search(rf"\b{re.escape(name)}\b", bare, re.I):
        made = bare
    elif pronoun := PRONOUN.search(bare):
        made = f"{bare[: pronoun.start()]}{name}{'’s' if pronoun['its'] else ''}{bare[pronoun.end() :]}"
    elif (attribute := attribute_in(bare)) and not re.match(r"\s+of\b", bare[attribute.end() :]):
        made = f"{bare[: attribute.end()]} of {name}{bare[attribute.end() :]}"
    else:
        return None
    made = re.sub(r"^(?:and|but|or|so|then)\s+", "", made, flags=re.I).rstrip("?. ")
    return f"{made[0].upper()}{made[1:]}?"
