"""The codes of number formats, cut into their tokens."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<gap>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<exponent>E[+-])|(?P<half>AM/PM|A/P)|(?P<date>y+|m+|d+|h+|s+)|(?P<digits>[0#?]+)"
    r"|(?P<sign>.)",
    re.I | re.S,
)
COLOUR = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+)", re.I)
CURRENCY = re.compile(r"\$(?P<sign>[^-]*)(?:-(?P<language>[0-9A-F]+))?", re.I)
ELAPSED = re.compile(r"h+|m+|s+", re.I)
Token = tuple[str, str]  # its kind, its text


def split_sections(code: str) -> list[list[Token]] | None:
    """The tokens of a format, by its sections for positive and negative numbers, zero and text."""
    sections: list[list[Token]] = [[]]
    for match in TOKEN.finditer(code):
        kind = match.lastgroup or "sign"
        text = match[kind]
        if kind == "sign" and text == ";":
            sections.append([])
        elif kind == "bracket" and COLOUR.fullmatch(text):
            continue
        else:
            sections[-1].append((kind, text))
    return sections if len(sections) <= 4 else None


def literal(token: Token) -> str | None:
    """What a token prints by itself; None if it stands for something that isn't known."""
    kind, text = token
    if kind in ("quoted", "escaped"):
        return text
    if kind == "gap":
        return " "
    if kind == "fill":
        return ""
    if kind == "bracket":
        match = CURRENCY.fullmatch(text)
        return match["sign"] if match else None
    if kind == "sign" and not text.isalnum() and text not in "@":
        return text
    return None
