"""Sources that differ: same subject, use and population, another number, unit or interval, or one denies what the other says.

Both are shown, no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from citewell.answer.evidence import Candidate
from citewell.answer.merge import without_marks
from citewell.answer.reading import stems_of
from citewell.answer.subject import SUPPLEMENT
from citewell.lexicon import specificity, stem, words
from citewell.settings import Settings

FIGURE = r"(?<![\d.,])\d{1,9}(?:,\d{3})*+(?:\.\d{1,6})?(?!\d)"
AMOUNT = re.compile(
    rf"(?:\b(?P<of>[A-Za-z]+)\s*\((?:at least |about |up to )?)?(?:(?P<low>{FIGURE})\s*(?:-|–|to|and)\s*)?"
    rf"(?P<value>{FIGURE})\s*(?P<unit>mg|mcg|µg|μg|g|IU|units?|mL|ml|%|percent)(?P<per>/(?:kg|mL|ml|day|m2))?(?![\w/])"
    r"(?:\s+of\s+(?P<after>[Vv]itamin [A-K]\d{0,2}|[a-z]+))?"
)
MEASURED = re.compile(r"\d\s*(?:m|µ|μ|g|I|u|%|p)")  # in every text with an amount, and much faster to find
MILLIGRAMS = {"mg": 1.0, "g": 1000.0, "mcg": 0.001, "µg": 0.001, "μg": 0.001}
LEAST_NAMED = 0.8  # specificity from which a shared word is named as what a difference is about
VITAMIN = frozenset(("vitamin", "d"))  # what an amount is of, as `label` reads; no use
ODDS = re.compile(r"\b(?:1|one) (?:in|of|out of)(?: every)? (?P<value>\d+(?:,\d{3})*)\b")
NUMBERS = {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
}
NUMBERS |= {"once": 1, "twice": 2, "thrice": 3, "other": 2, "second": 2, "third": 3, "fourth": 4, "sixth": 6}
COUNT = rf"\d+(?:\.\d+)?|{'|'.join(NUMBERS)}"
DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14, "month": 365 / 12, "year": 365}
SHORT = {"h": 1 / 24, "hr": 1 / 24, "d": 1, "w": 7, "wk": 7, "mo": 365 / 12, "m": 365 / 12, "y": 365, "yr": 365}
ADVERBS = {"hourly": "hour", "daily": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month", "yearly": "year",
           "annually": "year", "annual": "year"}  # fmt: skip
INTERVAL = re.compile(
    rf"\bevery\s+(?:(?P<count>{COUNT})(?:\s*(?:-|–|to|or)\s*(?P<most>{COUNT}))?\s+)?(?P<unit>{'|'.join(DAYS)})s?\b"
    rf"|\b(?P<times>{COUNT})(?:\s+times?)?[\s-]+(?:(?:a|per|each|every)\s+(?P<each>{'|'.join(DAYS)})|(?P<how>{'|'.join(ADVERBS)}))\b"
    rf"|\bq(?P<q>\d+)(?P<short>{'|'.join(sorted(SHORT, key=len, reverse=True))})\b"
    rf"|\b(?P<adverb>{'|'.join(ADVERBS)})\b"
    rf"|\b(?:intervals?\s+of|at)\s+(?P<gap>{COUNT})[\s-]+(?P<gap_unit>{'|'.join(DAYS)})s?\b",
    re.I,
)
TIMED = re.compile(
    r"hour|day|daily|week|fortnight|month|year|annual|q\d"
)  # likewise, with an interval, in small letters
PREFIXES = frozenset(("once", "twice", "thrice"))  # "twice-yearly" is twice a year, "six-monthly" every six months
# Words of every dosing sentence; they tie no two of them to one use.
DOSING = frozenset(
    map(stem, "dose dosage dosing recommended standard usual given give administered administration subcutaneous subcutaneously "
    "intravenous intravenously oral orally injection injected infusion tablet tablets once twice every day week month year daily "
    "weekly monthly mg mcg iu ml g patient patients people women men adult adults treatment treat therapy use used taken take "
    "healthcare professional source states says single least also".split())
)  # fmt: skip


Range = tuple[float, float]  # lowest and highest; a single amount is both


@dataclass(frozen=True, slots=True)
class Statement:
    """What a candidate states in numbers, and for what."""

    candidate: Candidate
    amounts: dict[tuple[str, str], frozenset[Range]]  # (of what, unit) → ranges; a single value is one
    intervals: frozenset[float]  # days
    uses: frozenset[str]  # stems that say for what it holds
    drugs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two candidates of different documents that state different numbers for the same."""

    left: Candidate
    right: Candidate
    about: str


