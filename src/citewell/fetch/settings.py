"""Where public documents are fetched from, and how politely. None of these numbers changes an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """One web service.

    :param base: What its addresses begin with; https, or http to this machine itself.
    :param pause: Seconds from one request to the next; `keyed_pause` with a key.
    :param key: The environment variable that may hold a key.
    """

    base: str
    pause: float
    keyed_pause: float = 0.0
    key: str | None = None


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """The services, and the bounds of one answer."""

    # 240 requests a minute, with a key or without: open.fda.gov/apis/authentication
    openfda: Service = Service("https://api.fda.gov", 0.25, 0.25, "OPENFDA_API_KEY")
    # states no rate; one a second is ours
    dailymed: Service = Service("https://dailymed.nlm.nih.gov/dailymed/services/v2", 1.0, 1.0)
    # 3 requests a second, 10 with a key: www.ncbi.nlm.nih.gov/books/NBK25497
    eutils: Service = Service("https://eutils.ncbi.nlm.nih.gov/entrez/eutils", 0.34, 0.1, "NCBI_API_KEY")
    # no concurrent requests; more than 100 outside of peak hours only: www.ncbi.nlm.nih.gov/books/about/oai
    books: Service = Service("https://api.ncbi.nlm.nih.gov/lit/oai/books", 1.0, 1.0)

    label_page: int = 25  # records of one answer of openFDA; one may have half a megabyte
    list_page: int = 100  # entries of one list of DailyMed (which gives 100 at most) or of the E-utilities
    list_pages: int = 20  # lists looked through at most; sections of one chapter are entries of their own
    answer_bytes: int = 64 * 1024 * 1024  # unpacked; what the readers accept of one file
    connect_seconds: float = 10.0
    silent_seconds: float = 30.0  # without a byte; E-utilities think up to twenty seconds about a hard search
    answer_seconds: float = 180.0  # for one answer from its first byte to its last: 64 MiB at 3 Mbit/s
    tries: int = 5  # of one request
    given_up: int = 3  # requests in a row that failed so often end a run: the service is down
    first_wait: float = 1.0  # seconds before the second try; doubled for each further one
    longest_wait: float = 120.0  # seconds; a service that asks for more is left alone
    redirects: int = 3  # followed within one host
