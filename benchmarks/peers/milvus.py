"""Milvus Lite's hybrid search: a BM25 function on the text, dense vectors, reciprocal rank fusion."""

from __future__ import annotations

from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker
from sentence_transformers import SentenceTransformer

from benchmarks.peers.protocol import DEPTH, Task, measure

Engine = tuple[MilvusClient, SentenceTransformer]


def load(task: Task) -> SentenceTransformer:
    """The model."""
    return SentenceTransformer(str(task.model))


def index(task: Task, model: SentenceTransformer) -> Engine:
    """Make a collection with both indexes and insert the documents."""
    client = MilvusClient(str(task.folder / "peer.db"))
    schema = client.create_schema()
    schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=100)
    schema.add_field("text", DataType.VARCHAR, max_length=65535, enable_analyzer=True)
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=model.get_embedding_dimension())
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(
        Function("bm25", FunctionType.BM25, input_field_names=["text"], output_field_names=["sparse"]),
    )
    indexes = client.prepare_index_params()
    indexes.add_index("dense", index_type="AUTOINDEX", metric_type="COSINE")
    indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    client.create_collection("passages", schema=schema, index_params=indexes)
    passages = [document.passage for document in task.documents]
    vectors = model.encode(passages)
    rows = [
        {"id": document.id, "text": passage, "dense": vector}
        for document, passage, vector in zip(task.documents, passages, vectors, strict=True)
    ]
    client.insert("passages", rows)
    client.flush("passages")
    return client, model


def rank(engine: Engine, question: str) -> list[str]:
    """The best documents."""
    client, model = engine
    dense = AnnSearchRequest([model.encode(question)], "dense", {}, limit=DEPTH)
    words = AnnSearchRequest([question], "sparse", {}, limit=DEPTH)
    hits = client.hybrid_search("passages", [dense, words], ranker=RRFRanker(), limit=DEPTH)
    return [hit["id"] for hit in hits[0]]


if __name__ == "__main__":
    measure(load, index, rank, ["milvus-lite", "pymilvus", "sentence-transformers"])
