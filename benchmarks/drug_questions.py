"""Made-up questions about real drug labels: on drugs that have none, on what a label lacks, and on what it names."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.datasets import contains
from benchmarks.drug_names import ELSEWHERE, GENERICS
from citewell.lexicon import analyse

FEW = 3  # labels; a reaction that fewer name is too odd to ask about
ASKED = 300  # questions that must be refused, and as many that a label answers
BOXED_SHARE = 6  # every so many-th question on what a label lacks is on a boxed warning
NO_NAMES = frozenset({"Kit", "Choline"})  # labels whose first word is everyday English or no name
REACTION_WORDINGS = (
    "Does {drug} cause {reaction}?",
    "Is {reaction} a side effect of {drug}?",
    "How often does {reaction} occur with {drug}?",
    "Can {drug} lead to {reaction}?",
    "{drug} {reaction}",
    "What is the risk of {reaction} in patients taking {drug}?",
    "My patient on {drug} has {reaction}. Could it be the drug?",
    "Was {reaction} reported in trials of {drug}?",
    "Incidence of {reaction} with {drug}?",
    "I have been on {drug} for a month and now have {reaction}, is that normal?",
)
SECTION_WORDINGS = (
    "What is the boxed warning of {drug}?",
    "What are the most common side effects of {drug}?",
    "Warnings and precautions for {drug}",
    "What adverse reactions does {drug} have?",
)
BOXED_WORDINGS = (
    "What is the boxed warning of {drug}?",
    "Does {drug} have a boxed warning?",
    "Boxed warning of {drug}?",
    "Is there a black box warning on {drug}?",
)
CODES = ("term", "meddra_pt", "meddra_llt")


@dataclass(frozen=True, slots=True)
class Label:
    """One drug's label: its sections' texts as one, the reactions annotated in it, and the codes of those."""

    drug: str
    text: str
    reactions: tuple[str, ...]
    codes: frozenset[str]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A made-up question.

    :param kind: absent (the drug has no label), lacking (its label is silent on it) or present (its label speaks of it).
    :param named: How the drug is called: printed, small letters, capital or generic.
    """

    kind: str
    text: str
    drug: str
    reaction: str
    named: str


def codes_of(spans: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Each annotated term with all that it was coded as, in MedDRA's preferred and lowest terms."""
    found: dict[str, set[str]] = {}
    for span in spans:
        found.setdefault(span["term"], set()).update(span[key].casefold() for key in CODES if span[key])
    return {term: frozenset(codes) for term, codes in found.items()}


def read_labels(corpus: Iterable[Mapping[str, Any]], spans: Iterable[Mapping[str, Any]]) -> list[Label]:
    """The labels with what is annotated in them, in the order of their names."""
    texts: dict[str, list[str]] = {}
    for row in corpus:
        texts.setdefault(row["_id"].split("#")[0], []).append(row["text"])
    terms: dict[str, dict[str, None]] = {drug: {} for drug in texts}
    coded: dict[str, set[str]] = {drug: set() for drug in texts}
    for span in spans:
        drug = span["doc"].split("#")[0]
        coded[drug] |= {span[key].casefold() for key in CODES if span[key]}
        if span["verified"] and is_askable(span["term"]):
            terms[drug][span["term"]] = None
    return [
        Label(drug, "\n".join(parts), tuple(terms[drug]), frozenset(coded[drug]), frozenset(analyse("\n".join(parts))))
        for drug, parts in sorted(texts.items())
    ]


def is_askable(term: str) -> bool:
    """Whether an annotated term reads as people ask: one to three words, no short form, no number."""
    return re.fullmatch(r"[a-z]{4,}(?:[ -][a-z]{2,}){0,2}", term) is not None


def name_as(drug: str, turn: int) -> tuple[str, str]:
    """A drug's name as a user may type it, and what that is called."""
    generic = GENERICS.get(drug.casefold())
    forms = [(drug, "printed"), (drug.casefold(), "small letters"), (drug.capitalize(), "capital")]
    forms += [(generic, "generic")] if generic else []
    return forms[turn % len(forms)]


def usual_reactions(known: Sequence[Label]) -> list[str]:
    """The reactions that several labels name, in the order of their names."""
    counts = Counter(term for label in known for term in label.reactions)
    return sorted(term for term, count in counts.items() if count >= FEW)


def about_absent(known: Sequence[Label], count: int, chance: random.Random) -> Iterator[Question]:
    """Yield questions about drugs that no label names."""
    everything = " ".join(label.text for label in known)
    names = [name for name in ELSEWHERE if not contains(everything, name)]
    reactions = usual_reactions(known)
    wordings = (*REACTION_WORDINGS, *SECTION_WORDINGS)
    for turn in range(count):
        name, reaction = chance.choice(names), chance.choice(reactions)
        shown, named = name_as(name, turn)
        yield Question(
            "absent", wordings[turn % len(wordings)].format(drug=shown, reaction=reaction), name, reaction, named
        )


def about_lacking(
    known: Sequence[Label], coded: Mapping[str, frozenset[str]], count: int, chance: random.Random
) -> Iterator[Question]:
    """Yield questions about what other labels name and the drug's own does not, in none of its words."""
    reactions = usual_reactions(known)
    candidates = [label for label in known if label.drug not in NO_NAMES]
    unboxed = [label for label in candidates if "box" not in label.stems]
    for turn in range(count):
        boxed = turn % BOXED_SHARE == 0
        label = chance.choice(unboxed if boxed else candidates)
        lacked = ["boxed warning"] if boxed else [term for term in reactions if lacks(label, term, coded)]
        reaction = chance.choice(lacked)
        wordings = BOXED_WORDINGS if boxed else REACTION_WORDINGS
        shown, named = name_as(label.drug, chance.randrange(4))
        text = wordings[chance.randrange(len(wordings))].format(drug=shown, reaction=reaction)
        yield Question("lacking", text, label.drug, reaction, named)


def lacks(label: Label, term: str, coded: Mapping[str, frozenset[str]]) -> bool:
    """Whether a label holds neither a word of a reaction nor anything coded like it."""
    return label.codes.isdisjoint(coded[term]) and label.stems.isdisjoint(analyse(term))


def about_present(known: Sequence[Label], count: int, chance: random.Random) -> Iterator[Question]:
    """Yield questions about reactions that the drug's own label names."""
    candidates = [label for label in known if label.drug not in NO_NAMES and label.reactions]
    for turn in range(count):
        label = chance.choice(candidates)
        reaction = chance.choice(label.reactions)
        shown, named = name_as(label.drug, chance.randrange(4))
        wording = REACTION_WORDINGS[turn % len(REACTION_WORDINGS)]
        yield Question("present", wording.format(drug=shown, reaction=reaction), label.drug, reaction, named)


def questions(known: Sequence[Label], coded: Mapping[str, frozenset[str]], seed: int) -> list[Question]:
    """All questions: half of those to be refused about drugs that are not here, half about what a label lacks."""
    chance = random.Random(seed)
    half = ASKED // 2
    return [
        *about_absent(known, half, chance),
        *about_lacking(known, coded, ASKED - half, chance),
        *about_present(known, ASKED, chance),
    ]
