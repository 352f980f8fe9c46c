"""A run, or two compared, as Markdown for a pull request or a job's summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from citewell.evaluate.comparison import (
    CHANGED,
    FIXED,
    KINDS,
    NEW,
    REGRESSED,
    REMOVED,
    SAME,
    Comparison,
    Difference,
    Pair,
)
from citewell.evaluate.concern import FAILED, pairs_of, stage_of
from citewell.evaluate.figures import Figure, Summary
from citewell.evaluate.outcome import CaseResult, Run
from citewell.evaluate.report_headline import verdict_words
from citewell.evaluate.report_provenance import differing
from citewell.evaluate.wording import FAILS, chance, count, cut, harm, interval, number, outcome_of, signed

MOST = 60_000  # characters: GitHub refuses a comment of more than 65,536
MOST_QUOTED = 200  # characters of a quotation or a question
MOST_ID = 100
CUT_OFF = "\n*Cut to fit a comment: the HTML report has everything.*\n"
MARKS = {"pass": "✅", "fail": "❌", "none": "ℹ️"}
SPECIAL = re.compile(r"[\\`*_{}\[\]()#+\-.!|~>:=]")
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
JOINER = "\u2060"  # seen by nobody, it parts what GitHub would take for a mention, an issue or an address
LINKED = re.compile(r"@(?=\w)|#(?=\d)|(?<=[Gg][Hh])-(?=\d)|:(?=//|[\w+-]+:)|(?<=[Ww]{3})\.", re.ASCII)


def markdown_report(summary: Summary, run: Run, comparison: Comparison | None = None) -> str:
    """The whole report, at most `MOST` characters: what matters most stands first, and the end is cut.

    :param run: The newer run where two are compared.
    """
    blocks = compared(summary, comparison) if comparison else alone(summary, run)
    return fitted([*opening(summary, comparison), *blocks], source(run, comparison))


def fitted(blocks: Iterable[str], last: str) -> str:
    """As many blocks as fit, and the last one always; a block is never cut in two, so that the page stays whole."""
    kept, left_out, room = [], False, MOST - len(last) - len(CUT_OFF)
    for block in blocks:
        if len(block) + 1 <= room:
            kept.append(block)
            room -= len(block) + 1
        else:
            left_out = True
    return "\n".join(kept) + ("\n" + CUT_OFF if left_out else "\n") + last


def opening(summary: Summary, comparison: Comparison | None) -> Iterator[str]:
    """The verdict with its reasons."""
    verdict = comparison.verdict if comparison else None
    kind, words = verdict_words(verdict, summary)
    yield f"## {MARKS[kind]} Citewell evaluation: {words}\n"
    for title, sentences in (
        (("", verdict.failed), ("Not sure: ", verdict.inconclusive), ("", verdict.notes)) if verdict else ()
    ):
        yield from (f"- {title}{plain(each, 600)}" for each in sentences)
    if comparison:
        yield "\n" + " · ".join(f"**{len(comparison.of_kind(kind)):,}** {kind}" for kind in KINDS)
    yield f"\n{harm(summary.harmful, summary.critical_refusals, summary.harmful_bound)}\n"


def compared(summary: Summary, comparison: Comparison) -> Iterator[str]:
    """What two runs have to say beyond the verdict."""
    primary = [each for each in comparison.differences if each.primary]
    other = [each for each in comparison.differences if not each.primary]
    pairs = pairs_of(comparison.after, comparison)
    yield differences(primary)
    yield from cases(
        f"Regressed ({len(comparison.of_kind(REGRESSED))})", [each for each in pairs if each.kind == REGRESSED]
    )
    yield from cases(f"Fixed ({len(comparison.of_kind(FIXED))})", [each for each in pairs if each.kind == FIXED])
    if other:
        yield folded(f"{count(len(other), 'other measure')}", differences(other))
    if comparison.slices:
        yield folded("By tag", tags(comparison))
    failing = [
        each for each in pairs if each.kind in (SAME, CHANGED) and each.after and outcome_of(each.after) == FAILS
    ]
    yield from listed("Failing as before", failing)
    for kind in (NEW, CHANGED, REMOVED):
        yield from listed(kind.capitalize(), [each for each in pairs if each.kind == kind and each not in failing])


def alone(summary: Summary, run: Run) -> Iterator[str]:
    """What one run has to say beyond how many cases passed."""
    yield figures(summary.figures)
    failed = [each for each in pairs_of(run, None) if each.kind == FAILED]
    yield from cases(f"Failed ({len(failed)})", failed)


def row(*cells: str) -> str:
    """One line of a table."""
    return "| " + " | ".join(cells) + " |"


def differences(found: Sequence[Difference]) -> str:
    """A table of measures in two runs."""
    lines = [
        row("Measure", "Before", "Now", "Difference", "95 % interval", "p", "Sees a drop of"),
        "|:--" + "|--:" * 6 + "|",
    ]
    for each in found:
        p = f"{chance(each.p)}" if each.adjusted is None else f"{chance(each.adjusted)} (Holm)"
        span = interval(each.low, each.high, signs=True)
        values = (
            number(each.before),
            number(each.after),
            f"**{signed(each.difference)}**",
            span,
            p.replace("<", "&lt;"),
            number(each.detectable),
        )
        lines.append(row(plain(each.metric), *values))
    return "\n".join(lines) + "\n"


def figures(found: Sequence[Figure]) -> str:
    """A table of measures of one run."""
    lines = [row("Measure", "Cases", "Value", "95 % interval"), "|:--|--:|--:|--:|"]
    lines += [
        row(plain(each.name), f"{each.cases:,}", f"**{number(each.value)}**", interval(each.low, each.high))
        for each in found
    ]
    return "\n".join(lines) + "\n"


def tags(comparison: Comparison) -> str:
    """A table of measures by tag."""
    lines = [
        row("Measure", "Tag", "Cases", "Before", "Now", "Difference, 95 % interval"),
        "|:--|:--" + "|--:" * 4 + "|",
    ]
    for each in comparison.slices:
        change = f"{signed(each.after - each.before)} {interval(each.low, each.high, signs=True)}"
        names = (plain(each.metric), plain(each.tag, 60))
        lines.append(row(*names, f"{each.cases:,}", number(each.before), number(each.after), change))
    return "\n".join(lines) + "\n"


def cases(title: str, pairs: Sequence[Pair]) -> Iterator[str]:
    """A heading, and cases with what they showed and show; nothing where there are none."""
    if pairs:
        yield f"### {title}\n"
        yield from map(case, pairs)
        yield ""


def case(pair: Pair) -> str:
    """One case with its question and the first quotation of each side."""
    result, stage = pair.present, stage_of(pair)
    marks = [each for each in ("**critical**" if result.severity == "critical" else "", plain(stage or "")) if each]
    lines = [
        f"- **{plain(result.id, MOST_ID)}**{' · ' if marks else ''}{' · '.join(marks)}: {plain(result.question, MOST_QUOTED)}"
    ]
    lines += [f"  - before: {first(pair.before)}"] if pair.before else []
    lines += [f"  - {'now' if pair.before else 'shown'}: {first(pair.after)}"] if pair.after else []
    return "\n".join(lines)


def first(result: CaseResult) -> str:
    """The first quotation of an answer with its document, or that there is none."""
    if not result.excerpts:
        return f"no answer{f' ({plain(result.reason, MOST_QUOTED)})' if result.reason else ''}"
    found = result.excerpts[0]
    return f"“{plain(found.text, MOST_QUOTED)}” ({plain(found.doc, MOST_ID)})"


def listed(title: str, pairs: Sequence[Pair]) -> Iterator[str]:
    """Cases of little concern, a line each, folded away."""
    if pairs:
        lines = (
            f"- {plain(each.present.id, MOST_ID)}: {plain(each.present.question, MOST_QUOTED)}" for each in pairs[:40]
        )
        rest = f"\n- and {len(pairs) - 40:,} more" if len(pairs) > 40 else ""
        yield folded(f"{title} ({len(pairs):,})", "\n".join(lines) + rest + "\n")


def folded(title: str, content: str) -> str:
    """Content that opens on demand."""
    return f"<details><summary>{title}</summary>\n\n{content}\n</details>\n"


def source(run: Run, comparison: Comparison | None) -> str:
    """What the runs depend on, in a line or two."""
    facts = run.provenance
    code = f", code {plain(facts.code[:13])}" if facts.code else ""
    line = (
        f"{plain(facts.suite_path, 200)}, run {plain(run.started)}{code}, {plain(facts.encoder)}, "
        f"corpus {plain(facts.corpus[:12])}, seed {facts.seed}"
    )
    if comparison:
        names = ", ".join(plain(name) for name in differing(comparison)) or "nothing"
        line += f"; before: {plain(comparison.before.started)}. Differs: {names}"
    return f"\n<sub>{line}.</sub>\n"


def plain(text: str, most: int = MOST_ID) -> str:
    """Text that Markdown shows as it stands, in one line: no mark-up, no HTML, no mention, no link, no formula."""
    kept = cut(CONTROLS.sub(" ", text), most)
    parted = LINKED.sub(lambda found: found[0] + JOINER, kept)
    escaped = SPECIAL.sub(r"\\\g<0>", parted).replace("&", "&amp;").replace("<", "&lt;")
    return escaped.replace("$", "<span>$</span>")
