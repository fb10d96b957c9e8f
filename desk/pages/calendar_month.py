"""The month as a grid of days: tkcalendar's `Calendar`, with words in its cells.

tkcalendar marks days by colour and explains them in pop-up windows.  Here each cell
says in words what the colour means, so the drawing of cells is done anew; the grid, the
names of weekdays and the styles are the library's.
"""

import calendar
import tkinter
import warnings
from collections.abc import Callable, Mapping
from datetime import date
from tkinter import font, ttk
from typing import Any, NamedTuple

from desk import theme
from models import clock

with warnings.catch_warnings():
    # An escape in tkcalendar 1.6.1 that Python warns of when it compiles the module.
    warnings.simplefilter("ignore")
    from tkcalendar import Calendar

LOOKS = {
    "plain": ("inputbg", "inputfg"),
    "weekend": ("chrome", "muted"),
    "holiday": ("success_soft", "success_text"),
    "moved": ("warning_soft", "warning_text"),
    "closed": ("danger_soft", "danger_text"),
}
WEEK_NUMBER_WIDTH = 3.2  # Chinese characters
CELL_PADDING = 6  # pixels, with the line between two cells


class Cell(NamedTuple):
    """What a day's cell says: `1 休`, `国庆节`, `岗6 驻1`; and how it looks."""

    sign: str = ""
    name: str = ""
    marks: tuple[tuple[str, int], ...] = ()
    look: str = "plain"


