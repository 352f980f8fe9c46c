"""The default model is the one that it should be, and gives vectors that do not depend on their neighbours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from citewell.encode import (
    DEFAULT,
    DEFAULT_SHA256,
    NONE,
    Encoder,
    SentenceEncoder,
    Vectors,
    hash_weights,
    open_encoder,
    packaged_model,
)
from citewell.encode.encoders import has_gpu
from citewell.encode.graph import Architecture, needed, read_architecture
from citewell.encode.runtime import BATCH_TOKENS, WORTH_A_GPU, GraphEncoder, batched, padded
from citewell.errors import EncoderMissing

TEXTS = [
    "The dose is 60 mg every 6 months.",
    "Alphamab is injected twice a year.",
    "The weather was fine.",
    "",
    "Sentence. " * 400,
]


VARIED = [
    *TEXTS,
    "x",
    "0.5 mg/kg (≥ 2 µg) – “twice”",
    "Ημερήσια δόση 60 mg; суточная доза; 每日剂量六十毫克; جرعة يومية",
    "💊💉 60 mg 🦴",
    "antidisestablishmentarianism" * 12,
    "[SEP] [PAD] ## \u200b\u0000 end",
    *(f"Sentence {number} of drug {number % 7} has {number} mg, " * (1 + number % 23) for number in range(80)),
]


@pytest.fixture(scope="module")
def encoder() -> GraphEncoder:
    opened = open_encoder(DEFAULT)
    assert isinstance(opened, GraphEncoder)
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
    monkeypatch.setattr("citewell.encode.encoders.PACKAGE", "made_up_weights")
    with pytest.raises(EncoderMissing, match="expected weights with SHA-256 53aa51172d142c89"):
        open_encoder(DEFAULT)
    monkeypatch.setattr("citewell.encode.encoders.PACKAGE", "no_such_package")
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
    together = encoder.encode(VARIED)
    alone = np.concatenate([encoder.encode([text]) for text in VARIED])
    assert np.sum(together * alone, axis=1).min() > 0.9999


@pytest.mark.model
def test_the_graph_gives_what_sentence_transformers_gives(encoder):
    exact = SentenceEncoder(DEFAULT, packaged_model(), DEFAULT_SHA256).encode(VARIED)
    assert np.sum(encoder.encode(VARIED) * exact, axis=1).min() > 0.999


@pytest.mark.model
def test_a_text_given_twice_is_encoded_once(encoder, monkeypatch):
    seen: list[int] = []
    monkeypatch.setattr(
        "citewell.encode.runtime.padded", lambda tokens, batch: seen.extend(batch) or padded(tokens, batch)
    )
    vectors = encoder.encode(["one", "two", "one", "three", "four", "five", "one"])
    assert sorted(seen) == [0, 1, 2, 3, 4]
    assert np.array_equal(vectors[[0, 2, 6]], vectors[[0, 0, 0]])


@pytest.mark.model
def test_many_threads_get_the_vectors_that_one_gets(encoder):
    questions = [f"What is the dose of drug {number}?" for number in range(24)]
    alone = [encoder.encode([question])[0] for question in questions]
    with ThreadPoolExecutor(12) as pool:
        many = list(pool.map(lambda question: encoder.encode([question])[0], questions))
    assert all(np.array_equal(one, other) for one, other in zip(alone, many, strict=True))


@pytest.mark.model
def test_a_question_does_not_wait_for_a_long_run_nor_a_run_for_one_that_was_broken_off(encoder):
    many = [f"Sentence {number} of a long run. " * 20 for number in range(200)]
    asked = encoder.encode(["a question"])
    answers: list[bool] = []

    def ask_once(done: int) -> None:
        if not answers:
            with ThreadPoolExecutor(1) as pool:
                found = pool.submit(encoder.encode, ["a question"]).result(timeout=60)  # would wait for ever
            answers.append(np.array_equal(found, asked))
        elif done > 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encoder.encode(many, ask_once)
    assert answers == [True]
    assert encoder.encode(many).shape == (200, 384)


@pytest.mark.model
def test_a_model_that_takes_the_first_token_for_the_text_is_followed(tmp_path):
    folder = tmp_path / "first-token"
    shutil.copytree(packaged_model(), folder)
    (folder / "1_Pooling" / "config.json").write_text('{"embedding_dimension": 384, "pooling_mode": "cls"}')
    opened = open_encoder(str(folder))
    assert isinstance(opened, GraphEncoder)
    exact = SentenceEncoder("exact", folder, DEFAULT_SHA256).encode(VARIED)
    assert np.sum(opened.encode(VARIED) * exact, axis=1).min() > 0.999


@pytest.mark.model
def test_nothing_of_openvino_reports_to_its_maker(tmp_path):
    code = "import sys, citewell.encode.runtime; print([name for name in sys.modules if 'telemetry' in name or '.ovc' in name])"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"HOME": str(tmp_path)},
    )
    assert ran.stdout == "[]\n"
    assert list(tmp_path.iterdir()) == []  # the reporting part would leave a folder with an id of this machine


ASK_WITHOUT_TORCH = """
import sys
from citewell.encode import open_encoder
vector = open_encoder("default").encode(["What is the dose?"])[0]
print(sorted({"torch", "transformers", "sentence_transformers"} & set(sys.modules)), vector[:4].tobytes().hex())
"""


@pytest.mark.model
def test_asking_never_loads_torch_and_gives_the_same_bytes_in_every_process():
    command = [sys.executable, "-c", ASK_WITHOUT_TORCH]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first == second
    assert first.startswith("[] ")


@pytest.mark.model
def test_progress_is_told_after_each_batch(encoder):
    told: list[int] = []
    encoder.encode([f"word {number}" for number in range(700)], told.append)
    assert told == sorted(told)
    assert (len(told) > 2, told[-1], len(set(told))) == (True, 700, len(told))
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.unit
def test_batches_hold_every_text_once_and_are_bounded_with_their_padding():
    lengths = [int(3 + 250 * (number * 37 % 100) / 100) for number in range(500)]
    batches = list(batched(lengths))
    assert sorted(number for batch in batches for number in batch) == list(range(500))
    for batch in batches:
        assert len(batch) * max(lengths[number] for number in batch) <= BATCH_TOKENS
    firsts = [lengths[batch[0]] for batch in batches]
    assert firsts == sorted(firsts, reverse=True)
    assert list(batched([2 * BATCH_TOKENS])) == [[0]]
    assert list(batched([])) == []


@pytest.mark.unit
def test_a_batch_is_padded_to_its_longest_text():
    tokens = [np.array([7, 8], dtype=np.int32), np.array([5, 6, 9], dtype=np.int32), np.array([1], dtype=np.int32)]
    ids, mask = padded(tokens, [1, 0])
    assert ids.tolist() == [[5, 6, 9], [7, 8, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


def write_model(folder: Path, **changes: dict[str, object]) -> Path:
    """The description of a small model, its weights all zeros; `changes` are made to its files' values."""
    files: dict[str, dict[str, object]] = {
        "config": {"model_type": "bert", "hidden_act": "gelu", "num_hidden_layers": 2, "num_attention_heads": 4,
                   "hidden_size": 32, "layer_norm_eps": 1e-12, "max_position_embeddings": 128},
        "sentence_bert_config": {"max_seq_length": 64, "do_lower_case": False},
        "pooling": {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False},
        "weights": {name: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} for name in needed(2)},
        "tokenizer": {"model": {"type": "WordPiece"}, "normalizer": {"type": "BertNormalizer", "lowercase": True,
                      "strip_accents": None, "handle_chinese_chars": True}},
        "tokenizer_config": {"do_lower_case": True, "model_max_length": 512},
    }  # fmt: skip
    for name, values in changes.items():
        files[name] = {key: value for key, value in (files.get(name, {}) | values).items() if value is not None}
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(files.pop("pooling")))
    header = json.dumps(files.pop("weights")).encode()
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    kinds = [("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")]
    modules = [{"type": f"sentence_transformers.models.{kind}", "path": path} for kind, path in kinds]
    (folder / "modules.json").write_text(json.dumps(modules))
    for name, values in files.items():
        (folder / f"{name}.json").write_text(json.dumps(values))
    return folder


