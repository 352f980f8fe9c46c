"""What the answer and the source panel share: escaping, names, dates, badges."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date

from citewell.types import SourceClass, fold

DISCLAIMER = (
    "Quotations from your own documents, for reference. Not medical advice: check the source and its date, and rely on "
    "professional judgement. In an emergency call your local emergency number."
)
REMINDER = (
    "For reference, not medical advice. Everything stays on this machine; even so, put no patient’s data in a question."
)
OLD_YEARS = 5  # years; guideline programmes commonly ask for a review within five

CLASS_NAMES = {
    SourceClass.GUIDELINE: "Guideline",
    SourceClass.LABEL: "Drug label",
    SourceClass.RESEARCH: "Research",
    SourceClass.MONOGRAPH: "Monograph",
    SourceClass.WEB: "Web page",
    SourceClass.OTHER: "Other source",
}


def escape(text: str) -> str:
    """Text as HTML, white space folded: neither a tag, an attribute, a blank line nor a Markdown mark survives in it."""
    return html.escape(fold(text), quote=True)


def badge(source_class: SourceClass) -> str:
    """The name of a source class, in its colour."""
    return f'<span class="cw-badge cw-{source_class.value}">{CLASS_NAMES[source_class]}</span>'


def years_old(updated: str, today: date) -> int | None:
    """Whole years since a date as precise as printed (2017, 2017-12 or 2017-12-28); None for no such date."""
    parts = updated.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 3:
        return None
    year, *rest = (int(part) for part in parts)
    not_yet = tuple(rest) > (today.month, today.day)[: len(rest)]
    years = today.year - year - not_yet
    return years if years >= 0 else None


def age(updated: str, today: date) -> str:
    """How old a date is, in words; "" where it can't be told."""
    years = years_old(updated, today)
    if years is None:
        return ""
    return "less than a year old" if years == 0 else f"{years} year{'s' if years > 1 else ''} old"


def dated(updated: str | None, today: date) -> str:
    """A source's date with its age; a date of some years ago is marked as old, a missing one is named."""
    if not updated:
        return '<span class="cw-date">no date given</span>'
    years, words = years_old(updated, today), age(updated, today)
    old = " cw-old" if years is not None and years >= OLD_YEARS else ""
    return f'<span class="cw-date{old}">updated {escape(updated)}{f" ({words})" if words else ""}</span>'


def trail(title: str, section: Sequence[str], page: int | None = None) -> list[str]:
    """The way to a quotation, outermost first; a title that is also the first heading is named once."""
    steps = [fold(title), *(fold(heading) for heading in section)]
    once = [step for number, step in enumerate(steps) if number == 0 or step.casefold() != steps[0].casefold()]
    return [*once, *([f"page {page}"] if page is not None else [])]


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 document", "2 documents"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
