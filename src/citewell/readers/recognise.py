"""Lines in which a source speaks of itself: how to cite it, its date, its review state, its reference marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citewell.readers.dates import DATE, parse_date, year_of
from citewell.readers.fields import Value
from citewell.types import Block, BlockKind, SourceClass, fold

CITATION = re.compile(
    r"(?:(?:NLM|suggested|recommended|preferred|how to)\s+)?"
    r"(?:citation|cite(?: this (?:page|article|document|chapter))?(?: as)?)\s*:\s*",
    re.I,
)
CHANGED = r"(?:up-?dated|revised|modified|amended)"
ISSUED = r"(?:published|posted|issued|created|reviewed)"
UPDATED_LINE = re.compile(
    rf"(?:(?:last|date|page|content|article)\s+)*(?P<verb>{CHANGED}|{ISSUED}|date)(?:\s+(?:on|date))?"
    rf"(?:\s*:\s*|\s+(?!\d{{4}}\s+[a-z]))(?P<date>{DATE})",
    re.I,
)
UPDATED_MARK = re.compile(rf"\[(?:last\s+)?{CHANGED}:?\s+(?P<date>{DATE})", re.I)
URL_LINE = re.compile(
    r"(?:[\w-]{1,30}\s+)?URL\s*:\s*(?P<plain>\S+)"
    r"|(?:available (?:from|at)|retrieved from|source|link)\s*:\s*(?P<url>https?://\S+)",
    re.I,
)
PUBLISHER_LINE = re.compile(r"publisher\s*:\s*(?P<name>\S.*)", re.I)
LICENCE_LINE = re.compile(r"licen[cs]e\s*:\s*(?P<name>\S.*)", re.I)
STATUS_LINE = re.compile(r"(?:review|editorial|document|article review) status\s*:\s*(?P<status>\S.*)", re.I)
IDENTIFIER_LINE = re.compile(r"(?:doi|pmid|pmcid|isbn|issn|bookshelf id)\s*:\s*\S", re.I)
# "Bethesda (MD): National Institute of …; 2012-", as the National Library of Medicine prints it.
CITED_PUBLISHER = re.compile(r"\[Internet\]\.\s[^:;.]{2,60}:\s(?P<name>[^;]{2,200});\s(?:19|20)\d\d")
MONOGRAPH = re.compile(r"\bLiverTox\b|\bLactMed\b|\bDrugs and Lactation Database\b|\bmonograph\b", re.I)
LABEL_TITLE = re.compile(r"\bhighlights of prescribing information\b|\bsummary of product characteristics\b", re.I)

PENDING = re.compile(
    r"\b(?:(?:pending|awaiting)(?: \w+){0,2} review|not (?:yet )?(?:been )?reviewed(?: by (?:a|an) [\w-]+)?)\b",
    re.I,
)
REVIEWED = re.compile(r"\b(?:medically|clinically|peer|editorially)[ -]reviewed(?: by [A-Z][^.;|•\n]{2,80})?", re.I)
STATES = frozenset({"draft", "submitted", "under review", "in review", "approved", "published", "rejected", "reviewed"})
ARTIFICIAL = re.compile(
    r"\b(?:medical|our|an?|by|generative)\s+A\.?I\.?(?=[\s.,;]|$)|\bAI[- ](?:generated|assisted|written)\b"
    r"|\bartificial intelligence\b.{0,40}\bgenerated\b",
    re.I,
)

LABEL = re.compile(r"(?P<name>\*{0,2}[^\W\d_][\w ()/,'’&%-]{1,48}):\*{0,2}\s+(?P<value>\S.*)", re.S)
LABEL_NO_NAME = re.compile(
    r"\b(?:is|are|was|were|include|includes|included|including|following|that|which|who|note|example|however|use|uses)\b",
    re.I,
)
INNER_STOP = re.compile(r"[^\W\d][.!?]['\"”)\]]*\s+[\"“(]?[A-Z]")
MOST_LABEL_CHARACTERS = 300
MOST_CITATION_CHARACTERS = 1500


def is_label(text: str) -> bool:
    """Whether a stretch is one "Name: value" statement, no longer than a sentence."""
    if len(text) > MOST_LABEL_CHARACTERS or text.rstrip().endswith(":"):
        return False
    match = LABEL.fullmatch(text)
    if match is None or len(match["name"].split()) > 6 or LABEL_NO_NAME.search(match["name"]):
        return False
    return INNER_STOP.search(match["value"]) is None


def is_metadata_line(text: str, *, whole: bool = False) -> bool:
    """Whether a line opens with what a source says of itself.

    :param whole: Take only what is complete on one line; a citation goes on over several.
    """
    if CITATION.match(text):
        return not whole and len(text) <= MOST_CITATION_CHARACTERS
    one_line = (UPDATED_LINE, URL_LINE, PUBLISHER_LINE, LICENCE_LINE, STATUS_LINE, IDENTIFIER_LINE)
    return len(text) <= MOST_LABEL_CHARACTERS and any(form.match(text) for form in one_line)


def recognise(text: str, blocks: Sequence[Block]) -> dict[str, Value]:
    """Read the metadata fields that are printed in a document."""
    found: dict[str, Value] = {}
    dates: list[tuple[bool, str]] = []
    for block in blocks:
        if block.kind in (BlockKind.BOILERPLATE, BlockKind.HEADING, BlockKind.LABEL, BlockKind.PARAGRAPH):
            printed = text[block.start : block.end]
            for name, value in fields_in(printed):
                found.setdefault(name, value)
            if block.kind is BlockKind.BOILERPLATE:
                dates += dates_in(fold(printed))
    if dates:
        found |= newest_statement(dates)
    status = review_status(text, blocks)
    return found | ({"review_status": status} if status else {})


def fields_in(printed: str) -> list[tuple[str, Value]]:
    """The fields that one block states; the date and the review state are looked at apart."""
    if match := CITATION.match(printed):
        return cited_fields(citation_text(printed[match.end() :]))
    if LABEL_TITLE.match(fold(printed)):
        return [("source_class", SourceClass.LABEL)]
    if match := URL_LINE.match(printed):
        return [("url", match["plain"] or match["url"])]
    for name, form in (("publisher", PUBLISHER_LINE), ("licence", LICENCE_LINE)):
        if match := form.fullmatch(fold(printed)):
            return [(name, match["name"])]
    return []


def citation_text(printed: str) -> str:
    """A citation on one line; the hyphen at a line end stays, for it may belong to the word."""
    return fold(re.sub(r"-\s*\n\s*", "-", printed))


def cited_fields(citation: str) -> list[tuple[str, Value]]:
    """What a citation line tells: itself, its publisher, the kind of work."""
    found: list[tuple[str, Value]] = [("how_to_cite", citation)]
    if match := CITED_PUBLISHER.search(citation):
        found.append(("publisher", match["name"]))
    if MONOGRAPH.search(citation):
        found.append(("source_class", SourceClass.MONOGRAPH))
    return found


def dates_in(printed: str) -> list[tuple[bool, str]]:
    """(whether it tells of a change, ISO date) for each statement of a date."""
    statements: list[tuple[bool, str]] = []
    if match := UPDATED_LINE.match(printed):
        changed = re.fullmatch(CHANGED, match["verb"], re.I) is not None
        statements.append((changed, match["date"]))
    statements += [(True, match["date"]) for match in UPDATED_MARK.finditer(printed)]
    return [
        (changed, iso)
        for changed, printed_date in statements
        if (iso := parse_date(printed_date) or year_of(printed_date))
    ]


DATES_DIFFER = "The document prints different dates"


def newest_statement(dates: Sequence[tuple[bool, str]]) -> dict[str, Value]:
    """The date of the last change, else of publication; differing statements are remarked."""
    changed = any(tells_change for tells_change, _ in dates)
    stated = list(dict.fromkeys(iso for tells_change, iso in dates if tells_change is changed))
    latest = max(stated)
    if all(latest.startswith(iso) for iso in stated):
        return {"updated": latest}
    listed = ", ".join(stated)
    return {"updated": latest, "remarks": (f"{DATES_DIFFER}: {listed}. The latest one is shown.",)}


def review_status(text: str, blocks: Sequence[Block]) -> str | None:
    """The review state as printed; none where several states are printed and nothing tells which holds."""
    chrome = [fold(text[block.start : block.end]) for block in blocks if block.kind is BlockKind.BOILERPLATE]
    for form in (PENDING, REVIEWED):
        for printed in chrome:
            if match := form.search(printed):
                return match.group()
    for printed in chrome:
        if match := STATUS_LINE.match(printed):
            return match["status"].rstrip(".")
    states = [line for block in blocks if block.kind is BlockKind.BOILERPLATE for line in states_in(text, block)]
    return states[0] if len(states) == 1 else None


def states_in(text: str, block: Block) -> list[str]:
    """The lines of a block that are nothing but a review state."""
    lines = (fold(line) for line in text[block.start : block.end].split("\n"))
    return [line for line in lines if line.lower() in STATES]
