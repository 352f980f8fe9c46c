"""The words of the corpus and of the question: analysis, names that mean the same, spelling."""

from citewell.lexicon.analysis import (
    STOP_WORDS,
    analyse,
    common_stems,
    common_words,
    data_fingerprint,
    specificity,
    stem,
    vocabulary,
    words,
)
from citewell.lexicon.lexicon import Lexicon, one_letter_apart
from citewell.lexicon.names import Alias, abbreviations_in, brands_in, drug_like, shipped_aliases

__all__ = [
    "STOP_WORDS",
    "Alias",
    "Lexicon",
    "abbreviations_in",
    "analyse",
    "brands_in",
    "common_stems",
    "common_words",
    "data_fingerprint",
    "drug_like",
    "one_letter_apart",
    "shipped_aliases",
    "specificity",
    "stem",
    "vocabulary",
    "words",
]
