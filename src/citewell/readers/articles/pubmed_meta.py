"""What a record of PubMed says of the article or chapter that it describes."""

from __future__ import annotations

import re

from lxml import etree

from citewell.readers.articles.jats_meta import GUIDELINE, RETRACTED, spelled
from citewell.readers.citation import Record, cited
from citewell.readers.dates import MONTHS, iso_date
from citewell.readers.fields import Value
from citewell.types import SourceClass, fold

LANGUAGES = {
    "afr": "af", "ara": "ar", "bul": "bg", "cat": "ca", "chi": "zh", "cze": "cs", "dan": "da", "dut": "nl", "eng": "en", "est": "et",
    "fin": "fi", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hrv": "hr", "hun": "hu", "ice": "is", "ita": "it", "jpn": "ja",
    "kor": "ko", "lav": "lv", "lit": "lt", "nor": "no", "per": "fa", "pol": "pl", "por": "pt", "rum": "ro", "rus": "ru", "slo": "sk",
    "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv", "tur": "tr", "ukr": "uk", "vie": "vi",
}  # fmt: skip
RETRACTION = "The record marks this article as retracted."
REMARKS = {
    "RetractionIn": "The record says that this article was retracted: {}",
    "RetractionOf": "This is a notice that retracts another article: {}",
    "ExpressionOfConcernIn": "The record names an expression of concern: {}",
    "ErratumIn": "The record names an erratum: {}",
    "CorrectedandRepublishedIn": "The record names a corrected version: {}",
    "UpdateIn": "The record names an update: {}",
}
ABBREVIATED = re.compile(r"\.\w\.$")
YEAR = re.compile(r"(?:19|20)\d\d")
ARTICLE_IDS = (
    "PubmedData/ArticleIdList/ArticleId",
    "PubmedBookData/ArticleIdList/ArticleId",
    "BookDocument/ArticleIdList/ArticleId",
)


def text_at(element: etree._Element, path: str) -> str:
    """The text of the first element at a path."""
    found = element.find(path)
    return fold("".join(found.itertext())) if found is not None else ""


def texts_at(element: etree._Element, path: str) -> list[str]:
    """The texts of all elements at a path."""
    return [text for each in element.iterfind(path) if (text := fold("".join(each.itertext())))]


def title_of(printed: str) -> str:
    """A title without the full stop behind it and the brackets around one that is translated."""
    whole = printed.strip()
    bare = whole.rstrip(".")
    if bare.startswith("[") and bare.endswith("]") and balanced(bare[1:-1]):
        whole = bare[1:-1].strip()
    return whole if whole.endswith("..") or ABBREVIATED.search(whole) else whole.removesuffix(".")


def balanced(text: str) -> bool:
    """Whether no bracket in a text closes one that stands outside."""
    depth = 0
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        if depth < 0:
            return False
    return depth == 0


def head_fields(record: etree._Element, title: str) -> dict[str, Value]:
    """A record's metadata."""
    kinds = texts_at(record, ".//PublicationType")
    identifiers = identifiers_of(record)
    found: dict[str, Value] = {
        "source_class": SourceClass.GUIDELINE if any(map(GUIDELINE.fullmatch, kinds)) else SourceClass.RESEARCH,
        "identifiers": tuple(f"{kind} {value}" for kind, value in identifiers.items()) + registrations(record),
    }
    remarks = remarks_of(record)
    withdrawn = record.find(".//CommentsCorrections[@RefType='RetractionIn']") is not None
    if withdrawn or "Retracted Publication" in kinds or RETRACTED.match(title):
        found["review_status"] = "retracted"
        remarks = (RETRACTION, *remarks)
    stated = {
        "title": title,
        "publisher": text_at(record, ".//Journal/Title") or text_at(record, ".//PublisherName"),
        "updated": date_of(record),
        "licence": text_at(record, ".//Abstract/CopyrightInformation"),
        "language": LANGUAGES.get(text_at(record, ".//Language"), ""),
        "how_to_cite": cited(record_of(record, title, identifiers.get("doi", ""))),
    }
    return found | ({"remarks": remarks} if remarks else {}) | {name: value for name, value in stated.items() if value}


