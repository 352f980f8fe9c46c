"""Labels of openFDA in JSON: sections, lists and tables out of run-on texts, on records of our own making and a real one in place."""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from citewell.errors import ReadError
from citewell.readers import discover, load, read
from citewell.readers.beir import Failure
from citewell.readers.labels import openfda
from citewell.readers.labels.openfda import looks_like_openfda, read_openfda
from citewell.readers.source import Source
from citewell.segment import split_units
from citewell.settings import Segmentation
from citewell.types import BlockKind, Document, SourceClass, fold

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "raw" / "openfda"
TABLE = (
    "<table><caption>Table 1. Doses</caption><thead><tr><th>Clearance</th><th>Dose</th></tr></thead>"
    "<tbody><tr><td>30-59</td><td>10 mg</td></tr><tr><td>below 30</td><td>5 mg</td></tr></tbody></table>"
)


def record(**sections: Any) -> dict[str, Any]:
    """A record with these sections, each given as one text."""
    return {
        **{key: [value] if isinstance(value, str) else value for key, value in sections.items()},
        "set_id": "0a0b",
        "id": "1c1d",
        "effective_time": "20210304",
        "version": "4",
        "openfda": {
            "brand_name": ["EXAMPLOL"],
            "generic_name": ["EXAMPLOL SODIUM"],
            "substance_name": ["EXAMPLOL"],
            "manufacturer_name": ["Invented Works"],
            "application_number": ["NDA000001"],
            "product_ndc": ["0000-0001"],
            "rxcui": ["77"],
            "route": ["ORAL"],
            "product_type": ["HUMAN OTC DRUG"],
        },
    }


def read_all(value: object, name: str = "labels.json") -> list[Document | Failure]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(read_openfda(Source(Path(f"/{name}"), name, Path("/")), BytesIO(data)))


def documents(value: object) -> list[Document]:
    found = read_all(value)
    assert all(isinstance(each, Document) for each in found)
    return [each for each in found if isinstance(each, Document)]


def only(**sections: Any) -> Document:
    [found] = documents(record(**sections))
    return found


def units(found: Document) -> list[tuple[str, str, str | None]]:
    """(section path, text, lead-in) of what can be quoted, what openFDA adds about the product left out."""
    made = [
        (" › ".join(u.section), fold(found.text[u.start : u.end]), fold(found.text[slice(*u.lead)]) if u.lead else None)
        for u in split_units(found, Segmentation())
    ]
    return [unit for unit in made if unit[0] != "Product data"]


@pytest.mark.unit
def test_a_record_tells_its_metadata():
    metadata = only(purpose="Purpose Pain reliever").metadata
    assert (metadata.title, metadata.source_class) == ("EXAMPLOL (examplol sodium)", SourceClass.LABEL)
    assert (metadata.brand_names, metadata.active_ingredients) == (("EXAMPLOL",), ("examplol",))
    assert (metadata.publisher, metadata.updated, metadata.version) == ("Invented Works", "2021-03-04", "4")
    assert metadata.identifiers == ("set id 0a0b", "approval NDA000001", "NDC 0000-0001", "RxCUI 77")
    assert (metadata.language, metadata.url, metadata.licence) == (None, None, None)


