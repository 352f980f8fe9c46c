"""Texts → vectors on OpenVINO: one graph for a question at once, one for many texts on all cores."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from citewell.encode.graph import TOKENIZER, Architecture, make_graph
from citewell.encode.protocol import Encoder, Vectors
from citewell.encode.quiet import ov

FEW = 16  # texts; so many are encoded one by one sooner than the graph for many is made
WORTH_A_GPU = 1_000  # texts; for fewer, loading torch takes longer than encoding
BATCH_TOKENS = 1_024  # of a batch, padding included: it fits the caches (benchmarks/JOURNAL.md)
SLAB = 2_048  # texts cut into tokens at a time; bounds the memory of a call
# Two threads encode a question in two thirds of the time of one; more cores serve more questions at a time.
QUICK = {"NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": 2, "ENABLE_CPU_PINNING": False}
MANY = {"PERFORMANCE_HINT": "THROUGHPUT", "ENABLE_CPU_PINNING": False}


class GraphEncoder:
    """A model folder of BERT's kind. May be used from many threads; equal calls give equal vectors.

    A text's vector depends on its company in the last digits only; up to FEW texts are encoded without any company.
    """

    def __init__(
        self, name: str, weights: str, architecture: Architecture, on_gpu: Callable[[], Encoder | None]
    ) -> None:
        """:param on_gpu: Gives the same model on a graphics processor, if there is one."""
        self.name, self.weights = name, weights
        self._on_gpu = on_gpu
        self.dimension = architecture.dimension
        self._architecture = architecture
        self._making = threading.Lock()  # held while a graph is made, never while one runs
        self._local = threading.local()

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """See `Encoder.encode`."""
        times = Counter(texts)
        distinct = list(times)
        if len(distinct) >= WORTH_A_GPU and (gpu := self._made("_gpu")):
            return cast(Encoder, gpu).encode(texts, progress)
        vectors = np.empty((len(distinct), self.dimension), dtype=np.float32)
        done = 0
        for rows, found in self._encoded(self._tokens(distinct)):
            vectors[rows] = found
            done += sum(times[distinct[row]] for row in rows)
            if progress:
                progress(done)
        row_of = {text: row for row, text in enumerate(distinct)}
        return vectors[[row_of[text] for text in texts]] if len(distinct) < len(texts) else vectors

    def _tokens(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        tokenizer: Tokenizer = self._made("_tokenizer")
        slabs = (texts[first : first + SLAB] for first in range(0, len(texts), SLAB))
        return [np.array(each.ids, dtype=np.int32) for slab in slabs for each in tokenizer.encode_batch_fast(slab)]

    def _encoded(self, tokens: Sequence[NDArray[np.int32]]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield the vectors of each batch with the numbers of its texts."""
        if len(tokens) > FEW:
            yield from self._encode_many(tokens)
            return
        for number in range(len(tokens)):
            yield [number], self._request().infer(padded(tokens, [number]))[0]

    def _encode_many(self, tokens: Sequence[NDArray[np.int32]]) -> Iterator[tuple[list[int], Vectors]]:
        """Keep all cores busy with one batch each, and the next one ready.

        The requests are the call's own: calls at the same time share the cores, and one that is broken off leaves
        nothing behind.
        """
        graph: ov.CompiledModel = self._made("_many")
        waiting: deque[tuple[Any, list[int]]] = deque()
        idle = [graph.create_infer_request() for _ in range(graph.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") + 1)]
        for batch in batched([len(each) for each in tokens]):
            if not idle:
                request, rows = waiting.popleft()
                request.wait()
                yield rows, request.get_output_tensor(0).data
                idle.append(request)
            idle[-1].start_async(padded(tokens, batch))
            waiting.append((idle.pop(), batch))
        for request, rows in waiting:
            request.wait()
            yield rows, request.get_output_tensor(0).data

    def _request(self) -> Any:
        """This thread's request to the graph for one text."""
        if not hasattr(self._local, "request"):
            self._local.request = self._made("_quick").create_infer_request()
        return self._local.request

    def _made(self, name: str) -> Any:
        """One of the parts below; threads that need it at the same time make it once."""
        if name not in vars(self):
            with self._making:
                return getattr(self, name)
        return vars(self)[name]

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
        return compiled(self._architecture, QUICK)

    @cached_property
    def _many(self) -> ov.CompiledModel:
        return compiled(self._architecture, MANY)


def compiled(architecture: Architecture, settings: dict[str, Any]) -> ov.CompiledModel:
    """The graph, ready to run in the quickest precision that is known to keep cosines above 0.999."""
    core = ov.Core()
    precision = {"INFERENCE_PRECISION_HINT": quickest(core)}
    return core.compile_model(make_graph(architecture), "CPU", settings | precision)


def quickest(core: ov.Core) -> str:
    """The precision that this processor is quickest in: bfloat16 where it computes in it, else float32."""
    return "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


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
