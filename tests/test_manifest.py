"""Manifests: what the user says of documents outranks what they say of themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from citewell.errors import UsageError
from citewell.readers import Source, load_manifest, read
from citewell.types import Audience, Document, Metadata, SourceClass

pytestmark = pytest.mark.unit


def metadata_of(tmp_path: Path, name: str, text: str, manifest: str, suffix: str = ".csv") -> list[Metadata]:
    path = tmp_path / f"list{suffix}"
    path.write_text(manifest, encoding="utf-8")
    source = Source(tmp_path / "docs" / name, name, tmp_path / "docs")
    documents = list(read(source, text.encode(), load_manifest(path)))
    return [document.metadata for document in documents if isinstance(document, Document)]


def test_a_manifest_overrides_and_an_empty_cell_does_not(tmp_path: Path) -> None:
    text = "---\ntitle: Own title\ndate: 2020\nlanguage: en\n---\nBody.\n"
    table = '\ufeffdocument,title,class,updated,audience,language\n./a.md,"Given, title",Label,12/2021,patient,\nb.md,x,,,,\n'
    [metadata] = metadata_of(tmp_path, "a.md", text, table)
    assert (metadata.title, metadata.source_class, metadata.updated) == ("Given, title", SourceClass.LABEL, "2021-12")
    assert (metadata.audience, metadata.language) == (Audience.PATIENT, "en")


@pytest.mark.parametrize(
    "manifest",
    [{"a.md": {"publisher": "P", "updated": 2021}}, [{"document": "docs/a.md", "publisher": "P", "updated": "2021"}]],
)
def test_json_and_paths_beside_the_manifest_serve_as_well(tmp_path: Path, manifest: object) -> None:
    [metadata] = metadata_of(tmp_path, "a.md", "Body.\n", json.dumps(manifest), ".json")
    assert (metadata.publisher, metadata.updated) == ("P", "2021")


def test_what_is_said_of_a_corpus_file_holds_for_its_rows(tmp_path: Path) -> None:
    rows = '{"_id": "1", "text": "One."}\n{"_id": "2", "text": "Two."}\n'
    table = "document,source_class,licence\ncorpus.jsonl,research,CC0\n2,label,\n"
    found = metadata_of(tmp_path, "corpus.jsonl", rows, table)
    assert [(metadata.source_class, metadata.licence) for metadata in found] == [
        (SourceClass.RESEARCH, "CC0"), (SourceClass.LABEL, "CC0"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("document,mood\na,b\n", "expected the columns document, title, source_class, publisher"),
        ("document,source_class\na,leaflet\n", "expected one of guideline, label, research, monograph, web, other"),
        ("document,updated\na,03/04/2025\n", "expected a date like 2017-12-28"),
        ("title\nA\n", "expected a column “document”"),
        ("document,title\na,b\na,c\n", "“a” again"),
        ("document,title\na,b,c\n", "line 2: expected 2 cells"),
        ("[1]", "expected an object with the keys document, title"),
        ('{"a": {"title": []}}', "expected text as title, found list"),
        ("[{", "expected JSON"),
        ("", "found an empty file"),
    ],
)
def test_a_wrong_manifest_names_what_is_permitted(tmp_path: Path, manifest: str, words: str) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text(manifest, encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(words)):
        load_manifest(path)


def test_a_missing_manifest_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected a manifest"):
        load_manifest(tmp_path / "none.csv")
