"""Measures of what was quoted or retrieved against where the evidence stands, by character offsets.

A piece of evidence may stand at several places, of one document or of many; it is found where any of them is. Offsets
are the same however documents are cut, so two ways of cutting can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from citewell.evaluate.outcome import Place

COVERED = 0.9  # share of a piece's characters that makes it found: cutting loses white space between passages


def overlap(left: Place, right: Place) -> bool:
    """Whether two places share a character."""
    return left.doc == right.doc and max(left.start, right.start) < min(left.end, right.end)


def overlaps_any(place: Place, others: Iterable[Place]) -> bool:
    """Whether a place shares a character with one of others."""
    return any(overlap(place, other) for other in others)


def relevant(gold: Iterable[Place]) -> list[Place]:
    """The places that answer or help: their grade is above 0."""
    return [place for place in gold if place.grade > 0]


def highest(gold: Iterable[Place]) -> list[Place]:
    """The relevant places of the highest grade."""
    found = relevant(gold)
    return [place for place in found if place.grade == max(each.grade for each in found)]


def pieces(gold: Iterable[Place]) -> list[list[Place]]:
    """The places of each piece of evidence."""
    found: dict[int, list[Place]] = {}
    for place in gold:
        found.setdefault(place.piece, []).append(place)
    return list(found.values())


def coverage(place: Place, others: Iterable[Place]) -> float:
    """Share of a place's characters that others hold together."""
    inside = sorted((max(each.start, place.start), min(each.end, place.end)) for each in others if overlap(each, place))
    covered, end = 0, place.start
    for start, stop in inside:
        covered += max(stop - max(start, end), 0)
        end = max(end, stop)
    return covered / (place.end - place.start) if covered else 0.0


def span_recall(gold: Iterable[Place], passages: Sequence[Place], k: int) -> float:
    """Share of the pieces of evidence, 90 % of whose characters the first k passages hold together."""
    found = [any(coverage(p, passages[:k]) >= COVERED for p in places) for places in pieces(relevant(gold))]
    return sum(found) / len(found) if found else 0.0


def citation_precision(gold: Iterable[Place], excerpts: Sequence[Place]) -> float:
    """Share of the excerpts that share a character with evidence; 0 without excerpts."""
    right = relevant(gold)
    return sum(overlaps_any(excerpt, right) for excerpt in excerpts) / len(excerpts) if excerpts else 0.0


def citation_recall(gold: Iterable[Place], excerpts: Sequence[Place]) -> float:
    """Share of the pieces of evidence of the highest grade that share a character with an excerpt."""
    found = [any(overlaps_any(p, excerpts) for p in places) for places in pieces(highest(gold))]
    return sum(found) / len(found) if found else 0.0


def distinct(places: Iterable[Place]) -> list[Place]:
    """Places in the order of their documents, without those that lie within another."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda each: (each.doc, each.start, -each.end)):
        if not (kept and kept[-1].doc == place.doc and place.end <= kept[-1].end):
            kept.append(place)
    return kept


def shows_sides(gold: Iterable[Place], excerpts: Sequence[Place]) -> bool:
    """Whether two excerpts show two pieces of evidence, one each."""
    shown = [{p.piece for p in relevant(gold) if overlap(p, excerpt)} for excerpt in excerpts]
    held = [each for each in shown if each]
    return len(held) > 1 and len(set().union(*held)) > 1
