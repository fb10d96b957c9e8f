"""A date that may be empty, typed the short way or picked from a month.

ttk.DateEntry's own pop-up is dead inside a modal window, titles a month "11月 2026"
and knows no arrow keys, so the month is drawn here, inside the same window.
"""

import calendar
import re
import tkinter
import unicodedata
from datetime import date, timedelta
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from models import clock
from models.errors import UserError

WEEKDAYS = "一二三四五六日"
MOST_DAYS = 31
_RELATIVE = {"今天": 0, "今": 0, "t": 0, "昨天": -1, "昨": -1, "明天": 1, "明": 1}
_SEPARATED = re.compile(r"(?:(\d{2,4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


def read_date(text: str, *, today: date | None = None) -> date | None:
    """The date meant by *text*; None for no text.

    Reads 2026-02-03, 20260203, 2/3, 0203, 2月3日, 15 (this month), +1, -7, 今天.
    Raises UserError for anything else, an impossible date included.
    """
    today = today or clock.today()
    text = unicodedata.normalize("NFKC", text).strip().lower().replace(" ", "")
    if not text:
        return None
    if text in _RELATIVE:
        return today + timedelta(days=_RELATIVE[text])
    if re.fullmatch(r"[+-]\d{1,4}", text):
        return today + timedelta(days=int(text))
    year, month, day = _read_parts(text, today) or (0, 0, 0)
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= MOST_DAYS):
        raise UserError(
            f"看不懂日期“{text}”，请按 2026-02-03、2/3、0203 或 15 的样子填写。"
        )
    if day > calendar.monthrange(year, month)[1]:
        raise UserError(f"{year} 年 {month} 月没有 {day} 日，请核对日期。")
    return date(year, month, day)


def _read_parts(text: str, today: date) -> tuple[int, int, int] | None:
    """Year, month and day as written, whether or not there is such a day."""
    if match := _SEPARATED.fullmatch(text):
        year, month, day = match.groups()
        return _full_year(year, today), int(month), int(day)
    digits = text.removesuffix("日")
    if not digits.isdecimal():
        return None
    if len(digits) <= 2:
        return today.year, today.month, int(digits)
    if len(digits) == 4:
        return today.year, int(digits[:2]), int(digits[2:])
    if len(digits) == 8:
        return int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return None


def _full_year(year: str | None, today: date) -> int:
    if year is None:
        return today.year
    return int(year) + 2000 if len(year) == 2 else int(year)


class DateField(ttk.DateEntry):
    """`read()` gives the date or None, and raises UserError for nonsense."""

    def __init__(self, master: tkinter.Misc, **options: Any) -> None:
        super().__init__(
            master, value=None, date_format="%Y-%m-%d", first_weekday=0, **options
        )
        self.button.configure(command=self.toggle_month, takefocus=False)
        self._month: MonthView | None = None
        entry = self.entry
        entry.bind("<F4>", lambda event: self.toggle_month())
        entry.bind("<Alt-Down>", lambda event: self.toggle_month())
        entry.bind("<Up>", lambda event: self._step(-1, -7))
        entry.bind("<Down>", lambda event: self._step(+1, +7))
        entry.bind("<Left>", lambda event: self._step_in_month(-1))
        entry.bind("<Right>", lambda event: self._step_in_month(+1))
        entry.bind("<Prior>", lambda event: self._step(-30, -30))
        entry.bind("<Next>", lambda event: self._step(+30, +30))
        entry.bind("<Return>", self._on_return)
        entry.bind("<Escape>", self._on_escape)
        entry.bind("<FocusOut>", self._on_leave)
        self.bind("<<ThemeChanged>>", lambda event: self.close(), add="+")

    def read(self) -> date | None:
        """The date meant, None when empty."""
        return read_date(self.entry.get())

    def write(self, day: date | None) -> None:
        """Show *day*, or nothing."""
        self.entry.delete(0, "end")
        if day is not None:
            self.entry.insert(0, day.isoformat())
        self.entry.state(["!invalid"])

    @property
    def is_open(self) -> bool:
        """Whether the month is on screen."""
        return self._month is not None

    def toggle_month(self) -> str:
        """Show the month, or take it away."""
        if self._month is not None:
            self.close()
            return "break"
        self.entry.focus_set()
        self._month = MonthView(self.winfo_toplevel(), self._known_day(), self._on_day)
        self._month.place_under(self)
        return "break"

    def close(self) -> None:
        """Take the month away."""
        if self._month is not None:
            self._month.destroy()
            self._month = None

    def destroy(self) -> None:
        self.close()
        super().destroy()

    def _known_day(self) -> date:
        try:
            return self.read() or clock.today()
        except UserError:
            return clock.today()

    def _on_day(self, day: date) -> None:
        self.write(day)
        self.close()
        self.entry.focus_set()

    def _step(self, days: int, days_in_month: int) -> str:
        if self._month is not None:
            self._month.show(self._month.day + timedelta(days=days_in_month))
        else:
            self.write(self._known_day() + timedelta(days=days))
        return "break"

    def _step_in_month(self, days: int) -> str | None:
        if self._month is None:
            return None  # the arrow moves the cursor in the text
        return self._step(days, days)

    def _on_return(self, event: tkinter.Event) -> str | None:
        if self._month is not None:
            self._on_day(self._month.day)
            return "break"
        self._tidy()
        return None

    def _on_escape(self, event: tkinter.Event) -> str | None:
        if self._month is None:
            return None
        self.close()
        return "break"

    def _on_leave(self, event: tkinter.Event) -> None:
        # A click into the month does not take the focus, so this is a real leaving.
        self.close()
        self._tidy()

    def _tidy(self) -> None:
        """Rewrite what was typed as a full date; mark what cannot be one."""
        try:
            self.write(self.read())
        except UserError:
            self.entry.state(["invalid"])

    def _on_entry_blur(self, event: Any = None) -> None:
        """Our own `_tidy` knows more ways to write a date than the library."""


