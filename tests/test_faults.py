"""A handful of the faults of benchmarks/faults.py, where hundreds are tried."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults import Scene, alter, fill, kill, parts, small_index, truncate


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Iterator[Scene]:
    with small_index():
        yield Scene(Path(tmp_path_factory.mktemp("faults")))


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_run_leaves_the_old_index_or_the_new_one(scene, seed):
    assert kill(scene, random.Random(seed)) in ("before", "after")


@pytest.mark.parametrize("most", [1 << 10, 1 << 13, 1 << 16])
def test_a_full_disk_is_said_and_leaves_the_old_index(scene, most):
    assert fill(scene, most) == "refused"


def test_a_truncated_part_is_named_and_repaired(scene):
    assert {truncate(scene, name) for name in parts(scene)[::4]} == {"repaired"}


def test_an_altered_bit_is_named_and_never_made_to_look_whole(scene):
    assert {alter(scene, name, random.Random(name)) for name in parts(scene)[::3]} == {"repaired"}
