"""Where public documents are, and how often each service may be asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Services:
    """Base addresses, and seconds between two requests. Another address serves tests, and mirrors inside a company."""

    openfda: str = "https://api.fda.gov"
    openfda_pause: float = 0.25  # 240 requests a minute without a key (open.fda.gov/apis/authentication)
    dailymed: str = "https://dailymed.nlm.nih.gov/dailymed"
    dailymed_pause: float = 1.0  # no limit is published: our own
    eutils: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    eutils_pause: float = 0.34  # 3 requests a second without a key, 10 with one (NBK25497)
    eutils_pause_with_key: float = 0.11
    bookshelf: str = "https://www.ncbi.nlm.nih.gov/books"
    bookshelf_pause: float = 1.0  # our own
    attempts: int = 5  # at one request
    longest_wait: float = 60.0  # seconds, whatever the service asks for
    timeout: float = 30.0  # seconds without an answer
    most_bytes: int = 64 * 1024 * 1024  # of one answer; what the readers take at most


SERVICES = Services()
