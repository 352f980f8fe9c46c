"""Records of PubMed in XML → Document: title, abstract, funding, interests, references."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.articles.jats_math import FORMULA, formula_text
from citewell.readers.articles.jats_opening import outermost_name
from citewell.readers.articles.pubmed_meta import head_fields, text_at, texts_at, title_of
from citewell.readers.beir import Failure
from citewell.readers.draft import Draft
from citewell.readers.narrative import Narrative
from citewell.readers.source import Source
from citewell.readers.xml import Places, local_name, parse_xml
from citewell.types import Document

SETS = ("PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet")
RECORDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
KINDS = {"plain-language-summary": "Plain-language summary", "Plain Language Summary": "Plain-language summary"}


def looks_like_pubmed(data: bytes) -> bool:
    """Whether bytes are records of PubMed by their outermost element."""
    return outermost_name(data) in (*SETS, *RECORDS)


def read_pubmed(source: Source, data: bytes) -> Iterator[Document | Failure]:
    """Read each record of a file."""
    root = parse_xml(source.document_id, data)
    records = [root] if local_name(root) in RECORDS else [each for each in root if local_name(each) in RECORDS]
    if not records:
        raise ReadError(
            f"{source.document_id}: expected records of PubMed, found none in <{local_name(root)}>; download it again"
        )
    if len(records) == 1:
        yield read_record(source, data, records[0], Places())
        return
    places = Places()
    names: set[str] = set()
    for number, record in enumerate(records, start=1):
        name = text_at(record, ".//PMID") or str(number)
        name = f"{name} {number}" if name in names else name  # a further version of the record
        names.add(name)
        own = Source(source.path, f"{source.document_id}/{name}", source.root)
        try:
            yield read_record(own, etree.tostring(record, with_tail=False), record, places)
        except ReadError as error:
            yield Failure(own.document_id, str(error))


def read_record(source: Source, data: bytes, record: etree._Element, places: Places) -> Document:
    """Read one record."""
    text = RecordText(Draft(source.document_id), places)
    text.write_head(record)
    for abstract in record.iter("Abstract", "OtherAbstract"):
        text.write_abstract(abstract)
    text.write_statements(record)
    text.write_references(record)
    return text.draft.document(source, data, head_fields(record, text.title(record)))


class RecordText(Narrative):
    """Writes what a record says."""

    def own_inline(self, element: etree._Element, name: str) -> bool:
        """Formulas inside a line."""
        if name not in ("math", "DispFormula"):
            return False
        text = formula_text(element) or FORMULA
        joined = "".join(self._line)[-1:].isalnum() and text[:1].isdigit()
        self.add(f" {text}" if joined else text)
        return True

    def own(self, element: etree._Element, name: str) -> bool:
        """Formulas."""
        return self.own_inline(element, name)

    def write_head(self, record: etree._Element) -> None:
        """Write title, authors and what the record is filed under."""
        self.draft.heading(self.title(record), 1, place=self._at(next(record.iter("ArticleTitle", "BookTitle"), None)))
        self.draft.boilerplate(text_at(record, ".//VernacularTitle"))
        names = ("ForeName", "LastName", "Suffix", "CollectiveName")
        authors = record.iterfind(".//AuthorList/Author")
        people = (" ".join(filter(None, (text_at(each, name) for name in names))) for each in authors)
        self.draft.boilerplate(", ".join(filter(None, people)))
        self._line_of("Publication types", texts_at(record, ".//PublicationType"))
        self._line_of("MeSH terms", mesh_terms(record))
        self._line_of("Substances", texts_at(record, ".//NameOfSubstance"))
        registered = [f"{text_at(bank, 'DataBankName')} {', '.join(texts_at(bank, './/AccessionNumber'))}"
                      for bank in record.iter("DataBank")]  # fmt: skip
        self._line_of("Registered", registered)
        keywords = texts_at(record, ".//Keyword")
        self.draft.label(f"Keywords: {'; '.join(keywords)}" if keywords else "")

    def title(self, record: etree._Element) -> str:
        """The title of the article, else of the book, else in its own language."""
        found = (
            title_of(self.inline(each))
            for name in ("ArticleTitle", "BookTitle", "VernacularTitle")
            for each in record.iter(name)
        )
        return next(filter(None, found), "")

    def _line_of(self, name: str, words: list[str]) -> None:
        self.draft.boilerplate(f"{name}: {'; '.join(words)}" if words else "")

    def _at(self, element: etree._Element | None) -> str | None:
        return None if element is None else self.places.of(element)

    def write_abstract(self, abstract: etree._Element) -> None:
        """Write an abstract, its labelled parts as sections."""
        kind, language = abstract.get("Type") or "", abstract.get("Language") or ""
        name = KINDS.get(kind, "Abstract") if local_name(abstract) == "OtherAbstract" else "Abstract"
        told = [
            word
            for word in (
                kind if name == "Abstract" and kind != "Publisher" else "",
                language if language != "eng" else "",
            )
            if word
        ]
        heading = f"{name} ({', '.join(told)})" if told else name
        parts = [part for part in abstract.iter("AbstractText") if self.inline(part)]
        if not parts:
            return
        self.draft.heading(heading, 2, place=self.places.of(abstract))
        labelled = False
        for part in parts:
            label = " ".join((part.get("Label") or "").split())
            if label.upper() == "UNLABELLED":
                label = ""
            if label:
                self.draft.heading(label.rstrip(":"), 3, place=self.places.of(part))
            elif labelled:
                self.draft.heading(heading, 2, place=self.places.of(abstract))
            labelled = bool(label)
            self.write(part)

    def write_statements(self, record: etree._Element) -> None:
        """Write what the record says of interests and funding."""
        for number, statement in enumerate(record.iter("CoiStatement")):
            self.draft.heading("Conflict of interest" if number == 0 else "", 2)
            self.draft.paragraph(self.inline(statement), place=self.places.of(statement))
        for number, grant in enumerate(record.iter("Grant")):
            self.draft.heading("Funding" if number == 0 else "", 2)
            agency = ", ".join(filter(None, (text_at(grant, "Agency"), text_at(grant, "Country"))))
            self.draft.label(": ".join(filter(None, (agency, text_at(grant, "GrantID")))), place=self.places.of(grant))

    def write_references(self, record: etree._Element) -> None:
        """Write the record's reference list."""
        for number, reference in enumerate(record.iterfind("PubmedData//Reference")):
            self.draft.heading("References" if number == 0 else "", 2)
            identifiers = [f"{(each.get('IdType') or '').replace('pubmed', 'PMID')} {' '.join((each.text or '').split())}".strip()
                           for each in reference.iterfind("ArticleIdList/ArticleId")]  # fmt: skip
            cited = " ".join(self.inline(each) for each in reference.iterfind("Citation"))
            self.draft.reference(" ".join(filter(None, [cited, *identifiers])), place=self.places.of(reference))


def mesh_terms(record: etree._Element) -> list[str]:
    """The record's subject headings with their qualifiers."""
    return [
        "/".join([text_at(each, "DescriptorName"), *texts_at(each, "QualifierName")])
        for each in record.iter("MeshHeading")
    ]
