"""Polite requests: one at a time, not too often, tried again when a service is busy, never led to another host."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from urllib.parse import urljoin, urlsplit

import httpx

from citewell.errors import ReadError, UsageError
from citewell.fetch.services import SERVICES, Services

BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
MOST_REDIRECTS = 5


@dataclass(slots=True)
class Client:
    """Requests to one service.

    :param pause: Least seconds between two requests.
    :param wait: Waits so many seconds; tests pass their own.
    """

    base: str
    pause: float
    services: Services = SERVICES
    wait: Callable[[float], None] = time.sleep
    _last: float = -1e9
    _reached: bool = False
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        """Open the connection that all requests share."""
        agent = f"citewell/{version('citewell')} (offline question answering over documents)"
        self._http = httpx.Client(
            timeout=self.services.timeout, headers={"User-Agent": agent}, follow_redirects=False, trust_env=True
        )

    def close(self) -> None:
        """Give the connection up."""
        self._http.close()

    def get(self, path: str, parameters: Mapping[str, str | int] | None = None, *, kinds: tuple[str, ...]) -> bytes:
        """The body of an answer; ReadError where the service gives none of the expected kind, UsageError without a network.

        :param path: Behind the base address.
        :param kinds: What the answer's content type may be: "json", "xml", "html".
        """
        address = f"{self.base}{path}"
        for attempt in range(1, self.services.attempts + 1):
            try:
                status, headers, body = self._once(address, parameters)
            except httpx.TransportError as error:
                if attempt == self.services.attempts:
                    raise self._unreached(error) from error
                self.wait(self._delay(attempt, ""))
                continue
            self._reached = True
            if status not in BUSY or attempt == self.services.attempts:
                return checked(address, status, headers, body, kinds)
            self.wait(self._delay(attempt, headers.get("retry-after", "")))
        raise AssertionError("the last attempt returns or raises")

    def _once(self, address: str, parameters: Mapping[str, str | int] | None) -> tuple[int, httpx.Headers, bytes]:
        """One request, redirects on the same host followed."""
        for _ in range(MOST_REDIRECTS):
            self.wait(max(0.0, self._last + self.pause - time.monotonic()))
            self._last = time.monotonic()
            with self._http.stream("GET", address, params=parameters) as answer:
                target = answer.headers.get("location")
                if answer.is_redirect and target:
                    address, parameters = self._allowed(str(answer.url), target), None
                    continue
                return answer.status_code, answer.headers, self._body(address, answer)
        raise ReadError(f"{address}: expected an answer, found more than {MOST_REDIRECTS} redirects; try again later")

    def _body(self, address: str, answer: httpx.Response) -> bytes:
        body = bytearray()
        for part in answer.iter_bytes():
            body += part
            if len(body) > self.services.most_bytes:
                raise ReadError(
                    f"{address}: expected at most {self.services.most_bytes:,} bytes, found more; download it by hand"
                )
        return bytes(body)

    def _allowed(self, address: str, target: str) -> str:
        """Where a redirect leads, if to the same host and no less safely."""
        found, base = urlsplit(urljoin(address, target)), urlsplit(self.base)
        if found.hostname != base.hostname or found.scheme != base.scheme:
            raise ReadError(
                f"{address}: expected an answer from {base.hostname}, found a redirect to {found.hostname}, not followed"
            )
        return found.geturl()

    def _delay(self, attempt: int, asked: str) -> float:
        """Seconds before the next attempt: what the service asks for, else twice as long each time, with some chance in it."""
        seconds = float(asked) if asked.isdigit() else 2.0 ** (attempt - 1) * random.uniform(0.5, 1.0)
        return min(seconds, self.services.longest_wait)

    def _unreached(self, error: httpx.TransportError) -> Exception:
        host = urlsplit(self.base).hostname
        reason = f"expected to reach {host}, found: {str(error) or type(error).__name__}"
        if self._reached:
            return ReadError(f"{reason}; call it again, and it goes on where it stopped")
        return UsageError(
            f"{reason}. Connect to the network, or copy the documents into a folder by hand and run: citewell index FOLDER"
        )


def checked(address: str, status: int, headers: httpx.Headers, body: bytes, kinds: tuple[str, ...]) -> bytes:
    """The body of an answer that is what was asked for."""
    kind = headers.get("content-type", "")
    if status != httpx.codes.OK:
        raise ReadError(f"{address}: expected an answer, found status {status}; try again later")
    if not any(each in kind for each in kinds):
        raise ReadError(f"{address}: expected {' or '.join(kinds)}, found “{kind}”; try again later")
    announced = headers.get("content-length", "")
    if announced.isdigit() and "content-encoding" not in headers and int(announced) != len(body):
        raise ReadError(f"{address}: expected {announced} bytes, found {len(body)}; call it again")
    return body
