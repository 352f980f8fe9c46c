"""Articles in JATS, chapters of books in BITS (as PubMed Central and the NCBI Bookshelf give them) → Document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import ClassVar

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.beir import Failure
from citewell.readers.draft import Draft
from citewell.readers.jats_meta import article_meta, head_fields, reference_text
from citewell.readers.narrative import Narrative
from citewell.readers.scripts import superscript
from citewell.readers.source import Source
from citewell.readers.xml import Places, local_name, parse_xml
from citewell.types import BlockKind, Document, fold

OPENING = re.compile(rb"<(?:\w+:)?(?:article|pmc-articleset|book-part-wrapper|book-part|book)[\s>]")
DECLARED = re.compile(rb"JATS|NLM//DTD|BITS|//NLM|article-type=|<front[\s>]|<book-meta|<book-part-meta")
SETS = ("pmc-articleset",)
ARTICLES = ("article", "book-part-wrapper", "book-part", "book")
PICTURE = "□"  # stands for a formula that is given as a picture only
NUMBER = re.compile(r"\d{1,4}")
BRACKETS = ("[", "(", ",", "–", "-", " ", ";")


def looks_like_jats(data: bytes) -> bool:
    """Whether bytes open like an article, a chapter or a set of articles."""
    opening = data[:65536]
    return OPENING.search(opening) is not None and DECLARED.search(opening) is not None


def read_jats(source: Source, data: bytes) -> Iterator[Document | Failure]:
    """Read an article or chapter, or each article of a set."""
    root = parse_xml(source.document_id, data)
    if local_name(root) not in SETS:
        yield read_article(source, data, root, source.document_id)
        return
    articles = [each for each in root if local_name(each) == "article"]
    if not articles:
        raise ReadError(f"{source.document_id}: expected articles in the set, found none; download it again")
    for number, article in enumerate(articles, start=1):
        identifiers = {
            each.get("pub-id-type"): fold("".join(each.itertext())) for each in article.iter("{*}article-id")
        }
        name = next(
            (identifiers[kind] for kind in ("pmcid", "pmc", "pmid", "doi") if identifiers.get(kind)), str(number)
        )
        try:
            yield read_article(source, etree.tostring(article), article, f"{source.document_id}/{name}")
        except ReadError as error:
            yield Failure(f"{source.document_id}/{name}", str(error))


def read_article(source: Source, data: bytes, root: etree._Element, document_id: str) -> Document:
    """Read one article: title, abstracts, body, what stands behind it, and its references."""
    if local_name(root) not in ARTICLES:
        raise ReadError(f"{document_id}: expected an article, found <{local_name(root)}>; download it again")
    meta = article_meta(root)
    draft = Draft(document_id)
    text = ArticleText(draft, Places(), root)
    text.write_front(meta)
    for part in chain(children(root, "body"), *(children(each, "body") for each in children(root, "book-part"))):
        text.write_sections(part, 2)
    for group in root.iterchildren("{*}floats-group", "{*}floats-wrap"):
        draft.heading("Figures and tables", 2)
        text.write_sections(group, 3)
    for back in root.iter("{*}back"):
        if back.getparent() is root or local_name(back.getparent()) == "book-part":
            text.write_sections(back, 2)
    for part in root.iterchildren("{*}sub-article", "{*}response"):
        text.write_part(part)
    fields = head_fields(root, meta)
    if holes := text.holes():
        fields["remarks"] = (*fields.get("remarks", ()), holes)
    place = Source(source.path, document_id, source.root)
    return draft.document(place, data, fields)


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of a name, whatever its namespace."""
    return (child for child in element if local_name(child) == name)


