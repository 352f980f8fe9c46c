"""Names that mean the same: the glossary that ships, and what the documents themselves state; names of drugs."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from importlib import resources

BRAND, ABBREVIATION, SYNONYM = "brand", "abbreviation", "synonym"
NAME = "name"  # what a document is about, by its title; it means itself
NONE = "none"  # in a user's glossary: the two are no names of one thing
GIVEN_KINDS = (BRAND, ABBREVIATION, SYNONYM, NONE)


@dataclass(frozen=True, slots=True)
class Alias:
    """Two names of one thing: a brand and its generic name, an abbreviation and its long form, a synonym."""

    name: str
    means: str
    kind: str  # brand | abbreviation | synonym


def shipped_aliases() -> tuple[Alias, ...]:
    """The glossary that comes with Citewell."""
    with resources.files("citewell").joinpath("data/glossary.csv").open(encoding="utf-8") as stream:
        return tuple(Alias(row["name"], row["means"], row["kind"]) for row in csv.DictReader(stream))


# Names of groups of drugs; a question about one of them is not answered with a single drug of another group.
GROUPS = frozenset(
    "bisphosphonate statin opioid nsaid antibiotic anticoagulant diuretic contraceptive antidepressant antihistamine "
    "antipsychotic vaccine insulin serm".split()
)


def group_of(word: str) -> str:
    """The group of drugs that a word names in the singular or the plural; empty for another word."""
    singular = word.casefold().removesuffix("s")
    return singular if singular in GROUPS else ""


# Endings that drugs' names share with few other words. "Cholesterol", "supine" and "peptide" are no drugs.
DRUG_ENDINGS = tuple(
    "mab nib limus vastatin nystatin prazole sartan pril olol dipine apine azepine dronate dronic floxacin cillin "
    "mycin cycline vir conazole nidazole bendazole trozole triptan gliptin gliflozin glutide natide paratide reotide "
    "setron parin xaban gatran oxifene calcitonin caine barbital azepam azolam peridone oxetine triptyline zosin "
    "buterol meterol moterol caterol asone olone isone thiazide semide lukast ciclib parib nercept tacept bercept "
    "grastim poetin platin rubicin taxel bicin fenac profen coxib formin glitazone fibrate codone morphone levodopa "
    "giline capone vaptan entan ciguat afil astine atadine lutamide relix relin fluorouracil trexate thioprine "
    "phylline tropium bactam penem metacin fungin oquine mestane".split()
)
SMALL_LETTERS = re.compile(r"[a-z-]+")


def drug_like(word: str) -> bool:
    """Whether a word ends as drug names do (the WHO's and USAN's common stems), with at least two letters before."""
    small = word.casefold()
    return small[2:].endswith(DRUG_ENDINGS) and SMALL_LETTERS.fullmatch(small) is not None


SALTS = frozenset(
    "sodium disodium potassium calcium magnesium hydrochloride hydrobromide mesylate maleate tartrate succinate besylate fumarate "
    "sulfate sulphate phosphate acetate citrate tosylate dihydrate monohydrate trihydrate bromide nitrate".split()
)


def without_salt(name: str) -> str:
    """A drug's generic name in small letters without the salt that it comes in, unless nothing is left."""
    first, *others = name.split()
    return " ".join([first, *(word for word in others if word not in SALTS)])
