"""Measure how good the answers are: python -m benchmarks.quality [--only SET…] [--limit N] [--json OUT]."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks.datasets import LOADERS, NEEDS_SHARED, RUNS, SHARED, Case, Dataset, contains, limited, rows_of
from benchmarks.indexes import documents_of, index_for, show_progress
from benchmarks.table import Row, mean, share, table
from citewell.conversation import ask
from citewell.evaluate.calibration import auroc
from citewell.evaluate.ranking import ndcg, recall, success
from citewell.index import Index
from citewell.lexicon import analyse
from citewell.search import rank_documents
from citewell.segment import split_units
from citewell.settings import Segmentation, Settings
from citewell.types import Answer, Excerpt

DEPTH = 100  # documents of a ranking that is measured
NO_SHARED = "skipped: no ../shared"
Measure = Callable[[Sequence[str], Mapping[str, int]], float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer."""

    case: Case
    answer: Answer

    @property
    def first(self) -> list[Excerpt]:
        """The first excerpt of an answer that was given."""
        return list(self.answer.excerpts[:1])

    @property
    def first_or_nearest(self) -> list[Excerpt]:
        """The same; where the answer is silence, the first of what was found nearest."""
        return list((*self.answer.excerpts, *self.answer.nearest)[:1])


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question with the documents that Citewell, BM25 alone and passage vectors alone put first."""

    case: Case
    ours: list[str]
    bm25: list[str] | None
    vectors: list[str] | None


def answer_all(index: Index, cases: Sequence[Case]) -> list[Asked]:
    """Ask every question as a user would."""
    found = []
    for done, case in enumerate(cases, start=1):
        found.append(Asked(case, ask(index, case.question, history=case.history)))
        show_progress("answering", done, len(cases))
    return found


def holds_evidence(case: Case, excerpt: Excerpt) -> bool:
    """Whether an excerpt shows some of the evidence."""
    return any(evidence.is_in(excerpt) for evidence in case.evidence)


def holds_answer(case: Case, excerpt: Excerpt) -> bool:
    """Whether an excerpt says one of the short answers, wherever it stands."""
    return any(contains(excerpt.text, evidence.text) for evidence in case.evidence)


def share_of(name: str, measure: str, asked: Sequence[Asked], right: Callable[[Asked], bool]) -> Row:
    """The share of questions that went right."""
    return share(name, measure, asked, right, lambda each: each.case.id)


def quotation_rows(
    name: str, asked: Sequence[Asked], holds: Callable[[Case, Excerpt], bool], what: str
) -> tuple[Row, Row, Row]:
    """How often the right quotation is shown, where there is one."""

    def shows(case: Case, excerpts: Iterable[Excerpt]) -> bool:
        return any(holds(case, excerpt) for excerpt in excerpts)

    answerable = [each for each in asked if each.case.answerable]
    part = partial(share_of, name)
    return (
        part(f"first excerpt {what}", answerable, lambda each: shows(each.case, each.first)),
        part(f"first excerpt or nearest {what}", answerable, lambda each: shows(each.case, each.first_or_nearest)),
        part(f"one of the excerpts {what}", answerable, lambda each: shows(each.case, each.answer.excerpts)),
    )


def silence_rows(name: str, asked: Sequence[Asked]) -> list[Row]:
    """How well what can be answered is told from what can't."""
    answerable, others = [a for a in asked if a.case.answerable], [a for a in asked if not a.case.answerable]
    rows = [share_of(name, "answered, of the answerable", answerable, lambda each: each.answer.answered)]
    if answerable and others:
        rows.append(share_of(name, "refused, of the unanswerable", others, lambda each: not each.answer.answered))
        sides = [[each.answer.confidence for each in side] for side in (answerable, others)]
        rows.append(Row(name, "AUROC of confidence, answerable or not", len(asked), auroc(*sides)))
    return rows


def rank_all(index: Index, cases: Sequence[Case]) -> list[Ranked]:
    """Rank the documents for every question, three times over the same index."""
    found = []
    for done, case in enumerate(cases, start=1):
        found.append(rank(index, case))
        show_progress("ranking", done, len(cases))
    return found


def rank(index: Index, case: Case) -> Ranked:
    """Rank the documents as Citewell does, by the question's words alone and by passage vectors alone."""
    ours = [document for document, _ in rank_documents(index, case.question, depth=DEPTH)]
    vector = index.encode(case.question)
    if vector is None or index.vectors is None:
        return Ranked(case, ours, None, None)
    scores = index.lexical.search(dict.fromkeys(analyse(case.question), 1.0), DEPTH)
    by_words = sorted(scores, key=lambda number: (-scores[number], number))
    by_vector = index.vectors.nearest(vector, DEPTH, None, Settings())
    return Ranked(case, ours, documents_in(index, by_words), documents_in(index, by_vector))


def documents_in(index: Index, passages: Sequence[int]) -> list[str]:
    """The documents of ranked passages, each where its best passage stands."""
    rows = index.passages(passages)
    return list(dict.fromkeys(rows[number].document_id for number in passages))


def side_by_side(name: str, label: str, ranked: Sequence[Ranked], measure: Measure) -> Row:
    """One measure of the three rankings."""

    def of(ranking: list[str] | None, case: Case) -> float | None:
        return None if ranking is None else measure(ranking, case.grades)

    ours = [measure(each.ours, each.case.grades) for each in ranked]
    bm25 = mean(value for each in ranked if (value := of(each.bm25, each.case)) is not None)
    vectors = mean(value for each in ranked if (value := of(each.vectors, each.case)) is not None)
    missed = tuple(each.case.id for each, value in zip(ranked, ours, strict=True) if value < 1)
    return Row(name, label, len(ranked), mean(ours), bm25, vectors, missed=missed)


