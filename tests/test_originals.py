"""The file behind a citation: given out only as it was indexed, only if it is a PDF of the index."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from formats_made import FILES
from invented import invented_library
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from app import links, originals
from app.originals import Originals
from app.security import SecurityHeaders
from citewell import CitewellError
from citewell.types import Document, Metadata, Span

pytestmark = pytest.mark.unit


class OneFile:
    """A library of one file."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.held = Document(
            "guide.pdf", "Text.", Metadata("Guide"), (), path.as_posix(), hashlib.sha256(data).hexdigest()
        )

    def document(self, document_id: str) -> Document:
        if document_id != self.held.id:
            raise CitewellError("expected another document")
        return self.held


@pytest.fixture
def path(tmp_path) -> Path:
    (tmp_path / "guide.pdf").write_bytes(FILES["guideline.pdf"])
    return tmp_path / "guide.pdf"


def client(path: Path, data: bytes) -> TestClient:
    library = OneFile(path, data)
    return TestClient(Starlette(middleware=[Middleware(SecurityHeaders), Middleware(Originals, library=library)]))  # type: ignore[arg-type]


def word(document_id: str) -> str:
    return links.encode(Span(document_id, 0, 0))


def test_a_pdf_is_given_out_as_it_was_indexed(path):
    answer = client(path, path.read_bytes()).get(f"/original/{word('guide.pdf')}")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (
        200,
        "application/pdf",
        path.read_bytes(),
    )
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize(
    "asked", ["", "x", "..%2f..%2fetc%2fpasswd", word("other.pdf"), word("../guide.pdf"), word("/etc/passwd")]
)
def test_nothing_else_is(path, asked):
    answer = client(path, path.read_bytes()).get(f"/original/{asked}")
    assert (answer.status_code, b"changed since it was indexed" in answer.content) == (404, True)


def test_a_file_that_changed_or_is_no_pdf_is_not_given_out(path):
    before = path.read_bytes()
    path.write_bytes(before + b" ")
    assert client(path, before).get(f"/original/{word('guide.pdf')}").status_code == 404
    path.write_bytes(b"<script>")
    assert client(path, b"<script>").get(f"/original/{word('guide.pdf')}").status_code == 404
    path.unlink()
    assert client(path, before).get(f"/original/{word('guide.pdf')}").status_code == 404


def test_only_a_pdf_has_an_address():
    document = invented_library().document(invented_library().documents()[0][0])
    assert originals.address(document, Span(document.id, 3, 9), 2) is None
    address = originals.address(replace(document, path="/docs/guide.pdf"), Span(document.id, 3, 9), 2)
    assert address == f"./original/{word(document.id)}#page=2"
