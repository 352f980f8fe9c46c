"""Whether Citewell knows what its documents don't answer: python -m benchmarks.silence [--only SET…] [--fit] [--encoder none].

Five sets of questions of which a part has no answer in the documents: MedQuAD and BioASQ with documents taken out
(benchmarks/removed.py), SQuAD 2.0's adversarial ones, made-up questions on drugs over real labels, and those on the two
seed documents. Each has parts to choose by ("dev"), to learn from ("train", of the cross-encoder too) and to report on
("held"), which share no article, subject or drug. Prints, for each, AUROC of confidence, what is answered and what is wrongly
answered at the shipped threshold; writes the reliability and risk-coverage of the held parts to docs/. --fit prints new weights for
`Settings`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks import datasets, drug_questions, removed, wrong_drug
from benchmarks.datasets import ROOT, Case, Dataset, contains, rows_of
from benchmarks.indexes import index_for, show_progress
from benchmarks.table import line
from citewell.answer.abstain import log_odds
from citewell.answer.consider import consider
from citewell.answer.verdict import Evidence, least_likelihood, likelihood, values_of
from citewell.conversation import complete
from citewell.evaluate.calibration import auroc, brier, calibration_error, coverage_at, reliability, risk_coverage
from citewell.evaluate.charts import reliability as draw_reliability
from citewell.evaluate.charts import risk_coverage as draw_risk_coverage
from citewell.index import Index
from citewell.search import check_question, find, understand
from citewell.settings import Settings
from citewell.types import Excerpt, fold

SEEDS = (1, 2)  # of the made-up questions for choosing; those that benchmarks.wrong_drug reports have another
FALSE_ANSWERS = 0.05  # of dev questions whose documents were taken out, at the shipped threshold
SIGNS = (1, 1, -1, -1, 1, -1, -1)  # of the fields of `Evidence`
SET_WEIGHTS = {"seeds": 2.0}
RIDGE = 0.3
MAY_ANSWER = ("named", "page")  # kinds of MedQuAD's questions that other pages may well answer
STEP = 3  # every third question of SQuAD
HEADS = ("Set", "Unanswerable", "With / without", "AUROC", "Answered", "First right", "Wrongly answered", "Brier", "ECE",
         "Coverage at 5 % risk")  # fmt: skip
Numbers = NDArray[np.float64]
STYLE = (
    "text{font:11px sans-serif;fill:#888}line,path,polyline{stroke:#888;fill:none}.grid{stroke-opacity:.3}"
    "circle,rect{fill:#3b7dd8}polyline{stroke:#3b7dd8;stroke-width:2}"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what speaks for its best candidate; None where no candidate is about the right subject.

    :param right: Whether the best candidate answers.
    """

    part: str
    case: Case
    evidence: Evidence | None
    confidence: float
    answered: bool
    right: bool


def squad(step: int = STEP) -> Dataset:
    """SQuAD's questions, every `step`-th, the articles in three parts."""
    whole = datasets.squad()
    homes = {row["_id"]: row["meta"]["doc"].split("-")[0] for row in rows_of(whole.source.with_name("queries.jsonl"))}
    kinds = ("dev", "held", *("train", "held") * 3)
    parts = {article: kinds[number % len(kinds)] for number, article in enumerate(sorted(set(homes.values())))}
    cases = [replace(case, id=f"{parts[homes[case.id]]}:{case.id}") for case in whole.cases[::step]]
    return replace(whole, cases=tuple(cases))


def labels() -> Dataset:
    """Made-up questions on drugs: those of one half of the drugs to learn from, all those that wrong_drug asks for reporting."""
    whole = wrong_drug.labels()
    spans = list(rows_of(whole.source.with_name("adverse_event_spans.jsonl")))
    known, codes = drug_questions.read_labels(rows_of(whole.source), spans), drug_questions.codes_of(spans)
    cases = []
    for seed in (*SEEDS, wrong_drug.SEED):
        for question in drug_questions.questions(known, codes, seed):
            part = ("train", "held")[removed.draw(question.drug, "part", 2)]
            if (part == "train") == (seed in SEEDS):
                evidence = (datasets.Evidence(question.drug, question.reaction),)
                cases.append(
                    Case(f"{part}:{question.kind}:{len(cases)}", question.text, question.kind == "present", evidence)
                )
    return replace(whole, cases=tuple(cases))


