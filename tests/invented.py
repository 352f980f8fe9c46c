"""A small invented library of invented drugs, with the answers that it gives: what the tests of the chat share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from citewell.errors import UsageError
from citewell.types import (
    Answer,
    Audience,
    Block,
    BlockKind,
    Citation,
    Disagreement,
    Document,
    Excerpt,
    Metadata,
    Provenance,
    SourceClass,
    Unit,
    UnitKind,
    fold,
)

UNIT_KINDS = {BlockKind.ITEM: UnitKind.ITEM, BlockKind.LABEL: UnitKind.LABEL, BlockKind.ROW: UnitKind.ROW}
EXAMPLES = (
    "What is the dose of examplol?",
    "Can examplol harm the liver?",
    "Which side effects are rare?",
    "What is checked before each dose?",
)
HOSTILE = (
    "Take <script>window.harmed = 1</script> with *stars*, E* and <3, `code`, $$x$$, ${1 + 1}, {{value}}, "
    "[a link](https://example.org) & more."
)


def written(
    document_id: str, metadata: Metadata, parts: Sequence[tuple[BlockKind, int, str]]
) -> tuple[Document, tuple[Unit, ...]]:
    """A document of (kind, level, text) parts, and its units: sentences of paragraphs, other parts as a whole."""
    text, blocks, units, section = "", [], [], list[str]()
    page: int | None = None
    for kind, level, part in parts:
        if part.startswith("\f"):
            text, page = text + "\f", (page or 1) + 1
        start = len(text) + (2 if kind == BlockKind.ITEM else 0)
        text += ("• " if kind == BlockKind.ITEM else "") + part.lstrip("\f") + "\n\n"
        end = len(text) - 2
        blocks.append(Block(start, end, kind, level, page))
        if kind == BlockKind.HEADING:
            section = [*section[: level - 1], fold(part)]
        for first, last in pieces(text, start, end, kind):
            unit_kind = UNIT_KINDS.get(kind, UnitKind.SENTENCE)
            units.append(
                Unit(first, last, unit_kind, tuple(section), metadata.source_class, page, block=len(blocks) - 1)
            )
    return Document(document_id, text, metadata, tuple(blocks), f"/nowhere/{document_id}", "0" * 64), tuple(units)


def pieces(text: str, start: int, end: int, kind: BlockKind) -> list[tuple[int, int]]:
    """The ranges of a block's units."""
    if kind in (BlockKind.HEADING, BlockKind.BOILERPLATE, BlockKind.HEADER):
        return []
    if kind != BlockKind.PARAGRAPH:
        return [(start, end)]
    return [match.span() for match in re.compile(r"[^\s.](?:[^.]|\.(?=\S))*\.").finditer(text, start, end)]


HEADING, PARAGRAPH, ITEM, LABEL = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.LABEL
GUIDELINE = written(
    "guideline.md",
    Metadata("Bone health in adults: a practice guideline", SourceClass.GUIDELINE, "Example Society", "2024-05-14",
             "Example Society. Bone health in adults. 2024.", review_status="reviewed"),
    [
        (HEADING, 1, "Bone health in adults: a practice guideline"),
        (BlockKind.BOILERPLATE, 0, "Home | About us | Log in"),
        (HEADING, 2, "Treatment"),
        (PARAGRAPH, 0, "Offer treatment to adults at high risk of fracture. Examplol is given as 60 mg under the skin once every 6 months, "
                       "but only\nwhen serum calcium is in the normal range. Stopping treatment needs a plan."),
        (HEADING, 3, "Before each dose"),
        (ITEM, 1, "Measure serum calcium within two weeks of the injection"),
        (ITEM, 1, "Ask about dental work that is planned"),
        (BlockKind.HEADER, 0, "Renal function | Calcium check"),
        (BlockKind.ROW, 0, "normal | before each dose"),
        (BlockKind.ROW, 0, "severely reduced | before each dose and after 2 weeks"),
    ],
)  # fmt: skip
MONOGRAPH = written(
    "monograph.txt",
    Metadata("Examplol", SourceClass.MONOGRAPH, None, "2017-12-28", "Example Monographs [Internet]. Examplol. [Updated 2017 Dec 28].",
             remarks=("The text holds the reference marks 1 to 7; its list has 2 entries without numbers.",)),
    [
        (HEADING, 1, "Examplol"),
        (HEADING, 2, "Hepatotoxicity"),
        (PARAGRAPH, 0, "Examplol has been implicated in one instance of liver injury that was responsive to treatment and likely "
                       "represented \n\n\n\nan unrelated onset of autoimmune liver disease. Significant liver injury must be very rare, if "
                       "it occurs at all."),
        (LABEL, 0, "Likelihood score: E* (unproven but suspected rare cause)."),
        (HEADING, 2, "Dose"),
        (PARAGRAPH, 0, "\fThe dose for bone metastases is 120 mg under the skin every 4 weeks. It is not adjusted for renal function."),
        (PARAGRAPH, 0, HOSTILE),
    ],
)  # fmt: skip
LABEL_TEXT = written(
    "label.html",
    Metadata("Examplol 60 mg solution for injection: product label", SourceClass.LABEL, "Example Agency", "2023-01", None),
    [
        (HEADING, 1, "Dosage and administration"),
        (PARAGRAPH, 0, "Examplol is given as 60 mg under the skin once every 6 months by a healthcare professional. "
                       "Rare side effects include osteonecrosis of the jaw and atypical femoral fractures."),
    ],
)  # fmt: skip
LONG = written(
    "long.txt",
    Metadata("A very long report", SourceClass.RESEARCH),
    [
        (HEADING, 1, "Findings"),
        *(
            (PARAGRAPH, 0, f"Paragraph number {n} says that finding {n} was seen in {n} of 1000 cases. " * 3)
            for n in range(900)
        ),
    ],
)


