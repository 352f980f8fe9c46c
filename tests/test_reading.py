"""What stands around a unit is found without reading its document whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from fakes import DRUGS, library, quick_folder

from citewell.answer.reading import BACK, Reading
from citewell.conversation import ask
from citewell.index import Index, UnitRow

pytestmark = pytest.mark.unit

# One paragraph of some thirty passages, that names a drug in its first sentence only.
SENTENCES = ["Deltamab is new.", *(f"In trial {n} the drug was given to {n} people who had hives." for n in range(600))]
LONG = f"# A review\n\n## Trials\n\n{' '.join(SENTENCES)}\n\nHowever, it is dear.\n\n## Price\n\nIt is dear.\n"

WIDE = "# Betamab\n\n" + "\n\n".join(
    f"Trial {n} of betamab had {n} women with a headache. It ended." for n in range(900)
)


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, {**DRUGS, "long.md": LONG, "wide.md": WIDE}).open()


def units_of(reading: Reading) -> list[UnitRow]:
    return [row for passage in reading.passages.values() for row in reading.units(passage)]


def test_a_unit_has_the_neighbours_that_it_has_in_its_document(index):
    places = {number: row.document_id for number, row in index.passages(range(index.manifest.passages)).items()}
    for number, document_id in places.items():
        reading = Reading(index, [number])
        whole = [None, *index.units(document_id), None]
        for row in units_of(reading):
            position = whole.index(row.unit)
            around = reading.before(row), reading.after(row)
            assert [other and other.unit for other in around] == [whole[position - 1], whole[position + 1]]


def test_a_long_way_back_through_a_block_finds_the_drug_named_there(index):
    rows = index.passages(range(index.manifest.passages))
    mine = [number for number, row in rows.items() if row.document_id == "long.md"]
    assert len(mine) > 2 * BACK
    reading = Reading(index, mine[-2:-1])
    [*_, last] = [row for row in units_of(reading) if "people who had hives" in reading.text(row)]
    assert reading.drugs_before(last) == ["deltamab"]
    assert reading.drugs_named(last) == []


def test_a_question_reads_the_units_around_its_hits_and_no_more(index, monkeypatch):
    def refuse(document_id: str) -> None:
        raise AssertionError(f"read all units of {document_id}")

    read = []
    original = index.units_around
    monkeypatch.setattr(index, "units", refuse)
    monkeypatch.setattr(index, "units_around", lambda first, last: read.append(last - first) or original(first, last))
    found = ask(index, "In which trial of betamab had women a headache?")
    assert {excerpt.document_id for excerpt in (*found.excerpts, *found.nearest)} == {"wide.md"}
    assert 0 < sum(read) < len(SENTENCES)


def test_sections_come_in_the_order_of_the_document(index):
    assert index.sections("long.md") == (("A review", "Trials"), ("A review", "Price"))
    for document_id, _ in index.documents():
        spoken = [unit.section for unit in index.units(document_id)]
        changes = [right for left, right in pairwise([None, *spoken]) if left != right]
        assert list(index.sections(document_id)) == changes
