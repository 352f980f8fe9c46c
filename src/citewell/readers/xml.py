"""XML, read safely: no network, no DTD, no entities but the usual characters, no trees that nobody wrote."""

from __future__ import annotations

import re
from collections import defaultdict
from html.entities import name2codepoint

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.limits import LIMITS

DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(\[)?")
NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,31};")
IDENTIFIERS = ("ID", "id", "{http://www.w3.org/XML/1998/namespace}id")


def parse_xml(document_id: str, data: bytes, *, recover: bool = False) -> etree._Element:
    """The root of an XML document; ReadError says what is wrong with it and where.

    :param recover: Read broken mark-up as far as it goes, as browsers do.
    """
    opening = DOCTYPE.search(data[:8192])
    if opening and opening.group(1):
        raise ReadError(
            f"{document_id}: expected XML without declarations of its own, found a DOCTYPE that declares some; remove it"
        )
    if (
        data.count(b"<") > 2 * LIMITS.xml_elements
    ):  # a tag opens, another closes; counted before any memory is taken for them
        raise too_large(document_id)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, strip_cdata=True, recover=recover,
    )  # fmt: skip
    try:
        root = etree.fromstring(with_characters(data), parser)
    except etree.LxmlError as error:
        raise ReadError(
            f"{document_id}: expected well-formed XML, found: {error}; save or download it again"
        ) from error
    except ValueError as error:
        raise ReadError(f"{document_id}: expected XML, found: {error}; save or download it again") from error
    if root is None:
        raise ReadError(f"{document_id}: expected XML, found no element; save or download it again")
    refuse_huge(document_id, root)
    return root


def with_characters(data: bytes) -> bytes:
    """Write the characters that HTML names, and external DTDs declare, as numbers: &nbsp; becomes &#160;."""

    def numbered(match: re.Match[bytes]) -> bytes:
        code = name2codepoint.get(match.group()[1:-1].decode("ascii"))
        return f"&#{code};".encode() if code else match.group()

    return NAMED.sub(numbered, data)


def refuse_huge(document_id: str, root: etree._Element) -> None:
    """Refuse trees that nobody wrote."""
    depth, count = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > LIMITS.xml_depth or count > LIMITS.xml_elements:
            raise too_large(document_id)


def too_large(document_id: str) -> ReadError:
    """What is said of a tree that nobody wrote."""
    return ReadError(
        f"{document_id}: expected at most {LIMITS.xml_elements:,} elements, {LIMITS.xml_depth} deep, found more; split the file"
    )


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class Places:
    """Where elements stand; what is worked out for one is kept for its neighbours.

    "#s4/paragraph[2]" is the second paragraph inside the element with the id s4.
    """

    def __init__(self) -> None:
        self._steps: dict[etree._Element, str] = {}

    def of(self, element: etree._Element) -> str:
        """The steps down to an element from the nearest one above it that has an id, else from the root."""
        steps: list[str] = []
        current: etree._Element | None = element
        while current is not None:
            if name := next((current.get(key) for key in IDENTIFIERS if current.get(key)), None):
                return "/".join([f"#{name}", *reversed(steps)])
            steps.append(self._step(current))
            current = current.getparent()
        return "/" + "/".join(reversed(steps))

    def _step(self, element: etree._Element) -> str:
        """An element's name, with its number among those of that name where there are several."""
        if element not in self._steps:
            parent = element.getparent()
            alike = defaultdict[str, list[etree._Element]](list)
            for child in [element] if parent is None else parent.iterchildren(etree.Element):
                alike[local_name(child)].append(child)
            for name, children in alike.items():
                single = len(children) == 1
                self._steps |= {each: name if single else f"{name}[{n}]" for n, each in enumerate(children, start=1)}
        return self._steps[element]
