"""How much a question asks for: one fact, several things of a kind, or what there is to say of a subject."""

from __future__ import annotations

import re
from enum import StrEnum

from citewell.answer.shapes import shape_asked


class Breadth(StrEnum):
    """What answers a question: one statement, several of a kind, or a summary."""

    FACT = "fact"
    LIST = "list"
    BROAD = "broad"


AND = r"(?:and |but |so |or )?"
IS = r"(?:is|are|was|were)"
DOES = r"(?:do|does|did|can|could|should|has|have|had|will|would|may|might|must|shall)"
# Who asks so wants to read what there is to know, whatever else the question holds.
WHOLE = re.compile(
    r"\b(?:tell (?:me|us)|(?:you|one|we) tell|describe|explain|outline|summari[sz]e|summary|overview|everything|discuss)\b"
    r"|\b(?:information|details) (?:about|on|for|regarding|and)\b|\b(?:provide|get|find|need|have|give \w+) (?:\w+ )?information\b"
    r"|\bwhat (?:should|must|do|does|can) (?:i|we|you|one|(?:a )?patients?|people) (?:need to |have to )?(?:know|expect)\b"
    r"|\bwhat is (?:known|there to know)\b|\bwhat happens\b",
    re.I,
)
# What takes more than one statement, where no number, date or yes is asked for.
MATTER = (
    r"treatments?|therap(?:y|ies)|management|diagnosis|prognosis|outlook|prevention|research|use|indications?|mechanisms?|functions?|"
    r"roles?|purpose|effects?|impact|influence|involvement|relationship|relation|link|connection|association|contribution|"
    r"outcomes?|benefits?|concept|idea|principle|basis|evidence|pathogenesis|significance|importance|difference|cause"
)
OF = r"(?:of|for|in|on|between|to|against|behind|from|with)"
SUBJECT = re.compile(
    rf"^{AND}(?:"
    r"(?:what|which) .*\b(?:used? for|used to treat|given for|prescribed for|good for|lead to)\b"
    rf"|(?:what|which) {IS} (?:the |an? |some )?(?:[\w-]+ ){{0,2}}(?:{MATTER}|side effects) {OF}\b"
    rf"|(?:what|which) (?:{MATTER})\b"
    r"|what (?:else )?(?:treats|helps|cures|prevents|causes|stops|(?:can|could|will|would|may|might) (?:\w+ )?"
    r"(?:treat|help|cure|prevent|cause|stop|improve|ease))\b"
    rf"|how (?:{IS}|{DOES}|to|come)\b"
    r"|why\b"
    rf"|(?:the )?(?:[\w-]+ )?(?:{MATTER}) of\b"
    r")",
    re.I,
)
# "What is Prolia?", but not "What is the brand name of denosumab?".
DEFINED = re.compile(
    rf"^{AND}what(?: {IS}|'s|’s) (?:an? |the )?(?!(?:[\w-]+ )*?(?:of|for|in|with|on|to|from|by)\b)[^,?]+\?*$", re.I
)
CALLED = re.compile(
    r"\b(?:name|called|term|brand|number|percentage|rate|dose|dosage|age|interval|year|date|gene|target|inheritance|another|most|best|first|main|primary|major|largest|highest|lowest|longest)\b",
    re.I,
)
YES_OR_NO = re.compile(
    rf"^{AND}(?:{IS}|{DOES}|am|(?:is|are|was|were|does|do|did|has|have|should|could|would)n['’]t|can['’]t|won['’]t)\b|\byes or no\b",
    re.I,
)
KINDS = (
    "side effects|adverse (?:effects|reactions|events)|symptoms|signs|causes|risks|risk factors|complications|interactions|"
    "contraindications|warnings|precautions|benefits|uses|indications|treatments|tests|types|kinds|forms|strengths|options|"
    "ingredients|drugs|medicines|brands|names|problems|reasons|conditions|diseases|genes|manifestations|features|components"
)
COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
PLURAL = (
    r"(?!(?:has|does|was|this|its|treats|helps|cures|causes|prevents|stops|happens)\b)"
    r"(?:[\w/-]+(?<![siu])s|\w+\(s\)|people|women|men|children|criteria|bacteria|data)\b"
)
SEVERAL = re.compile(
    rf"\b(?:what|which) (?:else )?(?:are|were)\b"
    rf"|\b(?:what|which) (?:the )?(?:[\w/-]+ ){{0,5}}?{PLURAL} (?:are|were|have|do|did|can|could|may|might|should|will|would)\b"
    rf"|\b(?:what|which) {PLURAL} (?!{IS}\b|{DOES}\b)"
    rf"|\b(?:what|which) (?:[\w-]+ ){{0,3}}(?:{KINDS})\b"
    rf"|\b(?:what|which|name|give|the) (?:the )?{COUNT} (?:\w+ ){{0,3}}{PLURAL}"
    r"|^(?:please )?(?:list|name|enumerate|mention)\b|\bplease list\b|\bwho (?:should|must|can|may|cannot|needs?)\b",
    re.I,
)
TOPIC = re.compile(rf"\b(?:{KINDS})\b", re.I)
ASKS = re.compile(r"\b(?:what|which|who|whom|whose|where|when|how|why)\b", re.I)
FEW = 2  # words; so short a line names a subject
MEANT = re.compile(rf"^{AND}what are (?:the )?[^\s?]+ ?\?*$", re.I)  # "What are bisphosphonates?"


def asks_for_all(question: str) -> bool:
    """Whether a question asks for whatever there is to say: "Tell me about alphamab", "a summary of …"."""
    return WHOLE.search(question) is not None


def breadth_of(question: str) -> Breadth:
    """How much a question asks for, by its words.

    One fact is a number, a date, a name or a yes; "how", "why", "what for" and a bare name ask for a subject.
    """
    asked = question.strip()
    if asks_for_all(asked):
        return Breadth.BROAD
    if YES_OR_NO.search(asked):
        return Breadth.FACT
    if MEANT.match(asked) and not TOPIC.search(asked):
        return Breadth.BROAD
    if SEVERAL.search(asked):
        return Breadth.BROAD if SUBJECT.match(asked) and not TOPIC.search(asked) else Breadth.LIST
    if (DEFINED.match(asked) and not CALLED.search(asked)) or len(asked.split()) <= FEW:
        return Breadth.BROAD
    if shape_asked(asked):
        return Breadth.FACT
    if SUBJECT.match(asked):
        return Breadth.BROAD
    return Breadth.LIST if TOPIC.search(asked) and not ASKS.search(asked) else Breadth.FACT
