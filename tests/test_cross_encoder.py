"""The cross-encoder that comes with Citewell tells an answer from a sentence beside the point, the same way each time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from citewell.encode import DEFAULT_SHA256, cross, cross_encoder_for, packaged_model
from citewell.encode.cross import MOST_TOKENS, ShippedCrossEncoder
from citewell.errors import EncoderMissing

pytestmark = pytest.mark.model

QUESTION = "How often is alphamab injected?"
TEXTS = [
    "Alphamab: Alphamab is injected once every 6 months.",
    "Alphamab: Alphamab is an antibody against brittle bones.",
    "Betamab: " + "Betamab is injected once a week. " * 60,
    "",
]


@pytest.fixture(scope="module")
def reader() -> ShippedCrossEncoder:
    return ShippedCrossEncoder(packaged_model())


def test_the_answer_reads_better_than_what_is_beside_the_point(reader):
    answer, beside, other, nothing = reader.log_odds(QUESTION, TEXTS)
    assert answer > max(beside, nothing) + 1
    assert answer > other


def test_a_pair_reads_alike_in_any_company_and_thread(reader):
    together = reader.log_odds(QUESTION, TEXTS)
    with ThreadPoolExecutor(4) as pool:
        alone = [found for [found] in pool.map(lambda text: reader.log_odds(QUESTION, [text]), TEXTS * 3)]
    assert alone == together * 3


def test_long_texts_are_cut(reader):
    assert max(reader.lengths(QUESTION, TEXTS)) == MOST_TOKENS


def test_weights_that_were_changed_are_refused(monkeypatch):
    monkeypatch.setattr(cross, "SHA256", "0" * 64)
    with pytest.raises(EncoderMissing, match="expected cross_encoder.onnx with SHA-256 0000000000000000…, found"):
        ShippedCrossEncoder(packaged_model()).log_odds(QUESTION, TEXTS[:1])


def test_only_the_default_encoder_has_one():
    assert cross_encoder_for("0" * 64) is None
    assert isinstance(cross_encoder_for(DEFAULT_SHA256), ShippedCrossEncoder)
