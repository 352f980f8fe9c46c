"""Number formats of spreadsheets: a value → the text that a cell displays, or None where that isn't sure.

0.05 in a cell formatted as 0% is "5%"; nothing else may be quoted. What depends on the reader's own computer is settled
once: the decimal point is ".", thousands are parted by ",", and dates in the computer's own short form are written
2024-03-05, for 3/5/2024 means two days. Formats with conditions, with figures inside the digits or of other calendars
are not displayed at all: the caller must not quote such a cell.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from citewell.readers.office.sheet_codes import CURRENCY, ELAPSED, Token, literal, split_sections
from citewell.readers.office.sheet_dates import Calendar, dated

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;(#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', 45: "mm:ss", 46: "[h]:mm:ss", 49: "@",
}  # fmt: skip
SYSTEM_DATES = {"f800": "yyyy-mm-dd", "f400": "h:mm:ss"}
MOST_CODE = 255  # characters of a format
DIGITS_KEPT = 15  # of a number, as spreadsheets keep them


def shown_number(raw: str, code: str, calendar: Calendar) -> str | None:
    """What a cell with a number displays."""
    try:
        number = Decimal(f"{float(raw):.{DIGITS_KEPT}g}")
    except (ValueError, InvalidOperation):
        return None
    if not number.is_finite() or abs(number.adjusted()) > 300 or len(code) > MOST_CODE:
        return None
    sections = split_sections(code)
    if sections is None:
        return None
    at = 0 if len(sections) == 1 or number > 0 else 1 if number < 0 else 2 if len(sections) > 2 else 0
    section = sections[min(at, len(sections) - 1)]
    signed = number < 0 and at != 1
    text = in_section(abs(number) if at == 1 else number, section, calendar, signed=signed)
    return None if text is None else " ".join(text.split())


def shown_text(text: str, code: str) -> str | None:
    """What a cell with a text displays; formats may add to it, like @" mg"."""
    sections = split_sections(code) if len(code) <= MOST_CODE else None
    if sections is None:
        return None
    section = sections[3] if len(sections) > 3 else sections[-1] if ("sign", "@") in sections[-1] else [("sign", "@")]
    parts = [text if token == ("sign", "@") else literal(token) for token in section]
    return None if None in parts else "".join(part for part in parts if part is not None)


def in_section(number: Decimal, section: list[Token], calendar: Calendar, *, signed: bool) -> str | None:
    """A number by one section of a format."""
    kinds = {kind for kind, _ in section}
    system = [SYSTEM_DATES[language] for kind, text in section if kind == "bracket"
              and (match := CURRENCY.fullmatch(text)) and (language := (match["language"] or "").lower()) in SYSTEM_DATES]  # fmt: skip
    if system:
        section = (split_sections(system[0]) or [[]])[0]
        kinds = {kind for kind, _ in section}
    if "date" in kinds or any(kind == "bracket" and ELAPSED.fullmatch(text) for kind, text in section):
        return None if signed or number < 0 else dated(number, section, calendar)
    if "general" in kinds:
        return around(section, general(number), "general")
    if "half" in kinds:
        return None
    sign = "-" if signed else ""
    magnitude = abs(number)
    if "digits" not in kinds:
        texts = [literal(token) if token != ("sign", "@") else general(magnitude) for token in section]
        return None if None in texts else sign * bool(texts) + "".join(text for text in texts if text is not None)
    if ("sign", "/") in section:
        return fraction(magnitude, section, sign)
    return figures(magnitude, section, sign)


def around(section: list[Token], text: str, kind: str) -> str | None:
    """A text with what the format prints before and after it."""
    parts = [text if each[0] == kind else literal(each) for each in section]
    return None if None in parts else "".join(part for part in parts if part is not None)


def general(number: Decimal) -> str:
    """A number without a format: up to eleven characters, as spreadsheets display it in a wide column."""
    if number == 0:
        return "0"
    size = number.adjusted()
    if size > 10 or size < -9 or (size < -4 and len(plain(number).lstrip("-")) > 11):
        mantissa, _, exponent = f"{number:.5E}".partition("E")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}"
    return plain(rounded(number, 9 if size < 0 else max(0, 9 - size)))


def rounded(number: Decimal, decimals: int) -> Decimal:
    """Round half up, as spreadsheets do."""
    exponent = number.as_tuple().exponent
    more = isinstance(exponent, int) and -exponent > decimals
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) if more else number


def plain(number: Decimal) -> str:
    """A number in plain figures, without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figures(number: Decimal, section: list[Token], sign: str) -> str | None:
    """A number by a format with places for its figures; the places must be one run."""
    core = [
        at for at, (kind, text) in enumerate(section) if kind in ("digits", "exponent") or (kind, text) == ("sign", ".")
    ]
    first, last = core[0], core[-1]
    while last + 1 < len(section) and section[last + 1] == ("sign", ","):
        last += 1
    pattern = section[first : last + 1]
    if any(
        kind not in ("digits", "exponent") and (kind, text) not in (("sign", "."), ("sign", ","))
        for kind, text in pattern
    ):
        return None
    before, after = [[literal(token) for token in part] for part in (section[:first], section[last + 1 :])]
    if None in before or None in after:
        return None
    opening, closing = ("".join(part for part in parts if part is not None) for parts in (before, after))
    percent = sum(token == ("sign", "%") for token in section)
    text = in_places(number.scaleb(2 * percent), "".join(text for _, text in pattern))
    if text is None:
        return None
    return (sign if re.search(r"[1-9]", text) else "") + opening + text + closing


