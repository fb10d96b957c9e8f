"""逐日签到: the days behind a line of pay."""

import tkinter

import ttkbootstrap as ttk

from desk.pages.payrows import (
    DAY_COLUMNS,
    MonthView,
    PayRow,
    day_cell,
    explained,
    marks_cell,
    put_numbers_right,
)
from desk.widgets.table import Table
from models.paylines import month_name


class DayPanel(ttk.Frame):
    """The check-ins of one person at one department, and how the sum came about."""

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.heading = ttk.Label(self, style="Heading.TLabel")
        self.heading.grid(row=0, column=0, sticky="w")
        self.explanation = ttk.Label(self, style="Muted.TLabel", justify="left")
        self.explanation.grid(row=1, column=0, sticky="w")
        self.bind("<Configure>", self._wrap)
        self.table = Table(
            self, name="pay_days", columns=DAY_COLUMNS, empty="", height=3
        )
        self.table.grid(row=2, column=0, sticky="nsew")
        put_numbers_right(self.table, DAY_COLUMNS)
        self._explained = ""
        self._shown: tuple[MonthView | None, list[str] | None] = (None, None)
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_marks(), add="+"
        )

    def show(self, view: MonthView | None, marked: list[PayRow]) -> None:
        """The one that is marked; else what to do to see somebody."""
        what = view, [row.uid for row in marked]
        if self._shown[0] is what[0] and self._shown[1] == what[1]:
            return  # it stays scrolled to where it was
        self._shown = what
        if view is None or len(marked) != 1:
            self.heading.configure(text="逐日签到")
            self._explained = ""
            self.explanation.grid_remove()
            self.table.say_when_empty("在列表中选中一个人，这里看每天的签到签退。")
            self.table.show([])
            return
        line = marked[0].line
        self.heading.configure(
            text=f"{line.person_name}（{line.person_number}） {month_name(view.month)}"
        )
        self._explained = explained(line)
        self.table.say_when_empty("这个月没有签到，工时是以前月份转入或补计的。")
        self.table.show(view.duties[marked[0].uid])
        self._show_marks()

    def _show_marks(self) -> None:
        """The marks of a day in full: the column has room for a few words only."""
        row = self.table.selected()
        marks = marks_cell(row) if row is not None else ""
        text = f"{day_cell(row)}：{marks}" if marks else self._explained
        self.explanation.configure(text=text)
        self.explanation.grid()

    def _wrap(self, event: tkinter.Event) -> None:
        self.explanation.configure(wraplength=event.width)
