"""Citewell's search: the ranked documents of a question."""

from __future__ import annotations

from benchmarks.peers.protocol import DEPTH, Task, measure
from citewell import Index, build_index, open_index
from citewell.search import rank_documents


def load(_: Task) -> None:
    """Nothing: the build opens the model itself, so that its loading counts as indexing."""


def index(task: Task, _: None) -> Index:
    """Build an index of the corpus file."""
    build_index([task.corpus], index=task.folder)
    return open_index(task.folder)


def rank(found: Index, question: str) -> list[str]:
    """The best documents."""
    return [document for document, _ in rank_documents(found, question, depth=DEPTH)]


if __name__ == "__main__":
    measure(load, index, rank, ["citewell"])
