"""What stands in the rows of an entry grid: changed, undone, copied from above."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from desk.widgets.gridcolumns import DITTO, Cell, GridColumn, GridRow
from models.errors import UserError

MOST_ROWS = 200
UNDO_DEPTH = 200

Change = tuple[int, str, Cell]  # row from 0, name of the column, what comes there


class GridCells:
    """The rows; each change is made through `change`, and can be undone."""

    def __init__(
        self, columns: Sequence[GridColumn], *, rows: int, growing: bool
    ) -> None:
        self.columns = {column.name: column for column in columns}
        self.initials = {
            name: self.cell_of(name, column.initial)
            for name, column in self.columns.items()
        }
        self.growing = growing
        self.labels: list[str] = []
        self.reset(rows)

    def reset(self, rows: int) -> None:
        """So many empty rows, and nothing to undo."""
        self.rows = [self._empty_row() for _ in range(rows)]
        self.forget_changes()

    def forget_changes(self) -> None:
        """Nothing can be undone any more."""
        self._done: list[list[Change]] = []
        self._undone: list[list[Change]] = []

    def _empty_row(self) -> dict[str, Cell]:
        return {name: Cell() for name in self.columns}

    def cell_of(self, name: str, value: Any) -> Cell:
        """The cell for a text, a record or a stored value."""
        column = self.columns[name]
        if value is None or value == "":
            return Cell()
        if isinstance(value, Cell):
            return value
        if isinstance(value, str) and value not in column.choices:
            return column.read(value)
        return Cell(column.shown(value), value)

    def label(self, row: int) -> str:
        """What stands at the left of a row."""
        return self.labels[row] if row < len(self.labels) else str(row + 1)

    def grid_row(self, row: int) -> GridRow:
        """A row as the page gets it."""
        cells = self.rows[row]
        return GridRow(
            row + 1,
            self.label(row),
            {name: cell.text for name, cell in cells.items()},
            {name: cell.record for name, cell in cells.items()},
        )

    def is_empty(self, row: int) -> bool:
        """Whether a row holds nothing but what it began with."""
        return all(
            cell.text in ("", self.initials[name].text)
            for name, cell in self.rows[row].items()
            if self.columns[name].kind != "fact"
        )

    def filled(self) -> list[int]:
        """The rows that are not empty."""
        return [row for row in range(len(self.rows)) if not self.is_empty(row)]

    # -- changing ---------------------------------------------------------------

    def change(self, changes: Iterable[Change]) -> list[int]:
        """Write cells, as one step to undo; gives the rows touched."""
        changes = list(changes)
        wanted = [c for c in changes if self.rows[c[0]][c[1]] != c[2]]
        if not wanted:
            return []
        empty = [row for row in {c[0] for c in wanted} if self.is_empty(row)]
        undoing = self._write(wanted)
        for row in {c[0] for c in wanted}:
            undoing += self._write(self._initials_due(row, changes, row in empty))
        self._done.append(undoing)
        self._undone.clear()
        del self._done[:-UNDO_DEPTH]
        return self._touched(undoing)

    def _initials_due(
        self, row: int, changes: list[Change], was_empty: bool
    ) -> list[Change]:
        """What a row begins with comes with its first text and goes with its last."""
        written = {name: cell for at, name, cell in changes if at == row}
        others = {n: c for n, c in self.initials.items() if c.text and n not in written}
        if not self.is_empty(row):
            given = others.items() if was_empty else ()
            return [(row, n, c) for n, c in given if not self.rows[row][n].text]
        if any(cell.text for cell in written.values()):
            return []
        return [(row, name, Cell()) for name in others]

    def _write(self, changes: list[Change]) -> list[Change]:
        before = [(row, name, self.rows[row][name]) for row, name, _ in changes]
        for row, name, cell in changes:
            self.rows[row][name] = cell
        return before

    def _touched(self, changes: list[Change]) -> list[int]:
        rows = sorted({row for row, _, _ in changes})
        for row in rows:
            self._fill_facts(row)
        self.grow()
        return rows

    def _fill_facts(self, row: int) -> None:
        for name, column in self.columns.items():
            if column.kind == "fact" and column.fill is not str:
                empty = self.is_empty(row)
                text = "" if empty else column.fill(self.grid_row(row))
                self.rows[row][name] = Cell(text)

    def grow(self, *, past: int = -1) -> bool:
        """Keep an empty row at the end; *past* is being typed in."""
        last = len(self.rows) - 1
        if not self.growing or last + 1 >= MOST_ROWS:
            return False
        if past != last and not any(cell.text for cell in self.rows[last].values()):
            return False
        self.rows.append(self._empty_row())
        return True

    def make_room(self, rows: int) -> None:
        """Have at least so many rows, where rows may be added."""
        while self.growing and len(self.rows) < min(rows, MOST_ROWS):
            self.rows.append(self._empty_row())

    def undo(self, *, again: bool = False) -> tuple[int, str] | None:
        """Take back the last change, or make it again; gives where it was."""
        source, other = self._done, self._undone
        if again:
            source, other = other, source
        if not source:
            return None
        changes = source.pop()
        # Backwards: one step may have written a cell twice.
        other.append(self._write(changes[::-1]))
        self._touched(changes)
        return changes[0][:2]

    # -- from above, from and to a sheet ------------------------------------------

    def above(self, row: int, name: str) -> Cell | None:
        """The same cell of the nearest row above that is not empty; None if blank."""
        for at in range(row - 1, -1, -1):
            if not self.is_empty(at):
                cell = self.rows[at][name]
                return cell if cell.text else None
        return None

    def block_text(self, rows: Iterable[int], names: Sequence[str]) -> str:
        """Cells as lines with tabs, as a sheet takes them."""
        return "\n".join(
            "\t".join(self.rows[row][name].text for name in names) for row in rows
        )

    def paste(self, row: int, name: str, block: list[list[str]]) -> list[int]:
        """Write a block from this cell on, in one step; UserError if it has no room."""
        names = list(self.columns)
        names = names[names.index(name) :]
        wide = max(map(len, block))
        if wide > len(names):
            raise UserError(
                f"剪贴板里有 {wide} 列，从“{self.columns[name].heading}”起"
                f"只有 {len(names)} 列，请从更靠左的一格粘贴。"
            )
        room = (MOST_ROWS if self.growing else len(self.rows)) - row
        if len(block) > room:
            raise UserError(
                f"剪贴板里有 {len(block)} 行，从这一行起只放得下 {room} 行，"
                "请分次粘贴。"
            )
        self.make_room(row + len(block))
        return self.change(self._pasted(row, names, block))

    def _pasted(
        self, row: int, names: list[str], block: list[list[str]]
    ) -> Iterator[Change]:
        last = {name: self.above(row, name) for name in names}
        for at, line in enumerate(block, row):
            for name, text in zip(names, line, strict=False):
                column = self.columns[name]
                if column.kind == "fact":
                    continue
                cell = column.read(text)
                if cell.text in DITTO:
                    cell = last[name] or cell
                last[name] = cell if cell.text else None
                yield at, name, cell
