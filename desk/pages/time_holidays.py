"""放假与调休: the days of a year that are not what their weekday says."""

import tkinter
from datetime import date
from typing import Any

from desk import dialogs
from desk.pages.time_section import TimeSection, refusal, unbroken, weekday_name
from desk.pages.time_year import read_year, year_as_lines
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import calendar, clock
from models.base import transaction
from models.calendar import DAY_KIND_LABELS, Day, DayKind
from models.holidays import (
    SPECIAL_DAY_KIND_LABELS,
    SpecialDayKind,
    enter_year,
    entered_years,
    set_special_day,
    special_days,
)

ONE_DAY, WHOLE_YEAR = "day", "year"
DAY_FIELDS = ("day", "kind", "name", "follows")
_KINDS = {
    DayKind.HOLIDAY: SpecialDayKind.HOLIDAY,
    DayKind.MOVED_WORKDAY: SpecialDayKind.WORKDAY,
    DayKind.WORKDAY: SpecialDayKind.WORKDAY,
    DayKind.CLOSED: SpecialDayKind.CLOSED,
    DayKind.WEEKEND: SpecialDayKind.USUAL,
}


class HolidaysSection(TimeSection):
    """One day is changed by itself; an unknown year is pasted as a whole."""

    name = "放假调休"
    effect = (
        "办结时限、服务时间、排班和轮值都按这里的放假与调休推算。改动从那一天起算，"
        "已登记的应办结日不变，各窗口下次同步后生效。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._proposed = ""
        self._year_shown = 0
        self._sources: dict[date, str] = {}
        form = self.form = Form(self, title="放假与调休", command=self._save)
        self.put_left(form)
        box = form.add_number("year", "年份", initial=clock.today().year, most=2100)
        box.configure(command=self._on_year)
        for event in ("<FocusOut>", "<Return>"):
            box.bind(event, lambda event: self._on_year(), add="+")
        form.add_fact("source", "现状")
        form.add_choice(
            "mode",
            "录入",
            {ONE_DAY: "改一天", WHOLE_YEAR: "录入全年"},
            on_change=lambda mode: self._on_mode(),
        )
        self._build_day_fields()
        form.add_text("lines", "全年安排", height=8)
        form.add_words("lines", "放假日期", "本来就上班", "既放假又上班", "不在")
        form.add_fact("sample", "写法")
        form.add_button("保存", form.submit, primary=True)
        form.add_button("清空", self.on_new)
        self.build_section(
            columns=[
                Column("日期", lambda what: what.day, 6),
                Column("星期", lambda what: weekday_name(what.day.weekday()), 3),
                Column("类型", lambda what: DAY_KIND_LABELS[what.kind], 5),
                Column("名称", lambda what: what.name, 6, stretch=True),
                Column("按周几", _follows_of, 4),
                Column("来源", self._source_of, 6),
            ],
            empty="这一年没有放假与调休。",
            buttons={"修改": lambda: self._change(self.one_selected())},
            on_open=self._change,
        )
        self._on_mode()

    def _build_day_fields(self) -> None:
        form = self.form
        form.add_date("day", "日期")
        form.add_choice(
            "kind",
            "这天是",
            SPECIAL_DAY_KIND_LABELS,
            columns=2,
            on_change=lambda kind: self._show_follows(),
        )
        form.add_entry("name", "名称")
        weekdays = [(weekday_name(at), at) for at in range(7)]
        form.add_list("follows", "按周几上课", [("就近的工作日", None), *weekdays])

    def refresh(self) -> None:
        """Show the year."""
        year = self._year_shown = self._year()
        first, last = date(year, 1, 1), date(year, 12, 31)
        entered = {
            row.day: row for row in special_days(first, last) if row.kind != "usual"
        }
        self._sources = dict.fromkeys(entered, "办公室录入")
        days = [
            what
            for what in calendar.days_between(first, last)
            if what.day in entered
            or what.kind not in (DayKind.WORKDAY, DayKind.WEEKEND)
        ]
        self.table.show(days)
        self.show_heading(f"{year} 年：{len(days)} 天", _why_empty(year))
        self.form.set("source", unbroken(f"{year} 年{_source_of_year(year)}"))
        self.window.say_rows(f"{len(days)} 天")
        self._propose(days)

    def focus_first(self) -> None:
        """Begin with what one came for."""
        whole = self.form.value("mode") == WHOLE_YEAR
        self.form.focus_field("lines" if whole else "day")

    def on_new(self) -> None:
        """Ctrl+N."""
        self.form.clear(keep=("year", "mode", "source"))
        self._proposed = ""
        self._on_mode()
        self.refresh()
        self.focus_first()

    def _year(self) -> int:
        text = self.form.text("year")
        if not text.isdecimal() or not 2000 <= int(text) <= 2100:
            return clock.today().year
        return int(text)

    def _on_year(self) -> None:
        # A refresh while a row is being clicked would take its mark away.
        if self.winfo_exists() and self._year() != self._year_shown:
            self.refresh()

    def _on_mode(self) -> None:
        whole = self.form.value("mode") == WHOLE_YEAR
        for name in DAY_FIELDS:
            self.form.show_field(name, not whole)
        for name in ("lines", "sample"):
            self.form.show_field(name, whole)
        self.form.set(
            "sample",
            "一行一天或一段：2027-01-01 元旦\n2月5日至12日 春节\n"
            "2027-01-04 上班 按周五",
        )
        self._show_follows()

    def _show_follows(self) -> None:
        whole = self.form.value("mode") == WHOLE_YEAR
        works = self.form.value("kind") == SpecialDayKind.WORKDAY
        self.form.show_field("follows", works and not whole)

    def _propose(self, days: list[Day]) -> None:
        """Offer the year as it is known, unless something else was typed."""
        if self.form.value("lines") in ("", self._proposed):
            self._proposed = year_as_lines(days)
            self.form.set("lines", self._proposed)

    def _source_of(self, what: Day) -> str:
        return self._sources.get(what.day, "国务院公布")

    def _change(self, what: Day) -> None:
        form = self.form
        form.set("mode", ONE_DAY)
        form.clear_problems()
        form.set("day", what.day)
        form.set("kind", _KINDS[what.kind])
        form.set("name", what.name)
        moved = what.weekday != what.day.weekday()
        form.set("follows", what.weekday if moved else None)
        form.focus_field("day")

    def _save(self) -> None:
        if self.form.value("mode") == WHOLE_YEAR:
            self._save_year()
        else:
            self._save_day()

    def _save_day(self) -> None:
        form = self.form
        day = form.value("day")
        if day is None:
            raise refusal("请填写日期。", "day")
        kind = form.value("kind")
        works = kind == SpecialDayKind.WORKDAY
        set_special_day(
            by=self.window.person,
            day=day,
            kind=kind,
            name=form.text("name"),
            follows=form.value("follows") if works else None,
        )
        form.set("year", day.year)
        form.clear(keep=("year", "source", "mode", "kind", "lines", "sample"))
        self.refresh()
        self.focus_first()
        what = calendar.day_of(day)
        self.tell(
            f"{day}（{weekday_name(day.weekday())}）定为{what.label or '工作日'}："
            f"当天{_meaning(what)}。"
        )

    def _save_year(self) -> None:
        form = self.form
        year = int(form.value("year"))
        said = read_year(form.value("lines"), year)
        if calendar.year_is_known(year) and not dialogs.confirm(
            self,
            f"{year}\u00a0年已有安排，保存后以这里录入的为准：原来放假或调休、"
            "这里没有写的日子恢复照常（全院停办的保留）。",
            yes="替换全年安排",
        ):
            return
        by = self.window.person
        with transaction():
            enter_year(by=by, year=year, holidays=said.holidays, workdays=said.workdays)
            for day, follows in said.follows.items():
                set_special_day(
                    by=by,
                    day=day,
                    kind=SpecialDayKind.WORKDAY,
                    name=said.workdays[day],
                    follows=follows,
                )
        self._proposed = form.value("lines")
        self.refresh()
        self.tell(
            f"已录入 {year} 年：放假 {len(said.holidays)} 天，"
            f"调休上班 {len(said.workdays)} 天，全年按它推算。"
        )


def _follows_of(what: Day) -> str:
    moved = what.weekday != what.day.weekday()
    return weekday_name(what.weekday) if moved else ""


def _meaning(what: Day) -> str:
    if what.kind in (DayKind.HOLIDAY, DayKind.CLOSED):
        return "不计工作日，只有专门安排的值班开放"
    if what.kind == DayKind.WEEKEND:
        return "按周末计"
    return f"计入工作日，按{weekday_name(what.weekday)}开放和排班"


def _why_empty(year: int) -> str:
    if calendar.year_is_known(year):
        return "这一年没有放假与调休。"
    return f"还没有录入{year}年的放假安排，暂按周一至周五为工作日。"


def _source_of_year(year: int) -> str:
    if year in entered_years():
        return "由办公室录入"
    if calendar.year_is_known(year):
        return "按国务院公布，可改某一天"
    return "还没有录入，请录入全年"
