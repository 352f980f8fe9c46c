"""One run: search a source, get what is missing, keep it, and say what became of each document."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from citewell.errors import FetchError, NoNetwork, UsageError
from citewell.fetch import bookshelf, dailymed, openfda, pubmed
from citewell.fetch.answers import Item, NotOffered, Page, Problem
from citewell.fetch.client import Client
from citewell.fetch.folder import Folder, Kept, State, named
from citewell.fetch.settings import FetchSettings
from citewell.types import fold

Progress = Callable[[str, int, int], None]
Pages = Callable[[Client, str, int, Callable[[str], bool]], Iterator[Page]]
SOURCES: dict[str, Pages] = {
    "openfda": openfda.pages,
    "dailymed": dailymed.pages,
    "pubmed": pubmed.pages,
    "bookshelf": bookshelf.pages,
}
SETTINGS = FetchSettings()
LONGEST_TERM = 500  # characters; addresses have an end
LEFT = "left as it is: it was changed since it came, or was there before; to fetch it again, move it away"


@dataclass(slots=True)
class Report:
    """What became of the documents that a search found.

    :param found: Documents that the source says there are.
    :param kept: Changed by the user, and left so.
    :param not_offered: Not given to programs by their source.
    """

    source: str
    term: str
    folder: str
    found: int = 0
    new: int = 0
    updated: int = 0
    present: int = 0
    note: str | None = None
    kept: list[Problem] = field(default_factory=list)
    not_offered: list[Problem] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    next: str | None = None

    def looked_at(self) -> int:
        """How many documents are dealt with."""
        others = (self.kept, self.not_offered, self.failed)
        return self.new + self.updated + self.present + sum(map(len, others))

    def lines(self) -> list[str]:
        """The report for people."""
        if not self.looked_at():
            return [f"nothing found in {self.source} for “{self.term}”"]
        counts = [(self.new, "fetched"), (self.updated, "updated"), (self.present, "already here"),
                  (len(self.kept), "left as you changed them"), (len(self.not_offered), "not offered"),
                  (len(self.failed), "failed")]  # fmt: skip
        said = ", ".join(f"{number} {what}" for number, what in counts if number or what in ("fetched", "failed"))
        more = [f"{self.source} has {self.found:,} entries; for more: --limit"] if self.found > self.looked_at() else []
        return [
            said,
            *more,
            *([f"note: {self.note}"] if self.note else []),
            *([f"next: {self.next}"] if self.next else []),
        ]


def fetch(
    source: str, term: str, to: Path | None, *, limit: int, update: bool, client: Client, progress: Progress
) -> Report:
    """Get the documents that a source has on a term into a folder.

    :param to: None: a folder of the current one, named after source and term.
    :param update: Get those again that are here already.
    """
    term = checked(term)
    folder = Folder(to or named(source, term))
    folder.check()
    report = Report(source, term, str(folder.path))
    lacks = (lambda name: True) if update else folder.lacks
    try:
        for page in SOURCES[source](client, term, limit, lacks):
            report.found = max(report.found, page.total)
            report.note = page.note
            report.failed += page.problems
            for item in page.items:
                deal_with(item, folder, report, wanted=lacks(item.name))
                progress("fetching", report.looked_at(), max(report.looked_at(), min(limit, page.total)))
    except NoNetwork as error:
        if not report.looked_at():
            raise
        raise NoNetwork(f"{report.looked_at()} documents are done. Then: {error}") from error
    if folder.manifest.exists():
        report.next = f"citewell index {shlex.quote(str(folder.path))} --manifest {shlex.quote(str(folder.manifest))}"
    return report


def deal_with(item: Item, folder: Folder, report: Report, *, wanted: bool) -> None:
    """Get one document and keep it, where it is wanted, and note what became of it."""
    if not wanted:
        if folder.state(item.name) is State.CHANGED:
            report.kept.append(Problem(item.name, LEFT))
        else:
            report.present += 1
        return
    try:
        fetched = item.get()
    except NotOffered as error:
        report.not_offered.append(Problem(item.name, str(error)))
    except FetchError as error:
        report.failed.append(Problem(item.name, str(error)))
    else:
        match folder.keep(item.name, fetched, date.today()):
            case Kept.LEFT:
                report.kept.append(Problem(item.name, LEFT))
            case Kept.NEW:
                report.new += 1
            case Kept.UPDATED:
                report.updated += 1
            case Kept.SAME:
                report.present += 1


def checked(term: str) -> str:
    """A term that can be searched for."""
    folded = fold(term)
    length = len(folded.strip('" '))
    if not 0 < length <= LONGEST_TERM:
        raise UsageError(f"expected a drug or a disease in 1 to {LONGEST_TERM} characters, found {length}.")
    return folded
