"""For whom something holds, as a text states it: age, body weight, sex. A dose for babies is none for adults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from citewell.lexicon import analyse

BELOW = 1e-6  # what "less than" takes off a limit
YEARS = {"year": 1.0, "yr": 1.0, "y": 1.0, "month": 1 / 12, "week": 7 / 365, "day": 1 / 365}
KILOGRAMS = {"kg": 1.0, "kilo": 1.0, "kilogram": 1.0, "lb": 0.4536, "pound": 0.4536}
UNIT = r"(?:years?|yrs?|y|months?|weeks?|days?|kg|kilos?|kilograms?|lbs?|pounds?)\b"
FIGURE = r"(?<![\d.,/])\d{1,3}(?:\.\d)?(?![\d%]|[.,]\d)"
QUANTITY = re.compile(
    rf"(?:(?P<before>over|above|older than|more than|at least|from|heavier than|greater than|≥|>=?"
    rf"|under|below|younger than|less than|up to|lighter than|before|≤|<=?)\s*(?:the age of\s+|age\s+)?)?"
    rf"(?P<low>{FIGURE})(?:[\s-]*(?P<low_unit>{UNIT}))?"
    rf"(?:\s*(?:-|–|to|through|and|but)\s*(?:(?P<open>less than|<|under)\s*)?(?P<high>{FIGURE})(?:[\s-]*(?P<unit>{UNIT}))?)?"
    r"(?:[\s-]*(?P<age>of age|old))?"
    r"(?:,?\s*(?:and|or)\s+(?P<after>older|over|above|more|up|heavier|younger|under|below|less|lighter)\b)?",
    re.I,
)
MORE = re.compile(r"over|above|older|more|least|from|heavier|greater|up$|≥|>", re.I)
STRICT = re.compile(r"over|above|than|^[<>]$|under|below|before", re.I)
AGED = re.compile(
    r"(?:\b(?:aged?|ages|i['’]?m|i am|(?:he|she)(?:['’]s| is)|people|persons?|patients?|adults?|child(?:ren)?|infants?"
    r"|wom[ae]n|m[ae]n|girls?|boys?|those|anyone|everyone)(?: who are| are| of)?(?: between)?(?: the ages of)?\s*)$",
    re.I,
)
PERSONS = {
    re.compile(r"\b(?:bab(?:y|ies)|infants?|in their first year)\b", re.I): (0.0, 2.0),
    re.compile(r"\b(?:newborns?|neonates?|neonatal)\b", re.I): (0.0, 0.1),
    re.compile(r"\b(?:child|children|pa?ediatric|kids?)\b", re.I): (0.0, 18.0 - BELOW),
    re.compile(r"\b(?:adolescents?|teenagers?)\b", re.I): (12.0, 18.0 - BELOW),
    re.compile(r"\badults?\b", re.I): (18.0, inf),
    re.compile(r"\b(?:wom[ae]n|m[ae]n)\b", re.I): (12.0, inf),
    re.compile(r"\b(?:elderly|geriatric|older (?:people|adults|patients|persons))\b", re.I): (60.0, inf),
}
SEXES = {
    "female": re.compile(r"\b(?:wom[ae]n|females?|girls?|pregnan\w+|postmenopausal)\b", re.I),
    "male": re.compile(r"\b(?:m[ae]n|males?|boys?)\b", re.I),
}
STARTS = re.compile(r"\s*(?:≥|≤|[<>]=?|under|over|up to|below|above|from|less than|more than|at least)?\s*\d", re.I)
NO_HEAD = re.compile(r"/\s*kg|per kg|change|gain|loss|[<>≥≤%]|\d", re.I)
HEADED_WEIGHT = re.compile(r"weigh|\A\s*\(?(?:kg|lbs?|pounds)\b", re.I)
MONTHS = re.compile(r"\b(?:months?|weeks?|days?)\b", re.I)
YEARLY = re.compile(r"\b(?:years?|yrs?)\b", re.I)
TIMED = re.compile(r"\b(?:for|after|within|during|of|every|past|last)\s*$", re.I)
GROWN = re.compile(r"older|younger|the age of|\byears?\s+(?:and|or)\s+(?:over|up|above|under|below)\b", re.I)
SAID = re.compile(r"\b(?:aged?|ages|i['’]?m|i am|(?:he|she)(?:['’]s| is)|between|of)\s*$", re.I)
SINCE = re.compile(r"\s*(?:after|since|post|later|following|before|prior|on\b|of (?:treatment|therapy|follow))", re.I)
WEIGHED = re.compile(r"\b(?:kg|lbs?|pounds)\b", re.I)
HEADED_AGE = re.compile(r"\bage\b", re.I)
TELLS = re.compile(
    r"\d|bab(?:y|ies)|infan|newborn|neonat|child|pa?ediat|kid|adol|teen|adult|elder|geriatr|older|first year"
    r"|m[ae]n\b|male|girl|boy|pregn",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Band:
    """A range [low, high] of years or of kilograms."""

    low: float
    high: float

    def meets(self, other: Band) -> bool:
        """Whether two ranges have a value in common."""
        if self.low == self.high or other.low == other.high:
            return self.low <= other.high and other.low <= self.high
        return self.low < other.high and other.low < self.high  # 6-12 and 12-17 share a birthday, nobody


@dataclass(frozen=True, slots=True)
class Population:
    """For whom a text holds; what is empty is not restricted.

    :param stems: The stems of the words that state an age or a weight in figures.
    """

    ages: tuple[Band, ...] = ()
    weights: tuple[Band, ...] = ()
    sexes: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()

    def excludes(self, other: Population) -> bool:
        """Whether nobody belongs to both."""
        apart = self.sexes and other.sexes and self.sexes.isdisjoint(other.sexes)
        return bool(apart) or disjoint(self.ages, other.ages) or disjoint(self.weights, other.weights)

    def includes(self, other: Population) -> bool:
        """Whether it states the ages or weights of another's in figures or words, and none that the other excludes."""
        stated = (self.ages and other.ages) or (self.weights and other.weights)
        return bool(stated) and not self.excludes(other)

    def within(self, around: Population) -> Population:
        """The same, with what it leaves open taken from what stands around it."""
        return Population(
            self.ages or around.ages, self.weights or around.weights, self.sexes or around.sexes, self.stems
        )


