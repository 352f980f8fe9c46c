"""Citewell's whole way to an answer in quotations, over the index that `citewell` built before."""

from __future__ import annotations

from benchmarks.peers.protocol import Task, measure
from citewell import Index, ask, open_index


def load(_: Task) -> None:
    """Nothing: the index opens the model when it is first asked."""


def index(task: Task, _: None) -> Index:
    """Open the index."""
    return open_index(task.folder)


def rank(found: Index, question: str) -> list[str]:
    """The documents quoted, in the order of the quotations."""
    return [excerpt.document_id for excerpt in ask(found, question).excerpts]


if __name__ == "__main__":
    measure(load, index, rank, ["citewell"])
