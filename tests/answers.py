"""Two small answers, made by hand: one with quotations, one of silence."""

from citewell.types import Answer, Citation, Excerpt, Provenance, SourceClass

LABEL = Excerpt(
    citation=1,
    text="Give 60 mg of alphamab\x1b[31m every 6 months.",
    document_id="alpha.md",
    title="Alphamab label",
    source_class=SourceClass.LABEL,
    updated=None,
    review_status="not reviewed by a clinician",
    section=("Dose",),
    page=3,
    start=10,
    end=52,
    score=0.9,
    also=(2,),
    context_before="For bones.",
)
GUIDELINE = Excerpt(
    citation=2,
    text="Alphamab is given every 4 weeks.",
    document_id="guide.md",
    title="Bone guideline",
    source_class=SourceClass.GUIDELINE,
    updated="2024-03",
    review_status=None,
    section=("Bone guideline", "Intervals"),
    page=None,
    start=5,
    end=37,
    score=0.7,
)
PROVENANCE = Provenance("0123456789abcdef", "none", "", "fedcba987654", "0.1.0")


def citation(excerpt: Excerpt) -> Citation:
    """The list entry of an excerpt."""
    place = f"{' › '.join(excerpt.section)} · chars {excerpt.start}-{excerpt.end}"
    return Citation(
        excerpt.citation, excerpt.document_id, excerpt.title, None, f"/docs/{excerpt.document_id}", "ab" * 32, place,
        excerpt.start, excerpt.end,
    )  # fmt: skip


ANSWER = Answer(
    question="How often is alphamab given?",
    searched_for="How often is alphamab given? [also: Alpha]",
    answered=True,
    confidence=0.83,
    reason=None,
    excerpts=(LABEL, GUIDELINE),
    disagreements=(),
    nearest=(),
    citations=(citation(LABEL), citation(GUIDELINE)),
    notes=("Alpha is a brand of alphamab.",),
    follow_ups=("What is said of storage?",),
    provenance=PROVENANCE,
    timings_ms={"total": 1.5},
)
REFUSAL = Answer(
    question="How often is betamab given?",
    searched_for="How often is betamab given?",
    answered=False,
    confidence=0.1,
    reason="subject not covered",
    excerpts=(),
    disagreements=(),
    nearest=(LABEL,),
    citations=(citation(LABEL),),
    notes=(),
    follow_ups=(),
    provenance=PROVENANCE,
    timings_ms={},
)
