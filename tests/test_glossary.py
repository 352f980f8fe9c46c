"""A user's glossary.csv in an indexed folder: read as names, kept with the index, followed when it changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import ALPHAMAB, DRUGS, Library, library, quick_folder

from citewell.conversation import ask
from citewell.errors import UsageError
from citewell.index import Report
from citewell.index.generation import current_folder

pytestmark = pytest.mark.unit

HEAD = "name,means,kind\n"


@pytest.fixture
def made(monkeypatch) -> Iterator[Library]:
    with quick_folder() as folder:
        yield library(monkeypatch, folder, DRUGS | {"glossary.csv": HEAD + "Zedrix,alphamab,brand\n"})


def also(made: Library, question: str = "What is the dose of Zedrix?") -> list[str]:
    return [alias.means for _, alias in made.open().lexicon.aliases(question)]


def test_its_names_are_searched_for_and_it_is_no_document(made):
    answer = ask(made.open(), "What is the dose of Zedrix for brittle bones?")
    assert answer.excerpts[0].document_id in ("alphamab.md", "leaflet.md")
    assert "“Zedrix” was also searched for as “alphamab”." in answer.notes
    assert [name for name, _ in made.open().documents()] == sorted(DRUGS)
    [state] = [file for file in made.open().status().files if file.document_id == "glossary.csv"]
    assert (state.state, state.reason) == ("skipped", "a glossary, which says which names mean the same")


def test_a_change_in_it_is_taken_up_without_encoding_anything(made, monkeypatch):
    monkeypatch.setattr("citewell.index.segments.SMALLEST", 0)
    before = made.open().manifest.fingerprint
    segment = (current_folder(made.index) / "s000001" / "store.sqlite").stat().st_ino
    made.encoder.encoded.clear()
    made.write({"glossary.csv": HEAD + "Zedrix,betamab,brand\n"})
    assert made.build_as_last_time() == Report(0, 0, 3, 0, ())
    assert also(made) == ["betamab"]
    assert made.encoder.encoded == []
    assert made.open().manifest.fingerprint != before
    assert (current_folder(made.index) / "s000001" / "store.sqlite").stat().st_ino == segment
    assert made.open().verify() == ()


def test_without_a_change_nothing_is_written(made):
    folder = current_folder(made.index)
    made.build_as_last_time()
    assert current_folder(made.index) == folder


def test_taken_out_its_names_are_forgotten_and_the_index_is_as_if_it_had_never_been(made, monkeypatch):
    (made.folder / "glossary.csv").unlink()
    made.build_as_last_time()
    assert also(made) == []
    with quick_folder() as folder:
        assert made.open().manifest.fingerprint == library(monkeypatch, folder, DRUGS).open().manifest.fingerprint


def test_each_folder_keeps_its_own(made):
    other = made.folder.parent / "other"
    other.mkdir()
    (other / "Glossary.CSV").write_text(HEAD + "Yotrix,betamab,brand\n")
    (other / "gamma.md").write_text(ALPHAMAB.replace("lphamab", "ammamab"))
    made.build(other)
    assert (also(made), also(made, "Is Yotrix safe?")) == (["alphamab"], ["betamab"])
    made.build(remove=[other.as_posix()])
    assert (also(made), also(made, "Is Yotrix safe?")) == (["alphamab"], [])


def test_a_fault_in_it_stops_the_run_and_the_index_stays(made):
    made.write({"glossary.csv": HEAD + "Zedrix,betamab,\n", "new.md": ALPHAMAB.replace("lphamab", "ammamab")})
    with pytest.raises(UsageError, match=r"glossary\.csv, line 2: expected a value as kind, found an empty cell"):
        made.build_as_last_time()
    assert also(made) == ["alphamab"]


def test_it_survives_repair(made):
    made.build_as_last_time(repair=True)
    assert also(made) == ["alphamab"]


def test_it_takes_a_shipped_pair_out(made):
    question = "What is the dosage of alphamab?"
    assert "dose" in also(made, question)
    made.write({"glossary.csv": HEAD + "dose,dosage,none\n"})
    made.build_as_last_time()
    assert "dose" not in also(made, question)


def test_given_by_itself_it_is_a_glossary_all_the_same(made):
    other = made.folder.parent / "other"
    other.mkdir()
    (other / "glossary.csv").write_text(HEAD + "Yotrix,betamab,brand\n")
    assert made.build(other / "glossary.csv") == Report(0, 0, 3, 0, ())
    assert also(made, "Is Yotrix safe?") == ["betamab"]
    (other / "glossary.csv").unlink()
    made.build_as_last_time()
    assert also(made, "Is Yotrix safe?") == []


def test_beside_a_corpus_of_rows_it_is_read_too(made):
    other = made.folder.parent / "rows"
    other.mkdir()
    (other / "corpus.jsonl").write_text('{"_id": "one", "title": "Gammamab", "text": "Gammamab is blue."}\n')
    (other / "glossary.csv").write_text(HEAD + "Yotrix,gammamab,brand\n")
    assert made.build(other) == Report(1, 0, 3, 0, ())
    assert also(made, "Is Yotrix safe?") == ["gammamab"]
