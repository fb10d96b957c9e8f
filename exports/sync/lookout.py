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

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._report, self._now = unheard, now
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
