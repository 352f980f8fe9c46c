"""ZIP archives, read in memory and within limits: nothing is unpacked to the disk, and no bomb goes off."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO

from citewell.errors import ReadError
from citewell.readers.limits import LIMITS

OPENING = 262_144  # bytes by which a format is told
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, IndexError)


class Archive:
    """The members of a ZIP file, by name.

    Names, not contents, are taken from the archive's own list; a member counts by the bytes that it really unpacks to.
    """

    def __init__(self, document_id: str, data: bytes) -> None:
        self.document_id = document_id
        self._left = LIMITS.archive_bytes
        with self._told():
            self._zip = zipfile.ZipFile(BytesIO(data))
            infos = self._zip.infolist()
        if len(infos) > LIMITS.archive_members:
            raise ReadError(
                f"{document_id}: expected at most {LIMITS.archive_members:,} files in the archive, found {len(infos):,}; split it"
            )
        self._infos = {info.filename: info for info in infos if info.filename and not info.is_dir()}
        if any(info.flag_bits & 1 for info in infos):
            raise ReadError(
                f"{document_id}: expected an archive without a password, found an encrypted one; save it without"
            )
        self.names = tuple(sorted(self._infos))

    def read(self, name: str) -> bytes:
        """The bytes of a member; ReadError if it is damaged, or if it and those read before unpack to too much."""
        info = self._infos.get(name)
        if info is None:
            raise ReadError(f"{self.document_id}: expected “{name}” in the archive, found none; save the file again")
        most = min(self._left, LIMITS.file_bytes)
        with self._told(name), self._zip.open(info) as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise ReadError(
                f"{self.document_id}: expected “{name}” to unpack to at most {most:,} bytes, found more; unpack the archive yourself"
            )
        self._left -= len(data)
        return data

    def opening(self, name: str) -> bytes:
        """The first bytes of a member."""
        with self._told(name), self._zip.open(self._infos[name]) as stream:
            return stream.read(OPENING)

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """A member that is read piece by piece, however much it unpacks to."""
        with self._told(name), self._zip.open(self._infos[name]) as stream:
            yield stream

    @contextmanager
    def _told(self, name: str = "") -> Iterator[None]:
        """Say of which archive what zipfile says of a damaged one."""
        try:
            yield
        except BROKEN as error:
            where = f" at “{name}”" if name else ""
            raise ReadError(
                f"{self.document_id}: expected a whole ZIP archive, found a damaged one{where} ({error}); save or download it again"
            ) from error
