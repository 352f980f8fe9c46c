"""Texts as they are compared: one spelling for each amount, so that 0.5 g is 500 mg, and 5 mg is not in 2.5 mg."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from citewell.evaluate.units import NAMES, scaled

# What NFKC would make another number of: 10⁹ → 109, 1½ → 11/2.
RAISED = re.compile(r"(?<=\d)[⁺⁻]?[⁰¹²³⁴-⁹]+")
PART = re.compile(r"(?<=\d) ?(?=[¼-¾⅐-⅞])")
# Units that differ by a capital letter only: megaunits and milliunits, millimolar and millimetres.
MEGA = re.compile(r"(?<=\d)([ -]?)M(?=I?U\b)")
MOLAR = re.compile(r"(?<=\d)([ -]?[mµμn])M\b")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
THIN_THOUSANDS = re.compile("(?<![\\d.,])[1-9]\\d{0,2}(?:[\u2009\u202f]\\d{3})+(?!\\d)")
SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("✕✖⨯", "×")
    | {"⁄": "/", "∕": "/", "’": "'", "⩽": "≤", "≦": "≤", "⩾": "≥", "≧": "≥", "~": "≈", "∼": "≈"}
)
SPELLINGS = (
    (re.compile(r"<[/ ]?=|=<"), "≤"),
    (re.compile(r">[/ ]?="), "≥"),
    (re.compile(r"\+/-"), "±"),
    (re.compile(r"(?<=\d)[·∙⋅](?=\d)"), "."),  # the decimal point of some journals
    (re.compile(r"(?<=\d) ?per ?cent\b"), "%"),
    (re.compile(r"(?<=\d) (?:international units?|i\.u\.)(?!\w)"), " iu"),
    (re.compile(r"(?<![\w/.,])(\d+) ([1-9]/[2-9])(?![\w/])"), r"\1+\2"),  # 1 1/2, one and a half
)
UNIT = rf"(?:{'|'.join(sorted(map(re.escape, NAMES), key=len, reverse=True))})(?!\w)"
PER = r"(?: ?/ ?| per )"
AMOUNT = (
    r"(?P<sign>(?:[<>≤≥≈±$€£¥] ?)?(?:(?<![\w)\]])-)?)"
    r"(?P<number>(?:\d+(?:[.,]\d+)*|(?<![\w.)\]])\.\d+)(?:\^[-+]?\d+)?)"
    rf"(?P<units>(?:[ -]?{UNIT})?(?:{PER}{UNIT})*)"
)
WORD = r"[^\W\d_]\w*(?:'\w+)*(?:\+(?!\w))?|[<>≤≥≈±%‰]"
ORDINAL = r"\d+(?:st|nd|rd|th|s)(?!\w)"
TOKEN = re.compile(rf"{ORDINAL}|{AMOUNT}|{WORD}")
JOINED = re.compile(rf"(?P<joint>{PER}| ?[-×x±+:] ?){AMOUNT}")
WORDS = re.compile(WORD)
PERS = re.compile(PER)
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
DECIMAL = re.compile(r"\d*\.\d+|[1-9]\d*|0")
SHARING = ("-", "±")  # joints before which an amount without a unit has that of the amount behind: 5-10 mg


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what stands around it.

    :param joint: What joins it to the amount before: "-" of a range, "/" of a ratio; empty for the first.
    :param sign: Its comparator or currency, and its minus.
    :param units: As they are written: " mg per kg".
    """

    joint: str
    sign: str
    number: str
    units: str


Reading = str | tuple[Amount, ...]  # a word, or an amount with those that are joined to it


def normalise(text: str) -> str:
    """A text in one spelling: its tokens with a blank between."""
    return " ".join(tokens(text))


@lru_cache(maxsize=10_000)
def tokens(text: str) -> tuple[str, ...]:
    """The words and amounts of a text; an amount is one token, with its comparator, its range and its unit.

    "Vitamin A: 0.5–1 g/day if CrCl ≥ 30" → vitamin, a, 500-1000mg/day, if, crcl, ≥30
    """
    return tuple(each if isinstance(each, str) else joined(each) for each in readings(text))


