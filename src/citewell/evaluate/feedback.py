"""What readers say of an answer, kept as candidates for the test suite: on this machine, without identifiers."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from citewell.errors import UsageError
from citewell.evaluate.cases import Case, load_object
from citewell.evaluate.scrub import scrub
from citewell.lexicon import words
from citewell.types import Provenance, Span

GOOD, WRONG_PASSAGE, WRONG_SENTENCE, SHOULD_ABSTAIN, SHOULD_ANSWER = KINDS = (
    "good answer",
    "wrong passage",
    "right passage, wrong sentence",
    "should have abstained",
    "should have answered",
)
MOST_BYTES = 16_000_000  # of a file of candidates: some 40,000 clicks that nobody reviewed
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Feedback:
    """One click under an answer.

    :param history: Earlier questions of the conversation, oldest first.
    :param kind: One of KINDS.
    :param place: The quotation that it is about; None where it is about the answer as a whole.
    :param time: UTC, ISO 8601.
    """

    question: str
    history: tuple[str, ...]
    kind: str
    place: Span | None
    provenance: Provenance
    time: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may become a case: nobody has said yet what answers it.

    :param notes: Every click on it, oldest first, its question and history without identifiers.
    """

    id: str
    question: str
    history: tuple[str, ...]
    notes: tuple[Feedback, ...]

    def draft(self) -> Case:
        """The case that it would be: without gold, answerable unless a click says that silence were right."""
        answerable = all(note.kind != SHOULD_ABSTAIN for note in self.notes)
        return Case(self.id, self.question, answerable, source="feedback", history=self.history)


def candidates_file(index: Path) -> Path:
    """Where the candidates of an index are kept: beside its folder, so that no re-indexing and no removal takes them."""
    folder = index.expanduser().absolute()
    return folder.with_name(f"{folder.name}-candidates.jsonl")


def record(path: Path, feedback: Feedback) -> bool:
    """Append a click to a file of candidates, without identifiers; False where the same was said before.

    The file is its owner's alone. Several processes may record at a time; a line is there whole or not at all.
    """
    if feedback.kind not in KINDS:
        raise UsageError(f"expected one of {', '.join(KINDS)}, found {feedback.kind!r}.")
    row = as_row(feedback)
    with locked(path) as file:
        data = os.pread(file, MOST_BYTES + 1, 0)
        if len(data) > MOST_BYTES:
            raise UsageError(
                f"expected fewer than {MOST_BYTES:,} bytes of candidates in {path}, found more. Review them: citewell eval triage {path}"
            )
        said = key(row["question"], row["history"]), row["kind"], row["place"]
        rows = parse_rows(data.decode("utf-8", "replace"), path.name)
        if any((key(each["question"], each["history"]), each["kind"], each["place"]) == said for each in rows):
            return False
        start = b"\n" if data and not data.endswith(b"\n") else b""
        write_all(file, start + line_of(row))
    return True


def as_row(feedback: Feedback) -> dict[str, Any]:
    """A click as a line of the file: a case's fields with empty gold, and what was said of the answer."""
    question, removed = scrub(feedback.question)
    history = [scrub(earlier) for earlier in feedback.history]
    return {
        "id": identifier(question, [text for text, _ in history]),
        "question": question,
        "history": [text for text, _ in history],
        "source": "feedback",
        "evidence": [],
        "kind": feedback.kind,
        "place": asdict(feedback.place) if feedback.place else None,
        "removed": removed + sum(count for _, count in history),
        "time": feedback.time,
        "provenance": asdict(feedback.provenance),
    }


def key(question: str, history: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What near-copies of a question share: its words in small letters, and those of the questions before it."""
    return tuple(tuple(word for word, _, _ in words(text)) for text in (question, *history))


def identifier(question: str, history: Sequence[str]) -> str:
    """An id that near-copies share."""
    return "feedback-" + hashlib.sha256(json.dumps(key(question, history)).encode()).hexdigest()[:10]


def read_candidates(path: Path) -> tuple[Candidate, ...]:
    """The candidates of a file, oldest first, near-copies as one; none where there is no file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"expected candidates in JSON lines at {path}, found: {error}.") from error
    return gathered(parse_rows(text, path.name))


def gathered(rows: Iterable[Mapping[str, Any]]) -> tuple[Candidate, ...]:
    """Rows as candidates, those of near-copies together."""
    found: dict[tuple[tuple[str, ...], ...], list[Feedback]] = {}
    for row in rows:
        found.setdefault(key(row["question"], row["history"]), []).append(from_row(row))
    return tuple(
        Candidate(identifier(notes[0].question, notes[0].history), notes[0].question, notes[0].history, tuple(notes))
        for notes in found.values()
    )


def parse_rows(text: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield the row of each line; UsageError names the first that is none."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = load_object(line)
            from_row(row)
        except (UsageError, KeyError, TypeError, ValueError) as error:
            reason = error if isinstance(error, UsageError) else f"expected a candidate, found {error!r}."
            raise UsageError(f"{name}, line {number}: {reason} Remove the line, or correct it.") from error
        yield row


def from_row(row: Mapping[str, Any]) -> Feedback:
    """A click from its line; KeyError, TypeError or ValueError where it is none."""
    place = Span(**row["place"]) if row["place"] else None
    history = tuple(row["history"])
    if row["kind"] not in KINDS or not all(isinstance(text, str) for text in (row["question"], row["time"], *history)):
        raise ValueError(row["kind"])
    return Feedback(row["question"], history, row["kind"], place, Provenance(**row["provenance"]), row["time"])


def remove(path: Path, candidate: Candidate) -> None:
    """Take a candidate out of its file, with all its near-copies; what is recorded meanwhile stays."""
    with locked(path) as file:
        text = os.pread(file, os.fstat(file).st_size, 0).decode("utf-8")
        gone = key(candidate.question, candidate.history)
        kept = [row for row in parse_rows(text, path.name) if key(row["question"], row["history"]) != gone]
        replace_file(path, b"".join(map(line_of, kept)), mode=OWNER_ONLY)


def line_of(row: Mapping[str, Any]) -> bytes:
    """A row as a line."""
    return (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """The file at a path, open and held alone; it is made, and made its owner's alone, where need be."""
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, OWNER_ONLY)
        except OSError as error:
            raise UsageError(f"expected to write candidates to {path}, found: {error.strerror}.") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not is_at(path, file):
                continue  # a review replaced it while this waited
            os.fchmod(file, OWNER_ONLY)
            yield file
            return
        finally:
            os.close(file)


def is_at(path: Path, file: int) -> bool:
    """Whether an open file is still the one at a path."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def write_all(file: int, data: bytes) -> None:
    """Append bytes and have them on the disk; what a full disk let through is taken back."""
    size = os.fstat(file).st_size
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
    except OSError as error:
        os.ftruncate(file, size)
        raise UsageError(f"expected room for one more candidate, found: {error.strerror}.") from error


def replace_file(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file that is there whole or, after any failure, as it was before."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(file, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(file)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