def read_statement(candidate: Candidate, *, named_only: bool = False) -> Statement | None:
    """The amounts and intervals of a candidate, with its drugs and the use that it speaks of; None where it has none.

    :param named_only: Whether only drugs that it names itself, or that its headings name, count.
    """
    text = without_marks(candidate.text)
    found, days = amounts(text, candidate), intervals(text)
    if not found and not days:
        return None
    skip = DOSING.union(map(stem, candidate.drugs), VITAMIN)
    uses = frozenset(part for part in stems_of(text) if part not in skip and part.isalpha())
    drugs = candidate.drugs if candidate.named or not named_only else candidate.titled
    return Statement(candidate, found, days, uses, drugs)


def amounts(text: str, candidate: Candidate) -> dict[tuple[str, str], frozenset[Range]]:
    """The amounts of a candidate's text by (of what, unit)."""
    found: dict[tuple[str, str], set[Range]] = {}
    for match in AMOUNT.finditer(text) if MEASURED.search(text) else ():
        unit, factor = standard_unit(match["unit"])
        high = number(match["value"]) * factor
        low = number(match["low"]) * factor if match["low"] else high
        key = label(match, candidate.drugs), unit + (match["per"] or "").lower()
        found.setdefault(key, set()).add((min(low, high), max(low, high)))
    for match in ODDS.finditer(text):
        odds = number(match["value"])
        found.setdefault(("", "1 in"), set()).add((odds, odds))
    return {key: frozenset(ranges) for key, ranges in found.items()}


def standard_unit(unit: str) -> tuple[str, float]:
    """A unit's common form and what to multiply by: all masses in mg."""
    if unit in MILLIGRAMS:
        return "mg", MILLIGRAMS[unit]
    return {"percent": "%", "units": "unit", "ml": "mL"}.get(unit, unit), 1.0


def number(printed: str) -> float:
    """The value of a number with commas between thousands ("1,000") or before decimals ("0,5")."""
    return float(re.sub(r",(?=\d{3})", "", printed).replace(",", "."))


def label(match: re.Match[str], names: frozenset[str]) -> str:
    """What an amount is of: what the text says right beside it, else the supplement named last before it; "" is the drug."""
    beside = (match["of"] or match["after"] or "").lower()
    if len(beside) > 2 and beside not in names and stem(beside) not in DOSING:
        return beside
    before = SUPPLEMENT.findall(match.string, 0, match.start())
    return before[-1].lower() if before and not names else ""


def intervals(text: str) -> frozenset[float]:
    """The dosing intervals of a text, in days."""
    if not TIMED.search(text.casefold()):
        return frozenset()
    return frozenset(round(days, 1) for match in INTERVAL.finditer(text) for days in days_of(match))


def days_of(match: re.Match[str]) -> list[float]:
    """The days from one dose to the next that one phrase states; two where it states a range, none for "0 times daily"."""
    if match["times"] and not counted(match["times"]):
        return []
    if match["unit"]:
        counts = [counted(match[name]) for name in ("count", "most") if match[name]] or [1.0]
        return [count * DAYS[match["unit"].lower()] for count in counts]
    if match["each"]:
        return [DAYS[match["each"].lower()] / counted(match["times"])]
    if match["how"]:
        days, number = DAYS[ADVERBS[match["how"].lower()]], counted(match["times"])
        stated = match.group().lower()
        every = "-" in stated and match["times"].lower() not in PREFIXES and "times" not in stated
        return [days * number if every else days / number]
    if match["short"]:
        return [int(match["q"]) * SHORT[match["short"].lower()]]
    if match["adverb"]:
        return [DAYS[ADVERBS[match["adverb"].lower()]]]
    return [counted(match["gap"]) * DAYS[match["gap_unit"].lower()]]


