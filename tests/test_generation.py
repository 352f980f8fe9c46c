"""Generations: an index is whole or it is refused, and a crash at any moment leaves the last good one in use."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import tantivy
from fakes import ALPHAMAB, BETAMAB, DRUGS, Library, library, quick_folder

from citewell.conversation import ask
from citewell.errors import EncoderMissing, IndexDamaged, IndexMissing, UsageError
from citewell.index import Index, build
from citewell.index.generation import current_folder, writer_lock
from citewell.types import Answer

pytestmark = pytest.mark.unit

QUESTION = "What is the dose of alphamab?"
CHANGED = ALPHAMAB.replace("60 mg", "75 mg")


def shown(index: Index, question: str = QUESTION) -> list[str]:
    """The quotations of an answer."""
    return [excerpt.text for excerpt in ask(index, question).excerpts]


def generations(made: Library) -> list[str]:
    return sorted(path.name for path in made.index.glob("g*"))


@pytest.fixture
def made(monkeypatch) -> Iterator[Library]:
    with quick_folder() as folder:
        yield library(monkeypatch, folder, DRUGS)


def test_no_index_is_an_error_that_names_the_command(tmp_path):
    with pytest.raises(IndexMissing, match=f"citewell index PATH… --index {tmp_path}"):
        current_folder(tmp_path)


def parts(made: Library) -> list[Path]:
    """Every part of the current generation."""
    folder = current_folder(made.index)
    return [folder / name for name in json.loads((folder / "manifest.json").read_text())["parts"]]


def test_a_missing_or_truncated_part_is_an_error_that_names_the_command(made):
    for part in parts(made):
        kept = part.read_bytes()
        part.write_bytes(kept[:-1])
        with pytest.raises(IndexDamaged, match=f"found {len(kept) - 1} bytes.*citewell index --repair --index"):
            made.open()
        part.unlink()
        with pytest.raises(IndexDamaged, match="found nothing.*citewell index --repair --index"):
            made.open()
        part.write_bytes(kept)
    assert shown(made.open())


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"parts": 5}', "\x00", '{"parts": {"a": 1}}'], ids=["empty", "list", "object", "parts", "null", "part"]
)  # fmt: skip
def test_a_damaged_manifest_is_an_error_that_names_the_command(made, content):
    (current_folder(made.index) / "manifest.json").write_text(content)
    with pytest.raises(IndexDamaged, match="expected a manifest in .*citewell index --repair --index"):
        made.open()


def test_another_schema_is_an_error_that_names_the_command(made):
    path = current_folder(made.index) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 99}))
    with pytest.raises(IndexDamaged, match="found 99.*citewell index --repair --index"):
        made.open()


@pytest.mark.parametrize("pointer", ["", "g000099", "../elsewhere", "g000001/"])
def test_a_pointer_to_nowhere_is_an_error_that_names_the_command(made, pointer):
    (made.index / "CURRENT").write_text(pointer)
    with pytest.raises(IndexDamaged, match="to name a generation.*citewell index --repair --index"):
        made.open()


def test_a_pointer_of_stray_bytes_is_an_error_that_names_the_command(made):
    (made.index / "CURRENT").write_bytes(b"\xff\xfe")
    with pytest.raises(IndexDamaged, match="citewell index --repair --index"):
        made.open()


@pytest.mark.parametrize("name", ["s000001/passages.faiss", "lexical/meta.json"])
def test_a_part_that_cannot_be_read_is_an_error_that_names_the_command(made, name):
    path = current_folder(made.index) / name
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(IndexDamaged, match="expected readable parts.*citewell index --repair --index"):
        made.open()


def test_a_panic_over_altered_words_is_an_error_that_names_the_command(made, monkeypatch):
    class PanicException(BaseException):
        """As tantivy raises it."""

    def panic(_: str) -> None:
        raise PanicException("mid > len")

    monkeypatch.setattr("citewell.index.lexical.open_lexical", panic)
    with pytest.raises(IndexDamaged, match="found: mid > len.*citewell index --repair --index"):
        made.open()


def test_an_altered_catalogue_is_never_gone_by(made):
    path = current_folder(made.index) / "catalogue.json"
    path.write_text(path.read_text().replace("documents", "dncuments"))
    for call in (made.open, made.build):
        with pytest.raises(IndexDamaged, match="catalogue.json as it was written, found other bytes"):
            call()
    with pytest.raises(UsageError, match="citewell index PATH… --repair --index"):
        build([], index=made.index, repair=True)
    assert made.build(made.folder, repair=True).new == 3


@pytest.mark.parametrize("damage", ["s000001/store.sqlite", "lexical/meta.json", "manifest.json"])
def test_repairing_writes_the_index_anew_from_its_documents(made, damage):
    before = shown(made.open())
    path = current_folder(made.index) / damage
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged):
        made.build()
    build([made.folder] if damage == "manifest.json" else [], index=made.index, repair=True)
    assert (shown(made.open()), made.open().verify()) == (before, ())


def test_what_is_damaged_is_never_taken_over_into_a_new_generation(made):
    path = current_folder(made.index) / "s000001" / "store.sqlite"
    content = bytearray(path.read_bytes())
    where = content.index(b"60 mg under")
    content[where : where + 2] = b"90"
    path.write_bytes(content)
    made.write({"gammamab.md": BETAMAB})
    with pytest.raises(IndexDamaged, match="store.sqlite as it was written, found other bytes.*--repair"):
        made.build()


def test_an_index_opens_where_nothing_may_be_written(made, monkeypatch):
    before = shown(made.open())
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("tantivy.Index.open", only_elsewhere(made.index, tantivy.Index.open))
    assert shown(made.open()) == before


def only_elsewhere(folder: Path, call: Callable[[str], tantivy.Index]) -> Callable[[str], tantivy.Index]:
    """Refuse to open what lies in a folder, as tantivy does where it can't write its lock."""

    def checked(path: str) -> tantivy.Index:
        assert not Path(path).is_relative_to(folder)
        return call(path)

    return checked


