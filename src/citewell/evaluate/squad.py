"""Suites from and for SQuAD 2.0: paragraphs with questions, answers by their first character, and impossible questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from citewell.errors import UsageError
from citewell.evaluate.cases import Case, Evidence
from citewell.evaluate.exchange import Collection, Text
from citewell.evaluate.resolve import ranges

VERSION = "v2.0"
Span = tuple[int, int]


def read_squad(path: Path) -> Collection:
    """The questions of a SQuAD 2.0 file as cases, its paragraphs as documents "Title-0", "Title-1", …

    Answers that overlap are one piece of evidence. Answers that are only plausible are left out.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"expected a file of SQuAD 2.0 at {path}, found: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"expected JSON in {path}, found: {error}.") from error
    cases: list[Case] = []
    texts: list[Text] = []
    try:
        for article in plain["data"]:
            for number, paragraph in enumerate(article["paragraphs"]):
                text = Text(f"{article['title']}-{number}", article["title"], paragraph["context"])
                texts.append(text)
                cases += [case_of(each, text) for each in paragraph["qas"]]
    except (KeyError, TypeError) as error:
        raise UsageError(
            f'expected "data", "paragraphs", "context" and "qas" as in SQuAD 2.0 in {path}, found {error!r}.'
        ) from error
    return Collection(tuple(cases), tuple(texts))


def case_of(plain: Mapping[str, Any], text: Text) -> Case:
    """One question as a case; UsageError where an answer doesn't stand where it should."""
    impossible = bool(plain.get("is_impossible", False))
    answers = [] if impossible else [(each["text"], each["answer_start"]) for each in plain["answers"]]
    for words, start in answers:
        if not words or text.text[start : start + len(words)] != words:
            raise UsageError(
                f"expected the answer {words!r} of {plain['id']!r} at character {start} of its paragraph, found other words."
            )
    spans = joined([(start, start + len(words)) for words, start in answers])
    evidence = tuple(Evidence(text.id, start=start, end=end) for start, end in spans)
    told = tuple(dict.fromkeys(words for words, _ in answers))
    return Case(
        plain["id"], plain["question"], answerable=bool(answers), evidence=evidence, answers=told, cluster=text.id
    )


def joined(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    found: list[Span] = []
    for start, end in sorted(set(spans)):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def write_squad(path: Path, collection: Collection) -> None:
    """Write cases as a SQuAD 2.0 file, each under the first document that answers it, else under its cluster's.

    An answer is a short answer where it stands in the evidence, else the evidence itself. Evidence in further documents,
    grades, histories and paraphrases have no place there; neither has a case that belongs to no document given.
    """
    asked: dict[str, list[dict[str, Any]]] = {text.id: [] for text in collection.texts}
    texts = {text.id: text for text in collection.texts}
    for case in collection.cases:
        home = case.evidence[0].doc if case.evidence else case.cluster
        if home in texts and (bool(case.evidence) or not case.answerable):
            asked[home].append(question_of(case, texts[home]))
    articles: dict[str, list[dict[str, Any]]] = {}
    for text in collection.texts:
        articles.setdefault(text.title, []).append({"context": text.text, "qas": asked[text.id]})
    data = [{"title": title, "paragraphs": paragraphs} for title, paragraphs in articles.items()]
    path.write_text(json.dumps({"version": VERSION, "data": data}, ensure_ascii=False) + "\n", encoding="utf-8")


def question_of(case: Case, text: Text) -> dict[str, Any]:
    """One case as SQuAD's question."""
    answers = [
        {"text": text.text[start:end], "answer_start": start} for start, end in dict.fromkeys(answers_of(case, text))
    ]
    if case.answerable and not answers:
        raise UsageError(
            f"expected the evidence of {case.id!r} in {text.id}, found none of it. Check the suite: citewell eval lint"
        )
    return {"id": case.id, "question": case.question, "is_impossible": not case.answerable, "answers": answers}


def answers_of(case: Case, text: Text) -> Iterator[Span]:
    """Yield where the short answers of a case stand in its evidence in one document; else the evidence."""
    pieces = [span for evidence in case.evidence if evidence.doc == text.id for span in ranges(evidence, text.text)]
    short = list(short_answers(case, text, pieces))
    yield from short or pieces


def short_answers(case: Case, text: Text, pieces: Sequence[Span]) -> Iterator[Span]:
    """Yield the first place of each short answer in each piece of evidence."""
    for answer in case.answers:
        for start, end in pieces:
            place = text.text.find(answer, start, end)
            if place >= 0:
                yield place, place + len(answer)
