"""Lines → stretches of text: paragraphs, list items and what may be headings, each of one print, over columns and pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from citewell.readers.lines import NUMBER_BULLET, ROUND_BULLET, SYMBOL_BULLET, ends_sentence
from citewell.readers.pdf.lines import Line
from citewell.readers.pdf.patterns import CAPTION
from citewell.readers.recognise import is_metadata_line

APART = 1.25  # times the usual distance of two lines, from which on they are set apart
LINE_HEIGHT = 1.25  # times the font size, where no wrapped line tells
FONT_STEP = 1.08  # ratio of two font sizes from which on they differ
OUTDENT = 4.0  # font sizes; the first line of a paragraph is set in by less
INDENT = 0.8  # of the font size
CAPITALS = 0.85  # share of letters in capitals
FULL = 0.12  # of a column's width by which a full line may fall short of its edge
SHORT = 0.3  # of a column's width that a line leaves free which ends on purpose
LONG_LINE = 24  # characters; a shorter one may be a label in a drawing
FEW_CHARACTERS = 400  # of a column, below which the page tells what its usual print is
SECTION_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-Z]\.")
FIGURES = re.compile(r"\d[\d/.-]*")
NOTE_MARK = re.compile(r"[⁰¹²³⁴-⁹ᵃ-ᶻ*†‡§¶#]")
LETTERED = re.compile(r"o\s(?=\S)")  # a bullet that a symbol font shows as a circle
DECORATION = re.compile(r"[-=_]{4,}\s*([A-Z].*?[^-=_\s])\s*[-=_]{4,}")


@dataclass(slots=True)
class Stretch:
    """Consecutive lines that belong together.

    :param sign: Length of the bullet sign of its first line; 0 where it is no list item.
    :param apart: Whether white sets it off from what stands above.
    :param ends_column: Whether text may go on from it in the next column; `starts_column`: from the one before in it.
    :param note: Whether it is set smaller, below the text of its column.
    :param table: Number of the table that stands in its place.
    """

    lines: list[Line]
    sign: int = 0
    apart: bool = True
    ends_column: bool = False
    starts_column: bool = False
    note: bool = False
    table: int | None = None
    caption: bool = False
    starts_page: bool = False
    ends_page: bool = False

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """Its last line."""
        return self.lines[-1]


def usual_steps(regions: Iterable[Sequence[Line]]) -> dict[float, float]:
    """How far the lines of a paragraph stand apart, by font size: the distance below a line that fills its column."""
    steps: defaultdict[float, list[float]] = defaultdict(list)
    for lines in regions:
        left = min((line.left for line in lines), default=0.0)
        for above, below in pairwise(lines):
            step = above.baseline - below.baseline
            full = above.right > above.edge - FULL * (above.edge - left)
            if full and same_size(above, below) and 0.5 * above.print.size < step < 3 * above.print.size:
                steps[round(above.print.size)].append(step)
    return {size: median(found) for size, found in steps.items() if len(found) > 2}


def same_size(one: Line, other: Line) -> bool:
    """Whether two lines are set in about one size; each writer of PDFs rounds differently."""
    sizes = one.print.size, other.print.size
    return max(sizes) / min(sizes) < FONT_STEP


def stretches(lines: Sequence[Line], usual: dict[float, float], body: float, *, closed: bool = False) -> list[Stretch]:
    """Cut the lines of one column into stretches.

    :param body: Font size of most of the page.
    :param closed: No sentence runs into the column or out of it.
    """
    found: list[Stretch] = []
    hanging = hangs(lines)
    base = min((line.left for line in lines), default=0.0)
    for number, line in enumerate(lines):
        if line.table is not None:
            found.append(Stretch([line], table=line.table))
            continue
        before = found[-1] if found and found[-1].table is None else None
        following = lines[number + 1] if number + 1 < len(lines) else None
        apart = before is None or (is_apart(before.last, line, usual) and not carries_on(before, line, usual))
        sign = sign_length(line, before, apart=apart)
        if before is None or sign or apart or starts_anew(before, line, following, base, hanging=hanging):
            found.append(Stretch([line], sign, apart, caption=CAPTION.match(line.text) is not None))
        else:
            before.lines.append(line)
    mark_ends(found, body)
    for stretch in found if closed else ():
        stretch.starts_column = stretch.ends_column = False
    return found


def mark_ends(found: Sequence[Stretch], body: float) -> None:
    """Mark the notes below a column's text, its first and its last stretch of running text."""
    sizes: Counter[float] = Counter()
    for stretch in found:
        for line in stretch.lines:
            sizes[round(line.print.size)] += len(line.text)
    usual = sizes.most_common(1)[0][0] if sizes.total() > FEW_CHARACTERS else body
    for stretch in reversed(found):
        if stretch.table is not None or (stretch.first.print.size > 0.93 * usual and not opens_note(stretch.first)):
            break
        stretch.note = True
    running = [stretch for stretch in found if stretch.table is None and not stretch.note and not stretch.caption]
    if running:
        running[0].starts_column = running[-1].ends_column = True


