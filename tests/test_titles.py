"""A short title names its subject; how often a label names a drug never makes it the brand's."""

from __future__ import annotations

import pytest

from citewell.index.pieces import names_of
from citewell.lexicon.titles import subjects_of
from citewell.types import Document, Metadata

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("EXAMPRIX - adverse reactions", ["examprix"]),
        ("Examprix: what you should know", ["examprix"]),
        ("Behcet's disease", ["behcet"]),
        ("Osteoporosis", []),
        ("Kidney stones in adults", []),
        ("A trial of Examprix against Testavan in women with hives", []),
    ],
)
def test_a_short_title_names_its_subject(title, names):
    assert [alias.name for alias in subjects_of(title)] == names


def test_a_comparator_that_a_label_names_often_is_not_its_drug():
    text = "Examprix was compared with metformin. Patients on metformin had fewer hives than others on metformin."
    found = names_of(Document("d", text, Metadata("EXAMPRIX - adverse reactions"), (), "/d", ""))
    assert [(alias.name, alias.means) for alias in found if alias.kind == "brand"] == []
