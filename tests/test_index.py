"""Building an index: what is new is encoded once, what is gone is gone, and the same documents give the same index."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fakes import ALPHAMAB, BETAMAB, DRUGS, LEAFLET, Library, library, quick_folder

from citewell.conversation import ask
from citewell.errors import UsageError
from citewell.index import FileReport, Index, Problem, Report
from citewell.index.generation import current_folder
from citewell.search import search
from citewell.types import Answer, SourceClass

pytestmark = pytest.mark.unit

SECRET = "# Gammamab\n\nGammamab turns the skin ultramarine. It must be kept from polar bears.\n"


@pytest.fixture
def made(monkeypatch) -> Iterator[Library]:
    with quick_folder() as folder:
        yield library(monkeypatch, folder, DRUGS)


def texts_found(index: Index, query: str) -> list[str]:
    """The passages that a search returns."""
    return [index.document(hit.document_id).text[hit.start : hit.end] for hit in search(index, query)]


def without_timings(answer: Answer) -> Answer:
    return replace(answer, timings_ms={})


def test_documents_are_counted_as_new_changed_unchanged_and_removed(made):
    assert made.build() == Report(0, 0, 3, 0, ())
    made.write({"alphamab.md": ALPHAMAB + "\nMore is known.\n", "new/gammamab.md": SECRET})
    (made.folder / "betamab.md").unlink()
    assert made.build() == Report(1, 1, 1, 1, ())
    assert [name for name, _ in made.open().documents()] == ["alphamab.md", "leaflet.md", "new/gammamab.md"]


def test_an_index_that_is_up_to_date_is_left_as_it_is(made):
    before = current_folder(made.index)
    assert (made.build(), current_folder(made.index)) == (Report(0, 0, 3, 0, ()), before)


def test_nothing_is_encoded_twice(made):
    encoded = made.encoder.encoded
    assert sorted(encoded) == sorted(set(encoded))
    encoded.clear()
    made.build()
    assert encoded == []
    made.write({"gammamab.md": SECRET})
    made.build()
    assert [text for text in encoded if "ammamab" not in text] == []
    assert "Gammamab: Gammamab turns the skin ultramarine." in encoded


def test_vectors_that_are_kept_are_those_of_a_new_build(made, monkeypatch):
    made.write({"gammamab.md": SECRET, "betamab.md": BETAMAB.replace("sneezing", "coughing")})
    made.build()
    with quick_folder() as folder:
        fresh = library(monkeypatch, folder)
        fresh.build(made.folder)
        kept, new = current_folder(made.index), current_folder(fresh.index)
        for name in ("passages.faiss", "units.i8", "units.scale.f32", "units.offsets.i64"):
            assert (kept / "s000002" / name).read_bytes() == (new / "s000001" / name).read_bytes()


@pytest.mark.parametrize("removal", ["file", "id", "replaced"])
def test_deleted_text_never_comes_back(made, removal):
    path = made.folder / "gammamab.md"
    made.write({"gammamab.md": SECRET})
    made.build()
    assert any("ultramarine" in text for text in texts_found(made.open(), "ultramarine skin"))
    gc.collect()  # nobody reads it any more
    if removal == "id":
        report = made.build(remove=["gammamab.md"])
    elif removal == "file":
        path.unlink()
        report = made.build()
    else:
        path.write_text("# Gammamab\n\nNothing is known of it.\n")
        report = made.build()
    index = made.open()
    assert (report.removed, report.changed) == ((0, 1) if removal == "replaced" else (1, 0))
    assert [text for text in texts_found(index, "ultramarine skin polar bears") if "ultramarine" in text] == []
    assert not ask(index, "What turns the skin ultramarine?").answered
    assert (index.passages_with("ultramarin"), index.lexicon.knows("ultramarine")) == (0, False)
    stored = b"".join(file.read_bytes() for file in made.index.rglob("*") if file.is_file())
    assert b"ultramarin" not in stored


def test_a_file_that_fails_is_named_and_leaves_the_others_alone(made):
    (made.folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (made.folder / "empty.md").write_bytes(b"")
    made.write({"gammamab.md": SECRET})
    report = made.build()
    assert (report.new, report.unchanged, [failure.document_id for failure in report.failed]) == (
        1,
        3,
        ["broken.pdf", "empty.md"],
    )
    states = {file.document_id: (file.state, bool(file.reason)) for file in made.open().status().files}
    assert states == {
        "alphamab.md": ("ok", False), "betamab.md": ("ok", False), "broken.pdf": ("failed", True),
        "empty.md": ("failed", True), "gammamab.md": ("ok", False), "leaflet.md": ("ok", False),
    }  # fmt: skip


def test_a_second_folder_is_added_and_each_is_brought_up_to_date_by_itself(made):
    other = made.folder.parent / "other"
    other.mkdir()
    (other / "gammamab.md").write_text(SECRET)
    assert made.build(other) == Report(1, 0, 3, 0, ())
    (made.folder / "betamab.md").unlink()
    assert made.build(other) == Report(0, 0, 4, 0, ())
    assert made.build(made.folder) == Report(0, 0, 3, 1, ())
    (other / "gammamab.md").write_text(SECRET + "\nIt is blue.\n")
    assert made.build_as_last_time() == Report(0, 1, 2, 0, ())


def test_a_file_that_was_given_by_itself_and_is_no_more_leaves(made):
    other = made.folder.parent / "gammamab.md"
    other.write_text(SECRET)
    assert made.build(other) == Report(1, 0, 3, 0, ())
    other.unlink()
    assert made.build(made.folder) == Report(0, 0, 4, 0, ())  # it is not looked at
    assert made.build_as_last_time() == Report(0, 0, 3, 1, ())
    assert made.build_as_last_time() == Report(0, 0, 3, 0, ())
    assert other not in made.open().roots()


def test_two_folders_with_documents_of_one_name_are_refused(made):
    other = made.folder.parent / "other"
    other.mkdir()
    (other / "alphamab.md").write_text(SECRET)
    with pytest.raises(UsageError, match=r"found “alphamab\.md” in .*Rename one of the files"):
        made.build(other)
    assert ask(made.open(), "What is the dose of alphamab?").answered


def test_one_file_of_an_indexed_folder_may_be_given_by_itself(made):
    made.write({"betamab.md": BETAMAB.replace("sneezing", "coughing")})
    assert made.build(made.folder / "betamab.md") == Report(0, 1, 2, 0, ())


def test_a_folder_leaves_the_index_with_its_documents(made):
    other = made.folder.parent / "other"
    other.mkdir()
    (other / "gammamab.md").write_text(SECRET)
    made.build(other)
    assert made.build_as_last_time(remove=[str(made.folder)]) == Report(0, 0, 1, 3, ())
    assert made.build_as_last_time() == Report(0, 0, 1, 0, ())


def test_what_is_not_there_cannot_be_removed(made):
    with pytest.raises(UsageError, match="found 'gammamab.md'. See: citewell status"):
        made.build(remove=["gammamab.md"])


def test_a_document_that_was_removed_is_not_listed_as_a_good_file(made):
    made.build(remove=["betamab.md"])
    assert [file.document_id for file in made.open().status().files if file.state == "ok"] == [
        "alphamab.md",
        "leaflet.md",
    ]


def test_a_run_without_sources_says_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="Name some: citewell index PATH…"):
        library(monkeypatch, tmp_path).build_as_last_time()


def test_the_same_documents_added_in_any_order_give_the_same_index(made, monkeypatch):
    paths = [made.folder / name for name in ("leaflet.md", "alphamab.md", "betamab.md")]
    whole = made.open()
    with quick_folder() as folder:
        other = library(monkeypatch, folder)
        for path in paths:
            other.build(path)
        grown = other.open()
        assert grown.manifest.fingerprint == whole.manifest.fingerprint
        question = "What are the side effects of alphamab?"
        assert without_timings(ask(grown, question)) == without_timings(ask(whole, question))
        assert search(grown, question) == search(whole, question)


def test_another_text_title_or_setting_gives_another_fingerprint(made):
    found = [made.open().manifest.fingerprint]
    for text in (LEAFLET.replace("120 mg", "121 mg"), LEAFLET.replace("title: Leaflet", "title: Flyer"), LEAFLET):
        made.write({"leaflet.md": text})
        made.build()
        found.append(made.open().manifest.fingerprint)
    made.build(encoder="none")
    found.append(made.open().manifest.fingerprint)
    assert found[0] == found[3]
    assert sorted({*found}) == sorted([found[0], found[1], found[2], found[4]])


def test_an_index_by_words_alone_needs_no_encoder_and_stays_so(made):
    made.encoder.encoded.clear()
    made.build(encoder="none")
    made.write({"gammamab.md": SECRET})
    made.build()
    index = made.open()
    hits = search(index, "dose of alphamab")
    assert (index.manifest.encoder, index.vectors, index.encode("x"), made.encoder.encoded) == ("none", None, None, [])
    assert hits[0].document_id in ("alphamab.md", "leaflet.md")
    assert {(hit.dense, hit.best_unit) for hit in hits} == {(0.0, 0.0)}
    assert any(
        "dose of alphamab is" in excerpt.text for excerpt in ask(index, "What is the dose of alphamab?").excerpts
    )


def test_a_manifest_says_what_documents_are(made):
    path = made.folder.parent / "list.csv"
    path.write_text("document,title,source_class\nleaflet.md,Given title,guideline\n")
    assert made.build(manifest=path) == Report(0, 1, 2, 0, ())
    metadata = dict(made.open().documents())["leaflet.md"]
    assert (metadata.title, metadata.source_class) == ("Given title", SourceClass.GUIDELINE)


def test_the_manifest_is_used_again_when_none_is_given(made):
    path = made.folder.parent / "list.csv"
    path.write_text("document,title\nleaflet.md,Given title\n")
    made.build(manifest=path)
    made.write({"leaflet.md": LEAFLET.replace("120 mg", "121 mg")})
    assert made.build() == Report(0, 1, 2, 0, ())
    assert dict(made.open().documents())["leaflet.md"].title == "Given title"


def test_a_document_that_was_removed_stays_out_until_its_file_is_given(made):
    assert made.build(remove=["betamab.md"]) == Report(0, 0, 2, 1, ())
    assert made.build() == Report(0, 0, 2, 0, ())
    assert made.build_as_last_time() == Report(0, 0, 2, 0, ())
    assert made.build(made.folder / "betamab.md") == Report(1, 0, 2, 0, ())


def test_progress_is_told_for_each_stage(made):
    told: list[tuple[str, int, int]] = []
    made.write({"gammamab.md": SECRET})
    made.build(progress=lambda *state: told.append(state))
    assert told[:5] == [*(("checking", number, 4) for number in (1, 2, 3, 4)), ("reading", 1, 1)]
    assert [done for _, done, _ in told[4:]] == sorted(done for _, done, _ in told[4:])
    assert {total for _, _, total in told[5:]} == {4}
    assert ("encoding", 4, 4) in told


def test_status_says_what_an_index_holds(made):
    index = made.open()
    status, manifest = index.status(), index.manifest
    assert (status.documents, status.encoder, status.weights, status.fingerprint) == (
        3, "word-hash", "f" * 64, manifest.fingerprint,
    )  # fmt: skip
    assert status.units == sum(file.units for file in status.files)
    assert status.passages == len(index.passages(range(1000)))
    betamab = (made.folder / "betamab.md").as_posix()
    assert status.files[1] == FileReport("betamab.md", betamab, "ok", None, 2, 4)


def test_verify_finds_changed_and_missing_files(made):
    index = made.open()
    assert index.verify() == ()
    made.write({"alphamab.md": ALPHAMAB.replace("60 mg", "75 mg")})
    (made.folder / "betamab.md").unlink()
    [changed, missing] = index.verify()
    assert changed == Problem("alphamab.md", "the file has changed since it was indexed")
    assert (missing.document_id, missing.what.split(":")[0]) == ("betamab.md", "the file can't be read any more")
    assert [index.is_current(name) for name in ("alphamab.md", "betamab.md", "leaflet.md")] == [False, False, True]


def test_a_row_of_a_corpus_file_is_a_document(made):
    rows = [{"_id": "7", "title": "Seven", "text": "Gammamab is blue."}, {"_id": "8"}]
    (made.folder.parent / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    report = made.build(made.folder.parent / "corpus.jsonl")
    assert (report.new, [failure.document_id for failure in report.failed]) == (1, ["corpus.jsonl:2"])
    assert made.open().document("7").text == "Gammamab is blue."
    assert made.open().verify() == ()


def test_files_that_are_no_documents_are_listed_as_skipped_and_fail_nothing(made):
    (made.folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert made.build() == Report(0, 0, 3, 0, ())
    assert made.build() == Report(0, 0, 3, 0, ())
    [skipped] = [file for file in made.open().status().files if file.state != "ok"]
    assert (skipped.document_id, skipped.state, skipped.reason, skipped.units) == (
        "logo.png",
        "skipped",
        "a picture",
        0,
    )
    (made.folder / "logo.png").unlink()
    made.build()
    assert [file.document_id for file in made.open().status().files] == ["alphamab.md", "betamab.md", "leaflet.md"]
