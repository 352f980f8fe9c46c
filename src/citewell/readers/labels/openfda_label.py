"""One label of openFDA, whose sections are run-on texts: titles, subsections, lists and tables, as far as they are certain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.draft import Draft
from citewell.readers.fields import Value
from citewell.readers.labels.spl import section_names
from citewell.readers.labels.spl_meta import iso_date
from citewell.readers.labels.spl_text import LabelText
from citewell.readers.source import Source
from citewell.readers.xml import Places, parse_xml
from citewell.types import Block, BlockKind, Document, SourceClass, fold

FIELDS = frozenset("id set_id effective_time version openfda".split())
UNQUOTED = (
    "spl_product_data_elements", "package_label_principal_display_panel", "recent_changes", "recent_major_changes",
)  # fmt: skip
NAMES = {
    "ask_doctor": "Ask a doctor", "ask_doctor_or_pharmacist": "Ask a doctor or pharmacist",
    "inactive_ingredient": "Inactive ingredients", "warnings_and_cautions": "Warnings and precautions",
    "spl_medguide": "Medication guide", "spl_patient_package_insert": "Patient package insert",
    "spl_unclassified_section": "Unclassified section",
}  # fmt: skip
WHOLE = frozenset(
    "active_ingredient inactive_ingredient purpose questions description spl_unclassified_section".split()
)  # never part of another section; their words may stand in one by chance
TOLD = (("product_type", "Document type"), ("route", "Route"))
SPOKEN = ("do_", "ask_", "stop_", "when_", "keep_")  # keys of sections whose title is the beginning of a sentence
BULLET = re.compile(r"\s*[■•▪●]\s*")
SUBSECTION = re.compile(r"(?:(?<=\S)\s+|^)(?=(?P<section>\d{1,2})\.(?P<number>\d{1,2})\s+[A-Z])")
TITLE = re.compile(r"(\d{1,2}\.?\s+[A-Z][A-Z ,&/()-]{3,80}?)\s+(?=\d|[A-Z][a-z]|[A-Z]+\s+[a-z]|[■•▪●\ufdd0\ufdd1])")
NUMBERED = r"(?:\d{1,2}(?:\.\d{1,2})?\.?\s+)?"
APART = r"\W+(?:(?:and|or)\W+)?"
AFTER_TITLE = r"\s+(?!(?i:and|or|category|with)\b)(?=[A-Z0-9■•▪●(\[\ufdd0\ufdd1])"
NUMBER = re.compile(r"\d{1,2}")
BREAK = "\ufdd0"  # stands where the text of another section was; no file may hold it
TABLE = "\ufdd1"  # stands on both sides of the number of a table, where its words were
TABLE_OR_BREAK = re.compile(rf"{TABLE}(\d+){TABLE}|{BREAK}")
MOST_SHORT = 20  # characters; a shorter section may stand in another by chance
LEAST_TABLE = 8  # characters; a shorter table may stand anywhere
STOP = re.compile(r"[.!?]\s+(?=[A-Z])")
LEAST_DOUBLED = 3  # characters of a title that is printed twice
MOST_TITLE_WORDS = 12
IMPOSSIBLE = re.compile("[\ud800-\udfff\ufdd0\ufdd1]")  # half characters, and those that this module uses itself


def read_label(
    source: Source, record: Mapping[str, Any], meta: Mapping[str, Any], *, place: str, data: bytes
) -> Document:
    """Read one record: its sections in the order of the file, each with its tables where they stand in its text."""
    draft = Draft(source.document_id)
    sections = {possible(key): strings(value) for key, value in record.items() if key not in FIELDS}
    own = [fold(text) for key, texts in sections.items() if key not in WHOLE for text in texts]
    for key, texts in sections.items():
        of_section = key.removesuffix("_table")
        if of_section != key and of_section in sections:
            continue
        tables = list(parsed(draft.document_id, sections.get(f"{key}_table", [])))
        for number, text in enumerate(texts):
            write_section(draft, key, apart(fold(text), own), tables, f"{place}/{key}/{number}")
        # A section inside this one may give the same table, and holds the words of it.
        others = {table for other, found in sections.items() if other != f"{key}_table" for table in found}
        write_tables(draft, [table for mark_up, table in tables if mark_up not in others])
    write_facts(draft, record)
    if disclaimer := first(meta.get("disclaimer")):
        draft.boilerplate(disclaimer)
    return draft.document(source, data, head_fields(record, meta))


def strings(value: object) -> list[str]:
    """The texts of a field, which holds one or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [possible(text) for text in values if isinstance(text, str) and text.strip()]


