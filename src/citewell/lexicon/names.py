"""Names that mean the same: the glossary that ships, and what the documents themselves state; names of drugs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from citewell.lexicon.analysis import STOP_WORDS


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


BRAND_IN_TEXT = re.compile(
    r"\b(?P<brand>[A-Z][a-z]{3,14})®?\s*\((?P<generic>[a-z]{5,20}(?: [a-z]{3,12})?)\)"
    r"|\b(?P<generic2>[a-z]{5,20})\s*\((?P<brand2>[A-Z][a-z]{3,14})®?\)"
)
SHORT_FORM = re.compile(r"\((?P<short>[A-Z][A-Za-z-]{0,6}[A-Z])s?\)")


# Names of groups of drugs; a question about one of them is not answered with a single drug of another group.
GROUPS = re.compile(
    r"bisphosphonates?|statins?|opioids?|nsaids?|antibiotics?|anticoagulants?|diuretics?|contraceptives?|antidepressants?|"
    r"antihistamines?|antipsychotics?|vaccines?|insulins?|serms?",
    re.I,
)


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


def brands_in(text: str) -> Iterator[Alias]:
    """Yield brand ↔ generic pairs that a text itself states: "Prolia (denosumab)"."""
    for match in BRAND_IN_TEXT.finditer(text):
        brand = match["brand"] or match["brand2"]
        generic = match["generic"] or match["generic2"]
        if brand and generic and drug_like(generic.split()[0]):
            yield Alias(brand, generic, "brand")


def abbreviations_in(text: str) -> Iterator[Alias]:
    """Yield the short forms that a text defines: "bone mineral density (BMD)".

    The long form is found as Schwartz & Hearst do (PSB 2003), with every capital opening one of its words.
    """
    for match in SHORT_FORM.finditer(text):
        short = match["short"]
        capitals = [letter.lower() for letter in short if letter.isalpha()]
        before = text[max(0, match.start() - 120) : match.start()].split()[-len(capitals) - 2 :]
        for size in range(1, len(before) + 1):
            long_form = before[-size:]
            if opens_with(long_form, capitals) and sum(letter.isupper() for letter in short) > 1:
                yield Alias(short, " ".join(word.strip(",;:") for word in long_form), "abbreviation")
                break


def opens_with(phrase: Sequence[str], letters: Sequence[str]) -> bool:
    """Whether the letters are, in order, the first letters of the words, each word but function words giving one."""
    parts = [part for word in phrase for part in re.split(r"[-/]", word.strip("(,;:").casefold()) if part]
    firsts = [part[0] for part in parts]
    content = [part[0] for part in parts if part not in STOP_WORDS]
    return list(letters) in (firsts, content) and firsts[0] == letters[0]
