"""A BERT sentence encoder as an OpenVINO graph over the weights file as it lies on the disk; torch is never loaded.

The architecture is that of Devlin et al. (NAACL 2019); names of tensors are those of its usual safetensors files. The
graph is made anew in each process, in some hundredths of a second, so nothing has to be exported or kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citewell.encode.quiet import ov

ops = ov.opset13

WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
MASKED = 30_000.0  # taken off the attention to padding; exp(-30000) is 0 in any precision
ARCHITECTURE = {"model_type": "bert", "hidden_act": "gelu"}
POOLINGS = {
    frozenset({"mean"}): "mean",
    frozenset({"mean_tokens"}): "mean",
    frozenset({"cls"}): "cls",
    frozenset({"cls_token"}): "cls",
}
SENTENCE_KEYS = {"max_seq_length", "do_lower_case", "transformer_task", "modality_config", "module_output_name"}


@dataclass(frozen=True, slots=True)
class Architecture:
    """What a graph is made after.

    :param pooling: "mean" of all tokens, or "cls": the first token stands for the text.
    :param tokens: The most that a text may have; the rest is cut off.
    """

    folder: Path
    layers: int
    heads: int
    dimension: int
    epsilon: float
    pooling: str
    tokens: int


def read_architecture(folder: Path) -> Architecture | None:
    """The architecture of a model in the layout of sentence-transformers; None for one that this module can't make."""
    try:
        config = read_json(folder / "config.json")
        modules = [(str(each["type"]).rsplit(".", 1)[-1], each["path"]) for each in read_json(folder / "modules.json")]
        pooling = pooling_of(read_json(folder / modules[1][1] / "config.json"))
        tokens = most_tokens(folder, config)
        layers = int(config["num_hidden_layers"])
        kinds = {name: kind for name, (kind, *_) in tensors(folder / WEIGHTS).items()}
        fits = (
            [kind for kind, _ in modules] in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
            and not modules[0][1]
            and ARCHITECTURE.items() <= config.items()
            and config.get("position_embedding_type", "absolute") == "absolute"
            and not config.get("is_decoder")
            and pooling is not None
            and tokens <= int(config["max_position_embeddings"])
            and not default_prompt(folder)
            and all(kinds.get(name) == "F32" for name in needed(layers))
            and cuts_as_transformers_does(folder)
        )
        if not fits or pooling is None:
            return None
        sizes = int(config["num_attention_heads"]), int(config["hidden_size"]), float(config["layer_norm_eps"])
        return Architecture(folder, layers, *sizes, pooling, tokens)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def pooling_of(config: dict[str, Any]) -> str | None:
    """How a model pools, by its settings as sentence-transformers wrote them before version 6 or writes them since."""
    now = config.get("pooling_mode")
    flags = {
        name.removeprefix("pooling_mode_") for name, on in config.items() if name.startswith("pooling_mode_") and on
    }
    return POOLINGS.get(frozenset({now} if isinstance(now, str) else flags))


def most_tokens(folder: Path, config: dict[str, Any]) -> int:
    """The length that texts are cut to: the model's own, else its tokenizer's, which its positions bound."""
    path = folder / "sentence_bert_config.json"
    sentence = read_json(path) if path.is_file() else {}
    if sentence.keys() - SENTENCE_KEYS or sentence.get("do_lower_case"):
        raise ValueError(f"expected only the settings {sorted(SENTENCE_KEYS)}, found {sorted(sentence)}")
    if (own := sentence.get("max_seq_length")) is not None:
        return int(own)
    return min(
        int(read_json(folder / "tokenizer_config.json")["model_max_length"]), int(config["max_position_embeddings"])
    )


def cuts_as_transformers_does(folder: Path) -> bool:
    """Whether tokenizer.json alone says how to cut: transformers lets tokenizer_config.json overrule its normalizer."""
    tokenizer = read_json(folder / TOKENIZER)
    normalizer, config = tokenizer["normalizer"], read_json(folder / "tokenizer_config.json")
    return bool(
        tokenizer["model"]["type"] == "WordPiece"
        and normalizer["type"] == "BertNormalizer"
        and config.get("do_lower_case", True) == normalizer["lowercase"]
        and config.get("strip_accents") == normalizer["strip_accents"]
        and config.get("tokenize_chinese_chars", True) == normalizer["handle_chinese_chars"]
    )


def needed(layers: int) -> Iterator[str]:
    """The names of the tensors that a graph is made of."""
    for table in ("word_embeddings", "position_embeddings", "token_type_embeddings"):
        yield f"embeddings.{table}.weight"
    parts = [f"attention.self.{name}" for name in ("query", "key", "value")]
    parts += [
        "attention.output.dense",
        "attention.output.LayerNorm",
        "intermediate.dense",
        "output.dense",
        "output.LayerNorm",
    ]
    for part in [
        "embeddings.LayerNorm",
        *(f"encoder.layer.{layer}.{part}" for layer in range(layers) for part in parts),
    ]:
        yield from (f"{part}.weight", f"{part}.bias")


