"""The words of the corpus and of the question: analysis, names that mean the same, spelling."""

from citewell.lexicon.abbreviations import abbreviations_in
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
from citewell.lexicon.brands import brands_in
from citewell.lexicon.glossary import read_glossary
from citewell.lexicon.lexicon import Lexicon
from citewell.lexicon.names import NAME, Alias, drug_like, shipped_aliases
from citewell.lexicon.spelling import Correction, one_letter_apart
from citewell.lexicon.titles import is_name, subjects_of

__all__ = [
    "NAME",
    "STOP_WORDS",
    "Alias",
    "Correction",
    "Lexicon",
    "abbreviations_in",
    "analyse",
    "brands_in",
    "common_stems",
    "common_words",
    "data_fingerprint",
    "drug_like",
    "is_name",
    "one_letter_apart",
    "read_glossary",
    "shipped_aliases",
    "specificity",
    "stem",
    "subjects_of",
    "vocabulary",
    "words",
]
