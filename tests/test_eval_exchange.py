"""Suites go to other tools and come back: nothing is lost that the other form can hold, and nothing is made up."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st

from citewell.errors import UsageError
from citewell.evaluate.cases import Case, Evidence, read_suite, write_suite
from citewell.evaluate.exchange import Collection, Text, read_beir, trec_qrels, write_beir, write_texts
from citewell.evaluate.resolve import resolve
from citewell.evaluate.squad import joined, read_squad, write_squad
from citewell.readers import Source, read_source
from citewell.types import Document

TEXTS = (
    Text("a", "Alphamab", "The dose of alphamab is 60 mg. It is kept at 5 °C."),
    Text("b", "Betamab", "Betamab makes people sneeze."),
    Text("c", "Betamab", "Nothing is known of its storage."),
)
UNIT = pytest.mark.unit


def beir(folder: Path, qrels: str, queries: list[dict[str, Any]] | None = None, name: str = "qrels/test.tsv") -> Path:
    """A BEIR folder with the documents above."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(qrels, encoding="utf-8")
    queries = queries or [{"_id": "q1", "text": "What is the dose?"}, {"_id": "q2", "text": "Who sneezes?"}]
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries), encoding="utf-8")
    rows = [{"_id": each.id, "title": each.title, "text": each.text} for each in TEXTS]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@UNIT
@pytest.mark.parametrize("name", ["qrels/test.tsv", "qrels.tsv"])
def test_a_judged_document_is_evidence_from_its_first_to_its_last_character(tmp_path: Path, name: str) -> None:
    folder = beir(tmp_path, "query-id\tcorpus-id\tscore\nq1\ta\t2\nq1\tb\t1\nq1\tc\t0\nq2\tc\t0\n", name=name)
    found = read_beir(folder)
    assert found.texts == TEXTS
    assert found.cases == (
        Case(
            "q1",
            "What is the dose?",
            answerable=True,
            tags=("whole-document",),
            evidence=(Evidence("a", start=0, end=50, grade=2), Evidence("b", start=0, end=28, grade=1)),
        ),
    )  # q2 was judged by documents that don't answer only: nobody said that nothing does


@UNIT
def test_beir_comes_back_as_it_went(tmp_path: Path) -> None:
    folder = beir(tmp_path / "one", "q1\ta\t2\nq1\tb\t1\nq2\tb\t1\n")
    found = read_beir(folder)
    write_beir(tmp_path / "two", found.cases, found.texts)
    assert read_beir(tmp_path / "two") == found
    write_suite(tmp_path / "suite.jsonl", found.cases)
    assert [case.evidence for case in read_suite(tmp_path / "suite.jsonl")] == [case.evidence for case in found.cases]


@UNIT
def test_all_splits_are_read_and_numbers_are_ids_too(tmp_path: Path) -> None:
    folder = beir(tmp_path, "1\ta\t1\n", [{"_id": 1, "text": "What is the dose?"}])
    beir(tmp_path, "1\tb\t1\n", [{"_id": 1, "text": "What is the dose?"}], name="qrels/dev.tsv")
    [case] = read_beir(folder).cases
    assert (case.id, [each.doc for each in case.evidence]) == ("1", ["b", "a"])


