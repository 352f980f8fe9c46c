"""Several configurations over one suite: one table, and nothing done twice.

Three stages are remembered: a question's vector, by the weights; its hits, by the index and the numbers of search; and
a finished run, by everything that it depends on, in a file that the next matrix finds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from citewell.encode import Encoder, Vectors
from citewell.errors import UsageError
from citewell.evaluate.cases import Case, read_suite
from citewell.evaluate.outcome import Run, load, save
from citewell.evaluate.plan import PRIMARY, Plan
from citewell.evaluate.provenance import code_revision, suite_hash
from citewell.evaluate.run import Progress, run_suite
from citewell.evaluate.summary import summarise
from citewell.index import Index, Scope, build, open_index
from citewell.search import Query, find
from citewell.settings import Settings
from citewell.types import Hit

CONFIGURATION = frozenset({"settings", "encoder", "index"})
# The numbers that hits depend on, beside the query itself.
SEARCHING = ("candidates", "probed_share", "least_probed", "refined", "filtered_share", "dense_weight")
SHOWN = (*PRIMARY, "recall@10", "right_any", "citation_precision", "refusal_f1", "auroc", "p50_ms")


@dataclass(frozen=True, slots=True)
class Configuration:
    """One way to run: other numbers, another encoder over the same documents, or another index."""

    name: str
    settings: Settings
    encoder: str | None = None
    index: Path | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A configuration with its run; `known` where it was found from an earlier time."""

    name: str
    run: Run
    known: bool


def read_configurations(path: Path) -> tuple[Configuration, ...]:
    """The configurations of a JSON file: {"name": {"settings": {…}, "encoder": "none", "index": "DIR"}, …}."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"expected configurations at {path}, found: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"expected JSON in {path}, found: {error}.") from error
    if not isinstance(plain, dict) or not plain:
        raise UsageError(f"expected an object of configurations by name in {path}, found none.")
    return tuple(configuration_of(name, each) for name, each in plain.items())


def configuration_of(name: str, plain: Any) -> Configuration:
    """One configuration; UsageError for a field or a number that there is not."""
    if not isinstance(plain, dict) or plain.keys() - CONFIGURATION:
        raise UsageError(f"{name}: expected an object with {', '.join(sorted(CONFIGURATION))}, found {plain!r}.")
    defaults = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
    numbers = plain.get("settings", {})
    for key, value in numbers.items():
        if key not in defaults:
            raise UsageError(f"{name}: expected the name of a number in settings.py, found {key!r}.")
        if not fits(value, defaults[key]):
            raise UsageError(f"{name}: expected {key} like {defaults[key]!r}, found {value!r}.")
    changed: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in numbers.items()
    }
    settings = replace(Settings(), **changed)
    encoder, index = plain.get("encoder"), plain.get("index")
    return Configuration(name, settings, encoder, Path(index) if index else None)


def fits(value: Any, default: Any) -> bool:
    """Whether a value may stand in place of a default."""
    if isinstance(default, tuple):
        return (
            isinstance(value, list)
            and len(value) == len(default)
            and all(isinstance(each, int | float) for each in value)
        )
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole if isinstance(default, int) else whole or isinstance(value, float)


def run_matrix(
    suite: Path, configurations: Sequence[Configuration], index: Path, out: Path, progress: Progress
) -> tuple[Row, ...]:
    """Run every configuration; runs that an earlier matrix kept in `out` are taken as they are.

    :param index: The index of configurations that name none.
    """
    cases = read_suite(suite)
    out.mkdir(parents=True, exist_ok=True)
    memory = Memory()
    rows = []
    for number, each in enumerate(configurations, start=1):
        opened = memory.open(index_of(each, index, out))
        path = out / f"{key_of(opened, each.settings, cases)}.json"
        known = path.is_file()
        if not known:
            told = staged(progress, f"{each.name} ({number}/{len(configurations)})")
            made = run_suite(
                cases, opened, suite_path=suite.as_posix(), settings=each.settings, progress=told, look_up=memory.find
            )
            save(path, made)
        rows.append(Row(each.name, load(path), known))
    return tuple(rows)


def staged(progress: Progress, name: str) -> Progress:
    """Progress that names the configuration."""
    return lambda _, done, total: progress(name, done, total)


def index_of(configuration: Configuration, index: Path, out: Path) -> Path:
    """The index of a configuration: its own, or one of the same documents by its encoder, brought up to date."""
    base = configuration.index or index
    if configuration.encoder is None:
        return base
    folder = out / f"index-{hashlib.sha256(configuration.encoder.encode()).hexdigest()[:12]}"
    build(open_index(base).roots(), index=folder, encoder=configuration.encoder)
    return folder


def key_of(index: Index, settings: Settings, cases: Sequence[Case]) -> str:
    """Twenty hexadecimal digits of all that a run depends on."""
    made_of = [
        index.manifest.fingerprint,
        settings.fingerprint(),
        suite_hash(cases),
        index.manifest.version,
        code_revision(),
    ]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:20]


class Memory:
    """Opened indexes, the vectors of questions and the hits of queries, shared by all configurations."""

    def __init__(self) -> None:
        self._opened: dict[Path, Index] = {}
        self._vectors: dict[str, dict[str, Vectors]] = {}
        self._hits: dict[tuple[Any, ...], tuple[Hit, ...]] = {}

    def open(self, folder: Path) -> Index:
        """An index whose encoder encodes each question once."""
        if folder not in self._opened:
            index = self._opened[folder] = open_index(folder)
            if index.encoder:
                index.encoder = Remembering(index.encoder, self._vectors.setdefault(index.encoder.weights, {}))
        return self._opened[folder]

    def find(
        self, index: Index, query: Query, settings: Settings, allowed: Scope | None = None, *, top: int | None = None
    ) -> tuple[Hit, ...]:
        """See `citewell.search.find`."""
        numbers = tuple(getattr(settings, name) for name in SEARCHING)
        key = (index.folder, query.text, tuple(sorted(query.weights.items())), numbers, top)
        if key not in self._hits:
            self._hits[key] = find(index, query, settings, allowed, top=top)
        return self._hits[key]


class Remembering:
    """An encoder that encodes the same text once."""

    def __init__(self, encoder: Encoder, vectors: dict[str, Vectors]) -> None:
        self._encoder, self._vectors = encoder, vectors
        self.name, self.weights = encoder.name, encoder.weights

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """See `citewell.encode.Encoder.encode`."""
        for text in texts:
            if text not in self._vectors:
                self._vectors[text] = self._encoder.encode([text])[0]
        return np.stack([self._vectors[text] for text in texts])


def table(rows: Sequence[Row], plan: Plan) -> list[str]:
    """The configurations side by side, in Markdown; `changed` counts cases with another verdict than the first row's."""
    first = verdicts(rows[0].run)
    lines = ["| configuration | " + " | ".join(SHOWN) + " | passed | changed |", "|---|" + "---:|" * (len(SHOWN) + 2)]
    for row in rows:
        summary, now = summarise(row.run, plan), verdicts(row.run)
        cells = [f"{figure.value:.3f}" if (figure := summary.of(name)) else "" for name in SHOWN]
        changed = sum(first.get(name) != passed for name, passed in now.items())
        name = row.name.replace("|", "\\|") + (" (known)" if row.known else "")
        lines.append("| " + " | ".join([name, *cells, str(summary.passed), str(changed)]) + " |")
    return lines


def verdicts(run: Run) -> Mapping[str, bool]:
    """Whether each case passed."""
    return {result.id: result.passed for result in run.results}
