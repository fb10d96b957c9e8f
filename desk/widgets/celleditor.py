"""The one field in which every cell of an entry grid is typed.

It stands over the current cell and keeps the focus, so that an input method has
something to write into from the first key on.  Until one types, the whole text is
marked and the arrows walk; from then on they move in the text, as in any sheet.
"""

import tkinter
from collections.abc import Callable, Sequence
from typing import Any

from desk.widgets.gridcolumns import Cell, GridColumn
from desk.widgets.suggest import SuggestEntry, Suggestion


class CellEditor(SuggestEntry):
    """`load` it with a cell; `cell()` is what stands in it now."""

    def __init__(
        self,
        master: tkinter.Misc,
        column: GridColumn,
        *,
        on_edit: Callable[[], None],
        **options: Any,
    ) -> None:
        self.column = column
        self.editing = False
        self._on_edit = on_edit
        self._entered = Cell()
        self._pointed = False  # a line of the list was gone to by the arrows
        super().__init__(
            master, suggest=self._suggest_here, fill=self._fill_here, **options
        )
        self.bind("<FocusIn>", lambda event: self._mark_text(), add="+")
        self.bind("<Button-1>", lambda event: self._start_editing(), add="+")
        self.unbind("<Return>")
        self.unbind("<KP_Enter>")

    def load(self, column: GridColumn, cell: Cell) -> None:
        """Show *cell*, as a whole to be typed over."""
        self.column, self._entered = column, cell
        self.show(cell)
        # Undoing by Ctrl+Z ends at the cell's edge: see desk.repairs.
        self.typed_texts, self.undone_texts = [cell.text], []

    def show(self, cell: Cell) -> None:
        """Put *cell* in place of what was typed."""
        self.close()
        self._write(cell.text)
        self.record = cell.record
        self.editing = False
        self._mark_text()

    def cell(self) -> Cell:
        """What stands here, with nothing read into it."""
        return Cell(self.get().strip(), self.record)

    @property
    def is_changed(self) -> bool:
        """Whether something else stands here than at first."""
        return self.cell() != self._entered

    def reading(self) -> Cell:
        """What stands here, with what it clearly means."""
        if self._pointed and self.is_open:
            self._pick(self._marked())
        cell = self.cell()
        return cell if cell.record is not None else self.column.read(cell.text)

    def pick(self) -> None:
        """Take the marked line, waiting for no list that is still to come."""
        if self._timer and self.column.kind in ("suggest", "choice"):
            self._stop_timer()
            self._search()
        if self.is_open:
            self._pick(self._marked())

    def take_back(self) -> bool:
        """Esc: the list, then what was typed; False when there was neither."""
        if self.is_open:
            self.close()
            return True
        if not self.editing:
            return False
        self.show(self._entered)
        self._on_edit()
        return True

    def edit(self) -> None:
        """F2: the caret in the text, or the whole of it marked again."""
        if self.editing and not self.is_changed:
            self.editing = False
            self._mark_text()
            return
        self._start_editing()
        self.selection_clear()
        self.icursor("end")

    def open_list(self) -> bool:
        """Show every line there is to choose; False in a column without."""
        if self.column.kind not in ("suggest", "choice"):
            return False
        self._stop_timer()
        whole = self.column.kind == "choice"
        self._found = self._suggest_here("" if whole else self.get().strip())
        if self._found:
            self.editing = True
            self._open()
            self._pointed = True
        return True

    def point(self, step: int) -> None:
        """Go up or down in the list."""
        self._on_arrow(step)
        self._pointed = True

    # -- typing -------------------------------------------------------------

    def _suggest_here(self, text: str) -> Sequence[Suggestion]:
        return self.column.found(text)

    def _fill_here(self, record: Any) -> str:
        return self.column.shown(record)

    def _on_typed(self, *names: str) -> None:
        if self._setting:
            return
        self.editing, self._pointed = True, False
        super()._on_typed(*names)
        self._on_edit()

    def _pick(self, index: int) -> None:
        super()._pick(index)
        self._pointed = False
        self._on_edit()

    def _start_editing(self) -> None:
        self.editing = True

    def _mark_text(self) -> None:
        if not self.editing:
            self.selection_range(0, "end")
            self.icursor("end")
