"""Document → the source panel's HTML: the whole text with its structure, and the cited span marked by its offsets."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app import links, originals
from app.markup import badge, dated, escape, trail
from citewell.types import Block, BlockKind, Document, Metadata, Span, Unit, fold

WINDOW = 60_000  # characters; a longer document is shown around the citation first
STEP = 20_000  # characters shown on each side of the citation, and added by each "show more"
LARGEST_STEPS = 1000  # "show more" presses; enough for the longest document that is read
NUMBERED = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]")
SEPARATOR = re.compile(r"\s*\|\s*|\t+|\s{2,}")
WHITE_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a long document is shown: steps above and below the citation."""

    above: int = 1
    below: int = 1


@dataclass(slots=True)
class _Marker:
    """Cuts stretches of a text into HTML and keeps what it marked, to be checked against the span."""

    text: str
    span: Span
    marked: list[str] = field(default_factory=list)

    def cut(self, start: int, end: int) -> str:
        """text[start:end] as HTML, its white space folded, the part within the span in <mark>."""
        first, last = max(start, self.span.start), min(end, self.span.end)
        if first >= last:
            return self._folded(start, end)
        self.marked.append(self.text[first:last])
        inner = self._folded(first, last)
        return f'{self._folded(start, first)}<mark tabindex="-1">{inner}</mark>{self._folded(last, end)}'

    def is_complete(self, blocks: Sequence[Block]) -> bool:
        """Whether all of the span was marked, and nothing else, but white space and the list signs between blocks."""
        pieces = (
            self.text[max(b.start, self.span.start) : min(b.end, self.span.end)]
            for b in blocks
            if b.start < self.span.end
        )
        wanted = "".join("".join(pieces).split())
        return bool(wanted) and "".join("".join(self.marked).split()) == wanted

    def _folded(self, start: int, end: int) -> str:
        return html.escape(WHITE_SPACE.sub(" ", self.text[start:end]))


def panel_html(
    document: Document,
    units: Sequence[Unit],
    span: Span,
    *,
    today: date,
    is_current: bool = True,
    reach: Reach | None = None,
) -> str:
    """The panel: where the citation stands, what the source is, how to cite it, and its text."""
    unit = next((unit for unit in units if unit.start <= span.start < unit.end), None)
    shown = _window(document, span, reach or Reach())
    marker = _Marker(document.text, span)
    body = _body(document, shown, marker)
    warnings = []
    if not marker.is_complete(document.blocks):
        body = _body(document, shown, _Marker(document.text, Span(span.document_id, 0, 0)))
        warnings.append("The quotation could not be matched to this text exactly, so nothing is highlighted.")
    if not is_current:
        warnings.append("This source's file has changed since it was indexed: what you see is the text as it was then.")
    original = _original(document, unit, span) if is_current else ""
    notices = "".join(f'<p class="cw-warning" role="alert">{escape(warning)}</p>' for warning in warnings)
    text = f"{_more(document, shown, 'above')}{body}{_more(document, shown, 'below')}"
    return (
        f'<article class="cw-panel" data-cid="{links.encode(span)}">{_head(document, unit, span, today)}{original}{notices}'
        f'<div class="cw-doc"{_language(document.metadata)}>{text}</div></article>'
    )


def _original(document: Document, unit: Unit | None, span: Span) -> str:
    """A link to the page in the file itself, where the file has pages."""
    page = unit.page if unit else None
    address = originals.address(document, span, page) if page is not None else None
    if address is None:
        return ""
    return f'<p class="cw-original"><a href="{escape(address)}" target="_blank" rel="noopener">Open page {page} of the PDF</a></p>'


def empty_html() -> str:
    """The panel before a citation was opened."""
    return '<p class="cw-empty">Choose a citation such as [1] to read it in its source.</p>'


