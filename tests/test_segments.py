"""A run that changes a little writes a little: what it links, buries and folds adds up to what a new build holds."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import ALPHAMAB, BETAMAB, FRONT, Library, library, quick_folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citewell.conversation import ask
from citewell.index import Index, Report
from citewell.index.generation import current_folder
from citewell.index.segments import Segment, segments_kept
from citewell.lexicon import analyse

pytestmark = pytest.mark.unit

WORDS = "sneezing jaundice ultramarine tremor hiccups nausea fainting itching".split()


def leaflet(number: int, effect: str) -> str:
    """A document of its own for each number and effect."""
    head = FRONT.format(title=f"Drug {number}", source_class="web")
    return f"{head}# Drug {number}\n\n## Harm\n\nDrug {number} causes {effect}. It is given once a day (QD{number}).\n"


@pytest.fixture
def made(monkeypatch) -> Iterator[Library]:
    """Ten documents, in an index that counts the smallest additions as large enough for a segment of their own."""
    monkeypatch.setattr("citewell.index.segments.SMALLEST", 0)
    with quick_folder() as folder:
        yield library(monkeypatch, folder, {f"d{n}.md": leaflet(n, WORDS[n % 4]) for n in range(10)})


def segments(index: Path) -> list[str]:
    return sorted(path.name for path in current_folder(index).glob("s*"))


def everything(index: Index) -> dict[str, object]:
    """What a reader can learn from an index, but for the scores of words, which count dead passages for a while."""
    stems = sorted({stem for name, _ in index.documents() for stem in analyse(index.document(name).text)})
    scope = index.allowed((), [name for name, _ in index.documents()])
    passages = [index.passages(range(1000))[n] for n in (scope.passages.tolist() if scope else [])]
    vectors = {
        (p.document_id, p.start): index.vectors.passage_vectors([p.number])[0].tolist()
        for p in passages
        if index.vectors
    }
    status = index.status()
    return {
        "documents": index.documents(),
        "units": [(name, index.units(name)) for name, _ in index.documents()],
        "counts": (status.documents, status.units, status.passages, [(f.document_id, f.state, f.units) for f in status.files]),
        "stems": {stem: index.passages_with(stem) for stem in [*stems, *map(str, WORDS)]},
        "known": [word for word in WORDS if index.lexicon.knows(word)],
        "names": [index.lexicon.aliases(f"QD{n}") for n in range(12)],
        "vectors": vectors,
        "found": {word: sorted(found(index, word)) for word in WORDS},
    }  # fmt: skip


def found(index: Index, word: str) -> list[str]:
    """The documents of the passages that hold a word."""
    rows = index.passages(list(index.lexical.search(dict.fromkeys(analyse(word), 1.0), 1000)))
    return [row.document_id for row in rows.values()]


def test_a_document_more_is_a_segment_more_and_the_others_are_linked(made):
    before = {path.name: path.stat().st_ino for path in (current_folder(made.index) / "s000001").iterdir()}
    made.encoder.encoded.clear()
    made.write({"d10.md": leaflet(10, "tremor")})
    assert made.build() == Report(1, 0, 10, 0, ())
    folder = current_folder(made.index)
    assert segments(made.index) == ["s000001", "s000002"]
    assert {path.name: path.stat().st_ino for path in (folder / "s000001").iterdir()} == before
    assert all("Drug 10" in text for text in made.encoder.encoded)
    assert made.open().verify() == ()
    assert ask(made.open(), "What does Drug 10 cause?").excerpts[0].text == "Drug 10 causes tremor."
    assert ask(made.open(), "What does Drug 3 cause?").excerpts[0].document_id == "d3.md"


def test_a_document_that_leaves_is_gone_though_its_segment_stays(made):
    (made.folder / "d3.md").unlink()
    assert made.build() == Report(0, 0, 9, 1, ())
    index = made.open()
    assert (segments(made.index), index.verify()) == (["s000001"], ())
    assert "d3.md" not in [name for name, _ in index.documents()]
    assert all("Drug 3 " not in excerpt.text for excerpt in ask(index, "What does Drug 3 cause?").excerpts)


def test_a_run_without_changes_reads_no_file_anew_and_leaves_the_index_as_it_is(made, monkeypatch):
    made.write({"d10.md": leaflet(10, "tremor")})
    made.build()
    folder = current_folder(made.index)
    with monkeypatch.context() as patch:
        patch.setattr("citewell.readers.apart.Worker.begin", None)  # calling it would fail
        assert made.build() == Report(0, 0, 11, 0, ())
    assert current_folder(made.index) == folder


def test_many_small_runs_leave_few_segments(made):
    for number in range(10, 40):
        made.write({f"d{number}.md": leaflet(number, "hiccups")})
        made.build()
        gc.collect()
    assert 1 < len(segments(made.index)) <= 4
    assert made.open().status().documents == 40


def test_a_segment_of_which_a_quarter_is_dead_is_written_anew(made):
    for number in range(4):
        (made.folder / f"d{number}.md").unlink()
    made.build()
    assert segments(made.index) == ["s000002"]
    stored = b"".join(file.read_bytes() for file in current_folder(made.index).rglob("*") if file.is_file())
    assert b"Drug 2 causes" not in stored


def test_a_copy_does_where_the_file_system_has_no_links(made, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refuse)
    made.write({"d10.md": leaflet(10, "tremor")})
    made.build()
    assert (segments(made.index), made.open().verify()) == (["s000001", "s000002"], ())


def test_rules_that_changed_write_everything_anew(made, monkeypatch):
    made.write({"d10.md": leaflet(10, "tremor")})
    made.build()
    monkeypatch.setattr("citewell.index.sources.version", lambda _: "another")
    assert made.build() == Report(0, 0, 11, 0, ())
    assert segments(made.index) == ["s000003"]


@pytest.mark.parametrize(
    ("sizes", "dead", "added", "kept"),
    [
        ([], {}, 10, 0),
        ([100], {}, 30, 0),
        ([100], {}, 25, 1),
        ([100], {"a": 26}, 1, 0),
        ([100], {"a": 25}, 1, 1),
        ([1000, 100, 20], {}, 5, 3),
        ([1000, 120, 20], {}, 6, 2),
        ([1000, 100, 20], {"b": 30}, 1, 1),
        ([100, 0], {}, 1, 1),
    ],
)
def test_segments_stay_while_they_are_large_beside_what_is_added_and_mostly_alive(
    monkeypatch, sizes, dead, added, kept
):
    monkeypatch.setattr("citewell.index.segments.SMALLEST", 0)
    none = (0, 0)
    made = [Segment(name, none, none, none, (0, size), "") for name, size in zip("abc", sizes, strict=False)]
    assert segments_kept(made, dead, added * 1000) == kept


Step = tuple[str, int, int]
STEPS = st.tuples(st.sampled_from(["write", "unlink", "remove"]), st.integers(0, 13), st.integers(0, len(WORDS) - 1))


@given(st.lists(st.lists(STEPS, min_size=1, max_size=3), min_size=1, max_size=4))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_runs_one_after_another_add_up_to_a_new_build(monkeypatch, runs):
    monkeypatch.setattr("citewell.index.segments.SMALLEST", 0)
    with quick_folder() as folder, quick_folder() as other:
        made = library(monkeypatch, folder, {f"d{n}.md": leaflet(n, WORDS[n % 4]) for n in range(10)})
        for steps in runs:
            remove = carry_out(made, steps)
            made.build(remove=remove) if remove else made.build()
            gc.collect()
        index = made.open()
        removed = json.loads((index.folder / "catalogue.json").read_text())["removed"]
        fresh = library(monkeypatch, other)
        for path in made.folder.iterdir():
            if path.name not in removed:
                fresh.write({path.name: path.read_text()})
        fresh.build(fresh.folder)
        assert everything(index) == everything(fresh.open())
        assert index.verify() == ()


def carry_out(made: Library, steps: list[Step]) -> list[str]:
    """Write and unlink files; return the ids of documents to remove."""
    held = {name for name, _ in made.open().documents()}
    remove = []
    for step, number, word in steps:
        path = made.folder / f"d{number}.md"
        if step == "write":
            made.write({path.name: leaflet(number, WORDS[word])})
        elif step == "unlink" and path.exists() and len(list(made.folder.iterdir())) > 3:
            path.unlink()
        elif step == "remove" and path.name in held and len(held - set(remove)) > 3:
            remove.append(path.name)
    return remove


def test_two_documents_of_one_id_are_never_both_alive(made):
    rows = [{"_id": "x", "text": "Alphamab causes sneezing."}, {"_id": "y", "text": "Betamab causes tremor."}]
    corpus = made.folder / "corpus.jsonl"
    for path in made.folder.iterdir():
        path.unlink()
    corpus.write_text("\n".join(map(json.dumps, rows)))
    made.build()
    corpus.write_text(
        "\n".join(map(json.dumps, [*rows, {"_id": "x", "text": ALPHAMAB}, {"_id": "z", "text": BETAMAB}]))
    )
    report = made.build()
    assert (report.new, report.unchanged, [failure.document_id for failure in report.failed]) == (
        1,
        2,
        ["corpus.jsonl:3"],
    )
    assert made.build().failed == report.failed
