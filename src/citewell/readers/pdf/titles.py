"""The title of a PDF, and what a drug label's first lines tell: as printed, never the name of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citewell.readers import dates
from citewell.readers.dates import parse_date
from citewell.readers.fields import Value
from citewell.readers.pdf.contents import CONTENTS, text_of
from citewell.readers.pdf.flow import DECORATION, Stretch
from citewell.readers.pdf.outline import PARTS, body_of
from citewell.readers.pdf.patterns import CAPTION
from citewell.types import fold

FILE_LIKE = re.compile(r"\.(?:docx?|pdf|indd|rtf|xml|qxd|html?)$|^(?:microsoft|untitled|document\d*$)|[\\/]", re.I)
LARGER = 1.15  # times the body's font size
FIRST_PAGES = 3  # among which a title stands
MOST_CHARACTERS = 300
HIGHLIGHTS = re.compile(r"see full prescribing information for (?P<name>\S.{0,80}?)\.?$", re.I)
NAMED = re.compile(r"(?P<brand>[^()]{2,60}?)\s*[®™]?\s*\((?P<substance>[^()]{3,120})\)")
APPROVAL = re.compile(r"\s*initial u\.?s\.? approval.*", re.I | re.S)
MARK = re.compile(r"[⁰¹²³⁴-⁹*†‡]+$")
COVER_PAGES = 2
MONTH = re.compile(rf"(?:\d{{1,2}}\s+)?{dates.MONTH}(?:\s+\d{{1,2}},)?\s+{dates.YEAR}", re.I)
LETTERS = re.compile(r"[\W_]+")


def title_stretch(stretches: Sequence[Stretch]) -> Stretch | None:
    """The stretch that is printed largest at the start of a document, larger than its text."""
    body = body_of(stretches)
    first = stretches[0].first.page if stretches else 1
    best: Stretch | None = None
    for stretch in stretches:
        if stretch.first.page > first:
            break
        text = text_of(stretch)
        letters = sum(map(str.isalpha, text))
        if stretch.table is not None or letters < 3 or len(text) > MOST_CHARACTERS or CONTENTS.fullmatch(text):
            continue
        if CAPTION.match(text) or stretch.sign or PARTS.fullmatch(text):
            continue
        if best is None or stretch.first.print.size > best.first.print.size * 1.02:
            best = stretch
    if best is None or best.first.print.size < LARGER * body.size:
        return opening(stretches)
    return best


def opening(stretches: Sequence[Stretch]) -> Stretch | None:
    """A bold or centred first line where nothing is printed larger than the text."""
    if len(stretches) < 2 or stretches[0].table is not None:
        return None
    text, following = text_of(stretches[0]), stretches[1]
    short = len(text) <= MOST_CHARACTERS and len(stretches[0].lines) <= 4 and text[-1:] not in ".;:,"
    bold = stretches[0].first.print.bold and not (following.table is None and following.first.print.bold)
    return stretches[0] if short and bold and not PARTS.fullmatch(text) and not DECORATION.fullmatch(text) else None


def title_of(stretches: Sequence[Stretch], printed: Stretch | None, stated: str) -> str | None:
    """The title: what the file states if it is printed at the start, else what is printed largest, else what is stated."""
    if label := label_line(stretches):
        return label
    start = LETTERS.sub("", "".join(text_of(each) for each in stretches if each.first.page <= FIRST_PAGES)).lower()
    proper = " " in stated and not FILE_LIKE.search(stated)  # one word is more often the name of a file or a site
    if proper and LETTERS.sub("", stated).lower() in start and not is_cut(stated, start):
        return stated
    if printed:
        return MARK.sub("", whole_title(stretches, printed))
    return stated if proper else None


def is_cut(stated: str, start: str) -> bool:
    """Whether a stated title breaks off inside the title that is printed."""
    plain = LETTERS.sub("", stated).lower()
    return len(stated) >= 60 and start[start.find(plain) + len(plain) :][:1].isalpha() and not stated[-1].isalnum()


def whole_title(stretches: Sequence[Stretch], printed: Stretch) -> str:
    """A title with its lines that white parts: neighbours in its print."""
    number = next(place for place, each in enumerate(stretches) if each is printed)
    texts = [text_of(printed)]
    for stretch in stretches[number + 1 : number + 4]:
        size = stretch.first.print.size
        if (
            stretch.table is not None
            or stretch.first.page != printed.first.page
            or abs(size - printed.first.print.size) > 0.3
        ):
            break
        texts.append(text_of(stretch))
    return fold(" ".join(texts))[:MOST_CHARACTERS]


def label_line(stretches: Sequence[Stretch]) -> str | None:
    """The line of a label's highlights that names the product: "EXAMPLOL (examplamide) tablets, for oral use"."""
    name: str | None = None
    for stretch in stretches[:20]:
        text = text_of(stretch)
        if name and text.upper().startswith(name.upper()) and NAMED.match(text):
            again = text.upper().find(name.upper(), len(name))
            return APPROVAL.sub("", text[: again if again > 0 else len(text)]).strip()
        if match := HIGHLIGHTS.search(text):
            name = match["name"].rstrip(". ")
    return None


def label_fields(stretches: Sequence[Stretch]) -> dict[str, Value]:
    """Brand name and active ingredient of a label."""
    line = label_line(stretches)
    match = NAMED.match(line) if line else None
    if match is None:
        return {}
    substances = tuple(
        fold(each) for each in re.split(r",\s*(?:and\s+)?|\s+and\s+", match["substance"]) if each.strip()
    )
    return {"brand_names": (fold(match["brand"]),), "active_ingredients": substances}


def cover_date(stretches: Sequence[Stretch]) -> str | None:
    """The date that stands by itself on the first two pages, as covers of guidelines have it; None if there are several."""
    found: set[str] = set()
    for stretch in stretches:
        for line in stretch.lines if stretch.first.page <= COVER_PAGES else ():
            if MONTH.fullmatch(line.text) and (date := parse_date(line.text)):
                found.add(date)
    return found.pop() if len(found) == 1 else None
