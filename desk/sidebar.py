"""The list of pages on the left."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from desk import theme
from desk.keymap import key_of_page
from desk.pages import PageEntry
from desk.wording import unbroken

MOST_KEY = 9  # `Shift+F10`; longer ones stand on the sheet of keys
HEADING_WIDTH = 10.5  # Chinese characters, within what the pages need
WIDE_LINE = 2.2  # of the line space, as high as a line of Nav.Toolbutton at most


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
        self._is_tight = False
        self._marked = ""
        pad = theme.text_width(self, 0.9)
        ttk.Label(
            self,
            text=unbroken(heading),
            style="ChromeTitle.TLabel",
            wraplength=theme.text_width(self, HEADING_WIDTH),
        ).pack(anchor="w", padx=pad, pady=(pad, pad * 2 // 3))
        self._build_area()
        for entry in entries:
            self._add(entry, pad)

    def _build_area(self) -> None:
        """The lines scroll when there are more pages than the window is high."""
        self._canvas = ttk.Canvas(self, highlightthickness=0, borderwidth=0)
        self._canvas.pack(fill="both", expand=True)
        self._area = ttk.Frame(self._canvas, style="Chrome.TFrame")
        self._canvas.create_window(0, 0, anchor="nw", window=self._area)
        self._area.bind("<Configure>", lambda event: self.fit())
        self._canvas.bind("<Configure>", lambda event: self.fit())
        self.bind("<<ThemeChanged>>", lambda event: self._colour(), add="+")
        for event, step in (("<Button-4>", -1), ("<Button-5>", 1)):
            self.bind_class(
                _wheel_tag(self), event, lambda event, step=step: self._scroll(step)
            )
        self.bind_class(
            _wheel_tag(self),
            "<MouseWheel>",
            lambda event: self._scroll(-1 if event.delta > 0 else 1),
        )
        self._colour()

    def _colour(self) -> None:
        self._canvas.configure(background=theme.colour("chrome"))

    def fit(self) -> None:
        """As wide as the widest line; the chosen one stays in sight."""
        self._tighten()
        wide, high = self._area.winfo_reqwidth(), self._area.winfo_reqheight()
        self._canvas.configure(width=wide, scrollregion=(0, 0, wide, high))
        if self.chosen.get():
            self._see(self.chosen.get())

    def _tighten(self) -> None:
        """Lines closer together where otherwise the last ones were out of sight."""
        room = self._canvas.winfo_height()
        if room <= 1 or not self.buttons:
            return
        # By the height they take at their widest: else they would go to and fro.
        line = round(theme.line_height(self) * WIDE_LINE)
        tight = line * len(self.buttons) > room
        if tight == self._is_tight:
            return
        self._is_tight = tight
        for button in self.buttons.values():
            button.configure(style=f"Nav{'Tight' if tight else ''}.Toolbutton")

    def _scroll(self, step: int) -> str:
        if self._area.winfo_reqheight() > self._canvas.winfo_height():
            self._canvas.yview_scroll(step, "units")
        return "break"

    def _see(self, name: str) -> None:
        line, _ = self._lines[name]
        high, whole = self._canvas.winfo_height(), self._area.winfo_reqheight()
        top, bottom = line.winfo_y(), line.winfo_y() + line.winfo_height()
        shown = self._canvas.canvasy(0)
        if whole <= high:
            self._canvas.yview_moveto(0)
        elif top < shown:
            self._canvas.yview_moveto(top / whole)
        elif bottom > shown + high:
            self._canvas.yview_moveto((bottom - high) / whole)

    def choose(self, name: str) -> None:
        """Mark a page as the one in front.

        The lines in between stay as they are: to set them all took two milliseconds.
        """
        self.chosen.set(name)
        if name != self._marked:
            if self._marked:
                self._mark(self._marked, here=False)
            self._marked = name
            self._mark(name, here=True)
        self._see(name)

    def _mark(self, name: str, *, here: bool) -> None:
        line, key = self._lines[name]
        # One stop for Tab, as with any row of buttons of which one is picked.
        self.buttons[name].configure(takefocus=here)
        line.configure(style="Chosen.TFrame" if here else "Chrome.TFrame")
        key.configure(style="ChosenHint.TLabel" if here else "ChromeHint.TLabel")

    def _add(self, entry: PageEntry, pad: int) -> None:
        line = ttk.Frame(self._area, style="Chrome.TFrame")
        line.pack(fill="x")
        button = ttk.Radiobutton(
            line,
            text=" " + entry.title,
            value=entry.name,
            variable=self.chosen,
            style="Nav.Toolbutton",
            takefocus=False,
            icon=entry.icon,
            command=lambda: self._on_choose(entry.name),
        )
        button.pack(side="left", fill="x", expand=True)
        shown = key_of_page(entry.name)
        if len(shown) > MOST_KEY:  # it would take the room of the page
            shown = ""
        key = ttk.Label(line, text=shown, style="ChromeHint.TLabel")
        key.pack(side="right", padx=(pad // 3, pad * 2 // 3))
        button.bind("<Up>", lambda event: self._step(entry.name, -1))
        button.bind("<Down>", lambda event: self._step(entry.name, +1))
        button.bind("<Return>", lambda event: button.invoke())
        button.bind("<FocusIn>", lambda event: self._see(entry.name), add="+")
        for part in (line, button, key):
            part.bindtags((_wheel_tag(self), *part.bindtags()))
        self.buttons[entry.name] = button
        self._lines[entry.name] = (line, key)

    def _step(self, name: str, step: int) -> str:
        names = list(self.buttons)
        there = (names.index(name) + step) % len(names)
        self.buttons[names[there]].focus_set()
        return "break"


def _wheel_tag(sidebar: Sidebar) -> str:
    return f"wheel{sidebar}"
