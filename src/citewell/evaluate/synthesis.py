"""Cases made from the documents by rules, without a model: the same documents and seed give the same cases.

Their gold is what the rules say, which nobody reviewed: they find what breaks, and measure nothing. Each has the source
"synthetic" and the tag "synthetic", so that no headline counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from citewell.evaluate.cases import Case
from citewell.evaluate.offers import evidence_of
from citewell.evaluate.subjects import Shelf, Subject
from citewell.evaluate.templates import DRUG, WELL_KNOWN, Template, cells_of, small, table_question
from citewell.evaluate.variants import distinct, in_other_units, with_other_name, with_slip
from citewell.index import Index
from citewell.lexicon import words
from citewell.types import Document, Span, Unit, UnitKind

LONGEST_SECTION = 20  # units; a longer section holds more than one question's answer
CELLS = 6  # questions on the tables of a document
MISSES = 3  # questions on a drug that its documents don't answer
LEFT_OUT = 4  # documents at most that one subject may cost
ABSENT = 8  # drugs that no document names


@dataclass(frozen=True, slots=True)
class Withheld:
    """Questions that the documents answer, and that nothing answers once `documents` are left out of the index."""

    documents: tuple[str, ...]
    cases: tuple[Case, ...]


def synthesise(index: Index, seed: int = 1) -> tuple[Case, ...]:
    """Cases from headings and from tables with their paraphrases, then questions that come near and have no answer."""
    shelf = Shelf(index)
    cases: dict[str, Case] = {}
    for subject in shelf.subjects:
        found = [*from_headings(shelf, subject), *from_tables(shelf, subject, seed), *near_misses(shelf, subject, seed)]
        for case in found:
            cases.setdefault(case.id, with_paraphrases(case, subject, shelf, seed))
    cases |= {case.id: case for case in absent_drugs(shelf, seed)}
    return tuple(cases.values())


def withhold(index: Index, seed: int = 1, count: int = 2) -> Withheld:
    """The few documents that name some subjects, with the questions that nothing answers without them.

    :param count: Of subjects at most.
    """
    shelf = Shelf(index)
    rare = [
        each for each in shelf.subjects if len(shelf.mentions(each)) <= LEFT_OUT and any(from_headings(shelf, each))
    ]
    chosen = Random(f"{seed} withheld").sample(range(len(rare)), min(count, len(rare)))
    subjects = [rare[number] for number in sorted(chosen)]
    cases = [withheld(case) for subject in subjects for case in from_headings(shelf, subject)]
    return Withheld(
        tuple(sorted({document.id for each in subjects for document in shelf.mentions(each)})), tuple(cases)
    )


def withheld(case: Case) -> Case:
    """A case once its documents are gone."""
    tags = tuple("withheld" if tag == "heading" else tag for tag in case.tags)
    return replace(case, id=f"{case.id}-withheld", answerable=False, evidence=(), tags=tags)


def from_headings(shelf: Shelf, subject: Subject) -> Iterator[Case]:
    """Yield a case for each kind of section that the documents of a subject have."""
    for template in subject.templates:
        found = list(shelf.sections(subject, template))
        if 0 < len(found) <= LONGEST_SECTION:
            evidence = tuple(
                evidence_of(document, Span(document.id, unit.start, unit.end), 2) for document, unit in found
            )
            yield replace(asked(subject.name, template, "heading"), evidence=evidence, cluster=found[0][0].id)


def asked(name: str, template: Template, kind: str, *, answerable: bool = True) -> Case:
    """A template's questions on a subject, without gold."""
    first, *others = (question.replace("{}", name) for question in template.questions)
    return Case(
        id=f"synthetic-{slug(template.name)}-{slug(name)}",
        question=first[0].upper() + first[1:],
        answerable=answerable,
        tags=("synthetic", kind, template.name),
        source="synthetic",
        paraphrases=tuple(others),
    )


def slug(text: str) -> str:
    """The words of a text as part of an id."""
    return "-".join(re.sub(r"[^a-z0-9]+", "", word) for word, _, _ in words(text)).strip("-")


def from_tables(shelf: Shelf, subject: Subject, seed: int) -> Iterator[Case]:
    """Yield some cases on cells of tables: the name of the row and of the column ask, the row answers, with the cell."""
    for document in subject.documents:
        found = list(cells(shelf, subject, document))
        chosen = Random(f"{seed} {document.id}").sample(range(len(found)), min(CELLS, len(found)))
        for number in sorted(chosen):
            unit, question, answer = found[number]
            yield Case(
                id=f"synthetic-table-{slug(document.id)}-{number + 1}",
                question=question,
                answerable=True,
                tags=("synthetic", "table"),
                source="synthetic",
                evidence=(evidence_of(document, Span(document.id, unit.start, unit.end), 2),),
                answers=(answer,),
                cluster=document.id,
            )


def cells(shelf: Shelf, subject: Subject, document: Document) -> Iterator[tuple[Unit, str, str]]:
    """Yield (row, question, cell) for each cell whose row is the only one of its name and that can be asked for."""
    rows = [unit for unit in shelf.index.units(document.id) if unit.kind is UnitKind.ROW and unit.lead]
    names = [(unit.lead, cells_of(document.text[unit.start : unit.end])[0]) for unit in rows]
    for unit, name in zip(rows, names, strict=True):
        if unit.lead is None or names.count(name) > 1 or shelf.elsewhere(unit, subject):
            continue
        header, row = cells_of(document.text[slice(*unit.lead)]), cells_of(document.text[unit.start : unit.end])
        for column in range(1, len(row) if len(row) == len(header) else 0):
            told = small(header[0], document.text), small(row[0], document.text), small(header[column], document.text)
            question = table_question(subject.name, told)
            if question and row[column]:
                yield unit, question, row[column]


def near_misses(shelf: Shelf, subject: Subject, seed: int) -> list[Case]:
    """Questions on a drug whose kind no document that names it speaks of."""
    if not subject.is_drug:
        return []
    texts = [document.text for document in shelf.mentions(subject)]
    silent = [template for template in DRUG if not any(template.said.search(text) for text in texts)]
    chosen = Random(f"{seed} {subject.name}").sample(silent, min(MISSES, len(silent)))
    return [
        replace(asked(subject.name, template, "near miss", answerable=False), cluster=subject.documents[0].id)
        for template in sorted(chosen, key=DRUG.index)
    ]


def absent_drugs(shelf: Shelf, seed: int) -> Iterator[Case]:
    """Yield a question on each of some well-known drugs that no document names."""
    lexicon, random = shelf.index.lexicon, Random(f"{seed} absent")
    unknown = [drug for drug in WELL_KNOWN if not any(lexicon.knows(name) for name in lexicon.same_drug(drug))]
    for drug in sorted(random.sample(unknown, min(ABSENT, len(unknown)))):
        case = asked(drug, random.choice(DRUG[:7]), "absent drug", answerable=False)
        yield replace(case, cluster=f"absent {drug}")


def with_paraphrases(case: Case, subject: Subject, shelf: Shelf, seed: int) -> Case:
    """A case asked in other words too: another name of the drug, one slip of the fingers, another unit."""
    random = Random(f"{seed} {case.id}")
    others = (
        *case.paraphrases,
        with_other_name(case.question, subject.name, shelf.index.lexicon, random),
        with_slip(case.question, shelf.known, random),
        in_other_units(case.question),
    )
    return replace(case, paraphrases=distinct(case.question, others))
