"""The sheet of all keys, laid over the page by F1 or Ctrl+/."""

import tkinter

import ttkbootstrap as ttk

from desk import theme
from desk.keymap import WIDGET_KEYS, Key

MOST_COLUMNS = 3


class KeySheet(ttk.Frame):
    """Read from the table of keys, so it cannot say anything else than what works."""

    def __init__(self, master: tkinter.Misc, keys: list[Key]) -> None:
        super().__init__(master, style="Popup.TFrame", padding=1)
        pad = theme.text_width(self, 1)
        inner = ttk.Frame(self)
        inner.pack(fill="both", expand=True)
        ttk.Label(
            inner, text="快捷键一览（F1 或 Esc 关闭，↑↓ 滚动）", style="Heading.TLabel"
        ).pack(side="top", anchor="w", padx=pad, pady=(pad, pad // 2))
        self._area = ttk.ScrolledFrame(inner, padding=(pad, 0, pad, pad))
        self._area.pack(fill="both", expand=True)
        self._lines = [(key.shown, key.text) for key in keys] + list(WIDGET_KEYS)
        self._cells = [self._line(shown, text) for shown, text in self._lines]
        self._lay_out(master, pad)
        for key, step in (("<Up>", -1), ("<Down>", 1), ("<Prior>", -9), ("<Next>", 9)):
            self.bind(key, lambda event, step=step: self._scroll(step))
        self._before = self.focus_get()
        self.focus_set()

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
        self.lift()

    def _scroll(self, step: int) -> str:
        self._area.yview_scroll(step, "units")
        return "break"

    def destroy(self) -> None:
        """Give the focus back to where it was."""
        before = self._before
        super().destroy()
        if before is not None and before.winfo_exists() and before.winfo_viewable():
            before.focus_set()
