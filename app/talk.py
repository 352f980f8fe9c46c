"""A conversation of one browser tab, and the messages that show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app import render
from citewell.types import Answer

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, as asked."""

    question: str
    answer: Answer
    view: render.View


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation of one browser tab."""

    turns: tuple[Turn, ...] = ()

    def history(self) -> list[str]:
        """The questions asked so far."""
        return [turn.question for turn in self.turns]

    def messages(self) -> list[Message]:
        """The conversation as the chat shows it, with follow-up questions under the last answer."""
        shown = []
        for turn in self.turns:
            follow_ups = [{"value": question} for question in turn.answer.follow_ups]
            shown += [
                user(turn.question),
                assistant(render.answer_html(turn.answer, turn.view)) | {"options": follow_ups},
            ]
        return shown


def user(question: str) -> Message:
    """A message of the reader."""
    return {"role": "user", "content": render.question_html(question)}


def assistant(content: str) -> Message:
    """A message of Citewell, HTML."""
    return {"role": "assistant", "content": content}
