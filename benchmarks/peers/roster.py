"""The systems that are measured, in the order of the table, and what a user writes to use each."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OURS = "citewell"  # whose figures the ratios are to


@dataclass(frozen=True, slots=True)
class System:
    """One row of the table; `name` is its module here.

    :param own: Whether it runs in the project's environment rather than in one made for it.
    :param ranks: Whether its rankings are judged.
    :param follows: The system whose index it opens instead of indexing.
    :param keeps: What it persists, where that is not everything.
    """

    name: str
    title: str
    own: bool = False
    ranks: bool = True
    follows: str | None = None
    keeps: str = ""

    @property
    def answers(self) -> bool:
        """Whether it gives anything for a question; one that does not is measured in speed alone."""
        return self.ranks or self.follows is not None

    @property
    def requirements(self) -> Path:
        """The pinned packages of its environment."""
        return HERE / "requirements" / f"{self.name}.txt"

    @property
    def script(self) -> Path:
        """The file that is run."""
        return HERE / f"{self.name}.py"


SYSTEMS = (
    System("floor", "Floor: Citewell's encoding alone", own=True, ranks=False),
    System(OURS, "Citewell, search", own=True),
    System("citewell_ask", "Citewell, whole answer", own=True, ranks=False, follows=OURS),
    System("txtai", "txtai, hybrid", keeps="without the texts"),
    System("haystack", "Haystack, BM25 + embedding + joiner", keeps="nothing: in memory"),
    System("langchain", "LangChain, FAISS + BM25 ensemble", keeps="all but BM25, which is in memory"),
    System("llamaindex", "LlamaIndex, fusion retriever"),
    System("lancedb", "LanceDB, hybrid"),
    System("milvus", "Milvus Lite, hybrid"),
)


def statements(script: Path) -> int:
    """Statements that a user of the system writes: imports and the bodies of functions.

    Not counted is what only the measurement needs: its own import, the functions' heads, docstrings, and a `return` that
    hands on names alone.
    """
    tree = ast.parse(script.read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom) and not is_ours(node)]
    bodies = [node for part in tree.body if isinstance(part, ast.FunctionDef) for node in ast.walk(part)]
    written = [node for node in bodies if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef)]
    return len(imports) + sum(not is_scaffold(node) for node in written)


def is_ours(node: ast.stmt) -> bool:
    """Whether an import is the measurement's."""
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("benchmarks", "__future__"))


def is_scaffold(node: ast.stmt) -> bool:
    """Whether a statement is a docstring or returns names alone."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Return):
        return False
    returned = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    return all(isinstance(each, ast.Name) for each in returned)
