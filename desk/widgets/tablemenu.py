"""The menu of a table: what the keys and the buttons do with the marked rows."""

import tkinter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from desk import theme
from desk.keymap import key_of_action, keys_of
from desk.widgets.tablecolumns import window_of

# Not Shift+F10: input methods and chat tools take it.
KEYS = ("<Key-Menu>", "<Key-App>")


class Entry(NamedTuple):
    """A line of the menu; *key* is how its key is written."""

    text: str
    key: str
    command: Callable[[], Any]
    is_possible: bool


class RowMenu:
    """Made anew each time it opens: with the colours and the rows of the moment."""

    def __init__(self, table: Any) -> None:
        self._table, self._tree = table, table.tree
        self.menu: tkinter.Menu | None = None
        self._tree.bind("<<ContextMenu>>", self._on_click, add="+")
        if self._tree.tk.call("tk", "windowingsystem") == "aqua":
            self._tree.bind("<Control-Button-1>", self._on_click, add="+")
        for key in KEYS:
            with suppress(tkinter.TclError):  # App is a key of Windows only
                self._tree.bind(key, self._on_key, add="+")

    # -- what is offered --------------------------------------------------------

    def entries(self) -> list[list[Entry]]:
        """In groups: the row, what is done to it, what is taken along."""
        table = self._table
        is_marked, is_filled = bool(table.selection()), bool(table.count)
        opening = []
        if table.on_open is not None:
            one = table.selected() is not None
            opening = [Entry("打开", "Enter", table.open_marked, one)]
        page = self._page()
        doing = [] if page is None else list(self._actions(page, is_marked))
        taking = [
            Entry("复制", "Ctrl+C", table.copy, is_marked),
            Entry("全选", "Ctrl+A", table.mark_all, is_filled),
        ]
        return [group for group in (opening, doing, taking) if group]

    def _page(self) -> Any:
        """The page, or the part of one, whose list this table is."""
        widget = self._table.master
        while widget is not None and getattr(widget, "table", None) is not self._table:
            widget = widget.master
        return widget

    def _actions(self, page: Any, is_marked: bool) -> Iterator[Entry]:
        """Its buttons, and the keys of rows that have no button there."""
        window = window_of(page)
        rows = {
            key.action: key
            for key in (keys_of(window.here) if window else ())
            if key.rows
            and hasattr(page, key.action)
            and key.action not in getattr(page, "keys_not_of_rows", ())
        }
        for name, button in getattr(page, "list_buttons", {}).items():
            action = page.list_actions[name]
            free = str(button.cget("state")) != "disabled"
            possible = free and (is_marked or action not in rows)
            rows.pop(action, None)
            if button.winfo_manager():
                text, key = button.cget("text"), key_of_action(action)
                yield Entry(text, key, button.invoke, possible)
        for action, key in rows.items():
            command = partial(self._answer, page, action)
            yield Entry(key.row_text, key.shown, command, is_marked)

    @staticmethod
    def _answer(page: Any, action: str) -> None:
        getattr(page, action)()

    # -- showing it -------------------------------------------------------------

    def build(self) -> tkinter.Menu:
        """The menu of the rows as they are marked now."""
        menu = self._new()
        for place, group in enumerate(self.entries()):
            if place:
                menu.add_separator()
            for entry in group:
                menu.add_command(
                    label=f" {entry.text}  ",
                    accelerator=f"{entry.key} ",
                    command=entry.command,
                    state="normal" if entry.is_possible else "disabled",
                )
        return menu

    def build_heading(self) -> tkinter.Menu:
        """The menu of a heading: back to the widths, and the order, of the start."""
        table, menu = self._table, self._new()
        for text, command, possible in (
            ("恢复列宽", table.columns.forget, table.columns.are_changed),
            ("恢复原来的顺序", table.unsort, table.is_sorted),
        ):
            state = "normal" if possible else "disabled"
            menu.add_command(label=f" {text} ", command=command, state=state)
        return menu

    def _new(self) -> tkinter.Menu:
        if self.menu is not None:
            self.menu.destroy()
        rim = max(1, theme.text_width(self._table, 0.1))
        self.menu = tkinter.Menu(
            self._table,
            tearoff=False,
            font="TkDefaultFont",
            background=theme.colour("inputbg"),
            foreground=theme.colour("fg"),
            activebackground=theme.colour("chosen"),
            activeforeground=theme.colour("fg"),
            disabledforeground=theme.colour("muted"),
            relief="raised",
            borderwidth=rim,
            activeborderwidth=rim * 2,
        )
        return self.menu

    def _on_click(self, event: tkinter.Event) -> str:
        self._tree.focus_set()
        region = self._tree.identify_region(event.x, event.y)
        if region in ("heading", "separator"):
            menu = self.build_heading()
        else:
            row = self._tree.identify_row(event.y)
            if row and row not in self._tree.selection():
                self._tree.selection_set(row)
            if row:
                self._tree.focus(row)
            self._tree.update_idletasks()  # pages follow the mark, and so do buttons
            menu = self.build()
        menu.tk_popup(event.x_root, event.y_root)
        return "break"

    def _on_key(self, event: tkinter.Event) -> str:
        """Under the row with the focus."""
        row = self._tree.focus()
        box = self._tree.bbox(row) if row else ""
        x, y = (box[0], box[1] + box[3]) if box else (0, 0)
        x += self._tree.winfo_rootx() + theme.text_width(self._tree, 1)
        self.build().tk_popup(x, self._tree.winfo_rooty() + y)
        return "break"
