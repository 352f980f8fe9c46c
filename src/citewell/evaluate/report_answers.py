"""What a case showed before and shows now, side by side, with the words that differ marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from citewell.evaluate.comparison import Pair
from citewell.evaluate.markup import escape
from citewell.evaluate.outcome import CaseResult, Place
from citewell.evaluate.wording import NOTHING, cut, improves, number, outcome_of
from citewell.evaluate.wordmarks import Stretch, compare

MOST_SHOWN = 1_500  # characters of a quotation that both runs show
MOST_NEAREST = 300  # characters of a passage that was near, but was not shown as an answer
ONLY = {"del": "only before", "ins": "only now"}
DOCUMENTS = 5  # of a ranking that are listed

Range = tuple[str, int, int]  # a document, start and end


def answers(pair: Pair) -> str:
    """Both answers; one where there is one run, or where both runs show the same."""
    before, after = pair.before, pair.after
    if before and after and shown(before) == shown(after):
        return f'<div class="sides one">{side("Both runs", after, plain(after), before)}</div>'
    if before and after:
        old, new = marked(before.excerpts, after.excerpts)
        return f'<div class="sides">{side("Before", before, old)}{side("Now", after, new)}</div>'
    if before:
        return f'<div class="sides one">{side("Before", before, plain(before))}</div>'
    assert after is not None
    return f'<div class="sides one">{side("Now" if pair.kind == "new" else "Answer", after, plain(after))}</div>'


def shown(result: CaseResult) -> object:
    """What a reader sees of a result: two that are equal look the same."""
    return result.answered, result.reason, [(each.doc, each.start, each.end, each.text) for each in result.excerpts]


def side(title: str, result: CaseResult, quotations: Iterable[str], before: CaseResult | None = None) -> str:
    """One answer; where both runs show it, `before` has the other confidence."""
    sure = f"{before.confidence:.2f} → {result.confidence:.2f}" if before else f"{result.confidence:.2f}"
    items = "".join(quotations)
    body = f"<ol>{items}</ol>" if items else refusal(result)
    sides = "".join(
        f"<p class='soft'>Set side by side: {' and '.join(f'[{each}]' for each in group)}</p>"
        for group in result.disagreements
    )
    return f'<section><h4>{title} <span class="soft">{outcome_of(result)} · confidence {sure}</span></h4>{body}{sides}</section>'


def refusal(result: CaseResult) -> str:
    """A refusal with its reason, and what stood nearest."""
    near = "".join(
        f'<li><p dir="auto">{escape(cut(each.text, MOST_NEAREST))}</p>{source_line(each)}</li>'
        for each in result.nearest
    )
    listed = f'<p class="soft">Nearest, not shown as an answer:</p><ul class="near">{near}</ul>' if near else ""
    return f'<p class="refused">No answer{f": {escape(result.reason)}" if result.reason else ""}.</p>{listed}'.replace(
        "..<", ".<"
    )


def plain(result: CaseResult) -> list[str]:
    """Quotations without marks."""
    return [quotation(each, escape(cut(each.text, MOST_SHOWN))) for each in result.excerpts]


def marked(before: Sequence[Place], after: Sequence[Place]) -> tuple[list[str], list[str]]:
    """The quotations of both runs; those that both have are unmarked, the others compared word by word."""
    both = {place_of(each) for each in before} & {place_of(each) for each in after}
    old = [each for each in before if place_of(each) not in both]
    new = [each for each in after if place_of(each) not in both]
    bodies: dict[tuple[str, Range], str] = {}
    for one, other in zip(old, new, strict=False):
        left, right = compare(one.text, other.text)
        if any(not part.alone for part in left):
            bodies["del", place_of(one)] = stretches(left, "del")
            bodies["ins", place_of(other)] = stretches(right, "ins")
    return (
        [compared(bodies, each, "del", both) for each in before],
        [compared(bodies, each, "ins", both) for each in after],
    )


def compared(bodies: Mapping[tuple[str, Range], str], place: Place, element: str, both: set[Range]) -> str:
    """A quotation of one of two runs: the words that differ marked, or as a whole where only this run has it."""
    whole = escape(cut(place.text, MOST_SHOWN))
    if place_of(place) in both:
        return quotation(place, whole)
    found = bodies.get((element, place_of(place)))
    return quotation(place, whole, element) if found is None else quotation(place, found)


def place_of(place: Place) -> Range:
    """Where a quotation stands."""
    return place.doc, place.start, place.end


def stretches(parts: Sequence[Stretch], element: str) -> str:
    """Compared words as HTML."""
    written = []
    for part in parts:
        gap = f' <i class="gap">… {part.left_out:,} characters …</i> ' if part.left_out else ""
        words = escape(part.text) + gap + escape(part.rest)
        written.append(f"<{element}>{words}</{element}>" if part.alone else words)
    return "".join(written)


def quotation(place: Place, body: str, element: str = "") -> str:
    """One quotation with where it stands; `element` is "del" or "ins" where only one run has it."""
    alone = f'<b class="only">{ONLY[element]}</b> ' if element else ""
    kind = f' class="only-{element}"' if element else ""
    return f'<li{kind}><blockquote dir="auto">{body}</blockquote>{alone}{source_line(place)}</li>'


def source_line(place: Place) -> str:
    """Where a quotation stands, in characters of its document."""
    return f"<cite><bdi>{escape(place.doc)}</bdi> {place.start:,}–{place.end:,}</cite>"


def scores(pair: Pair) -> str:
    """All measures of a case, those that differ marked."""
    before, after = pair.before, pair.after
    names = dict.fromkeys([*(before.scores if before else ()), *(after.scores if after else ())])
    if not names:
        return ""
    cells = "".join(score_row(name, before, after, both=bool(before and after)) for name in names)
    return f'<dl class="scores">{cells}</dl>'


def score_row(name: str, before: CaseResult | None, after: CaseResult | None, *, both: bool) -> str:
    """One measure of a case."""
    old, new = (each.scores.get(name) if each else None for each in (before, after))
    value = number(new if after else old)
    tone = ""
    if both and old != new:
        value = f"{number(old)} → {value}"
        if old is not None and new is not None:
            better = improves(name, new - old)
            tone, value = (" class=better", f"{value} ▲") if better else (" class=worse", f"{value} ▼")
    return f"<div{tone}><dt>{escape(name)}<dd>{value}</div>"


def rankings(pair: Pair) -> str:
    """The first documents of each ranking, those with evidence ticked."""
    gold = {each.doc for each in pair.present.gold}
    old = pair.before.documents[:DOCUMENTS] if pair.before else ()
    new = pair.after.documents[:DOCUMENTS] if pair.after else ()
    if old == new or not (pair.before and pair.after):
        return f"<p>{ranking('Documents', new or old, gold)}</p>"
    return f"<p>{ranking('Documents before', old, gold)}</p><p>{ranking('Documents now', new, gold)}</p>"


def ranking(title: str, documents: Sequence[str], gold: set[str]) -> str:
    """One ranking in a line."""
    names = [
        f"{place} <bdi>{escape(name)}</bdi>" + (' <b class="has">✓ evidence</b>' if name in gold else "")
        for place, name in enumerate(documents, start=1)
    ]
    return f'<span class="soft">{title}:</span> {" · ".join(names) or NOTHING}'
