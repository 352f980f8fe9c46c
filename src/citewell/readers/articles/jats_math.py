"""Formulas in MathML or TeX → text on one line, in which a fraction, a power or an index never joins its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from citewell.readers.scripts import LOWERED, RAISED, UNRAISED
from citewell.readers.xml import local_name
from citewell.types import fold

FORMULA = "[formula]"  # stands for one that the source gives as a picture only
UNSAID = frozenset(("annotation", "annotation-xml", "maligngroup", "malignmark", "mphantom", "none", "mprescripts"))
ARITY = {"mfrac": 2, "msup": 2, "msub": 2, "mover": 2, "munder": 2, "mroot": 2, "msubsup": 3, "munderover": 3}
SIGN = re.compile(r"(^|[(=<>≤≥,/^×] ?)([-−+±]) (?=[\w(])")  # of a number, not between two
LEAVES = frozenset(("mi", "mn", "mo", "mtext", "ms", "mspace"))
SIMPLE = re.compile(r"[\w.,∞]+|[(\[{|][^()\[\]{}|]*[)\]}|]|.")
INVISIBLE = str.maketrans("\u2062\u2063\u2064", "   ", "\u2061\u200b")  # signs for machines: times, and, plus, of
TEX_BODY = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.S)
TEX_PREAMBLE = re.compile(r"\\(?:documentclass|usepackage|setlength|oddsidemargin)(?:\[[^\]]*\])?(?:\{[^{}]*\})*")


def formula_text(element: etree._Element) -> str:
    """A formula as text: its MathML, else its TeX, else what else is printed; a sign for one that is a picture."""
    for child in element.iter("{*}math"):
        if text := fold(math_text(child).translate(INVISIBLE)):
            return SIGN.sub(r"\1\2", text)
    for child in element.iter("{*}tex-math"):
        if text := tex_text("".join(child.itertext())):
            return text
    return ""


def tex_text(source: str) -> str:
    """The TeX of a formula without the frame of a document that some publishers put around it."""
    body = TEX_BODY.search(source)
    return fold(TEX_PREAMBLE.sub(" ", body.group(1) if body else source)).strip("$ ")


def math_text(element: etree._Element) -> str:
    """MathML as text: (a + b)/c, x², x_(i+1), √(n)."""
    name = local_name(element)
    if not name or name in UNSAID:
        return ""
    if name in LEAVES:
        return spaced(name, fold("".join(element.itertext())))
    parts = [math_text(child) for child in element.iterchildren(etree.Element) if local_name(child) not in UNSAID]
    if len(parts) == ARITY.get(name):
        return laid_out(name, [part.strip() for part in parts])
    if name == "semantics":
        return parts[0] if parts else ""
    if name == "msqrt":
        return f"√({row(parts).strip()})"
    if name == "mfenced":
        return f"{element.get('open', '(')}{', '.join(part.strip() for part in parts)}{element.get('close', ')')}"
    if name in ("mtr", "mlabeledtr", "mtable"):
        return ("; " if name == "mtable" else ", ").join(part.strip() for part in parts)
    if name == "mmultiscripts":
        return " ".join(part.strip() for part in parts)
    return row([fold(element.text or ""), *parts])


def laid_out(name: str, parts: Sequence[str]) -> str:
    """What stands over, under, above or below something else."""
    first, second = parts[:2]
    if name == "mroot":
        return f"√[{second}]({first})"
    if name == "mfrac":
        return f"{grouped(first)}/{grouped(second)}"
    if name in ("mover", "munder") and len(second) == 1 and not second.isalnum():
        return f"{grouped(first)}{second}"  # an accent or a bar
    if name in ("msup", "mover"):
        return f"{grouped(first)}{raised(second)}"
    return f"{grouped(first)}{lowered(second)}{raised(parts[2]) if parts[2:] else ''}"


def raised(text: str) -> str:
    """An exponent or what stands above: in raised characters if there are such, else behind a caret."""
    return mapped(text, RAISED) or (f"^{grouped(text)}" if text else "")


def lowered(text: str) -> str:
    """An index or what stands below: in lowered characters if there are such, else behind a low line."""
    return mapped(text, LOWERED) or (f"_{grouped(text)}" if text else "")


def mapped(text: str, signs: dict[int, int]) -> str:
    """The text in other characters; empty unless each has its own."""
    plain = text.replace(" ", "")
    shown = plain.translate(signs)
    whole = "/" not in plain and all(a != b or a in UNRAISED for a, b in zip(shown, plain, strict=True))
    return shown if whole else ""


def grouped(text: str) -> str:
    """A part in brackets, unless it is one number, name or bracket."""
    return text if not text or SIMPLE.fullmatch(text) else f"({text})"


def spaced(name: str, text: str) -> str:
    """A sign or word with the blanks that set it apart."""
    if (name == "mtext" and text) or (
        name == "mo" and text in ("=", "≤", "≥", "<", ">", "+", "−", "-", "×", "±", "≈", "→", "∈", "*")
    ):
        return f" {text} "
    return " " if name == "mspace" else text


def row(parts: Sequence[str]) -> str:
    """Parts side by side; two numbers never become one."""
    line = ""
    for part in parts:
        line += f" {part}" if line[-1:].isdigit() and part[:1].isdigit() else part
    return line
