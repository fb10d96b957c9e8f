"""The tables of a printed ledger read once: its rows, and what stands among them."""

from collections.abc import Iterator, Sequence

from exports.ledgers.annex import Annex
from exports.ledgers.cells import CELL, CellDigest
from exports.ledgers.changes import flat
from exports.ledgers.marks import Mark, occurring
from exports.ledgers.printed import PrintedFile, PrintedRow
from exports.ledgers.proof import mark_of


class Body:
    """What was read so far is known when `rows` and then `annexed` have ended.

    *headings* are all texts of the heading rows as they are known here, *mark* tells
    those that the file should have.  What is wrong with the tables themselves is added
    to *faults*.
    """

    def __init__(
        self,
        file: PrintedFile,
        columns: int,
        headings: Sequence[str],
        mark: str,
        annex: Annex | None,
        faults: list[str],
    ) -> None:
        self._printed, self._annex = file.rows(), annex
        self._columns, self._headings, self._mark = columns, headings, mark
        self._heading_rows = file.proof.heading_rows
        self._table, self._in_annex, self._ended = -1, False, False
        # The headings of the table so far; None when they have been looked at.
        self._heading: list[str] | None = None
        self._seen = 0
        # A row of one cell; the last of them is the row of totals.
        self._waiting: str | None = None
        self.count = 0
        self.closing = ""
        # Titles and subtotals of groups, with the number of rows before each.
        self.between: list[tuple[int, str]] = []
        self.marks: set[Mark] = set()
        self.digest, self.faults = CellDigest(), faults

    def rows(self) -> Iterator[tuple[str, ...]]:
        for row in () if self._ended else self._printed:
            if self._is_heading(row):
                if self._in_annex:
                    break
                continue
            if len(row.cells) == 1 and self._columns > 1:
                self._pass_waiting()
                self._waiting = row.cells[0]
                continue
            self._pass_waiting()
            self.count += 1
            self.digest.add_row(row.cells)
            self.marks |= occurring(CELL.join(row.cells))
            yield self._fitting(row.cells, self._columns, f"第 {self.count} 行")
        if not self._ended:
            self.closing, self._ended = self._waiting or "", True

    def _pass_waiting(self) -> None:
        """The row of one cell belongs to a group, since more came after it."""
        if self._waiting is not None:
            self.digest.add(self._waiting)
            self.between.append((self.count, self._waiting))
            self._waiting = None

    def annexed(self) -> Iterator[tuple[str, ...]]:
        """The rows of the annex, when those of the ledger have been read."""
        annex = self._annex
        if annex is None:
            return
        for row in self._printed:
            if not self._is_heading(row):
                self.digest.add_row(row.cells)
                yield self._fitting(row.cells, len(annex.columns), annex.title)
        self._look_at_headings()

    def _is_heading(self, row: PrintedRow) -> bool:
        if row.table != self._table:
            self._look_at_headings()
            self._table, self._heading = row.table, list(row.cells)
            self._seen = 1
            if not self._in_annex:
                self._in_annex = self._begins_annex(row)
            return True
        several = self._seen < self._heading_rows and not self._in_annex
        if self._heading is not None and several:
            self._heading += row.cells
            self._seen += 1
            return True
        self._look_at_headings()
        return False

    def _begins_annex(self, row: PrintedRow) -> bool:
        """Also with changed headings: it has another number of columns."""
        if self._annex is None:
            return False
        return len(row.cells) == len(self._annex.columns) != self._columns

    def _look_at_headings(self) -> None:
        """A ledger of another program has other headings than are known here."""
        printed, self._heading = self._heading, None
        if printed is None:
            return
        known: Sequence[str] = self._headings
        mark = self._mark
        if self._in_annex and self._annex is not None:
            known, mark = self._annex.headings, mark_of(*self._annex.headings)
        if mark == mark_of(*printed):
            return
        wrong = [
            f"“{flat(cell)}”"
            for cell, heading in zip(printed, known, strict=False)
            if cell != heading
        ]
        self.faults.append(f"表头被改动过：{'、'.join(wrong) or '栏数不同'}。")

    def _fitting(
        self, cells: tuple[str, ...], count: int, name: str
    ) -> tuple[str, ...]:
        if len(cells) == count:
            return cells
        self.faults.append(f"{name}有 {len(cells)} 格，应有 {count} 格。")
        return (*cells, *[""] * count)[:count]
