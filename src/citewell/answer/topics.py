"""Topics of drug information that a question asks for by name: an answer has to speak of them, in whatever words."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with the words that ask for it and the words by which a source speaks of it."""

    name: str
    asked: re.Pattern[str]
    said: re.Pattern[str]


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """The topics that come with Citewell: the sections of drug labels and what patients ask."""
    with resources.files("citewell").joinpath("data/topics.csv").open(encoding="utf-8") as stream:
        return tuple(Topic(row["topic"], pattern(row["asked"]), pattern(row["said"])) for row in csv.DictReader(stream))


def pattern(phrases: str) -> re.Pattern[str]:
    """Any of the phrases between semicolons, as whole words; an asterisk stands for any ending."""
    parts = [re.escape(phrase.strip()).replace(r"\*", r"\w*") for phrase in phrases.split(";")]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.I)


def topics_asked(question: str) -> tuple[Topic, ...]:
    """The topics that a question names."""
    return tuple(topic for topic in topics() if topic.asked.search(question))
