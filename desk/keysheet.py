"""The sheet of all keys, laid over the page by Ctrl+/."""

import tkinter

import ttkbootstrap as ttk

from desk.keymap import WIDGET_KEYS, Key
from desk.sheet import Sheet
from desk.widgets.scrolling import Scrolled

MOST_COLUMNS = 3
LINES_A_PAGE = 9


class KeySheet(Sheet):
    """Read from the table of keys, so it cannot say anything else than what works."""

    def __init__(self, master: tkinter.Misc, keys: list[Key]) -> None:
        super().__init__(master, "快捷键一览（Ctrl+/ 或 Esc 关闭，↑↓ 滚动）")
        pad = self.pad
        self._area = Scrolled(self.inner, padding=(pad, 0, pad, pad))
        self._area.pack(fill="both", expand=True)
        self._lines = [(key.shown, key.text) for key in keys] + list(WIDGET_KEYS)
        self._cells = [self._line(shown, text) for shown, text in self._lines]
        self._lay_out(master, pad)
        self.take_keys(self)

    def _line(self, shown: str, text: str) -> tuple[ttk.Label, ttk.Label]:
        return (
            ttk.Label(self._area, text=shown, font="DeskBold"),
            ttk.Label(self._area, text=text),
        )

    def _lay_out(self, master: tkinter.Misc, pad: int) -> None:
        """As many columns as fit into the window; the rest scrolls."""
        widest = max(
            key.winfo_reqwidth() + text.winfo_reqwidth() for key, text in self._cells
        )
        room = master.winfo_width() - pad * 4
        columns = max(1, min(MOST_COLUMNS, room // (widest + pad * 3)))
        rows = -(-len(self._cells) // columns)
        for index, (key, text) in enumerate(self._cells):
            column, row = divmod(index, rows)
            key.grid(row=row, column=column * 2, sticky="w", padx=(0, pad), pady=1)
            text.grid(row=row, column=column * 2 + 1, sticky="w", padx=(0, pad * 2))
        self.update_idletasks()
        wide = self._area.winfo_reqwidth() + pad * 3
        high = self._area.winfo_reqheight() + pad * 4
        if high < master.winfo_height() - pad:
            self._area.hide_scrollbars()
        self.place(
            relx=0.5,
            rely=0.5,
            anchor="center",
            width=min(wide, master.winfo_width() - pad),
            height=min(high, master.winfo_height() - pad),
        )

    def scroll(self, step: int, unit: str) -> None:
        lines = LINES_A_PAGE if unit == "pages" else 1
        self._area.yview_scroll(step * lines, "units")

    def scroll_to(self, end: float) -> None:
        self._area.yview_moveto(end)
