"""Hits → answer: choose, merge, disagree, or say that the documents are silent."""

from citewell.answer.choose import answer

__all__ = ["answer"]
