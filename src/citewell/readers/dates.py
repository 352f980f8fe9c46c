"""Dates as printed → ISO 8601, as precise as they are printed; None rather than a guess."""

from __future__ import annotations

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
YEAR = r"(?:19|20)\d\d(?!\d)"
DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
AMBIGUOUS = re.compile(rf"(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y>{YEAR})")
# No word boundary after a date: web pages glue it to the next link's text.
DATE_FORMS = (
    re.compile(rf"(?P<y>{YEAR})[-/.](?P<n>\d\d)(?:[-/.](?P<d>\d\d)(?!\d))?(?!\d)"),
    re.compile(rf"(?P<m>{MONTH})\s+(?P<d>{DAY}),?\s+(?P<y>{YEAR})", re.I),
    re.compile(rf"(?P<d>{DAY})\s+(?P<m>{MONTH}),?\s+(?P<y>{YEAR})", re.I),
    re.compile(rf"(?P<y>{YEAR})\s+(?P<m>{MONTH})(?:\s+(?P<d>{DAY}))?", re.I),
    re.compile(rf"(?P<m>{MONTH}),?\s+(?P<y>{YEAR})", re.I),
    AMBIGUOUS,
    re.compile(rf"(?P<n>\d{{1,2}})/(?P<y>{YEAR})"),
    re.compile(rf"(?P<y>{YEAR})"),
)
DATE = "(?:" + "|".join(re.sub(r"\(\?P<\w+>", "(?:", form.pattern) for form in DATE_FORMS) + ")"


def parse_date(text: str) -> str | None:
    """Read the date at the start of `text`; None if there is none or it is ambiguous, like 03/04/2025."""
    for form in DATE_FORMS:
        if match := form.match(text.strip()):
            return iso_date(match.groupdict())
    return None


def year_of(text: str) -> str | None:
    """The year of a date whose day and month may be either way round, like 03/04/2025; None if it is no date."""
    match = AMBIGUOUS.match(text.strip())
    return match["y"] if match and 0 < int(match["a"]) <= 12 and 0 < int(match["b"]) <= 12 else None


def iso_date(parts: dict[str, str | None]) -> str | None:
    """Put the parts of a matched date together; None if there is no such day."""
    year, month, day = int(parts["y"] or 0), month_number(parts), day_number(parts)
    if month is None:
        return None if parts.get("a") else f"{year:04d}"
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")


def month_number(parts: dict[str, str | None]) -> int | None:
    """The month, by name or number; of two numbers the one that can't be a day."""
    if name := parts.get("m"):
        return MONTHS.index(name[:3].lower()) + 1
    if number := parts.get("n"):
        return int(number)
    first, second = parts.get("a"), parts.get("b")
    if first and second and (int(first) > 12) != (int(second) > 12):
        return min(int(first), int(second))
    return None


def day_number(parts: dict[str, str | None]) -> int | None:
    """The day of the month, if one is printed."""
    if day := parts.get("d"):
        return int(re.sub(r"\D", "", day))
    first, second = parts.get("a"), parts.get("b")
    return max(int(first), int(second)) if first and second else None
