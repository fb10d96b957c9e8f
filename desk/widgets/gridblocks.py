"""Blocks of an entry grid: marked, cleared, taken from above, copied and pasted."""

import tkinter
from typing import Any

from desk.widgets.gridcolumns import NOTHING_ABOVE, Cell, read_block
from desk.widgets.gridkeys import GridKeys
from models.errors import UserError


class GridBlocks(GridKeys):
    """While a text is edited these keys work in the text, as in any field."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._bind_blocks()
        self._bind_mouse()

    def _bind_blocks(self) -> None:
        bind = self.bind_keys
        for key, way in {"Up": (-1, 0), "Down": (1, 0)}.items():
            bind(f"Shift-{key}", lambda way=way: self._extend(*way))
        for key, way in {"Left": (0, -1), "Right": (0, 1)}.items():
            bind(f"Shift-{key}", lambda way=way: self._extend(*way))
        for key, way in {"Home": -1, "End": 1}.items():
            bind(f"Shift-{key}", lambda way=way: self._extend(0, way * 1000))
        bind("Delete", self._on_delete)
        bind("Control-Delete", self._clear_rows)
        bind("Control-d Control-D", self._copy_from_above)
        bind("<SelectAll>", self._select_all)
        bind("<Copy>", self._copy)
        bind("<Cut>", lambda: self._copy() and self._on_delete())
        bind("<Paste>", self._paste)
        bind("Control-Shift-C Control-Shift-c", self._copy_rows)

    def _bind_mouse(self) -> None:
        self.body.bind("<Button-1>", self._on_click)
        self.body.bind("<Double-Button-1>", lambda event: self.editor.edit())
        for sequence in ("<B1-Motion>", "<Shift-Button-1>"):
            self.body.bind(sequence, self._on_drag)
        for sequence in ("<B1-Motion>", "<Shift-Button-1>"):
            self.side.bind(sequence, self._on_more_labels)
        self.side.bind("<Button-1>", self._on_label)

    # -- marking ----------------------------------------------------------------

    def _extend(self, down: int, across: int) -> bool:
        if self.editor.editing:
            return False
        row, column = self.corner or (self.row, self.column)
        self._reach(row + down, column + across)
        return True

    def _reach(self, row: int, column: int) -> None:
        """Mark everything from the current cell to this one."""
        row = max(0, min(row, len(self.cells.rows) - 1))
        column = max(0, min(column, len(self.columns) - 1))
        here = (self.row, self.column)
        self.corner = (row, column) if (row, column) != here else None
        self.see(row, column)
        self.draw()

    def _select_all(self) -> bool:
        if self.editor.editing:
            return False
        self.go(0, 0 if 0 in self._typed_columns() else self._typed_columns()[0])
        self._reach((self.cells.filled() or [0])[-1], len(self.columns) - 1)
        return True

    # -- changing ---------------------------------------------------------------

    def _cells_of(self, rows: range, columns: range) -> list[tuple[int, str]]:
        typed = set(self._typed_columns()) & set(columns)
        return [(row, self.columns[at].name) for row in rows for at in sorted(typed)]

    def _on_delete(self) -> bool:
        if self.editor.editing:
            return False
        self._empty(*self.block())
        return True

    def _clear_rows(self) -> bool:
        self.settle()
        self._empty(self.block()[0], range(len(self.columns)))
        return True

    def _empty(self, rows: range, columns: range) -> None:
        self.change([(*place, Cell()) for place in self._cells_of(rows, columns)])
        self.reload()

    def _copy_from_above(self) -> bool:
        """The cell above; in a block its first row goes into all the others."""
        rows, columns = self.block()
        if len(rows) > 1:
            source, targets = self.cells.rows[rows[0]].get, rows[1:]
        else:
            source, targets = (lambda name: self.cells.above(self.row, name)), rows
        places = self._cells_of(targets, columns)
        found = [(row, name, source(name)) for row, name in places]
        changes = [(row, name, cell) for row, name, cell in found if cell]
        if changes:
            self.change(changes)
            self.reload()
        else:
            self.say(NOTHING_ABOVE)
        return True

    # -- the clipboard ------------------------------------------------------------

    def _copy(self) -> bool:
        if self.editor.editing:
            return False
        rows, columns = self.block()
        self._put_on_clipboard(rows, columns)
        return True

    def _copy_rows(self) -> bool:
        self.settle()
        self._put_on_clipboard(self.block()[0], range(len(self.columns)))
        return True

    def _put_on_clipboard(self, rows: range, columns: range) -> None:
        names = [self.columns[at].name for at in columns]
        self.clipboard_clear()
        self.clipboard_append(self.cells.block_text(rows, names))

    def _paste(self) -> bool:
        try:
            block = read_block(self.clipboard_get())
        except tkinter.TclError:  # nothing there, or not text
            return True
        if len(block) > 1 or len(block[0]) > 1:
            self._paste_block(block)
        elif self.corner is not None:
            places = self._cells_of(*self.block())
            text = block[0][0]
            self.change([(r, n, self.cells.cell_of(n, text)) for r, n in places])
            self.reload()
        else:
            if self.editor.selection_present():
                self.editor.delete("sel.first", "sel.last")
            self.editor.insert("insert", block[0][0])
        return True

    def _paste_block(self, block: list[list[str]]) -> None:
        rows, columns = self.block()
        row, at = rows[0], columns[0]
        count = len(self.cells.rows)
        try:
            touched = self.cells.paste(row, self.columns[at].name, block)
        except UserError as error:
            self.say(str(error))
            return
        self.reload()
        self.show_changed(touched, whole=len(self.cells.rows) != count)
        if at in self._typed_columns():
            self.go(row, at)
        self._reach(row + len(block) - 1, at + max(map(len, block)) - 1)
        self.see(row, at)

    # -- the mouse ----------------------------------------------------------------

    def _nearest_typed(self, column: int) -> int:
        return min(self._typed_columns(), key=lambda at: abs(at - column))

    def _on_click(self, event: tkinter.Event) -> None:
        row, column = self.cell_at(event.x, event.y)
        self.go(row, self._nearest_typed(column))
        self.focus_set()

    def _on_drag(self, event: tkinter.Event) -> None:
        if not self.editor.editing:
            self._reach(*self.cell_at(event.x, event.y))

    def _on_label(self, event: tkinter.Event) -> None:
        row, _ = self.cell_at(0, event.y)
        self.go(row, self._typed_columns()[0])
        self._on_more_labels(event)
        self.focus_set()

    def _on_more_labels(self, event: tkinter.Event) -> None:
        if not self.editor.editing:
            self._reach(self.cell_at(0, event.y)[0], len(self.columns) - 1)
