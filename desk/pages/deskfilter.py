"""A list of the desks above another list, to look at one desk's rows only."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from desk import theme
from models.desks import desks

EVERY_DESK = "全部窗口"


class DeskFilter(ttk.Frame):
    """`desk_uid` is the chosen desk's; "" for all of them."""

    def __init__(self, master: tkinter.Misc, *, on_change: Callable[[], None]) -> None:
        super().__init__(master)
        self._uids = [""]
        ttk.Label(self, text="窗口", style="Muted.TLabel").pack(side="left")
        self.box = ttk.Combobox(self, state="readonly", width=16)
        self.box.pack(side="left", padx=(theme.text_width(self, 0.5), 0))
        self.box.bind("<<ComboboxSelected>>", lambda event: on_change())
        self.refresh()

    def refresh(self) -> None:
        """Offer the desks there are now; the chosen one stays if it is among them."""
        before, known = self.desk_uid, desks()
        self._uids = ["", *(desk.uid for desk in known)]
        self.box.configure(values=[EVERY_DESK, *(desk.name for desk in known)])
        self.box.current(self._uids.index(before) if before in self._uids else 0)

    def choose(self, desk_uid: str) -> None:
        """Choose a desk by its uid, "" for all; without telling `on_change`."""
        self.box.current(self._uids.index(desk_uid) if desk_uid in self._uids else 0)

    @property
    def desk_uid(self) -> str:
        return self._uids[max(self.box.current(), 0)]
