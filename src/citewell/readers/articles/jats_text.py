"""The text of an article or chapter: sections, boxes, tables, figures, notes and references."""

from __future__ import annotations

import re
from typing import ClassVar

from lxml import etree

from citewell.readers.articles.jats_inline import ArticleLine
from citewell.readers.articles.jats_references import CITATIONS, plain_text
from citewell.readers.articles.jats_tables import article_rows
from citewell.readers.xml import local_name
from citewell.types import BlockKind

UNQUOTED = re.compile(r"(?:\[formula\]\s*)+|click here (?:for|to)\b.{0,60}", re.I)  # says nothing by itself
TITLES = ("label", "title", "subtitle")
BODY = "Main text"  # heads what stands before the first section
ABSTRACTS = {
    "plain-language-summary": "Plain-language summary",
    "executive-summary": "Executive summary",
    "key-points": "Key points",
    "graphical": "Graphical abstract",
    "teaser": "Teaser",
    "precis": "Précis",
    "editor": "Editor's summary",
}


class ArticleText(ArticleLine):
    """Writes the parts of an article; what stands behind a section, inside the one around it, is headed by that one again."""

    PARAGRAPHS = frozenset(("p", "verse-line", "attrib", "disp-quote", "term", "def", "speech", "sig", "license-p"))
    LISTS = frozenset(("list", "def-list"))
    ITEMS = frozenset(("list-item", "def-item"))
    SECTIONS = frozenset(("sec", "app", "ack", "boxed-text", "fn-group", "notes", "glossary", "abstract", "trans-abstract", "bio",
                          "app-group", "statement", "front-matter-part", "foreword", "preface", "dedication", "book-app",
                          "book-app-group", "book-part", "floats-group", "floats-wrap"))  # fmt: skip
    FIGURES = frozenset(("fig", "supplementary-material", "chem-struct-wrap", "media", "fig-group", "table-wrap-group"))
    NAMES: ClassVar[dict[str, str]] = {
        "ack": "Acknowledgements", "fn-group": "Footnotes", "abstract": "Abstract", "trans-abstract": "Abstract",
        "glossary": "Glossary", "app": "Appendix", "book-app": "Appendix", "foreword": "Foreword", "preface": "Preface",
        "notes": "Notes", "floats-group": "Figures and tables", "floats-wrap": "Figures and tables",
    }  # fmt: skip
    BLOCKS = (
        SECTIONS
        | FIGURES
        | PARAGRAPHS
        | LISTS
        | frozenset(("table-wrap", "table", "ref-list", "caption", "fn", "alternatives", "disp-formula"))
    )
    _open: tuple[tuple[int, str], ...] = ()  # headings in force for what is being written
    _shown: tuple[tuple[int, str], ...] = ()  # headings in force by what has been written
    _depth = 2
    _labelled = False  # the label of a list's entry has just been written

    def head(self, text: str, level: int, place: str | None = None) -> None:
        """Write a heading for all that follows until the section ends."""
        self.draft.heading(text, level, place=place)
        self._open = (*self._open, (level, text))
        self._shown = self._open

    def end(self) -> None:
        """End all sections."""
        self._open = ()

    def reopen(self) -> None:
        """Write the heading again of a section that goes on behind another one inside it."""
        if self._shown != self._open:
            level, text = self._open[-1] if self._open else (2, BODY)
            self.draft.heading(text, level)
            self._open = self._shown = self._open or ((level, text),)

    def flush(self) -> None:
        """End the block that is being collected; notes whose marks it holds stand behind it."""
        line = "".join(self._line).strip()
        if line:
            self.reopen()
        if line and UNQUOTED.fullmatch(line):
            self.draft.boilerplate(line, place=self._place)
            self._line = []
        super().flush()
        notes, self.notes = self.notes, []
        for note in notes:
            self.reopen()
            self.draft.paragraph(note, place=self._place)

    def write_parts(self, element: etree._Element, level: int) -> None:
        """Write all that is in an element, its sections from a level on."""
        before = self._depth, self._open
        self._depth = level
        if local_name(element) in self.SECTIONS:
            self.write_section(element)
        else:
            self.write(element)
        self._depth, self._open = before

    def write_section(self, element: etree._Element, title: str = "") -> None:
        """Write a section under its title."""
        self.flush()
        before = self._depth, self._open, self._kind, self._level, self._place
        self._kind, self._level = BlockKind.PARAGRAPH, 0
        if printed := title or self.title_of(element):
            self.head(printed, self._depth, self.places.of(element))
            self._depth += 1
        self.add(element.text)
        for child in element:
            if local_name(child) not in TITLES:
                if local_name(child) in self.BLOCKS:
                    self.flush()
                    self._place = self.places.of(child)
                self._visit(child)
            self.add(child.tail)
        self.flush()
        self._depth, self._open, self._kind, self._level, self._place = before

    def title_of(self, element: etree._Element) -> str:
        """A section's label and title; else what sections of its kind are called."""
        name = local_name(element)
        holder = next(element.iterfind("{*}book-part-meta/{*}title-group"), element)
        captions = [holder, *holder.iterchildren("{*}caption")] if name == "boxed-text" else [holder]
        parts = [
            self.inline(child) for kind in TITLES for part in captions for child in part if local_name(child) == kind
        ]
        printed = " ".join(filter(None, parts))
        if name.endswith("abstract"):
            kind, language = (
                element.get("abstract-type") or "",
                element.get("{http://www.w3.org/XML/1998/namespace}lang"),
            )
            printed = printed or ABSTRACTS.get(kind, f"Abstract ({kind})" if kind else "Abstract")
            return f"{printed} ({language})" if name == "trans-abstract" and language else printed.rstrip(":")
        if local_name(element.getparent()) == "abstract":
            return printed.rstrip(":")
        return printed or self.NAMES.get(name, "")

    def own(self, element: etree._Element, name: str) -> bool:
        """Sections, tables, figures, references and formulas."""
        if name in self.SECTIONS:
            self.write_section(element)
        elif name == "table-wrap":
            self._table_wrap(element)
        elif name == "table":
            self._table(element, "")
        elif name in self.FIGURES:
            self._figure(element)
        elif name == "ref-list":
            self._reference_list(element)
        elif name == "fn" and not "".join(self._line).strip():
            self.flush()
            self.reopen()
            self.draft.paragraph(self.inline(element), place=self.places.of(element))
            self.flush()
        elif name == "title" and local_name(element.getparent()) == "caption" and is_box(element.getparent()):
            pass  # heads the box
        elif name == "label" and local_name(element.getparent()) in self.ITEMS:
            self.add(f"{self.inline(element)} ")
            self._labelled = True
        else:
            return self.own_inline(element, name)
        return True

    def _paragraph(self, element: etree._Element) -> None:
        if self._kind is BlockKind.PARAGRAPH and is_entry(element):
            self.flush()
            self.reopen()
            self.draft.reference(" ".join(self.said(child) for child in element), place=self.places.of(element))
            return
        if self._kind is BlockKind.ITEM and self._labelled:
            self._labelled = False
            self._inside(element)
            self._line.append("\n")
        else:
            self._labelled = False
            super()._paragraph(element)

    def _table_wrap(self, wrap: etree._Element) -> None:
        self.flush()
        caption = " ".join(
            filter(None, (self._caption(each) for each in wrap if local_name(each) in ("label", "caption")))
        )
        for table in wrap.iter("{*}table"):
            if any(local_name(above) == "table" for above in table.iterancestors()):
                continue  # it stands in a cell
            self._table(table, caption)
            caption = ""
        if caption:  # the table is a picture, or set as a list
            self.reopen()
            self.draft.paragraph(caption, place=self.places.of(wrap))
        for child in wrap.iterchildren(etree.Element):
            if local_name(child) == "table-wrap-foot":
                self._foot(child)
            elif local_name(child) not in ("label", "caption", "table", "alternatives"):
                self._visit(child)
                self.flush()

    def _caption(self, element: etree._Element) -> str:
        """A label or caption; each paragraph of a caption on a line of its own."""
        lines = [self.inline(child) for child in element.iterchildren(etree.Element)]
        return "\n".join(filter(None, lines)) if local_name(element) == "caption" and lines else self.inline(element)

    def _table(self, table: etree._Element, caption: str) -> None:
        self.flush()
        self.reopen()
        own = [self.inline(child) for child in table if local_name(child) == "caption"]
        rows = article_rows(table, self)
        self.draft.table(
            " ".join(filter(None, [caption, *own])) or None, rows, place=self.places.of(table), unmarked=True
        )
        self.flush()

    def _foot(self, foot: etree._Element) -> None:
        """Write the notes under a table, a paragraph each."""
        for child in foot.iterchildren(etree.Element):
            if local_name(child) in ("fn-group", "table-wrap-foot"):
                self._foot(child)
            else:
                text = self.inline(child)
                self.draft.paragraph(text, place=self.places.of(child))
                self.flush()

    def _figure(self, figure: etree._Element) -> None:
        """Write a figure's label and title, which lead the paragraphs of its caption, and what else is in it."""
        self.flush()
        if not plain_text(figure):
            return
        self.reopen()
        place = self.places.of(figure)
        captions = [each for each in figure if local_name(each) == "caption"]
        parts = [each for caption in captions for each in caption if local_name(each) not in self.DROPPED]
        titles = [each for each in parts if local_name(each) in TITLES]
        label = " ".join(self.inline(each) for each in figure if local_name(each) == "label")
        head = " ".join(filter(None, [label, *map(self.inline, titles)]))
        block = self.draft.add(head, BlockKind.LABEL if titles else BlockKind.HEADER, place=place)
        lead = (block.start, block.end) if block else None
        rest = [each for each in parts if each not in titles]
        for each in rest:
            if local_name(each) == "p" and not any(local_name(child) in self.LISTS for child in each):
                text = self.inline(each)
                kind = BlockKind.BOILERPLATE if UNQUOTED.fullmatch(text) else BlockKind.PARAGRAPH
                self.draft.add(
                    text, kind, place=self.places.of(each), lead=None if kind is BlockKind.BOILERPLATE else lead
                )
            else:
                self._visit(each)
        for child in figure.iterchildren(etree.Element):
            if local_name(child) not in ("label", "caption"):
                self._visit(child)
        self.flush()

    def _reference_list(self, element: etree._Element) -> None:
        self.flush()
        before = self._depth, self._open
        nested = local_name(element.getparent()) == "ref-list"
        if title := self.title_of(element) or ("" if nested else "References"):
            self.head(title, self._depth, self.places.of(element))
            self._depth += 1
        for child in element:
            if local_name(child) == "ref":
                self._reference(child)
            elif local_name(child) not in ("title", "label"):
                self._visit(child)
        self.flush()
        self._depth, self._open = before

    def _reference(self, reference: etree._Element) -> None:
        number = self.references.number(reference.get("id") or "")
        parts = [child for child in reference.iterchildren(etree.Element) if local_name(child) != "label"]
        entry = " ".join(filter(None, (self.said(child) for child in parts)))
        text = " ".join(filter(None, [number, entry or plain_text(reference)]))
        self.draft.add(text, BlockKind.REFERENCE, place=self.places.of(reference))
        self.notes.clear()


def is_entry(paragraph: etree._Element) -> bool:
    """Whether a paragraph is nothing but a bibliographic entry."""
    outside = (paragraph.text or "") + "".join(child.tail or "" for child in paragraph)
    return len(paragraph) > 0 and not outside.strip() and all(local_name(child) in CITATIONS for child in paragraph)


def is_box(caption: etree._Element) -> bool:
    """Whether a caption is that of a box."""
    return local_name(caption.getparent()) == "boxed-text"
