"""What a run depends on, read off the index, the suite and this program."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from citewell.evaluate.cases import Case, case_as_dict
from citewell.evaluate.outcome import Provenance
from citewell.evaluate.plan import Plan
from citewell.index import Index
from citewell.settings import Settings

LIBRARIES = ("faiss-cpu", "numpy", "openvino", "rapidfuzz", "tantivy", "tokenizers", "torch")  # that change an answer
SECONDS = 10  # that git may take


def provenance_of(index: Index, cases: Sequence[Case], suite_path: str, settings: Settings, plan: Plan) -> Provenance:
    """Everything that a run's results depend on."""
    manifest = index.manifest
    return Provenance(
        corpus=corpus_hash(index),
        index=manifest.fingerprint,
        encoder=manifest.encoder,
        weights=manifest.weights,
        settings=settings.fingerprint(),
        suite=suite_hash(cases),
        suite_path=suite_path,
        version=version("citewell"),
        code=code_revision(),
        python=platform.python_version(),
        libraries={name: found for name in LIBRARIES if (found := version_of(name))},
        seed=plan.seed,
        threshold=settings.answer_confidence,
        passages=manifest.passages,
        index_bytes=sum(size for size, _ in manifest.parts.values()),
    )


def corpus_hash(index: Index) -> str:
    """SHA-256 over the ids and contents of all documents, in the order of ids."""
    digest = hashlib.sha256()
    for document_id, sha256 in index.contents():
        digest.update(json.dumps([document_id, sha256]).encode())
    return digest.hexdigest()


def suite_hash(cases: Sequence[Case]) -> str:
    """SHA-256 over the cases, whatever the layout of their file."""
    return hashlib.sha256(json.dumps([case_as_dict(case) for case in cases], sort_keys=True).encode()).hexdigest()


def version_of(library: str) -> str:
    """An installed library's version; empty where it is not installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def code_revision() -> str:
    """The revision of the repository that this program runs from, with "+" where it was changed; empty elsewhere."""
    home = Path(__file__).resolve().parents[3]
    git = shutil.which("git")
    if git is None or not (home / ".git").exists():
        return ""

    def asked(*words: str) -> str:
        done = subprocess.run(
            [git, "-C", str(home), *words], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    revision = asked("rev-parse", "--short=12", "HEAD")
    return revision + "+" if revision and asked("status", "--porcelain", "--untracked-files=no") else revision