def test_an_index_that_nobody_uses_lets_go_of_its_generation_at_once(made):
    gc.disable()
    try:
        assert shown(made.open())
        made.write({"alphamab.md": CHANGED})
        made.build()
        assert generations(made) == ["g000002"]
    finally:
        gc.enable()


def test_altered_bytes_of_the_right_size_are_found_by_verify(made):
    path = current_folder(made.index) / "s000001" / "units.i8"
    content = bytearray(path.read_bytes())
    content[7] ^= 1
    path.write_bytes(content)
    assert [(problem.document_id, problem.what) for problem in made.open().verify()] == [
        ("s000001/units.i8", "the index's part differs from what was written")
    ]


def test_a_store_that_cannot_be_read_is_an_error_that_names_the_command(made):
    path = current_folder(made.index) / "s000001" / "store.sqlite"
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(IndexDamaged, match="citewell index --repair --index"):
        made.open().verify()


def test_a_table_that_a_run_cannot_read_is_an_error_that_names_the_command(made):
    path = current_folder(made.index) / "s000001" / "store.sqlite"
    with closing(sqlite3.connect(path)) as store:
        [root] = store.execute("SELECT rootpage FROM sqlite_master WHERE name = 'passages'").fetchone()
        [size] = store.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(content)
    made.write({"alphamab.md": CHANGED})
    with pytest.raises(IndexDamaged, match="malformed.* citewell index --repair --index"):
        made.build()


def test_other_weights_than_the_index_was_built_with_are_refused(made):
    made.encoder.weights = "e" * 64
    with pytest.raises(EncoderMissing, match="expected the weights ffffffffffffffff… of word-hash, found eeee"):
        ask(made.open(), QUESTION)


def test_building_again_repairs_an_index_of_other_weights(made):
    made.encoder.weights = "e" * 64
    made.build()
    assert shown(made.open())


def test_vectors_of_other_weights_are_never_reused(made):
    made.encoder.weights = "e" * 64
    made.encoder.encoded.clear()
    made.write({"alphamab.md": CHANGED})
    made.build()
    assert any("Betamab often causes sneezing" in text for text in made.encoder.encoded)


