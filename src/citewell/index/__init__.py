"""The index: store, dense vectors and lexical index, as one generation."""

from citewell.index.builder import build
from citewell.index.intake import Report
from citewell.index.local import FileReport, Index, Problem, Status, open_index
from citewell.index.rows import PassageRow, Scope, UnitRow
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
