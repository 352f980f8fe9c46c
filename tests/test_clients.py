"""Many clients of one open index: the answers that one gets, in the order in which they asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fakes import DRUGS, library, quick_folder

from citewell.conversation import ask
from citewell.index import Index
from citewell.index.local import CORES

pytestmark = pytest.mark.unit

QUESTIONS = [
    "What is the dose of alphamab?",
    "Does alphamab harm the liver?",
    "What are the side effects of betamab?",
    "How does betamab work?",
    "What is the dose of gammamab?",
]


@pytest.fixture
def index(monkeypatch) -> Iterator[Index]:
    with quick_folder() as folder:
        yield library(monkeypatch, folder, DRUGS).open()


def test_many_clients_get_the_answers_that_one_gets(index):
    alone = [replace(ask(index, question), timings_ms={}) for question in QUESTIONS]
    with ThreadPoolExecutor(32) as clients:
        found = list(clients.map(lambda n: replace(ask(index, QUESTIONS[n % 5]), timings_ms={}), range(160)))
    assert all(answer == alone[n % 5] for n, answer in enumerate(found))


def test_clients_are_served_in_the_order_in_which_they_came_and_few_at_a_time(index):
    served: list[int] = []
    most = running = 0
    lock, start = threading.Lock(), threading.Event()

    def client(number: int) -> None:
        nonlocal most, running
        with index.turn():
            with lock:
                served.append(number)
                running += 1
                most = max(most, running)
            start.wait(10)
            with lock:
                running -= 1

    threads = []
    for number in range(12):
        threads.append(threading.Thread(target=client, args=(number,)))
        threads[-1].start()
        while len(served) + len(index._waiting) <= number:
            time.sleep(0.001)
    start.set()
    for thread in threads:
        thread.join(10)
    assert (sorted(served), most) == (list(range(12)), min(CORES + 1, 12))
    assert served[: CORES + 1] == list(range(CORES + 1))


def test_a_question_that_cannot_be_asked_gives_its_turn_back(index):
    for _ in range(3 * (CORES + 1)):
        with pytest.raises(ValueError), index.turn():
            raise ValueError("broken off")
    assert ask(index, QUESTIONS[0]).answered
