"""Superscripts and subscripts in plain text: 10 to the 6th never becomes 106, and a note's mark never a digit of a dose."""

from __future__ import annotations

import re

RAISED = str.maketrans(
    "0123456789+-−–=()abcdefghijklmnoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
)
LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
UNRAISED = frozenset(", *†‡§¶#®™℠©°′″/.")  # set high as they are, or plain beside raised digits
SIGNS = {"TM": "™", "SM": "℠"}
MARKS = re.compile(r"[,\s]+")
MOST_LETTERS = 2  # of a mark; a longer raised text is a phrase
ORDINALS = frozenset(("st", "nd", "rd", "th"))


def superscript(text: str, before: str) -> str:
    """A raised text after the text `before`; with a caret where it would join a number and can't be raised.

    >>> superscript("6", "10"), superscript("a", "25"), superscript("st", "1"), superscript("TM", "Examplol")
    ('⁶', 'ᵃ', 'st', '™')
    """
    plain = text.strip()
    if plain in SIGNS or plain in ORDINALS or not plain:
        return SIGNS.get(plain, text)
    raised = text.translate(RAISED)
    whole = all(now != was or was in UNRAISED or was.isspace() for now, was in zip(raised, text, strict=True))
    if whole and all(len(mark) <= MOST_LETTERS or not any(map(str.isalpha, mark)) for mark in MARKS.split(plain)):
        return raised
    return f"^{text}" if before[-1:].isdigit() else text


def subscript(text: str, before: str) -> str:
    """A lowered text after the text `before`: plain as in CO2 and B12, but lowered behind a digit.

    >>> subscript("12", "B"), subscript("2", "10")
    ('12', '₂')
    """
    if not before or not before[-1].isdigit() or not text.strip():
        return text
    lowered = text.translate(LOWERED)
    return lowered if all(now != was for now, was in zip(lowered, text, strict=True)) else f"_{text}"
