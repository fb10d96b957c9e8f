"""How an entry grid is drawn, following the theme.

Nothing is told by colour alone: a cell with a fault has an exclamation mark in it and
one at its row, a required column a star, the current cell a ring.
"""

import tkinter

from desk import theme
from desk.widgets.gridscroll import GridScroll, heading_of

SIGN = "!"


class GridDrawing(GridScroll):
    """The cells, with the columns' names above and the rows' at the left."""

    # -- drawing ----------------------------------------------------------------

    def draw(self) -> None:
        """Everything in sight."""
        self._measure()
        grounds = {self.body: "chrome", self.side: "chrome", self.head: "chrome"}
        for canvas, ground in {**grounds, self._corner_piece: "chrome"}.items():
            canvas.delete("drawn")
            canvas.configure(background=theme.colour(ground))
        for canvas in (self.body, self.head):
            canvas.configure(scrollregion=(0, 0, self.edges[-1] + 1, 1))
        self._draw_head()
        most = max(len(self.cells.rows) - self.shown, 0)
        self.first = max(0, min(self.first, most))
        for row in range(self.first, self._end()):
            self.draw_row(row)
        self._show_bars()
        self.draw_cursor()

    def _end(self) -> int:
        """Behind the last row in sight, one that is cut included."""
        return min(self.first + self.shown + 1, len(self.cells.rows))

    def _draw_head(self) -> None:
        middle, line = self.row_height // 2, theme.colour("border")
        for at, column in enumerate(self.columns):
            left, right = self.edges[at], self.edges[at + 1]
            self.head.create_line(right, 0, right, self.row_height, fill=line)
            self.head.create_text(
                *(left + self._wide // 3, middle),
                text=heading_of(column),
                anchor="w",
                font="DeskBold",
                fill=theme.colour("fg"),
                tags="drawn",
            )
        self.head.itemconfigure("all", tags="drawn")

    def draw_row(self, row: int) -> None:
        """One row, its label included."""
        if not self.first <= row < self._end():
            return
        for canvas in (self.body, self.side):
            canvas.delete(f"row{row}")
        tags = ("drawn", f"row{row}")
        for at in range(len(self.columns)):
            self._draw_cell(row, at, tags)
        self._draw_label(row, tags)

    def _draw_label(self, row: int, tags: tuple[str, str]) -> None:
        _, top, _, bottom = self.box(row, 0)
        here = row == self.row
        self.side.create_rectangle(
            *(-1, top, self._side_width, bottom),
            fill=theme.colour("chosen" if here else "chrome"),
            outline=theme.colour("border"),
            tags=tags,
        )
        wrong = any(at == row for at, _ in self.marks)
        self.side.create_text(
            *(self._side_width - self._wide // 2, (top + bottom) // 2),
            text=self.cells.label(row),
            anchor="e",
            font="DeskBold" if here else "TkDefaultFont",
            fill=theme.colour("fg" if here else "muted"),
            tags=tags,
        )
        if wrong:
            self._draw_sign(self.side, self._wide, (top + bottom) // 2, tags)

    def _draw_sign(
        self, canvas: tkinter.Canvas, x: int, y: int, tags: tuple[str, str]
    ) -> None:
        """White on red, so that it stands out on any ground."""
        half = self.row_height // 4
        canvas.create_oval(
            *(x - half, y - half, x + half, y + half),
            fill=theme.colour("danger"),
            width=0,
            tags=tags,
        )
        canvas.create_text(x, y, text=SIGN, font="DeskBold", fill="#ffffff", tags=tags)

    def _draw_cell(self, row: int, at: int, tags: tuple[str, str]) -> None:
        column = self.columns[at]
        left, top, right, bottom = self.box(row, at)
        self.body.create_rectangle(
            *(left, top, right, bottom),
            fill=theme.colour(self._ground(row, at)),
            outline=theme.colour("border"),
            tags=tags,
        )
        room = right - left - self._wide * 2 // 3
        middle = (top + bottom) // 2
        if (row, column.name) in self.marks:
            self._draw_sign(self.body, right - self._wide * 2 // 3, middle, tags)
            room -= self._wide
        text = self.cells.rows[row][column.name].text
        if text:
            fact = column.kind == "fact" and self._ground(row, at) == "chrome"
            self.body.create_text(
                *(left + self._wide // 3, middle),
                text=self._fitting(text, room),
                anchor="w",
                font="TkDefaultFont",
                fill=theme.colour("muted" if fact else "fg"),
                tags=tags,
            )

    def _ground(self, row: int, at: int) -> str:
        name = self.columns[at].name
        if self.in_block(row, at):
            return "chosen"
        if (row, name) in self.marks:
            return "danger_soft"
        if self.columns[at].kind == "fact":
            return "chrome"
        return "active" if row == self.row else "stripe" if row % 2 else "inputbg"

    def _fitting(self, text: str, room: int) -> str:
        # Measuring asks Tk; no character is wider than a Chinese one.
        is_short = len(text) * self._wide <= room
        return text if is_short else theme.fitting(self._font, text, room)

    def draw_cursor(self) -> None:
        """The ring around the current cell: whole with the focus, else dashed."""
        self.body.delete("cursor")
        left, top, right, bottom = self.box(self.row, self.column)
        focused = self.has_focus()
        self.body.create_rectangle(
            *(left + 1, top + 1, right, bottom),
            outline=theme.colour("primary_text" if focused else "muted"),
            width=2 if focused else 1,
            dash=() if focused else (3, 3),
            tags="cursor",
        )
        if self.corner is not None:
            self._draw_rim()

    def _draw_rim(self) -> None:
        """A line around the block: its ground alone is too faint a sign."""
        rows, columns = self.block()
        left, top, _, _ = self.box(rows[0], columns[0])
        _, _, right, bottom = self.box(rows[-1], columns[-1])
        self.body.create_rectangle(
            *(left, top, right, bottom),
            outline=theme.colour("primary_text"),
            tags="cursor",
        )

    def has_focus(self) -> bool:
        """Whether keys go into the grid."""
        return False

    # -- blocks -----------------------------------------------------------------

    def block(self) -> tuple[range, range]:
        """Rows and columns of what is selected; the current cell at least."""
        row, column = self.corner or (self.row, self.column)
        rows, columns = sorted((row, self.row)), sorted((column, self.column))
        return range(rows[0], rows[1] + 1), range(columns[0], columns[1] + 1)

    def in_block(self, row: int, at: int) -> bool:
        """Whether a cell is part of a selection of several."""
        if self.corner is None:
            return False
        rows, columns = self.block()
        return row in rows and at in columns
