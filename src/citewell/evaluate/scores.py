"""Every measure of one case, from what it expects and what was found; docs/metrics.md defines them in one table."""

from __future__ import annotations

from collections.abc import Sequence

from citewell.evaluate.answers import best_f1, denials_kept, redundancy, rouge_l, said, token_f1, tokens_of
from citewell.evaluate.cases import Case
from citewell.evaluate.normalise import mentions
from citewell.evaluate.outcome import CaseResult, Place
from citewell.evaluate.ranking import judged, ndcg, recall, reciprocal_rank, success
from citewell.evaluate.spans import (
    citation_precision,
    citation_recall,
    overlaps_any,
    pieces,
    relevant,
    shows_sides,
    span_recall,
)

DEPTH = 10  # of a ranking that is measured


def score(case: Case, result: CaseResult) -> dict[str, float]:
    """Every measure that applies to a case, by its name, each 0..1.

    A case with an answer that was refused scores 0 in all that an answer is measured by. The promises that hold for
    every answer are not among these (invariants.py), nor is compression, which needs the lengths of documents.
    """
    scores = {"refusal_right": float(result.answered == case.answerable)}
    if case.must_not_contain:
        unwanted = [mentions(each.text, text) for each in result.excerpts for text in case.must_not_contain]
        scores["nothing_forbidden"] = float(not any(unwanted))
    if case.answerable:
        scores |= text_scores(case, result.excerpts)
    if relevant(result.gold):
        scores |= retrieval_scores(result) | evidence_scores(case, result)
    return scores


def retrieval_scores(result: CaseResult) -> dict[str, float]:
    """How well the evidence was found; a document's grade is the highest of what it holds."""
    grades: dict[str, int] = {}
    for place in result.gold:
        grades[place.doc] = max(place.grade, grades.get(place.doc, 0))
    ranking = result.documents
    return {
        f"ndcg@{DEPTH}": ndcg(ranking, grades, DEPTH),
        f"recall@{DEPTH}": recall(ranking, grades, DEPTH),
        f"rr@{DEPTH}": reciprocal_rank(ranking, grades, DEPTH),
        "success@1": success(ranking, grades, 1),
        f"judged@{DEPTH}": judged(ranking, grades, DEPTH),
        f"span_recall@{DEPTH}": span_recall(result.gold, result.passages, DEPTH),
    }


def evidence_scores(case: Case, result: CaseResult) -> dict[str, float]:
    """How well what is shown is the evidence, by place and by words."""
    right, shown = relevant(result.gold), result.excerpts
    hits = [overlaps_any(excerpt, right) for excerpt in shown]
    ours, theirs = tokens_of(shown), tokens_of(evidence_near(right, shown))
    scores = {
        "right_first": float(any(hits[:1])),
        "right_any": float(any(hits)),
        "citation_precision": citation_precision(right, shown),
        "citation_recall": citation_recall(right, shown),
        "evidence_f1": token_f1(ours, theirs),
        "rouge_l": rouge_l(ours, theirs),
    }
    if (kept := denials_kept(right, shown)) is not None:
        scores["denials_kept"] = kept
    if case.expected_disagreement:
        sides = [[shown[number - 1] for number in numbers] for numbers in result.disagreements]
        scores["both_sides"] = float(any(shows_sides(right, each) for each in sides))
    return scores


def evidence_near(gold: Sequence[Place], shown: Sequence[Place]) -> list[Place]:
    """Each piece of evidence once: where it is shown, or else at its first place."""
    return [next((p for p in places if overlaps_any(p, shown)), places[0]) for places in pieces(gold)]


def text_scores(case: Case, shown: Sequence[Place]) -> dict[str, float]:
    """How well what is shown says what it should, wherever it stands."""
    scores: dict[str, float] = {}
    if case.answers:
        scores["contained"] = float(any(said(shown, answer) for answer in case.answers))
        scores["token_f1"] = best_f1(shown[0].text, case.answers) if shown else 0.0
    if case.must_contain:
        scores["must_contain"] = float(all(said(shown, text) for text in case.must_contain))
    if shown:
        scores["redundancy"] = redundancy(shown)
    return scores
