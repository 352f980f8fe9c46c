"""The curated suite is sound: it reads, its evidence stands in the starter corpus, and each kind of case has enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from citewell.evaluate.cases import Case, case_as_dict, parse_case, read_suite
from citewell.evaluate.lint import ERROR, lint
from citewell.evaluate.resolve import resolve
from citewell.readers import discover, load, read
from citewell.types import BlockKind, Document

ROOT = Path(__file__).resolve().parents[1]
SUITE = ROOT / "tests" / "quality" / "golden.jsonl"
TRAPS = {"wrong-drug trap", "near miss"}
LEAST = {  # cases per kind; 400 see a drop of 5 points
    "all": 400,
    "answerable": 300,
    "unanswerable": 90,
    "unanswerable trap": 50,
    "paraphrased": 30,
    "critical": 120,
    "disagreement": 18,
    "follow-up": 18,
    "table": 30,
    "date": 15,
    "typo": 15,
    "negation": 40,
    "look-alike": 15,
    "lay words": 40,
    "dose": 35,
    "false premise": 4,
    "personal advice": 4,
    "off topic": 5,
}
LEAST_PER_DOCUMENT = 12  # cases that a document answers or helps to answer


def documents() -> Iterator[Document]:
    """The starter corpus as the index reads it."""
    for source in discover([ROOT / "corpus"]):
        for document in read(source, load(source)):
            assert isinstance(document, Document)
            yield document


CASES = read_suite(SUITE)
DOCUMENTS = {document.id: document for document in documents()}


def text_of(document_id: str) -> str | None:
    document = DOCUMENTS.get(document_id)
    return document.text if document else None


def kinds(case: Case) -> Iterator[str]:
    """The names under which a case counts in `LEAST`."""
    yield from ("all", "answerable" if case.answerable else "unanswerable", case.severity, *case.tags)
    if not case.answerable and TRAPS & set(case.tags):
        yield "unanswerable trap"
    if case.paraphrases:
        yield "paraphrased"


@pytest.mark.unit
def test_every_piece_of_evidence_stands_once_where_it_can_be_quoted():
    for case in CASES:
        resolved = resolve(case, text_of)
        assert (case.id, resolved.missing) == (case.id, ())
        assert [place.piece for place in resolved.places] == list(range(len(case.evidence))), case.id
        for place in resolved.places:
            hidden = [
                block
                for block in DOCUMENTS[place.doc].blocks
                if block.kind is BlockKind.BOILERPLATE and block.start < place.end and place.start < block.end
            ]
            assert (case.id, hidden) == (case.id, [])


@pytest.mark.unit
def test_the_suite_has_no_faults():
    assert [finding for finding in lint(CASES, text_of) if finding.severity == ERROR] == []


@pytest.mark.unit
def test_every_kind_has_enough_cases():
    counts = Counter(kind for case in CASES for kind in set(kinds(case)))
    assert {kind: counts[kind] for kind, least in LEAST.items() if counts[kind] < least} == {}


@pytest.mark.unit
def test_every_document_has_enough_cases():
    counts = Counter(document for case in CASES for document in {evidence.doc for evidence in case.evidence})
    assert {document: counts[document] for document in DOCUMENTS if counts[document] < LEAST_PER_DOCUMENT} == {}


@pytest.mark.unit
def test_answerable_cases_have_evidence_that_answers_and_all_are_curated():
    assert [case.id for case in CASES if case.answerable and not any(each.grade == 2 for each in case.evidence)] == []
    assert {case.source for case in CASES} == {"curated"}


@pytest.mark.unit
def test_disagreements_and_follow_ups_are_tagged_and_differ_between_documents():
    for case in CASES:
        assert (case.id, case.expected_disagreement) == (case.id, "disagreement" in case.tags)
        assert (case.id, bool(case.history)) == (case.id, "follow-up" in case.tags)
        answering = {each.doc for each in case.evidence if each.grade == 2}
        assert len(answering) >= 2 or not case.expected_disagreement, case.id


@pytest.mark.unit
def test_cases_are_the_same_when_written_and_read_again():
    assert tuple(parse_case(case_as_dict(case), case.line) for case in CASES) == CASES
