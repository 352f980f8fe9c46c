"""Numbers, units and denials changed in the sources: python -m benchmarks.edits [--edits 1000] [--seed N].

Each round copies every source file with one change in it, a number, a unit or a denial of a sentence that may be
quoted, and asks for that sentence before and after the index is brought up to date. No answer may show what its file
does not hold now; what was quoted before must be called stale; no quotation may end before what qualifies it. Prints
the counts; the exit code is 1 if any fault was found. Without ../shared only the starter corpus is edited.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path

from benchmarks.datasets import ROOT, SHARED
from benchmarks.indexes import documents_of, show_progress
from benchmarks.table import line
from citewell.conversation import ask
from citewell.index import Index, build, open_index
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import Answer, Document, Excerpt, Unit, fold

SEED = 20261124
WINDOW = 24  # characters on either side by which a place is found in a file; it has to be the only such place
QUESTION = 300  # characters of a unit that it is asked for with
EDITED = ("*.md", "*.txt", "*.xml", "*.nxml", "*.json")
NUMBER = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w,])")
UNITS = {"mg": "mcg", "mcg": "mg", "mL": "L", "kg": "g", "g": "mg", "months": "weeks", "weeks": "months", "days": "hours",
         "hours": "days", "years": "months", "month": "week", "week": "month", "day": "hour", "%": "‰"}  # fmt: skip
UNIT = re.compile(r"(?<=\d)(?P<gap>[ -]?)(?P<unit>" + "|".join(sorted(UNITS, key=len, reverse=True)) + r")(?!\w)")
DENIALS = {"is not": "is", "are not": "are", "was not": "was", "were not": "were", "should not": "should", "must not": "must",
           "may": "may not", "should": "should not", "is": "is not", "are": "are not", "was": "was not",
           "were": "were not", "increased": "decreased", "decreased": "increased"}  # fmt: skip
DENIAL = re.compile(r"\b(?P<said>" + "|".join(sorted(DENIALS, key=len, reverse=True)) + r")\b(?! not\b)")
QUALIFIER = re.compile(r"[\s,;:–—(•*-]*(?:but|not|unless|except|at least)\b")


ALTERED = "quotations that their files do not hold"
BESIDE = "contexts that their files do not hold"
EARLIER = "citations of an earlier version"
UNNAMED = "stale documents that verify does not name"
ALARM = "current documents that verify calls stale"
PASSES = "stale answers that pass for current"
OLD = "old values shown"
CUT = "units cut before a qualifier"
FAULTS = (ALTERED, BESIDE, EARLIER, UNNAMED, ALARM, PASSES, OLD, CUT)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: in the file of a document, [start, end) becomes `now`, by which a quotation `unit` becomes `became`."""

    document_id: str
    kind: str  # number | unit | denial
    start: int
    end: int
    now: str
    unit: str
    became: str
    asked: str


@dataclass(slots=True)
class Counts:
    """What was done and what went wrong, with a line on each fault."""

    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def fault(self, what: str, detail: str) -> None:
        """Note something that must not be."""
        self.done[what] += 1
        self.faults.append(f"{what}: {detail}")


