"""What a run found: per case what was shown and how it scored, and what all of it depends on; as JSON and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from citewell.errors import UsageError

FORMAT = 1  # raised when a run's fields change their meaning

# Where a case went wrong, in the order of the way of a question.
STALE, NOT_RETRIEVED, NOT_CHOSEN, WRONGLY_REFUSED, WRONGLY_ANSWERED, WRONG_TEXT, ONE_SIDED = STAGES = (
    "stale evidence",  # the case's quotation does not stand in the document any more
    "not retrieved",  # no passage that holds the evidence is among those whose units are looked at
    "not chosen",  # retrieved, answered, but none of the excerpts shows the evidence
    "wrongly refused",  # retrieved, but the answer is silence
    "wrongly answered",  # nothing answers, yet something is quoted
    "wrong text",  # the evidence is shown, but a text that must be there is missing, or a forbidden one is there
    "one-sided",  # the evidence is shown, but sources that differ are not set side by side
)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch [start, end) of a document, with its words as shown.

    :param piece: Of gold: the number of the piece of evidence that stands here, from 0; one may stand at several places.
    """

    doc: str
    start: int
    end: int
    text: str = ""
    grade: int = 0
    piece: int = 0


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One question as it was answered.

    :param id: The case's id; a paraphrase's is "id~1", "id~2", …
    :param parent: The id of the case itself.
    :param gold: Where its evidence stands now; each piece of evidence may stand at several places.
    :param passages: Ranked passages, best first, without their words.
    :param documents: Ranked documents, best first.
    :param scores: Every metric that applies to the case, by name.
    :param passed: Whether the case went well as a whole; `stage` says where it did not.
    """

    id: str
    parent: str
    cluster: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    severity: str
    tags: tuple[str, ...]
    source: str
    xfail: str | None
    gold: tuple[Place, ...]
    answered: bool
    confidence: float
    reason: str | None
    excerpts: tuple[Place, ...]
    nearest: tuple[Place, ...]
    disagreements: tuple[tuple[int, ...], ...]  # numbers of excerpts, from 1
    passages: tuple[Place, ...]
    documents: tuple[str, ...]
    scores: Mapping[str, float]
    passed: bool
    stage: str | None
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a run depends on.

    :param corpus: SHA-256 over the ids and hashes of all documents: runs over different corpora are not compared.
    :param index: Fingerprint of the index; `settings` that of the numbers, `suite` that of the cases.
    :param code: Revision of the program's repository, with "+" where it was changed; empty outside one.
    """

    corpus: str
    index: str
    encoder: str
    weights: str
    settings: str
    suite: str
    suite_path: str
    version: str
    code: str
    python: str
    libraries: Mapping[str, str]
    seed: int
    threshold: float  # least confidence of an answer
    passages: int
    index_bytes: int


@dataclass(frozen=True, slots=True)
class Run:
    """All results of a suite over one index."""

    started: str  # UTC, ISO 8601
    seconds: float
    provenance: Provenance
    results: tuple[CaseResult, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def stale(self) -> tuple[CaseResult, ...]:
        """The cases whose evidence could not be found in the documents."""
        return tuple(result for result in self.results if result.stage == STALE)

    def mean(self, metric: str) -> float | None:
        """The mean of a metric over the cases that it applies to; None where there is none."""
        values = [result.scores[metric] for result in self.results if metric in result.scores]
        return sum(values) / len(values) if values else None


def save(path: Path, run: Run) -> None:
    """Write a run; keys are sorted, so equal runs are equal files but for times."""
    text = json.dumps({"format": FORMAT, **asdict(run)}, ensure_ascii=False, indent=1, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")  # JSON for lone surrogates


def load(path: Path) -> Run:
    """Read a run; UsageError where it is none."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        if plain.pop("format") != FORMAT:
            raise UsageError(f"expected a run of format {FORMAT} at {path}, found another. Run the suite again.")
        results = tuple(result_from(each) for each in plain.pop("results"))
        provenance = Provenance(**plain.pop("provenance"))
        return Run(provenance=provenance, results=results, notes=tuple(plain.pop("notes")), **plain)
    except OSError as error:
        raise UsageError(
            f"expected a run at {path}, found: {error.strerror}. Make one: citewell eval run SUITE --out {path}"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"expected a run as `citewell eval run --out` writes it at {path}, found: {error!r}."
        ) from error


def result_from(plain: Mapping[str, Any]) -> CaseResult:
    """One result from its fields."""
    places = {
        name: tuple(Place(**each) for each in plain[name]) for name in ("gold", "excerpts", "nearest", "passages")
    }
    texts = {name: tuple(plain[name]) for name in ("history", "tags", "documents")}
    sides = tuple(tuple(each) for each in plain["disagreements"])
    return CaseResult(**{**plain, **places, **texts, "disagreements": sides})


def headline(results: Sequence[CaseResult]) -> tuple[CaseResult, ...]:
    """The curated cases, which the headline counts; all of them where none is curated. Paraphrases are left out."""
    own = [result for result in results if result.id == result.parent]
    return tuple([result for result in own if result.source == "curated"] or own)
