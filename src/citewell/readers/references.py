"""The source's own reference list, and whether the marks in its text can be matched to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from citewell.types import Block, BlockKind, fold

HEADING = re.compile(
    r"(?:(?:\d{1,2}|[IVX]{1,4})\.?\s+)?(?:references?|bibliography|literature cited|works cited|cited literature|sources)(?: list)?",
    re.I,
)
GROUP = re.compile(
    r"(?:clinical )?(?:guidelines?|research|(?:drug )?labels?|articles?|books?|web ?sites?|studies|reviews?|primary"
    r"|secondary)"
    r"(?: (?:articles?|sources|literature|papers))?",
    re.I,
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
OWN_NUMBER = re.compile(r"[\[(]?(\d{1,3})[\]).](?=\s)|\[(\d{1,3})\]")
NUMBERS = r"\d{1,3}(?:\s?[,–-]\s?\d{1,3})*"
BRACKETED = re.compile(rf"\[({NUMBERS})\](?!\()")
# Marks without brackets: after a word and a blank, before the full stop or at the end of the block.
BARE = re.compile(r"(?<=[^\W\d_]|[)%”\"])[ ](?P<marks>\d{1,2}(?:,? \d{1,2})*)(?P<close>\.(?=\s|$)|$)")
BARE_LIST = re.compile(r"\d{1,2}, \d{1,2}")
NOT_BEFORE_A_MARK = frozenset(
    "type types phase phases grade grades stage stages week weeks day days month months year years hour hours class level "
    "levels score table tables figure figures section sections age aged part group groups chapter step vitamin number no "
    "version january february march april may june july august september october november december of to and or than "
    "between from at is was were by".split()
)
LONGEST_PROSE_ENTRY = 400  # characters; a longer block without a year is no entry


def mark_references(text: str, blocks: Sequence[Block], *, bare: bool) -> list[Block]:
    """Turn what stands below a "References" heading into REFERENCE entries.

    :param bare: Headings were guessed from bare lines, so that titles in the list may look like headings.
    """
    marked: list[Block] = []
    number = 0
    while number < len(blocks):
        block = blocks[number]
        marked.append(block)
        number += 1
        if block.kind is BlockKind.HEADING and HEADING.fullmatch(printed(text, block)):
            last = list_end(text, blocks, number, block.level, bare=bare)
            marked += entries(text, blocks[number:last], block.end, block.level, bare=bare)
            number = last
    return marked


def printed(text: str, block: Block) -> str:
    """A block's text on one line, without signs of mark-up."""
    return fold(text[block.start : block.end]).strip("#=* :")


def list_end(text: str, blocks: Sequence[Block], first: int, level: int, *, bare: bool) -> int:
    """Number of the block behind a reference list that starts at `first`."""
    for number in range(first, len(blocks)):
        block = blocks[number]
        if block.kind is BlockKind.BOILERPLATE:
            if not dated_soon(text, blocks, number, bare=bare):
                return number
        elif block.kind is BlockKind.HEADING and not GROUP.fullmatch(printed(text, block)):
            if not bare and block.level <= level:
                return number
            if bare and not dated_soon(text, blocks, number, bare=True):
                return number
    return len(blocks)


def dated_soon(text: str, blocks: Sequence[Block], number: int, *, bare: bool) -> bool:
    """Whether a line, or in bare text the line after it, ends like a reference, with a year."""
    nearby = blocks[number : number + (2 if bare else 1)]
    return any(
        len(printed(text, block)) <= LONGEST_PROSE_ENTRY and YEAR.search(printed(text, block)[-30:]) for block in nearby
    )


def entries(text: str, blocks: Sequence[Block], edge: int, level: int, *, bare: bool) -> list[Block]:
    """The entries of one list; a title and the line below it with journal and year are one entry."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1].end if found else edge
        if block.kind is BlockKind.HEADING and (not bare or GROUP.fullmatch(printed(text, block))):
            found.append(replace(block, level=level + 1))
        elif bare and found and completes(text, found[-1], block):
            found[-1] = replace(found[-1], end=block.end)
        else:
            sign = text[before : block.start]
            start = block.start - len(sign.lstrip()) if sign.strip() else block.start
            found.append(Block(start, block.end, BlockKind.REFERENCE, page=block.page, place=block.place))
    return found


def completes(text: str, entry: Block, block: Block) -> bool:
    """Whether a block is the rest of an unnumbered entry that has no year yet."""
    if entry.kind is not BlockKind.REFERENCE or YEAR.search(text, entry.start, entry.end):
        return False
    numbered = OWN_NUMBER.match(text, block.start, block.end) or text[entry.end : block.start].strip()
    return not numbered and YEAR.search(text, block.start, block.end) is not None


def mark_remarks(text: str, blocks: Sequence[Block]) -> tuple[str, ...]:
    """Remark on reference marks that have no entry in the document's own list."""
    cited = cited_numbers(text, blocks)
    listed = [entry_number(text, block) for block in blocks if block.kind is BlockKind.REFERENCE]
    missing = sorted(cited - set(listed))
    if not missing:
        return ()
    marks = ", ".join(map(str, missing))
    if not listed:
        return (f"The text has reference marks ({marks}), but prints no reference list.",)
    unnumbered = listed.count(None)
    if unnumbered:
        return (
            f"The text has {len(cited)} different reference marks ({marks}); its list has {unnumbered} unnumbered "
            f"{'entry' if unnumbered == 1 else 'entries'}: the marks can't be matched by number.",
        )
    return (f"The text cites {marks}; its reference list has no such number.",)


def entry_number(text: str, block: Block) -> int | None:
    """The number of a reference entry, printed in it or just before it."""
    match = OWN_NUMBER.match(text, block.start, block.end)
    return int(match.group(1) or match.group(2)) if match else None


def cited_numbers(text: str, blocks: Sequence[Block]) -> set[int]:
    """The numbers that the text's reference marks name; bare ones count only where lists of them show the habit."""
    kinds = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.LABEL, BlockKind.ROW)
    content = [text[block.start : block.end] for block in blocks if block.kind in kinds]
    bracketed = [match.group(1) for part in content for match in BRACKETED.finditer(part)]
    has_list = any(block.kind is BlockKind.REFERENCE for block in blocks)
    bare = [match["marks"] for part in content for match in BARE.finditer(part) if after_a_word(part, match)]
    if not has_list or sum(BARE_LIST.search(marks) is not None for marks in bare) < 2:
        bare = []
    return {number for marks in (*bracketed, *bare) for number in expanded(marks)}


def after_a_word(part: str, match: re.Match[str]) -> bool:
    """Whether the word before bare figures takes no figure of its own: "week 12" does, "4 weeks 1" doesn't."""
    words = part[max(0, match.start() - 40) : match.start()].split()
    if not words:
        return False
    measured = len(words) > 1 and words[-2].isdigit()
    return measured or words[-1].strip('("“').lower() not in NOT_BEFORE_A_MARK


def expanded(marks: str) -> list[int]:
    """The numbers of "3, 5-7"."""
    numbers: list[int] = []
    for part in re.split(r"[,\s]+(?![–-])", re.sub(r"\s*[–-]\s*", "-", marks)):
        first, _, last = part.partition("-")
        if first:
            numbers += range(int(first), min(int(last or first), int(first) + 50) + 1)
    return numbers
