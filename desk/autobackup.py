"""The daily backup: by itself, on a worker of its own, while the window is open."""

import logging
from collections.abc import Callable
from typing import Any

from desk.jobs import Jobs, Task
from models import readonly, storage

log = logging.getLogger(__name__)

FIRST_MS = 60_000  # the morning's first visitor comes before it
EVERY_MS = 15 * 60_000


class AutoBackup:
    """`start()` once somebody has signed in; `now()` whenever somebody wants to."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._jobs = Jobs(window)  # neither sync nor an export waits for it
        self._timer = ""
        self._heard: list[Callable[[], None]] = []
        self.is_on = False  # the program sets it; a test's window does without

    @property
    def running(self) -> bool:
        return self._jobs.running

    def listen(self, on_end: Callable[[], None]) -> None:
        """Call *on_end* after every backup, good or not."""
        self._heard.append(on_end)

    def start(self) -> None:
        """Look from time to time whether one is due."""
        if self.is_on and not self._timer:
            self._timer = self._window.after(FIRST_MS, self._look)

    def _look(self) -> None:
        self._timer = self._window.after(EVERY_MS, self._look)
        self.when_due()

    def when_due(self) -> None:
        """Back up if today's is not made yet; quietly, whatever comes of it."""
        from exports.backup import back_up_if_due

        if not (self.running or readonly.is_on() or storage.on_server()):
            self._start(back_up_if_due)

    def now(self) -> None:
        """Back up; what went wrong is in the state, which the settings show."""
        from exports.backup import back_up

        self._start(back_up)

    def _start(self, task: Task) -> None:
        self._jobs.start(
            task,
            on_done=lambda state: None,
            on_end=self._on_end,
            on_error=self._on_error,
        )

    def cancel(self) -> None:
        """Ask a backup to stop; nothing of it stays."""
        self._jobs.cancel()

    def _on_error(self, error: BaseException) -> None:
        """It could not even be put down how it went: the disk is full."""
        log.warning("no backup: %s", error)

    def _on_end(self) -> None:
        for on_end in self._heard:
            on_end()

    def stop(self) -> None:
        """The window goes."""
        if self._timer:
            self._window.after_cancel(self._timer)
            self._timer = ""
        self._jobs.close()
