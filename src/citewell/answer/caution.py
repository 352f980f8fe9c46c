"""What a question itself calls for a word on: advice for one person, and what it takes for granted."""

from __future__ import annotations

import re
from collections.abc import Sequence

ADVICE = (
    "You asked for advice about a person. Documents are quoted, none is given: decide with a doctor or a pharmacist."
)
PREMISE = "The question takes something for granted ({}). What is quoted is what the documents say on it; it may say otherwise."

PERSON = r"(?:i|we|you|he|she|my \w+|our \w+|the patient|this patient)"
FOR_A_PERSON = re.compile(
    rf"\b(?:should|shall|can|may|must|could|ought|would|do|does) {PERSON}\b(?! (?:say|call|know|mean|describe|state|spell|find))"
    rf"|\b(?:am|is|are|was) (?:i|my (?:mother|father|mum|mom|dad|wife|husband|son|daughter|child|baby|patient))\b"
    r"|\bi can (?!(?:find|read|cite)\b)"
    r"|\b(?:for me|for my \w+|in my case|do you recommend|what would you)\b"
    r"|\bmy (?:own )?(?:dose|t-score|results?|calcium|doctor|liver|kidneys?)\b"
    r"|\bi(?:['’]m| am) (?:on|taking|pregnant|allergic|\d)"
    r"|\b(?:i|my \w+) (?:take|takes|took|use|uses|have|has|had|get|gets|got|need|needs|was|were) (?!to (?:know|find|cite|read)\b)",
    re.I,
)
# Who only wants to find or read something asks for no advice.
TO_READ = re.compile(
    r"\b(?:where|how) (?:can|could|do|should|may|would) (?:i|we) (?:find|read|cite|look (?:up|for)|get (?:more )?information)\b",
    re.I,
)
# "Why does X cause Y?" and "Since when is X banned?" ask for more than whether it is so.
GRANTED = re.compile(r"^\s*(?:why|how come|since when|for what reason|what makes)\b", re.I)
GIVES_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|so that|in order to|leads? to|caus\w+|thereby|therefore|by \w+ing|in that|thus"
    r"|through|results? (?:from|in)|explain\w*|reason\w*|mechanism\w*|prevent\w*|lower\w*|rais\w*|slow\w*|inhibit\w*"
    r"|block\w*|bind\w*)\b",
    re.I,
)
MANY = r"(?:patients?|people|persons?|women|men|children|cases?|users?|trials?|studies)"
# A quantity that a question claims; the quotations have to claim it too.
CLAIMS = {
    "most": re.compile(rf"\b(?:most (?:of |\w+ )?{MANY}|the majority of)\b", re.I),
    "all": re.compile(rf"\b(?:(?:all|every|any) (?:of |\w+ )?{MANY}|every(?:one|body))\b", re.I),
    "always": re.compile(r"\balways\b", re.I),
    "never": re.compile(r"\bnever\b", re.I),
}  # fmt: skip
AS_MUCH = {
    "most": re.compile(r"\b(?:most|majority|usual\w*|general\w*|(?:5[1-9]|[6-9]\d)(?:\.\d+)? ?%|common\w*|all|every)\b", re.I),
    "all": re.compile(r"\b(?:all|every\w*|always|100 ?%|any)\b", re.I),
    "always": re.compile(r"\b(?:always|every|all|100 ?%)\b", re.I),
    "never": re.compile(r"\b(?:never|no|none|not)\b", re.I),
}  # fmt: skip


def cautions(question: str, quotations: Sequence[str]) -> list[str]:
    """Notes on a question about a person, and on one that takes for granted what no quotation says in as many words."""
    notes = [ADVICE] if FOR_A_PERSON.search(TO_READ.sub("", question)) else []
    text = " ".join(quotations)
    taken = [claim for claim, said in CLAIMS.items() if said.search(question) and not AS_MUCH[claim].search(text)]
    if GRANTED.match(question) and not GIVES_REASON.search(text):
        taken.append("that it is so")
    return (
        [*notes, PREMISE.format(" and ".join(f"“{claim}”" if claim in CLAIMS else claim for claim in taken))]
        if taken
        else notes
    )
