"""Fonts that draw other signs than their characters say: the letter m in the font Symbol is µ, code F0B3 is ≥."""

from __future__ import annotations

SYMBOL = dict(
    zip(
        (*range(0x20, 0x7F), *range(0xA0, 0xE6), 0xF1, 0xF2),
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?"
        "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
        "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵"
        "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
        "◊〈®©™∑〉∫",
        strict=True,
    )
)
WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA7: "▪", 0xA8: "□", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
# Fonts of signs that aren't listed here: none of their characters is what it says.
UNLISTED = ("wingdings 2", "wingdings 3", "webdings", "zapfdingbats", "zapf dingbats", "mt extra")
FONTS: dict[str, dict[int, str]] = {"symbol": SYMBOL, "wingdings": WINGDINGS} | {name: {} for name in UNLISTED}
UNKNOWN = "\ufffd"
PRIVATE = range(0xF020, 0xF100)  # where Word keeps the codes of such fonts


def drawn(text: str, font: str) -> str:
    """The characters that a text shows in a font; U+FFFD for a sign that is not known."""
    table = FONTS.get(font.strip().lower())
    if table is None:
        return "".join(UNKNOWN if ord(character) in PRIVATE else character for character in text)
    return "".join(sign(character, table) for character in text)


def sign(character: str, table: dict[int, str]) -> str:
    """What one character shows in a font of signs."""
    code = ord(character) - 0xF000 if ord(character) in PRIVATE else ord(character)
    if code > 0xFF:
        return character  # the font has no such sign: another one draws the character
    return " " if code <= 0x20 else table.get(code, UNKNOWN)
