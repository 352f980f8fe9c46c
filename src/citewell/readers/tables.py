"""Tables set in plain text: cells parted by tabs, or by runs of blanks that line up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citewell.readers.lines import RULE, Line
from citewell.types import Block, BlockKind

CELL = re.compile(r"\S+(?: \S+)*")
MOST_CELL_CHARACTERS = 60


def table_at(lines: Sequence[Line], number: int) -> int:
    """How many lines from `number` on are one table; 0 if there is none.

    A table has two rows or more with the same number of cells, two or more; a ruled line between rows belongs to it.
    """
    cells = cell_starts(lines[number])
    if len(cells) < 2:
        return 0
    count, rows = 1, 1
    for following in range(number + 1, len(lines)):
        line = lines[following]
        if line.gap or line.breaks_page:
            break
        if not RULE.fullmatch(line.text):
            if not same_columns(cells, cell_starts(line), tabs="\t" in line.text):
                break
            rows += 1
        count += 1
    while count and RULE.fullmatch(lines[number + count - 1].text):
        count -= 1
    return count if rows >= 2 else 0


def cell_starts(line: Line) -> list[int]:
    """Columns at which the cells of a line start; none if a cell is too long to be one."""
    if "\t" in line.text:
        starts = [0, *(match.end() for match in re.finditer(r"\t+", line.text))]
        return [line.indent + start for start in starts]
    cells = list(CELL.finditer(line.text))
    if any(match.end() - match.start() > MOST_CELL_CHARACTERS for match in cells):
        return []
    return [line.indent + match.start() for match in cells]


def same_columns(expected: Sequence[int], found: Sequence[int], *, tabs: bool) -> bool:
    """Whether a line has the columns of the table's first line: as many, and aligned unless tabs part them."""
    if len(expected) != len(found):
        return False
    return tabs or all(abs(a - b) <= 2 for a, b in zip(expected[1:], found[1:], strict=True))


def table_blocks(lines: Sequence[Line], page: int | None) -> list[Block]:
    """The header and the rows of one table; ruled lines are marked as boilerplate."""
    header = lines[0] if has_header(lines) else None
    lead = (header.start, header.end) if header else None
    blocks: list[Block] = []
    for line in lines:
        if line is header:
            blocks.append(Block(line.start, line.end, BlockKind.HEADER, page=page))
        elif RULE.fullmatch(line.text):
            blocks.append(Block(line.start, line.end, BlockKind.BOILERPLATE, page=page))
        else:
            blocks.append(Block(line.start, line.end, BlockKind.ROW, page=page, lead=lead))
    return blocks


def has_header(lines: Sequence[Line]) -> bool:
    """Whether the first line names the columns: a rule follows it, or it alone has no figures."""
    if RULE.fullmatch(lines[1].text):
        return True
    with_figures = [re.search(r"\d", line.text) is not None for line in lines]
    return not with_figures[0] and any(with_figures[1:])
