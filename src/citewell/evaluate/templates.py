"""Questions for the sections that documents about drugs and diseases have: what heads them, asks for them, speaks of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citewell.lexicon import common_words

NO_SUBJECT = re.compile(
    r"\b(?:medicines|drugs|testing|tests|trials?|labels?|guidelines?|results|report|leaflet|for)\b|[:;?!,/|]", re.I
)
LONGEST_NAME = 4  # words of a subject's name; a longer title is a sentence, and reads badly in a question


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of section.

    :param name: Its tag.
    :param heading: A whole heading of such a section.
    :param questions: With "{}" for the subject; the first is asked, the others are the same in other words.
    :param said: By which a text speaks of it at all; a document without a match lacks it.
    """

    name: str
    heading: re.Pattern[str]
    questions: tuple[str, ...]
    said: re.Pattern[str]


def template(name: str, heading: str, questions: str, said: str) -> Template:
    """A template from its parts; questions between bars."""
    asked = tuple(question.strip() for question in questions.split("|"))
    return Template(name, re.compile(heading, re.I), asked, re.compile(said, re.I))


DRUG = (
    template("dose", r"(?:usual |recommended )?(?:dose|doses|dosage|dosing|dosage and administration)",
             "What is the dose of {}? | How much {} is given?", r"\bdos(?:e|es|age|ing)\b|\b\d+ ?m?c?g\b"),
    template("use", r"(?:approved )?(?:uses?|indications?|indications and usage)",
             "What is {} used for? | What are the uses of {}?", r"\buse[ds]?\b|\bindicat|\btreat|\bagainst\b|\bfor\b"),
    template("contraindication", r"contraindications?|who (?:should|must) not (?:take|use|have) it",
             "Who should not take {}? | What are the contraindications of {}?",
             r"contraindicat|should not|must not|may not|cannot|not (?:be )?(?:used|take|given|recommended)|never|avoid"),
    template("interaction", r"(?:drug )?interactions?(?: with .+)?",
             "What does {} interact with? | Which interactions does {} have?",
             r"interact|together|combin|concomitant|co-?administ|same time|other (?:drug|medicine)s?"),
    template("storage", r"storage(?: and handling)?|how (?:is it stored|to store it)",
             "How should {} be stored? | What is the storage of {}?", r"\bstor(?:e|ed|age|ing)\b|fridge|refrigerat|temperature|°"),
    template("side effects",
             r"(?:common |rare |serious |other )?(?:side effects?|adverse (?:reactions|effects|events)|undesirable effects)",
             "What are the side effects of {}? | Which adverse reactions does {} have?", r"side effect|adverse|unwanted|undesirable"),
    template("mechanism",
             r"how (?:it|they) works?|mechanism(?: of action)?", "How does {} work? | What is the mechanism of action of {}?",
             r"\bworks?\b|mechanism|\bbinds?\b|\bblocks?\b|inhibit|acts?\b"),
    template("monitoring", r"monitoring|checks", "What has to be monitored with {}? | Which checks are needed with {}?",
             r"monitor|check|measur|test"),
    template("pregnancy", r"(?:use in )?pregnancy", "Can {} be taken during pregnancy? | Is {} safe in pregnancy?",
             r"pregnan|f(?:o)?et(?:us|al)|unborn|conceiv|embryo|teratogen"),
    template("breastfeeding", r"breast-?feeding|lactation", "Can {} be taken while breastfeeding? | Does {} pass into breast milk?",
             r"breast-?\s?fe|lactat|nursing|milk"),
    template("missed dose",
             r"(?:if you (?:forget|miss) a dose|missed doses?)",
             "What should be done if a dose of {} is missed? | I forgot a dose of {}, what now?",
             r"miss(?:ed)?\b|forg[eo]t|skip|overdue|\blate\b"),
    template("overdose", r"overdos(?:e|age)|too much .+", "What happens after an overdose of {}? | What if too much {} was taken?",
             r"overdos|too much|accidental"),
    template("driving", r"driving.*", "Can I drive while taking {}? | Does {} affect driving?", r"\bdriv|machin"),
    template("alcohol", r"alcohol", "Can I drink alcohol with {}? | Does alcohol go with {}?",
             r"alcohol|ethanol|\bwine\b|\bbeer\b|\bdrink"),
    template("cost", r"costs?|prices?", "How much does {} cost? | What is the price of {}?",
             r"\bcosts?\b|\bpric|insur|expens|afford|cheap|[$€£]"),
)  # fmt: skip
DISEASE = (
    template("symptoms", r"symptoms|signs(?: and symptoms)?", "What are the symptoms of {}? | How does {} show itself?",
             r"symptom|\bsigns?\b"),
    template("cause", r"causes?|what causes it", "What causes {}? | Why does {} arise?", r"cause"),
    template("diagnosis", r"diagnosis|tests|how it is found", "How is {} diagnosed? | Which tests show {}?", r"diagnos|\btest"),
    template("treatment", r"(?:other )?treatments?", "How is {} treated? | What is the treatment of {}?", r"treat|therap"),
    template("prevention", r"prevention", "How can {} be prevented? | What prevents {}?", r"prevent"),
    template("frequency", r"how common it is", "How common is {}? | How many people have {}?", r"common|frequen|rare|people"),
    template("complications", r"complications", "What are the complications of {}? | What can {} lead to?", r"complicat|lead to"),
)  # fmt: skip

