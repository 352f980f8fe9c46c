"""Every number that changes an answer, with its unit and the run that chose it (benchmarks/JOURNAL.md)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The numbers that an index is built with; another value means another index."""

    item_chars: int = 600  # characters; a list item up to this length is one unit, a longer one its sentences
    run_on_chars: int = 250  # characters; a stretch without full stops beyond this is looked at for clauses
    sentence_chars: int = 1500  # characters; a longer "sentence" is a table or a list that lost its layout
    passage_tokens: int = 200  # word pieces; all-MiniLM-L6-v2 reads 256 with title and headings


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of search and answering. The same index, settings and question give the same answer."""

    segmentation: Segmentation = field(default_factory=Segmentation)

    # Search
    candidates: int = 100  # passages taken from each of the dense and the lexical ranking
    dense_weight: float = 0.6  # share of the dense z-score in a passage's score; the lexical one has the rest
    expansion_weight: float = 0.4  # weight of an alias's stems in BM25; a typed stem has 1

    # Evidence
    evidence_passages: int = 12  # best passages whose units are looked at
    unit_dense_weight: float = 1.0  # of the standardised cosine of a unit
    unit_lexical_weight: float = 0.5  # of the standardised BM25 of a unit
    unit_passage_weight: float = 0.75  # of its passage's score
    unit_reach_weight: float = 0.75  # of the standardised share of the question that it covers with its headings
    unit_misfit_weight: float = 0.5  # taken off where a number, date, interval or name is asked for and none is in it

    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change when any number changes."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]
