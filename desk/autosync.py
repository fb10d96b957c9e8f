"""Sync that runs by itself: beside all else, and never in anybody's way.

It has a worker of its own.  An exchange that nobody asked for takes no focus, opens no
dialog and moves nothing that somebody reads; what it came to is told in the status bar.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from desk.jobs import JobCancelled, Jobs
from desk.newsflash import NewsFlash
from desk.syncstate import Activity
from models import clock, readonly, searchindex
from models.base import change_mark
from models.errors import UserError
from models.installation import installation
from models.progress import Report

log = logging.getLogger(__name__)

TICK_MS = 500
# All in seconds.
FIRST = 1.5  # the sign-in screen is there, and its card has been read
EVERY = 60.0
LATEST = 300.0
JITTER = 0.15  # of them: seven PCs switched on together come apart
PROBE = 10.0  # while the share is away, only its marker is looked for
ELSEWHERE = 5.0
SILENT = 15.0  # a piece of 1 MB is through a slow line sooner
LEAVE = 1.5
CLOSE = 0.4


class Outcome(NamedTuple):
    """What an exchange came to."""

    result: Any
    tables: set[str]
    strangers: set[str]


class Listener(NamedTuple):
    """Who asked for an exchange by hand, and is told of it."""

    on_progress: Callable[[int, int, str], None]
    on_done: Callable[[Any], None]
    on_end: Callable[[], None]


def exchange(report: Report, watch: Any) -> Outcome:
    """Sync; then what has come in is read into the search index."""
    from exports.sync import arrived, sync

    end = arrived.end_of_journal()
    with watch.watching(report):
        result = sync(report)
    outcome = Outcome(result, arrived.tables_since(end), watch.strangers)
    try:
        searchindex.catch_up(report=report)
    except JobCancelled:
        pass  # the sync was finished: the index goes on where it stopped
    return outcome


class AutoSync:
    """`look()` twice a second; *now* gives seconds that only ever grow."""

    def __init__(
        self,
        window: Any,
        *,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._window, self._now, self._chance = window, now, chance
        self.jobs = Jobs(window, "sync")
        self._probing = Jobs(window, "probe")
        self.news = NewsFlash(window)
        self.is_on = False  # the program sets it; a test's window does without
        self.strangers: set[str] = set()
        self._timer = self._leaving = ""
        self._due = self._probe_due = 0.0
        self._failures = self._holds = 0
        self._elsewhere = self._failed = False
        self._watch: Any = None
        self._unfinished: dict[str, str] = {}
        self._listener: Listener | None = None
        self._is_asked_again = False
        self._shown: Any = None
        self._then: Callable[[], None] | None = None

    # -- when ---------------------------------------------------------------

    def start(self) -> None:
        """The sign-in screen is there: begin, unless it was begun before."""
        if self.is_on and not self._timer:
            self._due = self._now() + FIRST
            self._timer = self._window.after(TICK_MS, self._tick)

    def soon(self) -> None:
        """Something was done that others should have: exchange as soon as it can be."""
        self._due = self._now()
        self._is_asked_again = self.jobs.running

    def hold(self) -> bool:
        """Keep off the database until `release`; False when one hangs even so."""
        self._holds += 1
        has_ended = self.jobs.close(LEAVE)
        if not has_ended:
            self._holds -= 1
        return has_ended

    def release(self) -> None:
        """The database may be used again."""
        self._holds -= 1

    def _tick(self) -> None:
        self._timer = self._window.after(TICK_MS, self._tick)
        self.look()

    def look(self) -> None:
        """Begin what is due, and show what has changed."""
        if self._window.here is None or self._holds or readonly.is_on():
            return
        self._show()
        self.news.look()
        if self.jobs.running:
            return
        now = self._now()
        if now >= self._due:
            self.run()
        elif self._failures and now >= self._probe_due:
            self._probe()

    def _wait(self, seconds: float) -> None:
        stretch = 1 + JITTER * (2 * self._chance() - 1)
        self._due = self._now() + seconds * stretch

    # -- exchanging ---------------------------------------------------------

    def run(self, listener: Listener | None = None) -> None:
        """Exchange now.  Where one is under way, *listener* is told of it, and of the
        one after it: what was written meanwhile has to go, too."""
        self._listener = listener or self._listener
        if self.jobs.running:
            self._is_asked_again = self._is_asked_again or listener is not None
            return
        if not installation().share and listener is None:
            self._wait(EVERY)
            return
        self._start()

    def _start(self) -> None:
        from exports.sync.lookout import Lookout

        self._is_asked_again = False
        watch = self._watch = Lookout(now=self._now, unfinished=self._unfinished)
        self.jobs.start(
            lambda report: exchange(report, watch),
            on_progress=self._on_progress,
            on_done=self._on_done,
            on_end=self._on_end,
            on_error=self._on_error,
        )
        self._show()

    def cancel(self) -> None:
        """Stop at the next call on the share."""
        self._is_asked_again = False
        self.jobs.cancel()

    def _on_progress(self, done: int, total: int, text: str) -> None:
        if self._listener is not None and text:
            self._listener.on_progress(done, total, text)

    def _on_end(self) -> None:
        self._watch, self._elsewhere = None, False
        self._wait(EVERY)
        if self._is_asked_again and self._then is None:
            return
        if self._listener is not None:
            self._listener.on_end()
        self._window.update_status()

    def _on_done(self, outcome: Outcome) -> None:
        self._failures, self._failed = 0, False
        if outcome.strangers - self.strangers:
            log.info("not ours on the share: %s", sorted(outcome.strangers))
        self.strangers = outcome.strangers
        self.news.came(outcome.tables)
        if self._goes_on():
            return
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.on_done(outcome.result)

    def _goes_on(self) -> bool:
        again = self._is_asked_again and self._then is None and not self._holds
        if again:
            self._start()
        return again

    def _on_error(self, error: BaseException) -> None:
        from exports.sync.share import Unreachable
        from exports.sync.turn import TurnTaken

        self._elsewhere = isinstance(error, TurnTaken)
        self._failed = not isinstance(error, UserError)
        self._is_asked_again = False
        listener, self._listener = self._listener, None
        if self._elsewhere:
            self._wait(ELSEWHERE)
        elif isinstance(error, Unreachable):
            self._failures += 1
            self._wait(min(EVERY * 2 ** (self._failures - 1), LATEST))
            self._probe_due = self._now() + PROBE
        if listener is not None:
            raise error
        if self._failed:
            log.error("exchange failed", exc_info=error)

    def _probe(self) -> None:
        """Is the share back?  Only its marker is read; a hanging call hinders none."""
        self._probe_due = self._now() + PROBE
        share = installation().share
        if share and not self._probing.running:
            self._probing.start(
                lambda report: _read_marker(share),
                on_done=lambda marker: self.soon(),
                on_error=lambda error: None,
                connected=False,
            )

    # -- what is told -------------------------------------------------------

    @property
    def activity(self) -> Activity:
        """What is being done just now."""
        return Activity(
            running=self.jobs.running,
            elsewhere=self._elsewhere,
            unanswered_since=self._unanswered_since(),
            failed=self._failed,
        )

    def _unanswered_since(self) -> datetime | None:
        asked = self._watch.asked_at if self._watch is not None else None
        if asked is None or self._now() - asked < SILENT:
            return None
        since = clock.now() - timedelta(seconds=self._now() - asked)
        return since.replace(second=0, microsecond=0)

    def _show(self) -> None:
        """The status bar and the page about sync, when anything has changed."""
        window = self._window
        if window.person is None:
            return
        minute = clock.now().replace(second=0, microsecond=0)
        shown = (change_mark(), self.activity, minute)
        if shown == self._shown:
            return
        self._shown = shown
        window.show_sync_state()

    # -- the end ------------------------------------------------------------

    def leave(self, then: Callable[[], None]) -> None:
        """Bring over what is not, for a moment at most; then call *then*.

        Called again, it waits no longer.
        """
        if self._then is not None or not self._has_to_send():
            self._leave_now(then)
            return
        self._then = then
        self._window.info.show(
            "正在上传还没有上传的记录，马上关闭。没有传完的留在本机，下次打开接着传，"
            "不会丢失。"
        )
        self.run()
        self._until = self._now() + LEAVE
        self._leaving = self._window.after(TICK_MS // 10, self._look_whether_left)

    def _has_to_send(self) -> bool:
        """Nobody waits where the share is away, or a call on it hangs."""
        if not self.is_on or self._window.here is None or self._holds:
            return False
        from exports.sync import sync_state

        state = sync_state()
        here = installation()
        hangs = self._failures or self._elsewhere or self._unanswered_since()
        is_there = here.share and state.approved and state.away_since is None
        return bool(state.waiting and is_there and not hangs)

    def _look_whether_left(self) -> None:
        self._leaving = ""
        if self.jobs.running and self._now() < self._until:
            self._leaving = self._window.after(TICK_MS // 10, self._look_whether_left)
        elif self._then is not None:
            self._leave_now(self._then)

    def _leave_now(self, then: Callable[[], None]) -> None:
        self._then = None
        self.stop()
        then()

    def stop(self) -> None:
        """The window or the database goes: what hangs is left behind, cancelled, and
        holds nothing any more."""
        for timer in (self._timer, self._leaving):
            if timer:
                self._window.after_cancel(timer)
        self._timer = self._leaving = ""
        self._listener = None
        self.news.close()
        if not self.jobs.close(CLOSE):
            from exports.sync import turn

            log.warning("left behind: an exchange that waits for the share")
            turn.give_up()
        self._probing.close(0)


def _read_marker(share: str) -> None:
    from exports.sync.share import read_marker

    read_marker(Path(share))
