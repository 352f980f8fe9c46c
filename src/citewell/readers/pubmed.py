"""Records of PubMed in XML → Document: title, abstract, what the record says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.beir import Failure
from citewell.readers.citation import Record, cited
from citewell.readers.dates import MONTHS
from citewell.readers.draft import Draft
from citewell.readers.fields import Value
from citewell.readers.jats_meta import GUIDELINE
from citewell.readers.narrative import Narrative
from citewell.readers.source import Source
from citewell.readers.xml import Places, local_name, parse_xml
from citewell.types import Document, SourceClass, fold

OPENING = re.compile(
    rb"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|PubmedBookArticleSet|MedlineCitation)[\s>]"
)
ARTICLES = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
LANGUAGES = {
    "eng": "en", "fre": "fr", "ger": "de", "spa": "es", "ita": "it", "por": "pt", "dut": "nl", "rus": "ru", "chi": "zh", "jpn": "ja",
    "kor": "ko", "pol": "pl", "cze": "cs", "dan": "da", "swe": "sv", "nor": "no", "fin": "fi", "hun": "hu", "tur": "tr",
}  # fmt: skip
REMARKS = {
    "RetractionIn": "The record says that this article was retracted: {}",
    "ExpressionOfConcernIn": "The record names an expression of concern: {}",
    "ErratumIn": "The record names an erratum: {}",
    "UpdateIn": "The record names an update: {}",
}
SEASON = re.compile(r"\d{4}")


def looks_like_pubmed(data: bytes) -> bool:
    """Whether bytes open like records of PubMed."""
    return OPENING.search(data[:8192]) is not None


def read_pubmed(source: Source, data: bytes) -> Iterator[Document | Failure]:
    """Read each record of a file."""
    root = parse_xml(source.document_id, data)
    records = [root] if local_name(root) in ARTICLES else [each for each in root if local_name(each) in ARTICLES]
    if not records:
        raise ReadError(
            f"{source.document_id}: expected records of PubMed, found none in <{local_name(root)}>; download it again"
        )
    for number, record in enumerate(records, start=1):
        name = (
            source.document_id if len(records) == 1 else f"{source.document_id}/{text_at(record, './/PMID') or number}"
        )
        own = data if len(records) == 1 else etree.tostring(record)
        try:
            yield read_record(Source(source.path, name, source.root), own, record)
        except ReadError as error:
            yield Failure(name, str(error))


def read_record(source: Source, data: bytes, record: etree._Element) -> Document:
    """Read one record."""
    draft = Draft(source.document_id)
    narrative = Narrative(draft, Places())
    title = next(record.iter("ArticleTitle", "BookTitle"), None)
    if title is not None:
        draft.heading(narrative.inline(title).strip("[]"), 1)
    for abstract in record.iter("Abstract", "OtherAbstract"):
        draft.heading(
            "Abstract" if local_name(abstract) == "Abstract" else f"Abstract ({abstract.get('Type') or 'other'})", 2
        )
        for part in abstract.iter("AbstractText"):
            draft.heading((part.get("Label") or "").capitalize(), 3)
            narrative.write(part)
    for name, path in (
        ("Keywords", ".//Keyword"),
        ("Substances", ".//NameOfSubstance"),
        ("MeSH terms", ".//DescriptorName"),
    ):
        words = [fold("".join(each.itertext())) for each in record.iterfind(path)]
        draft.boilerplate(f"{name}: {'; '.join(words)}" if words else "")
    for statement in record.iter("CoiStatement"):
        draft.heading("Conflict of interest", 2)
        draft.paragraph(narrative.inline(statement))
    return draft.document(source, data, head_fields(record))


def text_at(record: etree._Element, path: str) -> str:
    """The text of the first element at a path."""
    found = record.find(path)
    return fold("".join(found.itertext())) if found is not None else ""


def head_fields(record: etree._Element) -> dict[str, Value]:
    """A record's metadata."""
    kinds = [fold("".join(each.itertext())) for each in record.iter("PublicationType")]
    doi = next(
        (fold(each.text or "") for each in record.iter("ELocationID", "ArticleId") if "doi" in each.attrib.values()), ""
    )
    pmc = next(
        (
            fold(each.text or "")
            for each in record.iterfind(".//ArticleIdList/ArticleId")
            if each.get("IdType") == "pmc"
        ),
        "",
    )
    named = (("PMID", text_at(record, ".//PMID")), ("doi", doi), ("PMCID", pmc))
    date = date_of(record)
    found: dict[str, Value] = {
        "source_class": SourceClass.GUIDELINE if any(map(GUIDELINE.search, kinds)) else SourceClass.RESEARCH,
        "identifiers": tuple(f"{kind} {value}" for kind, value in named if value),
    }
    remarks = remarks_of(record)
    if (
        any(kind.lower() == "retracted publication" for kind in kinds)
        or record.find(".//CommentsCorrections[@RefType='RetractionIn']") is not None
    ):
        found["review_status"] = "retracted"
        remarks = remarks or ("The record marks this article as retracted.",)
    stated = {
        "title": text_at(record, ".//ArticleTitle").strip("[]") or text_at(record, ".//BookTitle"),
        "publisher": text_at(record, ".//Journal/Title") or text_at(record, ".//PublisherName"),
        "updated": date,
        "licence": text_at(record, ".//CopyrightInformation"),
        "language": LANGUAGES.get(text_at(record, ".//Language"), ""),
        "how_to_cite": cited(record_of(record, date, doi)),
    }
    return found | ({"remarks": remarks} if remarks else {}) | {name: value for name, value in stated.items() if value}


