"""Candidates → cases: a reviewer sees each one beside what is shown for it now, and says what answers it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TextIO

from citewell.conversation import ask
from citewell.errors import UsageError
from citewell.evaluate.cases import Case, case_as_dict, check_case, parse_case, read_suite
from citewell.evaluate.feedback import Candidate, key, read_candidates, remove, replace_file
from citewell.evaluate.offers import Offer, evidence_of, offers_for, toggled
from citewell.evaluate.scrub import scrub
from citewell.index import Index
from citewell.lexicon import STOP_WORDS, words
from citewell.types import Answer, Span, fold

Read = Callable[[str], str]  # a prompt → what was typed; EOFError where nothing more comes
Write = Callable[[str], None]  # takes one line

HELP = """\
  1 4 6-8   mark these as what answers; h2: only helps; again: unmark
  a         accept with the marks        u  accept: nothing in these documents answers
  e TEXT    ask in other words           t WORD …  set tags        c  critical or not
  k         skip for now                 d  delete the candidate   q  end"""
ID_CHARACTERS = 48


@dataclass(frozen=True, slots=True)
class Tally:
    """What a review came to."""

    accepted: int = 0
    deleted: int = 0
    skipped: int = 0
    left: int = 0


@dataclass(slots=True)
class Review:
    """One candidate under review: its case so far, what is shown for it, and the marks."""

    index: Index
    candidate: Candidate
    case: Case
    answer: Answer
    offers: tuple[Offer, ...]
    marks: dict[Span, int] = field(default_factory=dict)


def keyboard(stream: TextIO) -> Read:
    """Read what is typed in a terminal; UsageError where the input is none, since nobody could answer."""
    if not stream.isatty():
        raise UsageError("expected a terminal to review candidates in, found a file or a pipe. Run it by hand.")
    return input


def triage(
    candidates: Path, *, suite: Path, index: Index, read: Read, write: Write, today: date, reviewer: str = ""
) -> Tally:
    """Go through the candidates of a file; each decision is on the disk before the next one is asked for.

    An accepted case is in the suite before its candidate is removed: whatever interrupts, nothing is lost.

    :param reviewer: The reviewer's initials; asked for where none are given.
    """
    reviewer = reviewer.strip() or signed(read)
    waiting = read_candidates(candidates)
    cases = list(read_suite(suite)) if suite.exists() else []
    counts = dict.fromkeys(("accepted", "deleted", "skipped"), 0)
    for number, candidate in enumerate(waiting, start=1):
        write(f"\nCandidate {number} of {len(waiting)}: {said_of(candidate)}")
        for line in known(candidate, cases):
            write(line)
        try:
            decision, case = decide(begin(index, candidate), read, write)
        except EOFError:
            decision, case = "q", None
        if decision == "q":
            break
        if case:
            case = replace(case, id=new_id(case.question, cases), reviewed_by=reviewer, reviewed_on=today.isoformat())
            append_case(suite, case)
            cases.append(case)
            write(f"Accepted as {case.id}.")
        if decision != "skipped":
            remove(candidates, candidate)
        counts[decision] += 1
    return Tally(**counts, left=len(waiting) - counts["accepted"] - counts["deleted"])


def signed(read: Read) -> str:
    """The reviewer's initials, as typed; UsageError where nothing is."""
    try:
        initials = fold(read("Your initials: "))
    except EOFError:
        initials = ""
    if not initials:
        raise UsageError("expected the reviewer's initials, found none. Type them: each case keeps who reviewed it.")
    return initials


def said_of(candidate: Candidate) -> str:
    """What readers said, each kind with its count."""
    kinds = [note.kind for note in candidate.notes]
    return ", ".join(f"{kind} × {kinds.count(kind)}" for kind in dict.fromkeys(kinds))


def known(candidate: Candidate, cases: list[Case]) -> list[str]:
    """The cases that ask the same already."""
    asked = key(candidate.question, candidate.history)
    return [f"The suite asks this already: {case.id}" for case in cases if key(case.question, case.history) == asked]


def begin(index: Index, candidate: Candidate) -> Review:
    """A candidate with what is shown for it now."""
    return answered(index, candidate, candidate.draft())


def answered(index: Index, candidate: Candidate, case: Case) -> Review:
    """A case with the answer that it gets now."""
    answer = ask(index, case.question, history=case.history)
    return Review(index, candidate, case, answer, offers_for(index, answer.searched_for, answer))


