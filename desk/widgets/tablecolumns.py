"""The columns of a table: how wide each is, and which heading sorts."""

import tkinter
from collections.abc import Callable
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk import theme
from desk.settings import save_settings

LEAST_COLUMNS = 2
LEAST_WIDTH, MOST_WIDTH = 2, 60  # Chinese characters, for one that is dragged
MOST_OF_TABLE = 0.8
RIM = 2  # of the tree, on each side: a column over it would hide the focus
ARROWS = {False: " ▲", True: " ▼"}


class Column(NamedTuple):
    """`read` makes the cell's text from a record; `width` is in Chinese characters."""

    title: str
    read: Callable[[Any], Any]
    width: float = 6
    stretch: bool = False

    def text(self, record: Any) -> str:
        """The cell, whatever `read` gives."""
        cell = self.read(record)
        return "" if cell is None else str(cell)


def window_of(widget: Any) -> Any:
    """The window a widget stands in, also by way of a dialog; None on no window."""
    while widget is not None and not hasattr(widget, "looks"):
        over = getattr(widget, "parent", None)  # what a dialog stands over
        widget = over if isinstance(over, tkinter.Misc) else widget.master
    return widget


class Columns:
    """Whole columns, from the left, in the width there is; at least two.

    A column whose edge was dragged is as wide as it was left, here and after the next
    start.  One that may stretch counts half, and gets what is left over.  A *wide*
    table shows them all, and scrolls sideways.
    """

    def __init__(self, tree: ttk.Treeview, *, name: str, is_wide: bool) -> None:
        self._tree, self.each = tree, list[Column]()
        self._name, self._is_wide = name, is_wide
        self._window = window_of(tree) if name else None
        self._own: dict[str, float] = {}
        self._dragged, self._width_before = "", 0
        tree.bind("<ButtonPress-1>", self._on_press, add="+")
        tree.bind("<ButtonRelease-1>", self._on_release, add="+")
        tree.bind("<Motion>", self._on_motion, add="+")

    def put(self, columns: list[Column], name: str = "") -> None:
        """These instead of those there were; the tree has no rows now."""
        self.each, self._name = columns, name or self._name
        names = [str(index) for index in range(len(columns))]
        self._tree.configure(displaycolumns="#all", columns=names)
        for index, column in enumerate(columns):
            self._tree.heading(str(index), text=column.title, anchor="w")
        self.fit()

    # -- widths ---------------------------------------------------------------

    @property
    def _kept(self) -> dict[str, float]:
        """The widths that were dragged, in Chinese characters, by title."""
        if self._window is None:
            return self._own
        return self._window.settings.columns.get(self._name, {})

    def fit(self) -> None:
        """Show what fits into the width the table has now."""
        room = self._tree.winfo_width()
        left, shown, stretching = room - 2 * ttk.scale_size(self._tree, RIM), [], []
        for index, column in enumerate(self.each):
            width, may_stretch = self._width_of(column, room)
            least = width // 2 if may_stretch and not self._is_wide else width
            full = room > 1 and len(shown) >= LEAST_COLUMNS and least > left
            if full and not self._is_wide:
                break
            left -= least
            shown.append(str(index))
            stretching += [str(index)] * may_stretch
            self._tree.column(
                str(index),
                width=least if room > 1 else width,
                minwidth=min(least // 2, theme.text_width(self._tree, LEAST_WIDTH)),
                stretch=may_stretch and not self._is_wide,
            )
        self._tree.configure(displaycolumns=shown)
        if not self._is_wide and len(shown) < len(self.each):
            stretching = stretching or shown[-1:]  # the stripes go to the edge
        for name in stretching if left > 0 and room > 1 else ():
            self._widen(name, left // len(stretching))
        if self._is_wide and left < 0 and room > 1:
            self._end_with_a_column(room - 2 * ttk.scale_size(self._tree, RIM))

    def _end_with_a_column(self, room: int) -> None:
        """Where a wide table is cut off, until somebody scrolls: none in the middle."""
        whole = []
        for index, column in enumerate(self.each):
            width = self._tree.column(str(index), "width")
            if width > room:
                break
            room -= width
            if column.title not in self._kept:
                whole.append(str(index))
        for place, name in enumerate(whole):
            self._widen(
                name, room * (place + 1) // len(whole) - room * place // len(whole)
            )

    def _widen(self, name: str, more: int) -> None:
        self._tree.column(name, width=self._tree.column(name, "width") + more)

    def _width_of(self, column: Column, room: int) -> tuple[int, bool]:
        """In pixels, and whether it takes what is left over."""
        kept = self._kept.get(column.title)
        if not isinstance(kept, (int, float)):  # the file may have been edited
            return theme.text_width(self._tree, column.width + 1), column.stretch
        width = theme.text_width(self._tree, min(max(kept, LEAST_WIDTH), MOST_WIDTH))
        return min(width, round(room * MOST_OF_TABLE)) if room > 1 else width, False

    def index_at(self, x: int) -> int:
        """Which of the columns is at, or ends at, this place of the tree."""
        place = int(self._tree.identify_column(x)[1:]) - 1
        return int(self._tree["displaycolumns"][place])

    def _on_press(self, event: tkinter.Event) -> str | None:
        region = self._tree.identify_region(event.x, event.y)
        self._dragged = ""
        if region == "separator":
            self._dragged = str(self.index_at(event.x))
            self._width_before = self._tree.column(self._dragged, "width")
        return self._stay_flat(region, event)

    def _on_release(self, event: tkinter.Event) -> None:
        """Once, at the end: a file is not written while the mouse moves."""
        index, self._dragged = self._dragged, ""
        if not index:
            return
        width = self._tree.column(index, "width")
        if width != self._width_before:
            characters = width / theme.text_width(self._tree, 1)
            self._keep(self.each[int(index)].title, round(characters, 1))

    def _keep(self, title: str, width: float) -> None:
        kept = {**self._kept, title: min(max(width, LEAST_WIDTH), MOST_WIDTH)}
        self._save(kept)

    def forget(self, index: int | None = None) -> None:
        """One column, or all, as wide as at first."""
        title = None if index is None else self.each[index].title
        self._save({t: w for t, w in self._kept.items() if title not in (None, t)})

    def _save(self, widths: dict[str, float]) -> None:
        self._own = widths
        if self._window is not None:
            kept = self._window.settings.columns
            kept[self._name] = widths
            if not widths:
                del kept[self._name]
            save_settings(self._window.folder, self._window.settings)
        self.fit()

    @property
    def are_changed(self) -> bool:
        """Whether any of them was dragged."""
        return bool(self._kept)

    # -- headings -------------------------------------------------------------

    def show_order(
        self, sorting: set[str], order: tuple[str, bool] | None, on_click: Any
    ) -> None:
        """Which titles sort at a click, and which one has sorted, down or not."""
        for index, column in enumerate(self.each):
            arrow = ARROWS[order[1]] if order and order[0] == column.title else ""
            command = lambda title=column.title: on_click(title)  # noqa: E731
            self._tree.heading(
                str(index),
                text=column.title + arrow,
                command=command if column.title in sorting else "",
            )

    def _on_motion(self, event: tkinter.Event) -> str | None:
        if self._dragged:
            return None  # over the next heading an edge is still being dragged
        return self._stay_flat(self._tree.identify_region(event.x, event.y), event)

    def _stay_flat(self, region: str, event: tkinter.Event) -> str | None:
        """A heading that does nothing neither lights up nor goes down."""
        if region != "heading":
            return None
        if self._tree.heading(str(self.index_at(event.x)), "command"):
            return None
        self._tree.configure(cursor="")
        return "break"
