"""The current cell of an entry grid: its editor, its ring, and what is wrong."""

import tkinter
from collections.abc import Callable, Sequence

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.celleditor import CellEditor
from desk.widgets.gridcells import Change, GridCells
from desk.widgets.gridcolumns import DITTO, NOTHING_ABOVE, GridColumn
from desk.widgets.griddrawing import GridDrawing

HINT = "Enter 下一格 · Ctrl+D 或〃 同上 · F2 修改 · Esc 还原 · Ctrl+Delete 清空一行"


class GridCursor(GridDrawing):
    """One editor that goes from cell to cell."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        columns: Sequence[GridColumn],
        cells: GridCells,
        height: int,
        on_change: Callable[[], None],
    ) -> None:
        super().__init__(master, columns=columns, cells=cells, height=height)
        self._on_change, self._said = on_change, ""
        self.line = ttk.Label(self, style="Hint.TLabel", text=HINT)
        self.line.grid(row=1, column=0, sticky="ew", pady=theme.text_width(self, 0.2))
        self.line.bind("<Configure>", self._on_line_resized)
        self.editor = CellEditor(
            self.body,
            self.columns[self.column],
            on_edit=self._on_edit,
            style="Cell.TEntry",
        )
        self._place = self.body.create_window(0, 0, anchor="nw", window=self.editor)
        self.bind_wheel(self.editor)
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.editor.bind(sequence, lambda event: self.draw_cursor(), add="+")

    def _on_line_resized(self, event: tkinter.Event) -> None:
        self.line.configure(wraplength=max(event.width - self._wide // 2, 1))

    def bind_keys(self, keys: str, command: Callable[[], bool]) -> None:
        """Bind some keys of the editor; False from *command* lets them through."""
        for key in keys.split():
            self.editor.bind(f"<{key}>", lambda event: "break" if command() else None)

    # -- the current cell -------------------------------------------------------

    def focus_set(self) -> None:
        """Put the cursor into the current cell."""
        self.editor.focus_set()

    def has_focus(self) -> bool:
        """Whether keys go into the grid."""
        return str(self.tk.call("focus")) == str(self.editor)

    @property
    def name(self) -> str:
        """The column of the current cell."""
        return self.columns[self.column].name

    def fit(self) -> None:
        """Measure the fonts again and draw."""
        ttk.Style().configure("Cell.TEntry", padding=(theme.text_width(self, 0.2), 0))
        super().fit()

    def draw(self) -> None:
        """Everything in sight, the editor in its place."""
        super().draw()
        self.place_editor()

    def wheel(self, way: int) -> str:
        """Scroll some rows; the list would stay behind."""
        self.editor.close()
        return super().wheel(way)

    def place_editor(self) -> None:
        """Over the current cell; what is wrong there is said in the line below."""
        left, top, right, bottom = self.box(self.row, self.column)
        wrong = (self.row, self.name) in self.marks
        self.body.coords(self._place, left + 2, top + 2)
        self.body.itemconfigure(
            self._place, width=right - left - 3, height=bottom - top - 3
        )
        self.editor.state(["invalid" if wrong else "!invalid"])

    def go(self, row: int, column: int) -> None:
        """Make a cell the current one, once what was typed before is settled."""
        self.settle()
        before, had_block = self.row, self.corner is not None
        self.row = max(0, min(row, len(self.cells.rows) - 1))
        self.column, self.corner, self._said = column, None, ""
        self.reload()
        self.see(self.row, column)
        if had_block:
            self.draw()
        else:
            self.draw_row(before)
            self.draw_row(self.row)
            self.draw_cursor()
            self.place_editor()
        self.show_line()

    def settle(self) -> None:
        """Take what stands in the editor into its cell."""
        if not self.editor.is_changed:
            return
        place, cell = (self.row, self.name), self.editor.reading()
        if cell.text in DITTO:
            cell = self.cells.above(*place) or cell
            if cell.text in DITTO:
                self.marks[place] = (NOTHING_ABOVE, cell)
        self.change([(*place, cell)])
        self.reload()

    def reload(self) -> None:
        """Show in the editor what stands in the current cell."""
        self.editor.load(
            self.columns[self.column], self.cells.rows[self.row][self.name]
        )

    def change(self, changes: Sequence[Change]) -> None:
        """Write cells in one step, and forget what was wrong with them."""
        count = len(self.cells.rows)
        rows = self.cells.change(changes)
        self.show_changed(rows, whole=len(self.cells.rows) != count)

    def show_changed(self, rows: Sequence[int], *, whole: bool) -> None:
        """Draw what was changed in *rows*, or everything if there are more rows now."""
        for (row, name), (_, refused) in list(self.marks.items()):
            if self.cells.rows[row][name] != refused:
                del self.marks[row, name]
        if whole:
            self.draw()
        for row in () if whole else rows:
            self.draw_row(row)
        self.draw_cursor()
        self.place_editor()
        self.show_line()
        if rows:
            self._on_change()

    def undo(self, *, again: bool) -> bool:
        """Take the last change back, or make it again; the editor has its own."""
        if self.editor.editing:
            return False
        place = self.cells.undo(again=again)
        if place is not None:
            self.reload()
            self.show_changed([place[0]], whole=True)
            names = [column.name for column in self.columns]
            self.go(place[0], names.index(place[1]))
        return True

    def _on_edit(self) -> None:
        """A key changed the text: whatever is drawn follows, the editor stays."""
        refused = self.marks.get((self.row, self.name))
        grown = bool(self.editor.get()) and self.cells.grow(past=self.row)
        if refused and self.editor.cell() != refused[1]:
            del self.marks[self.row, self.name]
        if grown or self.corner or refused:
            self.corner = None
            self.draw()
        self.see(self.row, self.column)
        self.say("")
        self._on_change()

    # -- the line under the grid ------------------------------------------------

    def say(self, text: str) -> None:
        """Say something in passing; nothing shows what is wrong, or the keys."""
        self._said = text
        self.show_line()

    def show_line(self) -> None:
        """What is wrong here, else what is wrong elsewhere, else the keys."""
        here = (self.row, self.name)
        text = self._said
        if not text and self.marks:
            places = self.marked_places()
            text = self.problem_at(here if here in self.marks else places[0])
            if len(places) > 1:
                text += f"（共 {len(places)} 处要改）"
        style = "Error.TLabel" if text else "Hint.TLabel"
        self.line.configure(text=text or HINT, style=style)

    def marked_places(self) -> list[tuple[int, str]]:
        """The cells with a fault, row by row."""
        names = [column.name for column in self.columns]
        return sorted(self.marks, key=lambda place: (place[0], names.index(place[1])))

    def problem_at(self, place: tuple[int, str]) -> str:
        """What is wrong with a cell, and which one it is."""
        labelled = place[0] < len(self.cells.labels)
        row = self.cells.label(place[0])
        return f"{row if labelled else f'第 {row} 行'}：{self.marks[place][0]}"
