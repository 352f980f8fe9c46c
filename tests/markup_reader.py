"""Reads HTML back, for the tests of what writes it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class Page(HTMLParser):
    """Collects the text of HTML: all of it, that in elements of each class, and that in <mark>."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.text, self.marked = "", ""
        self.texts: dict[str, list[str]] = {}
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        found = dict(attrs)
        self.open.append((tag, found.get("class") or ""))
        self.tags.add(tag)
        self.links += [found["href"]] if "href" in found else []
        for name in (found.get("class") or "").split():
            self.texts.setdefault(name, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if any(tag == "mark" for tag, _ in self.open):
            self.marked += data
        for _, classes in self.open:
            for name in classes.split():
                self.texts[name][-1] += data
