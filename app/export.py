"""Answer → plain text for the clipboard, and Markdown for a file: the same quotations, numbers, dates and disclaimer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from app.markup import CLASS_NAMES, DISCLAIMER
from app.render import by_class, source_words
from citewell.types import Answer, Citation, Excerpt, fold

MARKS = re.compile(r"([\\`*_\[\]<>~$&|#])")
OPENING_MARK = re.compile(r"^(\d*)([-+=.)])")  # a list, a rule or a heading underline, where a line begins with it
Escape = Callable[[str], str]


def answer_text(answer: Answer, today: date) -> str:
    """The answer as plain text, with its references."""
    return _written(answer, today, fold, quote="“{}” [{}]", heading="{}", item="{}", line="  {}")


def answer_markdown(answer: Answer, today: date) -> str:
    """The answer as Markdown that renders to the quotations letter by letter."""
    return _written(
        answer, today, markdown_escape, quote="> “{}” \\[{}\\]\n>", heading="## {}", item="- {}", line="> {}"
    )


def markdown_escape(text: str) -> str:
    """Text as Markdown: every mark escaped, so that it is shown as it stands."""
    return OPENING_MARK.sub(r"\1\\\2", MARKS.sub(r"\\\1", fold(text)))


def _written(answer: Answer, today: date, escape: Escape, *, quote: str, heading: str, item: str, line: str) -> str:
    """The parts of an answer, each in its pattern, with a blank line between parts."""

    def quoted(excerpt: Excerpt) -> str:
        return (
            quote.format(escape(excerpt.text), excerpt.citation)
            + "\n"
            + line.format(escape(source_words(excerpt, today)))
        )

    parts = [heading.replace("##", "#").format(escape(answer.question))]
    if fold(answer.searched_for) != fold(answer.question):
        parts.append(f"Searched for: {escape(answer.searched_for)}")
    if answer.answered:
        for source_class, members in by_class(answer.excerpts):
            parts += [heading.format(CLASS_NAMES[source_class]), *(quoted(excerpt) for excerpt in members)]
    else:
        parts.append(heading.format(f"Not in these documents{f': {escape(answer.reason)}' if answer.reason else ''}"))
        parts += ["Nearest passages (not an answer):"] if answer.nearest else []
        parts += [quoted(excerpt) for excerpt in answer.nearest]
    for disagreement in answer.disagreements:
        numbers = ", ".join(escape(f"[{number}]") for number in disagreement.citations)
        parts.append(f"Sources differ: {escape(disagreement.about)}: {numbers}")
    parts += ["\n".join(item.format(escape(note)) for note in answer.notes)] if answer.notes else []
    references = "\n".join(item.format(escape(_reference(citation))) for citation in answer.citations)
    parts += [heading.format("References"), references] if references else []
    made = answer.provenance
    parts.append(escape(f"Citewell {made.version}, index {made.index}, encoder {made.encoder}, {today.isoformat()}."))
    return "\n\n".join((*parts, escape(DISCLAIMER))) + "\n"


def _reference(citation: Citation) -> str:
    """A reference: as the source wants to be cited, else its title; then the place, and the file's hash."""
    name = citation.how_to_cite or citation.title
    return f"[{citation.number}] {name} {'' if name.endswith('.') else '· '}{citation.locator} · SHA-256 {citation.sha256[:16]}"