def missing_html() -> str:
    """The panel for a citation that the index does not hold."""
    return (
        '<article class="cw-panel"><div class="cw-bar"><h2>Source</h2><button type="button" data-close="1" '
        'aria-label="Close the source">✕</button></div><p class="cw-warning" role="alert" tabindex="-1">This citation is not in '
        "the index that is open now. Ask the question again to get a current one.</p></article>"
    )


def locator(document: Document, unit: Unit | None, span: Span) -> str:
    """The place of a span for people: "Title › section › page 3 · chars 2906-3191"."""
    steps = trail(document.metadata.title, unit.section if unit else (), unit.page if unit else None)
    steps += [unit.place] if unit and unit.place else []
    return f"{' › '.join(steps)} · chars {span.start}-{span.end}"


def _head(document: Document, unit: Unit | None, span: Span, today: date) -> str:
    metadata = document.metadata
    facts = [badge(unit.source_class if unit else metadata.source_class), dated(metadata.updated, today)]
    facts += [f'<span class="cw-status">{escape(metadata.review_status)}</span>'] if metadata.review_status else []
    title, *places = (
        escape(step) for step in trail(metadata.title, unit.section if unit else (), unit.page if unit else None)
    )
    crumbs = ' <span class="cw-sep">›</span> '.join(places)
    steps = (
        '<span class="cw-steps" hidden><button type="button" data-step="-1" aria-label="Previous citation of this answer">‹</button>'
        '<span class="cw-place"></span><button type="button" data-step="1" aria-label="Next citation of this answer">›</button></span>'
    )
    close = '<button type="button" data-close="1" aria-label="Close the source" title="Close (Escape)">✕</button>'
    return (
        f'<div class="cw-bar"><span class="cw-kicker" aria-hidden="true">{title}</span>{steps}{close}</div><header class="cw-head">'
        f'<h2>{title}</h2><p class="cw-crumbs">{crumbs}</p><p class="cw-facts">{" ".join(facts)}</p>'
        f"{_cite(document, unit, span)}</header>"
    )


def _cite(document: Document, unit: Unit | None, span: Span) -> str:
    """How to cite it as printed, the locator, what the source prints of itself; with copy buttons."""
    metadata, place = document.metadata, locator(document, unit, span)
    quotation = fold(document.text[span.start : span.end])
    reference = metadata.how_to_cite or ". ".join(filter(None, (metadata.title, metadata.publisher, metadata.updated)))
    rows = [
        ("How to cite", metadata.how_to_cite or "The source does not say."),
        ("Locator", place),
        ("File", document.id),
    ]
    rows += [(name, value) for name, value in _printed(metadata) if value]
    rows += [("Remark", remark) for remark in metadata.remarks]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return (
        '<p class="cw-copies">'
        f'<button type="button" data-copy="{escape(f"“{quotation}” ({reference}; {place})")}">Copy quotation</button>'
        f'<button type="button" data-copy="{escape(f"{reference} [{place}]")}">Copy citation</button></p>'
        f'<details class="cw-about"><summary>About this source</summary><dl>{listed}</dl></details>'
    )


def _printed(metadata: Metadata) -> list[tuple[str, str | None]]:
    """What the source says of itself, under the names that readers know."""
    audience = metadata.audience.value if metadata.audience else None
    return [
        ("Publisher", metadata.publisher),
        ("Address", metadata.url),
        ("Licence", metadata.licence),
        ("Origin", metadata.origin),
        ("Version", metadata.version),
        ("Brand names", ", ".join(metadata.brand_names)),
        ("Active ingredients", ", ".join(metadata.active_ingredients)),
        ("Identifiers", ", ".join(metadata.identifiers)),
        ("Written for", audience),
    ]


def _language(metadata: Metadata) -> str:
    return f' lang="{escape(metadata.language)}"' if metadata.language else ""


