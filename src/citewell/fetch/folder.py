"""The folder that documents are fetched into: whole files only, a manifest, and nothing of the user's overwritten."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from citewell.errors import UsageError
from citewell.fetch.answers import Fetched
from citewell.readers import load_manifest
from citewell.readers.decode import decode
from citewell.readers.manifest import KEY, json_records

MANIFEST = "manifest.json"
HASHES = ".fetched.json"  # of documents as they came; not in the manifest, whose remarks are shown with answers
FETCHED = re.compile(r"Fetched \d{4}-\d\d-\d\d from \S+\.")


class State(StrEnum):
    """What the folder holds of a document."""

    MISSING = "missing"
    FETCHED = "fetched"  # as it came
    CHANGED = "changed"  # since it came, or never fetched: the user's


class Kept(StrEnum):
    """What became of a document that came."""

    NEW = "new"
    UPDATED = "updated"
    SAME = "same"
    LEFT = "left"  # the user's file stays


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with its manifest, which is read anew each time: the user may be at work in it."""

    path: Path

    @property
    def manifest(self) -> Path:
        """The file that `citewell index --manifest` takes."""
        return self.path / MANIFEST

    def check(self) -> None:
        """UsageError where the folder can't be one, or its manifest can't be read."""
        if self.path.exists() and not self.path.is_dir():
            raise UsageError(f"expected a folder, found the file {self.path}. Name a folder with --to.")
        if self.manifest.exists():
            load_manifest(self.manifest)

    def lacks(self, name: str) -> bool:
        """Whether a document is yet to come: its file, or what the manifest says of it, is missing."""
        return not (self.path / name).exists() or name not in self._rows() or name not in self._hashes()

    def state(self, name: str) -> State:
        """What there is of a document, by its bytes."""
        try:
            data = (self.path / name).read_bytes()
        except FileNotFoundError:
            return State.MISSING
        return State.FETCHED if sha256(data) == self._hashes().get(name) else State.CHANGED

    def keep(self, name: str, fetched: Fetched, today: date) -> Kept:
        """Write a document that came and its line of the manifest, unless the user has changed the file."""
        before = self.state(name)
        path = self.path / name
        same = before is not State.MISSING and path.read_bytes() == fetched.data
        if before is State.CHANGED and not same:
            return Kept.LEFT
        if not same:
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(path, fetched.data)
        if not same or before is State.CHANGED or self.lacks(name):
            self._note(name, fetched, today)
        return Kept.SAME if same else Kept.NEW if before is State.MISSING else Kept.UPDATED

    def _note(self, name: str, fetched: Fetched, today: date) -> None:
        """Write a document's line; what stands there already is the user's to say."""
        rows = self._rows()
        row = dict(fetched.fields) | rows.get(name, {})
        note = f"Fetched {today.isoformat()} from {fetched.url.replace(' ', '%20')}."
        row["origin"] = " ".join(filter(None, [note, FETCHED.sub("", row.get("origin", "")).strip()]))
        rows[name] = row
        write_json(self.manifest, rows)
        write_json(self.path / HASHES, self._hashes() | {name: sha256(fetched.data)})

    def _hashes(self) -> dict[str, str]:
        """The SHA-256 of each document as it came; where they are lost, documents are fetched again to compare."""
        try:
            found = json.loads((self.path / HASHES).read_bytes())
        except (FileNotFoundError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _rows(self) -> dict[str, dict[str, str]]:
        """The manifest's lines by document."""
        if not self.manifest.exists():
            return {}
        text = decode(MANIFEST, self.manifest.read_bytes())
        rows: dict[str, dict[str, str]] = {}
        for _, row in json_records(self.manifest, text):
            rows[str(row.get(KEY, "")).removeprefix("./")] = {key: cell for key, cell in row.items() if key != KEY}
        return rows


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or, after any failure, as it was before."""
    part = path.with_name(f".{path.name}.part")  # hidden: no index takes it for a document
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file whole."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    write_whole(path, text.encode("utf-8", "backslashreplace") + b"\n")


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def named(source: str, term: str) -> Path:
    """A folder of the current one, named after a source and a term: openfda-heart-failure."""
    words = re.sub(r"[^\w]+", "-", term.lower()).strip("-_")[:60].rstrip("-_")
    return Path(f"{source}-{words}" if words else source)
