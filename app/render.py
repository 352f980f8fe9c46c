"""Answer → HTML for the chat. Pure: nothing is read, and every text is escaped.

An answer becomes one line of HTML without a blank line in it, so that the chat's Markdown reader takes all of it as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from app import feedback, links
from app.markup import CLASS_NAMES, DISCLAIMER, age, badge, counted, dated, escape, trail
from citewell.types import Answer, Audience, Citation, Disagreement, Excerpt, SourceClass, Span, fold

WORD = re.compile(r"\w+")
TOOK_OVER = re.compile(r"(?P<asked>.*?\S) \[(?P<added>[^\[\]]*)\](?: \[also: [^\[\]]*\])?", re.S)
COMMON_WORDS = frozenset(
    "a about after also am an and any are as at be been before but by can could did do does for from get give given had has have "
    "how i if in into is it its long may me much my not of on or should so than that the their them then there these they "
    "this to was we were what when where which while who whom whose why will with without would you your".split()
)
AUDIENCE_NAMES = {Audience.CLINICIAN: "clinicians", Audience.PATIENT: "patients"}


@dataclass(frozen=True, slots=True)
class View:
    """What an answer is shown under.

    :param number: Number of the answer in the conversation; the copy and export links name it.
    :param stale: Documents whose file changed since it was indexed.
    :param classes: The source classes asked for; none means all.
    :param held: The source classes that the index holds.
    :param takes_feedback: Whether readers are asked what they think of the answer.
    """

    number: int
    today: date
    stale: frozenset[str] = frozenset()
    classes: tuple[SourceClass, ...] = ()
    audience: Audience | None = None
    held: tuple[SourceClass, ...] = ()
    takes_feedback: bool = False


def question_html(question: str) -> str:
    """The reader's question, shown literally."""
    return f'<div class="cw-question">{escape(question)}</div>'


def problem_html(message: str) -> str:
    """Why a question was not asked."""
    return f'<div class="cw-problem" role="alert"><strong>Not asked.</strong> {escape(message)}</div>'


def answer_html(answer: Answer, view: View) -> str:
    """An answer: quotations by source class, or the refusal with the nearest passages."""
    body = _quotations(answer, view) if answer.answered else _refusal(answer, view)
    parts = [
        _scope(view),
        _searched_for(answer, view),
        body,
        *_disagreements(answer, view),
        _notes(answer.notes),
        _footer(answer, view),
    ]
    return f'<div class="cw-answer">{"".join(parts)}</div>'


def emphasised(text: str, asked: frozenset[str]) -> str:
    """Text as HTML with the words that were asked for in bold; the text itself is unchanged."""
    pieces, last = [], 0
    for match in WORD.finditer(text):
        if _key(match[0]) in asked:
            pieces += [html.escape(text[last : match.start()]), f'<b class="cw-asked">{html.escape(match[0])}</b>']
            last = match.end()
    return "".join((*pieces, html.escape(text[last:])))


def asked_words(question: str) -> frozenset[str]:
    """The words of a question that say what it is about."""
    return frozenset(
        _key(word) for word in WORD.findall(question) if word.lower() not in COMMON_WORDS and len(word) > 1
    )


def by_class(excerpts: Iterable[Excerpt]) -> list[tuple[SourceClass, list[Excerpt]]]:
    """Excerpts grouped by source class in the fixed order of classes, best first within each."""
    found = list(excerpts)
    groups = [(source_class, [e for e in found if e.source_class == source_class]) for source_class in SourceClass]
    return [(source_class, members) for source_class, members in groups if members]


def chip(number: int, span: Span, tip: str) -> str:
    """A citation: its number, linking to its place in the source."""
    return f'<a class="cw-chip" href="#cite={links.encode(span)}" title="{escape(tip)}">[{number}]</a>'


def _key(word: str) -> str:
    lower = word.lower()
    return lower[:-1] if len(lower) > 3 and lower.endswith("s") else lower


def _scope(view: View) -> str:
    limits = []
    if view.classes:
        limits.append("only " + ", ".join(CLASS_NAMES[source_class].lower() for source_class in view.classes))
    if view.audience:
        limits.append(f"for {AUDIENCE_NAMES[view.audience]}")
    return f'<p class="cw-scope"><span>Sources</span> {escape("; ".join(limits))}</p>' if limits else ""


