"""Where things lie when nobody says."""

from pathlib import Path

import pytest

from citewell.errors import UsageError
from citewell.index.generation import CURRENT
from citewell.places import POINTER, data_folder, has_index, index_folder, is_checkout, starter_corpus

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CITEWELL_INDEX", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_a_named_folder_comes_first_then_the_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("CITEWELL_INDEX", str(tmp_path / "variable"))
    assert index_folder(Path("named")) == Path("named")
    assert index_folder(None) == tmp_path / "variable"


def test_an_index_in_the_current_folder_is_used(tmp_path):
    assert index_folder(None) == tmp_path / "data" / "citewell" / "index"
    (tmp_path / "index").mkdir()
    assert index_folder(None) == tmp_path / "data" / "citewell" / "index"
    (tmp_path / "index" / CURRENT).touch()
    assert index_folder(None) == Path("index")
    assert has_index(Path("index"))


def test_a_checkout_keeps_its_index_to_itself(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert is_checkout(Path())
    assert index_folder(None) == Path("index")


def test_the_data_folder_follows_the_standard(monkeypatch):
    for value in ("relative", ""):
        monkeypatch.setenv("XDG_DATA_HOME", value)
        assert data_folder() == Path.home() / ".local" / "share"


def test_a_file_is_no_index_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="expected a folder for the index, found the file file"):
        index_folder(Path("file"))


def test_the_starter_corpus_is_the_checkouts():
    assert starter_corpus() == ROOT / "corpus"


def test_the_pointer_is_the_one_that_the_index_writes():
    assert POINTER == CURRENT