def identifiers_of(record: etree._Element) -> dict[str, str]:
    """The record's own identifiers by their kinds; those of its references don't count."""
    known = {each.get("IdType") or "": fold(each.text or "") for path in ARTICLE_IDS for each in record.iterfind(path)}
    doi = next((fold(each.text or "") for each in record.iterfind(".//Article/ELocationID[@EIdType='doi']")), "")
    named = {"PMID": text_at(record, ".//PMID"), "doi": doi or known.get("doi", ""), "PMCID": known.get("pmc", "")}
    named["Bookshelf id"] = known.get("bookaccession", "")
    return {kind: value for kind, value in named.items() if value}


def registrations(record: etree._Element) -> tuple[str, ...]:
    """The registrations of the trial that an article reports."""
    trials = [
        bank
        for bank in record.iter("DataBank")
        if text_at(bank, "DataBankName") in ("ClinicalTrials.gov", "ISRCTN", "EudraCT")
    ]
    return tuple(
        f"{text_at(bank, 'DataBankName')} {number}"
        for bank in trials
        for number in texts_at(bank, ".//AccessionNumber")
    )


def remarks_of(record: etree._Element) -> tuple[str, ...]:
    """What the record says of later corrections."""
    notes = (
        (REMARKS.get(each.get("RefType") or ""), text_at(each, "RefSource"))
        for each in record.iter("CommentsCorrections")
    )
    return tuple(dict.fromkeys(form.format(where).rstrip(": ") for form, where in notes if form))


def date_of(record: etree._Element) -> str:
    """The date of a chapter's last change, else of publication: electronic before print, as precise as given."""
    paths = (
        ".//BookDocument/DateRevised",
        ".//ArticleDate",
        ".//JournalIssue/PubDate",
        ".//ContributionDate",
        ".//Book/PubDate",
    )
    return next((date for path in paths for each in record.iterfind(path) if (date := iso(each))), "")


def iso(date: etree._Element) -> str:
    """A date in ISO 8601; only the year of a season or a range."""
    year, month, day = (text_at(date, part) for part in ("Year", "Month", "Day"))
    if not re.fullmatch(r"\d{4}", year):
        match = YEAR.search(text_at(date, "MedlineDate"))
        return match.group() if match else ""
    if month[:3].lower() in MONTHS:
        month = str(MONTHS.index(month[:3].lower()) + 1)
    if not re.fullmatch(r"[0-9]{1,2}", month):
        return year
    parts: dict[str, str | None] = {"y": year, "n": month, "d": day if re.fullmatch(r"[0-9]{1,2}", day) else None}
    return iso_date(parts) or iso_date(parts | {"d": None}) or year


def record_of(record: etree._Element, title: str, doi: str) -> Record:
    """The bibliographic record; its volume goes with the date of the issue."""
    path = (
        ".//BookDocument/AuthorList/Author"
        if record.find(".//BookDocument/AuthorList") is not None
        else ".//AuthorList/Author"
    )
    names = [
        " ".join(filter(None, (text_at(each, "LastName"), text_at(each, "Initials"), text_at(each, "Suffix"))))
        or text_at(each, "CollectiveName")
        for each in record.iterfind(path)
    ]
    issue = record.find(".//JournalIssue/PubDate")
    when = (iso(issue) if issue is not None else "") or date_of(record)
    book = text_at(record, ".//Book/BookTitle") if record.find(".//BookDocument/ArticleTitle") is not None else ""
    source = (
        text_at(record, ".//MedlineTA") or text_at(record, ".//Journal/ISOAbbreviation") or text_at(record, ".//Journal/Title")
        or ". ".join(filter(None, [book and f"In: {book}", text_at(record, ".//PublisherName")]))
    )  # fmt: skip
    first, last = (text_at(record, f".//Pagination/{name}") for name in ("StartPage", "EndPage"))
    pages = text_at(record, ".//MedlinePgn") or "-".join(filter(None, (first, last)))
    return Record(
        tuple(filter(None, names)), title, source, spelled(when[:7]), text_at(record, ".//JournalIssue/Volume"),
        text_at(record, ".//JournalIssue/Issue"), pages, "", doi,
    )  # fmt: skip
