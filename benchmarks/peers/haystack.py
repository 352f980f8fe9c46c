"""Haystack's hybrid pipeline of its tutorial: BM25 and embedding retrievers in memory, joined by reciprocal rank fusion."""

from __future__ import annotations

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.peers.protocol import DEPTH, Task, measure

Embedders = tuple[SentenceTransformersDocumentEmbedder, SentenceTransformersTextEmbedder]


def load(task: Task) -> Embedders:
    """The two embedders with their models."""
    embedder = SentenceTransformersDocumentEmbedder(model=str(task.model), progress_bar=False)
    asker = SentenceTransformersTextEmbedder(model=str(task.model), progress_bar=False)
    embedder.warm_up()
    asker.warm_up()
    return embedder, asker


def index(task: Task, embedders: Embedders) -> Pipeline:
    """Embed the documents into a store in memory and connect the pipeline that is asked."""
    embedder, asker = embedders
    store = InMemoryDocumentStore()
    documents = [Document(content=each.passage, meta={"source": each.id}) for each in task.documents]
    store.write_documents(embedder.run(documents)["documents"])
    pipeline = Pipeline()
    pipeline.add_component("asker", asker)
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=DEPTH))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH))
    pipeline.connect("asker.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("words", "joiner")
    return pipeline


def rank(pipeline: Pipeline, question: str) -> list[str]:
    """The best documents."""
    found = pipeline.run({"asker": {"text": question}, "words": {"query": question}})
    return [document.meta["source"] for document in found["joiner"]["documents"]]


if __name__ == "__main__":
    measure(load, index, rank, ["haystack-ai", "sentence-transformers-haystack", "sentence-transformers"])