@pytest.mark.unit
def test_what_openfda_adds_is_told_as_lines():
    found = only(purpose="Purpose Pain reliever")
    lines = [found.text[b.start : b.end] for b in found.blocks if b.kind is BlockKind.LABEL]
    assert lines == ["Document type: HUMAN OTC DRUG", "Route: ORAL"]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("key", "text", "title", "rest"),
    [
        ("indications_and_usage", "1 INDICATIONS AND USAGE EXAMPLOL is for pain.", "1 INDICATIONS AND USAGE", "EXAMPLOL is for pain."),
        ("indications_and_usage", "Uses Uses relieves pain", "Uses", "relieves pain"),
        ("contraindications", "CONTRAINDICATIONS Examplol is not for gout.", "CONTRAINDICATIONS", "Examplol is not for gout."),
        ("indications_and_usage", "Indications & Usage Examplol is for pain.", "Indications & Usage", "Examplol is for pain."),
        ("pregnancy", "8.1 Pregnancy Risk Summary There are none.", "8.1 Pregnancy", "Risk Summary There are none."),
        ("pregnancy", "Pregnancy Category C", "Pregnancy", "Pregnancy Category C"),
        ("warnings", "Warnings and precautions are listed.", "Warnings", "Warnings and precautions are listed."),
        ("do_not_use", "Do not use Examplol in babies", "Do not use", "Do not use Examplol in babies"),
        ("keep_out_of_reach_of_children", "Keep out of reach of children.", "Keep out of reach of children",
         "Keep out of reach of children."),
        ("overdosage", "In overdose, call for help.", "Overdosage", "In overdose, call for help."),
        ("ask_doctor", "Ask a doctor if you are ill", "Ask a doctor", "Ask a doctor if you are ill"),
    ],
)  # fmt: skip
def test_a_title_is_taken_from_the_text_where_it_is_certain(key, text, title, rest):
    assert [(path, unit) for path, unit, _ in units(only(**{key: text}))] == [(title, rest)]


@pytest.mark.unit
def test_bullets_make_a_list_with_its_lead_in():
    text = (
        "Warnings Liver warning Liver warning: Examplol may harm. Harm may occur if you take ■ 5 doses ■ with alcohol"
    )
    lead = "Harm may occur if you take"
    assert units(only(warnings=text)) == [
        ("Warnings › Liver warning", "Liver warning: Examplol may harm.", None),
        ("Warnings › Liver warning", lead, None),
        ("Warnings › Liver warning", "5 doses", lead),
        ("Warnings › Liver warning", "with alcohol", lead),
    ]
    assert units(only(do_not_use="Do not use ■ with gout"))[-1] == ("Do not use", "with gout", "Do not use")


@pytest.mark.unit
def test_numbered_subsections_begin_paragraphs_and_other_numbers_do_not():
    text = "2 DOSAGE AND ADMINISTRATION 2.1 Adults Take 20 mg, see 5.2 Liver. 2.2 Renal impairment Take 2.5 Tablets. 2.3 Children None."
    found = only(dosage_and_administration=text)
    assert [found.text[b.start : b.end] for b in found.blocks if b.kind is BlockKind.PARAGRAPH] == [
        "2.1 Adults Take 20 mg, see 5.2 Liver.", "2.2 Renal impairment Take 2.5 Tablets.", "2.3 Children None.",
    ]  # fmt: skip


@pytest.mark.unit
def test_a_table_stands_once_and_in_its_place():
    words = "Table 1. Doses Clearance Dose 30-59 10 mg below 30 5 mg"
    text = f"2 DOSAGE AND ADMINISTRATION 2.1 Kidneys Never more than 20 mg in 24 hours {words} * or as told. 2.2 Children None."
    lead = "Table 1. Doses Clearance | Dose"
    assert [(unit, lead) for _, unit, lead in units(only(dosage_and_administration=text, dosage_and_administration_table=TABLE))] == [
        ("2.1 Kidneys Never more than 20 mg in 24 hours", None), ("30-59 | 10 mg", lead), ("below 30 | 5 mg", lead),
        ("* or as told.", None), ("2.2 Children None.", None),
    ]  # fmt: skip


@pytest.mark.unit
def test_several_tables_stand_in_the_order_of_the_text_and_a_broken_one_is_left_to_it():
    second = "<table><tr><td>Weight</td><td>Tablets</td></tr><tr><td>50 kg</td><td>two</td></tr></table>"
    text = "Weight Tablets 50 kg two Between. Table 1. Doses Clearance Dose 30-59 10 mg below 30 5 mg Behind. Lost here"
    found = only(dosage_and_administration=text, dosage_and_administration_table=[TABLE, second, "<table><tr>Lost"])
    assert [unit for _, unit, _ in units(found)] == [
        "Weight | Tablets", "50 kg | two", "Between.", "30-59 | 10 mg", "below 30 | 5 mg", "Behind.", "Lost here",
    ]  # fmt: skip


