"""Which format a file is in, by its content; each reader is loaded when first needed."""

from __future__ import annotations

import re

PDF_SIGNATURE = b"%PDF-"
ZIP_SIGNATURE = b"PK\x03\x04"
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml\b|!DOCTYPE\b|[A-Za-z][\w.-]*:?[\w.-]*[\s>/])", re.I)
JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{\"])")
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
XML_SUFFIXES = (".xml", ".nxml", ".spl", ".xhtml")
# What is told apart by content, in this order: (module, what tells it, what reads it).
MARKED_UP = (
    ("spl", "looks_like_spl", "read_spl"),
    ("fhir", "looks_like_fhir", "read_fhir"),
    ("jats", "looks_like_jats", "read_jats"),
    ("pubmed", "looks_like_pubmed", "read_pubmed"),
)
OBJECTS = (("openfda", "looks_like_openfda", "read_openfda"), ("fhir", "looks_like_fhir", "read_fhir"))
ARCHIVES = (
    ("word", "looks_like_word", "read_word"),
    ("sheet", "looks_like_sheet", "read_sheet"),
    ("epub", "looks_like_epub", "read_epub"),
)
