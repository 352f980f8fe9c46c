"""All cases of a report: a line each, which opens; what to filter and to sort them by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from citewell.evaluate.comparison import Pair
from citewell.evaluate.concern import ORDER, stage_of
from citewell.evaluate.markup import escape, isolated
from citewell.evaluate.outcome import STAGES
from citewell.evaluate.report_answers import answers, rankings, scores
from citewell.evaluate.report_headline import NO_SIGN, SIGNS
from citewell.evaluate.report_sources import evidence, sources
from citewell.evaluate.wording import OUTCOMES, STAGE_MEANINGS, cut, outcome_of

MOST_BYTES = 4_300_000  # of all cases: with 0.7 MB for the rest of the page they stay below 5 MB
MOST_QUESTION = 300  # characters of a question in its line; opened, it is shown in full
COLUMNS = (
    ("order", "Case"),
    ("kind", "What became of it"),
    ("stage", "Stage"),
    ("severity", "Severity"),
    ("sure", "Confidence"),
)


def case_list(pairs: Sequence[Pair], documents: Mapping[str, str] | None) -> str:
    """Every case, and above them the means to find one, which a script brings to life."""
    tags = sorted({tag for pair in pairs for tag in pair.present.tags})
    lines = "".join(sized(pairs, documents or {}, {tag: number for number, tag in enumerate(tags)}))
    return f'{controls(pairs, tags)}{heads()}<div id="list">{lines}</div><p id="none" hidden>No case is like that.</p>'


def sized(pairs: Sequence[Pair], documents: Mapping[str, str], tags: Mapping[str, int]) -> Iterator[str]:
    """The cases; the passages of sources are left out of the last ones where they would take too much room."""
    parts = [(line(pair, number, tags), body(pair), last_part(pair)) for number, pair in enumerate(pairs)]
    room = MOST_BYTES - sum(size(each) for case in parts for each in case)
    for pair, (summary, inner, end) in zip(pairs, parts, strict=True):
        found = sources(pair, documents) if documents else ""
        room -= size(found)
        if found and room < 0:
            found = '<p class="soft">The passages of the sources are left out, to keep this page small.</p>'
        yield f"{summary}<div class=body>{inner}{found}{end}</div></details>"


def size(text: str) -> int:
    """The bytes that a text takes in the file."""
    return len(text.encode("utf-8", "replace"))


def line(pair: Pair, number: int, tags: Mapping[str, int]) -> str:
    """The start of a case: what is seen of it while it is closed."""
    result, stage = pair.present, stage_of(pair)
    kind = pair.kind.split()[0]
    outcome = outcome_of(result) if pair.after else "removed"
    own = " ".join(str(tags[tag]) for tag in result.tags)
    named = "".join(f'<bdi class="tag">{escape(tag)}</bdi>' for tag in result.tags)
    critical = result.severity == "critical"
    return (
        f'<details class="case" id="{anchor(result.id)}" data-n="{number}" data-kind="{pair.kind}" data-k="{ORDER.index(pair.kind)}" '
        f'data-outcome="{outcome}" data-stage="{escape(stage or "")}" data-severity="{escape(result.severity)}" data-tags=" {own} " '
        f'data-sure="{result.confidence:.4f}"><summary>'
        f'<span class="what"><span class="q" dir="auto">{escape(cut(result.question, MOST_QUESTION))}</span>'
        f'<span class="who"><code>{escape(result.id)}</code>{named}</span></span>'
        f'<span class="kind k-{kind}"><span aria-hidden="true">{SIGNS.get(pair.kind, NO_SIGN)}</span> {pair.kind}'
        f"{f'<small>{outcome}</small>' if outcome in OUTCOMES and not same(pair.kind, outcome) else ''}</span>"
        f'<span class="stage">{escape(stage or "")}</span>'
        f'<span class="sev{" critical" if critical else ""}">{escape(result.severity)}</span>'
        f'<span class="sure">{confidence(pair)}</span></summary>'
    )


def same(kind: str, outcome: str) -> bool:
    """Whether a kind tells how the case went, so that it need not be said again."""
    return (kind, outcome) in (("regressed", "fails"), ("fixed", "passes"), ("failed", "fails"), ("passed", "passes"))


def anchor(case_id: str) -> str:
    """The id of a case in the page, so that it can be linked to: report.html#case-…"""
    return "case-" + quote(case_id, safe="~", errors="replace")


