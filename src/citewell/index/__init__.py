"""The index: store, dense vectors and lexical index, as one generation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from citewell.index.local import FileReport, Index, Problem, Status, open_index
from citewell.index.rows import PassageRow, Scope, UnitRow

if TYPE_CHECKING:
    from citewell.index.builder import build
    from citewell.index.intake import Report
    from citewell.index.sources import sources_of

__all__ = [
    "FileReport",
    "Index",
    "PassageRow",
    "Problem",
    "Report",
    "Scope",
    "Status",
    "UnitRow",
    "build",
    "open_index",
    "sources_of",
]

# What writes an index needs every reader: loaded when first used, so that asking starts at once.
WRITERS = {"Report": "intake", "build": "builder", "sources_of": "sources"}


def __getattr__(name: str) -> Any:
    if name not in WRITERS:
        raise AttributeError(f"module 'citewell.index' has no attribute {name!r}")
    return getattr(import_module(f"citewell.index.{WRITERS[name]}"), name)