def seeds() -> Dataset:
    """The questions on the seed documents, all for choosing."""
    whole = datasets.seeds()
    return replace(whole, cases=tuple(replace(case, id=f"dev:{case.id}") for case in whole.cases))


def shows_evidence(case: Case, shown: Excerpt) -> bool:
    """Whether a quotation is the marked one."""
    return any(evidence.is_in(shown) for evidence in case.evidence)


def holds_answer(case: Case, shown: Excerpt) -> bool:
    """Whether a quotation holds the short answer."""
    return any(contains(shown.text, evidence.text) for evidence in case.evidence)


def names_reaction(case: Case, shown: Excerpt) -> bool:
    """Whether a quotation of the drug's own label names the reaction asked about."""
    [evidence] = case.evidence
    where = f"{shown.context_before} {shown.text} {' '.join(shown.section)}"
    return shown.document_id.split("#")[0] == evidence.document_id and contains(where, evidence.text)


LOADERS: dict[str, tuple[Callable[[], Dataset], Callable[[Case, Excerpt], bool]]] = {
    "seeds": (seeds, shows_evidence),
    "medquad": (removed.medquad, shows_evidence),
    "bioasq": (removed.bioasq, shows_evidence),
    "labels": (labels, names_reaction),
    "squad": (squad, holds_answer),
}


def judge_all(
    index: Index, dataset: Dataset, holds: Callable[[Case, Excerpt], bool], settings: Settings
) -> list[Judged]:
    """Judge every question as a user's would be."""
    found = []
    for done, case in enumerate(dataset.cases, start=1):
        found.append(judge(index, case, holds, settings))
        show_progress("judging", done, len(dataset.cases))
    return found


def judge(index: Index, case: Case, holds: Callable[[Case, Excerpt], bool], settings: Settings) -> Judged:
    """Judge one question."""
    query = understand(index, fold(complete(index, check_question(case.question), case.history)), settings)
    hits = find(index, query, settings, top=settings.evidence_passages)
    considered = consider(index, query, hits, None, settings)
    right = False
    if case.answerable and considered.judged:
        best = considered.judged[0].candidate
        right = holds(case, Excerpt(1, best.text, best.document.id, "", best.unit.source_class, None, None, best.unit.section, None,
                                    best.unit.start, best.unit.end, 0.0, (), best.leans_on))  # fmt: skip
    return Judged(case.id.split(":")[0], case, considered.evidence, considered.likelihood, considered.answered, right)


def fit(judged: dict[str, list[Judged]], settings: Settings, kind: str) -> Settings:
    """The settings with a verdict fitted on all but the held parts, and with one after reading on the dev parts.

    The cross-encoder knows the others. Where nothing was read, the second verdict stays as it is.
    """
    first = weights_of(judged, ("dev", "train"), lambda evidence: (*values_of(evidence), evidence.crowd), SIGNS)
    settings = replace(settings, **{f"verdict_{kind}": first[:-1]})
    crowd = crowd_of(judged["bioasq"], ("dev", "train"), lambda evidence: unread(evidence, settings, kind), settings)
    settings = replace(settings, **{f"crowd_{kind}": crowd})
    if all(each.evidence is None or each.evidence.read is None for found in judged.values() for each in found):
        return settings
    read = weights_of(
        judged, ("dev",), lambda evidence: (unread(evidence, settings, kind), evidence.read or 0.0), (1, 1)
    )
    settings = replace(settings, verdict_read=read)
    plain = [each for each in judged["medquad"] if not may_be_answered("medquad", each)]
    crowd = crowd_of(plain, ("dev",), lambda e: log_odds(likelihood(e, settings, dense=kind == "dense")), settings)
    return replace(settings, crowd_read=crowd)


