"""The object that scripts depend on: its keys, their order and plain values."""

import json
from dataclasses import replace

import pytest
from answers import ANSWER, REFUSAL

from citewell.present import answer_as_dict
from citewell.types import Disagreement

pytestmark = pytest.mark.unit

EXCERPT_KEYS = (
    "citation text document_id title source_class updated review_status section page start end score also "
    "context_before context_after"
).split()


def test_the_object_has_the_keys_of_the_contract_in_their_order():
    plain = answer_as_dict(ANSWER)
    assert (
        list(plain)
        == (
            "question searched_for answered confidence reason excerpts disagreements nearest citations notes follow_ups "
            "provenance timings_ms"
        ).split()
    )
    assert [list(excerpt) for excerpt in plain["excerpts"]] == [EXCERPT_KEYS, EXCERPT_KEYS]
    assert [list(citation) for citation in plain["citations"]] == [
        ["number", "document_id", "title", "how_to_cite", "path", "sha256", "locator"]
    ] * 2
    assert list(plain["provenance"]) == ["index", "encoder", "weights", "settings", "version"]


def test_values_are_plain_json_and_survive_it():
    plain = answer_as_dict(ANSWER)
    assert json.loads(json.dumps(plain)) == plain
    assert type(plain["excerpts"][0]["source_class"]) is str
    first = plain["excerpts"][0]
    assert (first["source_class"], first["section"], first["also"], first["updated"]) == ("label", ["Dose"], [2], None)


def test_an_answer_of_silence_has_no_excerpts_but_the_nearest():
    plain = answer_as_dict(REFUSAL)
    assert (plain["answered"], plain["reason"], plain["excerpts"]) == (False, "subject not covered", [])
    assert [list(excerpt) for excerpt in plain["nearest"]] == [EXCERPT_KEYS]


def test_disagreements_are_numbers_of_citations():
    differing = replace(ANSWER, disagreements=(Disagreement("dose", (1, 2)),))
    assert answer_as_dict(differing)["disagreements"] == [{"about": "dose", "citations": [1, 2]}]
