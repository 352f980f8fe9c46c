"""The nouns of Citewell. Every value is frozen; every quotation carries its span from the first split to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


def fold(text: str) -> str:
    """Fold each run of white space to one blank: the only change that a quotation ever undergoes."""
    return " ".join(text.split())


class SourceClass(StrEnum):
    """What kind of source speaks, in the order in which answers are grouped."""

    GUIDELINE = "guideline"
    LABEL = "label"
    RESEARCH = "research"
    MONOGRAPH = "monograph"
    WEB = "web"
    OTHER = "other"


class Audience(StrEnum):
    """Whom a source is written for."""

    CLINICIAN = "clinician"
    PATIENT = "patient"


class BlockKind(StrEnum):
    """What a stretch of a document is, as its layout or its mark-up tells."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # one entry of a list
    LABEL = "label"  # one "Name: value" line
    ROW = "row"  # one body row of a table
    HEADER = "header"  # the header row or the caption of a table
    REFERENCE = "reference"  # one entry of the source's own reference list
    BOILERPLATE = "boilerplate"  # navigation, status, promotion, disclaimer, front matter: never quoted


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open character range [start, end) of one document's text."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch [start, end) of a document with one role. Blocks are disjoint and ordered.

    :param level: Depth of a heading, 1 at the top; depth of a list item, 1 at the top; else 0.
    :param page: Page of a paged source, counted from 1.
    :param lead: [start, end) of the line that introduces an item, or of the caption and header of a table row.
    :param place: Where in the source, for one who opens it: an element, the cells of a sheet; None where pages or offsets tell.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    page: int | None = None
    lead: tuple[int, int] | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a source says of itself, or a manifest says of it; None where neither says."""

    title: str
    source_class: SourceClass = SourceClass.OTHER
    publisher: str | None = None
    updated: str | None = None  # ISO 8601, as precise as the source: 2017, 2017-12 or 2017-12-28
    how_to_cite: str | None = None  # as printed
    url: str | None = None  # as printed
    licence: str | None = None
    review_status: str | None = None
    language: str | None = None  # BCP 47
    audience: Audience | None = None
    version: str | None = None  # as the source counts its versions
    identifiers: tuple[str, ...] = ()  # each with its kind: "set id 20a1…", "doi 10.1000/1", "PMID 123"
    brand_names: tuple[str, ...] = ()  # of the product that a label is of
    active_ingredients: tuple[str, ...] = ()  # of that product, by their generic names
    origin: str | None = None  # how the file came here, as a manifest says
    remarks: tuple[str, ...] = ()  # what a reader noticed, e.g. reference marks without an entry


@dataclass(frozen=True, slots=True)
class Document:
    """A source as read once. `text` never changes after reading; every offset points into it.

    :param path: The file it came from, absolute, POSIX separators.
    :param sha256: SHA-256 of the source's bytes (of the row's bytes in a JSON-lines file).
    """

    id: str
    text: str
    metadata: Metadata
    blocks: tuple[Block, ...]
    path: str
    sha256: str


def is_own_line(document: Document, start: int, end: int) -> bool:
    """Whether a stretch is one or more whole lines in which a source speaks of itself."""
    text = document.text
    return any(
        block.kind is BlockKind.BOILERPLATE
        and block.start <= start < end <= block.end
        and not text[max(block.start, text.rfind("\n", 0, start) + 1) : start].strip()
        and not text[end : block.end].partition("\n")[0].strip()
        for block in document.blocks
    )


class UnitKind(StrEnum):
    """The smallest things that are quoted."""

    SENTENCE = "sentence"
    ITEM = "item"
    LABEL = "label"
    ROW = "row"
    CLAUSE = "clause"  # a part of an unpunctuated run-on


@dataclass(frozen=True, slots=True)
class Unit:
    """A whole sentence, list item, label line, table row or clause: [start, end) of one document.

    :param section: Headings above it, outermost first, white space folded.
    :param lead: [start, end) of the lead-in of an item or a clause, or of the caption and header of a row.
    :param block: Number of its block in the document; units of one block are neighbours.
    :param place: That of its block.
    """

    start: int
    end: int
    kind: UnitKind
    section: tuple[str, ...]
    source_class: SourceClass
    page: int | None = None
    lead: tuple[int, int] | None = None
    block: int = 0
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole units [first, last) of one section of a document, about 200 tokens."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search returned; `score` is higher for better, `rank` starts at 1."""

    passage: int
    document_id: str
    start: int
    end: int
    rank: int
    score: float
    dense: float  # passage cosine
    best_unit: float  # highest cosine of one of its units
    lexical: float  # BM25


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quotation: `text == fold(document.text[start:end])`."""

    citation: int
    text: str
    document_id: str
    title: str
    source_class: SourceClass
    updated: str | None
    review_status: str | None
    section: tuple[str, ...]
    page: int | None
    start: int
    end: int
    score: float
    also: tuple[int, ...] = ()
    context_before: str = ""
    context_after: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quotation stands, and how its source wants to be cited.

    :param locator: For people: "title › section › page 3, chars 2906–3191".
    :param start: With `end`, the quotation's range in `Document.text`; the command line's object holds them in `locator`.
    """

    number: int
    document_id: str
    title: str
    how_to_cite: str | None
    path: str
    sha256: str
    locator: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Quotations on one subject and attribute whose numbers, units or intervals differ."""

    about: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an answer depends on: same values and same question, same answer."""

    index: str
    encoder: str
    weights: str
    settings: str
    version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is shown for a question. `answered` is False where the documents are silent."""

    question: str
    searched_for: str
    answered: bool
    confidence: float
    reason: str | None
    excerpts: tuple[Excerpt, ...]
    disagreements: tuple[Disagreement, ...]
    nearest: tuple[Excerpt, ...]
    citations: tuple[Citation, ...]
    notes: tuple[str, ...]
    follow_ups: tuple[str, ...]
    provenance: Provenance
    timings_ms: dict[str, float]
