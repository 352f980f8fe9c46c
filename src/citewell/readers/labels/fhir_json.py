"""FHIR in JSON → the same in XML; narratives of broken mark-up as browsers understand them."""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree

from citewell.errors import ReadError
from citewell.readers.labels.fhir_meta import F
from citewell.readers.limits import LIMITS
from citewell.readers.xml import parse_xml

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,60}")
UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
XHTML = "{http://www.w3.org/1999/xhtml}"


class FromJson:
    """Makes the XML of a resource in JSON: the two say the same (FHIR R5, section 2.1.6)."""

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        self.count = 0
        self.whole = True  # whether the mark-up of every narrative was

    def root(self, data: bytes) -> etree._Element:
        """The root of a resource."""
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ReadError(f"{self.document_id}: expected FHIR in JSON, found: {error}; export it again") from error
        if not isinstance(value, dict):
            raise ReadError(f"{self.document_id}: expected a FHIR resource in JSON, found a list; export the whole ePI")
        kind = value.get("resourceType")
        root = etree.Element(F + (kind if isinstance(kind, str) and NAME.fullmatch(kind) else "Bundle"))
        self.fill(root, value, 0)
        return root

    def fill(self, element: etree._Element, value: dict[str, Any], depth: int) -> None:
        """Put the properties of an object into an element."""
        for key, entry in value.items():
            for each in entry if isinstance(entry, list) else [entry]:
                self.count += 1
                if depth > LIMITS.xml_depth or self.count > LIMITS.xml_elements:
                    raise ReadError(
                        f"{self.document_id}: expected a FHIR document that people wrote, found a larger one; split it"
                    )
                if key == "div" and isinstance(each, str):
                    element.append(self.narrative(each))
                elif NAME.fullmatch(key) and isinstance(each, dict):
                    self.fill(self.child(element, key, each), each, depth + 1)
                elif NAME.fullmatch(key) and key != "resourceType" and isinstance(each, str | int | float):
                    etree.SubElement(element, F + key).set("value", written(each))

    def child(self, element: etree._Element, key: str, value: dict[str, Any]) -> etree._Element:
        """The element of a property; that of the resource in it, if it is one."""
        child = etree.SubElement(element, F + key)
        kind = value.get("resourceType")
        return etree.SubElement(child, F + kind) if isinstance(kind, str) and NAME.fullmatch(kind) else child

    def narrative(self, text: str) -> etree._Element:
        """A narrative; one of broken mark-up as a browser would understand it."""
        data = text.encode("utf-8", "replace")
        try:
            return parse_xml(self.document_id, data)
        except ReadError:
            repaired = mended_narrative(data)
            if repaired is None:
                raise
            self.whole = False
            return parse_xml(self.document_id, repaired)


def mended_narrative(data: bytes) -> bytes | None:
    """A narrative as a browser would understand it, so that the sections around it stay as they are; None if it has no <div>."""
    try:
        root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))
    except etree.LxmlError:
        return None
    div = None if root is None else root.find(".//div")
    if div is None:
        return None
    div.attrib.pop("xmlns", None)
    mended: bytes = etree.tostring(div, encoding="utf-8", with_tail=False)
    return mended.replace(b"<div", b'<div xmlns="http://www.w3.org/1999/xhtml"', 1)


def written(value: str | float) -> str:
    """A value as XML has it, without the characters that it can't hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return UNWRITABLE.sub("", str(value))
