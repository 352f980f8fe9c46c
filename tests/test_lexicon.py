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
    abbreviations_in,
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


def mended(known: Lexicon, word: str, *, named: bool = False) -> str | None:
    """What a word is searched for as without asking."""
    found = known.spelling(word, named=named)
    return found.meant[0] if found and found.sure else None


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


CORPUS = (
    "denosumab prednisolone hypercalcemia hypotension anabolic intravenous osteoporosis osteoporosis fracture calcium "
    "zoledronic macrocytic endogenous adduction prenatal hypothyroidism"
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("denosumb", "denosumab"),
        ("denusomab", "denosumab"),
        ("osteoprosis", "osteoporosis"),
        ("ostoeporosis", "osteoporosis"),
        ("calcuim", "calcium"),
        ("hypercalcemai", "hypercalcemia"),
    ],
)
def test_a_misspelt_word_is_mended(typed, meant):
    assert mended(lexicon(CORPUS), typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "prednisone",  # another drug than prednisolone
        "hypocalcemia",
        "hypertension",
        "catabolic",
        "microcytic",
        "exogenous",
        "abduction",
        "postnatal",
        "hyperthyroidism",
        "romosozumab",
        "calcium",
        "calciums",
        "fractured",
        "people",
        "fever",
        "qqqqqqq",
    ],
)
def test_another_word_is_never_taken_for_a_misspelling(word):
    assert mended(lexicon(CORPUS), word) is None


@given(st.sampled_from(sorted(common_words())[::50]))
def test_a_word_of_everyday_english_is_never_changed(word):
    assert mended(lexicon(CORPUS), word) is None


@given(st.lists(st.text("abcdeimnorstuz", min_size=4, max_size=12), min_size=1, max_size=20))
def test_a_word_of_the_corpus_is_never_changed(corpus):
    known = lexicon(" ".join(corpus))
    assert [known.spelling(word) for word in normalised(" ".join(corpus))] == [None] * len(corpus)


def test_a_word_as_near_to_two_words_as_to_one_is_left_alone():
    assert mended(lexicon("alphamab alphamib"), "alphamob") is None


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ("prednisolone", "prednisone"),
        ("hydroxyzine", "hydralazine"),
        ("clonazepam", "lorazepam"),
        ("alphamab", "alphanab"),
    ],
)
def test_no_drug_of_the_corpus_becomes_another_drug_of_it(known, other):
    both = lexicon(f"{known} {other}")
    assert (both.spelling(known), both.spelling(other)) == (None, None)


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


def test_brands_that_a_text_states_are_found():
    text = "Alphax (alphamab) is new; betamab (Betax®) is old. Bone (calcium) is not a brand, nor is Vienna (austria)."
    assert list(brands_in(text)) == [Alias("Alphax", "alphamab", "brand"), Alias("Betax", "betamab", "brand")]


def test_abbreviations_that_a_text_defines_are_found():
    text = (
        "Bone mineral density (BMD) and the duration of response (DoR) were read, as was its half of a year (HOAY). "
        "It is sold in two forms (Prolia) and was new (A) or cheap (XYZ)."
    )
    assert list(abbreviations_in(text)) == [
        Alias("BMD", "Bone mineral density", "abbreviation"),
        Alias("DoR", "duration of response", "abbreviation"),
        Alias("HOAY", "half of a year", "abbreviation"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bone mineral densities (BMDs) rose.", Alias("BMD", "Bone mineral densities", "abbreviation")),
        ("Each skeletal-related event (SRE) counted.", Alias("SRE", "skeletal-related event", "abbreviation")),
    ],
)
def test_abbreviations_in_the_plural_and_of_hyphenated_words_are_found(text, expected):
    assert list(abbreviations_in(text)) == [expected]


def test_a_word_beside_two_drugs_is_no_brand_of_either() -> None:
    text = "Some got infliximab (Janssen), others golimumab (Janssen). Injection (denosumab) was given, or Prolia (denosumab)."
    lexicon = Lexicon(
        Counter(brands_in(text)), dict.fromkeys("infliximab golimumab janssen injection denosumab prolia".split(), 1)
    )
    assert lexicon.same_drug("infliximab") == {"infliximab"}
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
