"""What an article or chapter says of itself in its head, and how its references are printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from citewell.readers.citation import Record, cited
from citewell.readers.dates import MONTHS
from citewell.readers.fields import Value
from citewell.readers.xml import local_name
from citewell.types import SourceClass, fold

DATE_KINDS = ("updated", "revised", "epub", "ppub", "pub", "collection", "epub-ppub", "created")  # best first
GUIDELINE = re.compile(r"\b(?:practice|clinical|treatment|consensus)?\s?guidelines?\b", re.I)
RETRACTED = re.compile(r"^\W*retracted\b", re.I)
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HREF = "{http://www.w3.org/1999/xlink}href"
IDENTIFIERS = {"doi": "doi", "pmid": "PMID", "pmc": "PMCID", "pmcid": "PMCID"}


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
        if found is not None and (text := fold("".join(found.itertext()))):
            return text
    return ""


def head_fields(root: etree._Element, meta: etree._Element | None) -> dict[str, Value]:
    """An article's metadata."""
    if meta is None:
        return {"source_class": SourceClass.RESEARCH}
    title = (
        first_text(meta, "article-title")
        or first_text(next(meta.iter("{*}title-group"), None), "title")
        or first_text(meta, "book-title")
    )
    journal = first_text(root, "journal-title", "abbrev-journal-title", "journal-id")
    book = first_text(next(root.iter("{*}book-meta"), None), "book-title")
    identifiers = dict(identifiers_of(meta))
    found: dict[str, Value] = {
        "source_class": SourceClass.RESEARCH if journal else SourceClass.OTHER,
        "identifiers": tuple(f"{kind} {value}" for kind, value in identifiers.items()),
    }
    subjects = [fold("".join(each.itertext())) for each in meta.iter("{*}subject")]
    if any(GUIDELINE.search(subject) for subject in subjects):
        found["source_class"] = SourceClass.GUIDELINE
    retracted = RETRACTED.match(title) or "retract" in (root.get("article-type") or "")
    retracted = retracted or any(
        "retract" in (each.get("related-article-type") or "") for each in meta.iter("{*}related-article")
    )
    if retracted:
        found["review_status"] = "retracted"
        found["remarks"] = ("The record marks this article as retracted.",)
    date = date_of(meta)
    stated = {
        "title": title,
        "publisher": journal or book or first_text(root, "publisher-name"),
        "updated": "-".join(date),
        "licence": licence_of(meta),
        "language": root.get(LANG) or "",
        "how_to_cite": cited(record_of(meta, title, journal or book, date, identifiers.get("doi", ""))),
    }
    return found | {name: value for name, value in stated.items() if value}


def identifiers_of(meta: etree._Element) -> Iterator[tuple[str, str]]:
    """(kind, value) of the identifiers that readers know."""
    for each in meta.iterchildren("{*}article-id", "{*}book-part-id", "{*}book-id"):
        kind = IDENTIFIERS.get(each.get("pub-id-type") or each.get("book-part-id-type") or "")
        value = fold("".join(each.itertext()))
        if kind and value:
            yield kind, f"PMC{value}" if kind == "PMCID" and value.isdigit() else value


def date_of(meta: etree._Element) -> tuple[str, ...]:
    """(year, month, day), as far as given, of the best date: updated before published, electronic before print."""
    dates: dict[str, tuple[str, ...]] = {}
    for each in meta.iter("{*}pub-date", "{*}date"):
        kind = each.get("pub-type") or each.get("date-type") or "pub"
        if parts := tuple(date_parts(each)):
            dates.setdefault(kind, parts)
    return next((dates[kind] for kind in DATE_KINDS if kind in dates), ())


def date_parts(date: etree._Element) -> Iterator[str]:
    """Year, month and day in figures; what follows a missing part is left out."""
    for name, digits in (("year", 4), ("month", 2), ("day", 2)):
        text = first_text(date, name)
        number = str(MONTHS.index(text[:3].lower()) + 1) if text[:3].lower() in MONTHS else text
        if not number.isdigit() or not 0 < len(number) <= digits:
            return
        yield number.zfill(digits)


def licence_of(meta: etree._Element) -> str:
    """The licence as printed, else its address."""
    licence = next(meta.iter("{*}license"), None)
    if licence is None:
        return ""
    return fold("".join(licence.itertext())) or licence.get(HREF) or ""


def record_of(meta: etree._Element, title: str, source: str, date: tuple[str, ...], doi: str) -> Record:
    """The bibliographic record of an article."""
    people = [each for each in meta.iter("{*}contrib") if local_name(each.getparent()) == "contrib-group"]
    authors = [name for each in people if each.get("contrib-type") in ("author", None) and (name := author(each))]
    pages = [
        fold("".join(each.itertext())) for name in ("fpage", "lpage") for each in meta.iterchildren(f"{{*}}{name}")
    ]
    pages = pages or [first_text(meta, "elocation-id")]
    when = (
        " ".join([date[0], *([MONTHS[int(date[1]) - 1].capitalize()] if date[1:] and 0 < int(date[1]) < 13 else [])])
        if date
        else ""
    )
    volume, issue = (
        next((fold("".join(e.itertext())) for e in meta.iterchildren(f"{{*}}{n}")), "") for n in ("volume", "issue")
    )
    return Record(
        tuple(authors),
        title,
        source,
        when,
        volume,
        issue,
        pages[0],
        pages[1] if pages[1:] else "",
        doi,
    )


def author(element: etree._Element) -> str:
    """An author as "Surname AB"."""
    given = first_text(element, "given-names")
    initials = given if given.isupper() else "".join(part[0] for part in re.split(r"[\s.-]+", given) if part)
    return " ".join(filter(None, [first_text(element, "surname"), initials.replace(" ", "")])) or first_text(
        element, "collab"
    )


def reference_text(element: etree._Element, inline: Callable[[etree._Element], str]) -> str:
    """A reference as printed; one that is only marked up, without punctuation, is put together in its parts' usual order."""
    name = local_name(element)
    if name not in ("mixed-citation", "element-citation", "citation", "nlm-citation"):
        return inline(element)
    between = fold((element.text or "") + "".join(child.tail or "" for child in element))
    if between:
        return inline(element)
    authors = [author(each) for each in element.iter("{*}name", "{*}collab") if local_name(each) == "name"]
    title = first_text(element, "article-title", "chapter-title", "data-title")
    source = first_text(element, "source", "conf-name")
    doi = next(
        (fold("".join(each.itertext())) for each in element.iter("{*}pub-id") if each.get("pub-id-type") == "doi"), ""
    )
    year, volume, issue, first, last = (
        first_text(element, *names)
        for names in (("year",), ("volume",), ("issue",), ("fpage", "elocation-id"), ("lpage",))
    )
    record = Record(tuple(filter(None, authors)), title, source, year, volume, issue, first, last, doi)
    rest = [] if title or source else [inline(element)]
    return " ".join([cited(record), *rest]).strip()