def remarks_of(record: etree._Element) -> tuple[str, ...]:
    """What the record says of later corrections."""
    notes = (
        (REMARKS.get(each.get("RefType") or ""), text_at(each, "RefSource"))
        for each in record.iter("CommentsCorrections")
    )
    return tuple(dict.fromkeys(form.format(where) for form, where in notes if form))


def date_of(record: etree._Element) -> str:
    """The date of publication, electronic before print, as precise as given."""
    for path in (".//ArticleDate", ".//JournalIssue/PubDate", ".//ContributionDate", ".//Book/PubDate"):
        date = record.find(path)
        if date is None:
            continue
        year, month, day = (text_at(date, part) for part in ("Year", "Month", "Day"))
        number = str(MONTHS.index(month[:3].lower()) + 1) if month[:3].lower() in MONTHS else month
        if year.isdigit():
            parts = [year, *([number.zfill(2), *([day.zfill(2)] if day.isdigit() else [])] if number.isdigit() else [])]
            return "-".join(parts)
        if match := SEASON.search(text_at(date, "MedlineDate")):
            return match.group()
    return ""


def record_of(record: etree._Element, date: str, doi: str) -> Record:
    """The bibliographic record."""
    people = list(record.iterfind(".//AuthorList/Author"))
    names = [
        " ".join(filter(None, (text_at(each, "LastName"), text_at(each, "Initials"))))
        or text_at(each, "CollectiveName")
        for each in people
    ]
    parts = date.split("-")
    month = MONTHS[int(parts[1]) - 1].capitalize() if parts[1:] and 0 < int(parts[1]) < 13 else ""
    return Record(
        tuple(filter(None, names)), text_at(record, ".//ArticleTitle").strip("[]") or text_at(record, ".//BookTitle"),
        text_at(record, ".//MedlineTA") or text_at(record, ".//Journal/ISOAbbreviation") or text_at(record, ".//PublisherName"),
        " ".join(filter(None, (parts[0], month))), text_at(record, ".//JournalIssue/Volume"), text_at(record, ".//JournalIssue/Issue"),
        text_at(record, ".//MedlinePgn"), "", doi,
    )  # fmt: skip
