"""A week to look at: posts nobody held, and departments whose teacher did not come."""

import tkinter
from datetime import date, timedelta
from typing import Any

from desk.pages.dutyrows import span
from desk.pages.listing import ListingPage
from desk.widgets.table import Column
from models import clock
from models.calendar import WEEKDAYS, teaching_week
from models.coverage import Gap, StayReport, gaps_between, stays_in_week
from models.desks import departments_of, this_desk
from models.terms import monday_of

WEEK = timedelta(days=7)


def week_words(monday: date) -> str:
    """`第12周 11-23 至 11-29`."""
    week = teaching_week(monday)
    number = f"第{week.number}周 " if week else ""
    return f"{number}{monday:%m-%d} 至 {monday + WEEK - timedelta(days=1):%m-%d}"


class WeekList(ListingPage):
    """A list of one week, with the weeks before and after it."""

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.monday = monday_of(clock.today())

    def build_week(self, *, columns: list[Column], empty: str) -> None:
        """The list, with the buttons that change the week."""
        self.build_list(
            name="attendance_week",
            columns=columns,
            empty=empty,
            column=0,
            buttons={
                "下一周": lambda: self._go(+1),
                "本周": lambda: self._go(0),
                "上一周": lambda: self._go(-1),
            },
        )

    def _go(self, weeks: int) -> None:
        monday = self.monday + weeks * WEEK if weeks else clock.today()
        self.monday = monday_of(min(monday, clock.today()))
        self.refresh()

    def show_week(self, rows: list[Any], words: str) -> None:
        """Fill the list, and say which week it is."""
        self.table.show(rows)
        self.show_heading(f"{week_words(self.monday)}　{words}")
        is_last = self.monday == monday_of(clock.today())
        self.list_buttons["下一周"].configure(state="disabled" if is_last else "normal")
        self.window.say_rows(f"{len(rows)} 条")

    def focus_first(self) -> None:
        """Into the list."""
        self.table.focus_set()


def _names(gap: Gap) -> str:
    b = "、".join(who.name for who in gap.shift.b)
    return "；".join(
        filter(None, [f"A {gap.shift.a.name}" if gap.shift.a else "", b and f"B {b}"])
    )


GAP_COLUMNS = [
    Column(
        "日期",
        lambda gap: (
            f"{gap.shift.begins:%m-%d} 周{WEEKDAYS[gap.shift.begins.weekday()]}"
        ),
        5,
    ),
    Column("班次", lambda gap: gap.shift.hours, 5.5),
    Column("窗口", lambda gap: gap.shift.desk_name, 7),
    Column("空岗", lambda gap: f"{gap.minutes} 分", 3.5),
    Column("空岗时段", lambda gap: "、".join(span(*p) for p in gap.parts), 7),
    Column("应在岗", _names, 9, stretch=True),
]


class WeekOfGaps(WeekList):
    """空岗: when neither A nor B was at the post."""

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.build_week(columns=GAP_COLUMNS, empty="这一周没有空岗。")

    def refresh(self) -> None:
        """This desk's; at the office those of all desks."""
        here = None if self.window.here.is_office else this_desk()
        sunday = self.monday + WEEK - timedelta(days=1)
        gaps = gaps_between(self.monday, sunday, here)
        self.show_week(gaps, f"空岗 {len(gaps)} 处")


def _stays(report: StayReport) -> str:
    return "、".join(
        f"{stay.person_name} {stay.checked_in_at:%m-%d} "
        f"{span(stay.checked_in_at, stay.checked_out_at)}"
        for stay in report.stays
    )


STAY_COLUMNS = [
    Column("部门", lambda report: report.department.name, 9),
    Column("本周驻岗", lambda report: "已驻岗" if report.has_come else "✖ 未驻岗", 5),
    Column("驻岗记录", _stays, 12, stretch=True),
]


class WeekOfStays(WeekList):
    """驻岗: each department's teacher is to come once a week (P21)."""

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.build_week(columns=STAY_COLUMNS, empty="没有在窗口服务的部门。")

    def refresh(self) -> None:
        """Those that did not come stand first."""
        reports = stays_in_week(self.monday)
        scope = ""
        if not self.window.here.is_office:
            serving = {department.uid for department in departments_of(this_desk())}
            reports = [r for r in reports if r.department.uid in serving]
            scope = "（本窗口的记录）"
        reports.sort(key=lambda report: report.has_come)
        missing = sum(not report.has_come for report in reports)
        self.show_week(reports, f"未驻岗 {missing} 个部门{scope}")
