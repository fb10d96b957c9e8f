"""Where the cells of an entry grid are, and how they scroll: by whole rows.

Only the rows in sight are drawn, so 200 rows cost no more than 20.
"""

import tkinter
from collections.abc import Sequence
from tkinter import font

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.gridcells import GridCells
from desk.widgets.gridcolumns import Cell, GridColumn

WHEEL_ROWS = 3
STRETCHING = ("text", "suggest")


class GridScroll(ttk.Frame):
    """The cells, with the columns' names above and the rows' at the left."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        columns: Sequence[GridColumn],
        cells: GridCells,
        height: int,
    ) -> None:
        super().__init__(master)
        self.columns, self.cells = list(columns), cells
        self.marks: dict[tuple[int, str], tuple[str, Cell]] = {}
        self.row, self.column = 0, self._typed_columns()[0]
        self.corner: tuple[int, int] | None = None  # the other end of a block
        self.first, self._height = 0, height
        line = ttk.Frame(self, style="Line.TFrame", padding=1)
        line.grid(row=0, column=0, sticky="nsew")
        self.head, self.side, self.body = (
            tkinter.Canvas(line, highlightthickness=0, takefocus=0, width=1, height=1)
            for _ in range(3)
        )
        self._corner_piece = tkinter.Canvas(line, highlightthickness=0, takefocus=0)
        self._bar = ttk.Scrollbar(line, command=self._on_bar)
        self._under = ttk.Scrollbar(
            line, orient="horizontal", command=self._scroll_across
        )
        self._corner_piece.grid(row=0, column=0, sticky="nsew")
        self.head.grid(row=0, column=1, sticky="ew")
        self.side.grid(row=1, column=0, sticky="ns")
        self.body.grid(row=1, column=1, sticky="nsew")
        self._bar.grid(row=0, rowspan=2, column=2, sticky="ns")
        self._under.grid(row=2, column=1, sticky="ew")
        line.columnconfigure(1, weight=1)
        line.rowconfigure(1, weight=1)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.body.configure(xscrollcommand=self._on_across)
        self.body.bind("<Configure>", lambda event: self.draw())
        self.bind("<<ThemeChanged>>", lambda event: self.fit(), add="+")
        for canvas in (self.body, self.side):
            self.bind_wheel(canvas)

    def _typed_columns(self) -> list[int]:
        return [at for at, c in enumerate(self.columns) if c.kind != "fact"]

    # -- sizes ------------------------------------------------------------------

    def fit(self) -> None:
        """Measure the fonts again and draw."""
        self._font = font.nametofont("TkDefaultFont", root=self)
        self._wide = theme.text_width(self, 1)
        self.row_height = round(theme.line_height(self) * theme.ROW_HEIGHT)
        self.body.configure(height=self.row_height * self._height)
        for canvas in (self.head, self._corner_piece):
            canvas.configure(height=self.row_height)
        self.draw()

    def _measure(self) -> None:
        rows = range(len(self.cells.rows))
        longest = max(self._font.measure(self.cells.label(row)) for row in rows)
        self._side_width = longest + self._wide * 5 // 2
        for canvas in (self.side, self._corner_piece):
            canvas.configure(width=self._side_width)
        wide = [
            max(
                theme.text_width(self, column.width + 0.8),
                self._head_font().measure(heading_of(column)) + self._wide,
            )
            for column in self.columns
        ]
        left = self.body.winfo_width() - 1 - sum(wide)
        flexible = [at for at, c in enumerate(self.columns) if c.kind in STRETCHING]
        shares = sum(self.columns[at].width for at in flexible)
        for at in flexible if left > 0 else ():
            wide[at] += int(left * self.columns[at].width / shares)
        self.edges = [0]
        for width in wide:
            self.edges.append(self.edges[-1] + width)

    def _head_font(self) -> font.Font:
        return font.nametofont("DeskBold", root=self)

    @property
    def shown(self) -> int:
        """How many whole rows there is room for."""
        return max(self.body.winfo_height() // self.row_height, 1)

    def box(self, row: int, column: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a cell on the canvas."""
        top = (row - self.first) * self.row_height
        edges = self.edges
        return edges[column], top, edges[column + 1], top + self.row_height

    def cell_at(self, x: int, y: int) -> tuple[int, int]:
        """The row and column at a point of the body, the nearest one outside it."""
        row = self.first + y // self.row_height
        across = self.body.canvasx(x)
        column = sum(across >= edge for edge in self.edges[1:-1])
        return max(0, min(row, len(self.cells.rows) - 1)), column

    def draw(self) -> None:
        """Everything in sight."""
        raise NotImplementedError

    # -- scrolling --------------------------------------------------------------

    def see(self, row: int, column: int) -> None:
        """Scroll a cell into sight."""
        first = self.first
        if row < first:
            first = row
        elif row >= first + self.shown:
            first = row - self.shown + 1
        if first != self.first:
            self.scroll_to(first)
        left, _, right, _ = self.box(row, column)
        view = self.body.canvasx(0)
        wide = self.body.winfo_width()
        if left < view or right - left > wide:
            self._scroll_across("moveto", str(left / self.edges[-1]))
        elif right > view + wide:
            self._scroll_across("moveto", str((right + 1 - wide) / self.edges[-1]))

    def scroll_to(self, first: int) -> None:
        """Make *first* the row on top, as far as there are rows."""
        self.first = first
        self.draw()

    def bind_wheel(self, widget: tkinter.Misc) -> None:
        """Let the wheel over *widget* scroll the rows, with Shift the columns."""
        for way, button in ((-1, 4), (1, 5)):
            widget.bind(f"<Button-{button}>", lambda event, way=way: self.wheel(way))
            widget.bind(
                f"<Shift-Button-{button}>",
                lambda event, way=way: self._scroll_across("scroll", str(way), "units"),
            )
        widget.bind(
            "<MouseWheel>", lambda event: self.wheel(-1 if event.delta > 0 else 1)
        )

    def wheel(self, way: int) -> str:
        """Scroll some rows up (-1) or down (1)."""
        self.scroll_to(self.first + way * WHEEL_ROWS)
        return "break"

    def _on_bar(self, what: str, amount: str, unit: str = "") -> None:
        if what == "moveto":
            self.scroll_to(round(float(amount) * len(self.cells.rows)))
        else:
            step = self.shown if unit.startswith("page") else 1
            self.scroll_to(self.first + int(amount) * step)

    def _scroll_across(self, *where: str) -> str:
        self.head.xview(*where)
        self.body.xview(*where)
        return "break"

    def _on_across(self, first: str, last: str) -> None:
        self._under.set(first, last)
        whole = (float(first), float(last)) == (0.0, 1.0)
        self._under.grid_remove() if whole else self._under.grid()

    def _show_bars(self) -> None:
        rows = len(self.cells.rows)
        self._bar.set(self.first / rows, min((self.first + self.shown) / rows, 1))
        self._bar.grid_remove() if rows <= self.shown else self._bar.grid()


def heading_of(column: GridColumn) -> str:
    """A column's name as it stands above it."""
    star = " *" if column.required else ""
    return column.heading + star + (" ▾" if column.kind == "choice" else "")
