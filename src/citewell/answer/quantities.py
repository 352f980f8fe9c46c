"""Amounts and intervals as texts state them: of what, in a common unit, in days."""

from __future__ import annotations

import re

from citewell.answer.subject import SUPPLEMENT
from citewell.lexicon import stem

FIGURE = r"(?<![\d.,])(?<!\d[ \u00a0\u2009\u202f](?=\d{3}(?!\d)))\d{1,9}(?:[,\u00a0\u2009\u202f ]\d{3}(?!\d))*+(?:\.\d{1,6})?(?!\d)"
AMOUNT = re.compile(
    rf"(?:\b(?P<of>[A-Za-z]+)\s*\((?:at least |about |up to )?)?(?:(?P<low>{FIGURE})\s*(?:-|–|to|and)\s*)?"
    rf"(?P<value>{FIGURE})\s*(?P<unit>mg|milligrams?|mcg|micrograms?|µg|μg|grams?|g|IU|units?|mL|ml|%|percent)"
    r"(?P<per>(?:/| per )(?:kg|mL|ml|day|m2)(?:/(?:day|dose|hour|h|min|week))?)?(?![\w/])"
    r"(?:\s+of\s+(?P<after>[Vv]itamin [A-K]\d{0,2}|[a-z]+))?"
)
MEASURED = re.compile(r"\d\s*(?:m|µ|μ|g|I|u|%|p)")  # in every text with an amount, and much faster to find
MILLIGRAMS = {"mg": 1.0, "g": 1000.0, "mcg": 0.001, "µg": 0.001, "μg": 0.001}
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
    rf"|\b(?:intervals?\s+of\s+|at\s+(?=\S+[\s-]+\w+\s+intervals?\b))(?P<gap>{COUNT})[\s-]+(?P<gap_unit>{'|'.join(DAYS)})s?\b",
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
DENIED = re.compile(r"\b(?:not|never|avoid|\w+n['’]t)\b(?! (?:more|less|over|exceed))[^.;:,]{0,60}\Z", re.I)
Range = tuple[float, float]  # lowest and highest; a single amount is both


def amounts(text: str, drugs: frozenset[str]) -> dict[tuple[str, str], frozenset[Range]]:
    """The amounts of a text by (of what, unit), but those that it denies.

    :param drugs: All names of the drugs that it speaks of.
    """
    found: dict[tuple[str, str], set[Range]] = {}
    for match in AMOUNT.finditer(text) if MEASURED.search(text) else ():
        if DENIED.search(text, 0, match.start()):
            continue
        unit, factor = standard_unit(match["unit"])
        high = number(match["value"]) * factor
        low = number(match["low"]) * factor if match["low"] else high
        key = label(match, drugs), unit + (match["per"] or "").lower().replace(" per ", "/")
        found.setdefault(key, set()).add((min(low, high), max(low, high)))
    for match in ODDS.finditer(text):
        odds = number(match["value"])
        found.setdefault(("", "1 in"), set()).add((odds, odds))
    return {key: frozenset(ranges) for key, ranges in found.items()}


def standard_unit(unit: str) -> tuple[str, float]:
    """A unit's common form and what to multiply by: all masses in mg."""
    unit = {"milligram": "mg", "microgram": "mcg", "gram": "g"}.get(unit.rstrip("s"), unit)
    if unit in MILLIGRAMS:
        return "mg", MILLIGRAMS[unit]
    return {"percent": "%", "units": "unit", "ml": "mL"}.get(unit, unit), 1.0


def number(printed: str) -> float:
    """The value of a number with commas between thousands ("1,000") or before decimals ("0,5")."""
    return float(re.sub(r"[,\s](?=\d{3})", "", printed).replace(",", "."))


def label(match: re.Match[str], names: frozenset[str]) -> str:
    """What an amount is of: what the text says right beside it, else the supplement named last before it; "" is the drug."""
    beside = (match["of"] or match["after"] or "").lower()
    if len(beside) > 2 and beside not in names and stem(beside) not in DOSING:
        return beside
    if near := beside_of(match):
        return near[-1].lower()
    before = SUPPLEMENT.findall(match.string, 0, match.start())
    return before[-1].lower() if before and not names else ""


def beside_of(match: re.Match[str]) -> list[str]:
    """The supplements named right before an amount or an interval, in its own part of the sentence."""
    return SUPPLEMENT.findall(re.split(r",(?!\d)|[;:.](?!\d)|\b(?:with|and|plus)\b", match.string[: match.start()])[-1])


def intervals(text: str, *, of_drug: bool = False) -> frozenset[float]:
    """The dosing intervals of a text, in days.

    :param of_drug: Whether it speaks of a drug: those of a supplement beside it are then left out.
    """
    if not TIMED.search(text.casefold()):
        return frozenset()
    return frozenset(
        round(days, 1)
        for match in INTERVAL.finditer(text)
        if not (of_drug and beside_of(match))
        for days in days_of(match)
    )


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