def decide(review: Review, read: Read, write: Write) -> tuple[str, Case | None]:
    """Show a candidate until a decision is typed; ("accepted", the case), ("deleted", None), ("skipped", None), ("q", None)."""
    show(review, write)
    while True:
        command, _, rest = read("gold numbers, a, u, e, t, c, k, d, q or ? > ").strip().partition(" ")
        try:
            match command.lower():
                case "q":
                    return "q", None
                case "k":
                    return "skipped", None
                case "d" if read("Delete it for good? Type yes: ").strip().lower() == "yes":
                    return "deleted", None
                case "a" | "u" as how:
                    return "accepted", finished(review, answerable=how == "a")
                case "":
                    continue
                case _:
                    review = changed(review, command.lower(), rest, write)
        except UsageError as error:
            write(str(error))


def changed(review: Review, command: str, rest: str, write: Write) -> Review:
    """The review after a command that decides nothing yet."""
    match command:
        case "e":
            question = scrub(rest)[0]
            check_case(replace(review.case, question=question))
            review = answered(review.index, review.candidate, replace(review.case, question=question))
            show(review, write)
        case "t":
            review.case = replace(review.case, tags=tuple(dict.fromkeys(rest.split())))
            write(f"Tags: {', '.join(review.case.tags) or 'none'}")
        case "c":
            severity = "normal" if review.case.severity == "critical" else "critical"
            review.case = replace(review.case, severity=severity)
            write(f"Severity: {severity}")
        case "?":
            write(HELP)
        case "d":
            write("Kept.")
        case _:
            review.marks = toggled(review.marks, f"{command} {rest}", review.offers)
            write(f"Marked: {marked(review)}")
    return review


def marked(review: Review) -> str:
    """The marked stretches in a few words each."""
    found = []
    for span, grade in review.marks.items():
        text = fold(review.index.document(span.document_id).text[span.start : span.end])
        found.append(f"“{text[:60]}{'…' if len(text) > 60 else ''}”{' (helps)' if grade == 1 else ''}")
    return "; ".join(found) or "nothing"


def finished(review: Review, *, answerable: bool) -> Case:
    """The case as it will be written; UsageError where marks are missing, or are there but nothing answers."""
    if answerable and 2 not in review.marks.values():
        raise UsageError("expected a mark at what answers, found none. Type its number, or u where nothing answers.")
    if not answerable and review.marks:
        raise UsageError("expected no marks where nothing answers, found some. Unmark them, or type a.")
    evidence = tuple(
        evidence_of(review.index.document(span.document_id), span, grade) for span, grade in review.marks.items()
    )
    return replace(review.case, answerable=answerable, evidence=evidence)


def show(review: Review, write: Write) -> None:
    """Write a candidate, its answer and the nearest passages, numbered."""
    case, answer, group = review.case, review.answer, ""
    for earlier in case.history:
        write(f"Asked before: {earlier}")
    write(f"Question: {case.question}")
    if answer.answered:
        write(f"Answered with confidence {answer.confidence:.2f}.")
    else:
        write(f"Not in these documents: {answer.reason}")
    for note in review.candidate.notes:
        if note.place:
            write(f"{note.kind} at {note.place.document_id}, characters {note.place.start}-{note.place.end}")
    for number, offer in enumerate(review.offers, start=1):
        if offer.group != group:
            group = offer.group
            write(f"{group}:")
        write(f"{number:4d}. {offer.text}")


def new_id(question: str, cases: list[Case]) -> str:
    """An id made from the words of a question, with a number where it is taken."""
    told = [word for word, _, _ in words(question) if word not in STOP_WORDS]
    stem = re.sub(r"[^a-z0-9]+", "-", "-".join(told).lower())[:ID_CHARACTERS].strip("-") or "case"
    taken = {case.id for case in cases}
    return next(
        name for number in range(1, len(cases) + 2) if (name := f"{stem}-{number}" if number > 1 else stem) not in taken
    )


def append_case(suite: Path, case: Case) -> None:
    """Add a case at the end of a suite, which is whole before and after; what stands in it stays as it is."""
    plain = case_as_dict(case)
    parse_case(plain)
    before = suite.read_bytes() if suite.exists() else b""
    start = b"\n" if before and not before.endswith(b"\n") else b""
    line = (json.dumps(plain, ensure_ascii=False) + "\n").encode("utf-8")
    mode = suite.stat().st_mode & 0o777 if suite.exists() else 0o644
    suite.parent.mkdir(parents=True, exist_ok=True)
    replace_file(suite.resolve(), before + start + line, mode=mode)
