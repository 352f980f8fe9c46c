"""The report for a pull request: what it says, that foreign text stays text, and that it fits."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import invented_runs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from citewell.evaluate.markdown import CONTROLS, JOINER, MOST, markdown_report, plain
from citewell.types import fold

pytestmark = pytest.mark.unit
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def report(cases: int = 40) -> str:
    found = invented_runs.comparison(cases)
    return markdown_report(invented_runs.summary(), found.after, found)


def test_the_verdict_stands_first_and_its_reasons_follow():
    lines = report().split("\n")
    assert lines[0] == "## ❌ Citewell evaluation: 2 gates fail"
    assert lines[2].startswith("- invariant\\: 2 critical cases regressed\\: examplol\\-renal\\-0001")
    assert (
        "**4** regressed · **4** fixed · **1** new · **1** removed · **3** changed but equal · **27** unchanged"
        in lines
    )
    assert (
        "0 harmful of 57 critical questions without an answer; the true share is at most 5.1 % (95 % upper bound)."
        in lines
    )


def test_primary_measures_show_both_runs_and_what_the_suite_can_see():
    assert "| right\\_first | 0.763 | 0.715 | **−0.048** | [−0.079, −0.017] | 0.004 (Holm) | 0.052 |" in report()


def test_a_regressed_case_shows_its_stage_and_both_first_quotations():
    text = READER.render(report())
    found = re.search(r"<li><strong>sampletan-dose-0001.*?</ul>", text, re.S)
    assert found
    assert html.unescape(re.sub(r"<[^>]+>", "", found[0])).split("\n") == [
        "sampletan-dose-0001 · critical · not chosen: What is the usual dose of sampletan?",
        "",
        "before: “The usual dose of sampletan is 20 mg once daily, taken with water.” (sampletan-label)",
        "now: “If creatinine clearance is below 30 mL/min, do not exceed 21 mg of sampletan every 24 hours.” (sampletan-label)",
        "",
    ]


def test_a_run_alone_lists_its_measures_and_what_failed():
    found = invented_runs.comparison(40)
    text = markdown_report(invented_runs.summary(), found.after)
    assert text.startswith("## ℹ️ Citewell evaluation: 348 of 420 cases passed\n")
    assert "### Failed (5)" in text
    assert "| right\\_first | 380 | **0.715** |" in text


def test_what_differs_between_the_runs_is_named():
    assert "Differs: Settings, Revision of the code, Library faiss\\-cpu" in report()


def test_long_quotations_are_cut():
    assert plain("word " * 100, 200) == "word " * 39 + "word…"


def test_foreign_text_makes_no_html():
    allowed = {"details", "summary", "sub", "span"}
    rendered = READER.render(report())
    tags = set(re.findall(r"<([a-z0-9]+)", rendered))
    assert tags <= allowed | {"h2", "h3", "p", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td", "em"}
    assert "&lt;script&gt;window.harmed" in rendered


def test_nobody_is_mentioned_and_nothing_is_linked():
    text = report()
    assert "@octocat" not in text
    assert "https\\://" not in text
    assert f"@{JOINER}octocat" in text
    assert plain("see #12, GH-3, www.example.org, a@b.org") == (
        f"see \\#{JOINER}12, GH\\-{JOINER}3, www\\.{JOINER}example\\.org, a@{JOINER}b\\.org"
    )


@given(st.text(max_size=80))
def test_text_is_shown_as_it_stands(text):
    shown = READER.render("x " + plain(text))
    words = html.unescape(re.sub(r"</?(p|span)>", "", shown)).replace(JOINER, "")
    assert words.strip() == fold("x " + fold(CONTROLS.sub(" ", text))).strip()


@given(st.text(alphabet="|`\\ \n<a*_", max_size=40))
def test_a_cell_stays_a_cell(text):
    tokens = READER.parse(f"| a | b |\n|--|--|\n| {plain(text) or 'x'} | end |\n")
    cells = [each for each in tokens if each.type == "td_open"]
    assert len(cells) == 2
    assert tokens[-6].content == "end" or any(each.content == "end" for each in tokens)


def test_a_thousand_cases_fit_into_a_comment_and_leave_no_part_open():
    found = invented_runs.comparison(1_000)
    everywhere = replace(found, pairs=tuple(replace(each, kind="regressed") for each in found.pairs))
    for comparison in (found, everywhere):
        text = markdown_report(invented_runs.summary(), comparison.after, comparison)
        assert len(text) <= MOST
        assert text.count("<details>") == text.count("</details>")
        assert text.endswith("</sub>\n")
    assert "Cut to fit a comment" in text
