"""The keys that walk through an entry grid."""

from typing import Any

from desk.widgets.gridcursor import GridCursor


class GridKeys(GridCursor):
    """In a text being edited the arrows, Home and End belong to the text."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._bind_walking()

    def _bind_walking(self) -> None:
        bind = self.bind_keys
        bind("Return KP_Enter", lambda: self._on_enter(+1))
        bind("Shift-Return Shift-KP_Enter", lambda: self._on_enter(-1))
        # Without their own binding these would count as Enter, and as Tab.
        bind("Control-Return Control-KP_Enter", lambda: False)
        bind("Control-Tab", lambda: self._leave(+1))
        bind("Tab", lambda: self._walk(+1))
        bind("Shift-Tab", lambda: self._walk(-1))
        if self.tk.call("tk", "windowingsystem") == "x11":
            bind("ISO_Left_Tab", lambda: self._walk(-1))
        for key, way in {"Up": -1, "Down": 1}.items():
            bind(key, lambda way=way: self._step_down(way))
        for key, page in {"Prior": -1, "Next": 1}.items():
            bind(key, lambda page=page: self._step_down(page * self.shown))
        for key, way in {"Left": -1, "Right": 1}.items():
            bind(key, lambda way=way: self._step_across(way))
        for key, end in {"Home": 0, "End": -1}.items():
            bind(key, lambda end=end: self._to_end_of_row(end))
            bind(f"Control-{key}", lambda end=end: self._to_end_of_grid(end))
        bind("F2", lambda: self.editor.edit() or True)
        bind("F4 Alt-Down", self.editor.open_list)
        # Without their own binding these would count as the plain key: they are the
        # window's.
        for held in ("Control", "Shift", "Alt", "Control-Shift"):
            bind(f"{held}-F2 {held}-F4", lambda: False)
        bind("Escape", self._on_escape)
        bind("<Undo>", lambda: self.undo(again=False))
        bind("<Redo>", lambda: self.undo(again=True))

    # -- walking ----------------------------------------------------------------

    def _on_enter(self, step: int) -> bool:
        self.editor.pick()
        return self._walk(step)

    def _walk(self, step: int) -> bool:
        """To the next cell, from the last one of the grid to what follows it."""
        self.settle()
        columns = self._typed_columns()
        across = columns.index(self.column) + step
        row, at = divmod(self.row * len(columns) + across, len(columns))
        if not 0 <= row < len(self.cells.rows):
            return self._leave(step)
        self.go(row, columns[at])
        return True

    def _leave(self, step: int) -> bool:
        self.go(self.row, self.column)
        there = self.editor.tk_focusNext() if step > 0 else self.editor.tk_focusPrev()
        if there is not None:
            there.focus_set()
        return True

    def _step_down(self, step: int) -> bool:
        if self.editor.is_open:
            self.editor.point(max(-7, min(step, 7)))
        else:
            self.settle()
            self.go(self.row + step, self.column)
        return True

    def _step_across(self, step: int) -> bool:
        if self.editor.editing:
            return False  # the caret moves in the text
        columns = self._typed_columns()
        at = columns.index(self.column) + step
        if 0 <= at < len(columns):
            self.go(self.row, columns[at])
        return True

    def _to_end_of_row(self, end: int) -> bool:
        if not self.editor.editing:
            self.go(self.row, self._typed_columns()[end])
        return not self.editor.editing

    def _to_end_of_grid(self, end: int) -> bool:
        self.settle()
        filled = self.cells.filled() or [0]
        self.go(filled[-1] if end else 0, self._typed_columns()[end])
        return True

    def _on_escape(self) -> bool:
        if self.editor.take_back():
            return True
        if self.corner is None:
            return False  # the window's own Escape
        self.corner = None
        self.draw()
        return True
