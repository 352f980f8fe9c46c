"""LangChain's ensemble of BM25 and FAISS; its BM25 splits at white space alone, as it does by default."""

from __future__ import annotations

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

from benchmarks.peers.protocol import DEPTH, Task, measure


def load(task: Task) -> HuggingFaceEmbeddings:
    """The model."""
    return HuggingFaceEmbeddings(model_name=str(task.model))


def index(task: Task, embeddings: HuggingFaceEmbeddings) -> EnsembleRetriever:
    """Make both retrievers; that of BM25 can't be saved."""
    documents = [Document(page_content=each.passage, metadata={"source": each.id}) for each in task.documents]
    store = FAISS.from_documents(documents, embeddings)
    store.save_local(str(task.folder))
    words = BM25Retriever.from_documents(documents, k=DEPTH)
    dense = store.as_retriever(search_kwargs={"k": DEPTH})
    return EnsembleRetriever(retrievers=[words, dense], weights=[0.5, 0.5])


def rank(retriever: EnsembleRetriever, question: str) -> list[str]:
    """The best documents."""
    return [document.metadata["source"] for document in retriever.invoke(question)][:DEPTH]


if __name__ == "__main__":
    measure(load, index, rank, ["langchain-classic", "langchain-community", "langchain-huggingface"])
