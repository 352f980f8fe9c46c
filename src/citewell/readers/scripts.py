"""Superscripts and subscripts in plain text: 10 to the 6th never becomes 106, and a note's mark never a digit of a dose."""

from __future__ import annotations

RAISED = str.maketrans(
    "0123456789+-−–=()abcdefghijklmnoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
)
LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
UNRAISED = frozenset(", *†‡§¶#®™℠©°′″/.")  # set high as they are, or plain beside raised digits
ORDINALS = frozenset(("st", "nd", "rd", "th"))


def superscript(text: str, before: str) -> str:
    """A raised text after the text `before`; with a caret where not every character can be raised.

    >>> superscript("6", "10"), superscript("a", "25"), superscript("st", "1"), superscript("®", "Lipitor")
    ('⁶', 'ᵃ', 'st', '®')
    """
    if not before or before[-1].isspace() or text.strip() in ORDINALS or not text.strip():
        return text
    raised = text.translate(RAISED)
    if all(now != was or was in UNRAISED or was.isspace() for now, was in zip(raised, text, strict=True)):
        return raised
    return f"^{text}" if before[-1].isdigit() else text


def subscript(text: str, before: str) -> str:
    """A lowered text after the text `before`: plain as in CO2 and B12, but lowered behind a digit.

    >>> subscript("12", "B"), subscript("2", "10")
    ('12', '₂')
    """
    if not before or not before[-1].isdigit() or not text.strip():
        return text
    lowered = text.translate(LOWERED)
    return lowered if all(now != was for now, was in zip(lowered, text, strict=True)) else f"_{text}"
