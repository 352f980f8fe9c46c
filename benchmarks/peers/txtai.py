"""txtai's hybrid index as its documentation makes it: dense vectors and BM25, scores normalised and summed."""

from __future__ import annotations

from txtai import Embeddings

from benchmarks.peers.protocol import DEPTH, Task, measure


def load(task: Task) -> Embeddings:
    """An empty hybrid index with its model."""
    return Embeddings(path=str(task.model), hybrid=True)


def index(task: Task, embeddings: Embeddings) -> Embeddings:
    """Index the documents and save the index."""
    embeddings.index((document.id, document.passage, None) for document in task.documents)
    embeddings.save(str(task.folder))
    return embeddings


def rank(embeddings: Embeddings, question: str) -> list[str]:
    """The best documents."""
    return [identifier for identifier, _ in embeddings.search(question, DEPTH)]


if __name__ == "__main__":
    measure(load, index, rank, ["txtai"])