def places(kind: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what may be changed in a text, as [start, end) and what comes there instead."""
    if kind == "number":
        for match in NUMBER.finditer(text):
            last = int(match.group()[-1])
            yield match.end() - 1, match.end(), str(last % 9 + 1)
    elif kind == "unit":
        for match in UNIT.finditer(text):
            yield match.start("unit"), match.end("unit"), UNITS[match["unit"]]
    else:
        for match in DENIAL.finditer(text):
            yield match.start(), match.end(), DENIALS[match["said"]]


def edits_of(document: Document, file: str, chance: random.Random) -> Iterator[Edit]:
    """Yield changes to the file of a document, none twice and of each kind in turn while there are any."""
    by_kind = [edits_of_kind(document, file, kind, chance) for kind in ("number", "unit", "denial")]
    yield from (edit for edits in zip_longest(*by_kind) for edit in edits if edit)


def edits_of_kind(document: Document, file: str, kind: str, chance: random.Random) -> Iterator[Edit]:
    """Yield the changes of one kind in an order of chance."""
    units = [(unit.start, unit.end) for unit in split_units(document, Segmentation())]
    found = [(unit, place) for unit in units for place in places(kind, document.text[slice(*unit)])]
    chance.shuffle(found)
    yield from filter(None, (edit_at(document, file, kind, unit, *place) for unit, place in found))


def edit_at(
    document: Document, file: str, kind: str, unit: tuple[int, int], start: int, end: int, now: str
) -> Edit | None:
    """A change of [start, end) of a unit; None where what stands around it doesn't tell its place in the file."""
    quoted = document.text[slice(*unit)]
    first, last = max(0, start - WINDOW), min(len(quoted), end + WINDOW)
    if file.count(quoted[first:last]) != 1:
        return None
    at = file.index(quoted[first:last]) + start - first
    became = fold(quoted[:start] + now + quoted[end:])
    asked = fold(quoted[:start] + quoted[end:])[:QUESTION]
    return Edit(document.id, kind, at, at + end - start, now, fold(quoted), became, asked)


def cut_units(document: Document, units: Iterable[Unit]) -> Iterator[str]:
    """Yield the ends of units that the same sentence goes on after with a word that may turn it round."""
    for unit in units:
        end = document.text[unit.end : unit.end + WINDOW]
        before = document.text[unit.start : unit.end]
        if QUALIFIER.match(end):
            yield f"{document.id}: …{fold(before)[-60:]} | {fold(end)}"


def shown_in(answer: Answer) -> tuple[Excerpt, ...]:
    """All that is shown in quotation: the excerpts, or what was found nearest."""
    return answer.excerpts or answer.nearest


def quotes(answer: Answer, document_id: str, text: str) -> bool:
    """Whether a text of a document is shown in quotation, whole."""
    return any(text in excerpt.text for excerpt in shown_in(answer) if excerpt.document_id == document_id)


def check_shown(answer: Answer, now: Mapping[str, Document], counts: Counts) -> None:
    """Compare all that is shown, and what is cited beside it, with the files as they are now."""
    for excerpt in shown_in(answer):
        text = now[excerpt.document_id].text
        counts.done["quotations compared with their files"] += 1
        if excerpt.text != fold(text[excerpt.start : excerpt.end]):
            counts.fault(ALTERED, f"{excerpt.document_id}: {excerpt.text[:80]}")
        for beside in (excerpt.context_before, excerpt.context_after):
            if beside and beside not in fold(text):
                counts.fault(BESIDE, f"{excerpt.document_id}: {beside[:80]}")
    for citation in answer.citations:
        if citation.sha256 != now[citation.document_id].sha256:
            counts.fault(EARLIER, citation.locator)


def check_stale(index: Index, edited: Sequence[Edit], before: Sequence[Answer], counts: Counts) -> None:
    """See that `verify` calls every edited document stale, and no other, and so does each old quotation's own check."""
    stale = {problem.document_id for problem in index.verify()}
    changed = {edit.document_id for edit in edited}
    for name in sorted(changed - stale):
        counts.fault(UNNAMED, name)
    for name in sorted(stale - changed):
        counts.fault(ALARM, name)
    for edit, answer in zip(edited, before, strict=True):
        if any(excerpt.document_id == edit.document_id for excerpt in shown_in(answer)):
            counts.done["stale answers checked"] += 1
            if index.is_current(edit.document_id):
                counts.fault(PASSES, edit.document_id)


class Desk:
    """Copies of the sources, and the index that is made of them."""

    def __init__(self, folder: Path, sources: Sequence[Path]) -> None:
        self.documents, self.index = folder / "documents", folder / "index"
        for source in sources:
            for path in sorted(found for pattern in EDITED for found in source.rglob(pattern)):
                copy = self.documents / source.name / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        self.build()
        self.originals = {document.id: document for document in documents_of(self.documents)}
        self.files = {name: Path(each.path).read_bytes().decode() for name, each in self.originals.items()}

    def build(self) -> None:
        """Bring the index up to date."""
        report = build([self.documents], index=self.index, encoder="none")
        if report.failed:
            raise AssertionError(f"expected every edited file to be read, found: {report.failed}")

    def write(self, edit: Edit) -> None:
        """Put one change into the file of a document, and nothing else."""
        file = self.files[edit.document_id]
        changed = f"{file[: edit.start]}{edit.now}{file[edit.end :]}"
        Path(self.originals[edit.document_id].path).write_bytes(changed.encode())

    def play(self, edits: Sequence[Edit], counts: Counts) -> None:
        """Ask, change, verify, index, ask again."""
        old = open_index(self.index)
        before = [ask(old, edit.asked) for edit in edits]
        for edit, answer in zip(edits, before, strict=True):
            counts.done[f"edits of a {edit.kind}"] += 1
            counts.done["asked for and quoted before"] += quotes(answer, edit.document_id, edit.unit)
            self.write(edit)
        check_stale(old, edits, before, counts)
        self.build()
        now = {document.id: document for document in documents_of(self.documents)}
        new = open_index(self.index)
        for edit in edits:
            answer = ask(new, edit.asked)
            check_shown(answer, now, counts)
            counts.done["asked for and quoted as changed"] += quotes(answer, edit.document_id, edit.became)
            if quotes(answer, edit.document_id, edit.unit) and edit.unit not in fold(now[edit.document_id].text):
                counts.fault(OLD, f"{edit.document_id}: {edit.unit[:80]}")
        for edit in edits:
            counts.done["units looked at"] += len(units := new.units(edit.document_id))
            for cut in cut_units(now[edit.document_id], units):
                counts.fault(CUT, cut)


def rounds(desk: Desk, count: int, chance: random.Random) -> Iterator[list[Edit]]:
    """Yield `count` edits in rounds of at most one a file."""
    waiting = [edits_of(desk.originals[name], desk.files[name], chance) for name in sorted(desk.originals)]
    while count > 0 and waiting:
        drawn = [(edits, next(edits, None)) for edits in waiting]
        waiting = [edits for edits, edit in drawn if edit]
        yield list(islice((edit for _, edit in drawn if edit), count))
        count -= len(waiting)


def report(counts: Counts) -> str:
    """The counts as a Markdown table; faults of every kind are listed, those that did not happen too."""
    rows = [line([what, f"{counts.done[what]:,}"]) for what in (*sorted(counts.done.keys() - set(FAULTS)), *FAULTS)]
    return "\n".join([line(["What", "count"]), "|---|---:|", *rows])


def main() -> int:
    """Play the rounds, look at the units of all sources, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--edits", type=int, default=1000)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--units", type=Path, nargs="*", default=[], help="more sources whose units are looked at")
    given = options.parse_args()
    counts, done = Counts(), 0
    sources = [source for source in (ROOT / "corpus", SHARED / "seeds", SHARED / "data" / "raw") if source.is_dir()]
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), sources)
        for edits in rounds(desk, given.edits, random.Random(given.seed)):
            desk.play(edits, counts)
            show_progress("edits", done := done + len(edits), given.edits)
    for document in (each for source in [*sources, *given.units] for each in documents_of(source)):
        units = split_units(document, Segmentation())
        counts.done["units looked at"] += len(units)
        for cut in cut_units(document, units):
            counts.fault(CUT, cut)
    print(report(counts), *dict.fromkeys(counts.faults), sep="\n")
    return 1 if counts.faults else 0


if __name__ == "__main__":
    sys.exit(main())
