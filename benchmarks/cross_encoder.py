"""Train the cross-encoder: python -m benchmarks.cross_encoder [--minutes 46 38] [--out FILE.onnx].

Starts from the default encoder's weights (all-MiniLM-L6-v2, Apache 2.0), word vectors and the first layer kept as they are, and
learns from benchmarks.cross_pairs by binary cross-entropy, one pass over a sample for each of `--minutes`, the rate of learning
falling with the clock. Data: SQuAD 2.0 (CC BY-SA 4.0), BioASQ (public domain, CC BY 2.5), MedQuAD (CC BY 4.0), drug labels (public
domain); sets without a licence are not used. Seeds 7 and 8. A run on another machine sees other batches by the time it ends, so it
gives other weights of like quality, not the same ones. Writes ONNX with weights of one byte; needs the package onnx.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from transformers import BertModel

from benchmarks.cross_pairs import Pair, all_pairs
from benchmarks.datasets import RUNS, SHARED
from citewell.encode import packaged_model
from citewell.encode.cross import FILE, MOST_TOKENS

BATCH = 32  # pairs
SLAB = 40  # batches whose pairs are sorted by length together
RATES = (1e-4, 6e-5)  # of learning, a pass
HEAD_RATE = 5e-4
WARM = 150  # steps
CLOZE_WEIGHT = 0.5
SHARES = (  # times that a pair of each source is in a pass
    {"squad": 3, "squad-altered": 3, "bioasq": 3, "bioasq-altered": 2, "labels": 1, "medquad": 0.55, "medquad-altered": 0.4,
     "cloze": 0.7, "cloze-altered": 0.7},
    {"squad": 3, "squad-altered": 3, "bioasq": 3, "bioasq-altered": 2, "labels": 1, "medquad": 0.45, "medquad-altered": 0.35,
     "cloze": 0.45, "cloze-altered": 0.45},
)  # fmt: skip
QUANTISED = 20_000  # numbers of a matrix from which on it is stored in one byte each
Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class Model(torch.nn.Module):
    """BERT over question and text; their mean tokens, compared, and the first token give the log-odds."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            str(packaged_model()), add_pooling_layer=False, attn_implementation="eager"
        )
        for part in (self.bert.embeddings, self.bert.encoder.layer[0]):
            part.requires_grad_(False)
        self.bert.embeddings.token_type_embeddings.requires_grad_(True)
        for part in self.bert.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.05
        self.inner = torch.nn.Linear(3 * self.bert.config.hidden_size, 128)
        self.out = torch.nn.Linear(128, 1)
        torch.nn.init.constant_(self.out.bias, -1.0)

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Log-odds of each pair; all of shape (pairs, tokens) → (pairs,)."""
        x = self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        real, second = mask.unsqueeze(-1).float(), types.unsqueeze(-1).float()
        question = (x * real * (1 - second)).sum(1) / (real * (1 - second)).sum(1)
        text = (x * real * second).sum(1) / (real * second).sum(1).clamp(min=1)
        joined = torch.cat([question * text * 10, (question - text).abs(), x[:, 0]], 1)
        return self.out(torch.tanh(self.inner(joined))).squeeze(-1)


def tokenizer() -> Tokenizer:
    """As the product cuts pairs."""
    found = Tokenizer.from_file(str(packaged_model() / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(MOST_TOKENS, strategy="only_second")
    return found


def as_batch(pairs: Sequence[Encoding]) -> Batch:
    """Token ids, segments and mask, padded to the longest pair."""
    rows = torch.zeros(3, len(pairs), max(map(len, pairs)), dtype=torch.long)
    for number, pair in enumerate(pairs):
        for kind, values in enumerate((pair.ids, pair.type_ids, pair.attention_mask)):
            rows[kind, number, : len(pair)] = torch.tensor(values)
    return rows[0], rows[1], rows[2]


def sample(pairs: Sequence[Pair], shares: dict[str, float], chance: random.Random) -> list[Pair]:
    """The pairs of a pass, in a chance order."""
    found = []
    for pair in pairs:
        share = shares[pair.source]
        found += [pair] * int(share) if share >= 1 else [pair] * (chance.random() < share)
    chance.shuffle(found)
    return found


def batches(lengths: Sequence[int], chance: random.Random) -> Iterator[list[int]]:
    """Yield the numbers of the pairs of each batch, alike in length, for ever."""
    while True:
        order = chance.sample(range(len(lengths)), len(lengths))
        for first in range(0, len(order), BATCH * SLAB):
            slab = sorted(order[first : first + BATCH * SLAB], key=lengths.__getitem__)
            found = [slab[at : at + BATCH] for at in range(0, len(slab), BATCH)]
            yield from chance.sample(found, len(found))


def train(model: Model, pairs: Sequence[Pair], minutes: float, rate: float, seed: int) -> None:
    """One pass, until the time is over."""
    torch.manual_seed(seed)
    encoded = tokenizer().encode_batch([(pair.question, pair.unit) for pair in pairs])
    right = torch.tensor([float(pair.right) for pair in pairs])
    weights = torch.tensor([CLOZE_WEIGHT if pair.source.startswith("cloze") else 1.0 for pair in pairs])
    head = [*model.inner.parameters(), *model.out.parameters()]
    known = {id(part) for part in head}
    body = [part for part in model.parameters() if part.requires_grad and id(part) not in known]
    optimizer = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": head, "lr": HEAD_RATE}], weight_decay=0.01)
    start, total = time.monotonic(), 0.0
    for step, batch in enumerate(batches([len(pair) for pair in encoded], random.Random(seed)), start=1):
        gone = (time.monotonic() - start) / (60 * minutes)
        if gone >= 1:
            return
        for group, full in zip(optimizer.param_groups, (rate, HEAD_RATE), strict=True):
            group["lr"] = full * min(1, step / WARM) * max(0.03, 1 - gone)
        model.train()
        found = model(*as_batch([encoded[number] for number in batch]))
        each = torch.nn.functional.binary_cross_entropy_with_logits(found, right[batch], reduction="none")
        loss = (each * weights[batch]).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*body, *head], 1.0)
        optimizer.step()
        total += float(loss)
        if step % 100 == 0:
            print(f"step {step}, loss {total / 100:.4f}, {gone:.0%}", file=sys.stderr, flush=True)
            total = 0.0


def export(model: Model, path: Path) -> None:
    """Write the model as ONNX, each large matrix as bytes with one scale a row or column."""
    import onnx

    model.eval()
    names = ["ids", "types", "mask"]
    axes = {name: {0: "pairs", 1: "tokens"} for name in names} | {"score": {0: "pairs"}}
    example = as_batch(tokenizer().encode_batch([("What is it?", "It is a bird."), ("Who, then?", "A dog: it barks.")]))
    with TemporaryDirectory() as folder, torch.no_grad():
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(model, example, str(whole), input_names=names, output_names=["score"], dynamic_axes=axes,
                          opset_version=17, dynamo=False)  # fmt: skip
        graph = onnx.load(whole)
    quantise(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)


def quantise(graph: Any) -> None:
    """Put bytes and scales in the place of each large matrix."""
    import onnx

    users: dict[str, str] = {name: node.op_type for node in graph.graph.node for name in node.input}
    for tensor in list(graph.graph.initializer):
        values = onnx.numpy_helper.to_array(tensor)
        if values.ndim != 2 or values.size < QUANTISED:
            continue
        axis = 1 if users[tensor.name] == "MatMul" else 0
        scales = np.abs(values).max(axis=1 - axis, keepdims=True) / 127
        scales[scales == 0] = 1
        codes = np.clip(np.round(values / scales), -127, 127).astype(np.int8)
        parts = (codes, scales.reshape(-1).astype(np.float32), np.zeros(scales.size, dtype=np.int8))
        names = [f"{tensor.name}_{part}" for part in ("codes", "scales", "zero")]
        graph.graph.initializer.remove(tensor)
        graph.graph.initializer.extend(map(onnx.numpy_helper.from_array, parts, names))
        graph.graph.node.insert(0, onnx.helper.make_node("DequantizeLinear", names, [tensor.name], axis=axis))


def main() -> int:
    """Train and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", nargs="+", type=float, default=[46.0, 38.0])
    options.add_argument("--out", type=Path, default=RUNS / FILE)
    given = options.parse_args()
    if not SHARED.is_dir():
        print("skipped: no ../shared", file=sys.stderr)
        return 0
    pairs = all_pairs()
    torch.manual_seed(7)
    model = Model()
    for turn, minutes in enumerate(given.minutes):
        chosen = sample(pairs, SHARES[turn % 2], random.Random(3 + turn))
        train(model, chosen, minutes, RATES[turn % 2], 7 + turn)
    export(model, given.out)
    print(f"wrote {given.out}: {given.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
