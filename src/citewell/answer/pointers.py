"""Sentences that only say where something stands ("For more information, see …"): they answer nothing but a question for it."""

from __future__ import annotations

import re

MORE = r"(?:more|further|additional|detailed|complete)(?: detailed)? (?:information|details)\b"
PLACE = (
    r"(?:section|table|figure|chapter|topic|page|summary|article|prescribing information|web ?site|link|www|https?)\b"
)
POINTER = re.compile(
    rf"\W*(?:please )?(?:see|refer to|visit|click)(?: also)?(?: [\w-]+){{0,4}}? (?:{PLACE}|[\"“])"
    rf"|\W*for {MORE}"
    rf"|\W*{MORE}.{{0,200}}\b(?:is|are|can be) (?:provided|found|available|given)\b"
    r"|\W*(?:these|the following|this|other) (?:resource|link|web ?site|web page)s?\b.{0,60}\b(?:address|provide|offer|contain|list)"
    r"|.{0,120}\bprovides? the following (?:list|table|information|resources)\b"
    r"|\W*(?:the following|these|other) .{0,120}\b(?:is|are) (?:discussed|described) (?:elsewhere|in (?:greater|more) detail)\b",
    re.I | re.S,
)
# What says something itself, whatever it points to: a quantity, a warning, what to do.
SAYS = re.compile(
    r"\d ?(?:mg|mcg|[µμ]g|g|kg|mL|IU|units?|%|percent|minutes?|hours?|days?|weeks?|months?|years?)\b|\d ?%"
    r"|\b(?:not|never|no|avoid\w*|stop\w*|must|should|emergency|hospital|poison|immediately|at once|right away|contraindicat\w*|if"
    r"|doctor|physician|dentist|nurse|pharmacist|specialist)\b",
    re.I,
)
STATES = re.compile(r"(?<!http)(?<!https)[:;] ?\w", re.I)  # goes on behind a colon
LISTS = re.compile(r"\bresources?\b", re.I)
ASKS_WHERE = re.compile(
    r"\b(?:information|details|resources?|contact|call|phone|number|web ?sites?|links?|where|who|read|find|support|organi[sz]ations?)\b",
    re.I,
)


def only_points(text: str) -> bool:
    """Whether a sentence only says where something stands."""
    if POINTER.match(text) is None or SAYS.search(text):
        return False
    return LISTS.search(text) is not None or STATES.search(text) is None


def asks_where(question: str) -> bool:
    """Whether a question may be answered by saying where something stands."""
    return ASKS_WHERE.search(question) is not None