def unread(evidence: Evidence, settings: Settings, kind: str) -> float:
    """Log-odds of the verdict without reading."""
    return log_odds(likelihood(replace(evidence, read=None), settings, dense=kind == "dense"))


def weights_of(
    judged: dict[str, list[Judged]],
    parts: Sequence[str],
    values_in: Callable[[Evidence], tuple[float, ...]],
    signs: Sequence[int],
) -> tuple[float, ...]:
    """The level and slopes of a logistic model, the sets and their two kinds weighing the same, the seeds twice.

    No signal may count against its meaning, so slopes have signs. Questions that the documents answer, but whose best
    candidate isn't the answer, teach nothing of either kind: they are left out of the slopes and count in the level. The crowd
    takes part in the first model, so that no other signal has to stand for the size of the set.
    """
    rows, right, taught, shares = [], [], [], []
    for name, found in judged.items():
        mine = [each for each in found if each.part in parts and each.evidence and not may_be_answered(name, each)]
        good = sum(each.right for each in mine)
        for each in mine:
            rows.append(values_in(each.evidence) if each.evidence else ())
            right.append(each.right)
            taught.append(each.right or not each.case.answerable)
            shares.append(SET_WEIGHTS.get(name, 1) * 500 / (good if each.right else len(mine) - good))
    values, answers, kept, weights = np.array(rows), np.array(right, dtype=float), np.array(taught), np.array(shares)
    spread = np.where(values.std(axis=0) < 1e-9, 1.0, values.std(axis=0))
    bounds = [(None, None), *((0, None) if sign > 0 else (None, 0) for sign in signs)]
    slopes = logistic((values / spread)[kept], answers[kept], weights[kept], RIDGE, bounds)[1:] / spread
    level, scale = logistic((values @ slopes)[:, None], answers, weights, 0.0, [(None, None), (0, None)])
    return tuple(round(float(value), 2) for value in (level, *(slopes * scale)))


def may_be_answered(name: str, each: Judged) -> bool:
    """Whether a question counts as one without an answer, and may well have one."""
    return name == "medquad" and each.case.id.split(":")[1] in MAY_ANSWER


def crowd_of(
    judged: Sequence[Judged], parts: Sequence[str], reached: Callable[[Evidence], float], settings: Settings
) -> float:
    """What the crowd adds to the log-odds needed, so that `FALSE_ANSWERS` of the questions without answer reach them."""
    silent = [each for each in judged if each.part in parts and not each.case.answerable]
    seen = [each.evidence for each in silent if each.evidence and each.evidence.crowd]
    least = log_odds(settings.answer_confidence)
    needed = sorted(((reached(each) - least) / each.crowd for each in seen), reverse=True)
    return round(needed[int(FALSE_ANSWERS * len(silent))], 2) if needed else 0.0


