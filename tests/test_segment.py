"""Documents are cut into whole units by offsets alone, and units are grouped into passages."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.readers import Source, read
from citewell.segment import BINDING, group_passages, split_sentences, split_units
from citewell.settings import Segmentation
from citewell.types import Block, BlockKind, Document, Metadata, SourceClass, Unit, UnitKind

SETTINGS = Segmentation()
SCIFACT = Path(__file__).resolve().parents[2] / "shared" / "data" / "scifact"
QUOTABLE = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.LABEL, BlockKind.ROW)

unit_test = pytest.mark.unit


def written(*parts: tuple[BlockKind, str], page: int | None = None) -> Document:
    """A document whose blocks are the given texts, with an empty line between them."""
    text, blocks = "", []
    for kind, part in parts:
        blocks.append(Block(len(text), len(text) + len(part), kind, level=int(kind is BlockKind.HEADING), page=page))
        text += part + "\n\n"
    return Document("d", text, Metadata("Title"), tuple(blocks), "/d", "0" * 64)


def quoted(document: Document, settings: Segmentation = SETTINGS) -> list[str]:
    """The text of every unit."""
    return [document.text[unit.start : unit.end] for unit in split_units(document, settings)]


def sentences(text: str, settings: Segmentation = SETTINGS) -> list[str]:
    """The units of one paragraph."""
    return quoted(written((BlockKind.PARAGRAPH, text)), settings)


PIECES = st.sampled_from(
    "The It Patients received dose of denosumab 60 mg. 3.5 % q6mo. vs. e.g. No. 5 J. P. Smith U.S. (see Fig. 2) [1] [2,3]. "
    "fractures.1,2 bone.Patients? Yes! …  “quoted.” but But Not unless Except at least and And : ; , — “ ) ( \n \f \u00a0 \u2028 "
    "µg 1,000 ≥ naïve 骨粗鬆症。 🦴 • * E* However, Treat Increase Bone Use Men Women treat men women".split(" ")
)
TEXTS = st.lists(PIECES, min_size=1, max_size=120).map(" ".join) | st.text(max_size=200)
PARTS = st.lists(st.tuples(st.sampled_from(BlockKind), TEXTS), min_size=1, max_size=6)
SMALL = Segmentation(item_chars=40, run_on_chars=60, sentence_chars=90, passage_tokens=20)


@unit_test
@given(PARTS, st.sampled_from([SETTINGS, SMALL]))
def test_units_are_ordered_slices_that_lose_only_white_space(parts, settings):
    document = written(*parts)
    units = split_units(document, settings)
    edges = [edge for unit in units for edge in (unit.start, unit.end)]
    assert edges == sorted(edges)
    for number, block in enumerate(document.blocks):
        kept = "".join(document.text[unit.start : unit.end] for unit in units if unit.block == number)
        expected = document.text[block.start : block.end] if block.kind in QUOTABLE else ""
        assert "".join(kept.split()) == "".join(expected.split())
        assert all(block.start <= unit.start <= unit.end <= block.end for unit in units if unit.block == number)


@unit_test
@given(PARTS, st.sampled_from([SETTINGS, SMALL]))
def test_passages_are_consecutive_units_of_one_section_and_leave_none_out(parts, settings):
    document = written(*parts)
    units = split_units(document, settings)
    passages = group_passages(document, units, settings)
    assert [number for passage in passages for number in range(passage.first, passage.last)] == list(range(len(units)))
    for passage in passages:
        assert len({units[number].section for number in range(passage.first, passage.last)}) == 1


@unit_test
@pytest.mark.parametrize(
    "text",
    [
        "Some drugs (e.g. Alphamab) and others, i.e. Betamab, were compared.",
        "The rate rose from 2.5 to 3.75 per cent (Fig. 2) in a year.",
        "In trial No. 5 the dose was 1.5 mg per kg.",
        "The trial was led by Dr. J. P. Smith and Prof. Jones.",
        "Alphamab vs. Placebo was tested in approx. 500 people.",
        "The dose is 60 mg q6mo. Alphamab and 4 mg q12h. Betamab.",
        "Infections with E. coli and S. aureus were rare.",
        "The U.S. Food and Drug Administration approved it.",
        "It was given b.i.d. Monday to Friday.",
        "It was stopped (two people fell ill. One of them died) after a year.",
        "See www.Example.Org today for more.",
        "2.1 Patients were at risk.",
        "1. Treatment was given by injection.",
        "It fell by 12 % (p < 0.05, n = 3 vs. 7) in Smith et al. [3, 7] and later.",
        "It was seen by Smith et al. Jones saw nothing of it.",
        "Levels rose 3.0 mg/dL. mean values fell.",
    ],
)
def test_abbreviations_numbers_and_brackets_do_not_end_a_sentence(text):
    assert sentences(text) == [text]


@unit_test
@pytest.mark.parametrize(
    "parts",
    [
        ["The dose is 60 mg.", "The effect lasts 6 months."],
        ["Is it safe?", "Yes!", "It was given to 1,000 people…", "They slept well."],
        ["He called it “safe.”", "Then he left."],
        ["It prevents fractures.1,2", "Patients need calcium."],
        ["It prevents fractures [1, 2].", "Patients need calcium.[3]", "Others do not."],
        ["It is sold in the U.S.", "The price is unknown."],
        ["Pain is common (see below).", "Fever is rare."],
        ["It takes 2.5 mL q6mo.", "The rest is thrown away."],
        ["It binds to the receptor.", "mTORC2 is not changed."],
        ["Did it help?", "No.", "Nobody knew why."],
    ],
)
def test_sentences_are_cut_where_they_end(parts):
    assert sentences(" ".join(parts)) == parts
    assert sentences("\n".join(parts)) == parts


@unit_test
def test_a_reference_mark_behind_the_full_stop_stays_with_its_sentence():
    assert sentences("Patients need calcium. [3] Others do not.") == ["Patients need calcium. [3]", "Others do not."]


@unit_test
def test_sentences_that_a_source_glued_together_are_parted():
    assert sentences("It strengthens bone.Patients need calcium.") == ["It strengthens bone.", "Patients need calcium."]


@unit_test
def test_a_sentence_across_line_and_page_breaks_stays_whole():
    text = "The one event that was seen\n\n\n\nwas most likely\fan unrelated finding."
    assert sentences(text) == [text]


@unit_test
def test_a_form_feed_turns_the_page():
    text = "One stands here. Two begins here\fand ends here. Three follows.\fFour is last."
    units = split_units(written((BlockKind.PARAGRAPH, text), page=3), SETTINGS)
    assert [unit.page for unit in units] == [3, 3, 4, 5]
    assert [unit.page for unit in split_units(written((BlockKind.PARAGRAPH, text)), SETTINGS)] == [None] * 4


RUN_ON = (
    "Alphamab is a medicine used to: Treat brittle bones in women after menopause who are at high risk of fracture "
    "Increase bone mass in men with brittle bones who are at high risk of fracture But not in children or in those with "
    "low calcium Treat bone loss in men who receive hormone treatment Unless they also have low calcium Increase bone mass "
    "in women At least once they have had a fracture and treat or increase nothing else"
)


@unit_test
def test_a_run_on_is_cut_at_its_clauses_and_never_before_a_word_that_binds():
    document = written((BlockKind.PARAGRAPH, RUN_ON))
    units = split_units(document, SETTINGS)
    assert [(unit.kind, document.text[unit.start : unit.end].split()[:2]) for unit in units] == [
        (UnitKind.CLAUSE, ["Alphamab", "is"]),
        (UnitKind.CLAUSE, ["Treat", "brittle"]),
        (UnitKind.CLAUSE, ["Increase", "bone"]),
        (UnitKind.CLAUSE, ["Treat", "bone"]),
        (UnitKind.CLAUSE, ["Increase", "bone"]),
    ]
    lead = document.text.index(":") + 1
    assert [unit.lead for unit in units] == [None, *[(0, lead)] * 4]


BINDERS = ["But", "but", "Not", "not", "Unless", "unless", "Except", "except", "At least", "at least"]
RUN_ON_WORDS = st.lists(
    st.sampled_from(["Treat", "treat bone", "Increase", "increase mass", "in men", "60 mg", "\n", ";", *BINDERS]),
    min_size=30,
    max_size=200,
)


@unit_test
@given(RUN_ON_WORDS, st.sampled_from([SETTINGS, SMALL]))
def test_no_cut_inside_a_run_on_stands_before_but_not_unless_except_or_at_least(pieces, settings):
    for text in sentences(" ".join(pieces), settings)[1:]:
        assert text.split()[0].lower().strip(";:,.") not in {"but", "not", "unless", "except", "at"}


@unit_test
def test_the_words_that_bind_are_the_promised_ones():
    assert {"but", "not", "unless", "except", "at"} <= BINDING


@unit_test
def test_a_long_item_is_its_sentences_and_a_short_one_is_whole():
    item = "Alphamab helps. Betamab does not."
    lead = (BlockKind.PARAGRAPH, "Uses:")
    assert quoted(written(lead, (BlockKind.ITEM, item))) == ["Uses:", item]
    short = Segmentation(item_chars=20)
    assert quoted(written(lead, (BlockKind.ITEM, item)), short) == ["Uses:", "Alphamab helps.", "Betamab does not."]


@unit_test
def test_labels_and_rows_are_units_and_headings_references_and_boilerplate_are_never_quoted():
    document = written(
        (BlockKind.HEADING, "A heading"), (BlockKind.LABEL, "Score: E*. Not proven."), (BlockKind.ROW, "| 60 mg. | 6 months |"),
        (BlockKind.REFERENCE, "1. A paper."), (BlockKind.BOILERPLATE, "Log in."), (BlockKind.HEADER, "| Dose | Interval |"),
    )  # fmt: skip
    units = split_units(document, SETTINGS)
    assert [(unit.kind, document.text[unit.start : unit.end], unit.section) for unit in units] == [
        (UnitKind.LABEL, "Score: E*. Not proven.", ("A heading",)),
        (UnitKind.ROW, "| 60 mg. | 6 months |", ("A heading",)),
    ]


PAGE = """# Is alphamab safe?

