"""Days and times in spreadsheets: a number of days → what a cell displays by its format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from citewell.readers.office.sheet_codes import CURRENCY, ELAPSED, Token, literal

ENGLISH = frozenset(("409", "809", "c09", "1009", "1409", "1809", "1c09", "4009", ""))
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LARGEST_DATE = 2_958_466  # the day after 9999-12-31


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a workbook counts its days."""

    from_1904: bool = False

    def moment(self, days: Decimal) -> datetime | None:
        """The moment that a number stands for, to the second; None for days that never were."""
        if not 0 <= days < LARGEST_DATE or (not self.from_1904 and 60 <= days < 61):
            return None  # spreadsheets count a 29th of February 1900
        first = datetime(1904, 1, 1) if self.from_1904 else datetime(1899, 12, 31 if days < 60 else 30)
        seconds = int((days * 86_400).to_integral_value(ROUND_HALF_UP))
        try:
            return first + timedelta(seconds=seconds)
        except OverflowError:
            return None


def dated(number: Decimal, section: list[Token], calendar: Calendar) -> str | None:
    """A date or a time by its format."""
    moment = calendar.moment(number)
    if moment is None:
        return None
    half = any(kind == "half" for kind, _ in section)
    texts: list[str | None] = []
    for at, token in enumerate(section):
        kind, text = token
        if kind == "date":
            texts.append(part_of(moment, text.lower(), section, at, half=half))
        elif kind == "half":
            texts.append(("AM", "PM")[moment.hour >= 12][: len(text) // 2 if len(text) > 3 else 1])
        elif kind == "bracket" and ELAPSED.fullmatch(text):
            seconds = int((number * 86_400).to_integral_value(ROUND_HALF_UP))
            size = {"h": 3600, "m": 60, "s": 1}[text[0].lower()]
            texts.append(str(seconds // size).zfill(len(text)))
        elif kind == "bracket":
            texts.append(literal(token) if named_in_english(section, text) else None)
        else:
            texts.append(literal(token))
    return None if None in texts else "".join(text for text in texts if text is not None)


def named_in_english(section: list[Token], bracket: str) -> bool:
    """Whether the language that a format names doesn't matter: it is English, or no name is printed."""
    match = CURRENCY.fullmatch(bracket)
    names = any(kind == "date" and text[0].lower() in "md" and len(text) > 2 for kind, text in section)
    return match is not None and (not names or (match["language"] or "").lower().lstrip("0") in ENGLISH)


def part_of(moment: datetime, text: str, section: list[Token], at: int, *, half: bool) -> str | None:
    """One part of a date or a time."""
    letter, width = text[0], len(text)
    if letter == "y":
        return f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}"
    if letter == "m" and is_minute(section, at):
        return str(moment.minute).zfill(min(width, 2)) if width <= 2 else None
    if letter == "m":
        name = MONTHS[moment.month - 1]
        return [str(moment.month), f"{moment.month:02d}", name[:3], name, name[0]][width - 1] if width <= 5 else None
    if letter == "d":
        name = DAYS[moment.weekday()]
        return [str(moment.day), f"{moment.day:02d}", name[:3], name][width - 1] if width <= 4 else None
    figure = (moment.hour % 12 or 12) if letter == "h" and half else moment.hour if letter == "h" else moment.second
    return str(figure).zfill(width) if width <= 2 else None


def is_minute(section: list[Token], at: int) -> bool:
    """Whether m stands for minutes: it follows the hours or comes before the seconds."""
    times = [(place, text[0].lower()) for place, (kind, text) in enumerate(section)
             if kind == "date" or (kind == "bracket" and ELAPSED.fullmatch(text))]  # fmt: skip
    number = next(place for place, (where, _) in enumerate(times) if where == at)
    before = times[number - 1][1] if number else ""
    after = times[number + 1][1] if number + 1 < len(times) else ""
    return before == "h" or after == "s"
