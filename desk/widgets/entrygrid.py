"""A sheet for copying paper rows in: typed, pasted or taken from above, by keys alone.

A page makes it with columns, reads `rows()` and shows what is refused with
`show_problem`, or does all of that by `submit`.  Rows are numbered from 1, as shown.
"""

import re
import tkinter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desk.widgets import STARTED_ANEW
from desk.widgets.gridblocks import GridBlocks
from desk.widgets.gridcells import GridCells
from desk.widgets.gridcolumns import GridColumn, GridRow
from models.errors import UserError

NUMBERED = re.compile(r"第\s*(\d+)\s*行\s*[：:，,]?\s*")


class EntryGrid(GridBlocks):
    """`labels` name the rows (reserved numbers) and say how many there are.

    A *growing* grid has one more row as soon as its last one is begun, up to 200.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        columns: Sequence[GridColumn],
        rows: int = 10,
        growing: bool = False,
        labels: Sequence[str] = (),
        height: int = 8,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._rows = rows
        cells = GridCells(columns, rows=rows, growing=growing)
        cells.labels = list(labels)
        if labels:
            cells.reset(len(labels))
        super().__init__(
            master, columns=columns, cells=cells, height=height, on_change=on_change
        )
        self.fit()
        self.go(0, self.column)

    # -- what stands in it ----------------------------------------------------

    def rows(self) -> list[GridRow]:
        """The rows that are not empty, with what was typed and what it means."""
        self.settle()
        return [self.cells.grid_row(row) for row in self.cells.filled()]

    def is_empty(self) -> bool:
        """Whether nothing was typed yet; disturbs nobody who is typing."""
        return not self.snapshot()["rows"]

    def write(self, number: int, /, **values: Any) -> None:
        """Write cells of a row by name: text, record or stored value."""
        self.settle()
        self.cells.make_room(number)
        changes = [
            (number - 1, name, self.cells.cell_of(name, value))
            for name, value in values.items()
        ]
        self.change(changes)
        self.reload()

    def clear(self) -> None:
        """Empty every row and forget what was wrong."""
        self.set_rows(len(self.cells.labels) or self._rows, self.cells.labels)
        self.event_generate(STARTED_ANEW)

    def set_rows(self, rows: int = 0, labels: Sequence[str] = ()) -> None:
        """So many empty rows, or one for each of *labels*."""
        self.cells.labels = list(labels)
        self.cells.reset(len(labels) or rows or self._rows)
        self.marks.clear()
        self.first, self.row, self.column = 0, 0, self._typed_columns()[0]
        self.reload()  # what was typed there belongs to none of the new rows
        self.go(self.row, self.column)
        self.draw()
        self._on_change()

    def snapshot(self) -> dict[str, Any]:
        """Everything typed, half a word too, to be put back with `restore`."""
        rows = {row: dict(self.cells.rows[row]) for row in self.cells.filled()}
        if self.editor.is_changed:
            # A row that is only begun has not got yet what each row begins with.
            begun = rows.get(self.row, {})
            rows[self.row] = {**begun, self.name: self.editor.cell()}
        kept = [[row + 1, cells] for row, cells in sorted(rows.items())]
        return {"labels": list(self.cells.labels), "rows": kept}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Put back a snapshot; cells may also be given as plain text."""
        self.set_rows(labels=typed["labels"])
        for number, cells in typed["rows"]:
            self.write(
                number, **{n: c for n, c in cells.items() if n in self.cells.columns}
            )
        self.cells.forget_changes()
        self.go(0, self._typed_columns()[0])

    # -- kept for the next start ------------------------------------------------

    def draft(self) -> dict[str, Any] | None:
        """What stands in it, as JSON has it; None when it is empty."""
        snapshot = self.snapshot()
        return self.to_json(snapshot) if snapshot["rows"] else None

    def bring_draft(self, kept: Mapping[str, Any]) -> None:
        """Put a draft back, below what was typed since."""
        below = 0 if self.is_empty() else self.cells.filled()[-1] + 1
        for number, cells in self.from_json(kept)["rows"]:
            self.write(number + below, **cells)
        self.cells.forget_changes()
        self._on_change()

    def to_json(self, snapshot: Mapping[str, Any]) -> dict[str, Any]:
        """A snapshot as JSON has it."""
        columns = self.cells.columns
        rows = []
        for number, cells in snapshot["rows"]:
            said = {n: c for n, c in cells.items() if c.text or columns[n].initial}
            rows.append([number, {n: columns[n].to_json(c) for n, c in said.items()}])
        return {"labels": list(snapshot["labels"]), "rows": rows}

    def from_json(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """A snapshot of what `to_json` gave."""
        columns = self.cells.columns
        rows = []
        for number, cells in kept["rows"]:
            known = [(n, c) for n, c in cells.items() if n in columns]
            rows.append([number, {n: columns[n].from_json(c) for n, c in known}])
        return {"labels": list(kept["labels"]), "rows": rows}

    # -- what is wrong --------------------------------------------------------

    def submit(self, command: Callable[[list[GridRow]], None]) -> bool:
        """Check, then run the command on the rows; what it refuses is shown here.

        "第 N 行" in a refusal counts the rows given.  False if anything is wrong.
        """
        self.event_generate(STARTED_ANEW)
        if not self.check():
            return False
        rows = self.rows()
        try:
            command(rows)
        except UserError as error:
            if not self.show_problem(str(error), error.field, sent=rows):
                raise
            return False
        return True

    def check(self) -> bool:
        """Mark every cell that is missing or cannot be read, and go to the first."""
        rows = self.rows()
        self.clear_problems()
        for row in rows:
            for column in self.columns:
                cell = self.cells.rows[row.number - 1][column.name]
                problem = column.problem_of(cell)
                if problem:
                    self.mark(row.number, column.name, problem)
        if self.marks:
            row, name = self.marked_places()[0]
            self.focus_cell(row + 1, name)
        return not self.marks

    def mark(self, number: int, name: str, text: str) -> None:
        """Say *text* of a cell until it is changed; nothing for no text."""
        place = (number - 1, name)
        self.marks.pop(place, None)
        if text:
            self.marks[place] = (text, self.cells.rows[number - 1][name])
        self.draw_row(number - 1)
        self.place_editor()
        self.say("")

    def clear_problems(self) -> None:
        """Forget what was wrong."""
        self.marks.clear()
        self.draw()
        self.place_editor()
        self.say("")

    def problems(self) -> list[str]:
        """What is shown as wrong now, top to bottom, with its row."""
        return [self.problem_at(place) for place in self.marked_places()]

    def focus_cell(self, number: int, name: str) -> None:
        """Go to a cell and put the cursor there."""
        names = [column.name for column in self.columns]
        self.go(number - 1, names.index(name))
        self.focus_set()

    def show_problem(
        self, text: str, name: str = "", *, sent: Sequence[GridRow] = ()
    ) -> bool:
        """Mark the cell that "第 3 行：…" (or "0021：…") is about, and go there.

        With *sent* the number counts these rows, else those of the grid.  The column
        is the named one, else the one with the longest heading in *text*.  False if
        no row is named.
        """
        found = self._row_named(text, sent)
        if found is None:
            return False
        row, rest = found
        columns = {c.name: c for c in self.columns if c.kind != "fact"}
        if name not in columns:
            named = [c for c in columns.values() if c.heading in rest]
            longest = max(named, key=lambda c: len(c.heading), default=None)
            name = longest.name if longest else next(iter(columns))
        self.mark(row + 1, name, rest)
        self.focus_cell(row + 1, name)
        return True

    def _row_named(self, text: str, sent: Sequence[GridRow]) -> tuple[int, str] | None:
        match = NUMBERED.match(text)
        if match is not None:
            number = int(match[1])
            if sent:
                number = sent[number - 1].number if 0 < number <= len(sent) else 0
            row, rest = number - 1, text[match.end() :]
        else:
            label, *more = re.split("[：:]", text, maxsplit=1)
            rest = "".join(more)
            labels = self.cells.labels
            row = labels.index(label.strip()) if label.strip() in labels else -1
        return (row, rest.strip()) if 0 <= row < len(self.cells.rows) else None