@dataclass(frozen=True, slots=True)
class FakeLibrary:
    """Answers by a word of the question, from documents written above."""

    sources: dict[str, tuple[Document, tuple[Unit, ...]]]
    stale: frozenset[str] = frozenset()

    def document(self, document_id: str) -> Document:
        if document_id not in self.sources:
            raise UsageError(f"expected the id of an indexed document, found {document_id!r}")
        return self.sources[document_id][0]

    def units(self, document_id: str) -> Sequence[Unit]:
        return self.sources[document_id][1]

    def documents(self) -> Sequence[tuple[str, Metadata]]:
        return [(document_id, document.metadata) for document_id, (document, _) in self.sources.items()]

    def is_current(self, document_id: str) -> bool:
        return document_id not in self.stale

    def example_questions(self, count: int) -> Sequence[str]:
        return EXAMPLES[:count]

    def as_dict(self, answer: Answer) -> dict[str, Any]:
        return asdict(answer)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        classes: Sequence[SourceClass] = (),
        documents: Sequence[str] = (),
        audience: Audience | None = None,
    ) -> Answer:
        lower = question.lower()
        if "refuse" in lower:
            raise UsageError("expected a question, found a refusal; ask something else")
        wanted = {
            "dose": [
                ("guideline.md", "Examplol is given"),
                ("monograph.txt", "The dose for"),
                ("label.html", "Examplol is given"),
            ],
            "liver": [
                ("monograph.txt", "Examplol has been"),
                ("monograph.txt", "Significant liver"),
                ("monograph.txt", "Likelihood"),
            ],
            "rare": [("label.html", "Rare side")],
            "checked": [("guideline.md", "Measure"), ("guideline.md", "severely reduced")],
            "hostile": [("monograph.txt", "Take <script>")],
            "long": [("long.txt", "Paragraph number 450 says")],
        }
        found = next((places for word, places in wanted.items() if word in lower), [])
        excerpts = [self.excerpt(number, *place) for number, place in enumerate(found, start=1)]
        excerpts = [excerpt for excerpt in excerpts if not classes or excerpt.source_class in classes]
        nearest = () if excerpts else (self.excerpt(1, "guideline.md", "Offer treatment"),)
        return self.answer(question, tuple(excerpts), nearest, history)

    def excerpt(self, number: int, document_id: str, beginning: str) -> Excerpt:
        document, units = self.sources[document_id]
        unit = next(unit for unit in units if document.text.startswith(beginning, unit.start))
        before = "Significant liver injury must be very rare." if beginning == "Likelihood" else ""
        metadata = document.metadata
        text = fold(document.text[unit.start : unit.end])
        return Excerpt(number, text, document_id, metadata.title, unit.source_class, metadata.updated, metadata.review_status,
                       unit.section, unit.page, unit.start, unit.end, 1 / number, context_before=before)  # fmt: skip

    def citation(self, excerpt: Excerpt) -> Citation:
        """The citation of an excerpt."""
        how_to_cite = self.document(excerpt.document_id).metadata.how_to_cite
        locator = f"{' › '.join(excerpt.section)} · chars {excerpt.start}-{excerpt.end}"
        return Citation(excerpt.citation, excerpt.document_id, excerpt.title, how_to_cite, f"/nowhere/{excerpt.document_id}",
                        "0" * 64, locator, excerpt.start, excerpt.end)  # fmt: skip

    def answer(
        self, question: str, excerpts: tuple[Excerpt, ...], nearest: tuple[Excerpt, ...], history: Sequence[str]
    ) -> Answer:
        about_dose = "dose" in question.lower() and len(excerpts) > 2
        if about_dose:
            excerpts = (excerpts[0], excerpts[1])
            excerpts = tuple(Excerpt(**{**asdict(e), "also": (3,)}) if e.citation == 1 else e for e in excerpts)
        cited = [*excerpts, *nearest, *([self.excerpt(3, "label.html", "Examplol is given")] if about_dose else [])]
        citations = tuple(map(self.citation, cited))
        return Answer(
            question=question,
            searched_for=searched_for(question, history),
            answered=bool(excerpts),
            confidence=0.91 if excerpts else 0.12,
            reason=None if excerpts else "The documents cover examplol, but none of them says anything on this topic.",
            excerpts=excerpts,
            disagreements=(Disagreement("dose and interval of examplol", (1, 2)),) if about_dose else (),
            nearest=nearest,
            citations=citations,
            notes=("“Zgeva” stands as printed in the source.",) if about_dose else (),
            follow_ups=("Can examplol harm the liver?", "What is checked before treatment?") if excerpts else (),
            provenance=Provenance("3f9a1c77d20b", "none", "", "5b1d9e7c2a44", "0.1.0"),
            timings_ms={"search": 6.2, "answer": 1.4},
        )


def searched_for(question: str, history: Sequence[str]) -> str:
    """A question that opens with "And" takes its subject over; any other that follows one gets another name."""
    if history and question.startswith("And "):
        return f"{question} [examplol]"
    return f"{question} [also: brand name]" if history else question


def invented_library() -> FakeLibrary:
    """Four documents; the label's file has changed since it was indexed."""
    sources = {document.id: (document, units) for document, units in (GUIDELINE, MONOGRAPH, LABEL_TEXT, LONG)}
    return FakeLibrary(sources, frozenset({LABEL_TEXT[0].id}))
