"""The list of pages on the left."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from desk import theme
from desk.keymap import key_of_page
from desk.pages import PageEntry


class Sidebar(ttk.Frame):
    """One line a page: icon, name, key.  Arrow keys move, Space or Enter opens."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        entries: list[PageEntry],
        on_choose: Callable[[str], None],
        heading: str,
    ) -> None:
        super().__init__(master, style="Chrome.TFrame")
        self._on_choose = on_choose
        self.chosen = ttk.StringVar(self)
        self.buttons: dict[str, ttk.Radiobutton] = {}
        self._lines: dict[str, tuple[ttk.Frame, ttk.Label]] = {}
        pad = theme.text_width(self, 0.9)
        ttk.Label(
            self,
            text=heading,
            style="ChromeTitle.TLabel",
            wraplength=theme.text_width(self, 9),
        ).pack(anchor="w", padx=pad, pady=(pad, pad * 2 // 3))
        for entry in entries:
            self._add(entry, pad)

    def choose(self, name: str) -> None:
        """Mark a page as the one in front."""
        self.chosen.set(name)
        for other, (line, key) in self._lines.items():
            here = other == name
            # One stop for Tab, as with any row of buttons of which one is picked.
            self.buttons[other].configure(takefocus=here)
            line.configure(style="Chosen.TFrame" if here else "Chrome.TFrame")
            key.configure(style="ChosenHint.TLabel" if here else "ChromeHint.TLabel")

    def _add(self, entry: PageEntry, pad: int) -> None:
        line = ttk.Frame(self, style="Chrome.TFrame")
        line.pack(fill="x")
        button = ttk.Radiobutton(
            line,
            text=" " + entry.title,
            value=entry.name,
            variable=self.chosen,
            style="Nav.Toolbutton",
            icon=entry.icon,
            command=lambda: self._on_choose(entry.name),
        )
        button.pack(side="left", fill="x", expand=True)
        key = ttk.Label(line, text=key_of_page(entry.name), style="ChromeHint.TLabel")
        key.pack(side="right", padx=(pad // 3, pad * 2 // 3))
        button.bind("<Up>", lambda event: self._step(entry.name, -1))
        button.bind("<Down>", lambda event: self._step(entry.name, +1))
        button.bind("<Return>", lambda event: button.invoke())
        self.buttons[entry.name] = button
        self._lines[entry.name] = (line, key)

    def _step(self, name: str, step: int) -> str:
        names = list(self.buttons)
        there = (names.index(name) + step) % len(names)
        self.buttons[names[there]].focus_set()
        return "break"
