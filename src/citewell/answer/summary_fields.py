"""What a source says of itself, for those who ask: when it was updated, whether it was reviewed, how to cite it.

The reader has marked these lines as no content, so they are no units and no search finds them. Here they are quoted, whole
lines of the documents that the question's own answer cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from citewell.answer.compose import cite
from citewell.answer.evidence import Candidate
from citewell.answer.reading import stems_of
from citewell.answer.subject import sources_called
from citewell.answer.weights import Weights
from citewell.index import Index
from citewell.lexicon import STOP_WORDS, words
from citewell.settings import Settings
from citewell.types import Answer, Block, BlockKind, Citation, Document, Excerpt, Hit, Unit, UnitKind, fold


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that sources say of themselves.

    :param name: As `Metadata` calls it.
    :param asked: What asks for it, in a question that names nothing else but the source.
    :param said: What an answer holds that says it.
    :param silence: What a document is said not to tell.
    """

    name: str
    asked: re.Pattern[str]
    said: re.Pattern[str]
    silence: str


def field(name: str, asked: str, said: str, silence: str) -> Field:
    """Compile a field."""
    return Field(name, re.compile(asked, re.I), re.compile(said, re.I), silence)


FIELDS = (
    field(
        "updated",
        r"\b(?:when|date|how (?:old|recent|current|up[ -]to[ -]date))\b.*\b(?:updated?|revised|revision|changed?|modified|edited|"
        r"published|publication|issued|written|posted)\b|\blast[ -](?:updated?|revised|changed|modified|edited)\b|\bhow (?:old|recent) is\b"
        r"|\bup[ -]to[ -]date\b",
        r"(?=.*(?:19|20)\d\d)(?=.*\b(?:updat|revis|chang|modif|edit|publi|issued|posted))",
        "when it was updated",
    ),
    field(
        "review_status",
        r"\b(?:review(?:s|ed|ers?)?|review status|peer[ -]review(?:ed)?|checks|checked|verified|vetted)\b",
        r"\breview",
        "whether it was reviewed",
    ),
    field("how_to_cite", r"\b(?:cite|cited|citation)\b", r"\bciti|\bcite", "how to cite it"),
    field("publisher", r"\b(?:publisher|publishes|published|issued)\b", r"\bpublish", "who published it"),
    field("licence", r"\blicen[cs]e\b", r"\blicen[cs]e", "under which licence it is"),
)
# A question for a field names nothing else but the source that it means.
SOURCES = frozenset(
    "page pages article document documents source sources text entry monograph leaflet guideline guidelines label digest site "
    "website web information content file version chapter record last latest first time by who ever yet already human clinician "
    "doctor expert anyone anybody somebody someone person people real medically medical accuracy often whom old recent current up "
    "date under properly correctly".split()
)
SOURCE_NOUNS = frozenset(
    "page pages article document documents source sources text entry monograph leaflet guideline guidelines label digest site "
    "website version chapter record content information".split()
)
OFTEN = re.compile(r"\bhow often\b|\bshould\b", re.I)
CITED = ("how_to_cite", "publisher")  # what a citation says, which may go on over several lines
LINE = re.compile(r"[^\s](?:[^\n\f]*[^\s])?")
MOST_LINE = 600  # characters of a line that is quoted whole
MOST_DOCUMENTS = 3


