"""What a reader says of an answer, at one click: kept beside the index as a candidate for the test suite."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app import links
from app.markup import escape
from citewell import CitewellError, Feedback, record_feedback
from citewell.types import Answer, Excerpt, Span

# Short name in a link → (kind of feedback, words of its button).
BUTTONS = {
    "good": ("good answer", "Good answer"),
    "passage": ("wrong passage", "Wrong passage"),
    "sentence": ("right passage, wrong sentence", "Right passage, wrong sentence"),
    "silence": ("should have abstained", "Should not have answered"),
    "speech": ("should have answered", "Should have answered"),
}
OF_ANSWERS, OF_REFUSALS = ("good", "passage", "sentence", "silence"), ("good", "speech")
SAID = "Noted: candidate for the test suite, stays on this machine."
SAID_BEFORE = "Noted before: candidate for the test suite, stays on this machine."


@dataclass(frozen=True, slots=True)
class Click:
    """A button that was chosen: its short name, the number of the answer, and the quotation it stands at."""

    name: str
    number: int
    place: Span | None


def feedback_html(answer: Answer, number: int) -> str:
    """The buttons under an answer."""
    names = OF_ANSWERS if answer.answered else OF_REFUSALS
    buttons = " ".join(button(name, number, BUTTONS[name][1]) for name in names)
    return f'<p class="cw-feedback"><span class="cw-asks">Was this right?</span> {buttons} {ROOM}</p>'


def excerpt_feedback_html(excerpt: Excerpt, number: int, *, answered: bool) -> str:
    """The button at one quotation: that it's the wrong passage, or that a nearest passage answers after all."""
    name, words = ("passage", "Wrong passage") if answered else ("speech", "This answers it")
    place = Span(excerpt.document_id, excerpt.start, excerpt.end)
    named = f'{words}<span class="cw-unseen"> [{excerpt.citation}]</span>'
    return f'<span class="cw-feedback">{button(name, number, named, place)} {ROOM}</span>'


ROOM = '<span class="cw-noted"></span>'  # where the script says that a click was noted


def button(name: str, number: int, words: str, place: Span | None = None) -> str:
    """A link that acts as a button: what the chat leaves of mark-up has no buttons."""
    word = f"{name}.{number}" + (f".{links.encode(place)}" if place else "")
    return f'<a class="cw-note" role="button" href="#note={word}">{words}</a>'


def decode(word: object) -> Click | None:
    """The click that a link's word names; None for anything that `button` did not write."""
    if not isinstance(word, str) or len(word) > links.LONGEST_ID + 20:
        return None
    name, _, rest = word.partition(".")
    number, dot, packed = rest.partition(".")
    place = links.decode(packed) if dot else None
    if name not in BUTTONS or not (number.isascii() and number.isdigit() and len(number) < 6) or (dot and not place):
        return None
    return Click(name, int(number), place)


def note(path: Path, word: object, asked: Sequence[Sequence[str]], answers: Sequence[Answer]) -> tuple[str, bool]:
    """Record a click on an answer of a conversation; what to tell the reader, and whether it was noted.

    :param asked: For each answer its question, after those that it was asked after.

    What the browser sends is believed only where it names an answer of this conversation and a quotation in it.
    """
    click = decode(word)
    if not click or not 1 <= click.number <= len(answers):
        return "Not noted: this answer is not open any more. Ask again.", False
    answer = answers[click.number - 1]
    shown = {Span(each.document_id, each.start, each.end) for each in (*answer.excerpts, *answer.nearest)}
    if click.place and click.place not in shown:
        return "Not noted: this quotation is not in the answer.", False
    time = datetime.now(UTC).isoformat(timespec="seconds")
    *history, question = asked[click.number - 1]
    kind = BUTTONS[click.name][0]
    said = Feedback(question, tuple(history), kind, click.place, answer.provenance, time)
    try:
        return (SAID if record_feedback(path, said) else SAID_BEFORE), True
    except CitewellError as error:
        return f"Not noted: {error}", False


def noted_html(word: object, words: str, *, done: bool, nonce: object) -> str:
    """What was noted, for the script to show at the button."""
    return (
        f'<i hidden data-noted="{html.escape(str(word))}" data-said="{escape(words)}" data-done="{int(done)}" '
        f'data-nonce="{html.escape(str(nonce)[:40])}"></i>'
    )