EVERYBODY = Population()


def disjoint(mine: Iterable[Band], theirs: Iterable[Band]) -> bool:
    """Whether both are stated and no range of one meets one of the other."""
    mine, theirs = tuple(mine), tuple(theirs)
    return bool(mine and theirs) and not any(band.meets(other) for band in mine for other in theirs)


@lru_cache(maxsize=8192)
def population_of(text: str) -> Population:
    """The ages, weights and sexes that a text states; `EVERYBODY` where it states none."""
    if not TELLS.search(text):
        return EVERYBODY
    ages, weights, stems = list[Band](), list[Band](), set[str]()
    for match in QUANTITY.finditer(text):
        scale = scale_of(match)
        if scale is not None:
            (weights if scale is KILOGRAMS else ages).append(band_of(match, scale))
            stems.update(analyse(match.group()))
    spoken = [Band(*range_) for pattern, range_ in PERSONS.items() if pattern.search(text)]
    ages = [narrowed(band, spoken) for band in ages]
    ages += [band for band in spoken if not any(narrows(each, band) for each in ages)]
    sexes = frozenset(name for name, pattern in SEXES.items() if pattern.search(text))
    return Population(tuple(ages), tuple(weights), sexes if len(sexes) == 1 else frozenset(), frozenset(stems))


def narrows(figures: Band, spoken: Band) -> bool:
    """Whether figures say more closely whom a word means; "adults and children of 12 and older" means no younger child."""
    if spoken.low <= figures.low and figures.high <= spoken.high:
        return True
    return spoken.high < 18 and figures.low > spoken.low and figures.meets(spoken)


