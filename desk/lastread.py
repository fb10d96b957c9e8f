"""What was so when a page read the database: with all of it the same, it need not read
again to be shown.

Where nothing but the time has moved on, it is shown as it was and reads a moment later:
it is as old then as it would be, had it been in front all the while.
"""

import tkinter
from typing import Any, NamedTuple

from models import clock
from models.base import change_mark

# What these show follows from the database, the minute and who is signed in alone.  The
# others look at folders, at the share, or for printers.
ONLY_RECORDS = {
    *("dashboard", "visits", "cases", "seals", "attendance", "handover", "loans"),
    *("approvals", "calendar", "finding", "plans", "sliptemplates"),
}
# Of the time, these know the day only.
BY_DAY = {"finding", "sliptemplates"}
# Nobody acts on a line of these: where they lead to, and what they write, is read then.
# They are shown as they were, whatever has changed.
TO_LOOK_AT = {"calendar", "ledgers", "sync"}
# Longer than it takes to paint a page, shorter than from one key to the next.
LATER_MS = 120


class _Mark(NamedTuple):
    records: Any
    day: Any
    minute: Any
    person: str


class LastRead:
    """One for a window; it knows the pages by their names."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._marks: dict[str, _Mark] = {}
        self._rows: dict[str, str] = {}
        self._timer = ""
        self._waiting: tuple[str, Any, tkinter.Misc | None] | None = None

    def refresh(self, name: str, page: Any) -> None:
        """Let *page* read now, unless it would read the same as last time."""
        self.stop()
        mark = self._mark(name)
        if mark is not None and mark == self._marks.get(name) and not _looks(name):
            self._show_as_it_was(name, page)
        else:
            self._read(name, page, mark)

    def bring(self, name: str, page: Any) -> None:
        """As `refresh`; but if that does no harm, *page* reads when it is painted."""
        self.stop()
        now, before = self._mark(name), self._marks.get(name)
        if now is None or before is None or not _may_wait(name, before, now):
            self.refresh(name, page)
            return
        self._show_as_it_was(name, page)
        if now != before or _looks(name):
            self._waiting = name, page, None
            self._timer = self._window.after(LATER_MS, self.read_now)

    def note_focus(self) -> None:
        """The page that was brought has given the keyboard to one of its widgets."""
        if self._waiting is not None:
            self._waiting = *self._waiting[:2], self._focus()

    def settle(self) -> None:
        """Something is about to be done on the page in front: it reads before that.

        With the same records it may go on as it is, as a page in front does.
        """
        if self._waiting is None:
            return
        name, page, _ = self._waiting
        self.stop()
        if name in TO_LOOK_AT:
            self._read_in_place(name, page)
        else:
            self._window.autosync.news.wait_for(page)

    def stop(self) -> None:
        """Nothing is read later any more."""
        self._waiting = None
        if self._timer:
            self._window.after_cancel(self._timer)
            self._timer = ""

    @property
    def is_waiting(self) -> bool:
        """Whether the page in front is still to read."""
        return self._waiting is not None

    def forget(self) -> None:
        """What pages hold in memory is no longer so: each reads again."""
        self._marks.clear()

    def keep_rows(self, page: Any) -> None:
        """*page* goes: how many rows it shows is told again when it comes back."""
        for name, made in self._window.pages.items():
            if made is page:
                self._rows[name] = str(self._window.status.rows.cget("text"))

    # -- reading ------------------------------------------------------------

    def _show_as_it_was(self, name: str, page: Any) -> None:
        self._window.status.rows.configure(text=self._rows.get(name, ""))
        if hasattr(page, "bring_again"):
            page.bring_again()

    def _read(self, name: str, page: Any, mark: _Mark | None) -> None:
        self._marks.pop(name, None)
        self._window.status.rows.configure(text="")
        page.refresh()
        # A page that has something to say besides says it every time.
        if mark is not None and not self._window.info.is_shown:
            self._marks[name] = mark

    def read_now(self) -> None:
        """The moment has come; somebody may have gone on, or begun something."""
        if self._waiting is None:
            return
        name, page, focus = self._waiting
        window = self._window
        if page is not window.page or window.person is None or window.cover is not None:
            self.stop()
        elif self._focus() is focus or name in TO_LOOK_AT:
            self.stop()
            self._read_in_place(name, page)
        else:
            self.settle()

    def _read_in_place(self, name: str, page: Any) -> None:
        """The keyboard stays where it is."""
        focus, rows = self._focus(), str(self._window.status.rows.cget("text"))
        self._read(name, page, self._mark(name))
        if not self._window.status.rows.cget("text"):
            self._window.status.rows.configure(text=rows)
        if focus is not None and self._focus() is not focus:
            focus.focus_set()

    def _focus(self) -> tkinter.Misc | None:
        try:
            return self._window.focus_get()
        except KeyError:  # the list of a combobox: Tk made it by itself
            return None

    def _mark(self, name: str) -> _Mark | None:
        if not _looks(name) and name not in ONLY_RECORDS:
            return None
        person, now = self._window.person, clock.now()
        if person is None:
            return None
        minute = None if name in BY_DAY else now.replace(second=0, microsecond=0)
        return _Mark(change_mark(), now.date(), minute, person.uid)


def _looks(name: str) -> bool:
    """Does the page show something else than records?"""
    return name in TO_LOOK_AT and name not in ONLY_RECORDS


def _may_wait(name: str, before: _Mark, now: _Mark) -> bool:
    """Never over midnight, and for nobody else than who saw it."""
    same_eyes = (before.day, before.person) == (now.day, now.person)
    return same_eyes and (before.records == now.records or name in TO_LOOK_AT)
