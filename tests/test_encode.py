"""The default model is the one that it should be, and gives vectors that do not depend on their neighbours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from citewell.encode import (
    BATCH,
    DEFAULT,
    DEFAULT_SHA256,
    NONE,
    SentenceEncoder,
    hash_weights,
    open_encoder,
    packaged_model,
)
from citewell.errors import EncoderMissing

TEXTS = [
    "The dose is 60 mg every 6 months.",
    "Alphamab is injected twice a year.",
    "The weather was fine.",
    "",
    "Sentence. " * 400,
]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    opened = open_encoder(DEFAULT)
    assert isinstance(opened, SentenceEncoder)
    return opened


@pytest.mark.unit
def test_no_encoder_is_named_none():
    assert open_encoder(NONE) is None


@pytest.mark.unit
@pytest.mark.parametrize("name", ["no-such-model", "./missing", "/missing", "~/missing-model", "a/b/c"])
def test_a_name_that_is_neither_a_folder_nor_a_hub_name_is_refused(name):
    with pytest.raises(EncoderMissing, match="--encoder none"):
        open_encoder(name)


@pytest.mark.unit
def test_pickled_weights_are_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    with pytest.raises(EncoderMissing, match="Pickled weights are not loaded"):
        open_encoder(str(tmp_path))


@pytest.mark.unit
def test_weights_are_hashed_file_by_file_in_order_of_name(tmp_path):
    for name, content in (("b.safetensors", b"2"), ("a.safetensors", b"1"), ("config.json", b"3")):
        (tmp_path / name).write_bytes(content)
    assert hash_weights(tmp_path) == "6b51d431df5d7f141cbececcf79edf3dd861c3b4069f0b11661a3eefacbba918"  # of b"12"


@pytest.mark.unit
def test_altered_weights_of_the_default_model_are_refused(tmp_path, monkeypatch):
    package = tmp_path / "made_up_weights"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('this code must never run')")
    (package / "model" / "model.safetensors").write_bytes(b"altered")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("citewell.encode.PACKAGE", "made_up_weights")
    with pytest.raises(EncoderMissing, match="expected weights with SHA-256 53aa51172d142c89"):
        open_encoder(DEFAULT)
    monkeypatch.setattr("citewell.encode.PACKAGE", "no_such_package")
    with pytest.raises(EncoderMissing, match="expected the package no-such-package"):
        open_encoder(DEFAULT)


@pytest.mark.model
def test_vectors_are_of_length_one_and_mean_something(encoder):
    vectors = encoder.encode(TEXTS)
    assert (vectors.shape, vectors.dtype, encoder.weights) == ((5, 384), np.dtype("float32"), DEFAULT_SHA256)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert near > far + 0.1


@pytest.mark.model
def test_the_same_texts_give_the_same_vectors(encoder):
    assert np.array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))


@pytest.mark.model
def test_a_text_has_nearly_the_same_vector_in_any_company(encoder):
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


@pytest.mark.model
def test_progress_is_told_after_each_batch(encoder):
    told: list[int] = []
    encoder.encode(["word"] * (BATCH + 3), told.append)
    assert told == [BATCH, BATCH + 3]
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.model
def test_a_folder_with_a_model_is_an_encoder_of_its_own_name(encoder, tmp_path):
    link = tmp_path / "my-model"
    link.symlink_to(packaged_model(), target_is_directory=True)
    opened = open_encoder(str(link))
    assert opened is not None
    assert (opened.name, opened.weights) == (Path(link).resolve().as_posix(), DEFAULT_SHA256)
    assert np.array_equal(opened.encode(TEXTS[:1]), encoder.encode(TEXTS[:1]))
