"""The page of a report: what it says, that foreign text stays text, that it needs nothing else, and its size."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace

import invented_runs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as reader

from citewell.evaluate.comparison import CHANGED, FIXED, REGRESSED, SAME, Pair
from citewell.evaluate.concern import pairs_of, stage_of
from citewell.evaluate.markup import UNWRITABLE, escape
from citewell.evaluate.outcome import NOT_CHOSEN, Place
from citewell.evaluate.report import asset, html_report
from citewell.evaluate.report_answers import answers
from citewell.evaluate.report_headline import headline
from citewell.evaluate.report_provenance import differing
from citewell.evaluate.report_sources import Marked, passage, sources, windows
from citewell.evaluate.wording import chance, harm, interval, number, percent, signed
from citewell.evaluate.wordmarks import MOST_WORDS, compare

pytestmark = pytest.mark.unit
COMPARISON = invented_runs.comparison(64)
PAGE = html_report(invented_runs.summary(), COMPARISON.after, COMPARISON, invented_runs.documents())
ROOT = reader.document_fromstring(PAGE)


def words(fragment: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", fragment))


def test_the_first_screen_names_the_failed_gates_and_the_harm():
    shown = words(headline(invented_runs.summary(), COMPARISON))
    assert "2 gates fail" in shown
    assert "invariant: 2 critical cases regressed: examplol-renal-0001, sampletan-dose-0081" in shown
    assert "348 of 420 cases passed; 380 have an answer in the documents, 40 have none." in shown
    assert "0 harmful of 57 critical questions without an answer; the true share is at most 5.1 %" in shown


def test_a_measure_stands_before_and_now_with_its_interval_and_its_power():
    row = next(each for each in ROOT.iterfind(".//tr") if each.text_content().startswith("right_first"))
    assert [each.text_content() for each in row.iterfind("td")] == [
        "0.763 → 0.715",
        "▼worse −0.048 [−0.079, −0.017]",
        "−0.048, 95 % interval [−0.079, −0.017]",
        "0.004 Holm",
        "0.052",
        "[0.675, 0.750]",
        "380",
    ]


def test_cases_stand_in_the_order_of_concern():
    kinds = [each.get("data-kind") for each in ROOT.iterfind(".//details[@data-kind]")]
    assert kinds[:5] == [REGRESSED] * 5
    assert kinds[5] == SAME  # fails as before
    assert kinds[6:12] == [FIXED] * 6
    assert len(kinds) == 64


def test_a_page_loads_nothing_and_runs_its_own_script_only():
    assert re.search(r"""(?:src|action|@import|url\()\s*=?\s*["']?(?:https?:)?//""", PAGE) is None
    assert {each.get("href")[0] for each in ROOT.iterfind(".//a")} == {"#"}
    policy = ROOT.find('.//meta[@http-equiv="Content-Security-Policy"]').get("content")
    digest = base64.b64encode(hashlib.sha256(asset("report.js").encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}';")
    (script,) = ROOT.iterfind(".//script")
    assert script.text == asset("report.js")


def test_foreign_text_stays_text():
    assert "<script>window.harmed" not in PAGE
    assert "&lt;script&gt;window.harmed = 1&lt;/script&gt;&lt;img" in PAGE
    assert list(ROOT.iterfind(".//img")) == []
    assert "&amp;lt;b&amp;gt;" in PAGE
    assert [name for each in ROOT.iter() for name in each.attrib if name.startswith("on")] == []


def test_every_id_is_its_own_and_every_link_leads_somewhere():
    ids = [each.get("id") for each in ROOT.iter() if each.get("id")]
    assert sorted(ids) == sorted(set(ids))
    assert {each.get("href")[1:] for each in ROOT.iterfind(".//a")} <= set(ids)


def test_a_page_is_the_same_each_time_and_can_be_written():
    again = html_report(invented_runs.summary(), COMPARISON.after, COMPARISON, invented_runs.documents())
    assert again == PAGE
    assert PAGE.encode().decode() == PAGE


def test_a_run_alone_has_one_side_and_its_tags_by_what_passes():
    page = html_report(invented_runs.summary(), COMPARISON.after)
    assert "348 of 420 cases passed" in page
    assert "Before" not in words(page.split("<main>")[1].split("<script>")[0])
    assert "Share of cases that pass, by tag" in page
    assert "In the sources" not in page


def test_a_thousand_compared_cases_stay_below_five_megabytes():
    comparison = invented_runs.comparison(1_000)
    page = html_report(invented_runs.summary(), comparison.after, comparison, invented_runs.documents())
    assert len(page.encode()) < 5_000_000
    assert page.count('<details class="case"') == 1_000


def test_where_room_is_short_the_sources_of_the_last_cases_are_left_out(monkeypatch):
    monkeypatch.setattr("citewell.evaluate.report_cases.MOST_BYTES", len(PAGE) * 2 // 3)
    page = html_report(invented_runs.summary(), COMPARISON.after, COMPARISON, invented_runs.documents())
    cases = page.split('<details class="case"')[1:]
    assert "In the sources" in cases[0]
    assert "left out, to keep this page small" in cases[-1]
    assert len(page) < len(PAGE)


def test_answers_that_differ_in_words_are_marked_word_by_word():
    changed = next(each for each in COMPARISON.pairs if each.kind == CHANGED)
    found = answers(changed)
    assert re.findall("<(del|ins)>(.*?)</", found) == [("del", "examplol every 24 hours."), ("ins", "examplo")]
    assert found.count('<b class="only">only before</b>') == 1


def test_equal_answers_are_shown_once():
    same = next(each for each in COMPARISON.pairs if each.kind == SAME)
    assert "Both runs" in answers(same)
    assert answers(same).count("<section>") == 1


def test_a_refusal_shows_its_reason_and_what_stood_nearest():
    refused = invented_runs.unanswerable(4, right=True)
    shown = words(answers(Pair("passed", None, refused)))
    assert "No answer: the words “price” and “1987” stand in no document." in shown
    assert "Nearest, not shown as an answer:" in shown


def test_evidence_and_quotations_are_marked_apart_in_the_source():
    text = "Before it. The gold stands here. Between them. The quote stands there. After it."
    gold, quote = text.index("The gold"), text.index("The quote")
    marks = [Marked(gold, gold + 21, "g", ""), Marked(gold + 4, gold + 21, "b", ""), Marked(quote, quote + 23, "a", "")]
    assert passage(text, 0, len(text), marks) == (
        '<p class="passage" dir="auto">Before it. <mark class="g">The </mark><mark class="g b">gold stands here.</mark> '
        'Between them. <mark class="a">The quote stands there.</mark> After it.</p>'
    )


def test_windows_that_touch_are_one_and_long_marks_show_both_ends():
    marks = [Marked(1_000, 1_100, "g", ""), Marked(1_350, 1_400, "a", ""), Marked(5_000, 15_000, "a", "")]
    assert list(windows(marks, 20_000)) == [(800, 1_600), (4_800, 5_500), (14_500, 15_200)]
    assert list(windows([Marked(30, 40, "g", "")], 20)) == []


def test_a_document_that_changed_or_is_missing_is_named():
    case = invented_runs.result(1, right=True)
    pair = Pair("passed", None, replace(case, gold=(), excerpts=(Place("a", 0, 5, "other"), Place("b", 0, 5, "x"))))
    shown = words(sources(pair, {"a": "words that stand here"}))
    assert "a has changed since the run: marks may be out of place" in shown
    assert "b is not among the documents." in shown


def test_what_differs_between_runs_is_marked_and_when_they_were_made_is_not():
    assert differing(COMPARISON) == ("Settings", "Revision of the code", "Library faiss-cpu")
    rows = [each.text_content() for each in ROOT.iterfind('.//tr[@class="differs"]')]
    assert rows[0].split("5e")[0] == "Settings"
    assert rows[2] == "Library faiss-cpu1.12.01.13.0≠ differs"


def test_a_fixed_case_keeps_the_stage_that_it_came_from():
    wrong, right = invented_runs.result(1, right=False), invented_runs.result(1, right=True)
    assert stage_of(Pair(FIXED, wrong, right)) == NOT_CHOSEN
    assert stage_of(Pair(CHANGED, right, right)) is None
    assert [each.kind for each in pairs_of(COMPARISON.after, None)][:2] == ["failed", "failed"]


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
@example("a", "a a")
@example("a a", "a")
@example("a b a", "a a")
def test_compared_texts_lose_nothing(old, new):
    for text, parts in zip((old, new), compare(old, new), strict=True):
        assert "".join(part.text for part in parts) == text.lstrip()


@given(st.lists(st.sampled_from(["5", "mg", "of", "x"])), st.lists(st.sampled_from(["5", "mg", "of", "x"])))
def test_words_in_common_are_the_same_on_both_sides(old, new):
    left, right = compare(" ".join(old), " ".join(new))
    kept = [[word for part in side if not part.alone for word in part.text.split()] for side in (left, right)]
    assert kept[0] == kept[1]


def test_one_changed_dose_is_all_that_is_marked():
    left, right = compare("Take 5 mg twice daily.", "Take 50 mg twice daily.")
    assert [part.text for part in left if part.alone] == ["5 "]
    assert [part.text for part in right if part.alone] == ["50 "]


def test_other_texts_are_other_as_a_whole_and_long_ones_are_shortened():
    left, right = compare("one two three four", "five six seven four")
    assert [part.alone for part in (*left, *right)] == [True, True]
    long = "word " * 2_000
    (start, end), _ = compare(long + "old.", long + "new.")
    assert (len(start.text), start.left_out, end.text) == (240, 10_000 - 480, "old.")
    other = " ".join(map(str, range(MOST_WORDS + 1)))
    assert [part.alone for part in compare(other, other[::-1])[0]] == [True]


@given(st.text())
def test_escaped_text_reads_back(text):
    assert html.unescape(escape(text)) == UNWRITABLE.sub("\ufffd", text)
    assert not set("<>\"'") & set(escape(text))


def test_numbers_read_as_numbers():
    assert [number(each) for each in (0.5, -0.5, 1234.5, None, float("nan"))] == ["0.500", "−0.500", "1,234", "–", "–"]
    assert [signed(each) for each in (0.0, 0.0001, -0.0001, 0.02, -0.02)] == [
        "0.000",
        "0.000",
        "0.000",
        "+0.020",
        "−0.020",
    ]
    assert interval(-0.1, 0.2, signs=True) == "[−0.100, +0.200]"
    assert interval(None, 0.2) == ""
    assert [chance(each) for each in (0.0, 0.0009, 0.05, None)] == ["<0.001", "<0.001", "0.050", "–"]
    assert [percent(each) for each in (0.0512, 0.5)] == ["5.1 %", "50 %"]
    assert harm(0, 0, 1.0).startswith("No critical question without an answer was asked")


def luminance(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1])
def test_all_text_has_the_contrast_of_wcag_aa(scheme):
    block = re.findall(r":root \{(.*?)\}", asset("report.css"), re.S)[scheme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    pairs = [
        (ink, ground) for ink in ("ink", "soft", "accent", "good", "bad", "warn") for ground in ("paper", "ground")
    ]
    pairs += [
        ("good", "good-soft"),
        ("bad", "bad-soft"),
        ("warn", "warn-soft"),
        ("ink", "warn-soft"),
        ("gold-ink", "gold"),
    ]
    for ink, ground in [*pairs, ("paper", "accent")]:
        light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