ASKING = frozenset(
    "update updates updated revised revision change changed modified edited published publication publisher publishes "
    "issued written posted status review reviews reviewed reviewer reviewers peer checked checks check verified "
    "vetted cite cited citation licence license when how".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that a question asks for.

    :param sources: The documents that it calls by their own names; empty where it calls none.
    """

    field: Field
    sources: frozenset[str]


def field_asked(question: str, index: Index) -> Asked | None:
    """The field that a question asks for; None where it asks for something of the subject.

    "When was this page last updated?" asks for one, "When was the trial published?" doesn't. What was carried over from an
    earlier question, in square brackets, is not looked at.
    """
    typed = question.split(" [")[0]
    found = next((each for each in FIELDS if each.asked.search(typed)), None)
    if found is None:
        return None
    drugs = {part for drug in index.lexicon.drugs_in(typed) for part in drug.split()}
    said = {part for word, _, _ in words(typed) for part in word.split("-")}
    if (OFTEN.search(typed) and found.name != "how_to_cite") or (drugs and said.isdisjoint(SOURCE_NOUNS)):
        return None  # "How often should alphamab be checked?" asks for something of the drug
    called = said - STOP_WORDS - SOURCES - ASKING - drugs
    if called and said.isdisjoint(SOURCE_NOUNS):
        return None  # "When is blood pressure checked?", whatever the title
    sources = sources_called(index, called) if called else frozenset()
    return Asked(found, sources) if sources or not called else None


def names_label(candidate: Candidate, weights: Weights) -> bool:
    """Whether a label line has the name that a question asks for, and the question asks for nothing else.

    "Liver likelihood score: …" for "What is the likelihood score of alphamab?", below a title or heading that names alphamab.
    """
    if candidate.unit.kind is not UnitKind.LABEL:
        return False
    name, _, value = candidate.text.partition(":")
    named, asked = frozenset(stems_of(name)), frozenset(weights.gravity)
    above = frozenset(stems_of(" ".join([candidate.document.metadata.title, *candidate.unit.section])))
    return bool(value) and asked <= named | above and len(named & asked) > len(named) / 2


def stretches_of(document: Document, wanted: Field) -> Iterator[tuple[int, int, Block]]:
    """Yield (start, end, block) of each line in which a document says a field, as the reader recognises it."""
    for block in document.blocks:
        if block.kind is BlockKind.BOILERPLATE:
            for match in LINE.finditer(document.text, block.start, block.end):
                if len(match.group()) <= MOST_LINE and says(
                    wanted.name, match.group(), document.text[match.start() : block.end]
                ):
                    whole = wanted.name in CITED and says_all(document.text[match.start() : block.end])
                    yield match.start(), block.end if whole else match.end(), block


def says(name: str, line: str, onward: str) -> bool:
    """Whether a line, with what follows it in its block, says a field."""
    from citewell.readers import recognise  # with all readers, which take long to load and are rarely needed here
    from citewell.readers.fields import field_name

    key, colon, value = line.partition(":")
    if colon and value.strip() and field_name(key) == name:
        return True
    forms = {
        "updated": (recognise.UPDATED_LINE, recognise.UPDATED_MARK),
        "review_status": (recognise.PENDING, recognise.REVIEWED),
        "licence": (recognise.LICENCE_LINE,),
        "publisher": (recognise.PUBLISHER_LINE,),
    }
    if any(form.search(line) for form in forms.get(name, ())):
        return True
    if name not in CITED or recognise.CITATION.match(onward) is None:
        return False
    return name == "how_to_cite" or recognise.CITED_PUBLISHER.search(fold(onward)) is not None


def says_all(onward: str) -> bool:
    """Whether a citation goes on to the end of its block."""
    from citewell.readers import recognise

    return recognise.CITATION.match(onward) is not None


def answer_field(
    index: Index, asked: Asked, found: Answer, hits: Sequence[Hit], own: Sequence[str], settings: Settings
) -> Answer:
    """The answer to a question for a field: the lines that say it, in the documents that the usual answer cites.

    The usual answer stays where its first quotation says the field itself. Where a line is missing, a note says so; where all
    are, the answer is silence.

    :param own: The documents on the drug that the question names; none where it names none, or no title does.
    """
    wanted = asked.field
    if found.answered and wanted.said.search(found.excerpts[0].text):
        return found
    own = [document for document in own if document in asked.sources] or sorted(asked.sources) or own
    cited = [excerpt.document_id for excerpt in (*found.excerpts, *found.nearest)] or [hit.document_id for hit in hits]
    cited = [document for document in cited if document in own] or list(own) or cited
    excerpts: list[Excerpt] = []
    citations: list[Citation] = []
    notes = []
    for document in map(index.document, list(dict.fromkeys(cited))[:MOST_DOCUMENTS]):
        place = best_stretch(document, wanted)
        if place is None:
            notes.append(note_on(document, wanted))
            continue
        number = len(excerpts) + 1
        unit = Unit(
            place[0], place[1], UnitKind.LABEL, (), document.metadata.source_class, place[2].page, place=place[2].place
        )
        citations.append(cite(number, document, unit, unit.start, unit.end))
        excerpts.append(excerpt_of(document, unit, number))
    reason = None if excerpts else f"topic not covered: no line of the nearest documents says {wanted.silence}"
    sure = max(found.confidence, settings.answer_confidence) if excerpts else found.confidence
    return replace(found, answered=bool(excerpts), confidence=sure, reason=reason, excerpts=tuple(excerpts), disagreements=(),
                   nearest=(), citations=tuple(citations), notes=(*notes, *found.notes))  # fmt: skip


def best_stretch(document: Document, wanted: Field) -> tuple[int, int, Block] | None:
    """The line that says what was taken over as the document's metadata, else the first; one of its own before a mark."""
    places = list(stretches_of(document, wanted))
    if wanted.name == "updated":
        from citewell.readers.dates import parse_date

        stated = [
            place for place in places if parse_date(document.text[place[0] : place[1]]) == document.metadata.updated
        ]
        places = sorted(stated or places, key=lambda place: "[" in document.text[place[0] : place[1]])
    return places[0] if places else None


def excerpt_of(document: Document, unit: Unit, number: int) -> Excerpt:
    """A whole line as an excerpt; it was not ranked, so its score is 0."""
    known = document.metadata
    text = fold(document.text[unit.start : unit.end])
    return Excerpt(number, text, document.id, known.title, unit.source_class, known.updated, known.review_status, (), unit.page,
                   unit.start, unit.end, 0.0)  # fmt: skip


def note_on(document: Document, wanted: Field) -> str:
    """What is known of a field that no line of the text says."""
    value = getattr(document.metadata, wanted.name)
    title = document.metadata.title
    return f"“{title}”: {value}, by the file's own fields." if value else f"“{title}” does not say {wanted.silence}."
