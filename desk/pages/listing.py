"""A page whose list can be searched: it says what was found, and the keys lead in."""

import tkinter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from desk import dialogs
from desk.widgets.page import Page
from desk.widgets.table import ROWS_READ, Table
from models import clock


class ListingPage(Page):
    """Finding is told apart from a list that is empty by itself."""

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._plain_heading: str | Callable[[], str] = ""
        self._plain_empty = ""

    def build_list(self, *, empty: str, **options: Any) -> Table:
        """As for `Page`; Enter and Down lead from the search into the list."""
        table = super().build_list(empty=empty, **options)
        self._plain_empty = empty
        for key in ("<Return>", "<KP_Enter>", "<Down>"):
            self.find_entry.bind(key, self._go_to_list)
        # A swipe while the list has the focus must not open the marked row.
        dialogs.KeyGuard(table.tree).settle()
        table.bind(ROWS_READ, lambda event: self._say_found(), add="+")
        return table

    def show_heading(self, text: str | Callable[[], str], empty: str = "") -> None:
        """What the list is, and why it may be empty; kept back while finding.

        Asked for where it counts rows that are only read when somebody scrolls there.
        """
        self._plain_heading = text
        self._plain_empty = empty or self._plain_empty
        self._say_found()

    def mark(self, record: Any) -> None:
        """Point at the line of *record*: what is done to a line next is to this one."""
        row = self.table.row_of(record)
        self.table.tree.selection_set([row] if row else ())

    def _find(self) -> None:
        super()._find()
        self._say_found()

    def count_text(self, unit: str) -> str:
        """Never more than is known: rows are only read when somebody scrolls there."""
        more = "以上" if self.table.has_more else ""
        return f"{self.table.count:,} {unit}{more}"

    def _say_found(self) -> None:
        sought, plain = self.find_entry.get().strip(), self._plain_heading
        if sought:
            self.heading.configure(text=f"找到 {self.count_text('条')}")
            nothing = f"没有找到“{sought}”，按 Esc 清除。"
            self.table.say_when_empty("正在查找…" if self.table.has_more else nothing)
        else:
            self.heading.configure(text=plain if isinstance(plain, str) else plain())
            self.table.say_when_empty(self._plain_empty)

    def _go_to_list(self, event: tkinter.Event) -> str:
        if self._find_timer:  # typed faster than the list followed
            self.after_cancel(self._find_timer)
            self._find()
        self.table.enter()
        return "break"


def day_text(day: date) -> str:
    """`11-23`; with the year when it is another."""
    return f"{day:%m-%d}" if day.year == clock.today().year else f"{day:%Y-%m-%d}"


def moment_text(at: datetime) -> str:
    """`11-23 10:05`; the day alone when it is of another year."""
    is_this_year = at.year == clock.today().year
    return f"{at:%m-%d %H:%M}" if is_this_year else day_text(at.date())