def counted(word: str) -> float:
    """The value of a number in figures or in words."""
    return float(NUMBERS.get(word.lower()) or word)


def differences(candidates: Sequence[Candidate], drugs: frozenset[str], settings: Settings) -> list[Difference]:
    """Every pair of candidates from different documents that differ in a number for the same drug and use.

    :param drugs: All names of the drugs that the question names. Where it names none, drugs that only stand around a
        statement, in another sentence, don't keep it apart from another one.
    """
    stated = [read_statement(candidate, named_only=not drugs) for candidate in candidates]
    return [
        Difference(left.candidate, right.candidate, describe(left, right, what))
        for left, right in combinations(filter(None, stated), 2)
        if left.candidate.document.id != right.candidate.document.id and (what := differ(left, right, settings))
    ]


def differ(left: Statement, right: Statement, settings: Settings) -> str | None:
    """The attribute in which two statements on one drug and one use differ, "dose of calcium" or "interval"; else None."""
    shared = comparable(left, right, settings)
    if shared is None:
        return None
    for key in sorted(shared):
        if not agree(left.amounts[key], right.amounts[key]) and (
            key[1] != "%" or alike(left.uses, right.uses, settings)
        ):
            return f"{'number' if key[1] in ('%', '1 in') else 'dose'}{f' of {key[0]}' if key[0] else ''}"
    timed = shared or not (left.amounts or right.amounts)
    if timed and left.intervals and right.intervals and not left.intervals & right.intervals:
        return "interval"
    return None


def comparable(left: Statement, right: Statement, settings: Settings) -> frozenset[tuple[str, str]] | None:
    """The (of what, unit) that both state for one drug, population and use; None where they don't speak of the same."""
    if apart(left, right):
        return None
    mine, theirs = left.candidate.population, right.candidate.population
    shared = frozenset(left.amounts.keys() & right.amounts.keys())
    counted = bool(mine.stems and theirs.stems) and mine.includes(theirs)  # "aged 51 to 70" beside "19 to 70 years"
    supplement = bool(left.drugs & right.drugs) and any(of for of, _ in shared)  # what is taken beside a drug
    if mine.excludes(theirs) or not (counted or supplement or same_use(left.uses, right.uses, settings)):
        return None
    return shared


def apart(left: Statement, right: Statement) -> bool:
    """Whether two statements are on different drugs, or one on a drug and one on none.

    What only a title names ("Paget disease") keeps apart from another name, not from a statement that names nothing.
    """
    if left.drugs & right.drugs:
        return False
    is_drug = left.candidate.reading.lexicon.is_named_drug
    return bool(left.drugs and right.drugs) or any(map(is_drug, left.drugs | right.drugs))


def agree(left: frozenset[Range], right: frozenset[Range]) -> bool:
    """Whether any amount of one side is one of the other: equal, or a limit of its range, or both have a common limit.

    A single amount inside a range is another advice than the range: "600" beside "400 to 800".
    """
    return any(not set(mine).isdisjoint(theirs) for mine in left for theirs in right)


def alike(left: frozenset[str], right: frozenset[str], settings: Settings) -> bool:
    """Whether two statements speak of their use in nearly the same words."""
    return len(left & right) >= settings.use_overlap * len(left | right)


def same_use(left: frozenset[str], right: frozenset[str], settings: Settings) -> bool:
    """Whether two statements are tied to one use: by nearly the same words, or by words special enough.

    One word that everyday English lacks is enough, or two rather special ones.
    """
    shared = left & right
    special = [part for part in shared if specificity(part) >= settings.use_specificity]
    if any(specificity(part) >= 1 for part in special) or len(special) > 1:
        return True
    return alike(left, right, settings)


def describe(left: Statement, right: Statement, attribute: str) -> str:
    """Name a difference in the words of the sources: "dose: bone metastases"."""
    shared = left.uses & right.uses
    spoken = [
        word
        for word, _, _ in words(left.candidate.text)
        if stem(word) in shared and specificity(stem(word)) >= LEAST_NAMED
    ]
    return f"{attribute}: {' '.join(dict.fromkeys(spoken))}" if spoken else attribute
