"""A cited page in its own file: the bytes of an indexed PDF, if they are still those that were indexed, and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import links
from app.library import Library
from citewell import CitewellError
from citewell.types import Document, Span

ROOT = "/original/"
SIGNATURE = b"%PDF-"


def address(document: Document, span: Span, page: int) -> str | None:
    """Where the page of a citation can be opened; None for a document that is no PDF."""
    if not document.path.lower().endswith(".pdf"):
        return None
    return f".{ROOT}{links.encode(Span(span.document_id, 0, 0))}#page={page}"


class Originals:
    """ASGI middleware that gives out the files behind citations."""

    def __init__(self, app: ASGIApp, library: Library) -> None:
        self._app, self._library = app, library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a file; pass every other one on."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not path.startswith(ROOT):
            await self._app(scope, receive, send)
            return
        data = await run_in_threadpool(self._bytes, path.removeprefix(ROOT))
        if data is None:
            await PlainTextResponse("This file is not there any more, or has changed since it was indexed.", 404)(
                scope, receive, send
            )
        else:
            await Response(data, media_type="application/pdf", headers={"Content-Disposition": "inline"})(
                scope, receive, send
            )

    def _bytes(self, word: str) -> bytes | None:
        """The bytes of the document that a word names, if it is a PDF as it was indexed."""
        span = links.decode(word)
        try:
            document = self._library.document(span.document_id) if span else None
            data = Path(document.path).read_bytes() if document else b""
        except (CitewellError, OSError):
            return None
        whole = document is not None and hashlib.sha256(data).hexdigest() == document.sha256
        return data if whole and SIGNATURE in data[:1024] else None
