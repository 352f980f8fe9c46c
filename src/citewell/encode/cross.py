"""A cross-encoder: whether a text answers a question, the two read together (Nogueira & Cho, arXiv 1901.04085, 2019).

Its weights come with Citewell: those of the default encoder, tuned by benchmarks/cross_encoder.py, in one byte each.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Encoding, Tokenizer

from citewell.encode.graph import TOKENIZER
from citewell.encode.quiet import ov
from citewell.encode.runtime import QUICK
from citewell.errors import EncoderMissing

FILE = "cross_encoder.onnx"
SHA256 = "7a7e04fddc9112f1da02165eb59de6148b75e12860ec60725dbb13cac3989563"
MOST_TOKENS = 112  # of a pair; the end of a longer text is not read, in training neither


class ShippedCrossEncoder:
    """The one that comes with Citewell. May be used from many threads; equal calls give equal numbers."""

    def __init__(self, folder: Path) -> None:
        """:param folder: Of the default encoder, whose word pieces it reads."""
        self._folder = folder
        self._making = threading.Lock()
        self._local = threading.local()

    def lengths(self, question: str, texts: Sequence[str]) -> list[int]:
        """See `CrossEncoder.lengths`."""
        return [len(pair) for pair in self._pairs(question, texts)]

    def log_odds(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `CrossEncoder.log_odds`; the pairs are read one by one, so that none depends on its company."""
        return [self._read(pair) for pair in self._pairs(question, texts)]

    def _pairs(self, question: str, texts: Sequence[str]) -> list[Encoding]:
        with self._making:
            tokenizer = self._tokenizer
        return list(tokenizer.encode_batch([(question, text) for text in texts]))

    def _read(self, pair: Encoding) -> float:
        rows = [np.array([row], dtype=np.int64) for row in (pair.ids, pair.type_ids, pair.attention_mask)]
        return float(self._request().infer(rows)[0][0])

    def _request(self) -> Any:
        """This thread's request to the graph."""
        if not hasattr(self._local, "request"):
            with self._making:
                self._local.request = self._graph.create_infer_request()
        return self._local.request

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MOST_TOKENS, strategy="only_second")
        return tokenizer

    @cached_property
    def _graph(self) -> ov.CompiledModel:
        data = resources.files("citewell").joinpath("data", FILE).read_bytes()
        if (found := hashlib.sha256(data).hexdigest()) != SHA256:
            raise EncoderMissing(
                f"expected {FILE} with SHA-256 {SHA256[:16]}…, found {found[:16]}…. Install Citewell again."
            )
        core = ov.Core()
        exact = {"INFERENCE_PRECISION_HINT": "f32"}  # its log-odds decide, so they are the same on every processor
        return core.compile_model(core.read_model(data), "CPU", QUICK | exact)
