"""The rows of a table that are marked: read, copied, opened."""

import tkinter
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from desk.widgets.tablecolumns import Columns, window_of
from desk.widgets.tablerows import as_cells


class MarkedRows(ttk.Frame):
    """`selected()` is the record under the mark; `on_open` hears of Enter there."""

    tree: ttk.Treeview
    columns: Columns
    on_open: Callable[[Any], None] | None

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master)
        self._records: dict[str, Any] = {}

    @property
    def count(self) -> int:
        """Rows shown so far."""
        return len(self._records)

    def selection(self) -> list[Any]:
        """The marked records, top to bottom."""
        return [self._records[row] for row in self.tree.selection()]

    def selected(self) -> Any:
        """The one marked record; None when there is none, or several."""
        chosen = self.selection()
        return chosen[0] if len(chosen) == 1 else None

    def row_of(self, record: Any) -> str:
        """The item of the tree that shows *record*; "" while none does."""
        return next((r for r, one in self._records.items() if one == record), "")

    def rows(self) -> list[tuple[str, ...]]:
        """The cells shown, as text."""
        return [
            # item(row, "values") keeps "000123"; item(row)["values"] makes it 123.
            tuple(str(cell) for cell in self.tree.item(row, "values"))
            for row in self.tree.get_children()
        ]

    def mark_all(self) -> None:
        """Mark every row shown so far."""
        self.tree.selection_set(self.tree.get_children())

    def copy(self) -> None:
        """The marked rows as cells, with the columns that had no room as well."""
        records = self.selection()
        if not records:
            return
        cells = [
            [column.text(record) for column in self.columns.each] for record in records
        ]
        self.clipboard_clear()
        self.clipboard_append(as_cells(cells))
        window = window_of(self)
        if window is not None:
            window.status.say(f"已复制 {len(records)} 行。")

    def _on_copy(self, event: tkinter.Event) -> str:
        self.copy()
        return "break"

    def open_marked(self) -> None:
        """What Enter does, if one row is marked."""
        record = self.selected()
        if record is not None and self.on_open is not None:
            self.on_open(record)

    def _on_open(self, event: tkinter.Event) -> str:
        self.open_marked()
        return "break"

    def _on_double_click(self, event: tkinter.Event) -> str | None:
        if self.tree.identify_region(event.x, event.y) in ("heading", "separator"):
            return self._on_heading_twice(event)
        return self._on_open(event)

    def _on_heading_twice(self, event: tkinter.Event) -> str | None:
        """On an edge: that column as wide as at first."""
        if self.tree.identify_region(event.x, event.y) != "separator":
            return None
        self.columns.forget(self.columns.index_at(event.x))
        return "break"

    def focus_set(self) -> None:
        """Focus the rows."""
        self.tree.focus_set()

    def enter(self) -> None:
        """Mark the first row and go there, if there is one."""
        rows = self.tree.get_children()
        if rows:
            self.tree.selection_set(rows[0])
            self.tree.focus(rows[0])
            # A list not laid out yet would be scrolled past the row by `see`.
            self.tree.yview_moveto(0)
            self.tree.focus_set()
