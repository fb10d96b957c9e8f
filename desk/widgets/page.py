"""The common frame of a page: something to fill in left, a list right."""

import tkinter
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.table import Column, Table

FORM_WIDTH = 31  # Chinese characters


class Page(ttk.Frame):
    """`title`, `refresh()` and `focus_first()` are the page's own business."""

    title = ""

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        pad = theme.text_width(master, 0.8)
        super().__init__(master, padding=(pad, 0, pad, pad))
        self.window = window
        self.gap = theme.text_width(self, 0.5)
        self.rowconfigure(0, weight=1)

    def put_left(self, widget: tkinter.Misc) -> None:
        """The left half, of a fixed width."""
        self.columnconfigure(0, minsize=theme.text_width(self, FORM_WIDTH))
        widget.grid(row=0, column=0, sticky="nsew", padx=(0, self.gap * 2))

    def build_list(
        self,
        *,
        columns: list[Column],
        empty: str,
        buttons: dict[str, Callable[[], None]] | None = None,
        is_void: Callable[[Any], bool] = lambda record: False,
        on_open: Callable[[Any], None] | None = None,
        column: int = 1,
    ) -> Table:
        """The right half: heading, buttons, table."""
        self.columnconfigure(column, weight=1)
        side = ttk.Frame(self)
        side.grid(row=0, column=column, sticky="nsew")
        side.rowconfigure(1, weight=1)
        side.columnconfigure(0, weight=1)
        bar = ttk.Frame(side)
        bar.grid(row=0, column=0, sticky="ew", pady=(0, self.gap))
        self.heading = ttk.Label(bar, style="Heading.TLabel")
        self.heading.pack(side="left", pady=self.gap // 2)
        self.list_buttons: dict[str, ttk.Button] = {}
        for text, command in (buttons or {}).items():
            button = ttk.Button(bar, text=text, command=command)
            button.pack(side="right", padx=(self.gap, 0))
            self.list_buttons[text] = button
        table = Table(
            side, columns=columns, empty=empty, is_void=is_void, on_open=on_open
        )
        table.grid(row=1, column=0, sticky="nsew")
        return table

    def refresh(self) -> None:
        """Show the database as it is now."""

    def focus_first(self) -> None:
        """Put the cursor where one begins."""
