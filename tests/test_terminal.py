"""What a person reads in a terminal, and that no document steers it."""

from dataclasses import replace
from io import StringIO

import pytest
from answers import ANSWER, LABEL, REFUSAL
from hypothesis import given
from hypothesis import strategies as st

from citewell.terminal import ProgressBar, Style, answer_text, excerpt_text, progress_line, size_text, table, visible
from citewell.types import Disagreement

pytestmark = pytest.mark.unit


def test_an_answer_shows_quotations_by_class_with_their_sources():
    assert answer_text(ANSWER, Style()).split("\n") == [
        "Searched for: How often is alphamab given? [also: Alpha]",
        "",
        "Guideline",
        "",
        "[2] “Alphamab is given every 4 weeks.”",
        "    Bone guideline › Intervals · guideline · updated 2024-03",
        "",
        "Label",
        "",
        "    (before it: For bones.)",
        "[1] “Give 60 mg of alphamab\\x1b[31m every 6 months.”",
        "    Alphamab label › Dose · label · no date · not reviewed by a clinician · page 3",
        "    also stated in [2]",
        "",
        "Note: Alpha is a brand of alphamab.",
        "",
        "Ask next:",
        "  - What is said of storage?",
        "",
        "Quotations from your documents, not medical advice. Check the source before you act on it.",
    ]


def test_silence_gives_its_reason_and_marks_the_nearest_as_no_answer():
    lines = answer_text(REFUSAL, Style()).split("\n")
    assert lines[0] == "Not in these documents: subject not covered"
    assert lines[2] == "Nearest passages (not an answer)"
    assert "[1] “Give 60 mg of alphamab\\x1b[31m every 6 months.”" in lines


def test_a_disagreement_shows_both_sides_with_their_dates_and_no_verdict():
    differing = replace(ANSWER, disagreements=(Disagreement("interval", (1, 2, 9)),))
    shown = answer_text(differing, Style())
    assert (
        "Sources differ: interval\n"
        "  [1] “Give 60 mg of alphamab\\x1b[31m every 6 months.” (Alphamab label, no date)\n"
        "  [2] “Alphamab is given every 4 weeks.” (Bone guideline, 2024-03)\n"
        "  [9]"
    ) in shown


def test_colour_wraps_a_quotation_and_never_changes_it():
    plain = answer_text(ANSWER, Style(colour=False, width=40))
    coloured = answer_text(ANSWER, Style(colour=True, width=40))
    codes = ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[33m")
    for code in codes:
        assert code not in plain
        coloured = coloured.replace(code, "")
    assert coloured == plain
    assert max(map(len, plain.split("\n"))) <= 40


@given(st.text(max_size=80))
def test_no_text_of_a_document_reaches_the_terminal_as_a_command(text):
    shown = excerpt_text(replace(LABEL, text=text, title=text, section=(text,), context_before=text), Style())
    assert not {"\x1b", "\x07", "\r", "\x08", "\x9b", "\u202e", "\u2066"} & set(shown)


def test_characters_that_steer_are_shown_by_their_codes():
    assert visible("a\x1b]0;x\x07\u202eb\x9b\ud800") == "a\\x1b]0;x\\x07\\u202eb\\x9b\\ud800"
    assert visible("β ≤ 5 “mg”\u200d 薬") == "β ≤ 5 “mg”\u200d 薬"


def test_a_table_has_columns_as_wide_as_their_widest_cell():
    assert table([("state", "id"), ("ok", "a\nb"), ("failed", "")]) == "state   id\nok      a b\nfailed"


def test_sizes_are_written_for_people():
    assert [size_text(count) for count in (0, 999, 1_000, 2_540_000)] == ["0 bytes", "999 bytes", "1.0 kB", "2.5 MB"]


def test_progress_tells_share_rate_and_time_left():
    assert progress_line("reading", 0, 4, 0.0, 4) == "reading [....] 0/4"
    assert progress_line("reading", 1, 4, 30.0, 4) == "reading [#...] 1/4 · 0.0/s · 1:30 left"
    assert progress_line("encoding", 3, 4, 1.5, 4) == "encoding [###.] 3/4 · 2.0/s · 0:00 left"
    assert progress_line("reading", 0, 0, 9.0, 4) == "reading [....] 0/0"


class Screen(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_on_a_terminal_and_cleared_at_the_end():
    screen, log = Screen(), StringIO()
    for stream in (screen, log):
        with ProgressBar(stream) as progress:
            progress("reading", 2, 2)
    assert screen.getvalue() == "\r\x1b[Kreading [########################] 2/2\r\x1b[K"
    assert log.getvalue() == ""