class ArticleText(Narrative):
    """The text of an article's sections, tables, figures and references."""

    PARAGRAPHS = frozenset(("p", "verse-line", "attrib", "disp-quote", "term", "def", "speech"))
    LISTS = frozenset(("list", "def-list"))
    ITEMS = frozenset(("list-item", "def-item"))
    DROPPED = frozenset(("col", "colgroup", "graphic", "inline-graphic", "media", "object-id", "alt-text", "long-desc", "label-none",
                         "processing-meta", "permissions", "contrib-group", "self-uri", "index-term"))  # fmt: skip
    SECTIONS = frozenset(("sec", "app", "ack", "boxed-text", "fn-group", "notes", "glossary", "abstract", "trans-abstract", "bio",
                          "app-group", "sub-sec", "statement"))  # fmt: skip
    NAMES: ClassVar[dict[str, str]] = {
        "ack": "Acknowledgements",
        "fn-group": "Footnotes",
        "abstract": "Abstract",
        "trans-abstract": "Abstract",
    }

    def __init__(self, draft: Draft, places: Places, root: etree._Element) -> None:
        super().__init__(draft, places)
        self._references = {each.get("id"): each for each in root.iter("{*}ref") if each.get("id")}
        self._cited: dict[str, str] = {}
        self._missing: dict[str, None] = {}
        self._depth = 2
        for mark in root.iter("{*}xref"):
            printed = fold("".join(mark.itertext())).strip("[]()")
            for target in (mark.get("rid") or "").split():
                if mark.get("ref-type") == "bibr" and NUMBER.fullmatch(printed):
                    self._cited.setdefault(target, printed)
                    if target not in self._references:
                        self._missing[printed] = None

    def holes(self) -> str | None:
        """A remark on the marks whose entries the list lacks; None without any."""
        if not self._missing:
            return None
        marks = ", ".join(f"[{mark}]" for mark in self._missing)
        return f"The text cites {marks}; its reference list has no such entry."

    def write_front(self, meta: etree._Element | None) -> None:
        """Write title, abstracts and keywords."""
        if meta is None:
            return
        for title in meta.iter("{*}article-title", "{*}title"):
            if local_name(title.getparent()) == "title-group" or local_name(title.getparent()) == "book-title-group":
                self.draft.heading(self.inline(title), 1, place=self.places.of(title))
                break
        for abstract in meta.iterchildren("{*}abstract", "{*}trans-abstract"):
            self.write_section(abstract, 2)
        for group in meta.iterchildren("{*}kwd-group"):
            words = [self.inline(word) for word in group.iter("{*}kwd")]
            self.draft.label(f"Keywords: {'; '.join(words)}" if words else "")

    def write_part(self, part: etree._Element) -> None:
        """Write a letter or reply that is published with an article."""
        stub = next(iter(part.iterchildren("{*}front-stub", "{*}front")), None)
        title = next(stub.iter("{*}article-title"), None) if stub is not None else None
        self.draft.heading(self.inline(title) if title is not None else "Reply", 2)
        for body in children(part, "body"):
            self.write_sections(body, 3)

    def write_sections(self, element: etree._Element, level: int) -> None:
        """Write all that is in an element, sections inside it from a level on."""
        before, self._depth = self._depth, level
        self.write(element)
        self._depth = before

    def write_section(self, element: etree._Element, level: int) -> None:
        """Write a section under its title."""
        self.flush()
        name = local_name(element)
        label = next((self.inline(each) for each in children(element, "label")), "")
        title = next((self.inline(each) for each in children(element, "title")), "")
        printed = " ".join(filter(None, [label, title])) or self.NAMES.get(name.removeprefix("trans-"), "")
        if printed:
            self.draft.heading(printed, level, place=self.places.of(element))
        before, self._depth = self._depth, level + bool(printed)
        self._place = self.places.of(element)
        for child in element:
            if local_name(child) not in ("title", "label", "sec-meta"):
                self._visit(child)
        self.flush()
        self._depth = before

    def own(self, element: etree._Element, name: str) -> bool:
        """Sections, tables, figures, references and formulas."""
        if name in self.SECTIONS:
            self.write_section(element, self._depth)
        elif name == "table-wrap":
            self._table_wrap(element)
        elif name in ("fig", "supplementary-material", "chem-struct-wrap"):
            self._figure(element)
        elif name == "ref-list":
            self._reference_list(element)
        elif name == "fn":
            self.flush()
            self.draft.paragraph(self.inline(element), place=self.places.of(element))
        elif name == "disp-formula":
            self._line.append("\n")
            self._formula(element)
            self._line.append("\n")
        else:
            return self.own_inline(element, name)
        return True

    def own_inline(self, element: etree._Element, name: str) -> bool:
        """Marks, names, formulas and notes inside a line."""
        if name == "xref" and element.get("ref-type") == "bibr":
            self._mark(element)
        elif name == "xref" and element.get("ref-type") in ("fn", "table-fn") and self.so_far():
            self.add(superscript(self.inline(element), self.so_far()))
        elif name in ("inline-formula", "disp-formula"):
            self._formula(element)
        elif name == "name":
            parts = [
                self.inline(each) for kind in ("surname", "given-names", "suffix") for each in children(element, kind)
            ]
            self.add(" ".join(parts))
        elif name == "fn":
            self.add(f" {self.inline(element)} ")
        else:
            return False
        return True

    def _mark(self, element: etree._Element) -> None:
        """A reference mark as printed; one that its style sheet would raise is raised, so that no number grows by it."""
        text, before = self.inline(element), self.so_far()
        bare = NUMBER.fullmatch(text) and before and not before.endswith(BRACKETS)
        self.add(superscript(text, before) if bare and local_name(element.getparent()) != "sup" else text)

    def _formula(self, element: etree._Element) -> None:
        """A formula's mathematical mark-up as text, else its TeX; where it is a picture, the sign of one."""
        found = next(chain(element.iter("{*}math"), element.iter("{*}tex-math"), [element]))
        before, self._line = self._line, []
        self._flat(found)
        text, self._line = fold("".join(self._line)), before
        self.add(f" {text or PICTURE} ")

    def _table_wrap(self, wrap: etree._Element) -> None:
        self.flush()
        caption = " ".join(self.inline(each) for each in wrap if local_name(each) in ("label", "caption"))
        for table in wrap.iter("{*}table"):
            self.table(table, caption or None)
            caption = ""
        if caption:  # the table is a picture
            self.draft.paragraph(caption, place=self.places.of(wrap))
        for foot in children(wrap, "table-wrap-foot"):
            before, self._depth = self._depth, 6
            self.write_notes(foot)
            self._depth = before

    def write_notes(self, foot: etree._Element) -> None:
        """Write the notes under a table, a paragraph each."""
        for note in foot.iter("{*}p"):
            label = next((self.inline(each) for each in children(note.getparent(), "label")), "")
            text = " ".join(filter(None, [label if note.getprevious() is None or local_name(note.getprevious()) == "label" else "",
                                          self.inline(note)]))  # fmt: skip
            self.draft.paragraph(text, place=self.places.of(note))

    def _figure(self, figure: etree._Element) -> None:
        self.flush()
        label = next((self.inline(each) for each in children(figure, "label")), "")
        lines: list[str] = []
        for caption in children(figure, "caption"):
            lines += [self.inline(each) for each in caption if local_name(each) in ("title", "p")]
        text = " ".join(filter(None, [label, *lines]))
        self.draft.paragraph(text, place=self.places.of(figure))

    def _reference_list(self, element: etree._Element) -> None:
        self.flush()
        title = next((self.inline(each) for each in children(element, "title")), "")
        self.draft.heading(title or "References", self._depth, place=self.places.of(element))
        for child in element:
            if local_name(child) == "ref-list":
                self._reference_list(child)
            elif local_name(child) == "ref":
                self._reference(child)

    def _reference(self, reference: etree._Element) -> None:
        label = next((self.inline(each) for each in children(reference, "label")), "")
        number = label.strip("[]. ") or self._cited.get(reference.get("id") or "", "")
        entry = " ".join(reference_text(each, self.inline) for each in reference if local_name(each) != "label")
        shown = f"{number}. {entry}" if NUMBER.fullmatch(number) else " ".join(filter(None, [label, entry]))
        self.draft.add(shown, BlockKind.REFERENCE, place=self.places.of(reference))
