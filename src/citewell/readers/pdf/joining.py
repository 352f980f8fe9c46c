"""Columns and pages joined: a sentence that goes on in the next one is one stretch."""

from __future__ import annotations

from collections.abc import Sequence

from citewell.readers.lines import NUMBER_BULLET
from citewell.readers.pdf.flow import DECORATION, LONG_LINE, Stretch, fills, goes_on, same_size


def flowing(columns: Sequence[list[Stretch]]) -> list[Stretch]:
    """All stretches in reading order, those that go on in the next column or page joined.

    What stands between the two parts, a note below the one or a table above the other, is put before or behind them.
    """
    found: list[Stretch] = []
    for column in columns:
        opened = next((stretch for stretch in column if stretch.starts_column), None)
        ended = next((stretch for stretch in reversed(found) if stretch.ends_column), None)
        if opened and ended and continues(ended, opened):
            place = found.index(ended)
            behind = found[place + 1 :]
            earlier = [each for each in behind if each.first.page <= ended.last.page]
            later = [each for each in behind if each.first.page > ended.last.page]
            ended.lines += opened.lines
            ended.ends_column = opened.ends_column
            rest = [each for each in column if each is not opened]
            found[place:] = [*earlier, ended, *later, *rest]
        else:
            if opened and ended:
                ended.ends_column = False
            found += column
    return found


def continues(ended: Stretch, opened: Stretch) -> bool:
    """Whether the first stretch of a column goes on in the sentence at the end of the one before."""
    last, first = ended.last, opened.first
    counted = opened.sign and not ended.sign and NUMBER_BULLET.match(first.text) and last.text[-1] not in ":;"
    if (
        (opened.sign and not counted)
        or opened.caption
        or not same_size(last, first)
        or first.underlined
        or not goes_on(last)
    ):
        return False
    if last.print.bold != first.print.bold or DECORATION.fullmatch(last.text):
        return False
    opening = first.text.lstrip("(\"'“‘[")[:1]
    if opening.islower() or last.text.endswith("-"):
        return True
    return fills(last) and len(last.text) >= LONG_LINE and not last.print.bold