def rewritten(answer: Answer) -> str | None:
    """The question with what it took over from those before it, for the reader to change; None where it took nothing."""
    found = TOOK_OVER.fullmatch(answer.searched_for)
    if not found or found["added"].startswith("also: ") or answer.question.endswith("]"):
        return None
    return f"{found['asked']} [{found['added']}]"


def _searched_for(answer: Answer, view: View) -> str:
    if fold(answer.searched_for) == fold(answer.question):
        return ""
    changes = ""
    if whole := rewritten(answer):
        changes = (
            f' <a class="cw-change" href="#edit={quote(whole, safe="")}" title="Change what was searched for">Edit</a> '
            f'<a class="cw-change" href="#alone={view.number}" title="Ask again without the words in brackets">My words only</a>'
        )
    return f'<p class="cw-searched"><span>Searched for</span> {escape(answer.searched_for)}{changes}</p>'


def _quotations(answer: Answer, view: View) -> str:
    best = answer.excerpts[0].citation if len(answer.excerpts) > 1 else None
    asked = asked_words(answer.searched_for)
    documents = len({excerpt.document_id for excerpt in answer.excerpts})
    parts = [
        f'<p class="cw-count">{counted(len(answer.excerpts), "quotation")} from {counted(documents, "source")}</p>'
    ]
    for source_class, members in by_class(answer.excerpts):
        shown = "".join(_excerpt(e, answer, view, asked, is_best=e.citation == best) for e in members)
        parts.append(
            f'<section class="cw-group cw-{source_class.value}"><h3>{CLASS_NAMES[source_class]}</h3>{shown}</section>'
        )
    return "".join((*parts, _silent_classes(answer, view)))


def _silent_classes(answer: Answer, view: View) -> str:
    if any(excerpt.also for excerpt in answer.excerpts):
        return ""  # a merged quotation speaks for more classes than its own
    spoke = {excerpt.source_class for excerpt in answer.excerpts}
    asked = view.classes or view.held
    silent = [
        CLASS_NAMES[source_class].lower()
        for source_class in SourceClass
        if source_class in asked and source_class not in spoke
    ]
    return f'<p class="cw-silent">Nothing quoted from: {", ".join(silent)}</p>' if silent else ""


def _excerpt(excerpt: Excerpt, answer: Answer, view: View, asked: frozenset[str], *, is_best: bool = False) -> str:
    before = f'<span class="cw-context">{escape(excerpt.context_before)}</span> ' if excerpt.context_before else ""
    after = f' <span class="cw-context">{escape(excerpt.context_after)}</span>' if excerpt.context_after else ""
    quote = f'<span class="cw-text">{emphasised(excerpt.text, asked)}</span>'
    best = '<p class="cw-best">Best match</p>' if is_best else ""
    return (
        f'<div class="cw-excerpt">{best}<blockquote>{before}{quote}{after} {_chip_of(excerpt)}</blockquote>'
        f"{_source_line(excerpt, view, answered=answer.answered)}{_also(excerpt, answer)}</div>"
    )


def _chip_of(excerpt: Excerpt) -> str:
    tip = " › ".join(trail(excerpt.title, excerpt.section, excerpt.page))
    return chip(excerpt.citation, Span(excerpt.document_id, excerpt.start, excerpt.end), tip)


def _source_line(excerpt: Excerpt, view: View, *, answered: bool) -> str:
    title, *places = (escape(step) for step in trail(excerpt.title, excerpt.section, excerpt.page))
    facts = [badge(excerpt.source_class), dated(excerpt.updated, view.today)]
    if excerpt.review_status:
        facts.append(f'<span class="cw-status">{escape(excerpt.review_status)}</span>')
    if excerpt.document_id in view.stale:
        facts.append('<span class="cw-stale">source changed since it was indexed</span>')
    if view.takes_feedback:
        facts.append(feedback.excerpt_feedback_html(excerpt, view.number, answered=answered))
    path = ' <span class="cw-sep">›</span> '.join((f"<cite>{title}</cite>", *places))
    return (
        f'<p class="cw-source"><span class="cw-trail">{path}</span><span class="cw-facts">{" ".join(facts)}</span></p>'
    )