def _window(document: Document, span: Span, reach: Reach) -> range:
    """The numbers of the blocks to show: all of them, or those near the citation in a long document."""
    blocks = document.blocks
    if len(document.text) <= WINDOW:
        return range(len(blocks))
    low, high = span.start - STEP * reach.above, span.end + STEP * reach.below
    near = [number for number, block in enumerate(blocks) if block.end > low and block.start < high]
    return range(near[0], near[-1] + 1) if near else range(0)


def _more(document: Document, shown: range, side: str) -> str:
    hidden = shown.start if side == "above" else len(document.blocks) - shown.stop
    return (
        f'<button type="button" class="cw-more" data-more="{side}">Show more {side}</button>'
        if hidden and len(shown)
        else ""
    )


def _body(document: Document, shown: range, marker: _Marker) -> str:
    """The shown blocks as HTML; neighbours of one kind share a list, a table or a fold."""
    parts, group, page = [], list[int](), None
    for number in shown:
        block = document.blocks[number]
        turns = block.page is not None and block.page != page
        if group and (turns or _family(document.blocks[group[-1]]) != _family(block)):
            parts.append(_group(document, group, marker))
            group = []
        if turns:
            page = block.page
            parts.append(f'<p class="cw-page">Page {page}</p>')
        group.append(number)
    return "".join((*parts, _group(document, group, marker))) if group else "".join(parts)


def _family(block: Block) -> str:
    families = {BlockKind.ITEM: "list", BlockKind.REFERENCE: "list", BlockKind.ROW: "table", BlockKind.HEADER: "table"}
    return families.get(block.kind, block.kind.value)


def _group(document: Document, numbers: Sequence[int], marker: _Marker) -> str:
    blocks = document.blocks
    match _family(blocks[numbers[0]]):
        case "list":
            return f"<ul>{''.join(_item(document, number, marker) for number in numbers)}</ul>"
        case "table":
            return f'<div class="cw-table"><table>{"".join(_row(blocks[n], marker) for n in numbers)}</table></div>'
        case "boilerplate":
            lines = "".join(f"<p>{marker.cut(blocks[n].start, blocks[n].end)}</p>" for n in numbers)
            return f'<details class="cw-boilerplate"><summary>Page furniture, never quoted</summary>{lines}</details>'
        case "heading":
            return "".join(_heading(blocks[n], marker) for n in numbers)
    return "".join(f"<p>{marker.cut(blocks[n].start, blocks[n].end)}</p>" for n in numbers)


def _heading(block: Block, marker: _Marker) -> str:
    level = min(max(block.level, 1) + 2, 6)  # the panel's own title is the h2
    return f"<h{level}>{marker.cut(block.start, block.end)}</h{level}>"


def _item(document: Document, number: int, marker: _Marker) -> str:
    """A list item with its number as printed, or a bullet."""
    block = document.blocks[number]
    before = document.blocks[number - 1].end if number else 0
    printed = document.text[before : block.start].strip()
    style = f' style="margin-inline-start:{min(block.level - 1, 5)}em"' if block.level > 1 else ""
    sign = printed if NUMBERED.fullmatch(printed) else "•"
    return f'<li{style}><span class="cw-sign" aria-hidden="true">{html.escape(sign)}</span>{marker.cut(block.start, block.end)}</li>'


def _row(block: Block, marker: _Marker) -> str:
    """A table row; the signs between its cells stay in the text, out of sight, so that a marked row reads as quoted."""
    tag = "th" if block.kind == BlockKind.HEADER else "td"
    cells, start, opening = list[str](), block.start, ""
    for match in SEPARATOR.finditer(marker.text, block.start, block.end):
        cell = marker.cut(start, match.start())  # cut in the order of the text, as the check of the marks expects
        sign = f'<span class="cw-unseen">{marker.cut(*match.span())}</span>'
        if match.start() == block.start:
            opening = sign
        else:
            cells.append(f"<{tag}>{opening}{cell}{sign}</{tag}>")
            opening = ""
        start = match.end()
    if start < block.end or opening:
        cells.append(f"<{tag}>{opening}{marker.cut(start, block.end)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"
