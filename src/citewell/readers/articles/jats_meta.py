"""What an article or chapter says of itself in its head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from citewell.readers.articles.jats_references import plain_text
from citewell.readers.citation import Record, cited
from citewell.readers.dates import MONTHS, iso_date, parse_date
from citewell.readers.fields import Value
from citewell.readers.recognise import MONOGRAPH
from citewell.readers.xml import local_name
from citewell.types import SourceClass

PUBLISHED = ("epub", "pub", "epub-ppub", "ppub", "collection")  # best first; the dates of a manuscript don't count
CHANGED = ("updated", "revised", *PUBLISHED, "created")  # of a chapter, which is kept up to date
PRINTED = ("ppub", "epub-ppub", "collection")  # the dates that go with volume and pages
GUIDELINE = re.compile(r"(?:(?:clinical|medical|treatment|consensus|joint|practice)[ -])*guidelines?", re.I)
RETRACTED = re.compile(r"\W*retracted\b", re.I)
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HREF = "{http://www.w3.org/1999/xlink}href"
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
IDENTIFIERS = {"doi": "doi", "pmid": "PMID", "pmc": "PMCID", "pmcid": "PMCID"}
ABBREVIATED = ("nlm-ta", "iso-abbrev")
RELATED = {
    "retraction-forward": "The record marks this article as retracted.",
    "retracted-article": "The record links this article with a retraction.",
    "correction-forward": "The record names a correction of this article.",
    "expression-of-concern": "The record names an expression of concern.",
    "object-of-concern": "The record names an expression of concern.",
}


def article_meta(root: etree._Element) -> etree._Element | None:
    """The element that holds an article's or chapter's own metadata."""
    for name in ("article-meta", "book-part-meta", "book-meta"):
        if (found := next(root.iter(f"{{*}}{name}"), None)) is not None:
            return found
    return None


def first_text(element: etree._Element | None, *names: str) -> str:
    """The text of the first element of a name inside another, the names tried in order."""
    for name in names if element is not None else ():
        found = next(element.iter(f"{{*}}{name}"), None) if element is not None else None
        if found is not None and (text := plain_text(found)):
            return text
    return ""


def child_text(element: etree._Element, name: str) -> str:
    """The text of an element's first child of a name."""
    return next((plain_text(each) for each in element.iterchildren(f"{{*}}{name}")), "")


def head_fields(root: etree._Element, meta: etree._Element | None, title: str) -> dict[str, Value]:
    """An article's metadata."""
    if meta is None:
        return {"source_class": SourceClass.RESEARCH if local_name(root) == "article" else SourceClass.OTHER}
    article = local_name(meta) == "article-meta"
    book = next(chain_up(meta, "book-meta"), None)
    identifiers = dict(identifiers_of(meta))
    dates = dates_of(meta)
    updated = next((dates[kind] for kind in (PUBLISHED if article else CHANGED) if kind in dates), "")
    found: dict[str, Value] = {
        "source_class": class_of(meta, article, first_text(book, "book-title")),
        "identifiers": tuple(f"{kind} {value}" for kind, value in identifiers.items()),
    }
    remarks = retraction(root, meta, title)
    if any("marks this article" in remark for remark in remarks):
        found["review_status"] = "retracted"
    stated = {
        "title": title or first_text(meta, "book-title"),
        "publisher": journal_of(meta)
        if article
        else first_text(book, "publisher-name") or first_text(meta, "publisher-name"),
        "updated": updated,
        "licence": licence_of(meta) or (licence_of(book) if book is not None else ""),
        "language": language_of(root),
        "how_to_cite": how_to_cite(meta, book, title, dates, updated, identifiers.get("doi", "")),
    }
    return found | ({"remarks": remarks} if remarks else {}) | {name: value for name, value in stated.items() if value}


