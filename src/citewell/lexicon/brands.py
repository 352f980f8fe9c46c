"""Brand names that a text itself states beside generic ones: "Prolia (denosumab)", "a brand name of denosumab"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from citewell.lexicon.abbreviations import LOOKED_BACK, PARENTHESIS, defined
from citewell.lexicon.analysis import STOP_WORDS, common_stems, common_words, stem
from citewell.lexicon.names import BRAND, SALTS, Alias, drug_like, group_of

SHAPE = re.compile(r"(?:Depo-|Solu-)?[A-Z][A-Za-z]{2,15}")  # of a brand
MARKS = "®™©*"
CALLED = r"(?:brand|trade|proprietary)[\s-]names?"
LED_IN = re.compile(rf"(?:{CALLED}\b:?|(?:sold|marketed|also\s+known)\s+as|e\.g\.,?|generic(?:\s+name)?\b:?)\s*", re.I)
NAMED = re.compile(rf"{CALLED}|generic", re.I)
# "denosumab, sold under the brand names X and Y", "denosumab is marketed as X", "denosumab, also known as X"
TOLD = re.compile(
    rf"(?P<how>under\s+the\s+{CALLED}s?(?:\s+of)?|(?:sold|marketed)\s+(?:in\s+[\w\s]{{2,24}}?\s)?as|also\s+(?:known|sold|marketed)\s+as"
    rf"|,\s+{CALLED}|{CALLED}\s+(?:is|are)|{CALLED}:)\s+"
)
OF = re.compile(
    rf"(?:is|,|\()\s*(?:a|the|one|an?\s+\w+)\s+{CALLED}\s+(?:of|for)\s+(?:the\s+(?:drug|generic|medicine|antibody)\s+)?"
)
CUES = ("rand", "rade", "roprietary", "sold", "marketed", "also known")  # one of them is in each of the two above
LISTING = re.compile(r"[^\s,;()]+(?:(?:,|,?\s(?:and|or))\s[^\s,;()]+)*")
ITEM_ENDS = re.compile(r",?\s(?:and|or)\s|,\s|;\s?")
JOINT = re.compile(
    r"([A-Za-z]+)(?:,?\s+(?:and|or|and/or|plus|with|&)|,|\s?[/+])\s*(?:\d[-\w]*-)?$"
)  # ahead of a part of a combination
AND_SO_ON = ("others", "other brands", "generics", "generic", "etc", "etc.", "among others")
FORMS = re.compile(r"^(?:XL|XR|SR|CR|ER|LA|HFA|LAR|SC|IV)$")
SENTENCE = re.compile(r"(?<!\b[A-Z])[.!?]\s|\n\s*\n")
MAKERS = frozenset(
    "abbott abbvie actavis adcock alcon alexion allergan almirall amgen apotex astellas astrazeneca aurobindo aventis bausch "
    "baxter bayer beigene biocon biogen biontech boehringer bristol celgene celltrion centocor chiesi cipla daiichi eisai endo "
    "ferring fresenius galderma genentech genmab genzyme gilead glaxo glaxosmithkline glenmark grifols hikma horizon hospira "
    "incyte ingelheim ipsen janssen johnson jazz kite kyowa lilly lundbeck lupin mallinckrodt medimmune menarini merck moderna "
    "mylan novartis nordisk novo octapharma organon otsuka pfizer purdue ranbaxy recordati regeneron roche sandoz sanofi "
    "schering servier seagen serono shionogi shire sigma sobi squibb takeda teva torrent upjohn valeant vertex viatris "
    "warner wyeth zydus".split()
)
MADE_BY = re.compile(
    r"\b(?:Inc|Ltd|Corp|LLC|GmbH|AG|SA|Co|Pharma\w*|Labs?|Laborator\w+|Therapeutics|Biotech\w*|USA|UK|[A-Z]{2})\b\.?"
)
# Endings of what is no brand though a capital may open it: diseases, salts, procedures, groups of drugs.
NO_BRAND = re.compile(
    r"(?:itis|osis|emia|aemia|pathy|uria|algia|penia|plasia|ectomy|oscopy|trophy|carcinoma|lymphoma|melanoma|"
    r"syndrome|disease|disorder|therapy|chloride|sodium|sylate|gendum|rratum|inhibitors?|agonists?|antagonists?|blockers?|receptors?)$"
)
JOINTS = ("and", "or", "plus", "with", "+", "/", "&")
SHORTEST_SHOUTED = 5  # letters of a brand in capitals: PROLIA, but no short form
LONGEST_STEMMED = (
    7  # letters of a brand that ends as generic names do: Norvir, but no Infliximab at a sentence's opening
)


def brands_in(text: str) -> Iterator[Alias]:
    """Yield the brand names that a text states, each with its generic one.

    The brand of a combination is no other name of a part of it. Makers, groups of drugs, salts and diseases are no brands.
    """
    for match in PARENTHESIS.finditer(text):
        before = SENTENCE.split(text[max(0, match.start() - LOOKED_BACK) : match.start()])[-1]
        if before.strip():
            yield from in_parenthesis(before, match[1])
    if any(cue in text for cue in CUES):
        yield from in_words(text)


def in_words(text: str) -> Iterator[Alias]:
    """The pairs that a text states in words: "sold under the brand name of …", "a brand name for …"."""
    for match in TOLD.finditer(text):
        before = SENTENCE.split(text[max(0, match.start() - LOOKED_BACK) : match.start()])[-1]
        yield from told(before, match["how"], text[match.end() : match.end() + LOOKED_BACK])
    for match in OF.finditer(text):
        words = text[max(0, match.start() - LOOKED_BACK) : match.start()].split()
        after = text[match.end() : match.end() + LOOKED_BACK].split()
        if words and (generic := generic_at(after, explicit=True)) and (brand := brand_of(words[-1])):
            yield Alias(brand, generic, BRAND)


def in_parenthesis(before: str, inside: str) -> Iterator[Alias]:
    """The pairs of "Brand (generic …)" and "generic (Brand, Brand)"."""
    rest, last = LED_IN.sub("", inside.strip(), count=1), before.split()[-1]
    called = bool(NAMED.match(inside))
    brand, generic = brand_of(last), generic_at(rest.split(), explicit=called or last[-1] in MARKS)
    if brand and generic and generic != brand.casefold():
        yield Alias(brand, generic, BRAND)
    elif rest[:1].isupper() and (generic := generic_before(before, explicit=called)):
        yield from (Alias(each, generic, BRAND) for each in brands_listed(rest, generic))


def told(before: str, how: str, after: str) -> Iterator[Alias]:
    """The pairs of "generic … sold under the brand names Brand and Brand", the one drug that the sentence names before."""
    found, words = LISTING.match(after), [word.strip(",;:()") for word in before.split()]
    drugs = list(dict.fromkeys(word.casefold() for word in words if is_generic(word.casefold(), explicit=False)))
    adjacent = "also" in how or how.startswith(",")
    if not found or len(drugs) != 1 or "-" in drugs[0] or (adjacent and words[-1].casefold() != drugs[0]):
        return
    if combined_before(before[: before.casefold().rindex(drugs[0])]):
        return
    names = ITEM_ENDS.split(found.group())
    other = generic_at(names[:1], explicit=False)
    if other and "also" in how and other != drugs[0]:
        yield Alias(other, drugs[0], BRAND)  # "rapamycin, also known as sirolimus"
    yield from (
        Alias(brand, drugs[0], BRAND) for name in names if (brand := brand_of(name)) and brand.casefold() != drugs[0]
    )


def brands_listed(text: str, generic: str) -> Iterator[str]:
    """The brands that open a parenthesis; of a list with a maker or a place in it, only what stands before a semicolon."""
    listed, *others = re.split(r";\s?", text, maxsplit=1)
    items = [item.split() for item in ITEM_ENDS.split(listed) if item.strip() and item not in AND_SO_ON]
    words = [item[0] for item in items if len(item) == 1 or (len(item) == 2 and FORMS.match(item[1]))]
    made = len(words) < len(items) or MADE_BY.search(listed) or any(is_maker(word) for word in words)
    if made and not others:
        words = [word for word in words[:1] if word[-1] in MARKS]
    for word in words:
        brand = brand_of(word) if not word.isupper() else None  # "oxaliplatin (CAPOX)" is a regimen, others are trials
        if brand and not generic.startswith(brand.casefold()) and not defined(brand, generic):
            yield brand


def is_maker(word: str) -> bool:
    """Whether a word in a list of brands is a company or an everyday word, a place as a rule."""
    small = word.strip(MARKS + ",.:").casefold()
    return small in MAKERS or small in common_words()


def brand_of(word: str) -> str | None:
    """The brand that a word is, by its shape, without its marks; None for another word."""
    name = re.sub(r"(?<=[a-z])TM$", "", word.strip(MARKS + "“”\"'‘’,.:("))
    small, marked = name.casefold(), word[-1] in MARKS
    if not SHAPE.fullmatch(name) or small in common_words() or small in MAKERS or name[:-1].isupper() != name.isupper():
        return None
    if group_of(name) or NO_BRAND.search(small) or (name.isupper() and len(name) < SHORTEST_SHOUTED and not marked):
        return None
    return None if drug_like(name) and len(name) > LONGEST_STEMMED and not marked else name


def generic_at(words: Sequence[str], *, explicit: bool) -> str | None:
    """The generic name that some words open with, without its salt; None where they name none, or several drugs.

    :param explicit: The text says that it is a name, so that it need not end as drugs' names do.
    """
    bare = [word.strip(",.:;") for word in words]
    if not words or not is_generic(bare[0], explicit=explicit):
        return None
    if words[0] == bare[0] and bare[1:2] == ["acid"]:
        return f"{bare[0]} acid"
    following = next((n for n, word in enumerate(bare[1:], start=1) if word not in SALTS), len(words))
    rest = bare[following:]
    joined = words[following - 1][-1] == "," or (rest and rest[0] in JOINTS)
    other = next((word.split("-")[-1] for word in rest if word not in JOINTS), "")
    second = (
        following == 1 and words[0] == bare[0] and not joined
    )  # "baloxavir marboxil": names are compared by one word
    return None if (joined or second) and is_generic(other, explicit=True) else bare[0]


def generic_before(text: str, *, explicit: bool) -> str | None:
    """The generic name that a text ends with; None where it is a part of a combination, of a list or of two words."""
    words = text.split()
    while len(words) > 1 and words[-1].casefold() in SALTS:
        words.pop()
    acid = len(words) > 1 and words[-1] == "acid"
    name = words[-2 if acid else -1]
    small = name[:1].lower() + name[1:] if explicit or len(words) == 1 else name
    ahead = text[: text.rindex(name)]
    part = re.search(r"(?:^|\s)([a-z]{5,})\s$", ahead)  # "trastuzumab deruxtecan": its brand is none of trastuzumab's
    if (
        not is_generic(small, explicit=explicit)
        or combined_before(ahead)
        or (part and is_generic(part[1], explicit=True))
    ):
        return None
    return f"{small} acid" if acid else small


def combined_before(ahead: str) -> bool:
    """Whether another drug is joined to what follows a text: "sacubitril and …", "sitagliptin, …", "lopinavir/…"."""
    joined = JOINT.search(ahead)
    return joined is not None and is_generic(joined[1].casefold(), explicit=True)


def is_generic(word: str, *, explicit: bool) -> bool:
    """Whether a word in small letters is a drug's generic name, by its ending, or by being no everyday word."""
    if not re.fullmatch(r"[a-z]{5,22}", word) or word in STOP_WORDS or group_of(word):
        return False
    known = word in common_words() or stem(word) in common_stems()
    return not known and (drug_like(word) or (explicit and not NO_BRAND.search(word)))
