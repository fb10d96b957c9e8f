"""Digits as big buttons, for who has a screen to touch and no keyboard."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from desk import theme

ROWS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("清空", "0", "退格"))


class PinPad(ttk.Frame):
    """Writes into the entry that *target* gives; it never takes the focus itself."""

    def __init__(
        self, master: tkinter.Misc, *, target: Callable[[], tkinter.Entry | None]
    ) -> None:
        super().__init__(master)
        self._target = target
        self.buttons: dict[str, ttk.Button] = {}
        pad, gap = theme.text_width(self, 0.8), theme.text_width(self, 0.2)
        for row, words in enumerate(ROWS):
            self.rowconfigure(row, weight=1, uniform="row")
            for column, word in enumerate(words):
                self.columnconfigure(column, weight=1, uniform="column")
                button = ttk.Button(
                    self,
                    text=word,
                    style="Pad.TButton",
                    width=4,
                    takefocus=False,
                    command=lambda word=word: self._press(word),
                )
                button.grid(
                    row=row,
                    column=column,
                    sticky="nsew",
                    padx=gap,
                    pady=gap,
                    ipady=pad // 2,
                )
                self.buttons[word] = button

    def _press(self, word: str) -> None:
        entry = self._target()
        if entry is None:
            return
        entry.focus_set()
        if word == "清空":
            entry.delete(0, "end")
        elif word == "退格":
            entry.delete(max(len(entry.get()) - 1, 0), "end")
        else:
            if entry.selection_present():
                entry.delete("sel.first", "sel.last")
            entry.insert("end", word)
            entry.icursor("end")
