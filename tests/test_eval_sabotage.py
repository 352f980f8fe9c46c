"""What breaks answers is caught by the gate that should catch it, and named; what changes nothing changes no figure.

The curated suite over the starter corpus, with an encoder of words in place of the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import Library, library, quick_folder

from citewell.answer import compose, subject
from citewell.errors import UsageError
from citewell.evaluate.cases import Case, read_suite
from citewell.evaluate.compare import compare
from citewell.evaluate.comparison import REGRESSED, SAME, Comparison
from citewell.evaluate.outcome import STALE, WRONGLY_REFUSED, Run
from citewell.evaluate.plan import Plan
from citewell.evaluate.run import run_suite
from citewell.lexicon import Lexicon
from citewell.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus").glob("*.md"))}
UNTIMED = replace(Plan(), slower=float("inf"))  # no budget: this machine may be busy


@dataclass
class Suite:
    """The curated cases, the library they are asked of, and the run that all others are compared with."""

    cases: tuple[Case, ...]
    made: Library
    before: Run

    def run(self, settings: Settings | None = None) -> Run:
        return run_suite(self.cases, self.made.open(), settings=settings)

    def compared(self, settings: Settings | None = None) -> Comparison:
        return compare(self.before, self.run(settings), UNTIMED)


@pytest.fixture(scope="module")
def suite() -> Iterator[Suite]:
    with quick_folder() as folder, pytest.MonkeyPatch.context() as patch:
        made = library(patch, folder, DOCUMENTS)
        cases = read_suite(ROOT / "tests" / "quality" / "golden.jsonl")[::2]
        yield Suite(cases, made, run_suite(cases, made.open()))


def failed(comparison: Comparison, gate: str) -> list[str]:
    """What a gate says."""
    return [each for each in comparison.verdict.failed if each.startswith(gate)]


def test_nothing_changed_gives_no_difference_and_passes(suite):
    comparison = suite.compared()
    assert {pair.kind for pair in comparison.pairs} == {SAME}
    assert {each.difference for each in comparison.differences} == {0.0}
    assert (comparison.verdict.code, comparison.verdict.failed) == (0, ())


def test_a_random_encoder_is_caught_by_the_ranking(suite, monkeypatch):
    chance = np.random.default_rng(1)

    def random_vector(_: str) -> Any:
        vector = chance.normal(size=suite.made.encoder.dimension).astype(np.float32)
        return vector / np.linalg.norm(vector)

    monkeypatch.setattr("citewell.index.local.Index.encode", lambda _, text: random_vector(text))
    comparison = suite.compared()
    assert comparison.verdict.code == 1
    assert any("ndcg@10" in each or "right_first" in each for each in failed(comparison, "aggregate"))
    assert comparison.of_kind(REGRESSED)


def test_an_index_without_words_is_caught_by_the_ranking(suite, monkeypatch):
    monkeypatch.setattr("citewell.index.lexical.LexicalReader.search", lambda *_, **__: {})
    monkeypatch.setattr("citewell.index.lexical.LexicalReader.score", lambda *_, **__: {})
    comparison = suite.compared()
    assert comparison.verdict.code == 1
    assert any("ndcg@10" in each for each in failed(comparison, "aggregate"))


def test_spans_that_are_shifted_by_one_break_the_promises(suite, monkeypatch):
    original = compose.make_excerpt

    def shifted(*arguments: Any) -> Any:
        excerpt = original(*arguments)
        return replace(excerpt, start=excerpt.start + 1, end=excerpt.end + 1)

    monkeypatch.setattr(compose, "make_excerpt", shifted)
    comparison = suite.compared()
    assert comparison.verdict.code == 1
    told = " ".join(failed(comparison, "invariant"))
    assert all(name in told for name in ("verbatim", "cited", "whole"))


def test_a_raised_threshold_is_caught_as_silence(suite):
    comparison = suite.compared(replace(Settings(), answer_confidence=0.9))
    assert comparison.verdict.code == 1
    assert any("refusal_right" in each or "right_first" in each for each in failed(comparison, "aggregate"))
    regressed = comparison.of_kind(REGRESSED)
    assert {pair.present.stage for pair in regressed} == {WRONGLY_REFUSED}


def test_a_deleted_document_is_named_and_not_compared(suite):
    name = "denosumab-monograph.md"
    try:
        (suite.made.folder / name).unlink()
        suite.made.build()
        run = suite.run()
    finally:
        suite.made.write(DOCUMENTS)
        suite.made.build()
    asked = {case.id for case in suite.cases if name in {evidence.doc for evidence in case.evidence}}
    assert {result.id for result in run.stale} == asked
    assert all(f"{name} is not in the index" in (result.reason or "") for result in run.stale)
    with pytest.raises(UsageError, match="corpus|corpora|documents"):
        compare(suite.before, run, UNTIMED)


def test_swapped_drugs_make_their_evidence_stale(suite):
    swapped = {
        name: text.replace("denosumab", "\0").replace("zoledronic acid", "denosumab").replace("\0", "zoledronic acid")
        for name, text in DOCUMENTS.items()
    }
    try:
        suite.made.write(swapped)
        suite.made.build()
        run = suite.run()
    finally:
        suite.made.write(DOCUMENTS)
        suite.made.build()
    assert {result.stage for result in run.results if result.id == "denosumab-dose-osteoporosis"} == {STALE}
    with pytest.raises(UsageError, match="corpus|corpora|documents"):
        compare(suite.before, run, UNTIMED)


def test_a_name_that_is_read_as_another_drug_is_caught(suite, monkeypatch):
    original = subject.names_of

    def swapped(name: str, lexicon: Lexicon) -> frozenset[str]:
        return original("zoledronic" if name == "denosumab" else name, lexicon)

    monkeypatch.setattr(subject, "names_of", swapped)
    comparison = suite.compared()
    assert comparison.verdict.code == 1
    asked = [
        " ".join([pair.present.question, *pair.present.history]).casefold() for pair in comparison.of_kind(REGRESSED)
    ]
    assert asked
    assert all("denosumab" in question for question in asked), asked
