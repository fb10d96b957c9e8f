"""Makes the pages before they are asked for, while nobody presses a key.

A page made by the key that brings it takes four to fifteen frames: its module, its
widgets, their places and windows.  Each of these is a step of its own here, so a key
that comes in the midst of one waits for that one only, and once in a day.  What a page
shows it reads when it is shown, for that would be old by then.

It takes 4 MB a page that nobody may ask for, and no time at the start: it waits until
somebody has signed in and let go of the keys.
"""

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from desk import asking
from desk.pages import pages_of

log = logging.getLogger(__name__)

QUIET_SECONDS = 1.5  # shorter than a pause between two visitors, longer than in typing
STEP_MS = 100
WAIT_MS = 500
STIRRED_AT = "::desk_stirred_at"
SIGNS = ("<Key>", "<Button>", "<MouseWheel>")


class Ahead:
    """`start()` after somebody has signed in; it ends by itself.

    *now* gives seconds that only ever grow.
    """

    def __init__(
        self, window: Any, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._window, self._now = window, now
        self._steps: Iterator[None] = iter(())
        self._timer = ""
        self.is_on = False  # the program sets it; a test's window does without
        self._given_up: set[str] = set()
        self._doing = ""
        self._quiet_since = now()
        self._tk = window.root.tk

    def start(self) -> None:
        """Go through the pages that are not made, and those of another look."""
        self.stop()
        self._steps = self._all_steps()
        if not self.is_on:
            return
        self._note_stirring()
        self._quiet_since = self._now()
        self._timer = self._window.after(WAIT_MS, self._look)

    def stop(self) -> None:
        """The window closes, or nobody is signed in."""
        if self._timer:
            self._window.after_cancel(self._timer)
            self._timer = ""

    def _look(self) -> None:
        self._timer = ""
        if not self._is_quiet():
            self._timer = self._window.after(WAIT_MS, self._look)
        elif self.step():
            self._timer = self._window.after(STEP_MS, self._look)

    def step(self) -> bool:
        """Do the next step; False when none is left.

        An error waits for who calls the page: then it is made again.
        """
        try:
            next(self._steps)
        except StopIteration:
            return False
        except Exception:
            log.warning("not made ahead: %s", self._doing, exc_info=True)
            self._given_up.add(self._doing)
            self._steps = self._all_steps()
        return True

    def _note_stirring(self) -> None:
        """By Tk alone: no key is to wait for a call to Python."""
        self._tk.call("set", STIRRED_AT, 0)
        note = f"set {STIRRED_AT} 1"
        for sign in SIGNS:
            if note not in str(self._tk.call("bind", "all", sign)):
                self._tk.call("bind", "all", sign, f"+{note}")

    def _is_quiet(self) -> bool:
        window, now = self._window, self._now()
        touched = bool(int(self._tk.call("set", STIRRED_AT)))
        self._tk.call("set", STIRRED_AT, 0)
        busy = window.person is None or window.cover is not None
        if touched or busy or asking.count() or window.jobs.running:
            self._quiet_since = now
        return now - self._quiet_since >= QUIET_SECONDS

    # -- the steps ----------------------------------------------------------

    def _all_steps(self) -> Iterator[None]:
        window = self._window
        for page in window.content.stale():
            window.content.freshen(page)
            yield
        for entry in pages_of(window.here):
            if entry.name not in window.pages and entry.name not in self._given_up:
                self._doing = entry.name
                yield from self._make(entry)

    def _make(self, entry: Any) -> Iterator[None]:
        stack = self._window.content
        entry.load()
        yield
        page = self._window.made_page(entry.name)
        yield
        stack.lay_out(page)
        yield
        stack.put_away(page)
        yield