class MonthView(ttk.Frame):
    """One month drawn on a canvas; the keys stay with the field that opened it."""

    def __init__(self, top: tkinter.Misc, day: date, on_day: Any) -> None:
        super().__init__(top, style="Popup.TFrame", padding=1)
        self.day = day
        self._on_day = on_day
        self._cell = theme.line_height(self) * 1.7
        self._canvas = ttk.Canvas(
            self,
            width=self._cell * 7,
            height=self._cell * 8,
            highlightthickness=0,
            takefocus=False,
        )
        self._canvas.pack()
        self._canvas.bind("<Button-1>", self._on_click)
        self.show(day)

    def place_under(self, field: tkinter.Misc) -> None:
        """Below the field, or above it where there is no room."""
        top = self.winfo_toplevel()
        self.update_idletasks()
        x = field.winfo_rootx() - top.winfo_rootx()
        y = field.winfo_rooty() - top.winfo_rooty() + field.winfo_height()
        if y + self.winfo_reqheight() > top.winfo_height():
            y = field.winfo_rooty() - top.winfo_rooty() - self.winfo_reqheight()
        x = min(x, top.winfo_width() - self.winfo_reqwidth())
        self.place(x=max(x, 0), y=max(y, 0))
        self.lift()

    def show(self, day: date) -> None:
        """Draw the month of *day* with the day marked."""
        self.day = day
        canvas, cell = self._canvas, self._cell
        canvas.configure(background=theme.colour("bg"))
        canvas.delete("all")
        self._write(3, 0, f"{day.year}年{day.month}月", "DeskBold", theme.colour("fg"))
        self._write(0, 0, "‹", "DeskHeading", theme.colour("primary_text"))
        self._write(6, 0, "›", "DeskHeading", theme.colour("primary_text"))
        for column, name in enumerate(WEEKDAYS):
            self._write(column, 1, name, "DeskSmall", theme.colour("muted"))
        for row, week in enumerate(calendar.monthcalendar(day.year, day.month), 2):
            for column, number in enumerate(week):
                if number:
                    self._draw_day(column, row, day.replace(day=number), cell)

    def _draw_day(self, column: int, row: int, day: date, cell: float) -> None:
        box = (column * cell + 2, row * cell + 2)
        end = (box[0] + cell - 4, box[1] + cell - 4)
        text = theme.colour("fg")
        if day == self.day:
            fill = theme.colour("primary")
            self._canvas.create_rectangle(*box, *end, fill=fill, width=0)
            text = "#ffffff"
        elif day == clock.today():
            line = theme.colour("primary_text")
            self._canvas.create_rectangle(*box, *end, outline=line)
        self._write(column, row, str(day.day), "TkDefaultFont", text)

    def _write(self, column: int, row: int, text: str, face: str, fill: str) -> None:
        x, y = (column + 0.5) * self._cell, (row + 0.5) * self._cell
        self._canvas.create_text(x, y, text=text, font=face, fill=fill)

    def _on_click(self, event: tkinter.Event) -> str:
        column, row = int(event.x // self._cell), int(event.y // self._cell)
        first = self.day.replace(day=1)
        if row == 0:
            if column == 0:
                self.show(first - timedelta(days=1))
            elif column == 6:
                self.show((first + timedelta(days=32)).replace(day=1))
            return "break"
        weeks = calendar.monthcalendar(self.day.year, self.day.month)
        if 2 <= row < 2 + len(weeks) and weeks[row - 2][min(column, 6)]:
            self._on_day(self.day.replace(day=weeks[row - 2][min(column, 6)]))
        return "break"
