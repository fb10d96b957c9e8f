"""What the dashboard is made of: cards whose lines and figures lead to their lists."""

import tkinter
from collections.abc import Callable, Sequence
from tkinter import font
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.wording import folded


class Line(NamedTuple):
    """A text that leads somewhere.  A `figure` stands large, the text below it."""

    text: str
    go: Callable[[], None]
    style: str = "TLabel"
    figure: str = ""


class Link(ttk.Frame):
    """Takes the focus, shows it as a rim, and goes where it leads: Enter, Space or a
    click."""

    def __init__(self, master: tkinter.Misc, *, is_figure: bool = False) -> None:
        super().__init__(master, style="Rim.TFrame", padding=2, takefocus=True)
        self._go: Callable[[], None] = lambda: None
        self._said = ""
        inside = ttk.Frame(self)
        inside.pack(fill="both", expand=True)
        self.figure = ttk.Label(inside, font="DeskTitle")
        if is_figure:
            self.figure.pack(anchor="w", padx=2)
        self.label = ttk.Label(inside, justify="left", anchor="w")
        self.label.pack(fill="x", anchor="w", padx=2)
        for event, style in (("<FocusIn>", "RimFocus"), ("<FocusOut>", "Rim")):
            self.bind(
                event,
                lambda event, style=style: self.configure(style=f"{style}.TFrame"),
            )
        self.bind("<FocusIn>", lambda event: into_sight(self), add="+")
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda event: self._open())
        for part in (self, inside, self.figure, self.label):
            part.configure(cursor="hand2")
            part.bind("<Button-1>", lambda event: self._open(), add="+")
        self.bind("<Configure>", lambda event: self._wrap())
        # A card swiped here must not open anything.
        dialogs.KeyGuard(self).settle()

    @property
    def text(self) -> str:
        """All it says."""
        return f"{self.figure.cget('text')} {self._said}".strip()

    def show(self, line: Line) -> None:
        """Say another text, or the same and lead elsewhere."""
        self._go = line.go
        style = line.style
        if line.figure:
            self.figure.configure(text=line.figure, style=style)
            style = "Muted.TLabel"
        self.label.configure(style=style)
        self._said = line.text
        self._wrap()

    def _open(self) -> str:
        self.focus_set()
        self._go()
        return "break"

    def _wrap(self) -> None:
        measure = font.nametofont("TkDefaultFont", root=self).measure
        room = self.winfo_width() - 8
        text = folded(self._said, room, measure) if room > 0 else self._said
        if text != self.label.cget("text"):
            self.label.configure(text=text)


