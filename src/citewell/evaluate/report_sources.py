"""The evidence of a case, and the passages of the sources around it and around what was quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from citewell.evaluate.comparison import Pair
from citewell.evaluate.markup import escape
from citewell.evaluate.report_answers import source_line
from citewell.evaluate.wording import cut
from citewell.types import fold

AROUND = 200  # characters shown on either side of what is marked
MOST_MARKED = 1_000  # characters of a marked stretch; of a longer one both ends are shown
MOST_WINDOWS = 8  # passages of a case
MOST_GOLD = 300  # characters of a piece of evidence in the list
GOLD, BEFORE, NOW = "g", "b", "a"  # classes of the marks
NAMES = {GOLD: "evidence", BEFORE: "quoted before", NOW: "quoted now"}
BREAKS = re.compile(r"\s*[\n\f]\s*")


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of a document that is marked, and as what."""

    start: int
    end: int
    kind: str
    text: str


def evidence(pair: Pair) -> str:
    """Where the answer stands, by the suite."""
    result = pair.present
    if not result.answerable:
        return '<p class="expected"><b>Expected:</b> no answer; nothing in the documents answers.</p>'
    if not result.gold:
        return '<p class="expected"><b>Expected:</b> an answer; the case names no evidence.</p>'
    items = "".join(
        f'<li><q dir="auto">{escape(cut(each.text, MOST_GOLD))}</q> {source_line(each)} <small>grade {each.grade}</small></li>'
        for each in result.gold[:MOST_WINDOWS]
    )
    more = len(result.gold) - MOST_WINDOWS
    rest = f'<li class="soft">and {more:,} more places</li>' if more > 0 else ""
    return f'<div class="expected"><h4>Expected evidence</h4><ul>{items}{rest}</ul></div>'


def sources(pair: Pair, documents: Mapping[str, str]) -> str:
    """The passages around evidence and quotations, both marked; empty where nothing is to be marked."""
    parts = []
    room = MOST_WINDOWS
    for doc, found in marks_by_document(pair).items():
        text = documents.get(doc)
        if text is None:
            parts.append(f'<p class="soft"><bdi>{escape(doc)}</bdi> is not among the documents.</p>')
            continue
        stale = any(fold(text[each.start : each.end]) != fold(each.text) for each in found if each.text)
        note = ' <span class="soft">has changed since the run: marks may be out of place</span>' if stale else ""
        stretches = list(windows(found, len(text)))
        shown = "".join(passage(text, start, end, found) for start, end in stretches[:room])
        if shown:
            parts.append(f"<h5><bdi>{escape(doc)}</bdi>{note}</h5>{shown}")
        room = max(0, room - len(stretches))
    return f'<div class="sources"><h4>In the sources {legend(pair)}</h4>{"".join(parts)}</div>' if parts else ""


def marks_by_document(pair: Pair) -> dict[str, list[Marked]]:
    """What is marked in each document; those with evidence first."""
    groups = [(GOLD, pair.present.gold)]
    groups += [(BEFORE, pair.before.excerpts)] if pair.before else []
    groups += [(NOW, pair.after.excerpts)] if pair.after else []
    found: dict[str, list[Marked]] = {}
    for kind, places in groups:
        for each in places:
            found.setdefault(each.doc, []).append(Marked(each.start, each.end, kind, each.text))
    return found


def legend(pair: Pair) -> str:
    """Which mark means what, of those that may occur."""
    kinds = [GOLD] if pair.present.gold else []
    kinds += [BEFORE] if pair.before and pair.before.excerpts else []
    kinds += [NOW] if pair.after and pair.after.excerpts else []
    return "".join(f'<span class="key"><mark class="{kind}">{NAMES[kind]}</mark></span>' for kind in kinds)


def windows(found: Iterable[Marked], length: int) -> Iterator[tuple[int, int]]:
    """The ranges of a document to show, in its order; those that touch are one."""
    last: tuple[int, int] | None = None
    for start, end in sorted(range_ for each in found for range_ in around(each, length)):
        if last and start <= last[1]:
            last = last[0], max(last[1], end)
        else:
            if last:
                yield last
            last = start, end
    if last:
        yield last


def around(each: Marked, length: int) -> Iterator[tuple[int, int]]:
    """A marked stretch with what stands around it; of a long one, its two ends."""
    start, end = min(each.start, length), min(each.end, length)
    if start >= end:
        return
    if end - start <= MOST_MARKED:
        yield max(0, start - AROUND), min(length, end + AROUND)
    else:
        yield max(0, start - AROUND), start + MOST_MARKED // 2
        yield end - MOST_MARKED // 2, min(length, end + AROUND)


def passage(text: str, start: int, end: int, found: Sequence[Marked]) -> str:
    """One range of a document with its marks; cut at blanks, which is shown by dots."""
    inside = [each for each in found if each.start < end and each.end > start]
    first = min((each.start for each in inside), default=start)
    last = max((each.end for each in inside), default=end)
    if start > 0 and (blank := text.find(" ", start, first)) > 0:
        start = blank + 1
    if end < len(text) and (blank := text.rfind(" ", last, end)) > 0:
        end = blank
    body = "".join(pieces(text, start, end, inside))
    dots = ("… " if start > 0 else "", " …" if end < len(text) else "")
    return f'<p class="passage" dir="auto">{dots[0]}{body}{dots[1]}</p>'


def pieces(text: str, start: int, end: int, found: Sequence[Marked]) -> Iterator[str]:
    """The range as HTML, cut wherever a mark begins or ends."""
    borders = {start, end} | {border for each in found for border in (each.start, each.end) if start < border < end}
    ordered = sorted(borders)
    for left, right in pairwise(ordered):
        kinds = [
            kind
            for kind in NAMES
            if any(each.kind == kind and each.start <= left and right <= each.end for each in found)
        ]
        words = BREAKS.sub("\n", escape(text[left:right]))
        yield f'<mark class="{" ".join(kinds)}">{words}</mark>' if kinds else words
