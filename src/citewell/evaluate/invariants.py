"""The promises that hold for every answer, whatever was asked: a run in which one is below 1 fails."""

from __future__ import annotations

from citewell.index import Index
from citewell.types import Answer, Excerpt, fold, is_own_line

INVARIANTS = ("verbatim", "resolved", "cited", "whole")


def invariants(index: Index, answer: Answer) -> dict[str, float]:
    """The share of the quotations shown, nearest ones too, that keep each promise; 1 where none is shown.

    verbatim: it is `fold(document.text[start:end])`; resolved: that stretch exists; cited: the citation of its number
    names the same stretch; whole: it begins where a unit begins and ends where one ends, or is a whole line in which a
    source speaks of itself.
    """
    shown = (*answer.excerpts, *answer.nearest)
    cited = {citation.number: (citation.document_id, citation.start, citation.end) for citation in answer.citations}
    kept = {
        "verbatim": [excerpt.text == fold(text(index, excerpt)) for excerpt in shown],
        "resolved": [bool(text(index, excerpt)) for excerpt in shown],
        "cited": [cited.get(each.citation) == (each.document_id, each.start, each.end) for each in shown],
        "whole": [is_whole(index, excerpt) for excerpt in shown],
    }
    return {name: sum(flags) / len(flags) if flags else 1.0 for name, flags in kept.items()}


def text(index: Index, excerpt: Excerpt) -> str:
    """What stands where an excerpt says that it stands; empty where nothing does."""
    if not index.has_document(excerpt.document_id) or not 0 <= excerpt.start < excerpt.end:
        return ""
    found = index.document(excerpt.document_id).text
    return found[excerpt.start : excerpt.end] if excerpt.end <= len(found) else ""


def is_whole(index: Index, excerpt: Excerpt) -> bool:
    """Whether an excerpt is one or more whole units, or whole lines in which a source speaks of itself."""
    if not index.has_document(excerpt.document_id):
        return False
    units = index.units(excerpt.document_id)
    if excerpt.start in {unit.start for unit in units} and excerpt.end in {unit.end for unit in units}:
        return True
    return is_own_line(index.document(excerpt.document_id), excerpt.start, excerpt.end)
