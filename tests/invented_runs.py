"""Two invented runs over invented documents, with their comparison: what the tests of the reports share.

Every figure follows from the case's number, so that equal calls make equal runs.
"""

from __future__ import annotations

from dataclasses import replace

from citewell.evaluate.comparison import (
    CHANGED,
    FIXED,
    NEW,
    REGRESSED,
    REMOVED,
    SAME,
    Comparison,
    Difference,
    Pair,
    Slice,
    Verdict,
)
from citewell.evaluate.figures import Bin, Figure, Summary
from citewell.evaluate.outcome import (
    NOT_CHOSEN,
    NOT_RETRIEVED,
    STAGES,
    WRONGLY_ANSWERED,
    WRONGLY_REFUSED,
    CaseResult,
    Place,
    Provenance,
    Run,
)
from citewell.types import fold

DRUGS = ("examplol", "sampletan", "fictimab", "mockazine", "placebol", "inventrix", "notadrug", "trialine")
TOPICS = (
    (
        "dose",
        "The usual dose of {d} is {n} mg once daily, taken with water.",
        "What is the usual dose of {d}?",
    ),
    (
        "renal",
        "If creatinine clearance is below 30 mL/min, do not exceed {n} mg of {d} every 24 hours.",
        "How much {d} may be given when creatinine clearance is below 30 mL/min?",
    ),
    (
        "interaction",
        "Taking {d} with grapefruit juice raised its peak concentration {n} % in twelve volunteers.",
        "Does grapefruit matter for {d}?",
    ),
    (
        "contraindication",
        "{d} is contraindicated in patients with a history of angio-oedema; {n} cases were reported.",
        "Who must not take {d}?",
    ),
    (
        "adverse",
        "Headache (≥ 1/10) and dizziness were the most frequent adverse reactions to {d}, in {n} % of patients.",
        "Which adverse reactions of {d} are most frequent?",
    ),
    (
        "storage",
        "Store {d} below {n} °C in the original package, and protect it from light.",
        "How is {d} stored?",
    ),
)
FILLER = (
    "Patients were followed for a median of 18 months. Blood pressure was measured seated, after five minutes of rest.",
    "No dose adjustment is needed in mild impairment. The effect in children has not been studied.",
    "In the extension study, 212 of 640 participants continued treatment; reasons for leaving were recorded.",
)
SCORES = (
    "ndcg@10", "recall@10", "rr@10", "success@1", "judged@10", "span_recall@10", "right_first", "right_any",
    "citation_precision", "citation_recall", "evidence_f1", "rouge_l", "redundancy", "compression", "denials_kept",
    "refusal_right", "verbatim", "resolved", "cited", "whole",
)  # fmt: skip
RIGHT_TO_LEFT = "ما هي الجرعة القصوى من examplol (500 mg) في القصور الكلوي؟"
SCRIPT = '<script>window.harmed = 1</script><img src=x onerror="window.harmed = 1">'
UGLY = (
    f"What of {SCRIPT} and &lt;b&gt; and \"quotes\" 'single' `code` | pipe @octocat #1?",
    RIGHT_TO_LEFT,
    "Does " + "hydroxy" * 30 + "amide interact?",
    "\u202eevil\u202c \ud800 \x00 text]]>\n\n# heading\n- item {{x}} $1$ <!-- comment --> https://example.org/a?b=1&c=2",
)


def documents() -> dict[str, str]:
    """One document for each drug; what the cases quote stands in it."""
    found = {}
    for place, drug in enumerate(DRUGS):
        parts = [f"{drug.title()}: prescribing information\n"]
        for number, (tag, sentence, _) in enumerate(TOPICS):
            written = sentence.format(d=drug, n=10 * (place + 1) + number)
            parts.append(f"{tag.title()}\n\n{FILLER[number % 3]} {written} {FILLER[(number + 1) % 3]}\n")
        found[f"{drug}-label"] = "\n\n".join(parts)
    found["ugly"] = f"{SCRIPT} A&B &lt;b&gt; | `x` {RIGHT_TO_LEFT} " + "tell-tale and very long text, " * 340 + " end."
    return found


def place_of(doc: str, sentence: str, grade: int = 0) -> Place:
    """Where a sentence stands in its document."""
    start = documents()[doc].index(sentence)
    return Place(doc, start, start + len(sentence), fold(sentence), grade)


