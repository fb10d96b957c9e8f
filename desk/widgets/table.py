"""A list of records: filled in portions as one scrolls, with an empty state."""

import tkinter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.tablecolumns import Column, Columns
from desk.widgets.tabledrawing import IN_SIGHT, DrawnRows
from desk.widgets.tablemenu import RowMenu
from desk.widgets.tablerows import (
    AT_FIRST,
    CHUNK,
    MOST_SHOWN,
    Keyset,
    Portions,
    all_of,
    in_order,
)

__all__ = ["CHUNK", "MOST_SHOWN", "ROWS_READ", "Column", "Keyset", "Table"]

# Sent when more rows were read while nobody asked: what counts them counts again.
ROWS_READ = "<<RowsRead>>"

SEARCH_ON_MS = 1
NEAR_THE_END = 0.97
ENOUGH = f"只列出前 {MOST_SHOWN:,} 条。用查找或缩小范围，比继续往下翻快。"


class Table(DrawnRows):
    """`show(records)` fills it; `selected()` is the record under the mark.

    Under its *name* the window remembers the widths of the columns.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        columns: list[Column],
        empty: str,
        name: str = "",
        on_open: Callable[[Any], None] | None = None,
        is_void: Callable[[Any], bool] = lambda record: False,
        height: int = 5,
        chunk: int = AT_FIRST,
        wide: bool = False,
    ) -> None:
        super().__init__(master)
        self.name, self.on_open = name, on_open
        self._is_void, self._chunk = is_void, chunk
        self._source: Iterable[Any] | Keyset = ()
        self._portions = Portions(())
        self._order: tuple[str, bool] | None = None
        self._sought = ""
        self._fitted_to = 0
        self._search_timer = ""
        # Of a keyset: have all its rows been read, so that any column can sort?
        self._is_whole = False
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._build_tree(height, wide)
        self._build_notes(empty)
        self.columns = Columns(self.tree, name=name, is_wide=wide)
        self.columns.put(columns)
        self.menu = RowMenu(self)
        self._bind_keys()
        self._colour()
        self.bind("<<ThemeChanged>>", lambda event: self._colour(), add="+")

    # -- building ---------------------------------------------------------------

    def _build_tree(self, height: int, wide: bool) -> None:
        self.tree = ttk.Treeview(
            self, show="headings", height=height, selectmode="extended"
        )
        self._bar = ttk.Scrollbar(self, command=self.tree.yview)
        self.tree.configure(yscrollcommand=self._on_scrolled)
        self.tree.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        if wide:
            along = ttk.Scrollbar(self, command=self.tree.xview, orient="horizontal")
            self.tree.configure(xscrollcommand=along.set)
            along.grid(row=1, column=0, sticky="ew")
            for key, step in (("<Left>", -1), ("<Right>", 1)):
                self.tree.bind(key, lambda event, step=step: self._go_along(step))
        self.tree.bind("<Configure>", self._on_resized, add="+")

    def _build_notes(self, empty: str) -> None:
        gap = theme.text_width(self, 0.5)
        self._empty = ttk.Frame(self, style="Empty.TFrame", padding=gap * 2)
        self._empty_text = ttk.Label(
            self._empty, text=empty, style="Empty.TLabel", justify="center"
        )
        self._empty_text.pack(pady=gap)
        self.foot = ttk.Label(self, style="Hint.TLabel")
        self.foot.grid(row=2, column=0, sticky="w", pady=(gap // 2, 0))
        self.foot.grid_remove()

    def set_columns(self, columns: list[Column], *, name: str) -> None:
        """Other columns, remembered as *name*; who has the rows shows them anew."""
        self._clear()
        self._order, self.name = None, name
        self.columns.put(columns, name)

    def _bind_keys(self) -> None:
        self.tree.bind("<<Copy>>", self._on_copy)
        for key in ("<Down>", "<Next>", "<End>"):
            self.tree.bind(key, self._on_further, add="+")
        if self.on_open is not None:
            self.tree.bind("<Return>", self._on_open)
            self.tree.bind("<Double-Button-1>", self._on_double_click)
        else:
            self.tree.bind("<Double-Button-1>", self._on_heading_twice)

    def fit(self) -> None:
        """Share the width there is among the columns."""
        room = self.tree.winfo_width()
        if room > 1:
            inside = room - theme.text_width(self, 2.5)
            self._empty_text.configure(wraplength=max(inside, 1))
        self.columns.fit()

    def _on_resized(self, event: tkinter.Event) -> None:
        if event.width != self._fitted_to:
            self._fitted_to = event.width
            self.fit()

    # -- filling ----------------------------------------------------------------

    @property
    def has_more(self) -> bool:
        """Whether there are, or may be, more rows than are shown so far."""
        return self._portions.has_more

    def show(self, records: Iterable[Any] | Keyset, *, anew: bool = False) -> None:
        """Fill with *records*, keeping the mark on the record that had it.

        As far down as it was, unless they answer another question *anew*.
        """
        self._source, self._is_whole = records, False
        can_sort = isinstance(records, Keyset) or self._sorting()
        if not can_sort:
            self._order = None
        self._fill(reach=0 if anew else self._reach())
        if anew:
            self.tree.yview_moveto(0)

    def find(self, text: str) -> None:
        """Show only the records with *text* in some cell; all for no text."""
        self._sought = text.strip().lower()
        self._fill()
        self.tree.yview_moveto(0)
        for row in self.tree.selection()[:1]:
            self.tree.see(row)

    def put_first(self, record: Any) -> None:
        """A new record ahead of the others: they are neither read nor drawn again."""
        if isinstance(self._source, Sequence):
            self._source = [record, *self._source]
        if self._order is not None:
            self._fill()
        elif self._is_sought(record):
            self._insert_ahead([record])
            self._show_whether_empty()

    def _reach(self) -> int:
        """How many rows are read again: those above the last in sight, or marked."""
        if not isinstance(self._source, Keyset):
            return self.count
        marked = [self.tree.index(row) + 1 for row in self.tree.selection()]
        return max([round(self.tree.yview()[1] * len(self._records)), *marked])

    def _fill(self, reach: int = 0) -> None:
        marked = [_identity(record) for record in self.selection()]
        self._portions = Portions(
            self._ordered(), chunk=self._chunk, keep=self._is_sought
        )
        records = self._portions.next()
        while len(records) < reach and self._portions.has_more:
            more = self._portions.next(reach - len(records))
            if not more:
                break
            records += more
        new = self._count_ahead(records)
        if new and not isinstance(self._source, Keyset):
            records += self._portions.next(new)
        if not self._put_ahead(records):
            self._clear()
            self._append(records)
        keep = [r for r, record in self._records.items() if _identity(record) in marked]
        if keep:
            self.tree.selection_set(keep)
            self.tree.focus(keep[0])
        self._show_order()
        self._show_whether_empty()

    def _show_order(self) -> None:
        self._is_whole = self._is_whole or not self._portions.has_more
        self.columns.show_order(self._sorting(), self._order, self._on_heading)

    def _show_whether_empty(self) -> None:
        if self._records:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.5, rely=0.45, anchor="center")

    def _is_sought(self, record: Any) -> bool:
        return not self._sought or any(
            self._sought in column.text(record).lower() for column in self.columns.each
        )

    def _load_more(self) -> None:
        if not self._portions.has_more:
            return
        self._append(self._portions.next())
        self._show_order()
        self._show_whether_empty()
        self.event_generate(ROWS_READ)

    def _append(self, records: list[Any]) -> None:
        for record in records:
            self._insert(record, len(self._records))
        self._say_how_far()
        self._search_on_soon()

    def _search_on_soon(self) -> None:
        """A page with little in it: on to the next, between two keys."""
        if self._search_timer:
            self.after_cancel(self._search_timer)
            self._search_timer = ""
        few = len(self._records) < IN_SIGHT and isinstance(self._source, Keyset)
        if few and self._portions.has_more:
            self._search_timer = self.after(SEARCH_ON_MS, self._search_on)

    def _search_on(self) -> None:
        self._search_timer = ""
        self._load_more()

    def _say_how_far(self) -> None:
        told = ""
        if self._portions.is_full:
            told = ENOUGH
        elif self._portions.has_more and self._records:
            told = f"已列出 {self.count:,} 条，后面还有，按 End 继续。"
        if told != self.foot.cget("text"):
            self.foot.configure(text=told)
            self.foot.grid() if told else self.foot.grid_remove()

    def _on_scrolled(self, first: str, last: str) -> None:
        self._bar.set(first, last)
        self._bar.grid() if (first, last) != ("0.0", "1.0") else self._bar.grid_remove()
        if float(last) > NEAR_THE_END and self._records:
            # When idle: a row must not be inserted while the list is being drawn.
            self.after_idle(self._load_if_alive)

    def _load_if_alive(self) -> None:
        if self.winfo_exists():
            self._load_more()

    def _go_along(self, step: int) -> str:
        self.tree.xview_scroll(step * theme.text_width(self, 6), "units")
        return "break"

    def _on_further(self, event: tkinter.Event) -> None:
        """At the last row there is: fetch on, before the key moves the mark."""
        rows = self.tree.get_children()
        if rows and self.tree.focus() == rows[-1]:
            self._load_more()

    # -- order ------------------------------------------------------------------

    def _sorting(self) -> set[str]:
        """The titles that sort at a click: where all rows are at hand, or SQL can."""
        every = {column.title for column in self.columns.each}
        if isinstance(self._source, Keyset):
            return every if self._is_whole else set(self._source.sorts)
        if isinstance(self._source, Sequence) and len(self._source) > 1:
            return every
        return set()

    def _ordered(self) -> Iterable[Any] | Keyset:
        if self._order is None:
            return self._source
        title, is_down = self._order
        records = self._source
        if isinstance(records, Keyset):
            if title in records.sorts:
                return Keyset(records.sorts[title](is_down))
            records = all_of(records)
            if records is None:  # there have come to be more than are shown
                self._order = None
                return self._source
            self._is_whole = True
        column = next(c for c in self.columns.each if c.title == title)
        assert isinstance(records, Sequence)
        return in_order(records, column.text, is_down=is_down)

    def _on_heading(self, title: str) -> None:
        """Up, down, and the third time as it was."""
        turns = {None: (title, False), (title, False): (title, True)}
        is_same = self._order is not None and self._order[0] == title
        self._order = turns.get(self._order if is_same else None)
        self._fill()

    @property
    def is_sorted(self) -> bool:
        """Whether a heading was clicked."""
        return self._order is not None

    def unsort(self) -> None:
        """The order the page has given."""
        self._order = None
        self._fill()

    def destroy(self) -> None:
        if self._search_timer:
            self.after_cancel(self._search_timer)
            self._search_timer = ""
        super().destroy()

    def say_when_empty(self, text: str) -> None:
        """Another reason why there are no rows."""
        self._empty_text.configure(text=text)


def _identity(record: Any) -> Any:
    return getattr(record, "uid", None) or id(record)
