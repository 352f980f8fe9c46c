"""The rules that keep the house in shape: who may import whom, what has one home, and how long things may grow."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "citewell"
APP = ROOT / "app"

# Lowest first. Modules of one line are peers and don't import each other.
LAYERS = [
    {"types", "settings", "errors"},
    {"records"},
    {"readers", "segment", "encode", "lexicon", "repeats"},
    {"index"},
    {"search"},
    {"answer"},
    {"conversation"},
    {"present", "watch", "places", "fetch"},
    {"evaluate"},
    {"options", "terminal", "batch"},
    {"cli"},
]
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
ROOMS = {
    "readers",
    "encode",
    "lexicon",
    "index",
    "answer",
    "evaluate",
    "fetch",
}  # may be folders; within one, modules import each other acyclically
# What has one home, and where.
HOMES = {
    "faiss": "citewell.index",
    "tantivy": "citewell.index",
    "watchfiles": "citewell.watch",
    "sentence_transformers": "citewell.encode",
    "transformers": "citewell.encode",
    "torch": "citewell.encode",
    "openvino": "citewell.encode",
    "tokenizers": "citewell.encode",
    "rapidfuzz": "citewell.lexicon",
    "scipy": "citewell.evaluate",
    "httpx": "citewell.fetch",
    "gradio": "app",
    "gradio_client": "app",
}
FORBIDDEN = {"pickle", "shelve", "marshal"}  # reading them runs what they hold
LONGEST_MODULE = 300  # lines
LONGEST_FUNCTION = 60  # lines


def name_of(path: Path) -> str:
    """The dotted name of a module under src/ or under the root."""
    base = PACKAGE.parent if path.is_relative_to(PACKAGE) else ROOT
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS = sorted([*PACKAGE.rglob("*.py"), *APP.rglob("*.py")])
TREES = {name_of(path): ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in PATHS}
OURS = sorted(name for name in TREES if name.startswith("citewell."))


def room(module: str) -> str:
    """The layer's entry that a module of the package belongs to: "readers" for citewell.readers.web.html."""
    return module.split(".")[1]


def resolve(base: str, name: str) -> str:
    """What `from base import name` needs: the module base.name where there is one, else base."""
    return f"{base}.{name}" if f"{base}.{name}" in TREES else base


def imports(tree: ast.AST, *, from_modules: bool = True) -> Iterator[str]:
    """Every module that a module imports, wherever the import stands; relative ones with their dots.

    :param from_modules: Read `from citewell import search` as the module citewell.search; else as a name of the root.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (resolve(node.module, alias.name) if from_modules else node.module for alias in node.names)


def faults_of_layers(module: str, imported: Iterable[str]) -> list[str]:
    """What is wrong with a package module's imports, by the order of layers."""
    faults = []
    for target in imported:
        if target == "citewell":
            faults.append(f"{module} imports the package root")
        elif target.split(".")[0] == "app":
            faults.append(f"{module} imports the app")
        elif target.startswith("citewell.") and room(target) != room(module):
            if HEIGHT.get(room(target), len(LAYERS)) >= HEIGHT[room(module)]:
                faults.append(f"{module} imports {target}, which is not below it")
        elif target.startswith("citewell.") and room(module) not in ROOMS and target != module:
            faults.append(f"{module} imports its peer {target}")
    return faults


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.unit
def test_every_module_has_a_layer():
    assert {room(module) for module in OURS} <= set(HEIGHT)


@pytest.mark.unit
@pytest.mark.parametrize("module", OURS)
def test_modules_import_lower_layers_only(module):
    if module == "citewell.cli":  # the top: it starts the app, and knows nothing else of it
        assert faults_of_layers(module, imports(TREES[module])) in ([], ["citewell.cli imports the app"])
    else:
        assert faults_of_layers(module, imports(TREES[module])) == []


@pytest.mark.unit
def test_a_wrong_import_is_found():
    tree = ast.parse("from citewell import search\nimport citewell\nfrom citewell.search import Hit\nimport app.chat")
    assert faults_of_layers("citewell.index.local", imports(tree)) == [
        "citewell.index.local imports citewell.search, which is not below it",
        "citewell.index.local imports the package root",
        "citewell.index.local imports citewell.search, which is not below it",
        "citewell.index.local imports the app",
    ]
    assert faults_of_layers("citewell.segment", ["citewell.lexicon"]) == [
        "citewell.segment imports citewell.lexicon, which is not below it"
    ]
    assert faults_of_layers("citewell.search", ["citewell.index", "citewell.types", "re"]) == []


@pytest.mark.unit
def test_the_app_imports_the_public_root_and_the_nouns_only():
    allowed = {"citewell", "citewell.types"}
    found = {
        f"{module} imports {target}"
        for module, tree in TREES.items()
        if module.split(".")[0] == "app"
        for target in imports(tree, from_modules=False)
        if target.split(".")[0] == "citewell" and target not in allowed
    }
    assert found == set()


@pytest.mark.unit
def test_all_imports_are_absolute():
    assert [f"{module}: {target}" for module in TREES for target in imports(TREES[module]) if target[0] == "."] == []


@pytest.mark.unit
def test_no_import_goes_round_in_a_circle():
    graph = {module: set(imports(tree)) & set(TREES) - {module} for module, tree in TREES.items()}
    circle = None
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle is None


@pytest.mark.unit
def test_each_library_has_one_home():
    found = {
        f"{module} imports {target}"
        for module, tree in TREES.items()
        for target in imports(tree)
        if (home := HOMES.get(target.split(".")[0])) and module != home and not module.startswith(home + ".")
    }
    assert found == set()


@pytest.mark.unit
def test_nothing_is_read_from_pickles():
    assert [f"{module}: {t}" for module, tree in TREES.items() for t in imports(tree) if t in FORBIDDEN] == []


@pytest.mark.unit
def test_only_the_command_line_prints():
    found = {
        module
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert found <= {"citewell.cli"}


@pytest.mark.unit
def test_no_except_swallows_everything():
    found = [
        f"{module}:{node.lineno}"
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert found == []


@pytest.mark.unit
def test_modules_stay_short():
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in PATHS}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE} == {}


@pytest.mark.unit
def test_functions_stay_short():
    found = {
        f"{module}.{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module, tree in TREES.items()
        for function in functions(tree)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    }
    assert found == {}


@pytest.mark.unit
def test_importing_the_command_line_loads_nothing_heavy():
    heavy = ["torch", "sentence_transformers", "faiss", "tantivy", "gradio", "numpy"]
    code = f"import sys, citewell.cli; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, check=True)
    assert ran.stdout == "[]\n"
