"""A suite's faults are found where they are, and a sound suite has none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.evaluate import lint as module
from citewell.evaluate.cases import Case, Evidence
from citewell.evaluate.lint import Finding, lint

TEXTS = {
    "a.md": "# Drug A\n\nThe dose of drug A in adults is 5 mg. It is taken at night.\n\nTaken at night: yes.\n",
    "b.md": "# Drug B\n\nKeep the bottle of drug B cold, and throw it away thirty days after it was opened.\n",
}
DOSE = Case(
    id="a-dose",
    question="How much A does a grown-up get?",
    answerable=True,
    tags=("dose",),
    evidence=(Evidence("a.md", "The dose of drug A in adults is 5 mg."),),
    answers=("5 mg",),
    must_contain=("5 mg",),
    must_not_contain=("25 mg",),
    line=1,
)
SILENT = Case(id="b-dose", question="What amount of B is right?", answerable=False, tags=("dose",), line=2)


def found(*cases: Case) -> list[tuple[int, str, str]]:
    return [(each.line, each.severity, each.message) for each in lint(cases, TEXTS.get)]


def quoted(quote: str, doc: str = "a.md", **fields: str) -> Case:
    return replace(SILENT, answerable=True, evidence=(Evidence(doc, quote, **fields),), tags=("dose",))


@pytest.mark.unit
def test_a_sound_suite_has_no_findings():
    assert found(DOSE, SILENT) == []


@pytest.mark.unit
def test_evidence_that_is_gone_is_an_error():
    case = replace(quoted("The dose is 5 mg."), must_contain=("5 mg",))
    gone = "the quotation “The dose is 5 mg.” does not stand in a.md any more: the source changed, review the case"
    assert lint((DOSE, case), TEXTS.get) == (Finding(2, "b-dose", "error", gone),)
    assert found(DOSE, quoted("5 mg", "c.md")) == [(2, "error", "document c.md is not in the index")]


@pytest.mark.unit
def test_a_quotation_that_stands_twice_wants_context():
    assert found(DOSE, quoted("taken at night")) == []
    here = replace(quoted("at night"), question="When is the right hour?")
    assert found(DOSE, here) == [
        (2, "warning", "the quotation “at night” stands 2 times in a.md: a prefix or a suffix tells which is meant")
    ]
    assert found(DOSE, replace(here, evidence=(Evidence("a.md", "at night", suffix=": yes"),))) == []
    assert found(DOSE, replace(here, evidence=(Evidence("a.md", "at night", prefix="aken"),))) == []


@pytest.mark.unit
def test_what_no_right_answer_can_fulfil_is_an_error():
    case = replace(DOSE, must_contain=("5 mg", "50 mg"), must_not_contain=("0.005 g",), answers=("5 mg", "15 mg"))
    assert found(case, SILENT) == [
        (1, "error", "must_contain “50 mg” does not stand in the evidence: no answer can fulfil it"),
        (1, "error", "must_not_contain “0.005 g” stands in the evidence: the right answer breaks it"),
        (1, "warning", "the answer “15 mg” does not stand in the evidence"),
    ]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("question", "copied"),
    [
        ("Is the dose of drug A in adults 5 milligrams?", True),
        ("dose of drug A, adults", True),
        ("How much A does a grown-up get?", False),
    ],
)
def test_a_question_in_the_words_of_its_evidence_is_a_warning(question, copied):
    messages = [message for _, _, message in found(replace(DOSE, question=question), SILENT)]
    assert (
        any("nearly copies its evidence “The dose of drug A in adults is 5 mg.”" in each for each in messages) == copied
    )


@pytest.mark.unit
def test_a_long_run_of_words_is_a_copy_whatever_else_is_said():
    text = " ".join(f"word{number}" for number in range(40))
    seven, eight = (" ".join(text.split()[3 : 3 + count]) for count in (7, 8))
    assert not module.copies(f"Why does {seven} puzzle so many readers nowadays?", text)
    assert module.copies(f"Why does {eight} puzzle so many readers nowadays?", text)


@pytest.mark.unit
def test_a_question_that_holds_its_answer_is_a_warning_in_paraphrases_too():
    case = replace(DOSE, paraphrases=("Do grown-ups get 5 mg or more?", "Do grown-ups get 25 mg?"))
    assert found(case, SILENT) == [(1, "warning", "“Do grown-ups get 5 mg or more?” holds its own answer “5 mg”")]


@pytest.mark.unit
def test_a_question_that_an_earlier_case_asks_is_a_warning():
    twin = replace(SILENT, id="b-again", question="Right amount of B?", line=3)
    near = "nearly the same question as b-dose in line 2: “What amount of B is right?”"
    assert found(DOSE, SILENT, twin) == [(3, "warning", near)]
    assert found(DOSE, replace(SILENT, paraphrases=(twin.question,))) == []
    assert found(DOSE, SILENT, replace(twin, history=("What is drug A?",))) == []
    assert found(DOSE, SILENT, replace(twin, question="Right amount of C?")) == []
    other = replace(twin, question="What is drug A?", paraphrases=("b right amount",))
    assert found(DOSE, SILENT, other) == [(3, "warning", near)]
    together = replace(SILENT, cluster="b"), replace(twin, cluster="b")
    assert found(DOSE, *together) == []


@pytest.mark.unit
@given(
    st.lists(
        st.sets(st.sampled_from("quartz zinc helium radon boron neon argon xenon".split()), min_size=1), max_size=30
    )
)
def test_duplicates_are_those_of_comparing_all_pairs(asked):
    cases = [
        replace(SILENT, id=str(number), question=" ".join(sorted(each)), line=number)
        for number, each in enumerate(asked)
    ]
    expected = {
        later
        for later, one in enumerate(asked)
        if any(len(one & other) / len(one | other) >= module.ALIKE for other in asked[:later])
    }
    assert {int(each.case) for each in module.check_duplicates(cases)} == expected


@pytest.mark.unit
def test_critical_cases_without_a_review_are_told_once():
    critical = [replace(each, severity="critical") for each in (DOSE, SILENT)]
    assert found(*critical) == [(1, "warning", "reviewed_by is empty in 2 critical cases, this one first")]
    assert found(*(replace(each, reviewed_by="kl") for each in critical)) == []


@pytest.mark.unit
def test_what_a_case_leaves_out_is_told():
    assert found(
        DOSE, replace(SILENT, xfail=" "), replace(SILENT, id="c", question="Why C?", line=3, xfail="no C yet")
    ) == [(2, "error", "xfail without a reason: say why it fails, or leave xfail out")]
    assert found(DOSE, replace(SILENT, answerable=True)) == [
        (2, "warning", "it is answerable without evidence: only whether it is answered can be judged")
    ]


@pytest.mark.unit
def test_a_tag_of_one_case_is_a_warning():
    assert found(DOSE, replace(SILENT, tags=("dose", "dosis", "dosis"))) == [
        (2, "warning", "no other case has the tag 'dosis'")
    ]


@pytest.mark.unit
def test_synthetic_cases_have_the_source_and_the_tag():
    made = [
        replace(SILENT, tags=("dose", "synthetic"), source="synthetic"),
        replace(SILENT, id="c", question="Why C?", source="synthetic", line=3),
        replace(SILENT, id="d", question="Where is D?", tags=("dose", "synthetic"), line=4),
    ]
    assert found(DOSE, *made) == [
        (3, "error", "source 'synthetic' with the tags ['dose']: \"synthetic\" is both or neither"),
        (4, "error", "source 'curated' with the tags ['dose', 'synthetic']: \"synthetic\" is both or neither"),
    ]
