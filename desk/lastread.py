"""What was so when a page read the database: with all of it the same, it need not read
again to be shown."""

from typing import Any

from models import clock
from models.base import change_mark

# What these show follows from the database, the minute and who is signed in alone.  The
# others look at folders, at the share, or for printers.
ONLY_RECORDS = {
    *("dashboard", "visits", "cases", "seals", "attendance", "handover", "loans"),
    *("approvals", "calendar", "finding", "plans", "sliptemplates"),
}


class LastRead:
    """One for a window; it knows the pages by their names."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._marks: dict[str, Any] = {}
        self._rows: dict[str, str] = {}

    def refresh(self, name: str, page: Any) -> None:
        """Let *page* read, unless it would read the same as last time."""
        mark = self._mark(name)
        status = self._window.status.rows
        if mark is not None and mark == self._marks.pop(name, None):
            status.configure(text=self._rows[name])
            if hasattr(page, "bring_again"):
                page.bring_again()
        else:
            status.configure(text="")
            page.refresh()
        # A page that has something to say besides says it every time.
        if mark is not None and not self._window.info.is_shown:
            self._marks[name] = mark

    def forget(self) -> None:
        """What pages hold in memory is no longer so: each reads again."""
        self._marks.clear()

    def keep_rows(self, page: Any) -> None:
        """*page* goes: how many rows it shows is told again when it comes back."""
        for name, made in self._window.pages.items():
            if made is page:
                self._rows[name] = str(self._window.status.rows.cget("text"))

    def _mark(self, name: str) -> Any:
        if name not in ONLY_RECORDS or self._window.person is None:
            return None
        minute = clock.now().replace(second=0, microsecond=0)
        return change_mark(), minute, self._window.person.uid
