"""Metadata fields given by name: in front matter, in a corpus row or in a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import TypeAlias, TypeVar

from citewell.readers.dates import parse_date
from citewell.types import Audience, Metadata, SourceClass, fold

NAMES = tuple(field.name for field in fields(Metadata))
SYNONYMS = {
    "class": "source_class",
    "date": "updated",
    "last_updated": "updated",
    "license": "licence",
    "lang": "language",
    "citation": "how_to_cite",
    "status": "review_status",
}
LISTS = ("identifiers", "brand_names", "active_ingredients")  # several values, parted by semicolons
Value: TypeAlias = str | SourceClass | Audience | tuple[str, ...]
Choice = TypeVar("Choice", bound=StrEnum)


def field_name(key: str) -> str | None:
    """The metadata field that a key names; None if it names none."""
    name = key.strip().lower().replace("-", "_").replace(" ", "_")
    name = SYNONYMS.get(name, name)
    return name if name in NAMES else None


def field_value(name: str, value: str) -> Value:
    """Read one value; ValueError says what is permitted."""
    folded = fold(value)
    if name == "source_class":
        return permitted(SourceClass, name, folded)
    if name == "audience":
        return permitted(Audience, name, folded)
    if name == "remarks":
        return (folded,)
    if name in LISTS:
        return tuple(part for each in folded.split(";") if (part := each.strip()))
    if name == "updated":
        found = parse_date(folded)
        if found is None:
            raise ValueError(f"expected a date like 2017-12-28, 2017-12 or 2017 as updated, found “{folded}”")
        return found
    return folded


def permitted(choices: type[Choice], name: str, value: str) -> Choice:
    """The member of an enumeration that a value names."""
    try:
        return choices(value.lower())
    except ValueError:
        names = ", ".join(choices)
        raise ValueError(f"expected one of {names} as {name}, found “{value}”") from None


def lenient_fields(given: Mapping[str, str]) -> dict[str, Value]:
    """Read what a document says of itself: unknown keys are passed over, a wrong value becomes a remark."""
    found: dict[str, Value] = {}
    remarks: list[str] = []
    for key, value in given.items():
        name = field_name(key)
        if name is None or not value.strip():
            continue
        try:
            found[name] = field_value(name, value)
        except ValueError as error:
            remarks.append(f"The document's own metadata: {error}")
    return found | ({"remarks": tuple(remarks)} if remarks else {})


def with_fields(metadata: Metadata, found: Mapping[str, Value]) -> Metadata:
    """Override fields; remarks are added to those that stand there."""
    remarks = metadata.remarks + tuple(found.get("remarks", ()))
    return replace(metadata, **{**found, "remarks": tuple(dict.fromkeys(remarks))})  # type: ignore[arg-type]
