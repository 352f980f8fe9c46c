"""Findings as workflow commands of GitHub Actions, which shows them at the lines of the suite; and a job's summary."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from citewell.evaluate.comparison import FIXED, REGRESSED, Comparison, Pair
from citewell.evaluate.concern import pairs_of
from citewell.evaluate.outcome import CaseResult, Run
from citewell.evaluate.wording import FAILS, STAGE_MEANINGS, SURPRISES, cut, outcome_of

MOST = 10  # of a level: GitHub shows no more of one step
MOST_TEXT = 160  # characters of a question or a quotation
VARIABLE = "GITHUB_STEP_SUMMARY"
LEVELS = ERROR, WARNING, NOTICE = ("error", "warning", "notice")


def annotations(found: Comparison | Run, suite_path: str, lines: Mapping[str, int]) -> list[str]:
    """One command for each failed gate and each case that needs a look, worst first.

    A case that regressed is an error; of a run alone, each that fails. One that failed before too is a warning, and one
    that passes though it is known to fail a notice. Where there are more of a level than GitHub shows, the last says so.

    :param lines: A case's id → its line in the suite, from 1; a paraphrase stands at its case's line.
    """
    comparison = found if isinstance(found, Comparison) else None
    pairs = pairs_of(comparison.after if comparison else found, comparison)  # type: ignore[arg-type]
    levels: dict[str, list[str]] = {level: [] for level in LEVELS}
    for sentence in comparison.verdict.failed if comparison else ():
        gate, _, rest = sentence.partition(":")
        levels[ERROR].append(command(ERROR, rest.strip() or sentence, {"title": f"Citewell: {gate} gate fails"}))
    for pair in pairs:
        if level := level_of(pair, alone=comparison is None):
            levels[level].append(annotation(level, pair, suite_path, lines))
    return [each for level in LEVELS for each in within(level, levels[level])]


def level_of(pair: Pair, *, alone: bool) -> str | None:
    """How loud a case is; None where it says nothing."""
    if pair.after is None:
        return None
    outcome = outcome_of(pair.after)
    if pair.kind == REGRESSED or (outcome == FAILS and (alone or pair.before is None)):
        return ERROR
    if outcome == FAILS:
        return WARNING
    return NOTICE if outcome == SURPRISES and pair.kind != FIXED else None


def annotation(level: str, pair: Pair, suite_path: str, lines: Mapping[str, int]) -> str:
    """The command of one case."""
    result = pair.present
    place = {"file": suite_path}
    if line := lines.get(result.parent):
        place["line"] = str(line)
    critical = "critical, " if result.severity == "critical" else ""
    title = f"{cut(result.id, 80)}: {critical}{pair.kind if pair.before else outcome_of(result)}"
    return command(level, "\n".join(said(pair, result)), place | {"title": title})


def said(pair: Pair, result: CaseResult) -> Iterator[str]:
    """What a reader needs to know of a case, line by line."""
    yield f"“{cut(result.question, MOST_TEXT)}”"
    if result.stage:
        yield f"{result.stage}: {STAGE_MEANINGS.get(result.stage, '')}"
    if result.answerable and result.gold:
        yield f"Expected: “{cut(result.gold[0].text, MOST_TEXT)}” ({result.gold[0].doc})"
    if pair.before:
        yield f"Before: {first_words(pair.before)}"
    yield f"Now: {first_words(result)}"


def first_words(result: CaseResult, most: int = MOST_TEXT) -> str:
    """The first quotation of an answer, or that there is none."""
    if not result.excerpts:
        return f"no answer{f' ({cut(result.reason, most)})' if result.reason else ''}"
    return f"“{cut(result.excerpts[0].text, most)}” ({result.excerpts[0].doc})"


def within(level: str, commands: list[str]) -> list[str]:
    """As many commands as are shown, the last of which counts those left out."""
    if len(commands) <= MOST:
        return commands
    left = len(commands) - MOST + 1
    return [*commands[: MOST - 1], command(level, f"{left} more are in the report.", {"title": "Citewell: and more"})]


def command(level: str, message: str, properties: Mapping[str, str]) -> str:
    """One workflow command, in one line: "::error file=…,line=…,title=…::message"."""
    written = ",".join(f"{name}={escape_property(value)}" for name, value in properties.items())
    return f"::{level} {written}::{escape_data(message)}"


def escape_data(text: str) -> str:
    """A message in the escapes of GitHub's runner, which undoes them."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """A property's value: its separators are escaped too."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def step_summary(text: str) -> Path | None:
    """Append Markdown to the summary of the running job, in one write; the file, or None outside of GitHub Actions."""
    name = os.environ.get(VARIABLE)
    if not name:
        return None
    path = Path(name)
    # Steps that run side by side share the file: O_APPEND and one write keep each text in one piece.
    target = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(target, (text.rstrip("\n") + "\n\n").encode("utf-8", "replace"))
    finally:
        os.close(target)
    return path
