"""Citewell: questions answered in quotations from your own documents, each with its citation."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from citewell.answer.suggest import example_questions
    from citewell.conversation import ask
    from citewell.errors import CitewellError
    from citewell.evaluate.feedback import Feedback, candidates_file
    from citewell.evaluate.feedback import record as record_feedback
    from citewell.index import Index, open_index
    from citewell.index import build as build_index
    from citewell.present import answer_as_dict
    from citewell.types import Answer

__version__ = version("citewell")
__all__ = [
    "Answer",
    "CitewellError",
    "Feedback",
    "Index",
    "answer_as_dict",
    "ask",
    "build_index",
    "candidates_file",
    "example_questions",
    "open_index",
    "record_feedback",
]

# Where each name lives: loaded when first used, so that `import citewell` costs nothing.
HOMES = {
    "Answer": ("citewell.types", "Answer"),
    "CitewellError": ("citewell.errors", "CitewellError"),
    "Feedback": ("citewell.evaluate.feedback", "Feedback"),
    "Index": ("citewell.index", "Index"),
    "answer_as_dict": ("citewell.present", "answer_as_dict"),
    "ask": ("citewell.conversation", "ask"),
    "build_index": ("citewell.index", "build"),
    "candidates_file": ("citewell.evaluate.feedback", "candidates_file"),
    "example_questions": ("citewell.answer.suggest", "example_questions"),
    "open_index": ("citewell.index", "open_index"),
    "record_feedback": ("citewell.evaluate.feedback", "record"),
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'citewell' has no attribute {name!r}")
    module, attribute = HOMES[name]
    return getattr(import_module(module), attribute)
