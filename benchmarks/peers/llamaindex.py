"""LlamaIndex's fusion retriever over its vector index and its BM25, without the queries that a language model would add."""

from __future__ import annotations

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from benchmarks.peers.protocol import DEPTH, Task, measure


def load(task: Task) -> HuggingFaceEmbedding:
    """The model."""
    return HuggingFaceEmbedding(model_name=str(task.model))


def index(task: Task, model: HuggingFaceEmbedding) -> QueryFusionRetriever:
    """Cut and embed the documents, save them, and fuse both retrievers."""
    documents = [Document(text=each.passage, doc_id=each.id) for each in task.documents]
    vectors = VectorStoreIndex.from_documents(documents, embed_model=model)
    vectors.storage_context.persist(str(task.folder / "vectors"))
    words = BM25Retriever.from_defaults(docstore=vectors.docstore, similarity_top_k=DEPTH)
    words.persist(str(task.folder / "words"))
    return QueryFusionRetriever(
        [vectors.as_retriever(similarity_top_k=DEPTH), words],
        llm=MockLLM(),
        num_queries=1,
        mode="reciprocal_rerank",
        similarity_top_k=DEPTH,
    )


def rank(retriever: QueryFusionRetriever, question: str) -> list[str]:
    """The documents of the best nodes."""
    return list(dict.fromkeys(found.node.ref_doc_id for found in retriever.retrieve(question)))


if __name__ == "__main__":
    measure(load, index, rank, ["llama-index-core", "llama-index-retrievers-bm25", "sentence-transformers"])
