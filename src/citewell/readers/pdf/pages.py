"""Pages → the text of a document and its blocks, before what every format has in common."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from citewell.errors import ReadError
from citewell.readers.limits import LIMITS
from citewell.readers.pdf.columns import regions
from citewell.readers.pdf.flow import Stretch, stretches, usual_steps
from citewell.readers.pdf.frames import frames
from citewell.readers.pdf.hyphens import vocabulary
from citewell.readers.pdf.joining import flowing
from citewell.readers.pdf.lines import Line, Piece, lines_of, pieces_of
from citewell.readers.pdf.outline import Part, parts_of
from citewell.readers.pdf.running import line_numbers, running
from citewell.readers.pdf.tables import Table, table_in
from citewell.readers.pdf.titles import title_of, title_stretch
from citewell.readers.pdf.unruled import Column, read_run, runs_in
from citewell.readers.pdf.words import Page
from citewell.readers.pdf.writing import Writer
from citewell.readers.pulse import beat
from citewell.types import Block

NEAR = 40.0  # points between a table and its caption


@dataclass(frozen=True, slots=True)
class Layout:
    """A document as laid out.

    :param title: Empty where none is found.
    :param unread_tables: Pages of tables whose rows can't be told apart.
    """

    text: str
    blocks: list[Block]
    stretches: list[Stretch]
    title: str
    unread_tables: list[int]


def laid_out(document_id: str, pages: Sequence[Page], stated: str, deadline: float) -> Layout:
    """Lay a document out: what runs through its pages, tables, columns, lines, stretches, and what each of them is.

    :param stated: The title that the file states.
    """
    numbers = [line_numbers(page.words) for page in pages]
    pieces = [
        pieces_of([word for word in page.words if word not in counted])
        for page, counted in zip(pages, numbers, strict=True)
    ]
    edges = running(pages, pieces)
    tables: list[Table] = []
    columns: list[Column] = []
    for page, edge in zip(pages, edges, strict=True):
        if time.monotonic() > deadline:
            raise ReadError(
                f"{document_id}: page {page.number} expected a PDF that is read within {LIMITS.pdf_seconds:.0f} seconds, found "
                "one that takes longer; split the PDF"
            )
        columns += columns_of(page, edge.pieces, tables)
        beat()
    printed = [column.lines for column in columns]
    usual = usual_steps(printed)
    by_page: defaultdict[int, list[list[Line]]] = defaultdict(list)
    for lines in printed:
        if lines:
            by_page[lines[0].page].append(lines)
    sizes = {number: body_size(found) for number, found in by_page.items()}
    flow = flowing(
        [
            stretches(column.lines, usual, sizes[column.lines[0].page], closed=column.closed)
            for column in columns
            if column.lines
        ]
    )
    for before, after in pairwise(flow):
        before.ends_page = after.starts_page = after.first.page > before.last.page
    title = title_stretch(flow)
    full_title = title_of(flow, title, stated) or ""
    known = vocabulary(line.text for lines in printed for line in lines)
    counted = [
        (*page.turned, *([" ".join(word.text for word in found)] if found else []))
        for page, found in zip(
            pages, ([w for w in page.words if w in n] for page, n in zip(pages, numbers, strict=True)), strict=True
        )
    ]
    writer = Writer(edges, counted, known)
    unread = write(writer, parts_of(flow, title, full_title), tables)
    text, blocks = writer.finished()
    return Layout(text, blocks, flow, full_title, unread)


def body_size(columns: Sequence[Sequence[Line]]) -> float:
    """Font size of most characters."""
    sizes: Counter[float] = Counter()
    for lines in columns:
        for line in lines:
            sizes[line.print.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def columns_of(page: Page, pieces: Sequence[Piece], tables: list[Table]) -> list[Column]:
    """The columns of a page in reading order; a table stands in them as a line without words."""
    left = list(pieces)
    found = sorted(
        frames(page.rules, left), key=lambda each: (each.left - each.right) * (each.levels[0] - each.levels[-1])
    )
    for frame in found:
        table = table_in(frame, left)
        if table is None:
            continue
        inside = [
            piece
            for piece in left
            if piece.words
            and frame.left - 9 < piece.left
            and piece.right < frame.right + 9
            and frame.levels[-1] < piece.baseline + 0.25 * piece.size < frame.levels[0]
        ]
        taken = {id(piece) for piece in inside}
        height = table.top - table.bottom
        stand_in = Piece((), table.left, table.right, table.bottom + 0.25 * height, height, len(tables))
        left = [piece for piece in left if id(piece) not in taken] + [stand_in]
        tables.append(table)
    regional = [lines_of(region, page.number, page.rules) for region in regions(left, page.rules)]
    return [column for lines in regional for column in with_runs(lines, page, tables)]


def with_runs(lines: list[Line], page: Page, tables: list[Table]) -> list[Column]:
    """A column with what stands side by side in it as tables, or as short columns of their own."""
    found: list[Column] = []
    rest: list[Line] = []
    start = 0
    for run in runs_in(lines):
        read = read_run(lines[run.first : run.last])
        rest += lines[start : run.first]
        start = run.last
        if read is None:
            rest += lines[run.first : run.last]
        elif isinstance(read, Table):
            height = read.top - read.bottom
            stand_in = Piece((), read.left, read.right, read.bottom + 0.25 * height, height, len(tables))
            tables.append(read)
            rest += lines_of([stand_in], page.number)
        else:
            found += [Column(rest)] if rest else []
            found += [Column(lines_of(pieces, page.number, page.rules), closed=True) for pieces in read if pieces]
            rest = []
    return [*found, Column([*rest, *lines[start:]])]


def write(writer: Writer, parts: Sequence[Part], tables: Sequence[Table]) -> list[int]:
    """Write all parts; the pages of the tables that could not be read."""
    captions = captions_of([part.stretch for part in parts], tables)
    taken = {id(caption) for caption in captions.values()}
    unread: list[int] = []
    for part in parts:
        stretch = part.stretch
        if id(stretch) in taken:
            continue
        if stretch.table is not None:
            table = tables[stretch.table]
            unread += [] if table.rows else [stretch.first.page]
            writer.table(table, captions.get(stretch.table), stretch.first.page)
        else:
            writer.write(part)
    return unread


def captions_of(flow: Sequence[Stretch], tables: Sequence[Table]) -> dict[int, Stretch]:
    """The caption of each table that has one: above it, or below it in a document that has none above."""
    standing = [stretch for stretch in flow if stretch.table is not None]
    for side in (above_table, below_table):
        found: dict[int, Stretch] = {}
        taken: set[int] = set()
        for stretch in standing:
            number = stretch.table or 0
            near = side(stretch, tables[number], [each for each in flow if each.caption and id(each) not in taken])
            if near:
                found[number] = near
                taken.add(id(near))
        if found:
            return found
    return {}


def above_table(stretch: Stretch, table: Table, captions: Sequence[Stretch]) -> Stretch | None:
    """The caption just above a table, or at the foot of the page before it."""
    page = stretch.first.page
    here = [each for each in captions if each.last.page == page and 0 < each.last.baseline - table.top < NEAR]
    if found := [each for each in here if each.first.left < table.right and each.first.right > table.left]:
        return min(found, key=lambda each: each.last.baseline)
    before = [each for each in captions if each.last.page == page - 1 and each.ends_page]
    return before[-1] if before and stretch.starts_page else None


def below_table(stretch: Stretch, table: Table, captions: Sequence[Stretch]) -> Stretch | None:
    """The caption just below a table."""
    page = stretch.first.page
    here = [each for each in captions if each.first.page == page and 0 < table.bottom - each.first.baseline < NEAR]
    found = [each for each in here if each.first.left < table.right and each.first.right > table.left]
    return max(found, key=lambda each: each.first.baseline, default=None)