# Drugs that are known everywhere; those that an index lacks make questions that nothing there answers.
WELL_KNOWN = (
    "warfarin metformin amoxicillin atorvastatin omeprazole lisinopril sertraline salbutamol methotrexate prednisolone "
    "furosemide ibuprofen levothyroxine clopidogrel adalimumab apixaban"
).split()

MARKS = re.compile(r"\s*\[\d[\d,; –-]*\]")  # of references
CELL = re.compile(r"\s*\|\s*|\t+|\s{2,}")
PLAIN = re.compile(r"[^\W\d_][\w%/().,' -]*")  # a name of a column or a row that reads as words
PREPOSITION = re.compile(r"\s(?:of|in|per|for|after|before|with|against|to|named)\s")
ASKS = re.compile(r"(?:who|what|where|when|how|why|which)\b", re.I)  # "How often" names no thing
LONGEST_CELL = 60  # characters of a name of a row or a column


def reads_well(subject: str) -> bool:
    """Whether a title's name can stand in a question: a few words, each with letters, and of a thing, not of a text."""
    words = subject.split()
    lettered = all(any(letter.isalpha() for letter in word) for word in words)
    return 0 < len(words) <= LONGEST_NAME and lettered and not NO_SUBJECT.search(subject) and not is_plural(subject)


def is_plural(name: str) -> bool:
    """Whether a name speaks of several things, by the last word before its first preposition."""
    head = PREPOSITION.split(name)[0].split()[-1].casefold()
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "diabetes", "rabies", "rickets"))


def small(name: str, text: str) -> str:
    """A name inside a sentence: its first letter small where it opens with an everyday word, or one that the text writes so."""
    lower = name[:1].lower() + name[1:]
    first = opening(lower)
    written = first in common_words() or re.search(rf"(?<![\w-]){re.escape(first)}(?![\w-])", text)
    return lower if first and written else name


def opening(name: str) -> str:
    """The first word of a name."""
    found = re.match(r"[\w-]*", name)
    return found[0] if found else ""


def names_treatment(column: str) -> bool:
    """Whether a table's column is named by a treatment: it opens with no everyday word, or with "placebo"."""
    first = opening(column).casefold()
    return first == "placebo" or first not in common_words()


def cells_of(row: str) -> list[str]:
    """The cells of a table's row as it is written, the frame of Markdown's tables left out."""
    return [MARKS.sub("", cell).strip(" *`") for cell in CELL.split(row.strip().strip("|").strip())]


def table_question(subject: str, names: tuple[str, str, str]) -> str | None:
    """A question for one cell of a table; None where it would read badly.

    :param names: Of the first column, of the row, and of the cell's column.
    """
    if not all(PLAIN.fullmatch(name) and len(name) <= LONGEST_CELL and len(name.split()) <= 6 for name in names):
        return None
    first, row, column = names
    if names_treatment(column):
        return f"What do the sources on {subject} report for {row} with {column}?"
    if any(ASKS.match(name) for name in (first, column)):
        return None
    about = "" if any(subject.casefold() in name.casefold() for name in names) else f" with {subject}"
    return f"What {'are' if is_plural(column) else 'is'} the {column}{about} where the {first} is {row}?"