def confidence(pair: Pair) -> str:
    """How sure the answers were."""
    values = [f"{each.confidence:.2f}" for each in (pair.before, pair.after) if each]
    return " → ".join(dict.fromkeys(values))


def body(pair: Pair) -> str:
    """What is seen of a case once it is open, but for its sources."""
    result, stage = pair.present, stage_of(pair)
    asked = "".join(f"<li>{isolated(each)}</li>" for each in result.history)
    history = f'<div class="history"><h4>Asked before</h4><ol>{asked}</ol></div>' if asked else ""
    full = f'<p class="full" dir="auto">{escape(result.question)}</p>' if len(result.question) > MOST_QUESTION else ""
    excuse = f'<p class="why"><b>Known to fail:</b> {escape(result.xfail)}</p>' if result.xfail is not None else ""
    where = f'<p class="why"><b>{escape(stage)}</b>: {escape(STAGE_MEANINGS.get(stage, ""))}.</p>' if stage else ""
    return f"{full}{history}{where}{excuse}{answers(pair)}{evidence(pair)}"


def last_part(pair: Pair) -> str:
    """The numbers of a case, and what it is."""
    result = pair.present
    origin = [result.source, f"cluster {result.cluster}" if result.cluster else ""]
    origin += [f"paraphrase of {result.parent}" if result.parent != result.id else "", f"{result.milliseconds:,.0f} ms"]
    words = " · ".join(escape(each) for each in origin if each)
    return f'<div class="numbers">{rankings(pair)}{scores(pair)}<p class="soft">{words} · <a href="#{anchor(result.id)}">link</a></p></div>'


def controls(pairs: Sequence[Pair], tags: Sequence[str]) -> str:
    """What to filter by; hidden until the script shows it, for without it nothing here would work."""
    kinds = [kind for kind in ORDER if any(pair.kind == kind for pair in pairs)]
    chips = "".join(
        f'<button type="button" data-kind="{kind}" aria-pressed="false" class="k-{kind.split()[0]}">'
        f'<span aria-hidden="true">{SIGNS.get(kind, NO_SIGN)}</span> {kind} <b>{sum(pair.kind == kind for pair in pairs):,}</b></button>'
        for kind in kinds
    )
    outcomes = dict.fromkeys(outcome_of(pair.after) for pair in pairs if pair.after)
    found = {stage_of(pair) for pair in pairs}
    severities = dict.fromkeys(pair.present.severity for pair in pairs)
    return (
        f'<form id="controls" hidden><div class="chips" role="group" aria-label="What became of the case">{chips}</div>'
        '<label class="search"><span class="unseen">Search in all texts</span>'
        '<input type="search" id="search" placeholder="Search questions, quotations, ids  ( / )" autocomplete="off"></label>'
        f"{choice('outcome', 'Now', [(each, each) for each in OUTCOMES if each in outcomes])}"
        f"{choice('stage', 'Stage', [(each, each) for each in STAGES if each in found])}"
        f"{choice('severity', 'Severity', [(each, each) for each in severities])}"
        f"{choice('tags', 'Tag', [(str(number), tag) for number, tag in enumerate(tags)])}"
        '<button type="reset" class="plain">Clear</button><button type="button" class="plain" id="open">Open all shown</button>'
        '<output id="shown" aria-live="polite"></output></form>'
    )


def choice(name: str, title: str, options: Sequence[tuple[str, str]]) -> str:
    """A list to choose one value from, or any."""
    listed = "".join(f'<option value="{escape(value)}">{escape(cut(words, 60))}</option>' for value, words in options)
    return f'<label>{title} <select name="{name}"><option value="">any</option>{listed}</select></label>'


def heads() -> str:
    """The columns' heads, each of which sorts."""
    buttons = "".join(f'<button type="button" data-sort="{name}">{title}</button>' for name, title in COLUMNS)
    return f'<div id="heads" role="group" aria-label="Sort by" hidden>{buttons}</div>'
