"""Something came in: the page in front reads again, when that disturbs nobody.

Not while somebody types, has just pressed a key or is being asked something.  A list
keeps its mark and how far down it is; the focus stays.
"""

import tkinter
from typing import Any

from desk import asking
from desk.lastread import ONLY_RECORDS

QUIET_MS = 4000
TOUCHED_AT = "::desk_touched_at"
SIGNS = ("<Key>", "<Button>", "<MouseWheel>")
# Messages between stations: no page shows them.
OF_SYNC = {"hello", "receipt", "epoch_change", "tip"}
ROSTER = {"student", "roster_import"}
TYPED_IN = {"TEntry", "Entry", "Text", "TCombobox", "TSpinbox"}


class NewsFlash:
    """`came(tables)` after an exchange, `look()` until the page has read."""

    def __init__(self, window: Any) -> None:
        self._window, self._tk = window, window.root.tk
        self._waiting_page: Any = None
        self._tk.call("set", TOUCHED_AT, 0)
        note = f"set {TOUCHED_AT} [clock milliseconds]"
        for sign in SIGNS:
            if note not in str(self._tk.call("bind", "all", sign)):
                self._tk.call("bind", "all", sign, f"+{note}")

    def came(self, tables: set[str]) -> None:
        """Rows of *tables* came in."""
        if tables & ROSTER:
            self._window.forget_roster()
        if tables - OF_SYNC:
            self._waiting_page = self._window.page
            self.look()

    def wait_for(self, page: Any) -> None:
        """*page* is to read when that disturbs nobody."""
        self._waiting_page = page

    def look(self) -> None:
        """Let the page read if it may now; another one in front has read already."""
        page, window = self._waiting_page, self._window
        if page is None:
            return
        name = next((n for n, made in window.pages.items() if made is page), "")
        if page is not window.page or name not in ONLY_RECORDS:
            self._waiting_page = None
        elif self._is_nobody_disturbed():
            self._waiting_page = None
            self._read(name, page)

    def close(self) -> None:
        """The window goes."""
        self._waiting_page = None

    def _is_nobody_disturbed(self) -> bool:
        window = self._window
        busy = window.person is None or window.cover is not None
        if busy or asking.count() or asking.anything_native() or window.jobs.running:
            return False
        touched = int(self._tk.call("set", TOUCHED_AT))
        now = int(self._tk.call("clock", "milliseconds"))
        return now - touched >= QUIET_MS and not self._is_typing()

    def _is_typing(self) -> bool:
        """Is the cursor in a field with something in it?"""
        try:
            widget = self._window.focus_get()
        except KeyError:  # the list of a combobox: Tk made it by itself
            return True
        if not isinstance(widget, tkinter.Widget):
            return False
        if widget.winfo_class() not in TYPED_IN:
            return False
        if isinstance(widget, tkinter.Text):
            return bool(widget.get("1.0", "end-1c"))
        return bool(widget.get())  # pyright: ignore[reportAttributeAccessIssue]

    def _read(self, name: str, page: Any) -> None:
        window = self._window
        focused = window.focus_get()
        rows = str(window.status.rows.cget("text"))
        window.last_read.refresh(name, page)
        if not window.status.rows.cget("text"):
            window.status.rows.configure(text=rows)
        if focused is not None and window.focus_get() is not focused:
            focused.focus_set()