def in_places(number: Decimal, pattern: str) -> str | None:
    """The figures of a number in places like #,##0.00 or 0.0E+00."""
    mantissa, exponent, power = re.fullmatch(r"([^eE]*)(?:([eE][+-])(.*))?", pattern).groups()  # type: ignore[union-attr]
    scaled = len(mantissa) - len(mantissa.rstrip(","))  # each comma at the end leaves three figures away
    whole, point, decimals = mantissa.rstrip(",").partition(".")
    if "." in decimals or "," in decimals or whole.startswith(",") or whole.endswith(","):
        return None
    if exponent and ("," in mantissa or not re.fullmatch(r"[0#?]", whole)):
        return None
    if exponent:
        return with_power(number, decimals, exponent, power or "")
    value = rounded(number.scaleb(-3 * scaled), len(decimals))
    integer, _, part = f"{value:f}".partition(".")
    places = whole.replace(",", "")
    integer = integer.lstrip("0").rjust(places.count("0") if places else 0, "0")
    if "," in whole:
        integer = grouped(integer)
    return integer + point + trimmed(part.ljust(len(decimals), "0"), decimals)


def with_power(number: Decimal, decimals: str, exponent: str, places: str) -> str | None:
    """A number with one figure before its point, times a power of ten."""
    size = number.adjusted() if number else 0
    value = rounded(number.scaleb(-size), len(decimals))
    if value >= 10:
        value, size = rounded(value / 10, len(decimals)), size + 1
    integer, _, part = f"{value:f}".partition(".")
    part = trimmed(part.ljust(len(decimals), "0")[: len(decimals)], decimals)
    sign = "-" if size < 0 else "+" if "+" in exponent else ""
    if not re.fullmatch(r"[0#?]+", places):
        return None
    return f"{integer}{'.' if decimals else ''}{part}E{sign}{str(abs(size)).zfill(places.count('0'))}"


def grouped(integer: str) -> str:
    """Figures in groups of three."""
    head = len(integer) % 3
    return ",".join(
        part for part in (integer[:head], *(integer[at : at + 3] for at in range(head, len(integer), 3))) if part
    )


def trimmed(part: str, places: str) -> str:
    """Figures behind the point: a zero is printed only where the format asks for it."""
    while part and places and part[-1] == "0" and places[len(part) - 1] != "0":
        part = part[:-1]
    return part


def fraction(number: Decimal, section: list[Token], sign: str) -> str | None:
    """A number as a fraction, if it is exactly one that the format has room for."""
    pattern = "".join(text for _, text in section)
    match = re.fullmatch(r"(?:([#0?]+) +)?[#0?]+ ?/ ?([#?0]+|[1-9]\d*)", pattern)
    if match is None or any(kind not in ("digits", "sign") for kind, _ in section):
        return None
    room = match.group(2)
    below = int(room) if room.isdigit() and room.strip("0") else 0
    exact = Fraction(number)
    found = Fraction(round(exact * below), below) if below else exact.limit_denominator(10 ** min(len(room), 4) - 1)
    if abs(found - exact) > Fraction(1, 10**9):
        return None
    whole = int(found) if match.group(1) else 0
    rest = found - whole
    above, under = (int(rest * below), below) if below else (rest.numerator, rest.denominator)
    parts = [str(whole)] if whole or not rest else []
    return sign + " ".join(parts + ([f"{above}/{under}"] if rest else []))
