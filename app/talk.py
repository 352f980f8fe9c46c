"""A conversation of one browser tab, and the messages that show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app import render
from citewell.types import Answer

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, as asked.

    :param history: The questions that it was asked after.
    """

    question: str
    answer: Answer
    view: render.View
    history: tuple[str, ...] = ()

    def questions(self) -> tuple[str, ...]:
        """The questions up to this one."""
        return (*self.history, self.question)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation of one browser tab.

    :param begins_anew: Whether the next question takes nothing over from those before it.
    """

    turns: tuple[Turn, ...] = ()
    begins_anew: bool = False

    def history(self) -> tuple[str, ...]:
        """The questions that the next one is asked after."""
        return self.turns[-1].questions() if self.turns and not self.begins_anew else ()

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
