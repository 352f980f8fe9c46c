"""Cases made by rules: the same each time, with gold that stands in the documents, and no slip that names another drug."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from fakes import DRUGS, FRONT, library, quick_folder
from hypothesis import given
from hypothesis import strategies as st

from citewell.encode import NONE
from citewell.evaluate.cases import Case, check_case, read_suite, write_suite
from citewell.evaluate.resolve import resolve
from citewell.evaluate.subjects import Shelf
from citewell.evaluate.synthesis import synthesise, withhold
from citewell.evaluate.templates import DISEASE, DRUG, cells_of, reads_well, table_question
from citewell.evaluate.variants import SLIPS, Known, as_written, in_other_units, near_keys, with_other_name, with_slip
from citewell.index import Index
from citewell.lexicon import Alias, Lexicon, one_letter_apart
from citewell.types import fold

pytestmark = pytest.mark.unit
TABLE = (
    FRONT.format(title="Gammastat (gammavastatin)", source_class="label")
    + """# Gammastat (gammavastatin)

## Dosage

| Kidney function | Dose for adults | How often | Placebo |
|---|---|---|---|
| normal | 1000 mg [2] | daily | 3 % |
| reduced | 500 mg | daily | 4 % |
| reduced | 250 mg | weekly | 4 % |

## Alphamab on the same page

### Storage

