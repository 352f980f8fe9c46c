"""Whom a sentence is about: the right attribute of the wrong drug is no answer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from citewell.answer.reading import Reading
from citewell.index import Index, UnitRow
from citewell.lexicon import Lexicon, is_name, specificity, stem, words

# Substances that every drug is taken with: named, they are what a sentence is about, whatever its heading.
SUPPLEMENT = re.compile(
    r"\b(?:calcium|vitamins?(?: [A-K]\d{0,2}\b)?|magnesium|phosphate|potassium|iron|zinc|fluoride|iodine|folate)\b",
    re.I,
)
KEY_WORDS = 4  # words; a shorter question is no sentence


@dataclass(frozen=True, slots=True)
class Subject:
    """The drugs that a question names, each with all its names; and those that the documents never name.

    :param tied: Names that the documents never hold, which the question itself gives beside one that they do.
    """

    drugs: tuple[frozenset[str], ...]
    absent: tuple[str, ...]
    tied: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every name of every drug asked about."""
        return frozenset().union(*self.drugs)


def subject_of(index: Index, question: str) -> Subject:
    """The drugs and groups of drugs that a question names."""
    named = index.lexicon.drugs_in(question)
    drugs = tuple(names_of(name, index.lexicon) for name in named)
    absent = [
        name for name, names in zip(named, drugs, strict=True) if not any(occurs(index.lexicon, n) for n in names)
    ]
    unknown = dict.fromkeys([*unknown_names(question, index.lexicon), *unknown_objects(question, index.lexicon)])
    absent += [name for name in unknown if not index.lexicon.drugs_in(name)]
    tied = [name for name in absent if is_tied(name, question, index.lexicon)]
    return Subject(
        tuple(names for names in drugs if names.isdisjoint(tied)),
        tuple(name for name in absent if name not in tied),
        tuple(tied),
    )


def is_tied(name: str, question: str, lexicon: Lexicon) -> bool:
    """Whether a question gives a generic name beside a brand that the corpus holds: "vandetanib (Caprelsa)", either way round.

    Only where nobody knows either of them otherwise: "Ozempic (denosumab)" and "romosozumab (Prolia)" are two drugs each.
    """
    beside = re.search(rf"(?<!\w){re.escape(name)}\s*\(([\w-]+)\)|([\w-]+)\s*\({re.escape(name)}\)", question, re.I)
    other = (beside[1] or beside[2]).casefold() if beside else ""
    if not is_name(other) or not lexicon.knows(other):
        return False
    alone = all(lexicon.same_drug(each) == {each} for each in (name.casefold(), other))
    return alone and lexicon.is_drug(name) and not lexicon.is_named_drug(other)


def unknown_names(question: str, lexicon: Lexicon) -> list[str]:
    """The names that the corpus doesn't know: a drug or a disease not covered.

    A word that no dictionary of English holds is a name ("is ozempic safe") unless the corpus has a form of it, and one that
    everyday English lacks where it has a capital. The first word of a sentence has its capital anyway; it counts in a few
    key words only ("Humira storage").
    """
    found = list(words(question))
    unknown = [
        (position, word, start, end)
        for position, (word, start, end) in enumerate(found)
        if len(word) > 3 and word.isalpha() and not (lexicon.knows(word) or lexicon.means_something(word))
    ]
    return [
        question[start:end]
        for position, word, start, end in unknown
        if (is_name(word) and not lexicon.resembles(word))
        or ((position or len(found) <= KEY_WORDS) and question[start].isupper())
    ]


# "The dose of heroin": whatever a dictionary says of the word, it is what the question is about.
WORD = r"[a-z]+(?:-[a-z]+)*"
OBJECT = re.compile(
    r"\b(?:dos(?:e|age|ing)|side effects?|adverse \w+|storage|interactions|contraindications) of (?:the |an? )?"
    rf"(?P<of>{WORD}(?: {WORD})?)|^(?P<opens>{WORD}) (?:dos(?:e|age|ing)|side effects?)\W*$",
    re.I,
)
FORM = re.compile(
    r"(?:inject|infus|tablet|capsul|syring|patch|spray|ointment|cream|drop|syrup|suspension|solution|vial|pen)\w*", re.I
)


