"""Where the index and the starter corpus lie when nobody names a folder."""

from __future__ import annotations

import os
from pathlib import Path

from citewell.errors import UsageError

PACKAGE = Path(__file__).resolve().parent
POINTER = "CURRENT"  # the file that an index folder holds as soon as it holds an index


def has_index(folder: Path) -> bool:
    """Whether a folder holds an index, whole or not."""
    return (folder / POINTER).exists()


def index_folder(named: Path | None) -> Path:
    """The index folder: the named one, $CITEWELL_INDEX, ./index where it is at home, else the user's data folder."""
    variable = os.environ.get("CITEWELL_INDEX")
    here = Path("index")
    if named or variable:
        folder = (named or Path(variable or "")).expanduser()
    elif has_index(here) or is_checkout(Path()):
        folder = here
    else:
        folder = data_folder() / "citewell" / "index"
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"expected a folder for the index, found the file {folder}. Name a folder with --index.")
    return folder


def data_folder() -> Path:
    """The user's folder for data that programs keep; the XDG standard ignores relative values."""
    variable = Path(os.environ.get("XDG_DATA_HOME", ""))
    return variable if variable.is_absolute() else Path.home() / ".local" / "share"


def is_checkout(folder: Path) -> bool:
    """Whether a folder is a checkout of Citewell's repository."""
    return (folder / "src" / "citewell" / "cli.py").is_file() and (folder / "corpus").is_dir()


def starter_corpus() -> Path:
    """The starter corpus: the checkout's, or the one that was installed with the package."""
    for folder in (PACKAGE.parents[1] / "corpus", PACKAGE / "starter"):
        if folder.is_dir():
            return folder
    raise UsageError("expected the starter corpus beside the package, found none. Name documents: citewell index PATH…")
