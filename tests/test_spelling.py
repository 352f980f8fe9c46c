"""A misspelt word is mended where that is safe, else asked about; no drug is ever searched for as another."""

from __future__ import annotations

import pytest
from fakes import ALPHAMAB, library, quick_folder
from hypothesis import given
from hypothesis import strategies as st
from look_alikes import PAIRS

from citewell.conversation import ask
from citewell.lexicon import Alias, Correction, Lexicon, common_words, words
from citewell.search import correct

pytestmark = pytest.mark.unit


def lexicon(text: str) -> Lexicon:
    """A lexicon of a corpus of one text."""
    return Lexicon({}, {word: 1 for word, _, _ in words(text)})


def mended(known: Lexicon, word: str, *, named: bool = False) -> str | None:
    """What a word is searched for as without asking."""
    found = known.spelling(word, named=named)
    return found.meant[0] if found and found.sure else None


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
    assert [known.spelling(word) for word in corpus] == [None] * len(corpus)


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


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_with_one_of_two_look_alikes_in_the_corpus_the_other_is_never_searched_for_as_it(pair):
    for held, typed in (pair, pair[::-1]):
        known = lexicon(f"the dose of {held} for adults")
        for question in (f"What is the dose of {typed} for adults?", f"the dose of {typed.lower()}", f"{typed} dose"):
            spelt = correct(question, known)
            assert (spelt.text, spelt.corrections) == (question, ())
            assert held.lower() not in [alias.means.lower() for _, alias in known.aliases(question)]


def test_the_look_alikes_are_many_and_each_is_two_names():
    assert len(set(PAIRS)) >= 100
    assert [pair for pair in PAIRS if len(pair) != 2 or pair[0].lower() == pair[1].lower()] == []


@pytest.mark.parametrize(
    ("typed", "named", "expected"),
    [
        ("alphamob", True, Correction(("alphamab",), sure=True)),  # a vowel
        ("alphammab", True, Correction(("alphamab",), sure=True)),  # a doubled letter
        ("alhpamab", True, Correction(("alphamab",), sure=True)),  # neighbours
        ("alphamabs", True, None),  # a form of it
        ("alphaamb", False, Correction(("alphamab",), sure=True)),
        ("alpamab", True, Correction(("alphamab",), sure=False)),  # a letter less, in a short name
        ("alphanab", True, Correction(("alphamab",), sure=False)),  # a consonant for another
        ("epsilonpamab", True, Correction(("epsilonzamab",), sure=True)),  # in a long name
    ],
)
def test_a_name_becomes_a_drug_of_the_corpus_only_by_a_safe_slip(typed, named, expected):
    assert lexicon("alphamab epsilonzamab").spelling(typed, named=named) == expected


def test_a_slip_as_near_to_a_drug_that_the_corpus_lacks_is_only_asked_about():
    held = {"zerophamab": 1}
    assert Lexicon({}, held).spelling("zurophamab") == Correction(("zerophamab",), sure=True)
    also = Lexicon({}, held, [Alias("Zarophamab", "betamab", "brand")])
    assert also.spelling("zurophamab") == Correction(("zerophamab",), sure=False)
    assert also.spelling("zarophamab") is None


def test_words_as_near_as_each_other_are_all_named_and_none_is_taken():
    assert lexicon("zaking zaken").spelling("zakin") == Correction(("zaken", "zaking"), sure=False)
    assert lexicon("alphamab alphamib").spelling("alphamob") == Correction(("alphamab", "alphamib"), sure=False)


@pytest.mark.parametrize("word", ["stricture", "shingles", "keratosis", "resilience", "impotence"])
def test_rarer_english_words_are_no_misspellings_of_the_corpus(word):
    corpus = lexicon("structure singles kurtosis residence importance")
    assert corpus.spelling(word) is None


def test_the_reader_is_asked_about_what_was_not_searched_for():
    text = "# Alphamab\n\nThe dose of alphamab is 60 mg. Pentazocine is no antibiotic.\n"
    with pytest.MonkeyPatch.context() as patch, quick_folder() as folder:
        index = library(patch, folder, {"a.md": ALPHAMAB, "b.md": text}).open()
        answer = ask(index, "What is the dose of Alphanab?")
        assert "“Alphanab” does not occur in these documents. Did you mean “Alphamab”?" in answer.notes
        assert answer.searched_for.startswith("What is the dose of Alphanab?")
        assert not [note for note in ask(index, "What is the dose of Tazocin?").notes if "searched for" in note]
