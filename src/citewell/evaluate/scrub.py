"""Identifiers of people are taken out of a question before it is written anywhere."""

from __future__ import annotations

import re

from citewell.types import fold

REMOVED = "[removed]"

UNIT = (
    r"(?:\s*(?:mg|g|kg|µg|μg|mcg|ng|ml|l|iu|u|units?|international|mmol|mol|cells?|copies|million|bq|mbq|years?|%)\b)"
)
NAME = r"(?-i:[^\W\d_a-z][\w'’-]*)"  # a word with a capital
NAMES = rf"{NAME}(?:\s+{NAME}){{0,3}}"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
IS = r"\s*(?:is|was|on|:|=|#)?\s*"
BIRTH = r"(?:dob|d\.o\.b\.?|date of birth|birth ?date|birthday|born(?: on)?)"
RECORD = r"(?:nhs|hospital|patient|record|case|chart|file|insurance|policy|passport|account|social security)"
PERSON = r"(?:patient|man|woman|boy|girl|child|baby|son|daughter|wife|husband|mother|father|client)"

# Each takes out its group "who" where it has one, else all that it matches. The first ones know more than the later ones.
PATTERNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+",  # e-mail
        rf"\b(?:{RECORD}\s*(?:numbers?|nos?\.?|ids?|#)|mrn|ssn){IS}(?P<who>[A-Z]{{0,4}}[-\s]?\d[\w/-]*(?:[ -]\d[\w/-]*)*)",
        rf"\b{BIRTH}{IS}(?P<who>\d{{1,4}}[./-]\d{{1,2}}(?:[./-]\d{{2,4}})?|\d{{4}})\b",
        rf"\b{BIRTH}{IS}(?P<who>{DAY}\s+{MONTH},?\s+\d{{2,4}}|{MONTH}\s+(?:{DAY},?\s+)?\d{{2,4}})\b",
        rf"\b(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}})\b(?!{UNIT})",  # with its day
        rf"\b(?:{DAY}\s+{MONTH}|{MONTH}\s+{DAY}),?\s+\d{{4}}\b",
        rf"\b(?:my|his|her|their|patient(?:[’']s)?)\s+(?:full |first |last )?name(?:\s+is|[’']s|:|\s+was)\s+(?P<who>{NAMES}|\w+)",
        rf"\bi(?:\s+am|[’']m)\s+called\s+(?P<who>{NAMES}|\w+)",
        rf"\b{PERSON}\s+(?:named|called)\s+(?P<who>{NAMES}|\w+)",
        rf"\b(?-i:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b\.?\s+(?P<who>{NAMES})",
        rf"\b(?-i:patient)\s*:?\s+(?P<who>{NAME}\s+{NAME})",
        rf"(?<![\w.,])(?:\+|00)\d[\d ().-]{{6,18}}\d(?!{UNIT})",  # a telephone number with its country
        rf"(?<![\w.,])\(?\d{{2,5}}\)?(?:[ .-]\d{{2,5}}){{2,4}}(?![\w,]|{UNIT})",  # in groups
        rf"(?<![\w.,-])\d{{3}}-\d{{4}}(?![\w,.-]|{UNIT})",
        rf"(?<![\w.,])\d{{6,}}(?![\w,]|\.\d|{UNIT})",  # a long run of digits
    )
)
GROUPS = re.compile(r"\(?\d{2,5}\)?(?:[ .-]\d{2,5}){2,4}")
LEAST_DIGITS = 7  # of a number in groups; fewer are a range of doses


def scrub(text: str) -> tuple[str, int]:
    """A text with its identifiers replaced by "[removed]", and how many were; white space is folded.

    E-mail addresses, telephone numbers, record numbers, long runs of digits, dates with their day, and names that are
    introduced as such. What is not introduced can't be told from a drug's name: nothing here replaces a reader's care.
    """
    found = fold(text)
    for pattern in PATTERNS:
        found = pattern.sub(without, found)
    return found, found.count(REMOVED)


def without(match: re.Match[str]) -> str:
    """What is left of a match."""
    whole = match.group()
    if sum(character.isdigit() for character in whole) < LEAST_DIGITS and GROUPS.fullmatch(whole):
        return whole
    if "who" not in match.re.groupindex or match["who"] is None:
        return REMOVED
    start, end = match.start("who") - match.start(), match.end("who") - match.start()
    return whole[:start] + REMOVED + whole[end:]