def small_documents(name: str, dataset: Dataset, encoder: str) -> list[Row]:
    """Seeds and starter corpus: the right sentence, silence, disagreements."""
    asked = answer_all(index_for(dataset, encoder), dataset.cases)
    rows = [*quotation_rows(name, asked, holds_evidence, "is right"), *silence_rows(name, asked)]
    if differing := [each for each in asked if each.case.disagrees]:
        shown = partial(share_of, name, "disagreement shown with both marked sides", differing)
        rows.append(shown(shows_both_sides))
    return rows


def shows_both_sides(asked: Asked) -> bool:
    """Whether a disagreement is shown two of whose sides are right quotations."""
    right = {excerpt.citation for excerpt in asked.answer.excerpts if holds_evidence(asked.case, excerpt)}
    return any(len(right.intersection(found.citations)) > 1 for found in asked.answer.disagreements)


def scifact(name: str, dataset: Dataset, encoder: str) -> list[Row]:
    """Abstracts for claims, and where sentences begin and end."""
    ranked = rank_all(index_for(dataset, encoder), dataset.cases)
    measures = {"nDCG@10": partial(ndcg, k=10), "recall@10": partial(recall, k=10)}
    rows = [side_by_side(name, label, ranked, measure) for label, measure in measures.items()]
    return [*rows, boundaries(name, dataset)]


def boundaries(name: str, dataset: Dataset) -> Row:
    """The share of the sentences marked by SciFact's annotators that are units, to the character."""
    units = {
        (document.id, unit.start, unit.end)
        for document in documents_of(dataset.source)
        for unit in split_units(document, Segmentation())
    }
    held = {document_id for document_id, _, _ in units}
    sentences = [sentence for sentence in marked_sentences() if sentence[0] in held]
    measure = "marked sentences that are exactly one unit"
    return share(name, measure, sentences, lambda s: s in units, lambda s: f"{s[0]}:{s[1]}-{s[2]}")


def marked_sentences() -> list[tuple[str, int, int]]:
    """(document, start, end) of every rationale sentence of SciFact, white space at its ends left off."""
    found = {}
    for file in ("queries.jsonl", "train_queries.jsonl"):
        for row in rows_of(SHARED / "data" / "scifact" / file):
            for answer in row["answers"]:
                text, start = answer["text"], answer["start"]
                place = (answer["doc"], start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
                found[place] = start
    return [place for place, start in found.items() if start >= 0]


def squad(name: str, dataset: Dataset, encoder: str) -> list[Row]:
    """Paragraphs and sentences for questions, half of which nothing answers."""
    index = index_for(dataset, encoder)
    ranked = rank_all(index, dataset.cases)
    answerable = [each for each in ranked if each.case.answerable]
    asked = answer_all(index, dataset.cases)
    return [
        side_by_side(name, "paragraph Success@1", answerable, partial(success, k=1)),
        side_by_side(name, "paragraph recall@10", answerable, partial(recall, k=10)),
        side_by_side(name, "paragraph Success@1, unanswerable ones too", ranked, partial(success, k=1)),
        *quotation_rows(name, asked, holds_answer, "contains an answer"),
        quotation_rows(name, asked, holds_evidence, "covers the marked place")[0],
        *silence_rows(name, asked),
    ]


def bioasq(name: str, dataset: Dataset, encoder: str) -> list[Row]:
    """Snippets for biomedical questions."""
    asked = answer_all(index_for(dataset, encoder), dataset.cases)
    return [*quotation_rows(name, asked, holds_evidence, "overlaps a gold snippet"), *silence_rows(name, asked)]


MEASURED = {"seeds": small_documents, "corpus": small_documents, "scifact": scifact, "squad": squad, "bioasq": bioasq}


def measure(name: str, *, limit: int | None, encoder: str) -> list[Row]:
    """The rows of one set."""
    if name in NEEDS_SHARED and not SHARED.is_dir():
        return [Row(name, "", note=NO_SHARED)]
    print(f"{name}:", file=sys.stderr)
    return MEASURED[name](name, limited(LOADERS[name](), limit), encoder)


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description="Measure how good the answers are."
    )
    names = list(LOADERS)
    options.add_argument("--only", nargs="+", choices=names, default=names, metavar="SET", help=", ".join(names))
    options.add_argument(
        "--limit", type=int, metavar="N", help="at most N questions a set, and a part of its documents"
    )
    options.add_argument("--encoder", default="default", metavar="NAME", help='a model\'s name or folder, or "none"')
    options.add_argument(
        "--json", type=Path, default=RUNS / "quality.json", metavar="OUT", help="where rows are written"
    )
    return options


def write(path: Path, rows: Sequence[Row], encoder: str, limit: int | None) -> None:
    """Write the rows, with what they depend on."""
    provenance = {
        "version": version("citewell"),
        "settings": Settings().fingerprint(),
        "encoder": encoder,
        "limit": limit,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {"provenance": provenance, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Measure, print the table, write the rows after each set: a failure in the next one loses none."""
    options = parser().parse_args()
    rows: list[Row] = []
    for name in options.only:
        rows += measure(name, limit=options.limit, encoder=options.encoder)
        write(options.json, rows, options.encoder, options.limit)
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