@pytest.mark.unit
@pytest.mark.parametrize(
    ("changes", "pooling", "tokens"),
    [
        ({}, "mean", 64),
        ({"pooling": {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}}, "cls", 64),
        (
            {"pooling": {"pooling_mode_mean_tokens": None, "pooling_mode_cls_token": None, "pooling_mode": "cls"}},
            "cls",
            64,
        ),
        ({"sentence_bert_config": {"max_seq_length": None, "transformer_task": "feature-extraction"}}, "mean", 128),
        ({"sentence_bert_config": {"max_seq_length": None}, "tokenizer_config": {"model_max_length": 96}}, "mean", 96),
    ],
    ids=str,
)
def test_the_architecture_of_a_usual_model_is_read(tmp_path, changes, pooling, tokens):
    found = read_architecture(write_model(tmp_path, **changes))
    assert found == Architecture(tmp_path, 2, 4, 32, 1e-12, pooling, tokens)


@pytest.mark.unit
@pytest.mark.parametrize(
    "changes",
    [
        {"config": {"model_type": "mpnet"}},
        {"config": {"hidden_act": "relu"}},
        {"config": {"position_embedding_type": "relative_key"}},
        {"config": {"num_hidden_layers": "many"}},
        {"config": {"max_position_embeddings": 32}},
        {"sentence_bert_config": {"do_lower_case": True}},
        {"sentence_bert_config": {"query_length": 32}},
        {"pooling": {"pooling_mode_cls_token": True}},
        {"pooling": {"pooling_mode": "lasttoken"}},
        {"config_sentence_transformers": {"default_prompt_name": "query"}},
        {"tokenizer_config": {"do_lower_case": False}},
        {"tokenizer_config": {"strip_accents": True}},
        {"tokenizer": {"model": {"type": "Unigram"}}},
        {"weights": {"embeddings.LayerNorm.bias": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}}},
        {"weights": {"encoder.layer.1.output.dense.bias": None}},
    ],
    ids=str,
)
def test_a_model_that_the_graph_is_not_made_for_is_left_to_sentence_transformers(tmp_path, changes):
    assert read_architecture(write_model(tmp_path, **changes)) is None
    assert isinstance(open_encoder(str(tmp_path)), SentenceEncoder)


