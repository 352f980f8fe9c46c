"""Hostile files of every format: a reader gives documents or says why not, and nothing else. `benchmarks.fuzz` makes more of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from formats_made import FILES
from mutations import mutations

from citewell.errors import ReadError
from citewell.readers import Failure, Source, read
from citewell.segment import split_units
from citewell.settings import Segmentation

pytestmark = pytest.mark.unit

EACH = 90  # inputs a format here


def outcome(name: str, data: bytes) -> str:
    """What became of one input; any other exception than ReadError passes through."""
    try:
        found = list(read(Source(Path("/") / name, name, Path("/")), data))
    except ReadError as error:
        assert "expected" in str(error)
        return "refused"
    for each in found:
        if isinstance(each, Failure):
            assert "expected" in each.reason
            continue
        each.text.encode()  # no half characters
        edges = [(block.start, block.end) for block in each.blocks]
        assert all(0 <= start < end <= len(each.text) for start, end in edges)
        assert all(one[1] <= other[0] for one, other in pairwise(edges))
        assert all(0 <= block.lead[0] < block.lead[1] <= len(each.text) for block in each.blocks if block.lead)
        split_units(each, Segmentation())
    return "read"


@pytest.mark.parametrize("name", FILES)
def test_hostile_files_are_read_or_refused(name):
    outcomes = {outcome(name, data) for data in mutations(FILES[name], EACH, seed=len(name))}
    assert outcomes <= {"read", "refused"}


def test_mutations_are_the_same_each_time_and_differ():
    once, again = (list(mutations(FILES["label.xml"], 50, seed=1)) for _ in range(2))
    assert once == again
    assert len(set(once)) > 45