def result(number: int, *, right: bool, stage: str | None = NOT_CHOSEN, severity: str = "normal") -> CaseResult:
    """A case by its number, as it is answered when all is well or when it goes wrong at a stage."""
    drug = DRUGS[number % len(DRUGS)]
    at = number // len(DRUGS) % len(TOPICS)
    tag, sentence, question = TOPICS[at]
    amount = 10 * (number % len(DRUGS) + 1)
    doc = f"{drug}-label"
    gold = place_of(doc, sentence.format(d=drug, n=amount + at), 2)
    wrong_at = (at + 1) % len(TOPICS)
    wrong = place_of(doc, TOPICS[wrong_at][1].format(d=drug, n=amount + wrong_at))
    answered = right or stage not in (WRONGLY_REFUSED, NOT_RETRIEVED)
    excerpts = ((replace(gold, grade=0), wrong) if right else (wrong,)) if answered else ()
    sure = 0.97 - (number % 23) / 40 - (0 if right else 0.3)
    good = 1.0 if right else 0.0
    graded = {
        "ndcg@10": good or 0.431,
        "rr@10": good or 0.25,
        "redundancy": 0.12,
        "compression": 0.034,
        "evidence_f1": good or 0.31,
    }
    return CaseResult(
        id=f"{drug}-{tag}-{number:04d}",
        parent=f"{drug}-{tag}-{number:04d}",
        cluster=doc,
        question=question.format(d=drug),
        history=(f"Tell me about {drug}.",) if number % 7 == 0 else (),
        answerable=True,
        severity=severity,
        tags=(tag, "table") if number % 5 == 0 else (tag,),
        source="curated",
        xfail=None,
        gold=(gold,),
        answered=answered,
        confidence=round(sure, 3),
        reason=None if answered else "no passage is sure enough",
        excerpts=excerpts,
        nearest=() if answered else (wrong,),
        disagreements=(),
        passages=(gold, wrong),
        documents=(doc, *(f"{other}-label" for other in DRUGS[:6] if other != drug)),
        scores={name: graded.get(name, good) if name not in ("verbatim", "resolved", "cited", "whole") else 1.0 for name in SCORES},
        passed=right,
        stage=None if right else stage,
        milliseconds=12.5 + number % 9,
    )  # fmt: skip


def ugly(number: int, *, right: bool) -> CaseResult:
    """A case whose every text is hostile or unwieldy."""
    whole = documents()["ugly"]
    gold = Place("ugly", 0, 120, fold(whole[:120]), 2)
    long = Place("ugly", 100, len(whole) - 2, fold(whole[100 : len(whole) - 2]))
    return replace(
        result(number, right=right),
        id=f"ugly|{number} <b>\"`@octocat`\n",
        parent=f"ugly|{number} <b>\"`@octocat`\n",
        question=UGLY[number % len(UGLY)],
        history=(SCRIPT, RIGHT_TO_LEFT),
        tags=(SCRIPT, "ugly"),
        gold=(gold,),
        excerpts=(replace(gold, grade=0), long) if right else (long,),
        nearest=(),
        documents=("ugly", SCRIPT),
        cluster=SCRIPT,
    )  # fmt: skip


def unanswerable(number: int, *, right: bool) -> CaseResult:
    """A critical question that nothing answers."""
    return replace(
        result(number, right=not right, stage=None if right else WRONGLY_ANSWERED),
        id=f"absent-{number:04d}",
        parent=f"absent-{number:04d}",
        question=f"What is the price of {DRUGS[number % len(DRUGS)]} in 1987?",
        answerable=False,
        severity="critical",
        tags=("absent",),
        gold=(),
        answered=not right,
        reason="the words “price” and “1987” stand in no document" if right else None,
        excerpts=() if right else result(number, right=True).excerpts,
        nearest=result(number, right=True).excerpts if right else (),
        scores={"refusal_right": 1.0 if right else 0.0},
        passed=right,
        stage=None if right else WRONGLY_ANSWERED,
    )


def provenance(*, code: str) -> Provenance:
    """What a run depends on."""
    return Provenance(
        corpus="7f" * 32,
        index="a1b2c3d4" * 8,
        encoder="all-MiniLM-L6-v2",
        weights="9c" * 32,
        settings=("5e" if code == "a031a67" else "d0") * 32,
        suite="3b" * 32,
        suite_path="tests/quality/suite.jsonl",
        version="0.4.0",
        code=code,
        python="3.11.7",
        libraries={"numpy": "2.3.1", "faiss-cpu": "1.12.0" if code == "a031a67" else "1.13.0", "tantivy": "0.25.0"},
        seed=20_261_124,
        threshold=0.42,
        passages=18_342,
        index_bytes=61_234_567,
    )


def kind_of(number: int) -> str:
    """What became of a case between the runs: of forty, two regressed, three were fixed, …"""
    table = {1: REGRESSED, 22: REGRESSED, 3: FIXED, 14: FIXED, 35: FIXED, 6: NEW, 7: REMOVED, 8: CHANGED, 29: CHANGED}
    return table.get(number % 40, SAME)


