"""A page of PDFium → words with their place and print, and the ruling lines between them, all turned upright."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import pypdfium2
from pypdfium2 import raw

from citewell.readers.limits import LIMITS
from citewell.readers.pdf.drawings import Rule, drawings, turned_point

WORD_GAP = 0.15  # of the font size, from which on two characters belong to two words; set solid, they are under 0.1
SAME_BASELINE = 0.08  # of the font size
SKEWED = 3.0  # degrees off a right angle from which on a text is a watermark
BOLD_WEIGHT = 650
BOLD_NAMES = ("bold", "black", "heavy", "semibd", "demi", "-medi", "cmbx", "sfbx")
ITALIC_NAMES = ("italic", "oblique", "ital")
ITALIC_FLAG, BOLD_FLAG = 1 << 6, 1 << 18
# PDFium gives a hyphen at a line end as U+0002 or U+FFFE; glyphs without a character come as control characters.
HYPHENS = frozenset((0x02, 0xAD, 0xFFFE))
# Private characters of Adobe's and of the Symbol font, which has its own at U+F000 and on.
PRIVATE = {0xF6D9: "©", 0xF6DA: "®", 0xF6DB: "™", 0xF8E8: "®", 0xF8E9: "©", 0xF8EA: "™"} | {
    0xF000 + ord(sign): meant
    for sign, meant in zip(
        "abgdekmlpswDWS\xa3\xa5\xa7\xa8\xae\xb0\xb1\xb3\xb4\xb7\xb8\xb9\xbb\xd2\xd3\xd4\xd8\xe2\xe3\xe4\xfc",
        "αβγδεκμλπσωΔΩΣ≤∞▪▪→°±≥×•÷≠≈®©™➢®©™✓",
        strict=True,
    )
}
MOST_ACCENTS = 2_000  # of a page
MOST_APART = 200  # characters drawn between a letter and its accent
ACCENTS = dict(
    zip(
        "`´¨ˆ˜˝¸ˇ˚¯˘˙˛^~",
        "\u0300\u0301\u0308\u0302\u0303\u030b\u0327\u030c\u030a\u0304\u0306\u0307\u0328\u0302\u0303",
        strict=True,
    )
)
LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


@dataclass(frozen=True, slots=True)
class Print:
    """How characters are set: size in points, weight, slant."""

    size: float
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class Word:
    """Characters set side by side in one font. Points, from the lower left corner of the upright page.

    :param spaced: Whether a blank is printed before it.
    """

    text: str
    left: float
    right: float
    baseline: float
    print: Print
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What is printed on a page.

    :param turned: Texts that run in another direction than the rest.
    :param pictures: Whether it shows pictures.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    turned: tuple[str, ...]
    rules: tuple[Rule, ...]
    pictures: bool


@dataclass(frozen=True, slots=True)
class Character:
    """One visible character where PDFium has it, its text turned by `quarter` right angles; None where it is skewed."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    print: Print
    quarter: int | None
    spaced: bool


def read_page(page: pypdfium2.PdfPage, number: int) -> Page:
    """Read what is printed on a page."""
    box = page.get_bbox()
    characters = [each for each in visible_characters(page) if is_inside(each, box)]
    directions = Counter(each.quarter for each in characters if each.quarter is not None)
    quarter = directions.most_common(1)[0][0] if directions else 0
    straight = with_accents([each for each in characters if each.quarter == quarter])
    if quarter or box[0] or box[1]:
        straight = [turned(each, quarter, box) for each in straight]
    others = [each for each in characters if each.quarter != quarter]
    rules, pictures = drawings(page, quarter, box)
    width, height = box[2] - box[0], box[3] - box[1]
    if quarter % 2:
        width, height = height, width
    return Page(number, width, height, tuple(words_of(straight)), tuple(turned_texts(others)), rules, pictures)


def is_inside(character: Character, box: tuple[float, float, float, float]) -> bool:
    """Whether the middle of a character lies on the page."""
    x, y = (character.left + character.right) / 2, (character.bottom + character.top) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def visible_characters(page: pypdfium2.PdfPage) -> Iterator[Character]:
    """The characters of a page in the order in which they are drawn; blanks only as marks on what follows them."""
    textpage = page.get_textpage()
    try:
        fonts = Fonts(textpage)
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        spaced = True
        for index in range(min(textpage.count_chars(), LIMITS.pdf_page_characters)):
            text = printed(raw.FPDFText_GetUnicode(textpage, index))
            if not text:
                spaced = True
                continue
            raw.FPDFText_GetLooseCharBox(textpage, index, box)
            raw.FPDFText_GetCharOrigin(textpage, index, x, y)
            look, quarter = fonts.of(index)
            sides = (box.left, box.bottom, box.right, box.top)
            if all(map(math.isfinite, (*sides, x.value, y.value))):
                yield Character(text, *sides, x.value, y.value, look, quarter, spaced)
            spaced = False
    finally:
        textpage.close()


@lru_cache(maxsize=4096)
def printed(code: int) -> str:
    """The character or the letters of a ligature for a code of PDFium's; empty for blanks and what shows nothing."""
    if code in HYPHENS:
        return "-"
    text = PRIVATE.get(code) or (chr(code) if 0 < code < 0x110000 else " ")
    blank = text.isspace() or unicodedata.category(text) in ("Cc", "Cf", "Cs", "Cn", "Zs")
    return "" if blank else LIGATURES.get(text, text)


