"""Answer → the object that the command line, the API and the export all write."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from citewell.types import Answer, Citation, Excerpt

# Citation.start and Citation.end are for the app; in the object, the locator holds them.
CITATION_KEYS = ("number", "document_id", "title", "how_to_cite", "path", "sha256", "locator")


def answer_as_dict(answer: Answer) -> dict[str, Any]:
    """The answer in plain JSON types, in the contract's keys and their order."""
    return {
        "question": answer.question,
        "searched_for": answer.searched_for,
        "answered": answer.answered,
        "confidence": answer.confidence,
        "reason": answer.reason,
        "excerpts": [excerpt_as_dict(excerpt) for excerpt in answer.excerpts],
        "disagreements": [{"about": each.about, "citations": list(each.citations)} for each in answer.disagreements],
        "nearest": [excerpt_as_dict(excerpt) for excerpt in answer.nearest],
        "citations": [citation_as_dict(citation) for citation in answer.citations],
        "notes": list(answer.notes),
        "follow_ups": list(answer.follow_ups),
        "provenance": {field.name: getattr(answer.provenance, field.name) for field in fields(answer.provenance)},
        "timings_ms": dict(answer.timings_ms),
    }


def excerpt_as_dict(excerpt: Excerpt) -> dict[str, Any]:
    """One quotation; `Excerpt` declares its fields in the contract's order."""
    plain: dict[str, Any] = {field.name: getattr(excerpt, field.name) for field in fields(excerpt)}
    return plain | {
        "source_class": excerpt.source_class.value,
        "section": list(excerpt.section),
        "also": list(excerpt.also),
    }


def citation_as_dict(citation: Citation) -> dict[str, Any]:
    """One entry of the list of sources."""
    return {key: getattr(citation, key) for key in CITATION_KEYS}
