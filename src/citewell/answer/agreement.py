"""Sources that agree: how many of those that state a number for the same state the same one."""

from __future__ import annotations

from collections.abc import Sequence

from citewell.answer.disagree import Statement, agree, comparable, read_statement
from citewell.answer.evidence import Candidate
from citewell.settings import Settings


def agreement(candidates: Sequence[Candidate], drugs: frozenset[str], settings: Settings) -> tuple[int, int]:
    """(Sources that agree with the first candidate's numbers, sources that state some for the same); each counts once.

    :param drugs: All names of the drugs that the question names.
    """
    stated = [read_statement(each, named_only=not drugs) for each in candidates]
    first = stated[0] if stated else None
    if first is None:
        return 0, 0
    agreeing, stating = {first.candidate.document.id}, {first.candidate.document.id}
    for other in filter(None, stated[1:]):
        shared = comparable(first, other, settings)
        if shared is None or not (shared or (first.intervals and other.intervals)):
            continue
        stating.add(other.candidate.document.id)
        if says_as_much(first, other, shared):
            agreeing.add(other.candidate.document.id)
    return len(agreeing), len(stating)


def says_as_much(left: Statement, right: Statement, shared: frozenset[tuple[str, str]]) -> bool:
    """Whether two statements agree in every amount that both state, and in their intervals where both state some."""
    intervals = not left.intervals or not right.intervals or bool(left.intervals & right.intervals)
    return intervals and all(
        agree(mine, theirs) and (mine <= theirs or theirs <= mine or len(mine) == len(theirs) == 1)
        for key in shared
        for mine, theirs in [(left.amounts[key], right.amounts[key])]
    )


def agreement_note(candidates: Sequence[Candidate], drugs: frozenset[str], settings: Settings) -> list[str]:
    """How many sources agree with the first quotation, where more than one states a number for the same."""
    agreeing, stating = agreement(candidates, drugs, settings)
    if stating < 2:
        return []
    return [f"{agreeing} of {stating} sources that state this number agree with the first quotation."]