@pytest.mark.filterwarnings("ignore:unclosed file.*units:ResourceWarning")  # the vectors that were being written
@pytest.mark.parametrize("given", [0, 7])
def test_a_crash_during_a_build_leaves_the_old_generation_answering(made, given):
    before, folders = shown(made.open()), generations(made)
    made.write({"alphamab.md": CHANGED})
    made.encoder.fail_after = len(made.encoder.encoded) + given
    with pytest.raises(MemoryError):
        made.build()
    made.encoder.fail_after = None
    gc.collect()
    assert (shown(made.open()), generations(made)) == (before, folders)
    made.build()
    assert "For brittle bones, the dose of alphamab is 75 mg under the skin once every 6 months." in shown(made.open())


@pytest.mark.parametrize("whole", [False, True])
def test_a_generation_that_a_killed_build_left_behind_is_never_used_and_goes_away(made, whole):
    before = shown(made.open())
    left = made.index / "g000007"
    if whole:
        shutil.copytree(current_folder(made.index), left)
    else:
        left.mkdir()
        (left / "store.sqlite").write_bytes(b"half")
    assert shown(made.open()) == before
    made.write({"alphamab.md": CHANGED})
    made.build()
    gc.collect()
    assert current_folder(made.index).name == ("g000008" if whole else "g000002")
    assert "g000007" not in generations(made)


@pytest.mark.parametrize("stage", ["switch", "write_manifest", "write_catalogue", "describe_parts", "LexicalWriter"])
def test_a_crash_at_any_stage_leaves_the_old_generation_answering(made, monkeypatch, stage):
    before = shown(made.open())
    made.write({"alphamab.md": CHANGED})

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    home = "generation" if stage == "switch" else "builder"
    with monkeypatch.context() as patch:
        patch.setattr(f"citewell.index.{home}.{stage}", crash)
        with pytest.raises(KeyboardInterrupt):
            made.build()
    assert shown(made.open()) == before
    assert made.build().changed == 1


def test_a_second_writer_is_refused_with_the_holder(made):
    with writer_lock(made.index), pytest.raises(UsageError, match=rf"found another \(process {os.getpid()}\)"):
        made.build()
    assert made.build().unchanged == 3


def in_a_thread(call: Callable[[], Answer]) -> Answer:
    """The value of a call that a new thread makes."""
    found: list[Answer] = []
    thread = threading.Thread(target=lambda: found.append(call()))
    thread.start()
    thread.join()
    return found[0]


def test_a_reader_goes_on_reading_what_it_opened_whatever_is_built(made):
    reader = made.open()
    before = ask(reader, QUESTION)
    (made.folder / "alphamab.md").unlink()
    made.write({"leaflet.md": BETAMAB})
    made.build()
    made.build(encoder="none")
    for after in (ask(reader, QUESTION), in_a_thread(lambda: ask(reader, QUESTION))):
        assert (after.excerpts, after.citations, after.provenance) == (
            before.excerpts,
            before.citations,
            before.provenance,
        )
    document = reader.document("alphamab.md")
    assert document.text == ALPHAMAB
    assert [excerpt.document_id for excerpt in ask(made.open(), QUESTION).excerpts] != ["alphamab.md"]


def test_a_generation_that_nobody_reads_any_more_goes_away(made):
    reader = made.open()
    made.write({"alphamab.md": CHANGED})
    made.build()
    gc.collect()
    assert generations(made) == ["g000001", "g000002"]
    del reader
    gc.collect()
    made.write({"alphamab.md": ALPHAMAB})
    made.build()
    gc.collect()
    assert generations(made) == ["g000003"]


def test_an_index_that_is_rebuilt_while_it_is_opened_is_opened_anew(made, monkeypatch):
    def overtaken(path: Path) -> Path:
        folder = current_folder(path)
        made.write({"alphamab.md": CHANGED})
        made.build()
        monkeypatch.undo()
        return folder

    monkeypatch.setattr("citewell.index.local.current_folder", overtaken)
    assert Index(made.index).folder.name == "g000002"
