"""The best candidates read again, each together with the question, and put in a better order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from citewell.answer.evidence import Candidate
from citewell.answer.judged import Judged
from citewell.index import Index
from citewell.search import Query
from citewell.settings import Settings

HEADING, LEAD = 70, 120  # characters of a title or heading, and of what a unit leans on, that are read


def look_again(index: Index, query: Query, judged: Sequence[Judged], settings: Settings) -> list[Judged]:
    """The candidates, the best of them in the order of their score with the cross-encoder's log-odds.

    At least one is read, and so many more as `settings.read_tokens` allow; without a cross-encoder, none is. Scores stay in
    their places: they say how far the others lie below the best.
    """
    near = [entry for entry in judged[: settings.read_again] if entry.candidate.misfit < 1]
    if index.cross_encoder is None or not near:
        return list(judged)
    texts = [as_read(entry.candidate) for entry in near]
    lengths = accumulate(index.cross_encoder.lengths(query.text, texts))
    count = max(1, sum(length <= settings.read_tokens for length in lengths))
    found = index.cross_encoder.log_odds(query.text, texts[:count])
    read = [replace(entry, read=each) for entry, each in zip(near, found, strict=False)]
    ordered = sorted(read, key=lambda entry: -entry.candidate.score - settings.read_weight * (entry.read or 0.0))
    scores = [entry.candidate.score for entry in read]
    return [*(entry.scored(score) for entry, score in zip(ordered, scores, strict=True)), *judged[count:]]


def as_read(candidate: Candidate) -> str:
    """A unit with the title and the heading that it stands under, each cut short, and what it leans on."""
    title, section = candidate.document.metadata.title, candidate.unit.section
    heading = title[:HEADING]
    if section and section[-1] not in title:
        heading += f" > {section[-1][:HEADING]}"
    return f"{heading}: {candidate.leans_on[-LEAD:]} {candidate.text}".replace("  ", " ")
