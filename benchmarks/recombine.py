"""Corpora of any size from real abstracts: each document is the beginning of one and the end of another.

Lengths, vocabulary and sentences are real, and neighbours stay together. The vector of a sentence is its real one; that
of a passage is the direction of their mean, so that a million passages need no days of encoding.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from citewell.encode import Encoder, Vectors
from citewell.index import Index
from citewell.types import fold

SEED = 20261122


class Pool:
    """The sentences of an index with their vectors, abstract by abstract."""

    def __init__(self, index: Index) -> None:
        self.titles: list[str] = []
        self.abstracts: list[list[str]] = []
        self.vectors: dict[str, Vectors] = {}
        assert index.vectors is not None
        first = 0
        for identifier, metadata in index.documents():
            document, units = index.document(identifier), index.units(identifier)
            rows, scales = index.vectors.unit_vectors(first, first + len(units))
            texts = [fold(document.text[unit.start : unit.end]) for unit in units]
            self.vectors |= dict(zip(texts, rows.astype(np.float32) * scales[:, None], strict=True))
            self.titles.append(metadata.title)
            self.abstracts.append(texts)
            first += len(units)

    def write(self, path: Path, documents: int) -> None:
        """Write a corpus of so many documents, the same for the same number."""
        chance = random.Random(SEED)
        with path.open("w", encoding="utf-8") as stream:
            for number in range(documents):
                one, other = chance.randrange(len(self.abstracts)), chance.randrange(len(self.abstracts))
                opening, closing = self.abstracts[one], self.abstracts[other]
                text = " ".join([*opening[: (len(opening) + 1) // 2], *closing[(len(closing) + 1) // 2 :]])
                row = {"_id": f"r{number}", "title": f"{self.titles[one]} ({number})", "text": text}
                stream.write(json.dumps(row) + "\n")


class PoolEncoder:
    """The vectors of recombined documents without encoding them; questions are really encoded."""

    def __init__(self, pool: Pool, real: Encoder) -> None:
        self._pool, self._real = pool, real
        self.name, self.weights, self.dimension = real.name, real.weights, real.dimension
        self._some = list(pool.vectors.values())
        self.unknown = 0  # units that are no sentence of the pool
        self.known = 0

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """See `citewell.encode.Encoder`; a single text is a question."""
        if len(texts) == 1:
            return self._real.encode(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        sentences: defaultdict[str, list[tuple[str, Vectors]]] = defaultdict(list)
        passages: list[tuple[int, str, str]] = []
        for row, text in enumerate(texts):
            title, newline, body = text.partition("\n")
            if newline:
                passages.append((row, title, body))
                continue
            title, _, sentence = text.partition("): ")
            found = self._pool.vectors.get(sentence)
            self.known, self.unknown = self.known + (found is not None), self.unknown + (found is None)
            vectors[row] = found if found is not None else self._fallback(sentence)
            sentences[f"{title})"].append((sentence, vectors[row]))
        for row, title, body in passages:
            inside = [vector for sentence, vector in sentences[title] if sentence in body]
            vectors[row] = np.sum(inside, axis=0) if inside else self._fallback(body)
        if progress and texts:
            progress(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def _fallback(self, text: str) -> Vectors:
        """The vector of a sentence of the pool, chosen by the text's length."""
        return self._some[len(text) % len(self._some)]