class MonthCalendar(Calendar):
    """`show(day, cells, weeks)` draws the month of *day*; a click calls `on_day`."""

    # The library draws once while it is being built.
    _cells: Mapping[date, Cell] = {}
    _weeks: Mapping[int, str] = {}

    def __init__(self, master: tkinter.Misc, on_day: Callable[[date], None]) -> None:
        super().__init__(
            master,
            cursor="",  # without it tkcalendar 1.6 raises under ttkbootstrap
            locale="zh_CN",
            font="TkDefaultFont",
            firstweekday="monday",
            showothermonthdays=False,
            borderwidth=1,
        )
        self._on_day = on_day
        self._fitted_to = (0, 0)
        self._header.pack_forget()  # the page says `2026年11月` in its own bar
        self._places = {
            str(label): (row, column)
            for row, labels in enumerate(self._calendar)
            for column, label in enumerate(labels)
        }
        frame = self._cal_frame
        frame.grid_propagate(False)  # long names must not widen their columns
        for column in range(1, 8):
            frame.columnconfigure(column, uniform="day")
        ttk.Frame.configure(self, takefocus=True)
        frame.bind("<Configure>", lambda event: self._on_resized(), add="+")
        self.bind("<<ThemeChanged>>", lambda event: self._colour(), add="+")
        self._colour()
        self.fit()

    def cget(self, key: str) -> Any:
        """Also what a frame has: ttkbootstrap asks for `style` when themes change."""
        return super().cget(key) if key in self.keys() else ttk.Frame.cget(self, key)

    @property
    def day(self) -> date:
        """The chosen day."""
        return self.selection_get()

    def show(
        self, day: date, cells: Mapping[date, Cell], weeks: Mapping[int, str]
    ) -> None:
        """Draw the month of *day* with the day chosen.

        *weeks* says by row which teaching week it is.
        """
        self._cells, self._weeks = cells, weeks
        self.selection_set(day)

    def text_of(self, day: date) -> str:
        """What the cell of a day of this month reads."""
        row, column = divmod(day.replace(day=1).weekday() + day.day - 1, 7)
        return str(self._calendar[row][column].cget("text"))

    def label_of(self, day: date) -> Any:
        """The cell of a day of this month."""
        row, column = divmod(day.replace(day=1).weekday() + day.day - 1, 7)
        return self._calendar[row][column]

    def fit(self) -> None:
        """Take the fonts of this zoom, and write what then has room."""
        self["font"] = "TkDefaultFont"
        wide = theme.text_width(self, WEEK_NUMBER_WIDTH)
        self._cal_frame.columnconfigure(0, minsize=wide)
        self._display_calendar()

    def _on_resized(self) -> None:
        size = self._cal_frame.winfo_width(), self._cal_frame.winfo_height()
        if size != self._fitted_to:
            self._fitted_to = size
            self._display_calendar()

    def _colour(self) -> None:
        c = theme.colour
        for key, name in {
            "background": "bg",
            "foreground": "fg",
            "headersbackground": "chrome",
            "headersforeground": "fg",
            "selectbackground": "primary",
            "normalbackground": "inputbg",
            "normalforeground": "inputfg",
            "bordercolor": "border",  # after the ground, which paints the lines too
        }.items():
            self[key] = c(name)
        self["selectforeground"] = "#ffffff"
        for look, (ground, text) in LOOKS.items():
            self.tag_config(look, background=c(ground), foreground=c(text))

    # -- what the library calls ----------------------------------------------

    def _display_calendar(self) -> None:
        first = self._date
        lead = first.weekday()
        last = calendar.monthrange(first.year, first.month)[1]
        used = self._used_rows()
        for row, labels in enumerate(self._calendar):
            self._show_row(row, shown=row < used)
            for column, label in enumerate(labels):
                number = row * 7 + column - lead + 1
                if 1 <= number <= last:
                    self._write_cell(label, first.replace(day=number))
                else:
                    label.configure(text="", style=self._style("plain"))

    def _show_row(self, row: int, *, shown: bool) -> None:
        """A month of four or five weeks has higher rows, not empty ones."""
        number = self._week_nbs[row]
        number.configure(text=self._weeks.get(row, ""), anchor="center")
        self._cal_frame.rowconfigure(
            row + 1, weight=int(shown), uniform="week" if shown else ""
        )
        for label in (number, *self._calendar[row]):
            label.grid() if shown else label.grid_remove()

    def _display_selection(self) -> None:
        """The chosen day was drawn with the others."""

    def _on_click(self, event: tkinter.Event) -> None:
        row, column = self._places[str(event.widget)]
        number = row * 7 + column - self._date.weekday() + 1
        self.focus_set()
        if 1 <= number <= calendar.monthrange(self._date.year, self._date.month)[1]:
            self._on_day(self._date.replace(day=number))

    # -- cells ----------------------------------------------------------------

    def _style(self, look: str) -> str:
        return f"tag_{look}.{self._style_prefixe}.TLabel"

    def _write_cell(self, label: Any, day: date) -> None:
        cell = self._cells.get(day, Cell())
        style = self._style(cell.look)
        if day == self._sel_date:
            style = f"sel.{self._style_prefixe}.TLabel"
        text = "\n".join(self._lines(day, cell))
        label.configure(text=text, style=style, anchor="n", justify="center")

    def _lines(self, day: date, cell: Cell) -> list[str]:
        """As many lines as have room, each no wider than the column.

        Number and marks come first; the name of the day gives way.
        """
        room, rows = self._room()
        measure = font.nametofont("TkDefaultFont", root=self).measure
        sign = cell.sign + ("今" if day == clock.today() else "")
        lines = [f"{day.day} {sign}".strip()]
        whole = " ".join(f"{mark}{count}" for mark, count in cell.marks)
        signs = "".join(mark for mark, _ in cell.marks)
        if rows < 2:  # a very low window
            return [_cut(f"{day.day}{cell.sign}{signs}", room, measure, "+")]
        if cell.name and rows > len(lines) + bool(cell.marks):
            lines.append(_cut(cell.name, room, measure))
        if cell.marks:
            fits = measure(whole) <= room
            lines.append(whole if fits else _cut(signs, room, measure))
        return lines

    def _room(self) -> tuple[int, int]:
        """How wide a cell is, and how many lines it has."""
        frame, line = self._cal_frame, theme.line_height(self)
        weeks_wide = theme.text_width(self, WEEK_NUMBER_WIDTH)
        heading = self._week_days[0].winfo_reqheight()
        high = (frame.winfo_height() - heading) // self._used_rows() - CELL_PADDING
        return (frame.winfo_width() - weeks_wide) // 7 - CELL_PADDING, high // line

    def _used_rows(self) -> int:
        first = self._date
        last = calendar.monthrange(first.year, first.month)[1]
        return (first.weekday() + last + 6) // 7


def _cut(text: str, room: int, measure: Callable[[str], int], more: str = "") -> str:
    """As much of *text* as has room, with *more* where that is not all."""
    if measure(text) <= room:
        return text
    while text and measure(text + more) > room:
        text = text[:-1]
    return text + more
