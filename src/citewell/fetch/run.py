"""One call of `citewell fetch`: what is not in the folder yet is fetched, written whole, and named in a manifest."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path

from citewell.errors import ReadError, UsageError
from citewell.fetch.client import Client
from citewell.fetch.found import NCBI_KEY, Offer, bookshelf, dailymed, is_whole, openfda, pubmed
from citewell.fetch.services import SERVICES, Services

NAMES = ("openfda", "dailymed", "pubmed", "bookshelf")
MANIFEST, STATE = "manifest.csv", ".fetched.json"
COLUMNS = ("document", "url", "licence", "remarks")
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Fetched:
    """What a call did: files by name; `failed` with the reasons, `kept` are files that somebody changed since."""

    folder: Path
    new: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def fetch(
    service: str,
    term: str,
    folder: Path,
    *,
    limit: int = 25,
    services: Services | None = None,
    wait: Callable[[float], None] = time.sleep,
    progress: Progress | None = None,
) -> Fetched:
    """Copy what a service has on a term into a folder; what is there already is not fetched again.

    Files are written whole or not at all, so a call that was stopped goes on where it was. UsageError without a network.
    """
    if not term.strip():
        raise UsageError('expected a drug or disease, found an empty term. Name one: citewell fetch pubmed "denosumab"')
    services = services or SERVICES
    done, state = Fetched(folder), read_state(folder)
    for number, offer in enumerate(offers(service, term, limit, services, wait), start=1):
        if isinstance(offer, ReadError):
            done.failed.append((f"record {number}", str(offer)))
        else:
            take(offer, done, state)
        if progress:
            progress("fetching", number, limit)
    if progress:
        progress("fetching", limit, limit)
    return done


def offers(
    service: str, term: str, limit: int, services: Services, wait: Callable[[float], None]
) -> Iterator[Offer | ReadError]:
    """What a service offers."""
    pause = services.eutils_pause_with_key if os.environ.get(NCBI_KEY) else services.eutils_pause
    bases = {
        "openfda": (services.openfda, services.openfda_pause),
        "dailymed": (services.dailymed, services.dailymed_pause),
        "pubmed": (services.eutils, pause),
        "bookshelf": (services.eutils, pause),
    }
    if service not in bases:
        raise UsageError(f"expected one of {', '.join(NAMES)}, found {service!r}")
    with closing(Client(*bases[service], services, wait)) as client:
        if service == "bookshelf":
            with closing(Client(services.bookshelf, services.bookshelf_pause, services, wait)) as pages:
                yield from bookshelf(client, term, limit, services, pages)
        else:
            yield from {"openfda": openfda, "dailymed": dailymed, "pubmed": pubmed}[service](client, term, limit)


def take(offer: Offer, done: Fetched, state: dict[str, dict[str, str | None]]) -> None:
    """Fetch one record, unless its file is there."""
    path = done.folder / offer.name
    if path.is_symlink() or path.exists():
        own = state.get(offer.name, {}).get("sha256") == digest(path)
        (done.unchanged if own else done.kept).append(offer.name)
        return
    try:
        data = offer.load()
        if not is_whole(offer.name, data):
            raise ReadError("expected a whole document, found a part of one; call it again")
    except ReadError as error:
        done.failed.append((offer.name, str(error)))
        return
    done.folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
    state[offer.name] = {
        "sha256": hashlib.sha256(data).hexdigest(), "url": offer.url, "licence": offer.licence, "fetched": date.today().isoformat(),
    }  # fmt: skip
    write_state(done.folder, state)
    done.new.append(offer.name)


def digest(path: Path) -> str:
    """The SHA-256 of a file that is there; empty for what is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under another name, then give it its own: nobody ever sees a part of it."""
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(data)
    partial.replace(path)


def read_state(folder: Path) -> dict[str, dict[str, str | None]]:
    """What earlier calls fetched into a folder."""
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"expected what was fetched before in {folder / STATE}, found: {error}. Remove that file."
        ) from error
    return state if isinstance(state, dict) else {}


def write_state(folder: Path, state: dict[str, dict[str, str | None]]) -> None:
    """Note what was fetched, for the next call, and as the manifest that `citewell index` reads."""
    write_whole(folder / STATE, json.dumps(state, indent=1, sort_keys=True).encode())
    stream = StringIO(newline="")
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(COLUMNS)
    for name, entry in sorted(state.items()):
        rows.writerow(
            (name, entry["url"] or "", entry["licence"] or "", f"Fetched on {entry['fetched']} from {entry['url']}")
        )
    write_whole(folder / MANIFEST, stream.getvalue().encode())


def folder_name(service: str, term: str) -> str:
    """The folder that a call without --to fills: "pubmed-denosumab"."""
    plain = re.sub(r"[^\w]+", "-", term.casefold()).strip("-")[:60]
    return f"{service}-{plain or 'documents'}"
