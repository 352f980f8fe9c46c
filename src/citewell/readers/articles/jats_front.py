"""What stands before an article's text and in its head: title, authors, keywords, abstracts, notes, funding."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from citewell.readers.articles.jats_references import plain_text
from citewell.readers.articles.jats_text import ArticleText
from citewell.readers.xml import local_name
from citewell.types import fold

TITLE_GROUPS = ("title-group", "book-title-group")
ENDS = ("?", "!", ".", ":", "—", "–")
PLAIN_NOTES = ("corresp", "present-address", "current-aff", "equal", "other-corresp")


def title_in(meta: etree._Element, text: ArticleText) -> str:
    """The title with its subtitle on one line."""
    group = next(meta.iterchildren(*(f"{{*}}{name}" for name in TITLE_GROUPS)), None)
    if group is None:
        return ""
    text.unmarked = True
    title = next(
        (text.inline(each) for each in group.iterchildren("{*}article-title", "{*}title", "{*}book-title")), ""
    )
    label = next((text.inline(each) for each in group.iterchildren("{*}label")), "")
    title = " ".join(filter(None, [label, title]))
    for subtitle in group.iterchildren("{*}subtitle"):
        title = f"{title}{' ' if title.endswith(ENDS) else ': '}{text.inline(subtitle)}"
    text.unmarked = False
    return title


def write_front(text: ArticleText, meta: etree._Element) -> None:
    """Write title, authors, keywords and abstracts."""
    text.draft.heading(title_in(meta, text), 1, place=text.places.of(meta))
    for group in meta.iter("{*}trans-title-group"):
        text.draft.boilerplate(text.inline(group))
    text.draft.boilerplate(authors_line(meta, text))
    for each in meta.iter("{*}aff"):
        text.draft.boilerplate(affiliation(each, text))
    for each in meta.iterfind("{*}author-notes/{*}corresp"):
        text.draft.boilerplate(text.inline(each))
    for each in meta.iterfind("{*}permissions/*"):
        text.draft.boilerplate(text.inline(each) if local_name(each) in ("copyright-statement", "license") else "")
    for each in meta.iterchildren("{*}product"):
        text.draft.boilerplate(text.said(each))
    for group in meta.iterchildren("{*}kwd-group"):
        name = (
            next((text.inline(each).rstrip(":") for each in group.iterchildren("{*}title", "{*}label")), "")
            or "Keywords"
        )
        words = [text.inline(word) for word in group if local_name(word) in ("kwd", "compound-kwd", "nested-kwd")]
        text.draft.label(f"{name}: {'; '.join(words)}" if words else "", place=text.places.of(group))
    for abstract in meta.iterchildren("{*}abstract", "{*}trans-abstract"):
        text.write_section(abstract)


def authors_line(meta: etree._Element, text: ArticleText) -> str:
    """The names of an article's people, a line for each group."""
    groups = (
        [person_name(each, text) for each in group.iter("{*}contrib")]
        for group in meta.iterchildren("{*}contrib-group")
    )
    return "\n".join(filter(None, (", ".join(filter(None, names)) for names in groups)))


def person_name(contrib: etree._Element, text: ArticleText) -> str:
    """A person's or group's name in the order of the page."""
    for name in contrib.iter("{*}name"):
        parts = (
            plain_text(each) for kind in ("given-names", "surname", "suffix") for each in name.iter(f"{{*}}{kind}")
        )
        return " ".join(filter(None, parts))
    return next((text.inline(each) for each in contrib.iter("{*}string-name", "{*}collab")), "")


def affiliation(element: etree._Element, text: ArticleText) -> str:
    """An affiliation; with commas between its parts where it prints none."""
    if fold((element.text or "") + "".join(child.tail or "" for child in element)):
        return text.inline(element)
    parts = [
        text.said(child) for child in element.iterchildren(etree.Element) if local_name(child) not in ("label", "sup")
    ]
    label = "".join(f"{text.inline(child)} " for child in element if local_name(child) in ("label", "sup"))
    return label + ", ".join(filter(None, parts))


def write_notes(text: ArticleText, meta: etree._Element) -> None:
    """Write what the head says of funding, interests and contributions, unless the article says it itself."""
    notes = [note for note in meta.iterfind("{*}author-notes/{*}fn") if note.get("fn-type") not in PLAIN_NOTES]
    notes += list(meta.iterfind("{*}author-notes/{*}p"))
    told = [(text.places.of(note), text.inline(note)) for note in notes]
    write_told(text, "Author notes", told)
    for note in meta.iterfind("{*}author-notes/{*}fn"):
        if note.get("fn-type") in PLAIN_NOTES:
            text.draft.boilerplate(text.inline(note))
    write_told(text, "Funding", list(funding(text, meta)))
    for custom in meta.iter("{*}custom-meta"):
        name, value = (
            next((text.inline(each) for each in custom.iter(f"{{*}}{kind}")), "")
            for kind in ("meta-name", "meta-value")
        )
        if " " in value:  # a statement, no code of the publisher's
            write_told(text, name, [(text.places.of(custom), value)])


def write_told(text: ArticleText, name: str, told: list[tuple[str, str]]) -> None:
    """Write paragraphs under a heading, without those that stand in the text already."""
    written = fold(text.draft.text())
    fresh = [(place, each) for place, each in told if each and each not in written]
    if fresh:
        text.draft.heading(name, 2)
    for place, each in fresh:
        text.draft.paragraph(each, place=place)


def funding(text: ArticleText, meta: etree._Element) -> Iterator[tuple[str, str]]:
    """(place, statement) of the funding; where there's no statement, each source with its awards."""
    statements = list(meta.iterfind("{*}funding-group/{*}funding-statement"))
    for statement in statements:
        yield text.places.of(statement), text.inline(statement)
    for group in () if statements else meta.iterfind("{*}funding-group/{*}award-group"):
        awards = [plain_text(each) for each in group.iter("{*}award-id")]
        if awards and all(award in text.draft.text() for award in awards):
            continue
        sources = [text.inline(each) for each in group.iter("{*}funding-source")]
        yield text.places.of(group), ": ".join(filter(None, ["; ".join(sources), "; ".join(awards)]))
