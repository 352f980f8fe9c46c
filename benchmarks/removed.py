"""Questions whose documents were taken out of the corpus, beside others whose documents stayed.

From two public sets. MedQuAD: a fifth of its diseases, drugs and foods, with all their pages; of a quarter of them every
page is taken out ("subject"; "named" where a page on something else still names it, and may well say what was asked), of
another quarter the pages that answer the question, and others on the same subject stay ("page"). BioASQ: all
abstracts; of half of the questions those that answer them are taken out, unless they answer one that stays. Who is
what follows from digests of names, so every run makes the same sets. Half of the questions of each kind are for choosing
("dev", or "train" where the cross-encoder learns from them), the others for reporting ("held"), which the question's id tells.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.datasets import RUNS, Case, Dataset, Evidence, beir, rows_of
from citewell.types import fold

SHARE = 5  # one of so many subjects of MedQuAD
QUESTIONS = 2  # of one subject at most
TAUGHT = 5  # of so many questions for choosing the cross-encoder learns from all but one


def draw(name: str, purpose: str, sides: int) -> int:
    """A number below `sides` that depends on a name alone."""
    return int.from_bytes(hashlib.sha256(f"{purpose}:{name}".encode()).digest()[:4]) % sides


def marked(case: Case, kind: str, name: str, *, taught: bool = False) -> Case:
    """A case whose id tells its part and its kind.

    :param taught: The cross-encoder learns from the set: four fifths of what isn't held back.
    """
    part = ("dev", "held")[draw(name, "part", 2)]
    if taught and part == "dev" and draw(name, "fit", TAUGHT):
        part = "train"
    evidence = case.evidence if kind == "kept" else ()
    return replace(case, id=f"{part}:{kind}:{case.id}", answerable=kind == "kept", evidence=evidence)


def medquad() -> Dataset:
    """MedQuAD's questions (Ben Abacha & Demner-Fushman, BMC Bioinformatics 2019) on a part of its subjects."""
    whole = beir("medquad", "medquad")
    pages: defaultdict[str, set[str]] = defaultdict(set)
    texts: dict[str, int] = {}
    for row in rows_of(whole.source):
        pages[subject(row["title"])].add(row["_id"])
        texts[row["_id"]] = len(row["text"])
    homes = {page: name for name, found in pages.items() for page in found}
    asked: defaultdict[str, list[Case]] = defaultdict(list)
    for case in whole.cases:
        name = homes[next(iter(case.grades))]
        if draw(name, "taken", SHARE) == 0 and len(asked[name]) < QUESTIONS:
            asked[name].append(
                replace(case, evidence=tuple(Evidence(page, end=texts[page], start=0) for page in case.grades))
            )
    kinds, out = {}, set[str]()
    for name, found in sorted(asked.items()):
        kind = ("kept", "kept", "subject", "page")[draw(name, "kind", 4)]
        if kind == "page" and pages[name] <= {page for case in found for page in case.grades}:
            kind = "subject"
        kinds[name] = kind
        if kind != "kept":
            out |= pages[name] if kind == "subject" else {page for case in found for page in case.grades}
    kept = {page for name in asked for page in pages[name]} - out
    left = "\n".join(
        fold(f"{row['title']} {row['text']}").casefold() for row in rows_of(whole.source) if row["_id"] in kept
    )
    taken = {
        name: "named" if any(form in left for form in forms_of(name)) else kind
        for name, kind in kinds.items()
        if kind == "subject"
    }
    cases = [
        marked(case, taken.get(name, kinds[name]), name) for name, found in sorted(asked.items()) for case in found
    ]
    return Dataset("medquad-removed", tuple(cases), written("medquad-removed", whole.source, kept.__contains__))


def subject(title: str) -> str:
    """What a page is about, as two titles are compared."""
    return fold(title).casefold()


def forms_of(name: str) -> list[str]:
    """How texts may call a subject: without a plural's ending, turned round at a comma, either side of a colon or a bracket."""
    parts = [part.strip(" )") for part in re.split(r"[:(]", name)]
    turned = [" ".join(reversed(part.split(", "))) for part in parts]
    return [form.removesuffix("s") for form in dict.fromkeys([*parts, *turned]) if form]


def bioasq() -> Dataset:
    """BioASQ's golden questions (Tsatsaronis et al., BMC Bioinformatics 2015), half of them without their abstracts."""
    whole = beir("bioasq", "bioasq_7b_11b")
    stays = [case for case in whole.cases if draw(case.id, "kind", 2) == 0]
    needed = {document for case in stays for document in case.grades}
    goes = [case for case in whole.cases if draw(case.id, "kind", 2) == 1 and needed.isdisjoint(case.grades)]
    out = {document for case in goes for document in case.grades}
    cases = [marked(case, "kept", case.id, taught=True) for case in stays if case.evidence]
    cases += [marked(case, "page", case.id, taught=True) for case in goes]
    return Dataset(
        "bioasq-removed", tuple(cases), written("bioasq-removed", whole.source, lambda page: page not in out)
    )


def written(name: str, source: Path, wanted: Callable[[str], bool]) -> Path:
    """A part of a corpus, as a file among the runs."""
    RUNS.mkdir(parents=True, exist_ok=True)
    path = RUNS / f"{name}.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) for row in rows_of(source) if wanted(row["_id"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
