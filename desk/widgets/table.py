"""A list of records: filled in portions as one scrolls, with an empty state."""

import tkinter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.tablecolumns import Column, Columns
from desk.widgets.tablemarks import MarkedRows
from desk.widgets.tablemenu import RowMenu
from desk.widgets.tablerows import (
    CHUNK,
    MOST_SHOWN,
    Keyset,
    Portions,
    in_order,
)

__all__ = ["CHUNK", "MOST_SHOWN", "Column", "Keyset", "Table"]

FEW = 20  # new rows that are put ahead of a list that is otherwise the same
IN_SIGHT = 40  # rows of a high screen
REST_MS = 60
NEAR_THE_END = 0.97
ENOUGH = f"只列出前 {MOST_SHOWN:,} 条。用查找或缩小范围，比继续往下翻快。"


class Table(MarkedRows):
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
        chunk: int = CHUNK,
        wide: bool = False,
    ) -> None:
        super().__init__(master)
        self.name, self.on_open = name, on_open
        self._is_void, self._chunk = is_void, chunk
        self._source: Iterable[Any] | Keyset = ()
        self._portions = Portions(())
        self._order: tuple[str, bool] | None = None
        self._sought = ""
        self._shown: dict[str, dict[str, Any]] = {}  # what is drawn in each row
        self._shift = 0  # rows put ahead: the stripes of the others stay
        self._fitted_to = 0
        self._rest_timer = ""
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

    def _colour(self) -> None:
        self.tree.tag_configure("odd", background=theme.colour("stripe"))
        self.tree.tag_configure(
            "void", foreground=theme.colour("muted"), font="DeskStruck"
        )

    # -- filling ----------------------------------------------------------------

    @property
    def has_more(self) -> bool:
        """Whether there are, or may be, more rows than are shown so far."""
        return self._portions.has_more

    def show(self, records: Iterable[Any] | Keyset) -> None:
        """Fill with *records*, keeping the mark on the record that had it."""
        self._source = records
        if self._order and self._order[0] not in self._sorting():
            self._order = None
        self._fill()

    def find(self, text: str) -> None:
        """Show only the records with *text* in some cell; all for no text."""
        self._sought = text.strip().lower()
        self._fill()

    def _fill(self) -> None:
        marked = [_identity(record) for record in self.selection()]
        self._portions = Portions(
            self._ordered(), chunk=self._chunk, keep=self._is_sought
        )
        records = self._portions.next()
        if not self._put_ahead(records):
            self._clear()
            self._append(records)
        keep = [r for r, record in self._records.items() if _identity(record) in marked]
        if keep:
            self.tree.selection_set(keep)
            self.tree.focus(keep[0])
        self.columns.show_order(self._sorting(), self._order, self._on_heading)
        if self._records:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.5, rely=0.45, anchor="center")

    def _put_ahead(self, records: list[Any]) -> bool:
        """Only what is new, above the same rows as before; False if they are others.

        The list of a day is shown again after each line: all of it would take longer
        than a key may.
        """
        listed = list(self._records.values())
        new = len(records) - len(listed)
        if not listed or not 0 <= new <= FEW:
            return False
        if any(a is not b for a, b in zip(records[new:], listed, strict=True)):
            return False
        self._shift += new
        before, self._records = self._records, {}
        for place, record in enumerate(records[:new]):
            self._insert(record, place, at=place)
        self._records.update(before)
        if new:
            self.tree.yview_moveto(0)
        top = int(self.tree.yview()[0] * len(self._records))
        self._draw_all_again(top, top + IN_SIGHT)
        self._draw_rest_soon()
        self._say_how_far()
        return True

    def _draw_all_again(self, first: int = 0, last: int | None = None) -> None:
        listed = islice(self._records.items(), first, last)
        for place, (row, record) in enumerate(listed, first):
            self._draw_again(row, record, place)

    def _draw_rest_soon(self) -> None:
        """What is out of sight can wait for the next key."""
        if self._rest_timer:
            self.after_cancel(self._rest_timer)
        if len(self._records) > IN_SIGHT:
            self._rest_timer = self.after(REST_MS, self._draw_rest)

    def _draw_rest(self) -> None:
        self._rest_timer = ""
        self._draw_all_again()

    def _clear(self) -> None:
        self.tree.delete(*self.tree.get_children())
        self._records.clear()
        self._shown.clear()
        self._shift = 0

    def _is_sought(self, record: Any) -> bool:
        return not self._sought or any(
            self._sought in column.text(record).lower() for column in self.columns.each
        )

    def _load_more(self) -> None:
        self._append(self._portions.next())

    def _append(self, records: list[Any]) -> None:
        for record in records:
            self._insert(record, len(self._records))
        self._say_how_far()

    def _insert(self, record: Any, place: int, at: int | str = "end") -> None:
        drawn = self._drawn(record, place)
        row = self.tree.insert("", at, **drawn)
        self._records[row], self._shown[row] = record, drawn

    def _draw_again(self, row: str, record: Any, place: int) -> None:
        drawn = self._drawn(record, place)
        if drawn != self._shown[row]:
            self.tree.item(row, **drawn)
            self._shown[row] = drawn

    def _drawn(self, record: Any, place: int) -> dict[str, Any]:
        tags = ["void"] if self._is_void(record) else []
        if (place + self._shift) % 2:
            tags.append("odd")
        # A row is one line high.
        cells = [c.text(record).replace("\n", " ") for c in self.columns.each]
        return {"values": cells, "tags": tags}

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
        if isinstance(self._source, Keyset):
            return set(self._source.sorts)
        if isinstance(self._source, Sequence) and len(self._source) > 1:
            return {column.title for column in self.columns.each}
        return set()

    def _ordered(self) -> Iterable[Any] | Keyset:
        if self._order is None:
            return self._source
        title, is_down = self._order
        if isinstance(self._source, Keyset):
            return Keyset(self._source.sorts[title](is_down))
        column = next(c for c in self.columns.each if c.title == title)
        assert isinstance(self._source, Sequence)
        return in_order(self._source, column.text, is_down=is_down)

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

    def redraw(self, record: Any) -> None:
        """Show what has become of a listed record, where it stands."""
        for place, (row, listed) in enumerate(self._records.items()):
            if listed is record:
                self._draw_again(row, record, place)

    def destroy(self) -> None:
        if self._rest_timer:
            self.after_cancel(self._rest_timer)
            self._rest_timer = ""
        super().destroy()

    def say_when_empty(self, text: str) -> None:
        """Another reason why there are no rows."""
        self._empty_text.configure(text=text)


def _identity(record: Any) -> Any:
    return getattr(record, "uid", None) or id(record)
