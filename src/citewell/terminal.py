"""Answers, hits and states as text for a terminal: wrapped, coloured, and with nothing that a terminal would obey."""

from __future__ import annotations

import textwrap
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from citewell.types import Answer, Disagreement, Excerpt, SourceClass, fold

if TYPE_CHECKING:
    from citewell.index import Status

DISCLAIMER = "Quotations from your documents, not medical advice. Check the source before you act on it."
KEPT = (
    "\n\u00ad\u200b\u200c\u200d\u2060\ufeff"  # line ends are ours; soft hyphens, joiners and their like steer nothing
)
BOLD, GREY, YELLOW = "1", "2", "33"  # ANSI codes


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: `width` in columns, or None not to wrap."""

    colour: bool = False
    width: int | None = None

    def paint(self, text: str, code: str) -> str:
        """Put a text between colour codes, where colour is wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def wrap(self, text: str, indent: str = "", code: str = "") -> str:
        """Wrap one paragraph, its further lines indented as the first."""
        lines = [indent + text]
        if self.width:
            lines = textwrap.wrap(
                text, max(self.width, 30), initial_indent=indent, subsequent_indent=" " * len(indent),
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
        return "\n".join(self.paint(line, code) if code else line for line in lines)


def visible(text: str) -> str:
    """Write characters that would steer a terminal, or turn text round unseen, as their codes."""
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in KEPT
        else character
        for character in text
    )


def line(text: str) -> str:
    """A text from a document or a question, on one line and harmless."""
    return visible(fold(text))


def answer_text(answer: Answer, style: Style) -> str:
    """An answer for a person: quotations by class of source, then what differs, notes and what to ask next."""
    parts = []
    if answer.searched_for and answer.searched_for != answer.question:
        parts.append(style.wrap(f"Searched for: {line(answer.searched_for)}", code=GREY))
    if answer.answered:
        parts += grouped(answer.excerpts, style)
    else:
        parts.append(style.paint(f"Not in these documents: {line(answer.reason or 'no reason given')}", BOLD))
        if answer.nearest:
            parts.append(style.paint("Nearest passages (not an answer)", YELLOW))
            parts += [excerpt_text(excerpt, style) for excerpt in answer.nearest]
    parts += [disagreement_text(each, answer.excerpts, style) for each in answer.disagreements]
    if answer.notes:
        parts.append("\n".join(style.wrap(line(note), "Note: ") for note in answer.notes))
    if answer.follow_ups:
        parts.append("\n".join(["Ask next:", *(style.wrap(line(question), "  - ") for question in answer.follow_ups)]))
    parts.append(style.wrap(DISCLAIMER, code=GREY))
    return "\n\n".join(parts)


def grouped(excerpts: Sequence[Excerpt], style: Style) -> Iterator[str]:
    """Quotations under the names of their classes, the classes in their fixed order."""
    for source_class in SourceClass:
        group = [excerpt for excerpt in excerpts if excerpt.source_class == source_class]
        if group:
            yield style.paint(source_class.value.capitalize(), BOLD)
            yield from (excerpt_text(excerpt, style) for excerpt in group)


def excerpt_text(excerpt: Excerpt, style: Style) -> str:
    """One quotation with its number, its context in grey, and its source."""
    number = f"[{excerpt.citation}] "
    margin = " " * len(number)
    before, after = line(excerpt.context_before), line(excerpt.context_after)
    parts = [style.wrap(f"(before it: {before})", margin, GREY)] if before else []
    parts.append(style.wrap(f"“{line(excerpt.text)}”", number))
    parts += [style.wrap(f"(after it: {after})", margin, GREY)] if after else []
    parts.append(style.wrap(source_line(excerpt), margin, GREY))
    if excerpt.also:
        parts.append(style.wrap(f"also stated in {marks(excerpt.also)}", margin, GREY))
    return "\n".join(parts)


def source_line(excerpt: Excerpt) -> str:
    """Title › section · class · date · status · page."""
    place = " › ".join(line(part) for part in dict.fromkeys([excerpt.title, *excerpt.section]))
    facts = [
        place,
        excerpt.source_class.value,
        f"updated {line(excerpt.updated)}" if excerpt.updated else "no date",
        line(excerpt.review_status or ""),
        f"page {excerpt.page}" if excerpt.page else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def disagreement_text(disagreement: Disagreement, excerpts: Sequence[Excerpt], style: Style) -> str:
    """Both sides with their dates, and no verdict."""
    found = {excerpt.citation: excerpt for excerpt in excerpts}
    parts = [style.paint(f"Sources differ: {line(disagreement.about)}", YELLOW)]
    for number in disagreement.citations:
        if excerpt := found.get(number):
            date = line(excerpt.updated or "no date")
            parts.append(style.wrap(f"“{line(excerpt.text)}” ({line(excerpt.title)}, {date})", f"  [{number}] "))
        else:
            parts.append(f"  [{number}]")
    return "\n".join(parts)


def marks(numbers: Sequence[int]) -> str:
    """Citation numbers as they stand in an answer."""
    return " ".join(f"[{number}]" for number in numbers)


def hit_text(hit: Mapping[str, Any], style: Style) -> str:
    """A passage that was found: its rank, document and score, then its text."""
    head = f"{line(hit['title'])} · {line(hit['document_id'])} · {hit['score']:.3f}"
    return style.wrap(head, f"{hit['rank']}. ") + "\n" + style.wrap(line(hit["text"]), "   ")


def status_text(folder: Path, status: Status) -> tuple[str, str]:
    """What an index holds: its facts, then its files."""
    facts = [("index", str(folder)), ("fingerprint", status.fingerprint), ("encoder", status.encoder),
             ("weights", status.weights or "none"), ("documents", str(status.documents)), ("units", str(status.units)),
             ("passages", str(status.passages)), ("size", size_text(status.size_bytes))]  # fmt: skip
    files = [
        (each.state, str(each.sections), str(each.units), each.document_id, each.reason or "") for each in status.files
    ]
    return table(facts) + "\n", table([("state", "sections", "units", "document", "reason"), *files])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns as wide as their widest cell; harmless."""
    cells = [[line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def size_text(count: int) -> str:
    """A number of bytes for people."""
    size, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


class ProgressBar:
    """One line that grows: stage, share, rate and time left. Silent where the stream is no terminal."""

    BAR = 24  # columns
    PAUSE = 0.1  # seconds between two drawings

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = stream.isatty()
        self._stage = ""
        self._started = self._drawn = 0.0

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._write("")

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Draw `done` of `total` of a stage, ten times a second at most."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._started = stage, now
        if self._shown and (now - self._drawn >= self.PAUSE or done >= total):
            self._drawn = now
            self._write(progress_line(stage, done, total, now - self._started, self.BAR))

    def _write(self, text: str) -> None:
        self._stream.write(f"\r\x1b[K{text}")
        self._stream.flush()


def progress_line(stage: str, done: int, total: int, seconds: float, width: int) -> str:
    """ "reading [######......] 3/6 · 1.5/s · 0:02 left"; rate and time once there are any to tell."""
    filled = width * done // max(total, 1)
    text = f"{stage} [{'#' * filled}{'.' * (width - filled)}] {done}/{total}"
    if done and seconds > 0.5:
        minutes, rest = divmod(round(seconds / done * (total - done)), 60)
        text += f" · {done / seconds:.1f}/s · {minutes}:{rest:02d} left"
    return text
