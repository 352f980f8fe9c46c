"""Which names are believed, of those that users give, that ship, and that documents state, where they disagree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from citewell.lexicon.analysis import analyse, common_words
from citewell.lexicon.names import ABBREVIATION, BRAND, NONE, Alias, without_salt
from citewell.settings import Wording


@dataclass(frozen=True, slots=True)
class Believed:
    """The names to search by.

    :param one_way: Those whose second name does not stand for the first: some documents use the short form otherwise.
    """

    aliases: tuple[Alias, ...]
    one_way: frozenset[Alias]


@dataclass(frozen=True, slots=True)
class LongForm:
    """What most documents that define a short form say, and what share 0..1 of them says so."""

    text: str
    share: float


def believed(
    given: Iterable[Alias], shipped: Iterable[Alias], stated: Mapping[Alias, int], wording: Wording
) -> Believed:
    """The names to search by, in this order: those a user gives, those that ship, those the documents state.

    What a user says of a short form or a brand is all there is to it; a line of kind "none" takes a pair out.

    :param stated: With the number of documents that state each.
    """
    given, shipped = tuple(given), tuple(shipped)
    out = {pair(alias) for alias in given if alias.kind == NONE}
    mine = [alias for alias in given if alias.kind != NONE]
    settled = {(alias.name.casefold(), alias.kind) for alias in mine if alias.kind in (BRAND, ABBREVIATION)}
    forms = {name: form for name, form in long_forms(stated).items() if (name.casefold(), ABBREVIATION) not in settled}
    sure = {name: form for name, form in forms.items() if form.share > wording.abbreviation_share}
    agreed = {name: sure[name].text if name in sure else "" for name in forms}
    ours = [alias for alias in shipped if (alias.name.casefold(), alias.kind) not in settled and agrees(alias, agreed)]
    settled |= {(alias.name.casefold(), BRAND) for alias in ours if alias.kind == BRAND}
    theirs = [alias for alias in brands(stated, wording) if (alias.name.casefold(), BRAND) not in settled]
    theirs += [Alias(name, form.text, ABBREVIATION) for name, form in sure.items()]
    kept = tuple(without_twins(alias for alias in [*mine, *ours, *theirs] if pair(alias) not in out))
    split = {name for name, form in forms.items() if form.share < wording.both_ways_share}
    return Believed(kept, frozenset(a for a in kept if a.kind == ABBREVIATION and a.name in split))


def pair(alias: Alias) -> frozenset[str]:
    """The two names of an alias, whichever is which."""
    return frozenset((alias.name.casefold(), alias.means.casefold()))


def long_forms(stated: Mapping[Alias, int]) -> dict[str, LongForm]:
    """What each short form means by most of the documents that define it, written as most write it."""
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for alias, count in stated.items():
        if alias.kind == ABBREVIATION:
            written[alias.name][alias.means] += count
    return {name: most_given(forms) for name, forms in written.items()}


def most_given(forms: Counter[str]) -> LongForm:
    """The meaning that most documents give, of long forms with the number of documents that give each.

    Forms that share half of their stems are one meaning ("small interfering RNA", "short interfering RNAs").
    """
    if len(forms) == 1:
        return LongForm(next(iter(forms)), 1.0)
    meanings: list[tuple[frozenset[str], Counter[str]]] = []
    for form, count in sorted(forms.items(), key=lambda entry: (-entry[1], entry[0])):
        stems = frozenset(stem.removesuffix("s") for stem in analyse(form))
        same = next((counts for others, counts in meanings if alike(stems, others)), None)
        if same is None:
            meanings.append((stems, Counter({form: count})))
        else:
            same[form] += count
    most = max((counts for _, counts in meanings), key=Counter.total)
    return LongForm(next(iter(most)), most.total() / forms.total())


def alike(stems: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two long forms share half of their stems, or differ in nothing but blanks and hyphens."""
    return 2 * len(stems & others) >= len(stems | others) or sorted("".join(stems)) == sorted("".join(others))


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