def is_apart(above: Line, line: Line, usual: dict[float, float]) -> bool:
    """Whether white parts two lines."""
    size = min(above.print.size, line.print.size)
    step = usual.get(round(size), LINE_HEIGHT * size)
    larger = max(above.print.size, line.print.size) / size
    return above.baseline - line.baseline > APART * step * min(larger, 1.5) or above.baseline < line.baseline


def carries_on(before: Stretch, line: Line, usual: dict[float, float]) -> bool:
    """Whether a sentence can only go on below some white: it breaks off, and the line opens with a small letter."""
    last, size = before.last, line.print.size
    near = 0 < last.baseline - line.baseline < 2 * usual.get(round(size), LINE_HEIGHT * size)
    long = len(last.text) >= LONG_LINE and same_size(last, line) and last.text[-1] not in ",;"
    return near and long and line.text[:1].islower() and goes_on(last) and not last.underlined and len(line.pieces) == 1


def hangs(lines: Sequence[Line]) -> bool:
    """Whether the first lines of a column's paragraphs stand out to the left, as in lists of references."""
    left = min((line.left for line in lines), default=0.0)
    hung, indented = 0, 0
    for above, below in pairwise(lines):
        if above.left < left + 2 and INDENT / 2 * below.print.size < below.left - left < 4 * below.print.size:
            hung, indented = hung + (not ends_sentence(above.text)), indented + ends_sentence(above.text)
    return hung > 2 and hung > 2 * indented


def sign_length(line: Line, before: Stretch | None, *, apart: bool) -> int:
    """Length of the bullet sign of a line and of the blanks after it; 0 if it is no list item."""
    if match := ROUND_BULLET.match(line.text):
        return match.end()
    if opens_note(line):
        return 0
    in_list = before is not None and before.sign > 0 and line.left <= before.first.left + 2
    free = (
        before is None
        or apart
        or in_list
        or changes_print(before, line)
        or ends_sentence(before.last.text)
        or before.last.text.endswith(":")
    )
    if not free:
        return 0
    match = SYMBOL_BULLET.match(line.text) or NUMBER_BULLET.match(line.text)
    words = [word for piece in line.pieces for word in piece.words][:2]
    if not match and len(words) == 2 and words[1].left - words[0].right > INDENT * line.print.size:
        match = LETTERED.match(line.text)
    return match.end() if match and match.end() < len(line.text) else 0