def logistic(
    values: Numbers, right: Numbers, weights: Numbers, ridge: float, bounds: Sequence[tuple[float | None, float | None]]
) -> Numbers:
    """The level and the slopes of a logistic model by maximum likelihood, within bounds."""

    def loss(guess: Numbers) -> tuple[float, Numbers]:
        reached = values @ guess[1:] + guess[0]
        off = weights * (1 / (1 + np.exp(-reached)) - right)
        total = (weights * (np.logaddexp(0, reached) - right * reached)).sum() + ridge * (guess[1:] ** 2).sum()
        return float(total), np.concatenate([[off.sum()], values.T @ off + 2 * ridge * guess[1:]])

    found = minimize(loss, np.zeros(values.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B")
    return np.asarray(found.x, dtype=np.float64)


def rejudged(judged: Sequence[Judged], settings: Settings, *, dense: bool) -> list[Judged]:
    """The questions with the confidence that other weights give."""
    found = []
    for each in judged:
        if each.evidence:
            sure = likelihood(each.evidence, settings, dense=dense)
            enough = sure >= least_likelihood(each.evidence, settings, dense=dense)
            found.append(replace(each, confidence=sure, answered=enough))
        else:
            found.append(each)
    return found


def table_rows(name: str, judged: Sequence[Judged]) -> Iterator[str]:
    """The lines of one set: its parts, and the kinds of questions without an answer."""
    for part in ("dev", "held"):
        mine = [each for each in judged if each.part == part]
        yes, no = [e for e in mine if e.case.answerable], [e for e in mine if not e.case.answerable]
        if not yes or not no:
            continue
        kinds = sorted({each.case.id.split(":")[1] for each in no if each.case.id.count(":") > 1})
        groups = [
            ("all", no),
            *((kind, [e for e in no if e.case.id.split(":")[1] == kind]) for kind in kinds if len(kinds) > 1),
        ]
        for kind, against in groups:
            yield cells(f"{name} {part}", kind, yes, against)


def cells(name: str, kind: str, yes: Sequence[Judged], no: Sequence[Judged]) -> str:
    """One line: how answerable questions are told from others of one kind."""
    both = [*yes, *no]
    sure, right = [each.confidence for each in both], [each.right for each in both]
    return line([
        name, kind, f"{len(yes):,} / {len(no):,}", f"{auroc([e.confidence for e in yes], [e.confidence for e in no]):.3f}",
        f"{share(e.answered for e in yes):.3f}", f"{share(e.right for e in yes if e.answered):.3f}",
        f"{share(e.answered for e in no):.3f}", f"{brier(sure, right):.3f}",
        f"{calibration_error(reliability(sure, right)):.3f}", f"{coverage_at(risk_coverage(sure, right), 0.05):.3f}",
    ])  # fmt: skip


def share(found: Iterator[bool]) -> float:
    """The share of what is true; 0 of nothing."""
    values = list(found)
    return sum(values) / len(values) if values else 0.0


def draw(name: str, judged: Sequence[Judged]) -> None:
    """Write the two plots of a set's held part."""
    held = [each for each in judged if each.part == "held"]
    sure, right = [each.confidence for each in held], [each.right for each in held]
    if not held:
        return
    for kind, drawing in (
        ("reliability", draw_reliability(reliability(sure, right))),
        ("risk", draw_risk_coverage(risk_coverage(sure, right))),
    ):
        drawn = drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
            ">", f"><style>{STYLE}</style>", 1
        )
        (ROOT / "docs" / f"silence-{name}-{kind}.svg").write_text(drawn + "\n", encoding="utf-8")


def main() -> int:
    """Judge, fit where asked to, print and draw."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", nargs="+", choices=list(LOADERS), default=list(LOADERS))
    options.add_argument("--encoder", default="default")
    options.add_argument("--fit", action="store_true")
    given = options.parse_args()
    if not datasets.SHARED.is_dir():
        print("skipped: no ../shared", file=sys.stderr)
        return 0
    settings = Settings()
    judged = {}
    for name in given.only:
        load, holds = LOADERS[name]
        dataset = load()
        judged[name] = judge_all(index_for(dataset, given.encoder), dataset, holds, settings)
    kind = "lexical" if given.encoder == "none" else "dense"
    if given.fit:
        settings = fit(judged, settings, kind)
        judged = {name: rejudged(found, settings, dense=kind == "dense") for name, found in judged.items()}
        for name in (f"verdict_{kind}", f"crowd_{kind}", "verdict_read", "crowd_read"):
            print(f"{name} = {getattr(settings, name)}")
    print(line(HEADS))
    print("|---|---|---|" + "---:|" * 7)
    for name, found in judged.items():
        print("\n".join(table_rows(name, found)))
        if given.encoder != "none":
            draw(name, found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