def possible(text: str) -> str:
    """A text with what no text may hold replaced, such as half of a character."""
    return IMPOSSIBLE.sub("\ufffd", text)


def first(value: object) -> str:
    """The first text of a field, white space folded; empty if it has none."""
    return fold(next(iter(strings(value)), ""))


def apart(text: str, others: list[str]) -> str:
    """A section's text, cut where it repeats, in whole words, the text of a section that the record gives by itself as well."""
    for other in others:
        if MOST_SHORT < len(other) < len(text) and other in text:
            text = re.sub(rf"(?<!\S){re.escape(other)}(?!\S)", f" {BREAK} ", text)
    return text


def write_section(draft: Draft, key: str, text: str, tables: list[tuple[str, etree._Element]], place: str) -> None:
    """Write a section: its title, its subsections and lists as far as their signs show them, its tables in their places.

    :param tables: Those of the section; what is found in the text is taken out.
    """
    if key in UNQUOTED:
        draft.boilerplate(text.replace(BREAK, " "), place=place)
        return
    if key.endswith("_table"):  # without the text that it belongs to
        draft.heading(named(key.removesuffix("_table")), 2, place=place)
        write_tables(draft, [table for _, table in parsed(draft.document_id, [text])])
        return
    title, text = titled(key, text)
    draft.heading(title, 2, place=place)
    if below := doubled(text):
        draft.heading(below[0], 3, place=place)
        text = below[1]
    found: list[etree._Element] = []
    for mark_up, table in tables[:]:
        if (cut := cut_out(text, "".join(table.itertext()))) is not None:
            text = f"{cut[0]} {TABLE}{len(found)}{TABLE} {cut[1]}"
            found.append(table)
            tables.remove((mark_up, table))
    own = NUMBER.match(title)
    for part in parts(text, own and own.group()):
        for number, piece in enumerate(TABLE_OR_BREAK.split(part)):
            if number % 2 == 0:
                write_text(draft, piece, place)
            elif piece:
                write_tables(draft, [found[int(piece)]])


def write_text(draft: Draft, text: str, place: str) -> None:
    """Write a run-on text as a paragraph and a list."""
    before, *items = BULLET.split(text)
    lead = opening(before, draft.add(before, BlockKind.PARAGRAPH, place=place))
    for item in items:
        block = draft.add(item, BlockKind.ITEM, level=1, place=place, lead=lead)
        lead = opening(item, block) if item.rstrip().endswith(":") else lead


def write_tables(draft: Draft, tables: list[etree._Element]) -> None:
    """Write tables with their notes."""
    for table in tables:
        narrative = LabelText(draft, Places(), {})
        narrative.write(table)
        narrative.write_notes()


def write_facts(draft: Draft, record: Mapping[str, Any]) -> None:
    """Write what openFDA adds about the product."""
    about = record.get("openfda")
    found = [(name, strings(about.get(key))) for key, name in TOLD] if isinstance(about, dict) else []
    if any(values for _, values in found):
        draft.heading("Product data", 2)
    for name, values in found:
        if values:
            draft.label(f"{name}: {'; '.join(map(fold, values))}", place="/openfda")


def opening(text: str, block: Block | None) -> tuple[int, int] | None:
    """[start, end) of the last sentence of a block with that text, which introduces the list behind it."""
    if block is None:
        return None
    stops = [match.end() for match in STOP.finditer(text.strip(), 0, len(text.strip()) - 1)]
    return block.start + (stops[-1] if stops else 0), block.end


def named(key: str) -> str:
    """The name of a section by its key."""
    plain = key.replace("_", " ").removeprefix("spl ")
    names = {name.lower(): name for name in section_names().values()}
    return NAMES.get(key) or names.get(plain) or plain.capitalize()