def starts_anew(before: Stretch, line: Line, following: Line | None, base: float, *, hanging: bool) -> bool:
    """Whether a line, near below another, opens a stretch of its own."""
    last, size = before.last, line.print.size
    if CAPTION.match(line.text) and not goes_on(last):
        return True
    if is_metadata_line(line.text, whole=True) and is_metadata_line(last.text, whole=True):
        return True
    if DECORATION.fullmatch(line.text) or DECORATION.fullmatch(last.text):
        return True
    if changes_print(before, line) or opens_entry(last, line) or opens_next_note(before, line):
        return True
    if before.sign:
        if goes_on(last) and line.text[:1].islower():
            return False
        return line.left < before.first.left - INDENT * size or ends_on_purpose(last, line, following)
    if line.left < last.left - OUTDENT * size and line.text[:1].isupper():
        return True  # below centred lines
    out = line.left <= before.first.left + 2
    if len(before.lines) > 1 and before.lines[1].left > before.first.left + INDENT / 2 * size and out:
        return True
    if hanging and line.left < base + 2 and ends_sentence(last.text):
        return True
    indented = line.left > last.left + INDENT * size
    if indented and (following is None or following.left < line.left - INDENT / 2 * size or len(before.lines) > 1):
        return ends_sentence(last.text) or ends_on_purpose(last, line, following)
    return ends_on_purpose(last, line, following)


def opens_entry(last: Line, line: Line) -> bool:
    """Whether a line opens with a section's number set apart, or follows one that ends in a column of dates or pages."""
    numbered = len(line.pieces) > 1 and SECTION_NUMBER.fullmatch(line.pieces[0].words[0].text) is not None
    dated = len(last.pieces) > 1 and FIGURES.fullmatch(last.pieces[-1].words[0].text) is not None
    return (numbered and len(line.pieces[0].words) == 1) or (dated and line.text[:1].isupper())


def opens_note(line: Line) -> bool:
    """Whether a line opens with a raised mark, as notes do."""
    word = line.pieces[0].words[0]
    return NOTE_MARK.match(line.text) is not None and word.baseline > line.baseline + 0.1 * line.print.size


def opens_next_note(before: Stretch, line: Line) -> bool:
    """Whether a line opens a note below another."""
    return opens_note(line) and (opens_note(before.first) or before.sign > 0 or ends_sentence(before.last.text))


def changes_print(before: Stretch, line: Line) -> bool:
    """Whether a line is set so differently from the one above it that it can't go on in it."""
    last = before.last
    if not same_size(last, line):
        sizes = last.print.size, line.print.size
        return not (line.text[:1].islower() and goes_on(last) and max(sizes) < 1.2 * min(sizes))
    if line.text[:1].islower() and goes_on(last) and not last.underlined:
        return False
    looks = [(each.print.bold, each.underlined, each.print.bold and capitals(each.text)) for each in (last, line)]
    if looks[0] != looks[1]:
        return not (goes_on(last) and fills(last) and not last.underlined) or line.underlined
    if last.print.italic != line.print.italic:
        return not goes_on(last) or (not fills(last) and not line.text[:1].islower())
    return False


def capitals(text: str) -> bool:
    """Whether nearly all letters are capitals; a plural may end in a small one."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 1 and sum(map(str.isupper, letters)) >= CAPITALS * len(letters)


def goes_on(line: Line) -> bool:
    """Whether a line breaks off inside a sentence."""
    return not ends_sentence(line.text) and not line.text.endswith(":")


def fills(line: Line) -> bool:
    """Whether a line reaches the edge of its column, nearly."""
    return line.right > line.edge - FULL * (line.edge - line.left) - 2 * line.print.size


def ends_on_purpose(last: Line, line: Line, following: Line | None) -> bool:
    """Whether the first word of a line would have fitted on the line above: then the break means something."""
    if is_centred(last, line) and last.print == line.print and goes_on(last):
        return False
    word = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) / max(1, len(line.text)) * len(word)
    edge = max(line.right, last.right, following.right if following and same_size(line, following) else 0.0)
    spare = edge - last.right - width - 0.3 * line.print.size
    if spare < 0.5 * line.print.size or last.text.endswith("-"):
        return False
    if ends_sentence(last.text):
        return True
    opens = line.text.lstrip("(\"'“‘[")[:1]
    return (opens.isupper() or opens.isdigit()) and spare > SHORT * (edge - last.left)


def is_centred(one: Line, other: Line) -> bool:
    """Whether two lines are centred one below the other."""
    middle = abs(one.left + one.right - other.left - other.right) / 2
    return middle < 3 and abs(one.left - other.left) > 3