@pytest.mark.unit
def test_a_section_inside_another_is_told_once():
    inner = "8.1 Pregnancy Risk Summary There are no data."
    found = units(
        only(
            use_in_specific_populations=f"8 USE IN SPECIFIC POPULATIONS {inner} 8.2 Lactation Not known.",
            pregnancy=inner,
        )
    )
    assert [(path, unit) for path, unit, _ in found] == [
        ("8 USE IN SPECIFIC POPULATIONS", "8.2 Lactation Not known."),
        ("8.1 Pregnancy", "Risk Summary There are no data."),
    ]
    found = units(
        only(
            active_ingredient="Examplol sodium 500 mg",
            dosage_and_administration="Take no Examplol sodium 500 mg at night.",
        )
    )
    assert ("Dosage and administration", "Take no Examplol sodium 500 mg at night.", None) in found


@pytest.mark.unit
def test_what_is_printed_on_the_package_is_never_quoted():
    found = only(
        package_label_principal_display_panel="NDC 0000 Buy", spl_product_data_elements="EXAMPLOL WATER", purpose="Pain"
    )
    assert [unit for _, unit, _ in units(found)] == ["Pain"]
    assert [found.text[b.start : b.end] for b in found.blocks if b.kind is BlockKind.BOILERPLATE] == [
        "NDC 0000 Buy", "EXAMPLOL WATER",
    ]  # fmt: skip


@pytest.mark.unit
def test_each_record_of_a_page_is_a_document_with_the_page_s_licence():
    meta = {"disclaimer": "Do not rely on openFDA.", "license": "https://licence.invalid/", "results": {"skip": 0}}
    other = record(purpose="Fever") | {"set_id": "../etc"}
    found = documents({"meta": meta, "results": [record(purpose="Pain"), record(purpose="Cough"), other]})
    assert [each.id for each in found] == ["labels.json/0a0b", "labels.json/1c1d", "labels.json/3"]
    assert {each.metadata.licence for each in found} == {"https://licence.invalid/"}
    last = found[0].blocks[-1]
    assert (last.kind, found[0].text[last.start :]) == (BlockKind.BOILERPLATE, "Do not rely on openFDA.")


@pytest.mark.unit
def test_a_list_and_lines_of_records_are_read_and_a_single_one_is_the_file():
    several = [record(purpose="Pain"), record(purpose="Cough")]
    lines = "\n".join(map(json.dumps, several)).encode()
    for data in (json.dumps(several).encode(), lines):
        assert [each.id for each in documents(data)] == ["labels.json/0a0b", "labels.json/1c1d"]
    data = json.dumps(record(purpose="Pain"), indent=2).encode() + b"\n"
    [found] = documents(data)
    assert (found.id, found.sha256) == ("labels.json", hashlib.sha256(data).hexdigest())


@pytest.mark.unit
@pytest.mark.parametrize("size", range(40, 48))
def test_a_long_file_is_read_in_pieces(monkeypatch, size):
    monkeypatch.setattr(openfda, "CHUNK", size)
    results = [record(purpose=f"Relief of µ {number}") | {"set_id": f"s{number}"} for number in range(5)]
    found = documents(json.dumps({"meta": {}, "results": results}, ensure_ascii=False).encode())
    assert [units(each)[0][1] for each in found] == [f"Relief of µ {number}" for number in range(5)]


