"""What stands on a page and is none of its content: navigation, status bars, disclaimers, promotion."""

from __future__ import annotations

import re

from citewell.readers.recognise import STATES

MOST_CHARACTERS = 700  # of a paragraph that one telling phrase marks as boilerplate
MOST_LINE_CHARACTERS = 160


def any_of(*forms: str) -> re.Pattern[str]:
    """One pattern for several forms, capitals or not."""
    return re.compile("|".join(f"(?:{form})" for form in forms), re.I)


NETWORK = r"(?:facebook|twitter|linkedin|instagram|youtube|pinterest|whatsapp)"
# A whole line, or the start of one to which a link's text is glued.
MENU_LINE = any_of(
    r"(?:main |site )?(?:menu|navigation)",
    r"home(?:page)?",
    r"search(?: this site)?",
    r"skip to (?:main |the )?(?:content|navigation)",
    r"(?:sign|log) ?(?:in|out|up)(?: (?:or|/) (?:register|(?:sign|log) ?(?:in|up)))?",
    r"(?:register|subscribe)(?: now| today| here)?",
    r"share(?: (?:this|on|via)\b.*)?",
    r"(?:print|e-?mail|save|bookmark|download)(?: (?:this )?(?:page|article|pdf))?",
    rf"{NETWORK}(?:\W+{NETWORK})*",
    r"follow us\b.*",
    r"back to (?:the )?top",
    r"(?:read|learn|view|show|see) (?:more|less|all)",
    r"(?:view |our )?(?:editorial|privacy|cookie|advertising) (?:policy|process|standards|guidelines)",
    r"terms (?:of|and) (?:use|service|conditions)",
    r"(?:about|contact) us",
    r"advertisement|sponsored(?: content)?",
    r"(?:previous|next)(?: (?:article|page|topic))?",
    r"(?:related|recommended|popular|more) (?:articles|stories|links|topics)",
    r"was this (?:page|article|information) helpful\b.*",
    r"(?:send |give |leave )?(?:us )?(?:your )?feedback",
    r"personali[sz]e(?: (?:your|this) \w+)?",
    r"help us (?:tailor|improve|personali[sz]e)\b.*",
    r"which (?:best|of these) describes? you\b.*",
    r"(?:article|content|page)(?: review)? status",
    r"table of contents|on this page|in this article|jump to:?",
    r"page \d+ of \d+",
    r"(?:.{1,120} )?section link",
    r"loading(?:\.\.\.|…)?",
    r"accept (?:all )?cookies|reject (?:all )?cookies|cookie settings|manage (?:cookies|preferences)",
)
# A phrase anywhere in a short paragraph.
CHROME_PHRASE = any_of(
    r"\b(?:we|this (?:site|website|page)) uses? cookies\b",
    r"\ball rights reserved\b|^(?:©|\(c\)|copyright)\s.{0,40}(?:19|20)\d\d",
    r"\beditorial (?:policy|process|team|board)\b",
    r"\b(?:fact[- ]checked|reviewed for accuracy|(?:medically|clinically|editorially) reviewed) by\b",
    r"\bmedical advisory board\b",
    r"\b(?:content|article|page|information|summary) (?:is|are) (?:\w+ )?(?:pending|awaiting)(?: \w+){0,2} review\b",
    r"\bsubscribe to (?:our|the)\b|\bsign up (?:for|to|now|today)\b|\bnewsletter\b.{0,40}\b(?:inbox|e-?mail|subscribe)",
    r"\bhelps us use language\b|\btailor your experience\b",
    r"\bhave (?:a|any|another|more) (?:follow[- ]?up )?questions?\?",
    r"\bask (?:a|any|your|another|more) (?:follow[- ]?up )?questions?\b",
    r"\b(?:used|trusted|loved) by\b.{0,60}\b(?:doctors|physicians|clinicians|professionals|millions|thousands)\b",
    r"\bworld[- ]class\b|\btry (?:it |us )?(?:now )?for free\b|\bstart (?:your|a) free trial\b",
    r"\bdownload (?:our|the) app\b|\bupgrade to (?:pro|premium)\b",
    r"\bget (?:instant|immediate|personali[sz]ed) (?:access|answers)\b",
)
DISCLAIMER_PHRASE = any_of(
    r"\b(?:not|never) (?:intended |meant |designed )?(?:(?:to be|as|to) )?"
    r"(?:a )?(?:substitute|replace(?:ment)?) (?:for )?"
    r"(?:\w+,? ){0,4}(?:advice|diagnosis|discretion|judge?ment|consultation)\b",
    r"\b(?:informational|educational|information|education) (?:and \w+ )?purposes? only\b",
    r"\bassumes? no (?:liability|responsibility)\b|\bdisclaims? (?:all|any) (?:liability|warrant)",
    r"\b(?:no|without) (?:warranty|warranties|representation)\b.{0,60}\b(?:accuracy|complete|kind|express|implied)",
    r"\bdoes not (?:constitute|provide|replace) (?:\w+,? ){0,3}(?:advice|discretion|judge?ment)\b",
    r"\bintended for (?:use by )?healthcare professionals\b.{0,120}\b(?:decision|judge?ment|verif)",
)
LEADERS = re.compile(r"(?:\. ?){8}")  # of a table of contents
SECTION = any_of(
    r"(?:\w+ ){0,3}disclaimers?",
    r"(?:legal|copyright|privacy|cookie)(?: \w+)? ?(?:notice|policy|statement)",
    r"(?:have|got) (?:a|any|more|another) (?:follow[- ]?up )?questions?\?",
    r"(?:our )?newsletter|advertisement|related (?:articles|links|stories)|share this (?:page|article)|follow us",
)


def is_chrome_line(text: str) -> bool:
    """Whether a line is of the kind that only web pages have."""
    return MENU_LINE.fullmatch(text.strip(" :|•›»")) is not None or is_chrome(text)


def is_boilerplate_line(text: str) -> bool:
    """Whether a single line is web chrome by itself, whatever stands around it."""
    if len(text) > MOST_LINE_CHARACTERS:
        return False
    return is_chrome_line(text) or opens_section(text)


def is_boilerplate(text: str) -> bool:
    """Whether a paragraph, with white space folded, is boilerplate."""
    if is_boilerplate_line(text) or LEADERS.search(text):
        return True
    return len(text) <= MOST_CHARACTERS and (is_chrome(text) or DISCLAIMER_PHRASE.search(text) is not None)


def is_chrome(text: str) -> bool:
    """Whether a stretch has a phrase that only web pages and the promotion on them use."""
    return len(text) <= MOST_CHARACTERS and CHROME_PHRASE.search(text) is not None


def opens_section(text: str) -> bool:
    """Whether a heading opens a section that is boilerplate to its end."""
    return SECTION.fullmatch(text.strip()) is not None


def is_state(text: str) -> bool:
    """Whether a line is nothing but a review state."""
    return text.strip().lower() in STATES