class Card(ttk.Frame):
    """A title, figures beside each other, lines below.

    `show` changes texts; a widget is made only for a line more than there ever were.
    """

    def __init__(self, master: tkinter.Misc, title: str) -> None:
        pad = theme.text_width(master, 0.5)
        super().__init__(master, bootstyle="bordered", padding=pad)
        self.columnconfigure(0, weight=1)
        ttk.Label(self, text=title, style="Heading.TLabel").grid(sticky="w", padx=4)
        self._rows = {True: ttk.Frame(self), False: ttk.Frame(self)}
        for row, frame in enumerate(self._rows.values(), 1):
            frame.grid(row=row, column=0, sticky="ew")
        self.links: dict[bool, list[Link]] = {True: [], False: []}

    def show(self, lines: Sequence[Line], across: int = 1) -> None:
        """Figures in one row, the other lines *across* in a row."""
        for is_figure, frame in self._rows.items():
            wanted = [line for line in lines if bool(line.figure) == is_figure]
            links = self.links[is_figure]
            beside = max(1, len(wanted) if is_figure else min(across, len(wanted)))
            while len(links) < len(wanted):
                links.append(Link(frame, is_figure=is_figure))
            for at, link in enumerate(links):
                if at < len(wanted):
                    link.show(wanted[at])
                    place = {"row": at // beside, "column": at % beside}
                    link.grid(**place, sticky="new")
                else:
                    link.grid_remove()
            for column in range(max(across, 3)):
                used = column < beside
                group = "links" if used else ""
                frame.columnconfigure(column, weight=int(used), uniform=group)
            frame.grid() if wanted else frame.grid_remove()

    def shown(self) -> list[Link]:
        """The links in sight, figures first."""
        links = [*self.links[True], *self.links[False]]
        return [link for link in links if link.winfo_manager()]

    @property
    def texts(self) -> list[str]:
        """What its links say."""
        return [link.text for link in self.shown()]


class DeskLines(ttk.Frame):
    """A row for each desk; the arrows walk from cell to cell, Tab leads in and on."""

    def __init__(self, master: tkinter.Misc, titles: Sequence[str]) -> None:
        pad = theme.text_width(master, 0.5)
        super().__init__(master, bootstyle="bordered", padding=pad)
        self.cells: list[list[Link]] = []
        self._at = (0, 0)
        for column, title in enumerate(titles):
            label = ttk.Label(self, text=title, style="Muted.TLabel")
            label.grid(row=0, column=column, sticky="w", padx=4)
            self.columnconfigure(column, weight=3 if column == 0 else 2, uniform="desk")

    def show(self, rows: Sequence[Sequence[Line]]) -> None:
        """Every row has as many cells as there are titles."""
        while len(self.cells) < len(rows):
            self._add_row(len(self.cells), len(rows[0]))
        for at, cells in enumerate(self.cells):
            for link, line in zip(
                cells, rows[at] if at < len(rows) else (), strict=False
            ):
                link.show(line)
            for link in cells:
                link.grid() if at < len(rows) else link.grid_remove()
        self._mark_stop()

    def _add_row(self, row: int, width: int) -> None:
        cells = []
        for column in range(width):
            link = Link(self)
            link.configure(padding=1)  # all desks there may be, and the charts below
            link.grid(row=row + 1, column=column, sticky="ew", padx=1)
            for key, way in {
                "Up": (-1, 0),
                "Down": (1, 0),
                "Left": (0, -1),
                "Right": (0, 1),
            }.items():
                link.bind(
                    f"<{key}>",
                    lambda event, here=(row, column), way=way: self._step(here, way),
                )
            link.bind(
                "<FocusIn>", lambda event, here=(row, column): self._stop(here), "+"
            )
            cells.append(link)
        self.cells.append(cells)

    def _step(self, here: tuple[int, int], way: tuple[int, int]) -> str:
        row, column = here[0] + way[0], here[1] + way[1]
        if 0 <= row < len(self.cells) and 0 <= column < len(self.cells[row]):
            if self.cells[row][column].winfo_manager():
                self.cells[row][column].focus_set()
        return "break"

    def _stop(self, here: tuple[int, int]) -> None:
        self._at = here
        self._mark_stop()

    def _mark_stop(self) -> None:
        for row, cells in enumerate(self.cells):
            for column, link in enumerate(cells):
                link.configure(takefocus=(row, column) == self._at)

    @property
    def texts(self) -> list[list[str]]:
        """What is said of each desk."""
        return [
            [link.text for link in cells]
            for cells in self.cells
            if cells[0].winfo_manager()
        ]


def into_sight(widget: tkinter.Misc) -> None:
    """Scroll the ScrolledFrame around it, which does not follow the focus itself."""
    area: Any = widget
    while not isinstance(area, ttk.ScrolledFrame):
        if area.master is None:
            return
        area = area.master
    canvas = area.master
    high, whole = canvas.winfo_height(), area.winfo_height()
    if high <= 1 or whole <= high or not widget.winfo_viewable():
        return  # nothing to scroll, or not laid out yet
    top = widget.winfo_rooty() - area.winfo_rooty()
    foot = top + widget.winfo_height()
    shown = canvas.winfo_rooty() - area.winfo_rooty()
    if top < shown:
        area.yview_moveto(max(top - 8, 0) / whole)
    elif foot > shown + high:
        area.yview_moveto((foot + 8 - high) / whole)
