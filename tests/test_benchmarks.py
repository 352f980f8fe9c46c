"""What the benchmarks count as the right quotation, and how they table what they measure."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from answers import ANSWER, GUIDELINE, LABEL

from benchmarks import follow_ups, indexes, quality
from benchmarks.datasets import Case, Dataset, Evidence, contains, thinned
from benchmarks.table import Row, mean, table
from citewell.types import Disagreement

pytestmark = pytest.mark.unit


def test_the_mean_of_nothing_is_no_number():
    assert math.isnan(mean([]))


def test_an_answer_is_contained_as_whole_words_only():
    assert contains("Give 5 mg  daily.".replace("  ", " "), "5 MG\ndaily")
    assert contains("It cost $5 (or less).", "$5")
    assert not contains("Give 25 mg daily.", "5 mg")
    assert not contains("Franceschini", "France")


def test_evidence_by_offset_counts_from_the_first_shared_character():
    touching, sharing = Evidence("alpha.md", start=52, end=60), Evidence("alpha.md", start=51, end=60)
    assert (touching.is_in(LABEL), sharing.is_in(LABEL)) == (False, True)
    assert not Evidence("guide.md", start=10, end=52).is_in(LABEL)


def test_evidence_by_quotation_may_be_longer_or_shorter_than_the_excerpt():
    assert Evidence("alpha.md", "every 6 months").is_in(LABEL)
    assert Evidence("alpha.md", f"Note: {LABEL.text} Always.").is_in(LABEL)
    assert not Evidence("alpha.md", "every 4 weeks").is_in(LABEL)


def test_a_thinned_corpus_keeps_what_is_wanted_and_every_fifth_other():
    lines = [f'{{"_id": "{number}"}}\n' for number in range(12)]
    assert list(thinned(lines, {"1", "2"})) == [lines[1], lines[2], lines[6], lines[11]]


def test_the_table_ends_in_ratios_and_leaves_out_what_was_not_measured():
    rows = [Row("x", "nDCG@10", 3000, 0.75, 0.5, 0.6), Row("y", "first", 3, 1 / 3)]
    assert table(rows).splitlines()[2:] == [
        "| x | nDCG@10 | 3,000 | 0.750 | 0.500 | 0.600 | 1.50 | 1.25 |",
        "| y | first | 3 | 0.333 |  |  |  |  |",
    ]


def test_a_set_that_is_not_here_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(quality, "SHARED", tmp_path / "nowhere")
    rows = quality.measure("squad", limit=1, encoder="none")
    assert table(rows).splitlines()[2:] == ["| squad | skipped: no ../shared |  |  |  |  |  |  |"]


def test_the_starter_corpus_is_measured_and_its_index_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(indexes, "RUNS", tmp_path)
    rows = quality.measure("corpus", limit=4, encoder="none")
    assert [(row.set, row.measure, row.questions) for row in rows[:4]] == [
        ("corpus", "first excerpt is right", 4),
        ("corpus", "first excerpt or nearest is right", 4),
        ("corpus", "one of the excerpts is right", 4),
        ("corpus", "answered, of the answerable", 4),
    ]
    kept = (tmp_path / "corpus-4-none" / "CURRENT").read_text()
    assert quality.measure("corpus", limit=4, encoder="none") == rows
    assert (tmp_path / "corpus-4-none" / "CURRENT").read_text() == kept


def test_a_disagreement_is_shown_where_two_of_its_sides_are_right():
    differing = replace(ANSWER, disagreements=(Disagreement("interval", (1, 2)),))
    both = (Evidence("alpha.md", LABEL.text), Evidence("guide.md", GUIDELINE.text))
    found = [
        quality.shows_both_sides(quality.Asked(quality.Case("q", "?", True, evidence), answer))
        for evidence, answer in ((both, differing), (both[:1], differing), (both, ANSWER))
    ]
    assert found == [True, False, False]


def test_follow_ups_are_those_that_are_marked_and_rewritten_and_whole_conversations_are_held_back(tmp_path):
    def row(name: str, text: str, *history: str) -> str:
        turns = [{"speaker": "user", "text": each} for each in history] + [{"speaker": "agent", "text": "Yes."}]
        return json.dumps({"_id": name, "text": text, "history": turns})

    queries = [row("a<::>1", "Is alphamab new?"), row("a<::>2", "its dose?", "Is alphamab new?"),
               row("b<::>2", "and hives?", "Asthma?"),
               row("b<::>3", "no rewrite?", "Asthma?"), row("c<::>2", "unmarked?", "Asthma?")]  # fmt: skip
    rewrites = [{"_id": name, "rewrite": f"|user|: {text}"} for name, text in
                [("a<::>1", "Is alphamab new?"), ("a<::>2", "dose of alphamab?"), ("b<::>2", "hives?"), ("c<::>2", "x")]]  # fmt: skip
    (tmp_path / "queries.jsonl").write_text("\n".join(queries))
    (tmp_path / "query_rewrites.jsonl").write_text("\n".join(map(json.dumps, rewrites)))
    marked = tuple(Case(name, "", True, grades={"d": 1}) for name in ("a<::>1", "a<::>2", "b<::>2", "b<::>3"))
    found = follow_ups.follow_ups(tmp_path, Dataset("x", (*marked, Case("c<::>2", "", True)), tmp_path))
    assert [(each.question, each.history, each.rewrite, each.half) for each in found] == [
        ("its dose?", ("Is alphamab new?",), "dose of alphamab?", follow_ups.DEVELOPED),
        ("and hives?", ("Asthma?",), "hives?", follow_ups.HELD),
    ]


def test_the_table_of_follow_ups_has_a_row_a_way_and_the_halves_apart():
    asked = [
        follow_ups.FollowUp(str(number), "?", ("!",), "?", {"d": 1}, half)
        for number, half in enumerate([follow_ups.DEVELOPED, follow_ups.DEVELOPED, follow_ups.HELD])
    ]
    found = {"Citewell": [follow_ups.Found("?", recalls) for recalls in ((0.0, 0.5), (1.0, 1.0), (0.25, 0.75))]}
    assert follow_ups.report(asked, found).splitlines() == [
        "| Asked | recall@5, developed on (2) | recall@10, developed on (2) | recall@5, held back (1) | recall@10, held back (1) |",
        "|---|---:|---:|---:|---:|",
        "| Citewell | 0.500 | 0.750 | 0.250 | 0.750 |",
    ]
