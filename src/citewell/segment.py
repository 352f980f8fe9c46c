"""Document → units → passages, all as offsets. A unit is what may be quoted; a passage is what is searched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from citewell.settings import Segmentation
from citewell.types import Block, BlockKind, Document, Passage, SourceClass, Unit, UnitKind

# Abbreviations after which a sentence goes on, whatever comes next.
CARRIES_ON = frozenset(
    "e.g i.e eg ie vs v cf viz dr mr mrs ms prof rev fig figs tab eq eqs ref refs sect ch vol pp approx ca incl excl resp "
    "no nos st mt ft spp sp subsp var dept univ tel ext jan feb apr jun jul aug sep sept oct nov dec".split()
)
# Abbreviations that may also be a sentence's last word: only a typical opener after them starts a new one.
MAY_END = frozenset(
    "etc al inc ltd co corp jr sr u.s u.k u.n e.u d.c a.m p.m ph.d m.d b.i.d t.i.d q.i.d q.d p.o i.v i.m s.c p.r.n mo mos "
    "wk wks yr yrs hr hrs min max sec wt tbsp tsp est adv ed eds".split()
)
OPENERS = frozenset(
    "a an the this these those that it its he she they we you i our their his her in on at by for from with without after "
    "before during while when where if as although though however moreover furthermore therefore thus also no not there "
    "all both each some many most one two several other another patients people women men treatment use do does what how "
    "to because since until unless despite overall finally first second results conclusion background methods".split()
)

# A reference mark behind a full stop: [3], [note 1], 3,4 or ³,⁴.
MARK = r"(?:\s?\[(?:(?:end)?note [ivxlc\d]+|\d[\d,;\s–-]*)\])*|\d{1,3}(?:[,–-]\d{1,3})*|[⁰¹²³⁴-⁹][⁰¹²³⁴-⁹⁻,–-]*+"
BOUNDARY = re.compile(
    rf"""(?<![.!?…])(?P<stop>[.!?…]++)(?P<close>["'”’)\]»]*)(?P<mark>{MARK})(?=\s|$)"""
    r"""|(?<=[a-z]{3})(?P<glued>[.?!])(?=[A-Z][A-Za-z]+[\s,])"""
)
GENE_LIKE = re.compile(r"[a-z]+[A-Z0-9]")  # mTORC2, cDNA, p53: a sentence may open with it
WORD_BEFORE = re.compile(r"[^\s(\[\"“‘]+$")
NEXT_WORD = re.compile(r"""["'“‘(\[]*([^\W_]+)""")
# What follows these words may turn the meaning round: a clause never starts at them.
BINDING = frozenset(
    "but not no nor never cannot avoid unless except or and without excluding if when than at with only less more least most".split()
)
CLAUSE_START = re.compile(r"(?<=[^\s.!?:;,])\s+(?=[A-Z][a-z]{2,}\s+[a-z(])|(?<=:)\s+(?=[A-Z][a-z]{2,}\s)")
LEAD = re.compile(r"[^:]{0,300}:(?=\s)")
CLASS_WORDS = (
    (re.compile(r"\bguidelines?\b", re.I), SourceClass.GUIDELINE),
    (re.compile(r"\b(?:drug label|label|prescribing information|package insert)\b", re.I), SourceClass.LABEL),
    (re.compile(r"\bfrom the research\b|\bresearch (?:findings|evidence)\b", re.I), SourceClass.RESEARCH),
)
LOOK_AHEAD = 200  # characters after a full stop that tell whether it ends a sentence
TOKENS_A_WORD = 1.35  # word pieces of all-MiniLM-L6-v2 a white-space word, mean over SciFact and the drug labels


def split_units(document: Document, settings: Segmentation) -> tuple[Unit, ...]:
    """Cut the quotable blocks of a document into units: disjoint, ordered, each a slice of its text."""
    units: list[Unit] = []
    headings: list[tuple[int, str]] = []
    for number, block in enumerate(document.blocks):
        if block.kind is BlockKind.HEADING:
            headings = [heading for heading in headings if heading[0] < block.level]
            headings.append((block.level, " ".join(document.text[block.start : block.end].strip("#= \t\n").split())))
        section = tuple(heading for _, heading in headings)
        source_class = section_class(section, document.metadata.source_class)
        for start, end, kind, lead in split_block(document.text, block, settings):
            page = page_of(document, block, start)
            units.append(Unit(start, end, kind, section, source_class, page, lead, number, block.place))
    return tuple(units)


def page_of(document: Document, block: Block, start: int) -> int | None:
    """The page on which a unit starts; a form feed inside the block turns it."""
    if block.page is None:
        return None
    return block.page + document.text.count("\f", block.start, start)


def section_class(section: Sequence[str], default: SourceClass) -> SourceClass:
    """The source class that a heading names ("From the FDA Drug Label"), innermost first, else the document's."""
    for heading in reversed(section):
        for pattern, source_class in CLASS_WORDS:
            if heading.lower().startswith("from ") and pattern.search(heading):
                return source_class
    return default


def split_block(
    text: str, block: Block, settings: Segmentation
) -> Iterator[tuple[int, int, UnitKind, tuple[int, int] | None]]:
    """Yield (start, end, kind, lead) of each unit of one block; nothing for a block that is never quoted."""
    if block.kind in (BlockKind.ROW, BlockKind.LABEL):
        yield block.start, block.end, UnitKind(block.kind.value), block.lead
    elif block.kind is BlockKind.ITEM:
        whole = block.end - block.start <= settings.item_chars
        spans = [(block.start, block.end)] if whole else split_sentences(text, block.start, block.end)
        for start, end in spans:
            yield start, end, UnitKind.ITEM, block.lead
    elif block.kind is BlockKind.PARAGRAPH:
        for start, end in split_sentences(text, block.start, block.end):
            for first, last, kind, lead in split_run_on(text, start, end, settings):
                yield first, last, kind, lead or block.lead


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut text[start:end] into whole sentences; only white space is left between them."""
    cuts = [match.end() for match in BOUNDARY.finditer(text, start, end) if ends_sentence(text, start, match, end)]
    edges = [start, *cuts, end]
    return [trimmed for a, b in pairwise(edges) if (trimmed := trim(text, a, b))]


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Narrow [start, end) to its first and last visible character; None if it has none."""
    part = text[start:end]
    if not part.strip():
        return None
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Whether the punctuation at a match ends a sentence of text[start:end]."""
    following = text[match.end() : min(end, match.end() + LOOK_AHEAD)].lstrip()
    if not following:
        return match.end() + LOOK_AHEAD < end
    if match["glued"]:
        return (
            "www." not in text[max(start, match.start() - 40) : match.start()]
            and "/" not in following.split(None, 1)[0]
        )
    before = WORD_BEFORE.search(text, max(start, match.start() - 40), match.start())
    word = before.group().rstrip(".") if before else ""
    if (
        match["mark"][:1].isascii()
        and match["mark"]
        and "[" not in match["mark"]
        and not (len(word) > 1 and word.isalpha())
    ):
        return False  # "2.1 Patients" is a number, "fractures.1,2 Patients" a sentence and its marks
    if (following[0].islower() and not GENE_LIKE.match(following)) or inside_brackets(text, start, match.end(), end):
        return False
    if match["stop"] != "." or match["close"]:
        return True
    return period_ends(word, following, at_start=match.start() - start <= len(word) + 2)


def period_ends(word: str, following: str, *, at_start: bool) -> bool:
    """Whether a full stop after `word`, with `following` next, ends the sentence."""
    lower = word.lower()
    match = NEXT_WORD.match(following)
    next_word = match.group(1) if match else ""
    opener = next_word.lower() in OPENERS and next_word[:1].isupper()
    if at_start and (word.isdigit() or len(word) == 1):
        return False  # the number of a list item
    if lower in ("no", "nos"):
        return not next_word[:1].isdigit()
    if lower in CARRIES_ON:
        return False
    if lower in MAY_END or (len(word) == 1 and word.isalpha()) or re.fullmatch(r"(?:[a-z]\.)+[a-z]", lower):
        return opener
    if re.fullmatch(r"q\d+[a-z]{1,3}", lower):  # q6mo., q12h.
        return opener
    return True


def inside_brackets(text: str, start: int, position: int, end: int) -> bool:
    """Whether `position` lies in a round bracket that text[start:end] opens before and closes soon after it."""
    sentence = text[max(start, position - 300) : position]
    if sentence.count("(") <= sentence.count(")"):
        return False
    opened = sentence.rfind("(")
    return ")" not in sentence[opened:] and ")" in text[position : min(end, position + 300)]


def split_run_on(
    text: str, start: int, end: int, settings: Segmentation
) -> Iterator[tuple[int, int, UnitKind, tuple[int, int] | None]]:
    """Yield a sentence as it is, or the clauses of a long stretch that was printed without full stops."""
    if end - start <= settings.run_on_chars or text[end - 1] in '.!?…"”)]':
        cuts = []
    else:
        cuts = [
            match.end()
            for match in CLAUSE_START.finditer(text, start, end)
            if starts_clause(text, match, small_words(text))
        ]
    if len(cuts) < 2:
        kind = UnitKind.SENTENCE if end - start <= settings.sentence_chars else UnitKind.CLAUSE
        for piece in split_length(text, start, end, settings.sentence_chars):
            yield *piece, kind, None
        return
    opening = LEAD.match(text, start, cuts[0])
    lead = trim(text, start, opening.end()) if opening else None
    for a, b in pairwise([start, *cuts, end]):
        if clause := trim(text, a, b):
            yield *clause, UnitKind.CLAUSE, None if clause[0] == start else lead


@lru_cache(maxsize=2)
def small_words(text: str) -> frozenset[str]:
    """The words of a text that are written in small letters."""
    return frozenset(re.findall(r"\b[a-z]+", text))


def starts_clause(text: str, match: re.Match[str], small: frozenset[str]) -> bool:
    """Whether a capital inside a run-on opens a clause: the word is a common one, used in small letters elsewhere.

    :param small: The words of the document that are written in small letters.
    """
    found = re.compile(r"[A-Z][a-z]+").match(text, match.end())
    if not found or found.group().lower() in BINDING:
        return False
    previous = WORD_BEFORE.search(text, max(0, match.start() - 40), match.start())
    if previous and previous.group().lower() in BINDING:
        return False
    return found.group().lower() in small or text[match.start() - 1] == ":"


def split_length(text: str, start: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch of more than `most` characters at line ends, else blanks, never before a binding word."""
    while end - start > most:
        cut = last_safe_cut(text, start, start + most)
        if cut is None:
            break
        if piece := trim(text, start, cut):
            yield piece
        start = cut
    if piece := trim(text, start, end):
        yield piece


def last_safe_cut(text: str, start: int, limit: int) -> int | None:
    """The last line end, else blank, in (start, limit) with no binding word before or after it."""
    for pattern in (r"\n", r"[;]\s", r"\s"):
        for match in reversed(list(re.finditer(pattern, text[start:limit]))):
            following = NEXT_WORD.match(text[start + match.end() : limit + 20].lstrip())
            previous = WORD_BEFORE.search(text, max(start, start + match.start() - 40), start + match.start())
            around = {word.group(group).lower() for word, group in ((following, 1), (previous, 0)) if word}
            if match.start() > 0 and not around & BINDING:
                return start + match.end()
    return None


def count_tokens(text: str) -> int:
    """Estimate the word pieces of a text; exact counts would tie segmentation to one model."""
    return round(len(text.split()) * TOKENS_A_WORD)


def group_passages(document: Document, units: Sequence[Unit], settings: Segmentation) -> tuple[Passage, ...]:
    """Group the consecutive units of each section into passages of even size, about `passage_tokens` tokens."""
    passages: list[Passage] = []
    first = 0
    while first < len(units):
        last = first
        while last < len(units) and same_section(units[first], units[last]):
            last += 1
        sizes = [count_tokens(document.text[unit.start : unit.end]) for unit in units[first:last]]
        passages += [Passage(first + a, first + b) for a, b in even_parts(sizes, settings.passage_tokens)]
        first = last
    return tuple(passages)


def same_section(left: Unit, right: Unit) -> bool:
    """Whether two units may share a passage."""
    return left.section == right.section and left.source_class == right.source_class


def even_parts(sizes: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Cut a run of sizes into as few consecutive parts as sums of about `most` need, of about equal sums."""
    total = sum(sizes)
    goal = total / max(1, -(-total // most))
    parts: list[tuple[int, int]] = []
    first, filled = 0, 0.0
    for number, size in enumerate(sizes):
        if filled and filled + size / 2 > goal:
            parts.append((first, number))
            first, filled = number, 0.0
        filled += size
    parts.append((first, len(sizes)))
    return parts