def chain_up(meta: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of a name beside an element or beside one of those around it, nearest first."""
    for above in (meta, *meta.iterancestors()):
        yield from above.itersiblings(f"{{*}}{name}", preceding=True)
        if local_name(above) == name:
            yield above


def class_of(meta: etree._Element, article: bool, book: str) -> SourceClass:
    """The kind of source, where the record says it by a heading of its journal or by its book's title."""
    subjects = [plain_text(each) for each in meta.iter("{*}subject")]
    if any(GUIDELINE.fullmatch(subject) for subject in subjects):
        return SourceClass.GUIDELINE
    if article:
        return SourceClass.RESEARCH
    return SourceClass.MONOGRAPH if MONOGRAPH.search(book) else SourceClass.OTHER


def retraction(root: etree._Element, meta: etree._Element, title: str) -> tuple[str, ...]:
    """What the record says of a retraction or correction."""
    kind = (root.get("article-type") or "").lower()
    notes: dict[str, None] = {}
    if kind == "retraction":
        return ("This is a notice of retraction.",)
    if kind == "retracted-article" or RETRACTED.match(title):
        notes[RELATED["retraction-forward"]] = None
    for each in meta.iter("{*}related-article"):
        if note := RELATED.get(each.get("related-article-type") or ""):
            notes[note] = None
    return tuple(notes)


def identifiers_of(meta: etree._Element) -> Iterator[tuple[str, str]]:
    """(kind, value) of the identifiers that readers know."""
    for each in meta.iterchildren("{*}article-id", "{*}book-part-id", "{*}book-id"):
        kind = IDENTIFIERS.get(
            each.get("pub-id-type") or each.get("book-part-id-type") or each.get("book-id-type") or ""
        )
        value = plain_text(each)
        kind = "Bookshelf id" if value.startswith("NBK") else kind
        if kind and value:
            yield kind, f"PMC{value}" if kind == "PMCID" and value.isdigit() else value


def dates_of(meta: etree._Element) -> dict[str, str]:
    """ISO dates, as precise as given, by their kinds."""
    dates: dict[str, str] = {}
    for each in meta.iter("{*}pub-date", "{*}date"):
        kind = each.get("pub-type") or each.get("date-type") or "pub"
        if kind == "pub" and each.get("publication-format") in ("print", "ppub"):
            kind = "ppub"
        if date := date_of(each):
            dates.setdefault(kind, date)
    return dates


def date_of(element: etree._Element) -> str:
    """One date: its parts as far as they go, else what is printed as a whole."""
    year, month, day = (child_text(element, name) for name in ("year", "month", "day"))
    if not year:
        return parse_date(element.get("iso-8601-date") or child_text(element, "string-date")) or ""
    month = str(MONTHS.index(month[:3].lower()) + 1) if month[:3].lower() in MONTHS else month
    if not (year.isdecimal() and len(year) == 4):
        return ""
    if not (month.isdecimal() and len(month) < 3):
        return year
    parts: dict[str, str | None] = {"y": year, "n": month, "d": day if day.isdecimal() and len(day) < 3 else None}
    return iso_date(parts) or iso_date(parts | {"d": None}) or year


def licence_of(meta: etree._Element) -> str:
    """The licence as printed, else its address."""
    licence = next(meta.iter("{*}license"), None)
    if licence is None:
        return ""
    printed = " ".join(plain_text(each) for each in licence.iterchildren("{*}license-p", "{*}p"))
    return printed or licence.get(HREF) or plain_text(licence)


def language_of(root: etree._Element) -> str:
    """The language that an article or chapter declares."""
    for each in (root, *root.iterchildren("{*}book-part")):
        if LANGUAGE.fullmatch(value := each.get(LANG) or ""):
            primary, _, rest = value.partition("-")
            return "-".join(filter(None, [primary.lower(), rest]))
    return ""


def journal_of(meta: etree._Element, *, short: bool = False) -> str:
    """The journal's title, in full or as abbreviated."""
    journal = next((each for each in meta.itersiblings("{*}journal-meta", preceding=True)), None)
    if journal is None:
        return ""
    known = {each.get("journal-id-type") or "": plain_text(each) for each in journal.iterchildren("{*}journal-id")}
    abbreviated = next((known[kind] for kind in ABBREVIATED if known.get(kind)), "") or first_text(
        journal, "abbrev-journal-title"
    )
    title = first_text(journal, "journal-title")
    return (short and abbreviated) or title or abbreviated


def how_to_cite(
    meta: etree._Element, book: etree._Element | None, title: str, dates: dict[str, str], updated: str, doi: str
) -> str:
    """The bibliographic record in one line."""
    record = record_of(meta, title, dates, updated, doi)
    if local_name(meta) == "article-meta" or book is None:
        return cited(record)
    place, publisher = first_text(book, "publisher-loc"), first_text(book, "publisher-name")
    year = next(iter(dates_of(book).values()), "")[:4]
    imprint = "; ".join(filter(None, [": ".join(filter(None, [place, publisher])), year]))
    book_title = first_text(book, "book-title")
    host = f"In: {book_title}" if local_name(meta) == "book-part-meta" and book_title else ""
    changed = f"[Updated {spelled(updated)}]" if {"updated", "revised"} & dates.keys() and updated else ""
    opening = cited(replace(record, date="", doi=""))
    parts = [f"{each}." for each in (changed, host, imprint) if each]
    return " ".join(filter(None, [opening, *parts, f"doi: {doi}" if doi else ""]))


def spelled(date: str) -> str:
    """An ISO date as a citation prints it: 2018 May 24."""
    year, month, day = (*date.split("-"), "", "")[:3]
    name = MONTHS[int(month) - 1].capitalize() if month else ""
    return " ".join(filter(None, [year, name, day.lstrip("0")]))


def record_of(meta: etree._Element, title: str, dates: dict[str, str], updated: str, doi: str) -> Record:
    """The bibliographic record of an article; its volume goes with the date of print."""
    people = list(meta.iterfind("{*}contrib-group/{*}contrib"))
    authors = [name for each in people if each.get("contrib-type") in ("author", None) and (name := author(each))]
    volume = child_text(meta, "volume")
    first, last = child_text(meta, "fpage") or child_text(meta, "elocation-id"), child_text(meta, "lpage")
    printed = next((dates[kind] for kind in PRINTED if kind in dates and volume), updated)
    when = spelled(printed[:7])
    return Record(
        tuple(authors), title, journal_of(meta, short=True), when, volume, child_text(meta, "issue"), first,
        "" if last == first else last, doi,
    )  # fmt: skip


def author(element: etree._Element) -> str:
    """An author as "Surname AB"."""
    name = next(element.iter("{*}name"), element)
    given = first_text(name, "given-names")
    initials = given if given.isupper() else "".join(part[0] for part in re.split(r"[\s.-]+", given) if part)
    named = " ".join(
        filter(
            None, [first_text(name, "surname"), initials.replace(" ", "").replace(".", ""), first_text(name, "suffix")]
        )
    )
    return named or first_text(element, "string-name", "collab")
