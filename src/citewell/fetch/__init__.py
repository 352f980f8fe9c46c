"""Public documents on a drug or disease, copied into a folder: the only part of Citewell that reaches other machines."""

from __future__ import annotations

from citewell.fetch.run import Fetched, fetch

__all__ = ["Fetched", "fetch"]
