"""Who hears of each call on the share: it can be stopped there, and seen to hang.

A call on a dead share may last for minutes and nothing can end it.  So the thread that
syncs says before each call that it asks and after it that it was answered, and another
thread sees since when there has been no answer.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from models.progress import Report, unheard

# Enough to say what is lying about.
MOST_STRANGERS = 100

_of_thread = threading.local()


class Lookout:
    """One for an exchange; *now* gives seconds that only ever grow."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        unfinished: dict[str, str] | None = None,
    ) -> None:
        self._report, self._now = unheard, now
        self._unfinished = unfinished
        # Since when (seconds that only grow) a call has not been answered.
        self.asked_at: float | None = None
        # Files of the share that are not this program's, as they were seen.
        self.strangers: set[str] = set()

    @contextmanager
    def watching(self, report: Report) -> Iterator[None]:
        """What this thread does on the share is heard of; *report* may stop it."""
        _of_thread.lookout, self._report = self, report
        try:
            yield
        finally:
            _of_thread.lookout = None

    @contextmanager
    def asking(self, *, even_if_stopped: bool = False) -> Iterator[None]:
        if not even_if_stopped:
            self._report(0, 0, "")
        self.asked_at = self._now()
        try:
            yield
        finally:
            self.asked_at = None

    def may_still_grow(self, path: str, found: str) -> bool:
        """Is a file that is not what its name says to be looked at again first?

        A synced folder shows files while they are still being copied.  What is the
        same at the next exchange (its hash is *found*) grows no more.  Only who comes
        again can wait, and keeps what it saw in *unfinished*.
        """
        if self._unfinished is None or self._unfinished.get(path) == found:
            return False
        self._unfinished[path] = found
        return True

    def note_stranger(self, name: str) -> None:
        if len(self.strangers) < MOST_STRANGERS:
            self.strangers.add(name)


def lookout() -> Lookout:
    """Of this thread; one that nobody hears where there is none."""
    return getattr(_of_thread, "lookout", None) or Lookout()


@contextmanager
def asking(*, even_if_stopped: bool = False) -> Iterator[None]:
    """Around each call on the share: it may be the one that is not answered."""
    with lookout().asking(even_if_stopped=even_if_stopped):
        yield
