"""What the benchmarks count as the right quotation, and how they table what they measure."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import pytest
from answers import ANSWER, GUIDELINE, LABEL, REFUSAL
from fakes import DRUGS

from benchmarks import follow_ups, indexes, quality
from benchmarks.datasets import Case, Dataset, Evidence, contains, thinned
from benchmarks.drug_questions import about_absent, about_present, codes_of, lacks, read_labels, usual_reactions
from benchmarks.edits import Counts, Desk, cut_units, places, rounds
from benchmarks.stability import Compared, Pair, misspellings, misspelt, top
from benchmarks.table import Row, mean, table
from benchmarks.wrong_drug import Asked, Question
from citewell.types import Disagreement, Document, Metadata, SourceClass, Unit, UnitKind, fold

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


# Two invented labels as rows, with what is annotated in them.
ROWS = [
    {"_id": "EXAMPRIX#adverse_reactions", "text": "EXAMPRIX may cause hiccups and drowsiness. Itching was rare."},
    {"_id": "Testavan#adverse_reactions", "text": "Testavan may cause hiccups. Night blindness was seen once."},
    {"_id": "Probadon#adverse_reactions", "text": "Probadon may cause hiccups and pruritus."},
]
SPANS = [
    {"doc": f"{drug}#adverse_reactions", "term": term, "meddra_pt": code, "meddra_llt": None, "verified": True}
    for drug, term, code in (
        ("EXAMPRIX", "hiccups", "Hiccups"), ("EXAMPRIX", "drowsiness", "Somnolence"), ("EXAMPRIX", "itching", "Pruritus"),
        ("Testavan", "hiccups", "Hiccups"), ("Testavan", "night blindness", "Night blindness"), ("Probadon", "hiccups", "Hiccups"),
        ("Probadon", "pruritus", "Pruritus"),
    )
]  # fmt: skip


def test_a_label_lacks_what_neither_its_words_nor_its_codes_hold():
    known, coded = read_labels(ROWS, SPANS), codes_of(SPANS)
    examprix = next(label for label in known if label.drug == "EXAMPRIX")
    assert [term for term in coded if lacks(examprix, term, coded)] == ["night blindness"]  # pruritus is its itching


def test_what_is_to_be_refused_and_what_a_label_answers_is_told_apart():
    known = read_labels(ROWS, SPANS)
    asked = about_present(known, 40, random.Random(1))
    texts = {label.drug: label.text for label in known}
    assert all(question.reaction in texts[question.drug].casefold() for question in asked)
    assert usual_reactions(known) == ["hiccups"]  # named by three labels; the others by one
    first = list(about_absent(known, 20, random.Random(1)))
    assert first == list(about_absent(known, 20, random.Random(1)))
    assert not {question.drug for question in first} & {"EXAMPRIX", "Testavan", "Probadon"}


def test_excerpts_are_counted_for_the_label_that_they_are_cut_from():
    question = Question("present", "Is alphamab given every 6 months?", "alpha.md", "every 6 months", "printed")
    asked = Asked(question, ANSWER)
    assert (asked.owners, asked.own, asked.on_topic) == (["alpha.md", "guide.md"], 1, True)
    assert not Asked(replace(question, reaction="every 8 weeks"), ANSWER).on_topic


def test_each_kind_of_edit_changes_one_value():
    text = "Give 60 mg, not 5 mg, once; it is not for children."

    def changed(kind: str) -> list[str]:
        return [text[:start] + now + text[end:] for start, end, now in places(kind, text)]

    assert changed("number") == [text.replace("60", "61"), text.replace("5 mg", "6 mg")]
    assert changed("unit") == [text.replace("60 mg", "60 mcg"), text.replace("5 mg", "5 mcg")]
    assert changed("denial") == [text.replace("is not for", "is for")]


def test_edited_sources_are_quoted_as_they_are_now_and_called_stale_before(tmp_path):
    (tmp_path / "sources").mkdir()
    for name, text in DRUGS.items():
        (tmp_path / "sources" / name).write_text(text)
    desk, counts = Desk(tmp_path, [tmp_path / "sources"]), Counts()
    for changes in rounds(desk, 3, random.Random(1)):
        assert len({edit.document_id for edit in changes}) == len(changes)
        desk.play(changes, counts)
    assert counts.faults == []
    assert counts.done["stale answers checked"] == counts.done["asked for and quoted as changed"] == 3


def test_a_quotation_of_what_the_file_no_longer_holds_is_a_fault(tmp_path, monkeypatch):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "alphamab.md").write_text(DRUGS["alphamab.md"])
    desk, counts = Desk(tmp_path, [tmp_path / "sources"]), Counts()
    monkeypatch.setattr(desk, "build", lambda: None)  # an index that does not follow its files
    for changes in rounds(desk, 1, random.Random(1)):
        desk.play(changes, counts)
    assert {
        "citations of an earlier version",
        "quotations that their files do not hold",
        "old values shown",
    } <= counts.done.keys()


@pytest.mark.parametrize("rest", [" but not denosumab.", ", unless it rises.", "\n* except in children."])
def test_a_unit_that_ends_before_its_qualifier_is_found(rest):
    document = Document("d", f"Bisphosphonates are filtered{rest}", Metadata("d"), (), "/d", "")
    whole = Unit(0, len(document.text), UnitKind.SENTENCE, (), SourceClass.OTHER)
    cut = replace(whole, end=len("Bisphosphonates are filtered"))
    assert list(cut_units(document, [cut, whole])) == [f"d: …Bisphosphonates are filtered | {fold(rest)}"]


def test_answers_are_the_same_where_they_open_with_one_quotation_or_its_twin():
    twin = replace(ANSWER.citations[1], number=2, document_id="twin.md")
    turned = replace(ANSWER, excerpts=(GUIDELINE, LABEL))
    pair = Pair("paraphrase", "a", "b")
    assert top(replace(ANSWER, citations=(ANSWER.citations[0], twin))) == {("alpha.md", 10, 52), ("twin.md", 5, 37)}
    assert [Compared(pair, *both).same for both in ((ANSWER, ANSWER), (ANSWER, REFUSAL), (REFUSAL, REFUSAL))] == [
        True,
        False,
        True,
    ]
    assert not Compared(pair, replace(ANSWER, excerpts=(replace(LABEL, also=()), GUIDELINE)), turned).same


def test_real_misspellings_are_put_into_questions_that_hold_the_word():
    searches = [{"typo": "goverment of kindey", "clean": "government of kidney"}, {"typo": "a b", "clean": "a"}]
    wrong = misspellings(searches, [{"wrong": "Stomack", "right": "stomach"}, {"wrong": "teh", "right": "the"}])
    assert wrong == {"stomach": ["stomack"], "government": ["goverment"], "kidney": ["kindey"]}
    made = list(misspelt(["Does the Stomach hurt?", "Which lung?"], wrong, random.Random(1)))
    assert made == [Pair("misspelling in a question", "Does the Stomach hurt?", "Does the stomack hurt?")]
    heard = list(misspelt(["My heart?"] * 9, {"heart": ["hear"]}, random.Random(1)))
    assert heard == [Pair("another word in a question", "My heart?", "My hear?")] * 4
