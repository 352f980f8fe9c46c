"""The footnotes and endnotes of a Word file: how they are marked in the text, and where they are placed.

Word prints a note's number raised, without brackets; here it gets brackets, so that it joins no number. Notes that are
all references become the document's reference list, marked [1] as usual. Others are content: they are paragraphs at the
end of the section that refers to them, and are marked [note 1], which is no number of a reference list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from lxml import etree

from citewell.readers.draft import Draft
from citewell.readers.office.package import attribute, value
from citewell.readers.office.word_body import Body, Paragraph
from citewell.readers.office.word_styles import in_form
from citewell.readers.office.word_text import LEFT_OUT, NOTES
from citewell.readers.xml import local_name

SEPARATORS = frozenset(("separator", "continuationSeparator", "continuationNotice"))
REFERENCE = re.compile(r"\b(?:19|20)\d\d\b|\bdoi\b|https?://|\bPMID\b|\bet al\b|\bibid\b", re.I)
TYPED = re.compile(r"\[\d{1,3}(?:[\s,–-]+\d{1,3})*\]")
FORMS = {"footnote": "decimal", "endnote": "lowerRoman"}  # Word's own, where nothing else is stated


class Notes:
    """The notes that a Word file refers to.

    :param root: The main part.
    :param parts: The part that holds the notes, by their kind.
    """

    def __init__(self, root: etree._Element, parts: Mapping[str, etree._Element | None]) -> None:
        self._roots = [part for part in parts.values() if part is not None]
        self._elements = {
            (kind, attribute(each, "id") or ""): each
            for kind, part in parts.items()
            for each in (part if part is not None else ())
            if local_name(each) == kind and attribute(each, "type") not in SEPARATORS
        }
        self._marks: dict[tuple[str, str], str] = {}
        self._texts: dict[tuple[str, str], str] = {}
        cited = [key for key in cited_notes(root) if key in self._elements]
        raw = ["".join(each.text or "" for each in self._elements[key].iter("{*}t")) for key in cited]
        typed = TYPED.search("".join(each.text or "" for each in root.iter("{*}t")))
        self.references = bool(raw) and all(REFERENCE.search(text) for text in raw) and not typed
        self._number(root, list(dict.fromkeys(cited)))

    def _number(self, root: etree._Element, cited: Sequence[tuple[str, str]]) -> None:
        """Give every note that is cited its mark."""
        both = len({kind for kind, _ in cited}) > 1
        counts: Counter[str] = Counter()
        for kind, key in cited:
            counts[kind] += 1
            stated = next(
                (value(each, "numFmt") for each in root.iter(f"{{*}}{kind}Pr") if value(each, "numFmt")), None
            )
            figure = in_form(counts[kind], stated or FORMS[kind]) or str(counts[kind])
            name = "endnote " if kind == "endnote" and both else "" if self.references else "note "
            self._marks[kind, key] = f"[{name}{figure}]"

    def mark(self, kind: str, key: str) -> str:
        """What is printed where a note is referred to; nothing for a note that isn't there."""
        return self._marks.get((kind, key), "")

    def read(self, body: Body) -> None:
        """Read the notes' texts."""
        for root in self._roots:
            body.texts.open_part(root)
            for (kind, key), element in self._elements.items():
                if element.getparent() is root and (kind, key) in self._marks:
                    self._texts[kind, key] = note_text(body, element, f"{kind} {self._marks[kind, key].strip('[]')}")

    def write(self, draft: Draft, keys: Sequence[tuple[str, str]]) -> None:
        """Add notes, each once, with their marks."""
        for kind, key in dict.fromkeys(keys):
            text, mark = self._texts.pop((kind, key), ""), self.mark(kind, key)
            if text:
                add = draft.reference if self.references else draft.paragraph
                add(f"{mark} {text}", place=f"{kind} {mark.strip('[]').split()[-1]}")


def cited_notes(root: etree._Element) -> list[tuple[str, str]]:
    """Kind and key of the notes that the text refers to, in its order; those in deleted text left out."""
    return [
        (NOTES[local_name(each)], attribute(each, "id") or "")
        for each in root.iter("{*}footnoteReference", "{*}endnoteReference")
        if not any(local_name(above) in (*LEFT_OUT, "Fallback") for above in each.iterancestors())
    ]


def note_text(body: Body, element: etree._Element, place: str) -> str:
    """The text of one note."""
    texts = []
    for part in body.read(element, place):
        texts += [part.text] if isinstance(part, Paragraph) else [" | ".join(row.cells) for row in part.rows]
    return "\n".join(texts)