@lru_cache(maxsize=10_000)
def bare_tokens(text: str) -> tuple[str, ...]:
    """The same with units as words of their own, and no conversion: 0.5 g is 0.5, g."""
    found: list[str] = []
    for each in readings(text):
        if isinstance(each, str):
            found.append(each)
        else:
            found.append(joined([replace(amount, units="") for amount in each]))
            found += WORDS.findall(each[-1].units)
    return tuple(found)


@lru_cache(maxsize=10_000)
def apart_tokens(text: str) -> tuple[str, ...]:
    """The same with joined amounts apart and without comparators: <5-10 mg is 5mg, 10mg."""
    found: list[str] = []
    for each in readings(text):
        parts = [] if isinstance(each, str) else share_units(each)
        found += [each] if isinstance(each, str) else [joined([replace(part, joint="", sign="")]) for part in parts]
    return tuple(found)


def contains(text: str, wanted: str) -> bool:
    """Whether a text holds another as whole tokens: 5 mg is in none of 25 mg, 2.5 mg, 5 mg/kg, <5 mg and 5-10 mg.

    What is wanted without a unit is found with any: 14 is in "for 14 days".
    """
    if tokens(wanted) == bare_tokens(wanted):
        return stands_in(bare_tokens(wanted), bare_tokens(text))
    return stands_in(tokens(wanted), tokens(text))


def mentions(text: str, unwanted: str) -> bool:
    """Whether a text contains another, or names its amount behind a comparator or at an end of a range."""
    return contains(text, unwanted) or stands_in(apart_tokens(unwanted), apart_tokens(text))


def stands_in(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Whether tokens follow each other in others; none stand nowhere."""
    size = len(wanted)
    return bool(size) and any(found[at : at + size] == wanted for at in range(len(found) - size + 1))


def spell(text: str) -> str:
    """A text with one sign for each meaning: small letters, one dash, one µ, a blank for any white space."""
    text = INVISIBLE.sub("", text)
    text = THIN_THOUSANDS.sub(lambda match: re.sub(r"\D", "", match.group()), text)
    text = RAISED.sub(lambda match: "^" + match.group(), PART.sub("+", text))
    text = MOLAR.sub(r"\1molar", MEGA.sub(r"\1mega", text))
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().translate(SIGNS).split())
    for pattern, spelling in SPELLINGS:
        text = pattern.sub(spelling, text)
    return text


def readings(text: str) -> Iterator[Reading]:
    """Yield the words and amounts of a text in their order."""
    text = spell(text)
    match = TOKEN.search(text)
    while match:
        end = match.end()
        if match["number"] is None:
            yield match.group()
        else:
            amounts = [amount_of(match, "")]
            while more := JOINED.match(text, end):
                amounts.append(amount_of(more, more["joint"].strip()))
                end = more.end()
            yield tuple(amounts)
        match = TOKEN.search(text, end)


def amount_of(match: re.Match[str], joint: str) -> Amount:
    """The amount that was found, behind what joins it to another."""
    number = match["number"]
    if THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    return Amount({"per": "/", "x": "×"}.get(joint, joint), match["sign"].replace(" ", ""), number, match["units"])


def share_units(amounts: Sequence[Amount]) -> list[Amount]:
    """The amounts, each with the unit that it shares with the one behind it: 5-10 mg is 5 mg to 10 mg."""
    found: list[Amount] = []
    for amount in reversed(amounts):
        if found and found[-1].joint in SHARING and not amount.units:
            amount = replace(amount, units=found[-1].units)
        found.append(amount)
    return found[::-1]


def joined(amounts: Sequence[Amount]) -> str:
    """Amounts as one token, in base units; a unit that both ends of a range have stands once."""
    written = [written_of(amount) for amount in share_units(amounts)]
    text = ""
    for place, (amount, (value, unit)) in enumerate(zip(amounts, written, strict=True)):
        shared = place + 1 < len(amounts) and amounts[place + 1].joint in SHARING and written[place + 1][1] == unit
        text += amount.joint + amount.sign + value + ("" if shared else unit)
    return text


def written_of(amount: Amount) -> tuple[str, str]:
    """The number and the units of an amount; units are converted where the number is a plain one."""
    unit, *per = [NAMES[each.strip(" -")] if each else "" for each in PERS.split(amount.units)]
    if DECIMAL.fullmatch(amount.number):
        return scaled(amount.number, unit, tuple(per))
    return amount.number, "/".join([unit, *per])
