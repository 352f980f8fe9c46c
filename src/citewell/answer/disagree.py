"""Sources that differ: same subject, same use, another number, unit or interval. Both are shown, no verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citewell.answer.evidence import Candidate
from citewell.answer.merge import TRAILING_MARKS
from citewell.lexicon import analyse, specificity, stem, words
from citewell.settings import Settings

AMOUNT = re.compile(
    r"(?:(?P<of>[A-Za-z][A-Za-z ]{1,20}?)\s*\((?:at least |about |up to )?)?(?:(?P<low>\d+(?:[.,]\d+)?)\s*(?:-|–|to)\s*)?"
    r"(?P<value>\d+(?:,\d{3})*(?:[.,]\d+)?)\s*(?P<unit>mg|mcg|µg|μg|g|IU|units?|mL|ml)(?P<per>/(?:kg|mL|ml|day|m2))?(?![\w/])"
    r"(?:\s+of\s+(?P<after>[a-z]+))?"
)
SUPPLEMENT = re.compile(r"\b(?:calcium|vitamin|magnesium|phosphate|potassium|iron|zinc|fluoride|iodine|folate)\b", re.I)
ODDS = re.compile(r"\b(?:1|one) (?:in|of|out of)(?: every)? (?P<value>\d+(?:,\d{3})*)\b")
NUMBERS = {"once": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12, "a": 1, "per": 1}
DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 365 / 12, "year": 365}
INTERVAL = re.compile(
    r"\bevery (?:(?P<count>\d+|two|three|four|five|six|twelve) )?(?P<unit>hour|day|week|month|year)s?\b"
    r"|\b(?P<times>once|twice|three times|one time|two times) (?:a|per|each|every) (?P<each>day|week|month|year)\b"
    r"|\b(?:(?P<how>once|twice) )?(?P<adverb>daily|weekly|monthly|yearly|annually)\b",
    re.I,
)
ADVERBS = {"daily": 1.0, "weekly": 7.0, "monthly": 365 / 12, "yearly": 365.0, "annually": 365.0}
# Words of every dosing sentence; they tie no two of them to one use.
DOSING = frozenset(
    map(stem, "dose dosage dosing recommended standard usual given give administered administration subcutaneous subcutaneously "
    "intravenous intravenously oral orally injection injected infusion tablet tablets once twice every day week month year daily "
    "weekly monthly mg mcg iu ml g patient patients people women men adult adults treatment treat therapy use used taken take "
    "healthcare professional source states says single least also".split())
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """What a candidate states in numbers, and for what."""

    candidate: Candidate
    amounts: dict[tuple[str, str], frozenset[float]]  # (of what, unit) → values
    intervals: frozenset[float]  # days
    uses: frozenset[str]  # stems that say for what it holds
    drugs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two candidates of different documents that state different numbers for the same."""

    left: Candidate
    right: Candidate
    about: str


def read_statement(candidate: Candidate) -> Statement:
    """The amounts and intervals of a candidate, with its drugs and the use that it speaks of."""
    text = TRAILING_MARKS.sub("", candidate.text)
    names = candidate.drugs
    amounts: dict[tuple[str, str], set[float]] = {}
    for match in AMOUNT.finditer(text):
        of = label(match, names)
        unit = match["unit"].lower().replace("µ", "mc").replace("μ", "mc").rstrip("s") + (match["per"] or "").lower()
        values = {number(match[name]) for name in ("low", "value") if match[name]}
        amounts.setdefault((of, unit), set()).update(values)
    for match in ODDS.finditer(text):
        amounts.setdefault(("", "1 in"), set()).add(number(match["value"]))
    skip = DOSING | {stem(name) for name in names}
    uses = frozenset(part for part in analyse(text) if part not in skip and part.isalpha())
    return Statement(candidate, {key: frozenset(v) for key, v in amounts.items()}, intervals(text), uses, names)


def number(printed: str) -> float:
    """The value of a number with commas between thousands ("1,000") or before decimals ("0,5")."""
    return float(re.sub(r",(?=\d{3})", "", printed).replace(",", "."))


def label(match: re.Match[str], names: frozenset[str]) -> str:
    """What an amount is of: what the text says right beside it, else the supplement named last before it; "" is the drug."""
    beside = (match["of"] or match["after"] or "").strip().split(" ")[-1].lower()
    if len(beside) > 2 and beside not in names and stem(beside) not in DOSING:
        return beside
    before = SUPPLEMENT.findall(match.string, 0, match.start())
    return before[-1].lower() if before and not names else ""


def intervals(text: str) -> frozenset[float]:
    """The dosing intervals of a text, in days."""
    found = set()
    for match in INTERVAL.finditer(text):
        if match["unit"]:
            count = match["count"] or "1"
            found.add((int(count) if count.isdigit() else NUMBERS[count.lower()]) * DAYS[match["unit"].lower()])
        elif match["each"]:
            times = {"once": 1, "one time": 1, "twice": 2, "two times": 2, "three times": 3}[match["times"].lower()]
            found.add(DAYS[match["each"].lower()] / times)
        else:
            found.add(ADVERBS[match["adverb"].lower()] / (2 if (match["how"] or "").lower() == "twice" else 1))
    return frozenset(round(days, 1) for days in found)


def differences(candidates: Sequence[Candidate], settings: Settings) -> list[Difference]:
    """Every pair of candidates from different documents that differ in a number for the same drug and use."""
    statements = [read_statement(candidate) for candidate in candidates]
    stated = [statement for statement in statements if statement.amounts or statement.intervals]
    found = []
    for position, left in enumerate(stated):
        for right in stated[position + 1 :]:
            what = differ(left, right, settings)
            if what and left.candidate.document.id != right.candidate.document.id:
                found.append(Difference(left.candidate, right.candidate, describe(left, right, what)))
    return found


def differ(left: Statement, right: Statement, settings: Settings) -> str | None:
    """The attribute in which two statements on one drug and one use differ: "dose", "number" or "interval"; else None."""
    if (left.drugs or right.drugs) and not left.drugs & right.drugs:
        return None
    if not same_use(left.uses & right.uses, settings):
        return None
    shared = left.amounts.keys() & right.amounts.keys()
    for key in sorted(shared):
        if not left.amounts[key] & right.amounts[key]:
            return "number" if key[1] == "1 in" else "dose"
    if shared and left.intervals and right.intervals and not left.intervals & right.intervals:
        return "interval"
    return None


def same_use(shared: frozenset[str], settings: Settings) -> bool:
    """Whether shared words tie two statements to one use: a word that everyday English lacks, or two rather special ones."""
    special = [part for part in shared if specificity(part) >= settings.use_specificity]
    return any(specificity(part) >= 1 for part in special) or len(special) > 1


def describe(left: Statement, right: Statement, attribute: str) -> str:
    """Name a difference in the words of the sources: "dose: bone metastases"."""
    shared = left.uses & right.uses
    spoken = [
        word for word, _, _ in words(left.candidate.text) if stem(word) in shared and specificity(stem(word)) >= 0.8
    ]
    return f"{attribute}: {' '.join(dict.fromkeys(spoken))}"
