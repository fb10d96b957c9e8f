"""The sheet of all keys, laid over the page by F1 or Ctrl+/."""

import tkinter

import ttkbootstrap as ttk

from desk import theme
from desk.keymap import WIDGET_KEYS, Key


class KeySheet(ttk.Frame):
    """Read from the table of keys, so it cannot say anything else than what works."""

    def __init__(self, master: tkinter.Misc, keys: list[Key]) -> None:
        super().__init__(master, style="Popup.TFrame", padding=1)
        pad = theme.text_width(self, 1)
        inner = ttk.Frame(self, padding=pad)
        inner.pack(fill="both", expand=True)
        ttk.Label(
            inner, text="快捷键一览（F1 或 Esc 关闭）", style="Heading.TLabel"
        ).grid(row=0, column=0, columnspan=4, sticky="w", pady=(0, pad // 2))
        lines = [(key.shown, key.text) for key in keys] + list(WIDGET_KEYS)
        half = (len(lines) + 1) // 2
        for index, (shown, text) in enumerate(lines):
            column, row = divmod(index, half)
            ttk.Label(inner, text=shown, font="DeskBold").grid(
                row=row + 1, column=column * 2, sticky="w", padx=(0, pad), pady=1
            )
            ttk.Label(inner, text=text).grid(
                row=row + 1, column=column * 2 + 1, sticky="w", padx=(0, pad * 2)
            )
        self.place(relx=0.5, rely=0.5, anchor="center")
        self.lift()
