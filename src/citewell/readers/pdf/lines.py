"""Words → pieces of lines, and pieces → lines, with raised and lowered characters as such."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from citewell.readers.pdf.drawings import Rule
from citewell.readers.pdf.words import WORD_GAP, Print, Word
from citewell.readers.scripts import subscript, superscript

PIECE_GAP = 1.0  # of the font size, from which on a blank may part columns or cells
SAME_LINE = 0.3  # of the font size; baselines nearer than that are one
RAISED_BY = 0.12  # of the line's font size
SMALL = 0.86  # of the line's font size, below which what is off the baseline is a superscript or a subscript
LOWEST, HIGHEST = -0.45, 0.6  # of the font size, between which what is small stands on a line
SCRIPT_GAP = 0.2  # of the font size, between a word and what is set high or low beside it
RAISED_GAP = 0.35  # of the font size, up to which a raised mark belongs to the word before, whatever is printed between
BUCKET = 6.0  # points of height in which pieces are looked for
OVERLAP = 0.3  # of the font size by which a word may reach into the one before
MARKS = "*†‡§¶#®™"  # set high in any size
UNDERLINE = 0.3  # of the font size below the baseline, within which a rule underlines


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line with no wide gap between them: a line of a column, a cell, or a part of either.

    :param table: Number of the table that stands in its place; then it has no words.
    """

    words: tuple[Word, ...]
    left: float
    right: float
    baseline: float
    size: float
    table: int | None = None

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.baseline + 0.75 * self.size

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.baseline - 0.25 * self.size


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column: its pieces from left to right, and how most of its characters are set.

    :param edge: Right edge of the column that it stands in.
    """

    pieces: tuple[Piece, ...]
    text: str
    left: float
    right: float
    baseline: float
    print: Print
    underlined: bool
    page: int
    edge: float

    @property
    def table(self) -> int | None:
        """Number of the table that stands in place of a line."""
        return self.pieces[0].table


def pieces_of(words: Sequence[Word]) -> list[Piece]:
    """Join words that stand side by side on one baseline, scripts included."""
    found: list[list[Word]] = []
    main: list[Word] = []  # the largest word of each piece, which tells its baseline
    near: defaultdict[int, list[int]] = defaultdict(list)
    for word in sorted(words, key=lambda each: (each.left, -each.print.size)):
        number = neighbour(word, found, main, near)
        if number is None:
            number = len(found)
            found.append([])
            main.append(word)
            near[int(word.baseline // BUCKET)].append(number)
        found[number].append(word)
        if word.print.size > 1.05 * main[number].print.size:
            main[number] = word
            near[int(word.baseline // BUCKET)].append(number)
    return [piece_of(tuple(group)) for group in found]


def neighbour(
    word: Word, found: Sequence[Sequence[Word]], main: Sequence[Word], near: dict[int, list[int]]
) -> int | None:
    """Number of the piece that ends just before a word, the nearest if there are several."""
    bucket = int(word.baseline // BUCKET)
    best: int | None = None
    for number in {each for key in range(bucket - 2, bucket + 3) for each in near.get(key, ())[-40:]}:
        last = found[number][-1]
        gap = word.left - last.right
        size = max(main[number].print.size, word.print.size)
        near_by = -OVERLAP * size < gap < PIECE_GAP * min(size, 1.5 * word.print.size) and is_level(word, main[number])
        if near_by and (best is None or last.right > found[best][-1].right):
            best = number
    return best


def is_level(word: Word, main: Word) -> bool:
    """Whether a word stands on the line of another, or is set high or low on it."""
    size = max(word.print.size, main.print.size)
    rise = (word.baseline - main.baseline) * (1 if word.print.size <= main.print.size else -1)
    small = min(word.print.size, main.print.size) < SMALL * size or not word.text.strip(MARKS)
    return LOWEST * size < rise < HIGHEST * size if small else abs(rise) < SAME_LINE * size


def piece_of(words: tuple[Word, ...]) -> Piece:
    """One piece, with the baseline of its largest characters."""
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[word.print.size] += len(word.text)
    largest = max(size for size, count in sizes.items() if count >= 0.2 * sizes.total())
    baseline = next(word.baseline for word in words if word.print.size == largest)
    return Piece(words, words[0].left, max(word.right for word in words), baseline, largest)


def lines_of(pieces: Iterable[Piece], page: int, rules: Sequence[Rule] = ()) -> list[Line]:
    """The lines of one column from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: (-each.baseline, each.left)):
        for row in rows[-3:]:
            if piece.words and row[0].words and stands_in(piece, row):
                row.append(piece)
                break
        else:
            rows.append([piece])
    edge = max((piece.right for row in rows for piece in row), default=0.0)
    lines = [line_of(sorted(row, key=lambda each: each.left), page, edge, rules) for row in rows]
    return sorted(lines, key=lambda line: -line.baseline)


