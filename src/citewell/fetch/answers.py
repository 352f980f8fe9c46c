"""What services answer, taken apart with nothing taken on trust, and what is made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from citewell.errors import FetchError, ReadError
from citewell.fetch.client import Answer
from citewell.readers.xml import local_name, parse_xml

SHOWN = 60  # characters of something unexpected


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document's bytes, the address they came from, and what its manifest should say that it doesn't say itself."""

    data: bytes
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """A document that a search found: the name of its file, and how to get it."""

    name: str
    get: Callable[[], Fetched]


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that was not fetched, or a file that was left as it is, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what a search found, in the source's order.

    :param total: Documents that the source says there are, in all parts.
    """

    total: int
    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()
    note: str | None = None  # what else a reader of the report should know


class NotOffered(FetchError):
    """The source gives this document to people in browsers only."""


def json_object(answer: Answer) -> dict[str, Any]:
    """An answer that is a JSON object."""
    try:
        value = json.loads(answer.data)
    except (ValueError, RecursionError) as error:
        raise FetchError(f"expected JSON from {answer.url}, found: {error}") from error
    found: dict[str, Any] = at(value, dict, answer.url)
    return found


def at(value: Any, kind: type[Any], *path: str) -> Any:
    """A value of the kind expected; FetchError where it is of another.

    :param path: Where it stands, for the message.
    """
    if not isinstance(value, kind):
        raise FetchError(f"expected {' › '.join(path)} to be a {kind.__name__}, found {type(value).__name__}")
    return value


def count(value: Any, *path: str) -> int:
    """A number of records, which some services write as a string."""
    if str(value).isascii() and str(value).isdigit() and len(str(value)) < 12:
        return int(value)
    raise FetchError(f"expected {' › '.join(path)} to be a number, found {shown(value)}")


def xml_root(answer: Answer, *names: str) -> etree._Element:
    """The root of an answer in XML that has one of these names."""
    try:
        root = parse_xml(answer.url, answer.data)
    except ReadError as error:
        raise FetchError(str(error)) from error
    if local_name(root) not in names:
        raise FetchError(f"expected <{'> or <'.join(names)}> from {answer.url}, found <{shown(local_name(root))}>")
    return root


def identifier(pattern: re.Pattern[str], value: Any) -> str:
    """An identifier that may become the name of a file; FetchError where it is not of the form that it should have."""
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise FetchError(f"expected an identifier of the form {pattern.pattern}, found {shown(value)}")


def shown(value: Any) -> str:
    """The beginning of something unexpected."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