@pytest.mark.unit
def test_a_header_longer_than_its_file_is_no_model(tmp_path):
    (write_model(tmp_path) / "model.safetensors").write_bytes((1 << 40).to_bytes(8, "little"))
    assert read_architecture(tmp_path) is None


class OnGpu:
    """Stands for sentence-transformers on a graphics processor."""

    name, weights, dimension = "gpu", "0" * 64, 32

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        return np.full((len(texts), 32), len(texts), dtype=np.float32)


@pytest.mark.unit
def test_many_texts_go_to_a_graphics_processor_where_there_is_one(tmp_path):
    architecture = read_architecture(write_model(tmp_path))
    assert architecture is not None
    gpu: Encoder = OnGpu()
    encoder = GraphEncoder("small", "0" * 64, architecture, lambda: gpu)
    texts = [str(number) for number in range(WORTH_A_GPU)]
    assert encoder.encode(texts)[0, 0] == WORTH_A_GPU


@pytest.mark.unit
def test_torch_is_asked_for_a_graphics_processor_only_where_the_system_shows_one(monkeypatch):
    monkeypatch.setattr("citewell.encode.encoders.GPU_DEVICES", ("/nowhere/nvidia0",))
    monkeypatch.setitem(sys.modules, "torch", None)  # importing it would fail
    assert not has_gpu()
    monkeypatch.setattr("citewell.encode.encoders.GPU_DEVICES", ("/",))
    with pytest.raises(ImportError):
        has_gpu()


@pytest.mark.model
def test_a_folder_with_a_model_is_an_encoder_of_its_own_name(encoder, tmp_path):
    link = tmp_path / "my-model"
    link.symlink_to(packaged_model(), target_is_directory=True)
    opened = open_encoder(str(link))
    assert opened is not None
    assert (opened.name, opened.weights) == (Path(link).resolve().as_posix(), DEFAULT_SHA256)
    assert np.array_equal(opened.encode(TEXTS[:1]), encoder.encode(TEXTS[:1]))
