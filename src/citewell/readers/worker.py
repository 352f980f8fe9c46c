"""The process that reads: it takes sources one by one and gives what it finds in them. It may be stopped at any moment.

A message is its length in four bytes, then JSON. In: [path, document id, root]. Out: ["file", sha256] once the bytes are
read, then ["document", …] or ["failure", id, reason] for each that they hold, ["alive"] now and then while it takes long, in the end
["end", reason or null].
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from citewell.errors import ReadError
from citewell.readers import Failure, digest_of, pulse, read_source
from citewell.readers.limits import LIMITS
from citewell.readers.source import Source
from citewell.records import document_columns

LENGTH = struct.Struct("!I")


def send(stream: IO[bytes], message: list[Any]) -> None:
    """Write one message."""
    data = json.dumps(message).encode()
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> list[Any] | None:
    """Read one message; None where the other side has gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        return None
    message: list[Any] = json.loads(data)
    return message


def serve(given: IO[bytes], found: IO[bytes]) -> None:
    """Read what is asked for until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.worker_bytes, LIMITS.worker_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pulse.LISTENERS[:] = [partial(send, found, ["alive"])]
    while (message := receive(given)) is not None:
        path, document_id, root = message
        for answer in answers(Source(Path(path), document_id, Path(root))):
            send(found, answer)


def answers(source: Source) -> Iterator[list[Any]]:
    """The messages about one source."""
    reason = None
    try:
        yield ["file", digest_of(source)]
        for entry in read_source(source):
            if isinstance(entry, Failure):
                yield ["failure", entry.document_id, entry.reason]
            else:
                yield ["document", *document_columns(entry)]
    except ReadError as error:
        reason = str(error)
    except RecursionError:
        reason = f"{source.document_id}: expected a file that people wrote, found one nested too deeply; simplify it"
    except MemoryError:
        reason = (
            f"{source.document_id}: expected a file that is read within {LIMITS.worker_bytes >> 20:,} MiB of memory, found "
            "one that needs more; split the file"
        )
    yield ["end", reason]


def main() -> None:
    """Serve over standard input and output; what a library prints goes to standard error instead."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started this, who ends it
    found = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, found)


if __name__ == "__main__":
    main()
