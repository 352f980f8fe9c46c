"""Sentences that only say where something stands ("For more information, see …"): they answer nothing but a question for it."""

from __future__ import annotations

import re

MORE = r"(?:more|further|additional|detailed|complete)(?: detailed)?"
PLACE = r"(?:section|table|figure|chapter|topic|page|summary|article|label|labeling|prescribing information|web ?site|link|www|https?)"
CARER = r"(?:doctor|physician|dentist|nurse|pharmacist|specialist|health)"
POINTER = re.compile(
    rf"^\W*(?:please )?(?:see|refer to|go to|visit|click)(?: also)?\b(?! (?:an?|your|the) {CARER})(?=.*\b{PLACE}\b|\s*[\"“])"
    rf"|\bfor {MORE} (?:information|details)\b.*\b(?:see|go to|visit|refer to|contact|call|click|consult|read)\b"
    rf"|^\W*{MORE} (?:information|details)\b.*\b(?:is|are|can be) (?:provided|found|available|given)\b"
    r"|^\W*(?:these|the following|this|other) (?:resource|link|web ?site|web page)s?\b.*\b(?:address|provide|offer|contain|list)"
    r"|\bprovides? the following (?:list|table|information|resources)\b"
    r"|\b(?:is|are) (?:discussed|described) (?:elsewhere|in (?:greater|more) detail)\b",
    re.I | re.S,
)
HINTS = tuple(
    "see,refer,go to,visit,click,information,details,following,resource,link,site,discussed,described".split(",")
)
ASKS_WHERE = re.compile(
    r"\b(?:information|details|resources?|contact|phone|web ?sites?|links?|where|read|find|support|organi[sz]ations?)\b",
    re.I,
)


def only_points(text: str) -> bool:
    """Whether a sentence only says where something stands."""
    small = text.casefold()  # most sentences hold none of the hints, and looking for these takes a tenth of the time
    return any(hint in small for hint in HINTS) and POINTER.search(text) is not None


def asks_where(question: str) -> bool:
    """Whether a question may be answered by saying where something stands."""
    return ASKS_WHERE.search(question) is not None
