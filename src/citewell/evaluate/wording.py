"""How reports name and write things: measures in words, numbers, stages, texts cut to a length."""

from __future__ import annotations

import math

from citewell.evaluate.outcome import (
    NOT_CHOSEN,
    NOT_RETRIEVED,
    ONE_SIDED,
    STALE,
    WRONG_TEXT,
    WRONGLY_ANSWERED,
    WRONGLY_REFUSED,
    CaseResult,
)
from citewell.types import fold

MINUS = "−"
NOTHING = "–"  # stands for a number that there is none of

# The name of a measure → what it tells, in a few words.
MEANINGS = {
    "ndcg@10": "documents in the right order",
    "recall@10": "documents found",
    "rr@10": "how high the first right document stands",
    "success@1": "right document first",
    "judged@10": "of the ranking that somebody judged",
    "span_recall@10": "evidence inside the first passages",
    "right_first": "first quotation is right",
    "right_any": "any quotation is right",
    "citation_precision": "quotations that are right",
    "citation_recall": "evidence that is quoted",
    "contained": "a short answer is in the text shown",
    "token_f1": "words shared with the short answer",
    "must_contain": "every text that must be shown is",
    "evidence_f1": "words shared with the evidence",
    "rouge_l": "order of words shared with the evidence",
    "redundancy": "quotations that repeat each other",
    "compression": "text shown of the documents’ text",
    "denials_kept": "denials and contraindications kept whole",
    "both_sides": "both sides of a disagreement shown",
    "refusal_right": "rightly answered or refused",
    "nothing_forbidden": "no forbidden text shown",
    "verbatim": "quotations that stand so in their document",
    "resolved": "citations that resolve",
    "cited": "sentences shown with a citation",
    "whole": "sentences shown whole",
}
FALLING = frozenset(("redundancy", "compression", "brier", "ece", "aurc", "augrc", "risk"))  # lower is better
STAGE_MEANINGS = {
    STALE: "the quotation of the case does not stand in the document any more; review the case",
    NOT_RETRIEVED: "no passage that holds the evidence was looked at",
    NOT_CHOSEN: "the evidence was retrieved, but no quotation shows it",
    WRONGLY_REFUSED: "the evidence was retrieved, but nothing was answered",
    WRONGLY_ANSWERED: "nothing in the documents answers, yet something was quoted",
    WRONG_TEXT: "the evidence is shown, but a text is missing that must be there, or a forbidden one is there",
    ONE_SIDED: "the evidence is shown, but the sources that differ are not set side by side",
}
FAILS, PASSES, EXCUSED, SURPRISES = OUTCOMES = ("fails", "passes", "known to fail", "passes, though known to fail")


def outcome_of(result: CaseResult) -> str:
    """How a case went, with what was expected of it."""
    if result.xfail is not None:
        return SURPRISES if result.passed else EXCUSED
    return PASSES if result.passed else FAILS


def improves(metric: str, difference: float) -> bool:
    """Whether a change of a measure is for the better."""
    return difference < 0 if metric in FALLING else difference > 0


def number(value: float | None) -> str:
    """A measure: three decimals below 10, whole with thousands above; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NOTHING
    written = f"{value:,.0f}" if abs(value) >= 10 else f"{value:.3f}"
    return written.replace("-", MINUS)


def signed(value: float | None) -> str:
    """A difference, with its sign; what rounds to nothing has none."""
    written = number(value)
    return (
        f"+{written}" if value is not None and value > 0 and written.strip("0.") else written.replace("−0.000", "0.000")
    )


def interval(low: float | None, high: float | None, *, signs: bool = False) -> str:
    """A 95 % interval; empty where there is none."""
    if low is None or high is None:
        return ""
    write = signed if signs else number
    return f"[{write(low)}, {write(high)}]"


def chance(p: float | None) -> str:
    """A p-value; none is written as 0."""
    if p is None or not math.isfinite(p):
        return NOTHING
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def percent(share: float) -> str:
    """A share in per cent, with one decimal below 10 %."""
    return f"{share:.1%}".replace("%", " %") if share < 0.1 else f"{share:.0%}".replace("%", " %")


def count(amount: int, noun: str, plural: str = "") -> str:
    """An amount with its noun: "1 case", "1,000 cases"."""
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def cut(text: str, most: int) -> str:
    """A text with its white space folded and at most `most` characters, three dots at the end of a longer one."""
    folded = fold(text)
    return folded if len(folded) <= most else folded[: most - 1].rstrip() + "…"


def harm(harmful: int, asked: int, bound: float) -> str:
    """What is known of harmful answers: nought seen is not nought."""
    if not asked:
        return "No critical question without an answer was asked, so nothing is known of harmful answers."
    return (
        f"{harmful:,} harmful of {count(asked, 'critical question')} without an answer; "
        f"the true share is at most {percent(bound)} (95 % upper bound)."
    )