def unknown_objects(question: str, lexicon: Lexicon) -> list[str]:
    """The words whose dose, side effects or storage is asked for, where the corpus has no form of them: "iron dextran"."""
    named = (match["of"] or match["opens"] for match in OBJECT.finditer(question))
    return [
        name
        for phrase in named
        for position, name in enumerate(phrase.split())
        if not FORM.fullmatch(name)
        and specificity(stem(name.casefold())) >= (1 if position else lexicon.object_specificity)
        and not lexicon.holds(name.casefold())
    ]


LISTED = 5_000  # documents; of more, no list of what their titles name is made, as it takes seconds
TITLED: WeakKeyDictionary[Index, dict[str, tuple[str, ...]]] = WeakKeyDictionary()  # forgets an index that nobody uses


def titled(index: Index) -> dict[str, tuple[str, ...]]:
    """The ids of the documents whose titles name a drug, by drug; listed once for an open index, none for a large one."""
    if index not in TITLED:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for document_id, about in index.documents() if index.manifest.documents <= LISTED else ():
            for drug in index.lexicon.drugs_in(about.title):
                found[drug].append(document_id)
        TITLED[index] = {drug: tuple(ids) for drug, ids in sorted(found.items())}
    return TITLED[index]


def documents_on(index: Index, subject: Subject) -> list[str]:
    """The documents whose titles name a drug asked about, under any of its names; none for a subject that isn't covered."""
    if subject.absent:
        return []
    found = (document for name in sorted(subject.names) for document in titled(index).get(name, ()))
    return list(dict.fromkeys(found))


CALLED: WeakKeyDictionary[Index, dict[str, frozenset[str]]] = WeakKeyDictionary()


def sources_called(index: Index, called: Set[str]) -> frozenset[str]:
    """The ids of the documents whose title, citation and publisher hold all of some words: "the LiverTox chapter".

    None in a large index, as `titled`.
    """
    if index not in CALLED:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for document_id, about in index.documents() if index.manifest.documents <= LISTED else ():
            for word, _, _ in words(" ".join(filter(None, (about.title, about.how_to_cite, about.publisher)))):
                found[word].add(document_id)
        CALLED[index] = {word: frozenset(ids) for word, ids in found.items()}
    return frozenset.intersection(*(CALLED[index].get(word, frozenset()) for word in called))


def supplements_in(text: str) -> frozenset[str]:
    """The supplements that a text names, in small letters."""
    return frozenset(name.casefold() for name in SUPPLEMENT.findall(text))


def names_of(name: str, lexicon: Lexicon) -> frozenset[str]:
    """A drug's names as single words, since texts are compared word by word ("zoledronic acid" as "zoledronic")."""
    return frozenset(part for other in lexicon.same_drug(name) for part in [other.split()[0]]) | {name}


def occurs(lexicon: Lexicon, name: str) -> bool:
    """Whether the corpus holds a name, in the singular or the plural."""
    return any(lexicon.knows(form) for form in (name, f"{name}s"))


# A sentence with one of these may name another drug than the one it speaks of.
COMPARES = re.compile(
    r"\b(?:unlike|than|compared|versus|vs|differs?|different|instead|whereas|alternative|other)\b", re.I
)


def about(row: UnitRow, reading: Reading) -> list[str]:
    """The drugs that a unit speaks of: those it names; where it names none or compares, those spoken of around it."""
    own = reading.drugs_named(row)
    if own and not COMPARES.search(reading.text(row)):
        return own
    return own + [drug for drug in about_around(row, reading) if drug not in own]


def about_around(row: UnitRow, reading: Reading) -> list[str]:
    """The drugs that what stands around a unit speaks of: the nearest that names any."""
    lead = reading.lexicon.drugs_in(reading.document(row).text[slice(*row.unit.lead)]) if row.unit.lead else []
    return lead or reading.drugs_before(row) or reading.drugs_above(row)


def spoken_of(row: UnitRow, reading: Reading) -> frozenset[str]:
    """All names of the drugs that a unit is about; none for a unit under no drug at all, which speaks for everybody."""
    if row.number not in reading.spoken:
        drugs = about(row, reading)
        reading.spoken[row.number] = frozenset(name for drug in drugs for name in names_of(drug, reading.lexicon))
    return reading.spoken[row.number]
