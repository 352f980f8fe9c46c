"""Small runs whose every verdict is set by hand: what the tests of comparisons, gates and baselines share."""

from __future__ import annotations

from dataclasses import replace

from citewell.evaluate.outcome import NOT_CHOSEN, WRONGLY_ANSWERED, CaseResult, Place, Provenance, Run

KEPT = {"verbatim": 1.0, "resolved": 1.0, "cited": 1.0, "whole": 1.0}


def right(name: str, **fields) -> CaseResult:
    """A case of its own document that went well."""
    gold = Place(name, 10, 40, "", 2)
    shown = Place(name, 10, 40, f"Do not take {name} with wine.")
    scores = KEPT | {"ndcg@10": 1.0, "right_first": 1.0, "refusal_right": 1.0}
    usual = CaseResult(
        id=name, parent=name.split("~")[0], cluster=name, question=f"May I drink with {name}?", history=(),
        answerable=True, severity="normal", tags=("interaction",), source="curated", xfail=None, gold=(gold,),
        answered=True, confidence=0.8, reason=None, excerpts=(shown,), nearest=(), disagreements=(), passages=(gold,),
        documents=(name,), scores=scores, passed=True, stage=None, milliseconds=10.0,
    )  # fmt: skip
    return replace(usual, **fields)


def wrong(name: str, **fields) -> CaseResult:
    """The same case with a quotation from elsewhere in its document."""
    usual = right(name)
    elsewhere = (Place(name, 90, 120, f"Store {name} in a dry place."),)
    scores = usual.scores | {"right_first": 0.0, "ndcg@10": 0.5}
    return replace(usual, **{"excerpts": elsewhere, "passed": False, "stage": NOT_CHOSEN, "scores": scores, **fields})


def silent(name: str, *, answered: bool = False, **fields) -> CaseResult:
    """A critical case that nothing answers, refused as it should be or answered all the same."""
    usual = right(
        name, answerable=False, severity="critical", gold=(), tags=("absent",), answered=answered, passed=not answered,
        stage=WRONGLY_ANSWERED if answered else None, scores=KEPT | {"refusal_right": float(not answered)},
    )  # fmt: skip
    return replace(usual, **{"excerpts": usual.excerpts if answered else (), **fields})


def provenance(**fields) -> Provenance:
    """What these runs depend on."""
    usual = Provenance(
        corpus="aa" * 32, index="0123456789ab", encoder="words", weights="", settings="5e77", suite="50", suite_path="suite.jsonl",
        version="0.1.0", code="a031a67", python="3.11.7", libraries={"numpy": "2.3.1"}, seed=1, threshold=0.4, passages=100,
        index_bytes=500_000,
    )  # fmt: skip
    return replace(usual, **fields)


def run(*results: CaseResult, **fields) -> Run:
    """A run of these results."""
    return Run("2026-11-24T06:12:45+00:00", 1.5, provenance(**fields), results)


def many(count: int, made=right, **fields) -> list[CaseResult]:
    """So many cases: case-000, case-001, …"""
    return [made(f"case-{number:03d}", **fields) for number in range(count)]