def narrowed(band: Band, spoken: Sequence[Band]) -> Band:
    """A range with one limit, within the one kind of person that is named beside it: "adults below 50"."""
    near = [each for each in spoken if each.meets(band)]
    if len(near) != 1 or (band.low > 0 and band.high < inf):
        return band
    return Band(max(band.low, near[0].low), min(band.high, near[0].high))


def population_of_row(header: str, row: str) -> Population:
    """The population of a table's row, whose bare figures take their unit from the header above them."""
    cells = row.strip("| ").split("|")
    heads = header.strip("| ").split("|")
    if len(cells) != len(heads):
        return population_of(row)
    return population_of(" | ".join(map(with_unit, cells, heads)))


def with_unit(cell: str, head: str) -> str:
    """A cell that starts with a figure, with the unit or the word that its header has for it."""
    if not STARTS.match(cell) or NO_HEAD.search(head):
        return cell
    if HEADED_WEIGHT.search(head) and (unit := WEIGHED.search(head)):
        return cell if WEIGHED.search(cell) else f"{cell.strip()} {unit.group()}"
    if not HEADED_AGE.search(head):
        return cell
    unit = MONTHS.search(cell) or (None if YEARLY.search(cell) else MONTHS.search(head))
    stated = cell.strip() if not unit or MONTHS.search(cell) else f"{cell.strip()} {unit.group()}"
    return f"aged {stated} of age" if unit else f"aged {stated}"


def scale_of(match: re.Match[str]) -> Mapping[str, float] | None:
    """Whether a quantity is a body weight or an age; None where it is neither, as "for 6 months" or "5 mg/kg"."""
    unit = singular(match["unit"] or match["low_unit"])
    before, after = match.string[: match.start()], match.string[match.end() : match.end() + 6]
    if unit in KILOGRAMS:
        if re.match(r"\s*/\s*m", after) or re.search(
            r"(?:/|\bper|\beach|mg|\blos[et]|gain\w*|lift|by)(?: of| about)?\s*$", before[-16:], re.I
        ):
            return None
        return KILOGRAMS
    if (unit in YEARS or (not unit and "age of" in match.group().casefold())) and (
        match["age"] or (GROWN.search(match.group()) and not TIMED.search(before[-8:]))
    ):
        return YEARS
    if SINCE.match(match.string, match.end()) or not (
        unit or match["before"] or match["after"] or SAID.search(before[-40:])
    ):
        return None
    plain = unit in ("year", "yr", "y") or (
        not unit and not re.match(r"\s*(?:mg|mcg|µg|g\b|iu|ml|units?|per|of|%|times|in \d)", after, re.I)
    )
    return YEARS if plain and AGED.search(before[-40:]) else None


def singular(unit: str | None) -> str:
    """A unit as it stands in the tables."""
    small = (unit or "").casefold()
    return small if small in ("y", "kg") else small.rstrip("s")


def band_of(match: re.Match[str], scale: Mapping[str, float]) -> Band:
    """The range that a quantity states."""
    unit = singular(match["unit"] or match["low_unit"])
    low = float(match["low"]) * scale.get(singular(match["low_unit"]) or unit, 1.0)
    if match["high"]:
        high = float(match["high"]) * scale.get(unit, 1.0)
        return Band(low, high - BELOW if match["open"] else high)
    limit = match["before"] or match["after"]
    if match["before"] and re.search(r"\b(?:not|no)\s*$", match.string[: match.start()], re.I):
        return Band(0.0, low) if MORE.search(limit) else Band(low, inf)  # "not less than 40 kg"
    if not limit:
        return Band(low, low)
    off = BELOW if match["before"] and STRICT.search(limit) else 0.0
    return Band(low + off, inf) if MORE.search(limit) else Band(0.0, low - off)
