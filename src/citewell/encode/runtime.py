"""Texts → vectors on OpenVINO: one graph for a question at once, one for many texts on all cores."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from tokenizers import Tokenizer

from citewell.encode.graph import TOKENIZER, Architecture, make_graph
from citewell.encode.protocol import Encoder, Vectors

FEW = 4  # texts; up to so many are encoded at once, without the graph for many
WORTH_A_GPU = 1_000  # texts; for fewer, loading torch takes longer than encoding
BATCH_TOKENS = 1_024  # of a batch, padding included: it fits the caches (benchmarks/JOURNAL.md)
QUICK = {"PERFORMANCE_HINT": "LATENCY", "ENABLE_CPU_PINNING": False}
MANY = {"PERFORMANCE_HINT": "THROUGHPUT", "ENABLE_CPU_PINNING": False}


class GraphEncoder:
    """A model folder of BERT's kind. May be used from many threads; equal calls give equal vectors.

    A text's vector depends on its company in the last digits only: batches are of texts of about one length.
    """

    def __init__(
        self, name: str, weights: str, architecture: Architecture, on_gpu: Callable[[], Encoder | None]
    ) -> None:
        """:param on_gpu: Gives the same model on a graphics processor, if there is one."""
        self.name, self.weights = name, weights
        self._on_gpu = on_gpu
        self.dimension = architecture.dimension
        self._architecture = architecture
        self._lock = threading.Lock()
        self._local = threading.local()

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """See `Encoder.encode`."""
        distinct = list(dict.fromkeys(texts))
        if len(distinct) >= WORTH_A_GPU and self._gpu:
            return self._gpu.encode(texts, progress)
        tokens = [np.array(each.ids, dtype=np.int32) for each in self._tokenizer.encode_batch(distinct)]
        vectors = np.empty((len(distinct), self.dimension), dtype=np.float32)
        batches = list(batched([len(each) for each in tokens]))
        if len(distinct) <= FEW:
            for batch in batches:
                vectors[batch] = self._request().infer(padded(tokens, batch))[0]
        else:
            with self._lock:
                self._encode_many(tokens, batches, vectors, progress)
        rows = {text: row for row, text in enumerate(distinct)}
        if progress and texts:
            progress(len(texts))
        return vectors[[rows[text] for text in texts]] if len(distinct) < len(texts) else vectors

    def _encode_many(
        self,
        tokens: Sequence[NDArray[np.int32]],
        batches: Sequence[list[int]],
        vectors: Vectors,
        progress: Callable[[int], None] | None,
    ) -> None:
        """Keep all cores busy with one batch each, and the next ones ready."""
        running: list[tuple[Any, list[int]] | None] = [None] * len(self._requests)
        done = 0
        for number in range(len(batches) + len(running)):
            slot = number % len(running)
            if before := running[slot]:
                before[0].wait()
                vectors[before[1]] = before[0].get_output_tensor(0).data
                done += len(before[1])
                if progress:
                    progress(done)
            running[slot] = None
            if number < len(batches):
                request = self._requests[slot]
                request.start_async(padded(tokens, batches[number]))
                running[slot] = (request, batches[number])

    @cached_property
    def _gpu(self) -> Encoder | None:
        return self._on_gpu()

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._architecture.folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._architecture.tokens)
        return tokenizer

    @cached_property
    def _quick(self) -> ov.CompiledModel:
        return ov.Core().compile_model(make_graph(self._architecture), "CPU", QUICK)

    def _request(self) -> Any:
        """This thread's request to the graph for one text."""
        if not hasattr(self._local, "request"):
            with self._lock:
                quick = self._quick
            self._local.request = quick.create_infer_request()
        return self._local.request

    @cached_property
    def _requests(self) -> list[Any]:
        """Requests to the graph for many texts: one more than run at the same time."""
        many = ov.Core().compile_model(make_graph(self._architecture), "CPU", MANY)
        return [many.create_infer_request() for _ in range(many.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") + 1)]


def batched(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of the texts of each batch, the longest first; a batch is padded to its first text."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: -lengths[number]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def padded(tokens: Sequence[NDArray[np.int32]], batch: Sequence[int]) -> list[NDArray[Any]]:
    """The ids of a batch and their mask, as the graph takes them."""
    width = max(len(tokens[number]) for number in batch)
    ids = np.zeros((len(batch), width), dtype=np.int32)
    mask = np.zeros((len(batch), width), dtype=np.float32)
    for row, number in enumerate(batch):
        ids[row, : len(tokens[number])] = tokens[number]
        mask[row, : len(tokens[number])] = 1
    return [ids, mask]
