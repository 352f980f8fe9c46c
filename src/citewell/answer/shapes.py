"""How an answer must look where a number, a date, an interval or a name is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citewell.lexicon import analyse

NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|third|quarter|hundred|thousand|million|billion|"
    "(?:twen|thir|for|fif|six|seven|eigh|nine)t(?:y|ies)"
)
NUMBER = rf"(?<![\w-])\d|\b(?:{NUMBERS})\b"  # the 89 of "strontium-89" is a name's
SPANS = r"(?:minute|hour|day|week|month|year)"
REFERENCE = re.compile(r"\[\d[\d,; –-]*\]")  # "[1, 2]" is no number that a text states
# The spans in which an answer may be given to "how many …": the one asked for and its neighbours.
NEIGHBOURS = {
    "minute": "second|minute|hour",
    "hour": "minute|hour|day",
    "day": "hour|day|week|month",
    "week": "day|week|month|year",
    "month": "day|week|month|year",
    "year": "week|month|year|decade",
}
TIMES = (
    rf"every|once|twice|daily|weekly|monthly|yearly|annually|annual|times|hourly|frequent\w*|(?:per|a) {SPANS}|q\d+\w+"
)
GIVEN = r"given?|gives?|giving|take[ns]?|taking|inject\w*|administer\w*|used?|using|dosed?|appl(?:y|ied)|infused?|get|repeat\w*"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
YEAR = rf"\b(?:1[0-9]|20)\d\d\b|\b(?:{MONTHS})\b|\bcentur"
NAME_INSIDE = r"(?<=[a-z,;(] )[A-Z][a-z]+"
CONCENTRATION = r"mg/dL|mmol/L|mmol|ng/mL|[µμu]g/mL"


@dataclass(frozen=True, slots=True)
class Shape:
    """How an answer looks to one kind of question.

    :param misfit: What is wrong, 0..1, with a text that doesn't look so: 1 where nothing else can be the answer.
    """

    asked: re.Pattern[str]
    said: re.Pattern[str]
    misfit: float

    def fits(self, text: str) -> bool:
        """Whether a text, its references left out, looks so."""
        return self.said.search(REFERENCE.sub("", text)) is not None


def shape(asked: str, said: str, misfit: float, *, capitals: bool = False) -> Shape:
    """Compile a shape; `capitals` keeps capital and small letters apart in the answer."""
    return Shape(re.compile(asked, re.I), re.compile(said, re.NOFLAG if capitals else re.I), misfit)


# The first shape that a question asks for counts.
SHAPES = (
    shape(
        r"\b(?:percent|percentage|per cent|proportion|incidence|what share)\b",
        rf"%|\bper ?cent|\bhalf\b|\b(?:thirds?|quarters?|majority)\b|\d ?(?:/|:|per|out of|in|of) ?(?:the |all |every )?\d"
        rf"|(?:\d|\b(?:{NUMBERS})) (?:[\w]+ ){{0,2}}(?:in|of|out of) (?:the |all |every )?(?:\d|{NUMBERS})"
        rf"|\bin \d+ (?:patients|people|women|men|children|subjects)",
        1.0,
    ),
    shape(rf"\b(?:{CONCENTRATION})", rf"\d\s*(?:{CONCENTRATION}|mg per)", 1.0),
    shape(
        r"\b(?:milligrams?|micrograms?|mg|mcg|iu)\b",
        r"\d\s*(?:mg|mcg|µg|μg|g|IU|units?)\b|\b(?:milli|micro)gram",
        1.0,
    ),
    *(
        shape(rf"\bhow many {asked}s\b", rf"(?:\d|\b(?:{NUMBERS}))[\s-]*(?:to \d+ )?(?:{said})", 1.0)
        for asked, said in NEIGHBOURS.items()
    ),
    shape(
        r"\b(?:what|how long) (?:is|was|are) [^?.]*\bhalf-?\s?li(?:fe|ves)\b",
        rf"\d[\s-]*(?:{SPANS}|h|hrs?|min|sec(?:ond)?s?|s|d)\b|\d[\s-]*{SPANS}|\b(?:{NUMBERS})[\s-]*{SPANS}",
        1.0,
    ),
    shape(
        rf"\bhow (?:often|frequently)\b.*\b(?:{GIVEN})\b|\b(?:dosing|dose) (?:interval|frequency)\b"
        rf"|\bhow many times (?:a|per|each|every) {SPANS}\b",
        rf"\b(?:every|each|once|twice|daily|weekly|monthly|yearly|annually|times|hourly|(?:per|a) {SPANS}|q\d+\w+|[btq]\.?i\.?d|divided"
        r"|morning|evening|bedtime|night|meals?)\b",
        1.0,
    ),
    shape(
        r"\bhow (?:often|frequently)\b|\bfrequency\b|\binterval\b",
        rf"\b(?:{TIMES}|rare\w*|common\w*|seldom|half|percent|\d+ (?:in|of|out of) \d)\b|\d ?%",
        0.5,
    ),
    shape(r"\b(?:what|which) (?:year|date|month|century|decade)\b", YEAR, 1.0),
    shape(r"\bwhen\b", rf"\d|{YEAR}|\b(?:before|after|during|until|within|once|if)\b", 0.5),
    shape(
        r"\b(?:what|which)\b[^.?]*\bdos(?:e|age|ing)\b|^(?!.*\b(?:who|whom|when|where|why|how)\b).*\bdos(?:e|age) (?:of|for|in)\b",
        r"\d\s*(?:mg|mcg|µg|μg|g|IU|units?|mL|[kMG]Bq|mmol|mEq)\b|\bdos(?:es?|ages?|ing)\b"
        r"|\b(?:tablet|capsule|injection|infusion|spray|drop|puff|patch|sachet)s?\b",
        1.0,
    ),
    shape(
        r"\bhow long\b(?! ago)",
        rf"(?<!every )(?<!each )(?<![\w.])(?:\d[\d.]{{0,8}}|{NUMBERS})[\s-]*(?:(?:to|or|-|–) ?\d+ )?{SPANS}"
        rf"|\b(?:some|few|many|several|for|or|and|take[sn]?|within) {SPANS}s\b"
        r"|\b(?:duration|length of|how long|long[- ]term|lifelong|for life|indefinite\w*|permanent\w*|until|forever|decades?|lasts?)\b",
        0.5,
    ),
    shape(
        r"\bhow (?:many|much|old|far|large|big|tall|high|fast)\b"
        r"|\b(?:what|which) (?:number|dose|dosage|age|strength|amount)\b|\bdos(?:e|age)\b",
        NUMBER,
        0.5,
    ),
    shape(
        r"\b(?:what|which)(?: is| was)?(?: the| an?)?(?: [\w-]+)? (?:value|temperature|cut-?off|threshold)\b",
        rf"{NUMBER}|°|\b(?:refrigerat\w*|freez\w*|frozen|room temperature|cool|cold|fridge)\b",
        0.5,
    ),
    shape(r"\b(?:what|which) (?:[\w-]+ ){0,2}(?:level|activity of)\b", NUMBER, 0.5),
    shape(
        r"\b(?:what|which) (?:kind|type|sort|class) of\b|^what (?:is|are) (?:an? |the )?[\w-]+(?: [\w-]+)?\s*\?*$|\bdefine\b",
        r"\b(?:is|are) (?:an?|the|one|any)\b|\b(?:means|called|refers? to|belongs? to|defined as)\b",
        0.5,
    ),
    shape(r"\b(?:who|whom|whose)\b|\bwhat (?:company|person|scientist|author)\b", NAME_INSIDE, 0.25, capitals=True),
    shape(
        r"\bwhere\b|\b(?:what|which) (?:country|city|state|place|region|continent)\b",
        rf"{NAME_INSIDE}|\b(?:in|at|on|near|from) the\b",
        0.25,
        capitals=True,
    ),
)


def shape_asked(question: str) -> Shape | None:
    """How an answer to a question must look; None where that is open."""
    return next((entry for entry in SHAPES if entry.asked.search(question)), None)


# Words that only say what kind of answer is wanted: one that has that shape meets them, one that holds them needn't.
ASKING = re.compile(
    rf"\b(?:how (?:often|frequently|many(?: times (?:a|per|each|every) {SPANS})?|much|long)|percent\w*|proportion|frequency)\b",
    re.I,
)


def asking_stems(question: str) -> frozenset[str]:
    """The stems of a question's words that only say what kind of answer is wanted."""
    return frozenset(part for match in ASKING.finditer(question) for part in analyse(match.group()))
