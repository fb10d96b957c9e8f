"""The common frame of a page: something to fill in left, a list right."""

import tkinter
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.table import Column, Table

FORM_WIDTH = 31  # Chinese characters, where a page says nothing else
FIND_MS = 150
MOST_FOR_FORM = 0.5  # of the page, where 31 characters are more than that


class Page(ttk.Frame):
    """`title`, `refresh()` and `focus_first()` are the page's own business."""

    title = ""
    form_width: float = FORM_WIDTH
    # Keys that act on marked rows elsewhere, but not here.
    keys_not_of_rows: tuple[str, ...] = ()
    save_words = ""  # what Ctrl+S does here, where it is not to save and begin anew

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        pad = theme.text_width(master, 0.8)
        super().__init__(master, padding=(pad, 0, pad, pad))
        self.window = window
        self._sought: ttk.StringVar | None = None
        self._find_timer = ""
        self._has_left = False
        self._parts: list[Any] = []
        self._places: list[tuple[int, int]] = []
        self._button_rows: list[list[ttk.Button]] = []
        self._button_lines: list[ttk.Frame] = []
        self.list_buttons: dict[str, ttk.Button] = {}
        self.list_actions: dict[str, str] = {}  # the name of what each button does
        self.gap = theme.text_width(self, 0.5)
        self.rowconfigure(0, weight=1)

    def put_left(self, widget: tkinter.Misc) -> None:
        """The left half, of a fixed width."""
        self._has_left = True
        self.bind("<Configure>", lambda event: self.fit())
        self.fit()
        widget.grid(row=0, column=0, sticky="nsew", padx=(0, self.gap * 2))

    def fit(self) -> None:
        """Share the width between the halves: the list keeps half of a narrow page."""
        if self._has_left:
            width = theme.text_width(self, self.form_width)
            if self.winfo_width() > 1:
                width = min(width, round(self.winfo_width() * MOST_FOR_FORM))
            self.columnconfigure(0, minsize=width)
        self._flow()

    def build_list(
        self,
        *,
        columns: list[Column],
        empty: str,
        name: str = "",
        buttons: dict[str, Callable[[], None]] | None = None,
        is_void: Callable[[Any], bool] = lambda record: False,
        on_open: Callable[[Any], None] | None = None,
        column: int = 1,
        wide: bool = False,
    ) -> Table:
        """The right half: heading, buttons, table (its options are `Table`'s)."""
        self.columnconfigure(column, weight=1)
        side = self.list_side = ttk.Frame(self)
        side.grid(row=0, column=column, sticky="nsew")
        side.rowconfigure(1, weight=1)
        side.columnconfigure(0, weight=1)
        bar = ttk.Frame(side)
        bar.grid(row=0, column=0, sticky="ew", pady=(0, self.gap))
        bar.columnconfigure(0, weight=1)
        self.heading = ttk.Label(bar, style="Heading.TLabel")
        tools, finding = ttk.Frame(bar), ttk.Frame(bar)
        self._build_find(finding)
        self._button_area = ttk.Frame(tools, takefocus=False)
        self._button_area.pack(side="right")
        for text, command in (buttons or {}).items():
            self.list_buttons[text] = ttk.Button(tools, text=text, command=command)
            self.list_actions[text] = getattr(command, "__name__", "")
        self._list_bar, self._parts = bar, [self.heading, tools, finding]
        for part in (bar, *self._parts):
            part.bind("<Configure>", lambda event: self._flow(), add="+")
        self._flow()
        table = self.table = Table(
            side,
            columns=columns,
            empty=empty,
            name=name,
            is_void=is_void,
            on_open=on_open,
            wide=wide,
        )
        table.grid(row=1, column=0, sticky="nsew")
        return table

    def _flow(self) -> None:
        """Heading, buttons and search in one line, or in as many as they need."""
        if not self._parts:
            return
        room = self._list_bar.winfo_width()
        self._flow_buttons(room)
        wide = [part.winfo_reqwidth() + self.gap for part in self._parts]
        places = [(0, 0), (0, 1), (0, 2)]
        if 1 < room < sum(wide):
            # The search stays where it is on every page.
            is_beside = sum(wide) - wide[1] <= room
            places = [(0, 0), (1, 0), (0, 1) if is_beside else (2, 0)]
        places = places[: len(wide)]
        if places == self._places:
            return
        self._places = places
        for part, (row, column) in zip(self._parts, places, strict=True):
            part.grid(row=row, column=column, pady=self.gap // 2)
            part.grid(columnspan=2 if row else 1, sticky="e")
        self.heading.grid(sticky="w")

    def _flow_buttons(self, room: int) -> None:
        """More buttons than one line holds go on in the next."""
        rows: list[list[ttk.Button]] = [[]]
        used = 0
        for button in self.list_buttons.values():
            wide = button.winfo_reqwidth() + self.gap
            if used and 1 < room < used + wide:
                rows.append([])
                used = 0
            rows[-1].append(button)
            used += wide
        if [len(row) for row in rows] == [len(row) for row in self._button_rows]:
            return
        self._button_rows = rows
        for line in self._button_lines:
            line.pack_forget()
        while len(self._button_lines) < len(rows):
            self._button_lines.append(ttk.Frame(self._button_area, takefocus=False))
        for line, row in zip(self._button_lines, rows, strict=False):
            line.pack(anchor="e", pady=(0, 0 if row is rows[-1] else self.gap // 2))
            for button in row:
                button.pack(in_=line, side="right", padx=(self.gap, 0))
            for button in reversed(row):
                button.lift()  # Tab goes by the order in which they lie, so left first

    def _build_find(self, bar: ttk.Frame) -> None:
        self._sought = ttk.StringVar(self)
        self._sought.trace_add("write", lambda *_: self._find_soon())
        self.find_entry = ttk.Entry(bar, textvariable=self._sought, width=14)
        self.find_entry.pack(side="right", padx=(self.gap, 0))
        label = ttk.Label(bar, text="查找", style="Muted.TLabel")
        label.pack(side="right", padx=(self.gap, 0))

    def _find_soon(self) -> None:
        if self._find_timer:
            self.after_cancel(self._find_timer)
        self._find_timer = self.after(FIND_MS, self._find)

    def _find(self) -> None:
        self._find_timer = ""
        self.table.find(self._sought.get())

    def on_find(self) -> None:
        """Ctrl+F: look for something in the list."""
        if self._sought is not None:
            self.find_entry.focus_set()
            self.find_entry.selection_range(0, "end")

    def stop_finding(self) -> bool:
        """Show the whole list again; False when it was already whole."""
        if self._sought is None or not self._sought.get():
            return False
        self._sought.set("")
        return True

    def destroy(self) -> None:
        if self._find_timer:
            self.after_cancel(self._find_timer)
        super().destroy()

    def refresh(self) -> None:
        """Show the database as it is now."""

    def bring_again(self) -> None:
        """To the front, with nothing changed since it last read the database."""

    def focus_first(self) -> None:
        """Put the cursor where one begins."""