class Fonts:
    """The fonts of a page's text, looked up once for each object that draws text."""

    def __init__(self, textpage: pypdfium2.PdfTextPage) -> None:
        self.textpage = textpage
        self.found: dict[int, tuple[Print, int | None]] = {}

    def of(self, index: int) -> tuple[Print, int | None]:
        """How a character is set, and by how many right angles it is turned."""
        drawn = raw.FPDFText_GetTextObject(self.textpage, index)
        address = ctypes.cast(drawn, ctypes.c_void_p).value or 0
        if not address:
            return self.look(index, None)
        if address not in self.found:
            self.found[address] = self.look(index, drawn)
        return self.found[address]

    def look(self, index: int, drawn: object) -> tuple[Print, int | None]:
        """Ask PDFium."""
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.textpage, index, matrix)
        size = raw.FPDFText_GetFontSize(self.textpage, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
        degrees = math.degrees(math.atan2(matrix.b, matrix.a))
        quarter: int | None = round(degrees / 90) % 4
        if abs(degrees - 90 * round(degrees / 90)) > SKEWED:
            quarter = None
        name, flags, weight = "", 0, 0
        if drawn is not None:
            font = raw.FPDFTextObj_GetFont(drawn)
            buffer = ctypes.create_string_buffer(128)
            raw.FPDFFont_GetBaseFontName(font, buffer, 128)
            name = buffer.value.decode("latin-1").lower().rpartition("+")[2]
            flags, weight = raw.FPDFFont_GetFlags(font), raw.FPDFFont_GetWeight(font)
        styled = "-" in name or "," in name  # then the name tells; PDFium guesses the weight from the width of stems
        named = any(part in name for part in BOLD_NAMES)
        bold = named or bool(flags & BOLD_FLAG) or (weight >= BOLD_WEIGHT and not styled)
        italic = bool(flags & ITALIC_FLAG) or any(part in name for part in ITALIC_NAMES)
        return Print(max(0.5, abs(size)), bold, italic), quarter


def turned(character: Character, quarter: int, box: tuple[float, float, float, float]) -> Character:
    """A character on the upright page."""
    one = turned_point(character.left, character.bottom, quarter, box)
    other = turned_point(character.right, character.top, quarter, box)
    x, y = turned_point(character.x, character.y, quarter, box)
    left, right, bottom, top = *sorted((one[0], other[0])), *sorted((one[1], other[1]))
    return replace(character, left=left, bottom=bottom, right=right, top=top, x=x, y=y, quarter=0)


def words_of(characters: list[Character]) -> list[Word]:
    """Join characters drawn one after the other, side by side, in one print."""
    words: list[Word] = []
    run: list[Character] = []
    for character in characters:
        if run and not follows(run[-1], character):
            words.append(word_of(run))
            run = []
        run.append(character)
    if run:
        words.append(word_of(run))
    return list(dict.fromkeys(words))  # some programs print bold by drawing twice


def follows(before: Character, character: Character) -> bool:
    """Whether a character goes on in the word of the one before."""
    size = before.print.size
    return (
        not character.spaced
        and character.print == before.print
        and abs(character.y - before.y) <= SAME_BASELINE * size
        and (character.x == before.x or -0.5 * size < character.left - before.right < WORD_GAP * size)
    )


def with_accents(characters: list[Character]) -> list[Character]:
    """Put accents that are drawn by themselves on the letters that they stand over, as TeX draws them."""
    accents = [number for number, each in enumerate(characters) if each.text in ACCENTS][:MOST_ACCENTS]
    if not accents:
        return characters
    found: list[Character | None] = list(characters)
    for number in accents:
        accent = characters[number]
        near = (
            *range(number + 1, min(number + 3, len(characters))),
            *range(number - 1, max(-1, number - MOST_APART), -1),
        )
        for place in near:
            letter = found[place]
            if letter and letter.text.isalpha() and stands_over(accent, letter):
                text = unicodedata.normalize("NFC", letter.text.replace("ı", "i") + ACCENTS[accent.text])
                found[place] = replace(
                    letter, text=text, spaced=letter.spaced or (place == number + 1 and accent.spaced)
                )
                found[number] = None
                break
    return [each for each in found if each]


def stands_over(accent: Character, letter: Character) -> bool:
    """Whether the middle of an accent lies within the width of a letter, on about its line."""
    return (
        letter.left < (accent.left + accent.right) / 2 < letter.right and abs(accent.y - letter.y) < letter.print.size
    )


def word_of(run: list[Character]) -> Word:
    """One word."""
    text = unicodedata.normalize("NFC", "".join(character.text for character in run))
    left, right = min(each.left for each in run), max(each.right for each in run)
    return Word(text, round(left, 2), round(right, 2), round(run[0].y, 2), run[0].print, run[0].spaced)


def turned_texts(characters: list[Character]) -> list[str]:
    """What is printed in other directions, in the order in which it is drawn."""
    texts: list[str] = []
    before: Character | None = None
    for character in characters:
        near = before is not None and character.quarter == before.quarter
        if before is not None and near:
            near = math.hypot(character.x - before.x, character.y - before.y) < 3 * before.print.size
        texts = [*texts[:-1], texts[-1] + " " * character.spaced + character.text] if near else [*texts, character.text]
        before = character
    return texts