Opening words.

## From the Guidelines

One rule holds.

### For women

Another rule holds.

## From the FDA Drug Label

The label says so.

## From the Research

A trial was run.

## Labels on bottles

Read them.
"""


def units_of_page() -> tuple[Document, tuple[Unit, ...]]:
    source = Source(Path("/page.md"), "page.md", Path("/"))
    [document] = read(source, PAGE.encode())
    assert isinstance(document, Document)
    return document, split_units(document, SETTINGS)


@unit_test
def test_the_headings_above_a_unit_are_its_section_and_may_name_its_source_class():
    document, units = units_of_page()
    top = "Is alphamab safe?"
    assert [(document.text[unit.start : unit.end], unit.section, unit.source_class) for unit in units] == [
        ("Opening words.", (top,), SourceClass.OTHER),
        ("One rule holds.", (top, "From the Guidelines"), SourceClass.GUIDELINE),
        ("Another rule holds.", (top, "From the Guidelines", "For women"), SourceClass.GUIDELINE),
        ("The label says so.", (top, "From the FDA Drug Label"), SourceClass.LABEL),
        ("A trial was run.", (top, "From the Research"), SourceClass.RESEARCH),
        ("Read them.", (top, "Labels on bottles"), SourceClass.OTHER),
    ]


@unit_test
def test_passages_of_one_section_are_of_even_size():
    text = " ".join(f"Sentence number {number} has seven words." for number in range(40))
    document = written((BlockKind.PARAGRAPH, text))
    passages = group_passages(document, split_units(document, SETTINGS), SETTINGS)
    assert [passage.last - passage.first for passage in passages] == [20, 20]


ABSTRACT = (
    "BACKGROUND Bone loss is common (up to 40% of women >50 y, 95% CI 35-44). METHODS We gave 1.5 mg/kg/d alphamab vs. "
    "placebo to 1,200 patients (mean age 64.2 yrs) at St. Mary's Hosp. in 2012. RESULTS Fractures fell by 32% (P = 0.003; "
    "Fig. 1). p53 was unchanged. CONCLUSION Alphamab, i.e. a mAb to RANKL, may help. ClinicalTrials.gov No. 01234."
)
GOLD = [
    "BACKGROUND Bone loss is common (up to 40% of women >50 y, 95% CI 35-44).",
    "METHODS We gave 1.5 mg/kg/d alphamab vs. placebo to 1,200 patients (mean age 64.2 yrs) at St. Mary's Hosp. in 2012.",
    "RESULTS Fractures fell by 32% (P = 0.003; Fig. 1).",
    "p53 was unchanged.",
    "CONCLUSION Alphamab, i.e. a mAb to RANKL, may help.",
    "ClinicalTrials.gov No. 01234.",
]


@unit_test
def test_the_sentences_of_an_abstract_are_its_units():
    assert sentences(ABSTRACT) == GOLD


@pytest.mark.shared
def test_nearly_all_sentences_that_experts_marked_in_abstracts_are_units():
    gold: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for name in ("queries.jsonl", "train_queries.jsonl"):
        for line in (SCIFACT / name).read_text(encoding="utf-8").splitlines():
            for answer in json.loads(line)["answers"]:
                stripped = answer["text"].strip()
                start = answer["start"] + answer["text"].index(stripped)
                gold[answer["doc"]].add((start, start + len(stripped)))
    found = total = 0
    source = Source(SCIFACT / "corpus.jsonl", "corpus.jsonl", SCIFACT)
    for document in read(source, source.path.read_bytes()):
        if isinstance(document, Document) and document.id in gold:
            spans = {(unit.start, unit.end) for unit in split_units(document, SETTINGS)}
            found += len(gold[document.id] & spans)
            total += len(gold[document.id])
    assert total > 500
    assert found / total >= 0.97


@pytest.mark.parametrize("mark", ["¹", "³,⁴", "⁵–⁷", "[note 1]", " [endnote iv]", "[2]"])
def test_a_mark_behind_a_full_stop_stays_with_its_sentence(mark):
    text = f"The dose is 20 mg daily.{mark} Take it with food."
    assert [text[start:end] for start, end in split_sentences(text, 0, len(text))] == [
        f"The dose is 20 mg daily.{mark}",
        "Take it with food.",
    ]
