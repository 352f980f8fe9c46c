"""Keep an index current: follow the changes of its documents, and bring it up to date after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from watchfiles import watch

from citewell.errors import CitewellError
from citewell.index import Report, build, sources_of

SETTLED = 600  # milliseconds without a change before a run begins: editors write in several steps
LOOKED = 2_000  # milliseconds between looks at whether to stop, or to try again what failed


def keep_current(
    paths: Sequence[Path], *, index: Path, stop: Event | None = None, **how: Any
) -> Iterator[Report | CitewellError]:
    """Build, then build again after each change of the sources; yield what runs did, and why one could not.

    An error of the first run is raised. A later one is yielded once, and the run is tried until it works.

    :param stop: Ends it when set.
    :param how: Further options of `build`, for the first run.
    """
    last: Report | CitewellError = build(paths, index=index, **how)
    yield last
    while not (stop and stop.is_set()):
        for due in changes(index, stop):
            if due or isinstance(last, CitewellError):
                result = attempt(index)
                if is_news(result, last):
                    yield result
                last = result
                if isinstance(last, CitewellError):
                    break  # a folder that was away is only seen again by a new watch


def changes(index: Path, stop: Event | None) -> Iterator[bool]:
    """Yield whether something changed, every few seconds; True first, for what changed before this watch began."""
    folders = {root if root.is_dir() else root.parent for root in sources_of(index)}
    inside = index.absolute()
    seen = watch(
        *(folder for folder in folders if folder.exists()),
        watch_filter=lambda _, path: not Path(path).is_relative_to(inside),
        debounce=SETTLED,
        rust_timeout=LOOKED,
        yield_on_timeout=True,
        stop_event=stop,
    )
    for number, changed in enumerate(seen):
        yield bool(changed) or number == 0


def attempt(index: Path) -> Report | CitewellError:
    """One run; an error is a result, since the next change may mend it."""
    try:
        return build([], index=index)
    except CitewellError as error:
        return error


def is_news(result: Report | CitewellError, last: Report | CitewellError) -> bool:
    """Whether a run's result says something that the last one's did not."""
    if isinstance(result, CitewellError):
        return str(result) != str(last)
    before = last.failed if isinstance(last, Report) else ()
    return bool(
        result.new or result.changed or result.removed or result.failed != before or isinstance(last, CitewellError)
    )