def pair(number: int) -> Pair:
    """One case in both runs."""
    kind = kind_of(number)
    make = unanswerable if number % 10 == 4 else result
    if kind == REGRESSED:
        stage = (NOT_CHOSEN, WRONGLY_REFUSED, NOT_RETRIEVED)[number // 2 % 3]
        severity = "critical" if number % 3 == 1 else "normal"
        return Pair(
            kind,
            result(number, right=True, severity=severity),
            result(number, right=False, stage=stage, severity=severity),
        )
    if kind == FIXED:
        return Pair(kind, make(number, right=False), make(number, right=True))
    if kind == CHANGED:
        old, first = result(number, right=True), result(number, right=True).excerpts[0]
        shorter = replace(first, end=first.end - 17, text=first.text[:-17])  # the last words are missing now
        return Pair(kind, old, replace(old, excerpts=(shorter,), confidence=0.61))
    fails = number % 40 == 17
    old = make(number, right=not fails)
    new = replace(old, xfail="the table is not read yet") if number % 80 == 17 else old
    return Pair(kind, None if kind == NEW else old, None if kind == REMOVED else new)


def comparison(cases: int = 120) -> Comparison:
    """Two runs over so many cases; four of them ugly."""
    pairs = [pair(number) for number in range(cases - 4)]
    for number in range(4):
        kind = (REGRESSED, FIXED, CHANGED, REGRESSED)[number]
        pairs.append(Pair(kind, ugly(number, right=kind != FIXED), ugly(number, right=kind != REGRESSED)))
    old = tuple(each.before for each in pairs if each.before)
    new = tuple(each.after for each in pairs if each.after)
    before = Run("2026-11-22T21:04:11Z", 41.2, provenance(code="a031a67"), old)
    after = Run("2026-11-24T06:12:45Z", 39.8, provenance(code="58a943d+"), new, ("two files could not be read",))
    return Comparison(before, after, tuple(pairs), differences(), slices(), verdict())


def verdict() -> Verdict:
    """What the gates say of these runs."""
    return Verdict(
        1,
        (
            "invariant: 2 critical cases regressed: examplol-renal-0001, sampletan-dose-0081",
            "aggregate: right_first fell by 0.048 (95 % interval −0.079 to −0.017, p = 0.004 after Holm)",
        ),
        ("ndcg@10 fell by 0.011 (95 % interval −0.027 to 0.004); this suite sees a drop of 0.031",),
    )


def differences() -> tuple[Difference, ...]:
    """Some measures in both runs."""
    return (
        Difference("ndcg@10", 380, 41, 0.812, 0.801, -0.011, -0.027, 0.004, 0.151, 0.151, 0.031, True),
        Difference("right_first", 380, 41, 0.763, 0.715, -0.048, -0.079, -0.017, 0.0013, 0.0039, 0.052, True),
        Difference("refusal_right", 420, 44, 0.921, 0.938, 0.017, -0.006, 0.039, 0.118, 0.236, 0.036, True),
        Difference("recall@10", 380, 41, 0.902, 0.905, 0.003, -0.012, 0.018, 0.71, None, 0.027, False),
        Difference("citation_precision", 380, 41, 0.688, 0.731, 0.043, 0.012, 0.074, 0.0004, None, 0.044, False),
        Difference("compression", 380, 41, 0.034, 0.029, -0.005, -0.007, -0.003, 0.0002, None, 0.004, False),
        Difference("denials_kept", 62, 30, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, None, float("inf"), False),
    )


def slices() -> tuple[Slice, ...]:
    """Two measures by tag."""
    rows = (
        ("dose", 72, 0.81, 0.74, -0.13, -0.01),
        ("renal", 41, 0.73, 0.61, -0.21, -0.03),
        ("interaction", 64, 0.77, 0.78, -0.04, 0.06),
        ("contraindication", 58, 0.79, 0.76, -0.09, 0.03),
        ("adverse", 77, 0.74, 0.80, 0.01, 0.11),
        ("storage", 68, 0.70, 0.70, -0.05, 0.05),
        (SCRIPT, 4, 0.5, 0.25, -0.75, 0.25),
    )
    first = tuple(Slice(tag, "right_first", *numbers) for tag, *numbers in rows)
    return first + tuple(Slice(tag, "ndcg@10", n, b, min(1.0, a + 0.05), lo, hi) for tag, n, b, a, lo, hi in rows)


def summary() -> Summary:
    """The newer run in figures."""
    figures = [
        Figure(each.metric, each.cases, each.after, max(0.0, each.after - 0.04), min(1.0, each.after + 0.035))
        for each in differences()
    ]
    figures += [
        Figure("auroc", 420, 0.912, 0.881, 0.94),
        Figure("brier", 420, 0.104),
        Figure("p95 milliseconds", 420, 1_234.5),
    ]
    bins = tuple(
        Bin(low / 10, (low + 1) / 10, cases, low / 10 + 0.055, right)
        for low, cases, right in (
            (3, 9, 0.44),
            (4, 21, 0.38),
            (5, 34, 0.56),
            (6, 58, 0.6),
            (7, 83, 0.71),
            (8, 117, 0.88),
            (9, 98, 0.98),
        )
    )
    curve = tuple(
        ((at + 1) / 420, round(0.004 + 0.11 * ((at + 1) / 420) ** 2.2 + (0.02 if at < 12 else 0), 4))
        for at in range(382)
    )
    stages = tuple(zip(STAGES, (1, 18, 31, 12, 4, 6, 0), strict=True))
    return Summary(420, 380, 348, tuple(figures), bins, curve, stages, 0, 57, 0.0512)