def titled(key: str, text: str) -> tuple[str, str]:
    """The title of a section, as printed where it can be told from the text, and the text behind it."""
    if match := TITLE.match(text):
        return match.group(1), text[match.end() :]
    if twice := doubled(text, exact=True):
        return twice[0], twice[1].removeprefix(twice[0]).lstrip()
    if not key.startswith(SPOKEN):
        words = [re.escape(word) for word in key.split("_") if word not in ("and", "or", "spl", "section")]
        pattern = rf"({NUMBERED}(?i:{APART.join(words)}s?)){AFTER_TITLE}"
        if words and (match := re.match(pattern, text)):
            return match.group(1), text[match.end() :]
    return named(key), text


def doubled(text: str, *, exact: bool = False) -> tuple[str, str] | None:
    """A title that is printed twice at the beginning of a text, and the text from the second time on.

    :param exact: Both times with the same signs; else the second one may end with a colon.
    """
    words = text.split(" ", 2 * MOST_TITLE_WORDS + 1)
    for count in range(min(MOST_TITLE_WORDS, len(words) // 2), 0, -1):
        title, again = " ".join(words[:count]), " ".join(words[count : 2 * count])
        if len(title) >= LEAST_DOUBLED and title == (again if exact else again.rstrip(":")):
            return title, text[len(title) + 1 :]
    return None


def parts(text: str, number: str | None) -> list[str]:
    """Cut a text where its numbered subsections begin: 2.1, 2.2, … of one section, none left out.

    :param number: That of the section, where its title tells.
    """
    found: list[str] = []
    start, expected = 0, 1
    for match in SUBSECTION.finditer(text):
        number = number or match["section"]
        if match["section"] == number and int(match["number"]) == expected:
            found.append(text[start : match.end()])
            start, expected = match.end(), expected + 1
    return [part for part in (*found, text[start:]) if part.strip()] if expected > 2 else [text]


def parsed(document_id: str, tables: list[str]) -> Iterator[tuple[str, etree._Element]]:
    """Each table's mark-up with its elements as SPL; a broken one is left out, for then the section's text has to do."""
    for mark_up in tables:
        try:
            yield mark_up, parse_xml(document_id, f'<text xmlns="urn:hl7-org:v3">{mark_up}</text>'.encode())
        except ReadError:
            continue


def cut_out(text: str, table: str) -> tuple[str, str] | None:
    """What stands before and behind a table's words in a text, if they stand there one after the other."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    dense, wanted = "".join(text.split()), "".join(table.split())
    start = dense.find(wanted) if len(wanted) >= LEAST_TABLE else -1
    if start < 0:
        return None
    return text[: places[start]].rstrip(), text[places[start + len(wanted) - 1] + 1 :].lstrip()


def head_fields(record: Mapping[str, Any], meta: Mapping[str, Any]) -> dict[str, Value]:
    """A record's metadata."""
    about = record.get("openfda")
    about = about if isinstance(about, dict) else {}
    brands = tuple(dict.fromkeys(fold(name) for name in strings(about.get("brand_name"))))
    generics = tuple(dict.fromkeys(fold(name).lower() for name in strings(about.get("generic_name"))))
    substances = tuple(dict.fromkeys(fold(name).lower() for name in strings(about.get("substance_name"))))
    numbers = [
        ("set id", record.get("set_id") or about.get("spl_set_id")),
        ("approval", about.get("application_number")),
        ("NDC", about.get("product_ndc")),
        ("RxCUI", about.get("rxcui")),
    ]
    found: dict[str, Value] = {
        "source_class": SourceClass.LABEL,
        "brand_names": brands,
        "active_ingredients": substances or generics,
        "identifiers": tuple(f"{kind} {value}" for kind, values in numbers for value in strings(values)),
    }
    named_by = brands or generics
    other = f" ({', '.join(generics)})" if brands and generics and generics[0] != brands[0].lower() else ""
    stated = {
        "title": f"{' / '.join(named_by)}{other}",
        "publisher": first(about.get("manufacturer_name")),
        "updated": iso_date(first(record.get("effective_time"))),
        "version": first(record.get("version")),
        "licence": first(meta.get("license")),
    }
    return found | {name: value for name, value in stated.items() if value}
