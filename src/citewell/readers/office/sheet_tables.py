"""The rows of a sheet → tables with captions and headers, and lines that belong to none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from citewell.readers.draft import Draft
from citewell.readers.grid import Row, grouped
from citewell.readers.limits import LIMITS
from citewell.readers.office.long_rows import write_table

MOST_CAPTION = 200  # characters of the lines above a table that are taken for its caption
MOST_NAME = 120  # characters of a column's name


@dataclass(frozen=True, slots=True)
class Shown:
    """What one cell displays.

    :param strong: It is set apart, as headers are.
    :param sure: The text is what the cell displays; else it is the bare value.
    """

    text: str
    number: bool = False
    strong: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that has cells, by their columns; `apart` if an empty row stands above it."""

    number: int
    cells: Mapping[int, Shown]
    place: str
    apart: bool = False


@dataclass(slots=True)
class Region:
    """Rows with no empty row between them: the lines above a table, its header rows, its rows."""

    lines: list[SheetRow] = field(default_factory=list)
    headers: list[SheetRow] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)
    guessed: bool = False  # whether nothing but the figures below tells that the header is one

    def columns(self) -> list[int]:
        """The columns that the table uses, as many as a table may have."""
        return sorted({column for row in (*self.headers, *self.rows) for column in row.cells})[: LIMITS.table_columns]


class Tables:
    """Writes the rows of one sheet into a draft.

    :param wide: The last column of a cell that spans several, by row and first column.
    :param tall: The last row of a cell that spans several, by row and column.
    :param declared: Rows that the sheet itself says are headers.
    :param named: The first row names the columns by custom, as in files of plain values.
    """

    def __init__(
        self,
        draft: Draft,
        wide: Mapping[tuple[int, int], int] | None = None,
        tall: Mapping[tuple[int, int], int] | None = None,
        declared: frozenset[int] = frozenset(),
        *,
        named: bool = False,
    ) -> None:
        self.draft = draft
        self.wide = wide or {}
        self.tall = tall or {}
        self.declared = declared
        self.named = named
        self.cut = False  # whether a table has more columns than may be

    def write(self, rows: Sequence[SheetRow]) -> None:
        """Write all rows."""
        regions = self._joined([self._parted(region) for region in regions_of(rows)])
        at = 0
        while at < len(regions):
            region = regions[at]
            if (
                not region.rows
                and len(region.lines) == 1
                and at + 1 < len(regions)
                and is_title(region, regions[at + 1])
            ):
                regions[at + 1].lines.insert(0, region.lines[0])
            else:
                self._write(region)
            at += 1

    def _parted(self, rows: Sequence[SheetRow]) -> Region:
        """Tell the lines above a table, and its header rows, from its rows."""
        first = next((at for at, row in enumerate(rows) if len(row.cells) > 1), len(rows))
        region = Region(lines=list(rows[:first]))
        body = list(rows[first:])
        if not body:
            return region
        count = 1 if self._is_header(body) else 0
        while 0 < count < len(body) - 1 and self._header_goes_on(body[count - 1], body[count]):
            count += 1
        region.headers, region.rows = body[:count], body[count:]
        region.guessed = count > 0 and not self._is_set_apart(body[0], body[1:])
        return region

    def _is_header(self, rows: Sequence[SheetRow]) -> bool:
        """Whether the first of several rows names the columns."""
        first, below = rows[0], rows[1:]
        texts = [cell.text for cell in first.cells.values()]
        if (
            not below
            or not is_sure(first)
            or any(len(text) > MOST_NAME for text in texts)
            or not self._covers(first, below)
        ):
            return False
        if self._is_set_apart(first, below):
            return True
        if any(cell.number for cell in first.cells.values()) or len(set(texts)) < len(texts):
            return False
        return self.named or has_figures_below(first, below)

    def _is_set_apart(self, first: SheetRow, below: Sequence[SheetRow]) -> bool:
        """Whether a row is declared or printed as a header."""
        strong = all(cell.strong for cell in first.cells.values())
        return first.number in self.declared or (
            strong and not all(cell.strong for row in below for cell in row.cells.values())
        )

    def _covers(self, first: SheetRow, below: Sequence[SheetRow]) -> bool:
        """Whether a row has a cell over every column that most rows use, but perhaps the first."""
        used = Counter(column for row in below for column in row.cells)
        common = sorted(column for column, count in used.items() if 2 * count > len(below))
        covered = {
            each
            for column in first.cells
            for each in range(
                column, min(self.wide.get((first.number, column), column), column + LIMITS.table_columns) + 1
            )
        }
        return all(column in covered for column in common[1:])

    def _header_goes_on(self, header: SheetRow, row: SheetRow) -> bool:
        """Whether the row below a header row names columns too: a cell above spans columns, or reaches down."""
        if any(self.tall.get((header.number, column), 0) >= row.number for column in header.cells):
            return True
        spans = any(self.wide.get((header.number, column), column) > column for column in header.cells)
        return spans and not any(cell.number for cell in row.cells.values())

    def _joined(self, regions: Sequence[Region]) -> list[Region]:
        """Take a table that only an empty row parts from the one above, in the same columns, for its rows.

        If its first row may be a header of its own or a row as well, it is neither: its rows show without a header.
        """
        joined: list[Region] = []
        for region in regions:
            above = joined[-1] if joined else None
            if above and above.headers and region.rows and not region.headers and fits(region, above):
                above.rows += [*region.lines, *region.rows]
            elif (
                above
                and above.headers
                and region.headers
                and same_texts(region.headers, above.headers)
                and not region.lines
            ):
                above.rows += region.rows
            elif above and above.rows and region.guessed and not region.lines and fits(region, above):
                joined.append(Region(rows=[*region.headers, *region.rows]))
            else:
                joined.append(region)
        return joined

    def _write(self, region: Region) -> None:
        """Write one table with the lines above it."""
        short = sum(len(text_of(row)) for row in region.lines) <= MOST_CAPTION
        titled = region.rows and short and all(is_sure(row) for row in region.lines)
        for row in () if titled else region.lines:
            self._line(row)
        caption = "\n".join(text_of(row) for row in region.lines) if titled else None
        columns = region.columns()
        self.cut = self.cut or any(column > columns[-1] for row in region.rows for column in row.cells)
        sure = [row for row in region.rows if is_sure(row)]
        laid = [laid_out(row, columns, header=True) for row in region.headers] + [
            laid_out(row, columns) for row in sure
        ]
        if laid:
            told = [replace(row, apart=apart) for row, apart in zip(laid, self._apart(region, sure), strict=True)]
            write_table(self.draft, caption, grouped(told), self._names(region, columns))
        for row in region.rows:
            if not is_sure(row):
                self.draft.boilerplate(" | ".join(laid_out(row, columns).cells), place=row.place)

    def _apart(self, region: Region, rows: Sequence[SheetRow]) -> list[bool]:
        """For each header row and row whether its first cell is set apart from those of other rows."""
        first = region.columns()[0]
        keys = [row.cells[first].strong for row in rows if len(row.cells) > 1 and first in row.cells]
        usual = 2 * sum(keys) > len(keys)
        return [False] * len(region.headers) + [
            first in row.cells
            and (self.wide.get((row.number, first), first) > first or (row.cells[first].strong and not usual))
            for row in rows
        ]

    def _line(self, row: SheetRow) -> None:
        """Write a row that belongs to no table."""
        if is_sure(row):
            self.draft.paragraph(text_of(row), place=row.place)
        else:
            self.draft.boilerplate(text_of(row), place=row.place)

    def _names(self, region: Region, columns: Sequence[int]) -> tuple[str, ...]:
        """What each column is called by the header rows above it."""
        names: dict[int, list[str]] = {column: [] for column in columns}
        for row in region.headers:
            for column, cell in row.cells.items():
                last = self.wide.get((row.number, column), column)
                for each in columns:
                    if column <= each <= last and cell.text not in names[each]:
                        names[each].append(cell.text)
        return tuple(" – ".join(names[column]) for column in columns)


