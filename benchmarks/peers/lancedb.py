"""LanceDB's hybrid search: an embedding function in the table's schema, a full-text index, reciprocal rank fusion."""

from __future__ import annotations

import lancedb
from lancedb.embeddings import EmbeddingFunction, get_registry
from lancedb.index import FTS
from lancedb.pydantic import LanceModel, Vector
from lancedb.table import Table

from benchmarks.peers.protocol import DEPTH, Task, measure


def load(task: Task) -> EmbeddingFunction:
    """The embedding function with its model."""
    model = get_registry().get("sentence-transformers").create(name=str(task.model))
    model.ndims()
    return model


def index(task: Task, model: EmbeddingFunction) -> Table:
    """Add the documents, which embeds them, and index their words."""

    class Passage(LanceModel):
        id: str
        text: str = model.SourceField()
        vector: Vector(model.ndims()) = model.VectorField()

    table = lancedb.connect(task.folder).create_table("passages", schema=Passage)
    table.add([{"id": document.id, "text": document.passage} for document in task.documents])
    table.create_index("text", config=FTS())
    return table


def rank(table: Table, question: str) -> list[str]:
    """The best documents; reciprocal rank fusion is the default."""
    return [row["id"] for row in table.search(question, query_type="hybrid").limit(DEPTH).to_list()]


if __name__ == "__main__":
    measure(load, index, rank, ["lancedb", "sentence-transformers"])
