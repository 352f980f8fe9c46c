"""Which names are believed, of those that users give, that ship, and that documents state, where they disagree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from citewell.lexicon.analysis import analyse, common_words
from citewell.lexicon.names import ABBREVIATION, BRAND, NONE, Alias, without_salt
from citewell.settings import Wording


def believed(
    given: Iterable[Alias], shipped: Iterable[Alias], stated: Mapping[Alias, int], wording: Wording
) -> tuple[Alias, ...]:
    """The names to search by, in this order: those a user gives, those that ship, those the documents state.

    What a user says of a short form or a brand is all there is to it; a line of kind "none" takes a pair out.

    :param stated: With the number of documents that state each.
    """
    given, shipped = tuple(given), tuple(shipped)
    out = {pair(alias) for alias in given if alias.kind == NONE}
    mine = [alias for alias in given if alias.kind != NONE]
    settled = {(alias.name.casefold(), alias.kind) for alias in mine if alias.kind in (BRAND, ABBREVIATION)}
    short_forms = {
        name: form
        for name, form in long_forms(stated, wording).items()
        if (name.casefold(), ABBREVIATION) not in settled
    }
    ours = [
        alias for alias in shipped if (alias.name.casefold(), alias.kind) not in settled and agrees(alias, short_forms)
    ]
    settled |= {(alias.name.casefold(), BRAND) for alias in ours if alias.kind == BRAND}
    theirs = [alias for alias in brands(stated, wording) if (alias.name.casefold(), BRAND) not in settled]
    abbreviations = [Alias(name, form, ABBREVIATION) for name, form in short_forms.items() if form]
    return tuple(without_twins(alias for alias in [*mine, *ours, *theirs, *abbreviations] if pair(alias) not in out))


def pair(alias: Alias) -> frozenset[str]:
    """The two names of an alias, whichever is which."""
    return frozenset((alias.name.casefold(), alias.means.casefold()))


def long_forms(stated: Mapping[Alias, int], wording: Wording) -> dict[str, str]:
    """What each short form means by most documents that define it; empty where they don't agree.

    Forms of the same stems are one ("events", "Event"), written as most documents write it.
    """
    counts: defaultdict[str, defaultdict[tuple[str, ...], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for alias, count in stated.items():
        if alias.kind == ABBREVIATION:
            counts[alias.name][tuple(analyse(alias.means))][alias.means] += count
    found = {}
    for name, forms in counts.items():
        most = max(forms.values(), key=lambda form: (form.total(), form.most_common(1)))
        sure = most.total() > wording.abbreviation_share * sum(form.total() for form in forms.values())
        found[name] = min(most, key=lambda form: (-most[form], form)) if sure else ""
    return found


def agrees(alias: Alias, short_forms: Mapping[str, str]) -> bool:
    """Whether the documents define a short form of the shipped glossary in the same way, or not at all."""
    if alias.kind != ABBREVIATION or alias.name not in short_forms:
        return True
    return set(analyse(alias.means)) <= set(analyse(short_forms[alias.name]))


def brands(stated: Mapping[Alias, int], wording: Wording) -> Iterator[Alias]:
    """The brands of one drug by nearly all documents: one of two drugs is a maker or a trial's arm, an English word is none."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for alias, count in stated.items():
        if alias.kind == BRAND:
            counts[alias.name.casefold()][without_salt(alias.means.casefold())] += count
            written[alias.name.casefold()][alias.name] += count
    for name, generics in counts.items():
        (generic, most), *_ = generics.most_common(1)
        if name != generic and most >= wording.brand_share * generics.total() and name not in common_words():
            yield Alias(min(written[name], key=lambda form: (-written[name][form], form)), generic, BRAND)


def without_twins(aliases: Iterable[Alias]) -> list[Alias]:
    """The aliases, those that differ in capitals only once."""
    kept: dict[tuple[str, str], Alias] = {}
    for alias in aliases:
        kept.setdefault((alias.name.casefold(), alias.means.casefold()), alias)
    return list(kept.values())