@UNIT
@pytest.mark.parametrize(
    ("qrels", "said"),
    [
        ("q1\tnowhere\t1\n", "corpus.jsonl, found no 'nowhere' for the query 'q1'"),
        ("q1 a 1\n", "line 1: expected a query, a document and a whole grade between tabs"),
        ("q1\ta\tmuch\n", "line 1: expected a query, a document and a whole grade between tabs"),
    ],
)
def test_a_wrong_judgement_is_named(tmp_path: Path, qrels: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_beir(beir(tmp_path, qrels))


@UNIT
def test_a_missing_file_and_a_query_without_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected a file to read at .*corpus\.jsonl"):
        read_beir(tmp_path)
    with pytest.raises(UsageError, match=r'queries\.jsonl, line 1: expected a "text" that is a text, found None'):
        read_beir(beir(tmp_path, "q1\ta\t1\n", [{"_id": "q1"}]))


@UNIT
def test_trec_has_a_line_for_each_document_with_its_highest_grade() -> None:
    evidence = (Evidence("a", "60 mg", grade=1), Evidence("b", "sneeze", grade=1), Evidence("a", "5 °C", grade=2))
    cases = [Case("q1", "?", answerable=True, evidence=evidence), Case("q2", "?", answerable=False)]
    assert list(trec_qrels(cases)) == ["q1 0 a 2", "q1 0 b 1"]
    with pytest.raises(UsageError, match="expected an id without white space, found 'q 1'"):
        list(trec_qrels([Case("q 1", "?", answerable=True, evidence=evidence)]))


SQUAD: dict[str, Any] = {
    "version": "v2.0",
    "data": [
        {
            "title": "Alphamab",
            "paragraphs": [
                {
                    "context": TEXTS[0].text,
                    "qas": [
                        {
                            "id": "q1",
                            "question": "What is the dose?",
                            "is_impossible": False,
                            "answers": [
                                {"text": "60 mg", "answer_start": 24},
                                {"text": "is 60 mg", "answer_start": 21},
                            ],
                        },
                        {
                            "id": "q2",
                            "question": "Who makes it?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "It", "answer_start": 31}],
                        },
                    ],
                },
                {"context": "A second paragraph.", "qas": []},
            ],
        }
    ],
}


def squad_file(folder: Path, plain: object = SQUAD) -> Path:
    path = folder / "squad.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    return path


@UNIT
def test_squad_s_answers_are_offsets_and_its_impossible_questions_have_none(tmp_path: Path) -> None:
    found = read_squad(squad_file(tmp_path))
    assert found.texts == (
        Text("Alphamab-0", "Alphamab", TEXTS[0].text),
        Text("Alphamab-1", "Alphamab", "A second paragraph."),
    )
    evidence = (Evidence("Alphamab-0", start=21, end=29),)
    assert found.cases == (
        Case("q1", "What is the dose?", answerable=True, evidence=evidence, answers=("60 mg", "is 60 mg"), cluster="Alphamab-0"),
        Case("q2", "Who makes it?", answerable=False, cluster="Alphamab-0"),
    )  # fmt: skip


@UNIT
def test_squad_comes_back_as_it_went(tmp_path: Path) -> None:
    found = read_squad(squad_file(tmp_path))
    write_squad(tmp_path / "again.json", found)
    assert read_squad(tmp_path / "again.json") == found
    again = json.loads((tmp_path / "again.json").read_text("utf-8"))
    assert again["data"][0]["paragraphs"][0]["qas"][0] == SQUAD["data"][0]["paragraphs"][0]["qas"][0]


@UNIT
def test_a_quotation_without_short_answers_is_the_answer_itself(tmp_path: Path) -> None:
    case = Case("q", "What is the dose?", answerable=True, evidence=(Evidence("a", "alphamab  is 60 mg"),))
    homeless = Case("r", "Where is gammamab?", answerable=False)
    write_squad(tmp_path / "out.json", Collection((case, homeless), TEXTS))
    [back] = read_squad(tmp_path / "out.json").cases
    assert (back.answers, back.evidence[0].start, back.evidence[0].end) == (("alphamab is 60 mg",), 12, 29)
    stale = Case("s", "?", answerable=True, evidence=(Evidence("a", "90 mg"),))
    with pytest.raises(UsageError, match="expected the evidence of 's' in a, found none of it"):
        write_squad(tmp_path / "out.json", Collection((stale,), TEXTS))


@UNIT
@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ({"data": [{"title": "A"}]}, "found KeyError"),
        ([1], "found TypeError"),
        (
            {"data": [{"title": "A", "paragraphs": [{"context": "60 mg", "qas": [
                {"id": "q", "question": "?", "answers": [{"text": "60 mg", "answer_start": 1}]}]}]}]},
            "expected the answer '60 mg' of 'q' at character 1 of its paragraph, found other words",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_not_squad_is_refused(tmp_path: Path, plain: object, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_squad(squad_file(tmp_path, plain))


@UNIT
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair)))))
def test_joined_spans_hold_the_same_characters_and_do_not_overlap(spans: list[tuple[int, int]]) -> None:
    found = joined(spans)
    assert {place for start, end in found for place in range(start, end)} == {
        place for start, end in spans for place in range(start, end)
    }
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@pytest.mark.shared
def test_a_real_beir_set_comes_back_as_it_went(tmp_path: Path) -> None:
    found = read_beir(SHARED / "data" / "scifact")
    assert (len(found.cases), len(found.texts)) == (300, 5183)
    write_beir(tmp_path, found.cases, found.texts)
    assert read_beir(tmp_path) == found
    wanted = (SHARED / "data" / "scifact" / "qrels.tsv").read_text("utf-8")
    written = (tmp_path / "qrels" / "test.tsv").read_text("utf-8")
    assert sorted(written.splitlines()) == sorted(wanted.splitlines())


@pytest.mark.shared
def test_real_questions_of_squad_come_back_as_they_went(tmp_path: Path) -> None:
    folder = SHARED / "data" / "squad2_devhalf_plus"
    texts = tuple(read_beir(folder).texts)
    known = {text.id: text for text in texts}
    rows = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    paragraphs: dict[str, list[dict[str, Any]]] = {text.id: [] for text in texts}
    for row in rows:
        answers = [{"text": each["text"], "answer_start": each["start"]} for each in row["answers"]]
        paragraphs[row["meta"]["doc"]].append(
            {"id": row["_id"], "question": row["text"], "is_impossible": row["is_impossible"], "answers": answers}
        )
    data = [{"title": key, "paragraphs": [{"context": known[key].text, "qas": qas}]} for key, qas in paragraphs.items()]
    found = read_squad(squad_file(tmp_path, {"version": "v2.0", "data": data}))
    assert len(found.cases) == 6078
    assert sum(not case.answerable for case in found.cases) == 3168
    write_squad(tmp_path / "again.json", found)
    assert read_squad(tmp_path / "again.json") == found


@UNIT
def test_documents_that_were_taken_over_can_be_indexed_and_their_gold_stands_in_them(tmp_path: Path) -> None:
    found = read_squad(squad_file(tmp_path))
    write_texts(tmp_path / "corpus.jsonl", found.texts)
    documents = list(read_source(Source(tmp_path / "corpus.jsonl", "corpus.jsonl", tmp_path)))
    texts = {each.id: each.text for each in documents if isinstance(each, Document)}
    assert [place.text for place in resolve(found.cases[0], texts.get).places] == ["is 60 mg"]