Alphamab is kept at 5 °C.
"""
)
DISEASE_PAGE = (
    FRONT.format(title="Brittle bones: patient page", source_class="web")
    + "# Brittle bones\n\n## Symptoms\n\nPain in the back.\n"
)
CUSHING = (
    FRONT.format(title="Cushing disease: patient page", source_class="web")
    + "# Cushing disease\n\n## Symptoms\n\nA round face.\n\n## Treatment\n\nCushing disease is treated by surgery.\n"
)
DOCUMENTS = DRUGS | {"gammastat.md": TABLE, "bones.md": DISEASE_PAGE, "cushing.md": CUSHING}


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        yield library(patch, folder, DOCUMENTS, encoder=NONE).open()


@pytest.fixture(scope="module")
def cases(index: Index) -> dict[str, Case]:
    return {case.id: case for case in synthesise(index)}


def test_a_section_is_asked_for_and_its_units_answer(cases: dict[str, Case]) -> None:
    case = cases["synthetic-side-effects-betamab"]
    assert case.question == "What are the side effects of betamab?"
    assert case.paraphrases[0] == "Which adverse reactions does betamab have?"
    assert [each.quote for each in case.evidence] == [
        "Betamab often causes sneezing, and in rare cases a swollen tongue.",
        "Headache was seen in 3.5 % of people on betamab.",
    ]
    assert (case.source, case.tags, case.cluster) == (
        "synthetic",
        ("synthetic", "heading", "side effects"),
        "betamab.md",
    )


def test_all_documents_on_one_drug_answer_one_question(cases: dict[str, Case]) -> None:
    assert {each.doc for each in cases["synthetic-side-effects-alphamab"].evidence} == {"alphamab.md"}
    assert {each.doc for each in cases["synthetic-dose-alphamab"].evidence} == {"alphamab.md"}


def test_gold_stands_in_the_documents_and_every_case_is_sound(
    index: Index, cases: dict[str, Case], tmp_path: Path
) -> None:
    texts = {document.id: document.text for document in Shelf(index).documents}
    for case in cases.values():
        check_case(case)
        assert resolve(case, texts.get).missing == ()
        assert case.answerable == bool(case.evidence)
        assert case.source == case.tags[0] == "synthetic"
        assert case.cluster
    write_suite(tmp_path / "s.jsonl", list(cases.values()))
    assert [case.id for case in read_suite(tmp_path / "s.jsonl")] == list(cases)


def test_the_same_seed_gives_the_same_cases_and_another_gives_others(index: Index) -> None:
    assert synthesise(index, 7) == synthesise(index, 7)
    assert synthesise(index, 7) != synthesise(index, 8)


def test_a_cell_is_asked_for_by_its_row_and_column_and_the_row_answers(cases: dict[str, Case]) -> None:
    found = {case.question: case for case in cases.values() if "table" in case.tags}
    case = found["What is the dose for adults with Gammastat where the kidney function is normal?"]
    assert case.answers == ("1000 mg",)  # without the mark of its reference
    assert fold(case.evidence[0].quote) == "| normal | 1000 mg [2] | daily | 3 % |"
    assert found["What do the sources on Gammastat report for normal with Placebo?"].answers == ("3 %",)
    assert not any("often" in question for question in found)  # "What is the how often" reads badly
    assert not any("reduced" in question for question in found)  # two rows of that name: nobody could tell


def test_a_section_under_another_drug_s_heading_is_no_evidence(index: Index, cases: dict[str, Case]) -> None:
    assert "synthetic-storage-gammastat" not in {case.id for case in cases.values() if case.answerable}
    shelf = Shelf(index)
    [gammastat] = [subject for subject in shelf.subjects if subject.name == "Gammastat"]
    assert gammastat.names == {"gammastat", "gammavastatin"}


def test_what_no_document_says_of_a_drug_is_a_near_miss(index: Index, cases: dict[str, Case]) -> None:
    missed = [case for case in cases.values() if "near miss" in case.tags]
    assert missed
    for case in missed:
        assert not case.answerable
        [template] = [each for each in DRUG if each.name == case.tags[2]]
        assert not template.said.search(index.document(case.cluster).text)
    storage = next(template for template in DRUG if template.name == "storage")
    assert storage.said.search(DRUGS["alphamab.md"])
    assert "synthetic-storage-alphamab" not in cases


def test_drugs_that_no_document_names_are_asked_for(index: Index, cases: dict[str, Case]) -> None:
    absent = [case for case in cases.values() if "absent drug" in case.tags]
    assert len(absent) == 8
    for case in absent:
        assert not index.lexicon.knows(case.cluster.removeprefix("absent "))


def test_withheld_documents_are_all_that_name_their_subject(index: Index) -> None:
    found = withhold(index, count=9)
    left = [document for document in Shelf(index).documents if document.id not in found.documents]
    assert {case.tags for case in found.cases} >= {
        ("synthetic", "withheld", "mechanism"),
        ("synthetic", "withheld", "treatment"),
    }
    assert not any(case.answerable or case.evidence for case in found.cases)
    assert not any("betamab" in document.text.casefold() or "cushing" in document.text.casefold() for document in left)
    assert withhold(index, count=9) == found
    assert withhold(index, count=0).cases == ()


def test_diseases_are_asked_for_where_the_question_reads_well(cases: dict[str, Case]) -> None:
    assert cases["synthetic-treatment-cushing-disease"].question == "How is Cushing disease treated?"
    assert not any(
        "rittle bones" in case.question
        for case in cases.values()
        if "heading" in case.tags and case.tags[2] == "symptoms"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("osteoporosis", True),
        ("Paget disease of bone", True),
        ("bone metastases", False),
        ("Testing for osteoporosis", False),
        ("a name of five words here", False),
        ("3 4", False),
        ("", False),
    ],
)
def test_titles_that_read_badly_are_left_out(name: str, expected: bool) -> None:
    assert reads_well(name) is expected


def test_cells_that_read_badly_are_left_out() -> None:
    assert cells_of("| a | **b** | `c` [1, 2] |") == ["a", "b", "c"]
    assert table_question("alphamab", ("use", "gout", "12.5")) is None
    assert table_question("alphamab", ("use", "a row whose name goes on and on and on", "dose")) is None
    assert (
        table_question("alphamab", ("use", "gout", "limits"))
        == "What are the limits with alphamab where the use is gout?"
    )


def test_every_template_asks_in_two_ways_of_its_subject() -> None:
    for template in (*DRUG, *DISEASE):
        assert len(template.questions) == 2
        assert all(question.count("{}") == 1 and question.endswith("?") for question in template.questions)


LEXICON = Lexicon(
    {Alias("Prolia", "denosumab", "brand"): 1}, {"denosumab": 3, "prednisone": 2, "effects": 9, "romosozumab": 1}
)
KNOWN = Known(LEXICON, frozenset({"denosumab", "prednisone", "prednisolone", "prolia"}))


@given(st.integers(0, 10_000))
def test_a_slip_changes_one_word_into_no_word_and_no_other_drug(seed: int) -> None:
    question = "What are the effects of denosumab?"
    slipped = with_slip(question, KNOWN, Random(seed))
    if slipped is None:
        return
    [(before, after)] = [(a, b) for a, b in zip(question.split(), slipped.split(), strict=True) if a != b]
    assert before[0] == after[0]
    assert one_letter_apart(before, after)
    assert not LEXICON.knows(after.casefold().rstrip("?"))


def test_a_slip_that_could_be_another_drug_is_refused() -> None:
    assert KNOWN.harmless("denosumab", "denosmuab")
    assert not KNOWN.harmless("prednisone", "prednisolone")  # another drug
    assert not KNOWN.harmless("prednisone", "prednisolne")  # a letter from another drug
    assert not KNOWN.harmless("effects", "effect")  # a word
    assert not KNOWN.harmless("denosumab", "denosumab")


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_are_those_of_fingers(slip: object) -> None:
    typed = {each.__name__: each("dose", 1, Random(0)) for each in SLIPS}
    assert typed.pop("neighbour") in {"dise", "dpse"}
    assert typed == {"transposed": "dsoe", "dropped": "dse", "doubled": "doose"}
    assert (near_keys("q"), near_keys("g"), near_keys("m"), near_keys("é")) == ("w", "fh", "n", "")


def test_a_brand_stands_for_its_drug_and_back() -> None:
    assert with_other_name("What is denosumab?", "denosumab", LEXICON, Random(0)) in {
        "What is Prolia?",
        "What is Xgeva?",
        "What is Zgeva?",
    }
    assert with_other_name("What is Fosamax?", "Fosamax", LEXICON, Random(3)) in {
        "What is alendronate?",
        "What is alendronic acid?",
    }
    assert with_other_name("What is gammamab?", "gammamab", LEXICON, Random(0)) is None
    assert (as_written("prolia"), as_written("gammamab"), as_written("newbrand")) == ("Prolia", "gammamab", "Newbrand")


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Is 1000 mg too much?", "Is 1 g too much?"),
        ("Is 1.5 g too much?", "Is 1500 mg too much?"),
        ("every 4 weeks?", "every 28 days?"),
        ("after 7 days?", "after 1 week?"),
        ("after 14 days?", "after 2 weeks?"),
        ("after 10 days, 60 mg?", None),
        ("after 6 months?", None),
        ("1,000 mg?", None),
    ],
)
def test_a_quantity_is_given_in_another_unit_only_where_that_is_exact(question: str, other: str | None) -> None:
    assert in_other_units(question) == other
