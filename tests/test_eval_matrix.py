"""Several configurations over one suite: side by side, and nothing done twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import DRUGS, Library, library, quick_folder

from citewell.errors import UsageError
from citewell.evaluate.cases import Case, Evidence, write_suite
from citewell.evaluate.matrix import Configuration, Row, read_configurations, run_matrix, table
from citewell.evaluate.plan import Plan
from citewell.index import Index
from citewell.search import Query, find
from citewell.types import Hit

pytestmark = pytest.mark.unit

CASES = (
    Case("dose", "What is the dose of alphamab?", True, evidence=(Evidence("alphamab.md", "60 mg"),)),
    Case("none", "What is the dose of romosozumab?", False),
)


@pytest.fixture
def made(monkeypatch) -> Iterator[Library]:
    with quick_folder() as folder:
        made = library(monkeypatch, folder, DRUGS)
        write_suite(folder / "suite.jsonl", CASES)
        yield made


def run(made: Library, plain: dict[str, object]) -> tuple[Row, ...]:
    home = made.index.parent
    (home / "configurations.json").write_text(json.dumps(plain), encoding="utf-8")
    configurations = read_configurations(home / "configurations.json")
    return run_matrix(home / "suite.jsonl", configurations, made.index, home / "runs", lambda *_: None)


def test_configurations_differ_where_their_numbers_do(made):
    rows = run(made, {"as shipped": {}, "silent": {"settings": {"answer_confidence": 0.999999}}})
    assert [[result.passed for result in row.run.results] for row in rows] == [[True, True], [False, True]]
    lines = table(rows, Plan())
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["as shipped", "silent"]
    assert [line.split("|")[-2].strip() for line in lines[2:]] == ["0", "1"]


def test_questions_are_encoded_once_and_searched_once_for_all_configurations(made, monkeypatch):
    made.encoder.encoded.clear()
    searched: list[str] = []

    def noted(index: Index, query: Query, *rest: Any, **more: Any) -> tuple[Hit, ...]:
        searched.append(query.text)
        return find(index, query, *rest, **more)

    monkeypatch.setattr("citewell.evaluate.matrix.find", noted)
    run(made, {"a": {}, "b": {"settings": {"answer_confidence": 0.5}}, "c": {"settings": {"dense_weight": 0.5}}})
    assert sorted(made.encoder.encoded) == sorted([*(case.question for case in CASES), "What is it used for?"])
    assert sorted(searched) == sorted(2 * [case.question for case in CASES])


def test_a_known_run_is_not_run_again(made):
    first, again = run(made, {"a": {}}), run(made, {"a": {}, "b": {"settings": {"excerpts": 1}}})
    assert [row.known for row in (*first, *again)] == [False, True, False]
    assert first[0].run == again[0].run


def test_another_encoder_gets_an_index_of_the_same_documents(made):
    [row] = run(made, {"words alone": {"encoder": "none"}})
    assert row.run.provenance.encoder == "none"
    assert row.run.provenance.corpus == run(made, {"a": {}})[0].run.provenance.corpus


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "expected an object of configurations by name"),
        ("{", "expected JSON"),
        ('{"a": {"setting": {}}}', "a: expected an object with encoder, index, settings"),
        ('{"a": {"settings": {"excerpt": 3}}}', "a: expected the name of a number in settings.py, found 'excerpt'"),
        ('{"a": {"settings": {"excerpts": 1.5}}}', "a: expected excerpts like 5, found 1.5"),
        ('{"a": {"settings": {"confidence_dense": [1]}}}', "a: expected confidence_dense like"),
    ],
)
def test_bad_configurations_are_named(tmp_path, text, message):
    path = tmp_path / "configurations.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_configurations(path)


def test_configurations_keep_what_they_name(tmp_path):
    path: Path = tmp_path / "configurations.json"
    path.write_text('{"a": {"settings": {"dense_weight": 1}, "index": "mine"}}', encoding="utf-8")
    [found] = read_configurations(path)
    assert (found.name, found.settings.dense_weight, found.index) == ("a", 1, Path("mine"))
    assert isinstance(found, Configuration)
