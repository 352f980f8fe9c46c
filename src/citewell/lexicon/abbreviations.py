"""Short forms that a text itself defines, after Schwartz & Hearst, PSB 2003.

In their "Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text", the letters of the short form are
matched from right to left in the words beside it, and the first one has to open a word. What goes beyond is marked so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from citewell.lexicon.analysis import STOP_WORDS, SYMBOLS
from citewell.lexicon.names import ABBREVIATION, Alias

PARENTHESIS = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]")
SHORT_FORM = re.compile(r"[A-Za-z0-9](?:[\w./+-]*[\w+])?(?: [\w./+-]*[\w+])?")
SHORTEST, LONGEST = 2, 10  # characters of a short form, as in the paper
REACH = 5  # words that a long form may have beyond the letters of its short form, or twice as many, as in the paper
LOOKED_BACK = 150  # characters before a parenthesis
LED_IN = re.compile(r"(?:or|abbreviated(?: as)?|also called|hereafter|herein|termed)\s+")
CLOSED = re.compile(r"(?<!\b[A-Z])[.!?;:]\s|[()\[\]]|\n\s*\n")  # no long form goes across; one may hold "C. difficile"
CUT = re.compile(r"[;,]\s")
QUOTES = " \"'“”‘’`"
LINKS = frozenset("a an and as by for from in of on or the to with".split())  # function words inside names
PARTS = re.compile(r"[^\W_]+")
CARRIERS = frozenset(
    "activity analysi assay cell gene infection mice molecule patient protein".split()
)  # no part of a name
OPENED_BARE = 2  # words that may hold no letter of the short form where all letters open words
PREFIX = 3  # characters that a hyphen may set before the part that opens with the first letter: "5-amino…"


def abbreviations_in(text: str) -> Iterator[Alias]:
    """Yield the short forms that a text defines: "bone mineral density (BMD)", "BMD (bone mineral density)"."""
    for match in PARENTHESIS.finditer(text):
        before = CLOSED.split(text[max(0, match.start() - LOOKED_BACK) : match.start()])[-1]
        inside = LED_IN.sub("", match[1].strip(QUOTES), count=1)
        for part in dict.fromkeys((inside, CUT.split(inside)[0])):
            if found := defined(part, before) or defined_inside(part, before):
                yield Alias(*found, ABBREVIATION)
                break


def defined(inside: str, before: str) -> tuple[str, str] | None:
    """Short and long form of "long form (SHORT)"."""
    short = inside.strip(QUOTES)
    if len(short) > SHORTEST and short[-1] == "s" and short[-2].isupper():  # beyond: "BMDs" defines BMD
        short = short[:-1]
    if not is_short_form(short):
        return None
    words = before.split()[-longest_of(short) :]
    long_form = spelt_out(short, words) or matched(short, " ".join(words))
    return (short, long_form) if long_form else None


def defined_inside(inside: str, before: str) -> tuple[str, str] | None:
    """Short and long form of "SHORT (long form)", the parenthesis as a whole being the long form, of two words or more."""
    short, words = (before.split() or [""])[-1].strip(QUOTES + ","), inside.split()
    if not is_short_form(short) or not 2 <= len(words) <= longest_of(short):
        return None
    whole = " ".join(words)
    return (short, whole) if whole in (spelt_out(short, words), matched(short, whole)) else None


def is_short_form(short: str) -> bool:
    """Whether a text has the length and the letters of a short form, in two words at most.

    Beyond: two capitals, or one and a digit. A question's words are taken for short forms by their capitals.
    """
    if not SHORTEST <= len(short) <= LONGEST or not SHORT_FORM.fullmatch(short):
        return False
    capitals = sum(letter.isupper() for letter in short)
    return capitals > 1 or (capitals == 1 and any(letter.isdigit() for letter in short))


def longest_of(short: str) -> int:
    """The most words that its long form may have."""
    letters = sum(map(str.isalnum, short))
    return min(letters + REACH, letters * 2)


def spelt_out(short: str, words: Sequence[str]) -> str | None:
    """Beyond: the last words whose first letters are the short form, function words giving one or none.

    Looked for first: from right to left, "cancer" alone would be enough for the CC of "colon cancer".
    """
    letters = [letter.casefold() for letter in short if letter.isalnum()]
    for size in range(1, len(words) + 1):
        if opens_with(words[-size:], letters):
            return tidy(" ".join(words[-size:]))
    return None


def opens_with(words: Sequence[str], letters: Sequence[str]) -> bool:
    """Whether the letters are, in order, the first letters of the words, each word but function words giving one."""
    parts = [part.casefold() for word in words for part in PARTS.findall(word)]
    firsts = [part[0] for part in parts]
    content = [part[0] for part in parts if part not in STOP_WORDS]
    return bool(firsts) and list(letters) in (firsts, content) and firsts[0] == letters[0]


def matched(short: str, candidate: str) -> str | None:
    """The shortest end of `candidate` that holds the letters of `short` in order, the first one opening a word.

    Beyond: where each letter can open a word, it does ("human epidermal growth factor receptor 2" is HER2).
    """
    letters = [plain(letter) for letter in short if letter.isalnum()]
    opening = align(letters, candidate, opening=len(letters))
    found = in_words(short, candidate, opening, most_bare=OPENED_BARE) if opening else None
    places = align(letters, candidate, opening=1)
    return found or (in_words(short, candidate, places, most_bare=1) if places else None)


def align(letters: Sequence[str], candidate: str, *, opening: int) -> list[int] | None:
    """Where the letters stand in `candidate`, matched from right to left; None where they don't.

    :param opening: So many of the first letters have to open a word or the part of one.
    """
    small = "".join(map(plain, candidate))
    place, places = len(small), list[int]()
    for position in range(len(letters) - 1, -1, -1):
        place = small.rfind(letters[position], 0, place)
        while position < opening and place > 0 and small[place - 1].isalnum():
            place = small.rfind(letters[position], 0, place)
        if place < 0:
            return None
        places.append(place)
    return places[::-1]


def plain(letter: str) -> str:
    """A letter as it is compared: small, a Greek one as the first of its name."""
    return SYMBOLS.get(letter, letter.lower()[:1])[:1]


def in_words(short: str, candidate: str, places: Sequence[int], *, most_bare: int) -> str | None:
    """The words of `candidate` from the one that the first letter opens, if they look like a long form."""
    start = max(candidate.rfind(mark, 0, places[0]) for mark in " /:") + 1
    words = [(match.start(), match.group()) for match in re.finditer(r"\S+", candidate[start:])]
    held = [any(first <= place - start < first + len(word) for place in places) for first, word in words]
    if (
        not held[-1] and len(words) > 2 and words[-1][1].casefold().rstrip("s") in CARRIERS
    ):  # beyond: "polymerase chain reaction assay (PCR)"
        del words[-1], held[-1]
    if places[0] - start > PREFIX + 1 or not trusted(short, [word for _, word in words], held, most_bare):
        return None
    return tidy(" ".join(word for _, word in words))


def trusted(short: str, words: Sequence[str], held: Sequence[bool], most_bare: int) -> bool:
    """Whether what was matched looks like a long form: longer than the short one, and not made with it.

    Beyond: it is no part of a clause; few words are without a letter of the short form, and then all words have content.

    :param held: Whether each word holds a letter of the short form.
    """
    functional = STOP_WORDS.intersection(words)  # in small letters: the A of "bisphenol A" is none
    key, parts = short.casefold(), PARTS.findall(" ".join(words).casefold())
    made_with = key in parts or (not short.isalpha() and any(part.startswith(key) for part in parts))
    if len(" ".join(words)) <= len(short) or made_with or {words[0], words[-1]} & functional or functional - LINKS:
        return False
    bare = sum(not each and word not in functional for each, word in zip(held, words, strict=True))
    return not bare or (bare <= most_bare and len(words) > 2 and not functional)


def tidy(long_form: str) -> str:
    """A long form without the marks around it."""
    return long_form.strip(QUOTES + ",/-–")
