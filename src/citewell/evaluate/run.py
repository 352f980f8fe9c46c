"""A suite over an index: every question searched and answered as a user would ask it, and judged case by case."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from citewell.conversation import ask_with_hits
from citewell.evaluate.answers import compression
from citewell.evaluate.cases import Case
from citewell.evaluate.invariants import invariants
from citewell.evaluate.outcome import (
    NOT_CHOSEN,
    NOT_RETRIEVED,
    ONE_SIDED,
    STALE,
    WRONG_TEXT,
    WRONGLY_ANSWERED,
    WRONGLY_REFUSED,
    CaseResult,
    Place,
    Run,
)
from citewell.evaluate.plan import Plan
from citewell.evaluate.provenance import provenance_of
from citewell.evaluate.resolve import Resolved, resolve
from citewell.evaluate.scores import score
from citewell.evaluate.spans import overlap
from citewell.index import Index
from citewell.search import LookUp, find
from citewell.settings import Settings
from citewell.types import Answer, Excerpt, Hit

Progress = Callable[[str, int, int], None]
SAME_TEXT = ("must_contain", "nothing_forbidden")  # metrics of what the shown text says


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to be asked: a case, or one of its paraphrases."""

    id: str
    case: Case
    question: str


def questions_of(cases: Sequence[Case]) -> Iterator[Asked]:
    """Yield each case, then its paraphrases."""
    for case in cases:
        yield Asked(case.id, case, case.question)
        for number, text in enumerate(case.paraphrases, start=1):
            yield Asked(f"{case.id}~{number}", case, text)


def run_suite(
    cases: Sequence[Case],
    index: Index,
    *,
    suite_path: str = "",
    settings: Settings | None = None,
    plan: Plan | None = None,
    progress: Progress | None = None,
    look_up: LookUp = find,
) -> Run:
    """Ask every question of a suite, in its order, and judge the answers."""
    settings, plan = settings or Settings(), plan or Plan()
    warm(index)
    began, start = datetime.now(UTC), time.perf_counter()
    asked = list(questions_of(cases))
    results = []
    for done, each in enumerate(asked, start=1):
        results.append(judge(each, index, settings, plan, look_up))
        if progress:
            progress("asking", done, len(asked))
    seconds = round(time.perf_counter() - start, 3)
    provenance = provenance_of(index, cases, suite_path, settings, plan)
    return Run(began.isoformat(timespec="seconds"), seconds, provenance, tuple(results))


def warm(index: Index) -> None:
    """Load what the first question of a process would wait for, so that it is timed like the others."""
    ask_with_hits(index, "What is it used for?", history=(), settings=Settings(), depth=1)


def judge(asked: Asked, index: Index, settings: Settings, plan: Plan, look_up: LookUp = find) -> CaseResult:
    """Ask one question and score what comes back."""
    start = time.perf_counter()
    answer, hits = ask_with_hits(
        index, asked.question, history=asked.case.history, settings=settings, depth=plan.depth, look_up=look_up
    )
    spent = 1000 * (time.perf_counter() - start)
    gold = resolve(asked.case, lambda document_id: text_of(index, document_id))
    result = recorded(asked, answer, hits, gold, spent)
    if gold.missing:
        return replace(result, reason="; ".join(gold.missing), stage=STALE)
    scores = score(asked.case, result) | invariants(index, answer) | shortness(index, result)
    stage = stage_of(replace(result, scores=scores), settings.evidence_passages)
    return replace(
        result,
        scores={name: round(value, 6) for name, value in sorted(scores.items())},
        passed=stage is None,
        stage=stage,
    )


def shortness(index: Index, result: CaseResult) -> dict[str, float]:
    """How short an answer is beside its sources, where one was due and given."""
    if not (result.answerable and result.answered):
        return {}
    lengths = {shown.doc: len(index.document(shown.doc).text) for shown in result.excerpts}
    return {"compression": compression(result.excerpts, lengths)}


def text_of(index: Index, document_id: str) -> str | None:
    """The text of a document; None where the index has none of that id."""
    return index.document(document_id).text if index.has_document(document_id) else None


def recorded(asked: Asked, answer: Answer, hits: Sequence[Hit], gold: Resolved, spent: float) -> CaseResult:
    """What was found and shown, not judged yet."""
    case = asked.case
    return CaseResult(
        id=asked.id,
        parent=case.id,
        cluster=case.cluster or (case.evidence[0].doc if case.evidence else case.id),
        question=asked.question,
        history=case.history,
        answerable=case.answerable,
        severity=case.severity,
        tags=case.tags,
        source=case.source,
        xfail=case.xfail,
        gold=gold.places,
        answered=answer.answered,
        confidence=answer.confidence,
        reason=answer.reason,
        excerpts=tuple(map(place_of, answer.excerpts)),
        nearest=tuple(map(place_of, answer.nearest)),
        disagreements=tuple(each.citations for each in answer.disagreements),
        passages=tuple(Place(hit.document_id, hit.start, hit.end) for hit in hits),
        documents=tuple(dict.fromkeys(hit.document_id for hit in hits)),
        scores={},
        passed=False,
        stage=None,
        milliseconds=round(spent, 2),
    )


def place_of(excerpt: Excerpt) -> Place:
    """Where an excerpt stands, with its words."""
    return Place(excerpt.document_id, excerpt.start, excerpt.end, excerpt.text)


def stage_of(result: CaseResult, passages: int) -> str | None:
    """Where a case went wrong on the way from the question to the answer; None where it went well.

    :param passages: How many of the ranked passages are looked at for an answer.
    """
    if not result.answerable:
        return WRONGLY_ANSWERED if result.answered else None
    if not result.scores.get("right_any", result.scores.get("contained", 1.0)):
        if result.gold and not any(
            overlap(gold, passage) for gold in result.gold for passage in result.passages[:passages]
        ):
            return NOT_RETRIEVED
        return NOT_CHOSEN if result.answered else WRONGLY_REFUSED
    if not all(result.scores.get(name, 1.0) for name in SAME_TEXT):
        return WRONG_TEXT
    return ONE_SIDED if result.scores.get("both_sides") == 0.0 else None
