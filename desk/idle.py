"""Locks the window when nobody has touched it for a while.

Keys and buttons are noted by Tk alone, without a call to Python.  Of the mouse it is
seen at each look whether it has moved over the window: some widgets keep its motion
to themselves, and it would be told a hundred times a second.
"""

import time
from collections.abc import Callable
from typing import Any

from desk import asking

CHECK_MS = 5000
# Also the releases: some widgets keep the press to themselves.
SIGNS = ("<Key>", "<KeyRelease>", "<Button>", "<ButtonRelease>", "<MouseWheel>")
STIRRED = "::desk_stirred"


class IdleWatch:
    """`look()` every few seconds, which does nothing but look.

    *now* gives seconds that only ever grow.
    """

    def __init__(
        self, window: Any, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._window, self._now, self._tk = window, now, window.root.tk
        self._since = self._looked = now()
        self._timer = ""
        self._pointer = window.winfo_pointerxy()
        note = f"set {STIRRED} 1"
        self._tk.call("set", STIRRED, 1)
        for sign in SIGNS:
            if note not in str(self._tk.call("bind", "all", sign)):
                self._tk.call("bind", "all", sign, f"+{note}")

    def start(self) -> None:
        """Begin to look, and go on with it."""
        self._timer = self._window.after(CHECK_MS, self.start)
        self.look()

    def stop(self) -> None:
        """The window closes."""
        if self._timer:
            self._window.after_cancel(self._timer)
            self._timer = ""

    def look(self) -> None:
        """Lock the window if nothing has stirred in it for the minutes set."""
        now, window = self._now(), self._window
        most = window.settings.idle_minutes * 60
        # The PC has slept: who wakes it is not who left it.
        slept = now - self._looked > most
        stirred = self._has_stirred() and not slept
        self._looked = now
        if stirred or window.person is None or window.cover is not None:
            self._since = now
        # A dialog of the system cannot be hidden: it is locked when that has gone.
        elif most > 0 and now - self._since >= most and not asking.anything_native():
            window.lock()

    def _has_stirred(self) -> bool:
        touched = bool(int(self._tk.call("set", STIRRED)))
        self._tk.call("set", STIRRED, 0)
        before, self._pointer = self._pointer, self._window.winfo_pointerxy()
        moved = self._pointer != before
        return touched or (moved and bool(self._containing(*self._pointer)))

    def _containing(self, x: int, y: int) -> str:
        """Which widget of ours lies there; also a list that Tk made by itself."""
        return str(self._tk.call("winfo", "containing", x, y))
