"""Requests as their services want them: one at a time, at their rate, tried again with growing pauses, and bounded."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import TracebackType

import httpx

from citewell.errors import FetchError, NoNetwork, UsageError
from citewell.fetch.settings import FetchSettings, Service

JSON = ("application/json",)
XML = ("application/xml", "text/xml")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
BUSY = (408, 425, 429, 500, 502, 503, 504)  # may be over in a moment
MOVED = (301, 302, 303, 307, 308)
PACKED = ("", "identity", "gzip")  # others unpack to sizes that can't be stopped in time


class Busy(Exception):
    """A try failed in a way that may be over in a moment.

    :param wait: Seconds that the service asks for.
    """

    def __init__(self, found: str, wait: float = 0.0) -> None:
        super().__init__(found)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service sent. `url` is the address asked, without a key."""

    url: str
    status: int
    data: bytes


@dataclass(slots=True)
class Client:
    """Asks services. Open it with `with`.

    :param email: Told to NCBI, which writes to it before it shuts a program out.
    """

    settings: FetchSettings = field(default_factory=FetchSettings)
    email: str | None = None
    sleep: Callable[[float], None] = time.sleep
    _last: float = float("-inf")
    _given_up: int = 0  # requests in a row
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        patience = httpx.Timeout(self.settings.silent_seconds, connect=self.settings.connect_seconds)
        headers = {"User-Agent": f"citewell/{version('citewell')}", "Accept-Encoding": "gzip"}
        self._http = httpx.Client(timeout=patience, headers=headers, follow_redirects=False)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def get(
        self, service: Service, path: str, parameters: Mapping[str, str], kinds: Sequence[str], *, absent: bool = False
    ) -> Answer:
        """Ask once more each time that the service is busy; FetchError says what it found instead of an answer.

        :param kinds: Content types that are taken.
        :param absent: Take a 404 for an answer.
        """
        url = address(service, path, parameters)
        found = ""
        for number in range(1, self.settings.tries + 1):
            self._pause(service)
            try:
                answer = self._ask(service, url, kinds, absent=absent)
                self._given_up = 0
                return answer
            except Busy as busy:
                found = str(busy)
                if number < self.settings.tries:
                    self.sleep(self._backing_off(url, number, busy.wait))
        self._given_up += 1
        what = f"expected an answer from {url.host}, found {found}, {self.settings.tries} times; try again later"
        raise FetchError(what) if self._given_up < self.settings.given_up else NoNetwork(what)

    def _pause(self, service: Service) -> None:
        """Keep the service's rate."""
        pause = service.keyed_pause if key_of(service) else service.pause
        early = self._last + pause - time.monotonic()
        if early > 0:
            self.sleep(early)

    def _backing_off(self, url: httpx.URL, number: int, asked: float) -> float:
        """Seconds until the next try: doubled each time and jittered, and never less than the service asks for."""
        longest = self.settings.longest_wait
        if asked > longest:
            raise NoNetwork(
                f"expected {url.host} to answer, found that it wants {asked:.0f} seconds of peace; try then"
            )
        return max(asked, min(longest, self.settings.first_wait * 2.0 ** (number - 1)) * random.uniform(0.75, 1.25))

    def _ask(self, service: Service, url: httpx.URL, kinds: Sequence[str], *, absent: bool) -> Answer:
        """Try once, following redirects within the service's host."""
        target = url.copy_merge_params(secrets_of(service))
        for _ in range(self.settings.redirects + 1):
            try:
                with self._http.stream("GET", target) as response:
                    if response.status_code not in MOVED:
                        return self._answer(url, response, kinds, absent=absent)
                    target = redirected(target, response)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
                raise unreachable(url, error) from error
            except httpx.DecodingError as error:
                raise Busy(f"what can't be unpacked ({error})") from error
            except httpx.TimeoutException as error:
                raise Busy("silence") from error
            except httpx.TransportError as error:
                raise Busy(f"a broken connection ({error})") from error
            finally:
                self._last = time.monotonic()
        raise FetchError(f"expected an answer from {url.host}, found more than {self.settings.redirects} redirects")

    def _answer(self, url: httpx.URL, response: httpx.Response, kinds: Sequence[str], *, absent: bool) -> Answer:
        """What a response holds, if it is one that was asked for."""
        status, headers = response.status_code, response.headers
        if status in BUSY:
            raise Busy(f"{status} {response.reason_phrase}", seconds_asked(headers.get("retry-after", "")))
        if status != 200 and not (absent and status == 404):
            raise FetchError(f"expected {url.host} to answer, found {status} {response.reason_phrase}{hint(status)}")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in kinds:
            raise FetchError(f"expected {' or '.join(kinds)} from {url.host}, found {kind or 'no content type'}")
        if headers.get("content-encoding", "").strip().lower() not in PACKED:
            raise FetchError(f"expected plain or gzip data from {url.host}, found {headers['content-encoding']}")
        return Answer(str(url), status, self._read(url, response))

    def _read(self, url: httpx.URL, response: httpx.Response) -> bytes:
        """A response's body, within its bounds of size and time."""
        most, end = self.settings.answer_bytes, time.monotonic() + self.settings.answer_seconds
        length = response.headers.get("content-length", "")
        data = bytearray()
        for part in () if length.isdigit() and int(length) > most else response.iter_bytes():
            data += part
            if len(data) > most:
                break
            if time.monotonic() > end:
                raise Busy(f"an answer that takes more than {self.settings.answer_seconds:.0f} seconds")
        else:
            if not (length.isdigit() and int(length) > most):
                return bytes(data)
        raise FetchError(f"expected at most {most:,} bytes from {url.host}, found more")


def address(service: Service, path: str, parameters: Mapping[str, str]) -> httpx.URL:
    """The whole address of a request; UsageError where the settings lead out of https."""
    base = httpx.URL(service.base)
    if not base.host or not (base.scheme == "https" or (base.scheme == "http" and base.host in LOOPBACK)):
        raise UsageError(f"expected a base URL with https, found {service.base}; correct the settings")
    return httpx.URL(f"{service.base}/{path}", params=dict(parameters))


def key_of(service: Service) -> str:
    """The key for a service, where the environment holds one."""
    return os.environ.get(service.key, "").strip() if service.key else ""


def secrets_of(service: Service) -> dict[str, str]:
    """What is sent and never written or shown."""
    key = key_of(service)
    return {"api_key": key} if key else {}


def redirected(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Where a response leads to; FetchError where that is another host, port or protocol."""
    try:
        target = url.join(response.headers.get("location", ""))
    except httpx.InvalidURL as error:
        raise FetchError(f"expected an answer from {url.host}, found a redirect to no address ({error})") from error
    if (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
        raise FetchError(f"expected an answer from {url.host}, found a redirect to {target.host}, which isn't followed")
    return target


def unreachable(url: httpx.URL, error: httpx.TransportError) -> NoNetwork:
    """What to say where a host can't be reached."""
    return NoNetwork(
        f"expected to reach {url.host}, found no network ({str(error) or 'no connection in time'}); connect, and run the "
        "same again, or copy the documents into a folder and run: citewell index FOLDER"
    )


def hint(status: int) -> str:
    """What an HTTP status most often means."""
    return "; check the key in the environment" if status in (401, 403) else ""


def seconds_asked(retry_after: str) -> float:
    """The seconds of a Retry-After, which is a number or a date; 0 where it is neither."""
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after[:9])
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (date.astimezone(UTC) - datetime.now(UTC)).total_seconds())
