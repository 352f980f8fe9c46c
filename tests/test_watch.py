"""An index that follows its documents."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from queue import Queue

import pytest
from fakes import ALPHAMAB, BETAMAB, DRUGS, Library, library, quick_folder

from citewell.errors import CitewellError, UsageError
from citewell.index import Report
from citewell.index.generation import writer_lock
from citewell.watch import keep_current

pytestmark = pytest.mark.unit

PATIENCE = 20  # seconds


class Follower:
    """A watch in a thread, with what it said."""

    def __init__(self, made: Library) -> None:
        self.said: Queue[Report | CitewellError] = Queue()
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, args=(made,))
        self._thread.start()

    def _follow(self, made: Library) -> None:
        for result in keep_current([made.folder], index=made.index, stop=self.stop):
            self.said.put(result)

    def next(self) -> Report | CitewellError:
        return self.said.get(timeout=PATIENCE)

    def end(self) -> None:
        self.stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def made(monkeypatch) -> Iterator[Library]:
    monkeypatch.setattr("citewell.watch.SETTLED", 50)
    monkeypatch.setattr("citewell.watch.LOOKED", 100)
    with quick_folder() as folder:
        yield library(monkeypatch, folder, DRUGS)


@pytest.fixture
def follower(made) -> Iterator[Follower]:
    found = Follower(made)
    yield found
    found.end()


def test_every_change_of_the_documents_is_followed(made, follower):
    assert follower.next() == Report(0, 0, 3, 0, ())
    made.write({"gammamab.md": BETAMAB})
    assert follower.next() == Report(1, 0, 3, 0, ())
    made.write({"alphamab.md": ALPHAMAB + "\nMore is known.\n"})
    assert follower.next() == Report(0, 1, 3, 0, ())
    (made.folder / "betamab.md").unlink()
    assert follower.next() == Report(0, 0, 3, 1, ())
    assert follower.said.empty()


def test_an_error_is_said_once_and_ends_when_its_reason_does(made, follower):
    follower.next()
    away = made.folder.with_name("away")
    shutil.move(made.folder, away)
    said = follower.next()
    assert isinstance(said, UsageError)
    assert "found it gone" in str(said)
    shutil.move(away, made.folder)
    assert follower.next() == Report(0, 0, 3, 0, ())
    made.write({"gammamab.md": BETAMAB})
    assert follower.next() == Report(1, 0, 3, 0, ())


def test_another_writer_is_waited_for(made, follower):
    follower.next()
    with writer_lock(made.index):
        made.write({"gammamab.md": BETAMAB})
        assert "found another (process" in str(follower.next())
    assert follower.next() == Report(1, 0, 3, 0, ())


def test_an_error_of_the_first_run_is_raised(made):
    with pytest.raises(UsageError, match="expected a file or folder"):
        next(keep_current([made.folder.parent / "nowhere"], index=made.index))


def test_an_index_inside_its_documents_does_not_wake_its_own_watch(made):
    inside = Library(made.folder, made.folder / "index", made.encoder)
    follower = Follower(inside)
    assert follower.next() == Report(3, 0, 0, 0, ())
    made.write({"gammamab.md": BETAMAB})
    assert follower.next() == Report(1, 0, 3, 0, ())
    follower.end()
    assert follower.said.empty()
