"""The rows of a table as they are drawn: striped, put ahead, drawn again."""

import tkinter
from collections.abc import Callable
from itertools import islice
from typing import Any

from desk import theme
from desk.widgets.tablemarks import MarkedRows

FEW = 20  # new rows that are put ahead of a list that is otherwise the same
IN_SIGHT = 40  # rows of a high screen
REST_MS = 60


class DrawnRows(MarkedRows):
    """What is drawn already is only drawn again where it has changed."""

    _is_void: Callable[[Any], bool]

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master)
        self._shown: dict[str, dict[str, Any]] = {}  # what is drawn in each row
        self._shift = 0  # rows put ahead: the stripes of the others stay
        self._rest_timer = ""

    def _colour(self) -> None:
        self.tree.tag_configure("odd", background=theme.colour("stripe"))
        self.tree.tag_configure(
            "void", foreground=theme.colour("muted"), font="DeskStruck"
        )

    def _clear(self) -> None:
        self.tree.delete(*self.tree.get_children())
        self._records.clear()
        self._shown.clear()
        self._shift = 0

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

    def _count_ahead(self, records: list[Any]) -> int:
        """How many new ones stand above the first row; 0 where that one is gone."""
        first = next(iter(self._records.values()), None)
        places = (at for at, record in enumerate(records[: FEW + 1]) if record is first)
        return next(places, 0) if first is not None else 0

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
        self._insert_ahead(records[:new])
        top = int(self.tree.yview()[0] * len(self._records))
        self._draw_all_again(top, top + IN_SIGHT)
        self._draw_rest_soon()
        self._say_how_far()
        return True

    def _insert_ahead(self, records: list[Any]) -> None:
        self._shift += len(records)
        before, self._records = self._records, {}
        for place, record in enumerate(records):
            self._insert(record, place, at=place)
        self._records.update(before)
        if records:
            self.tree.yview_moveto(0)

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