def read_json(path: Path) -> Any:
    """What a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def default_prompt(folder: Path) -> str | None:
    """The name of the words that a model wants before each text, if it does."""
    path = folder / "config_sentence_transformers.json"
    return read_json(path).get("default_prompt_name") if path.is_file() else None


def tensors(path: Path) -> dict[str, tuple[str, tuple[int, ...], int, int]]:
    """The tensors of a safetensors file: name → (kind, shape, first byte, last byte), bytes from the file's start."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > path.stat().st_size:
            raise ValueError(f"expected a safetensors file, found a header of {length} bytes")
        header = json.loads(stream.read(length))
    places = ((name, each) for name, each in header.items() if name != "__metadata__")
    return {
        name: (each["dtype"], tuple(each["shape"]), *(8 + length + offset for offset in each["data_offsets"]))
        for name, each in places
    }


def make_graph(architecture: Architecture) -> ov.Model:
    """The graph: (ids int32, mask float32), both of shape (texts, tokens) → float32 of shape (texts, dimension)."""
    return Maker(architecture).model()


class Maker:
    """Puts one graph together, part by part; weights stay where they are mapped into memory."""

    def __init__(self, architecture: Architecture) -> None:
        self._architecture = architecture
        path = architecture.folder / WEIGHTS
        self._bytes = np.memmap(path, dtype=np.uint8, mode="c")
        self._tensors = tensors(path)

    def _weight(self, name: str) -> NDArray[Any]:
        _, shape, first, last = self._tensors[name]
        return self._bytes[first:last].view("<f4").reshape(shape)

    def _constant(self, name: str) -> ov.Node:
        return ops.constant(self._weight(name), shared_memory=True)

    def _linear(self, x: ov.Node, name: str) -> ov.Node:
        product = ops.matmul(x, self._constant(f"{name}.weight"), False, True)
        return ops.add(product, self._constant(f"{name}.bias"))

    def _norm(self, x: ov.Node, name: str) -> ov.Node:
        centred = ops.mvn(x, integers(-1), True, self._architecture.epsilon, "inside_sqrt")
        return ops.add(ops.multiply(centred, self._constant(f"{name}.weight")), self._constant(f"{name}.bias"))

    def _embedded(self, ids: ov.Node) -> ov.Node:
        """Word, position and (first) segment embeddings."""
        words = ops.gather(self._constant("embeddings.word_embeddings.weight"), ids, integers(0))
        places = self._weight("embeddings.position_embeddings.weight")
        table = places + self._weight("embeddings.token_type_embeddings.weight")[0]
        length = ops.gather(ops.shape_of(ids), integers(1), integers(0))
        here = ops.slice(ops.constant(table), integers(0), length, integers(1), integers(0))
        return self._norm(ops.add(words, here), "embeddings.LayerNorm")

    def _attended(self, x: ov.Node, bias: ov.Node, layer: str) -> ov.Node:
        """Self-attention with its residual."""
        heads, dimension = self._architecture.heads, self._architecture.dimension
        shape = integers(0, 0, heads, dimension // heads)
        query, key, value = (
            ops.transpose(ops.reshape(self._linear(x, f"{layer}.attention.self.{name}"), shape, True), integers(0, 2, 1, 3))
            for name in ("query", "key", "value")
        )  # fmt: skip
        found = ops.transpose(ops.scaled_dot_product_attention(query, key, value, bias), integers(0, 2, 1, 3))
        joined = ops.reshape(found, integers(0, 0, dimension), True)
        added = ops.add(self._linear(joined, f"{layer}.attention.output.dense"), x)
        return self._norm(added, f"{layer}.attention.output.LayerNorm")

    def _layer(self, x: ov.Node, bias: ov.Node, layer: str) -> ov.Node:
        attended = self._attended(x, bias, layer)
        inner = ops.gelu(self._linear(attended, f"{layer}.intermediate.dense"), "erf")
        return self._norm(ops.add(self._linear(inner, f"{layer}.output.dense"), attended), f"{layer}.output.LayerNorm")

    def _pooled(self, x: ov.Node, mask: ov.Node) -> ov.Node:
        if self._architecture.pooling == "cls":
            return ops.gather(x, ops.constant(np.int64(0)), integers(1))
        weights = ops.unsqueeze(mask, integers(2))
        return ops.divide(ops.reduce_sum(ops.multiply(x, weights), integers(1)), ops.reduce_sum(weights, integers(1)))

    def model(self) -> ov.Model:
        """All layers, then their pooled tokens, scaled to length 1."""
        ids = ops.parameter([-1, -1], np.int32, name="ids")
        mask = ops.parameter([-1, -1], np.float32, name="mask")
        distance = ops.multiply(ops.subtract(mask, number(1.0)), number(MASKED))
        bias = ops.unsqueeze(distance, integers(1, 2))
        x = self._embedded(ids)
        for layer in range(self._architecture.layers):
            x = self._layer(x, bias, f"encoder.layer.{layer}")
        pooled = self._pooled(x, mask)
        unit = ops.normalize_l2(pooled, integers(1), 1e-12, "max")
        return ov.Model([ops.result(unit)], [ids, mask], "sentence encoder")


def integers(*values: int) -> ov.Node:
    """A constant of whole numbers; of one, a vector of length 1."""
    return ops.constant(np.array(values, dtype=np.int64))


def number(value: float) -> ov.Node:
    """A constant."""
    return ops.constant(np.float32(value))