def stands_in(piece: Piece, row: Sequence[Piece]) -> bool:
    """Whether a piece belongs to a row of pieces, and to no place that is taken."""
    first = max(row, key=lambda each: each.size)
    size, smaller = max(piece.size, first.size), min(piece.size, first.size)
    rise = (piece.baseline - first.baseline) * (1 if piece.size <= first.size else -1)
    small = smaller < SMALL * size
    level = abs(rise) < SAME_LINE * size or (small and LOWEST * size < rise < HIGHEST * size)
    inside = row[0].left < piece.left < max(each.right for each in row) + size
    if small and piece.size < size and piece.right - piece.left < size and inside:
        return level  # an index may stand below an exponent
    return level and all(piece.left >= each.right - 1 or piece.right <= each.left + 1 for each in row)


def line_of(row: Sequence[Piece], page: int, edge: float, rules: Sequence[Rule]) -> Line:
    """One line."""
    if row[0].table is not None:
        table = row[0]
        look = Print(1.0, bold=False, italic=False)
        return Line(tuple(row), "", table.left, table.right, table.baseline, look, False, page, edge)
    words = sorted((word for piece in row for word in piece.words), key=lambda each: each.left)
    largest = max(row, key=lambda each: each.size)
    prints: Counter[Print] = Counter()
    for word in words:
        prints[word.print] += len(word.text)
    [(usual, _)] = prints.most_common(1)
    bold = sum(count for each, count in prints.items() if each.bold) > 0.9 * prints.total()
    italic = sum(count for each, count in prints.items() if each.italic) > 0.9 * prints.total()
    look = Print(round(max(usual.size, SMALL * largest.size), 1), bold, italic)
    left, right = row[0].left, max(piece.right for piece in row)
    text = text_of(words, largest.baseline, largest.size)
    return Line(
        tuple(row), text, left, right, largest.baseline, look, is_underlined(left, right, largest, rules), page, edge
    )


def is_underlined(left: float, right: float, piece: Piece, rules: Sequence[Rule]) -> bool:
    """Whether short rules just below the baseline underline nearly all of a line."""
    covered = 0.0
    for rule in rules:
        below = piece.baseline - rule.top
        if rule.level and -1 < below < UNDERLINE * piece.size and rule.right <= right + 3 and rule.left >= left - 3:
            covered += rule.right - rule.left
    return covered > 0.85 * (right - left)


def text_of(words: Sequence[Word], baseline: float, size: float) -> str:
    """The text of words on one line, raised and lowered ones as such."""
    text, before, level = "", None, True
    for script, group in scripts_of(words, baseline, size):
        inner = "".join(
            (" " if number and parted(group[number - 1], word) else "") + word.text for number, word in enumerate(group)
        )
        if before is None or (script == "level" and level):
            space = " " if before is not None and parted(before, group[0]) else ""
        else:
            gap = group[0].left - before.right
            space = " " if gap > SCRIPT_GAP * size or (group[0].spaced and gap > WORD_GAP * size) else ""
        if script == "raised":
            inner = superscript(inner, text)
            space = "" if before is not None and group[0].left - before.right < RAISED_GAP * size else space
        elif script == "lowered":
            inner = subscript(inner, "" if space else text)
        text += space + inner
        before, level = group[-1], script == "level"
    return text


def scripts_of(words: Sequence[Word], baseline: float, size: float) -> list[tuple[str, list[Word]]]:
    """Neighbouring words that are all raised, all lowered or neither."""
    groups: list[tuple[str, list[Word]]] = []
    for word in words:
        small, rise = word.print.size < SMALL * size, word.baseline - baseline
        script = "level"
        if small and abs(rise) > 0.04 * size:
            script = "raised" if rise > RAISED_BY * size else "lowered" if rise < 0 else "level"
        elif rise > 0.25 * size:
            script = "raised"
        if groups and groups[-1][0] == script:
            groups[-1][1].append(word)
        else:
            groups.append((script, [word]))
    return groups


def parted(before: Word, word: Word) -> bool:
    """Whether a blank parts two neighbouring words."""
    size = min(before.print.size, word.print.size)
    gap = word.left - before.right
    return (word.spaced and gap > -OVERLAP * size) or gap > WORD_GAP * size
