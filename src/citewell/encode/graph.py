"""A BERT sentence encoder as an OpenVINO graph over the weights file as it lies on the disk; torch is never loaded.

The architecture is that of Devlin et al. (NAACL 2019); names of tensors are those of its usual safetensors files. The
graph is made anew in each process, in some hundredths of a second, so nothing has to be exported or kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as ops

WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
MASKED = 30_000.0  # taken off the attention to padding; exp(-30000) is 0 in any precision
KINDS = {"F32": "<f4", "I64": "<i8"}  # the kinds of numbers that are read; others mean another model
ARCHITECTURE = {"model_type": "bert", "hidden_act": "gelu"}
MEAN = {"pooling_mode_mean_tokens"}


@dataclass(frozen=True, slots=True)
class Architecture:
    """What a graph is made after.

    :param tokens: The most that a text may have; the rest is cut off.
    """

    folder: Path
    layers: int
    heads: int
    dimension: int
    epsilon: float
    tokens: int


def read_architecture(folder: Path) -> Architecture | None:
    """The architecture of a model in the layout of sentence-transformers; None for one that this module can't make."""
    try:
        config = read_json(folder / "config.json")
        modules = [(str(each["type"]).rsplit(".", 1)[-1], each["path"]) for each in read_json(folder / "modules.json")]
        sentence = read_json(folder / "sentence_bert_config.json")
        pooling = read_json(folder / modules[1][1] / "config.json")
        fits = (
            [kind for kind, _ in modules] in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
            and not modules[0][1]
            and ARCHITECTURE.items() <= config.items()
            and config.get("position_embedding_type", "absolute") == "absolute"
            and {name for name, on in pooling.items() if name.startswith("pooling_mode_") and on} == MEAN
            and not sentence.get("do_lower_case")
            and not default_prompt(folder)
            and {kind for kind, *_ in tensors(folder / WEIGHTS).values()} <= KINDS.keys()
            and (folder / TOKENIZER).is_file()
        )
        if not fits:
            return None
        return Architecture(folder, int(config["num_hidden_layers"]), int(config["num_attention_heads"]),
                            int(config["hidden_size"]), float(config["layer_norm_eps"]), int(sentence["max_seq_length"]))  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


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
        kind, shape, first, last = self._tensors[name]
        return self._bytes[first:last].view(KINDS[kind]).reshape(shape)

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

    def model(self) -> ov.Model:
        """All layers, then the mean over the tokens, scaled to length 1."""
        ids = ops.parameter([-1, -1], np.int32, name="ids")
        mask = ops.parameter([-1, -1], np.float32, name="mask")
        distance = ops.multiply(ops.subtract(mask, number(1.0)), number(MASKED))
        bias = ops.unsqueeze(distance, integers(1, 2))
        x = self._embedded(ids)
        for layer in range(self._architecture.layers):
            x = self._layer(x, bias, f"encoder.layer.{layer}")
        weights = ops.unsqueeze(mask, integers(2))
        summed = ops.reduce_sum(ops.multiply(x, weights), integers(1))
        mean = ops.divide(summed, ops.reduce_sum(weights, integers(1)))
        unit = ops.normalize_l2(mean, integers(1), 1e-12, "max")
        return ov.Model([ops.result(unit)], [ids, mask], "sentence encoder")


def integers(*values: int) -> ov.Node:
    """A constant of whole numbers; of one, a vector of length 1."""
    return ops.constant(np.array(values, dtype=np.int64))


def number(value: float) -> ov.Node:
    """A constant."""
    return ops.constant(np.float32(value))
