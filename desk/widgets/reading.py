"""Text to read, in lines broken as Chinese is.

Tk breaks at spaces, which Chinese has few of, or anywhere, before a comma too.
"""

import tkinter
from tkinter import font
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.wording import folded


class Words(ttk.Label):
    """A few lines that only tell something; `fit` breaks them for another width."""

    def __init__(self, master: tkinter.Misc, **options: Any) -> None:
        super().__init__(master, justify="left", **options)
        self.said, self._room = "", 0

    def say(self, text: str) -> None:
        """Show *text*."""
        if text != self.said:
            self.said = text
            self._write()

    def wrap_at(self, room: int) -> None:
        """In so many pixels of the font there is now."""
        self._room = room
        self._write()

    def _write(self) -> None:
        face = ttk.Style().lookup(self.cget("style"), "font") or "TkDefaultFont"
        measure = font.nametofont(str(face), root=self).measure
        shown = folded(self.said, self._room, measure) if self._room > 1 else self.said
        self.configure(text=shown)


def lie_flat(text: ttk.Text) -> None:
    """On the ground of the page, as the lane of its scrollbar is, in any colours."""

    def paint() -> None:
        if text.winfo_exists():
            text.configure(background=theme.colour("bg"))

    paint()
    # When idle: ttkbootstrap has then painted it as a field.
    text.bind("<<ThemeChanged>>", lambda event: text.after_idle(paint), add="+")


def show_bar_of_text(area: ttk.ScrolledText) -> None:
    """Only when something is below; its lane is always there: nothing moves."""
    if not area.winfo_exists():
        return
    if area.text.yview() == (0.0, 1.0):
        area.hide_scrollbars()
    else:
        area.show_scrollbars()


class Reading(ttk.ScrolledText):
    """`say(text)` shows it; the scrollbar comes only when there is something below."""

    def __init__(self, master: tkinter.Misc, *, height: int) -> None:
        super().__init__(master, height=height, width=30, wrap="char", auto_hide=False)
        self.said = ""
        self._room = 0
        self.hide_scrollbars()
        self.text.configure(state="disabled", takefocus=False, font="TkDefaultFont")
        lie_flat(self.text)
        self.text.bind("<Configure>", self._on_resized, add="+")

    def say(self, text: str) -> None:
        """Show *text*, from its beginning."""
        self.said = text
        self._write()

    def fit(self) -> None:
        """Measure again, for another size of the font."""
        self._write()

    def fit_height(self, least: int, most: int) -> None:
        """As high as its lines, within limits."""
        lines = int(self.text.index("end-1c").split(".")[0])
        self.text.configure(height=max(least, min(most, lines)))

    def _on_resized(self, event: tkinter.Event) -> None:
        edge = 2 * (int(str(self.text["padx"])) + 1)
        if event.width - edge != self._room:
            self._room = event.width - edge
            self._write()
        self._show_bar()

    def _write(self) -> None:
        box: Any = self.text
        measure = font.nametofont("TkDefaultFont", root=self).measure
        shown = folded(self.said, self._room, measure) if self._room > 1 else self.said
        place = box.yview()[0]
        box.configure(state="normal")
        box.delete("1.0", "end")
        box.insert("1.0", shown)
        box.configure(state="disabled")
        box.yview_moveto(place)
        self.after_idle(self._show_bar)

    def _show_bar(self) -> None:
        show_bar_of_text(self)
