"""Words are read the same way everywhere; spelling is mended with care; names that mean the same find each other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.lexicon import (
    STOP_WORDS,
    Alias,
    Lexicon,
    analyse,
    brands_in,
    common_words,
    specificity,
    stem,
    words,
)

pytestmark = pytest.mark.unit

SHAPED = "1,000 mg 0.5 µg μg 60mg Patients’ patient's α-blocker ≥ % İ ﬁbrosis ² q6mo. naïve".split()
NORMAL = st.text(max_size=120) | st.lists(st.sampled_from(SHAPED), max_size=12).map(" ".join)


def normalised(text: str) -> list[str]:
    return [word for word, _, _ in words(text)]


def lexicon(text: str, *aliases: Alias) -> Lexicon:
    """A lexicon of a corpus of one text."""
    return Lexicon(dict.fromkeys(aliases, 1), dict.fromkeys(normalised(text), 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60mg and 60 mg", ["60", "mg", "and", "60", "mg"]),
        ("1,000 IU, 2.5 mL, 0,5", ["1000", "iu", "2.5", "ml", "0,5"]),
        ("400 µg, 400 μg, 400 mcg", ["400", "mcg", "400", "mcg", "400", "mcg"]),
        ("the patient's and patients’ α", ["the", "patient", "and", "patients", "alpha"]),
        ("≥ 50 % of it", ["≥", "50", "%", "of", "it"]),
        ("IgG2, RANKL-like", ["igg2", "rankl", "like"]),
    ],
)
def test_numbers_units_and_names_are_read_in_one_way(text, expected):
    assert normalised(text) == expected


@given(NORMAL)
def test_words_point_at_the_places_they_were_read_from(text):
    ends = [0]
    for word, start, end in words(text):
        assert ends[-1] <= start < end <= len(text)
        assert word
        ends.append(end)


@given(NORMAL)
def test_the_analysis_is_the_same_at_both_ends(text):
    assert analyse(text) == [stem(word) for word in normalised(text) if word not in STOP_WORDS]
    assert analyse(text) == analyse(f" {text}\n")
    assert analyse(text.replace("µg", "mcg")) == analyse(text.replace("μg", "mcg"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("60 mg", "60mg"),
        ("1,000 IU", "1000 IU"),
        ("5 %", "5%"),
        ("60‑mg", "60-mg"),
        ("≥ 65 years", ">=65 years"),
        ("50 µg", "50 μg"),
        ("50 µg", "50 mcg"),
        ("TNFα", "TNF-alpha"),
        ("β2-agonist", "beta 2 agonist"),
        ("IFN-γ", "IFN gamma"),
        ("H₂", "H2"),
        ("Sjögren's", "Sjogren"),
        ("naïve", "naive"),
        ("half-life", "half life"),
        ("ﬁbrosis", "fibrosis"),
    ],
)
def test_one_thing_in_two_spellings_has_the_same_stems(one, other):
    assert analyse(one) == analyse(other)


@pytest.mark.parametrize(
    ("one", "other"), [("≥ 65", "≤ 65"), ("0.5 mg", "5 mg"), ("5 mg", "5 mcg"), ("IFN-α", "IFN-γ")]
)
def test_what_differs_in_meaning_differs_in_stems(one, other):
    assert analyse(one) != analyse(other)


def test_words_of_other_scripts_stay_whole():
    assert analyse("λόγος βήτα µmol") == ["λόγοσ", "βήτα", "μmol"]
    assert analyse("суточный йод") == ["суточный", "йод"]


def test_function_words_go_and_words_that_turn_a_sentence_round_stay():
    assert analyse("Does it not harm the liver, and without calcium?") == ["not", "harm", "liver", "without", "calcium"]
    assert analyse("injections injected injecting") == ["inject"] * 3


def test_a_rare_word_says_more_than_a_common_one():
    assert specificity(stem("use")) < specificity(stem("liver")) < specificity(stem("denosumab")) == 1


def test_what_a_word_says_is_a_share():
    assert [word for word in common_words() if not 0 <= specificity(stem(word)) <= 1] == []


@pytest.mark.parametrize(
    ("corpus", "question", "expected"),
    [
        ("denosumab", "What is the dose of Prolia?", ("Prolia", "denosumab")),
        ("Prolia", "What is the dose of denosumab?", ("denosumab", "Prolia")),
        ("zoledronic acid", "Is Zometa safe?", ("Zometa", "zoledronic acid")),
        ("osteonecrosis of the jaw", "Does ONJ happen?", ("ONJ", "osteonecrosis of the jaw")),
        ("ONJ", "Does osteonecrosis of the jaw happen?", ("osteonecrosis of the jaw", "ONJ")),
    ],
)
def test_names_find_each_other_in_both_directions(corpus, question, expected):
    assert expected in [(phrase, alias.means) for phrase, alias in lexicon(corpus).aliases(question)]


def test_an_alias_that_the_corpus_lacks_or_the_question_holds_is_not_added():
    assert lexicon("calcium").aliases("What is the dose of Prolia?") == []
    assert lexicon("denosumab").aliases("Is Prolia the same as denosumab?") == []


def test_a_short_form_counts_only_in_capitals():
    known = lexicon("the alphamab pen", Alias("ALP", "alphamab pen", "abbreviation"))
    assert [phrase for phrase, _ in known.aliases("Is the ALP cold?")] == ["ALP"]
    assert known.aliases("Is the alp cold?") == []


def test_a_drug_has_all_its_names():
    known = lexicon("alphamab", Alias("Alphax", "alphamab", "brand"), Alias("Betax", "alphamab", "brand"))
    assert known.same_drug("Alphax") == {"alphax", "alphamab", "betax"}
    assert known.same_drug("alphamab") == {"alphax", "alphamab", "betax"}
    assert known.same_drug("gammamab") == {"gammamab"}


def test_drugs_are_known_by_the_glossary_by_the_corpus_and_by_their_endings():
    known = lexicon("alphacin", Alias("Alphax", "alphacin", "brand"))
    found = [
        word
        for word in ("Prolia", "alphax", "alphacin", "gammamab", "calcium", "medicine", "the")
        if known.is_drug(word)
    ]
    assert found == ["Prolia", "alphax", "alphacin", "gammamab"]


def test_a_word_beside_two_drugs_is_no_brand_of_either() -> None:
    text = "Some got alphamab (Zenticorp), others betamab (Zenticorp). Injection (denosumab) was given, or Prolia (denosumab)."
    lexicon = Lexicon(
        Counter(brands_in(text)), dict.fromkeys("alphamab betamab zenticorp injection denosumab prolia".split(), 1)
    )
    assert lexicon.same_drug("alphamab") == {"alphamab"}
    assert "injection" not in lexicon.same_drug("denosumab")
    assert lexicon.same_drug("Prolia") >= {"prolia", "denosumab"}
    assert "teriparatide" not in lexicon.same_drug("denosumab")


@pytest.mark.parametrize(
    "word", ["cholesterol", "supine", "polypeptide", "telopeptide", "cystatin", "imidazole", "precept"]
)
def test_ordinary_medical_words_are_no_drugs(word: str) -> None:
    assert not Lexicon({}, {}).is_drug(word)


@pytest.mark.parametrize(
    "word",
    [
        "denosumab",
        "alendronate",
        "teriparatide",
        "salmeterol",
        "quetiapine",
        "atorvastatin",
        "octreotide",
        "omeprazole",
    ],
)
def test_names_with_the_endings_of_drugs_are_drugs(word: str) -> None:
    assert Lexicon({}, {}).is_drug(word)
