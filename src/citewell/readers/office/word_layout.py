"""The paragraphs and tables of a Word file → a draft: which headings are how deep, which line is a table's caption."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citewell.readers.draft import Draft
from citewell.readers.headings import has_shape, reads_like_a_sentence
from citewell.readers.office.long_rows import write_table
from citewell.readers.office.word_body import Paragraph, Role, Table
from citewell.readers.office.word_notes import Notes
from citewell.readers.office.word_tables import MOST_TITLE, TITLE
from citewell.readers.recognise import is_label

FIGURE = re.compile(r"(?:fig(?:ure)?s?|abb(?:ildung)?|chart|graph|box)\b", re.I)
# A bold line with one of these words is content, whatever it looks like.
CAUTION = re.compile(
    r"\b(?:not|never|no|avoid|only|stop|must|should|if|warning|caution|contraindicated|seek|call|tell|take|give|keep|use)\b"
    r"|\d\s*(?:mg|mcg|µg|g|ml|%|units?)\b",
    re.I,
)
Part = Paragraph | Table


def write(draft: Draft, parts: Sequence[Part], notes: Notes) -> None:
    """Add a document's parts in their order; notes stand at the end of the section that refers to them."""
    levels = heading_levels(parts)
    captions = table_captions(parts)
    waiting: list[tuple[str, str]] = []
    for at, part in enumerate(parts):
        if at in levels and not notes.references:
            notes.write(draft, waiting)
            waiting = []
        if isinstance(part, Table):
            caption = parts[captions[at]] if at in captions else None
            write_table_with_inner(draft, part, caption.text if isinstance(caption, Paragraph) else None)
        elif at in levels:
            draft.heading(part.text, levels[at], place=part.place)
        elif at not in captions.values():
            write_paragraph(draft, part)
        waiting += part.notes
    notes.write(draft, waiting)


def write_paragraph(draft: Draft, part: Paragraph) -> None:
    """Add what is no heading."""
    if part.role is Role.ITEM:
        draft.item(part.text, part.level, place=part.place)
    elif part.role is Role.CONTENTS:
        draft.boilerplate(part.text, place=part.place)
    elif part.role is Role.REFERENCE:
        draft.reference(part.text, place=part.place)
    else:
        draft.paragraph(part.text, place=part.place)


def write_table_with_inner(draft: Draft, table: Table, caption: str | None) -> None:
    """Add a table, then the tables inside its cells, each called by the row that it stands in."""
    title = "\n".join(text for text in (caption, table.title) if text)
    write_table(draft, title or None, table.rows, table.names, place=table.place)
    for inner in table.inner:
        write_table_with_inner(draft, inner, caption)


def write_margins(draft: Draft, place: str, parts: Sequence[Part], seen: set[str]) -> None:
    """Add what is printed on the margin of every page, each line once."""
    for part in parts:
        lines = [part.text] if isinstance(part, Paragraph) else [" | ".join(row.cells) for row in part.rows]
        for line in lines:
            if line not in seen:
                seen.add(line)
                draft.boilerplate(line, place=place)


def heading_levels(parts: Sequence[Part]) -> dict[int, int]:
    """The level of each heading by its number; 1 is the title, so that there is only one."""
    titles = [at for at, part in enumerate(parts) if isinstance(part, Paragraph) and part.role is Role.TITLE]
    styled = {
        at: part.level for at, part in enumerate(parts) if isinstance(part, Paragraph) and part.role is Role.HEADING
    }
    if not titles and not styled:
        return bold_headings(parts)
    top = min(styled.values(), default=1)
    first = next(iter(styled), None)
    lone = not titles and first is not None and styled[first] == top and list(styled.values()).count(top) == 1
    shift = 1 - top if lone else 2 - top
    levels = {at: level + shift for at, level in styled.items()}
    levels |= {at: 1 if at == titles[0] else 2 for at in titles}
    subtitles = [at for at, part in enumerate(parts) if isinstance(part, Paragraph) and part.role is Role.SUBTITLE]
    return levels | {at: 2 for at in subtitles if titles and at > titles[0]}


def bold_headings(parts: Sequence[Part]) -> dict[int, int]:
    """The headings of a document that has no styles for them: short bold lines above other text."""
    found = [at for at, part in enumerate(parts) if isinstance(part, Paragraph) and is_bold_heading(parts, at)]
    sizes = [part.size for part in parts if isinstance(part, Paragraph)]
    levels = dict.fromkeys(found, 2)
    if found and found[0] == 0 and sizes[0] > max(sizes[1:], default=0):
        levels[0] = 1
    return levels


def is_bold_heading(parts: Sequence[Part], at: int) -> bool:
    """Whether a bold line is a heading and no warning, label or caption."""
    part = parts[at]
    if not isinstance(part, Paragraph) or part.role is not Role.PLAIN or not part.bold:
        return False
    following = parts[at + 1 : at + 3]
    text_follows = any(isinstance(each, Table) or not each.bold for each in following)
    content = CAUTION.search(part.text) or is_label(part.text) or reads_like_a_sentence(part.text)
    return text_follows and has_shape(part.text) and not content and not TITLE.match(part.text)


def table_captions(parts: Sequence[Part]) -> dict[int, int]:
    """For each table the number of the paragraph that is its caption, on the side on which the document has them.

    A caption between two tables is that of the lower one, unless the first table has none above it and the last one
    has one below.
    """
    tables = [at for at, part in enumerate(parts) if isinstance(part, Table)]
    if not tables:
        return {}
    below = caption_at(parts, tables[-1] + 1) and not caption_at(parts, tables[0] - 1)
    near, far = (1, -1) if below else (-1, 1)
    found = {at: at + near for at in tables if caption_at(parts, at + near)}
    lone = {at: at + far for at in tables if at not in found and caption_at(parts, at + far)}
    return found | {at: caption for at, caption in lone.items() if caption not in found.values()}


def caption_at(parts: Sequence[Part], at: int) -> bool:
    """Whether there is a caption at a place."""
    return 0 <= at < len(parts) and is_caption(parts[at])


def is_caption(part: Part) -> bool:
    """Whether a paragraph is a table's caption, by its style or its words."""
    if isinstance(part, Table) or len(part.text) > MOST_TITLE or FIGURE.match(part.text):
        return False
    return part.role is Role.CAPTION or (part.role is Role.PLAIN and TITLE.match(part.text) is not None)
