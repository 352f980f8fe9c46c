"""The fields of a bibliographic record → one line in the style of the National Library of Medicine."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_AUTHORS = 6  # named; further ones are "et al"
ENDS = re.compile(r"[.?!]$")


@dataclass(frozen=True, slots=True)
class Record:
    """What a source says of an article or chapter; empty where it says nothing.

    :param authors: Each as "Surname AB".
    :param date: As the style prints it: "2018 May 24", "2018".
    """

    authors: tuple[str, ...] = ()
    title: str = ""
    source: str = ""
    date: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    doi: str = ""


def cited(record: Record) -> str:
    """ "Doe J, Roe R. A title. J Examples. 2018;9(5):123–130. doi: 10.1000/1", as far as the record goes.

    NLM style: Patrias & Wendling, Citing Medicine, 2nd edition, 2007.
    """
    named = list(record.authors[:MOST_AUTHORS]) + (["et al"] if len(record.authors) > MOST_AUTHORS else [])
    place = record.volume + (f"({record.issue})" if record.issue else "")
    pages = "–".join(part for part in (record.first_page, record.last_page) if part)
    where = ":".join(part for part in (place, pages) if part)
    when = ";".join(part for part in (record.date, where) if part)
    doi = f"doi: {record.doi}" if record.doi else ""
    parts = [stopped(part) for part in (", ".join(named), record.title, record.source, when) if part]
    return " ".join([*parts, doi]).strip()


def stopped(text: str) -> str:
    """A part with a full stop behind it, unless it ends with a stop of its own."""
    return text if ENDS.search(text) else f"{text}."