def _also(excerpt: Excerpt, answer: Answer) -> str:
    found = [citation for citation in answer.citations if citation.number in excerpt.also]
    chips = " ".join(_chip_to(citation) for citation in found)
    return f'<p class="cw-also">Also stated in {chips}</p>' if found else ""


def _chip_to(citation: Citation) -> str:
    tip = f"{citation.title} › {citation.locator}"
    return chip(citation.number, Span(citation.document_id, citation.start, citation.end), tip)


def _disagreements(answer: Answer, view: View) -> list[str]:
    return [_disagreement(disagreement, answer, view) for disagreement in answer.disagreements]


def _disagreement(disagreement: Disagreement, answer: Answer, view: View) -> str:
    quoted = {excerpt.citation: excerpt for excerpt in (*answer.excerpts, *answer.nearest)}
    sides = []
    for citation in answer.citations:
        if citation.number in disagreement.citations:
            sides.append(_side(citation, quoted.get(citation.number), view))
    return (
        f'<section class="cw-differ"><h3>Sources differ: {escape(disagreement.about)}</h3><div class="cw-sides">{"".join(sides)}</div>'
        '<p class="cw-fine">Each side is shown as printed. Citewell gives no verdict.</p></section>'
    )


def _side(citation: Citation, excerpt: Excerpt | None, view: View) -> str:
    facts = f"<cite>{escape(citation.title)}</cite>"
    if excerpt is None:
        return f'<div class="cw-side"><p class="cw-source">{facts} {_chip_to(citation)}</p></div>'
    quote = f'<blockquote><span class="cw-text">{escape(excerpt.text)}</span> {_chip_to(citation)}</blockquote>'
    return f'<div class="cw-side">{quote}<p class="cw-source">{facts} {dated(excerpt.updated, view.today)}</p></div>'


def _refusal(answer: Answer, view: View) -> str:
    reason = f"<p>{escape(answer.reason)}</p>" if answer.reason else ""
    card = f'<section class="cw-refusal"><h3>Not in these documents</h3>{reason}</section>'
    if not answer.nearest:
        return card
    nearest = "".join(_excerpt(excerpt, answer, view, frozenset()) for excerpt in answer.nearest)
    heading = '<p class="cw-not-an-answer"><strong>Nearest passages</strong> <span>not an answer</span></p>'
    return f'{card}<section class="cw-nearest">{heading}{nearest}</section>'


def _notes(notes: Sequence[str]) -> str:
    return f'<ul class="cw-notes">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>' if notes else ""


def _footer(answer: Answer, view: View) -> str:
    made = answer.provenance
    details = [
        f"confidence {answer.confidence:.2f} of 1",
        f"index {made.index[:12]}",
        f"encoder {made.encoder}",
        f"weights {made.weights[:12]}" if made.weights else "",
        f"settings {made.settings[:12]}",
        f"Citewell {made.version}",
        *(f"{stage} {milliseconds:.0f} ms" for stage, milliseconds in answer.timings_ms.items()),
    ]
    actions = (
        f'<a href="#copy={view.number}" title="Copy the quotations with their references">Copy answer with references</a> '
        f'<a href="#save=markdown.{view.number}" title="Save as a Markdown file">Markdown</a> '
        f'<a href="#save=json.{view.number}" title="Save as a JSON file">JSON</a>'
    )
    asked = feedback.feedback_html(answer, view.number) if view.takes_feedback else ""
    about = " · ".join(escape(detail) for detail in details if detail)
    return (
        f'<div class="cw-footer"><p class="cw-actions">{actions}</p>{asked}'
        f"<details><summary>How this was found</summary><p>{about}</p></details>"
        f'<p class="cw-fine">{escape(DISCLAIMER)}</p></div>'
    )


def source_words(excerpt: Excerpt, today: date) -> str:
    """A source line without mark-up: title › section › page · class · date · status."""
    years = age(excerpt.updated, today) if excerpt.updated else ""
    when = f"updated {excerpt.updated}{f' ({years})' if years else ''}" if excerpt.updated else "no date given"
    facts = [CLASS_NAMES[excerpt.source_class], when, *([excerpt.review_status] if excerpt.review_status else [])]
    return " · ".join(
        (" › ".join(trail(excerpt.title, excerpt.section, excerpt.page)), *(fold(fact) for fact in facts))
    )
