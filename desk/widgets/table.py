"""A list of records: filled in chunks as one scrolls, with an empty state."""

import itertools
import tkinter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk import theme

CHUNK = 500
MOST_SHOWN = 5000  # past this, searching beats scrolling
LEAST_COLUMNS = 2
NEAR_THE_END = 0.97


class Column(NamedTuple):
    """`read` makes the cell's text from a record; `width` is in Chinese characters."""

    title: str
    read: Callable[[Any], Any]
    width: float = 6
    stretch: bool = False


class Table(ttk.Frame):
    """`show(records)` fills it; `selected()` is the record under the mark."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        columns: list[Column],
        empty: str,
        on_open: Callable[[Any], None] | None = None,
        is_void: Callable[[Any], bool] = lambda record: False,
        height: int = 5,
        chunk: int = CHUNK,
    ) -> None:
        super().__init__(master)
        self._chunk = chunk
        self._columns, self._is_void = columns, is_void
        self._source: Iterable[Any] = ()
        self._sought = ""
        self._fitted_to = 0
        self._rest: Iterator[Any] = iter(())
        self._records: dict[str, Any] = {}
        self.tree = ttk.Treeview(
            self,
            columns=[str(index) for index in range(len(columns))],
            show="headings",
            height=height,
            selectmode="extended",
        )
        self._bar = ttk.Scrollbar(self, command=self.tree.yview)
        self.tree.configure(yscrollcommand=self._on_scrolled)
        self.tree.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        for index, column in enumerate(columns):
            self.tree.heading(str(index), text=column.title, anchor="w")
            self.tree.column(str(index), stretch=column.stretch)
        self.tree.bind("<Configure>", self._on_resized, add="+")
        self._empty = ttk.Frame(
            self, style="Empty.TFrame", padding=theme.text_width(self, 1)
        )
        self._empty_text = ttk.Label(
            self._empty, text=empty, style="Empty.TLabel", justify="center"
        )
        self._empty_text.pack(pady=theme.text_width(self, 0.5))
        if on_open is not None:
            self._bind_open(on_open)
        self._colour()
        self.fit()
        self.bind("<<ThemeChanged>>", lambda event: self._colour(), add="+")

    def fit(self) -> None:
        """Whole columns, from the left, in the width there is; at least two.

        A column that may stretch counts half, and gets what is left over.
        """
        room = self.tree.winfo_width()
        if room > 1:
            inside = room - theme.text_width(self, 2.5)
            self._empty_text.configure(wraplength=max(inside, 1))
        shown: list[str] = []
        left = room
        for index, column in enumerate(self._columns):
            width = theme.text_width(self, column.width + 1)
            least = width // 2 if column.stretch else width
            if room > 1 and len(shown) >= LEAST_COLUMNS and least > left:
                break
            left -= least
            shown.append(str(index))
            self.tree.column(
                str(index),
                width=least if room > 1 else width,
                minwidth=min(least, width // 2),
            )
        self.tree.configure(displaycolumns=shown)
        stretching = [name for name in shown if self._columns[int(name)].stretch]
        for name in stretching if left > 0 and room > 1 else ():
            width = self.tree.column(name, "width") + left // len(stretching)
            self.tree.column(name, width=width)

    def _on_resized(self, event: tkinter.Event) -> None:
        if event.width != self._fitted_to:
            self._fitted_to = event.width
            self.fit()

    @property
    def count(self) -> int:
        """Rows shown so far."""
        return len(self._records)

    def show(self, records: Iterable[Any]) -> None:
        """Fill with *records*, keeping the mark on the record that had it."""
        self._source = records
        self._fill()

    def find(self, text: str) -> None:
        """Show only the records with *text* in some cell; all for no text."""
        self._sought = text.strip().lower()
        self._fill()

    def _fill(self) -> None:
        marked = {getattr(record, "uid", None) for record in self.selection()}
        self.tree.delete(*self.tree.get_children())
        self._records.clear()
        self._rest = itertools.islice(filter(self._is_sought, self._source), MOST_SHOWN)
        self._load_more()
        keep = [
            row
            for row, record in self._records.items()
            if getattr(record, "uid", object()) in marked
        ]
        if keep:
            self.tree.selection_set(keep)
            self.tree.focus(keep[0])
        if self._records:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.5, rely=0.45, anchor="center")

    def selection(self) -> list[Any]:
        """The marked records, top to bottom."""
        return [self._records[row] for row in self.tree.selection()]

    def selected(self) -> Any:
        """The one marked record; None when there is none, or several."""
        chosen = self.selection()
        return chosen[0] if len(chosen) == 1 else None

    def rows(self) -> list[tuple[str, ...]]:
        """The cells shown, as text."""
        return [
            # item(row, "values") keeps "000123"; item(row)["values"] makes it 123.
            tuple(str(cell) for cell in self.tree.item(row, "values"))
            for row in self.tree.get_children()
        ]

    def redraw(self, record: Any) -> None:
        """Show what has become of a listed record, where it stands."""
        for place, (row, listed) in enumerate(self._records.items()):
            if listed is record:
                self.tree.item(row, **self._drawn(record, place))

    def focus_set(self) -> None:
        """Focus the rows."""
        self.tree.focus_set()

    def enter(self) -> None:
        """Mark the first row and go there, if there is one."""
        rows = self.tree.get_children()
        if rows:
            self.tree.selection_set(rows[0])
            self.tree.focus(rows[0])
            self.tree.see(rows[0])
            self.tree.focus_set()

    def say_when_empty(self, text: str) -> None:
        """Another reason why there are no rows."""
        self._empty_text.configure(text=text)

    def _is_sought(self, record: Any) -> bool:
        return not self._sought or any(
            self._sought in str(column.read(record)).lower() for column in self._columns
        )

    def _load_more(self) -> None:
        for record in itertools.islice(self._rest, self._chunk):
            drawn = self._drawn(record, len(self._records))
            row = self.tree.insert("", "end", **drawn)
            self._records[row] = record

    def _drawn(self, record: Any, place: int) -> dict[str, Any]:
        tags = ["void"] if self._is_void(record) else []
        if place % 2:
            tags.append("odd")
        cells = [column.read(record) for column in self._columns]
        cells = ["" if cell is None else str(cell) for cell in cells]
        return {"values": cells, "tags": tags}

    def _on_scrolled(self, first: str, last: str) -> None:
        self._bar.set(first, last)
        self._bar.grid() if (first, last) != ("0.0", "1.0") else self._bar.grid_remove()
        if float(last) > NEAR_THE_END and self._records:
            # When idle: a row must not be inserted while the list is being drawn.
            self.after_idle(self._load_if_alive)

    def _load_if_alive(self) -> None:
        if self.winfo_exists():
            self._load_more()

    def _bind_open(self, on_open: Callable[[Any], None]) -> None:
        def open_selected(event: tkinter.Event) -> str:
            record = self.selected()
            if record is not None:
                on_open(record)
            return "break"

        self.tree.bind("<Return>", open_selected)
        self.tree.bind("<Double-Button-1>", open_selected)

    def _colour(self) -> None:
        self.tree.tag_configure("odd", background=theme.colour("stripe"))
        self.tree.tag_configure("void", foreground=theme.colour("muted"))
