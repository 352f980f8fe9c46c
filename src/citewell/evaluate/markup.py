"""Text → HTML that holds it literally."""

from __future__ import annotations

import html
import re

# HTML has no way to write these; a page shows U+FFFD in their place. Half a pair of surrogates is no character at all.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def escape(text: str) -> str:
    """Text for an element or for an attribute in quotation marks."""
    return html.escape(UNWRITABLE.sub("\ufffd", text))


def isolated(text: str, element: str = "bdi", kind: str = "") -> str:
    """Somebody's words in an element that their direction of writing does not leave."""
    return f'<{element}{f" class={chr(34)}{kind}{chr(34)}" if kind else ""} dir="auto">{escape(text)}</{element}>'


def table(head: str, rows: str, *, caption: str, kind: str = "", hidden: bool = True) -> str:
    """A table in a frame that scrolls by itself where a screen is too narrow, and by keyboard too."""
    shown = ' class="unseen"' if hidden else ""
    return (
        f'<div class="frame" tabindex="0" role="group" aria-label="{escape(caption)}"><table class="{kind}">'
        f"<caption{shown}>{escape(caption)}</caption><thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )


def heads(*names: str) -> str:
    """A row of column heads; a name that ends in "#" heads numbers."""
    return (
        "<tr>"
        + "".join(
            f'<th scope="col"{" class=n" if name.endswith("#") else ""}>{escape(name.rstrip("#"))}</th>'
            for name in names
        )
        + "</tr>"
    )