def regions_of(rows: Sequence[SheetRow]) -> Iterator[list[SheetRow]]:
    """Rows with no empty row between them."""
    region: list[SheetRow] = []
    for row in rows:
        if row.apart and region:
            yield region
            region = []
        region.append(row)
    if region:
        yield region


def is_sure(row: SheetRow) -> bool:
    """Whether every cell of a row has the text that it displays."""
    return all(cell.sure for cell in row.cells.values())


def has_figures_below(first: SheetRow, below: Sequence[SheetRow]) -> bool:
    """Whether a row without figures stands above a column that has them in most rows."""
    for column, cell in first.cells.items():
        texts = [row.cells[column].text for row in below if column in row.cells]
        figures = sum(re.search(r"\d", text) is not None for text in texts)
        numbers = sum(row.cells[column].number for row in below if column in row.cells)
        if 2 * (numbers if re.search(r"\d", cell.text) else figures) > len(texts):
            return True
    return False


def fits(region: Region, above: Region) -> bool:
    """Whether a table without a header stands in the columns of the one above it."""
    columns, others = region.columns(), above.columns()
    return columns[0] == others[0] and set(columns) <= set(others)


def same_texts(rows: Sequence[SheetRow], others: Sequence[SheetRow]) -> bool:
    """Whether header rows are repeated."""
    return [{column: cell.text for column, cell in row.cells.items()} for row in rows] == [
        {column: cell.text for column, cell in row.cells.items()} for row in others
    ]


def is_title(region: Region, following: Region) -> bool:
    """Whether a line by itself is the title of the table below it."""
    text = text_of(region.lines[0])
    return bool(following.rows) and len(text) <= MOST_CAPTION and not text.endswith(".")


def text_of(row: SheetRow) -> str:
    """All that a row displays."""
    return " | ".join(row.cells[column].text for column in sorted(row.cells))


def laid_out(row: SheetRow, columns: Sequence[int], *, header: bool = False) -> Row:
    """A row with a text for each column up to its last cell."""
    texts = [row.cells[column].text if column in row.cells else "" for column in columns]
    while len(texts) > 1 and not texts[-1]:
        texts.pop()
    return Row(tuple(texts), header=header, place=row.place)