@pytest.mark.unit
@pytest.mark.parametrize(
    "data",
    [b"", b"{}]", b"[", b'{"results": [', b'{"results": []}', b'{"results": [5]}', b'"set_id"', b'{"set_id": "\xff"}',
     b"[" * 100_000, b'{"results": [{"set_id": "1", "purpose": ["a"]},', b'{"results": [{"set_id": "1", "purpose": ["a"]}, {"set_id'],
)  # fmt: skip
def test_broken_files_are_refused_by_name(data):
    with pytest.raises(ReadError, match=r"^labels\.json: expected "):
        read_all(data)


@pytest.mark.unit
def test_an_empty_record_fails_alone():
    found = read_all({"results": [{"set_id": "empty"}, record(purpose="Pain")]})
    assert [type(each) for each in found] == [Failure, Document]


@pytest.mark.unit
def test_impossible_characters_are_replaced():
    found = only(purpose="Pain \ud800 relief \ufdd1 0 \ufdd1")
    assert units(found)[0][1] == "Pain � relief � 0 �"
    assert units(only(**{"pain\udfff": "relief"}))[0][0] == "Pain�"


@pytest.mark.unit
def test_a_bulk_file_is_read_out_of_its_archive():
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("drug-label-0001.json", json.dumps({"meta": {}, "results": [record(purpose="Pain")] * 2}))
    found = list(read(Source(Path("/bulk.zip"), "bulk.zip", Path("/")), stream.getvalue()))
    assert [each.id for each in found if isinstance(each, Document)] == ["bulk.zip/0a0b", "bulk.zip/1c1d"]


@pytest.mark.unit
def test_records_are_told_by_their_content():
    assert looks_like_openfda(json.dumps(record(purpose="Pain")).encode())
    assert not looks_like_openfda(b'{"resourceType": "Bundle"}')


@pytest.mark.unit
def test_mutated_files_are_read_or_refused():
    chance = random.Random(4)
    data = json.dumps(
        {"meta": {}, "results": [record(warnings="A ■ b", warnings_table=TABLE, purpose="2.1 A b 2.2 C")]}
    ).encode()
    outcomes = Counter[str]()
    for _ in range(300):
        changed = bytearray(data)
        place = chance.randrange(len(data))
        end = place + chance.randrange(1, 30)
        kind = chance.randrange(4)
        if kind == 0:
            changed[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[place:end]
        elif kind == 2:
            del changed[place:]
        else:
            changed[place:place] = chance.choice(
                [b"[", b"\\ud800", b"null", b"9" * 5000, b"<td>", b'"', b"\xc3", b"2.2 A"]
            )
        try:
            found = read_all(bytes(changed))
            outcomes["read"] += 1
            assert all(each.text.encode() for each in found if isinstance(each, Document))
        except ReadError:
            outcomes["refused"] += 1
    assert min(outcomes["read"], outcomes["refused"]) > 50


@pytest.mark.shared
def test_a_real_record_reads_as_its_label_does():
    [source] = discover([SHARED / "childrens_tylenol_label_record.json"])
    [found] = read(source, load(source))
    assert isinstance(found, Document)
    metadata = found.metadata
    assert (metadata.updated, metadata.version, metadata.brand_names) == ("2026-06-12", "3", ("CHILDRENS TYLENOL",))
    assert metadata.active_ingredients == ("acetaminophen",)
    lead = "Weight (lb) | Age (yr) | Dose (mL)*"
    rows = [(text, lead) for path, text, lead in units(found) if path == "Directions" and " | " in text]
    assert rows == [
        ("under 24 | under 2 years | ask a doctor", lead), ("24-35 lbs | 2-3 years | 5 mL", lead),
        ("36-47 lbs | 4-5 years | 7.5 mL", lead), ("48-59 lbs | 6-8 years | 10 mL", lead),
        ("60-71 lbs | 9-10 years | 12.5 mL", lead), ("72-95 lbs | 11 years | 15 mL", lead),
    ]  # fmt: skip
    limits = [text for _, text, _ in units(found) if "in 24 hours" in text]
    assert [text.rpartition(" ")[2] for text in limits if "5 times" in text] == ["hours"]
